//! A dialog above the page: the browser keeps the focus in it and gives it back.

use gloo::events::EventListener;
use gloo::utils::document;
use web_sys::HtmlDialogElement;
use web_sys::wasm_bindgen::JsCast;
use yew::prelude::*;

use super::icon;

/// Only one can be open.
const ID: &str = "dialog";

/// A dialog with a heading. Once it is on the page, [`show`] opens it.
pub fn dialog(title: &'static str, content: Html) -> Html {
    html! {
        <dialog class="dialog" id={ID} aria-labelledby="dialog-title">
            <div class="row">
                <h2 id="dialog-title">{ title }</h2>
                <button type="button" class="button" aria-label="Close" onclick={|_| close()}>{ icon::icon(icon::CLOSE) }</button>
            </div>
            { content }
        </dialog>
    }
}

/// Opens the dialog that is on the page; calls back when it has been closed, by its button or by the Escape key.
pub fn show(on_close: Callback<()>) -> Option<EventListener> {
    let dialog = element()?;
    let listener = EventListener::new(&dialog, "close", move |_| on_close.emit(()));
    // A browser that cannot shows it within the page.
    if dialog.show_modal().is_err() {
        dialog.set_open(true);
    }
    Some(listener)
}

/// Closes the dialog, as its button does.
pub fn close() {
    if let Some(dialog) = element() {
        dialog.close();
    }
}

fn element() -> Option<HtmlDialogElement> {
    document().get_element_by_id(ID).and_then(|element| element.dyn_into().ok())
}
