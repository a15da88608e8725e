//! The block that says which run a step plays, what to look at, and what the learner may touch.

use warstories_sim::scenarios;
use warstories_sim::suggest::{known, shortened};

use super::front::label;
use super::table::{Diagnostics, Table};
use super::value::{attempt, controls, inputs, start, time};
use crate::lesson::{Act, Scene, Setup};

pub(super) const SCENE: &[&str] = &[
    "act", "start", "inputs", "begin", "until", "watch", "terminal", "unlock", "lock", "solution",
    "withheld", "taught",
];
/// The keys of an act.
pub const ACT: &[&str] = &["title", "minutes"];

/// Reads a scene.
pub(super) fn scene(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Scene {
    let moment = |key: &str, diagnostics: &mut Diagnostics| {
        table.get(key).and_then(|item| time(item, key, diagnostics))
    };
    let begin = moment("begin", diagnostics);
    let fresh = ["start", "inputs", "begin"].iter().any(|key| table.has(key));
    let setup = Setup {
        start: start(table, diagnostics),
        inputs: inputs(table, diagnostics),
        begin: begin.unwrap_or_default(),
    };
    let solution = table.list("solution", diagnostics);
    let mut withheld = Vec::new();
    for item in table.list("withheld", diagnostics) {
        let items = item.list("withheld", diagnostics);
        if items.is_empty() && matches!(item.value, toml::de::DeValue::Array(_)) {
            diagnostics.report(item.line, "an attempt of withheld tries nothing; write what a learner might try, such as [\"TIME parameter=value\"]");
        }
        diagnostics.plan_run(item.line);
        withheld.push(attempt(&items, "withheld", diagnostics));
    }
    let until = moment("until", diagnostics);
    if let (Some(until), Some(item)) = (until, table.get("until"))
        && until <= setup.begin
    {
        diagnostics.report(item.line, "until is not after begin; the clock must have somewhere to go");
    }
    for key in ["solution", "taught"] {
        if let Some(item) = table.get(key) {
            diagnostics.plan_run(item.line);
        }
    }
    Scene {
        line: table.line,
        fresh: fresh.then_some(setup),
        until,
        watch: watch(table, diagnostics),
        terminal: terminal(table, diagnostics),
        act: act(table, diagnostics),
        unlock: controls(table, "unlock", diagnostics),
        lock: controls(table, "lock", diagnostics),
        solution: attempt(&solution, "solution", diagnostics),
        withheld,
        taught: controls(table, "taught", diagnostics),
    }
}

/// What to look at: one or two metrics, each on a chart of its own.
fn watch(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Vec<usize> {
    let found = table.texts("watch", diagnostics);
    if !table.has("watch") {
        let charted = diagnostics.spec.charts.iter().flat_map(|chart| chart.metrics);
        let example = charted.copied().next().unwrap_or_default();
        diagnostics.report(
            table.line,
            format!("the scene does not say what to look at; write watch = [\"{example}\"]: the metrics of one or two charts"),
        );
    } else if !(1..=2).contains(&found.len()) {
        diagnostics.report(
            table.line,
            format!("watch names {} metrics; a step has room for one or two charts", found.len()),
        );
    }
    charted(found, "step", diagnostics)
}

/// Whether the step shows the terminal of its scenario.
fn terminal(table: &Table<'_>, diagnostics: &mut Diagnostics) -> bool {
    let Some(item) = table.get("terminal") else { return false };
    let line = item.line;
    if !item.switch("terminal", diagnostics).unwrap_or_default() {
        return false;
    }
    if scenarios::terminal(diagnostics.spec).is_none() {
        let id = diagnostics.spec.id;
        diagnostics.report(line, format!("\"{id}\" has no terminal; leave out terminal = true"));
    } else if table.texts("watch", diagnostics).len() > 1 {
        diagnostics.report(line, "beside a terminal there is room for one chart; let watch name one metric");
    }
    true
}

/// Metrics by their ids, each on a chart of its own in the `room` of the page.
pub(super) fn charted(found: Vec<(&str, usize)>, room: &str, diagnostics: &mut Diagnostics) -> Vec<usize> {
    let spec = diagnostics.spec;
    let mut watched = Vec::new();
    let mut charts = Vec::new();
    for (id, line) in found {
        match (spec.chart_of(id), spec.metric(id)) {
            (Some(chart), Ok(_)) if charts.contains(&chart) => diagnostics.report(
                line,
                format!(
                    "\"{id}\" is on the chart \"{}\" that the {room} shows already; leave it out",
                    spec.charts[chart].title
                ),
            ),
            (Some(chart), Ok(metric)) => {
                charts.push(chart);
                watched.push(metric);
            }
            _ => {
                let hint = known(id, spec.charts.iter().flat_map(|chart| chart.metrics).copied());
                diagnostics.report(line, format!("no chart shows \"{}\"{hint}", shortened(id)));
            }
        }
    }
    watched
}

/// The act that begins here.
fn act(table: &Table<'_>, diagnostics: &mut Diagnostics) -> Option<Act> {
    let table = table.get("act")?.table("act", ACT, diagnostics)?;
    let title = label(&table, "title", diagnostics);
    let minutes = table.required("minutes", "18", diagnostics);
    let minutes = minutes.and_then(|item| item.whole("minutes", Act::MOST_MINUTES, diagnostics));
    Some(Act { title, minutes: minutes? })
}
