//! What a learner has done in all lessons, as plain data: one store, written as JSON, and safe to read whatever it says.

mod json;
pub mod kept;
mod map;

use litemap::LiteMap;
use serde::{Deserialize, Serialize};

use warstories_lesson::points::Point;
use warstories_lesson::practice::{Day, Grade, Review};
use warstories_sim::suggest::shortened;

use crate::browser::file::MOST_BYTES;

/// The version that is written.
const VERSION: u32 = 4;
/// The oldest version that is read. What it does not have yet is empty.
const OLDEST: u32 = 1;

/// The progress in every lesson that was ever opened.
///
/// A field that this version does not know is ignored here and below, and lost when the store is written again. Whoever
/// adds one that matters therefore raises [`VERSION`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Store {
    version: u32,
    /// By the id of the lesson; a lesson of the learner's own also by its edition.
    #[serde(with = "map")]
    pub lessons: LiteMap<String, LessonProgress>,
    /// What the learner has said to interview questions, by the id of the question.
    #[serde(default, with = "map")]
    pub cards: LiteMap<String, CardProgress>,
}

/// What the learner has said to an interview question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardProgress {
    /// The answer, as far as it is written: at most [`CardProgress::MOST`] characters.
    pub answer: String,
    /// Whether it is given: from then on it stays as it is, and is graded.
    pub is_given: bool,
    /// By row of the question: the grade, and the words of the answer that earn it.
    pub rows: Vec<(Grade, String)>,
    /// When it is asked again; nothing before it was rated for the first time.
    pub review: Option<Review>,
    /// The day on which it was rated last, while this answer is the one that was rated.
    pub rated: Option<Day>,
    /// The answer before this one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub earlier: String,
}

impl CardProgress {
    /// Characters of an answer, at most: a page.
    pub const MOST: usize = 4000;

    /// The next answer, of which nothing is written yet.
    pub fn again(&self) -> Self {
        let earlier = if self.answer.is_empty() { &self.earlier } else { &self.answer };
        Self { review: self.review, earlier: earlier.clone(), ..Self::default() }
    }

    /// By what two of the same question are compared: the day that was planned, and how much was said.
    fn reach(&self) -> (Option<Day>, bool, usize) {
        (self.review.map(|review| review.due), self.is_given, self.answer.len())
    }
}

/// The progress in one lesson. Steps and options count from 0; blocks are named by the line that they stand at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LessonProgress {
    /// The edition of the lesson, to which alone the lines belong: a hash in hexadecimal digits.
    pub edition: String,
    /// How many steps the lesson has.
    pub steps: usize,
    /// The step on show.
    pub step: usize,
    /// The latest step that was ever on show.
    pub furthest: usize,
    /// Whether every step was on show and none has anything left to do.
    pub done: bool,
    /// The acts of the lesson: what they are called, and whether nothing in them is left to do.
    #[serde(default)]
    pub acts: Vec<(String, bool)>,
    /// Predictions that were locked in.
    pub predicted: Vec<Prediction>,
    /// The options that were voted for, in order: the line of the vote, and the option.
    pub votes: Vec<(usize, usize)>,
    /// Answers to quizzes: the line of the quiz, and the option.
    pub answers: Vec<(usize, usize)>,
    /// What was observed in runs.
    #[serde(default)]
    pub observed: Vec<Observation>,
    /// What was explained in the learner's own words.
    #[serde(default)]
    pub explained: Vec<Explanation>,
    /// What was filled into tables and checked: the line of the table, and the value of its next cell.
    #[serde(default)]
    pub filled: Vec<(usize, usize)>,
    /// Points that were collected: the line of the block, and what runs have measured.
    #[serde(default)]
    pub collected: Vec<(usize, Vec<Point>)>,
    /// Goals and tests of challenges that were met: the line of the block, and the position of the test in it.
    pub met: Vec<(usize, usize)>,
    /// Actions that were ever taken, by their position in the scenario.
    pub taken: Vec<usize>,
    /// How many hints were asked for: the line of the goal, and their number.
    pub hints: Vec<(usize, usize)>,
}

impl LessonProgress {
    /// Whether the step on show was reached, and the furthest one exists.
    pub fn is_in_order(&self) -> bool {
        self.step <= self.furthest && self.furthest < self.steps
    }
}

