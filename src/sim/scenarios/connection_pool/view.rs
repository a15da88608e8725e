//! What a screen shows of the payment system, and the equations that hold in it.

use super::flow::{Failure, Instance, Mode, State, Transaction};
use super::tables::Vote;
use super::{ConnectionPool, MOST_INSTANCES};
use crate::engine::Ctx;
use crate::format;
use crate::scenario::Identity;
use crate::snapshot::{Content, Flow, Health, Life, Node, Snapshot, Span};
use crate::time::SimTime;
use crate::unit::Unit;

/// Instances that the diagram shows one by one; the last one stands for all that follow.
pub const MOST_SHOWN: usize = 4;

/// Names of the queues and pools, so that their ids are as fixed as those of everything else.
const QUEUES: [(&str, &str); MOST_SHOWN] =
    [("queue_a", "Queue A"), ("queue_b", "Queue B"), ("queue_c", "Queue C"), ("queue_d", "Queue D")];
const POOLS: [(&str, &str); MOST_SHOWN] =
    [("pool_a", "Pool A"), ("pool_b", "Pool B"), ("pool_c", "Pool C"), ("pool_d", "Pool D")];

/// The life of a transaction by `now`; `failure` says how it failed. One that was answered has let go of its slot.
pub fn life(transaction: &Transaction, now: SimTime, failure: Option<&'static str>) -> Life {
    let is_over = failure.is_some() || transaction.state == State::Sleeping;
    let end = is_over.then_some(now);
    let mut spans = Vec::with_capacity(4);
    let mut span = |name, from, to| spans.push(Span { name, from, to });
    let Transaction { arrived, began, called, answered, .. } = *transaction;
    match transaction.state {
        State::Gone => {}
        State::Waiting => span("waited for a connection", arrived, end),
        State::Database => {
            span("waited for a connection", arrived, Some(began));
            span("database", began, end);
        }
        State::Downstream => {
            span("waited for a connection", arrived, Some(began));
            span("database", began, Some(called));
            span("downstream", called, end);
        }
        State::Sleeping => {
            span("waited for a connection", arrived, Some(began));
            span("database", began, Some(called));
            span("downstream", called, Some(answered));
            span("slept on the connection", answered, end);
        }
    }
    let outcome = failure
        .or_else(|| is_over.then_some(if transaction.is_zombie { "answered too late" } else { "answered" }));
    Life { arrived, spans, outcome, failed: failure.is_some() }
}

/// A transaction that was turned away at once.
pub fn refused(now: SimTime, failure: Failure) -> Life {
    let spans = vec![Span { name: "turned away", from: now, to: Some(now) }];
    Life { arrived: now, spans, outcome: Some(failure.id()), failed: true }
}

/// Instances that one node of the diagram stands for, added up.
fn sum(instances: &[Instance]) -> Instance {
    let mut all = instances[0];
    for instance in &instances[1..] {
        all.waiting += instance.waiting;
        all.in_use += instance.in_use;
        all.usable += instance.usable;
        all.came += instance.came;
        all.began += instance.began;
    }
    all
}

impl ConnectionPool {
    /// The instances of each queue and pool of the diagram.
    fn groups(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let shown = self.shown;
        (0..shown).map(move |index| index..if index + 1 == shown { MOST_INSTANCES } else { index + 1 })
    }

