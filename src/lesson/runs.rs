//! The runs that prove a lesson. What two of them have in common is played once.

use std::cmp::Reverse;

use warstories_sim::scenarios;
use warstories_sim::{Playable, Replay, SimTime};

use crate::lesson::{Fix, Lesson, Part, Timed};
use crate::measure::{Span, Test, Verdict};

/// Moments of runs that are kept, so that another one can go on from there.
const MOST_KEPT: usize = 6;
/// A run that holds more requests takes too much room to be kept.
const MOST_HELD: u64 = 100_000;

/// How a run did at a test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Whether the test held: at its moment, or at any look where it has none.
    pub met: bool,
    /// The number: at its moment; without one, where it was met or else at the end.
    pub value: f64,
}

/// Runs of the same scenario under the same seed.
pub struct Runs {
    /// What each of them remembers; a test at another moment measures nothing.
    moments: Vec<SimTime>,
    /// Just before the inputs by which they differ.
    forks: Vec<SimTime>,
    /// Events that a run may make.
    budget: u64,
    /// What has been played, the least recently used first.
    kept: Vec<Box<dyn Playable>>,
}

impl Runs {
    /// Runs that remember `moments`, all that any test will ask for, and make at most `budget` events each.
    pub fn new(moments: Vec<SimTime>, budget: u64) -> Self {
        Self { moments, forks: Vec::new(), budget, kept: Vec::new() }
    }

    /// The runs of `lesson`.
    pub fn of(lesson: &Lesson, budget: u64) -> Self {
        let mut forks: Vec<SimTime> =
            attempts(lesson).filter(|at| *at > SimTime::ZERO).map(|at| at - SimTime::from_nanos(1)).collect();
        forks.sort_unstable();
        forks.dedup();
        Self { forks, ..Self::new(lesson.moments(), budget) }
    }

    /// Plays a run and tells how it did at each of `tests`.
    ///
    /// Tests without a moment are looked at from `begin` on, whenever a sample bucket ends: what a person sees on the
    /// charts. The run is played to the last moment of the tests, or to the end of its scenario where one has none.
    ///
    /// # Errors
    /// One sentence where the run makes too many events.
    pub fn play(&mut self, replay: &Replay, tests: &[Test], begin: SimTime) -> Result<Vec<Outcome>, String> {
        let is_live = |test: &Test| test.measure.span == Span::Now;
        let live = tests.iter().any(is_live);
        let moments = tests.iter().flat_map(|test| test.measure.moments());
        let end = if live { replay.spec().length } else { moments.max().unwrap_or_default() };
        let mut met: Vec<Option<f64>> = vec![None; tests.len()];
        let mut run = self.take(replay, if live { begin } else { end });
        if live {
            let width = run.series().width();
            let mut at = SimTime::from_nanos(begin.nanos().next_multiple_of(width.nanos()));
            while at <= end {
                self.advance(run.as_mut(), at)?;
                for (test, met) in tests.iter().zip(&mut met).filter(|(test, _)| is_live(test)) {
                    if let (None, Verdict::Value(value)) = (*met, test.measure.evaluate(run.as_ref()))
                        && test.bound.allows(value)
                    {
                        *met = Some(value);
                    }
                }
                at = at + width;
            }
        }
        self.advance(run.as_mut(), end)?;
        let outcome = |(test, met): (&Test, Option<f64>)| {
            let value = match test.measure.evaluate(run.as_ref()) {
                Verdict::Value(value) => value,
                Verdict::Pending => f64::NAN,
            };
            let met = met.or_else(|| (!is_live(test) && test.bound.allows(value)).then_some(value));
            Outcome { met: met.is_some(), value: met.unwrap_or(value) }
        };
        let outcomes = tests.iter().zip(met).map(outcome).collect();
        self.keep(run.as_ref());
        Ok(outcomes)
    }

    /// Plays a run to the end of its scenario.
    ///
    /// # Errors
    /// As [`Runs::play`].
    pub fn finish(&mut self, replay: &Replay) -> Result<Box<dyn Playable>, String> {
        let end = replay.spec().length;
        let mut run = self.take(replay, end);
        self.advance(run.as_mut(), end)?;
        Ok(run)
    }

    /// The run of `replay`, as far as it has been played already, but not beyond `latest`.
    fn take(&mut self, replay: &Replay, latest: SimTime) -> Box<dyn Playable> {
        let mut known: Vec<usize> =
            (0..self.kept.len()).filter(|at| self.kept[*at].now() <= latest).collect();
        known.sort_by_key(|at| Reverse(self.kept[*at].now()));
        // What is kept is past; which future it is planned to have matters to nobody.
        if let Some(at) = known.into_iter().find(|at| self.kept[*at].adopt(replay)) {
            let found = self.kept.remove(at);
            let run = found.checkpoint();
            self.kept.push(found);
            return run;
        }
        let mut run = scenarios::start(replay.clone());
        for at in &self.moments {
            run.probe(*at);
        }
        run
    }

    fn advance(&mut self, run: &mut dyn Playable, until: SimTime) -> Result<(), String> {
        let from = self.forks.partition_point(|fork| *fork <= run.now());
        let to = self.forks.partition_point(|fork| *fork < until);
        for index in from..to {
            self.play_to(run, self.forks[index])?;
            self.keep(run);
        }
        self.play_to(run, until)
    }

    fn play_to(&self, run: &mut dyn Playable, until: SimTime) -> Result<(), String> {
        if run.now() >= until || run.advance(until, self.budget.saturating_sub(run.events())) {
            return Ok(());
        }
        Err(format!(
            "the run makes more than {} events by {}; choose smaller rates or an earlier time",
            self.budget,
            run.spec().clock.label(run.now())
        ))
    }

    fn keep(&mut self, run: &dyn Playable) {
        if run.snapshot().held() > MOST_HELD {
            return;
        }
        self.kept.retain(|other| other.now() != run.now() || other.replay() != run.replay());
        if self.kept.len() == MOST_KEPT {
            self.kept.remove(0);
        }
        self.kept.push(run.checkpoint());
    }
}

/// When something is done in any run of the lesson.
fn attempts(lesson: &Lesson) -> impl Iterator<Item = SimTime> {
    let when = |timed: &Timed| timed.at;
    lesson.steps.iter().flat_map(move |step| {
        let scene = &step.scene;
        let fixes = scene.withheld.iter().chain([&scene.solution]).flatten();
        let timed = fixes.filter_map(|fix| if let Fix::Input(timed) = fix { Some(timed) } else { None });
        let setups = scene.fresh.iter().flat_map(|setup| &setup.inputs);
        let asked = step.parts.iter().flat_map(|part| match part {
            Part::Predict(predict) => predict.inputs.as_slice(),
            Part::Challenge(challenge) => challenge.setup.inputs.as_slice(),
            _ => &[],
        });
        timed.chain(setups).chain(asked).map(when)
    })
}
