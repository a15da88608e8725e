//! `warstories list`: what there is to run, set, do and measure.

use serde_json::{Value, json};
use warstories_sim::spec::{ActionSpec, Figure, Preset, TextSpec};
use warstories_sim::{Domain, MetricSpec, ParamSpec, SCENARIOS, ScenarioSpec, SimTime, scenarios};

use crate::json;
use crate::table::{Align, Table, number};

/// What to list.
#[derive(clap::Args)]
pub struct ListArgs {
    /// Shows one scenario in full
    scenario: Option<String>,
    /// Prints JSON: an array of all scenarios, or the one as an object
    #[arg(long)]
    json: bool,
}

/// The list as text.
///
/// # Errors
/// One sentence where there is no such scenario.
pub fn list(args: &ListArgs) -> Result<String, String> {
    let one = args.scenario.as_deref().map(scenarios::find).transpose()?;
    Ok(match (one, args.json) {
        (Some(spec), true) => format!("{}\n", object(spec)),
        (Some(spec), false) => details(spec),
        (None, true) => format!("{}\n", SCENARIOS.iter().map(|entry| object(entry.spec)).collect::<Value>()),
        (None, false) => {
            let mut table = Table::new([Align::Left; 3]);
            for entry in SCENARIOS {
                table.row([entry.spec.id, entry.spec.title, entry.spec.summary]);
            }
            table.text()
        }
    })
}

fn object(spec: &ScenarioSpec) -> Value {
    json!({
        "id": spec.id,
        "title": spec.title,
        "summary": spec.summary,
        "length_s": spec.length.as_secs_f64(),
        "clock": spec.clock.label(SimTime::ZERO),
        "leaves_out": spec.leaves_out,
        "parameters": spec.params.iter().map(|param| parameter(param, spec)).collect::<Value>(),
        "actions": spec.actions.iter().map(|one| action(one, spec)).collect::<Value>(),
        "texts": spec.texts.iter().map(text).collect::<Value>(),
        "metrics": spec.metrics.iter().map(metric).collect::<Value>(),
        "presets": spec.presets.iter().map(preset).collect::<Value>(),
    })
}

fn preset(preset: &Preset) -> Value {
    let report = preset.report.map(|report| {
        let figures = report.figures.iter().map(|figure| {
            json!({
                "what": figure.what, "reported": figure.reported, "ours": figure.ours,
                "metric": figure.metric, "statistic": figure.statistic.word(),
            })
        });
        json!({
            "source": report.source, "url": report.url, "at_s": report.at_s, "figures": figures.collect::<Value>(),
        })
    });
    json!({
        "label": preset.label, "meaning": preset.doc, "look_for": preset.look_for, "values": preset.values.iter().copied().collect::<Value>(),
        "report": report,
    })
}

fn kind(spec: &ParamSpec) -> &'static str {
    match spec.domain {
        Domain::Integer { .. } => "integer",
        Domain::Number { .. } => "number",
        Domain::Switch => "switch",
        Domain::Choice(_) => "choice",
    }
}

fn parameter(spec: &ParamSpec, scenario: &ScenarioSpec) -> Value {
    let mut object = json!({
        "id": spec.id, "label": spec.label, "meaning": spec.doc, "part": scenario.parts[spec.part].label, "unit": spec.unit.symbol(), "kind": kind(spec),
    });
    match spec.domain {
        Domain::Integer { min, max } => {
            (object["min"], object["max"], object["step"]) = (json!(min), json!(max), json!(1));
        }
        Domain::Number { min, max, step } => {
            (object["min"], object["max"], object["step"]) = (json!(min), json!(max), json!(step));
        }
        Domain::Switch => {}
        Domain::Choice(choices) => {
            object["choices"] =
                choices.iter().map(|choice| json!({"id": choice.id, "label": choice.label})).collect();
        }
    }
    object["default"] = json::value(spec, spec.default_value());
    object["provenance"] = json!(spec.provenance.word());
    object
}

