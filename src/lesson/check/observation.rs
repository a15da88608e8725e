//! The proof of an observation: what its statements say of the run that it is about.

use warstories_sim::{Replay, SimTime};

use super::{Proof, Seen};
use crate::goal;
use crate::lesson::{Observe, Part};
use crate::measure::Test;

impl Proof<'_> {
    /// Plays the run that the observation is about: it must have something to say to each statement, and confirm one and
    /// refute one at least.
    pub(super) fn observation(&mut self, observe: &Observe, replay: &Replay) -> Result<(), String> {
        let tests: Vec<Test> = observe.statements.iter().map(|statement| statement.test).collect();
        let outcomes = self.runs.play(replay, &tests, SimTime::ZERO)?;
        let mut shown = Vec::new();
        goal::shown(&Part::Observe(observe.clone()), &mut |measure| shown.push(*measure));
        if !shown.is_empty() {
            let run = self.runs.finish(replay)?;
            self.silent(&shown, run.as_ref());
        }
        let mut verdicts = Vec::new();
        for (statement, outcome) in observe.statements.iter().zip(outcomes) {
            let test = &statement.test;
            let found = self.found(test, outcome);
            if outcome.value.is_none_or(f64::is_nan) {
                self.report(
                    test.measure.line,
                    &format!("the run neither confirms nor refutes this statement: {found}; measure what the run has"),
                );
                return Ok(());
            }
            let is_true = outcome.met.is_some();
            verdicts.push(is_true);
            if is_true != statement.holds {
                let (word, cure) = if is_true {
                    ("true", "write holds = true")
                } else {
                    ("false", "leave holds = true out")
                };
                self.report(
                    test.measure.line,
                    &format!("the run says that this statement is {word}: {found}; {cure}, or mend the test"),
                );
            }
            let found = format!("{found} (seed {})", self.lesson.seed);
            self.seen.push(Seen { line: test.measure.line, is_true, found });
        }
        for (verdict, other) in [(true, "false"), (false, "true")] {
            if verdicts.iter().all(|is_true| *is_true == verdict) {
                self.report(
                    observe.line,
                    &format!("every statement of the observation is {verdict}; write one that is {other} of this run"),
                );
            }
        }
        Ok(())
    }
}