    pub(super) fn diagram(&self, ctx: &Ctx<Self>) -> Snapshot {
        let (params, metrics) = (&ctx.params, &ctx.metrics);
        let node = Node::new;
        let plain = (Health::Fine, "");
        let offered = params.base_tx_s
            * if ctx.now() >= SimTime::from_secs_f64(params.spike_at_s) {
                params.spike_multiplier
            } else {
                1.0
            };
        let mut nodes = vec![node(
            "customers",
            "Customers",
            (0, 0),
            Content::Plain,
            plain,
            format!("{} a second", format::number(offered)),
        )];
        let mut flows = Vec::new();
        let shown = self.shown;
        let (database, downstream, answered, lost) =
            (1 + 2 * shown, 2 + 2 * shown, 3 + 2 * shown, 4 + 2 * shown);
        let flow = |from, to, total, failure| Flow { from, to, total, failure };
        for (index, group) in self.groups().enumerate() {
            // Instances beyond those in use have no slots of their own to show.
            let end = group.end.min(self.active.max(group.start + 1));
            let all = sum(&self.instances[group.start..end]);
            let is_full = all.in_use >= all.usable;
            let queue = match all.waiting {
                0 => (Health::Fine, "empty"),
                waiting if waiting > 5 * all.usable => (Health::Failing, "long"),
                _ => (Health::Strained, "waiting"),
            };
            let pool = match all.mode {
                Mode::Restarting => (Health::Failing, "restarting"),
                Mode::Draining => (Health::Strained, "draining"),
                Mode::Stopped => (Health::Fine, "stopped"),
                Mode::Up if is_full => (Health::Strained, "all in use"),
                Mode::Up => (Health::Fine, "has room"),
            };
            let detail = if self.controls.has_looked {
                let sleep = format::quantity(params.sleep_ms, Unit::Milliseconds);
                format!("{} of {}, sleep {sleep}", format::count(all.in_use), format::count(all.usable))
            } else {
                format!("{} of {} in use", format::count(all.in_use), format::count(all.usable))
            };
            let row = index as u8;
            nodes.push(node(
                QUEUES[index].0,
                QUEUES[index].1,
                (1, row),
                Content::Queue { length: all.waiting, limit: None },
                queue,
                format!("{} waiting", format::count(all.waiting)),
            ));
            nodes.push(node(
                POOLS[index].0,
                POOLS[index].1,
                (2, row),
                Content::Slots { used: all.in_use, total: all.usable },
                pool,
                detail,
            ));
            let (queue, pool) = (1 + 2 * index, 2 + 2 * index);
            flows.push(flow(0, queue, all.came, None));
            flows.push(flow(queue, pool, all.began, None));
            flows.push(flow(pool, database, all.began, None));
        }
        let statements = self.database.len() as u64;
        let database_state = match statements {
            running if running > params.db_parallelism => (Health::Failing, "overrun"),
            running if running * 10 >= params.db_parallelism * 9 => (Health::Strained, "slowing"),
            _ => (Health::Fine, "fast"),
        };
        let load = metrics.downstream_util.value();
        let downstream_state = match load {
            load if load >= 99.5 => (Health::Failing, "full"),
            load if load > 90.0 => (Health::Strained, "tight"),
            _ => (Health::Fine, "has room"),
        };
        let failures = [
            (0, metrics.refused_restarting.total(), Failure::Refused),
            (0, metrics.shed.total(), Failure::Shed),
            (1, metrics.abandoned.total(), Failure::Abandoned),
            (1, metrics.killed_by_restart.total(), Failure::Killed),
            (database, metrics.breaker_open.total(), Failure::Breaker),
            (downstream, metrics.downstream_timeout.total(), Failure::Timeout),
        ];
        let failed: u64 = failures.iter().map(|(_, total, _)| total).sum();
        let completed = metrics.completed.total();
        let called = completed + metrics.downstream_timeout.total() + self.downstream.len() as u64;
        nodes.push(node(
            "database",
            "Database",
            (3, 0),
            Content::Load((statements as f64 / params.db_parallelism as f64).min(1.0)),
            database_state,
            format!("{} statements", format::count(statements)),
        ));
        nodes.push(node(
            "downstream",
            "Downstream",
            (4, 0),
            Content::Load((load / 100.0).min(1.0)),
            downstream_state,
            if self.breaker.is_open() { String::from("breaker open") } else { format!("{load:.0} % busy") },
        ));
        nodes.push(node(
            "answered",
            "Answered",
            (5, 0),
            Content::Plain,
            plain,
            format!("{} so far", format::count(completed)),
        ));
        let vote = match self.controls.vote {
            None => "",
            Some(Vote::Restart) => "voted: restart",
            Some(Vote::Bleed) => "voted: wait",
            Some(Vote::SomethingElse) => "voted: something else",
            Some(Vote::Drain) => "voted: drain",
        };
        nodes.push(node(
            "lost",
            "Failed",
            (4, 1),
            Content::Plain,
            (Health::Fine, vote),
            format!("{} so far", format::count(failed)),
        ));
        flows.push(flow(database, downstream, called, None));
        flows.push(flow(downstream, answered, completed, None));
        flows.extend(failures.map(|(from, total, failure)| flow(from, lost, total, Some(failure.id()))));
        Snapshot { nodes, flows }
    }

