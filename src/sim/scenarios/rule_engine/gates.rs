//! What a file goes through before it prices orders, and what difference it makes.

use std::sync::Arc;

use super::orders::{GOLDEN, Golden, WEIGHT, cells, dollars};
use super::rules::{RuleSet, Switched};
use super::schema;
use super::tables::Params;
use super::yaml::resolve::Kind;
use super::yaml::{Fault, Mark, Node, Version, parse};
use crate::document::Remark;

/// What the engine makes of a file.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Loaded {
    /// It prices orders.
    Runs(Arc<RuleSet>),
    /// It cannot be parsed.
    Refused(Fault),
    /// It is no map, and the engine stops at it.
    NoMap(Fault),
}

impl Loaded {
    /// What the engine makes of this text, and the tree that the gates look at.
    pub fn read(text: &str, version: Version) -> (Self, Option<Node>) {
        match parse(text, version) {
            Err(fault) => (Self::Refused(fault), None),
            Ok(node) => (Self::of(&node), Some(node)),
        }
    }

    fn of(node: &Node) -> Self {
        match RuleSet::of(node) {
            Some(rules) => Self::Runs(Arc::new(rules)),
            None if node.kind() == Some(Kind::Null) => {
                Self::NoMap(Fault::new(node.mark, "the file is empty, and the engine wants a list of rules"))
            }
            None => Self::NoMap(Fault::new(node.mark, format!("the file is no map, but {}", node.what()))),
        }
    }

    /// The rules, if it prices orders.
    pub fn rules(&self) -> Option<&Arc<RuleSet>> {
        if let Self::Runs(rules) = self { Some(rules) } else { None }
    }

    /// Why it prices none.
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Runs(_) => None,
            Self::Refused(fault) | Self::NoMap(fault) => Some(fault),
        }
    }
}

/// What can stop a file on its way, in the order in which it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gate {
    /// It cannot be parsed.
    Parser,
    /// It breaks the schema.
    Schema,
    /// A golden order has another price.
    Golden,
    /// It would not compile as typed code.
    Typed,
    /// It made a difference to the orders that tried it.
    Canary,
}

impl Gate {
    /// As people read it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Parser => "Parser",
            Self::Schema => "Strict schema",
            Self::Golden => "Golden orders",
            Self::Typed => "Typed code",
            Self::Canary => "Canary",
        }
    }
}

/// Which gates there are. A gate behind the parser's cannot look at a file that cannot be parsed, so it refuses that, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gates {
    /// The parser is asked before a file goes live.
    pub parser: bool,
    /// So is the strict schema.
    pub schema: bool,
    /// So many of the golden orders are priced; `None` where none are.
    pub golden: Option<usize>,
    /// Typed code is asked.
    pub typed: bool,
}

impl Gates {
    /// Whether any of them looks at the file's text.
    pub fn any(self) -> bool {
        self.parser || self.schema || self.golden.is_some() || self.typed
    }
}

/// What the engine makes of a file, and the first fault for each of the gates that there are, in their order. Where the file cannot
/// be parsed, that is the only fault.
pub fn faults(text: &str, version: Version, gates: Gates, added: &[Golden]) -> (Loaded, Vec<(Gate, Fault)>) {
    let (loaded, node) = Loaded::read(text, version);
    let Some(node) = node else {
        let fault = loaded.fault().filter(|_| gates.any()).map(|fault| (Gate::Parser, fault.clone()));
        return (loaded, fault.into_iter().collect());
    };
    let typed = || schema::typed(&node, &reference_tree(Version::V1_2)).err();
    let found = [
        (Gate::Schema, gates.schema.then(|| schema::strict(&node).err()).flatten()),
        (Gate::Golden, gates.golden.and_then(|count| golden(&loaded, count, added).err())),
        (Gate::Typed, gates.typed.then(typed).flatten()),
    ];
    (loaded, found.into_iter().filter_map(|(gate, fault)| Some((gate, fault?))).collect())
}

/// Everything that an editor says of a file at once: the first fault for each gate, with its place. Where the engine cannot run the
/// file, that alone, whether there is a gate or not.
pub fn inspect(text: &str, params: &Params) -> Vec<Remark> {
    let (loaded, mut faults) = faults(text, params.yaml_version, params.gates(), &[]);
    if let Some(fault) = loaded.fault() {
        faults = vec![(Gate::Parser, fault.clone())];
    }
    let remark = |(gate, fault): (Gate, Fault)| Remark {
        who: gate.label().to_owned(),
        // A golden order stands in no line.
        at: (gate != Gate::Golden).then_some((fault.mark.line, fault.mark.column)),
        why: fault.why.into_owned(),
    };
    faults.into_iter().map(remark).collect()
}

/// Why a gate stops the file, as the end of a sentence that it begins.
pub fn stopped(text: &str, params: &Params, added: &[Golden]) -> Option<String> {
    let (_, faults) = faults(text, params.yaml_version, params.gates(), added);
    let (gate, fault) = faults.into_iter().next()?;
    Some(match gate {
        Gate::Parser => format!("is refused since it cannot be parsed, {fault}. Old prices stay"),
        Gate::Schema => format!("is refused by the schema, {fault}. Old prices stay"),
        Gate::Typed => format!("would not compile, {fault}. Old prices stay"),
        // A golden order stands in no line.
        Gate::Golden | Gate::Canary => format!("is refused: {}. Old prices stay", fault.why),
    })
}

