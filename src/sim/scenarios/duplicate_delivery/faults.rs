//! A single order whose workers and whose mail service die wherever they like, in two ways: every order of crashes explored
//! as a protocol, and the same crashes entered into the simulation.

use std::collections::BTreeMap;

use super::handler::{Attempt, Effect, Key, Memory, Missed, Step};
use super::matrix::{LISTINGS, Outcome, RECEIVES, outcome, replay};
use super::tables::{CrashStep, Dedupe, KeyKind, LogPosition, MailService, Params, SPEC};
use super::{DuplicateDelivery, listing};
use crate::explore::{Protocol, explore};
use crate::parameter::{ParamSet, ParamType};
use crate::replay::{Input, Replay};
use crate::run::Run;
use crate::scenario::Playable;
use crate::time::SimTime;

const LOGS: [LogPosition; 2] = [LogPosition::AfterSend, LogPosition::Last];
/// From one receive of a message to the next: the lease and the pick-up.
const CYCLE: SimTime = SimTime::from_secs(77);
/// More states than there are.
const MOST_STATES: usize = 1_000_000;

/// A message that is received again until it is deleted or has been received `receives` times. Each attempt is over within
/// its lease, so no ack is late.
struct Redelivery {
    dedupe: Dedupe,
    log: LogPosition,
    receives: u32,
    params: Params,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    /// The attempt that is under way.
    attempt: Option<Attempt>,
    received: u32,
    memory: Memory,
    mails: u64,
    is_deleted: bool,
}

#[derive(Clone, Copy)]
enum Move {
    /// A worker receives the message, since the lease of the one before has lapsed.
    Receive,
    /// The step takes effect.
    Step,
    /// The worker dies on entering the step.
    Crash,
    /// The mail service dies between the two acts of this step.
    ServiceCrash,
}

impl Redelivery {
    fn new(dedupe: Dedupe, log: LogPosition, service: MailService, receives: u32) -> Self {
        let params = Params { mail_service: service, ..Params::defaults() };
        Self { dedupe, log, receives, params }
    }

    /// What the step under way does, at its end.
    fn perform(&self, state: &mut State, dies: bool) -> Effect {
        let now = SimTime::from_nanos(CYCLE.nanos() * u64::from(state.received));
        let Some(attempt) = &mut state.attempt else { return Effect::Nothing };
        state.memory.perform(attempt, now, &self.params, dies)
    }
}

impl Protocol for Redelivery {
    type State = State;
    type Move = Move;
    type Verdict = Outcome;

    fn start(&self) -> State {
        State { attempt: None, received: 0, memory: Memory::default(), mails: 0, is_deleted: false }
    }

    fn moves(&self, state: &State) -> Vec<Move> {
        match state.attempt {
            Some(_) => {
                let fails = matches!(self.perform(&mut state.clone(), true), Effect::Failed { .. });
                [Move::Step, Move::Crash].into_iter().chain(fails.then_some(Move::ServiceCrash)).collect()
            }
            None if state.is_deleted || state.received == self.receives => Vec::new(),
            None => vec![Move::Receive],
        }
    }

    fn apply(&self, state: &State, next: Move) -> State {
        let mut state = state.clone();
        match next {
            Move::Step => {
                let effect = self.perform(&mut state, false);
                state.mails += u64::from(effect == Effect::Mailed);
                if let Some(attempt) = &mut state.attempt {
                    state.is_deleted |= attempt.step() == Some(Step::Ack);
                    attempt.go_on();
                    if effect == Effect::Left || attempt.step().is_none() {
                        state.attempt = None;
                    }
                }
            }
            Move::Crash => state.attempt = None,
            Move::ServiceCrash => {
                let effect = self.perform(&mut state, true);
                state.mails += u64::from(effect == Effect::Failed { mailed: true });
                state.attempt = None;
            }
            Move::Receive => {
                state.received += 1;
                state.attempt = Some(Attempt {
                    dedupe: self.dedupe,
                    log: self.log,
                    position: 0,
                    key: Key::new(KeyKind::OrderId, 1, 0),
                    version: 0,
                    skips: false,
                    missed: Missed::Nothing,
                });
            }
        }
        state
    }

    fn judge(&self, state: &State) -> Option<Outcome> {
        self.moves(state).is_empty().then_some(Outcome {
            mails: state.mails,
            is_parked: !state.is_deleted,
            is_lost: state.is_deleted && state.mails == 0,
        })
    }
}

/// What the explorer finds: how many orders of crashes end with each outcome.
fn explored(redelivery: &Redelivery) -> BTreeMap<Outcome, u64> {
    let found = explore(redelivery, MOST_STATES);
    assert_eq!(found.cut, 0, "{:?}, {:?}", redelivery.dedupe, redelivery.log);
    found.verdicts.into_iter().map(|(outcome, reached)| (outcome, reached.orders)).collect()
}

