//! The proof of a debrief: what it says of some runs must be said of one that the lesson tells, and not of every run.

use warstories_sim::{Replay, SimTime};

use super::Proof;
use crate::attempts::{STEP_BUDGET, single};
use crate::goal;
use crate::lesson::{Debrief, Part};
use crate::measure::Test;

impl Proof<'_> {
    /// Plays the runs that learners come to the debrief with.
    pub(super) fn debrief(&mut self, step: usize, debrief: &Debrief) -> Result<(), String> {
        let tests: Vec<Test> = debrief.remarks().filter_map(|remark| remark.test).collect();
        // Runs that are not what the lesson says of them tell nothing.
        if tests.is_empty() || !self.problems.is_empty() {
            return Ok(());
        }
        let untouched = self.lesson.replay(step)?;
        let solved = Self::with(&self.lesson.story(step)?, &self.lesson.steps[step].scene.solution)?;
        let mut open: Vec<Test> = Vec::new();
        let outcomes = self.runs.play(&untouched, &tests, SimTime::ZERO)?;
        for ((test, idle), best) in
            tests.iter().zip(outcomes).zip(self.runs.play(&solved, &tests, SimTime::ZERO)?)
        {
            match (idle.met.is_some(), best.met.is_some()) {
                (true, true) => open.push(*test),
                (false, false) => {
                    let (idle, best) = (self.found(test, idle), self.measured(test, best));
                    let is_other = !idle.ends_with(&format!(" {best}"));
                    let best = if is_other { format!(", with the solution {best}") } else { String::new() };
                    self.report(
                        test.measure.line,
                        &format!("this is never said: when nobody does anything, {idle}{best}; ask for less"),
                    );
                }
                _ => {}
            }
        }
        // What the learner can do is the same under every seed.
        if self.is_own_seed {
            self.said_of_every_run(step, open)?;
        }
        Ok(())
    }

    /// Reports those of `tests` that hold whatever the learner does in the run of the step at `step`.
    fn said_of_every_run(&mut self, step: usize, mut tests: Vec<Test>) -> Result<(), String> {
        let before = self.runs.spent();
        for replay in self.ways(step)? {
            if tests.is_empty() || self.runs.spent() - before > STEP_BUDGET {
                break;
            }
            // A run that drowns says nothing.
            let Ok(outcomes) = self.runs.play(&replay, &tests, SimTime::ZERO) else { continue };
            let mut held = outcomes.iter().map(|outcome| outcome.met.is_some());
            tests.retain(|_| held.next().unwrap_or(true));
        }
        for test in tests {
            let words = test.print(self.spec);
            self.report(
                test.measure.line,
                &format!("this is said of every run: \"{words}\" holds in each attempt of the lesson and after each single change; ask for more, or say it where it needs no test"),
            );
        }
        Ok(())
    }

    /// What a learner may have done in the run of the step at `step`: the attempts of the lesson, what predictions and
    /// votes try, and every single change.
    fn ways(&self, step: usize) -> Result<Vec<Replay>, String> {
        let mut ways = Vec::new();
        let mut changes = Vec::new();
        for index in self.lesson.first_of_run(step)..=step {
            let (base, step) = (self.lesson.story(index)?, &self.lesson.steps[index]);
            for fixes in &step.scene.withheld {
                ways.push(Self::with(&base, fixes)?);
            }
            for part in &step.parts {
                let tried = match part {
                    Part::Predict(predict) => vec![predict.inputs.as_slice()],
                    Part::Vote(vote) => vote.options.iter().map(|option| option.inputs.as_slice()).collect(),
                    _ => Vec::new(),
                };
                for inputs in tried {
                    let mut replay = base.clone();
                    goal::add(&mut replay, inputs)?;
                    ways.push(replay);
                }
            }
            for fix in single(self.lesson, index, &base, self.spec) {
                changes.push(Self::with(&base, std::slice::from_ref(&fix))?);
            }
        }
        ways.append(&mut changes);
        Ok(ways)
    }
}
