//! What happens to a transaction, step by step.

use super::tables::{Event, Metrics, ServiceDistribution};
use super::{ConnectionPool, MOST_HELD, SECOND};
use crate::engine::Ctx;
use crate::event_list::EventHandle;
use crate::money::micros;
use crate::random::exponential;
use crate::time::SimTime;

/// No transaction.
pub const NONE: u32 = u32::MAX;
/// Statements vary evenly within this share of their mean.
const SPREAD: f64 = 0.3;
/// A customer who gave up tries again after 0.5 s to 1.5 s.
const RETRY_AFTER_S: f64 = 0.5;
const RETRY_SPREAD_S: f64 = 1.0;

/// Where a transaction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Gone,
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
    size: f32,
    /// Tries that its customer has left.
    left: u32,
    patience: EventHandle,
    /// The end of its call's time or of its sleep.
    timer: EventHandle,
    previous: u32,
    pub next: u32,
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

/// An instance of the application: its queue, a list through the transactions, and its pool.
#[derive(Clone, Copy, Debug)]
pub struct Instance {
    pub mode: Mode,
    pub first: u32,
    last: u32,
    pub waiting: u64,
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
            first: NONE,
            last: NONE,
            waiting: 0,
            in_use: 0,
            usable: slots,
            up: EventHandle::NONE,
            scaled: None,
            came: 0,
            began: 0,
        }
    }
}

/// How a transaction ended without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    Killed,
    Refused,
    Shed,
    Timeout,
    Breaker,
    Abandoned,
}

impl Failure {
    pub fn id(self) -> &'static str {
        match self {
            Self::Killed => "killed_by_restart",
            Self::Refused => "refused_restarting",
            Self::Shed => "shed",
            Self::Timeout => "downstream_timeout",
            Self::Breaker => "breaker_open",
            Self::Abandoned => "abandoned",
        }
    }

    fn count(self, metrics: &mut Metrics) {
        match self {
            Self::Killed => metrics.killed_by_restart.add_one(),
            Self::Refused => metrics.refused_restarting.add_one(),
            Self::Shed => metrics.shed.add_one(),
            Self::Timeout => metrics.downstream_timeout.add_one(),
            Self::Breaker => metrics.breaker_open.add_one(),
            Self::Abandoned => metrics.abandoned.add_one(),
        }
    }
}

/// Customers, however often each of them tries.
#[derive(Clone, Copy, Debug, Default)]
pub struct Customers {
    pub came: u64,
    /// Those who gave up and will try again.
    pub pausing: u64,
    /// Those who failed for good.
    pub lost: u64,
}

/// What has happened in the last ten seconds, a second at a time.
#[derive(Clone, Debug, Default)]
pub struct Window {
    pub completed: [u64; 10],
    pub good: [u64; 10],
    pub calls: [f64; 10],
    /// In the second under way.
    pub completed_now: u64,
    pub good_now: u64,
    pub failed_now: u64,
    pub longest_wait: SimTime,
    pub calls_before: f64,
    pub queue_before: u64,
    pub second: usize,
    /// Tokens at the door, and when they were last counted.
    pub tokens: f64,
    pub counted: SimTime,
}

type Context = Ctx<ConnectionPool>;

