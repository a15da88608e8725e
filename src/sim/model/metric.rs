//! Metrics, declared once: what a run counts and measures while it goes on.
//!
//! Everything is an event that happened: counters of them, time-weighted gauges between them, histograms of their
//! durations. Counts, integrals over time and sums of durations are exact integers, so that the identities of
//! queueing theory can be tested at zero tolerance.

mod counter;
mod durations;
mod failures;
mod gauge;
mod rate;
mod sizes;
mod statistic;
#[cfg(test)]
mod tests;

pub use counter::{Counter, Failure, Money};
pub use durations::{Histogram, WINDOW_BUCKETS};
pub use failures::FailureReason;
pub use gauge::{Gauge, Level, Share};
pub use rate::Rate;
pub use sizes::Sizes;
pub use statistic::Statistic;

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
    /// Whether it counts events; charts draw such a metric as a rate.
    pub const fn is_counted(self) -> bool {
        matches!(self, Self::Counter | Self::Failure)
    }

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
    /// What it means to reach it: a clause that can stand by itself.
    pub label: &'static str,
    /// What it means to be below it again, likewise; without it the name of the metric says so.
    pub again: Option<&'static str>,
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

impl MetricSpec {
    /// The unit of what a chart draws of it: what is counted is drawn as a rate.
    pub fn charted_unit(&self) -> String {
        let unit = self.unit.suffix();
        if self.kind.is_counted() { format!("{unit}/s") } else { unit.to_owned() }
    }

    /// Whether a sample of it says how things stood at the end of its bucket: neither a state nor a sum of money has a mean.
    pub const fn is_standing(&self) -> bool {
        matches!((self.kind, self.unit), (MetricKind::Money, _) | (_, Unit::States(_)))
    }

    /// What stands for neighbouring samples of it, each a bucket of this width: a mean of their numbers at `part`, of a
    /// quantile the largest, of a state and of money the last; NaN where there is none.
    pub fn merged(&self, samples: &[Sample], part: usize, width: SimTime) -> f64 {
        let mut seen = samples.iter().map(|sample| f64::from(sample[part])).filter(|value| !value.is_nan());
        if self.is_standing() {
            return seen.next_back().unwrap_or(f64::NAN);
        }
        if self.kind == MetricKind::Histogram {
            return seen.fold(f64::NAN, f64::max);
        }
        let (sum, count) = seen.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
        let mean = sum / f64::from(count);
        if self.kind.is_counted() { mean / width.as_secs_f64() } else { mean }
    }
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

/// What a chart draws of one sample bucket: for counters (count, count, count), for money its sum so far three times, for
/// gauges (mean, min, max), or (last, min, max) of states, for histograms (p50, p95, p99) of the moving window; NaN where
/// nothing was observed.
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

/// The type of a metric: what is known of it before there is one.
pub trait MetricType: Metric + Clone + Default {
    /// What sort of thing it is.
    const KIND: MetricKind;
    /// Whether it measures durations, so that its unit is one of time.
    const IS_OF_DURATIONS: bool = false;
}

/// A metric, as the sampler and the tables see it.
pub trait Metric {
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

/// The metrics of a scenario, seen by position. Implemented by [`metrics!`](crate::metrics).
pub trait MetricSet: Clone + Default + 'static {
    /// All metrics, in the order of their declaration.
    const SPEC: &'static [MetricSpec];

    /// The metric at `index` in `SPEC`.
    fn get(&self, index: usize) -> Option<&dyn Metric>;

    /// Shows every metric, with its index in `SPEC`.
    fn each_mut(&mut self, see: &mut dyn FnMut(usize, &mut dyn Metric));

    /// Whether a metric that has thresholds is at the level that `next` names for its position, or above.
    fn reaches(&self, next: &[f64]) -> bool;

    /// Ends the sample bucket of every metric, and tells what happened in each.
    fn close(&mut self, now: SimTime) -> Vec<Sample> {
        let mut samples = Vec::with_capacity(Self::SPEC.len());
        self.each_mut(&mut |index, metric| samples.push(metric.close(now, &Self::SPEC[index])));
        samples
    }

    /// What the metric at `index` in `SPEC` says over the whole run; a count of 0 past the end.
    fn read(&self, index: usize, now: SimTime) -> Reading {
        self.get(index).map_or(Reading::Count(0), |metric| metric.read(now, &Self::SPEC[index]))
    }

