//! Two workers that have the same message at once: every order in which their steps can take effect.

use super::exhibits::strategy;
use super::handler::{Attempt, Effect, Key, Memory, Missed, Step, listing};
use super::tables::{Dedupe, KeyKind, LogPosition, Params};
use crate::exhibit::{Exchange, Sequence};
use crate::explore::{Explored, Protocol, explore};
use crate::format;
use crate::parameter::ParamSet;
use crate::time::SimTime;

/// More states than any race of two workers has.
const MOST_STATES: usize = 10_000;
/// Mails that are one too many.
const TWICE: u64 = 2;

/// The lease of the first worker has lapsed, so the second has the message, too, and nobody dies. The log is left out. A
/// step that a worker skips takes its turn and does nothing. What a late ack does makes no difference to the mails of these
/// two (`overlap.rs` proves it).
struct Race {
    dedupe: Dedupe,
    params: Params,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    workers: [Worker; 2],
    memory: Memory,
    mails: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Worker {
    attempt: Attempt,
    /// Turns that it still has.
    turns: usize,
}

impl Race {
    fn new(dedupe: Dedupe) -> Self {
        Self { dedupe, params: Params::defaults() }
    }

    /// The steps of each worker.
    fn steps(&self) -> usize {
        listing(self.dedupe, LogPosition::Last).iter().filter(|step| **step != Step::Log).count()
    }

    /// The worker at `at` takes its turn; tells which step it made and what that did.
    fn turn(&self, state: &mut State, at: usize) -> Option<(Step, Effect)> {
        let worker = state.workers.get_mut(at)?;
        let turn = self.steps().checked_sub(worker.turns)?;
        worker.turns = worker.turns.saturating_sub(1);
        let attempt = &mut worker.attempt;
        // A worker that skips has its place in the listing ahead of its turns.
        let step = attempt.step().filter(|_| attempt.position == turn)?;
        let effect = state.memory.perform(attempt, SimTime::ZERO, &self.params, false);
        state.mails += u64::from(effect == Effect::Mailed);
        if effect == Effect::Left {
            attempt.position = self.steps();
        } else {
            attempt.go_on();
        }
        Some((step, effect))
    }
}

impl Protocol for Race {
    type State = State;
    /// Whose turn it is.
    type Move = usize;
    /// Mails.
    type Verdict = u64;

    fn start(&self) -> State {
        let attempt = Attempt {
            dedupe: self.dedupe,
            log: LogPosition::Last,
            position: 0,
            key: Key::new(KeyKind::OrderId, 1, 0),
            version: 0,
            skips: false,
            missed: Missed::Nothing,
        };
        State { workers: [Worker { attempt, turns: self.steps() }; 2], memory: Memory::default(), mails: 0 }
    }

    fn moves(&self, state: &State) -> Vec<usize> {
        (0..state.workers.len()).filter(|at| state.workers[*at].turns > 0).collect()
    }

    fn apply(&self, state: &State, at: usize) -> State {
        let mut state = state.clone();
        self.turn(&mut state, at);
        state
    }

