//! What a run remembers of moments that somebody asked for: exact readings for windows of time, however far apart
//! the screens are drawn or the budget of a call reaches.

use std::sync::Arc;

use crate::metric::{MetricSpec, Reading, Sums};
use crate::scenario::Playable;
use crate::series::Series;
use crate::time::SimTime;

/// A metric that a run remembers at the end of every sample bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Followed {
    /// Its position.
    pub metric: usize,
    /// Whether it is read of the recent past instead of the whole run so far.
    pub recent: bool,
}

/// What somebody will want to know of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Moments at which it remembers every metric, see [`Playable::probe`].
    pub moments: Vec<SimTime>,
    /// Metrics that it remembers all along, see [`Playable::follow`].
    pub followed: Vec<Followed>,
}

impl Wanted {
    /// Asks a run that stands at its beginning to remember all of it.
    pub fn ask(&self, run: &mut dyn Playable) {
        for at in &self.moments {
            run.probe(*at);
        }
        for each in &self.followed {
            run.follow(*each);
        }
    }
}

/// What a run remembers of one metric at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Probe {
    /// Of the whole run up to the moment.
    pub reading: Reading,
    /// Of the recent past, see [`Metric::recent`](crate::metric::Metric::recent).
    pub recent: Reading,
    /// What a mean is made of; the differences of two probes give the exact mean of the time between them.
    pub sums: Sums,
    /// Smallest and largest value of a gauge in the sample buckets that were completed since the probe before: exact
    /// where both moments end a bucket. NaN where none was completed.
    pub extremes: (f64, f64),
}

/// The moments to remember, and what was there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Probes {
    /// Not reached yet; the earliest last.
    planned: Vec<SimTime>,
    taken: Vec<(SimTime, Arc<[Probe]>)>,
}

impl Probes {
    /// The next moment to remember; never, where there is none.
    pub fn next(&self) -> SimTime {
        self.planned.last().copied().unwrap_or(SimTime::MAX)
    }

    pub fn taken(&self) -> &[(SimTime, Arc<[Probe]>)] {
        &self.taken
    }

    /// Plans to remember `at`; tells whether the run, which has come to `now`, can.
    pub fn plan(&mut self, at: SimTime, now: SimTime) -> bool {
        if self.taken.binary_search_by_key(&at, |(time, _)| *time).is_ok() {
            return true;
        }
        match self.planned.binary_search_by(|other| at.cmp(other)) {
            Ok(_) => true,
            Err(index) => {
                let possible = at >= now && self.planned.len() + self.taken.len() < MAX_PROBES;
                if possible {
                    self.planned.insert(index, at);
                }
                possible
            }
        }
    }

    /// Remembers the next moment; `read` tells what the metric at a position says.
    pub fn take(
        &mut self,
        specs: &[MetricSpec],
        series: &Series,
        read: &dyn Fn(usize) -> (Reading, Reading, Sums),
    ) {
        let Some(at) = self.planned.pop() else { return };
        let before = self.taken.last().map_or(SimTime::ZERO, |(time, _)| *time);
        let seen = (before.nanos() / series.width().nanos()) as usize;
        let probe = |metric| {
            let (reading, recent, sums) = read(metric);
            let fresh = series.samples(metric).get(seen..).unwrap_or_default();
            // `f32::min` and `max` pass over NaN.
            let extremes = fresh
                .iter()
                .fold((f32::NAN, f32::NAN), |(low, high), sample| (low.min(sample[1]), high.max(sample[2])));
            Probe { reading, recent, sums, extremes: (extremes.0.into(), extremes.1.into()) }
        };
        self.taken.push((at, (0..specs.len()).map(probe).collect()));
    }
}

/// Moments that one run remembers at most.
pub const MAX_PROBES: usize = 512;
/// Metrics that one run follows at most.
pub const MAX_FOLLOWED: usize = 16;
