//! What there is to set and to measure.

use super::DAY;
use super::presets::PRESETS;
use crate::clock::WallClock;
use crate::metric::MetricSet;
use crate::parameter::ParamSet;
use crate::scenarios::distributed_monolith::topology::Layout;
use crate::spec::{ChartSpec, ScenarioSpec};
use crate::time::SimTime;
use crate::{events, metrics, params, parts};

parts! {
    /// Where controls and metrics belong.
    Part {
        Team = "Developers" ["developers"] ["feature_share_pct", "building_h", "waiting_h", "operations_h", "merged", "merged_last_day"],
        Laptop = "Laptop" ["laptop"] ["laptop_memory_pct", "test_cycle_min"],
        Pipelines = "Pipelines" ["queue", "pipelines"] ["deploy_queue", "deploy_backlog_min", "pipeline_wait_min", "pipelines_busy", "pipeline_utilization_pct"],
        HandOvers = "Hand-overs" ["handover", "production"] ["in_pipelines", "lead_time_min", "shipped", "shipped_last_day"],
    }
}

params! {
    in Team:
    /// People in the team, platform engineers included. Each works 40 hours in a week of five days, and whoever builds
    /// features merges a change once a working day on average, at random (a Poisson process).
    developers: u64 = 5, "People", "", Integer { min: 1, max: 100 }, Story;
    /// People of the team who build no features but make services easier to run. Each of them halves the hours that a
    /// service takes.
    platform_engineers: u64 = 0, "Platform engineers", "", Integer { min: 0, max: 2 }, Assumed;
    /// Hours of operations that whatever is deployed by itself takes in a week, for upgrades, alarms and its pipeline, where
    /// there is no platform engineer. In the story's second telling three people spend half their time on eight services:
    /// 60 h of 120 h.
    ops_h_per_service: f64 = 7.5, "Operations per service", "h", Number { min: 4.0, max: 10.0, step: 0.5 }, Derived;

    in Laptop:
    /// Memory of a developer's laptop. What does not fit is swapped to the disk.
    laptop_gb: u64 = 16, "Laptop's memory", "GB", Integer { min: 8, max: 64 }, Assumed;
    /// Memory that the system, the editor and the browser take before any service runs.
    base_gb: u64 = 8, "Taken by all else", "GB", Integer { min: 4, max: 16 }, Assumed;
    /// Memory of a service that is deployed by itself. To test one change, a developer runs everything.
    container_mb: u64 = 512, "Memory of a service", "MB", Integer { min: 128, max: 2048 }, Assumed;
    /// Memory of an application that many services have become, however many they are.
    core_mb: u64 = 1536, "Memory of the core", "MB", Integer { min: 128, max: 8192 }, Assumed;
    /// Test runs that whoever builds features starts in a working day. They wait for each, and a week has no more waiting
    /// than hours left by operations.
    tests_per_day: u64 = 10, "Test runs a day", "", Integer { min: 0, max: 60 }, Assumed;

    in Pipelines:
    /// What is deployed together. A new layout is for changes merged from then on; those on their way keep their pipelines.
    layout: Layout = twenty_services, "Layout", "", Choice(Layout::CHOICES), Story;
    /// Services that the shop is split into. A new number is for changes merged from then on.
    services: u64 = 20, "Services", "", Integer { min: 1, max: 40 }, Story;
    /// Services that the merge into a core left outside beside the three that were kept for a reason. The story merges 15
    /// of 20 and keeps three, so that two are unaccounted for.
    leftover_services: u64 = 2, "Services left over", "", Integer { min: 0, max: 2 }, Derived;
    /// Duration of a pipeline run, which brings a change to production. Whatever is deployed by itself has a pipeline of its
    /// own, which takes one change after the other. A run under way keeps its duration.
    pipeline_min: f64 = 15, "Pipeline run", "min", Number { min: 1.0, max: 120.0, step: 1.0 }, Assumed;

    in HandOvers:
    /// Different services that a change touches, any of them as likely as any other. Those that are deployed together take
    /// one pipeline run.
    services_per_change: u64 = 3, "Services per change", "", Integer { min: 1, max: super::MOST_TOUCHED as u64 }, Assumed;
    /// Working time from a deploy until the next service of the same change is handed in: a review by its owners, an agreed
    /// interface, a ticket. A hand-over under way keeps its duration.
    coordination_min: f64 = 60, "Coordination", "min", Number { min: 0.0, max: 480.0, step: 15.0 }, Assumed;
}