    /// Nobody takes a mail back, and each worker sends one at most.
    fn judge(&self, state: &State) -> Option<u64> {
        let is_over = state.workers.iter().all(|worker| worker.turns == 0);
        (is_over || state.mails == TWICE).then_some(state.mails)
    }
}

/// Every order in which the steps of two workers with one message can take effect: a move is the position of the worker
/// whose turn it is, the verdict the number of mails.
pub fn race(dedupe: Dedupe) -> Explored<usize, u64> {
    explore(&Race::new(dedupe), MOST_STATES)
}

/// The shortest order after which two mails are out, if there is one.
pub fn sequence(dedupe: Dedupe) -> Sequence {
    let (race, found) = (Race::new(dedupe), race(dedupe));
    let orders = found.orders;
    let suppose = format!(
        "Suppose the lease of the first worker has lapsed while it is at work, and a second worker has the message, too. \
         Duplicates are stopped by \"{}\":",
        strategy(dedupe)
    );
    let possible = format!("of the {} orders in which their steps can take effect", format::count(orders));
    let Some(twice) = found.verdicts.get(&TWICE) else {
        let lead = format!("{suppose} none {possible} sends two mails.");
        return Sequence { lead, participants: Vec::new(), steps: Vec::new() };
    };
    let send = if twice.orders == orders {
        format!("each {possible} sends two mails")
    } else {
        format!("{} {possible} send two mails", format::count(twice.orders))
    };
    let lead = format!("{suppose} {send}. This is the shortest way there.");
    let mut participants = vec![String::from("Worker 1"), String::from("Worker 2")];
    let mut steps = Vec::new();
    let mut state = race.start();
    for at in &twice.shortest {
        let Some((step, effect)) = race.turn(&mut state, *at) else { continue };
        let called = match step {
            Step::Check | Step::Mark => "Marker store",
            Step::Send => "Mail service",
            Step::Log => "Log",
            Step::Ack => "Queue",
        };
        let to = participants.iter().position(|name| name == called).unwrap_or(participants.len());
        if to == participants.len() {
            participants.push(called.to_owned());
        }
        let result = match effect {
            Effect::Mailed => format!("mail {}", state.mails),
            Effect::Nothing if step == Step::Check => String::from("no marker is there"),
            _ => String::from("done"),
        };
        steps.push(Exchange { from: *at, to, action: step.word(dedupe).to_owned(), result, is_lost: false });
    }
    Sequence { lead, participants, steps }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenarios::duplicate_delivery::matrix::LISTINGS;

    /// What the sequence says, line by line.
    fn told(dedupe: Dedupe) -> Vec<String> {
        let Sequence { participants, steps, .. } = sequence(dedupe);
        let line = |step: &Exchange| {
            let (from, to) = (&participants[step.from], &participants[step.to]);
            format!("{from}: {} -> {to}: {}", step.action, step.result)
        };
        steps.iter().map(line).collect()
    }

    #[test]
    fn every_race_is_followed_to_its_end() {
        for dedupe in LISTINGS {
            let found = race(dedupe);
            assert_eq!(found.cut, 0, "{dedupe:?}");
            assert_eq!(found.orders, found.verdicts.values().map(|reached| reached.orders).sum::<u64>());
        }
    }

    /// A verdict that is given before the end is what the end says, in every order.
    #[test]
    fn two_mails_stay_two_mails() {
        fn follow(race: &Race, state: &State, early: Option<u64>) {
            let verdict = race.judge(state);
            assert!(early.is_none() || early == verdict, "{early:?}, then {verdict:?}");
            for at in race.moves(state) {
                follow(race, &race.apply(state, at), verdict);
            }
        }
        for dedupe in LISTINGS {
            let race = Race::new(dedupe);
            follow(&race, &race.start(), None);
        }
    }

    #[test]
    fn the_shortest_way_to_two_mails_is_told_step_by_step() {
        assert_eq!(
            told(Dedupe::None),
            ["Worker 1: send -> Mail service: mail 1", "Worker 2: send -> Mail service: mail 2"]
        );
        assert_eq!(
            told(Dedupe::CheckThenMark),
            [
                "Worker 1: check -> Marker store: no marker is there",
                "Worker 1: send -> Mail service: mail 1",
                "Worker 2: check -> Marker store: no marker is there",
                "Worker 2: send -> Mail service: mail 2",
            ]
        );
        assert!(sequence(Dedupe::None).lead.contains("each of the 6 orders"));
        assert!(sequence(Dedupe::CheckThenMark).lead.contains("60 of the 70 orders"));
    }

    #[test]
    fn a_strategy_that_never_mails_twice_says_of_how_many_orders() {
        for (dedupe, orders) in [(Dedupe::MarkFirst, 20), (Dedupe::UniqueKey, 6), (Dedupe::ClaimLease, 70)] {
            let sequence = sequence(dedupe);
            assert!(sequence.lead.contains(&format!("none of the {orders} orders")), "{}", sequence.lead);
            assert_eq!(sequence.steps, []);
        }
    }
}
