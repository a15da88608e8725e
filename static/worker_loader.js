// Starts the worker; both of its files lie beside this one.
importScripts("worker.js");
wasm_bindgen({ module_or_path: "worker_bg.wasm" });
