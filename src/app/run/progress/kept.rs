//! The store as the browser keeps it.
//!
//! Whoever changes a lesson reads the whole, changes that lesson and writes the whole again, at one go: so tabs with
//! different lessons keep each other's progress. Tabs with the same lesson add to what they find there.

use super::{CardProgress, LessonProgress, Store};
use crate::browser::storage;

/// Where the store is kept.
const KEY: &str = "warstories.progress";
/// Where that is set aside which cannot be read, one text after the other.
const UNREAD: &str = "warstories.progress.unread";

/// What the learner can do about what was set aside.
pub const CURE: &str = "it was set aside, and \"Your progress\" on the front door saves it as a file";

/// All that is kept. What cannot be read is set aside, and where there is no room for that, it stays where it is.
///
/// # Errors
/// One sentence where something is kept that cannot be read. Once it was set aside, this gives an empty store.
pub fn load() -> Result<Store, String> {
    let Some(text) = storage::get(KEY) else { return Ok(Store::default()) };
    Store::read(&text).map_err(|reason| {
        let then = if set_aside(&text) {
            storage::remove(KEY);
            CURE
        } else {
            "nothing new is kept, because the browser has no room to set it aside"
        };
        format!("Your progress cannot be read: {reason}; {then}.")
    })
}

/// All that is kept, to be changed; `None` while that must not be written over.
fn writable() -> Option<Store> {
    load().or_else(|_| load()).ok()
}

fn write(store: &Store) -> bool {
    storage::set(KEY, &store.print())
}

/// Keeps the progress in one lesson, which `change` makes of what is there.
pub fn change(key: &str, change: impl FnOnce(Option<LessonProgress>) -> LessonProgress) {
    if let Some(mut store) = writable() {
        let there = store.lessons.remove(key);
        store.lessons.insert(key.to_owned(), change(there));
        write(&store);
    }
}

/// Keeps what was said to an interview question. Gives whether the browser has taken it.
pub fn change_card(id: &str, card: CardProgress) -> bool {
    writable().is_some_and(|mut store| {
        store.cards.insert(id.to_owned(), card);
        write(&store)
    })
}

/// Sets one lesson aside. Gives whether there was room for that; only then may it be written over.
pub fn set_lesson_aside(key: &str, progress: LessonProgress) -> bool {
    set_aside(&Store::of(key, progress).print())
}

/// Imports a file and says what came of it; `name` gives what a lesson is called.
pub fn import(file: &[u8], name: impl Fn(&str) -> String) -> String {
    let Some(mut store) = writable() else {
        return String::from("The file was not imported, because what is kept here cannot be read.");
    };
    match store.import(file) {
        Ok(merged) if (merged.taken.is_empty() && merged.cards == 0) || write(&store) => {
            merged.sentence(name)
        }
        Ok(_) => String::from(
            "The file was not imported, because this browser has no room for it: allow this page to keep data, then import it again.",
        ),
        Err(reason) => format!(
            "The file was not imported: {reason}. Nothing has changed; choose a file that \"Export\" has saved.",
        ),
    }
}

/// Forgets all progress, and what was set aside.
pub fn delete() {
    storage::remove(KEY);
    storage::remove(UNREAD);
}

/// What was set aside.
pub fn unread() -> Option<String> {
    storage::get(UNREAD)
}

/// Adds to what was set aside, unless it is there already. Gives whether it is there.
fn set_aside(text: &str) -> bool {
    let mut unread = unread().unwrap_or_default();
    if !text.is_empty() && unread.ends_with(text) {
        return true;
    }
    if !unread.is_empty() {
        unread.push('\n');
    }
    unread.push_str(text);
    storage::set(UNREAD, &unread)
}
