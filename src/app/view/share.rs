//! Giving a run to others.

use gloo::utils::window;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::dialog::Dialog;
use crate::share;

/// What the dialog offers.
#[derive(PartialEq, Properties)]
pub struct ShareProps {
    /// The whole address of the run at this moment.
    pub address: AttrValue,
    /// The scenario's name.
    pub title: &'static str,
    /// How the run is doing, in words.
    pub summary: AttrValue,
    /// It has been closed.
    pub on_close: Callback<()>,
}

/// The dialog.
#[component]
pub fn Share(props: &ShareProps) -> Html {
    let ShareProps { address, title, summary, on_close } = props;
    let said = use_state(|| "");
    let on_said = {
        let said = said.setter();
        Callback::from(move |text| said.set(text))
    };
    html! {
        <Dialog title="Share this moment" on_close={on_close.clone()}>
            <p>{ "Whoever opens this link sees the same run at the same moment, to the last event." }</p>
            <div class="share">
                <div class="texts">
                    <Copy label="Link" text={address.clone()} on_said={on_said.clone()} />
                    <Copy label="Embed code" text={share::embed(address, title)} on_said={on_said.clone()} />
                    <Copy label="Summary" text={format!("{summary} {address}")} on_said={on_said.clone()} />
                </div>
                { code(address) }
            </div>
            <p role="status" class="muted">{ *said }</p>
        </Dialog>
    }
}

/// A code has a quiet zone of four modules, dark on light in every theme.
fn code(address: &str) -> Html {
    let Some((width, path)) = share::qr(address) else {
        return html! { <p class="muted">{ "This run holds too many changes for a QR code." }</p> };
    };
    html! {
        <svg class="qr" viewBox={format!("-4 -4 {0} {0}", width + 8)} role="img" aria-label="QR code of the link" shape-rendering="crispEdges">
            <rect x="-4" y="-4" width={(width + 8).to_string()} height={(width + 8).to_string()} fill="#fff" />
            <path d={path} fill="#000" />
        </svg>
    }
}

#[derive(PartialEq, Properties)]
struct CopyProps {
    label: &'static str,
    text: AttrValue,
    on_said: Callback<&'static str>,
}

/// A text to take along: by the button, or selected and copied by hand where the browser does not let a page.
#[component]
fn Copy(props: &CopyProps) -> Html {
    let CopyProps { label, text, on_said } = props;
    let node = use_node_ref();
    let copy = {
        let (node, text, on_said) = (node.clone(), text.clone(), on_said.clone());
        move |_: MouseEvent| {
            let (node, text, on_said) = (node.clone(), text.clone(), on_said.clone());
            spawn_local(async move {
                let clipboard = window().navigator().clipboard();
                // On a page without a secure address there is none, whatever its type says.
                let is_copied =
                    !clipboard.is_undefined() && JsFuture::from(clipboard.write_text(&text)).await.is_ok();
                if is_copied {
                    on_said.emit("Copied.");
                } else {
                    if let Some(area) = node.cast::<HtmlTextAreaElement>() {
                        let _ = area.focus();
                        area.select();
                    }
                    on_said.emit("The text is selected: copy it with Ctrl + C.");
                }
            });
        }
    };
    let id = format!("share-{}", label.to_lowercase().replace(' ', "-"));
    html! {
        <div class="copy">
            <label for={id.clone()}>{ *label }</label>
            <textarea {id} ref={node} readonly=true rows="2" spellcheck="false" value={text.clone()} />
            <button type="button" class="button" onclick={copy} aria-label={format!("Copy: {label}")}>{ "Copy" }</button>
        </div>
    }
}
