//! The scenarios, in teaching order.

use crate::engine::Run;
use crate::replay::Replay;
use crate::scenario::{Playable, Scenario, ScenarioSpec, did_you_mean, shortened};

pub mod cache_stampede;
pub mod connection_pool;
pub mod duplicate_delivery;
pub mod queueing_lab;

/// All scenarios, in teaching order.
pub const SCENARIOS: &[Entry] = &[
    Entry::of::<queueing_lab::QueueingLab>(),
    Entry::of::<connection_pool::ConnectionPool>(),
    Entry::of::<cache_stampede::CacheStampede>(),
    Entry::of::<duplicate_delivery::DuplicateDelivery>(),
];

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

/// The table of the scenario called `id`.
///
/// # Errors
/// One sentence that names the text and the nearest known id.
pub fn find(id: &str) -> Result<&'static ScenarioSpec, String> {
    SCENARIOS.iter().map(|entry| entry.spec).find(|spec| spec.id == id).ok_or_else(|| {
        let hint = did_you_mean(id, SCENARIOS.iter().map(|entry| entry.spec.id));
        format!("there is no scenario \"{}\"{hint}", shortened(id))
    })
}

/// Starts the run that `replay` describes.
pub fn start(replay: Replay) -> Box<dyn Playable> {
    let entry = SCENARIOS.iter().find(|entry| entry.spec.id == replay.spec().id).unwrap_or(&SCENARIOS[0]);
    (entry.start)(replay)
}
