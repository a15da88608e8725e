//! The runs that prove a lesson. What two of them have in common is played once.

use std::cell::Cell;
use std::cmp::Reverse;
use std::sync::{Mutex, MutexGuard, PoisonError};

use warstories_sim::probe::Wanted;
use warstories_sim::scenarios;
use warstories_sim::{Playable, Replay, SimTime};

use crate::judge::Outcome;
use crate::lesson::{Fix, Lesson, Part, Timed};
use crate::measure::Test;

/// Looks at a run on its way that may already tell that it misses a test.
const LOOKS: u64 = 40;
/// Moments of runs that are kept, so that another one can go on from there.
const MOST_KEPT: usize = 6;
/// A run that holds more records takes too much room to be kept.
const MOST_HELD: u64 = 100_000;

/// A run that holds more records has drowned, and may come to take as much room as all others together.
const MANY_HELD: u64 = 200_000;
/// Events after which a run is asked again how many records it holds.
const PIECE: u64 = 100_000;
/// Whose run may drown: of all threads one at a time, so that memory is bounded.
static DROWNING: Mutex<()> = Mutex::new(());

thread_local! {
    /// Whether this thread has the turn already: it must not wait for itself.
    static HAS_TURN: Cell<bool> = const { Cell::new(false) };
}

/// The turn of this thread to let a run drown; it ends when this is dropped.
struct Turn {
    _lock: MutexGuard<'static, ()>,
}

impl Turn {
    /// Waits for the turn of this thread; `None` where it has it already.
    fn wait() -> Option<Self> {
        if HAS_TURN.replace(true) {
            return None;
        }
        // Nothing is behind the lock that a panic elsewhere could have left half done.
        Some(Self { _lock: DROWNING.lock().unwrap_or_else(PoisonError::into_inner) })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        HAS_TURN.set(false);
    }
}

/// Runs of the same scenario under the same seed. While one of them has drowned, those of other threads wait before they
/// do.
pub struct Runs {
    /// What each of them remembers; a test of anything else measures nothing.
    wanted: Wanted,
    /// Just before the inputs by which they differ.
    forks: Vec<SimTime>,
    /// Events that a run may make.
    budget: u64,
    spent: u64,
    /// What has been played, the least recently used first.
    kept: Vec<Box<dyn Playable>>,
    /// Held while the run that is played has drowned.
    drowning: Option<Turn>,
}

impl Runs {
    /// Runs that remember what is `wanted`, all that any test will ask for, and make at most `budget` events each.
    pub fn new(wanted: Wanted, budget: u64) -> Self {
        Self { wanted, forks: Vec::new(), budget, spent: 0, kept: Vec::new(), drowning: None }
    }

    /// The same, which are known to be alike up to `forks`.
    pub fn forking_at(self, forks: impl Iterator<Item = SimTime>) -> Self {
        let mut forks: Vec<SimTime> = forks.filter(|at| *at > SimTime::ZERO).map(SimTime::previous).collect();
        forks.sort_unstable();
        forks.dedup();
        Self { forks, ..self }
    }

    /// The runs of `lesson`.
    pub fn of(lesson: &Lesson, budget: u64) -> Self {
        Self::new(lesson.wanted(), budget).forking_at(attempts(lesson))
    }

    /// Plays a run and tells how it did at each of `tests`; those without a moment are judged from `begin` on. It is
    /// played to the last moment of the tests, or to the end of its scenario where one has none.
    ///
    /// # Errors
    /// One sentence where the run makes too many events.
    pub fn play(&mut self, replay: &Replay, tests: &[Test], begin: SimTime) -> Result<Vec<Outcome>, String> {
        let end = last(replay, tests);
        let mut run = self.take(replay, end);
        self.advance(run.as_mut(), end)?;
        let outcomes = tests.iter().map(|test| test.judge(run.as_ref(), begin)).collect();
        self.keep(run.as_ref());
        Ok(outcomes)
    }

    /// Whether a run meets all of `tests`, judged as in [`Runs::play`]. It is played no further than it takes to tell.
    ///
    /// # Errors
    /// As [`Runs::play`].
    pub fn meets(&mut self, replay: &Replay, tests: &[Test], begin: SimTime) -> Result<bool, String> {
        let end = last(replay, tests);
        let mut run = self.take(replay, end);
        let looks = end.nanos() / LOOKS;
        let mut moments: Vec<SimTime> = (1..LOOKS).map(|look| SimTime::from_nanos(look * looks)).collect();
        moments.extend(tests.iter().filter_map(|test| test.measure.end()));
        moments.push(end);
        moments.sort_unstable();
        for at in moments {
            self.advance(run.as_mut(), at)?;
            if tests.iter().any(|test| test.is_lost(run.as_ref(), begin)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Events that all runs have made together.
    pub fn spent(&self) -> u64 {
        self.spent
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
        // The run before this one is gone.
        self.drowning = None;
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
        self.wanted.ask(run.as_mut());
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

    fn play_to(&mut self, run: &mut dyn Playable, until: SimTime) -> Result<(), String> {
        if run.now() >= until {
            return Ok(());
        }
        let before = run.events();
        let mut is_there = false;
        while !is_there && run.events() < self.budget {
            is_there = run.advance(until, PIECE.min(self.budget - run.events()));
            if run.live_records() > MANY_HELD && self.drowning.is_none() {
                self.drowning = Turn::wait();
            }
        }
        self.spent += run.events() - before;
        if is_there {
            return Ok(());
        }
        Err(format!(
            "the run makes more than {} events by {}; choose smaller rates or an earlier time",
            self.budget,
            run.spec().clock.label(run.now())
        ))
    }

    fn keep(&mut self, run: &dyn Playable) {
        if run.live_records() > MOST_HELD {
            return;
        }
        self.kept.retain(|other| other.now() != run.now() || other.replay() != run.replay());
        if self.kept.len() == MOST_KEPT {
            self.kept.remove(0);
        }
        self.kept.push(run.checkpoint());
    }
}

/// When the last of `tests` is decided at the latest.
fn last(replay: &Replay, tests: &[Test]) -> SimTime {
    let ends = tests.iter().map(|test| test.measure.end().unwrap_or(replay.spec().length));
    ends.max().unwrap_or_default()
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
            Part::Collect(collect) => collect.solution.as_slice(),
            Part::Challenge(challenge) => challenge.setup.inputs.as_slice(),
            _ => &[],
        });
        timed.chain(setups).chain(asked).map(when)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_drowns_keeps_others_from_drowning_until_it_is_over() {
        let overload = "queueing_lab?arrivals_per_s=10000&service_ms=60000";
        let replay = Replay::parse(overload).expect("a link to the lab").replay;
        let mut runs = Runs::new(Wanted::default(), 1_000_000);
        let mut run = runs.take(&replay, SimTime::MAX);
        runs.advance(run.as_mut(), SimTime::from_secs(10)).expect("few events");
        assert!(run.live_records() < MANY_HELD && runs.drowning.is_none());
        runs.advance(run.as_mut(), SimTime::from_secs(50)).expect("few events");
        assert!(run.live_records() > MANY_HELD && runs.drowning.is_some());
        // Another on the same thread does not wait for itself.
        let mut others = Runs::new(Wanted::default(), 1_000_000);
        let mut other = others.take(&replay, SimTime::MAX);
        others.advance(other.as_mut(), SimTime::from_secs(50)).expect("few events");
        assert!(other.live_records() > MANY_HELD && others.drowning.is_none());
        drop(run);
        runs.take(&replay, SimTime::MAX);
        assert!(runs.drowning.is_none() && !HAS_TURN.get());
    }
}
