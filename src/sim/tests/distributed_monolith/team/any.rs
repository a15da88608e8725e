//! Any run: with any seed, any values of all parameters, ends of their ranges often among them, and any changes.

use proptest::prelude::*;
use warstories_sim::inert::{Control, Inert};
use warstories_sim::scenarios::distributed_monolith::team::{MonolithTeam, SPEC};
use warstories_sim::snapshot::Content;
use warstories_sim::{Input, Playable, Replay, Run, SimTime};

use crate::cases::fixed;
use crate::days;
use crate::values::value_of;

/// Days that a run lasts: there is something to see in it, and it is played in a moment.
const DAYS: f64 = 12.0;

fn any_values() -> impl Strategy<Value = Vec<f64>> {
    SPEC.params.iter().map(value_of).collect::<Vec<_>>()
}

fn any_replay() -> impl Strategy<Value = Replay> {
    let change = (0..SPEC.params.len()).prop_flat_map(|param| {
        value_of(&SPEC.params[param]).prop_map(move |value| Input::Change { param, value })
    });
    let inputs = prop::collection::vec((0.0..DAYS, change), 0..8);
    (any::<u64>(), any_values(), inputs).prop_map(|(seed, start, inputs)| {
        let mut replay = begun(seed, &start);
        for (day, input) in inputs {
            replay.add(days(day), input).unwrap();
        }
        replay
    })
}

fn begun(seed: u64, values: &[f64]) -> Replay {
    let mut replay = Replay::new(&SPEC).with_seed(seed);
    values.iter().enumerate().for_each(|(param, value)| replay.set_start(param, *value));
    replay
}

/// Everything that can be measured of a run.
fn measured(run: &Run<MonolithTeam>) -> String {
    let readings: Vec<_> =
        (0..SPEC.metrics.len()).map(|metric| (run.read(metric), run.recent(metric))).collect();
    format!("{} {readings:?}", run.now())
}

/// Every number that a metric can say is one: none is negative, and none is more than there can be.
fn is_sane(run: &Run<MonolithTeam>) -> bool {
    let share = crate::now(run, "feature_share_pct");
    let busiest = crate::now(run, "pipeline_utilization_pct");
    let hours = ["building_h", "waiting_h", "operations_h"].map(|id| crate::now(run, id));
    (0.0..=100.0).contains(&share)
        && (busiest.is_nan() || (0.0..=100.0 + 1e-9).contains(&busiest))
        && hours.iter().all(|hours| (0.0..=4000.0).contains(hours))
        && crate::now(run, "test_cycle_min") >= 2.0
        && crate::now(run, "laptop_memory_pct") > 0.0
}

proptest! {
    #![proptest_config(fixed(256))]

    #[test]
    fn equations_hold_and_the_diagram_agrees_at_every_moment(
        replay in any_replay(),
        stops in prop::collection::vec(0.0..DAYS, 1..6),
    ) {
        let mut run = Run::<MonolithTeam>::new(replay);
        let mut stops = stops;
        stops.sort_by(f64::total_cmp);
        let mut before = run.snapshot();
        for stop in stops {
            run.advance(days(stop), u64::MAX);
            for identity in run.identities() {
                prop_assert_eq!(identity.left, identity.right, "{} at {} s", identity.name, run.now());
            }
            prop_assert!(is_sane(&run), "{}", measured(&run));
            let snapshot = run.snapshot();
            prop_assert!(snapshot.is_alike(&before));
            for (flow, earlier) in snapshot.flows.iter().zip(&before.flows) {
                prop_assert!(flow.total >= earlier.total);
            }
            for node in &snapshot.nodes {
                let held = match node.content {
                    Content::Slots { used, total } => {
                        prop_assert!(total > 0 && (used >= total || node.word != "all busy"), "{node:?}");
                        prop_assert!((used == 0) == (node.word == "idle"), "{node:?}");
                        used
                    }
                    Content::Queue { length, .. } => {
                        prop_assert!(node.id == "handover" || (length == 0) == (node.word == "empty"), "{node:?}");
                        length
                    }
                    Content::Load(load) => {
                        prop_assert!((0.0..=1.0).contains(&load), "{node:?}");
                        0
                    }
                    _ => 0,
                };
                // Whoever is drawn can be looked at, and nobody else.
                prop_assert_eq!(run.request(node.id, held as usize), None);
                for position in 0..held as usize {
                    let life = run.request(node.id, position).unwrap();
                    let joined = life.spans.windows(2).all(|pair| pair[0].to == Some(pair[1].from));
                    prop_assert!(joined && life.spans[0].from == life.arrived, "{life:?}");
                    prop_assert!(life.spans.last().unwrap().to.is_none() && life.outcome.is_none());
                }
            }
            before = snapshot;
        }
    }

    #[test]
    fn a_run_is_the_same_however_it_is_stopped(
        replay in any_replay(),
        stops in prop::collection::vec(1..300_u64, 0..10),
    ) {
        let mut straight = Run::<MonolithTeam>::new(replay.clone());
        straight.advance(days(DAYS), u64::MAX);
        let mut halting = warstories_sim::run::start::<MonolithTeam>(replay);
        for stop in stops {
            halting.advance(days(DAYS), stop);
            halting = halting.checkpoint();
        }
        halting.advance(days(DAYS), u64::MAX);
        prop_assert_eq!(halting.fingerprint(), straight.fingerprint());
        let all = 0..SPEC.metrics.len();
        let (one, other): (Vec<_>, Vec<_>) =
            all.map(|metric| (format!("{:?}", halting.read(metric)), format!("{:?}", straight.read(metric)))).unzip();
        prop_assert_eq!(one, other);
    }

    #[test]
    fn a_control_that_is_said_to_do_nothing_does_nothing(
        seed in any::<u64>(),
        values in any_values(),
        others in any_values(),
    ) {
        let played = |values: &[f64]| {
            let mut run = Run::<MonolithTeam>::new(begun(seed, values));
            run.advance(days(DAYS), u64::MAX);
            run
        };
        let run = played(&values);
        for Inert { control, like, reason } in run.inert() {
            let Control::Param(param) = control else { panic!("there are no actions") };
            prop_assert!(like.is_none() && reason.ends_with('.'), "{reason}");
            let mut changed = values.clone();
            changed[param] = others[param];
            let other = played(&changed);
            prop_assert_eq!(measured(&run), measured(&other), "{} = {}", SPEC.params[param].id, others[param]);
            prop_assert_eq!(run.fingerprint(), other.fingerprint());
        }
    }
}

/// The longest run with most of everything, and with least of everything.
#[test]
fn the_ends_of_every_range_last_as_long_as_a_run_can() {
    for end in [0, 1] {
        let mut replay = Replay::new(&SPEC).with_seed(9);
        for (param, spec) in SPEC.params.iter().enumerate() {
            replay.set_start(param, spec.extremes()[end]);
        }
        for layout in 0..3 {
            replay.set_start(SPEC.param("layout").unwrap(), f64::from(layout));
            let mut run = Run::<MonolithTeam>::new(replay.clone());
            crate::play(&mut run, Replay::MAX_TIME);
            assert!(is_sane(&run) && run.now() == SimTime::from_secs(30 * 86_400), "{}", measured(&run));
        }
    }
}
