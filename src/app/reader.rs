//! Reads lesson files beside the page: a worker that is loaded when somebody opens a lesson.

use warstories_app::learn::reading::{Fault, Order, Reply};
use warstories_lesson::{Problem, check, parse};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, Response};

fn main() {
    let scope = scope();
    let read = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let bytes = js_sys::Uint8Array::new(&message.data()).to_vec();
        if let Ok(order) = postcard::from_bytes(&bytes) {
            spawn_local(fulfil(order));
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

async fn fulfil(order: Order) {
    let (text, is_own) = match order {
        Order::Own(text) => (text, true),
        Order::Open(id) => {
            let Some(text) = fetch(&id).await else {
                let sentence =
                    String::from("The lesson did not load: check the connection and open it again.");
                answer(&Reply::Faults(vec![Fault { line: 0, text: String::new(), sentence }]));
                return;
            };
            (text, false)
        }
    };
    match parse::read(&text) {
        Err(problems) => answer(&Reply::Faults(faults(&text, &problems))),
        Ok(lesson) => {
            answer(&Reply::Lesson(Box::new(lesson.clone())));
            if is_own {
                let mut seeds = 0;
                let problems = check::prove(&lesson, check::SEEDS, || {
                    seeds += 1;
                    answer(&Reply::Tried(seeds as f32 / check::SEEDS as f32));
                });
                answer(&Reply::Proven(faults(&text, &problems)));
            }
        }
    }
}

async fn fetch(id: &str) -> Option<String> {
    let response = JsFuture::from(scope().fetch_with_str(&format!("lessons/{id}.md"))).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    let text = JsFuture::from(response.text().ok()?).await.ok()?;
    text.as_string().filter(|_| response.ok())
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