    /// What the metric at `index` in `SPEC` says of the recent past, see [`Metric::recent`]; a count of 0 past the end.
    fn recent(&self, index: usize, now: SimTime) -> Reading {
        self.get(index).map_or(Reading::Count(0), |metric| metric.recent(now, &Self::SPEC[index]))
    }

    /// What the mean of the metric at `index` in `SPEC` is made of; nothing past the end.
    fn sums(&self, index: usize, now: SimTime) -> Sums {
        self.get(index).map_or_else(Sums::default, |metric| metric.sums(now, &Self::SPEC[index]))
    }

    /// The level of each metric that has thresholds, with its position, see [`Metric::level`].
    fn levels(&self, each: &mut dyn FnMut(usize, f64)) {
        for (index, spec) in Self::SPEC.iter().enumerate() {
            if let Some(metric) = self.get(index)
                && !spec.thresholds.is_empty()
            {
                each(index, metric.level());
            }
        }
    }
}

/// A metric that has measured nothing yet. Runs have dozens of metrics of few types, and the page carries the code of
/// each call that is not one.
#[inline(never)]
pub fn fresh<M: MetricType>() -> M {
    M::default()
}

/// A copy of a metric, likewise.
#[inline(never)]
pub fn copied<M: MetricType>(metric: &M) -> M {
    metric.clone()
}

/// The unit of a metric: what its symbol says, or the states whose names a constant lists.
#[macro_export]
macro_rules! metric_unit {
    ($symbol:literal) => {
        $crate::unit::Unit::of($symbol)
    };
    ($states:ident) => {
        $crate::unit::Unit::States($states)
    };
}

/// Declares the metrics of a scenario: one line each gives the typed field and its [`MetricSpec`].
///
/// `/// meaning` then `id: type, "label", "unit";`, or the constant that names its states in place of the unit, with `type` one of the metric types of this module, and
/// optionally the values that mean something: `id: type, "label", "unit", [100.0 "the queue is long"];` The lines of
/// the type `Failure` also give an enumeration `Failure` of the reasons for which requests fail, see [`FailureReason`].
#[macro_export]
macro_rules! metrics {
    ($($(#[doc = $doc:literal])+ $id:ident: $type:ident, $label:literal, $unit:tt
        $(, [$($value:literal $threshold:literal $(or $again:literal)?),+])?;)+) => {
        /// The scenario's metrics.
        #[derive(Debug)]
        pub struct Metrics {
            $($(#[doc = $doc])+ pub $id: $crate::metric::$type,)+
        }

        impl Default for Metrics {
            fn default() -> Self {
                Self { $($id: $crate::metric::fresh()),+ }
            }
        }

        impl Clone for Metrics {
            fn clone(&self) -> Self {
                Self { $($id: $crate::metric::copied(&self.$id)),+ }
            }
        }

        $crate::failures! { [] $($(#[doc = $doc])+ $type $id $label;)+ }

        impl $crate::metric::MetricSet for Metrics {
            const SPEC: &'static [$crate::metric::MetricSpec] = &[$($crate::metric::MetricSpec {
                id: stringify!($id),
                label: $label,
                doc: $crate::docs::text(concat!($($doc),+).trim_ascii()),
                unit: {
                    let unit = $crate::metric_unit!($unit);
                    assert!(
                        unit.is_time() || !<$crate::metric::$type as $crate::metric::MetricType>::IS_OF_DURATIONS,
                        "a histogram of durations needs a unit of time"
                    );
                    unit
                },
                kind: <$crate::metric::$type as $crate::metric::MetricType>::KIND,
                thresholds: &[$($($crate::metric::Threshold {
                    value: $value,
                    label: $threshold,
                    again: [$(Some($again),)? None][0],
                }),+)?],
            }),+];

            fn get(&self, index: usize) -> Option<&dyn $crate::metric::Metric> {
                let all: [&dyn $crate::metric::Metric; Self::SPEC.len()] = [$(&self.$id),+];
                all.get(index).copied()
            }

            fn each_mut(&mut self, see: &mut dyn FnMut(usize, &mut dyn $crate::metric::Metric)) {
                let all: [&mut dyn $crate::metric::Metric; Self::SPEC.len()] = [$(&mut self.$id),+];
                all.into_iter().enumerate().for_each(|(index, metric)| see(index, metric));
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
        }
    };
}
