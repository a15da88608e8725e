//! What the runs of public incidents say, beside the figures that were reported.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use warstories_sim::scenarios::{self, SCENARIOS};
use warstories_sim::spec::{Preset, Report};
use warstories_sim::{ScenarioSpec, SimTime, format};

/// Every preset of every scenario that is a public incident.
fn reports() -> impl Iterator<Item = (&'static ScenarioSpec, &'static Preset, Report)> {
    SCENARIOS.iter().flat_map(|entry| {
        let spec = entry.spec;
        spec.presets.iter().filter_map(move |preset| Some((spec, preset, preset.report?)))
    })
}

#[test]
fn each_figure_of_ours_is_what_the_run_says() {
    let mut wrong = Vec::new();
    for (spec, preset, report) in reports() {
        let mut run = scenarios::start(preset.replay(spec));
        run.advance(SimTime::from_secs(report.at_s), u64::MAX);
        for figure in report.figures {
            let metric = spec.metric(figure.metric).unwrap();
            let value = figure.statistic.of(run.read(metric));
            let said = format::quantity(value, spec.metrics[metric].unit);
            if said != figure.ours {
                wrong.push(format!("{}, {}: {said}, not {}", report.source, figure.what, figure.ours));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_report_says_where_it_is_from() {
    for (spec, preset, report) in reports() {
        assert!(report.url.starts_with("https://"), "{}: {}", spec.id, preset.label);
        assert!(!report.figures.is_empty() && report.at_s > 0, "{}: {}", spec.id, preset.label);
        assert!(preset.doc.ends_with('.'), "{}: {}", spec.id, preset.label);
    }
}
