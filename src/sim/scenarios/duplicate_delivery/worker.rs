//! A worker, and what decides whether it dies.

use super::flow::Body;
use super::handler::{Attempt, Key, Missed, Step};
use super::tables::{CrashKind, CrashScope, Dedupe, KeyKind, LogPosition, Params};
use crate::event_list::EventHandle;
use crate::resource::leased_queue::{Message, Receipt};
use crate::time::SimTime;

/// What a worker is up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Idle,
    /// At a step of its attempt.
    Working,
    /// To be restarted.
    Dead,
    /// For ever.
    Hung,
}

/// A worker.
#[derive(Clone, Debug)]
pub struct Worker {
    pub state: State,
    pub attempt: Attempt,
    pub receipt: Receipt,
    /// Where its order is, and the order's number.
    pub order: u32,
    pub order_number: u64,
    pub after_crash: bool,
    /// When the message was published, when it was received, how often, and since when the step or state lasts.
    pub published: SimTime,
    pub received: SimTime,
    pub receives: u32,
    pub since: SimTime,
    /// What decides, in [0, 1), whether its worker dies at the marked step, and at another.
    pub luck: f64,
    pub background_luck: f64,
    /// Position of that other step.
    pub background_at: usize,
    pub heartbeat: EventHandle,
    /// Messages that it has received and not begun, the next first, each as it was at the receive.
    pub waiting: Vec<(Receipt, Message<Body>)>,
    /// For the diagram: messages received, mails sent, and calls to the marker store.
    pub received_total: u64,
    pub mailed_total: u64,
    pub marker_calls: u64,
}

impl Default for Worker {
    fn default() -> Self {
        let attempt = Attempt {
            dedupe: Dedupe::None,
            log: LogPosition::AfterSend,
            position: 0,
            key: Key::new(KeyKind::OrderId, 0, 0),
            version: 0,
            skips: false,
            missed: Missed::Nothing,
        };
        Self {
            state: State::Idle,
            attempt,
            receipt: Receipt::NONE,
            order: 0,
            order_number: 0,
            after_crash: false,
            published: SimTime::ZERO,
            received: SimTime::ZERO,
            receives: 0,
            since: SimTime::ZERO,
            luck: 1.0,
            background_luck: 1.0,
            background_at: 0,
            heartbeat: EventHandle::NONE,
            waiting: Vec::new(),
            received_total: 0,
            mailed_total: 0,
            marker_calls: 0,
        }
    }
}

impl Worker {
    /// How its worker dies on entering `step`; `None` if it does not.
    pub fn dies_at(&self, step: Step, params: &Params) -> Option<CrashKind> {
        let is_hit = params.crash_scope == CrashScope::AllOrders || self.order_number == 0;
        if is_hit && params.crash_step == step.crash() && self.luck * 100.0 < params.crash_pct {
            return Some(params.crash_kind);
        }
        let other = self.background_at == self.attempt.position
            && self.background_luck * 100.0 < params.background_crash_pct;
        other.then_some(CrashKind::Exit)
    }
}
