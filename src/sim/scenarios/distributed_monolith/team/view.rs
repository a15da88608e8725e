//! What a screen shows of the team, and the equations that hold.

use super::changes::{Change, Pipeline, Stage};
use super::{DAY, MonolithTeam};
use crate::diagram::Diagram;
use crate::engine::Ctx;
use crate::format::{self, count};
use crate::scenario::Identity;
use crate::snapshot::{Content, Health, Life, Snapshot};
use crate::unit::Unit;

impl MonolithTeam {
    pub(super) fn diagram(&self, ctx: &Ctx<Self>) -> Snapshot {
        let (params, metrics) = (&ctx.params, &ctx.metrics);
        let left = metrics.feature_share_pct.value();
        let team = match left {
            left if left < 50.0 => (Health::Failing, "mostly upkeep"),
            left if left < 75.0 => (Health::Strained, "much upkeep"),
            _ => (Health::Fine, "building"),
        };
        let memory = metrics.laptop_memory_pct.value();
        let laptop = match memory {
            memory if memory > 100.0 => (Health::Failing, "swapping"),
            memory if memory >= 100.0 => (Health::Strained, "full"),
            memory if memory > 90.0 => (Health::Strained, "nearly full"),
            _ => (Health::Fine, "room left"),
        };
        let (waiting, busy) = (metrics.deploy_queue.value(), metrics.pipelines_busy.value());
        let backlog = metrics.deploy_backlog_min.value();
        let line = match waiting {
            0 => (Health::Fine, "empty"),
            _ if backlog >= DAY.as_secs_f64() / 60.0 => (Health::Failing, "long"),
            _ => (Health::Strained, "waiting"),
        };
        let total = params.deployables();
        // As announced, whoever has a run at this moment.
        let never_rests = metrics.pipeline_utilization_pct.value() >= 85.0;
        let work = match busy {
            0 => (Health::Fine, "idle"),
            _ if never_rests && total == 1 => (Health::Strained, "busy all day"),
            busy if never_rests && busy < total => (Health::Strained, "one busy all day"),
            busy if busy < total => (Health::Fine, "working"),
            _ if total == 1 => (Health::Fine, "busy"),
            _ => (Health::Strained, "all busy"),
        };
        let handed = self.counts.handed - self.counts.taken;
        let is_late = |change: &Change| change.handed_for(ctx.now()) >= DAY;
        let reviews = if self.at(Stage::HandedOver).any(is_late) {
            (Health::Strained, "over a day")
        } else {
            (Health::Fine, "")
        };
        let (begun, shipped) = (self.counts.begun, metrics.shipped.total());
        let percent = |value| format::quantity(value, Unit::Percent);
        let hundredth = |value: f64| Content::Load((value / 100.0).clamp(0.0, 1.0));
        let queue = |length| Content::Queue { length, limit: None };
        let upkeep = percent(100.0 - left) + " upkeep";
        let test = String::from("tests: ") + &format::quantity(metrics.test_cycle_min.value(), Unit::Minutes);
        let (in_line, with_others) = (count(waiting) + " waiting", count(handed) + " under way");
        let pipelines = count(busy) + " of " + &count(total) + " busy";
        Diagram::new()
            .node("developers", "Developers", (0, 0), hundredth(100.0 - left), team, upkeep)
            .node("laptop", "Laptop", (1, 0), hundredth(memory), laptop, test)
            .node("queue", "Deploy queue", (2, 0), queue(waiting), line, in_line)
            .node("pipelines", "Pipelines", (3, 0), Content::Slots { used: busy, total }, work, pipelines)
            .node("handover", "Hand-overs", (3, 1), queue(handed), reviews, with_others)
            .end("production", "Production", (4, 0), shipped)
            .flow("developers", "laptop", metrics.merged.total())
            .flow("laptop", "queue", metrics.merged.total())
            .flow("queue", "pipelines", begun)
            .flow("pipelines", "handover", self.counts.handed)
            .flow("handover", "queue", self.counts.taken)
            .flow("pipelines", "production", shipped)
            .finish()
    }

