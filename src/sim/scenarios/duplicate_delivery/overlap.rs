//! One message whose leases lapse while its workers are at it, in two ways: every order of receives, lapses and steps
//! explored as a protocol, and the simulation at many paces. Here it matters what a late ack does.

use std::collections::BTreeSet;

use super::DuplicateDelivery;
use super::handler::{Attempt, Effect, Key, Memory, Missed, Step};
use super::matrix::{LISTINGS, Outcome};
use super::race::race;
use super::tables::{Dedupe, KeyKind, LateAck, LogPosition, Params, SPEC};
use crate::explore::{Protocol, explore};
use crate::parameter::{ParamSet, ParamType};
use crate::replay::Replay;
use crate::run::Run;
use crate::scenario::Playable;
use crate::time::SimTime;

const LATE: [LateAck; 3] = [LateAck::Ignored, LateAck::Deletes, LateAck::Refused];
/// More states than there are.
const MOST_STATES: usize = 1_000_000;

/// A message that is received until it is deleted, or parked when it shows again after `receives` times. Nobody dies, and
/// no claim lapses.
struct Overlap {
    dedupe: Dedupe,
    late_ack: LateAck,
    receives: usize,
    params: Params,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    /// What became of each receive so far: the attempt, or nothing after its end.
    attempts: Vec<Option<Attempt>>,
    /// The newest receive has its lease.
    is_leased: bool,
    is_deleted: bool,
    is_parked: bool,
    memory: Memory,
    end: End,
}

/// What can be seen from outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct End {
    mails: u64,
    is_parked: bool,
    /// Acks that did nothing, told and untold.
    refused: u64,
    stale: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Move {
    Receive,
    Lapse,
    Park,
    /// The step of this receive takes effect.
    Step(usize),
}

impl State {
    /// The receive at `at` acks; tells whether its worker goes on.
    fn ack(&mut self, at: usize, late_ack: LateAck) -> bool {
        let is_newest = at + 1 == self.attempts.len();
        let is_there = !self.is_deleted && !self.is_parked;
        let works = match late_ack {
            LateAck::Ignored => is_newest,
            LateAck::Deletes => true,
            LateAck::Refused => is_newest && self.is_leased,
        };
        if works && is_there {
            (self.is_deleted, self.is_leased) = (true, false);
        } else if late_ack == LateAck::Refused {
            self.end.refused += 1;
            return false;
        } else {
            self.end.stale += 1;
        }
        true
    }
}

impl Protocol for Overlap {
    type State = State;
    type Move = Move;
    type Verdict = End;

    fn start(&self) -> State {
        State {
            attempts: Vec::new(),
            is_leased: false,
            is_deleted: false,
            is_parked: false,
            memory: Memory::default(),
            end: End::default(),
        }
    }

    fn moves(&self, state: &State) -> Vec<Move> {
        let mut moves: Vec<Move> = Vec::new();
        if state.is_leased {
            moves.push(Move::Lapse);
        } else if !state.is_deleted && !state.is_parked {
            let is_worn = state.attempts.len() == self.receives;
            moves.push(if is_worn { Move::Park } else { Move::Receive });
        }
        moves.extend((0..state.attempts.len()).filter(|at| state.attempts[*at].is_some()).map(Move::Step));
        moves
    }

    fn apply(&self, state: &State, next: Move) -> State {
        let mut state = state.clone();
        match next {
            Move::Receive => {
                state.is_leased = true;
                state.attempts.push(Some(Attempt {
                    dedupe: self.dedupe,
                    log: LogPosition::AfterSend,
                    position: 0,
                    key: Key::new(KeyKind::OrderId, 1, 0),
                    version: 0,
                    skips: false,
                    missed: Missed::Nothing,
                }));
            }
            Move::Lapse => state.is_leased = false,
            Move::Park => (state.is_parked, state.end.is_parked) = (true, true),
            Move::Step(at) => {
                let Some(mut attempt) = state.attempts[at] else { return state };
                let effect = state.memory.perform(&mut attempt, SimTime::ZERO, &self.params, false);
                state.end.mails += u64::from(effect == Effect::Mailed);
                let stays = effect != Effect::Left
                    && (attempt.step() != Some(Step::Ack) || state.ack(at, self.late_ack));
                attempt.go_on();
                state.attempts[at] = Some(attempt).filter(|attempt| stays && attempt.step().is_some());
            }
        }
        state
    }

    fn judge(&self, state: &State) -> Option<End> {
        self.moves(state).is_empty().then_some(state.end)
    }
}

