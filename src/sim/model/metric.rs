//! Metrics, declared once: what a run counts and measures while it goes on.
//!
//! Everything is an event that happened: counters of them, time-weighted gauges between them, histograms of their
//! durations. Counts, integrals over time and sums of durations are exact integers, so that the identities of
//! queueing theory can be tested at zero tolerance.

mod failures;
mod rate;
mod sizes;
#[cfg(test)]
mod tests;

pub use failures::FailureReason;
pub use rate::Rate;
pub use sizes::Sizes;

use std::collections::VecDeque;

use crate::histogram::Buckets;
use crate::time::SimTime;
use crate::unit::Unit;

/// What sort of thing a metric is, as tables and the command line name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    /// Events counted.
    Counter,
    /// Requests that ended badly for one reason, counted.
    Failure,
    /// A value that holds until it changes, weighted with time.
    Gauge,
    /// Durations.
    Histogram,
    /// A ledger in US dollars.
    Money,
}

impl MetricKind {
    /// As tables and the command line name it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Failure => "failure",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::Money => "money",
        }
    }
}

/// A value of a metric that means something to the people of the story.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// The value, in the metric's unit; of a counter, its sum since the start.
    pub value: f64,
    /// What it means to reach it.
    pub label: &'static str,
}

/// Everything there is to know about one metric, but its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MetricSpec {
    /// As lessons, tables and flags spell it; also the name of the field in the scenario.
    pub id: &'static str,
    /// As people read it.
    pub label: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// What sort of thing it is.
    pub kind: MetricKind,
    /// Values that mean something.
    pub thresholds: &'static [Threshold],
}

/// What a metric says at one moment, in the unit of its [`MetricSpec`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// A counter or a number of failures.
    Count(u64),
    /// US dollars.
    Money(f64),
    /// A gauge since its first value; all NaN before that.
    Gauge {
        /// Now.
        last: f64,
        /// Time-weighted mean.
        mean: f64,
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
    },
    /// A histogram. All zero while `count` is 0. Quantiles are exact to 0.4 %, the rest is exact.
    Histogram {
        /// Observations.
        count: u64,
        /// Mean.
        mean: f64,
        /// Median.
        p50: f64,
        /// 95th percentile.
        p95: f64,
        /// 99th percentile.
        p99: f64,
        /// 99.9th percentile.
        p999: f64,
        /// Largest observation.
        max: f64,
    },
}

/// What a chart draws of one sample bucket: for counters (count, count, count), for gauges (mean, min, max), for
/// histograms (p50, p95, p99) of the moving window; NaN where nothing was observed.
pub type Sample = [f32; 3];

/// What a mean is made of, from the start of the run on: `total / weight` is the mean so far, and the quotient of the
/// differences between two moments is the mean of the time between them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    /// Integral over seconds, sum of all observations, or hits, in the metric's unit.
    pub total: f64,
    /// Seconds, observations or events.
    pub weight: f64,
}

impl Sums {
    /// The mean of the time since `earlier`; NaN where nothing was there to be measured.
    pub fn mean_since(self, earlier: Self) -> f64 {
        (self.total - earlier.total) / (self.weight - earlier.weight)
    }
}

/// A metric of one type, as the sampler and the tables see it.
pub trait Metric: Clone + Default {
    /// What sort of thing it is.
    const KIND: MetricKind;
    /// Whether it measures durations, so that its unit is one of time.
    const IS_OF_DURATIONS: bool = false;
    /// Ends a sample bucket at `now` and tells what happened in it.
    fn close(&mut self, now: SimTime, spec: &MetricSpec) -> Sample;
    /// What it says at `now`, over the whole run.
    fn read(&self, now: SimTime, spec: &MetricSpec) -> Reading;
    /// What its mean is made of, up to `now`.
    fn sums(&self, now: SimTime, spec: &MetricSpec) -> Sums;
    /// The number that thresholds are about, in the metric's unit. NaN while it has none, and for a histogram, whose
    /// 99th percentile is known at the end of a sample bucket.
    fn level(&self) -> f64 {
        f64::NAN
    }
    /// What it says of the recent past: for a histogram the moving window, for the others the whole run.
    fn recent(&self, now: SimTime, spec: &MetricSpec) -> Reading {
        self.read(now, spec)
    }
}

/// A count as a number. Thresholds ask for it after every event, and processors convert signed numbers in one
/// instruction; nothing counts up to 2⁶³.
fn number(count: u64) -> f64 {
    count as i64 as f64
}

