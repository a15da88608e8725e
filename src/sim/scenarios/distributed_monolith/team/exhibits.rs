//! The story's own panel: headcounts and layouts side by side, each of them played.

use super::MonolithTeam;
use super::tables::{Params, SPEC};
use crate::exhibit::{Exhibit, ExhibitSpec, Finding, Row, Table};
use crate::format;
use crate::parameter::{ParamSet, ParamType};
use crate::replay::Replay;
use crate::run::Run;
use crate::scenario::Playable;
use crate::scenarios::distributed_monolith::topology::Layout;
use crate::unit::Unit;

const HEADCOUNT: &str = "headcount";

const HEADCOUNTS: [u64; 5] = [3, 5, 10, 20, 40];

/// All of them.
pub fn all() -> Vec<ExhibitSpec> {
    vec![ExhibitSpec {
        id: HEADCOUNT,
        title: "When to split: layout and headcount",
        summary: String::from(
            "What is left for features, and how long changes take, with few and with many people.",
        ),
        is_cheap: false,
        is_open: false,
    }]
}

/// The one called `id`.
pub fn expensive(id: &str, params: &Params) -> Option<Exhibit> {
    (id == HEADCOUNT).then(|| Exhibit::Table(headcount(params)))
}

/// A row for each layout and a column for each headcount, everything else as these values say: fifteen runs of twenty days.
fn headcount(params: &Params) -> Table {
    let rows = Layout::ALL.map(|layout| Row {
        head: Layout::CHOICES.get(layout as usize).map_or("", |choice| choice.label).to_owned(),
        cells: HEADCOUNTS.map(|people| cell(params, layout, people)).to_vec(),
    });
    let row = Layout::ALL.iter().position(|layout| *layout == params.layout);
    Table {
        legend: String::from(
            "Share of the week that is left for features, and mean lead time of the changes shipped within 20 days.",
        ),
        findings: ["time for features", "lead time"].map(String::from).to_vec(),
        axis: String::from("people:"),
        columns: HEADCOUNTS.map(format::count).to_vec(),
        rows: rows.to_vec(),
        here: row.zip(HEADCOUNTS.iter().position(|people| *people == params.developers)),
    }
}

fn cell(params: &Params, layout: Layout, people: u64) -> Vec<Finding> {
    let mut replay = Replay::new(&SPEC);
    for (index, spec) in SPEC.params.iter().enumerate() {
        let value = match spec.id {
            "layout" => layout.number(),
            "developers" => people.number(),
            _ => params.get(index),
        };
        replay.set_start(index, value);
    }
    let mut run = Run::<MonolithTeam>::new(replay.clone());
    run.advance(SPEC.length, u64::MAX);
    let metrics = &run.ctx().metrics;
    let lead_time = metrics.lead_time_min.sum_nanos() as f64 / 60e9 / metrics.lead_time_min.count() as f64;
    let link = replay.print(Some(SPEC.length));
    let finding = |value: f64, unit: Unit, words: &str| {
        let text = format::quantity(value, unit);
        Finding { words: text.clone() + words, text, link: link.clone() }
    };
    vec![
        finding(metrics.feature_share_pct.value(), Unit::Percent, " of the week"),
        finding(lead_time, Unit::Minutes, " on average"),
    ]
}
