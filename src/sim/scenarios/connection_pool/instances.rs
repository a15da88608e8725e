//! Instances of the application: who waits there for a worker or a connection, and who gets one.

use super::flow::{State, Transaction};
use super::tables::{Event, Failure};
use super::{ConnectionPool, MOST_INSTANCES};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::resource::fifo::Fifo;
use crate::time::SimTime;

/// What an instance is up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Up,
    /// Takes nothing new; is restarted when its queues are empty.
    Draining,
    Restarting,
    /// There are enough others; it starts again when more are asked for.
    Stopped,
}

/// An instance of the application: its workers, its pool, and the queues for both.
#[derive(Clone, Copy, Debug)]
pub struct Instance {
    pub mode: Mode,
    /// Transactions that wait for a worker.
    pub backlog: Fifo,
    /// Transactions that have a worker.
    pub workers: u64,
    /// Transactions that wait for a connection.
    pub line: Fifo,
    /// Those of them that hold one and wait for another.
    pub halves: u64,
    pub in_use: u64,
    /// Connections that the database has opened for the pool, idle ones included.
    pub open: u64,
    /// Connections that the pool may have.
    pub usable: u64,
    /// While it is being restarted: the event at which it is up.
    pub up: EventHandle,
    /// When its pool was last enlarged by itself.
    pub scaled: Option<SimTime>,
    /// For the identities and the diagram: transactions that came in and that got a worker, connections asked for and
    /// given, and transactions that had all of theirs.
    pub came: u64,
    pub started: u64,
    pub asked: u64,
    pub began: u64,
    pub executed: u64,
}

