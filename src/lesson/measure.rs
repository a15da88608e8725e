//! What a run must show, in a small language: `p99 wait_ms`, `mean busy from 60 to 600`, `rise done from 0 to 60 >= 500`.

use serde::{Deserialize, Serialize};
pub use warstories_sim::metric::Statistic;
use warstories_sim::probe::Probe;
use warstories_sim::{Playable, ScenarioSpec, SimTime};

mod read;

pub use read::within;

/// A number that a run tells.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Line where it stands.
    pub line: usize,
    /// What is read off the metric.
    pub statistic: Statistic,
    /// Whether it is of the moving window of the recent past instead of the whole run so far; only for quantiles,
    /// mean, maximum and count of histograms.
    pub recent: bool,
    /// Position of the metric.
    pub metric: usize,
    /// When.
    pub span: Span,
}

/// When something is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Span {
    /// At the moment that the run has reached.
    Now,
    /// At this moment, over everything before it.
    At(SimTime),
    /// Between two moments.
    Window(SimTime, SimTime),
}

/// What a run says to a measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// The run has not come there yet.
    Pending,
    /// The number, in the unit of the metric; NaN where there was nothing to measure.
    Value(f64),
}

impl Measure {
    /// The moments that a run must remember ([`Playable::probe`]) before it can tell the number.
    pub fn moments(&self) -> impl Iterator<Item = SimTime> {
        let (first, second) = match self.span {
            Span::Now => (None, None),
            Span::At(at) => (Some(at), None),
            Span::Window(from, to) => (Some(from), Some(to)),
        };
        first.into_iter().chain(second)
    }

    /// What `run` says; pending, too, while it has not been told to remember the [`Measure::moments`].
    pub fn evaluate(&self, run: &dyn Playable) -> Verdict {
        let value = match self.span {
            Span::Now if self.recent => Some(self.statistic.of(run.recent(self.metric))),
            Span::Now => Some(self.statistic.of(run.read(self.metric))),
            Span::At(at) => self
                .probe(run, at)
                .map(|probe| self.statistic.of(if self.recent { probe.recent } else { probe.reading })),
            Span::Window(from, to) => {
                self.probe(run, from).zip(self.probe(run, to)).map(|(begin, end)| match self.statistic {
                    Statistic::Mean => end.sums.mean_since(begin.sums),
                    Statistic::Max => {
                        self.probes(run, from, to).fold(f64::NAN, |high, probe| high.max(probe.extremes.1))
                    }
                    Statistic::Min => {
                        self.probes(run, from, to).fold(f64::NAN, |low, probe| low.min(probe.extremes.0))
                    }
                    statistic => statistic.of(end.reading) - statistic.of(begin.reading),
                })
            }
        };
        value.map_or(Verdict::Pending, Verdict::Value)
    }

    fn probe<'a>(&self, run: &'a dyn Playable, at: SimTime) -> Option<&'a Probe> {
        run.probed(at)?.get(self.metric)
    }

    /// What is remembered after `from` and up to `to`.
    fn probes<'a>(
        &self,
        run: &'a dyn Playable,
        from: SimTime,
        to: SimTime,
    ) -> impl Iterator<Item = &'a Probe> {
        let metric = self.metric;
        run.probes()
            .iter()
            .filter(move |(at, _)| *at > from && *at <= to)
            .filter_map(move |(_, all)| all.get(metric))
    }

    /// As [`Measure::parse`] reads it.
    pub fn print(&self, spec: &ScenarioSpec) -> String {
        let recent = if self.recent { "recent " } else { "" };
        let metric = spec.metrics.get(self.metric).map_or("?", |metric| metric.id);
        let span = match self.span {
            Span::Now => String::new(),
            Span::At(at) => format!(" at {}", moment(at, spec)),
            Span::Window(from, to) => format!(" from {} to {}", moment(from, spec), moment(to, spec)),
        };
        format!("{recent}{} {metric}{span}", self.statistic.word())
    }
}

/// On the story's clock where that is exact.
pub fn moment(at: SimTime, spec: &ScenarioSpec) -> String {
    spec.clock.spell(at)
}

/// A measure and what it must be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Test {
    /// The measure.
    pub measure: Measure,
    /// What it must be.
    pub bound: Bound,
}

/// What a number must be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Bound {
    /// At least.
    AtLeast(f64),
    /// At most.
    AtMost(f64),
    /// Within, both ends included.
    Within(f64, f64),
}

impl Test {
    /// As [`Test::parse`] reads it.
    pub fn print(&self, spec: &ScenarioSpec) -> String {
        let bound = match self.bound {
            Bound::AtLeast(low) => format!(">= {low}"),
            Bound::AtMost(high) => format!("<= {high}"),
            Bound::Within(low, high) => format!("in {low}..{high}"),
        };
        format!("{} {bound}", self.measure.print(spec))
    }
}

impl Bound {
    /// Whether `value` is within; what could not be measured is not.
    pub fn allows(self, value: f64) -> bool {
        match self {
            Self::AtLeast(low) => value >= low,
            Self::AtMost(high) => value <= high,
            Self::Within(low, high) => (low..=high).contains(&value),
        }
    }

    /// Its one end, if it is open to the other side.
    pub fn end(self) -> Option<f64> {
        match self {
            Self::AtLeast(end) | Self::AtMost(end) => Some(end),
            Self::Within(..) => None,
        }
    }
}
