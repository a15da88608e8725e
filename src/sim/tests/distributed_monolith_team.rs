//! The truths of `monolith_team`: the arithmetic of the week and the laptop to the last digit, waits and lead times against
//! closed forms within four of their own standard errors, and the equations at the end of every run.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a report for people is no part of a run"
)]

#[path = "distributed_monolith/team/any.rs"]
mod any;
#[path = "shared/cases.rs"]
mod cases;
#[path = "distributed_monolith/team/declared.rs"]
mod declared;
#[path = "distributed_monolith/team/pipelines.rs"]
mod pipelines;
#[path = "distributed_monolith/team/second_model.rs"]
mod second_model;
#[path = "distributed_monolith/team/theory.rs"]
mod theory;
#[path = "shared/values.rs"]
mod values;
#[path = "distributed_monolith/team/week.rs"]
mod week;

use warstories_sim::metric::{MetricSet, Sums};
use warstories_sim::scenarios::distributed_monolith::team::{MonolithTeam, SPEC};
use warstories_sim::{Playable, Reading, Replay, Run, SimTime};

/// Minutes of a working day.
const DAY_MIN: f64 = 480.0;

fn minutes(minutes: f64) -> SimTime {
    SimTime::from_secs_f64(minutes * 60.0)
}

fn days(days: f64) -> SimTime {
    minutes(days * DAY_MIN)
}

/// The run of this setting, in the spelling of links, at its start.
fn start(seed: u64, setting: &str) -> Run<MonolithTeam> {
    let link = Replay::parse_entries(&SPEC, &format!("seed={seed}&{setting}"));
    assert_eq!(link.dropped, Vec::<String>::new(), "{setting}");
    Run::new(link.replay)
}

/// Plays until `until` and checks the equations there.
fn play(run: &mut Run<MonolithTeam>, until: SimTime) {
    assert!(run.advance(until, u64::MAX));
    for identity in run.identities() {
        assert_eq!(identity.left, identity.right, "{} at {} s", identity.name, run.now());
    }
}

fn played(seed: u64, setting: &str, until: SimTime) -> Run<MonolithTeam> {
    let mut run = start(seed, setting);
    play(&mut run, until);
    run
}

/// What a counter or a gauge says now.
fn now(run: &Run<MonolithTeam>, id: &str) -> f64 {
    match run.read(SPEC.metric(id).unwrap()) {
        Reading::Count(count) => count as f64,
        Reading::Gauge { last, .. } => last,
        other => panic!("{id} has no value: {other:?}"),
    }
}

/// What the mean of a metric is made of so far.
fn sums(run: &Run<MonolithTeam>, id: &str) -> Sums {
    run.ctx().metrics.sums(SPEC.metric(id).unwrap(), run.now())
}

/// What a run has told, with the moments.
fn told(run: &Run<MonolithTeam>) -> Vec<(SimTime, String)> {
    run.announcements().iter().map(|told| (told.at, told.text(&SPEC).replace('\u{a0}', " "))).collect()
}
