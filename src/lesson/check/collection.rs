//! The proof of a task to collect points: its solution collects them all before the run is over.

use warstories_sim::scenarios;

use super::{Proof, rounded};
use crate::goal;
use crate::lesson::Collect;
use crate::points::Point;

impl Proof<'_> {
    /// Plays the solution, and asks for the curve behind the points.
    pub(super) fn collection(&mut self, step: usize, collect: &Collect) -> Result<(), String> {
        let mut replay = self.lesson.story(step)?;
        goal::add(&mut replay, &collect.solution)?;
        let run = self.runs.finish(&replay)?;
        let from = self.lesson.begins(step);
        let points = collect.measured(run.as_ref(), from);
        if let Some(lack) = collect.lacks(&points) {
            let end = self.spec.clock.label(self.spec.length);
            let found = self.coordinates(collect, &points);
            self.report(
                collect.line,
                &format!(
                    "the solution collects {} of {} points by {end}{found}{}",
                    points.len(),
                    collect.points,
                    cure(lack)
                ),
            );
        }
        let laws = scenarios::theory(self.spec, &replay.values(from));
        if let Some(Err(reason)) =
            collect.theory.and_then(|position| laws.get(position)).map(|theory| theory.law)
        {
            self.report(
                collect.line,
                &format!(
                    "no curve holds in the run of the step: {reason} Leave theory out, or change the start"
                ),
            );
        }
        Ok(())
    }

    /// Where points lie along the horizontal axis.
    fn coordinates(&self, collect: &Collect, points: &[Point]) -> String {
        let along: Vec<String> = points.iter().map(|point| rounded(point.x)).collect();
        if along.is_empty() {
            return String::new();
        }
        format!(", at {} {}", self.spec.metrics[collect.x.metric].id, along.join(", "))
    }
}

/// What the points lack and how to get it.
fn cure((low, high): (f64, f64)) -> String {
    match (low.is_finite(), high.is_finite()) {
        (false, false) => String::from(
            "; change less often or write a shorter settle or over, since each window has to pass undisturbed",
        ),
        (false, true) => format!(", and none below {high}; add one there"),
        (true, false) => format!(", and none from {low} on; add one there"),
        (true, true) => format!(", and none from {low} to {high}; add one there"),
    }
}
