//! A histogram of durations.

use std::collections::VecDeque;

use super::{Metric, MetricKind, MetricSpec, MetricType, Reading, Sample, Sums};
use crate::histogram::Buckets;
use crate::time::SimTime;

/// Sample buckets that the moving window of a histogram spans, beside the one that is being filled.
pub const WINDOW_BUCKETS: usize = 4;

/// A histogram of durations: quantiles of the whole run and of a moving window.
#[derive(Clone, Debug, Default)]
pub struct Histogram {
    current: Buckets,
    /// The last sample buckets, and their sum.
    recent: VecDeque<Buckets>,
    window: Buckets,
    /// Everything but the current sample bucket.
    closed: Buckets,
}

impl Histogram {
    /// One more duration.
    pub fn observe(&mut self, duration: SimTime) {
        self.current.record(duration.nanos());
    }

    /// Number of durations.
    pub fn count(&self) -> u64 {
        self.closed.total() + self.current.total()
    }

    /// Exact sum of all durations, in nanoseconds.
    pub fn sum_nanos(&self) -> u128 {
        self.closed.sum() + self.current.sum()
    }

    /// What `buckets`, the largest of which is `max`, and the sample bucket being filled say together.
    fn reading(&self, buckets: &Buckets, max: u64, spec: &MetricSpec) -> Reading {
        let mut all = buckets.clone();
        all.add(&self.current);
        let max = max.max(self.current.max());
        let [p50, p95, p99, p999] = all
            .quantiles([0.5, 0.95, 0.99, 0.999])
            // The middle of the topmost bucket may lie beyond everything in it.
            .map(|nanos| nanos.min(max) as f64 * spec.unit.per_nano());
        let mean =
            if all.total() == 0 { 0.0 } else { all.sum() as f64 / all.total() as f64 * spec.unit.per_nano() };
        let max = max as f64 * spec.unit.per_nano();
        Reading::Histogram { count: all.total(), mean, p50, p95, p99, p999, max }
    }
}

impl MetricType for Histogram {
    const KIND: MetricKind = MetricKind::Histogram;
    const IS_OF_DURATIONS: bool = true;
}

impl Metric for Histogram {
    fn close(&mut self, _: SimTime, spec: &MetricSpec) -> Sample {
        self.closed.add(&self.current);
        self.window.add(&self.current);
        let mut next = Buckets::default();
        if self.recent.len() == WINDOW_BUCKETS
            && let Some(oldest) = self.recent.pop_front()
        {
            self.window.subtract(&oldest);
            next = oldest;
            next.clear();
        }
        self.recent.push_back(std::mem::replace(&mut self.current, next));
        if self.window.total() == 0 {
            return [f32::NAN; 3];
        }
        self.window.quantiles([0.5, 0.95, 0.99]).map(|nanos| (nanos as f64 * spec.unit.per_nano()) as f32)
    }
    fn read(&self, _: SimTime, spec: &MetricSpec) -> Reading {
        self.reading(&self.closed, self.closed.max(), spec)
    }
    fn sums(&self, _: SimTime, spec: &MetricSpec) -> Sums {
        Sums { total: self.sum_nanos() as f64 * spec.unit.per_nano(), weight: self.count() as f64 }
    }
    fn recent(&self, _: SimTime, spec: &MetricSpec) -> Reading {
        let max = self.recent.iter().map(Buckets::max).max().unwrap_or_default();
        self.reading(&self.window, max, spec)
    }
}
