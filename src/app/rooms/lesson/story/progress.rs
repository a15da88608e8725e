//! What a learner has done in a lesson, as it is kept between visits, and taken up again only where the lesson has it.

use litemap::LiteMap;
use warstories_lesson::Lesson;
use warstories_lesson::lesson::Part;
use warstories_lesson::points::Point;
use warstories_sim::{Link, Replay};

use super::collection::MANY_POINTS;
use super::own_words::Observed;
use super::{Locked, Standing, Story, lives};
use crate::run::progress::{Explanation, LessonProgress, Observation, Prediction};

/// What progress names, as pairs of a line and an option, a test or a count, and whether the part at that line has it.
type Named<'a> = (&'a str, &'a [(usize, usize)], fn(&Part, usize) -> bool);

impl Story {
    /// Everything that outlives a visit but the run itself, which is in the address.
    pub fn progress(&self) -> LessonProgress {
        let finite = |value: &f64| Some(*value).filter(|value| value.is_finite());
        let prediction = |(line, locked): (&usize, &Locked)| Prediction {
            line: *line,
            option: locked.option,
            outcome: locked.outcome.as_ref().and_then(finite),
            told: locked.told.iter().map(finite).collect(),
        };
        let observation = |(line, observed): (&usize, &Observed)| Observation {
            line: *line,
            said: observed.said.clone(),
            found: observed.found.clone(),
            told: observed.told.iter().map(finite).collect(),
        };
        let explained = self.explained.iter();
        let pairs = |map: &LiteMap<usize, usize>| map.iter().map(|(line, value)| (*line, *value)).collect();
        let lists = |map: &LiteMap<usize, Vec<usize>>| {
            map.iter().flat_map(|(line, all)| all.iter().map(|each| (*line, *each))).collect()
        };
        let steps = &self.lesson.steps;
        LessonProgress {
            edition: self.spelled_edition(),
            steps: steps.len(),
            step: self.step,
            furthest: self.furthest,
            done: self.furthest + 1 == steps.len() && steps.iter().all(|step| self.is_done(step)),
            acts: self.acts(),
            predicted: self.locked.iter().map(prediction).collect(),
            votes: lists(&self.votes),
            answers: pairs(&self.answers),
            observed: self.observed.iter().map(observation).collect(),
            explained: explained
                .map(|(line, (text, mark))| Explanation { line: *line, text: text.clone(), mark: *mark })
                .collect(),
            filled: lists(&self.filled),
            collected: self.collected.iter().map(|(line, points)| (*line, points.clone())).collect(),
            met: self.goals.iter().filter(|(_, standing)| standing.met).map(|(id, _)| *id).collect(),
            taken: self.taken.clone(),
            hints: pairs(&self.hints),
        }
    }

    /// The acts, if there are several, and whether the learner has been through them and left nothing undone.
    fn acts(&self) -> Vec<(String, bool)> {
        let mut acts: Vec<(String, bool)> = Vec::new();
        for (index, step) in self.lesson.steps.iter().enumerate() {
            if let Some(act) = &step.scene.act {
                acts.push((act.title.clone(), true));
            }
            if let Some((_, is_done)) = acts.last_mut() {
                *is_done &= index <= self.furthest && self.is_done(step);
            }
        }
        if acts.len() > 1 { acts } else { Vec::new() }
    }

    /// Takes up what was kept, in a story that nobody has begun.
    ///
    /// # Errors
    /// The reason, as a clause without a full stop: the lesson has changed since, or has nothing at the place that the
    /// progress names. The story is then left as it was.
    pub fn take_up_progress(&mut self, progress: &LessonProgress) -> Result<(), String> {
        if progress.edition != self.spelled_edition() {
            return Err(String::from("it has changed since you were here"));
        }
        self.check(progress).map_err(|place| {
            format!("your earlier progress names something that it does not have ({place})")
        })?;
        (self.step, self.furthest) = (progress.step, progress.furthest);
        for Prediction { line, option, outcome, told } in &progress.predicted {
            let told = told.iter().map(|value| value.unwrap_or(f64::NAN)).collect();
            // A browser reads 1e999 as infinity, which no run has said.
            let outcome = outcome.filter(|value| value.is_finite());
            self.chosen.insert(*line, *option);
            self.locked.insert(*line, Locked { option: *option, outcome, told });
        }
        for (line, option) in &progress.votes {
            self.votes.entry(*line).or_default().push(*option);
        }
        for (line, option) in &progress.answers {
            self.chosen.insert(*line, *option);
            self.answers.insert(*line, *option);
        }
        for Observation { line, said, found, told } in &progress.observed {
            for (place, is_true) in said.iter().enumerate() {
                self.judged.insert((*line, place), *is_true);
            }
            let told = told.iter().map(|value| value.unwrap_or(f64::NAN)).collect();
            self.observed.insert(*line, Observed { said: said.clone(), found: found.clone(), told });
        }
        for Explanation { line, text, mark } in &progress.explained {
            self.explained.insert(*line, (text.clone(), *mark));
        }
        for (line, choice) in &progress.filled {
            self.filled.entry(*line).or_default().push(*choice);
        }
        for (line, points) in &progress.collected {
            self.collected.insert(*line, points.clone());
        }
        for id in &progress.met {
            self.goals.insert(*id, Standing { met: true, ..Standing::default() });
        }
        self.taken.clone_from(&progress.taken);
        for (line, count) in &progress.hints {
            self.hints.insert(*line, *count);
        }
        Ok(())
    }

