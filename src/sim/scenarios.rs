//! The scenarios, in teaching order.

use crate::engine::Run;
use crate::replay::Replay;
use crate::scenario::{Playable, Scenario, ScenarioSpec};

pub mod queueing_lab;

/// All scenarios, in teaching order.
pub const SCENARIOS: &[Entry] = &[Entry::of::<queueing_lab::QueueingLab>()];

/// A scenario, known by its table; its model stays inside this crate.
#[derive(Clone, Copy)]
pub struct Entry {
    /// Everything there is to know about it.
    pub spec: &'static ScenarioSpec,
    start: fn(Replay) -> Box<dyn Playable>,
}

impl Entry {
    const fn of<S: Scenario>() -> Self {
        Self { spec: &S::SPEC, start: |replay| Box::new(Run::<S>::new(replay)) }
    }
}

/// The scenario called `id`.
pub fn find(id: &str) -> Option<Entry> {
    SCENARIOS.iter().find(|entry| entry.spec.id == id).copied()
}

/// Starts the run that `replay` describes.
pub fn start(replay: Replay) -> Box<dyn Playable> {
    let entry = SCENARIOS.iter().find(|entry| entry.spec.id == replay.spec().id).unwrap_or(&SCENARIOS[0]);
    (entry.start)(replay)
}