/// The reference as a tree.
pub fn reference_tree(version: Version) -> Node {
    let nothing = || Node { mark: Mark { line: 1, column: 1 }, value: super::yaml::Value::Map(Vec::new()) };
    parse(super::file::REFERENCE, version).unwrap_or_else(|_| nothing())
}

/// Prices the golden orders.
///
/// # Errors
/// The first that has another price. It stands in no line of the file.
fn golden(loaded: &Loaded, count: usize, added: &[Golden]) -> Result<(), Fault> {
    let start = Mark { line: 1, column: 1 };
    let Some(rules) = loaded.rules() else {
        return Err(loaded.fault().cloned().unwrap_or(Fault::new(start, "it cannot be priced by")));
    };
    let all = GOLDEN.iter().take(count).chain(added).enumerate();
    for (at, (order, expected)) in all {
        let price = rules.price(order, Switched::NONE).price();
        if price != *expected {
            let [price, expected] = [price, *expected].map(dollars);
            let why =
                format!("golden order {} ({}) costs {price} instead of {expected}", at + 1, order.words());
            return Err(Fault::new(start, why));
        }
    }
    Ok(())
}

/// What difference one set of rules makes to another, over all sorts of orders by their weights.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Difference {
    /// The weight of orders that cost something else, of [`WEIGHT`].
    pub wrong: u64,
    /// The weighted sum of all differences, in cents.
    pub sum: i64,
    /// The weighted sum of their sizes.
    pub size: i64,
    /// Mean price under the first, in cents.
    pub mean: f64,
    /// Variance of prices under the first, in squares of a cent.
    pub variance: f64,
}

impl Difference {
    /// Of `rules` to `before`.
    pub fn of(rules: &RuleSet, before: &RuleSet) -> Self {
        let mut difference = Self::default();
        let mut prices = Vec::new();
        for (order, weight) in cells() {
            let [price, expected] = [rules, before].map(|rules| rules.price(&order, Switched::NONE).price());
            let (delta, weight) = (price - expected, i64::from(weight));
            difference.wrong += if delta == 0 { 0 } else { weight as u64 };
            difference.sum += delta * weight;
            difference.size += delta.abs() * weight;
            prices.push(price);
        }
        (difference.mean, difference.variance) = moments(&prices);
        difference
    }

    /// Whether no order costs anything else.
    pub fn is_none(self) -> bool {
        self.wrong == 0
    }

    /// The share of orders that cost something else.
    pub fn share(self) -> f64 {
        self.wrong as f64 / WEIGHT as f64
    }

    /// Cents that an order costs more on average.
    pub fn mean_delta(self) -> f64 {
        self.sum as f64 / WEIGHT as f64
    }

    /// Cents by which an order is off on average, whether too much or too little.
    pub fn mean_size(self) -> f64 {
        self.size as f64 / WEIGHT as f64
    }
}

/// Mean and variance of the prices of all sorts of orders by their weights, in cents.
pub fn moments(prices: &[i64]) -> (f64, f64) {
    let (mut sum, mut squares) = (0_i128, 0_i128);
    for ((_, weight), price) in cells().zip(prices) {
        let (price, weight) = (i128::from(*price), i128::from(weight));
        sum += price * weight;
        squares += price * price * weight;
    }
    let mean = sum as f64 / WEIGHT as f64;
    (mean, squares as f64 / WEIGHT as f64 - mean * mean)
}

/// What stands between a file and all orders: some of them try it first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    /// Orders that try it.
    pub tried: f64,
    /// Orders that are priced as before meanwhile.
    pub others: f64,
    /// Whether each order is priced both ways and the difference is seen, or two means are compared.
    pub is_shadow: bool,
}

/// Standard errors from which on two means are held to differ.
pub const ABORT_Z: f64 = 4.0;
/// Orders in the smaller sample below which nothing is said. Prices are so skewed that the variance of a few of them is mostly far
/// too small: with six orders, one good change in six would be taken back, with thirty one in twenty, with sixty one in a hundred
/// (from 1,000 pairs of samples each, of 600 orders in all).
pub const FEWEST_TRIED: f64 = 60.0;
/// A shadow is counted on where it sees a difference in 99 of 100 trials: ln 100 differing orders are expected then.
const SURE: f64 = 4.605_170_185_988_092;

impl Trial {
    /// Standard errors between the two means: Welch's statistic, from means, variances and numbers of orders.
    pub fn z(
        (mean, variance, count): (f64, f64, f64),
        (mean_0, variance_0, count_0): (f64, f64, f64),
    ) -> f64 {
        let error = libm::sqrt(variance / count + variance_0 / count_0);
        (mean - mean_0).abs() / error
    }

    /// Whether this trial can be expected to stop a file that makes this difference to what was there before, whose prices have
    /// this mean and variance.
    pub fn stops(self, difference: Difference, (mean, variance): (f64, f64)) -> bool {
        if self.is_shadow {
            return self.tried * difference.share() >= SURE;
        }
        self.tried >= FEWEST_TRIED
            && Self::z((difference.mean, difference.variance, self.tried), (mean, variance, self.others))
                > ABORT_Z
    }
}
