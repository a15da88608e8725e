//! A lesson under way, as plain data: the step, what the learner has said to its questions, what the run answered.

mod arrival;
mod filling;
mod collection;
mod left_to_do;
mod numbers;
mod own_words;
mod progress;
mod runs;

use std::rc::Rc;

use litemap::LiteMap;
use warstories_lesson::lesson::{Chat, Control, Goal, Lesson, Observe, Part, Predict, Step, Vote};
use warstories_lesson::measure::Test;
use warstories_lesson::points::Point;
use warstories_sim::probe::Wanted;
use warstories_sim::{Input, Playable, Replay, SimTime};

pub use self::collection::{coordinates, latest};
use self::numbers::{lives, told};
pub use self::numbers::{plain, value};
use self::own_words::Observed;
use crate::run::progress::Mark;

/// A prediction that can no longer be changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Locked {
    /// The option.
    pub option: usize,
    /// What the run said, once it has come there.
    pub outcome: Option<f64>,
    /// What it said then to the numbers of [`Predict::outcome_texts`], in their order; NaN where nothing.
    /// They stay, whatever is tried afterwards.
    pub told: Vec<f64>,
}

/// How a goal stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Standing {
    /// What the run says now, if anything yet.
    pub value: Option<f64>,
    /// Whether the run on show meets it.
    pub holds: bool,
    /// Whether the run on show meets it, or another one has met all goals of the step at once.
    pub met: bool,
}

/// A test of a goal or of a challenge: the line of the block, and the position of the test in it.
pub type TestId = (usize, usize);

/// A lesson under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// The lesson.
    pub lesson: Rc<Lesson>,
    /// As addresses spell it.
    pub id: String,
    /// Differs for every lesson and every edition of it.
    pub edition: u64,
    /// The step on show.
    pub step: usize,
    /// The latest step that was ever on show.
    pub furthest: usize,
    /// Options that are chosen but not locked in, cast or answered.
    pub chosen: LiteMap<usize, usize>,
    /// Predictions.
    pub locked: LiteMap<usize, Locked>,
    /// Votes: all ways that were tried, in order.
    pub votes: LiteMap<usize, Vec<usize>>,
    /// Answers to quizzes.
    pub answers: LiteMap<usize, usize>,
    /// Statements of observations that are judged but not yet said: by line and position.
    pub judged: LiteMap<(usize, usize), bool>,
    /// Observations.
    pub observed: LiteMap<usize, Observed>,
    /// What was written for explanations, sent or not.
    pub words: LiteMap<usize, Rc<str>>,
    /// Explanations in the learner's own words, and how near they come to ours.
    pub explained: LiteMap<usize, (String, Option<Mark>)>,
    /// What was filled into tables and checked: the values of their cells, in their order.
    pub filled: LiteMap<usize, Vec<usize>>,
    /// What was chosen for the cells of tables, by the line of the block and the place of the cell.
    pub drafts: LiteMap<(usize, usize), usize>,
    /// Points that were collected.
    pub collected: LiteMap<usize, Vec<Point>>,
    /// When the next one lands, if nothing is changed before.
    pub lands: Option<SimTime>,
    /// How the tests of goals and challenges stand.
    pub goals: LiteMap<TestId, Standing>,
    /// Hints that were asked for.
    pub hints: LiteMap<usize, usize>,
    /// Actions that were ever taken.
    pub taken: Vec<usize>,
    /// Chat of the step's run that has been announced, by the line of its block.
    pub announced: Vec<usize>,
    /// The challenge that is being played.
    pub challenge: Option<usize>,
}

impl Story {
    /// A lesson that nobody has begun.
    pub fn new(id: &str, lesson: Rc<Lesson>) -> Self {
        Self {
            edition: progress::edition(&lesson),
            lesson,
            id: id.to_owned(),
            step: 0,
            furthest: 0,
            chosen: LiteMap::new(),
            locked: LiteMap::new(),
            votes: LiteMap::new(),
            answers: LiteMap::new(),
            judged: LiteMap::new(),
            observed: LiteMap::new(),
            words: LiteMap::new(),
            explained: LiteMap::new(),
            filled: LiteMap::new(),
            drafts: LiteMap::new(),
            collected: LiteMap::new(),
            lands: None,
            goals: LiteMap::new(),
            hints: LiteMap::new(),
            taken: Vec::new(),
            announced: Vec::new(),
            challenge: None,
        }
    }

    /// The step on show.
    pub fn current(&self) -> Option<&Step> {
        self.lesson.steps.get(self.step)
    }

