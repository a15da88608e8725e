//! The story's own panel: each fix by itself, played through the night, with the log on either volume.

use super::choices::LogVolume;
use super::tables::{Params, SPEC};
use super::{BUDGET_MICROS, LogFlood};
use crate::exhibit::{Exhibit, ExhibitSpec, Finding, Row, Table};
use crate::format;
use crate::parameter::{ParamSet, ParamType};
use crate::replay::Replay;
use crate::run::Run;
use crate::scenario::Playable;
use crate::unit::Unit;

const FIXES: &str = "fixes";

/// What a row is called, and what it sets.
type Fix = (&'static str, &'static [(&'static str, &'static str)]);

/// The rows, in order.
const ROWS: [Fix; 10] = [
    ("as it is set", &[]),
    ("logrotate, daily", &[("rotate_mode", "cron"), ("rotate_interval_s", "86400")]),
    ("logrotate, hourly", &[("rotate_mode", "cron"), ("rotate_interval_s", "3600")]),
    ("a cap in the application", &[("rotate_mode", "in_process")]),
    ("an alarm at 80 % of the disk", &[("disk_alarm_pct", "80")]),
    ("an alarm at $100", &[("bill_alarm_usd", "100")]),
    ("an alarm at 5 GB in 5 min", &[("ingest_alarm_gb_5min", "5")]),
    ("INFO", &[("log_level", "info"), ("debug_scope", "off")]),
    ("DEBUG for 0.5 %", &[("log_level", "info"), ("debug_scope", "sampled"), ("sample_pct", "0.5")]),
    (
        "DEBUG for failed requests",
        &[("log_level", "info"), ("debug_scope", "on_error"), ("debug_budget_kb_s", "500")],
    ),
];

/// All of them.
pub fn all() -> Vec<ExhibitSpec> {
    vec![ExhibitSpec {
        id: FIXES,
        title: "Which fix stops what",
        summary: String::from(
            "Orders that fail, the bill and the traces of the bug in the morning, with each fix by itself on top of the values that are set.",
        ),
        is_cheap: false,
        is_open: false,
    }]
}

/// The one called `id`.
pub fn expensive(id: &str, params: &Params) -> Option<Exhibit> {
    (id == FIXES).then(|| Exhibit::Table(fixes(params)))
}

/// A row for each fix and a column for each volume, everything else as these values say: twenty nights.
fn fixes(params: &Params) -> Table {
    let volumes = [LogVolume::Shared, LogVolume::Separate];
    let rows = ROWS.map(|(head, values)| Row {
        head: String::from(head),
        cells: volumes.map(|volume| cell(params, volume, values)).to_vec(),
    });
    Table {
        legend: String::from(
            "Orders that failed / bill / traces of the bug, in brackets where the bill is above $100.",
        ),
        findings: ["orders failed", "bill", "traces"].map(String::from).to_vec(),
        axis: String::from("the log is on a volume"),
        columns: LogVolume::CHOICES
            .iter()
            .map(|choice| String::from(choice.label) + ": failed / bill / traces")
            .collect(),
        rows: rows.to_vec(),
        here: volumes.iter().position(|volume| *volume == params.log_volume).map(|column| (0, column)),
    }
}

fn cell(params: &Params, volume: LogVolume, values: &[(&str, &str)]) -> Vec<Finding> {
    let mut replay = Replay::new(&SPEC);
    for (index, spec) in SPEC.params.iter().enumerate() {
        let fixed = values.iter().find(|(id, _)| *id == spec.id).and_then(|(_, text)| spec.parse(text).ok());
        let value = if spec.id == "log_volume" { volume.number() } else { params.get(index) };
        replay.set_start(index, fixed.unwrap_or(value));
    }
    let mut run = Run::<LogFlood>::new(replay.clone());
    run.advance(SPEC.length, u64::MAX);
    let metrics = &run.ctx().metrics;
    let link = replay.print(Some(SPEC.length));
    let finding =
        |text: String, words: &str| Finding { words: text.clone() + words, text, link: link.clone() };
    let traces = format::count(metrics.bug_traces.value());
    let is_within = metrics.bill_usd.micros() <= BUDGET_MICROS;
    vec![
        finding(format::count(metrics.failed_writes.total()), " orders failed"),
        finding(format::quantity(metrics.bill_usd.micros() as f64 / 1e6, Unit::Dollars), ""),
        finding(if is_within { traces } else { String::from("(") + &traces + ")" }, " traces"),
    ]
}