/// Counts events.
#[derive(Clone, Debug, Default)]
pub struct Counter {
    total: u64,
    closed: u64,
}

impl Counter {
    /// One more.
    pub fn add_one(&mut self) {
        self.total += 1;
    }

    /// `count` more.
    pub fn add(&mut self, count: u64) {
        self.total += count;
    }

    /// All so far.
    pub fn total(&self) -> u64 {
        self.total
    }
}

impl Metric for Counter {
    const KIND: MetricKind = MetricKind::Counter;
    fn close(&mut self, _: SimTime, _: &MetricSpec) -> Sample {
        let count = (self.total - self.closed) as f32;
        self.closed = self.total;
        [count; 3]
    }
    fn read(&self, _: SimTime, _: &MetricSpec) -> Reading {
        Reading::Count(self.total)
    }
    fn sums(&self, now: SimTime, _: &MetricSpec) -> Sums {
        Sums { total: self.total as f64, weight: now.as_secs_f64() }
    }
    fn level(&self) -> f64 {
        number(self.total)
    }
}

/// Counts requests that ended badly for one reason.
#[derive(Clone, Debug, Default)]
pub struct Failure(Counter);

impl Failure {
    /// One more.
    pub fn add_one(&mut self) {
        self.0.add_one();
    }

    /// All so far.
    pub fn total(&self) -> u64 {
        self.0.total()
    }
}

