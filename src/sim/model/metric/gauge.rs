//! Values that hold until they change.

use super::counter::number;
use super::{Metric, MetricKind, MetricSpec, MetricType, Reading, Sample, Sums};
use crate::time::SimTime;

/// A gauge that takes whole numbers: requests waiting, slots in use. Its integral over time is exact.
///
/// It counts things, so it starts at 0, or at what it is set to at the start of the run.
#[derive(Clone, Debug, Default)]
pub struct Level {
    value: u64,
    since: SimTime,
    integral: u128,
    /// Extremes of the current bucket, of all buckets before it, and the integral at its start.
    low: u64,
    high: u64,
    lowest: u64,
    highest: u64,
    closed_at: SimTime,
    closed_integral: u128,
}

/// `value` × nanoseconds. Nearly always both fit in 32 bits, which spares a browser, whose widest product has 64 bits, four
/// of them.
fn area(value: u64, span: SimTime) -> u128 {
    let nanos = span.nanos();
    if cfg!(target_arch = "wasm32") && (value | nanos) >> 32 == 0 {
        return u128::from(value * nanos);
    }
    u128::from(value) * u128::from(nanos)
}

impl Level {
    /// Holds `value` from `now` on. What holds it already goes on holding it, with nothing to reckon.
    #[inline]
    pub fn set(&mut self, now: SimTime, value: u64) {
        if value != self.value || now == SimTime::ZERO {
            self.replace(now, value);
        }
    }

    fn replace(&mut self, now: SimTime, value: u64) {
        self.integral = self.integral(now);
        self.since = now;
        self.value = value;
        if now == SimTime::ZERO {
            // What it held before was held for no time at all.
            (self.low, self.lowest) = (value, value);
        }
        self.low = self.low.min(value);
        self.high = self.high.max(value);
    }

    /// The value it holds.
    pub fn value(&self) -> u64 {
        self.value
    }

    /// Exact integral from the start to `now`, in value × nanoseconds.
    pub fn integral(&self, now: SimTime) -> u128 {
        self.integral + area(self.value, now - self.since)
    }
}

fn mean_over(integral: u128, span: SimTime, otherwise: u64) -> f64 {
    if span == SimTime::ZERO { otherwise as f64 } else { integral as f64 / span.nanos() as f64 }
}

impl MetricType for Level {
    const KIND: MetricKind = MetricKind::Gauge;
}

impl Metric for Level {
    fn close(&mut self, now: SimTime, spec: &MetricSpec) -> Sample {
        let integral = self.integral(now);
        let mean = if spec.is_standing() {
            self.value as f64
        } else {
            mean_over(integral - self.closed_integral, now - self.closed_at, self.value)
        };
        let sample = [mean as f32, self.low as f32, self.high as f32];
        (self.closed_at, self.closed_integral) = (now, integral);
        (self.lowest, self.highest) = (self.lowest.min(self.low), self.highest.max(self.high));
        (self.low, self.high) = (self.value, self.value);
        sample
    }
    fn read(&self, now: SimTime, _: &MetricSpec) -> Reading {
        Reading::Gauge {
            last: self.value as f64,
            mean: mean_over(self.integral(now), now, self.value),
            min: self.lowest.min(self.low) as f64,
            max: self.highest.max(self.high) as f64,
        }
    }
    fn sums(&self, now: SimTime, _: &MetricSpec) -> Sums {
        Sums { total: self.integral(now) as f64 / 1e9, weight: now.as_secs_f64() }
    }
    fn level(&self) -> f64 {
        number(self.value)
    }
}

/// A gauge that takes any number: a utilization, a ratio. It has no value (NaN) before its first, and its mean is over
/// the time since then.
#[derive(Clone, Debug)]
pub struct Gauge {
    value: f64,
    since: SimTime,
    /// When it got its first value.
    began: SimTime,
    /// In value × nanoseconds.
    integral: f64,
    /// Extremes of the current bucket, of all buckets before it, and the integral at its start.
    low: f64,
    high: f64,
    lowest: f64,
    highest: f64,
    closed_at: SimTime,
    closed_integral: f64,
}

