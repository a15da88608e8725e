//! The scenarios, in teaching order.

use crate::engine::Run;
use crate::listing::{Listing, Matrix};
use crate::parameter::ParamSet;
use crate::replay::Replay;
use crate::scenario::{Playable, Scenario, ScenarioSpec};
use crate::suggest::{known, shortened};

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
    listing: fn(&[f64]) -> Option<Listing>,
    matrix: fn(&[f64]) -> Option<Matrix>,
}

impl Entry {
    const fn of<S: Scenario>() -> Self {
        Self {
            spec: &S::SPEC,
            start: |replay| Box::new(Run::<S>::new(replay)),
            listing: |values| S::listing(&params::<S>(values)),
            matrix: |values| S::matrix(&params::<S>(values)),
        }
    }

    fn find(spec: &ScenarioSpec) -> &'static Self {
        SCENARIOS.iter().find(|entry| entry.spec.id == spec.id).unwrap_or(&SCENARIOS[0])
    }
}

fn params<S: Scenario>(values: &[f64]) -> S::Params {
    let mut params = S::Params::defaults();
    values.iter().enumerate().for_each(|(param, value)| params.set(param, *value));
    params
}

/// The code that a scenario's workers run, where a learner may break it; `values` are those of all parameters.
pub fn listing(spec: &ScenarioSpec, values: &[f64]) -> Option<Listing> {
    (Entry::find(spec).listing)(values)
}

/// What becomes of everything that one can choose in a scenario, where it has such a table. Simulated, which may take
/// a moment.
pub fn matrix(spec: &ScenarioSpec, values: &[f64]) -> Option<Matrix> {
    (Entry::find(spec).matrix)(values)
}

/// The table of the scenario called `id`.
///
/// # Errors
/// One sentence that names the text and the nearest known id.
pub fn find(id: &str) -> Result<&'static ScenarioSpec, String> {
    SCENARIOS.iter().map(|entry| entry.spec).find(|spec| spec.id == id).ok_or_else(|| {
        let hint = known(id, SCENARIOS.iter().map(|entry| entry.spec.id));
        format!("there is no scenario \"{}\"{hint}", shortened(id))
    })
}

/// Starts the run that `replay` describes.
pub fn start(replay: Replay) -> Box<dyn Playable> {
    (Entry::find(replay.spec()).start)(replay)
}