metrics! {
    /// Changes that were merged.
    merged: Counter, "Merged", "changes";
    /// Changes that are in production, in every service that they touch.
    shipped: Counter, "In production", "changes";
    /// Changes merged in the last eight working hours, told at the end of each hour.
    merged_last_day: Level, "Merged in a day", "changes";
    /// Changes that came to production in the last eight working hours, told at the end of each hour.
    shipped_last_day: Level, "Shipped in a day", "changes";
    /// Changes that were merged and are not in production.
    in_pipelines: Level, "On their way", "changes";
    /// Changes that wait for a pipeline.
    deploy_queue: Level, "Waiting for a pipeline", "changes";
    /// Pipelines with a run under way.
    pipelines_busy: Level, "Busy pipelines", "pipelines";
    /// Runs under way and in line at the pipeline that has most of them, times the duration of a run.
    deploy_backlog_min: Gauge, "Longest deploy queue", "min",
        [480.0 "a pipeline has work for a whole day" or "no pipeline has work for a whole day any more"];
    /// Share of the last eight working hours in which the busiest pipeline had a run under way, told at the end of each hour
    /// once a day has passed.
    pipeline_utilization_pct: Gauge, "Busiest pipeline", "%",
        [85.0 "a pipeline is busy for 85 % of a day" or "no pipeline is busy for 85 % of a day any more"];
    /// Time that a change waits for a pipeline, each time that it needs one.
    pipeline_wait_min: Histogram, "Wait for a pipeline", "min";
    /// Time from the merge of a change until it is in production in every service that it touches.
    lead_time_min: Histogram, "Lead time", "min",
        [480.0 "the slowest 1 % of changes take a day or longer to production" or "99 % of changes are in production within a day again"];
    /// Share of all paid hours that operations and the platform leave for features, test runs that are waited for included.
    feature_share_pct: Gauge, "Time for features", "%",
        [75.0 "three quarters of the week is left for features" or "less than three quarters of the week is left for features"];
    /// Hours of a week in which features are built.
    building_h: Gauge, "Building", "h";
    /// Hours of a week in which people wait for test runs.
    waiting_h: Gauge, "Waiting for tests", "h";
    /// Hours of a week that go into operations: those of the platform engineers, and those in which the others keep what is
    /// deployed running.
    operations_h: Gauge, "Operations", "h";
    /// Memory that all services and everything else take on a laptop, in proportion to the memory it has.
    laptop_memory_pct: Gauge, "Laptop's memory taken", "%",
        [100.0 "the laptops' memory is full: anything beyond it is swapped to disk" or "the laptops' memory is not full any more"];
    /// Duration of a test run on a laptop: two minutes while everything fits into memory. For each percent that is missing
    /// it takes 8 % longer, which is an assumption.
    test_cycle_min: Gauge, "Test run", "min";
}

events! {
    /// What can happen in the team.
    Event {
        /// A developer merges a change.
        Merge,
        /// A run of this pipeline ends.
        RunEnd(u32),
        /// A change has been handed over to the next service that it touches.
        HandedOver(u32),
        /// A working hour is over.
        Hour,
    }
}

/// Everything there is to know about the scenario.
pub const SPEC: ScenarioSpec = ScenarioSpec {
    id: "monolith_team",
    title: "Five people, twenty services",
    summary: "Each service wants its hours, its memory and its pipeline: three quarters of the week go into keeping a small shop running.",
    leaves_out: crate::docs::list(&[
        "The clock runs in working hours: a day has eight of them, and pipelines and reviews rest at night.",
        "Hours and memory are arithmetic over the controls, the same every week; only changes and pipelines are left to chance.",
        "Everybody works 40 hours a week and merges a change a day, which is an assumption, however little time operations leave: what shrinks is what is in a change.",
        "Operations come first, and a service takes as many hours however large it is; where there are too few hours, nothing fails for it.",
        "A change touches its services one after the other, and any service as likely as any other: nobody draws a better boundary for a frequent change.",
        "A pipeline takes each change by itself, for the same time; no run fails, and changes are neither batched nor rolled back.",
        "A larger application has no longer pipeline, and nobody waits for a merge conflict.",
        "Merging services into a core takes no time here, and neither does hiring.",
    ]),
    clock: WallClock::starting_at(9, 0).of_working_days(8),
    length: SimTime::from_nanos(20 * DAY.nanos()),
    parts: Part::SPEC,
    params: Params::SPEC,
    actions: &[],
    texts: &[],
    metrics: Metrics::SPEC,
    charts: &[
        ChartSpec { title: "Traffic", metrics: &["merged_last_day", "shipped_last_day"] },
        ChartSpec { title: "Latency", metrics: &["lead_time_min"] },
        ChartSpec { title: "Saturation", metrics: &["pipeline_utilization_pct"] },
        ChartSpec { title: "Hours of a week", metrics: &["building_h", "waiting_h", "operations_h"] },
        ChartSpec { title: "Time for features", metrics: &["feature_share_pct"] },
        ChartSpec { title: "Changes on their way", metrics: &["in_pipelines", "deploy_queue"] },
        ChartSpec { title: "Deploy queue", metrics: &["deploy_backlog_min"] },
        ChartSpec { title: "Wait for a pipeline", metrics: &["pipeline_wait_min"] },
        ChartSpec { title: "Laptop", metrics: &["laptop_memory_pct"] },
        ChartSpec { title: "Test run", metrics: &["test_cycle_min"] },
    ],
    presets: PRESETS,
};
