//! Coming to a place in a lesson by its address: a link, a reload, the browser's Back and Forward.

use warstories_lesson::lesson::{Control, Fix, Part, Timed};
use warstories_sim::suggest::shortened;
use warstories_sim::{Input, Link, Replay, SimTime};

use super::Story;
use super::runs::open;
use crate::run::lesson_host::Place;
use crate::run::session::Session;

/// Controls that one sentence names at most.
const MOST_NAMES: usize = 3;
/// What addresses write between a step and the number of the challenge in it that is being played.
const CHALLENGE: &str = "/challenge-";

impl Story {
    /// The place on show, as addresses spell it.
    pub fn place(&self) -> String {
        let step = self.step + 1;
        let challenge = self.challenges(self.step).position(|line| Some(line) == self.challenge);
        challenge.map_or_else(|| step.to_string(), |nth| format!("{step}{CHALLENGE}{}", nth + 1))
    }

    /// The lines of the challenges in a step.
    fn challenges(&self, step: usize) -> impl Iterator<Item = usize> {
        let parts = self.lesson.steps.get(step).into_iter().flat_map(|step| &step.parts);
        parts.filter(|part| matches!(part, Part::Challenge(_))).filter_map(Part::line)
    }

    /// Goes to a place in the lesson. Where the address holds the run, that is shown, at the moment that it names or else
    /// at the step's own; where it does not, or names no step that there is, the step's own run.
    pub fn arrive(&mut self, place: &Place, link: &Link, session: &mut Session) {
        let before = (self.root(self.step), self.challenge);
        let step = place.step.as_deref().map(|text| self.find_place(text));
        let is_wrong = match step {
            Some(Ok((step, challenge))) => {
                self.go(step);
                self.challenge = challenge;
                false
            }
            Some(Err(sentence)) => {
                session.notices.push(sentence);
                true
            }
            None => false,
        };
        if is_wrong || !place.has_run {
            self.start_again(session);
            return;
        }
        let (replay, locked) = self.without_locked(&link.replay);
        session.notices.extend(locked);
        let challenge = self.challenge.and_then(|line| self.find_challenge(line));
        let begin = challenge.map_or_else(|| self.lesson.begins(self.step), |one| one.setup.begin);
        let at = link.moment.unwrap_or(begin);
        session.slow_down();
        let is_under_way = session.given.is_some();
        if is_under_way && (self.root(self.step), self.challenge) == before {
            session.visit(replay, at);
        } else {
            open(session, replay, at);
            self.forget_run();
        }
    }

    /// The step that an address calls `text`, counted from 0, and the line of the challenge in it.
    fn find_place(&self, text: &str) -> Result<(usize, Option<usize>), String> {
        let steps = self.lesson.steps.len();
        let (step, challenge) =
            text.split_once(CHALLENGE).map_or((text, None), |(one, two)| (one, Some(two)));
        let step = step.parse().ok().filter(|step| (1..=steps).contains(step)).map(|step: usize| step - 1);
        let found = step.and_then(|step| {
            let Some(challenge) = challenge else { return Some((step, None)) };
            let nth = challenge.parse::<usize>().ok()?.checked_sub(1)?;
            self.challenges(step).nth(nth).map(|line| (step, Some(line)))
        });
        found.ok_or_else(|| {
            format!(
                "This lesson has no step \"{}\": its steps are 1 to {steps}. Step {} is shown instead.",
                shortened(text),
                self.step + 1
            )
        })
    }

    /// `replay` as far as somebody can have come to it in this step, and one sentence about what it has beyond.
    fn without_locked(&self, replay: &Replay) -> (Replay, Option<String>) {
        let (spec, Some(given)) = (replay.spec(), self.given()) else { return (replay.clone(), None) };
        let mut allowed = Replay::new(spec).with_seed(replay.seed());
        let mut locked: Vec<&str> = Vec::new();
        for (param, (value, given)) in replay.start().iter().zip(given.start()).enumerate() {
            let is_own =
                value == given || self.was_open(Control::Param(param)) || self.is_tried_start(param, *value);
            allowed.set_start(param, if is_own { *value } else { *given });
            // A link does not write what is the scenario's own value.
            if !is_own && *value != spec.params[param].default_value() {
                locked.push(spec.params[param].label);
            }
        }
        for planned in replay.inputs() {
            let (at, input) = planned;
            let (control, label) = match input {
                Input::Change { param, .. } => (Control::Param(*param), spec.params[*param].label),
                Input::Action(action) => (Control::Action(*action), spec.actions[*action].label),
                Input::Text { field, .. } => (Control::Text(*field), spec.texts[*field].label),
            };
            if given.inputs().contains(planned) || self.was_open(control) || self.is_tried(*at, input) {
                // It was in a replay before: there is room for it.
                let _ = allowed.add(*at, input.clone());
            } else if !locked.contains(&label) {
                locked.push(label);
            }
        }
        let sentence = (!locked.is_empty()).then(|| {
            let them = if locked.len() == 1 { "it" } else { "them" };
            let names = locked.iter().take(MOST_NAMES).copied().collect::<Vec<_>>().join(", ");
            let more = locked.len().saturating_sub(MOST_NAMES);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let step = self.step + 1;
            format!("This link uses {names}{more}, which step {step} has not opened: the run is shown without {them}.")
        });
        (allowed, sentence)
    }

    /// Whether the learner may ever have touched `control` on the way to this step; in a challenge everything is open.
    fn was_open(&self, control: Control) -> bool {
        self.parts().iter().any(|part| matches!(part, Part::Challenge(_)))
            || (0..=self.step).any(|step| self.lesson.is_unlocked(step, control))
    }

    /// Whether a question or the solution of a step so far does this at `at`.
    fn is_tried(&self, at: SimTime, input: &Input) -> bool {
        let is_it = |timed: &Timed| (timed.at, &timed.input) == (at, input);
        self.lesson.steps.iter().take(self.step + 1).any(|step| {
            let solved =
                step.scene.solution.iter().any(|fix| matches!(fix, Fix::Input(timed) if is_it(timed)));
            solved
                || step.parts.iter().any(|part| match part {
                    Part::Predict(predict) => predict.inputs.iter().any(is_it),
                    Part::Vote(vote) => vote.options.iter().flat_map(|ballot| &ballot.inputs).any(is_it),
                    _ => false,
                })
        })
    }

    /// Whether the solution of a step so far begins with this value.
    fn is_tried_start(&self, param: usize, value: f64) -> bool {
        let fixes = self.lesson.steps.iter().take(self.step + 1).flat_map(|step| &step.scene.solution);
        fixes.into_iter().any(|fix| *fix == Fix::Start(param, value))
    }
}

#[cfg(test)]
mod tests;
