//! What happens to a transaction, step by step.

use super::tables::{Event, Failure, Tries};
use super::{ConnectionPool, MOST_HELD, MOST_INSTANCES, Params};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::metric::FailureReason;
use crate::money::micros;
use crate::resource::backoff::Backoff;
use crate::time::SimTime;

/// A customer tries again after 0.5 s to 1.5 s; pauses that grow do so up to a minute.
const PAUSE: Backoff = Backoff { least: 0.5, most: 1.5, growth: 1.0, cap: 60.0 };

/// Where a transaction is that has not let go of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Waiting,
    Database,
    Downstream,
    Sleeping,
}

/// One transaction.
#[derive(Clone, Copy, Debug)]
pub struct Transaction {
    pub arrived: SimTime,
    /// When it was given its slot, when its call began, when its customer was answered.
    pub began: SimTime,
    pub called: SimTime,
    pub answered: SimTime,
    /// Statement in units of the mean.
    pub size: f32,
    /// Of its customer.
    pub tries: Tries,
    pub patience: EventHandle,
    /// The end of its call's time or of its sleep.
    pub timer: EventHandle,
    pub instance: u8,
    pub state: State,
    /// Its customer has given up.
    pub is_zombie: bool,
}

impl Transaction {
    /// Whether it keeps a slot.
    pub fn is_served(&self) -> bool {
        matches!(self.state, State::Database | State::Downstream | State::Sleeping)
    }
}

