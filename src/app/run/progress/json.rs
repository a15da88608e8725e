//! JSON in the browser, by the browser's own reader and writer; natively, for the tests, by those of `serde_json`.

use serde::Serialize;
use serde::de::DeserializeOwned;
use warstories_sim::suggest::shortened_to;

/// Writes a value that consists of texts, finite numbers, lists and fields, in one line; such a value cannot fail.
#[cfg(target_arch = "wasm32")]
pub fn write(value: &impl Serialize) -> String {
    let value = value.serialize(&serde_wasm_bindgen::Serializer::json_compatible());
    let text = value.ok().and_then(|value| js_sys::JSON::stringify(&value).ok());
    text.map(String::from).unwrap_or_default()
}

/// Writes a value that consists of texts, finite numbers, lists and fields, in one line; such a value cannot fail.
#[cfg(not(target_arch = "wasm32"))]
pub fn write(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Reads a value.
///
/// # Errors
/// What is wrong and where, in the words of the reader, as a clause without a full stop.
#[cfg(target_arch = "wasm32")]
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let told = |error: &wasm_bindgen::JsValue| {
        let error = js_sys::Error::from(error.clone());
        refused(&String::from(error.message()))
    };
    let value = js_sys::JSON::parse(text).map_err(|error| told(&error))?;
    serde_wasm_bindgen::from_value(value).map_err(|error| told(&error.into()))
}

/// Reads a value.
///
/// # Errors
/// What is wrong and where, in the words of the reader, as a clause without a full stop.
#[cfg(not(target_arch = "wasm32"))]
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| refused(&error.to_string()))
}

/// The reader may quote the text at any length.
fn refused(words: &str) -> String {
    format!("it is not written as progress is ({})", shortened_to(words, 80))
}
