//! Has a lesson file read and proven by the worker, which is loaded when somebody opens a lesson of their own.

use std::rc::Rc;

use gloo::events::EventListener;
use gloo::utils::document;
use serde::{Deserialize, Serialize};
use warstories_lesson::lesson::Lesson;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{MessageEvent, Worker};
use yew::Callback;

use super::house;

/// A line of a lesson that is wrong, counted from 1 (0: the file as a whole), what it says, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The line.
    pub line: usize,
    /// What it says.
    pub text: String,
    /// What is wrong and the cure.
    pub sentence: String,
}

impl Fault {
    /// What is wrong with the file as a whole.
    pub fn alone(sentence: impl Into<String>) -> Self {
        Self { line: 0, text: String::new(), sentence: sentence.into() }
    }
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// It waits for a file.
    Ready,
    /// The lesson.
    Lesson(Box<Lesson>),
    /// There is no lesson to play.
    Faults(Vec<Fault>),
    /// How much of a lesson's claims has been tried, from 0 to 1.
    Tried(f32),
    /// All claims have been tried; those that do not hold.
    Proven(Vec<Fault>),
}

impl Reply {
    /// As the worker sends it.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).unwrap_or_default()
    }
}

/// What has become of a lesson that is being read.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// It can be played.
    Lesson(Rc<Lesson>),
    /// It cannot.
    Faults(Vec<Fault>),
    /// How much of its claims has been tried, from 0 to 1.
    Tried(f32),
    /// All claims have been tried; those that do not hold.
    Proven(Vec<Fault>),
}

/// A lesson that is being read; the worker stops when this is dropped.
pub struct Reading {
    worker: Worker,
    _listeners: [EventListener; 2],
}

impl Reading {
    /// Has the lesson in `file` read and calls back with what becomes of it. `None` where the browser has no workers.
    pub fn start(file: Vec<u8>, on_news: Callback<News>) -> Option<Self> {
        let worker =
            Worker::new(&document().get_element_by_id("boot")?.get_attribute("data-worker")?).ok()?;
        let failed = on_news.clone();
        let answer = worker.clone();
        let message = EventListener::new(&worker, "message", move |event| {
            let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
            let bytes = js_sys::Uint8Array::new(&event.data()).to_vec();
            match postcard::from_bytes(&bytes) {
                Ok(Reply::Ready) => {
                    let _ = answer.post_message(&js_sys::Uint8Array::from(file.as_slice()));
                }
                Ok(Reply::Lesson(lesson)) => on_news.emit(News::Lesson(lesson.into())),
                Ok(Reply::Faults(faults)) => on_news.emit(News::Faults(faults)),
                Ok(Reply::Tried(share)) => on_news.emit(News::Tried(share)),
                Ok(Reply::Proven(faults)) => on_news.emit(News::Proven(faults)),
                Err(_) => on_news.emit(News::Faults(vec![unreadable()])),
            }
        });
        let error = EventListener::new(&worker, "error", move |_| {
            house::report_missing();
            failed.emit(News::Faults(vec![unreadable()]));
        });
        Some(Self { worker, _listeners: [message, error] })
    }
}

fn unreadable() -> Fault {
    Fault::alone("The reader for lessons did not load: check the connection and reload this page.")
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