impl Instance {
    pub fn new(slots: u64) -> Self {
        Self {
            mode: Mode::Up,
            backlog: Fifo::default(),
            workers: 0,
            line: Fifo::default(),
            halves: 0,
            in_use: 0,
            open: 0,
            usable: slots,
            up: EventHandle::NONE,
            scaled: None,
            came: 0,
            started: 0,
            asked: 0,
            began: 0,
            executed: 0,
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

    /// A transaction has come to its instance: it gets a worker, or waits for one.
    pub(super) fn come_in(&mut self, id: u32, ctx: &mut Context) {
        let at = self.transactions[id].instance as usize;
        self.instances[at].came += 1;
        if self.instances[at].backlog.is_empty() && self.has_worker(at, ctx) {
            self.start_on(id, ctx);
        } else {
            self.instances[at].backlog.join(&mut self.transactions, id);
            ctx.metrics.worker_queue.set(ctx.now(), ctx.metrics.worker_queue.value() + 1);
        }
        self.fill(at, ctx);
    }

    fn has_worker(&self, at: usize, ctx: &Context) -> bool {
        ctx.params.worker_threads == 0 || self.instances[at].workers < ctx.params.worker_threads
    }

    /// A worker takes up a transaction, which asks for a connection at once.
    fn start_on(&mut self, id: u32, ctx: &mut Context) {
        let now = ctx.now();
        let transaction = &mut self.transactions[id];
        transaction.state = State::Waiting;
        transaction.started = now;
        self.window.longest_wait = self.window.longest_wait.max(now - transaction.arrived);
        let at = transaction.instance as usize;
        self.given_past_limit += u64::from(!self.has_worker(at, ctx));
        self.instances[at].workers += 1;
        self.instances[at].started += 1;
        self.ask(id, ctx);
    }

    /// A transaction asks for a connection. Where none is idle and the pool may have more, the pool asks the database for
    /// one; where the database refuses, the transaction fails.
    fn ask(&mut self, id: u32, ctx: &mut Context) {
        let at = self.transactions[id].instance as usize;
        self.instances[at].asked += 1;
        let Instance { in_use, open, usable, line, .. } = self.instances[at];
        if in_use >= open && open < usable && !self.open(at, ctx) {
            self.left_queue += 1;
            self.drop_unanswered(id, Failure::DbRefused, ctx);
            self.give_back(id, ctx);
        } else if line.is_empty() && in_use < usable {
            self.grant(id, ctx);
        } else {
            self.enqueue(id, ctx);
        }
    }

    /// The database opens another connection for an instance's pool, unless it has reached its limit.
    fn open(&mut self, at: usize, ctx: &mut Context) -> bool {
        let is_allowed = !Self::is_at_limit(ctx);
        if is_allowed {
            self.instances[at].open += 1;
            ctx.metrics.connections_open.set(ctx.now(), ctx.metrics.connections_open.value() + 1);
        }
        is_allowed
    }

    /// Whether the database opens no other connection.
    pub(super) fn is_at_limit(ctx: &Context) -> bool {
        let limit = ctx.params.db_max_connections;
        limit > 0 && ctx.metrics.connections_open.value() >= limit
    }

    /// Closes the connections of an instance's pool that are not in use, as long as there are more than `most`.
    pub(super) fn close(&mut self, at: usize, most: u64, ctx: &mut Context) {
        let instance = &mut self.instances[at];
        let closed = instance.open.saturating_sub(most.max(instance.in_use));
        if closed > 0 {
            instance.open -= closed;
            ctx.metrics.connections_open.set(ctx.now(), ctx.metrics.connections_open.value() - closed);
        }
    }

    /// A transaction that stands in no queue is given a connection. It works when it has all that it needs, and asks for
    /// the next one until then.
    fn grant(&mut self, id: u32, ctx: &mut Context) {
        let now = ctx.now();
        let transaction = &mut self.transactions[id];
        let waited = now - transaction.asked();
        if transaction.held == 0 {
            transaction.began = now;
            transaction.needs = ctx.params.connections_per_tx as u8;
        }
        transaction.held += 1;
        let is_ready = transaction.held >= transaction.needs;
        let instance = &mut self.instances[transaction.instance as usize];
        self.given_past_limit += u64::from(instance.in_use >= instance.usable.min(instance.open));
        instance.in_use += 1;
        instance.began += 1;
        ctx.metrics.wait_s.observe(waited);
        self.window.longest_wait = self.window.longest_wait.max(waited);
        ctx.metrics.connections_in_use.set(now, ctx.metrics.connections_in_use.value() + 1);
        if is_ready {
            instance.executed += 1;
            transaction.state = State::Database;
            transaction.ready = now;
            let work = SimTime::from_millis_f64(f64::from(transaction.size) * ctx.params.db_ms);
            self.database.jobs.add(now, id, work);
            self.plan_statement_end(ctx);
        } else {
            self.ask(id, ctx);
        }
    }

    /// Gives free connections and workers of an instance to those who wait there. If it is draining and nobody is left, it
    /// goes on with that.
    pub(super) fn fill(&mut self, at: usize, ctx: &mut Context) {
        while self.instances[at].mode != Mode::Restarting {
            let Instance { in_use, open, usable, line, backlog, .. } = self.instances[at];
            if let Some(id) = line.first()
                && in_use < usable
                && (in_use < open || self.open(at, ctx))
            {
                self.unlink(id, ctx);
                self.grant(id, ctx);
            } else if let Some(id) = backlog.first()
                && self.has_worker(at, ctx)
            {
                self.unlink(id, ctx);
                self.start_on(id, ctx);
            } else {
                break;
            }
        }
        self.drain_on(at, ctx);
    }

    /// The number of workers has changed.
    pub(super) fn fill_all(&mut self, ctx: &mut Context) {
        for at in 0..MOST_INSTANCES {
            self.fill(at, ctx);
        }
    }

    /// A transaction stands in line for a connection of its instance.
    fn enqueue(&mut self, id: u32, ctx: &mut Context) {
        if ctx.params.acquire_timeout_s > 0.0 {
            let timeout = SimTime::from_secs_f64(ctx.params.acquire_timeout_s);
            self.transactions[id].timer = ctx.schedule_limit(timeout, Event::AcquireTimeout(id));
        }
        let transaction = &self.transactions[id];
        let instance = &mut self.instances[transaction.instance as usize];
        instance.halves += u64::from(transaction.held > 0);
        instance.line.join(&mut self.transactions, id);
        ctx.metrics.queue_depth.set(ctx.now(), ctx.metrics.queue_depth.value() + 1);
    }

    /// A transaction leaves the queue that it stands in.
    pub(super) fn unlink(&mut self, id: u32, ctx: &mut Context) {
        let transaction = self.transactions[id];
        let instance = &mut self.instances[transaction.instance as usize];
        if transaction.state == State::Queued {
            instance.backlog.leave(&mut self.transactions, id);
            ctx.metrics.worker_queue.set(ctx.now(), ctx.metrics.worker_queue.value() - 1);
        } else {
            ctx.cancel(transaction.timer);
            instance.halves -= u64::from(transaction.held > 0);
            instance.line.leave(&mut self.transactions, id);
            ctx.metrics.queue_depth.set(ctx.now(), ctx.metrics.queue_depth.value() - 1);
        }
    }

    /// A transaction leaves the queue that it stands in, and gets nothing there.
    pub(super) fn leave(&mut self, id: u32, ctx: &mut Context) {
        self.unlink(id, ctx);
        let is_queued = self.transactions[id].state == State::Queued;
        *(if is_queued { &mut self.left_backlog } else { &mut self.left_queue }) += 1;
    }

    /// Whatever a transaction holds is free again, its record, too. The instance is not filled yet.
    pub(super) fn give_back(&mut self, id: u32, ctx: &mut Context) {
        let now = ctx.now();
        let transaction = &self.transactions[id];
        let at = transaction.instance as usize;
        if transaction.held > 0 {
            ctx.metrics.hold_ms.observe(now - transaction.began);
            if transaction.held > 1 {
                ctx.metrics.hold_ms.observe(now - transaction.ready);
            }
            self.window.held.at(now).add(transaction, now);
            let held = u64::from(transaction.held);
            self.instances[at].in_use -= held;
            ctx.metrics.connections_in_use.set(now, ctx.metrics.connections_in_use.value() - held);
        }
        self.instances[at].workers -= u64::from(transaction.state != State::Queued);
        self.transactions.remove(id);
        self.close(at, self.instances[at].usable, ctx);
    }

    /// The number of statements has changed: so have the gauge and the end of the next.
    pub(super) fn plan_statement_end(&mut self, ctx: &mut Context) {
        ctx.metrics.db_running.set(ctx.now(), self.database.jobs.len() as u64);
        self.database.plan(ctx);
    }

    /// Whether nobody has waited longer than `limit` for a worker or a connection, and nobody who waits has.
    pub(super) fn waits_within(&self, limit: SimTime, now: SimTime) -> bool {
        let is_within = |head: Option<u32>, since: fn(&Transaction) -> SimTime| {
            head.and_then(|id| self.transactions.get(id)).is_none_or(|head| now - since(head) <= limit)
        };
        self.window.longest_wait <= limit
            && self.instances.iter().all(|instance| {
                is_within(instance.line.first(), Transaction::asked)
                    && is_within(instance.backlog.first(), |head| head.arrived)
            })
    }
}
