//! The scenarios, in teaching order.

use crate::exhibit::{Exhibit, ExhibitSpec};
use crate::parameter::ParamSet;
use crate::replay::Replay;
use crate::run;
use crate::scenario::{Playable, Scenario};
use crate::spec::ScenarioSpec;
use crate::suggest::{known, shortened};
use crate::terminal::Terminal;
use crate::theory::Theory;

pub mod cache_stampede;
pub mod connection_pool;
pub mod distributed_monolith;
pub mod duplicate_delivery;
pub mod log_flood;
pub mod queueing_lab;
pub mod rule_engine;

/// All scenarios, in teaching order.
pub const SCENARIOS: &[Listed] = &[
    Listed::of::<queueing_lab::QueueingLab>("queueing_lab"),
    Listed::of::<connection_pool::ConnectionPool>("connection_pool"),
    Listed::of::<cache_stampede::CacheStampede>("cache_stampede"),
    Listed::of::<duplicate_delivery::DuplicateDelivery>("duplicate_delivery"),
    Listed::of::<distributed_monolith::latency::MonolithLatency>("distributed_monolith"),
    Listed::of::<distributed_monolith::checkout::MonolithCheckout>("distributed_monolith"),
    Listed::of::<distributed_monolith::team::MonolithTeam>("distributed_monolith"),
    Listed::of::<log_flood::LogFlood>("log_flood"),
    Listed::of::<rule_engine::RuleEngine>("rule_engine"),
];

/// A scenario, known by its table; its model stays inside this crate.
#[derive(Clone, Copy)]
pub struct Listed {
    /// Everything there is to know about it.
    pub spec: &'static ScenarioSpec,
    /// The module of its story. A page may load it later than the rest, so what stands below is called only once it is
    /// there.
    pub story: &'static str,
    is_ready: fn() -> bool,
    start: fn(Replay) -> Box<dyn Playable>,
    theory: fn(&[f64]) -> Vec<Theory>,
    terminal: fn() -> Option<&'static Terminal>,
    exhibits: fn(&[f64]) -> Vec<ExhibitSpec>,
    cheap_exhibit: fn(&str, &[f64]) -> Option<Exhibit>,
    #[cfg(feature = "exhibits")]
    expensive_exhibit: fn(&str, &[f64]) -> Option<Exhibit>,
}

impl Listed {
    const fn of<S: Scenario>(story: &'static str) -> Self {
        Self {
            spec: &S::SPEC,
            story,
            is_ready: S::is_ready,
            start: run::start::<S>,
            theory: |values| S::theory(&S::Params::with(values)),
            terminal: S::terminal,
            exhibits: |values| S::exhibits(&S::Params::with(values)),
            cheap_exhibit: |id, values| S::cheap_exhibit(id, &S::Params::with(values)),
            #[cfg(feature = "exhibits")]
            expensive_exhibit: |id, values| S::expensive_exhibit(id, &S::Params::with(values)),
        }
    }

    fn find(spec: &ScenarioSpec) -> &'static Self {
        let known = SCENARIOS.iter().find(|known| known.spec.id == spec.id);
        debug_assert!(known.is_some(), "{} is not listed", spec.id);
        known.unwrap_or(&SCENARIOS[0])
    }
}

/// The module of a scenario's story.
pub fn story(spec: &ScenarioSpec) -> &'static str {
    Listed::find(spec).story
}

/// Whether everything is there that a run of a scenario needs; where it is not, a page loads it before the first run.
pub fn is_ready(spec: &ScenarioSpec) -> bool {
    (Listed::find(spec).is_ready)()
}

/// What theory says of a scenario; `values` are those of all parameters.
pub fn theory(spec: &ScenarioSpec, values: &[f64]) -> Vec<Theory> {
    (Listed::find(spec).theory)(values)
}

/// What can be typed into a scenario, if it has a terminal.
pub fn terminal(spec: &ScenarioSpec) -> Option<&'static Terminal> {
    (Listed::find(spec).terminal)()
}

/// A scenario's own panels, in the order of the page; `values` are those of all parameters.
pub fn exhibits(spec: &ScenarioSpec, values: &[f64]) -> Vec<ExhibitSpec> {
    (Listed::find(spec).exhibits)(values)
}

/// The exhibit `id` of a scenario, computed for these values of all parameters; `None` where none is announced as cheap.
pub fn cheap_exhibit(spec: &ScenarioSpec, id: &str, values: &[f64]) -> Option<Exhibit> {
    (Listed::find(spec).cheap_exhibit)(id, values)
}

/// Any exhibit of a scenario, computed for these values of all parameters; `None` where there is none. It may take a
/// moment.
#[cfg(feature = "exhibits")]
pub fn exhibit(spec: &ScenarioSpec, id: &str, values: &[f64]) -> Option<Exhibit> {
    let listed = Listed::find(spec);
    (listed.cheap_exhibit)(id, values).or_else(|| (listed.expensive_exhibit)(id, values))
}

/// The table of the scenario called `id`.
///
/// # Errors
/// One sentence that names the text and the nearest known id.
pub fn find(id: &str) -> Result<&'static ScenarioSpec, String> {
    SCENARIOS.iter().map(|listed| listed.spec).find(|spec| spec.id == id).ok_or_else(|| {
        let hint = known(id, SCENARIOS.iter().map(|listed| listed.spec.id));
        format!("there is no scenario \"{}\"{hint}", shortened(id))
    })
}

/// Starts the run that `replay` describes.
pub fn start(replay: Replay) -> Box<dyn Playable> {
    (Listed::find(replay.spec()).start)(replay)
}
