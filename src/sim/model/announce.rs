//! What a run tells by itself: that a metric reached a threshold or is below it again, and what its scenario says.

use std::borrow::Cow;

use crate::format;
use crate::metric::{MetricKind, MetricSpec, Sample};
use crate::spec::ScenarioSpec;
use crate::time::SimTime;

/// Something that a run tells, with its moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// When it happened, exactly. What concerns a histogram's 99th percentile, or a metric's being below a threshold
    /// again by itself, is known at the end of a sample bucket, but for a state and for what the learner did.
    pub at: SimTime,
    /// What happened.
    pub what: What,
}

/// What a run tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The metric at this position reached its threshold at that position.
    Reached(usize, usize),
    /// For a whole sample bucket, or once the learner had done something, the metric was clearly below the threshold that it
    /// had reached; or the state has changed.
    Below(usize, usize),
    /// The scenario says this, without a full stop.
    Said(Cow<'static, str>),
}

impl Announcement {
    /// One sentence for people, with its time of day.
    pub fn sentence(&self, spec: &ScenarioSpec) -> String {
        format!("{}: {}.", spec.clock.label(self.at), self.text(spec))
    }

    /// What happened, without time and full stop.
    pub fn text(&self, spec: &ScenarioSpec) -> String {
        let named = |metric: &usize, threshold: &usize| {
            let metric = spec.metrics.get(*metric)?;
            Some((metric, metric.thresholds.get(*threshold)?))
        };
        let text = match &self.what {
            What::Said(text) => return format::unbroken(text),
            What::Reached(metric, threshold) => {
                named(metric, threshold).map_or("", |(_, threshold)| threshold.label).to_owned()
            }
            What::Below(metric, threshold) => {
                let Some((metric, threshold)) = named(metric, threshold) else { return String::new() };
                threshold.again.map_or_else(
                    || {
                        let value = format::quantity(threshold.value, metric.unit);
                        format!("{} is below {value} again", metric.label)
                    },
                    str::to_owned,
                )
            }
        };
        format::unbroken(&format::sentence(&text))
    }
}

/// Keeps what a run tells, and knows which thresholds are still to be reached.
#[derive(Clone, Debug)]
pub struct Announcements {
    specs: &'static [MetricSpec],
    /// Whether each threshold is reached, metric by metric.
    reached: Vec<Vec<bool>>,
    /// For each metric, the lowest threshold that it has not reached; infinite where there is none. A state that has reached
    /// one is to be looked at in any case.
    next: Vec<f64>,
    /// A scenario says the same thing once in so much time.
    apart: SimTime,
    told: Vec<Announcement>,
}

/// Announcements that a run keeps; one that tells more has said what it had to say.
pub const MAX_ANNOUNCEMENTS: usize = 500;
/// A metric must fall below this share of a threshold to be below it again, or it would be announced at every flicker.
const CLEARLY_BELOW: f64 = 0.8;

impl Announcements {
    /// Nothing reached yet. What a scenario says more than once within `apart` is told once.
    pub fn new(specs: &'static [MetricSpec], apart: SimTime) -> Self {
        let reached = specs.iter().map(|spec| vec![false; spec.thresholds.len()]).collect();
        let mut new =
            Self { specs, reached, next: vec![f64::INFINITY; specs.len()], apart, told: Vec::new() };
        (0..specs.len()).for_each(|metric| new.look_ahead(metric));
        new
    }

    /// All announcements so far, in order of time.
    pub fn told(&self) -> &[Announcement] {
        &self.told
    }

    /// For each metric, the level at which it is to be looked at: it reaches its next threshold there.
    pub fn next(&self) -> &[f64] {
        &self.next
    }

    /// The scenario says `text` at `at`.
    pub fn say(&mut self, at: SimTime, text: Cow<'static, str>) {
        let what = What::Said(text);
        let is_said =
            self.told.iter().rev().take_while(|told| told.at + self.apart > at).any(|told| told.what == what);
        if !is_said {
            self.tell(at, what);
        }
    }

    /// The metric at position `metric` is at `level` at `at`, where the learner has done something if `acted`. What comes and
    /// goes by itself is below a threshold again only if it stays there, see [`Self::see`]. A state does not flicker.
    pub fn hold(&mut self, at: SimTime, metric: usize, level: f64, acted: bool) {
        let Some(spec) = self.specs.get(metric) else { return };
        let is_state = spec.unit.states() > 0;
        if is_state || acted && spec.kind == MetricKind::Gauge {
            self.fall(at, metric, level, if is_state { 1.0 } else { CLEARLY_BELOW });
        }
        self.rise(at, metric, level);
    }

    /// Of the thresholds that it has reached, the metric is below those of which `share` is above `level`.
    fn fall(&mut self, at: SimTime, metric: usize, level: f64, share: f64) {
        for (threshold, bound) in self.specs[metric].thresholds.iter().enumerate() {
            if self.reached[metric][threshold] && level < bound.value * share {
                self.reached[metric][threshold] = !self.tell(at, What::Below(metric, threshold));
                self.look_ahead(metric);
            }
        }
    }

    fn rise(&mut self, at: SimTime, metric: usize, level: f64) {
        if !self.next.get(metric).is_some_and(|next| level >= *next) {
            return;
        }
        let thresholds = self.specs.get(metric).map_or(&[][..], |spec| spec.thresholds);
        for (threshold, bound) in thresholds.iter().enumerate() {
            if !self.reached[metric][threshold] && level >= bound.value {
                self.reached[metric][threshold] = self.tell(at, What::Reached(metric, threshold));
            }
        }
        self.look_ahead(metric);
    }

    /// A sample bucket ended at `at`, with one sample for each metric.
    pub fn see(&mut self, at: SimTime, bucket: &[Sample]) {
        for (metric, (spec, sample)) in self.specs.iter().zip(bucket).enumerate() {
            // A counter is never below again what it has reached. Of a histogram the last is the 99th percentile.
            let can_fall = matches!(spec.kind, MetricKind::Gauge | MetricKind::Histogram);
            if !can_fall || spec.thresholds.is_empty() {
                continue;
            }
            let highest = f64::from(sample[2]);
            self.fall(at, metric, highest, CLEARLY_BELOW);
            if spec.kind == MetricKind::Histogram {
                self.rise(at, metric, highest);
            }
        }
    }

    /// Keeps an announcement if there is room, and tells whether there was.
    fn tell(&mut self, at: SimTime, what: What) -> bool {
        let has_room = self.told.len() < MAX_ANNOUNCEMENTS;
        if has_room {
            self.told.push(Announcement { at, what });
        }
        has_room
    }

    fn look_ahead(&mut self, metric: usize) {
        let Some(spec) = self.specs.get(metric).filter(|_| self.told.len() < MAX_ANNOUNCEMENTS) else {
            self.next[metric] = f64::INFINITY;
            return;
        };
        let open = spec.thresholds.iter().zip(&self.reached[metric]).filter(|(_, reached)| !**reached);
        let is_ahead = spec.unit.states() > 0 && self.reached[metric].contains(&true);
        let first = if is_ahead { f64::NEG_INFINITY } else { f64::INFINITY };
        self.next[metric] = open.map(|(bound, _)| bound.value).fold(first, f64::min);
    }
}
