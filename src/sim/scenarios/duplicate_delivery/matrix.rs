//! What becomes of one order, for every place of the crash and every listing: played, not written down.

use super::DuplicateDelivery;
use super::exhibits::strategy;
use super::handler::{Step, listing};
use super::tables::{CrashStep, Dedupe, LogPosition, Params, SPEC};
use crate::exhibit::{Finding, Row, Table};
use crate::parameter::ParamType;
use crate::replay::{Input, Replay};
use crate::run::Run;
use crate::scenario::Playable;
use crate::time::SimTime;

/// All listings, in the order of the rows.
pub const LISTINGS: [Dedupe; 5] =
    [Dedupe::None, Dedupe::CheckThenMark, Dedupe::MarkFirst, Dedupe::ClaimLease, Dedupe::UniqueKey];

/// Receives after which the message is parked.
pub const RECEIVES: u32 = 5;
/// When the first attempt is over and the second has not begun, and when everything is.
const BETWEEN: SimTime = SimTime::from_secs(10);
const END: SimTime = SimTime::from_secs(600);

/// The findings of a cell: whether workers stop crashing after the first attempt, and what the finding is of.
const ATTEMPTS: [(bool, &str); 2] =
    [(true, "crash at the first attempt only"), (false, "crash at each of five attempts")];

/// What became of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outcome {
    /// Mails in its inbox.
    pub mails: u64,
    /// Its message lies in the dead-letter queue.
    pub is_parked: bool,
    /// Its message was deleted, and it got no mail.
    pub is_lost: bool,
}

impl Outcome {
    /// What a run says of its order 0.
    pub fn of(run: &Run<DuplicateDelivery>) -> Self {
        let metrics = &run.ctx().metrics;
        Self {
            mails: metrics.inbox_mails.value(),
            is_parked: metrics.dlq_depth.value() > 0,
            is_lost: metrics.lost_marked_not_sent.total() + metrics.lost_key_not_sent.total() > 0,
        }
    }

    fn text(self) -> String {
        let end = match self {
            Self { is_parked: true, .. } => " P",
            Self { is_lost: true, .. } => " L",
            _ => "",
        };
        format!("{}{end}", self.mails)
    }

    fn words(self) -> String {
        let mails = if self.mails == 1 { "1 mail".to_owned() } else { format!("{} mails", self.mails) };
        match self {
            Self { is_parked: true, .. } => format!("{mails}, and the message is parked"),
            Self { is_lost: true, .. } => format!("{mails}, and the message is gone"),
            _ => mails,
        }
    }
}

/// The outcomes of a single order that is parked after five receives: a row for each listing, with the log where these
/// values have it, and a column for each step at which its workers die. Everything else is at its default. Forty-odd
/// short runs of the scenario itself.
pub fn matrix(params: &Params) -> Table {
    let log = params.log_position;
    let rows = LISTINGS.map(|dedupe| Row {
        head: strategy(dedupe).to_owned(),
        cells: Step::ALL.map(|step| cell(dedupe, log, step)).to_vec(),
    });
    let row = LISTINGS.iter().position(|dedupe| *dedupe == params.dedupe);
    let column = Step::ALL.iter().position(|step| step.crash() == params.crash_step);
    Table {
        legend: String::from(
            "Mails for one order, if a worker crashes there at the first attempt only / at each of five attempts. \
             P:\u{a0}parked for somebody to look at. L:\u{a0}lost without a trace.",
        ),
        findings: ATTEMPTS.map(|(_, name)| name.to_owned()).to_vec(),
        axis: String::from("crash at"),
        columns: ["check or claim", "send", "log", "mark or done", "ack"].map(String::from).to_vec(),
        rows: rows.to_vec(),
        here: row.zip(column).filter(|_| params.crash_step != CrashStep::None),
    }
}

/// What becomes of the order if the first worker dies at `step`, and if each does; nothing where there is no such step.
fn cell(dedupe: Dedupe, log: LogPosition, step: Step) -> Vec<Finding> {
    if !listing(dedupe, log).contains(&step) {
        return Vec::new();
    }
    let cell = ATTEMPTS.map(|(only_first, _)| {
        let replay = replay(dedupe, log, step, only_first);
        let outcome = outcome(&replay);
        Finding { text: outcome.text(), words: outcome.words(), link: replay.print(Some(END)) }
    });
    cell.to_vec()
}

/// The run of a single order whose workers die at `step`.
pub fn replay(dedupe: Dedupe, log: LogPosition, step: Step, only_first: bool) -> Replay {
    let mut replay = Replay::new(&SPEC);
    let values = [
        ("order_rate_per_min", 0.0),
        ("max_receives", f64::from(RECEIVES)),
        ("dedupe", dedupe.number()),
        ("log_position", log.number()),
        ("crash_step", step.crash().number()),
    ];
    for (id, value) in values {
        if let Ok(param) = SPEC.param(id) {
            replay.set_start(param, value);
        }
    }
    if only_first && let Ok(param) = SPEC.param("crash_pct") {
        // An empty replay takes one more input, and the value is in range.
        let _ = replay.add(BETWEEN, Input::Change { param, value: 0.0 });
    }
    replay
}

/// What becomes of order 0 in a run.
pub fn outcome(replay: &Replay) -> Outcome {
    let mut run = Run::<DuplicateDelivery>::new(replay.clone());
    run.advance(END, u64::MAX);
    Outcome::of(&run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::ParamSet;

    #[test]
    fn the_matrix_is_what_the_simulation_says_and_knows_where_we_are() {
        let mut params = Params::defaults();
        params.dedupe = Dedupe::MarkFirst;
        params.crash_step = CrashStep::Send;
        let table = matrix(&params);
        let texts = |row: usize, column: usize| -> Vec<&str> {
            table.rows[row].cells[column].iter().map(|finding| finding.text.as_str()).collect()
        };
        assert_eq!(texts(0, 0), [""; 0]);
        assert_eq!(texts(0, 1), ["1", "0 P"]);
        assert_eq!(texts(2, 1), ["0 L", "0 L"]);
        assert_eq!(table.here, Some((2, 1)));
        let [first, every] = &table.rows[0].cells[1][..] else { panic!("two findings") };
        assert_eq!(first.words, "1 mail");
        assert_eq!(every.words, "0 mails, and the message is parked");
        assert_eq!(table.findings, ["crash at the first attempt only", "crash at each of five attempts"]);
        params.crash_step = CrashStep::None;
        assert_eq!(matrix(&params).here, None);
    }
}
