//! The rule engine: what it makes of a file, as the story's engine did, and how it prices an order.
//!
//! It is lenient. What it does not know it passes over, and what it cannot read counts as nothing: that is how one lost indent
//! becomes a discount for everybody. Money is in whole cents, and discounts are rounded down.

use super::orders::{COUNTRIES, Order, SEGMENTS, TAGS};
use super::yaml::{Kind, Node};

/// A condition. An order matches a rule if it meets all that are there.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Condition {
    /// It is one of these segments, as bits by position.
    Segment(u8),
    /// It goes to one of these countries, likewise.
    Country(u8),
    /// It is one of these sorts, likewise.
    Tag(u8),
    /// So many pieces at least, in millionths.
    MinQty(i64),
    /// So many cents at least before any discount.
    MinSubtotal(i64),
    /// This day or a later one, by comparison of the texts.
    From(Box<str>),
    /// This day or an earlier one, likewise.
    To(Box<str>),
}

/// The keys of conditions, in the order of the grammar.
pub const CONDITIONS: [&str; 7] = ["segment", "country", "tag", "min_qty", "min_subtotal_usd", "from", "to"];

impl Condition {
    fn read(key: &str, node: &Node) -> Option<Self> {
        let text = || node.text().unwrap_or_default().into();
        Some(match key {
            "segment" => Self::Segment(members(node, &SEGMENTS)),
            "country" => Self::Country(members(node, &COUNTRIES)),
            "tag" => Self::Tag(members(node, &TAGS)),
            "min_qty" => Self::MinQty(micros(Some(node)).unwrap_or(0)),
            "min_subtotal_usd" => Self::MinSubtotal(cents(Some(node)).unwrap_or(0)),
            "from" => Self::From(text()),
            "to" => Self::To(text()),
            _ => return None,
        })
    }

    /// The key that it is written under.
    pub fn key(&self) -> &'static str {
        CONDITIONS[match self {
            Self::Segment(_) => 0,
            Self::Country(_) => 1,
            Self::Tag(_) => 2,
            Self::MinQty(_) => 3,
            Self::MinSubtotal(_) => 4,
            Self::From(_) => 5,
            Self::To(_) => 6,
        }]
    }

    /// Whether the order meets it.
    pub fn holds(&self, order: &Order) -> bool {
        match self {
            Self::Segment(members) => members >> order.segment & 1 == 1,
            Self::Country(members) => members >> order.country & 1 == 1,
            Self::Tag(members) => members >> order.tag & 1 == 1,
            Self::MinQty(least) => i64::from(order.qty) * MICROS >= *least,
            Self::MinSubtotal(least) => order.subtotal() >= *least,
            Self::From(first) => order.date >= &**first,
            Self::To(last) => order.date <= &**last,
        }
    }
}

/// A rule as the engine runs it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Rule {
    /// Its name; empty where it has none.
    pub name: Box<str>,
    /// The line that it begins in.
    pub line: u32,
    /// Its conditions, in the order of the file.
    pub when: Vec<Condition>,
    /// The discount in millionths of a percent, if it gives one.
    pub pct: Option<i64>,
    /// Whether the discount is added to those of other rules.
    pub stack: bool,
    /// Cents that the discount comes to at most.
    pub max: Option<i64>,
    /// Whether it lifts the limit of all discounts.
    pub lift_cap: bool,
    /// The price of shipping in cents, if it sets one.
    pub shipping: Option<i64>,
}

/// A file as the engine runs it; by default one without any rule.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RuleSet {
    /// Discounts together at most, in millionths of a percent.
    cap: i64,
    /// Shipping where no rule says otherwise, in cents.
    shipping: i64,
    /// Its rules, in the order of the file.
    pub rules: Vec<Rule>,
}

/// One, in millionths.
const MICROS: i64 = 1_000_000;
/// A hundred percent.
const ALL: i64 = 100 * MICROS;

/// The number in millionths: nothing where there is no value, 0 where it is no number.
fn micros(node: Option<&Node>) -> Option<i64> {
    let node = node?;
    Some(if let Some(Kind::Number(number)) = node.kind() { number.micros() } else { 0 })
}

/// The dollars in whole cents, rounded down.
fn cents(node: Option<&Node>) -> Option<i64> {
    Some(micros(node)?.div_euclid(MICROS / 100))
}

fn is_true(node: Option<&Node>) -> bool {
    node.and_then(Node::kind) == Some(Kind::Bool(true))
}

/// Which of these names a list holds, as bits. What is no list is a list of one.
fn members(node: &Node, names: &[&str]) -> u8 {
    let items = node.list().unwrap_or(std::slice::from_ref(node));
    let known = |item: &Node| names.iter().position(|name| item.string() == Some(name));
    items.iter().filter_map(known).fold(0, |bits, at| bits | 1 << at)
}

impl RuleSet {
    /// What the engine makes of a file; `None` where it is no map, which stops the engine.
    pub fn of(file: &Node) -> Option<Self> {
        file.map()?;
        let rules = file.get("rules").and_then(Node::list).unwrap_or_default();
        Some(Self {
            cap: micros(file.get("max_discount_pct")).unwrap_or(ALL),
            shipping: cents(file.get("default_shipping_usd")).unwrap_or(0),
            rules: rules.iter().map(Rule::of).collect(),
        })
    }

