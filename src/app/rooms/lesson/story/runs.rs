//! The runs of a lesson: what each step plays, and what a prediction or a vote tries on top of it.

use warstories_lesson::goal;
use warstories_lesson::lesson::{Challenge, Part};
use warstories_sim::{Input, Link, Replay, SimTime};

use super::{Locked, Story};
use crate::run::branches::Branches;
use crate::run::lesson_host::LessonAction;
use crate::run::session::{Action, SPEEDS, Session};

/// The branch on which a run answers that is not the one on show.
const PREDICTION: &str = "Prediction";

/// A run to be shown from a moment on.
#[derive(Clone, Debug, PartialEq)]
pub struct StepRun {
    /// The run, with all that happens in it by itself.
    pub replay: Replay,
    /// The moment.
    pub at: SimTime,
}

impl Story {
    /// What there is after `lesson_action`, done while `moment` of the session was on show.
    pub fn reduce(&self, lesson_action: LessonAction, session: &Session, moment: SimTime) -> (Self, Session) {
        let mut next = self.clone();
        let mut session = session.clone();
        match lesson_action {
            LessonAction::Go(step) => {
                let root = self.root(self.step);
                // What was tried for an answer is not what the learner goes on with.
                let is_elsewhere = self.challenge.is_some() || session.branches.current().name == PREDICTION;
                next.go(step);
                if next.root(next.step) != root || is_elsewhere {
                    next.show(&mut session);
                } else {
                    session.playing = false;
                    next.return_to_step(&mut session, moment);
                }
            }
            LessonAction::Retry => {
                let chosen = unplayed(&session, moment);
                next.start_again(&mut session);
                let begin = session.seek_request.at;
                if begin < moment {
                    session =
                        chosen.into_iter().fold(session, |session, action| session.reduce(action, begin));
                }
            }
            LessonAction::Choose(line, option) => {
                next.chosen.insert(line, option);
            }
            LessonAction::Lock(line) => next.lock(line, &mut session, moment),
            LessonAction::Cast(line) => next.cast(line, &mut session, moment),
            LessonAction::Answer(line) => {
                if let Some(option) = next.chosen.get(&line) {
                    next.answers.insert(line, *option);
                }
            }
            LessonAction::Judge(line, statement, is_true) => {
                next.judged.insert((line, statement), is_true);
            }
            LessonAction::Observe(line) => next.say(line, moment),
            LessonAction::Draft(line, text) => {
                next.words.insert(line, text);
            }
            LessonAction::Explain(line, text) => next.explain(line, &text),
            LessonAction::Fill(line, place, choice) => next.fill_in(line, place, choice),
            LessonAction::CheckRows(line) => next.check_rows(line),
            LessonAction::Mark(line, mark) => {
                if let Some((_, own)) = next.explained.get_mut(&line) {
                    *own = Some(mark);
                }
            }
            LessonAction::PlayOn => {
                session.playing = true;
                session.hurry(SPEEDS.len() - 1);
            }
            LessonAction::Hint(line) => *next.hints.entry(line).or_default() += 1,
            LessonAction::Challenge(line) => next.take_up(line, &mut session),
        }
        (next, session)
    }

    /// The step whose run the step at `step` plays.
    pub(super) fn root(&self, step: usize) -> usize {
        self.lesson.first_of_run(step)
    }

    /// The run of the step on show as the lesson means it, and the moment at which the step begins.
    pub fn scene(&self) -> Option<StepRun> {
        Some(StepRun { replay: self.lesson.story(self.step).ok()?, at: self.lesson.begins(self.step) })
    }

    /// Where the step begins, while a prediction waits to be locked in: until then time does not go on from there.
    pub fn holds_time_at(&self) -> Option<SimTime> {
        self.must_predict().then(|| self.lesson.begins(self.step))
    }

    /// What happens in the run on show by itself.
    pub fn script(&self) -> Vec<(SimTime, Input)> {
        self.untouched().map_or_else(Vec::new, |replay| replay.inputs().to_vec())
    }

    /// The run on show as it is before anybody does anything.
    pub fn untouched(&self) -> Option<Replay> {
        match self.challenge.and_then(|line| self.find_challenge(line)) {
            Some(challenge) => self.lesson.challenge(challenge).ok(),
            None => self.lesson.replay(self.step).ok(),
        }
    }

    /// The run on show as the learner is given it: with the solutions of the steps before.
    pub fn given(&self) -> Option<Replay> {
        if self.challenge.is_some() { self.untouched() } else { self.scene().map(|scene| scene.replay) }
    }

    /// Notes what the learner was given. A step that goes on with a run gives nothing anew: the learner may have met the goals
    /// before in another way than the lesson does.
    pub fn keep_given(&self, session: &mut Session) {
        if session.given.is_none() {
            session.given = self.given();
        }
    }