/// Customers, however often each of them tries.
#[derive(Clone, Copy, Debug, Default)]
pub struct Customers {
    pub came: u64,
    /// Those who gave up or failed and will try again.
    pub pausing: u64,
    /// Those who failed for good.
    pub lost: u64,
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
            began: now,
            called: now,
            answered: now,
            size: size as f32,
            tries,
            patience: EventHandle::NONE,
            timer: EventHandle::NONE,
            instance: at as u8,
            state: State::Waiting,
            is_zombie: false,
        });
        if ctx.params.client_patience_s > 0.0 {
            let patience = SimTime::from_secs_f64(ctx.params.client_patience_s);
            self.transactions[id].patience = ctx.schedule_limit(patience, Event::GiveUp(id));
        }
        ctx.metrics.in_system.set(now, ctx.metrics.in_system.value() + 1);
        self.instances[at].came += 1;
        let instance = &self.instances[at];
        if instance.line.is_empty() && instance.in_use < instance.usable {
            self.begin(id, ctx);
        } else {
            self.enqueue(id, ctx);
        }
    }

    /// A customer's pause is over: they try again, unless customers do so no more.
    pub(super) fn come_again(&mut self, tries: Tries, ctx: &mut Context) {
        self.customers.pausing -= 1;
        let most = ctx.params.client_retries as u8;
        if most == 0 {
            self.lose_customer(ctx);
            return;
        }
        // From a stream of their own, so that retries do not shift what everybody else draws.
        let unit = self.retries.unit();
        self.arrive(unit, Tries { left: tries.left.min(most), ..tries }, ctx);
    }

    fn refuse(&mut self, failure: Failure, tries: Tries, ctx: &mut Context) {
        failure.count(&mut ctx.metrics);
        self.window.failed_now += 1;
        self.part(tries, ctx.params.retry_failed, ctx);
        let now = ctx.now();
        ctx.end(|| super::view::refused(now, failure));
    }

    /// A customer gets no answer to this try: they pause for another, if they are the sort that does, or are lost.
    fn part(&mut self, tries: Tries, comes_again: bool, ctx: &mut Context) {
        let Params { client_retries, retry_growth, retry_budget_pct, .. } = *ctx.params;
        let may_retry = comes_again && tries.left > 0 && client_retries > 0;
        if !may_retry || (retry_budget_pct > 0.0 && !self.budget.spend()) {
            self.lose_customer(ctx);
            return;
        }
        let backoff = Backoff { growth: retry_growth, ..PAUSE };
        let pause = backoff.pause(tries.made.into(), self.retries.unit());
        self.customers.pausing += 1;
        let tries = Tries { made: tries.made + 1, left: tries.left - 1 };
        ctx.schedule(SimTime::from_secs_f64(pause), Event::Retry(tries));
    }

    /// A customer has failed for good.
    fn lose_customer(&mut self, ctx: &mut Context) {
        ctx.metrics.confirmed_loss_usd.enter(micros(ctx.params.ticket_usd));
        self.customers.lost += 1;
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

    /// A transaction that has a slot fails and lets go of it at once.
    fn fail(&mut self, id: u32, failure: Failure, ctx: &mut Context) {
        self.drop_unanswered(id, failure, ctx);
        self.release(id, ctx);
    }

    /// Counts a transaction that gets no answer; it is nowhere any more but in its slot, if it has one.
    pub(super) fn drop_unanswered(&mut self, id: u32, failure: Failure, ctx: &mut Context) {
        let now = ctx.now();
        let transaction = self.transactions[id];
        ctx.cancel(transaction.patience);
        failure.count(&mut ctx.metrics);
        self.window.failed_now += 1;
        self.sojourns += u128::from((now - transaction.arrived).nanos());
        ctx.metrics.in_system.set(now, ctx.metrics.in_system.value() - 1);
        if !transaction.is_zombie {
            self.part(transaction.tries, ctx.params.retry_failed, ctx);
        }
        ctx.end(|| super::view::life(&transaction, now, Some(failure.id())));
    }

    /// The slot is free again; the record, too.
    pub(super) fn release(&mut self, id: u32, ctx: &mut Context) {
        let now = ctx.now();
        let transaction = self.transactions[id];
        if transaction.state == State::Sleeping {
            ctx.end(|| super::view::life(&transaction, now, None));
        }
        ctx.metrics.hold_ms.observe(now - transaction.began);
        ctx.metrics.connections_in_use.set(now, ctx.metrics.connections_in_use.value() - 1);
        let at = transaction.instance as usize;
        self.instances[at].in_use -= 1;
        self.transactions.remove(id);
        self.fill(at, ctx);
        self.drain_on(at, ctx);
    }

    pub(super) fn give_up(&mut self, id: u32, ctx: &mut Context) {
        self.window.failed_now += 1;
        self.part(self.transactions[id].tries, true, ctx);
        Failure::Abandoned.count(&mut ctx.metrics);
        let transaction = &mut self.transactions[id];
        transaction.is_zombie = true;
        if ctx.params.cancel_abandoned && transaction.state == State::Waiting {
            self.cancel_waiting(id, ctx);
        } else {
            self.zombies += 1;
        }
    }

    /// A request that waits although its customer has gone is taken out of the queue. It was counted when they went.
    fn cancel_waiting(&mut self, id: u32, ctx: &mut Context) {
        let now = ctx.now();
        self.unlink(id, ctx);
        self.left_queue += 1;
        let transaction = self.transactions[id];
        self.sojourns += u128::from((now - transaction.arrived).nanos());
        ctx.metrics.in_system.set(now, ctx.metrics.in_system.value() - 1);
        ctx.end(|| super::view::life(&transaction, now, Some(Failure::Abandoned.id())));
        let at = transaction.instance as usize;
        self.transactions.remove(id);
        self.drain_on(at, ctx);
    }

    /// Cancels everybody who was abandoned while nothing was cancelled.
    pub(super) fn purge_zombies(&mut self, ctx: &mut Context) {
        for at in 0..MOST_INSTANCES {
            let waiting: Vec<u32> = self.instances[at].line.iter(&self.transactions).collect();
            for id in waiting {
                if self.transactions[id].is_zombie {
                    self.zombies -= 1;
                    self.cancel_waiting(id, ctx);
                }
            }
        }
    }
}
