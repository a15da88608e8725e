// Starts the worker; both of its files lie beside this one.
importScripts("worker.js");
wasm_bindgen({ module_or_path: "worker_bg.wasm" });

/** Loads the module that reads YAML; the worker calls it for a story that needs it. */
self.loadYaml = async () => {
  importScripts("yaml.js");
  await yaml({ module_or_path: "yaml_bg.wasm" });
};
