//! The story's own panels: the file, what its scalars are, why an order costs what it costs, the mutation race, and what each way of
//! keeping prices costs.

use super::file::reference;
use super::gates::{Gates, Trial};
use super::opacity;
use super::orders::{dollars, mean_dollars};
use super::race::{Fate, FaultKind, Mutant, Race, race};
use super::rules::{Outcome, Switched};
use super::tables::{LogicHome, Params, SPEC, Version};
use super::yaml::resolve::{Kind, resolve};
use crate::exhibit::{Code, Exchange, Exhibit, ExhibitSpec, Finding, Line, Row, Sequence, Table};
use crate::format;
use crate::parameter::{ParamSet, ParamType};
use crate::replay::Replay;
use crate::time::SimTime;
use crate::unit::Unit;

const FILE: &str = "file";
const SCALARS: &str = "scalars";
const TRACE: &str = "trace";
const RACE: &str = "race";
const GATES: &str = "gates";
const OPACITY: &str = "opacity";
const COSTS: &str = "costs";

/// When a link shows what has come of a change that is pushed at five minutes.
const SEEN_AT: SimTime = SimTime::from_secs(3000);

/// All of them.
pub fn all(params: &Params) -> Vec<ExhibitSpec> {
    let order = opacity::order(params).words();
    let of =
        |id, title, summary: &str, is_cheap| ExhibitSpec { id, title, summary: summary.to_owned(), is_cheap };
    vec![
        of(
            FILE,
            "The rule file",
            "The reference, forty lines, and the one that the changed file has wrong.",
            true,
        ),
        of(SCALARS, "What a word is", "The same words as YAML 1.2 and as YAML 1.1 read them.", true),
        of(
            TRACE,
            "Why it costs that",
            &format!("Each rule of the reference, and what it does to one order: {order}."),
            true,
        ),
        of(
            RACE,
            "The mutation race",
            "Every fault of one line that the file can have, and the first gate that stops it.",
            false,
        ),
        of(GATES, "Which gates are enough", "The same faults before other gates.", false),
        of(
            OPACITY,
            "Fifty lines and five thousand",
            "How long it takes to say why an order costs what it costs.",
            false,
        ),
        of(
            COSTS,
            "What each way costs",
            "Prices in a file and in code: how quick, how safe and how clear each of them is.",
            false,
        ),
    ]
}

/// The cheap one called `id`.
pub fn cheap(id: &str, params: &Params) -> Option<Exhibit> {
    match id {
        FILE => Some(Exhibit::Code(file(params))),
        SCALARS => Some(Exhibit::Table(scalars(params))),
        TRACE => Some(Exhibit::Sequence(trace(params))),
        _ => None,
    }
}

/// The other one called `id`.
pub fn expensive(id: &str, params: &Params) -> Option<Exhibit> {
    match id {
        RACE => Some(Exhibit::Table(kinds(params)?)),
        GATES => Some(Exhibit::Table(sets(params)?)),
        OPACITY => Some(Exhibit::Table(search(params))),
        COSTS => Some(Exhibit::Table(costs(params)?)),
        _ => None,
    }
}

/// The values, with others for some of them, by id.
fn link(params: &Params, others: &[(&str, f64)], at: SimTime) -> String {
    let mut replay = Replay::new(&SPEC);
    for (index, spec) in SPEC.params.iter().enumerate() {
        let other = others.iter().find(|(id, _)| *id == spec.id);
        replay.set_start(index, other.map_or_else(|| params.get(index), |(_, value)| *value));
    }
    replay.print(Some(at))
}

