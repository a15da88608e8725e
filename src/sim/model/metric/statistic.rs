//! What is read off a metric: one number of those that it says.

use super::Reading;

/// What is read off a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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

impl Statistic {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Mean,
        Self::Max,
        Self::Min,
        Self::Last,
        Self::Rise,
        Self::P50,
        Self::P95,
        Self::P99,
        Self::P999,
        Self::Count,
    ];

    /// As lessons spell it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Max => "max",
            Self::Min => "min",
            Self::Last => "last",
            Self::Rise => "rise",
            Self::P50 => "p50",
            Self::P95 => "p95",
            Self::P99 => "p99",
            Self::P999 => "p999",
            Self::Count => "count",
        }
    }

    /// What it is in `reading`; NaN where nothing was observed, and where the metric has no such statistic.
    pub fn of(self, reading: Reading) -> f64 {
        match (self, reading) {
            // Nothing was observed: no quantile is 0.
            (
                Self::Mean | Self::Max | Self::P50 | Self::P95 | Self::P99 | Self::P999,
                Reading::Histogram { count: 0, .. },
            ) => f64::NAN,
            (Self::Mean, Reading::Gauge { mean, .. } | Reading::Histogram { mean, .. }) => mean,
            (Self::Max, Reading::Gauge { max, .. } | Reading::Histogram { max, .. }) => max,
            (Self::Min, Reading::Gauge { min, .. }) => min,
            (Self::Last, Reading::Gauge { last, .. }) => last,
            (Self::Last | Self::Rise, Reading::Money(dollars)) => dollars,
            (Self::P50, Reading::Histogram { p50, .. }) => p50,
            (Self::P95, Reading::Histogram { p95, .. }) => p95,
            (Self::P99, Reading::Histogram { p99, .. }) => p99,
            (Self::P999, Reading::Histogram { p999, .. }) => p999,
            (Self::Count | Self::Rise, Reading::Count(count))
            | (Self::Count, Reading::Histogram { count, .. }) => count as f64,
            _ => f64::NAN,
        }
    }
}
