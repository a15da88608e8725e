//! Reads and proves a lesson file beside the page: a worker that is loaded when somebody opens a lesson of their own.

use warstories_app::learn::reading::{Fault, Reply};
use warstories_lesson::{Problem, check, parse};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn main() {
    let scope = scope();
    let read = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let file = js_sys::Uint8Array::new(&message.data()).to_vec();
        match parse::text(&file) {
            Ok(text) => prove(text),
            Err(problem) => answer(&Reply::Faults(faults("", &[problem]))),
        }
    });
    scope.set_onmessage(Some(read.as_ref().unchecked_ref()));
    read.forget();
    answer(&Reply::Ready);
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn answer(reply: &Reply) {
    let _ = scope().post_message(&js_sys::Uint8Array::from(reply.to_bytes().as_slice()));
}

fn prove(text: &str) {
    match parse::read(text) {
        Err(problems) => answer(&Reply::Faults(faults(text, &problems))),
        Ok(lesson) => {
            answer(&Reply::Lesson(Box::new(lesson.clone())));
            let mut seeds = 0;
            let problems = check::prove(&lesson, check::SEEDS, || {
                seeds += 1;
                answer(&Reply::Tried(seeds as f32 / check::SEEDS as f32));
            });
            answer(&Reply::Proven(faults(text, &problems)));
        }
    }
}

fn faults(text: &str, problems: &[Problem]) -> Vec<Fault> {
    let line =
        |line: usize| line.checked_sub(1).and_then(|index| text.lines().nth(index)).unwrap_or_default();
    let fault = |problem: &Problem| Fault {
        line: problem.line,
        text: line(problem.line).chars().take(120).collect(),
        sentence: problem.sentence.clone(),
    };
    problems.iter().map(fault).collect()
}
