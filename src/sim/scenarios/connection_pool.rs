//! One hundred connections: a payment system whose pool was big enough for anybody, until a holiday on the other side
//! of the world.
//!
//! A transaction gets a worker of its instance and takes a slot of the pool, or two, one after the other. Then it runs its
//! statement in the database, calls the downstream system, answers the customer, and sleeps on the slot before it lets go.
//!
//! ```text
//! customers ──▶ queue A ──▶ pool A ──▶ database ──▶ downstream ──▶ answered
//!      └──────▶ queue B ──▶ pool B ──┘
//! ```
//!
//! Read on in [`tables`] and [`presets`] (what there is to set and to measure), [`customers`] (who comes again), [`flow`] (a
//! transaction, step by step), [`instances`] (queues, workers and slots), [`pools`] and [`restarts`] (how instances change),
//! [`hold_time`] (what connections are held for), [`others`] (who else calls the downstream system), [`control`] (what the team does, and what each second says), [`inert`]
//! (which controls do nothing), and [`view`] (what a screen shows, and the equations that hold).

mod control;
mod customers;
mod flow;
mod hold_time;
mod inert;
mod instances;
mod others;
mod pools;
mod presets;
mod restarts;
mod tables;
#[cfg(test)]
mod tests;
mod view;

pub use self::tables::{Action, Metrics, Params, ServiceDistribution};

use self::control::{Calls, Controls, Window};
use self::customers::Customers;
use self::flow::Transaction;
use self::instances::Instance;
use self::others::Others;
use self::pools::WarmUps;
use self::tables::{Event, SPEC, Tries};
use crate::engine::Ctx;
use crate::inert::Rule;
use crate::money::Priced;
use crate::random::Stream;
use crate::resource::breaker::Breaker;
use crate::resource::fifo::Slab;
use crate::resource::poisson::Poisson;
use crate::resource::retry_budget::RetryBudget;
use crate::resource::station::Station;
use crate::resource::token_bucket::TokenBucket;
use crate::scenario::{Identity, Scenario};
use crate::snapshot::{Life, Snapshot};
use crate::spec::ScenarioSpec;
use crate::time::SimTime;

/// Instances that there can be.
const MOST_INSTANCES: usize = 8;
/// Our slots of the downstream system at the rate at which 70 % of it are busy: 200 calls a second of 100 ms each.
const NORMAL_CALLS: f64 = 20.0;
/// How busy the downstream system is then, in percent.
const NORMAL_LOAD: f64 = 70.0;
/// Transactions held at most, so that memory is bounded; more are shed.
const MOST_HELD: u64 = 2_000_000;
/// 03:17:00, when somebody first looks at the dashboard.
const PAGED: SimTime = SimTime::from_secs(47 * 60);
const SECOND: SimTime = SimTime::from_secs(1);

/// A closed breaker: it opens when half of at least 20 calls in ten seconds failed, stays open for 30 s, and then lets
/// five probes through.
fn breaker() -> Breaker<10> {
    Breaker::new(20, 0.5, SimTime::from_secs(30), 5)
}

/// The state of the payment system.
#[derive(Clone, Debug)]
pub struct ConnectionPool {
    arrivals: Poisson,
    service: Stream,
    retries: Stream,
    budget: RetryBudget,
    transactions: Slab<Transaction>,
    instances: [Instance; MOST_INSTANCES],
    warm_ups: [WarmUps; MOST_INSTANCES],
    /// Instances in use, and as the diagram shows them.
    active: usize,
    shown: usize,
    /// The instance that is next in turn.
    turn: usize,
    database: Station<Event>,
    downstream: Station<Event>,
    calls: Calls,
    others: Others,
    breaker: Breaker<10>,
    door: TokenBucket,
    controls: Controls,
    window: Window,
    /// For the identities.
    sojourns: u128,
    zombies: u64,
    /// Transactions that failed after their customer had given up, which was a failure already.
    failed_again: u64,
    given_past_limit: u64,
    /// Transactions that left their queue without a worker, or without the connection that they had asked for.
    left_backlog: u64,
    left_queue: u64,
    customers: Customers,
    losses: Priced,
}

impl Scenario for ConnectionPool {
    const SPEC: ScenarioSpec = SPEC;
    type Params = Params;
    type Metrics = Metrics;
    type Event = Event;