/// A run in which this mutant, if there is one, is pushed at five minutes.
fn run_of(params: &Params, mutant: Option<&Mutant>, others: &[(&'static str, f64)]) -> String {
    let line = mutant.map_or(0.0, |mutant| mutant.line as f64);
    let kind = mutant.map_or(params.fault_kind, |mutant| mutant.kind).number();
    let drill = [("changes_per_day", 0.0), ("fault_line", line), ("fault_kind", kind)];
    link(params, &[&drill, others].concat(), SEEN_AT)
}

fn file(params: &Params) -> Code {
    let lines = reference().enumerate();
    let wrong = params.fault_line > 0 && params.fault_kind.edit(params.fault_line as usize).is_none();
    Code {
        param: SPEC.param("fault_line").unwrap_or_default(),
        instruction: String::from("Choose the line that the changed file has wrong."),
        meaning: String::from(
            "The marked line is wrong in the file that is pushed five minutes after the start.",
        ),
        lines: lines.map(|(at, text)| Line { text: text.to_owned(), value: at as f64 + 1.0 }).collect(),
        no_line: Line { text: String::from("no line is wrong"), value: 0.0 },
        mark: params.fault_kind.label().to_owned(),
        note: wrong.then(|| String::from("This line cannot have this fault, so nothing is pushed.")),
    }
}

/// Words that tell the two versions apart, and some that do not.
const WORDS: [&str; 18] = [
    "NO",
    "no",
    "yes",
    "on",
    "Off",
    "y",
    "true",
    "null",
    "010",
    "0o10",
    "0x10",
    "0b11",
    "1_000",
    "1.10",
    "1e3",
    "22:22",
    "2024-02-10",
    "SG",
];

/// What a scalar is, in words.
fn said(kind: Kind) -> String {
    match kind {
        Kind::Number(number) => format::exact(number.value),
        Kind::Bool(is_true) => is_true.to_string(),
        Kind::Null => String::from("null"),
        Kind::Text => String::from("a string"),
        Kind::Date => String::from("a date"),
    }
}

fn scalars(params: &Params) -> Table {
    let versions = [Version::V1_2, Version::V1_1];
    let rows = WORDS.iter().map(|word| {
        let cells = versions.map(|version| {
            let text = said(resolve(word, version));
            let others = [("yaml_version", version.number()), ("changes_per_day", 0.0)];
            let words = format!("{word} is {text}");
            vec![Finding { text, words, link: link(params, &others, SEEN_AT) }]
        });
        Row { head: (*word).to_owned(), cells: cells.to_vec() }
    });
    Table {
        legend: String::from("What a word without quotes is. In quotes each of them is a string."),
        findings: vec![String::from("what it is")],
        axis: String::from("read as"),
        columns: Version::CHOICES.iter().map(|choice| choice.label.to_owned()).collect(),
        rows: rows.collect(),
        here: None,
    }
}

fn trace(params: &Params) -> Sequence {
    let order = opacity::order(params);
    let Some(rules) = opacity::rules(0) else {
        return Sequence {
            lead: String::from("The file cannot be read."),
            participants: Vec::new(),
            steps: Vec::new(),
        };
    };
    let mut steps = Vec::new();
    let priced = rules.trace(&order, Switched::NONE, &mut |rule, outcome| {
        let result = match outcome {
            Outcome::Off => String::from("it is switched off"),
            Outcome::Missed(condition) => format!("no: {} does not hold", condition.key()),
            Outcome::Matched { cut: Some(cut), .. } => {
                let how = if rule.stack { "added to others" } else { "if no other is better" };
                format!("yes: {} off, {how}", dollars(cut))
            }
            Outcome::Matched { shipping: Some(shipping), .. } => {
                format!("yes: shipping is {}", dollars(shipping))
            }
            Outcome::Matched { .. } => String::from("yes, and it changes nothing"),
        };
        steps.push(Exchange { from: 0, to: 1, action: format!("line {}: {}", rule.line, rule.name), result });
    });
    let [subtotal, discount, shipping, price] =
        [priced.subtotal, priced.discount, priced.shipping, priced.price()].map(dollars);
    steps.push(Exchange {
        from: 1,
        to: 0,
        action: String::from("adds up"),
        result: format!("{subtotal} − {discount} + {shipping} = {price}"),
    });
    Sequence {
        lead: format!("{} costs {price}.", order.words()),
        participants: ["Order", "Rule engine"].map(String::from).to_vec(),
        steps,
    }
}

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
        link: run_of(params, worst, others),
    }]
}

fn columns() -> Vec<String> {
    Fate::ALL.map(|fate| fate.label().to_owned()).to_vec()
}

/// A row for each sort of fault, and a column for each fate, at the gates that there are.
fn kinds(params: &Params) -> Option<Table> {
    let race = race(params.yaml_version)?;
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
    Some(Table {
        legend: format!(
            "Faults of one line, each counted at the first gate that stops it: {} in all. A number links to the most expensive of them.",
            race.mutants.len()
        ),
        findings: vec![String::from("faults")],
        axis: String::from("a line that"),
        columns: columns(),
        rows,
        here: None,
    })
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

const SETS: [Way; 9] = [
    ("none", &[]),
    ("parser", &[("gate_parser", 1.0)]),
    ("parser, schema", &[("gate_parser", 1.0), ("gate_schema", 1.0)]),
    ("12 golden orders", &[("gate_golden", 1.0), ("golden_set", 12.0)]),
    ("schema, 12 golden orders", &[("gate_schema", 1.0), ("gate_golden", 1.0), ("golden_set", 12.0)]),
    ("types alone", &[("gate_typed", 1.0)]),
    ("types, 12 golden orders", &[("gate_typed", 1.0), ("gate_golden", 1.0), ("golden_set", 12.0)]),
    ("16 golden orders", &[("gate_golden", 1.0), ("golden_set", 16.0)]),
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

fn sets(params: &Params) -> Option<Table> {
    let race = race(params.yaml_version)?;
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
    Some(Table {
        legend: String::from(
            "The same faults of one line before other gates. What escapes goes live and changes prices.",
        ),
        findings: vec![String::from("faults")],
        axis: String::from("faults"),
        columns: columns(),
        rows: rows.collect(),
        here: None,
    })
}

fn search(params: &Params) -> Table {
    const LINES: [u64; 3] = [50, 500, 5000];
    let rows = LINES.map(|lines| {
        let cells = [false, true].map(|trace_on| {
            let changed = Params { file_lines: lines, trace_on, ..*params };
            let text = format::quantity(opacity::explain_s(&changed), Unit::Seconds);
            let words = text.clone() + " until somebody knows";
            vec![Finding { text, words, link: link(&changed, &[], MINUTES) }]
        });
        Row { head: format::count(lines) + " lines", cells: cells.to_vec() }
    });
    let here = LINES.iter().position(|lines| *lines == params.file_lines);
    Table {
        legend: String::from(
            "Time until somebody knows why the order costs what it costs: half of the file at reading speed, or ten seconds for each rule that matched.",
        ),
        findings: vec![String::from("time to explain")],
        axis: String::from("the engine keeps"),
        columns: ["no trace", "a trace"].map(String::from).to_vec(),
        rows: rows.to_vec(),
        here: here.map(|row| (row, usize::from(params.trace_on))),
    }
}

const MINUTES: SimTime = SimTime::from_secs(60);

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

fn costs(params: &Params) -> Option<Table> {
    let race = race(params.yaml_version)?;
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
    Some(Table {
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
    })
}
