//! Reads rule files for a page whose program does without: a question comes in, the answer goes out.

use serde::Serialize;
use warstories_sim::scenarios::rule_engine::reading::{self, Question};
use wasm_bindgen::prelude::*;

fn main() {}

/// Answers a question; both are of one edition of the page.
#[wasm_bindgen]
pub fn read(question: &[u8]) -> Vec<u8> {
    match postcard::from_bytes(question) {
        Ok(Question::Load(text, version)) => answer(&reading::load(text, version)),
        Ok(Question::Stopped(text, checks, who)) => answer(&reading::stopped(text, checks, who)),
        Ok(Question::Inspect(text, checks)) => answer(&reading::inspect(text, checks)),
        Ok(Question::Edited(edits)) => answer(&reading::edited(edits)),
        Ok(Question::Edits(text)) => answer(&reading::edits(text)),
        Ok(Question::Escapes(checks, trial)) => answer(&reading::escapes(checks, trial)),
        Ok(Question::Faulty(version, pick)) => answer(&reading::faulty(version, pick)),
        Ok(Question::Explain(text, version, order, off)) => {
            answer(&reading::explain(text, version, order, off))
        }
        Ok(Question::Matched(lines, order)) => answer(&reading::matched(lines, order)),
        Ok(Question::Mutants(version)) => answer(&reading::mutants(version)),
        Err(_) => Vec::new(),
    }
}

fn answer(said: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(said).unwrap_or_default()
}
