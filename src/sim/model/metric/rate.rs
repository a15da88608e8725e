//! Events a second, read as a gauge.

use super::{Gauge, Metric, MetricKind, MetricSpec, MetricType, Reading, Sample, Sums};
use crate::time::SimTime;

/// Events a second: a gauge that shows the last whole interval (NaN before the first), and whose mean over any time is
/// exact.
#[derive(Clone, Debug, Default)]
pub struct Rate {
    total: u64,
    shown: Gauge,
    counted: u64,
    since: SimTime,
}

impl Rate {
    /// One more event.
    pub fn add_one(&mut self) {
        self.total += 1;
    }

    /// Events since [`Rate::show`].
    pub fn fresh(&self) -> u64 {
        self.total - self.counted
    }

    /// Shows the events since it was last shown; to be called every second or so.
    pub fn show(&mut self, now: SimTime) {
        let span = (now - self.since).as_secs_f64();
        if span > 0.0 {
            self.shown.set(now, self.fresh() as f64 / span);
            (self.counted, self.since) = (self.total, now);
        }
    }
}

impl MetricType for Rate {
    const KIND: MetricKind = MetricKind::Gauge;
}

impl Metric for Rate {
    fn close(&mut self, now: SimTime, spec: &MetricSpec) -> Sample {
        self.shown.close(now, spec)
    }
    fn read(&self, now: SimTime, spec: &MetricSpec) -> Reading {
        match self.shown.read(now, spec) {
            Reading::Gauge { last, min, max, .. } => {
                Reading::Gauge { last, mean: self.total as f64 / now.as_secs_f64(), min, max }
            }
            other => other,
        }
    }
    fn sums(&self, now: SimTime, _: &MetricSpec) -> Sums {
        Sums { total: self.total as f64, weight: now.as_secs_f64() }
    }
    fn level(&self) -> f64 {
        self.shown.value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: MetricSpec = MetricSpec {
        id: "",
        label: "",
        doc: "",
        unit: crate::Unit::PerSecond,
        kind: Rate::KIND,
        thresholds: &[],
    };

    #[test]
    fn it_shows_whole_seconds_and_its_mean_is_exact() {
        let mut rate = Rate::default();
        let mut earlier = rate.sums(SimTime::ZERO, &SPEC);
        for second in 1..=3_u64 {
            (0..10 * second).for_each(|_| rate.add_one());
            rate.show(SimTime::from_secs(second));
            if second == 1 {
                earlier = rate.sums(SimTime::from_secs(1), &SPEC);
            }
        }
        let now = SimTime::from_nanos(3_500_000_000);
        rate.add_one();
        let reading = rate.read(now, &SPEC);
        assert_eq!(reading, Reading::Gauge { last: 30.0, mean: 61.0 / 3.5, min: 10.0, max: 30.0 });
        assert_eq!(rate.sums(now, &SPEC).mean_since(earlier), 51.0 / 2.5);
        assert_eq!(rate.fresh(), 1);
    }
}
