//! The floor above: what every scenario is made of and what plays it. It knows no scenario.
//!
//! - [`parameter`] and [`metric`]: what can be set and what is measured, each declared once;
//! - [`probe`]: what a run remembers of given moments;
//! - [`replay`]: a run as a value; [`spec`]: everything there is to know about a scenario before it runs;
//!   [`docs`]: its help texts;
//! - [`inert`]: controls that do nothing; [`theory`]: laws in closed form; [`scenario`]: what a war story provides;
//!   [`engine`]: what handles its events; [`run`]: what plays it; [`series`]: what charts draw of it;
//! - [`snapshot`], [`course`] and [`diagram`]: what a screen shows; [`announce`] and [`summary`]: what there is to say;
//!   [`mod@format`]: numbers in words;
//! - [`exhibit`]: a story's own panels; [`explore`]: every order in which a protocol's steps can happen; [`terminal`]: the
//!   commands that a story understands, and the lines of its log; [`document`]: a file that the learner edits.

pub mod parameter;
pub mod metric;
pub mod probe;
pub mod replay;
pub mod spec;
pub mod docs;
pub mod inert;
pub mod theory;
pub mod scenario;
pub mod engine;
pub mod run;
pub mod series;
pub mod snapshot;
pub mod course;
pub mod diagram;
pub mod announce;
pub mod summary;
pub mod format;
pub mod exhibit;
pub mod explore;
pub mod terminal;
pub mod document;
