//! The story's own panels: the steps of a checkout, what becomes of every fault, and of the faults that are set.

use super::tables::{Params, Place};
use super::{code, late, outcomes, trace};
use crate::exhibit::{Exhibit, ExhibitSpec};

const STEPS: &str = "steps";
const TRACE: &str = "trace";
const OUTCOMES: &str = "outcomes";
const PAIRS: &str = "pairs";
const LATE: &str = "late";

/// All of them: id, title, summary.
const ALL: &[(&str, &str, &str)] = &[
    (STEPS, "The checkout", "The steps of a checkout, and each place at which one fault can strike it."),
    (
        TRACE,
        "One order, message by message",
        "What becomes of the order that the faults strike, if refunds succeed.",
    ),
    (OUTCOMES, "Every fault, every protocol", "What is left at rest, wherever one fault strikes."),
    (PAIRS, "Every pair of faults", "What is left at rest, wherever a second fault follows the first."),
    (LATE, "Messages in any order", "Can messages overtake each other so that payment and stock disagree?"),
];

/// What a page announces.
pub fn all(params: &Params) -> Vec<ExhibitSpec> {
    let is_struck = params.fault_at != Place::None;
    let spec = |&(id, title, summary): &(&'static str, &'static str, &str)| ExhibitSpec {
        id,
        title,
        summary: summary.to_owned(),
        is_cheap: id == STEPS,
        is_open: id == TRACE && is_struck,
    };
    ALL.iter().map(spec).collect()
}

/// The one called `id` that takes no time.
pub fn cheap(id: &str, params: &Params) -> Option<Exhibit> {
    (id == STEPS).then(|| code::code(params).map(Exhibit::Code)).flatten()
}

/// The one called `id` that takes a moment. They go through every path of an order, so that a page leaves them to its
/// worker.
pub fn expensive(id: &str, params: &Params) -> Option<Exhibit> {
    match id {
        TRACE => Some(Exhibit::Sequence(trace::sequence(params))),
        OUTCOMES => Some(Exhibit::Table(outcomes::table(params, 1))),
        PAIRS => Some(Exhibit::Table(outcomes::table(params, 2))),
        LATE => Some(Exhibit::Sequence(late::sequence(params))),
        _ => None,
    }
}
