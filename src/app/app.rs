//! The frame around every page: address, top bar, theme.

use gloo::events::EventListener;
use gloo::utils::{document, window};
use warstories_sim::Replay;
use web_sys::HtmlElement;
use web_sys::wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::look::{self, Look, Theme};
use crate::pages::home::Home;
use crate::pages::play::Play;
use crate::route::Route;
use crate::view::top::Top;

/// The app.
pub struct App {
    route: Route,
    /// Counts changes of the address: each opens its page afresh.
    visit: u32,
    /// The visit whose page has the focus.
    focused: u32,
    theme: Theme,
    look: Look,
    _listeners: Vec<EventListener>,
}

/// What happens to the app as a whole.
pub enum Msg {
    /// The address names another page.
    Route,
    /// The learner chose a theme.
    Theme(Theme),
    /// Colours or sizes may have changed.
    Look,
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let mut listeners = look::watch(&ctx.link().callback(|()| Msg::Look));
        let routed = ctx.link().callback(|()| Msg::Route);
        listeners.push(EventListener::new(&window(), "hashchange", move |_| routed.emit(())));
        Self {
            route: Route::current(),
            visit: 0,
            focused: 0,
            theme: Theme::stored(),
            look: 0,
            _listeners: listeners,
        }
    }

    fn update(&mut self, _: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Route => {
                self.route = Route::current();
                self.visit += 1;
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
            Route::Home => (None, html! { <Home /> }),
            Route::Unknown(path) => {
                let notice =
                    format!("There is no page \"{path}\" here. These are the stories that can be played.");
                (None, html! { <Home {notice} /> })
            }
            Route::Play(link) => match Replay::parse(link) {
                Ok(link) => {
                    let crumb = link.replay.spec().title;
                    (Some(crumb), html! { <Play key={self.visit} {link} look={self.look} /> })
                }
                Err(problem) => {
                    let notice = format!("This link cannot be played: {problem}");
                    (None, html! { <Home {notice} /> })
                }
            },
        };
        document().set_title(
            &crumb.map_or_else(|| "War Stories".to_owned(), |crumb| format!("{crumb} · War Stories")),
        );
        html! {
            <div class="app">
                <Top {crumb} theme={self.theme} on_theme={ctx.link().callback(Msg::Theme)} />
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
