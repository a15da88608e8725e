//! What the browser keeps of a lesson between visits. Nothing leaves the machine.

use gloo::storage::{LocalStorage, Storage};

use crate::browser::address::OWN;
use crate::rooms::lesson::story::Story;

/// Before the lesson's id.
const PREFIX: &str = "warstories.lesson.";

/// Takes up what was kept of the story's lesson. What cannot be read is set aside, not lost.
///
/// # Errors
/// One sentence where something was kept that cannot be read.
pub fn recall(story: &mut Story) -> Result<(), String> {
    let key = key(story);
    let Some(text) = LocalStorage::raw().get_item(&key).ok().flatten() else { return Ok(()) };
    story.take_up_progress(&text).inspect_err(|_| {
        let _ = LocalStorage::raw().set_item(&format!("{key}.unread"), &text);
    })
}

/// All lessons of one's own have the same address: they are told apart by what they say.
fn key(story: &Story) -> String {
    let edition = if story.id == OWN { format!(".{:x}", story.edition) } else { String::new() };
    format!("{PREFIX}{}{edition}", story.id)
}

/// Keeps what the learner has done; without storage it lasts as long as the page.
pub fn keep(story: &Story) {
    let _ = LocalStorage::raw().set_item(&key(story), &story.print());
}
