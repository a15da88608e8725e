//! What only a browser has: addresses, keys and pointers, themes, workers, data,
//! parts of the program.

pub mod address;
pub mod background;
pub mod calendar;
pub mod clock;
pub mod data;
pub mod file;
pub mod input_events;
pub mod keys;
pub mod parts;
pub mod storage;
pub mod swipe;
pub mod theme;
