//! Files that the learner opens.

use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, File, HtmlInputElement};
use yew::prelude::*;

/// Bytes that a file may have, whatever is in it.
pub const MOST_BYTES: usize = 1024 * 1024;

/// The file that was chosen in a field. The field forgets it, so that the same file can be chosen again once it was
/// mended.
pub fn chosen(event: &Event) -> Option<File> {
    let input = event.target_dyn_into::<HtmlInputElement>()?;
    let file = input.files().and_then(|files| files.get(0));
    input.set_value("");
    file
}

/// Reads a file and calls back with what is in it; of a file that is too long, with just as much as shows it.
pub fn read(file: File, call: Callback<Vec<u8>>) {
    if file.size() > MOST_BYTES as f64 {
        call.emit(vec![b'x'; MOST_BYTES + 1]);
        return;
    }
    spawn_local(async move {
        let bytes = JsFuture::from(file.array_buffer()).await;
        call.emit(bytes.map(|bytes| js_sys::Uint8Array::new(&bytes).to_vec()).unwrap_or_default());
    });
}
