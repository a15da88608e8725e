//! The proof of a lesson: everything that it claims is played, under several seeds.

mod collection;
mod debrief;
mod deck;
mod observation;
mod seeds;

pub use deck::prove_deck;
pub use seeds::{Proven, Seen, together};

use warstories_sim::{Playable, Replay, ScenarioSpec, SimTime};

use crate::attempts::try_all;
use crate::goal;
use crate::judge::Outcome;
use crate::lesson::{Fix, Lesson, Part, Step, When};
use crate::measure::{Measure, Test, Verdict};
use crate::owed::owed;
use crate::parse::control_id;
use crate::problem::Problem;
use crate::runs::Runs;

/// Seeds under which a lesson is proven where nobody says: its own and the five that follow it.
pub const SEEDS: u64 = 6;
/// Events of one run: ten times those of a full story.
const BUDGET: u64 = 20_000_000;
/// Events of all runs of a lesson under one seed: a minute or two of work.
const SEED_BUDGET: u64 = 500_000_000;

/// Sees what the lesson owes its learners ([`owed`]), plays everything that it claims, under `seeds` seeds from its own
/// on, and calls `progress` after each; then tries to meet its goals and challenges otherwise than they are meant, see [`try_all`].
/// What is wrong under several seeds is told once.
pub fn prove(lesson: &Lesson, seeds: u64, mut progress: impl FnMut()) -> Vec<Problem> {
    let one = |nth| {
        let proven = prove_seed(lesson, nth);
        progress();
        proven
    };
    let tried = std::iter::once_with(|| try_all(lesson).problems.into());
    together(std::iter::once(owed(lesson).into()).chain((0..seeds).map(one)).chain(tried))
}

/// Plays everything that the lesson claims under one seed: its own for 0, the one after it for 1, and so on.
pub fn prove_seed(lesson: &Lesson, nth: u64) -> Proven {
    prove_within(lesson, nth, SEED_BUDGET)
}

fn prove_within(lesson: &Lesson, nth: u64, budget: u64) -> Proven {
    let spec = match lesson.spec() {
        Ok(spec) => spec,
        Err(sentence) => return vec![Problem::new(1, sentence)].into(),
    };
    let lesson = &Lesson { seed: lesson.seed.wrapping_add(nth), ..lesson.clone() };
    let runs = Runs::of(lesson, BUDGET);
    let mut proof =
        Proof { lesson, spec, runs, is_own_seed: nth == 0, problems: Vec::new(), seen: Vec::new() };
    for (index, step) in lesson.steps.iter().enumerate() {
        let spent = proof.runs.spent();
        if spent > budget {
            proof.report(
                step.line,
                &format!("the runs of the steps before this one make {spent} events, and a lesson may make {budget}; choose smaller rates, or make two lessons of it"),
            );
            break;
        }
        if let Err(sentence) = proof.step(index, step) {
            proof.report(step.scene.line, &sentence);
        }
    }
    Proven { problems: Problem::in_order(proof.problems), seen: proof.seen }
}

struct Proof<'l> {
    lesson: &'l Lesson,
    spec: &'static ScenarioSpec,
    runs: Runs,
    is_own_seed: bool,
    problems: Vec<Problem>,
    seen: Vec<Seen>,
}

