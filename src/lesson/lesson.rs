//! A lesson as plain data: everything a page needs to show it, with every name resolved to a position in the tables
//! of its scenario, so that nothing is parsed again.
//!
//! Lines count from 1 in the file that the lesson was read from.

mod question;
mod fill;
mod collect;
mod debrief;

pub use collect::Collect;
pub use debrief::{Debrief, Impact, Remark, Task};
pub use fill::{Fill, FillCell, FillRow};
pub use question::{Ballot, Explain, Observe, Predict, PredictOption, Quiz, QuizOption, Statement, Vote};

use serde::{Deserialize, Serialize};
use warstories_sim::{Input, SimTime};

use crate::measure::Test;
use crate::prose::{Block, Inline};

/// A line of text with emphasis, code and live numbers.
pub type Text = Vec<Inline>;

/// A lesson: a run that fails, and the way to understand it, step by step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    /// Heading.
    pub title: String,
    /// One sentence: what one learns here.
    pub summary: String,
    /// Id of the scenario.
    pub scenario: String,
    /// Minutes that a learner needs, about.
    pub minutes: u32,
    /// The seed of all its runs.
    pub seed: u64,
    /// What every run of the lesson begins with and what happens by itself in all of them.
    pub setup: Setup,
    /// People who speak in it.
    pub cast: Vec<Person>,
    /// What the learner may touch from the beginning.
    pub open: Vec<Control>,
    /// What stands before the first step, and is shown at its head.
    pub introduction: Vec<Block>,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// Somebody who speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// As the lesson's blocks spell it.
    pub id: String,
    /// Name that people read.
    pub name: String,
    /// What they do in the story.
    pub role: String,
}

/// How a run is set up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Setup {
    /// Start values by position of the parameter: those that differ from what would hold otherwise.
    pub start: Vec<(usize, f64)>,
    /// What happens by itself, in order of time.
    pub inputs: Vec<Timed>,
    /// Where the learner's clock starts; what comes before is played at once.
    pub begin: SimTime,
}

/// A change or an action at a moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timed {
    /// When.
    pub at: SimTime,
    /// What.
    pub input: Input,
}

impl Timed {
    /// What it uses.
    pub fn control(&self) -> Control {
        match self.input {
            Input::Change { param, .. } => Control::Param(param),
            Input::Action(action) => Control::Action(action),
            Input::Text { field, .. } => Control::Text(field),
        }
    }
}

/// Something that the learner can take hold of, by its position in the scenario's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Control {
    /// A parameter.
    Param(usize),
    /// An action.
    Action(usize),
    /// A text field.
    Text(usize),
}

/// Part of an attempt to meet the goals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Fix {
    /// Another start value for the parameter at this position.
    Start(usize, f64),
    /// A change or an action while the run goes on.
    Input(Timed),
}

impl Fix {
    /// What it uses.
    pub fn control(&self) -> Control {
        match self {
            Self::Start(param, _) => Control::Param(*param),
            Self::Input(timed) => timed.control(),
        }
    }
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Heading.
    pub title: String,
    /// Line of the heading.
    pub line: usize,
    /// Its run, and what the learner may do with it.
    pub scene: Scene,
    /// What it tells and asks, in order.
    pub parts: Vec<Part>,
}

/// A part of a lesson that can be taken in one sitting. It holds until the next one begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// What it is called.
    pub title: String,
    /// Minutes that a learner needs, about; at most [`Act::MOST_MINUTES`].
    pub minutes: u32,
}

impl Act {
    /// Minutes that an act takes at most, and a lesson without acts.
    pub const MOST_MINUTES: u32 = 20;
}

/// The run of a step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    /// Line of the block, or of the heading where there is none.
    pub line: usize,
    /// A new run, on top of the lesson's own setup. `None` goes on with the run of the step before.
    pub fresh: Option<Setup>,
    /// The decision point: the clock stops here by itself.
    pub until: Option<SimTime>,
    /// What to look at: one or two metrics by their position, each on a chart of its own.
    pub watch: Vec<usize>,
    /// Whether the step shows the terminal of its scenario, beside one chart.
    pub terminal: bool,
    /// The act that begins with this step.
    pub act: Option<Act>,
    /// What the learner may touch from this step on.
    pub unlock: Vec<Control>,
    /// What the learner may no longer touch from this step on.
    pub lock: Vec<Control>,
    /// An attempt that meets all goals of the step.
    pub solution: Vec<Fix>,
    /// Attempts without what is taught; each misses a goal.
    pub withheld: Vec<Vec<Fix>>,
    /// What is taught: the solution without these misses a goal.
    pub taught: Vec<Control>,
}

/// What a step tells or asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Part {
    /// Text.
    Prose(Block),
    /// A question about what the run will do.
    Predict(Predict),
    /// A question about what the run has done.
    Observe(Observe),
    /// A question that the learner answers in their own words.
    Explain(Explain),
    /// Points that the learner collects.
    Collect(Collect),
    /// What the learner is to reach.
    Goal(Goal),
    /// Somebody says something.
    Chat(Chat),
    /// The team decides.
    Vote(Vote),
    /// A question with one right answer.
    Quiz(Quiz),
    /// A table that the learner fills in.
    Fill(Fill),
    /// What came of it.
    Debrief(Debrief),
    /// A harder task on a run of its own.
    Challenge(Challenge),
}

impl Part {
    /// The line of its block; prose is no block.
    pub fn line(&self) -> Option<usize> {
        Some(match self {
            Self::Prose(_) => return None,
            Self::Predict(part) => part.line,
            Self::Observe(part) => part.line,
            Self::Explain(part) => part.line,
            Self::Collect(part) => part.line,
            Self::Goal(part) => part.line,
            Self::Chat(part) => part.line,
            Self::Vote(part) => part.line,
            Self::Quiz(part) => part.line,
            Self::Fill(part) => part.line,
            Self::Debrief(part) => part.line,
            Self::Challenge(part) => part.line,
        })
    }
}

/// What the learner is to reach.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// Line of the block.
    pub line: usize,
    /// What to reach, in words.
    pub text: Text,
    /// What the run must show. Without a moment: met as soon as it holds, from the scene's decision point (or its
    /// begin) on, looked at whenever a sample bucket ends.
    pub test: Test,
    /// From a nudge to nearly the answer.
    pub hints: Vec<Text>,
}

/// Somebody says something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chat {
    /// Line of the block.
    pub line: usize,
    /// Position in the cast.
    pub who: usize,
    /// What they say.
    pub says: Text,
    /// When.
    pub when: When,
    /// Whether it gives help away, so that it waits until somebody asks.
    pub hint: bool,
}

/// When something is said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum When {
    /// At a moment.
    At(SimTime),
    /// As soon as a test holds.
    Once(Test),
}

/// A harder task on a run of its own, with everything unlocked but what would take the task away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Challenge {
    /// Line of the block.
    pub line: usize,
    /// The task.
    pub text: Text,
    /// Its run, on top of the lesson's own setup.
    pub setup: Setup,
    /// What the run must show, all of it.
    pub tests: Vec<Test>,
    /// What stays as it is given.
    pub lock: Vec<Control>,
    /// Changes and actions that suffice.
    pub par: usize,
    /// An attempt that meets all tests within par.
    pub solution: Vec<Fix>,
}