impl ConnectionPool {
    /// A transaction arrives; `unit` in [0, 1) sets how long its statement runs, `left` is how often its customer
    /// would try again.
    pub(super) fn arrive(&mut self, unit: f64, left: u32, ctx: &mut Context) {
        ctx.metrics.arrived.add_one();
        let size = match ctx.params.service_distribution {
            ServiceDistribution::Constant => 1.0,
            ServiceDistribution::Uniform => 1.0 - SPREAD + 2.0 * SPREAD * unit,
            ServiceDistribution::Exponential => exponential(unit),
        };
        if !self.admits(ctx) || ctx.metrics.in_system.value() >= MOST_HELD {
            self.refuse(Failure::Shed, ctx);
            return;
        }
        let Some(at) = self.route() else {
            self.refuse(Failure::Refused, ctx);
            return;
        };
        let now = ctx.now();
        let id = self.record(Transaction {
            arrived: now,
            began: now,
            called: now,
            answered: now,
            size: size as f32,
            left,
            patience: EventHandle::NONE,
            timer: EventHandle::NONE,
            previous: NONE,
            next: NONE,
            instance: at as u8,
            state: State::Waiting,
            is_zombie: false,
        });
        if ctx.params.client_patience_s > 0.0 {
            let patience = SimTime::from_secs_f64(ctx.params.client_patience_s);
            self.transactions[id as usize].patience = ctx.schedule_limit(patience, Event::GiveUp(id));
        }
        ctx.metrics.in_system.set(now, ctx.metrics.in_system.value() + 1);
        self.instances[at].came += 1;
        let instance = &self.instances[at];
        if instance.waiting == 0 && instance.in_use < instance.usable {
            self.begin(id, ctx);
        } else {
            self.enqueue(id, ctx);
        }
    }

    /// A customer's pause is over: they try again, unless customers do so no more.
    pub(super) fn come_again(&mut self, left: u32, ctx: &mut Context) {
        self.customers.pausing -= 1;
        let most = ctx.params.client_retries as u32;
        if most == 0 {
            self.lose_customer(ctx);
            return;
        }
        // From a stream of their own, so that retries do not shift what everybody else draws.
        let unit = self.retries.unit();
        self.arrive(unit, left.min(most), ctx);
    }

    /// Whether there is a token at the door; they come at the rate admitted, and at most a second's worth is kept.
    fn admits(&mut self, ctx: &Context) -> bool {
        let rate = ctx.params.admission_tx_s;
        if rate == 0.0 {
            return true;
        }
        let passed = (ctx.now() - self.window.counted).as_secs_f64();
        self.window.counted = ctx.now();
        self.window.tokens = (self.window.tokens + passed * rate).min(rate.max(1.0));
        let is_open = self.window.tokens >= 1.0;
        self.window.tokens -= f64::from(u8::from(is_open));
        is_open
    }

    /// The instance that is next in turn, of those that take anything.
    fn route(&mut self) -> Option<usize> {
        for step in 0..self.active {
            let at = (self.turn + step) % self.active;
            if self.instances[at].mode == Mode::Up {
                self.turn = (at + 1) % self.active;
                return Some(at);
            }
        }
        None
    }

    fn refuse(&mut self, failure: Failure, ctx: &mut Context) {
        failure.count(&mut ctx.metrics);
        self.window.failed_now += 1;
        self.lose_customer(ctx);
        let now = ctx.now();
        ctx.end(|| super::view::refused(now, failure));
    }

    /// A customer has failed for good.
    fn lose_customer(&mut self, ctx: &mut Context) {
        let ticket = micros(ctx.params.ticket_usd);
        ctx.metrics.confirmed_loss_usd.enter(ticket);
        self.entries_micros += ticket;
        self.customers.lost += 1;
    }

    /// The transaction at the head of no queue is given a slot of its instance.
    fn begin(&mut self, id: u32, ctx: &mut Context) {
        let now = ctx.now();
        let transaction = &mut self.transactions[id as usize];
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
        self.database.add(now, id, work);
        self.plan_statement_end(ctx);
    }

    /// Gives free slots of an instance to those who wait there.
    pub(super) fn fill(&mut self, at: usize, ctx: &mut Context) {
        while self.instances[at].mode != Mode::Restarting
            && self.instances[at].in_use < self.instances[at].usable
            && self.instances[at].first != NONE
        {
            let id = self.instances[at].first;
            self.unlink(id, ctx);
            self.begin(id, ctx);
        }
    }

    pub(super) fn plan_statement_end(&mut self, ctx: &mut Context) {
        ctx.metrics.db_running.set(ctx.now(), self.database.len() as u64);
        ctx.cancel(self.database_end);
        self.database_end = match self.database.next_end() {
            Some(end) => ctx.schedule(end - ctx.now(), Event::StatementEnd),
            None => EventHandle::NONE,
        };
    }