impl Metric for Failure {
    const KIND: MetricKind = MetricKind::Failure;
    fn close(&mut self, now: SimTime, spec: &MetricSpec) -> Sample {
        self.0.close(now, spec)
    }
    fn read(&self, now: SimTime, spec: &MetricSpec) -> Reading {
        self.0.read(now, spec)
    }
    fn sums(&self, now: SimTime, spec: &MetricSpec) -> Sums {
        self.0.sums(now, spec)
    }
    fn level(&self) -> f64 {
        self.0.level()
    }
}

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
    /// Holds `value` from `now` on.
    pub fn set(&mut self, now: SimTime, value: u64) {
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

impl Metric for Level {
    const KIND: MetricKind = MetricKind::Gauge;
    fn close(&mut self, now: SimTime, _: &MetricSpec) -> Sample {
        let integral = self.integral(now);
        let mean = mean_over(integral - self.closed_integral, now - self.closed_at, self.value);
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

impl Metric for Gauge {
    const KIND: MetricKind = MetricKind::Gauge;
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

impl Metric for Share {
    const KIND: MetricKind = MetricKind::Gauge;
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

/// Money that was won or lost, in millionths of a US dollar, so that a ledger adds up exactly.
#[derive(Clone, Debug, Default)]
pub struct Money {
    micros: i64,
    closed: i64,
}

impl Money {
    /// Enters `micros` millionths of a dollar.
    pub fn enter(&mut self, micros: i64) {
        self.micros = self.micros.saturating_add(micros);
    }

    /// The sum of all entries, in millionths of a dollar.
    pub fn micros(&self) -> i64 {
        self.micros
    }
}

impl Metric for Money {
    const KIND: MetricKind = MetricKind::Money;
    fn close(&mut self, _: SimTime, _: &MetricSpec) -> Sample {
        let entered = (self.micros.saturating_sub(self.closed) as f64 / 1e6) as f32;
        self.closed = self.micros;
        [entered; 3]
    }
    fn read(&self, _: SimTime, _: &MetricSpec) -> Reading {
        Reading::Money(self.micros as f64 / 1e6)
    }
    fn sums(&self, now: SimTime, _: &MetricSpec) -> Sums {
        Sums { total: self.micros as f64 / 1e6, weight: now.as_secs_f64() }
    }
}

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

impl Metric for Histogram {
    const KIND: MetricKind = MetricKind::Histogram;
    const IS_OF_DURATIONS: bool = true;
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

/// The metrics of a scenario, seen by position. Implemented by [`metrics!`](crate::metrics).
pub trait MetricSet: Clone + Default + 'static {
    /// All metrics, in the order of their declaration.
    const SPEC: &'static [MetricSpec];

    /// Ends the sample bucket of every metric.
    fn close(&mut self, now: SimTime, each: &mut dyn FnMut(usize, Sample));

    /// What the metric at `index` in `SPEC` says over the whole run; a count of 0 past the end.
    fn read(&self, index: usize, now: SimTime) -> Reading;

    /// What the metric at `index` in `SPEC` says of the recent past, see [`Metric::recent`].
    fn recent(&self, index: usize, now: SimTime) -> Reading;

    /// What the mean of the metric at `index` in `SPEC` is made of; nothing past the end.
    fn sums(&self, index: usize, now: SimTime) -> Sums;

    /// Whether a metric that has thresholds is at the level that `next` names for its position, or above.
    fn reaches(&self, next: &[f64]) -> bool;

    /// The level of each metric that has thresholds, with its position, see [`Metric::level`].
    fn levels(&self, each: &mut dyn FnMut(usize, f64));
}

/// Declares the metrics of a scenario: one line each gives the typed field and its [`MetricSpec`].
///
/// `/// meaning` then `id: type, "label", "unit";` with `type` one of the metric types of this module, and
/// optionally the values that mean something: `id: type, "label", "unit", [100.0 "the queue is long"];` The lines of
/// the type `Failure` also give an enumeration `Failure` of the reasons for which requests fail, see [`FailureReason`].
#[macro_export]
macro_rules! metrics {
    ($($(#[doc = $doc:literal])+ $id:ident: $type:ident, $label:literal, $unit:literal
        $(, [$($value:literal $threshold:literal),+])?;)+) => {
        /// The scenario's metrics.
        #[derive(Clone, Debug, Default)]
        pub struct Metrics {
            $($(#[doc = $doc])+ pub $id: $crate::metric::$type,)+
        }

        $crate::failures! { [] $($(#[doc = $doc])+ $type $id $label;)+ }

        impl $crate::metric::MetricSet for Metrics {
            const SPEC: &'static [$crate::metric::MetricSpec] = &[$($crate::metric::MetricSpec {
                id: stringify!($id),
                label: $label,
                doc: concat!($($doc),+).trim_ascii(),
                unit: {
                    let unit = $crate::unit::Unit::of($unit);
                    assert!(
                        unit.is_time() || !<$crate::metric::$type as $crate::metric::Metric>::IS_OF_DURATIONS,
                        "a histogram of durations needs a unit of time"
                    );
                    unit
                },
                kind: <$crate::metric::$type as $crate::metric::Metric>::KIND,
                thresholds: &[$($($crate::metric::Threshold { value: $value, label: $threshold }),+)?],
            }),+];

            fn close(&mut self, now: $crate::SimTime, each: &mut dyn FnMut(usize, $crate::metric::Sample)) {
                let mut index = 0;
                $(
                    each(index, $crate::metric::Metric::close(&mut self.$id, now, &Self::SPEC[index]));
                    index += 1;
                )+
                debug_assert_eq!(index, Self::SPEC.len());
            }

            fn read(&self, index: usize, now: $crate::SimTime) -> $crate::metric::Reading {
                let mut position = 0..;
                $(if position.next() == Some(index) {
                    return $crate::metric::Metric::read(&self.$id, now, &Self::SPEC[index]);
                })+
                $crate::metric::Reading::Count(0)
            }

            fn recent(&self, index: usize, now: $crate::SimTime) -> $crate::metric::Reading {
                let mut position = 0..;
                $(if position.next() == Some(index) {
                    return $crate::metric::Metric::recent(&self.$id, now, &Self::SPEC[index]);
                })+
                $crate::metric::Reading::Count(0)
            }

            fn sums(&self, index: usize, now: $crate::SimTime) -> $crate::metric::Sums {
                let mut position = 0..;
                $(if position.next() == Some(index) {
                    return $crate::metric::Metric::sums(&self.$id, now, &Self::SPEC[index]);
                })+
                $crate::metric::Sums::default()
            }

            // Asked after every event: what has no threshold leaves no code behind.
            #[inline]
            fn reaches(&self, next: &[f64]) -> bool {
                let Some(next) = next.first_chunk::<{ Self::SPEC.len() }>() else { return false };
                let mut reaches = false;
                let mut position = 0..;
                $(if let Some(index) = position.next()
                    && const { !<[f64]>::is_empty(&[$($($value),+)?]) }
                {
                    reaches |= $crate::metric::Metric::level(&self.$id) >= next[index];
                })+
                reaches
            }

            fn levels(&self, each: &mut dyn FnMut(usize, f64)) {
                let mut position = 0..;
                $(if let Some(index) = position.next()
                    && !Self::SPEC[index].thresholds.is_empty()
                {
                    each(index, $crate::metric::Metric::level(&self.$id));
                })+
            }
        }
    };
}
