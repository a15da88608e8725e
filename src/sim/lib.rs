//! What happens: a deterministic discrete-event simulator and the war stories that run on it.
//!
//! Four floors, each of which knows those below it:
//! - the kernel: [`time`](mod@time) and [`clock`], [`event_list`], [`random`], [`histogram`], numbers and units;
//! - the model: [`parameter`], [`metric`], [`replay`], [`scenario`], [`engine`], what a screen shows of a run and what
//!   there is to say of it;
//! - [`resource`]: the queues and servers that stories share;
//! - [`link`]: a run as an address; [`scenarios`]: the stories, in teaching order.
//!
//! The crate is pure: no clock, no input or output, no web, no hash map, and no transcendental function of `std`,
//! so that a run is the same to the last bit on every machine. `clippy.toml` enforces it.

mod kernel;
mod model;
pub mod resource;
pub mod link;
pub mod scenarios;

pub use kernel::{clock, decimal, event_list, histogram, money, random, suggest, time, unit};
pub use model::{
    announce, course, diagram, docs, document, engine, exhibit, explore, format, inert, metric, parameter,
    probe, replay, run, scenario, series, snapshot, spec, summary, terminal, theory,
};

#[doc(hidden)]
pub use pastey;

pub use engine::Ctx;
pub use link::Link;
pub use metric::{MetricKind, MetricSpec, Reading};
pub use parameter::{Domain, ParamSpec};
pub use replay::{Input, Replay};
pub use run::Run;
pub use scenario::{Playable, Scenario};
pub use scenarios::SCENARIOS;
pub use spec::ScenarioSpec;
pub use time::SimTime;
pub use unit::Unit;
