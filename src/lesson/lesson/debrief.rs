//! The end of a lesson: what its run has cost, and what is learnt from it.

use serde::{Deserialize, Serialize};

use super::Text;
use crate::measure::{Measure, Test};

/// What came of it, as a post-mortem tells it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Debrief {
    /// Line of the block.
    pub line: usize,
    /// What it cost, in numbers of the run.
    pub impact: Vec<Impact>,
    /// What contributed.
    pub factors: Vec<Text>,
    /// What went well, where it did.
    pub went_well: Vec<Remark>,
    /// Where the team was lucky, if it was.
    pub luck: Vec<Remark>,
    /// What is done about it.
    pub actions: Vec<Task>,
    /// From one to three metrics by their position, each on a chart of its own, whose graphs of the run stand in it; or
    /// none.
    pub charts: Vec<usize>,
    /// A commit message, line by line; what the learner has changed in the run stands below its first line.
    pub commit: Vec<Remark>,
}

impl Debrief {
    /// All that is said of a run where it holds.
    pub fn remarks(&self) -> impl Iterator<Item = &Remark> {
        self.went_well.iter().chain(&self.luck).chain(&self.commit)
    }
}

/// A sentence about the learner's run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    /// What it says.
    pub text: Text,
    /// What the run must show for it to be said; `None` where it is said of every run.
    pub test: Option<Test>,
}

/// A number that tells what it cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Impact {
    /// What the number is.
    pub label: Text,
    /// Where it comes from.
    pub measure: Measure,
}

/// Something to do, and who does it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// What to do.
    pub what: Text,
    /// Who does it.
    pub owner: String,
}
