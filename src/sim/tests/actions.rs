//! Impatience costs nothing: whoever takes an action twice, at once or while the first is still taking effect, is no
//! worse off than whoever takes it once. For every action of every scenario the two runs go on alike.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use warstories_sim::scenarios::{self, SCENARIOS};
use warstories_sim::{Input, Reading, Replay, ScenarioSpec, SimTime};

/// Actions that are an event of their own each time, and so may be wanted twice: every reader clicks again, logrotate that is
/// forced a second time moves the archives a second time, and between two presses another order comes, whose price is frozen.
const REPEATABLE: [&str; 3] = ["add_golden", "breaking_news", "rotate_now"];

/// What is set so that an action has something to do, when it is taken, and how long it takes to have its effect.
fn setting(scenario: &str, action: &str) -> (&'static str, f64, f64) {
    match (scenario, action) {
        (_, "restart_now") => ("spike_at_s=0", 20.0, 60.0),
        (_, "gradual_drain") => {
            ("base_tx_s=5&spike_multiplier=1&app_instances=3&at=5,pool_size=50", 20.0, 180.0)
        }
        // Slots that take 300 s to warm up take 20 s when they are asked for again.
        (_, "resize_pool") => {
            ("spike_at_s=0&pool_dynamic=true&warm_up_s=300&at=5,pool_size=150&at=6,warm_up_s=20", 10.0, 20.0)
        }
        ("connection_pool", "shed") => ("spike_at_s=0", 20.0, 0.0),
        (_, "stop_retries") => ("spike_at_s=0&client_patience_s=2&client_retries=3", 20.0, 0.0),
        (_, "cancel_abandoned_now") => ("spike_at_s=0&client_patience_s=2", 20.0, 0.0),
        (_, "restart_database") => ("ttl_s=10", 20.0, 20.0),
        (_, "warm_up") => {
            ("ttl_s=10&keys=50&query_distribution=constant&users=1&think_s=60&lock_scope=fleet", 20.0, 6.0)
        }
        (_, "crash_holder") => ("ttl_s=10&lock_scope=fleet", 5.0, 5.0),
        (_, "purge_cache") => ("ttl_s=10", 5.0, 0.0),
        (_, "deploy_log_fix") => ("order_rate_per_min=5", 100.0, 1800.0),
        (_, "redrive_dlq") => ("max_receives=1", 200.0, 50.0),
        (_, "failover_marker_store") => {
            ("dedupe=check_then_mark&crash_step=ack&visibility_timeout_s=10", 5.0, 0.0)
        }
        ("log_flood", "relapse") => ("log_level=info", 20.0, 0.0),
        ("log_flood", "restart_app") => ("orders_per_s=20", 20.0, 20.0),
        ("log_flood", "restart_db") => ("orders_per_s=20", 20.0, 30.0),
        ("log_flood", "grow_volume") => ("", 20.0, 600.0),
        ("rule_engine", "push_file") => ("changes_per_day=0&at=10,file=31<2", 20.0, 30.0),
        ("rule_engine", "revert") => ("changes_per_day=0&at=10,file=31<2&at=11,push_file", 100.0, 30.0),
        _ => ("", 20.0, 0.0),
    }
}

fn replay(spec: &'static ScenarioSpec, setting: &str) -> Replay {
    let link = Replay::parse(&format!("{}?seed=4&{setting}", spec.id)).unwrap();
    assert_eq!(link.dropped, Vec::<String>::new());
    link.replay
}

/// All that can be measured of a run at its end and in each sample on the way, for each metric.
fn measured(replay: Replay, end: SimTime) -> Vec<Vec<f64>> {
    let mut run = scenarios::start(replay);
    run.advance(end, u64::MAX);
    let numbers = |index: usize| {
        let mut numbers = match run.read(index) {
            Reading::Count(count) => vec![count as f64],
            Reading::Money(usd) => vec![usd],
            Reading::Gauge { last, mean, min, max } => vec![last, mean, min, max],
            Reading::Histogram { count, mean, p50, p95, p99, p999, max } => {
                vec![count as f64, mean, p50, p95, p99, p999, max]
            }
        };
        numbers.extend(run.series().samples(index).iter().flatten().map(|sample| f64::from(*sample)));
        numbers
    };
    (0..run.spec().metrics.len()).map(numbers).collect()
}

/// Whether two runs measured the same but for the rounding of time-weighted means, which are added up in other pieces
/// where something is entered in between.
fn is_close(one: &[f64], other: &[f64]) -> bool {
    let near = |(one, other): (&f64, &f64)| {
        one.total_cmp(other).is_eq() || (one - other).abs() <= 1e-6 * one.abs().max(other.abs())
    };
    one.len() == other.len() && one.iter().zip(other).all(near)
}

#[test]
fn taking_an_action_again_while_it_takes_effect_changes_nothing() {
    let mut idle = Vec::new();
    for entry in SCENARIOS {
        let actions = entry.spec.actions.iter().enumerate();
        for (index, action) in actions.filter(|(_, action)| !REPEATABLE.contains(&action.id)) {
            let (setting, from, takes) = setting(entry.spec.id, action.id);
            let (from, takes) = (SimTime::from_secs_f64(from), SimTime::from_secs_f64(takes));
            let end = from + takes + SimTime::from_secs(60);
            let untouched = replay(entry.spec, setting);
            let mut once = untouched.clone();
            once.add(from, Input::Action(index)).unwrap();
            if measured(untouched, end) == measured(once.clone(), end) {
                idle.push(action.id);
            }
            // At once, and three more times until it has had its effect.
            for after in [0, takes.nanos() / 4, takes.nanos() / 2, takes.nanos() / 10 * 9] {
                let after = SimTime::from_nanos(after);
                let and = |input| {
                    let mut replay = once.clone();
                    replay.add(from + after, input).unwrap();
                    measured(replay, end)
                };
                // Gauges are looked at whenever something is entered, so something is in both runs.
                let nothing = Input::Change { param: 0, value: once.start()[0] };
                let (expected, twice) = (and(nothing), and(Input::Action(index)));
                for (metric, (expected, found)) in expected.iter().zip(&twice).enumerate() {
                    let id = entry.spec.metrics[metric].id;
                    assert!(
                        is_close(expected, found),
                        "{}: {} again after {after} s changes {id} from {expected:?} to {found:?}",
                        entry.spec.id,
                        action.id
                    );
                }
            }
        }
    }
    // What is told or looked at changes nothing that is measured.
    assert_eq!(
        idle,
        ["look_at_hold_time", "vote_restart", "vote_bleed", "vote_something_else", "vote_drain"]
    );
}
