//! What happens to a transaction, step by step.

use super::instances::Instance;
use super::tables::{Event, Failure, Tries};
use super::{ConnectionPool, MOST_HELD, MOST_INSTANCES};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::metric::FailureReason;
use crate::time::SimTime;

/// Where a transaction is that has not let go of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// For a worker.
    Queued,
    /// For a connection.
    Waiting,
    Database,
    Downstream,
    Sleeping,
}

/// One transaction.
#[derive(Clone, Copy, Debug)]
pub struct Transaction {
    pub arrived: SimTime,
    /// When it was given its worker, its first connection, and all that it needs.
    pub started: SimTime,
    pub began: SimTime,
    pub ready: SimTime,
    /// When its call began, when its customer was answered.
    pub called: SimTime,
    pub answered: SimTime,
    /// Statement in units of the mean.
    pub size: f32,
    /// Of its customer.
    pub tries: Tries,
    pub patience: EventHandle,
    /// The end of its time in line for a connection, of its call's time, or of its sleep.
    pub timer: EventHandle,
    pub instance: u8,
    pub state: State,
    /// Connections that it holds, and that it needs for its work.
    pub held: u8,
    pub needs: u8,
    /// Its customer has given up.
    pub is_zombie: bool,
}

impl Transaction {
    /// When it asked for the connection that it waits for, or was last given.
    pub fn asked(&self) -> SimTime {
        if self.held == 0 { self.started } else { self.began }
    }

    /// Whether it stands in a queue.
    pub fn is_in_line(&self) -> bool {
        matches!(self.state, State::Queued | State::Waiting)
    }
}

type Context = Ctx<ConnectionPool>;

impl ConnectionPool {
    /// A transaction arrives; `unit` in [0, 1) sets how long its statement runs.
    pub(super) fn arrive(&mut self, unit: f64, tries: Tries, ctx: &mut Context) {
        ctx.metrics.arrived.add_one();
        let size = ctx.params.service_distribution.shape().sample(unit);
        if !self.door.take(ctx.now(), ctx.params.admission_tx_s) || ctx.metrics.in_system.value() >= MOST_HELD
        {
            self.refuse(Failure::Shed, tries, ctx);
            return;
        }
        let Some(at) = self.route() else {
            self.refuse(Failure::RefusedRestarting, tries, ctx);
            return;
        };
        let now = ctx.now();
        let id = self.transactions.insert(Transaction {
            arrived: now,
            started: now,
            began: now,
            ready: now,
            called: now,
            answered: now,
            size: size as f32,
            tries,
            patience: EventHandle::NONE,
            timer: EventHandle::NONE,
            instance: at as u8,
            state: State::Queued,
            held: 0,
            needs: 1,
            is_zombie: false,
        });
        if ctx.params.client_patience_s > 0.0 {
            let patience = SimTime::from_secs_f64(ctx.params.client_patience_s);
            self.transactions[id].patience = ctx.schedule_limit(patience, Event::GiveUp(id));
        }
        ctx.metrics.in_system.set(now, ctx.metrics.in_system.value() + 1);
        self.come_in(id, ctx);
    }

    pub(super) fn end_statement(&mut self, ctx: &mut Context) {
        let now = ctx.now();
        if let Some(id) = self.database.jobs.end(now) {
            if !ctx.params.breaker || self.breaker.lets_through(now) {
                let limit = SimTime::from_millis_f64(ctx.params.downstream_timeout_ms);
                let timer = ctx.schedule_limit(limit, Event::CallTimeout(id));
                let transaction = &mut self.transactions[id];
                transaction.state = State::Downstream;
                transaction.called = now;
                transaction.timer = timer;
                self.count_calls(now);
                self.downstream.jobs.add(now, id, SimTime::from_millis_f64(ctx.params.downstream_ms));
                self.downstream.plan(ctx);
            } else {
                self.fail(id, Failure::BreakerOpen, ctx);
            }
        }
        self.plan_statement_end(ctx);
    }

