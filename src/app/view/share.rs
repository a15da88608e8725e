//! Giving a run to others.

use gloo::utils::{document, window};
use warstories_sim::format;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlTextAreaElement;
use web_sys::wasm_bindgen::JsCast;
use yew::prelude::*;

use super::dialog::dialog;
use crate::run::share::{LONG_LINK, QUIET};

/// What the dialog offers.
pub struct Share {
    /// The whole address of the run at this moment.
    pub address: String,
    /// The scenario's name.
    pub title: &'static str,
    /// How the run is doing, in words.
    pub summary: String,
    /// What became of the last copy.
    pub said: &'static str,
    /// Something became of a copy.
    pub on_said: Callback<&'static str>,
}

/// The dialog.
pub fn share(props: &Share) -> Html {
    let Share { address, title, summary, said, on_said } = props;
    let content = html! {
        <>
            <p>{ "Whoever opens this link sees the same run at the same moment, to the last event." }</p>
            if address.len() > LONG_LINK {
                <p>{ format!("It has {} characters. Some programs cut links of more than {}: see that it arrives whole.", format::count(address.len() as u64), format::count(LONG_LINK as u64)) }</p>
            }
            <div class="share">
                <div class="texts">
                    { copy("Link", address.clone(), on_said) }
                    { copy("Embed code", crate::run::share::embed(address, title), on_said) }
                    { copy("Summary", format!("{summary} {address}"), on_said) }
                </div>
                { code(address) }
            </div>
            <p role="status" class="muted">{ *said }</p>
        </>
    };
    dialog("Share this moment", content)
}

/// A code has a quiet zone of four modules, dark on light in every theme.
fn code(address: &str) -> Html {
    let Some((width, path)) = crate::run::share::qr(address) else {
        return html! { <p class="muted">{ "This run holds too many changes for a QR code that a phone could read: send the link." }</p> };
    };
    let (begin, side) = (format!("-{QUIET}"), (width + 2 * QUIET).to_string());
    html! {
        <svg class="qr" viewBox={format!("{begin} {begin} {side} {side}")} role="img" aria-label="QR code of the link" shape-rendering="crispEdges">
            <rect x={begin.clone()} y={begin} width={side.clone()} height={side} fill="#fff" />
            <path d={path} fill="#000" />
        </svg>
    }
}

/// A text to take along: by the button, or selected and copied by hand where the browser does not let a page.
fn copy(label: &'static str, text: String, on_said: &Callback<&'static str>) -> Html {
    let id = format!("share-{}", label.to_ascii_lowercase().replace(' ', "-"));
    let copy = {
        let (id, text, on_said) = (id.clone(), text.clone(), on_said.clone());
        move |_: MouseEvent| {
            let (id, text, on_said) = (id.clone(), text.clone(), on_said.clone());
            spawn_local(async move {
                let clipboard = window().navigator().clipboard();
                // On a page without a secure address there is none, whatever its type says.
                let is_copied =
                    !clipboard.is_undefined() && JsFuture::from(clipboard.write_text(&text)).await.is_ok();
                if is_copied {
                    on_said.emit("Copied.");
                } else {
                    let area = document().get_element_by_id(&id);
                    if let Some(area) = area.and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok()) {
                        let _ = area.focus();
                        area.select();
                    }
                    on_said.emit("The text is selected: copy it with Ctrl + C.");
                }
            });
        }
    };
    html! {
        <div class="copy">
            <label for={id.clone()}>{ label }</label>
            <textarea {id} readonly=true rows="2" spellcheck="false" value={text} />
            <button type="button" class="button" onclick={copy} aria-label={format!("Copy: {label}")}>{ "Copy" }</button>
        </div>
    }
}
