//! Reads rule files for a page whose program does without: a question comes in, the answer goes out.

use serde::Serialize;
use warstories_sim::scenarios::rule_engine::reading::{OWN, Question};
use wasm_bindgen::prelude::*;

fn main() {}

/// Answers a question; both are of one edition of the page.
#[wasm_bindgen]
pub fn read(question: &[u8]) -> Vec<u8> {
    match postcard::from_bytes(question) {
        Ok(Question::Judge(text, version)) => answer(&(OWN.judge)(text, version)),
        Ok(Question::Edited(edits)) => answer(&(OWN.edited)(edits)),
        Ok(Question::Edits(text)) => answer(&(OWN.edits)(text)),
        Ok(Question::Mutants(version)) => answer(&(OWN.mutants)(version)),
        Ok(Question::Matched(lines, order)) => answer(&(OWN.matched)(lines, order)),
        Err(_) => Vec::new(),
    }
}

fn answer(said: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(said).unwrap_or_default()
}