/// Every end that the explorer finds.
fn explored(dedupe: Dedupe, late_ack: LateAck, receives: usize) -> BTreeSet<End> {
    let found = explore(&Overlap { dedupe, late_ack, receives, params: Params::defaults() }, MOST_STATES);
    assert_eq!(found.cut, 0, "{dedupe:?}, {late_ack:?}");
    found.verdicts.into_keys().collect()
}

/// The ends of runs whose mails take longer and longer, and whose other steps are quick or slow.
fn simulated(dedupe: Dedupe, late_ack: LateAck, receives: usize) -> BTreeSet<End> {
    let mut ends = BTreeSet::new();
    for (send, op) in (1..200).flat_map(|send| [1.0, 100.0].map(|op| (f64::from(send) * 0.05, op))) {
        let mut replay = Replay::new(&SPEC);
        for (id, value) in [
            ("order_rate_per_min", 0.0),
            ("crash_step", 0.0),
            ("visibility_timeout_s", 1.0),
            ("pickup_delay_s", 0.5),
            ("claim_ttl_s", 86_400.0),
            ("max_receives", receives as f64),
            ("send_s", send),
            ("op_ms", op),
            ("dedupe", dedupe.number()),
            ("late_ack", late_ack.number()),
        ] {
            replay.set_start(SPEC.param(id).unwrap_or_else(|problem| panic!("{problem}")), value);
        }
        let mut run = Run::<DuplicateDelivery>::new(replay);
        run.advance(SimTime::from_secs(60), u64::MAX);
        let Outcome { mails, is_parked, .. } = Outcome::of(&run);
        let metrics = &run.ctx().metrics;
        let (refused, stale) = (metrics.refused_acks_total.total(), metrics.stale_acks_total.total());
        ends.insert(End { mails, is_parked, refused, stale });
    }
    ends
}

/// Whatever the pace, a run ends as the explorer says that it can; and the worst that the explorer finds happens.
#[test]
fn every_pace_of_the_simulation_ends_as_the_explorer_says() {
    for (dedupe, late_ack) in LISTINGS.iter().flat_map(|dedupe| LATE.map(|late| (*dedupe, late))) {
        for receives in 1..=3 {
            let explored = explored(dedupe, late_ack, receives);
            let simulated = simulated(dedupe, late_ack, receives);
            let case = format!("{dedupe:?}, {late_ack:?}, {receives} receives");
            for end in &simulated {
                assert!(explored.contains(end), "{case}: {end:?} is not in {explored:?}");
            }
            let most = |ends: &BTreeSet<End>| ends.iter().map(|end| end.mails).max();
            assert_eq!(most(&simulated), most(&explored), "{case}");
        }
    }
}

/// What a late ack does changes nothing of how often two workers can mail: each has the message before the other acks. So
/// the race of two workers is the same for all queues.
#[test]
fn two_workers_mail_as_often_whatever_their_late_acks_do() {
    for (dedupe, late_ack) in LISTINGS.iter().flat_map(|dedupe| LATE.map(|late| (*dedupe, late))) {
        let most = explored(dedupe, late_ack, 2).iter().map(|end| end.mails).max();
        assert_eq!(
            most,
            race(dedupe).verdicts.last_key_value().map(|(mails, _)| *mails),
            "{dedupe:?}, {late_ack:?}"
        );
    }
}

/// What it does change: whether a message that somebody has mailed and acked late comes once more.
#[test]
fn a_late_ack_decides_whether_a_message_comes_again() {
    use Move::{Lapse, Receive, Step};
    // Of the first worker: send, log, ack.
    let alone = [Receive, Lapse, Step(0), Step(0), Step(0)];
    let overtaken = [Receive, Lapse, Receive, Step(0), Step(0), Step(0)];
    for (late_ack, is_deleted) in [
        (LateAck::Ignored, [true, false]),
        (LateAck::Deletes, [true, true]),
        (LateAck::Refused, [false, false]),
    ] {
        let protocol = Overlap { dedupe: Dedupe::None, late_ack, receives: 2, params: Params::defaults() };
        let ends = [&alone[..], &overtaken[..]].map(|moves| {
            moves.iter().fold(protocol.start(), |state, each| {
                assert!(protocol.moves(&state).contains(each), "{late_ack:?}: {each:?}");
                protocol.apply(&state, *each)
            })
        });
        assert_eq!(ends.map(|state| state.is_deleted), is_deleted, "{late_ack:?}");
    }
}
