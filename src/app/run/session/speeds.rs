//! How fast time passes.

use warstories_sim::format::count;

/// How many simulated seconds pass in one second, in the order offered: a second in slow motion, and weeks within a minute.
pub const SPEEDS: &[f64] = &[0.5, 1.0, 2.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1000.0, 5000.0, 10_000.0];
/// Position in [`SPEEDS`] of the speed that a run begins with.
pub const DEFAULT_SPEED: usize = 4;

/// A speed as people read it.
pub fn speed_text(speed: f64) -> String {
    if speed == 0.5 { String::from("½×") } else { count(speed as u64) + "×" }
}
