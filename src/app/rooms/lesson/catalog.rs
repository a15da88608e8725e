//! The lessons of the house: proven before they were published, and fetched as data when they are opened.

use gloo::utils::window;
use warstories_lesson::Lesson;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;
use web_sys::wasm_bindgen::JsCast;
use yew::Callback;

use super::reading::{Fault, LessonUpdate};
use crate::browser::background::report_missing;

/// Fetches the lesson whose data lie at `address` and calls back with it, or with what went wrong.
pub fn fetch(address: String, on_update: Callback<LessonUpdate>) {
    spawn_local(async move {
        let lesson = bytes(&address).await.and_then(|bytes| postcard::from_bytes::<Lesson>(&bytes).ok());
        on_update.emit(lesson.map_or_else(
            || {
                report_missing();
                LessonUpdate::Faults(vec![Fault::alone(
                    "The lesson did not load: check the connection and open it again.",
                )])
            },
            |lesson| LessonUpdate::Lesson(lesson.into()),
        ));
    });
}

async fn bytes(address: &str) -> Option<Vec<u8>> {
    let response = JsFuture::from(window().fetch_with_str(address)).await.ok()?;
    let response: Response = response.dyn_into().ok().filter(Response::ok)?;
    let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}
