//! What a screen shows of the payment system, and the equations that hold in it.

use std::ops::Range;

use super::flow::{State, Transaction};
use super::instances::{Instance, Mode};
use super::tables::Failure;
use super::{ConnectionPool, MOST_INSTANCES};
use crate::diagram::Diagram;
use crate::engine::Ctx;
use crate::format;
use crate::metric::FailureReason;
use crate::scenario::Identity;
use crate::snapshot::{Content, Health, Life, Snapshot, Span};
use crate::time::SimTime;

/// Instances that the diagram shows one by one; the last one stands for all that follow.
pub const MOST_SHOWN: usize = 4;

/// Queues and pools, so that their ids are as fixed as those of everything else.
const QUEUES: [&str; MOST_SHOWN] = ["queue_a", "queue_b", "queue_c", "queue_d"];
const POOLS: [&str; MOST_SHOWN] = ["pool_a", "pool_b", "pool_c", "pool_d"];
/// Names of the instances.
const LETTERS: [char; MOST_INSTANCES] = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];

/// What the queues or the pools of these instances are called.
fn title(noun: &str, group: &Range<usize>) -> String {
    match LETTERS.get(group.clone()) {
        Some([first, .., last]) => format!("{noun}s {first}–{last}"),
        Some([only]) => format!("{noun} {only}"),
        _ => noun.to_owned(),
    }
}

/// Every connection is held by somebody who waits for another one.
const LOCKED: &str = "locked";

/// The life of a transaction by `now`; `failure` says how it failed. One that was answered has let go of its slot.
pub fn life(transaction: &Transaction, now: SimTime, failure: Option<&'static str>) -> Life {
    let is_over = failure.is_some() || transaction.state == State::Sleeping;
    let end = is_over.then_some(now);
    let Transaction { arrived, started, began, ready, called, answered, state, held, needs, .. } =
        *transaction;
    let mut spans = Vec::new();
    // What began at `from` lasts until `to`, unless that is where the transaction is now.
    let mut tell = |is_now: bool, name, depth, from, to| {
        spans.push(Span::new(name, from, if is_now { end } else { Some(to) }).within(depth));
    };
    let is_queued = state == State::Queued;
    if is_queued || started > arrived {
        tell(is_queued, "waited for a worker", 0, arrived, started);
    }
    if !is_queued {
        tell(held == 0, "waited for a connection", 0, started, began);
    }
    if held > 0 {
        tell(true, "held a connection", 0, began, now);
        let is_waiting = state == State::Waiting;
        if needs > 1 {
            tell(is_waiting, "waited for a second one", 1, began, ready);
        }
        if !is_waiting {
            tell(state == State::Database, "database", 1, ready, called);
        }
    }
    if matches!(state, State::Downstream | State::Sleeping) {
        tell(state == State::Downstream, "downstream", 1, called, answered);
    }
    if state == State::Sleeping {
        tell(true, "slept on the connection", 1, answered, now);
    }
    let outcome = failure
        .or_else(|| is_over.then_some(if transaction.is_zombie { "answered too late" } else { "answered" }));
    Life { arrived, spans, outcome, failed: failure.is_some() }
}

/// A transaction that was turned away at once.
pub fn refused(now: SimTime, failure: Failure) -> Life {
    let spans = vec![Span::new("turned away", now, Some(now))];
    Life { arrived: now, spans, outcome: Some(failure.id()), failed: true }
}

impl ConnectionPool {
    /// The instances of each queue and pool of the diagram.
    fn groups(&self) -> impl Iterator<Item = Range<usize>> {
        let shown = self.shown;
        (0..shown).map(move |index| index..if index + 1 == shown { MOST_INSTANCES } else { index + 1 })
    }

