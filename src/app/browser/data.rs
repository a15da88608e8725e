//! Data of the page, one file each, fetched when they are needed.

use js_sys::Promise;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;

use super::background::report_missing;

/// Fetches the data at `address` and hands them over; `None` where they could not be had or read.
pub fn fetch<T: DeserializeOwned + 'static>(address: String, take: impl FnOnce(Option<T>) + 'static) {
    spawn_local(async move {
        let data = bytes(&address).await.and_then(|bytes| postcard::from_bytes(&bytes).ok());
        if data.is_none() {
            report_missing();
        }
        take(data);
    });
}

#[wasm_bindgen]
extern "C" {
    /// The `ask` of `boot.js`, which may have asked for the data already.
    #[wasm_bindgen(catch)]
    fn ask(address: &str) -> Result<Promise, JsValue>;
}

async fn bytes(address: &str) -> Option<Vec<u8>> {
    let response = JsFuture::from(ask(address).ok()?).await.ok()?;
    let response: Response = response.dyn_into().ok().filter(Response::ok)?;
    let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}
