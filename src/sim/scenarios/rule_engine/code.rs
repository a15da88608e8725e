//! The same logic as code in a language with types and tests: what the rule file says, compiled.
//!
//! A rule states every condition, and "any" is a word. What is left out or misspelled does not compile; a wrong number does.

use super::orders::Order;
use super::rules::Priced;

/// Which values of an attribute a rule is for.
#[derive(Clone, Copy, Debug)]
pub enum Scope<T: 'static> {
    /// All.
    Any,
    /// These.
    Only(&'static [T]),
}

impl<T: PartialEq> Scope<T> {
    fn has(self, value: &T) -> bool {
        match self {
            Self::Any => true,
            Self::Only(values) => values.contains(value),
        }
    }
}

/// Who buys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Somebody with an account.
    Member,
    /// Anybody else.
    Guest,
}

/// Where they live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Country {
    /// Singapore.
    SG,
    /// Malaysia.
    MY,
    /// Norway.
    NO,
    /// United States.
    US,
}

/// What they buy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// What has to go.
    Clearance,
    /// Everything else.
    Regular,
}

/// What a rule does.
#[derive(Clone, Copy, Debug)]
pub enum Effect {
    /// It takes a share of the subtotal off.
    Discount {
        /// Percent.
        pct: u8,
        /// Whether it is added to other discounts, or the best of those that are not counts.
        stack: bool,
        /// Cents at most.
        max: Option<i64>,
        /// Whether it lifts the limit of all discounts.
        lift_cap: bool,
    },
    /// It sets the price of shipping, in cents.
    Shipping(i64),
}

/// A rule: every field is written.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What people call it.
    pub name: &'static str,
    /// Who buys.
    pub segment: Scope<Segment>,
    /// Where they live.
    pub country: Scope<Country>,
    /// What they buy.
    pub tag: Scope<Tag>,
    /// Pieces at least.
    pub min_qty: u32,
    /// Cents at least, before any discount.
    pub min_subtotal: i64,
    /// First and last day.
    pub dates: Option<(&'static str, &'static str)>,
    /// What it does.
    pub effect: Effect,
}

/// Discounts together at most, in percent.
const MAX_DISCOUNT_PCT: i64 = 40;
/// Shipping where no rule says otherwise, in cents.
const DEFAULT_SHIPPING: i64 = 500;

/// The rules of the reference.
pub const RULES: [Rule; 5] = [
    Rule {
        name: "member_price",
        segment: Scope::Only(&[Segment::Member]),
        country: Scope::Only(&[Country::SG, Country::MY, Country::NO]),
        tag: Scope::Any,
        min_qty: 0,
        min_subtotal: 0,
        dates: None,
        effect: Effect::Discount { pct: 10, stack: true, max: None, lift_cap: false },
    },
    Rule {
        name: "bulk",
        segment: Scope::Any,
        country: Scope::Any,
        tag: Scope::Any,
        min_qty: 10,
        min_subtotal: 0,
        dates: None,
        effect: Effect::Discount { pct: 15, stack: false, max: None, lift_cap: false },
    },
    Rule {
        name: "new_year_sale",
        segment: Scope::Any,
        country: Scope::Only(&[Country::SG]),
        tag: Scope::Any,
        min_qty: 0,
        min_subtotal: 0,
        dates: Some(("2024-02-09", "2024-02-13")),
        effect: Effect::Discount { pct: 20, stack: true, max: Some(5000), lift_cap: false },
    },
    Rule {
        name: "clearance",
        segment: Scope::Any,
        country: Scope::Any,
        tag: Scope::Only(&[Tag::Clearance]),
        min_qty: 0,
        min_subtotal: 0,
        dates: None,
        effect: Effect::Discount { pct: 60, stack: false, max: None, lift_cap: true },
    },
    Rule {
        name: "free_shipping",
        segment: Scope::Any,
        country: Scope::Any,
        tag: Scope::Any,
        min_qty: 0,
        min_subtotal: 5000,
        dates: None,
        effect: Effect::Shipping(0),
    },
];

impl Rule {
    fn matches(&self, order: &Order, subtotal: i64) -> bool {
        let segment = [Segment::Member, Segment::Guest][usize::from(order.segment) % 2];
        let country = [Country::SG, Country::MY, Country::NO, Country::US][usize::from(order.country) % 4];
        let tag = [Tag::Clearance, Tag::Regular][usize::from(order.tag) % 2];
        self.segment.has(&segment)
            && self.country.has(&country)
            && self.tag.has(&tag)
            && order.qty >= self.min_qty
            && subtotal >= self.min_subtotal
            && self.dates.is_none_or(|(first, last)| first <= order.date && order.date <= last)
    }
}

/// Prices an order by these rules.
pub fn price(order: &Order, rules: &[Rule]) -> Priced {
    let subtotal = order.subtotal();
    let (mut cap, mut shipping, mut best, mut stacked) = (MAX_DISCOUNT_PCT, DEFAULT_SHIPPING, 0, 0);
    for rule in rules.iter().filter(|rule| rule.matches(order, subtotal)) {
        match rule.effect {
            Effect::Shipping(cents) => shipping = cents,
            Effect::Discount { pct, stack, max, lift_cap } => {
                let share = subtotal * i64::from(pct) / 100;
                let cut = max.map_or(share, |max| share.min(max));
                if stack {
                    stacked += cut;
                } else {
                    best = cut.max(best);
                }
                if lift_cap {
                    cap = 100;
                }
            }
        }
    }
    Priced { subtotal, discount: (best + stacked).min(subtotal * cap / 100), shipping }
}

/// The source of this module, for whoever wants to read it beside the file.
pub const SOURCE: &str = include_str!("code.rs");
