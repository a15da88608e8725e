//! The simulator as the page carries it, compiled to WebAssembly and run in a browser.
#![cfg(target_arch = "wasm32")]

use warstories_sim::{MetricKind, Reading, Replay, SCENARIOS, ScenarioSpec, SimTime, scenarios};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// A minute, or a little longer where a story lasts for weeks and nothing happens in its first minute.
fn while_of(spec: &ScenarioSpec) -> SimTime {
    SimTime::from_secs(60).max(SimTime::from_nanos(4 * spec.sample_width().nanos()))
}

#[wasm_bindgen_test]
fn every_scenario_plays_a_while_and_can_be_read() {
    for entry in SCENARIOS {
        let id = entry.spec.id;
        let mut run = scenarios::start(Replay::new(entry.spec));
        assert!(run.advance(while_of(entry.spec), u64::MAX), "{id}");
        assert_ne!(run.fingerprint(), 0, "{id}");
        assert!(run.events() > 0, "{id}");
        for (index, metric) in entry.spec.metrics.iter().enumerate() {
            let fits = match run.read(index) {
                Reading::Count(_) => matches!(metric.kind, MetricKind::Counter | MetricKind::Failure),
                Reading::Money(dollars) => metric.kind == MetricKind::Money && dollars.is_finite(),
                // Finite, or nothing at all where this while gave it no first value.
                Reading::Gauge { last, mean, min, max } => {
                    let all = [last, mean, min, max];
                    metric.kind == MetricKind::Gauge
                        && (all.iter().all(|value| value.is_finite())
                            || all.iter().all(|value| value.is_nan()))
                }
                Reading::Histogram { p50, p99, max, .. } => {
                    metric.kind == MetricKind::Histogram && p50 <= p99 && p99 <= max
                }
            };
            assert!(fits, "{id}: {} reads {:?}", metric.id, run.read(index));
        }
    }
}

#[wasm_bindgen_test]
fn frames_and_pauses_do_not_change_a_run() {
    for entry in SCENARIOS {
        let end = while_of(entry.spec);
        let mut straight = scenarios::start(Replay::new(entry.spec));
        assert!(straight.advance(end, u64::MAX));
        let mut stepped = scenarios::start(Replay::new(entry.spec));
        for frame in 1..=3600 {
            while !stepped.advance(SimTime::from_nanos(end.nanos() / 3600 * frame), 7) {}
        }
        stepped.advance(end, u64::MAX);
        assert_eq!(straight.fingerprint(), stepped.fingerprint(), "{}", entry.spec.id);
    }
}
