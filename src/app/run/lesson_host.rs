//! What the page of a run knows of a lesson around it. Lessons themselves are in [`crate::rooms::lesson`].

use std::fmt;
use std::rc::Rc;

use warstories_sim::{Link, Playable, Replay, ScenarioSpec, SimTime};
use yew::prelude::*;

use crate::run::progress::Mark;
use crate::run::screen::Guess;
use crate::run::session::Session;

/// Something the learner does in a lesson. Blocks are named by the line they stand at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LessonAction {
    /// Goes to a step.
    Go(usize),
    /// Starts the step's run again.
    Retry,
    /// Leans towards an option of a question.
    Choose(usize, usize),
    /// Locks in the prediction that was chosen: from now on the run answers it.
    Lock(usize),
    /// Casts the vote that was chosen.
    Cast(usize),
    /// Gives the answer that was chosen.
    Answer(usize),
    /// Takes the statement of an observation at this position for true or false.
    Judge(usize, usize, bool),
    /// Says what was observed, as it was judged.
    Observe(usize),
    /// Writes at an explanation in their own words, which nobody has seen yet.
    Draft(usize, Rc<str>),
    /// Explains something in their own words.
    Explain(usize, Rc<str>),
    /// Says how near their own words come to ours.
    Mark(usize, Mark),
    /// Chooses a value for a cell of a table: its place among those that are asked for, and the value.
    Fill(usize, usize, usize),
    /// Checks the rows of a table in which each cell has a value.
    CheckRows(usize),
    /// Plays the run on to its usual end.
    PlayOn,
    /// Asks for one more hint.
    Hint(usize),
    /// Takes up a challenge, on a run of its own.
    Challenge(usize),
}

/// What a lesson lets the learner touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenControls {
    /// By the position of the parameter.
    pub params: Vec<bool>,
    /// By the position of the action.
    pub actions: Vec<bool>,
    /// By the position of the text field.
    pub texts: Vec<bool>,
    /// Whether the step shows the story's terminal.
    pub terminal: bool,
}

/// What an address says of a place in a lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The step, counted from 1, and the challenge in it that is being played, as somebody wrote it.
    pub step: Option<String>,
    /// Whether the address holds the run, too.
    pub has_run: bool,
}

/// A lesson around a run.
pub trait LessonHost {
    /// Goes to a place in the lesson, and shows the run of `link` in the session if the address holds one.
    fn arrive(&mut self, place: &Place, link: &Link, session: &mut Session);
    /// The learner does something in the lesson, while `moment` of the session is on show.
    fn reduce(&mut self, lesson_action: LessonAction, session: &mut Session, moment: SimTime);
    /// Looks at the run, notes what it has answered, and gives what is worth being announced.
    fn observe(&mut self, run: &dyn Playable) -> Vec<String>;
    /// Where time stops by itself next after `now`.
    fn stop(&self, now: SimTime) -> Option<SimTime>;
    /// Where the step begins, while a prediction waits to be locked in: until then time does not go on from there.
    fn holds_time_at(&self) -> Option<SimTime>;
    /// What was predicted in this step, and what came of it, to be seen on the charts.
    fn guesses(&self) -> Vec<Guess>;
    /// The step on show, counted from 0.
    fn step(&self) -> usize;
    /// What to look at in this step: one or two metrics by their position, each on a chart of its own.
    fn watch(&self) -> &[usize];
    /// What may be touched.
    fn open_controls(&self, spec: &ScenarioSpec) -> OpenControls;
    /// Why the controls rest, and what brings them back, in one sentence, if they do.
    fn rest(&self, replay: &Replay, playing: bool) -> Option<&'static str>;
    /// The rail beside the run.
    fn rail(
        &self,
        run: &dyn Playable,
        session: &Session,
        act: &Callback<LessonAction>,
        on_save: Callback<()>,
    ) -> Html;
    /// What is asked and to be reached in this step, in short, for where the rail is out of sight.
    fn brief(&self, run: &dyn Playable) -> Html;
    /// The exhibit that must not be seen yet, by its id, or none for all that take a moment; and why, in a sentence.
    fn withheld(&self) -> Option<(Option<String>, String)>;
    /// What this step shows beside the run in place of charts and exhibits, if there is such a thing.
    fn beside(&self, run: &dyn Playable) -> Option<Html>;
    /// Planes of points that the learner collects in this step; none in most.
    fn planes(&self, run: &dyn Playable) -> Vec<Html>;
    /// The post-mortem of the run, if the step has one: a file's name and its text.
    fn post_mortem(&self, run: &dyn Playable) -> Option<(String, String)>;
    /// The address of the step, with the part of the run's link behind the question mark.
    fn address(&self, run: &str) -> String;
}

/// Begins a lesson in the session that shows its run.
pub type Begin = dyn Fn(&mut Session) -> Box<dyn LessonHost>;

/// A lesson that waits to begin.
#[derive(Clone)]
pub struct StartLesson {
    /// Begins it.
    pub begin: Rc<Begin>,
    /// Where.
    pub place: Place,
}

/// A page is not drawn anew for another way to begin: it is drawn afresh with every visit.
impl PartialEq for StartLesson {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

impl fmt::Debug for StartLesson {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "StartLesson({:?})", self.place)
    }
}
