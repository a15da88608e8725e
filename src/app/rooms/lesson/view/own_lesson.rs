//! A lesson of the learner's own: opened or dropped, tried, played.

use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DragEvent, File, HtmlInputElement};
use yew::prelude::*;

use crate::browser::address::{self, OWN};
use crate::rooms::lesson::open_lesson::OpenLesson;
use crate::rooms::lesson::reading::Fault;

/// Bytes that a lesson may have.
const MOST_BYTES: f64 = 1024.0 * 1024.0;

/// Where a lesson file is opened or dropped.
pub fn own(open_lesson: &OpenLesson, on_own: &Callback<Vec<u8>>) -> Html {
    let pick = {
        let on_own = on_own.clone();
        move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                if let Some(file) = input.files().and_then(|files| files.get(0)) {
                    read(file, on_own.clone());
                }
                // The same file can be picked again after it was mended.
                input.set_value("");
            }
        }
    };
    let drop = {
        let on_own = on_own.clone();
        move |event: DragEvent| {
            event.prevent_default();
            if let Some(file) =
                event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0))
            {
                read(file, on_own.clone());
            }
        }
    };
    html! {
        <div class="drop" ondragover={|event: DragEvent| event.prevent_default()} ondrop={drop}>
            <p>{ "Open a lesson file, or drop it here. It stays on this machine; its claims are tried by the simulator before your class sees them." }</p>
            <label class="button">
                { "Open a lesson file" }
                <input type="file" class="unseen" accept=".md,text/markdown,text/plain" onchange={pick} />
            </label>
            if let Some(share) = open_lesson.tried {
                <p role="status">{ match (share, open_lesson.faults.len()) {
                    (share, _) if share < 1.0 => format!("Trying its claims: {:.0} %", share * 100.0),
                    (_, 0) => String::from("All its claims hold."),
                    (_, 1) => String::from("One thing in it is not right:"),
                    (_, count) => format!("{count} things in it are not right:"),
                } }</p>
            }
            { faults(&open_lesson.faults) }
            if open_lesson.lesson.is_some() {
                <p><a class="button" href={address::learn(OWN, 0, "")}>{ "Play it" }</a></p>
            }
        </div>
    }
}

/// What is wrong with a lesson, beside the lines.
fn faults(faults: &[Fault]) -> Html {
    if faults.is_empty() {
        return Html::default();
    }
    html! {
        <ol class="problems" aria-label="What is wrong">
            { for faults.iter().map(|fault| html! {
                <li>
                    <b>{ if fault.line > 0 { format!("{}:", fault.line) } else { String::new() } }</b>
                    <div>{ &fault.sentence }if !fault.text.is_empty() { <pre>{ &fault.text }</pre> }</div>
                </li>
            }) }
        </ol>
    }
}

fn read(file: File, on_own: Callback<Vec<u8>>) {
    if file.size() > MOST_BYTES {
        // The reader refuses it with a sentence; so much of it is enough to be refused.
        on_own.emit(vec![b'x'; MOST_BYTES as usize + 1]);
        return;
    }
    spawn_local(async move {
        let bytes = JsFuture::from(file.array_buffer()).await;
        on_own.emit(bytes.map(|bytes| js_sys::Uint8Array::new(&bytes).to_vec()).unwrap_or_default());
    });
}
