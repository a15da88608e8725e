//! The frame around every page: address, top bar, theme.

use gloo::events::EventListener;
use gloo::utils::document;
use warstories_sim::Replay;
use web_sys::HtmlElement;
use web_sys::wasm_bindgen::JsCast;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::look::{self, Look, Theme};
use crate::pages::home::Home;
use crate::pages::play::Play;
use crate::route::{self, Route};
use crate::view::top::Top;

/// The app, behind its router.
#[component]
pub fn App() -> Html {
    html! { <HashRouter><Address /></HashRouter> }
}

#[component]
fn Address() -> Html {
    let route = use_location().map_or(Route::Home, |location| Route::of(&location));
    html! { <Frame {route} visit={route::visits()} /> }
}

/// Where the address leads.
#[derive(PartialEq, Properties)]
pub struct FrameProps {
    /// The page.
    pub route: Route,
    /// Counts ways to a page: each opens it afresh, even if it is the same.
    pub visit: u32,
}

/// The frame.
pub struct Frame {
    /// The visit whose page has the focus.
    focused: u32,
    theme: Theme,
    look: Look,
    _listeners: Vec<EventListener>,
}

/// What happens to the app as a whole.
pub enum Msg {
    /// The learner chose a theme.
    Theme(Theme),
    /// Colours or sizes may have changed.
    Look,
}

impl Component for Frame {
    type Message = Msg;
    type Properties = FrameProps;

    fn create(ctx: &Context<Self>) -> Self {
        let listeners = look::watch(&ctx.link().callback(|()| Msg::Look));
        Self { focused: ctx.props().visit, theme: Theme::stored(), look: 0, _listeners: listeners }
    }

    fn update(&mut self, _: &Context<Self>, msg: Msg) -> bool {
        match msg {
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
        let (crumb, page) = match &ctx.props().route {
            Route::Home => (None, html! { <Home /> }),
            Route::Unknown(path) => {
                let notice =
                    format!("There is no page \"{path}\" here. These are the stories that can be played.");
                (None, html! { <Home {notice} /> })
            }
            Route::Play(link) => match Replay::parse(link) {
                Ok(link) => {
                    let crumb = link.replay.spec().title;
                    (Some(crumb), html! { <Play key={ctx.props().visit} {link} look={self.look} /> })
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

    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        // A new page is read from its beginning, as after following any other link.
        let visit = ctx.props().visit;
        if std::mem::replace(&mut self.focused, visit) != visit {
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
