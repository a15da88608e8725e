//! Keys and pointers of the whole page, and what the browser alone can do for them.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::{document, document_element};
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, EventTarget, KeyboardEvent};
use yew::Callback;

use crate::browser::keys::{Command, Focus, Press, alone, command};
use crate::browser::storage;

/// Where the learner's choice about single keys is kept.
const KEY: &str = "warstories.keys";

/// Whether keys work alone, as chosen on an earlier visit.
pub fn single_keys() -> bool {
    storage::get(KEY).as_deref() != Some("off")
}

/// Keeps the choice; without storage it lasts as long as the page.
pub fn keep_single_keys(on: bool) {
    storage::set(KEY, if on { "on" } else { "off" });
}

/// Calls back with what a key means. Whether keys work alone is looked up when one is pressed.
pub fn keys(call: Callback<Command>) -> EventListener {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&document(), "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let Some(command) = pressed(event, command) else { return };
        event.prevent_default();
        // A key that is held down steps on, but does not start and stop time twenty times a second.
        if !event.repeat() || matches!(command, Command::Step | Command::Back | Command::Undo | Command::Redo)
        {
            call.emit(command);
        }
    })
}

/// Calls back with each key that is pressed alone where it means nothing else. What comes back says whether it was of
/// use; the browser does nothing else with it then.
pub fn single_keys_pressed(call: impl Fn(&str) -> bool + 'static) -> EventListener {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&document(), "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        if !event.repeat() && pressed(event, alone).is_some_and(|key| call(&key)) {
            event.prevent_default();
        }
    })
}

/// What `told` makes of a key. Whether keys work alone is looked up when one is pressed.
fn pressed<T>(event: &KeyboardEvent, told: fn(Press, bool) -> Option<T>) -> Option<T> {
    let press = Press {
        key: &event.key(),
        code: &event.code(),
        ctrl: event.ctrl_key() || event.meta_key(),
        shift: event.shift_key(),
        alt: event.alt_key(),
        focus: focus(event.target()),
    };
    told(press, single_keys())
}

fn focus(target: Option<EventTarget>) -> Focus {
    let element = target.and_then(|target| target.dyn_into::<Element>().ok());
    let is_in = |selector| {
        element.as_ref().is_some_and(|element| element.closest(selector).is_ok_and(|found| found.is_some()))
    };
    if is_in("dialog") {
        Focus::Dialog
    } else if is_in("[type=range], [role=slider]") {
        Focus::Slider
    } else if is_in("input:is([type=checkbox], [type=radio]), select") {
        Focus::Input
    } else if is_in("input, textarea, [contenteditable]") {
        Focus::Text
    } else if is_in("a, button, summary, [role=button]") {
        Focus::Button
    } else {
        Focus::Page
    }
}

/// Calls back when a finger or a button comes down (`true`) and when it is lifted (`false`).
pub fn pointer(call: &Callback<bool>) -> Vec<EventListener> {
    [("pointerdown", true), ("pointerup", false), ("pointercancel", false)]
        .into_iter()
        .map(|(event, down)| {
            let call = call.clone();
            EventListener::new(&document(), event, move |_| call.emit(down))
        })
        .collect()
}

#[wasm_bindgen]
extern "C" {
    /// An element of a browser of today, which tells later whether it may fill the screen.
    type Filling;
    #[wasm_bindgen(method, catch, js_name = requestFullscreen)]
    fn fill_screen(this: &Filling) -> Result<JsValue, JsValue>;
}

/// Fills the screen, or leaves it; calls back where the browser does not let the page.
pub fn toggle_fullscreen(refused: Callback<()>) {
    if document().fullscreen_element().is_some() {
        document().exit_fullscreen();
        return;
    }
    let promise = document_element().unchecked_into::<Filling>().fill_screen();
    spawn_local(async move {
        let is_filled = match promise {
            Ok(promise) => JsFuture::from(Promise::resolve(&promise)).await.is_ok(),
            // A phone's browser may not know the word.
            Err(_) => false,
        };
        if !is_filled {
            refused.emit(());
        }
    });
}
