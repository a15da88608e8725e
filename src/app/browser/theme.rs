//! Light or dark, and how large: what a drawing has to know of the page around it. The theme itself is chosen in
//! `static/theme.js`, which is there before the program.

use gloo::events::EventListener;
use gloo::utils::window;
use yew::prelude::*;

/// A number that changes whenever colours or sizes may have changed: canvases then draw again.
pub type ThemeVersion = u32;

/// Calls back when the learner chooses a theme, when the system turns light or dark or puts its own colours in place of
/// the page's, when the window changes its size or resolution, and around printing, which is done dark on light.
pub fn watch(changed: &Callback<()>) -> Vec<EventListener> {
    let listener = |target: &web_sys::EventTarget, event: &'static str| {
        let changed = changed.clone();
        EventListener::new(target, event, move |_| changed.emit(()))
    };
    let mut listeners: Vec<_> = ["theme", "resize", "beforeprint", "afterprint"]
        .map(|event| listener(window().as_ref(), event))
        .into();
    for query in ["(prefers-color-scheme: dark)", "(forced-colors: active)"] {
        if let Ok(Some(query)) = window().match_media(query) {
            listeners.push(listener(query.as_ref(), "change"));
        }
    }
    listeners
}