    pub(super) fn life_at(&self, node: &str, position: usize, ctx: &Ctx<Self>) -> Option<Life> {
        let lines = || self.pipelines.iter();
        let id = match node {
            // Line by line, each from its head on.
            "queue" => lines().flat_map(|Pipeline { line, .. }| line.iter(&self.changes)).nth(position)?,
            "pipelines" => lines().filter_map(|pipeline| pipeline.running).nth(position)?.0,
            "handover" => {
                let mut handed =
                    self.changes.iter().filter(|(_, change)| change.stage() == Stage::HandedOver);
                handed.nth(position)?.0
            }
            _ => return None,
        };
        Some(self.changes.get(id)?.life(ctx.now(), None))
    }

    fn at(&self, stage: Stage) -> impl Iterator<Item = &Change> {
        self.changes.iter().map(|(_, change)| change).filter(move |change| change.stage() == stage)
    }

    pub(super) fn equations(&self, ctx: &Ctx<Self>) -> Vec<Identity> {
        let (now, metrics, counts) = (ctx.now(), &ctx.metrics, &self.counts);
        let present = || self.changes.iter().map(|(_, change)| change);
        let at = |stage| self.at(stage).count() as u64;
        let equal = |name, left: u64, right: u64| Identity { name, left: left.into(), right: right.into() };
        let age: u128 = present().map(|change| u128::from((now - change.merged()).nanos())).sum();
        let worked: u64 = self.pipelines.iter().map(|pipeline| pipeline.worked_by(now)).sum();
        let lines: usize =
            self.pipelines.iter().map(|Pipeline { line, .. }| line.iter(&self.changes).count()).sum();
        let week = ctx.params.week();
        vec![
            equal(
                "merged = in production + waiting + in a pipeline + handed over",
                metrics.merged.total(),
                metrics.shipped.total() + at(Stage::Waiting) + at(Stage::Running) + at(Stage::HandedOver),
            ),
            equal(
                "merged = in production + on their way",
                metrics.merged.total(),
                metrics.shipped.total() + metrics.in_pipelines.value(),
            ),
            equal(
                "runs planned = ended + to come",
                counts.planned,
                counts.ended + present().map(Change::runs_to_come).sum::<u64>(),
            ),
            equal("runs begun = ended + under way", counts.begun, counts.ended + at(Stage::Running)),
            equal("runs under way = busy pipelines", at(Stage::Running), metrics.pipelines_busy.value()),
            equal("waits observed = runs begun", metrics.pipeline_wait_min.count(), counts.begun),
            equal("changes that wait = those in the lines", at(Stage::Waiting), lines as u64),
            equal("changes that wait = the deploy queue", at(Stage::Waiting), metrics.deploy_queue.value()),
            equal(
                "runs ended = in production + handed over",
                counts.ended,
                metrics.shipped.total() + counts.handed,
            ),
            equal(
                "hand-overs begun = ended + under way",
                counts.handed,
                counts.taken + at(Stage::HandedOver),
            ),
            equal(
                "lead times observed = in production",
                metrics.lead_time_min.count(),
                metrics.shipped.total(),
            ),
            Identity {
                name: "sum of lead times = integral of the changes on their way (Little's law)",
                left: (metrics.lead_time_min.sum_nanos() + age) as i128,
                right: metrics.in_pipelines.integral(now) as i128,
            },
            Identity {
                name: "sum of runs = integral of the busy pipelines",
                left: worked.into(),
                right: metrics.pipelines_busy.integral(now) as i128,
            },
            equal(
                "paid hours = building + waiting + operations",
                week.paid.nanos(),
                (week.building + week.waiting + week.operations).nanos(),
            ),
        ]
    }
}
