//! The module that reads rule files in YAML, fetched when a story needs it: by the page, and by the worker for itself.

use warstories_sim::scenarios::rule_engine::reading::provide;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

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
            provide(|question| read(question).unwrap_or_default());
        }
        done(is_there);
    });
}
