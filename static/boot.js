// Starts the app and shows how far its download is. Trunk writes both addresses into the script tag.
// Runs and lessons come with programs of their own, so that the front door opens fast.
const { js, wasm } = document.getElementById("boot").dataset;
const room = /^#\/(play|learn)\//.exec(location.hash)?.[1];
const status = document.getElementById("boot-status");
const progress = document.getElementById("boot-progress");

const address = (relative) => new URL(relative, document.baseURI).href;

async function download(wasm) {
  const response = await fetch(address(wasm));
  if (!response.ok) throw new Error(`${wasm}: ${response.status}`);
  const total = Number(response.headers.get("Content-Length"));
  // A compressed answer names its packed length but arrives unpacked: there is no share to show.
  if (!total || response.headers.has("Content-Encoding")) return response;
  let received = 0;
  const count = new TransformStream({
    transform(chunk, controller) {
      received += chunk.byteLength;
      progress.value = Math.min(1, received / total);
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(count), response);
}

const door = async () => (await import(address(js))).default;

function program(name) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address(`${name}.js`);
    // A name that the script declares for all scripts, not a property of the window.
    script.onload = () => resolve(wasm_bindgen);
    script.onerror = () => reject(new Error(`${name}.js did not load`));
    document.head.append(script);
  });
}

try {
  status.textContent = "Loading the simulator…";
  progress.hidden = false;
  const [start, response] = await Promise.all(room ? [program(room), download(`${room}_bg.wasm`)] : [door(), download(wasm)]);
  await start({ module_or_path: response });
} catch (error) {
  console.error(error);
  progress.remove();
  status.textContent =
    "War Stories could not start. Check the connection and reload this page; if it stays like this, try a current Firefox, Chrome, Edge or Safari.";
}
