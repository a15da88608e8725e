//! Work that would hold up the page: a worker does it, which is loaded when there is something to do.

use gloo::events::EventListener;
use gloo::utils::{document, window};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Event, MessageEvent, Worker};
use yew::Callback;

/// What a worker is asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// To read and prove the lesson in this file. It answers with several [`Reply`](crate::rooms::lesson::reading::Reply).
    Lesson(Vec<u8>),
    /// To compute an exhibit. It answers with one [`Answer`](crate::run::exhibits::Answer).
    Exhibit(Asked),
}

/// An exhibit under certain values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// Id of the scenario.
    pub scenario: String,
    /// Id of the exhibit.
    pub id: String,
    /// Values of all parameters.
    pub values: Vec<f64>,
}

/// A message, as page and worker send it. An empty one says that the worker is ready.
pub fn to_bytes(message: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(message).unwrap_or_default()
}

/// A worker; it stops when this is dropped.
pub struct Background {
    worker: Worker,
    _listeners: [EventListener; 2],
}

impl Background {
    /// Loads a worker, asks it first for `first`, and calls back with each of its replies; with `None` where there is
    /// none to be had any more. `None` where the browser has no workers.
    pub fn start<R: DeserializeOwned + 'static>(
        first: &Request,
        on_reply: Callback<Option<R>>,
    ) -> Option<Self> {
        let worker =
            Worker::new(&document().get_element_by_id("boot")?.get_attribute("data-worker")?).ok()?;
        let (first, asked, failed) = (to_bytes(first), worker.clone(), on_reply.clone());
        let message = EventListener::new(&worker, "message", move |event| {
            let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
            let bytes = js_sys::Uint8Array::new(&event.data()).to_vec();
            if bytes.is_empty() {
                post(&asked, &first);
            } else {
                on_reply.emit(postcard::from_bytes(&bytes).ok());
            }
        });
        let error = EventListener::new(&worker, "error", move |_| {
            report_missing();
            failed.emit(None);
        });
        Some(Self { worker, _listeners: [message, error] })
    }

    /// Asks for more, once it has replied.
    pub fn ask(&self, request: &Request) {
        post(&self.worker, &to_bytes(request));
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

fn post(worker: &Worker, bytes: &[u8]) {
    let _ = worker.post_message(&js_sys::Uint8Array::from(bytes));
}

/// Tells `boot.js` that a file of the page is missing: where the page was updated meanwhile, it loads it again.
pub fn report_missing() {
    if let Ok(event) = Event::new("missing") {
        let _ = window().dispatch_event(&event);
    }
}
