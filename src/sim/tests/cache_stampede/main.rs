//! The truths of `cache_stampede`: formulas for stampedes, early refreshes and locks, the story's timeline, what the
//! story hides, and what each lesson asks for, on seeds 1 to 6. Conservation (every request is answered, failed or
//! waiting, every query is somewhere, the integral of those who wait is the sum of their waits) is tested for every
//! scenario in `runs.rs`, and here through whole stories.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a report for people is no part of a run"
)]

mod assumptions;
mod formula;
mod incidents;
mod story;

use std::ops::RangeInclusive;

use warstories_sim::{Playable, Reading, Replay, SimTime, scenarios};

const SEEDS: RangeInclusive<u64> = 1..=6;

/// What to measure of a run; moments are seconds.
#[derive(Clone, Copy, Debug)]
enum Measure {
    /// A counter's total, a gauge's value or a histogram's count at a moment.
    At(&'static str, f64),
    /// What a counter grows by between two moments.
    Rise(&'static str, f64, f64),
    /// A gauge's or a histogram's mean between two moments.
    Mean(&'static str, f64, f64),
    /// The greatest value up to a moment.
    Peak(&'static str, f64),
    /// A gauge's smallest value between two ends of sample buckets.
    Low(&'static str, f64, f64),
}
use Measure::{At, Low, Mean, Peak, Rise};

impl Measure {
    fn moments(self) -> [f64; 2] {
        match self {
            At(_, at) | Peak(_, at) => [at, at],
            Rise(_, from, to) | Mean(_, from, to) | Low(_, from, to) => [from, to],
        }
    }
}

fn start(seed: u64, setting: &str) -> Box<dyn Playable> {
    let link = Replay::parse(&format!("cache_stampede?seed={seed}&{setting}")).unwrap();
    assert_eq!(link.dropped, Vec::<String>::new());
    scenarios::start(link.replay)
}

fn value(reading: Reading) -> f64 {
    match reading {
        Reading::Count(count) | Reading::Histogram { count, .. } => count as f64,
        Reading::Money(usd) => usd,
        Reading::Gauge { last, .. } => last,
    }
}

/// Plays once with `seed` and measures everything asked for.
fn measure(seed: u64, setting: &str, measures: &[Measure]) -> Vec<f64> {
    let mut run = start(seed, setting);
    let mut moments: Vec<_> =
        measures.iter().flat_map(|measure| measure.moments().map(SimTime::from_secs_f64)).collect();
    moments.sort_unstable();
    for moment in &moments {
        assert!(run.probe(*moment));
    }
    assert!(run.advance(*moments.last().unwrap(), u64::MAX));
    let probed =
        |id: &str, at: f64| run.probed(SimTime::from_secs_f64(at)).unwrap()[run.spec().metric(id).unwrap()];
    let one = |measure: &Measure| match *measure {
        At(id, at) => value(probed(id, at).reading),
        Rise(id, from, to) => value(probed(id, to).reading) - value(probed(id, from).reading),
        Mean(id, from, to) => probed(id, to).sums.mean_since(probed(id, from).sums),
        Peak(id, at) => match probed(id, at).reading {
            Reading::Gauge { max, .. } | Reading::Histogram { max, .. } => max,
            other => panic!("{id} has no maximum: {other:?}"),
        },
        Low(id, from, to) => moments
            .iter()
            .map(|at| at.as_secs_f64())
            .filter(|at| *at > from && *at <= to)
            .fold(f64::NAN, |low, at| low.min(probed(id, at).extremes.0)),
    };
    measures.iter().map(one).collect()
}

type Claim<'a> = (&'a str, &'a [(Measure, f64, f64)]);

/// Each measure must lie between its bounds on every seed.
fn check(claims: &[Claim<'_>]) {
    check_on(&SEEDS, claims);
}

fn check_on(seeds: &RangeInclusive<u64>, claims: &[Claim<'_>]) {
    let mut wrong = Vec::new();
    for (setting, bounds) in claims {
        let measures: Vec<_> = bounds.iter().map(|(measure, ..)| *measure).collect();
        let runs: Vec<_> = seeds.clone().map(|seed| measure(seed, setting, &measures)).collect();
        for (index, (measure, low, high)) in bounds.iter().enumerate() {
            let values: Vec<_> = runs.iter().map(|run| run[index]).collect();
            let line = format!("{setting}: {measure:?} in {low:.4}..={high:.4}: {values:.4?}");
            println!("{line}");
            if !values.iter().all(|value| (low..=high).contains(&value)) {
                wrong.push(line);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const EVER: f64 = f64::INFINITY;

/// Around `expected`, four standard deviations to each side.
fn four_sd(measure: Measure, expected: f64, sd: f64) -> (Measure, f64, f64) {
    (measure, expected - 4.0 * sd, expected + 4.0 * sd)
}

/// Nobody is answered in this time.
fn dead(from: f64, to: f64) -> (Measure, f64, f64) {
    (Rise("good", from, to), 0.0, 0.0)
}

/// Requests a second of 10,000 readers who are all answered at once.
const DEMAND: f64 = 10_000.0 / 6.0;
/// Goodput as the lessons ask for it.
const HEALTHY: f64 = 1550.0;

fn healthy(from: f64, to: f64) -> (Measure, f64, f64) {
    (Mean("goodput_rps", from, to), HEALTHY, 1.02 * DEMAND)
}

/// New readers at random, and queries that always take as long.
fn open(rate: f64, query_ms: f64, cores: u64, ttl_s: f64, more: &str) -> String {
    format!(
        "arrival_mode=open&arrival_rps={rate}&query_distribution=constant&query_ms={query_ms}\
         &db_cores={cores}&ttl_s={ttl_s}{more}"
    )
}
