//! The frame around every page: what the address asks for, beside or in place of the front door.

use std::cell::Cell;

use gloo::events::EventListener;
use gloo::utils::window;
use warstories_sim::{Link, Replay};
use yew::prelude::*;

use crate::browser::address::{OWN, Route};
use crate::browser::parts::{INTERVIEW, LESSON, Need};
use crate::browser::theme::{self, ThemeVersion};
use crate::rooms::front_door::progress::Progress;
use crate::rooms::front_door::{self, Sight};
use crate::rooms::interview::Interview;
use crate::rooms::lesson::{LessonLoader, LessonPage};
use crate::rooms::sandbox;

const NOT_LOADED: &str = "A part of this page did not load: check the connection and open it again.";

/// The app.
pub struct App {
    route: Route,
    /// Counts ways to a page: each opens it afresh, even if it is the same.
    visit: u32,
    /// Counts addresses that somebody went to.
    arrival: u32,
    /// The visit whose page has the focus.
    focused: u32,
    /// What was last shown.
    sight: Cell<Sight>,
    look: ThemeVersion,
    /// Opens lessons.
    loader: LessonLoader,
    /// How it stands with the latest part of the program that was needed.
    part: Cell<Part>,
    _listeners: Vec<EventListener>,
}

/// How it stands with a part of the program.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Nobody has asked for it, or it is there.
    Idle,
    Loading,
    Missing,
}

/// What happens to the app as a whole.
pub enum Msg {
    /// Somebody went to this page.
    Route(Route),
    /// The desk for lessons has something new to show.
    LessonUpdated,
    /// The learner opens a lesson of their own.
    Own(Vec<u8>),
    /// A part of the program is there, or it could not be had.
    Part(bool),
    /// Colours or sizes may have changed.
    ThemeChanged,
}

/// A page, as the address asks for it.
struct Shown {
    sight: Sight,
    /// What it is called.
    crumb: Option<String>,
    /// What stands in `#app`.
    room: Html,
    /// What the front door says and shows besides what it always does.
    notice: Option<String>,
    own_lesson: Option<Html>,
}

impl Shown {
    fn waiting(sentence: &'static str) -> Self {
        let room = html! { <p class="waiting" role="status">{ sentence }</p> };
        Self { sight: Sight::Waiting, crumb: None, room, notice: None, own_lesson: None }
    }

    fn door(notice: Option<String>, own_lesson: Option<Html>) -> Self {
        Self { sight: Sight::Door, crumb: None, room: Html::default(), notice, own_lesson }
    }
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let mut listeners = theme::watch(&ctx.link().callback(|()| Msg::ThemeChanged));
        let arrive = ctx.link().callback(Msg::Route);
        listeners.push(EventListener::new(&window(), "hashchange", move |_| arrive.emit(Route::here())));
        let mut app = Self {
            route: Route::here(),
            // Whoever has followed a link of the front door goes on at the beginning of the page that it led to.
            visit: u32::from(front_door::was_left()),
            arrival: 0,
            focused: 0,
            sight: Cell::new(Sight::Waiting),
            look: 0,
            loader: LessonLoader::new(ctx.link().callback(|()| Msg::LessonUpdated)),
            part: Cell::new(Part::Idle),
            _listeners: listeners,
        };
        app.open_lesson();
        app
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Route(route) => {
                // Within a lesson one goes to and fro without leaving it.
                let stays = self.sight.get() == Sight::Room && self.route.is_same_lesson(&route);
                self.route = route;
                self.arrival = self.arrival.wrapping_add(1);
                self.visit = self.visit.wrapping_add(u32::from(!stays));
                self.open_lesson();
                // Whoever comes again tries it again.
                if self.part.get() == Part::Missing {
                    self.part.set(Part::Idle);
                }
            }
            Msg::LessonUpdated => self.loader.take_in(),
            Msg::Own(file) => {
                if LESSON.is_met() {
                    self.loader.open_own(file);
                } else {
                    let link = ctx.link().clone();
                    LESSON.load(move |is_there| {
                        link.send_message(if is_there { Msg::Own(file) } else { Msg::Part(false) });
                    });
                }
                self.visit = self.visit.wrapping_add(1);
                self.route = Route::Learn { lesson: String::from(OWN), step: None, run: String::new() };
            }
            Msg::Part(is_there) => {
                self.part.set(if is_there { Part::Idle } else { Part::Missing });
                self.open_lesson();
            }
            Msg::ThemeChanged => self.look += 1,
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Shown { sight, crumb, room, notice, own_lesson } = self.shown(ctx);
        self.sight.set(sight);
        front_door::show(sight, crumb.as_deref());
        let notice = notice.map(|notice| html! { <p class="notice">{ notice }</p> });
        html! {
            <>
                { front_door::at("notice", notice.unwrap_or_default()) }
                { front_door::at("desk", own_lesson.unwrap_or_default()) }
                if sight == Sight::Door { <Progress /> }
                { room }
            </>
        }
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        let sight = self.sight.get();
        // A new page is read from its beginning, as after following any other link.
        if sight != Sight::Waiting && std::mem::replace(&mut self.focused, self.visit) != self.visit {
            front_door::focus(sight);
        }
    }
}

