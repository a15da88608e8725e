//! An order while it is under way.

use super::attempt::{Attempt, Cart, Class, Fault, State};
use super::choices::Place;
use super::steps::Rules;
use super::tables::{Failure, Metrics};
use crate::event_list::EventHandle;
use crate::metric::FailureReason;
use crate::snapshot::{Life, Span};
use crate::time::SimTime;

/// Goods that the shop has, each with a row of its own.
pub const GOODS: usize = 20;

/// One order with its two attempts.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    pub placed: SimTime,
    pub rules: Rules,
    pub cart: Cart,
    pub attempts: [Attempt; 2],
    /// When each attempt began.
    pub began: [SimTime; 2],
    /// Decide whether each attempt dies by chance, and where.
    pub crashes: [(f64, f64); 2],
    /// The step before which it then dies.
    pub dies_before: [Option<u8>; 2],
    /// Where faults strike it by hand alone: those that are still to come.
    pub by_hand: Option<[Place; 2]>,
    /// Which of the goods it is about.
    pub goods: u8,
    /// Decides whether its customer clicks again.
    pub patience: f64,
    /// The second click is to come.
    pub click_is_due: bool,
    /// The end of the wait for a row, which attempt waits, and what becomes of its call.
    pub wait: EventHandle,
    pub waits: usize,
    pub fate: Option<Fault>,
    /// The next second for which each attempt, dead, keeps its locks.
    pub seconds: [EventHandle; 2],
    /// When the customer learned what became of each attempt.
    pub told: [Option<SimTime>; 2],
    /// The ends of the reservations that each attempt has made.
    pub expiries: [EventHandle; 2],
    pub is_in_doubt: bool,
    /// A checkout of it broke off when it was charged and not reserved.
    pub is_split: bool,
}

impl Order {
    /// Whether nothing more happens to it.
    pub fn is_at_rest(&self) -> bool {
        !self.attempts.iter().any(Attempt::is_under_way) && !self.click_is_due && self.cart.temporary == 0
    }

    /// Whether the fault placed by hand that comes next is this one, and strikes the attempt where it is.
    pub fn is_marked_for(&self, fault: Fault, at: usize) -> bool {
        let attempt = &self.attempts[at];
        self.by_hand.iter().flatten().find_map(|place| place.strike()) == Some((attempt.position, fault))
            && attempt.can_suffer(fault, self.rules, self.cart)
    }

    /// That fault has struck.
    pub fn unmark(&mut self) {
        if let Some(mark) = self.by_hand.iter_mut().flatten().find(|place| **place != Place::None) {
            *mark = Place::None;
        }
    }

    /// Its life by `now`; `end` is what became of it.
    pub fn life(&self, now: SimTime, end: Option<Class>) -> Life {
        let mut spans = Vec::with_capacity(3);
        let mut since = None;
        for ((attempt, began), told) in self.attempts.iter().zip(self.began).zip(self.told) {
            let name = match attempt.state {
                State::Idle => continue,
                _ if told.is_none() => "is checked out",
                State::Refused => "was refused",
                _ if attempt.shows_error() => "broke off",
                _ => "was checked out",
            };
            spans.push(Span::new(name, began, told));
            since = told;
        }
        if let Some(since) = since {
            let name = match end {
                Some(_) => "was settled",
                None if self.attempts.iter().any(|attempt| attempt.state == State::Crashed) => {
                    "waits for its recovery"
                }
                None if self.click_is_due => "waits for its customer",
                None => "is settled",
            };
            spans.push(Span::new(name, since, end.map(|_| now)));
        }
        let outcome = end.map(|class| class.failure().map_or("ok", FailureReason::id));
        Life { arrived: self.placed, spans, outcome, failed: end.is_some_and(|end| end != Class::Ok) }
    }
}

impl Class {
    /// The reason for which an order has failed.
    pub const fn failure(self) -> Option<Failure> {
        match self {
            Self::Ok => None,
            Self::CleanFail => Some(Failure::CleanFail),
            Self::ChargedNotReserved => Some(Failure::ChargedNotReserved),
            Self::ReservedNotCharged => Some(Failure::ReservedNotCharged),
            Self::HoldOnly => Some(Failure::HoldOnly),
            Self::DoubleCharged => Some(Failure::DoubleCharged),
            Self::DoubleReserved => Some(Failure::DoubleReserved),
        }
    }

    /// Whether payment and stock disagree.
    pub const fn is_inconsistent(self) -> bool {
        matches!(self, Self::ChargedNotReserved | Self::ReservedNotCharged | Self::DoubleReserved)
    }

    /// Whether somebody complains, or the shop has to look for goods.
    pub const fn needs_ticket(self) -> bool {
        self.is_inconsistent() || matches!(self, Self::DoubleCharged)
    }

    /// Orders that came to rest like this.
    pub fn total(self, metrics: &Metrics) -> u64 {
        self.failure().map_or(metrics.ok.total(), |failure| failure.total(metrics))
    }
}
