//! The story of the rule file: each number of it, its truths, and everything that is edited, priced, stopped and found out.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "rule_engine/any.rs"]
mod any;
#[path = "shared/cases.rs"]
mod cases;
#[path = "rule_engine/declared.rs"]
mod declared;
#[path = "rule_engine/hostile.rs"]
mod hostile;
#[path = "rule_engine/mutants.rs"]
mod mutants;
#[path = "rule_engine/naive.rs"]
mod naive;
#[path = "rule_engine/prices.rs"]
mod prices;
#[path = "rule_engine/runs.rs"]
mod runs;
#[path = "shared/values.rs"]
mod values;
#[path = "rule_engine/words.rs"]
mod words;

use warstories_sim::metric::Statistic;
use warstories_sim::scenarios::rule_engine::{RuleEngine, SPEC};
use warstories_sim::{Playable, Replay, Run, SimTime};

/// A run that a link describes.
fn start(entries: &str) -> Run<RuleEngine> {
    let link = Replay::parse_entries(&SPEC, entries);
    assert_eq!(link.dropped, Vec::<String>::new(), "{entries}");
    Run::new(link.replay)
}

/// Plays up to so many minutes.
fn play(run: &mut Run<RuleEngine>, minutes: f64) {
    run.advance(SimTime::from_secs_f64(minutes * 60.0), u64::MAX);
}

/// The same, from a link.
fn played(entries: &str, minutes: f64) -> Run<RuleEngine> {
    let mut run = start(entries);
    play(&mut run, minutes);
    run
}

/// What a metric says now.
fn says(run: &Run<RuleEngine>, id: &str, statistic: Statistic) -> f64 {
    statistic.of(run.read(SPEC.metric(id).unwrap()))
}

/// What a counter says.
fn count(run: &Run<RuleEngine>, id: &str) -> u64 {
    says(run, id, Statistic::Count) as u64
}

/// What a ledger or gauge says.
fn last(run: &Run<RuleEngine>, id: &str) -> f64 {
    says(run, id, Statistic::Last)
}

/// What the run has told, without the times.
fn told(run: &Run<RuleEngine>) -> Vec<String> {
    run.announcements().iter().map(|told| told.text(&SPEC)).collect()
}
