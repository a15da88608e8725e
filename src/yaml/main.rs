//! Reads rule files for a page whose program does without: a question comes in, the answer goes out.

use serde::Serialize;
use warstories_sim::parameter::ParamType;
use warstories_sim::scenarios::rule_engine::reading::{self, Question, Topic};
use warstories_sim::scenarios::rule_engine::yaml::Version;
use wasm_bindgen::prelude::*;

fn main() {}

/// Answers a question; both are of one edition of the page.
#[wasm_bindgen]
pub fn read(question: &[u8]) -> Vec<u8> {
    let Ok(question) = postcard::from_bytes::<Question>(question) else { return Vec::new() };
    match Topic::ALL.get(usize::from(question.topic)) {
        Some(Topic::Mutants) => {
            let version = question.more.first().copied().unwrap_or_default();
            bytes(&reading::mutants(Version::from_number(version)))
        }
        Some(Topic::Rules) => bytes(&reading::rules()),
        _ => bytes(&reading::ask(&question)),
    }
}

fn bytes(answer: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(answer).unwrap_or_default()
}
