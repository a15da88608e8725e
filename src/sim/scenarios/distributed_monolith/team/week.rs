//! Where the hours of a week go, and what a laptop holds: arithmetic over the parameters, told anew whenever one changes.

use super::MonolithTeam;
use super::tables::{Event, Params};
use crate::engine::Ctx;
use crate::time::SimTime;

/// Hours that a person works in a week, and days. Assumed.
const WEEK_H: f64 = 40.0;
const WEEK_DAYS: f64 = 5.0;
/// Changes that a developer merges in a working day, on average. Assumed.
const MERGES_PER_DAY: f64 = 1.0;
/// Duration of a test run on a laptop that has memory for everything, in minutes. Assumed.
const TEST_MIN: f64 = 2.0;
/// How many times longer a test run gets for each laptop's worth of memory that is missing. Assumed, so that the twenty
/// services on 16 GB take twice as long.
const SWAP_COST: f64 = 8.0;
const MB_PER_GB: f64 = 1024.0;

/// Hours that all people of the team work in a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week {
    pub paid: SimTime,
    /// Keeping what is deployed running, and the platform that it runs on.
    pub operations: SimTime,
    /// Waiting for test runs.
    pub waiting: SimTime,
    pub building: SimTime,
    /// Whether keeping everything running would take more hours than there are.
    pub is_short: bool,
}

fn hours(hours: f64) -> SimTime {
    SimTime::from_secs_f64(hours * 3600.0)
}

/// Hours, as a gauge holds them.
fn in_hours(span: SimTime) -> f64 {
    span.as_secs_f64() / 3600.0
}

impl Params {
    /// Developers who build features: all but the platform engineers.
    pub(super) fn builders(&self) -> u64 {
        self.developers.saturating_sub(self.platform_engineers)
    }

    /// Memory that the services take on a laptop together with everything else there, in GB.
    pub(super) fn used_gb(&self) -> f64 {
        let core = if self.in_core() > 0 { self.core_mb } else { 0 };
        self.base_gb as f64 + (self.beside() * self.container_mb + core) as f64 / MB_PER_GB
    }

    /// Duration of a test run on a laptop, in minutes.
    pub(super) fn test_cycle_min(&self) -> f64 {
        let missing = (self.used_gb() / self.laptop_gb as f64 - 1.0).max(0.0);
        TEST_MIN * (1.0 + SWAP_COST * missing)
    }

    /// Where the hours of a week go.
    pub(super) fn week(&self) -> Week {
        let people = |people: u64| hours(people as f64 * WEEK_H);
        let (paid, open) = (people(self.developers), people(self.builders()));
        // Each platform engineer halves what is left to do for a service; more than there are developers do no more.
        let engineers = self.platform_engineers.min(self.developers);
        let needed = hours(self.deployables() as f64 * self.ops_h_per_service / (1_u64 << engineers) as f64);
        let upkeep = needed.min(open);
        let tests = self.builders() as f64 * WEEK_DAYS * self.tests_per_day as f64;
        let waiting = hours(tests * self.test_cycle_min() / 60.0).min(open - upkeep);
        Week {
            paid,
            operations: upkeep + (paid - open),
            waiting,
            building: open - upkeep - waiting,
            is_short: needed > open,
        }
    }
}

impl MonolithTeam {
    /// Everybody who builds merges at their own pace, whatever time operations leave them.
    pub(super) fn set_rate(&mut self, ctx: &mut Ctx<Self>) {
        let per_day = ctx.params.builders() as f64 * MERGES_PER_DAY;
        self.merges.set_rate(per_day / super::DAY.as_secs_f64(), Event::Merge, ctx);
    }

    /// The week and the laptops, as the parameters now say.
    pub(super) fn plan_week(ctx: &mut Ctx<Self>) {
        let (now, week, params) = (ctx.now(), ctx.params.week(), &ctx.params);
        let memory = 100.0 * params.used_gb() / params.laptop_gb as f64;
        let test = params.test_cycle_min();
        let left = (week.paid - week.operations).as_nanos_f64();
        let metrics = &mut ctx.metrics;
        metrics.feature_share_pct.set(now, 100.0 * left / week.paid.as_nanos_f64());
        metrics.building_h.set(now, in_hours(week.building));
        metrics.waiting_h.set(now, in_hours(week.waiting));
        metrics.operations_h.set(now, in_hours(week.operations));
        metrics.laptop_memory_pct.set(now, memory);
        metrics.test_cycle_min.set(now, test);
        if week.is_short {
            ctx.announce("Operations need more hours than the team has");
        }
    }
}
