//! Answers what a run asks about rule files; it is there where a parser is.

use super::file::{REFERENCE, edited, edits};
use super::gates::{self, Loaded};
use super::opacity;
use super::orders::{Golden, Order, cells};
use super::race;
use super::reading::{Answer, Question, Topic};
use super::rules::{RuleSet, Switched};
use super::tables::{Params, Version};
use crate::parameter::{ParamSet, ParamType};

/// Answers a question, unless its answer has a form of its own.
pub fn answer(Question { topic, text, values, more }: &Question) -> Answer {
    let params = Params::with(values);
    let number = |at: usize| more.get(at).copied().unwrap_or_default();
    let (version, off) = (Version::from_number(number(0)), Switched(number(1) as u8));
    let added = || more.chunks_exact(2).map(golden).collect::<Vec<_>>();
    let words = |text: String| Answer { numbers: Vec::new(), text };
    match Topic::ALL.get(usize::from(*topic)) {
        Some(Topic::Load) => load(text, version, off),
        Some(Topic::Stopped) => words(gates::stopped(text, &params, &added()).unwrap_or_default()),
        Some(Topic::Inspect) => {
            let remarks = gates::inspect(text, &params);
            let places = remarks.iter().map(|remark| remark.at.unwrap_or_default());
            let numbers = places.flat_map(|(line, column)| [line, column]).map(f64::from).collect();
            let lines: Vec<String> =
                remarks.iter().map(|remark| format!("{}\n{}", remark.who, remark.why)).collect();
            Answer { numbers, text: lines.join("\0") }
        }
        Some(Topic::Edited) => match edited(text) {
            Ok(text) => Answer { numbers: vec![1.0], text },
            Err(sentence) => words(sentence),
        },
        Some(Topic::Edits) => words(edits(text)),
        Some(Topic::Escapes) => {
            let (count, worst) = race::escapes(&params, &added());
            Answer { numbers: vec![count as f64, worst], text: String::new() }
        }
        Some(Topic::Faulty) => words(race::faulty(&params, more.first().copied()).unwrap_or_default()),
        Some(Topic::Explain) => {
            words(opacity::explain(text, version, off, &Order::of_sort(number(2) as usize)))
        }
        Some(Topic::Matched) => {
            let count = opacity::matched_in(params.file_lines, params.traced_order);
            Answer { numbers: vec![count as f64], text: String::new() }
        }
        Some(Topic::Mutants | Topic::Rules) | None => Answer::default(),
    }
}

/// The rules of the reference.
pub fn rules() -> RuleSet {
    let loaded = Loaded::read(REFERENCE, Version::V1_2).0;
    loaded.rules().map(|rules| RuleSet::clone(rules)).unwrap_or_default()
}

fn golden(pair: &[f64]) -> Golden {
    (Order::of_sort(pair[0] as usize), pair[1] as i64)
}

fn load(text: &str, version: Version, off: Switched) -> Answer {
    match Loaded::read(text, version).0 {
        Loaded::Runs(rules) => {
            let prices = cells().map(|(order, _)| rules.price(&order, off).price() as f64);
            Answer { numbers: prices.collect(), text: String::new() }
        }
        Loaded::Refused(fault) => Answer { numbers: Vec::new(), text: fault.to_string() },
        Loaded::NoMap(fault) => Answer { numbers: vec![1.0], text: fault.to_string() },
    }
}
