//! The block in which learners collect points.

use warstories_sim::suggest::known;
use warstories_sim::{ScenarioSpec, SimTime, scenarios};

use super::blocks::{optional, required};
use super::table::{Diagnostics, Table};
use super::value::inputs_of;
use crate::lesson::Collect;
use crate::measure::{Measure, Span, Statistic};

pub(super) const COLLECT: &[&str] =
    &["question", "x", "y", "settle", "over", "points", "spread", "theory", "solution", "after"];
/// Points of a plane at most.
const MOST_POINTS: u32 = 12;

/// Reads a task to collect points.
pub(super) fn collect(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Option<Collect> {
    let question = required(table, "question", diagnostics);
    let [x, y] = ["x", "y"].map(|key| mean(table, key, diagnostics));
    let [settle, over] = ["settle", "over"].map(|key| seconds(table, key, diagnostics));
    let points = table.required("points", "4", diagnostics);
    let points = points.and_then(|item| item.whole("points", MOST_POINTS, diagnostics));
    let spread = spread(table, points, diagnostics);
    let theory = theory(table, x.zip(y), diagnostics);
    table.required("solution", "[\"TIME parameter=value\"]", diagnostics);
    let solution = inputs_of(table, "solution", diagnostics);
    let after = optional(table, "after", diagnostics);
    diagnostics.plan_run(table.line);
    let (settle, over, length) = (settle?, over?, diagnostics.spec.length);
    if settle + over > length {
        diagnostics.report(
            table.line,
            format!(
                "settle and over take {} s together, and the run lasts {length} s; write fewer",
                settle + over
            ),
        );
    }
    let points = points? as usize;
    Some(Collect {
        line: table.line,
        question: question?,
        x: x?,
        y: y?,
        settle,
        over,
        points,
        spread,
        theory,
        solution,
        after,
    })
}

/// A mean without a moment.
fn mean(table: &Table<'_>, key: &str, diagnostics: &mut Diagnostics) -> Option<Measure> {
    let item = table.required(key, "\"mean METRIC\"", diagnostics)?;
    let read = Measure::parse(item.text(key, diagnostics)?, item.line, diagnostics.spec);
    let measure = diagnostics.keep(item.line, read)?;
    if (measure.statistic, measure.span, measure.recent) == (Statistic::Mean, Span::Now, false) {
        return Some(measure);
    }
    let words = measure.print(diagnostics.spec);
    diagnostics.report(item.line, format!("{key} is \"{words}\", and a point is a mean over a window of its own; write {key} = \"mean METRIC\" without a time"));
    None
}

/// A positive time in seconds, in whole steps of those at which a window can begin.
fn seconds(table: &Table<'_>, key: &str, diagnostics: &mut Diagnostics) -> Option<SimTime> {
    let item = table.required(key, "60", diagnostics)?;
    let seconds = item.number(key, diagnostics)?;
    let tick = crate::points::tick(diagnostics.spec);
    let time = SimTime::from_secs_f64(seconds.clamp(0.0, 1e9));
    if time > SimTime::ZERO && time.nanos().is_multiple_of(tick.nanos()) {
        return Some(time);
    }
    diagnostics.report(
        item.line,
        format!("{key} is {seconds} s, and windows begin and end every {tick} s; write a multiple of {tick} above 0"),
    );
    None
}

/// Rising values that leave room for as many points as are wanted.
fn spread(table: &Table<'_>, points: Option<u32>, diagnostics: &mut Diagnostics) -> Vec<f64> {
    let items = table.list("spread", diagnostics);
    let values: Vec<f64> = items.iter().filter_map(|item| item.number("spread", diagnostics)).collect();
    let Some(first) = items.first() else { return values };
    if !values.windows(2).all(|pair| pair[0] < pair[1]) {
        diagnostics.report(
            first.line,
            "the values of spread do not rise; write each of them once, the smallest first",
        );
    }
    if points.is_some_and(|points| values.len() >= points as usize) {
        let parts = values.len() + 1;
        diagnostics.report(
            first.line,
            format!("spread wants a point in each of {parts} parts, which is more than points; raise points or write fewer values"),
        );
    }
    values
}

/// The position of a curve of the scenario that is about the two axes.
fn theory(
    table: &Table<'_>,
    axes: Option<(Measure, Measure)>,
    diagnostics: &mut Diagnostics,
) -> Option<usize> {
    let (id, line) = table.text("theory", diagnostics)?;
    let spec: &ScenarioSpec = diagnostics.spec;
    let defaults: Vec<f64> = spec.params.iter().map(warstories_sim::ParamSpec::default_value).collect();
    let all = scenarios::theory(spec, &defaults);
    let Some(position) = all.iter().position(|theory| theory.id == id) else {
        let hint = if all.is_empty() {
            String::from("; leave theory out")
        } else {
            known(id, all.iter().map(|theory| theory.id))
        };
        let id = warstories_sim::suggest::shortened(id);
        diagnostics.report(line, format!("{} has no theory \"{id}\"{hint}", spec.id));
        return None;
    };
    let (x, y) = axes?;
    let theory = &all[position];
    let [along, up] = [x, y].map(|measure| spec.metrics[measure.metric].id);
    if (along, up) != (theory.x, theory.y) {
        diagnostics.report(line, format!("the theory \"{id}\" is about {} by {}, and the axes are not; write x = \"mean {}\" and y = \"mean {}\"", theory.y, theory.x, theory.x, theory.y));
    }
    Some(position)
}
