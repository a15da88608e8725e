//! Lessons around a run: those of the house, fetched as data, and those of the learner's own, which a worker reads and
//! proves.

mod open_lesson;
mod catalog;
mod postmortem;
pub mod reading;
mod storage;
mod story;
pub mod view;

use std::cell::RefCell;
use std::rc::Rc;

use warstories_lesson::Lesson;
use warstories_sim::{Link, Playable, Replay, ScenarioSpec, SimTime};
use yew::prelude::*;

use self::open_lesson::OpenLesson;
use self::reading::LessonUpdate;
use self::storage::Keeper;
use self::story::Story;
use self::view::brief::brief;
use self::view::plane::plane;
use self::view::rail::{Rail, rail, whole};
use crate::browser::address::{self, OWN};
use crate::run::lesson_host::{LessonAction, LessonHost, OpenControls, Place, StartLesson};
use crate::run::screen::Guess;
use crate::run::session::Session;

/// What there is to be seen of the open lesson.
pub enum LessonPage {
    /// It is on its way.
    Waiting,
    /// There is none, and this sentence says why.
    Missing(String),
    /// A part of the front door, where a lesson of the learner's own is opened.
    Own(Html),
    /// It can be played.
    Run {
        /// Its title.
        title: String,
        /// The run that the address names.
        link: Box<Link>,
        /// Begins it.
        start_lesson: StartLesson,
    },
}

/// Opens lessons and has them read.
pub struct LessonLoader {
    open_lesson: OpenLesson,
    /// What has become of the lesson and nobody has taken in yet.
    news: Rc<RefCell<Vec<LessonUpdate>>>,
    changed: Callback<()>,
}

impl LessonLoader {
    /// A desk that calls back when it has something new to show.
    pub fn new(changed: Callback<()>) -> Self {
        Self { open_lesson: OpenLesson::default(), news: Rc::default(), changed }
    }

    /// Has the lesson with this id read, unless it is open.
    pub fn open(&mut self, id: &str) {
        if self.open_lesson.id != id || self.open_lesson.is_missing() {
            let on_update = self.on_update();
            self.open_lesson = OpenLesson::open(id, on_update);
        }
    }

    /// Has a lesson of the learner's own read.
    pub fn open_own(&mut self, file: Vec<u8>) {
        let on_update = self.on_update();
        self.open_lesson = OpenLesson::own(file, on_update);
    }

    /// Takes in what has become of the lesson.
    pub fn take_in(&mut self) {
        for news in self.news.take() {
            self.open_lesson.take_in(news);
        }
    }

    /// The lesson at a step, counted from 1, with the run that the address names.
    pub fn page(&self, step: Option<&str>, run: &str, on_own: &Callback<Vec<u8>>) -> LessonPage {
        let is_own = self.open_lesson.id == OWN;
        let Some(lesson) = self.open_lesson.lesson.clone().filter(|_| !is_own || step.is_some()) else {
            // A lesson of one's own waits at the door, while its claims are tried, until somebody asks for a step.
            return match self.open_lesson.faults.first() {
                _ if is_own => LessonPage::Own(view::own_lesson::own(&self.open_lesson, on_own)),
                Some(fault) => LessonPage::Missing(fault.sentence.clone()),
                None => LessonPage::Waiting,
            };
        };
        let link = match Replay::parse(&format!("{}{run}", lesson.scenario)) {
            Ok(link) => Box::new(link),
            Err(problem) => return LessonPage::Missing(format!("This link cannot be played: {problem}")),
        };
        let title = lesson.title.clone();
        let place = Place { step: step.map(str::to_owned), has_run: !run.is_empty() };
        let id = self.open_lesson.id.clone();
        LessonPage::Run {
            title,
            link,
            start_lesson: StartLesson { begin: Rc::new(move |session| begin(&id, &lesson, session)), place },
        }
    }

