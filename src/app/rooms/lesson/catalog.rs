//! The lessons of the house: proven before they were published, and fetched as data when they are opened.

use warstories_lesson::Lesson;
use yew::Callback;

use super::reading::{Fault, LessonUpdate};
use crate::browser::data;

/// Fetches the lesson whose data lie at `address` and calls back with it, or with what went wrong.
pub fn fetch(address: String, on_update: Callback<LessonUpdate>) {
    data::fetch(address, move |lesson: Option<Lesson>| {
        on_update.emit(lesson.map_or_else(
            || {
                LessonUpdate::Faults(vec![Fault::alone(
                    "The lesson did not load: check the connection and open it again.",
                )])
            },
            |lesson| LessonUpdate::Lesson(lesson.into()),
        ));
    });
}
