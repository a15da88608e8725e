//! Everything that can become of a single order, explored: every fault at every place, and every order in which a second
//! click, a recovery and the end of a reservation can follow each other.

use super::attempt::{Answer, Attempt, Cart, Class, Fault, State};
use super::steps::Rules;
use crate::explore::{Explored, Protocol, explore};

/// More states than there are.
const MOST_STATES: usize = 200_000;

/// One order and its customer.
#[derive(Clone, Copy, Debug)]
pub struct Paths {
    pub rules: Rules,
    /// The customer clicks once more after an error.
    pub clicks_again: bool,
    /// Faults that strike at most.
    pub faults: u8,
    /// Whether a second click and a recovery may overtake each other, and a request may come late, at any time after its
    /// caller has given up. If not, the customer is quicker, as in a run with the usual outage.
    pub any_order: bool,
}

/// The order, its two attempts, and what has happened to them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scene {
    pub cart: Cart,
    pub attempts: [Attempt; 2],
    pub faults: u8,
    /// Requests that are late: of which attempt, and for which step.
    pub late: [Option<(usize, u8)>; 2],
    /// A dead attempt kept something locked.
    pub has_blocked: bool,
}

/// What can happen, to the first attempt or to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Its next step takes effect, and is answered.
    Step(usize),
    Strike(usize, Fault),
    /// Its request is late: as good as lost for the caller.
    Delay(usize),
    /// A request that is late comes after all.
    Arrive(usize),
    /// It has waited too long for a row that the other attempt has locked.
    GiveUp(usize),
    Recover(usize),
    /// The customer clicks once more.
    Click,
    /// A reservation for a while is over.
    Expire,
}

/// What became of the order, how many faults struck it, and whether something was kept locked.
pub type Verdict = (Class, u8, bool);

impl Paths {
    /// Every path to its end.
    pub fn explore(&self) -> Explored<Move, Verdict> {
        explore(self, MOST_STATES)
    }

    /// What can happen to the attempt at `at` while it runs.
    fn runs(self, scene: &Scene, at: usize, moves: &mut Vec<Move>) {
        let attempt = &scene.attempts[at];
        let is_kept_out = attempt.needs_row(self.rules) && scene.attempts[1 - at].has_row;
        moves.push(if is_kept_out { Move::GiveUp(at) } else { Move::Step(at) });
        let suffers = |fault: &Fault| match fault {
            // A call that waits for the row can still be lost, and nothing is done by it.
            Fault::ReplyLost | Fault::Refused if is_kept_out => false,
            _ => attempt.can_suffer(*fault, self.rules, scene.cart),
        };
        if scene.faults < self.faults {
            moves.extend(Fault::ALL.into_iter().filter(suffers).map(|fault| Move::Strike(at, fault)));
            if self.any_order && suffers(&Fault::RequestLost) {
                moves.push(Move::Delay(at));
            }
        }
    }
}

impl Protocol for Paths {
    type State = Scene;
    type Move = Move;
    type Verdict = Verdict;

    fn start(&self) -> Scene {
        let attempts = [Attempt::begin(), Attempt::default()];
        Scene { cart: Cart::default(), attempts, faults: 0, late: [None; 2], has_blocked: false }
    }

    fn moves(&self, scene: &Scene) -> Vec<Move> {
        let mut moves = Vec::new();
        let [first, second] = &scene.attempts;
        for at in [1, 0] {
            if scene.attempts[at].state == State::Running && (moves.is_empty() || self.any_order) {
                self.runs(scene, at, &mut moves);
            }
        }
        if self.clicks_again
            && first.shows_error()
            && second.state == State::Idle
            && (moves.is_empty() || self.any_order)
        {
            moves.push(Move::Click);
        }
        for at in 0..2 {
            if scene.attempts[at].state == State::Crashed && (moves.is_empty() || self.any_order) {
                moves.push(Move::Recover(at));
            }
        }
        moves.extend((0..scene.late.len()).filter(|late| scene.late[*late].is_some()).map(Move::Arrive));
        if moves.is_empty() && scene.cart.temporary > 0 {
            moves.push(Move::Expire);
        }
        moves
    }

    fn apply(&self, scene: &Scene, next: Move) -> Scene {
        let mut scene = scene.clone();
        let Scene { cart, attempts, late: requests, .. } = &mut scene;
        match next {
            Move::Step(at) => {
                let answer = attempts[at].call(self.rules, cart, None);
                attempts[at].learn(self.rules, cart, answer, true);
            }
            Move::Strike(at, Fault::Crash) => attempts[at].crash(self.rules),
            Move::Strike(at, fault) => {
                let answer = attempts[at].call(self.rules, cart, Some(fault));
                attempts[at].learn(self.rules, cart, answer, true);
            }
            Move::Delay(at) => {
                if let Some(late) = requests.iter_mut().find(|late| late.is_none()) {
                    *late = Some((at, attempts[at].position));
                }
                attempts[at].learn(self.rules, cart, Answer::None, true);
            }
            Move::Arrive(late) => {
                if let Some((_, position)) = requests[late].take() {
                    // What it locks or opens is let go at once: the attempt that wanted it is over.
                    let mut request = Attempt { position, ..Attempt::begin() };
                    request.call(self.rules, cart, None);
                }
            }
            Move::GiveUp(at) => attempts[at].learn(self.rules, cart, Answer::None, true),
            Move::Recover(at) => attempts[at].recover(self.rules),
            Move::Click => attempts[1] = Attempt::begin(),
            Move::Expire => cart.temporary -= 1,
        }
        scene.faults += u8::from(matches!(next, Move::Strike(..) | Move::Delay(_)));
        scene.has_blocked |= scene.attempts.iter().any(Attempt::blocks);
        scene
    }

    fn judge(&self, scene: &Scene) -> Option<Verdict> {
        let is_over = self.moves(scene).is_empty();
        is_over.then(|| (scene.cart.class(), scene.faults, scene.has_blocked))
    }
}