    pub(super) fn plan_call_end(&mut self, ctx: &mut Context) {
        ctx.cancel(self.downstream_end);
        self.downstream_end = match self.downstream.next_end() {
            Some(end) => ctx.schedule(end - ctx.now(), Event::CallEnd),
            None => EventHandle::NONE,
        };
    }

    /// Counts how busy our slots downstream have been; to be called before their number changes.
    pub(super) fn count_calls(&mut self, now: SimTime) {
        self.calls_integral += self.downstream.busy() * (now - self.calls_since).nanos() as f64;
        self.calls_since = now;
    }

    pub(super) fn end_statement(&mut self, ctx: &mut Context) {
        let now = ctx.now();
        if let Some(id) = self.database.end(now) {
            if !ctx.params.breaker || self.breaker.lets_through(now) {
                let limit = SimTime::from_millis_f64(ctx.params.downstream_timeout_ms);
                let timer = ctx.schedule_limit(limit, Event::CallTimeout(id));
                let transaction = &mut self.transactions[id as usize];
                transaction.state = State::Downstream;
                transaction.called = now;
                transaction.timer = timer;
                self.count_calls(now);
                self.downstream.add(now, id, SimTime::from_millis_f64(ctx.params.downstream_ms));
                self.plan_call_end(ctx);
            } else {
                self.fail(id, Failure::Breaker, ctx);
            }
        }
        self.plan_statement_end(ctx);
    }

