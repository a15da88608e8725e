//! Works beside the page, and is loaded when there is something to do: reads and proves a lesson of the learner's own, and
//! computes exhibits.

use serde::Serialize;
use warstories_app::browser::background::{Request, to_bytes};
use warstories_app::browser::parts::Need;
use warstories_app::rooms::lesson::reading::{Fault, Reply};
use warstories_app::run::exhibits::Answer;
use warstories_lesson::{Problem, check, parse};
use warstories_sim::{ScenarioSpec, scenarios};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn main() {
    let scope = scope();
    let work = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let request = js_sys::Uint8Array::new(&message.data()).to_vec();
        // Page and worker are of one edition: nothing else comes.
        let Ok(request) = postcard::from_bytes(&request) else { return };
        work(request);
    });
    scope.set_onmessage(Some(work.as_ref().unchecked_ref()));
    work.forget();
    post(&[]);
}

/// Works on the request once all is there that it needs. Where something cannot be had, `worker_loader.js` tells the page.
fn work(request: Request) {
    match needed(&request) {
        Some(story) => story.load(move |is_there| {
            if is_there {
                work(request);
            }
        }),
        None => work_on(request),
    }
}

/// What the request is about and is not there. A lesson that is not read yet names its scenario somewhere.
fn needed(request: &Request) -> Option<Need> {
    let is_about = |spec: &&ScenarioSpec| match request {
        Request::Lesson(file) => file.windows(spec.id.len()).any(|part| part == spec.id.as_bytes()),
        Request::Exhibit(asked) => asked.scenario == spec.id,
    };
    let about = scenarios::SCENARIOS.iter().map(|listed| listed.spec).filter(is_about);
    about.map(Need::Story).find(|story| !story.is_met())
}

fn work_on(request: Request) {
    match request {
        Request::Lesson(file) => read(&file),
        Request::Exhibit(asked) => {
            let spec = scenarios::find(&asked.scenario);
            let exhibit = spec.ok().and_then(|spec| scenarios::exhibit(spec, &asked.id, &asked.values));
            answer::<Answer>(&(asked, exhibit));
        }
    }
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn answer<R: Serialize>(reply: &R) {
    post(&to_bytes(reply));
}

fn post(bytes: &[u8]) {
    let _ = scope().post_message(&js_sys::Uint8Array::from(bytes));
}

fn read(file: &[u8]) {
    match parse::text(file) {
        Ok(text) => prove(text),
        Err(problem) => answer(&Reply::Faults(faults("", &[problem]))),
    }
}

fn prove(text: &str) {
    // A lesson of the learner's own may use the terms of the house.
    match parse::glossary::house().and_then(|glossary| parse::read(text, &glossary)) {
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
