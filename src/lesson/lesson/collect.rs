//! What a lesson has its learners measure themselves, point by point.

use serde::{Deserialize, Serialize};
use warstories_sim::SimTime;

use super::{Text, Timed};
use crate::measure::Measure;

/// A task: to change the run and to collect its means over windows as points of a plane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Collect {
    /// Line of the block.
    pub line: usize,
    /// What to do.
    pub question: Text,
    /// The mean along the horizontal axis. It has no moment: that of each point is its own window.
    pub x: Measure,
    /// The mean along the vertical axis, as `x`.
    pub y: Measure,
    /// How long the run goes on after a change before a window begins.
    pub settle: SimTime,
    /// How long a window is.
    pub over: SimTime,
    /// How many points are wanted.
    pub points: usize,
    /// Values of `x`, rising, that part the plane: a point is wanted on either side of each, and between them.
    pub spread: Vec<f64>,
    /// The curve behind the points: its position among those that the scenario supplies.
    pub theory: Option<usize>,
    /// Inputs that collect all points.
    pub solution: Vec<Timed>,
    /// Told when all points are there.
    pub after: Text,
}
