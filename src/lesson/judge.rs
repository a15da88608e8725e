//! How a run does at what a lesson asks of it: the page and the proof of a lesson both ask here, of the same run.
//!
//! What is asked is a function of the run alone, however it is played: a measure with a moment is judged there, one
//! without whenever a sample bucket ends.

use warstories_sim::probe::{Followed, Probe};
use warstories_sim::{Playable, Reading, Replay, SimTime};

use crate::lesson::{Chat, Lesson, Predict, Remark, When};
use crate::measure::{Bound, Measure, Span, Statistic, Test, Verdict};

/// How a run does at a test, as far as it has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// When it was met.
    pub met: Option<SimTime>,
    /// The number: at the moment of the test; where it has none, at the first moment that meets it, or else at the
    /// latest. `None` while it is pending, NaN where there was nothing to measure.
    pub value: Option<f64>,
}

impl Measure {
    /// When it is known: `None` where it has no moment.
    pub fn end(&self) -> Option<SimTime> {
        match self.span {
            Span::Now => None,
            Span::At(at) | Span::Window(_, at) => Some(at),
        }
    }

    /// What a run must remember all along for a test of this measure, if that has no moment.
    pub fn followed(&self) -> Option<Followed> {
        let followed = Followed { metric: self.metric, recent: self.recent };
        self.end().is_none().then_some(followed)
    }
}

impl Test {
    /// How `run` does. Without a moment it is met as soon as it holds at the end of a sample bucket, from `from` up to
    /// the usual length of the scenario; the run must have been asked for [`Measure::followed`].
    pub fn judge(&self, run: &dyn Playable, from: SimTime) -> Outcome {
        let Some(followed) = self.measure.followed() else {
            return match self.measure.evaluate(run) {
                Verdict::Pending => Outcome { met: None, value: None },
                Verdict::Value(value) => Outcome {
                    met: self.measure.end().filter(|_| self.bound.allows(value)),
                    value: Some(value),
                },
            };
        };
        let width = run.spec().sample_width().nanos();
        let before = from.nanos().div_ceil(width).saturating_sub(1);
        let readings = run.followed(followed).unwrap_or_default();
        let mut value = None;
        for (reading, bucket) in readings.iter().skip(before as usize).zip(before + 1..) {
            let said = self.measure.statistic.of(*reading);
            value = Some(said);
            if self.bound.allows(said) {
                return Outcome { met: Some(SimTime::from_nanos(bucket * width)), value };
            }
        }
        Outcome { met: None, value }
    }

    /// Whether `run` can no longer meet it, whatever comes: its moment is over, or what it bounds has gone too far and
    /// never comes back.
    pub fn is_lost(&self, run: &dyn Playable, from: SimTime) -> bool {
        let outcome = self.judge(run, from);
        let Some(end) = self.measure.end() else {
            return outcome.met.is_none() && run.now() >= run.spec().length;
        };
        if outcome.value.is_some() {
            return outcome.met.is_none();
        }
        let metric = self.measure.metric;
        match (self.measure.statistic, self.measure.span, self.bound) {
            (Statistic::Count, Span::At(_), Bound::AtMost(high) | Bound::Within(_, high)) => {
                Statistic::Count.of(run.read(metric)) > high
            }
            (Statistic::Rise, Span::Window(begin, _), Bound::AtMost(high) | Bound::Within(_, high)) => {
                let before = run.probed(begin).and_then(|probes| probes.get(metric));
                let grown = |probe: &Probe| match (probe.reading, run.read(metric)) {
                    (Reading::Count(before), Reading::Count(now)) => now as f64 - before as f64 > high,
                    // Money may come back.
                    _ => false,
                };
                before.is_some_and(grown)
            }
            (Statistic::Max | Statistic::Min, Span::Window(begin, _), bound) => {
                let series = run.series();
                let first = (begin.nanos() / series.width().nanos()) as usize;
                let samples = series.samples(metric).get(first..).unwrap_or_default();
                // A window begins and ends where buckets do, as long as none have been merged.
                end <= run.spec().length
                    && samples.iter().any(|sample| match (self.measure.statistic, bound) {
                        (Statistic::Max, Bound::AtMost(high) | Bound::Within(_, high)) => {
                            f64::from(sample[2]) > high
                        }
                        (Statistic::Min, Bound::AtLeast(low) | Bound::Within(low, _)) => {
                            f64::from(sample[1]) < low
                        }
                        _ => false,
                    })
            }
            _ => false,
        }
    }
}

impl Chat {
    /// When it is said in `run`, if it has been by now; `from` is the moment at which its step begins.
    pub fn said(&self, run: &dyn Playable, from: SimTime) -> Option<SimTime> {
        match &self.when {
            When::At(at) => Some(*at).filter(|at| *at <= run.now()),
            When::Once(test) => test.judge(run, from).met,
        }
    }
}

impl Remark {
    /// Whether it is said of `run`. A test without a moment looks at the whole run.
    pub fn holds(&self, run: &dyn Playable) -> bool {
        self.test.is_none_or(|test| test.judge(run, SimTime::ZERO).met.is_some())
    }
}

impl Lesson {
    /// What `run` answers to a prediction of the step at `step`. Only the run that the lesson was proven with answers:
    /// whoever has changed it before the moment of the answer gets none.
    pub fn answer(&self, step: usize, predict: &Predict, run: &dyn Playable) -> Option<Outcome> {
        let test = predict.options.get(predict.answer)?.test?;
        let end = test.measure.end()?;
        let is_due = run.now() >= end && self.is_asked(step, predict, run.replay());
        is_due.then(|| test.judge(run, SimTime::ZERO))
    }

    /// Whether `replay` answers a prediction of the step at `step`: up to the moment of the answer it is the run that
    /// the prediction is about.
    pub fn is_asked(&self, step: usize, predict: &Predict, replay: &Replay) -> bool {
        let end = predict.end().unwrap_or_default();
        let inputs = |replay: &Replay| {
            let until = replay.inputs().partition_point(|(at, _)| *at <= end);
            replay.inputs()[..until].to_vec()
        };
        self.prediction(step, predict).is_ok_and(|asked| {
            (asked.spec().id, asked.seed(), asked.start())
                == (replay.spec().id, replay.seed(), replay.start())
                && inputs(&asked) == inputs(replay)
        })
    }
}
