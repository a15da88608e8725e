//! The frame around every page: address, top bar, theme.

use gloo::events::EventListener;
use gloo::history::HistoryListener;
use gloo::utils::{document, window};
use warstories_sim::{Link, Replay};
use web_sys::HtmlElement;
use web_sys::wasm_bindgen::JsCast;
use yew::prelude::*;
use yew_router::history::{HashHistory, History};

use crate::look::{self, Look, Theme};
use crate::pages::home::home;
use crate::route::Route;
use crate::shelf::OWN;
use crate::teller::{Desk, MakeDesk, Page, Tell};
use crate::view::top::top;

/// The app.
pub struct App {
    route: Route,
    /// Counts ways to a page: each opens it afresh, even if it is the same.
    visit: u32,
    /// The visit whose page has the focus.
    focused: u32,
    theme: Theme,
    look: Look,
    /// Opens lessons, on a page that carries them.
    desk: Option<Box<dyn Desk>>,
    _listeners: Vec<EventListener>,
    _router: HistoryListener,
}

/// A run to be shown, perhaps with a lesson around it. The number changes with each visit.
pub type ShowRun = fn(u32, Link, Look, Option<Tell>) -> Html;

/// What a program carries besides the front door: whoever only looks in at the door does not download the rest.
#[derive(Clone, Copy, Properties)]
pub struct Rooms {
    /// Shows a run.
    pub play: Option<ShowRun>,
    /// Makes the desk for lessons; a program that has one can show runs, too.
    pub desk: Option<MakeDesk>,
}

/// Set once, before the app is there: never another.
impl PartialEq for Rooms {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What happens to the app as a whole.
pub enum Msg {
    /// Somebody went to this page.
    Route(Route),
    /// The learner chose a theme.
    Theme(Theme),
    /// The desk for lessons has something new to show.
    Desk,
    /// The learner opens a lesson of their own.
    Own(String),
    /// Colours or sizes may have changed.
    Look,
}

impl Component for App {
    type Message = Msg;
    type Properties = Rooms;

    fn create(ctx: &Context<Self>) -> Self {
        let listeners = look::watch(&ctx.link().callback(|()| Msg::Look));
        let history = HashHistory::new();
        let arrive = ctx.link().callback(Msg::Route);
        let route = Route::of(&history.location());
        let mut desk = ctx.props().desk.map(|make| make(ctx.link().callback(|()| Msg::Desk)));
        turn_to(&route, ctx.props().play, desk.as_deref_mut());
        let going = history.clone();
        let router = history.listen(move || arrive.emit(Route::of(&going.location())));
        Self {
            route,
            visit: 0,
            focused: 0,
            theme: Theme::stored(),
            look: 0,
            desk,
            _listeners: listeners,
            _router: router,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Route(route) => {
                turn_to(&route, ctx.props().play, self.desk.as_deref_mut());
                self.route = route;
                self.visit = self.visit.wrapping_add(1);
            }
            Msg::Theme(theme) => {
                self.theme = theme;
                theme.apply();
                self.look += 1;
            }
            Msg::Desk => {
                if let Some(desk) = &mut self.desk {
                    desk.hear();
                }
            }
            Msg::Own(text) => {
                if let Some(desk) = &mut self.desk {
                    desk.open_own(text);
                    self.visit = self.visit.wrapping_add(1);
                    self.route = Route::Learn { lesson: String::from(OWN), step: None, run: String::new() };
                }
            }
            Msg::Look => self.look += 1,
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let door = |notices: &[String]| home(notices, None);
        // Where a room is missing the program that has it is on its way, see `turn_to`.
        let played = |link, tell| {
            ctx.props().play.map_or_else(|| door(&[]), |show| show(self.visit, link, self.look, tell))
        };
        let (crumb, page) = match &self.route {
            Route::Home => (None, door(&[])),
            Route::Unknown(path) => {
                let notice =
                    format!("There is no page \"{path}\" here. These are the stories that can be played.");
                (None, door(&[notice]))
            }
            Route::Play(link) => match Replay::parse(link) {
                Ok(link) => {
                    let crumb = link.replay.spec().title.to_owned();
                    (Some(crumb), played(link, None))
                }
                Err(problem) => {
                    let notice = format!("This link cannot be played: {problem}");
                    (None, door(&[notice]))
                }
            },
            Route::Learn { step, run, .. } => match &self.desk {
                Some(desk) => match desk.page(*step, run, &ctx.link().callback(Msg::Own)) {
                    Page::Door(part) => (None, home(&[], Some(part))),
                    Page::Run { title, link, tell } => (Some(title), played(*link, Some(tell))),
                },
                None => (None, door(&[])),
            },
        };
        document().set_title(
            &crumb
                .as_ref()
                .map_or_else(|| "War Stories".to_owned(), |crumb| format!("{crumb} · War Stories")),
        );
        html! {
            <div class="app">
                { top(crumb, self.theme, ctx.link().callback(Msg::Theme)) }
                { page }
            </div>
        }
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        // A new page is read from its beginning, as after following any other link.
        if std::mem::replace(&mut self.focused, self.visit) != self.visit {
            focus_main();
        }
    }
}

/// Opens the lesson of a route. A program that lacks the room makes way for the one that has it: `boot.js` chooses by the
/// address.
fn turn_to(route: &Route, play: Option<ShowRun>, desk: Option<&mut (dyn Desk + 'static)>) {
    match (route, desk) {
        (Route::Learn { lesson, .. }, Some(desk)) => desk.open(lesson),
        (Route::Play(_), _) if play.is_some() => {}
        (Route::Home | Route::Unknown(_), _) => {}
        (Route::Learn { .. } | Route::Play(_), _) => {
            let _ = window().location().reload();
        }
    }
}

/// Puts the focus on the page's content, past the top bar.
pub fn focus_main() {
    let main = document().query_selector("main").ok().flatten();
    if let Some(main) = main.and_then(|main| main.dyn_into::<HtmlElement>().ok()) {
        let _ = main.focus();
    }
}
