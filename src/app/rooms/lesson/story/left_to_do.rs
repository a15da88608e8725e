//! What a step has left to do.

use warstories_lesson::lesson::{Part, Step};

use super::Story;

impl Story {
    /// Whether this is a question that waits for an answer. Time has to pass for that of a prediction, which it does once
    /// all of them are locked in.
    pub fn is_waiting(&self, part: &Part) -> bool {
        match part {
            Part::Predict(predict) => match self.locked.get(&predict.line) {
                None => true,
                Some(locked) => locked.outcome.is_none() && !self.must_predict(),
            },
            Part::Quiz(quiz) => self.answers.get(&quiz.line) != Some(&quiz.answer),
            Part::Observe(observe) => !self.is_observed(observe),
            Part::Explain(explain) => !self.is_explained(explain),
            Part::Fill(fill) => !self.is_filled(fill),
            Part::Collect(collect) => !self.is_collected(collect),
            Part::Vote(vote) => !self.votes.contains_key(&vote.line),
            _ => false,
        }
    }

    /// Whether this is not a goal that is still to be met.
    pub fn is_reached(&self, part: &Part) -> bool {
        let Part::Goal(goal) = part else { return true };
        self.goals.get(&(goal.line, 0)).is_some_and(|standing| standing.met)
    }

    /// Whether the step has nothing left to do. A challenge is left to the learner.
    pub fn is_done(&self, step: &Step) -> bool {
        step.parts.iter().all(|part| match part {
            Part::Predict(predict) => {
                self.locked.get(&predict.line).is_some_and(|locked| locked.outcome.is_some())
            }
            Part::Goal(_) => self.is_reached(part),
            Part::Vote(vote) => self.votes.contains_key(&vote.line),
            Part::Quiz(quiz) => self.answers.contains_key(&quiz.line),
            Part::Observe(observe) => self.is_observed(observe),
            Part::Explain(explain) => self.is_explained(explain),
            Part::Fill(fill) => self.is_filled(fill),
            Part::Collect(collect) => self.is_collected(collect),
            Part::Prose(_) | Part::Chat(_) | Part::Debrief(_) | Part::Challenge(_) => true,
        })
    }

    /// The steps that have something left to do.
    pub fn open_steps(&self) -> impl Iterator<Item = usize> {
        let steps = self.lesson.steps.iter().enumerate();
        steps.filter(|(_, step)| !self.is_done(step)).map(|(index, _)| index)
    }
}