fn action(spec: &ActionSpec, scenario: &ScenarioSpec) -> Value {
    json!({"id": spec.id, "label": spec.label, "meaning": spec.doc, "part": scenario.parts[spec.part].label})
}

fn text(spec: &TextSpec) -> Value {
    json!({
        "id": spec.id, "label": spec.label, "meaning": spec.doc, "most": spec.most, "examples": spec.examples,
    })
}

fn metric(spec: &MetricSpec) -> Value {
    let thresholds: Value = spec
        .thresholds
        .iter()
        .map(|threshold| json!({"value": threshold.value, "label": threshold.label}))
        .collect();
    json!({
        "id": spec.id, "label": spec.label, "meaning": spec.doc, "unit": spec.unit.symbol(), "kind": spec.kind.word(),
        "thresholds": thresholds,
    })
}

fn details(spec: &ScenarioSpec) -> String {
    let mut lines = vec![
        format!("{}: {}", spec.id, spec.title),
        spec.summary.to_owned(),
        format!("A run lasts {} s from {}.", spec.length, spec.clock.label(SimTime::ZERO)),
    ];
    lines.push(String::from("\nParameters (--set ID=VALUE, --at TIME ID=VALUE)"));
    for param in spec.params {
        let origin = param.provenance.word();
        lines.push(format!("  {}: {}", param.id, param.doc));
        lines.push(format!("      {}; {} where nobody sets it ({origin})", param.allowed(), param.default));
    }
    if !spec.actions.is_empty() {
        lines.push(String::from("\nActions (--act TIME ACTION)"));
        lines.extend(spec.actions.iter().map(|action| format!("  {}: {}", action.id, action.doc)));
    }
    if !spec.texts.is_empty() {
        lines.push(String::from("\nTexts (--at TIME ID=TEXT)"));
        for field in spec.texts {
            lines.push(format!("  {}: {}", field.id, field.doc));
            let examples = field.examples.join("\", \"");
            lines.push(format!("      at most {} characters, for instance \"{examples}\"", field.most));
        }
    }
    lines.push(String::from("\nMetrics"));
    for metric in spec.metrics {
        let unit =
            if metric.unit.symbol().is_empty() { String::new() } else { format!(" in {}", metric.unit) };
        lines.push(format!("  {} ({}{unit}): {}", metric.id, metric.kind.word(), metric.doc));
        lines.extend(
            metric
                .thresholds
                .iter()
                .map(|threshold| format!("      {}: {}", number(threshold.value), threshold.label)),
        );
    }
    lines.push(String::from("\nPresets"));
    lines.extend(spec.presets.iter().filter(|preset| preset.report.is_none()).flat_map(told));
    lines.push(String::from(
        "\nSeen elsewhere: public incidents, with the figures reported and those of our run",
    ));
    lines.extend(spec.presets.iter().filter(|preset| preset.report.is_some()).flat_map(told));
    lines.push(String::from("\nWhat this model leaves out"));
    lines.extend(spec.leaves_out.iter().map(|sentence| format!("  {sentence}")));
    lines.join("\n") + "\n"
}

/// A preset, what it sets, and where it is from.
fn told(preset: &Preset) -> Vec<String> {
    let mut lines = vec![format!("  {}: {} {}", preset.label, preset.doc, preset.look_for)];
    let settings = preset.values.iter().map(|(id, value)| format!(" --set {id}={value}"));
    lines.push(format!("     {}", settings.collect::<String>()));
    if let Some(report) = preset.report {
        lines.push(format!("      {}, {}", report.source, report.url));
        lines.extend(report.figures.iter().map(
            |Figure { what, reported, ours, metric, statistic, .. }| {
                let statistic = statistic.word();
                format!(
                    "      {what}: reported {reported}, ours {ours} ({statistic} {metric} at {} s)",
                    report.at_s
                )
            },
        ));
    }
    lines
}