impl App {
    fn open_lesson(&mut self) {
        if let Route::Learn { lesson, .. } = &self.route
            && LESSON.is_met()
        {
            self.loader.open(lesson);
        }
    }

    /// What is to be seen while this is not there; it is loaded meanwhile.
    fn missing(&self, need: Need, ctx: &Context<Self>) -> Option<Shown> {
        if need.is_met() {
            return None;
        }
        if self.part.get() == Part::Missing {
            return Some(Shown::door(Some(String::from(NOT_LOADED)), None));
        }
        if self.part.replace(Part::Loading) == Part::Idle {
            let done = ctx.link().callback(Msg::Part);
            need.load(move |is_there| done.emit(is_there));
        }
        Some(Shown::waiting("Loading…"))
    }

    fn shown(&self, ctx: &Context<Self>) -> Shown {
        let room = |crumb, link: Link, start_lesson| {
            self.missing(Need::Story(link.replay.spec()), ctx).unwrap_or_else(|| Shown {
                sight: Sight::Room,
                crumb: Some(crumb),
                room: sandbox::show(self.visit, self.arrival, link, self.look, start_lesson),
                notice: None,
                own_lesson: None,
            })
        };
        match &self.route {
            Route::Home => Shown::door(None, None),
            Route::Glossary => Shown { crumb: Some(String::from("Glossary")), ..Shown::door(None, None) },
            Route::Unknown(path) => Shown::door(
                Some(format!("There is no page \"{path}\" here. These are the stories that can be played.")),
                None,
            ),
            Route::Interview(card) => self.missing(INTERVIEW, ctx).unwrap_or_else(|| Shown {
                sight: Sight::Room,
                crumb: Some(String::from("Interview")),
                room: html! { <Interview card={card.clone()} /> },
                notice: None,
                own_lesson: None,
            }),
            Route::Play(link) => match Replay::parse(link) {
                Ok(link) => room(link.replay.spec().title.to_owned(), link, None),
                Err(problem) => Shown::door(Some(format!("This link cannot be played: {problem}")), None),
            },
            Route::Learn { step, run, .. } => {
                if let Some(shown) = self.missing(LESSON, ctx) {
                    return shown;
                }
                match self.loader.page(step.as_deref(), run, &ctx.link().callback(Msg::Own)) {
                    LessonPage::Waiting => Shown::waiting("Loading the lesson…"),
                    LessonPage::Own(part) => Shown::door(None, Some(part)),
                    LessonPage::Missing(sentence) => Shown::door(Some(sentence), None),
                    LessonPage::Run { title, link, start_lesson } => room(title, *link, Some(start_lesson)),
                }
            }
        }
    }
}
