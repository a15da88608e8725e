//! The mutation race in tables, and what each way of keeping prices lets through and costs.

use super::{SEEN_AT, link, run_of};
use crate::exhibit::{Finding, Row, Table};
use crate::format;
use crate::parameter::ParamSet;
use crate::scenarios::rule_engine::gates::{Gates, Trial};
use crate::scenarios::rule_engine::orders::mean_dollars;
use crate::scenarios::rule_engine::race::{Fate, FaultKind, Mutant, Race, race};
use crate::scenarios::rule_engine::tables::{LogicHome, Params, SPEC};
use crate::unit::Unit;

fn faults(count: usize, fate: Fate) -> String {
    let things = if count == 1 { "fault" } else { "faults" };
    format!("{count} {things}: {}", fate.label())
}

fn cell<'a>(
    mutants: impl Iterator<Item = &'a Mutant> + Clone,
    fate: Fate,
    params: &Params,
    others: &[(&'static str, f64)],
) -> Vec<Finding> {
    let count = mutants.clone().count();
    let worst = mutants.max_by(|one, other| one.difference.size.cmp(&other.difference.size));
    vec![Finding {
        text: format::count(count as u64),
        words: faults(count, fate),
        // Where there is no fault, no run shows one.
        link: worst.map_or_else(String::new, |worst| run_of(params, Some(worst), others)),
    }]
}

/// The fates that some fault comes to, and what escapes in any case.
fn columns(rows: &mut [Row]) -> Vec<String> {
    let is_empty = |row: &Row, at: usize| row.cells[at].iter().all(|finding| finding.link.is_empty());
    let comes: Vec<bool> = Fate::ALL
        .iter()
        .enumerate()
        .map(|(at, fate)| *fate == Fate::Escaped || rows.iter().any(|row| !is_empty(row, at)))
        .collect();
    for row in rows {
        let mut each = comes.iter();
        row.cells.retain(|_| each.next().is_some_and(|comes| *comes));
    }
    let all = Fate::ALL.iter().zip(&comes).filter(|(_, comes)| **comes);
    all.map(|(fate, _)| fate.label().to_owned()).collect()
}

/// A row for each sort of fault, and a column for each fate, at the gates that there are.
pub fn kinds(params: &Params) -> Table {
    let race = race(params.yaml_version);
    let fate_of = |mutant: &Mutant| mutant.fate(params.gates(), &[], params.trial(), race.before);
    let row = |head: &str, kind: Option<FaultKind>| Row {
        head: head.to_owned(),
        cells: Fate::ALL
            .map(|fate| {
                let these = race.mutants.iter().filter(|mutant| kind.is_none_or(|kind| mutant.kind == kind));
                cell(these.filter(|mutant| fate_of(mutant) == fate), fate, params, &[])
            })
            .to_vec(),
    };
    let mut rows: Vec<Row> = FaultKind::ALL.iter().map(|kind| row(kind.label(), Some(*kind))).collect();
    rows.push(row("all of them", None));
    let columns = columns(&mut rows);
    Table {
        legend: format!(
            "Faults of one line of the reference, each counted at the first gate that stops it: {} in all. A number links to the most expensive of them.",
            race.mutants.len()
        ),
        findings: vec![String::from("faults")],
        axis: String::from("a line that"),
        columns,
        rows,
        here: None,
    }
}

/// A way of keeping prices: what it is called, and the values that make it.
type Way = (&'static str, &'static [(&'static str, f64)]);

const OPEN: &[(&str, f64)] = &[
    ("gate_parser", 0.0),
    ("gate_schema", 0.0),
    ("gate_golden", 0.0),
    ("gate_typed", 0.0),
    ("canary_pct", 0.0),
];

const SETS: [Way; 10] = [
    ("none", &[]),
    ("parser", &[("gate_parser", 1.0)]),
    ("parser, schema", &[("gate_parser", 1.0), ("gate_schema", 1.0)]),
    ("12 golden orders", &[("gate_golden", 1.0), ("golden_set", 12.0)]),
    ("schema, 12 golden orders", &[("gate_schema", 1.0), ("gate_golden", 1.0), ("golden_set", 12.0)]),
    ("types alone", &[("gate_typed", 1.0)]),
    ("types, 12 golden orders", &[("gate_typed", 1.0), ("gate_golden", 1.0), ("golden_set", 12.0)]),
    ("16 golden orders", &[("gate_golden", 1.0), ("golden_set", 16.0)]),
    ("two means, of 50 %", &[("canary_pct", 50.0), ("canary_compare", 0.0)]),
    ("shadow prices of 10 %", &[("canary_pct", 10.0), ("canary_compare", 1.0)]),
];

/// The values of a way, all else as it is.
fn values(params: &Params, way: &[(&'static str, f64)]) -> (Params, Vec<(&'static str, f64)>) {
    let mut others = way.to_vec();
    others.extend(OPEN.iter().filter(|(id, _)| !way.iter().any(|(other, _)| other == id)));
    let mut changed = *params;
    for (id, value) in &others {
        if let Ok(param) = SPEC.param(id) {
            changed.set(param, *value);
        }
    }
    (changed, others)
}

fn escaping(race: &Race, gates: Gates, trial: Option<Trial>) -> (usize, f64) {
    race.escaped(gates, &[], trial)
        .fold((0, 0.0), |(count, worst), mutant| (count + 1, mutant.difference.mean_size().max(worst)))
}

/// A row for each set of gates, and a column for each fate.
pub fn sets(params: &Params) -> Table {
    let race = race(params.yaml_version);
    let rows = SETS.iter().map(|(head, way)| {
        let (changed, others) = values(params, way);
        let cells = Fate::ALL.map(|fate| {
            let of_fate = race
                .mutants
                .iter()
                .filter(|mutant| mutant.fate(changed.gates(), &[], changed.trial(), race.before) == fate);
            cell(of_fate, fate, &changed, &others)
        });
        Row { head: (*head).to_owned(), cells: cells.to_vec() }
    });
    let mut rows: Vec<Row> = rows.collect();
    let columns = columns(&mut rows);
    Table {
        legend: String::from(
            "The same faults of the reference before other gates. Whatever escapes goes live and changes prices. Some golden orders have an amount that nobody orders here, so they also stop a few faults that would have no effect.",
        ),
        findings: vec![String::from("faults")],
        axis: String::from("faults"),
        columns,
        rows,
        here: None,
    }
}

/// Ways of keeping prices.
const WAYS: [Way; 5] = [
    ("a file, and nothing else", &[("logic_home", 0.0)]),
    ("a file, 16 golden orders", &[("logic_home", 0.0), ("gate_golden", 1.0), ("golden_set", 16.0)]),
    ("a file, shadow prices", &[("logic_home", 0.0), ("canary_pct", 10.0), ("canary_compare", 1.0)]),
    ("code without tests", &[("logic_home", 1.0), ("gate_typed", 1.0)]),
    (
        "code with tests",
        &[("logic_home", 1.0), ("gate_typed", 1.0), ("gate_golden", 1.0), ("golden_set", 16.0)],
    ),
];

/// A row for each way, and a column for each cost.
pub fn costs(params: &Params) -> Table {
    let race = race(params.yaml_version);
    let rows = WAYS.iter().map(|(head, way)| {
        let (changed, others) = values(params, way);
        let (count, worst) = escaping(race, changed.gates(), changed.trial());
        let canary = if changed.canary_pct > 0.0 { changed.canary_min * 60.0 } else { 0.0 };
        let push = match changed.logic_home {
            LogicHome::Config => changed.config_push_s,
            LogicHome::Code => changed.code_deploy_s,
        };
        let seconds = |value: f64| format::quantity(value, Unit::Seconds);
        let per_minute = worst * changed.orders_per_min as f64;
        let run = link(&changed, &others, SEEN_AT);
        let finding = |text: String, words: &str| {
            vec![Finding { words: text.clone() + words, text, link: run.clone() }]
        };
        Row {
            head: (*head).to_owned(),
            cells: vec![
                finding(seconds(push + canary), " from a push until it is live"),
                finding(seconds(changed.revert_takes().as_secs_f64()), " for a revert"),
                finding(format::count(count as u64), " faults of one line escape"),
                finding(mean_dollars(per_minute), " lost in a minute by the worst of them"),
            ],
        }
    });
    Table {
        legend: String::from(
            "What a change takes, and what goes wrong unnoticed. No canary waits for another here.",
        ),
        findings: vec![String::from("what it costs")],
        axis: String::from("it costs"),
        columns: ["lead time", "revert", "faults that escape", "worst of them a minute"]
            .map(String::from)
            .to_vec(),
        rows: rows.collect(),
        here: None,
    }
}
