//! What a lesson asks: of the run to come, of the run that has been, of the learner and of the team.

use serde::{Deserialize, Serialize};
use warstories_sim::SimTime;

use super::{Text, Timed};
use crate::measure::{Measure, Test};

/// A question about what the run will do; the run itself answers it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Predict {
    /// Line of the block.
    pub line: usize,
    /// The question.
    pub question: Text,
    /// What is tried for the answer, on top of the step's run.
    pub inputs: Vec<Timed>,
    /// Told to everybody when the outcome is known.
    pub after: Text,
    /// What one may guess, in the order in which everybody sees it.
    pub options: Vec<PredictOption>,
    /// Position of the option that comes true.
    pub answer: usize,
    /// Where the numbers of the options are drawn beside the outcome: a measure of the metric whose chart it is.
    pub measure: Option<Measure>,
}

impl Predict {
    /// When the run answers it: the moment of the answer's test.
    pub fn end(&self) -> Option<SimTime> {
        self.options.get(self.answer)?.test?.measure.end()
    }

    /// All that may be told with the outcome, in the order in which their numbers are kept: what everybody is told, then
    /// the explanation of each option.
    pub fn outcome_texts(&self) -> impl Iterator<Item = &Text> {
        std::iter::once(&self.after).chain(self.options.iter().map(|option| &option.because))
    }
}

/// One of the options of a prediction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PredictOption {
    /// What one reads.
    pub text: Text,
    /// What the run must show for it to be true; the answer has one. Its moment is never "now".
    pub test: Option<Test>,
    /// What is guessed, as a number, in the unit of the prediction's measure.
    pub value: Option<f64>,
    /// Whether everything beyond that number is guessed as well, as the test says: "above 20,000".
    pub open: bool,
    /// For whoever has chosen it: what they believed and what the run shows instead, or why it is right.
    pub because: Text,
}

/// A question about what the run has done: statements, each of which is true or false by the learner's own run. It is
/// asked when that has come to [`Observe::end`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observe {
    /// Line of the block.
    pub line: usize,
    /// The question.
    pub question: Text,
    /// What may or may not have been seen; from two to four.
    pub statements: Vec<Statement>,
}

impl Observe {
    /// When all statements are decided: the last moment that one of their tests names.
    pub fn end(&self) -> SimTime {
        self.statements.iter().filter_map(|statement| statement.test.measure.end()).max().unwrap_or_default()
    }
}

/// Something that may have been seen in a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// What one reads.
    pub text: Text,
    /// What the run shows where it is true. Its moment is never "now".
    pub test: Test,
    /// Whether it is true of the run of the lesson. A learner's own run may have gone another way.
    pub holds: bool,
    /// Told with the verdict where it is the same as in the run of the lesson.
    pub because: Text,
}

/// A question that the learner answers in their own words, to compare them with ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explain {
    /// Line of the block.
    pub line: usize,
    /// The question.
    pub question: Text,
    /// How we would say it.
    pub ours: Text,
}

/// The team decides, and the run goes on accordingly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vote {
    /// Line of the block.
    pub line: usize,
    /// The question.
    pub question: Text,
    /// The ways to go on.
    pub options: Vec<Ballot>,
}

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ballot {
    /// What one reads.
    pub text: Text,
    /// What happens.
    pub inputs: Vec<Timed>,
    /// Position of the action that must have been taken before this way is open.
    pub needs: Option<usize>,
    /// What the team says to it.
    pub says: Text,
}

/// A question with one right answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quiz {
    /// Line of the block.
    pub line: usize,
    /// The question.
    pub question: Text,
    /// The answers to choose from, in the order in which everybody sees them.
    pub options: Vec<QuizOption>,
    /// Position of the right one.
    pub answer: usize,
}

/// One of the options of a quiz.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuizOption {
    /// What one reads.
    pub text: Text,
    /// For whoever has chosen it: what is wrong with it, or why it is right.
    pub because: Text,
}
