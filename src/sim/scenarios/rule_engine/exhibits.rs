//! The story's own panels: the file, what its scalars are, why an order costs what it costs, the mutation race, and what each way of
//! keeping prices costs.

mod funnel;

use super::code;
use super::file::reference;
use super::opacity;
use super::orders::dollars;
use super::race::Mutant;
use super::reading;
use super::rules::{Claimed, Outcome, Switched};
use super::tables::{Params, SPEC, Version};
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
const CODE: &str = "code";
const RACE: &str = "race";
const GATES: &str = "gates";
const OPACITY: &str = "opacity";
const COSTS: &str = "costs";

/// When a link shows what has come of a change that is pushed at five minutes.
const SEEN_AT: SimTime = SimTime::from_secs(3000);

/// All of them.
pub fn all() -> Vec<ExhibitSpec> {
    let of = |id, title, summary: &str| ExhibitSpec {
        id,
        title,
        summary: summary.to_owned(),
        is_cheap: false,
        is_open: false,
    };
    vec![
        of(
            FILE,
            "The faulty line",
            "The reference, forty lines, and the one that the changed file has wrong.",
        ),
        of(SCALARS, "What a word is", "The same words as YAML 1.2 and as YAML 1.1 read them."),
        of(
            TRACE,
            "Why it costs that",
            "Each rule of the reference, and what it does to the order to explain.",
        ),
        of(
            CODE,
            "The same as code",
            "What the rule file says, in a language with types, as it is compiled and tested with this project.",
        ),
        of(
            RACE,
            "The mutation race",
            "Every fault of one line that the file can have, and the first gate that stops it.",
        ),
        of(GATES, "Which gates are enough", "The same faults before other gates."),
        of(
            OPACITY,
            "Fifty lines and five thousand",
            "How long it takes to say why an order costs what it costs.",
        ),
        of(
            COSTS,
            "What each way costs",
            "Prices in a file and in code: how quick, how safe and how clear each of them is.",
        ),
    ]
}

/// The one called `id`. None is cheap: beside the editor there is no room for another panel that is always open.
pub fn compute(id: &str, params: &Params) -> Option<Exhibit> {
    match id {
        FILE => Some(Exhibit::Code(file(params))),
        SCALARS => Some(Exhibit::Table(scalars(params))),
        TRACE => Some(Exhibit::Sequence(trace(params))),
        CODE => Some(Exhibit::Listing(numbered(code::SOURCE))),
        RACE => Some(Exhibit::Table(funnel::kinds(params))),
        GATES => Some(Exhibit::Table(funnel::sets(params))),
        OPACITY => Some(Exhibit::Table(search(params))),
        COSTS => Some(Exhibit::Table(funnel::costs(params))),
        _ => None,
    }
}

/// The text with the number of each line before it.
fn numbered(text: &str) -> String {
    let lines: Vec<String> =
        text.lines().enumerate().map(|(at, line)| format!("{:>3}  {line}", at + 1)).collect();
    lines.join("\n")
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
        legend: String::from(
            "What a word without quotes is. In quotes each of them is a string. The text of YAML 1.1 has y and n among its booleans, too; most readers leave them strings, and so does this one.",
        ),
        findings: vec![String::from("what it is")],
        axis: String::from("YAML"),
        columns: Version::CHOICES.iter().map(|choice| choice.id.to_owned()).collect(),
        rows: rows.collect(),
        here: None,
    }
}

fn trace(params: &Params) -> Sequence {
    let order = opacity::order(params);
    let rules = reading::rules();
    let mut steps = Vec::new();
    let mut claimed = Claimed::default();
    let priced = rules.trace(&order, Switched::NONE, &mut |rule, outcome| {
        claimed.add(rule, outcome);
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
        steps.push(Exchange {
            from: 0,
            to: 1,
            action: format!("line {}: {}", rule.line, rule.name),
            result,
            is_lost: false,
        });
    });
    if claimed.sum() > priced.discount {
        let [sum, discount] = [claimed.sum(), priced.discount].map(dollars);
        let (action, result) = (String::from("limits all discounts"), format!("{discount} of {sum} off"));
        steps.push(Exchange { from: 1, to: 0, action, result, is_lost: false });
    }
    let [subtotal, discount, shipping, price] =
        [priced.subtotal, priced.discount, priced.shipping, priced.price()].map(dollars);
    steps.push(Exchange {
        from: 1,
        to: 0,
        action: String::from("adds up"),
        result: format!("{subtotal} − {discount} + {shipping} = {price}"),
        is_lost: false,
    });
    Sequence {
        lead: format!("{} costs {price}.", order.words()),
        participants: ["Order", "Rule engine"].map(String::from).to_vec(),
        steps,
    }
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
            "Time until somebody knows why the order costs what it costs: half of the file at reading speed, or ten seconds for each rule that matched. In the longest file one more rule matches than in the others.",
        ),
        findings: vec![String::from("time to explain")],
        axis: String::from("the engine keeps"),
        columns: ["no trace", "a trace"].map(String::from).to_vec(),
        rows: rows.to_vec(),
        here: here.map(|row| (row, usize::from(params.trace_on))),
    }
}

const MINUTES: SimTime = SimTime::from_secs(60);
