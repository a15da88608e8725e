//! What a run must show, in a small language: `p99 wait_ms`, `mean busy from 60 to 600`, `rise done from 0 to 60 >= 500`.

use serde::{Deserialize, Serialize};
use warstories_sim::SimTime;

/// A number that a run tells.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Line where it stands.
    pub line: usize,
    /// What is read off the metric.
    pub statistic: Statistic,
    /// Whether it is of the moving window of the recent past instead of the whole run so far; only for quantiles,
    /// mean, maximum and count of histograms.
    pub recent: bool,
    /// Position of the metric.
    pub metric: usize,
    /// When.
    pub span: Span,
}

/// What is read off a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Statistic {
    /// Mean: of a gauge weighted with time, of a histogram over its observations.
    Mean,
    /// Largest value.
    Max,
    /// Smallest value of a gauge.
    Min,
    /// What a gauge or a ledger says at the moment.
    Last,
    /// How much a counter, a number of failures or a ledger grows.
    Rise,
    /// Median of a histogram.
    P50,
    /// 95th percentile of a histogram.
    P95,
    /// 99th percentile of a histogram.
    P99,
    /// 99.9th percentile of a histogram.
    P999,
    /// What a counter or a number of failures says; how many observations a histogram has.
    Count,
}

/// When something is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Span {
    /// At the moment that the run has reached.
    Now,
    /// At this moment, over everything before it.
    At(SimTime),
    /// Between two moments.
    Window(SimTime, SimTime),
}

/// What a run says to a measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// The run has not come there yet.
    Pending,
    /// The number, in the unit of the metric; NaN where there was nothing to measure.
    Value(f64),
}

/// A measure and what it must be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Test {
    /// The measure.
    pub measure: Measure,
    /// What it must be.
    pub bound: Bound,
}

/// What a number must be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Bound {
    /// At least.
    AtLeast(f64),
    /// At most.
    AtMost(f64),
    /// Within, both ends included.
    Within(f64, f64),
}