    pub(super) fn diagram(&self, ctx: &Ctx<Self>) -> Snapshot {
        let (params, metrics) = (&ctx.params, &ctx.metrics);
        let is_spike = ctx.now() >= SimTime::from_secs_f64(params.spike_at_s);
        let offered = params.base_tx_s * if is_spike { params.spike_multiplier } else { 1.0 };
        let traffic = format!("{} a second", format::number(offered));
        let mut diagram = Diagram::new().plain("customers", "Customers", (0, 0), traffic);
        for (index, group) in self.groups().enumerate() {
            // Instances beyond those in use have no slots of their own to show.
            let end = group.end.min(self.active.max(group.start + 1));
            diagram = self.instances_in(diagram, index, group.start..end, ctx);
        }
        let statements = self.database.jobs.len() as u64;
        let database = match statements {
            _ if metrics.db_refused.lately() > 0 => (Health::Failing, "refuses connections"),
            _ if metrics.zombie.lately() > metrics.good.lately() => (Health::Failing, "zombie work"),
            running if running > params.db_parallelism => (Health::Failing, "overrun"),
            running if running * 10 >= params.db_parallelism * 9 => (Health::Strained, "slowing"),
            _ if Self::is_at_limit(ctx) => (Health::Strained, "at its limit"),
            _ if metrics.zombie.lately() > 0 => (Health::Strained, "zombie work"),
            _ => (Health::Fine, "fast"),
        };
        let database_load = Content::Load((statements as f64 / params.db_parallelism as f64).min(1.0));
        let load = metrics.downstream_util.value();
        let downstream = match load {
            load if load >= 99.5 => (Health::Failing, "full"),
            load if load > 90.0 => (Health::Strained, "tight"),
            _ => (Health::Fine, "has room"),
        };
        let downstream_load = Content::Load((load / 100.0).min(1.0));
        let calls = if self.breaker.is_open() {
            String::from("breaker open")
        } else {
            format!("{load:.0}\u{a0}% busy")
        };
        let good = metrics.good.total();
        let called = metrics.completed.total()
            + metrics.downstream_timeout.total()
            + self.downstream.jobs.len() as u64;
        let statements = match [statements, metrics.connections_open.value(), params.db_max_connections] {
            [running, _, 0] => format::counted(running, "statements"),
            all => {
                let [running, open, most] = all.map(format::count);
                format!("{running} statements, {open} of {most} open")
            }
        };
        diagram
            .node("database", "Database", (3, 0), database_load, database, statements)
            .node("downstream", "Downstream", (4, 0), downstream_load, downstream, calls)
            .end("answered", "Answered", (5, 0), good)
            .lost::<Failure>("Failed", (5, 1), metrics, metrics.good.lately(), self.failed_again)
            .flow("database", "downstream", called)
            .flow("downstream", "answered", good)
            .failure("customers", "lost", Failure::RefusedRestarting, metrics)
            .failure("customers", "lost", Failure::Shed, metrics)
            .failure("queue_a", "lost", Failure::Abandoned, metrics)
            .failure("queue_a", "lost", Failure::KilledByRestart, metrics)
            .failure("queue_a", "lost", Failure::AcquireTimeout, metrics)
            .failure("database", "lost", Failure::DbRefused, metrics)
            .failure("database", "lost", Failure::BreakerOpen, metrics)
            .failure("downstream", "lost", Failure::DownstreamTimeout, metrics)
            .finish()
    }