/// What the simulation says: for every order of crashes, entered one by one, the outcome; counted like the above.
fn simulated(replay: &Replay, attempt: u32, receives: u32, ends: &mut BTreeMap<Outcome, u64>) {
    let begin = SimTime::from_nanos(CYCLE.nanos() * u64::from(attempt));
    // The last is that no worker dies, but the mail service.
    for crash in 0..=CrashStep::CHOICES.len() {
        let mut replay = replay.clone();
        let is_service = crash == CrashStep::CHOICES.len();
        let (step, service) = if is_service { (0.0, 100.0) } else { (crash as f64, 0.0) };
        for (id, value) in [("crash_step", step), ("mail_service_crash_pct", service)] {
            let param = SPEC.param(id).unwrap_or_else(|problem| panic!("{problem}"));
            assert_eq!(replay.add(begin, Input::Change { param, value }), Ok(()));
        }
        let mut run = Run::<DuplicateDelivery>::new(replay.clone());
        run.advance(begin + SimTime::from_secs(60), u64::MAX);
        let metrics = &run.ctx().metrics;
        // Whoever is received again has crashed each time.
        let crashes = metrics.worker_crashes_total.total() + metrics.mail_service_crashes_total.total();
        let has_crashed = crashes > u64::from(attempt);
        if crash > 0 && !has_crashed {
            // The attempt does not come to that step, so this is the order without a crash.
            continue;
        }
        let is_over = metrics.queue_visible.value() + metrics.queue_in_flight.value() == 0;
        if is_over || attempt + 1 == receives {
            *ends.entry(outcome(&replay)).or_default() += 1;
        } else {
            simulated(&replay, attempt + 1, receives, ends);
        }
    }
}

/// Every listing, and of the one with a key every way in which the mail service keeps it.
fn handlers() -> impl Iterator<Item = (Dedupe, LogPosition, MailService)> {
    let all = [MailService::Atomic, MailService::KeyFirst, MailService::MailFirst, MailService::KeyPassedOn];
    let services =
        move |dedupe: Dedupe| all.into_iter().take(if dedupe == Dedupe::UniqueKey { 4 } else { 1 });
    let listings = LISTINGS.iter().flat_map(|dedupe| LOGS.map(|log| (*dedupe, log)));
    listings.flat_map(move |(dedupe, log)| services(dedupe).map(move |service| (dedupe, log, service)))
}

/// Wherever workers and the mail service die, in whatever order: the protocol and the simulation know the same outcomes,
/// equally often.
#[test]
fn every_order_of_crashes_ends_in_the_simulation_as_the_explorer_says() {
    for (dedupe, log, service) in handlers() {
        for receives in 1..=3 {
            let mut replay = Replay::new(&SPEC);
            for (id, value) in [
                ("order_rate_per_min", 0.0),
                ("max_receives", f64::from(receives)),
                ("dedupe", dedupe.number()),
                ("log_position", log.number()),
                ("mail_service", service.number()),
            ] {
                replay.set_start(SPEC.param(id).unwrap_or_else(|problem| panic!("{problem}")), value);
            }
            let mut ends = BTreeMap::new();
            simulated(&replay, 0, receives, &mut ends);
            let explored = explored(&Redelivery::new(dedupe, log, service, receives));
            assert_eq!(ends, explored, "{dedupe:?}, {log:?}, {service:?}, {receives} receives");
        }
    }
}

/// Of all orders of crashes and five receives: who can lose a mail, and who can send more than one.
#[test]
fn only_a_key_that_is_kept_with_the_mail_neither_loses_nor_repeats() {
    for (service, most, loses) in [
        (MailService::Atomic, 1, false),
        (MailService::KeyFirst, 1, true),
        (MailService::MailFirst, 5, false),
        (MailService::KeyPassedOn, 1, false),
    ] {
        let found = explored(&Redelivery::new(Dedupe::UniqueKey, LogPosition::AfterSend, service, RECEIVES));
        assert_eq!(found.keys().map(|outcome| outcome.mails).max(), Some(most), "{service:?}");
        assert_eq!(found.keys().any(|outcome| outcome.is_lost), loses, "{service:?}");
    }
}

/// The outcomes in the matrix are among those that the explorer finds for five receives, and the extremes of each
/// strategy are what the matrix says.
#[test]
fn the_explorer_finds_every_outcome_of_the_matrix_and_nothing_worse() {
    for (dedupe, log) in LISTINGS.iter().flat_map(|dedupe| LOGS.map(|log| (*dedupe, log))) {
        let found = explored(&Redelivery::new(dedupe, log, MailService::Atomic, RECEIVES));
        let mut played = Vec::new();
        for step in listing(dedupe, log) {
            for only_first in [true, false] {
                played.push(outcome(&replay(dedupe, log, *step, only_first)));
            }
        }
        for outcome in &played {
            assert!(found.contains_key(outcome), "{dedupe:?}, {log:?}: {outcome:?} is not in {found:?}");
        }
        let found: Vec<Outcome> = found.into_keys().collect();
        let most = |outcomes: &[Outcome]| outcomes.iter().map(|outcome| outcome.mails).max();
        assert_eq!(most(&found), most(&played), "{dedupe:?}, {log:?}");
        let loses = |outcomes: &[Outcome]| outcomes.iter().any(|outcome| outcome.is_lost);
        assert_eq!(loses(&found), loses(&played), "{dedupe:?}, {log:?}");
    }
}