impl Proof<'_> {
    fn report(&mut self, line: usize, sentence: &str) {
        self.problems.push(Problem::new(line, format!("{sentence} (seed {})", self.lesson.seed)));
    }

    fn step(&mut self, index: usize, step: &Step) -> Result<(), String> {
        let lesson = self.lesson;
        let base = lesson.story(index)?;
        self.goals(step, &base, lesson.clock(index))?;
        self.chats(index, step, &base)?;
        for part in &step.parts {
            match part {
                Part::Predict(predict) => self.prediction(predict, &lesson.prediction(index, predict)?)?,
                Part::Observe(observe) => self.observation(observe, &lesson.observed(index, observe)?)?,
                Part::Collect(collect) => self.collection(index, collect)?,
                Part::Debrief(debrief) => self.debrief(index, debrief)?,
                Part::Challenge(challenge) => self.challenge(challenge)?,
                _ => {}
            }
        }
        self.live_numbers(index, step, base)
    }

    fn with(base: &Replay, fixes: &[Fix]) -> Result<Replay, String> {
        let mut replay = base.clone();
        goal::attempt(&mut replay, fixes)?;
        Ok(replay)
    }

    fn goals(&mut self, step: &Step, base: &Replay, begin: SimTime) -> Result<(), String> {
        let goals = step.parts.iter().filter_map(|part| match part {
            Part::Goal(goal) => Some(&goal.test),
            _ => None,
        });
        let tests: Vec<Test> = goals.copied().collect();
        if tests.is_empty() {
            return Ok(());
        }
        let mut base_met = false;
        for (test, outcome) in tests.iter().zip(self.runs.play(base, &tests, begin)?) {
            if outcome.met.is_some() {
                base_met = true;
                let found = self.found(test, outcome);
                self.report(
                    test.measure.line,
                    &format!("the goal is met before the learner does anything: {found}; ask for more, or start where it fails"),
                );
            }
        }
        // What is met already says nothing about attempts.
        if base_met {
            return Ok(());
        }
        let scene = &step.scene;
        for (test, outcome) in
            tests.iter().zip(self.runs.play(&Self::with(base, &scene.solution)?, &tests, begin)?)
        {
            if outcome.met.is_none() {
                let found = self.found(test, outcome);
                self.report(
                    test.measure.line,
                    &format!("the solution misses the goal: {found}; mend the solution or ask for less"),
                );
            }
        }
        for (index, fixes) in scene.withheld.iter().enumerate() {
            let outcomes = self.runs.play(&Self::with(base, fixes)?, &tests, begin)?;
            if outcomes.iter().all(|outcome| outcome.met.is_some()) {
                let found = self.all_found(&tests, &outcomes);
                self.report(
                    scene.line,
                    &format!("attempt {} of withheld meets every goal without what is taught: {found}; ask for more, or lock what it uses", index + 1),
                );
            }
        }
        if !scene.taught.is_empty() {
            let kept: Vec<Fix> =
                scene.solution.iter().filter(|fix| !scene.taught.contains(&fix.control())).cloned().collect();
            let outcomes = self.runs.play(&Self::with(base, &kept)?, &tests, begin)?;
            if outcomes.iter().all(|outcome| outcome.met.is_some()) {
                let found = self.all_found(&tests, &outcomes);
                let taught: Vec<_> =
                    scene.taught.iter().map(|control| control_id(*control, self.spec)).collect();
                self.report(
                    scene.line,
                    &format!(
                        "the solution meets every goal without {}, which is taught: {found}; ask for more",
                        taught.join(" and ")
                    ),
                );
            }
        }
        Ok(())
    }

    fn prediction(&mut self, predict: &crate::lesson::Predict, replay: &Replay) -> Result<(), String> {
        let tested: Vec<(usize, Test)> = predict
            .options
            .iter()
            .enumerate()
            .filter_map(|(index, option)| Some((index, option.test?)))
            .collect();
        let tests: Vec<Test> = tested.iter().map(|(_, test)| *test).collect();
        let outcomes = self.runs.play(replay, &tests, SimTime::ZERO)?;
        let mut told = Vec::new();
        predict.outcome_texts().for_each(|text| goal::inlines(text, &mut |measure| told.push(*measure)));
        if !told.is_empty() {
            let run = self.runs.finish(replay)?;
            self.silent(&told, run.as_ref());
        }
        for ((index, test), outcome) in tested.iter().zip(outcomes) {
            let found = self.found(test, outcome);
            if *index != predict.answer && outcome.value.is_none_or(f64::is_nan) {
                self.report(
                    test.measure.line,
                    &format!(
                        "nothing refutes this option of the prediction: {found}; measure what the run has"
                    ),
                );
            }
            if *index == predict.answer && outcome.met.is_none() {
                self.report(
                    test.measure.line,
                    &format!("the answer of the prediction does not come true: {found}; mend the test or choose another answer"),
                );
            } else if *index != predict.answer && outcome.met.is_some() {
                self.report(
                    test.measure.line,
                    &format!(
                        "a second option of the prediction comes true as well: {found}; leave one answer"
                    ),
                );
            }
        }
        Ok(())
    }

    fn challenge(&mut self, challenge: &crate::lesson::Challenge) -> Result<(), String> {
        let base = self.lesson.challenge(challenge)?;
        let begin = challenge.setup.begin;
        let outcomes = self.runs.play(&base, &challenge.tests, begin)?;
        if outcomes.iter().all(|outcome| outcome.met.is_some()) {
            let found = self.all_found(&challenge.tests, &outcomes);
            self.report(
                challenge.line,
                &format!("the challenge is met before anybody does anything: {found}; ask for more"),
            );
        }
        for (test, outcome) in challenge.tests.iter().zip(self.runs.play(
            &Self::with(&base, &challenge.solution)?,
            &challenge.tests,
            begin,
        )?) {
            if outcome.met.is_none() {
                let found = self.found(test, outcome);
                self.report(
                    test.measure.line,
                    &format!("the solution of the challenge misses a test: {found}; mend the solution or ask for less"),
                );
            }
        }
        Ok(())
    }

    /// Numbers in the text say something, at the latest when the run is over.
    fn live_numbers(&mut self, index: usize, step: &Step, base: Replay) -> Result<(), String> {
        let mut measures: Vec<Measure> = Vec::new();
        if index == 0 {
            goal::blocks(&self.lesson.introduction, &mut |measure| measures.push(*measure));
        }
        for part in &step.parts {
            let mut see = |measure: &Measure| measures.push(*measure);
            match part {
                // What is told afterwards is of the prediction's own run.
                Part::Predict(predict) => {
                    goal::inlines(&predict.question, &mut see);
                    predict.options.iter().for_each(|option| goal::inlines(&option.text, &mut see));
                }
                // An observation is about a run of its own as well.
                Part::Observe(_) => {}
                _ => goal::shown(part, &mut see),
            }
        }
        if measures.is_empty() {
            return Ok(());
        }
        let mut replay = base;
        goal::attempt(&mut replay, &step.scene.solution)?;
        let run = self.runs.finish(&replay)?;
        self.silent(&measures, run.as_ref());
        Ok(())
    }

    /// Reports every measure to which `run`, which is over, has nothing to say.
    fn silent(&mut self, measures: &[Measure], run: &dyn Playable) {
        for measure in measures {
            let is_silent = match measure.evaluate(run) {
                Verdict::Pending => true,
                Verdict::Value(value) => value.is_nan(),
            };
            if is_silent {
                let text = measure.print(self.spec);
                self.report(
                    measure.line,
                    &format!("the run has nothing to say to \"{text}\"; choose a time at which something was measured"),
                );
            }
        }
    }

    /// Everybody who speaks when the run gives cause is given it: when nobody does anything, by an attempt, by what is
    /// tried for an answer, or by a way that is voted for.
    fn chats(&mut self, index: usize, step: &Step, base: &Replay) -> Result<(), String> {
        let lesson = self.lesson;
        let chats = step.parts.iter().filter_map(|part| match part {
            Part::Chat(chat) if !chat.hint => match chat.when {
                When::Once(test) => Some(test),
                When::At(_) => None,
            },
            _ => None,
        });
        let mut silent: Vec<Test> = chats.collect();
        let mut replays = vec![base.clone()];
        for fixes in std::iter::once(&step.scene.solution).chain(&step.scene.withheld) {
            replays.push(Self::with(base, fixes)?);
        }
        for part in &step.parts {
            match part {
                Part::Predict(predict) => replays.push(lesson.prediction(index, predict)?),
                Part::Vote(vote) => {
                    for option in &vote.options {
                        let mut replay = base.clone();
                        goal::add(&mut replay, &option.inputs)?;
                        replays.push(replay);
                    }
                }
                _ => {}
            }
        }
        for replay in replays {
            if silent.is_empty() {
                return Ok(());
            }
            let outcomes = self.runs.play(&replay, &silent, lesson.begins(index))?;
            silent = silent
                .into_iter()
                .zip(outcomes)
                .filter(|(_, outcome)| outcome.met.is_none())
                .map(|(test, _)| test)
                .collect();
        }
        for test in silent {
            let words = test.print(self.spec);
            self.report(
                test.measure.line,
                &format!("nobody ever says this: \"{words}\" holds at the end of no sample in any run of the step; ask for less"),
            );
        }
        Ok(())
    }

    fn found(&self, test: &Test, outcome: Outcome) -> String {
        let words = test.print(self.spec);
        format!("\"{words}\" measured {}", self.measured(test, outcome))
    }

    /// A number and its unit.
    fn measured(&self, test: &Test, outcome: Outcome) -> String {
        let Some(value) = outcome.value.filter(|value| !value.is_nan()) else {
            return String::from("nothing");
        };
        let unit = self.spec.metrics.get(test.measure.metric).map_or("", |metric| metric.unit.symbol());
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        format!("{}{unit}", rounded(value))
    }

    fn all_found(&self, tests: &[Test], outcomes: &[Outcome]) -> String {
        let found: Vec<_> =
            tests.iter().zip(outcomes).map(|(test, outcome)| self.found(test, *outcome)).collect();
        found.join(", ")
    }
}

/// Enough digits to see on which side of a bound a number lies.
fn rounded(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests;
