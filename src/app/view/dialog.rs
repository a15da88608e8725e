//! A dialog above the page: the browser keeps the focus in it and gives it back.

use gloo::events::EventListener;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::icon;

/// What a dialog shows.
#[derive(PartialEq, Properties)]
pub struct DialogProps {
    /// Its heading, and its name.
    pub title: &'static str,
    /// It has been closed.
    pub on_close: Callback<()>,
    /// What it says.
    pub children: Html,
}

/// A dialog that is open as long as it is there.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.on_close.clone(), move |on_close| {
            let dialog = node.cast::<HtmlDialogElement>();
            let listener = dialog.as_ref().map(|dialog| {
                let on_close = on_close.clone();
                EventListener::new(dialog, "close", move |_| on_close.emit(()))
            });
            if let Some(dialog) = dialog.filter(|dialog| !dialog.open()) {
                // A browser that cannot shows it within the page.
                if dialog.show_modal().is_err() {
                    dialog.set_open(true);
                }
            }
            move || drop(listener)
        });
    }
    let close = {
        let node = node.clone();
        move |_: MouseEvent| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                dialog.close();
            }
        }
    };
    html! {
        <dialog class="dialog" ref={node} aria-labelledby="dialog-title">
            <div class="row">
                <h2 id="dialog-title">{ props.title }</h2>
                <button type="button" class="button" aria-label="Close" onclick={close}>{ icon::icon(icon::CLOSE) }</button>
            </div>
            { props.children.clone() }
        </dialog>
    }
}
