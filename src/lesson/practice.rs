//! How an answer to an interview question is graded, and when the question is asked again.
//!
//! Learners grade themselves, row by row, and quote the sentence of their own answer that earns the grade: what they did
//! not say earns nothing.

use serde::{Deserialize, Serialize};

use crate::deck::{Card, Level};

/// What a row of a question has earned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// The answer does not say it.
    #[default]
    Absent,
    /// It names it.
    Named,
    /// It explains it, with a figure or a mechanism.
    Explained,
}

impl Grade {
    /// All grades, and what they are called.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Absent, "Not said"), (Self::Named, "Named"), (Self::Explained, "Explained")];

    /// What it is called.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
    /// Points of the best grade.
    const MOST: u32 = 2;

    fn points(self) -> u32 {
        match self {
            Self::Absent => 0,
            Self::Named => 1,
            Self::Explained => Self::MOST,
        }
    }
}

/// Words that a quotation has at least: fewer can be found in any answer.
const LEAST_QUOTED: usize = 3;

/// Whether `quote` is a part of `answer` that can bear a grade: three words or more. White space and capitals are all one.
pub fn is_quote_of(quote: &str, answer: &str) -> bool {
    let folded =
        |text: &str| text.to_ascii_lowercase().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let quote = folded(quote);
    quote.len() >= LEAST_QUOTED && folded(answer).join(" ").contains(&quote.join(" "))
}

/// The sentences of an answer that can bear a grade, in their order; where it has none, all of it if that can.
pub fn sentences(answer: &str) -> Vec<&str> {
    let can = |text: &&str| is_quote_of(text, answer);
    let ends = |char: char| matches!(char, '\n' | '!' | '?');
    // A full stop ends a sentence only where white space follows: 1.5 s is one number.
    let mut parts = Vec::new();
    for line in answer.split_inclusive(ends) {
        parts.extend(line.split_inclusive(". "));
    }
    let sentences: Vec<&str> = parts.into_iter().map(str::trim).filter(can).collect();
    if sentences.is_empty() { [answer.trim()].into_iter().filter(can).collect() } else { sentences }
}

/// The grade that counts: one that no quotation bears is none.
pub fn granted(grade: Grade, quote: &str, answer: &str) -> Grade {
    if is_quote_of(quote, answer) { grade } else { Grade::Absent }
}

/// What an answer has earned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Points and the most that can be had, of all rows.
    pub all: Share,
    /// The same by level, in the order of [`Level::ALL`].
    pub levels: [Share; 3],
}

/// Points, and the most that can be had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Points earned.
    pub points: u32,
    /// The most that can be had.
    pub most: u32,
}

impl Share {
    /// In percent, from 0 to 100; 0 where nothing can be had.
    pub fn percent(self) -> f64 {
        if self.most == 0 { 0.0 } else { 100.0 * f64::from(self.points) / f64::from(self.most) }
    }

    fn add(&mut self, grade: Grade) {
        self.points += grade.points();
        self.most += Grade::MOST;
    }
}

impl Score {
    /// Of the grades of a card's rows, in their order; a row without a grade has earned nothing.
    pub fn of(card: &Card, grades: &[Grade]) -> Self {
        let mut score = Self { all: Share::default(), levels: [Share::default(); 3] };
        for (nth, row) in card.rows.iter().enumerate() {
            let grade = grades.get(nth).copied().unwrap_or_default();
            score.all.add(grade);
            score.levels[row.level as usize].add(grade);
        }
        score
    }

    /// The level of which the answer is: the highest one that it meets by half, and all below it as well.
    pub fn level(&self) -> Option<Level> {
        let met = Level::ALL.iter().zip(self.levels).take_while(|(_, share)| share.percent() >= 50.0);
        met.last().map(|((level, _), _)| *level)
    }

    /// How well the question is known by this score: what is proposed to the learner, who decides.
    pub fn rating(&self) -> Rating {
        match self.all.percent() {
            percent if percent < 50.0 => Rating::Again,
            percent if percent < 70.0 => Rating::Hard,
            percent if percent < 90.0 => Rating::Good,
            _ => Rating::Easy,
        }
    }
}

/// How well a learner knows the answer, as four keys say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Rating {
    /// Not at all.
    Again,
    /// With trouble.
    Hard,
    /// Well.
    Good,
    /// Without thinking.
    Easy,
}

impl Rating {
    /// All ratings, and what they are called.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::Again, "Again"), (Self::Hard, "Hard"), (Self::Good, "Good"), (Self::Easy, "Easy")];
}

/// A day of the learner's calendar: days since the first of January 1970, where the learner is.
pub type Day = i64;

/// Days from a review to the next, by box. Fixed steps do as well as growing ones (A. Latimier, H. Peyre, F. Ramus, "A
/// Meta-Analytic Review of the Benefit of Spacing out Retrieval Practice Episodes on Retention", Educational Psychology
/// Review 33, 2021).
pub const BOXES: [Day; 4] = [1, 3, 7, 14];

/// Questions that come up again in a day, at most.
pub const MOST_A_DAY: usize = 20;

/// When a question that has been answered is asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Position in [`BOXES`].
    pub step: usize,
    /// The day on which it is due.
    pub due: Day,
}

impl Review {
    /// After an answer that was rated so on this day; `before` is what was planned, `None` for a new question.
    ///
    /// One that was not known goes to the first box, one that was known with trouble stays in its own, and any other goes
    /// to the next, until it stays in the last. Whoever knows it before it is due again has not yet had the time to forget
    /// it, so what was planned stays.
    pub fn after(before: Option<Self>, rating: Rating, today: Day) -> Self {
        let last = BOXES.len() - 1;
        let is_early = |before: &Self| {
            let wait = BOXES.get(before.step).copied().unwrap_or_default();
            (1..=wait).contains(&before.due.saturating_sub(today))
        };
        if let Some(before) = before.filter(is_early)
            && rating >= Rating::Good
        {
            return before;
        }
        let step = match (before, rating) {
            (None, _) | (Some(_), Rating::Again) => 0,
            (Some(before), Rating::Hard) => before.step.min(last),
            (Some(before), Rating::Good | Rating::Easy) => before.step.saturating_add(1).min(last),
        };
        Self { step, due: today.saturating_add(BOXES[step]) }
    }
}

/// The questions that are due on this day, those that have waited longest first, and of two the one whose id comes first.
pub fn due<'c>(reviews: impl Iterator<Item = (&'c str, Review)>, today: Day) -> Vec<&'c str> {
    let mut due: Vec<_> = reviews.filter(|(_, review)| review.due <= today).collect();
    due.sort_unstable_by_key(|(id, review)| (review.due, *id));
    due.truncate(MOST_A_DAY);
    due.into_iter().map(|(id, _)| id).collect()
}
