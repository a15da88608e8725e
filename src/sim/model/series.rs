//! What a chart draws of a run: samples at even distances, in bounded memory, with every spike kept.

use crate::metric::{MetricKind, MetricSpec, Sample};
use crate::time::SimTime;

/// Samples of all metrics of one run. Bucket `i` covers the time from `i` to `i + 1` times the bucket width.
///
/// When the buckets run out, neighbours are merged and the width doubles: memory stays bounded, and because a bucket
/// keeps its smallest and largest value, a spike is never lost.
#[derive(Clone, Debug)]
pub struct Series {
    specs: &'static [MetricSpec],
    width: SimTime,
    next: SimTime,
    samples: Vec<Vec<Sample>>,
}

/// Buckets that a series holds at most; even, so that they merge in pairs.
pub const MAX_BUCKETS: usize = 1024;

impl Series {
    /// No samples yet, in buckets that suit a run of `length`.
    pub fn new(specs: &'static [MetricSpec], length: SimTime) -> Self {
        let width = Self::width_for(length);
        Self { specs, width, next: width, samples: vec![Vec::new(); specs.len()] }
    }

    /// The width of a bucket that suits a run of `length`.
    pub fn width_for(length: SimTime) -> SimTime {
        round_width(length.nanos().div_ceil(MAX_BUCKETS as u64))
    }

    /// The width of a bucket.
    pub fn width(&self) -> SimTime {
        self.width
    }

    /// When the bucket being filled ends.
    pub fn next(&self) -> SimTime {
        self.next
    }

    /// The samples of the metric at `index`; none past the end.
    pub fn samples(&self, index: usize) -> &[Sample] {
        self.samples.get(index).map_or(&[], Vec::as_slice)
    }

    /// Number of complete buckets.
    pub fn len(&self) -> usize {
        self.samples.first().map_or(0, Vec::len)
    }

    /// Whether no bucket is complete yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds the bucket that ends at [`Series::next`], with one sample for each metric.
    pub fn close(&mut self, bucket: &[Sample]) {
        self.samples.iter_mut().zip(bucket).for_each(|(samples, sample)| samples.push(*sample));
        if self.len() >= MAX_BUCKETS {
            for (samples, spec) in self.samples.iter_mut().zip(self.specs) {
                *samples = samples.chunks(2).map(|pair| merge(spec, pair)).collect();
            }
            self.width = self.width + self.width;
        }
        self.next = self.next + self.width;
    }
}

fn merge(spec: &MetricSpec, pair: &[Sample]) -> Sample {
    let [first, second] = pair else { return pair.first().copied().unwrap_or([f32::NAN; 3]) };
    // `f32::min` and `max` pass over a bucket without observations (NaN).
    let largest = |i: usize| first[i].max(second[i]);
    match spec.kind {
        MetricKind::Counter | MetricKind::Failure => std::array::from_fn(|i| first[i] + second[i]),
        _ if spec.is_standing() => [second[0], first[1].min(second[1]), largest(2)],
        MetricKind::Money | MetricKind::Gauge => {
            let mean = if first[0].is_nan() {
                second[0]
            } else if second[0].is_nan() {
                first[0]
            } else {
                f32::midpoint(first[0], second[0])
            };
            [mean, first[1].min(second[1]), largest(2)]
        }
        MetricKind::Histogram => std::array::from_fn(largest),
    }
}

/// The smallest 1, 2 or 5 times a power of ten that is at least `nanos`.
fn round_width(nanos: u64) -> SimTime {
    let mut power = 1_u64;
    loop {
        for factor in [1, 2, 5] {
            let width = power.saturating_mul(factor);
            if width >= nanos {
                return SimTime::from_nanos(width);
            }
        }
        power = power.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPECS: &[MetricSpec] = &[
        MetricSpec {
            id: "count",
            label: "",
            doc: "",
            unit: crate::Unit::None,
            kind: MetricKind::Counter,
            thresholds: &[],
        },
        MetricSpec {
            id: "level",
            label: "",
            doc: "",
            unit: crate::Unit::None,
            kind: MetricKind::Gauge,
            thresholds: &[],
        },
    ];

    #[test]
    fn a_spike_survives_any_number_of_merges_and_nothing_is_counted_twice() {
        let mut series = Series::new(SPECS, SimTime::from_secs(1024));
        let second = SimTime::from_secs(1);
        assert_eq!(series.width(), second);
        // One event a second for 100,000 s, and one spike.
        let (end, spike) = (SimTime::from_secs(100_000), SimTime::from_secs(77_777));
        while series.next() <= end {
            let (next, width) = (series.next(), series.width());
            let seconds = (width.nanos() / second.nanos()) as f32;
            let high = if (next - width..next).contains(&spike) { 9.0 } else { 1.0 };
            series.close(&[[seconds; 3], [1.0, 0.5, high]]);
        }
        assert!(series.len() < MAX_BUCKETS && series.len() >= MAX_BUCKETS / 2);
        let covered = series.width().nanos() * series.len() as u64;
        let total: f32 = series.samples(0).iter().map(|sample| sample[0]).sum();
        assert_eq!(total, SimTime::from_nanos(covered).as_secs_f64() as f32);
        assert_eq!(series.samples(1).iter().filter(|sample| sample[2] == 9.0).count(), 1);
        assert!(series.samples(1).iter().all(|sample| sample[0] == 1.0 && sample[1] == 0.5));
    }

    #[test]
    fn bucket_widths_are_round() {
        let width = |secs| Series::new(SPECS, SimTime::from_secs(secs)).width();
        assert_eq!(width(600), SimTime::from_secs(1));
        assert_eq!(width(1025), SimTime::from_secs(2));
        assert_eq!(width(4800), SimTime::from_secs(5));
    }
}
