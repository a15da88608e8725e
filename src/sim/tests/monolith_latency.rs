//! The truths of `monolith_latency`: mean times in closed form, shares of pages with a slow call, what retries, a report and
//! a crash do, and what each lesson asks for. Conservation (every page, call and try is somewhere) is checked at the end of
//! every run, and Little's law with it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "distributed_monolith/latency/crowds.rs"]
mod crowds;
#[path = "distributed_monolith/latency/laws.rs"]
mod laws;
#[path = "distributed_monolith/latency/machinery.rs"]
mod machinery;
#[path = "distributed_monolith/latency/sorting.rs"]
mod sorting;
#[path = "distributed_monolith/latency/story.rs"]
mod story;
#[path = "distributed_monolith/latency/view.rs"]
mod view;
#[path = "distributed_monolith/latency/waterfall.rs"]
mod waterfall;

use warstories_sim::scenarios::distributed_monolith::latency::MonolithLatency;
use warstories_sim::{Playable, Reading, Replay, Run, Scenario, ScenarioSpec, SimTime};

const SPEC: &ScenarioSpec = &MonolithLatency::SPEC;

type Shop = Run<MonolithLatency>;

fn at(secs: f64) -> SimTime {
    SimTime::from_secs_f64(secs)
}

/// A run of a setting, which is written as in links.
fn start(seed: u64, setting: &str) -> Shop {
    let mut replay = Replay::new(SPEC).with_seed(seed);
    for part in setting.split('&').filter(|part| !part.is_empty()) {
        if let Some(input) = part.strip_prefix("at=") {
            let (moment, input) = input.split_once(',').unwrap();
            replay.add(SPEC.moment(moment).unwrap(), SPEC.input(input).unwrap()).unwrap();
        } else {
            let (id, value) = part.split_once('=').unwrap();
            let param = SPEC.param(id).unwrap();
            replay.set_start(param, SPEC.params[param].parse(value).unwrap());
        }
    }
    Run::new(replay)
}

/// Plays until `secs`, after everything that happens then, and checks the equations there.
fn play(run: &mut Shop, secs: f64) {
    run.advance(at(secs), u64::MAX);
    for identity in run.identities() {
        assert_eq!(identity.left, identity.right, "{} at {} s", identity.name, run.now());
    }
}

/// A run played until `secs`.
fn played(seed: u64, setting: &str, secs: f64) -> Shop {
    let mut run = start(seed, setting);
    play(&mut run, secs);
    run
}

/// A counter's total, or a gauge's value.
fn now(run: &Shop, id: &str) -> f64 {
    match run.read(SPEC.metric(id).unwrap()) {
        Reading::Count(count) => count as f64,
        Reading::Gauge { last, .. } => last,
        other => panic!("{id} is no single value: {other:?}"),
    }
}

/// Mean and 95th percentile of the times of pages that were answered, and their number.
fn cart_ms(run: &Shop) -> (f64, f64, f64) {
    match run.read(SPEC.metric("cart_ms").unwrap()) {
        Reading::Histogram { count, mean, p95, .. } => (mean, p95, count as f64),
        other => panic!("cart_ms is no histogram: {other:?}"),
    }
}

/// The mean of a gauge between two moments, and its extremes.
fn between(seed: u64, setting: &str, id: &str, from: f64, to: f64) -> (f64, f64, f64) {
    let mut run = start(seed, setting);
    assert!(run.probe(at(from)) && run.probe(at(to)));
    play(&mut run, to);
    let metric = SPEC.metric(id).unwrap();
    let probe = |secs| run.probed(at(secs)).unwrap()[metric];
    let (low, high) = probe(to).extremes;
    (probe(to).sums.mean_since(probe(from).sums), low, high)
}