    pub(super) fn end_call(&mut self, ctx: &mut Context) {
        let now = ctx.now();
        self.count_calls(now);
        if let Some(id) = self.downstream.end(now) {
            if ctx.params.breaker {
                self.breaker.hear(now, true);
            }
            let transaction = &mut self.transactions[id as usize];
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
                self.transactions[id as usize].timer = ctx.schedule(sleep, Event::Wake(id));
            }
        }
        self.plan_call_end(ctx);
    }

    pub(super) fn time_out(&mut self, id: u32, ctx: &mut Context) {
        let now = ctx.now();
        self.count_calls(now);
        self.downstream.cancel(now, id);
        self.plan_call_end(ctx);
        if ctx.params.breaker {
            self.breaker.hear(now, false);
        }
        self.fail(id, Failure::Timeout, ctx);
    }

    /// A transaction that has a slot fails and lets go of it at once.
    fn fail(&mut self, id: u32, failure: Failure, ctx: &mut Context) {
        self.drop_unanswered(id, failure, ctx);
        self.release(id, ctx);
    }

    /// Counts a transaction that gets no answer; it is nowhere any more but in its slot, if it has one.
    pub(super) fn drop_unanswered(&mut self, id: u32, failure: Failure, ctx: &mut Context) {
        let now = ctx.now();
        let transaction = self.transactions[id as usize];
        ctx.cancel(transaction.patience);
        failure.count(&mut ctx.metrics);
        self.window.failed_now += 1;
        self.sojourns += u128::from((now - transaction.arrived).nanos());
        ctx.metrics.in_system.set(now, ctx.metrics.in_system.value() - 1);
        if !transaction.is_zombie {
            self.lose_customer(ctx);
        }
        ctx.end(|| super::view::life(&transaction, now, Some(failure.id())));
    }

    /// The slot is free again; the record, too.
    pub(super) fn release(&mut self, id: u32, ctx: &mut Context) {
        let now = ctx.now();
        let transaction = self.transactions[id as usize];
        if transaction.state == State::Sleeping {
            ctx.end(|| super::view::life(&transaction, now, None));
        }
        ctx.metrics.hold_ms.observe(now - transaction.began);
        ctx.metrics.connections_in_use.set(now, ctx.metrics.connections_in_use.value() - 1);
        let at = transaction.instance as usize;
        self.instances[at].in_use -= 1;
        self.forget(id);
        self.fill(at, ctx);
        self.drain_on(at, ctx);
    }

    pub(super) fn give_up(&mut self, id: u32, ctx: &mut Context) {
        let left = self.transactions[id as usize].left;
        self.window.failed_now += 1;
        if left > 0 && ctx.params.client_retries > 0 {
            let after = RETRY_AFTER_S + RETRY_SPREAD_S * self.retries.unit();
            self.customers.pausing += 1;
            ctx.schedule(SimTime::from_secs_f64(after), Event::Retry(left - 1));
        } else {
            self.lose_customer(ctx);
        }
        Failure::Abandoned.count(&mut ctx.metrics);
        let transaction = &mut self.transactions[id as usize];
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
        let transaction = self.transactions[id as usize];
        self.sojourns += u128::from((now - transaction.arrived).nanos());
        ctx.metrics.in_system.set(now, ctx.metrics.in_system.value() - 1);
        ctx.end(|| super::view::life(&transaction, now, Some(Failure::Abandoned.id())));
        let at = transaction.instance as usize;
        self.forget(id);
        self.drain_on(at, ctx);
    }

    /// Cancels everybody who was abandoned while nothing was cancelled.
    pub(super) fn purge_zombies(&mut self, ctx: &mut Context) {
        for at in 0..MOST {
            let mut id = self.instances[at].first;
            while id != NONE {
                let transaction = self.transactions[id as usize];
                if transaction.is_zombie {
                    self.zombies -= 1;
                    self.cancel_waiting(id, ctx);
                }
                id = transaction.next;
            }
        }
    }

    fn record(&mut self, transaction: Transaction) -> u32 {
        let id = self.free;
        if let Some(place) = self.transactions.get_mut(id as usize) {
            self.free = place.next;
            *place = transaction;
            return id;
        }
        self.transactions.push(transaction);
        (self.transactions.len() - 1) as u32
    }

    pub(super) fn cancel_timer(&mut self, id: u32, ctx: &mut Context) {
        ctx.cancel(self.transactions[id as usize].timer);
    }

    pub(super) fn forget(&mut self, id: u32) {
        let transaction = &mut self.transactions[id as usize];
        transaction.state = State::Gone;
        transaction.next = self.free;
        self.free = id;
    }

    fn enqueue(&mut self, id: u32, ctx: &mut Context) {
        let at = self.transactions[id as usize].instance as usize;
        let last = self.instances[at].last;
        self.transactions[id as usize].previous = last;
        match self.transactions.get_mut(last as usize) {
            Some(last) => last.next = id,
            None => self.instances[at].first = id,
        }
        self.instances[at].last = id;
        self.instances[at].waiting += 1;
        ctx.metrics.queue_depth.set(ctx.now(), ctx.metrics.queue_depth.value() + 1);
    }

    pub(super) fn unlink(&mut self, id: u32, ctx: &mut Context) {
        let Transaction { previous, next, instance, .. } = self.transactions[id as usize];
        let at = instance as usize;
        match self.transactions.get_mut(previous as usize) {
            Some(neighbour) => neighbour.next = next,
            None => self.instances[at].first = next,
        }
        match self.transactions.get_mut(next as usize) {
            Some(neighbour) => neighbour.previous = previous,
            None => self.instances[at].last = previous,
        }
        self.instances[at].waiting -= 1;
        ctx.metrics.queue_depth.set(ctx.now(), ctx.metrics.queue_depth.value() - 1);
    }

    /// Whether nobody has waited longer than `limit`, and nobody who waits has.
    pub(super) fn waits_within(&self, limit: SimTime, now: SimTime) -> bool {
        let oldest = |instance: &Instance| {
            let head = self.transactions.get(instance.first as usize);
            head.map_or(SimTime::ZERO, |head| now - head.arrived)
        };
        self.window.longest_wait <= limit && self.instances.iter().all(|instance| oldest(instance) <= limit)
    }
}

const MOST: usize = super::MOST_INSTANCES;

/// A second of the window, from 0 to 9.
pub fn place(now: SimTime) -> usize {
    (now.nanos() / SECOND.nanos() % 10) as usize
}
