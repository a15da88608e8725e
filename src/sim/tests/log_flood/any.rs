//! Any run: with any seed, any values of all parameters, ends of their ranges often among them, and anything done to it.

use proptest::prelude::*;
use warstories_sim::inert::{Control, Inert};
use warstories_sim::parameter::ParamSpec;
use warstories_sim::scenarios::log_flood::{LogFlood, SPEC};
use warstories_sim::snapshot::{Content, Health};
use warstories_sim::{Domain, Input, Playable, Replay, Run, SimTime};

use crate::cases::fixed;
use crate::{most, now};

/// Events that a test plays at most: extreme parameters make thousands in a second.
const BUDGET: u64 = 20_000;

/// An end of the range, the default (most often, so that something is to be seen), or anything in between.
fn value_of(spec: &'static ParamSpec) -> BoxedStrategy<f64> {
    let known = prop_oneof![1 => prop::sample::select(spec.extremes()), 4 => Just(spec.default_value())];
    match spec.domain {
        Domain::Integer { min, max } => {
            prop_oneof![4 => known, 1 => (min..=max).prop_map(|value| value as f64)].boxed()
        }
        Domain::Number { min, max, .. } => prop_oneof![4 => known, 1 => min..=max].boxed(),
        Domain::Switch | Domain::Choice(_) => known.boxed(),
    }
}

/// Mostly with few orders, so that a run gets to the morning within its budget.
fn any_values() -> impl Strategy<Value = Vec<f64>> {
    let few = prop_oneof![4 => Just(Some(0.02)), 1 => Just(None)];
    let orders = SPEC.param("orders_per_s").unwrap();
    (SPEC.params.iter().map(value_of).collect::<Vec<_>>(), few).prop_map(move |(mut values, few)| {
        values[orders] = few.unwrap_or(values[orders]);
        values
    })
}

fn begun(seed: u64, values: &[f64]) -> Replay {
    let mut replay = Replay::new(&SPEC).with_seed(seed);
    values.iter().enumerate().for_each(|(param, value)| replay.set_start(param, *value));
    replay
}

pub fn any_replay() -> impl Strategy<Value = Replay> {
    let change = (0..SPEC.params.len()).prop_flat_map(|param| {
        value_of(&SPEC.params[param]).prop_map(move |value| Input::Change { param, value })
    });
    let input = prop_oneof![1 => change, 1 => (0..SPEC.actions.len()).prop_map(Input::Action)];
    // Seconds of the night, most of them late, when the volume is nearly full.
    let second = prop_oneof![0..50_400_u64, 38_000..46_000_u64];
    let inputs = prop::collection::vec((second, input), 0..12);
    (any::<u64>(), any_values(), inputs).prop_map(|(seed, start, inputs)| {
        let mut replay = begun(seed, &start);
        for (second, input) in inputs {
            replay.add(SimTime::from_secs(second), input).unwrap();
        }
        replay
    })
}

/// Everything that can be measured of a run.
fn measured(run: &Run<LogFlood>) -> String {
    let readings: Vec<_> =
        (0..SPEC.metrics.len()).map(|metric| (run.read(metric), run.recent(metric))).collect();
    format!("{} {} {readings:?}", run.now(), run.fingerprint())
}