    /// Prices an order while these rules are switched off.
    pub fn price(&self, order: &Order, off: Switched) -> Priced {
        self.walk(order, off, &mut |_, _| {})
    }

    /// Prices an order, and tells of each rule what it did.
    pub fn trace<'a>(
        &'a self,
        order: &Order,
        off: Switched,
        each: &mut dyn FnMut(&'a Rule, Outcome<'a>),
    ) -> Priced {
        self.walk(order, off, each)
    }

    fn walk<'a>(
        &'a self,
        order: &Order,
        off: Switched,
        each: &mut dyn FnMut(&'a Rule, Outcome<'a>),
    ) -> Priced {
        let subtotal = order.subtotal();
        let (mut cap, mut shipping, mut claimed) = (self.cap, self.shipping, Claimed::default());
        for rule in &self.rules {
            if off.has(&rule.name) {
                each(rule, Outcome::Off);
                continue;
            }
            if let Some(failed) = rule.when.iter().find(|condition| !condition.holds(order)) {
                each(rule, Outcome::Missed(failed));
                continue;
            }
            let cut = rule.pct.map(|pct| {
                let cut = (subtotal * pct).div_euclid(ALL);
                rule.max.map_or(cut, |max| cut.min(max))
            });
            if rule.lift_cap {
                cap = ALL;
            }
            shipping = rule.shipping.unwrap_or(shipping);
            let outcome = Outcome::Matched { cut, shipping: rule.shipping };
            claimed.add(rule, outcome);
            each(rule, outcome);
        }
        let most = (subtotal * cap.min(ALL)).div_euclid(ALL).max(0);
        let discount = claimed.sum().clamp(0, most);
        Priced { subtotal, discount, shipping }
    }
}

impl Rule {
    fn of(node: &Node) -> Self {
        let map = |key| node.get(key).and_then(Node::map).unwrap_or_default();
        let then = node.get("then");
        let effect = |key| then.and_then(|then| then.get(key));
        Self {
            name: node.get("name").and_then(Node::text).unwrap_or_default().into(),
            line: node.mark.line,
            when: map("when").iter().filter_map(|entry| Condition::read(&entry.key, &entry.value)).collect(),
            pct: micros(effect("discount_pct")),
            stack: is_true(effect("stack")),
            max: cents(effect("max_discount_usd")),
            lift_cap: is_true(effect("lift_cap")),
            shipping: cents(effect("shipping_usd")),
        }
    }
}

/// What a rule did to an order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome<'a> {
    /// It is switched off.
    Off,
    /// It does not match: the first condition that does not hold.
    Missed(&'a Condition),
    /// It matches.
    Matched {
        /// The cents that it takes off by itself, if it gives a discount.
        cut: Option<i64>,
        /// The price of shipping in cents, if it sets one.
        shipping: Option<i64>,
    },
}

/// The cents that rules which match take off together, before all discounts are limited.
#[derive(Clone, Copy, Debug, Default)]
pub struct Claimed {
    best: i64,
    stacked: i64,
}

impl Claimed {
    /// One more rule, and what it did.
    pub fn add(&mut self, rule: &Rule, outcome: Outcome) {
        match outcome {
            Outcome::Matched { cut: Some(cut), .. } if rule.stack => {
                self.stacked = self.stacked.saturating_add(cut);
            }
            Outcome::Matched { cut: Some(cut), .. } => self.best = cut.max(self.best),
            _ => {}
        }
    }

    /// Those that are added to others, and the best of those that are not.
    pub fn sum(self) -> i64 {
        self.stacked.saturating_add(self.best)
    }
}

/// A price, in cents, and what it is made of: subtotal − discount + shipping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Priced {
    /// What all pieces cost.
    pub subtotal: i64,
    /// What the rules take off.
    pub discount: i64,
    /// Shipping.
    pub shipping: i64,
}

impl Priced {
    /// What the customer pays.
    pub fn price(self) -> i64 {
        self.subtotal - self.discount + self.shipping
    }
}

/// The rules that learners can switch, by the names of the reference.
pub const SWITCHES: [&str; 5] = ["member_price", "bulk", "new_year_sale", "clearance", "free_shipping"];

/// Rules that are switched off, as bits by position in [`SWITCHES`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switched(pub u8);

impl Switched {
    /// None is.
    pub const NONE: Self = Self(0);

    /// Whether the rule with this name is switched off.
    pub fn has(self, name: &str) -> bool {
        self.0 != 0
            && SWITCHES.iter().position(|known| *known == name).is_some_and(|at| self.0 >> at & 1 == 1)
    }

    /// The same with this switch on or off.
    pub fn with(self, at: usize, is_off: bool) -> Self {
        let bit = 1 << at;
        Self(if is_off { self.0 | bit } else { self.0 & !bit })
    }

    /// How many are.
    pub fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether none is.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}
