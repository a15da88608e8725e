//! A second, plain model of the pipelines: one heap of moments, one list for each pipeline, no records and no counters. It
//! draws the same numbers, and agrees with the scenario on every lead time and every wait, to the nanosecond.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use proptest::prelude::*;
use warstories_sim::SimTime;
use warstories_sim::random::Stream;

use crate::cases::fixed;
use crate::{days, minutes, now, played};

/// What is set, in the words of the brief.
#[derive(Clone, Copy, Debug)]
struct Setting {
    people: u32,
    services: usize,
    /// Services that are deployed together.
    core: usize,
    touched: usize,
    run_min: f64,
    pause_min: f64,
}

/// What comes of it: changes merged and shipped, and the sums of their lead times and of their waits for a pipeline.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    merged: u64,
    shipped: u64,
    lead_times: u128,
    waits: u128,
}

/// The services that a change touches: each draw takes one of those that are left, the first of which takes its place.
fn draw(setting: &Setting, stream: &mut Stream) -> VecDeque<usize> {
    let mut left: Vec<usize> = (0..setting.services).collect();
    let mut way = VecDeque::new();
    for taken in 0..6 {
        let unit = stream.unit();
        if taken >= setting.touched.min(setting.services) {
            continue;
        }
        let first = left[0];
        let pick = (unit * left.len() as f64) as usize;
        let service = std::mem::replace(&mut left[pick], first);
        left.remove(0);
        let pipeline = if service < setting.core { 0 } else { service };
        if !way.contains(&pipeline) {
            way.push_back(pipeline);
        }
    }
    way
}

/// Plays until `end`, which is included.
fn outcome(setting: &Setting, seed: u64, end: SimTime) -> Outcome {
    let [mut arrivals, mut services] = ["merges", "touched services"].map(|name| Stream::new(seed, name));
    let [run, pause] = [setting.run_min, setting.pause_min].map(|span| minutes(span).nanos());
    let mean = 1e9 / (f64::from(setting.people) / 28_800.0);
    let mut outcome = Outcome::default();
    // What each change still has before it, when it was merged, and when it joined its line.
    let mut changes: Vec<(VecDeque<usize>, u64, u64)> = Vec::new();
    let mut lines = vec![VecDeque::new(); setting.services];
    // A change arrives at its next pipeline, or is through with it. Of what happens at one moment, the first that was known
    // comes first.
    let (mut moments, mut known) = (BinaryHeap::new(), 0_u64..);
    let mut then = |moments: &mut BinaryHeap<_>, at: u64, id: usize, arrives: bool| {
        moments.push(Reverse((at, known.next(), id, arrives)));
    };
    let mut at = 0;
    loop {
        at += (arrivals.exponential() * mean) as u64;
        if at > end.nanos() {
            break;
        }
        outcome.merged += 1;
        then(&mut moments, at, changes.len(), true);
        changes.push((draw(setting, &mut services), at, 0));
    }
    while let Some(Reverse((at, _, id, arrives))) = moments.pop() {
        if at > end.nanos() {
            break;
        }
        let pipeline = changes[id].0[0];
        let line: &mut VecDeque<usize> = &mut lines[pipeline];
        if arrives {
            changes[id].2 = at;
            line.push_back(id);
            if line.len() > 1 {
                continue;
            }
        } else {
            line.pop_front();
            let (way, merged, _) = &mut changes[id];
            way.pop_front();
            if way.is_empty() {
                outcome.shipped += 1;
                outcome.lead_times += u128::from(at - *merged);
            } else {
                then(&mut moments, at + pause, id, true);
            }
        }
        // Whoever is first now begins.
        if let Some(first) = line.front() {
            outcome.waits += u128::from(at - changes[*first].2);
            then(&mut moments, at + run, *first, false);
        }
    }
    outcome
}

proptest! {
    #![proptest_config(fixed(128))]

    #[test]
    fn both_models_agree_on_every_change(
        seed in any::<u64>(),
        people in 1..=100_u32,
        services in 1..=40_usize,
        layout in 0..3_usize,
        leftover in 0..=2_usize,
        touched in 1..=6_usize,
        run_min in prop_oneof![Just(15.0), 1.0..120.0],
        pause_min in prop_oneof![Just(0.0), Just(60.0), 0.0..480.0],
    ) {
        let core = [0, services.saturating_sub(3 + leftover).max(1), services][layout];
        let setting = Setting { people, services, core, touched, run_min, pause_min };
        let name = ["twenty_services", "core_plus_three", "single"][layout];
        let end = days(20.0);
        let run = played(
            seed,
            &format!(
                "developers={people}&services={services}&layout={name}&leftover_services={leftover}\
                 &services_per_change={touched}&pipeline_min={run_min}&coordination_min={pause_min}"
            ),
            end,
        );
        let metrics = &run.ctx().metrics;
        let measured = Outcome {
            merged: now(&run, "merged") as u64,
            shipped: now(&run, "shipped") as u64,
            lead_times: metrics.lead_time_min.sum_nanos(),
            waits: metrics.pipeline_wait_min.sum_nanos(),
        };
        prop_assert_eq!(measured, outcome(&setting, seed, end), "{:?}", setting);
    }
}
