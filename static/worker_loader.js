// Starts the worker; both of its files lie beside this one.
importScripts("worker.js");
const lent = wasm_bindgen({ module_or_path: "worker_bg.wasm" });

/** Adds the part of a story to the program; the worker calls it before it runs that story. */
self.loadPart = async (name) => {
  try {
    const response = await fetch(`parts/worker-${name}.wasm`);
    await WebAssembly.instantiate(await response.arrayBuffer(), { p: await lent });
  } catch (error) {
    // The page hears of it as of any fault of the worker, and says so.
    reportError(error);
    throw error;
  }
};

/** Loads the module that reads YAML; the worker calls it for a story that needs it. */
self.loadYaml = async () => {
  importScripts("yaml.js");
  await yaml({ module_or_path: "yaml_bg.wasm" });
};
