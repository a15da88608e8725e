//! Which page the address names. Routes live behind `#`, so that the page works on any static host and in any folder.
//!
//! The router reads addresses; a run writes its own, because it does so all the time and must not be routed to itself.
//! Of yew-router the page takes the history and the table of routes, not its components, which weigh more than the table.

use gloo::events::EventListener;
use gloo::utils::{history, window};
use yew_router::Routable;
use yew_router::history::Location;

/// A page, as the router knows it.
#[derive(Clone, Debug, PartialEq, Eq, Routable)]
enum Page {
    #[at("/")]
    Home,
    #[at("/play/:scenario")]
    Play { scenario: String },
    #[at("/learn/:lesson")]
    Learn { lesson: String },
    #[at("/learn/:lesson/:step")]
    LearnAt { lesson: String, step: String },
    #[not_found]
    #[at("/unknown")]
    Unknown,
}

/// A page, with all that its address says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The front door.
    Home,
    /// A run, as `Replay::parse` reads it.
    Play(String),
    /// A lesson.
    Learn {
        /// As addresses spell it.
        lesson: String,
        /// The step, counted from 1.
        step: Option<usize>,
        /// The run, as `Replay::parse` reads it behind the scenario's id; empty where the lesson's own is meant.
        run: String,
    },
    /// An address that leads nowhere.
    Unknown(String),
}

impl Route {
    /// Reads an address: its path, and the rest from the question mark on.
    pub fn read(path: &str, rest: &str) -> Self {
        match Page::recognize(path) {
            Some(Page::Home) => Self::Home,
            Some(Page::Play { scenario }) => Self::Play(format!("{scenario}{rest}")),
            Some(Page::Learn { lesson }) => Self::Learn { lesson, step: None, run: rest.to_owned() },
            Some(Page::LearnAt { lesson, step }) => {
                Self::Learn { lesson, step: step.parse().ok(), run: rest.to_owned() }
            }
            Some(Page::Unknown) | None => Self::Unknown(path.trim_start_matches('/').to_owned()),
        }
    }

    /// Reads what the router says of the address.
    pub fn of(location: &Location) -> Self {
        Self::read(location.path(), &format!("{}{}", location.query_str(), location.hash()))
    }
}

/// The router stops the page at an address that it cannot read. Hand it only such that it can, from before it starts.
pub fn guard() {
    mend();
    EventListener::new(&window(), "popstate", |_| mend()).forget();
}

fn mend() {
    let hash = window().location().hash().unwrap_or_default();
    if let Some(mended) = readable(&hash) {
        let _ = history().replace_state_with_url(&js_sys::Object::new(), "", Some(&mended));
    }
}

/// The address that `hash` stands for, if the router cannot read it as it is: it wants a path that starts with one
/// slash, and takes what follows two for the name of a host.
fn readable(hash: &str) -> Option<String> {
    let path = hash.strip_prefix('#').unwrap_or(hash);
    let is_slash = |char| char == '/' || char == '\\';
    let mended = format!("#/{}", path.trim_start_matches(is_slash));
    (mended != hash).then_some(mended)
}

/// The address of a run, relative to the page.
pub fn play(link: &str) -> String {
    format!("#/play/{link}")
}

/// The address of a lesson where the learner left it.
pub fn lesson(id: &str) -> String {
    format!("#/learn/{id}")
}

/// The address of a step of a lesson, counted from 0, with the run on show.
pub fn learn(lesson: &str, step: usize, run: &str) -> String {
    let mark = if run.is_empty() { "" } else { "?" };
    format!("#/learn/{lesson}/{}{mark}{run}", step + 1)
}

/// The whole address of a run, to be given to others.
pub fn whole(link: &str) -> String {
    let here = window().location().href().unwrap_or_default();
    let page = here.split('#').next().unwrap_or_default();
    format!("{page}{}", play(link))
}

/// Writes an address into the address bar, without a new entry in the history.
pub fn show(address: &str) {
    // A browser that refuses (too many in a minute, a sandboxed frame) only costs a link that lags behind.
    let _ = history().replace_state_with_url(&js_sys::Object::new(), "", Some(address));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_pages() {
        assert_eq!(Route::read("/", ""), Route::Home);
        let rest = "?seed=7&at=60,arrivals_per_s=12";
        assert_eq!(play("queueing_lab"), "#/play/queueing_lab");
        assert_eq!(Route::read("/play/queueing_lab", rest), Route::Play(format!("queueing_lab{rest}")));
        assert_eq!(Route::read("/lessons", ""), Route::Unknown("lessons".to_owned()));
    }

    #[test]
    fn addresses_that_the_router_cannot_read_are_mended() {
        for (hash, mended) in [
            ("", "#/"),
            ("#", "#/"),
            ("#play/x?t=1", "#/play/x?t=1"),
            ("#//", "#/"),
            ("#///host.example/x", "#/host.example/x"),
            ("#/\\x", "#/x"),
        ] {
            assert_eq!(readable(hash).as_deref(), Some(mended), "{hash}");
        }
        assert_eq!(readable("#/play/x?at=1,y//z"), None);
    }
}
