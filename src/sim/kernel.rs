//! The ground floor: what plays no scenario and knows of none.
//!
//! - [`time`]: integer nanoseconds; [`clock`]: the clock on the story's wall;
//! - [`event_list`]: what is going to happen; [`random`]: named streams and samplers;
//! - [`decimal`] and [`money`]: numbers as people write them, and as ledgers add them up; [`suggest`]: what a sentence
//!   about bad input quotes and suggests;
//! - [`unit`]: what numbers are numbers of; [`histogram`]: many durations in little room.

pub mod time;
pub mod clock;
pub mod event_list;
pub mod random;
pub mod decimal;
pub mod money;
pub mod suggest;
pub mod unit;
pub mod histogram;