/// A prediction that was locked in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// The line of the prediction.
    pub line: usize,
    /// The option.
    pub option: usize,
    /// What the run said, once it has come there.
    pub outcome: Option<f64>,
    /// What it said then to the numbers of the text that is told with the outcome; nothing where it had none.
    pub told: Vec<Option<f64>>,
}

/// What the learner took for true and false of a run, statement by statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// The line of the observation.
    pub line: usize,
    /// What the learner said.
    pub said: Vec<bool>,
    /// What the run says; empty until it has been asked.
    pub found: Vec<bool>,
    /// What it said to the numbers that are told with the verdicts; nothing where it had none.
    pub told: Vec<Option<f64>>,
}

impl Observation {
    /// How many statements it is about, if it says as much of all of them.
    pub fn statements(&self) -> Option<usize> {
        (self.found.is_empty() || self.found.len() == self.said.len()).then_some(self.said.len())
    }
}

/// An explanation in the learner's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The line of the question.
    pub line: usize,
    /// What the learner wrote: at most [`Explanation::MOST`] characters.
    pub text: String,
    /// How near it comes to ours, by the learner's own judgement.
    pub mark: Option<Mark>,
}

impl Explanation {
    /// Characters of an explanation, at most: some sentences.
    pub const MOST: usize = 400;
}

/// How near an explanation comes to ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// It says the same.
    Had,
    /// It says some of it.
    Partly,
    /// It says something else.
    NotYet,
}

/// What has become of the lessons of an imported store, by key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Taken in.
    pub taken: Vec<String>,
    /// Left out, because the learner has come as far here, or further.
    pub behind: Vec<String>,
    /// Left out, because it belongs to another edition of the lesson than the one that was played here.
    pub other: Vec<String>,
    /// How many answers to interview questions were taken in.
    pub cards: usize,
}

/// All that must be understood to tell the version: other fields are another version's business.
#[derive(Deserialize)]
struct Head {
    version: u32,
}

impl Default for Store {
    fn default() -> Self {
        Self { version: VERSION, lessons: LiteMap::new(), cards: LiteMap::new() }
    }
}

impl Store {
    /// A store that holds one lesson.
    pub fn of(key: &str, progress: LessonProgress) -> Self {
        Self { lessons: LiteMap::from_iter([(key.to_owned(), progress)]), ..Self::default() }
    }

    /// The store as JSON, in one line.
    pub fn print(&self) -> String {
        json::write(self)
    }

    /// Reads what [`Store::print`] has written.
    ///
    /// # Errors
    /// The reason, as a clause without a full stop.
    pub fn read(text: &str) -> Result<Self, String> {
        let Head { version } = json::read(text)?;
        if !(OLDEST..=VERSION).contains(&version) {
            let cure = if version > VERSION { ": load this page again to get the newest" } else { "" };
            return Err(format!(
                "it has version {version}, and this page reads versions {OLDEST} to {VERSION}{cure}"
            ));
        }
        let store = Self { version: VERSION, ..json::read(text)? };
        for (key, progress) in &store.lessons {
            if !progress.is_in_order() {
                let key = shortened(key);
                return Err(format!("the steps of lesson \"{key}\" are not in order"));
            }
        }
        for (id, card) in &store.cards {
            if [&card.answer, &card.earlier].iter().any(|answer| answer.chars().count() > CardProgress::MOST)
            {
                let (id, most) = (shortened(id), CardProgress::MOST);
                return Err(format!("the answer to \"{id}\" is longer than {most} characters"));
            }
        }
        Ok(store)
    }

    /// Merges what is in a file, lesson by lesson; see [`Store::merge`].
    ///
    /// # Errors
    /// The reason, as a clause without a full stop; the store is then left as it was.
    pub fn import(&mut self, file: &[u8]) -> Result<Merged, String> {
        if file.len() > MOST_BYTES {
            return Err(String::from("it is longer than 1 MB"));
        }
        let text =
            str::from_utf8(file).map_err(|error| format!("byte {} is not UTF-8", error.valid_up_to() + 1))?;
        Ok(self.merge(Self::read(text)?))
    }