    fn start(ctx: &mut Ctx<Self>) -> Self {
        let active = (ctx.params.app_instances as usize).clamp(1, MOST_INSTANCES);
        let mut system = Self {
            arrivals: Poisson::new(ctx.stream("arrivals")),
            service: ctx.stream("service"),
            retries: ctx.stream("retries"),
            budget: RetryBudget::default(),
            transactions: Slab::default(),
            instances: [Instance::new(ctx.params.pool_size); MOST_INSTANCES],
            warm_ups: Default::default(),
            active,
            shown: active.min(view::MOST_SHOWN),
            turn: 0,
            database: Station::new(ctx.params.db_parallelism, Event::StatementEnd),
            downstream: Station::new(1, Event::CallEnd),
            calls: Calls::default(),
            others: Others::new(
                ctx.params.downstream_share_points,
                SimTime::from_millis_f64(ctx.params.downstream_timeout_ms),
            ),
            breaker: breaker(),
            door: TokenBucket::default(),
            controls: Controls::default(),
            window: Window::default(),
            sojourns: 0,
            zombies: 0,
            failed_again: 0,
            given_past_limit: 0,
            left_backlog: 0,
            left_queue: 0,
            customers: Customers::default(),
            losses: Priced::default(),
        };
        system.set_capacities(ctx);
        system.set_rate(ctx);
        system.plan_spike(ctx);
        ctx.schedule_limit(SECOND, Event::Second);
        ctx.schedule_limit(pools::SCALE_EVERY, Event::Scale);
        system.show_gauges(ctx);
        let others = (NORMAL_LOAD - ctx.params.downstream_share_points) / ctx.params.downstream_scale;
        ctx.metrics.downstream_util.set(SimTime::ZERO, others.min(100.0));
        system
    }

    fn handle(&mut self, event: Event, ctx: &mut Ctx<Self>) {
        match event {
            Event::Arrive => {
                self.arrivals.next(Event::Arrive, ctx);
                let unit = self.service.unit();
                self.customers.came += 1;
                self.budget.earn(ctx.params.retry_budget_pct);
                self.arrive(unit, Tries { made: 0, left: ctx.params.client_retries as u8 }, ctx);
            }
            Event::Retry(tries) => self.come_again(tries, ctx),
            Event::Spike => self.set_rate(ctx),
            Event::StatementEnd => self.end_statement(ctx),
            Event::CallEnd => self.end_call(ctx),
            Event::CallTimeout(id) => self.time_out(id, ctx),
            Event::Wake(id) => self.release(id, ctx),
            Event::GiveUp(id) => self.give_up(id, ctx),
            Event::Second => {
                ctx.schedule_limit(SECOND, Event::Second);
                self.count_second(ctx);
            }
            Event::Scale => {
                ctx.schedule_limit(pools::SCALE_EVERY, Event::Scale);
                self.scale(ctx);
            }
            Event::Holiday => self.lead(ctx),
            Event::PoolReady(instance) => self.end_warm_up(instance as usize, ctx),
            Event::InstanceUp(instance) => self.come_up(instance as usize, ctx),
            Event::AcquireTimeout(id) => self.end_wait(id, ctx),
        }
    }

    fn change(&mut self, before: &Params, ctx: &mut Ctx<Self>) {
        self.losses.reprice(self.customers.lost, before.ticket_usd);
        let now = &ctx.params;
        if (now.base_tx_s, now.spike_multiplier, now.spike_at_s)
            != (before.base_tx_s, before.spike_multiplier, before.spike_at_s)
        {
            self.set_rate(ctx);
        }
        let planned = |params: &Params| {
            let is_flat = params.spike_multiplier == 1.0;
            (params.spike_at_s, is_flat, params.calendar_listed, params.calendar_lead_s)
        };
        if planned(&ctx.params) != planned(before) {
            self.plan_spike(ctx);
        }
        self.set_capacities(ctx);
        if ctx.params.breaker != before.breaker {
            self.breaker = breaker();
        }
        if ctx.params.pool_dynamic
            && (ctx.params.pool_size, ctx.params.pool_dynamic) != (before.pool_size, before.pool_dynamic)
        {
            self.resize_all(ctx.params.pool_size, ctx);
        }
        if ctx.params.worker_threads != before.worker_threads {
            self.fill_all(ctx);
        }
        if ctx.params.cancel_abandoned && !before.cancel_abandoned {
            self.purge_zombies(ctx);
        }
    }

    fn act(&mut self, index: usize, ctx: &mut Ctx<Self>) {
        if let Some(action) = Action::at(index) {
            self.take_action(action, ctx);
        }
    }

    fn answer(&self, index: usize, _: &Ctx<Self>) -> Option<String> {
        (Action::at(index)? == Action::LookAtHoldTime).then(|| self.hold_time())
    }

    fn snapshot(&self, ctx: &Ctx<Self>) -> Snapshot {
        self.diagram(ctx)
    }

    fn request(&self, node: &str, position: usize, ctx: &Ctx<Self>) -> Option<Life> {
        self.life_at(node, position, ctx)
    }

    fn inert(params: &Params) -> Vec<Rule> {
        inert::rules(params)
    }

    fn pending(&self, ctx: &Ctx<Self>) -> Vec<Rule> {
        self.rules_pending(ctx)
    }

    fn live_records(&self) -> u64 {
        u64::from(self.transactions.end()) + self.others.followed() as u64
    }

    fn identities(&self, ctx: &Ctx<Self>) -> Vec<Identity> {
        self.equations(ctx)
    }
}
