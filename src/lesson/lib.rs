//! What is taught: lessons, and the check that a lesson claims only what the simulation confirms.
//!
//! - [`lesson`], [`prose`] and [`measure`] are plain data, all that a page needs to show a lesson;
//! - [`goal`] sets up its runs, [`judge`] tells how they do;
//! - `parse` reads lesson files, `runs` plays their runs, and `check` proves them; all three come with the feature
//!   `parse`.
//!
//! A lesson is a text file; `lessons/README.md` tells authors how to write one.

#[cfg(feature = "parse")]
pub mod attempts;
#[cfg(feature = "parse")]
pub mod check;
pub mod goal;
pub mod judge;
pub mod lesson;
pub mod measure;
#[cfg(feature = "parse")]
pub mod parse;
pub mod problem;
pub mod prose;
#[cfg(feature = "parse")]
pub mod runs;

pub use lesson::Lesson;
pub use problem::Problem;
