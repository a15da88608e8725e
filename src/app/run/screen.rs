//! What the page is drawn from: plain data, taken from the run a few times a second.

use std::rc::Rc;

use warstories_sim::course::Course;
use warstories_sim::document::Document;
use warstories_sim::exhibit::{Sorting, Waterfall};
use warstories_sim::series::Series;
use warstories_sim::snapshot::{Life, Snapshot};
use warstories_sim::{Playable, Reading, SimTime};

use crate::run::marks::marks;
use crate::run::player::{Part, Player};
use crate::run::session::Session;

/// The samples of a run, shared by all charts.
#[derive(Clone, Debug)]
pub struct Samples(pub Rc<Series>);

/// Two are equal when nothing was added in between: a chart then has nothing new to draw.
impl PartialEq for Samples {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Another run to compare with, at the same moment: a branch, or the run that nobody touched.
#[derive(Clone, Debug, PartialEq)]
pub struct Ghost {
    /// What the learner calls it.
    pub name: String,
    /// What charts draw.
    pub samples: Samples,
    /// What each metric says over the whole run.
    pub whole: Vec<Reading>,
}

/// What happened at a moment worth finding again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// The learner changed a parameter.
    Change,
    /// The learner took an action.
    Action,
    /// The run told something: a threshold was reached, or the story says what happened.
    Announcement,
}

/// A moment worth finding again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The moment.
    pub at: SimTime,
    /// What happened.
    pub kind: MarkKind,
    /// What happened, without its time.
    pub text: String,
}

/// A request that the learner looks at: the id of the node of the diagram and the position in its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Id of the node.
    pub node: &'static str,
    /// Position of the slot, or in line.
    pub position: usize,
    /// Grows with each click on a node: one that is clicked again is asked for again.
    pub clicks: u32,
}

/// A number to be seen beside the curve of its metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    /// Position of the metric.
    pub metric: usize,
    /// In the metric's unit.
    pub value: f64,
    /// Whose number it is.
    pub name: &'static str,
    /// Whether it was measured, so that it is worth reading; an option only stands somewhere near its number.
    pub is_measured: bool,
}

/// A run at one moment, with what was done to it there.
#[derive(Clone, Debug)]
pub struct Screen {
    /// The moment.
    pub now: SimTime,
    /// Number of events so far.
    pub events: u64,
    /// Hash over all events so far.
    pub fingerprint: u64,
    /// What each metric says over the whole run.
    pub whole: Vec<Reading>,
    /// What each metric says of the recent past.
    pub recent: Vec<Reading>,
    /// What charts draw.
    pub samples: Samples,
    /// The system as a diagram.
    pub system: Snapshot,
    /// What has moved in it lately.
    pub course: Course,
    /// The request at the learner's pick, if somebody is there.
    pub picked: Option<Life>,
    /// Requests that ended not long ago, the latest last.
    pub ended: Vec<Life>,
    /// What the run keeps of one request, where the story has a panel for it.
    pub record: Option<Waterfall>,
    /// What the learner sorts, where the story has such a thing.
    pub sorting: Option<Sorting>,
    /// The file that the learner edits, where the story has one.
    pub document: Option<Document>,
    /// Runs to compare with.
    pub ghosts: Vec<Ghost>,
    /// Moments worth finding again, in order of time.
    pub marks: Vec<Mark>,
    /// What a lesson's learner has predicted, and what came of it.
    pub guesses: Vec<Guess>,
    /// Tells generations of the run apart: when it differs from the last screen's, time did not simply go on.
    pub generation: u32,
    /// Tells drawings apart: when it differs from the last screen's, it is another take or the system has got other
    /// parts, and nothing moved from the one to the other.
    pub drawing: u32,
    /// Whether time passes.
    pub playing: bool,
    /// Which runs the ghosts are, and which takes of them.
    beside: Vec<(Part, u32)>,
}

impl Screen {
    /// All of the session's runs as they are.
    pub fn of(session: &Session, player: &Player, pick: Option<Pick>, before: Option<&Self>) -> Self {
        let mut screen = Self::capture(player, pick, before);
        for (part, generation, run) in player.ghosts() {
            let name = match part {
                Part::Baseline => String::from("Baseline"),
                Part::Branch(id) => {
                    let branch = session.branches.all().iter().find(|branch| branch.id == id);
                    branch.map(|branch| branch.name.clone()).unwrap_or_default()
                }
            };
            let series = run.series();
            let samples = before
                .and_then(|before| {
                    let place = before.beside.iter().position(|other| *other == (part, generation))?;
                    before.ghosts.get(place)
                })
                .filter(|ghost| ghost.samples.0.next() == series.next())
                .map_or_else(|| Samples(Rc::new(series.clone())), |ghost| ghost.samples.clone());
            let shown = at_once(run);
            let shown = shown.as_deref().unwrap_or(run);
            let whole = (0..run.spec().metrics.len()).map(|index| shown.read(index)).collect();
            screen.ghosts.push(Ghost { name, samples, whole });
            screen.beside.push((part, generation));
        }
        screen.playing = session.playing;
        // What has just been done may have been answered.
        let (all, now) = (player.announcements(), player.shown().announcements());
        screen.marks = marks(session.replay(), if now.len() > all.len() { now } else { all });
        screen
    }

    /// The player's run as it is seen at its moment; shares the samples of `before` if there are no new ones.
    pub fn capture(player: &Player, pick: Option<Pick>, before: Option<&Self>) -> Self {
        let (run, shown) = (player.run(), player.shown());
        let metrics = 0..run.spec().metrics.len();
        let series = run.series();
        let samples = before
            .filter(|before| {
                before.generation == player.generation() && before.samples.0.next() == series.next()
            })
            .map_or_else(|| Samples(Rc::new(series.clone())), |before| before.samples.clone());
        let (generation, system) = (player.generation(), shown.snapshot());
        let drawing = before.map_or(0, |before| {
            let goes_on = before.generation == generation && before.system.is_alike(&system);
            before.drawing.wrapping_add(u32::from(!goes_on))
        });
        Self {
            now: run.now(),
            events: run.events(),
            fingerprint: run.fingerprint(),
            whole: metrics.clone().map(|index| shown.read(index)).collect(),
            recent: metrics.map(|index| shown.recent(index)).collect(),
            samples,
            system,
            course: run.course().cloned().unwrap_or_default(),
            picked: pick.and_then(|pick| shown.request(pick.node, pick.position)),
            ended: shown.ended().iter().cloned().collect(),
            record: shown.record(),
            sorting: shown.sorting(),
            document: shown.document(),
            ghosts: Vec::new(),
            marks: Vec::new(),
            guesses: Vec::new(),
            generation,
            drawing,
            playing: false,
            beside: Vec::new(),
        }
    }
}

/// The run with what was done at the moment on show, if anything was. That comes right after the moment, and is seen at
/// once, as a handle is.
pub fn at_once(run: &dyn Playable) -> Option<Box<dyn Playable>> {
    let next = run.now().next();
    run.replay().inputs().iter().any(|(at, _)| *at == next).then(|| {
        let mut run = run.checkpoint();
        run.advance(next, u64::MAX);
        run
    })
}