    pub(super) fn life_at(&self, node: usize, position: usize, ctx: &Ctx<Self>) -> Option<Life> {
        let group = self.groups().nth(node.checked_sub(1)? / 2)?;
        let transaction = if node % 2 == 1 {
            let next = |id: &u32| self.transactions.get(*id as usize).map(|transaction| transaction.next);
            let queue = |at: usize| std::iter::successors(Some(self.instances[at].first), next);
            let waiting = group.flat_map(queue).filter_map(|id| self.transactions.get(id as usize));
            waiting.into_iter().nth(position)?
        } else {
            let in_group = |transaction: &&Transaction| {
                transaction.is_served() && group.contains(&(transaction.instance as usize))
            };
            self.transactions.iter().filter(in_group).nth(position)?
        };
        let mut life = life(transaction, ctx.now(), None);
        // It is still there: what it does now goes on.
        life.outcome = None;
        if let Some(last) = life.spans.last_mut() {
            last.to = None;
        }
        Some(life)
    }

    pub(super) fn equations(&self, ctx: &Ctx<Self>) -> Vec<Identity> {
        let metrics = &ctx.metrics;
        let held = |test: fn(&Transaction) -> bool| {
            self.transactions.iter().filter(|each| test(each)).count() as i128
        };
        let failed = metrics.killed_by_restart.total()
            + metrics.refused_restarting.total()
            + metrics.shed.total()
            + metrics.downstream_timeout.total()
            + metrics.breaker_open.total()
            + metrics.abandoned.total();
        let in_system =
            held(|each| matches!(each.state, State::Waiting | State::Database | State::Downstream));
        let unanswered = self
            .transactions
            .iter()
            .filter(|each| matches!(each.state, State::Waiting | State::Database | State::Downstream));
        let age: u128 = unanswered.map(|each| u128::from((ctx.now() - each.arrived).nanos())).sum();
        let sum = |of: fn(&Instance) -> u64| -> i128 { self.instances.iter().map(of).sum::<u64>().into() };
        let equal = |name, left: i128, right: i128| Identity { name, left, right };
        vec![
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
            equal("transactions held = in the system", in_system, metrics.in_system.value().into()),
            equal(
                "waiting = lengths of the queues",
                metrics.queue_depth.value().into(),
                sum(|each| each.waiting),
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
                "transactions with a slot = slots in use",
                held(Transaction::is_served),
                sum(|each| each.in_use),
            ),
            equal(
                "statements = transactions in the database",
                held(|each| each.state == State::Database),
                self.database.len() as i128,
            ),
            equal(
                "calls = transactions downstream",
                held(|each| each.state == State::Downstream),
                self.downstream.len() as i128,
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
                "transactions let in = given a connection + left the queue without + waiting",
                sum(|each| each.came),
                sum(|each| each.began)
                    + i128::from(self.left_queue)
                    + i128::from(metrics.queue_depth.value()),
            ),
            equal(
                "customers = answered in time + lost + pausing + still waiting for an answer",
                self.customers.came.into(),
                i128::from(metrics.good.total() + self.customers.lost + self.customers.pausing)
                    + held(|each| {
                        let is_unanswered =
                            matches!(each.state, State::Waiting | State::Database | State::Downstream);
                        is_unanswered && !each.is_zombie
                    }),
            ),
            equal("slots are within the limit whenever one is given", self.given_past_limit.into(), 0),
            equal(
                "sum of sojourns = integral of the number in the system (Little's law)",
                (self.sojourns + age) as i128,
                metrics.in_system.integral(ctx.now()) as i128,
            ),
            equal(
                "confirmed loss = sum of its entries",
                metrics.confirmed_loss_usd.micros().into(),
                self.entries_micros.into(),
            ),
        ]
    }
}
