//! How fast time passes.

/// How many simulated seconds pass in one second, in the order offered.
pub const SPEEDS: &[f64] = &[0.5, 1.0, 2.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1000.0];
/// Position in [`SPEEDS`] of the speed that a run begins with.
pub const DEFAULT_SPEED: usize = 4;

/// A speed as people read it.
pub fn speed_text(speed: f64) -> String {
    if speed == 0.5 { String::from("½×") } else { format!("{speed}×") }
}
