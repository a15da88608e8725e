//! What happens: a deterministic discrete-event simulator and the war stories that run on it.
//!
//! The vocabulary, in reading order:
//! - [`mod@time`]: integer nanoseconds; [`clock`]: the clock on the story's wall;
//! - [`event_list`]: what is going to happen; [`random`]: named streams and samplers;
//! - [`decimal`] and [`money`]: numbers as people write them, and as ledgers add them up; [`suggest`]: what a sentence
//!   about bad input quotes and suggests;
//! - [`parameter`] and [`metric`]: what can be set and what is measured, each declared once, in a [`unit`],
//!   and [`histogram`];
//! - [`probe`]: what a run remembers of given moments;
//! - [`replay`]: a run as a value that fits in a link;
//! - [`scenario`]: what a war story provides; [`engine`]: what plays it; [`series`]: what charts draw of it;
//! - [`snapshot`] and [`diagram`]: what a screen shows; [`announce`] and [`summary`]: what there is to say; [`mod@format`]: numbers in words;
//! - [`exhibit`]: a story's own panels; [`explore`]: every order in which a protocol's steps can happen;
//! - [`resource`]: the queues and servers that stories share; [`scenarios`]: the stories, in teaching order.
//!
//! The crate is pure: no clock, no input or output, no web, no hash map, and no transcendental function of `std`,
//! so that a run is the same to the last bit on every machine. `clippy.toml` enforces it.

pub mod time;
pub mod clock;
pub mod event_list;
pub mod random;
pub mod decimal;
pub mod money;
pub mod suggest;
pub mod parameter;
pub mod metric;
pub mod unit;
pub mod histogram;
pub mod probe;
pub mod replay;
pub mod scenario;
pub mod engine;
pub mod series;
pub mod snapshot;
pub mod diagram;
pub mod announce;
pub mod summary;
pub mod format;
pub mod exhibit;
pub mod explore;
pub mod resource;
pub mod scenarios;

#[doc(hidden)]
pub use pastey;

pub use engine::{Ctx, Run};
pub use metric::{MetricKind, MetricSpec, Reading};
pub use parameter::{Domain, ParamSpec};
pub use replay::{Input, Link, Replay};
pub use scenario::{Playable, Scenario, ScenarioSpec};
pub use scenarios::SCENARIOS;
pub use time::SimTime;
pub use unit::Unit;
