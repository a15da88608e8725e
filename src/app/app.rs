//! The frame around every page: address, top bar, theme.

use gloo::events::EventListener;
use gloo::history::HistoryListener;
use gloo::utils::{document, window};
use warstories_sim::Replay;
use web_sys::HtmlElement;
use web_sys::wasm_bindgen::JsCast;
use yew::prelude::*;
use yew_router::history::{HashHistory, History};

use crate::look::{self, Look, Theme};
use crate::pages::home::home;
use crate::pages::play::Play;
use crate::route::Route;
use crate::shelf::OWN;
use crate::teller::{Desk, MakeDesk, Page};
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

/// What a page carries.
#[derive(Clone, Copy, Properties)]
pub struct AppProps {
    /// Makes the desk for lessons, on a page that carries them.
    pub desk: Option<MakeDesk>,
}

/// Set once, before the app is there: never another.
impl PartialEq for AppProps {
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
    type Properties = AppProps;

    fn create(ctx: &Context<Self>) -> Self {
        let listeners = look::watch(&ctx.link().callback(|()| Msg::Look));
        let history = HashHistory::new();
        let arrive = ctx.link().callback(Msg::Route);
        let route = Route::of(&history.location());
        let mut desk = ctx.props().desk.map(|make| make(ctx.link().callback(|()| Msg::Desk)));
        Self::turn_to(&route, desk.as_deref_mut());
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

    fn update(&mut self, _: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Route(route) => {
                Self::turn_to(&route, self.desk.as_deref_mut());
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
                    (Some(crumb), html! { <Play key={self.visit} {link} look={self.look} /> })
                }
                Err(problem) => {
                    let notice = format!("This link cannot be played: {problem}");
                    (None, door(&[notice]))
                }
            },
            Route::Learn { step, run, .. } => match &self.desk {
                Some(desk) => match desk.page(*step, run, &ctx.link().callback(Msg::Own)) {
                    Page::Door(part) => (None, home(&[], Some(part))),
                    Page::Run { title, link, tell } => (
                        Some(title),
                        html! { <Play key={self.visit} link={*link} look={self.look} {tell} /> },
                    ),
                },
                // The page that carries lessons is on its way, see `turn_to`.
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

impl App {
    /// Opens the lesson of a route; a page that carries none makes way for the one that does.
    fn turn_to(route: &Route, desk: Option<&mut (dyn Desk + 'static)>) {
        let Route::Learn { lesson, .. } = route else { return };
        match desk {
            Some(desk) => desk.open(lesson),
            None => {
                let _ = window().location().reload();
            }
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
