//! The module that reads rule files in YAML, fetched when a story needs it: by the page, and by the worker for itself.

use serde::de::DeserializeOwned;
use warstories_sim::scenarios::rule_engine::gates::Judged;
use warstories_sim::scenarios::rule_engine::reading::{Question, Reader, provide, unread};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::background::to_bytes;

#[wasm_bindgen]
extern "C" {
    /// Of `boot.js`, and of `worker_loader.js`: loads the module and starts it.
    #[wasm_bindgen(catch, js_name = loadYaml)]
    async fn load_yaml() -> Result<(), JsValue>;

    /// The module's own.
    #[wasm_bindgen(catch, js_namespace = yaml, js_name = read)]
    fn read(question: &[u8]) -> Result<Vec<u8>, JsValue>;
}

/// Loads the module, and calls back with whether it is there.
pub fn load(done: impl FnOnce(bool) + 'static) {
    spawn_local(async move {
        let is_there = load_yaml().await.is_ok();
        if is_there {
            provide(READER);
        }
        done(is_there);
    });
}

/// Where the module fails, nothing can be read.
const READER: Reader = Reader {
    judge: |text, version| ask(&Question::Judge(text, version)).unwrap_or_else(Judged::unread),
    edited: |edits| ask(&Question::Edited(edits)).unwrap_or_else(|| Err(unread().to_string())),
    edits: |text| ask(&Question::Edits(text)).unwrap_or_default(),
    mutants: |version| ask(&Question::Mutants(version)).unwrap_or_default(),
    matched: |lines, order| ask(&Question::Matched(lines, order)).unwrap_or_default(),
};

fn ask<A: DeserializeOwned>(question: &Question) -> Option<A> {
    postcard::from_bytes(&read(&to_bytes(question)).ok()?).ok()
}