    pub(super) fn end_call(&mut self, ctx: &mut Context) {
        let now = ctx.now();
        self.count_calls(now);
        if let Some(id) = self.downstream.jobs.end(now) {
            if ctx.params.breaker {
                self.breaker.hear(now, true);
            }
            let transaction = &mut self.transactions[id];
            let (timer, patience) = (transaction.timer, transaction.patience);
            transaction.answered = now;
            transaction.state = State::Sleeping;
            let (is_zombie, sojourn) = (transaction.is_zombie, now - transaction.arrived);
            ctx.cancel(timer);
            ctx.cancel(patience);
            ctx.metrics.completed.add_one();
            self.window.completed_now += 1;
            if is_zombie {
                ctx.metrics.zombie.add_one();
            } else {
                ctx.metrics.good.add_one();
                self.window.good_now += 1;
            }
            self.sojourns += u128::from(sojourn.nanos());
            ctx.metrics.in_system.set(now, ctx.metrics.in_system.value() - 1);
            let sleep = SimTime::from_millis_f64(ctx.params.sleep_ms);
            if sleep == SimTime::ZERO {
                self.release(id, ctx);
            } else {
                self.transactions[id].timer = ctx.schedule(sleep, Event::Wake(id));
            }
        }
        self.downstream.plan(ctx);
    }

    pub(super) fn time_out(&mut self, id: u32, ctx: &mut Context) {
        let now = ctx.now();
        self.count_calls(now);
        self.downstream.jobs.cancel(now, id);
        self.downstream.plan(ctx);
        if ctx.params.breaker {
            self.breaker.hear(now, false);
        }
        self.fail(id, Failure::DownstreamTimeout, ctx);
    }

    /// A transaction has waited for a connection as long as it may.
    pub(super) fn end_wait(&mut self, id: u32, ctx: &mut Context) {
        self.leave(id, ctx);
        self.fail(id, Failure::AcquireTimeout, ctx);
    }

    /// A transaction that stands in no queue fails and lets go of what it holds at once.
    fn fail(&mut self, id: u32, failure: Failure, ctx: &mut Context) {
        self.drop_unanswered(id, failure, ctx);
        self.release(id, ctx);
    }

    /// Counts a transaction that gets no answer; it is nowhere any more but on what it holds.
    pub(super) fn drop_unanswered(&mut self, id: u32, failure: Failure, ctx: &mut Context) {
        let now = ctx.now();
        let transaction = self.transactions[id];
        ctx.cancel(transaction.patience);
        failure.count(&mut ctx.metrics);
        self.window.failed_now += 1;
        self.sojourns += u128::from((now - transaction.arrived).nanos());
        ctx.metrics.in_system.set(now, ctx.metrics.in_system.value() - 1);
        if transaction.is_zombie {
            self.failed_again += 1;
        } else {
            self.disappoint(transaction.tries, ctx.params.retry_failed, ctx);
        }
        ctx.end(|| super::view::life(&transaction, now, Some(failure.id())));
    }

    /// A transaction is over: what it held goes to others.
    pub(super) fn release(&mut self, id: u32, ctx: &mut Context) {
        let transaction = &self.transactions[id];
        let at = transaction.instance as usize;
        if transaction.state == State::Sleeping {
            let now = ctx.now();
            ctx.end(|| super::view::life(transaction, now, None));
        }
        self.give_back(id, ctx);
        self.fill(at, ctx);
    }

    pub(super) fn give_up(&mut self, id: u32, ctx: &mut Context) {
        self.window.failed_now += 1;
        self.disappoint(self.transactions[id].tries, true, ctx);
        Failure::Abandoned.count(&mut ctx.metrics);
        let transaction = &mut self.transactions[id];
        transaction.is_zombie = true;
        let at = transaction.instance as usize;
        if ctx.params.cancel_abandoned && transaction.is_in_line() {
            self.cancel_waiting(id, ctx);
            self.fill(at, ctx);
        } else {
            self.zombies += 1;
        }
    }

    /// A request that waits although its customer has gone is taken out of its queue. It was counted when they went.
    fn cancel_waiting(&mut self, id: u32, ctx: &mut Context) {
        let now = ctx.now();
        self.leave(id, ctx);
        let transaction = self.transactions[id];
        self.sojourns += u128::from((now - transaction.arrived).nanos());
        ctx.metrics.in_system.set(now, ctx.metrics.in_system.value() - 1);
        ctx.end(|| super::view::life(&transaction, now, Some(Failure::Abandoned.id())));
        self.give_back(id, ctx);
    }

    /// Cancels everybody who was abandoned while nothing was cancelled.
    pub(super) fn purge_zombies(&mut self, ctx: &mut Context) {
        for at in 0..MOST_INSTANCES {
            let Instance { line, backlog, .. } = self.instances[at];
            let waiting = line.iter(&self.transactions).chain(backlog.iter(&self.transactions));
            let waiting: Vec<u32> = waiting.filter(|id| self.transactions[*id].is_zombie).collect();
            for id in waiting {
                self.zombies -= 1;
                self.cancel_waiting(id, ctx);
            }
            self.fill(at, ctx);
        }
    }
}
