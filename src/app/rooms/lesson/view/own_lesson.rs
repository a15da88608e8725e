//! A lesson of the learner's own: opened or dropped, tried, played.

use web_sys::DragEvent;
use yew::prelude::*;

use crate::browser::address::{self, OWN};
use crate::browser::file;
use crate::rooms::lesson::open_lesson::OpenLesson;
use crate::rooms::lesson::reading::Fault;

/// Where a lesson file is opened or dropped.
pub fn own(open_lesson: &OpenLesson, on_own: &Callback<Vec<u8>>) -> Html {
    let pick = {
        let on_own = on_own.clone();
        move |event: Event| {
            if let Some(file) = file::chosen(&event) {
                file::read(file, on_own.clone());
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
                file::read(file, on_own.clone());
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
                    (share, _) if share < 1.0 => format!("Trying its claims: {:.0}\u{a0}%", share * 100.0),
                    (_, 0) => String::from("All its claims hold."),
                    (_, 1) => String::from("One thing in it is not right:"),
                    (_, count) => format!("{count} things in it are not right:"),
                } }</p>
            }
            { faults(&open_lesson.faults) }
            if open_lesson.lesson.is_some() {
                <p><a class="button" href={address::learn(OWN, "1", "")}>{ "Play it" }</a></p>
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
