//! Light or dark, and how large: what a drawing has to know of the page around it.

use gloo::events::EventListener;
use gloo::storage::{LocalStorage, Storage};
use gloo::utils::{document_element, window};
use yew::prelude::*;

/// Where the choice is kept; `theme.js` reads it before the first paint.
const KEY: &str = "warstories.theme";

/// The learner's choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// All, in the order offered.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// As storage and the style sheet spell it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Auto => "Auto",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// The theme called `id`.
    pub fn from_id(id: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.id() == id).unwrap_or(Self::Auto)
    }

    /// What was chosen on an earlier visit.
    pub fn stored() -> Self {
        let stored = LocalStorage::raw().get_item(KEY).ok().flatten();
        stored.map_or(Self::Auto, |id| Self::from_id(&id))
    }

    /// Shows the page this way, now and on the next visit.
    pub fn apply(self) {
        // Without storage the choice lasts as long as the page.
        let _ = LocalStorage::raw().set_item(KEY, self.id());
        self.show(None);
    }

    /// Shows the page this way, or for a while as `instead` says.
    fn show(self, instead: Option<&str>) {
        let root = document_element();
        let _ = match (self, instead) {
            (Self::Auto, None) => root.remove_attribute("data-theme"),
            (_, instead) => root.set_attribute("data-theme", instead.unwrap_or(self.id())),
        };
    }
}

/// A number that changes whenever colours or sizes may have changed: canvases then draw again.
pub type Look = u32;

/// Calls back when the system turns light or dark, when the window changes its size or resolution, and around printing,
/// which is done dark on light.
pub fn watch(changed: &Callback<()>) -> Vec<EventListener> {
    let listener = |target: &web_sys::EventTarget, event: &'static str| {
        let changed = changed.clone();
        EventListener::new(target, event, move |_| changed.emit(()))
    };
    let mut listeners = vec![listener(window().as_ref(), "resize")];
    if let Ok(Some(query)) = window().match_media("(prefers-color-scheme: dark)") {
        listeners.push(listener(query.as_ref(), "change"));
    }
    for (event, theme) in [("beforeprint", Some("light")), ("afterprint", None)] {
        let changed = changed.clone();
        listeners.push(EventListener::new(&window(), event, move |_| {
            Theme::stored().show(theme);
            changed.emit(());
        }));
    }
    listeners
}
