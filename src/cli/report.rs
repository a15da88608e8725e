//! A run as people read it.

use warstories_sim::{Input, MetricKind, Playable, Reading, SimTime};

use crate::arguments::Experiment;
use crate::errors::one_line;
use crate::run::{fingerprint, readings};
use crate::table::Align::{Left, Right};
use crate::table::{Table, number};

/// One run: what was set, done and measured, its fingerprint, and itself as a link.
pub fn run(experiment: &Experiment, run: &dyn Playable) -> String {
    let mut ends = Table::new([Left, Left]);
    ends.row(["fingerprint", &fingerprint(run)]);
    ends.row(["replay", &experiment.replay.print(Some(experiment.until))]);
    format!(
        "{}, seed {}, {} events\n{}{}\n{}",
        heading(experiment),
        experiment.replay.seed(),
        number(run.events() as f64),
        settings(experiment),
        measured(run),
        ends.text()
    )
}

/// Which scenario, and from when to when.
pub fn heading(experiment: &Experiment) -> String {
    let spec = experiment.replay.spec();
    let [begin, end] = [SimTime::ZERO, experiment.until].map(|time| spec.clock.label(time));
    format!("{}: {}\n{} s ({begin} to {end})", spec.id, spec.title, experiment.until)
}

/// Start values, and everything that is done during the run.
pub fn settings(experiment: &Experiment) -> String {
    let spec = experiment.replay.spec();
    let mut parameters = Table::new([Left, Right, Left, Left]);
    for (param, value) in spec.params.iter().zip(experiment.replay.start()) {
        let changed = *value != param.default_value();
        let default = if changed { format!("(default {})", param.default) } else { String::new() };
        parameters.row([param.id, &param.print(*value), param.unit.symbol(), &default]);
    }
    let mut inputs = Table::new([Left, Right, Left]);
    for (at, input) in experiment.replay.inputs() {
        let what = match input {
            Input::Change { param, value } => {
                let param = &spec.params[*param];
                format!("{} = {} {}", param.id, param.print(*value), param.unit.symbol())
            }
            Input::Action(_) | Input::Text { .. } => one_line(&spec.spell(input)),
        };
        inputs.row([spec.clock.label(*at), format!("{at} s"), what]);
    }
    section("Parameters", &parameters.text()) + &section("During the run", &inputs.text())
}

/// A heading and its rows; nothing where there are none.
pub fn section(heading: &str, rows: &str) -> String {
    if rows.is_empty() { String::new() } else { format!("\n{heading}\n{rows}") }
}

fn measured(run: &dyn Playable) -> String {
    let mut counts = Table::new([Left, Right, Left, Left]);
    let mut gauges =
        Table::titled([Left, Right, Right, Right, Right, Left], ["", "mean", "min", "max", "last", ""]);
    let mut durations = Table::titled(
        [Left, Right, Right, Right, Right, Right, Right, Right, Left],
        ["", "count", "mean", "p50", "p95", "p99", "p99.9", "max", ""],
    );
    for (spec, reading) in run.spec().metrics.iter().zip(readings(run)) {
        match reading {
            Reading::Count(count) => {
                let failure = if spec.kind == MetricKind::Failure { "(failure)" } else { "" };
                counts.row([spec.id, &number(count as f64), spec.unit.symbol(), failure]);
            }
            Reading::Money(dollars) => counts.row([spec.id, &number(dollars), spec.unit.symbol(), ""]),
            Reading::Gauge { last, mean, min, max } => {
                let [mean, min, max, last] = [mean, min, max, last].map(number);
                gauges.row([spec.id, &mean, &min, &max, &last, spec.unit.symbol()]);
            }
            Reading::Histogram { count, mean, p50, p95, p99, p999, max } => {
                let [mean, p50, p95, p99, p999, max] = [mean, p50, p95, p99, p999, max].map(number);
                let count = number(count as f64);
                durations.row([spec.id, &count, &mean, &p50, &p95, &p99, &p999, &max, spec.unit.symbol()]);
            }
        }
    }
    section("Counts", &counts.text())
        + &section("Gauges", &gauges.text())
        + &section("Durations", &durations.text())
}