    fn parts(&self) -> &[Part] {
        self.current().map_or(&[], |step| &step.parts)
    }

    fn predictions(&self) -> impl Iterator<Item = &Predict> {
        self.parts()
            .iter()
            .filter_map(|part| if let Part::Predict(predict) = part { Some(predict) } else { None })
    }

    fn goals(&self) -> impl Iterator<Item = &Goal> {
        self.parts().iter().filter_map(|part| if let Part::Goal(goal) = part { Some(goal) } else { None })
    }

    fn chats(&self) -> impl Iterator<Item = &Chat> {
        self.parts().iter().filter_map(|part| if let Part::Chat(chat) = part { Some(chat) } else { None })
    }

    fn predict(&self, line: usize) -> Option<&Predict> {
        self.predictions().find(|predict| predict.line == line)
    }

    fn vote(&self, line: usize) -> Option<&Vote> {
        self.parts().iter().find_map(|part| match part {
            Part::Vote(vote) if vote.line == line => Some(vote),
            _ => None,
        })
    }

    /// Whether a prediction waits to be locked in: until then time stands still.
    fn must_predict(&self) -> bool {
        self.challenge.is_none() && self.predictions().any(|predict| !self.locked.contains_key(&predict.line))
    }

    /// What may be touched: in a challenge everything that it does not lock, nothing while the run is on its way to the
    /// answer of a prediction, else what the story has introduced so far.
    pub fn is_open(&self, control: Control) -> bool {
        if let Some(challenge) = self.challenge.and_then(|line| self.find_challenge(line)) {
            return !challenge.lock.contains(&control);
        }
        if self.asked().next().is_some() {
            return false;
        }
        self.lesson.is_unlocked(self.step, control)
    }