    /// Adds the queue and the pool that stand for these instances.
    fn instances_in(&self, diagram: Diagram, index: usize, span: Range<usize>, ctx: &Ctx<Self>) -> Diagram {
        let (queue_title, pool_title) = (title("Queue", &span), title("Pool", &span));
        let group = &self.instances[span];
        let sum = |of: fn(&Instance) -> u64| group.iter().map(of).sum::<u64>();
        let backlog = sum(|each| each.backlog.len() as u64);
        let (line, in_use) = (sum(|each| each.line.len() as u64), sum(|each| each.in_use));
        let waiting = backlog + line;
        let (usable, halves) = (sum(|each| each.usable), sum(|each| each.halves));
        let is_stuck = Self::is_at_limit(ctx) && in_use >= sum(|each| each.open);
        let line_state = match waiting {
            0 => (Health::Fine, "empty"),
            waiting if waiting > 5 * usable => (Health::Failing, "long"),
            _ => (Health::Strained, "waiting"),
        };
        let slots = match group[0].mode {
            Mode::Restarting => (Health::Failing, "restarting"),
            Mode::Draining => (Health::Strained, "draining"),
            Mode::Stopped => (Health::Fine, "stopped"),
            Mode::Up if in_use >= usable && in_use == halves => (Health::Failing, LOCKED),
            Mode::Up if in_use >= usable => (Health::Strained, "all in use"),
            Mode::Up if is_stuck => (Health::Strained, "can open no more"),
            Mode::Up => (Health::Fine, "has room"),
        };
        let mut detail = format!("{} of {}", format::count(in_use), format::count(usable));
        if slots.1 == LOCKED {
            detail += " wait for a second";
        } else {
            detail += " in use";
        }
        let (queue, pool) = (QUEUES[index], POOLS[index]);
        let wait = if ctx.params.worker_threads > 0 || backlog > 0 {
            let [line, backlog] = [line, backlog].map(format::count);
            format!("{line} for a connection, {backlog} for a worker")
        } else {
            format::counted(waiting, "waiting")
        };
        let content = Content::Queue { length: waiting, limit: None };
        let row = index as u8;
        diagram
            .node(queue, &queue_title, (1, row), content, line_state, wait)
            .node(pool, &pool_title, (2, row), Content::Slots { used: in_use, total: usable }, slots, detail)
            .flow("customers", queue, sum(|each| each.came))
            .flow(queue, pool, sum(|each| each.began))
            .flow(pool, "database", sum(|each| each.executed))
    }

    pub(super) fn life_at(&self, node: &str, position: usize, ctx: &Ctx<Self>) -> Option<Life> {
        let group = |ids: &[&str]| {
            let index = ids.iter().position(|id| *id == node)?;
            self.groups().nth(index)
        };
        let transaction = if let Some(group) = group(&QUEUES) {
            let mut waiting = group.flat_map(|at| {
                let Instance { line, backlog, .. } = self.instances[at];
                line.iter(&self.transactions).chain(backlog.iter(&self.transactions))
            });
            self.transactions.get(waiting.nth(position)?)?
        } else {
            let group = group(&POOLS)?;
            let mut served = self.transactions.iter().filter(|(_, transaction)| {
                transaction.held > 0 && group.contains(&(transaction.instance as usize))
            });
            served.nth(position)?.1
        };
        let mut life = life(transaction, ctx.now(), None);
        // It is still there: what it does now goes on, and so does what that lies within.
        life.outcome = None;
        let mut depth = u8::MAX;
        for span in life.spans.iter_mut().rev() {
            if span.depth < depth {
                (span.to, depth) = (None, span.depth);
            }
            if depth == 0 {
                break;
            }
        }
        Some(life)
    }

