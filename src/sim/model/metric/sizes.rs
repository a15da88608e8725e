//! A histogram of whole numbers.

use super::{Histogram, Metric, MetricKind, MetricSpec, MetricType, Reading, Sample, Sums};
use crate::time::SimTime;
use crate::unit::Unit;

/// How large things are: a histogram of whole numbers. Quantiles are exact up to 255 and to 0.4 % beyond.
#[derive(Clone, Debug, Default)]
pub struct Sizes(Histogram);

/// A whole number as a duration: as many nanoseconds as the narrowest bucket of durations is wide.
const ONE: u64 = 1 << 10;

impl Sizes {
    /// One more thing, of this size.
    pub fn observe(&mut self, size: u64) {
        self.0.observe(SimTime::from_nanos(size.saturating_mul(ONE)));
    }

    /// Number of things.
    pub fn count(&self) -> u64 {
        self.0.count()
    }
}

/// How the histogram of durations is read.
const MILLIS: MetricSpec = MetricSpec {
    id: "",
    label: "",
    doc: "",
    unit: Unit::Milliseconds,
    kind: MetricKind::Histogram,
    thresholds: &[],
};

/// Whole numbers from what the histogram of durations says in milliseconds.
fn whole(millis: f64) -> f64 {
    libm::floor(millis * 1e6 / ONE as f64 + 1e-6)
}

fn in_sizes(reading: Reading) -> Reading {
    match reading {
        Reading::Histogram { count, mean, p50, p95, p99, p999, max } => {
            let [p50, p95, p99, p999, max] = [p50, p95, p99, p999, max].map(whole);
            Reading::Histogram { count, mean: mean * 1e6 / ONE as f64, p50, p95, p99, p999, max }
        }
        other => other,
    }
}

impl MetricType for Sizes {
    const KIND: MetricKind = MetricKind::Histogram;
}

impl Metric for Sizes {
    fn close(&mut self, now: SimTime, _: &MetricSpec) -> Sample {
        self.0.close(now, &MILLIS).map(|millis| whole(f64::from(millis)) as f32)
    }
    fn read(&self, now: SimTime, _: &MetricSpec) -> Reading {
        in_sizes(self.0.read(now, &MILLIS))
    }
    fn recent(&self, now: SimTime, _: &MetricSpec) -> Reading {
        in_sizes(self.0.recent(now, &MILLIS))
    }
    fn sums(&self, now: SimTime, _: &MetricSpec) -> Sums {
        let Sums { total, weight } = self.0.sums(now, &MILLIS);
        Sums { total: total * 1e6 / ONE as f64, weight }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: MetricSpec = MetricSpec {
        id: "",
        label: "",
        doc: "",
        unit: Unit::of("queries"),
        kind: Sizes::KIND,
        thresholds: &[],
    };

    #[test]
    fn small_numbers_are_exact_and_large_ones_nearly() {
        for size in (0..=255).chain([256, 501, 10_000, 5_000_000]) {
            let mut sizes = Sizes::default();
            sizes.observe(size);
            let Reading::Histogram { count: 1, mean, p50, max, .. } = sizes.read(SimTime::ZERO, &SPEC) else {
                panic!("one thing was observed")
            };
            assert!((mean - size as f64).abs() < 1e-6 * (1.0 + mean), "{mean} for {size}");
            for quantile in [p50, max] {
                let off = (quantile - size as f64).abs();
                assert!(off <= if size < 256 { 0.0 } else { 0.004 * size as f64 }, "{quantile} for {size}");
            }
            let sample = sizes.close(SimTime::ZERO, &SPEC);
            assert!(
                (f64::from(sample[0]) - size as f64).abs() <= 0.004 * size as f64,
                "{sample:?} for {size}"
            );
        }
    }
}
