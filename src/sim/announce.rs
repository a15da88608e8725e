//! What there is to say about a run, in words: thresholds that it crosses, and how it is doing now.

use crate::format;
use crate::metric::{MetricKind, MetricSpec, Reading, Sample};
use crate::scenario::{Playable, ScenarioSpec};
use crate::time::SimTime;

/// A metric crossed one of its thresholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crossing {
    /// When: the end of the sample bucket in which it was first seen.
    pub at: SimTime,
    /// Position of the metric.
    pub metric: usize,
    /// Position of the threshold in the metric's table.
    pub threshold: usize,
    /// Whether the metric reached the threshold, or fell clearly below it again.
    pub reached: bool,
}

impl Crossing {
    /// One sentence for people.
    pub fn sentence(&self, spec: &ScenarioSpec) -> String {
        let Some(metric) = spec.metrics.get(self.metric) else { return String::new() };
        let Some(threshold) = metric.thresholds.get(self.threshold) else { return String::new() };
        let clock = spec.clock.label(self.at);
        let (label, value) = (metric.label, format::quantity(threshold.value, metric.unit));
        match (metric.kind, self.reached) {
            (MetricKind::Counter | MetricKind::Failure, _) => {
                format!("{clock}: {label}: {}.", threshold.label)
            }
            (_, true) => format!("{clock}: {label} reached {value}, {}.", threshold.label),
            (_, false) => format!("{clock}: {label} is below {value} again."),
        }
    }
}

/// Watches the thresholds of a run.
#[derive(Clone, Debug)]
pub struct Watch {
    specs: &'static [MetricSpec],
    /// Whether each threshold is reached, metric by metric.
    reached: Vec<Vec<bool>>,
    /// What each counter has come to.
    totals: Vec<f64>,
    crossings: Vec<Crossing>,
}

/// Crossings that a run remembers; one that goes up and down more often has said what it had to say.
const MAX_CROSSINGS: usize = 500;
/// A metric must fall to this share of a threshold to be below it again, or it would be announced at every flicker.
const CLEARLY_BELOW: f64 = 0.8;

impl Watch {
    /// Nothing reached yet.
    pub fn new(specs: &'static [MetricSpec]) -> Self {
        let reached = specs.iter().map(|spec| vec![false; spec.thresholds.len()]).collect();
        Self { specs, reached, totals: vec![0.0; specs.len()], crossings: Vec::new() }
    }

    /// All crossings so far, in order of time.
    pub fn crossings(&self) -> &[Crossing] {
        &self.crossings
    }

    /// Looks at the sample of the metric at position `metric`, whose bucket ends at `at`.
    pub fn see(&mut self, at: SimTime, metric: usize, sample: Sample) {
        let (Some(spec), Some(reached), Some(total)) =
            (self.specs.get(metric), self.reached.get_mut(metric), self.totals.get_mut(metric))
        else {
            return;
        };
        // The highest value of a gauge, the 99th percentile of a histogram, all that was counted.
        let highest = match spec.kind {
            MetricKind::Gauge | MetricKind::Histogram => f64::from(sample[2]),
            MetricKind::Counter | MetricKind::Failure => {
                *total += f64::from(sample[2]);
                *total
            }
            MetricKind::Money => return,
        };
        for (threshold, (bound, reached)) in spec.thresholds.iter().zip(reached).enumerate() {
            let crosses =
                if *reached { highest < bound.value * CLEARLY_BELOW } else { highest >= bound.value };
            if crosses && self.crossings.len() < MAX_CROSSINGS {
                *reached = !*reached;
                self.crossings.push(Crossing { at, metric, threshold, reached: *reached });
            }
        }
    }
}

/// How the run is doing now, in a few sentences: what a person who does not see the screen wants to know first.
pub fn summary(run: &dyn Playable) -> String {
    let spec = run.spec();
    let mut parts = vec![format!("{}, {}.", spec.title, spec.clock.label(run.now()))];
    let snapshot = run.snapshot();
    for node in snapshot.nodes.iter().filter(|node| !node.word.is_empty()) {
        let detail = if node.detail.is_empty() { String::new() } else { format!(", {}", node.detail) };
        parts.push(format!("{}: {}{detail}.", node.title, node.word));
    }
    for (index, metric) in spec.metrics.iter().enumerate() {
        match run.recent(index) {
            Reading::Histogram { p50, p99, count, .. } if count > 0 => {
                let [p50, p99] = [p50, p99].map(|value| format::quantity(value, metric.unit));
                parts.push(format!("{}: p50 {p50}, p99 {p99}.", metric.label));
            }
            Reading::Count(count) if metric.kind == MetricKind::Failure && count > 0 => {
                parts.push(format!("{}: {} in all.", metric.label, format::count(count)));
            }
            _ => {}
        }
    }
    parts.join(" ")
}