    /// Shows the run of the challenge that is being played, or else the step's, from its beginning.
    pub(super) fn start_again(&mut self, session: &mut Session) {
        match self.challenge {
            Some(line) => self.take_up(line, session),
            None => self.show(session),
        }
    }

    /// Shows the step's run from its beginning, standing still.
    pub fn show(&mut self, session: &mut Session) {
        if let Some(StepRun { replay, at }) = self.scene() {
            open(session, replay, at);
        }
        self.forget_run();
    }

    /// A step with a decision point of its own begins where the one before has ended, even if somebody has looked ahead.
    fn return_to_step(&self, session: &mut Session, moment: SimTime) {
        let is_timed = self.current().is_some_and(|step| step.scene.until.is_some());
        if let Some(StepRun { at, .. }) = self.scene().filter(|scene| is_timed && scene.at < moment) {
            *session = session.reduce(Action::Seek(at), moment);
        }
    }

    /// From now on the run answers: the one on show, or one of its own if something is tried for the answer or the
    /// learner has changed the one on show.
    fn lock(&mut self, line: usize, session: &mut Session, moment: SimTime) {
        let (Some(predict), Some(option)) = (self.predict(line), self.chosen.get(&line).copied()) else {
            return;
        };
        let known = predict.end();
        let is_on_show = self.lesson.is_asked(self.step, predict, session.replay());
        if let Ok(replay) = self.lesson.prediction(self.step, predict)
            && (!is_on_show || !predict.inputs.is_empty())
        {
            let begin = self.lesson.begins(self.step);
            let from = predict.inputs.first().map_or(begin, |input| input.at.previous());
            session.branches.add(PREDICTION, replay);
            *session = session.reduce(Action::Seek(from), from);
            session.playing = true;
        } else {
            // Who has looked ahead has the answer already.
            session.playing = known.is_none_or(|known| moment < known);
        }
        self.locked.insert(line, Locked { option, outcome: None, told: Vec::new() });
    }

    /// The way that was voted for, as a branch of its own beside the ways that were tried before.
    fn cast(&mut self, line: usize, session: &mut Session, moment: SimTime) {
        let (Some(vote), Some(option)) = (self.vote(line), self.chosen.get(&line).copied()) else { return };
        let Some(ballot) = vote.options.get(option) else { return };
        if !self.is_ballot_open(vote, option) {
            return;
        }
        let name = super::plain(&ballot.text);
        let inputs = ballot.inputs.clone();
        let Some(scene) = self.scene() else { return };
        let mut replay = scene.replay;
        let decided = inputs.first().map_or(moment, |input| input.at);
        let _ = goal::add(&mut replay, &inputs);
        session.branches.add(&name, replay);
        let from = decided.previous();
        *session = session.reduce(Action::Seek(from.min(moment)), moment);
        session.playing = true;
        self.votes.entry(line).or_default().push(option);
    }

    pub(super) fn find_challenge(&self, line: usize) -> Option<&Challenge> {
        self.parts().iter().find_map(|part| match part {
            Part::Challenge(challenge) if challenge.line == line => Some(challenge),
            _ => None,
        })
    }

    fn take_up(&mut self, line: usize, session: &mut Session) {
        let run = self
            .find_challenge(line)
            .and_then(|challenge| Some((self.lesson.challenge(challenge).ok()?, challenge.setup.begin)));
        let Some((replay, begin)) = run else { return };
        self.challenge = Some(line);
        open(session, replay, begin);
        self.forget_run();
    }
}

/// What was chosen while time stands at `moment`. Whoever starts again before anything has come of it, chose it for the run
/// to come.
fn unplayed(session: &Session, moment: SimTime) -> Vec<Action> {
    if session.playing {
        return Vec::new();
    }
    let now = moment.next();
    let here = session.replay().inputs().iter().filter(|(at, _)| *at == now);
    let chosen = here.filter(|input| !session.script.contains(input));
    chosen
        .filter_map(|(_, input)| match input {
            Input::Change { param, value } => Some(Action::Set { param: *param, value: *value }),
            Input::Text { field, text } => Some(Action::Write { field: *field, text: text.clone() }),
            Input::Action(_) => None,
        })
        .collect()
}

/// Shows another run and nothing else, standing still.
pub(super) fn open(session: &mut Session, replay: Replay, at: SimTime) {
    let number = session.seek_request.number.wrapping_add(1);
    session.slow_down();
    session.leave_end();
    let (speed, notices) = (session.speed, std::mem::take(&mut session.notices));
    let branches = Branches::own(replay.clone());
    *session = Session { branches, ..Session::open(Link { replay, moment: Some(at), dropped: Vec::new() }) };
    session.seek_request.number = number;
    (session.speed, session.notices) = (speed, notices);
}
