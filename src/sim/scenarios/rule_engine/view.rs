//! What a screen shows of the shop, and the equations that hold.

use super::reading::Engine;
use super::rollout::Stage;
use super::tables::{Failure, LogicHome};
use super::{Context, RuleEngine};
use crate::diagram::Diagram;
use crate::format::{count, counted};
use crate::metric::Money;
use crate::scenario::Identity;
use crate::snapshot::{Content, Health, Life, Snapshot};

impl RuleEngine {
    pub(super) fn diagram(&self, ctx: &Context) -> Snapshot {
        let (params, metrics) = (&ctx.params, &ctx.metrics);
        let at = |stage| self.changes.iter().filter(|change| change.stage == stage).count() as u64;
        let (rolling, waiting, tried) = (at(Stage::Rollout), at(Stage::Waiting), at(Stage::Canary));
        let escaping = metrics.faults_escaping.value();
        let gates = match escaping {
            0 => (Health::Fine, "tight"),
            _ if params.gates().any() => (Health::Strained, "leaky"),
            _ => (Health::Failing, "none on"),
        };
        let escape = if escaping == 1 { " fault escapes" } else { " faults escape" };
        let engine = match (&self.live.engine, self.live.incident) {
            (Engine::Prices(_), Some(incident)) if incident.is_detected => (Health::Failing, "prices wrong"),
            // What nobody knows does not show.
            (Engine::Prices(_), _) => (Health::Fine, "running"),
            _ => (Health::Failing, "stopped"),
        };
        // Without a canary nobody stands in line before it.
        let (trial, canary) = match (params.canary_pct > 0.0, tried) {
            (false, 0) => (Content::Plain, (Health::Fine, "none")),
            (_, 0) => (Content::Slots { used: 0, total: 1 }, (Health::Fine, "idle")),
            _ => (Content::Slots { used: tried, total: 1 }, (Health::Fine, "trying")),
        };
        let line =
            if rolling + waiting == 0 { (Health::Fine, "empty") } else { (Health::Fine, "on the way") };
        let queue = Content::Queue { length: rolling + waiting, limit: None };
        let right = metrics.orders_priced.total() - metrics.mispriced_orders.total();
        let lately = metrics.orders_priced.lately() - metrics.mispriced_orders.lately();
        let stopped = metrics.changes_refused.total();
        let passed = metrics.changes_pushed.total() - stopped;
        let to_canary = metrics.canary_aborted.total() + self.books.through_canary + tried;
        let through = metrics.changes_live.total() - self.books.through_canary;
        let source = match params.logic_home {
            LogicHome::Config => "Rule file",
            LogicHome::Code => "Code",
        };
        Diagram::new()
            .plain("editor", source, (0, 0), counted(metrics.changes_pushed.total(), "pushed"))
            .node("gates", "Gates", (1, 0), Content::Plain, gates, count(escaping) + escape)
            .node("rollout", "Roll-out", (2, 0), queue, line, count(rolling + waiting) + " under way")
            .node(
                "canary",
                "Canary",
                (3, 0),
                trial,
                canary,
                counted(metrics.canary_aborted.total(), "stopped"),
            )
            .end("refused", "Stopped", (1, 1), stopped + metrics.canary_aborted.total())
            .plain("orders", "Orders", (2, 1), counted(self.books.orders, "so far"))
            .node(
                "engine",
                "Rule engine",
                (3, 1),
                Content::Plain,
                engine,
                counted(metrics.orders_priced.total(), "priced"),
            )
            .end("priced", "Right price", (4, 1), right)
            .lost::<Failure>("Failed", (3, 2), metrics, lately, 0)
            .flow("editor", "gates", metrics.changes_pushed.total())
            .flow("gates", "refused", stopped)
            .flow("gates", "rollout", passed)
            .flow("rollout", "canary", to_canary)
            .flow("rollout", "engine", through)
            .flow("canary", "refused", metrics.canary_aborted.total())
            .flow("canary", "engine", self.books.through_canary)
            .flow("orders", "engine", self.books.orders)
            .flow("engine", "priced", right)
            .failure("engine", "lost", Failure::ConfigUnparseable, metrics)
            .failure("engine", "lost", Failure::EngineError, metrics)
            .failure("engine", "lost", Failure::MispricedUnder, metrics)
            .failure("engine", "lost", Failure::MispricedOver, metrics)
            .finish()
    }

    pub(super) fn life_at(&self, node: &str, position: usize, ctx: &Context) -> Option<Life> {
        let is_here = |stage: Stage| match node {
            "rollout" => stage != Stage::Canary,
            "canary" => stage == Stage::Canary,
            _ => false,
        };
        let mut here = self.changes.iter().filter(|change| is_here(change.stage));
        Some(here.nth(position)?.life(ctx.now(), None))
    }

    pub(super) fn equations(&self, ctx: &Context) -> Vec<Identity> {
        let (metrics, books) = (&ctx.metrics, &self.books);
        let equal = |name, left: u64, right: u64| Identity { name, left: left.into(), right: right.into() };
        let money = |name, left: i64, right: i64| Identity { name, left: left.into(), right: right.into() };
        let under_way = self.changes.len() as u64;
        let wrong = metrics.mispriced_under.total() + metrics.mispriced_over.total();
        let stopped = metrics.config_unparseable.total() + metrics.engine_error.total();
        let [under, over, all] =
            [&metrics.undercharged_usd, &metrics.overcharged_usd, &metrics.mispriced_usd].map(Money::micros);
        let age: u128 =
            self.changes.iter().map(|change| u128::from((ctx.now() - change.pushed()).nanos())).sum();
        vec![
            equal(
                "orders = priced + rejected",
                books.orders,
                metrics.orders_priced.total() + metrics.orders_rejected.total(),
            ),
            equal(
                "orders that the typed code prices otherwise than the file of the reference = none",
                books.coded_otherwise,
                0,
            ),
            equal("rejected = those for each reason", metrics.orders_rejected.total(), stopped),
            equal("mispriced = too little + too much", metrics.mispriced_orders.total(), wrong),
            money("what is off = too little + too much", all, under + over),
            money(
                "charged − due = too much − too little",
                (books.charged - books.due) * 10_000,
                over - under,
            ),
            equal(
                "pushed = refused + stopped by the canary + come through + under way",
                metrics.changes_pushed.total(),
                metrics.changes_refused.total()
                    + metrics.canary_aborted.total()
                    + metrics.changes_live.total()
                    + under_way,
            ),
            equal("under way = those in the list", metrics.changes_under_way.value(), under_way),
            equal(
                "lead times observed = come through",
                metrics.lead_time_s.count(),
                metrics.changes_live.total(),
            ),
            Identity {
                name: "sum of lead times, of changes stopped on the way and under way = integral of the changes under way",
                left: (metrics.lead_time_s.sum_nanos() + books.stopped_nanos + age) as i128,
                right: metrics.changes_under_way.integral(ctx.now()) as i128,
            },
        ]
    }
}
