//! Lessons around a run. Everything here is carried by the page `learn` alone, which is loaded when somebody opens a
//! lesson: the first load of the playground does without.

mod book;
mod postmortem;
pub mod reading;
mod storage;
mod story;
mod view;

use std::rc::Rc;

use warstories_lesson::Lesson;
use warstories_sim::{Playable, Replay, ScenarioSpec, SimTime};
use yew::prelude::*;

use self::book::Book;
use self::reading::News;
use self::story::Story;
use self::view::rail::{Rail, rail};
use crate::route;
use crate::screen::Guess;
use crate::session::Session;
use crate::shelf::OWN;
use crate::teller::{Deed, Desk, OpenControls, Page, Tell, Teller};

/// A desk for lessons; calls back when it has something new to show.
pub fn desk(changed: Callback<()>) -> Box<dyn Desk> {
    Box::new(Reader { book: Book::default(), news: Rc::default(), changed })
}

/// Opens lessons and has them read.
struct Reader {
    book: Book,
    /// What the reader has said and nobody has taken in yet.
    news: Rc<std::cell::RefCell<Vec<News>>>,
    changed: Callback<()>,
}

impl Reader {
    fn on_news(&self) -> Callback<News> {
        let (news, changed) = (self.news.clone(), self.changed.clone());
        Callback::from(move |each| {
            news.borrow_mut().push(each);
            changed.emit(());
        })
    }
}

impl Desk for Reader {
    fn open(&mut self, id: &str) {
        if self.book.id != id {
            self.book = Book::open(id, self.on_news());
        }
    }

    fn open_own(&mut self, text: String) {
        self.book = Book::own(text, self.on_news());
    }

    fn hear(&mut self) {
        for news in self.news.take() {
            self.book.hear(news);
        }
    }

    fn page(&self, step: Option<usize>, run: &str, on_own: &Callback<String>) -> Page {
        let link = self.book.lesson.as_ref().and_then(|lesson| {
            let link = Replay::parse(&format!("{}{run}", lesson.scenario)).ok()?;
            Some((lesson.clone(), link))
        });
        match link {
            // A lesson of one's own waits at the door, while its claims are tried, until somebody asks for a step.
            Some((lesson, link)) if self.book.id != OWN || step.is_some() => {
                let told = Told {
                    id: self.book.id.clone(),
                    lesson: lesson.clone(),
                    step: step.map(|step| step.saturating_sub(1)),
                    has_run: !run.is_empty(),
                };
                Page::Run {
                    title: lesson.title.clone(),
                    link: Box::new(link),
                    tell: Tell(Rc::new(move |session| told.begin(session))),
                }
            }
            _ => Page::Door(view::own::own(&self.book, on_own)),
        }
    }
}

/// Which lesson, and where in it.
struct Told {
    id: String,
    lesson: Rc<Lesson>,
    step: Option<usize>,
    /// Whether the address holds the run, too.
    has_run: bool,
}

impl Told {
    fn begin(&self, session: &mut Session) -> Box<dyn Teller> {
        let mut story = Story::new(&self.id, self.lesson.clone());
        let kept = storage::recall(&mut story);
        if let Some(step) = self.step {
            story.show_step(step);
        }
        if !self.has_run {
            story.show(session);
        }
        session.notices.extend(kept.err());
        session.wanted = story.wanted();
        session.script = story.script();
        Box::new(Telling { story, kept: String::new() })
    }
}

/// A lesson under way.
struct Telling {
    story: Story,
    /// What was last kept of it.
    kept: String,
}

impl Teller for Telling {
    fn reduce(&mut self, deed: Deed, session: &mut Session, moment: SimTime) {
        let (story, next) = self.story.reduce(deed, session, moment);
        *session = next;
        session.wanted = story.wanted();
        session.script = story.script();
        self.story = story;
    }

    fn observe(&mut self, run: &dyn Playable) -> Vec<String> {
        let news = self.story.observe(run);
        let kept = self.story.print();
        if self.kept != kept {
            storage::keep(&self.story);
            self.kept = kept;
        }
        news
    }

    fn stop(&self, now: SimTime) -> Option<SimTime> {
        self.story.stop(now)
    }

    fn must_predict(&self) -> bool {
        self.story.must_predict()
    }

    fn guesses(&self) -> Vec<Guess> {
        self.story.guesses()
    }

    fn step(&self) -> usize {
        self.story.step
    }

    fn open_controls(&self, spec: &ScenarioSpec) -> OpenControls {
        use warstories_lesson::lesson::Control;
        let params = (0..spec.params.len()).map(|index| self.story.is_open(Control::Param(index)));
        let actions = (0..spec.actions.len()).map(|index| self.story.is_open(Control::Action(index)));
        OpenControls { params: params.collect(), actions: actions.collect() }
    }

    fn rail(&self, run: &dyn Playable, replay: &Replay, act: &Callback<Deed>, on_save: Callback<()>) -> Html {
        rail(&Rail { story: &self.story, run, replay, act, on_save })
    }

    fn post_mortem(&self, run: &dyn Playable) -> Option<(String, String)> {
        let debrief = postmortem::of_step(&self.story)?;
        let text = postmortem::markdown(&self.story, run, debrief, &postmortem::address(run));
        Some((format!("post-mortem-{}.md", self.story.id), text))
    }

    fn address(&self, run: &str) -> String {
        route::learn(&self.story.id, self.story.step, run)
    }
}
