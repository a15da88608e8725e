//! The story's own panels: the handler, what becomes of every crash, and two workers that race.

use super::tables::{Dedupe, Params};
use super::{code, matrix, race};
use crate::exhibit::{Exhibit, ExhibitSpec};

const HANDLER: &str = "handler";
const OUTCOMES: &str = "outcomes";
const RACE: &str = "race";

/// All of them.
pub fn all(params: &Params) -> Vec<ExhibitSpec> {
    let strategy = strategy(params.dedupe);
    vec![
        ExhibitSpec {
            id: HANDLER,
            title: "The handler",
            summary: String::from("What a worker does with a message, line by line."),
            is_cheap: true,
            is_open: false,
        },
        ExhibitSpec {
            id: OUTCOMES,
            title: "Outcome matrix: every crash, every strategy",
            summary: String::from("Mails for one order, wherever its workers crash."),
            is_cheap: false,
            is_open: false,
        },
        ExhibitSpec {
            id: RACE,
            title: "Two workers, one message",
            summary: format!(
                "Can the order of their steps send two mails, where \"{strategy}\" stops duplicates?"
            ),
            is_cheap: false,
            is_open: false,
        },
    ]
}

/// The one called `id` that takes no time.
pub fn cheap(id: &str, params: &Params) -> Option<Exhibit> {
    (id == HANDLER).then(|| code::code(params).map(Exhibit::Code)).flatten()
}

/// The one called `id` that takes a moment.
pub fn expensive(id: &str, params: &Params) -> Option<Exhibit> {
    match id {
        OUTCOMES => Some(Exhibit::Table(matrix::matrix(params))),
        RACE => Some(Exhibit::Sequence(race::sequence(params.dedupe))),
        _ => None,
    }
}

/// What keeps a handler from mailing twice, as people read it.
pub fn strategy(dedupe: Dedupe) -> &'static str {
    Dedupe::CHOICES.get(dedupe as usize).map_or("", |choice| choice.label)
}
