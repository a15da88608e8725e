//! What the learner says they have seen in a run, and how they explain it.

use warstories_lesson::lesson::{Explain, Observe, Part};
use warstories_lesson::measure::Test;
use warstories_sim::{Playable, SimTime};

use super::{Story, told};
use crate::run::progress::Explanation;

/// An observation that can no longer be changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// What the learner took for true, statement by statement.
    pub said: Vec<bool>,
    /// What is true of the run; empty until it has been looked at.
    pub found: Vec<bool>,
    /// What the run said then to the numbers of the statements' explanations, in their order; NaN where nothing.
    pub told: Vec<f64>,
}

impl Story {
    pub(super) fn observations(&self) -> impl Iterator<Item = &Observe> {
        self.parts()
            .iter()
            .filter_map(|part| if let Part::Observe(observe) = part { Some(observe) } else { None })
    }

    /// Whether the learner has said what they saw and the run has said what is true.
    pub(super) fn is_observed(&self, observe: &Observe) -> bool {
        self.observed.get(&observe.line).is_some_and(|observed| !observed.found.is_empty())
    }

    /// Whether the learner has compared their own words with ours.
    pub(super) fn is_explained(&self, explain: &Explain) -> bool {
        self.explained.get(&explain.line).is_some_and(|(_, mark)| mark.is_some())
    }

    /// Whether there is something to say by now: the run on show has come to the moment, and it meets all goals that stand
    /// before the question.
    pub fn is_seen(&self, observe: &Observe, moment: SimTime) -> bool {
        let mut before =
            self.parts().iter().take_while(|part| !matches!(part, Part::Observe(each) if each == observe));
        let holds = |part: &Part| match part {
            Part::Goal(goal) => self.goals.get(&(goal.line, 0)).is_some_and(|standing| standing.holds),
            _ => true,
        };
        moment >= observe.end() && before.all(holds)
    }

    /// Asks `run` what is true, for every observation that waits for it.
    pub(super) fn look_for(&mut self, run: &dyn Playable) {
        for observe in self.seen(run) {
            if let Some(observed) = self.observed.get_mut(&observe.line) {
                let holds = |test: &Test| test.judge(run, SimTime::ZERO).met.is_some();
                observed.found = observe.statements.iter().map(|statement| holds(&statement.test)).collect();
                observed.told = told(observe.statements.iter().map(|statement| &statement.because), run);
            }
        }
    }

    /// Observations that wait for `run`, which has come to their moment.
    fn seen(&self, run: &dyn Playable) -> Vec<Observe> {
        let waits = |observe: &&Observe| {
            let is_said = self.observed.get(&observe.line).is_some_and(|observed| observed.found.is_empty());
            is_said && self.challenge.is_none() && self.is_seen(observe, run.now())
        };
        self.observations().filter(waits).cloned().collect()
    }

    /// Says what was observed, once every statement has been judged and the run has come to the moment.
    pub(super) fn say(&mut self, line: usize, moment: SimTime) {
        let Some(observe) = self.observations().find(|observe| observe.line == line) else { return };
        let said = (0..observe.statements.len()).map(|place| self.judged.get(&(line, place)).copied());
        let said: Option<Vec<bool>> = said.collect();
        if let Some(said) =
            said.filter(|_| self.is_seen(observe, moment) && !self.observed.contains_key(&line))
        {
            self.observed.insert(line, Observed { said, found: Vec::new(), told: Vec::new() });
        }
    }

    /// Keeps the learner's own words, as many as there is room for; once ours are known, they stay.
    pub(super) fn explain(&mut self, line: usize, text: &str) {
        let text: String = text.trim().chars().take(Explanation::MOST).collect();
        let is_asked =
            self.parts().iter().any(|part| matches!(part, Part::Explain(explain) if explain.line == line));
        if is_asked && !text.is_empty() && !self.explained.contains_key(&line) {
            self.explained.insert(line, (text, None));
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