    pub(super) fn equations(&self, ctx: &Ctx<Self>) -> Vec<Identity> {
        let metrics = &ctx.metrics;
        let held = |test: fn(&Transaction) -> bool| {
            self.transactions.iter().filter(|(_, each)| test(each)).count() as i128
        };
        let failed: u64 = Failure::ALL.iter().map(|reason| reason.total(metrics)).sum();
        let in_system = held(|each| each.state != State::Sleeping);
        let unanswered = self.transactions.iter().filter(|(_, each)| each.state != State::Sleeping);
        let age: u128 = unanswered.map(|(_, each)| u128::from((ctx.now() - each.arrived).nanos())).sum();
        let sum = |of: fn(&Instance) -> u64| -> i128 { self.instances.iter().map(of).sum::<u64>().into() };
        let (came, accounted) = self.others.accounts(ctx.now());
        let equal = |name, left: i128, right: i128| Identity { name, left, right };
        vec![
            equal("calls of others = answered + timed out + under way", came.into(), accounted.into()),
            equal(
                "arrived = completed + failed + in the system, those counted once who failed and are still executed",
                metrics.arrived.total().into(),
                i128::from(metrics.completed.total()) + i128::from(failed) - i128::from(self.zombies)
                    + in_system,
            ),
            equal(
                "completed = in time + for nobody",
                metrics.completed.total().into(),
                (metrics.good.total() + metrics.zombie.total()).into(),
            ),
            equal(
                "arrived = answered in time + failed, each once + waiting for an answer",
                metrics.arrived.total().into(),
                i128::from(metrics.good.total()) + i128::from(failed) - i128::from(self.failed_again)
                    + held(|each| each.state != State::Sleeping && !each.is_zombie),
            ),
            equal("transactions held = in the system", in_system, metrics.in_system.value().into()),
            equal(
                "waiting = lengths of the queues",
                metrics.queue_depth.value().into(),
                sum(|each| each.line.len() as u64),
            ),
            equal(
                "transactions that wait = waiting",
                held(|each| each.state == State::Waiting),
                metrics.queue_depth.value().into(),
            ),
            equal(
                "connections in use = slots in use",
                metrics.connections_in_use.value().into(),
                sum(|each| each.in_use),
            ),
            equal(
                "connections of all transactions = slots in use",
                self.transactions.iter().map(|(_, each)| i128::from(each.held)).sum(),
                sum(|each| each.in_use),
            ),
            equal(
                "transactions with a worker = workers at work",
                held(|each| each.state != State::Queued),
                sum(|each| each.workers),
            ),
            equal(
                "transactions that wait for a worker = lengths of their queues",
                held(|each| each.state == State::Queued),
                sum(|each| each.backlog.len() as u64),
            ),
            equal(
                "transactions that wait for a worker = the number measured",
                held(|each| each.state == State::Queued),
                metrics.worker_queue.value().into(),
            ),
            equal(
                "transactions that hold a connection and wait for another = those counted",
                held(|each| each.state == State::Waiting && each.held > 0),
                sum(|each| each.halves),
            ),
            equal(
                "connections open = those of all pools",
                metrics.connections_open.value().into(),
                sum(|each| each.open),
            ),
            equal(
                "statements = transactions in the database",
                held(|each| each.state == State::Database),
                self.database.jobs.len() as i128,
            ),
            equal(
                "calls = transactions downstream",
                held(|each| each.state == State::Downstream),
                self.downstream.jobs.len() as i128,
            ),
            equal(
                "waits observed = connections given",
                metrics.wait_s.count().into(),
                sum(|each| each.began),
            ),
            equal(
                "connections given = given back + in use",
                sum(|each| each.began),
                i128::from(metrics.hold_ms.count()) + sum(|each| each.in_use),
            ),
            equal(
                "transactions let in = given a worker + left the queue without + waiting for one",
                sum(|each| each.came),
                sum(|each| each.started) + i128::from(self.left_backlog + metrics.worker_queue.value()),
            ),
            equal(
                "connections asked for = given + left the queue without + waiting",
                sum(|each| each.asked),
                sum(|each| each.began)
                    + i128::from(self.left_queue)
                    + i128::from(metrics.queue_depth.value()),
            ),
            equal(
                "customers = answered in time + lost + pausing + still waiting for an answer",
                self.customers.came.into(),
                i128::from(metrics.good.total() + self.customers.lost + self.customers.pausing)
                    + held(|each| each.state != State::Sleeping && !each.is_zombie),
            ),
            equal(
                "slots and workers are within their limits whenever one is given",
                self.given_past_limit.into(),
                0,
            ),
            equal(
                "sum of sojourns = integral of the number in the system (Little's law)",
                (self.sojourns + age) as i128,
                metrics.in_system.integral(ctx.now()) as i128,
            ),
            equal(
                "confirmed loss = customers lost, each at the price of the time",
                metrics.confirmed_loss_usd.micros().into(),
                self.losses.total(self.customers.lost, ctx.params.ticket_usd).into(),
            ),
        ]
    }
}
