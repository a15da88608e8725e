//! What the browser keeps between visits, by key. Nothing leaves the machine. A browser that keeps nothing (storage is
//! switched off, or the page stands in a sandboxed frame) is no failure: then everything lasts as long as the page.

use gloo::utils::window;
use web_sys::Storage;

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What is kept under this key.
pub fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps a text under this key. Gives whether it is kept: there may be no storage, or no room in it.
pub fn set(key: &str, text: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, text).is_ok())
}

/// Keeps nothing under this key any more.
pub fn remove(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}