impl Default for Gauge {
    fn default() -> Self {
        Self {
            value: f64::NAN,
            since: SimTime::ZERO,
            began: SimTime::MAX,
            integral: 0.0,
            low: f64::NAN,
            high: f64::NAN,
            lowest: f64::NAN,
            highest: f64::NAN,
            closed_at: SimTime::ZERO,
            closed_integral: 0.0,
        }
    }
}

impl Gauge {
    /// Holds `value`, a finite number, from `now` on.
    pub fn set(&mut self, now: SimTime, value: f64) {
        self.integral = self.integral(now);
        self.began = self.began.min(now);
        self.since = now;
        self.value = value;
        // `f64::min` and `max` pass over NaN.
        self.low = self.low.min(value);
        self.high = self.high.max(value);
    }

    /// The value it holds; NaN before its first.
    pub fn value(&self) -> f64 {
        self.value
    }

    fn integral(&self, now: SimTime) -> f64 {
        if self.value.is_nan() {
            return 0.0;
        }
        self.integral + self.value * (now - self.since).as_nanos_f64()
    }

    fn mean(&self, integral: f64, span: SimTime) -> f64 {
        if span == SimTime::ZERO { self.value } else { integral / span.nanos() as f64 }
    }
}

impl MetricType for Gauge {
    const KIND: MetricKind = MetricKind::Gauge;
}

impl Metric for Gauge {
    fn close(&mut self, now: SimTime, _: &MetricSpec) -> Sample {
        let integral = self.integral(now);
        let mean = self.mean(integral - self.closed_integral, now - self.closed_at.max(self.began));
        let sample = [mean as f32, self.low as f32, self.high as f32];
        (self.closed_at, self.closed_integral) = (now, integral);
        (self.lowest, self.highest) = (self.lowest.min(self.low), self.highest.max(self.high));
        (self.low, self.high) = (self.value, self.value);
        sample
    }
    fn read(&self, now: SimTime, _: &MetricSpec) -> Reading {
        Reading::Gauge {
            last: self.value,
            mean: self.mean(self.integral(now), now - self.began),
            min: self.lowest.min(self.low),
            max: self.highest.max(self.high),
        }
    }
    fn sums(&self, now: SimTime, _: &MetricSpec) -> Sums {
        Sums { total: self.integral(now) / 1e9, weight: (now - self.began).as_secs_f64() }
    }
    fn level(&self) -> f64 {
        self.value
    }
}

/// The share of events that were of one sort, read as a gauge: `mean` over the whole run, `last` in the latest
/// sample bucket that had events, `min` and `max` over all buckets. NaN before the first event.
#[derive(Clone, Debug, Default)]
pub struct Share {
    hits: u64,
    total: u64,
    closed_hits: u64,
    closed_total: u64,
    last: Option<f64>,
    lowest: f64,
    highest: f64,
}

impl Share {
    /// One more event; a `hit` is of the sort.
    pub fn add(&mut self, hit: bool) {
        self.hits += u64::from(hit);
        self.total += 1;
    }

    /// Events of the sort, and all.
    pub fn counts(&self) -> (u64, u64) {
        (self.hits, self.total)
    }
}

impl MetricType for Share {
    const KIND: MetricKind = MetricKind::Gauge;
}

impl Metric for Share {
    fn close(&mut self, _: SimTime, _: &MetricSpec) -> Sample {
        let total = self.total - self.closed_total;
        if total == 0 {
            return [f32::NAN; 3];
        }
        let share = (self.hits - self.closed_hits) as f64 / total as f64;
        (self.closed_hits, self.closed_total) = (self.hits, self.total);
        self.lowest = if self.last.is_some() { self.lowest.min(share) } else { share };
        self.highest = if self.last.is_some() { self.highest.max(share) } else { share };
        self.last = Some(share);
        [share as f32; 3]
    }
    fn read(&self, _: SimTime, _: &MetricSpec) -> Reading {
        let mean = self.hits as f64 / self.total as f64;
        let (last, min, max) = match self.last {
            Some(last) => (last, self.lowest, self.highest),
            None => (mean, mean, mean),
        };
        Reading::Gauge { last, mean, min, max }
    }
    fn sums(&self, _: SimTime, _: &MetricSpec) -> Sums {
        Sums { total: self.hits as f64, weight: self.total as f64 }
    }
    fn level(&self) -> f64 {
        self.last.unwrap_or(f64::NAN)
    }
}
