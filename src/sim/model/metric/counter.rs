//! Events and money, counted.

use super::{Metric, MetricKind, MetricSpec, MetricType, Reading, Sample, Sums};
use crate::time::SimTime;

/// A count as a number. Thresholds ask for it after every event, and processors convert signed numbers in one
/// instruction; nothing counts up to 2⁶³.
pub(super) fn number(count: u64) -> f64 {
    count as i64 as f64
}

/// Counts events.
#[derive(Clone, Debug, Default)]
pub struct Counter {
    total: u64,
    /// What it was at the end of the last sample bucket, and of the one before.
    closed: u64,
    closed_before: u64,
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

    /// Those of the last whole sample bucket and of the one under way.
    pub fn lately(&self) -> u64 {
        self.total - self.closed_before
    }
}

impl MetricType for Counter {
    const KIND: MetricKind = MetricKind::Counter;
}

impl Metric for Counter {
    fn close(&mut self, _: SimTime, _: &MetricSpec) -> Sample {
        let count = (self.total - self.closed) as f32;
        (self.closed_before, self.closed) = (self.closed, self.total);
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

    /// Those of the last whole sample bucket and of the one under way.
    pub fn lately(&self) -> u64 {
        self.0.lately()
    }
}

impl MetricType for Failure {
    const KIND: MetricKind = MetricKind::Failure;
}

impl Metric for Failure {
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

/// Money that was won or lost, in millionths of a US dollar, so that a ledger adds up exactly.
#[derive(Clone, Debug, Default)]
pub struct Money {
    micros: i64,
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

impl MetricType for Money {
    const KIND: MetricKind = MetricKind::Money;
}

impl Metric for Money {
    fn close(&mut self, _: SimTime, _: &MetricSpec) -> Sample {
        [(self.micros as f64 / 1e6) as f32; 3]
    }
    fn read(&self, _: SimTime, _: &MetricSpec) -> Reading {
        Reading::Money(self.micros as f64 / 1e6)
    }
    fn sums(&self, now: SimTime, _: &MetricSpec) -> Sums {
        Sums { total: self.micros as f64 / 1e6, weight: now.as_secs_f64() }
    }
}