    /// Drops what was still to be heard of the lesson before.
    fn on_update(&mut self) -> Callback<LessonUpdate> {
        self.news = Rc::default();
        let (news, changed) = (self.news.clone(), self.changed.clone());
        Callback::from(move |each| {
            news.borrow_mut().push(each);
            changed.emit(());
        })
    }
}

/// The lesson as the learner left it.
fn begin(id: &str, lesson: &Rc<Lesson>, session: &mut Session) -> Box<dyn LessonHost> {
    let mut story = Story::new(id, lesson.clone());
    let (keeper, problem) = Keeper::recall(&mut story);
    session.notices.extend(problem);
    session.wanted = story.wanted();
    Box::new(LessonSession { story, keeper })
}

/// A lesson under way.
struct LessonSession {
    story: Story,
    keeper: Keeper,
}

impl LessonSession {
    /// Tells the session what the story makes of its run.
    fn inform(&self, session: &mut Session) {
        session.wanted = self.story.wanted();
        session.script = self.story.script();
        self.story.keep_given(session);
    }
}

impl LessonHost for LessonSession {
    fn arrive(&mut self, place: &Place, link: &Link, session: &mut Session) {
        self.story.arrive(place, link, session);
        self.inform(session);
    }

    fn reduce(&mut self, lesson_action: LessonAction, session: &mut Session, moment: SimTime) {
        (self.story, *session) = self.story.reduce(lesson_action, session, moment);
        self.inform(session);
    }

    fn observe(&mut self, run: &dyn Playable) -> Vec<String> {
        let news = self.story.observe(run);
        self.keeper.keep(&self.story);
        news
    }

    fn stop(&self, now: SimTime) -> Option<SimTime> {
        self.story.stop(now)
    }

    fn holds_time_at(&self) -> Option<SimTime> {
        self.story.holds_time_at()
    }

    fn guesses(&self) -> Vec<Guess> {
        self.story.guesses()
    }

    fn step(&self) -> usize {
        self.story.step
    }

    fn watch(&self) -> &[usize] {
        self.story.lesson.watch(self.story.step)
    }

    fn open_controls(&self, spec: &ScenarioSpec) -> OpenControls {
        use warstories_lesson::lesson::Control;
        let params = (0..spec.params.len()).map(|index| self.story.is_open(Control::Param(index)));
        let actions = (0..spec.actions.len()).map(|index| self.story.is_open(Control::Action(index)));
        let texts = (0..spec.texts.len()).map(|index| self.story.is_open(Control::Text(index)));
        OpenControls {
            params: params.collect(),
            actions: actions.collect(),
            texts: texts.collect(),
            terminal: self.story.current().is_some_and(|step| step.scene.terminal),
        }
    }

    fn rest(&self, replay: &Replay, playing: bool) -> Option<&'static str> {
        self.story.rest(replay, playing)
    }

    fn rail(
        &self,
        run: &dyn Playable,
        session: &Session,
        act: &Callback<LessonAction>,
        on_save: Callback<()>,
    ) -> Html {
        rail(&Rail { story: &self.story, run, session, act, on_save })
    }

    fn brief(&self, run: &dyn Playable) -> Html {
        brief(&self.story, run)
    }

    fn withheld(&self) -> Option<(Option<String>, String)> {
        self.story.withheld()
    }

    fn beside(&self, run: &dyn Playable) -> Option<Html> {
        whole(&self.story, run)
    }

    fn planes(&self, run: &dyn Playable) -> Vec<Html> {
        self.story.collects().map(|collect| plane(&self.story, collect, run)).collect()
    }

    fn post_mortem(&self, run: &dyn Playable) -> Option<(String, String)> {
        let debrief = postmortem::of_step(&self.story)?;
        let text = postmortem::markdown(&self.story, run, debrief, &postmortem::address(run));
        Some((format!("post-mortem-{}.md", self.story.id), text))
    }

    fn address(&self, run: &str) -> String {
        address::learn(&self.story.id, &self.story.place(), run)
    }
}