    fn spelled_edition(&self) -> String {
        format!("{:016x}", self.edition)
    }

    /// Whether the lesson has everything that is named.
    ///
    /// # Errors
    /// The first place that it does not have.
    fn check(&self, progress: &LessonProgress) -> Result<(), String> {
        let steps = self.lesson.steps.len();
        if progress.steps != steps || !progress.is_in_order() {
            return Err(format!("step {} of {}", progress.furthest.saturating_add(1), progress.steps));
        }
        let guesses: Vec<_> = progress.predicted.iter().map(|each| (each.line, each.option)).collect();
        let told: Vec<_> = progress.predicted.iter().map(|each| (each.line, each.told.len())).collect();
        let observed = progress.observed.iter();
        let observed: Vec<_> = observed.map(|each| (each.line, each.statements().unwrap_or(0))).collect();
        let numbers: Vec<_> = progress.observed.iter().map(|each| (each.line, each.told.len())).collect();
        let explained = progress.explained.iter();
        let explained: Vec<_> = explained.map(|each| (each.line, each.text.chars().count())).collect();
        // Counted for the lesson's own tables only: there are few of them, and a file may name any number.
        let count = |line| progress.filled.iter().filter(|(other, _)| *other == line).count();
        let parts = self.lesson.steps.iter().flat_map(|step| &step.parts);
        let tables: LiteMap<usize, usize> = parts
            .filter_map(
                |part| if let Part::Fill(fill) = part { Some((fill.line, count(fill.line))) } else { None },
            )
            .collect();
        let counts: Vec<_> =
            progress.filled.iter().map(|(line, _)| (*line, tables.get(line).copied().unwrap_or(0))).collect();
        let points = progress.collected.iter();
        let points: Vec<_> = points
            .map(|(line, points)| {
                (
                    *line,
                    usize::from(
                        points.len() <= 2 * MANY_POINTS && points.iter().all(|point| self.may_be(point)),
                    ),
                )
            })
            .collect();
        let named: [Named; 12] = [
            (
                "a prediction",
                &guesses,
                |part, option| matches!(part, Part::Predict(predict) if option < predict.options.len()),
            ),
            (
                "what a prediction tells",
                &told,
                |part, count| matches!(part, Part::Predict(predict) if count <= predict.outcome_texts().flat_map(|text| lives(text)).count()),
            ),
            (
                "a vote",
                &progress.votes,
                |part, option| matches!(part, Part::Vote(vote) if option < vote.options.len()),
            ),
            (
                "a quiz",
                &progress.answers,
                |part, option| matches!(part, Part::Quiz(quiz) if option < quiz.options.len()),
            ),
            (
                "an observation",
                &observed,
                |part, count| matches!(part, Part::Observe(observe) if count == observe.statements.len()),
            ),
            (
                "what an observation tells",
                &numbers,
                |part, count| matches!(part, Part::Observe(observe) if count <= observe.statements.iter().flat_map(|statement| lives(&statement.because)).count()),
            ),
            (
                "an explanation",
                &explained,
                |part, length| matches!(part, Part::Explain(_) if (1..=Explanation::MOST).contains(&length)),
            ),
            (
                "cells of a table",
                &counts,
                |part, count| matches!(part, Part::Fill(fill) if count <= fill.asked().len()),
            ),
            (
                "a value for a table",
                &progress.filled,
                |part, choice| matches!(part, Part::Fill(fill) if choice < fill.choices.len()),
            ),
            ("points", &points, |part, are_good| matches!(part, Part::Collect(_)) && are_good == 1),
            ("a goal", &progress.met, |part, place| match part {
                Part::Goal(_) => place == 0,
                Part::Challenge(challenge) => place < challenge.tests.len(),
                _ => false,
            }),
            (
                "a hint",
                &progress.hints,
                |part, count| matches!(part, Part::Goal(goal) if count <= goal.hints.len()),
            ),
        ];
        for (what, pairs, is_there) in named {
            for (line, value) in pairs {
                if !self.part_at(*line).is_some_and(|part| is_there(part, *value)) {
                    return Err(format!("{what} at line {line}"));
                }
            }
        }
        let actions = self.lesson.replay(0).map_or(0, |replay| replay.spec().actions.len());
        match progress.taken.iter().find(|action| **action >= actions) {
            Some(action) => Err(format!("action {action} of {actions}")),
            None => Ok(()),
        }
    }

    /// Whether a run of the lesson's scenario may have measured this.
    fn may_be(&self, point: &Point) -> bool {
        let is_of_lesson = |link: Link| link.replay.spec().id == self.lesson.scenario;
        point.x.is_finite() && point.y.is_finite() && Replay::parse(&point.run).is_ok_and(is_of_lesson)
    }

    /// The block at a line.
    fn part_at(&self, at: usize) -> Option<&Part> {
        self.lesson.steps.iter().flat_map(|step| &step.parts).find(|part| part.line() == Some(at))
    }
}

/// A hash over the whole lesson (FNV-1a): what is kept of a learner's progress names the lines of one edition.
pub(super) fn edition(lesson: &Lesson) -> u64 {
    let bytes = postcard::to_allocvec(lesson).unwrap_or_default();
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
