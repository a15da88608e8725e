//! What becomes of one order, for every place of the crash and every listing: played, not written down.

use super::handler::{Attempt, Effect, Key, Memory, Step, listing};
use super::tables::{Dedupe, KeyKind, LogPosition, Params};
use super::{DuplicateDelivery, SPEC};
use crate::engine::Run;
use crate::parameter::{ParamSet, ParamType};
use crate::replay::{Input, Replay};
use crate::scenario::Playable;
use crate::time::SimTime;

/// All listings, in the order of the matrix's rows.
pub const LISTINGS: [Dedupe; 5] =
    [Dedupe::None, Dedupe::CheckThenMark, Dedupe::MarkFirst, Dedupe::ClaimLease, Dedupe::UniqueKey];

/// What became of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Mails in its inbox.
    pub mails: u64,
    /// Its message lies in the dead-letter queue.
    pub is_parked: bool,
    /// Its message was deleted, and it got no mail.
    pub is_lost: bool,
}

/// A crash at one step of one listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Only the first worker dies there.
    pub first: Outcome,
    /// Every worker does.
    pub every: Outcome,
}

/// Receives after which the matrix's message is parked.
const RECEIVES: f64 = 5.0;
/// When the first attempt is over and the second has not begun, and when everything is.
const BETWEEN: SimTime = SimTime::from_secs(10);
const END: SimTime = SimTime::from_secs(600);

/// The outcomes of a single order that is parked after five receives: a row for each of [`LISTINGS`], a column for
/// each of [`Step::ALL`] at which its workers die; `None` where the listing has no such step. Everything else is at
/// its default. Forty-odd short runs of the scenario itself.
pub fn outcome_matrix(log: LogPosition) -> [[Option<Cell>; 5]; 5] {
    LISTINGS.map(|dedupe| {
        Step::ALL.map(|step| {
            listing(dedupe, log).contains(&step).then(|| Cell {
                first: outcome(dedupe, log, step, true),
                every: outcome(dedupe, log, step, false),
            })
        })
    })
}

fn outcome(dedupe: Dedupe, log: LogPosition, step: Step, only_first: bool) -> Outcome {
    let mut replay = Replay::new(&SPEC);
    let mut set = |id: &str, value: f64| {
        if let Ok(param) = SPEC.param(id) {
            replay.set_start(param, value);
        }
    };
    set("order_rate_per_min", 0.0);
    set("max_receives", RECEIVES);
    set("dedupe", dedupe.number());
    set("log_position", log.number());
    set("crash_step", step.crash().number());
    let mut run = Run::<DuplicateDelivery>::new(replay);
    run.advance(BETWEEN, u64::MAX);
    if only_first && let Ok(param) = SPEC.param("crash_pct") {
        // A run of a few inputs takes one more, and the value is in range.
        let _ = run.input(Input::Change { param, value: 0.0 });
    }
    run.advance(END, u64::MAX);
    let metrics = &run.ctx().metrics;
    Outcome {
        mails: metrics.inbox_mails.value(),
        is_parked: metrics.dlq_depth.value() > 0,
        is_lost: metrics.lost_marked_not_sent.total() > 0,
    }
}

/// Ways in which the steps of two workers with the same message can interleave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interleavings {
    /// Those after which one mail was sent.
    pub one_mail: u64,
    /// Those after which two mails were sent.
    pub two_mails: u64,
}

/// Two workers have the same message at once, since the lease of the first has lapsed, and nobody dies: every order in
/// which their steps can take effect, the log left out. A step that a worker skips takes its turn and does nothing.
pub fn interleavings(dedupe: Dedupe) -> Interleavings {
    let attempt = Attempt {
        dedupe,
        log: LogPosition::Last,
        position: 0,
        key: Key::new(KeyKind::OrderId, 1, 0),
        version: 0,
        skips: false,
        missed_marker: false,
    };
    let turns = listing(dedupe, LogPosition::Last).iter().filter(|step| **step != Step::Log).count();
    let mut found = Interleavings::default();
    interleave([(attempt, turns); 2], &Memory::default(), 0, &Params::defaults(), &mut found);
    found
}

/// Goes on from here with either worker; each still has so many turns.
fn interleave(
    workers: [(Attempt, usize); 2],
    memory: &Memory,
    mails: u64,
    params: &Params,
    found: &mut Interleavings,
) {
    if workers.iter().all(|(_, turns)| *turns == 0) {
        match mails {
            1 => found.one_mail += 1,
            2 => found.two_mails += 1,
            _ => {}
        }
    }
    for at in 0..workers.len() {
        let (mut attempt, turns) = workers[at];
        if turns == 0 {
            continue;
        }
        let (mut workers, mut memory, mut mails) = (workers, memory.clone(), mails);
        // A worker that skips has its place in the listing ahead of its turns.
        let all = listing(attempt.dedupe, attempt.log).len() - 1;
        if attempt.position == all - turns {
            let effect = memory.perform(&mut attempt, SimTime::ZERO, params);
            mails += u64::from(effect == Effect::Mailed);
            if effect == Effect::Left {
                attempt.position = all;
            } else {
                attempt.go_on();
            }
        }
        workers[at] = (attempt, turns - 1);
        interleave(workers, &memory, mails, params, found);
    }
}