proptest! {
    #![proptest_config(fixed(48))]

    #[test]
    fn equations_hold_and_the_diagram_agrees_at_every_moment(
        replay in any_replay(),
        stops in prop::collection::vec(1..BUDGET / 3, 1..6),
    ) {
        let mut run = Run::<LogFlood>::new(replay);
        let mut before = run.snapshot();
        for stop in stops {
            run.advance(SPEC.length, stop);
            for identity in run.identities() {
                prop_assert_eq!(identity.left, identity.right, "{} at {} s", identity.name, run.now());
            }
            let snapshot = run.snapshot();
            prop_assert!(snapshot.is_alike(&before));
            for (flow, earlier) in snapshot.flows.iter().zip(&before.flows) {
                prop_assert!(flow.total >= earlier.total);
            }
            for node in &snapshot.nodes {
                if let Content::Load(load) = node.content {
                    prop_assert!((0.0..=1.0).contains(&load), "{node:?}");
                }
            }
            let is_failing = snapshot.nodes.iter().any(|node| node.health == Health::Failing);
            prop_assert!(now(&run, "db_state") == 0.0 || is_failing);
            prop_assert!((0.0..=720.0).contains(&now(&run, "full_eta_h")));
            prop_assert!(now(&run, "du_pct") <= now(&run, "disk_used_pct") + 1e-9);
            prop_assert!(now(&run, "bill_seen_usd") <= now(&run, "bill_usd"));
            prop_assert!(now(&run, "bug_traces_within_budget") <= now(&run, "bug_traces"));
            prop_assert!(run.live_records() < 200);
            before = snapshot;
        }
    }

    /// What the learner does not shrink is never filled beyond its end.
    #[test]
    fn no_volume_holds_more_than_it_can(replay in any_replay()) {
        let volume = SPEC.param("volume_gb").unwrap();
        prop_assume!(replay.sets().all(|(_, param, _)| param != volume));
        let mut run = Run::<LogFlood>::new(replay);
        run.advance(SPEC.length, BUDGET);
        let copies = now(&run, "copy_lost_mb") > 0.0;
        prop_assert!(most(&run, "disk_used_pct") <= 100.0, "{} {copies}", most(&run, "disk_used_pct"));
    }

    #[test]
    fn a_run_is_the_same_however_it_is_stopped(
        replay in any_replay(),
        stops in prop::collection::vec(1..3000_u64, 0..10),
    ) {
        let mut straight = Run::<LogFlood>::new(replay.clone());
        straight.advance(SPEC.length, BUDGET);
        let mut halting = warstories_sim::run::start::<LogFlood>(replay);
        for stop in stops {
            halting.advance(SPEC.length, stop);
            halting = halting.checkpoint();
        }
        halting.advance(SPEC.length, BUDGET - halting.events().min(BUDGET));
        prop_assert_eq!(halting.fingerprint(), straight.fingerprint());
        prop_assert_eq!(halting.now(), straight.now());
        let all = 0..SPEC.metrics.len();
        let (one, other): (Vec<_>, Vec<_>) =
            all.map(|metric| (format!("{:?}", halting.read(metric)), format!("{:?}", straight.read(metric)))).unzip();
        prop_assert_eq!(one, other);
    }

}

proptest! {
    #![proptest_config(fixed(24))]

    #[test]
    fn a_control_that_is_said_to_do_nothing_does_nothing(
        seed in any::<u64>(),
        values in any_values(),
        others in any_values(),
    ) {
        let played = |replay: Replay| {
            let mut run = Run::<LogFlood>::new(replay);
            run.advance(SPEC.length, BUDGET);
            run
        };
        let base = begun(seed, &values);
        let run = played(base.clone());
        for Inert { control, reason, .. } in Run::<LogFlood>::new(base.clone()).inert() {
            prop_assert!(reason.ends_with('.'), "{reason}");
            let mut other = base.clone();
            match control {
                Control::Param(param) => {
                    other.set_start(param, others[param]);
                    prop_assert_eq!(measured(&run), measured(&played(other)), "{} = {}", SPEC.params[param].id, others[param]);
                }
                Control::Action(action) => {
                    let (mut idle, at) = (base.clone(), SimTime::from_secs(100));
                    idle.add(at, Input::Change { param: 0, value: values[0] }).unwrap();
                    other.add(at, Input::Action(action)).unwrap();
                    let told = |replay| {
                        let run = played(replay);
                        (0..SPEC.metrics.len()).map(|metric| format!("{:?}", run.read(metric))).collect::<Vec<_>>()
                    };
                    prop_assert_eq!(told(idle), told(other), "{}", SPEC.actions[action].id);
                }
            }
        }
    }
}

/// The longest run with most of everything, and with least of everything, in every mode of rotation.
#[test]
fn the_ends_of_every_range_last_as_long_as_a_run_can() {
    for end in [0, 1] {
        let mut replay = Replay::new(&SPEC).with_seed(9);
        for (param, spec) in SPEC.params.iter().enumerate() {
            replay.set_start(param, spec.extremes()[end]);
        }
        // What comes one by one comes a few thousand times.
        replay.set_start(SPEC.param("bug_ppm").unwrap(), 0.0);
        replay.set_start(SPEC.param("orders_per_s").unwrap(), 0.0);
        for (mode, end) in
            [(0.0, Replay::MAX_TIME), (1.0, SimTime::from_secs(86_400)), (2.0, SimTime::from_secs(86_400))]
        {
            replay.set_start(SPEC.param("rotate_mode").unwrap(), mode);
            let mut run = Run::<LogFlood>::new(replay.clone());
            crate::play(&mut run, end);
        }
    }
}
