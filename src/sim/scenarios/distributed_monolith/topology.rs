//! The twenty services of the shop: what they are called, in which order the cart page asks them, and where each of them
//! runs.

use crate::choices;

choices! {
    /// What runs together, as one application with one database.
    Layout {
        /// Nothing: each service runs by itself, with a database of its own.
        TwentyServices = "twenty_services" "every service by itself",
        /// Most services are one application, the core. Three stay beside it, as in the story: Search, Payment and
        /// Recommendation. So do those that the story leaves out.
        CorePlusThree = "core_plus_three" "a core and three services",
        /// All services are one application.
        Single = "single" "one application",
    }
}

impl Layout {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::TwentyServices, Self::CorePlusThree, Self::Single];

    /// What it merges of the twenty services.
    pub fn core(self) -> Core {
        match self {
            Self::TwentyServices => Core::NONE,
            Self::CorePlusThree => Core::of_story(),
            Self::Single => Core::ALL,
        }
    }
}

/// Where the story's fix leaves a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// In the core application service: 15 of the 20.
    Core,
    /// On its own, for a reason: it scales apart from the rest, or is written in another language. Three are.
    Apart,
    /// On its own, and the story does not say why: it tells of 15 merged and 3 kept, and 20 are 2 more.
    LeftOver,
}

/// A service of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// As people read it; also the name of the random stream of its work.
    pub name: &'static str,
    /// Where the story's fix leaves it.
    pub home: Home,
}

const fn core(name: &'static str) -> Service {
    Service { name, home: Home::Core }
}

const fn apart(name: &'static str) -> Service {
    Service { name, home: Home::Apart }
}

const fn left_over(name: &'static str) -> Service {
    Service { name, home: Home::LeftOver }
}

/// How many there are.
pub const COUNT: usize = 20;

/// All of them, in the order in which the cart page asks them. A page that makes fewer calls leaves out the last ones; one
/// that makes more than 20 begins again with the first. The story names the first four and the three that stay apart; the
/// other names are ours.
pub const SERVICES: [Service; COUNT] = [
    core("User"),
    core("Cart"),
    core("Product"),
    core("Inventory"),
    core("Pricing"),
    apart("Recommendation"),
    core("Promotion"),
    core("Tax"),
    core("Shipping"),
    core("Address"),
    apart("Payment"),
    apart("Search"),
    core("Review"),
    core("Wishlist"),
    core("Currency"),
    core("Order"),
    core("Notification"),
    core("Loyalty"),
    left_over("Media"),
    left_over("Audit"),
];

/// Position of the service that stumbles, and that the story's checkout changes.
pub const INVENTORY: usize = 3;

/// The services that run in one process, the core.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Core(u32);

impl Core {
    /// Nothing is merged.
    pub const NONE: Self = Self(0);
    /// Everything is.
    pub const ALL: Self = Self((1 << COUNT) - 1);

    /// What the story's fix merges.
    pub fn of_story() -> Self {
        let all = SERVICES.iter().enumerate().filter(|(_, service)| service.home == Home::Core);
        all.fold(Self::NONE, |merged, (index, _)| merged.with(index, true))
    }

    /// Whether the service at `index` in [`SERVICES`] is merged.
    pub const fn has(self, index: usize) -> bool {
        self.0 >> index & 1 == 1
    }

    /// The same with one more service in it, or without it.
    pub const fn with(self, index: usize, is_merged: bool) -> Self {
        let bit = 1 << index;
        Self(if is_merged { self.0 | bit } else { self.0 & !bit })
    }

    /// How many services are merged.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether none is.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Of a page's calls from position `from` on, of which there are `calls`, the first that goes to a merged service, or to
    /// one that is not.
    pub fn next_call(self, from: u8, calls: u8, is_merged: bool) -> Option<u8> {
        (from..calls).find(|call| self.has(service_of(*call)) == is_merged)
    }
}

/// Position of the service to which a page's call at this position goes.
pub const fn service_of(call: u8) -> usize {
    call as usize % COUNT
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The story: 15 of 20 merged, 3 kept, so 2 are not accounted for. Of the cart page's 15 calls 12 are merged.
    #[test]
    fn the_storys_fix_merges_fifteen_and_leaves_three_of_the_pages_calls_outside() {
        let homes = |home| SERVICES.iter().filter(|service| service.home == home).count();
        assert_eq!([Home::Core, Home::Apart, Home::LeftOver].map(homes), [15, 3, 2]);
        let story = Core::of_story();
        assert_eq!((story.len(), Core::ALL.len(), Core::NONE.len()), (15, 20, 0));
        let of_page = |is_merged| (0..15).filter(|call| story.has(service_of(*call)) == is_merged).count();
        assert_eq!((of_page(true), of_page(false)), (12, 3));
        assert_eq!(SERVICES[INVENTORY].name, "Inventory");
    }

    #[test]
    fn calls_are_found_by_where_they_go_and_begin_again_after_the_last_service() {
        let only = Core::NONE.with(INVENTORY, true);
        assert_eq!(only.next_call(0, 15, true), Some(3));
        assert_eq!(only.next_call(4, 24, true), Some(23));
        assert_eq!(only.next_call(4, 23, true), None);
        assert_eq!(only.next_call(3, 15, false), Some(4));
        assert!(only.with(INVENTORY, false).is_empty());
    }
}
