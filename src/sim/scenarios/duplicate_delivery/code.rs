//! The handler as a page shows it, and the matrix of all crashes and listings.

use super::handler::{Step, listing};
use super::outcomes::{Cell, LISTINGS, Outcome, outcome_matrix};
use super::tables::{CrashStep, Dedupe, KeyKind, Params, SPEC};
use crate::listing::{Line, Listing, Matrix};

impl Step {
    /// As a line of code.
    const fn code(self, dedupe: Dedupe, key: KeyKind) -> &'static str {
        match (self, dedupe) {
            (Self::Check, Dedupe::MarkFirst) => "if not markers.set_if_absent(key): ack and return",
            (Self::Check, Dedupe::ClaimLease) => "if not markers.claim(key): return",
            (Self::Check, _) => "if markers.has(key): ack and return",
            (Self::Send, Dedupe::UniqueKey) => match key {
                KeyKind::OrderId => "mail.send(order, unique_key = order.id)",
                KeyKind::MessageId => "mail.send(order, unique_key = message.id)",
                KeyKind::OrderIdVersion => "mail.send(order, unique_key = order.id + version)",
            },
            (Self::Send, _) => "mail.send(order)",
            (Self::Log, _) => "log.write(order.customer)",
            (Self::Mark, Dedupe::ClaimLease) => "markers.set_done(key)",
            (Self::Mark, _) => "markers.set(key)",
            (Self::Ack, _) => "queue.delete(message)",
        }
    }
}

/// The handler under these values. Nobody dies at a step that it does not have, and a note says so.
pub fn code(params: &Params) -> Option<Listing> {
    let steps = listing(params.dedupe, params.log_position);
    let lines = steps.iter().map(|step| Line {
        text: step.code(params.dedupe, params.key_kind),
        crash: f64::from(step.crash() as u8),
    });
    let is_absent =
        params.crash_step != CrashStep::None && !steps.iter().any(|step| step.crash() == params.crash_step);
    let note = is_absent.then(|| {
        let step = CrashStep::CHOICES.get(params.crash_step as usize).map_or("", |choice| choice.label);
        format!("No worker dies at \"{step}\": this handler has no such step.")
    });
    let (title, param) = ("The handler", SPEC.param("crash_step").ok()?);
    Some(Listing { title, param, lines: lines.collect(), note })
}

/// Every crash under every listing, with the log where these values have it.
pub fn matrix(params: &Params) -> Matrix {
    let columns = vec!["check or claim", "send", "log", "mark or done", "ack"];
    let cells = outcome_matrix(params.log_position);
    let rows = LISTINGS.iter().zip(cells).map(|(dedupe, cells)| {
        let name = Dedupe::CHOICES.get(*dedupe as usize).map_or("", |choice| choice.label);
        (name, cells.map(written).to_vec())
    });
    let row = LISTINGS.iter().position(|dedupe| *dedupe == params.dedupe);
    let column = Step::ALL.iter().position(|step| step.crash() == params.crash_step);
    Matrix {
        title: "Every crash, every strategy",
        legend: "Mails for one order, if a worker crashes there at the first attempt only, and at each of five attempts. P: parked for somebody to look at. L: lost without a trace.",
        columns,
        rows: rows.collect(),
        here: row.zip(column).filter(|_| params.crash_step != CrashStep::None),
    }
}

fn written(cell: Option<Cell>) -> String {
    let one = |outcome: Outcome| {
        let mark = if outcome.is_parked {
            " P"
        } else if outcome.is_lost {
            " L"
        } else {
            ""
        };
        format!("{}{mark}", outcome.mails)
    };
    cell.map_or_else(String::new, |cell| format!("{} / {}", one(cell.first), one(cell.every)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::ParamSet;

    fn set(values: &[(&str, f64)]) -> Params {
        let mut params = Params::defaults();
        for (id, value) in values {
            params.set(SPEC.param(id).unwrap_or_else(|problem| panic!("{problem}")), *value);
        }
        params
    }

    #[test]
    fn the_listing_follows_the_strategy_and_names_each_crash() {
        let texts = |params: &Params| -> Vec<_> {
            code(params)
                .into_iter()
                .flat_map(|listing| listing.lines)
                .map(|line| (line.text, line.crash))
                .collect()
        };
        assert_eq!(
            texts(&set(&[])),
            [("mail.send(order)", 2.0), ("log.write(order.customer)", 4.0), ("queue.delete(message)", 5.0)]
        );
        let marked = texts(&set(&[("dedupe", 1.0), ("log_position", 1.0)]));
        assert_eq!(marked.len(), 5);
        assert_eq!(marked.last(), Some(&("log.write(order.customer)", 4.0)));
    }

    /// Every choice of the crash is either a line that one sees or a sentence that says why nothing happens.
    #[test]
    fn a_crash_at_a_step_that_is_not_there_is_told() {
        for dedupe in 0..Dedupe::CHOICES.len() {
            for crash in 0..CrashStep::CHOICES.len() {
                let params = set(&[("dedupe", dedupe as f64), ("crash_step", crash as f64)]);
                let Some(code) = code(&params) else { panic!("there is a handler") };
                let is_there = crash == 0 || code.lines.iter().any(|line| line.crash == crash as f64);
                assert_eq!(code.note.is_none(), is_there, "{params:?}");
            }
        }
        let code = code(&set(&[("crash_step", 1.0)]));
        assert_eq!(
            code.and_then(|code| code.note).as_deref(),
            Some("No worker dies at \"check or claim\": this handler has no such step.")
        );
    }

    #[test]
    fn the_matrix_is_what_the_simulation_says_and_knows_where_we_are() {
        let matrix = matrix(&set(&[("dedupe", 2.0), ("crash_step", 2.0)]));
        assert_eq!(
            matrix.rows[0],
            ("nothing", ["", "1 / 0 P", "2 / 5 P", "", "2 / 5 P"].map(String::from).to_vec())
        );
        assert_eq!(matrix.rows[2].1[1], "0 L / 0 L");
        assert_eq!(matrix.here, Some((2, 1)));
    }
}
