//! How War Stories is built, served and tested: the same commands on every system.
//!
//! The library half exists because `src/e2e` serves the built page and finds the browser with the same code.

pub mod browser;
mod copies;
mod fingerprint;
mod lessons;
pub mod page;
pub mod project;
mod run;
pub mod serve;
mod size;
mod slowest;
pub mod stages;
#[cfg(test)]
mod tidy;
pub mod tools;
