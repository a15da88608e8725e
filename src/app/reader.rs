//! Reads lesson files beside the page: a worker that is loaded when somebody opens a lesson.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn main() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let answer = scope.clone();
    let read = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let text = message.data().as_string().unwrap_or_default();
        let reply = match warstories_lesson::replay(&text) {
            Ok(replay) => replay.print(None),
            Err(problems) => problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        };
        let _ = answer.post_message(&reply.into());
    });
    scope.set_onmessage(Some(read.as_ref().unchecked_ref()));
    read.forget();
    let _ = scope.post_message(&"ready".into());
}
