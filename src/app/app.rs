//! The frame around every page: address, top bar, theme.

use gloo::events::EventListener;
use gloo::history::HistoryListener;
use gloo::utils::document;
use warstories_sim::Replay;
use web_sys::HtmlElement;
use web_sys::wasm_bindgen::JsCast;
use yew::prelude::*;
use yew_router::history::{HashHistory, History};

use crate::look::{self, Look, Theme};
use crate::pages::home::home;
use crate::pages::play::Play;
use crate::route::Route;
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
    _listeners: Vec<EventListener>,
    _router: HistoryListener,
}

/// What happens to the app as a whole.
pub enum Msg {
    /// Somebody went to this page.
    Route(Route),
    /// The learner chose a theme.
    Theme(Theme),
    /// Colours or sizes may have changed.
    Look,
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let listeners = look::watch(&ctx.link().callback(|()| Msg::Look));
        let history = HashHistory::new();
        let arrive = ctx.link().callback(Msg::Route);
        let route = Route::of(&history.location());
        let going = history.clone();
        let router = history.listen(move || arrive.emit(Route::of(&going.location())));
        Self {
            route,
            visit: 0,
            focused: 0,
            theme: Theme::stored(),
            look: 0,
            _listeners: listeners,
            _router: router,
        }
    }

    fn update(&mut self, _: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Route(route) => {
                self.route = route;
                self.visit = self.visit.wrapping_add(1);
            }
            Msg::Theme(theme) => {
                self.theme = theme;
                theme.apply();
                self.look += 1;
            }
            Msg::Look => self.look += 1,
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let (crumb, page) = match &self.route {
            Route::Home => (None, home(&[])),
            Route::Unknown(path) => {
                let notice =
                    format!("There is no page \"{path}\" here. These are the stories that can be played.");
                (None, home(&[notice]))
            }
            Route::Play(link) => match Replay::parse(link) {
                Ok(link) => {
                    let crumb = link.replay.spec().title;
                    (Some(crumb), html! { <Play key={self.visit} {link} look={self.look} /> })
                }
                Err(problem) => {
                    let notice = format!("This link cannot be played: {problem}");
                    (None, home(&[notice]))
                }
            },
        };
        document().set_title(
            &crumb.map_or_else(|| "War Stories".to_owned(), |crumb| format!("{crumb} · War Stories")),
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

/// Puts the focus on the page's content, past the top bar.
pub fn focus_main() {
    let main = document().query_selector("main").ok().flatten();
    if let Some(main) = main.and_then(|main| main.dyn_into::<HtmlElement>().ok()) {
        let _ = main.focus();
    }
}
