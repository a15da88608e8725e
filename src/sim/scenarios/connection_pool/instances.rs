//! Instances of the application: who waits there for a slot, and who gets one.

use super::ConnectionPool;
use super::flow::State;
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::resource::fifo::Fifo;
use crate::time::SimTime;

/// What an instance is up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Up,
    /// Takes nothing new; is restarted when its queue is empty.
    Draining,
    Restarting,
    /// There are enough others; it starts again when more are asked for.
    Stopped,
}

/// An instance of the application: its queue and its pool.
#[derive(Clone, Copy, Debug)]
pub struct Instance {
    pub mode: Mode,
    pub line: Fifo,
    pub in_use: u64,
    pub usable: u64,
    /// While it is being restarted: the event at which it is up.
    pub up: EventHandle,
    /// When its pool was last enlarged by itself.
    pub scaled: Option<SimTime>,
    /// For the diagram: transactions that came in and that were given a slot.
    pub came: u64,
    pub began: u64,
}

impl Instance {
    pub fn new(slots: u64) -> Self {
        Self {
            mode: Mode::Up,
            line: Fifo::default(),
            in_use: 0,
            usable: slots,
            up: EventHandle::NONE,
            scaled: None,
            came: 0,
            began: 0,
        }
    }
}

type Context = Ctx<ConnectionPool>;

impl ConnectionPool {
    /// The instance that is next in turn, of those that take anything.
    pub(super) fn route(&mut self) -> Option<usize> {
        for step in 0..self.active {
            let at = (self.turn + step) % self.active;
            if self.instances[at].mode == Mode::Up {
                self.turn = (at + 1) % self.active;
                return Some(at);
            }
        }
        None
    }

    /// The transaction at the head of no queue is given a slot of its instance.
    pub(super) fn begin(&mut self, id: u32, ctx: &mut Context) {
        let now = ctx.now();
        let transaction = &mut self.transactions[id];
        transaction.state = State::Database;
        transaction.began = now;
        let waited = now - transaction.arrived;
        let work = SimTime::from_millis_f64(f64::from(transaction.size) * ctx.params.db_ms);
        let instance = &mut self.instances[transaction.instance as usize];
        self.given_past_limit += u64::from(instance.in_use >= instance.usable);
        instance.in_use += 1;
        instance.began += 1;
        ctx.metrics.wait_s.observe(waited);
        self.window.longest_wait = self.window.longest_wait.max(waited);
        ctx.metrics.connections_in_use.set(now, ctx.metrics.connections_in_use.value() + 1);
        self.database.jobs.add(now, id, work);
        self.plan_statement_end(ctx);
    }

    /// Gives free slots of an instance to those who wait there.
    pub(super) fn fill(&mut self, at: usize, ctx: &mut Context) {
        while self.instances[at].mode != Mode::Restarting
            && self.instances[at].in_use < self.instances[at].usable
            && let Some(id) = self.instances[at].line.first()
        {
            self.unlink(id, ctx);
            self.begin(id, ctx);
        }
    }

    /// A transaction stands in line for a slot of its instance.
    pub(super) fn enqueue(&mut self, id: u32, ctx: &mut Context) {
        let at = self.transactions[id].instance as usize;
        self.instances[at].line.join(&mut self.transactions, id);
        ctx.metrics.queue_depth.set(ctx.now(), ctx.metrics.queue_depth.value() + 1);
    }

    /// A transaction leaves the line.
    pub(super) fn unlink(&mut self, id: u32, ctx: &mut Context) {
        let at = self.transactions[id].instance as usize;
        self.instances[at].line.leave(&mut self.transactions, id);
        ctx.metrics.queue_depth.set(ctx.now(), ctx.metrics.queue_depth.value() - 1);
    }

    /// The number of statements has changed: so have the gauge and the end of the next.
    pub(super) fn plan_statement_end(&mut self, ctx: &mut Context) {
        ctx.metrics.db_running.set(ctx.now(), self.database.jobs.len() as u64);
        self.database.plan(ctx);
    }

    /// Whether nobody has waited longer than `limit`, and nobody who waits has.
    pub(super) fn waits_within(&self, limit: SimTime, now: SimTime) -> bool {
        let oldest = |instance: &Instance| {
            let head = instance.line.first().and_then(|id| self.transactions.get(id));
            head.map_or(SimTime::ZERO, |head| now - head.arrived)
        };
        self.window.longest_wait <= limit && self.instances.iter().all(|instance| oldest(instance) <= limit)
    }
}