    /// Takes in every lesson that got further there than here, or that is not here, and every answer to an interview
    /// question likewise.
    pub fn merge(&mut self, other: Self) -> Merged {
        let mut merged = Merged::default();
        for (key, theirs) in other.lessons {
            let list = match self.lessons.get(&key) {
                Some(own) if own.edition != theirs.edition => &mut merged.other,
                Some(own) if own.reach() >= theirs.reach() => &mut merged.behind,
                _ => {
                    self.lessons.insert(key.clone(), theirs);
                    &mut merged.taken
                }
            };
            list.push(key);
        }
        for (id, theirs) in other.cards {
            if self.cards.get(&id).is_none_or(|own| own.reach() < theirs.reach()) {
                self.cards.insert(id, theirs);
                merged.cards += 1;
            }
        }
        merged
    }

    /// How many lessons are done.
    pub fn done(&self) -> usize {
        self.lessons.values().filter(|progress| progress.done).count()
    }
}

impl LessonProgress {
    /// How far the learner is, for people.
    pub fn far(&self) -> String {
        if self.done {
            return String::from("Done");
        }
        let acts = self.acts.iter().filter(|(_, is_done)| *is_done).map(|(title, _)| format!("✓ {title}"));
        acts.chain([format!("Step {} of {}", self.furthest + 1, self.steps)]).collect::<Vec<_>>().join(" · ")
    }

    /// Adds what `other`, of the same edition, has and this has not, such as what the same learner did in another tab.
    pub fn add_missing(&mut self, other: &Self) {
        fn add<T: Clone>(own: &mut Vec<T>, other: &[T], line: fn(&T) -> usize) {
            let lines: Vec<_> = own.iter().map(line).collect();
            own.extend(other.iter().filter(|each| !lines.contains(&line(each))).cloned());
        }
        self.furthest = self.furthest.max(other.furthest);
        self.done |= other.done;
        for ((_, is_done), (_, theirs)) in self.acts.iter_mut().zip(&other.acts) {
            *is_done |= theirs;
        }
        let is_answered = |theirs: &Prediction, line| theirs.line == line && theirs.outcome.is_some();
        self.predicted.retain(|own| {
            own.outcome.is_some() || !other.predicted.iter().any(|theirs| is_answered(theirs, own.line))
        });
        add(&mut self.predicted, &other.predicted, |each| each.line);
        add(&mut self.votes, &other.votes, |each| each.0);
        add(&mut self.answers, &other.answers, |each| each.0);
        add(&mut self.observed, &other.observed, |each| each.line);
        add(&mut self.explained, &other.explained, |each| each.line);
        add(&mut self.filled, &other.filled, |each| each.0);
        add(&mut self.collected, &other.collected, |each| each.0);
        self.met
            .extend(other.met.iter().filter(|each| !self.met.contains(each)).copied().collect::<Vec<_>>());
        add(&mut self.taken, &other.taken, |each| *each);
        add(&mut self.hints, &other.hints, |each| each.0);
    }

    /// By what two of the same lesson are compared: the latest step, and what was done up to there.
    fn reach(&self) -> (bool, usize, usize) {
        let outcomes = self.predicted.iter().filter(|prediction| prediction.outcome.is_some()).count();
        let said = self.predicted.len() + outcomes + self.votes.len() + self.answers.len();
        let points: usize = self.collected.iter().map(|(_, points)| points.len()).sum();
        let seen = self.observed.len() + self.explained.len() + self.filled.len() + points;
        (self.done, self.furthest, said + seen + self.met.len() + self.taken.len())
    }
}

impl Merged {
    /// What was taken and what was not, with the cure; `name` gives what a lesson is called.
    pub fn sentence(&self, name: impl Fn(&str) -> String) -> String {
        let names = |keys: &[String]| keys.iter().map(|key| name(key)).collect::<Vec<_>>().join("; ");
        let parts = [
            ("Imported", &self.taken, ""),
            ("Not imported, because you are as far here or further", &self.behind, ""),
            (
                "Not imported, because the file holds another edition of the lesson",
                &self.other,
                " Open the lesson here once, then import the file again.",
            ),
        ];
        let told = parts.iter().filter(|(_, keys, _)| !keys.is_empty());
        let mut told: Vec<String> =
            told.map(|(what, keys, cure)| format!("{what}: {}.{cure}", names(keys))).collect();
        if self.cards > 0 {
            told.push(format!("Imported answers to interview questions: {}.", self.cards));
        }
        if told.is_empty() { String::from("There is nothing new in this file.") } else { told.join(" ") }
    }
}

// Property tests draw random cases by a crate that is not built for the browser.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