    /// Why the controls rest, and what brings them back, if they do. `replay` is the run on show.
    pub fn rest(&self, replay: &Replay, playing: bool) -> Option<&'static str> {
        let predict = self.asked().next()?;
        Some(if !self.lesson.is_asked(self.step, predict, replay) {
            "The controls rest until your prediction is answered: press \"Show the run that answers\" in the story."
        } else if playing {
            "The controls rest while the run answers your prediction; they are back with the answer."
        } else {
            "The controls rest until the run has answered your prediction: press Play to let it go on."
        })
    }

    /// Where time stops by itself next after `now`: at the step's decision point, and as soon as the run has answered
    /// a prediction or decided a goal. On the way to an answer it stops for that alone, and once that is given the learner's
    /// own runs only stop for the goal.
    pub fn stop(&self, now: SimTime) -> Option<SimTime> {
        let answered = self.asked().filter_map(Predict::end).filter(|at| *at > now).min();
        if answered.is_some() {
            return answered;
        }
        let until = self.current().and_then(|step| step.scene.until);
        let is_own =
            self.predictions().next().is_some() && !self.must_predict() && self.goals().next().is_some();
        let until = until.filter(|_| self.challenge.is_none() && !is_own);
        let goals = self.tests().into_iter().filter_map(|(_, test)| test.measure.end());
        // Each way of a vote is watched up to what is asked of it.
        let votes = self.parts().iter().any(|part| matches!(part, Part::Vote(_)));
        let seen =
            self.observations().filter(|observe| votes || !self.is_observed(observe)).map(Observe::end);
        let seen = seen.filter(|_| self.challenge.is_none());
        until.into_iter().chain(goals).chain(seen).chain(self.lands).filter(|at| *at > now).min()
    }

    /// Predictions that are locked in and wait for their answer.
    fn asked(&self) -> impl Iterator<Item = &Predict> {
        let is_open = |locked: &Locked| locked.outcome.is_none();
        let is_on = self.challenge.is_none();
        self.predictions().filter(move |predict| is_on && self.locked.get(&predict.line).is_some_and(is_open))
    }

    /// What the run on show has to reach: the goals of the step, or the tests of the challenge.
    fn tests(&self) -> Vec<(TestId, Test)> {
        if let Some(line) = self.challenge {
            let tests = self.parts().iter().find_map(|part| match part {
                Part::Challenge(challenge) if challenge.line == line => Some(&challenge.tests),
                _ => None,
            });
            return tests
                .into_iter()
                .flatten()
                .enumerate()
                .map(|(place, test)| ((line, place), *test))
                .collect();
        }
        self.goals().map(|goal| ((goal.line, 0), goal.test)).collect()
    }

    /// What a run must remember, so that the lesson can be judged.
    pub fn wanted(&self) -> Rc<Wanted> {
        self.lesson.wanted().into()
    }

    /// Looks at the run and notes what it has answered. Gives what is worth being announced.
    pub fn observe(&mut self, run: &dyn Playable) -> Vec<String> {
        let mut news = Vec::new();
        let replay = run.replay();
        // What is done at this moment comes into force next.
        let by = run.now().next();
        for (_, input) in replay.inputs().iter().filter(|(at, _)| *at <= by) {
            if let Input::Action(action) = input
                && !self.taken.contains(action)
            {
                self.taken.push(*action);
            }
        }
        let outcomes: Vec<(usize, f64, Vec<f64>)> = self
            .asked()
            .filter_map(|predict| {
                let outcome =
                    self.lesson.answer(self.step, predict, run)?.value.filter(|value| value.is_finite())?;
                Some((predict.line, outcome, told(predict.outcome_texts(), run)))
            })
            .collect();
        for (line, outcome, told) in outcomes {
            if let Some(locked) = self.locked.get_mut(&line) {
                (locked.outcome, locked.told) = (Some(outcome), told);
                news.push(String::from("The run has answered your prediction."));
            }
        }
        self.look_for(run);
        news.extend(self.gather(run));
        let from = self.judged_from();
        let tests = self.tests();
        // Goals are met by one and the same run, and stay met then. A challenge asks for the run on show.
        let is_met = |id: &TestId| self.goals.get(id).is_some_and(|standing| standing.met);
        let stays = self.challenge.is_none() && tests.iter().all(|(id, _)| is_met(id));
        for (id, test) in tests {
            let outcome = test.judge(run, from);
            let holds = outcome.met.is_some();
            let standing = self.goals.entry(id).or_default();
            if holds && !standing.met {
                news.push(String::from("Goal met."));
            }
            let value = outcome.value.filter(|value| value.is_finite());
            *standing = Standing { value, holds, met: holds || stays };
        }
        let said: Vec<(usize, String)> = self
            .heard(run)
            .into_iter()
            .filter(|(_, chat)| !self.announced.contains(&chat.line))
            .map(|(_, chat)| {
                let who = self.lesson.cast.get(chat.who).map_or("Somebody", |person| &person.name);
                (chat.line, format!("{who}: {}", plain(&chat.says)))
            })
            .collect();
        for (line, sentence) in said {
            self.announced.push(line);
            news.push(sentence);
        }
        news
    }

    /// From when on what has no moment is judged: from where the learner may decide.
    fn judged_from(&self) -> SimTime {
        let challenge = self.challenge.and_then(|line| self.find_challenge(line));
        challenge.map_or_else(|| self.lesson.clock(self.step), |challenge| challenge.setup.begin)
    }

    /// Chat that `run` has given cause to by now, in order of time; lines that are given as hints are not among them.
    pub fn heard(&self, run: &dyn Playable) -> Vec<(SimTime, &Chat)> {
        let from = self.lesson.begins(self.step);
        let chats = self.chats().filter(|chat| !chat.hint);
        let mut heard: Vec<(SimTime, &Chat)> = Vec::new();
        for chat in chats {
            if let Some(at) = chat.said(run, from) {
                heard.insert(heard.partition_point(|(other, _)| *other <= at), (at, chat));
            }
        }
        heard
    }

    /// Whether the action that the option of a vote needs was ever taken.
    pub fn is_ballot_open(&self, vote: &Vote, option: usize) -> bool {
        let needs = vote.options.get(option).and_then(|ballot| ballot.needs);
        needs.is_none_or(|action| self.taken.contains(&action))
    }

    /// Whether the predictions that were locked in came true: how many did, and how many are answered.
    pub fn score(&self) -> (usize, usize) {
        let all = self.lesson.steps.iter().flat_map(|step| &step.parts);
        let answered = all.filter_map(|part| match part {
            Part::Predict(predict) => self
                .locked
                .get(&predict.line)
                .filter(|locked| locked.outcome.is_some())
                .map(|locked| locked.option == predict.answer),
            _ => None,
        });
        answered.fold((0, 0), |(right, all), is_right| (right + usize::from(is_right), all + 1))
    }

    fn go(&mut self, step: usize) {
        self.step = step.min(self.lesson.steps.len().saturating_sub(1));
        self.furthest = self.furthest.max(self.step);
        self.challenge = None;
    }

    fn forget_run(&mut self) {
        self.announced.clear();
        for (id, _) in self.tests() {
            if let Some(standing) = self.goals.get_mut(&id) {
                let met = standing.met && self.challenge.is_none();
                *standing = Standing { met, ..Standing::default() };
            }
        }
    }
}

#[cfg(test)]
mod both_ways;
#[cfg(test)]
mod tests;
