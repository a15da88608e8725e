//! What is taught: lessons, and the check that a lesson claims only what the simulation confirms.
//!
//! - [`lesson`], [`deck`], [`glossary`], [`prose`] and [`measure`] are plain data, all that a page needs to show a lesson;
//! - [`practice`] tells what an answer to a question has earned, and when it is asked again;
//! - [`goal`] sets up its runs, [`judge`] tells how they do, [`points`] what they measure, a [`problem`] what is wrong with a lesson;
//! - `parse` reads lesson files and decks, `owed` and `terms` see what they lack, `runs` plays their runs, `check` proves them, and `attempts`
//!   tries to meet their goals without what they teach; all six come with the feature `parse`.
//!
//! A lesson is a text file; `lessons/README.md` tells authors how to write one.

pub mod lesson;
pub mod deck;
pub mod glossary;
pub mod prose;
pub mod measure;
pub mod practice;
pub mod goal;
pub mod judge;
pub mod points;
pub mod problem;
#[cfg(feature = "parse")]
pub mod parse;
#[cfg(feature = "parse")]
pub mod owed;
#[cfg(feature = "parse")]
pub mod terms;
#[cfg(feature = "parse")]
pub mod runs;
#[cfg(feature = "parse")]
pub mod check;
#[cfg(feature = "parse")]
pub mod attempts;

pub use deck::Deck;
pub use glossary::Glossary;
pub use lesson::Lesson;
pub use problem::Problem;
