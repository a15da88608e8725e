//! A deck of interview questions as plain data: what is asked, what a good answer says, and the run that is the evidence.
//!
//! Lines count from 1 in the file that the deck was read from.

use serde::{Deserialize, Serialize};

use crate::goal;
use crate::lesson::Text;
use crate::measure::{Measure, Test};

/// Questions about one subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deck {
    /// Heading.
    pub title: String,
    /// One sentence: what the questions are about.
    pub summary: String,
    /// The questions.
    pub cards: Vec<Card>,
}

/// A question, and all that is told once it has been answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// What progress and exports know it by: it stays when the words change. Of all decks no two are alike.
    pub id: String,
    /// Line of its heading.
    pub line: usize,
    /// Heading.
    pub title: String,
    /// What the interviewer asks.
    pub asks: Text,
    /// A good answer.
    pub answer: Text,
    /// What an answer is graded by, from what is expected of everybody to what is expected of few.
    pub rows: Vec<Row>,
    /// The run that shows that the answer is right.
    pub evidence: Evidence,
}

/// From which level on an answer is expected to say something. The order is that of the levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// An engineer who works alone.
    Mid,
    /// One who leads the work on a system.
    Senior,
    /// One who decides for several teams.
    Staff,
}

impl Level {
    /// All levels, and how a deck writes them.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Mid, "mid"), (Self::Senior, "senior"), (Self::Staff, "staff")];

    /// How a deck writes it.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// One thing that a good answer says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Who is expected to say it.
    pub level: Level,
    /// The thing, as a sentence.
    pub says: Text,
    /// What the interviewer asks of somebody who did not say it.
    pub probe: Option<Text>,
}

/// A moment of a run, and what can be seen there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Line where the link stands.
    pub line: usize,
    /// What one sees at that moment, with the numbers of the run.
    pub shows: Text,
    /// The run and the moment: what stands behind `#/play/` in a link.
    pub play: String,
    /// What holds at that moment. It is a test of the scenario of the link.
    pub test: Test,
}

impl Evidence {
    /// All that is asked of the run: what its test measures first, then what one sees.
    pub fn measures(&self) -> Vec<Measure> {
        let mut measures = vec![self.test.measure];
        goal::inlines(&self.shows, &mut |measure| measures.push(*measure));
        measures
    }
}
