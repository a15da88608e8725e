// Starts the program when the address asks for more than the front door, and at the front door, where it tells how far the
// learner is, while nobody is in a hurry.
// Trunk writes the addresses into the script tag, src/site the size; `isRoom` and `isTooOld` are in theme.js.
const { js, wasm, size } = document.getElementById("boot").dataset;
const root = document.documentElement;
const waiting = document.getElementById("waiting");
const status = document.getElementById("boot-status");
const progress = document.getElementById("boot-progress");
/** A room that opens within this many milliseconds shows no sign of waiting. */
const PROMPT = 150;
const idle = window.requestIdleCallback?.bind(window) ?? ((callback) => setTimeout(callback, 1000));
/** The folder of all files but the page itself; it is named by what is in them. */
const edition = new URL(".", import.meta.url).pathname.split("/").slice(-2)[0];

const address = (relative) => new URL(relative, document.baseURI).href;
/** The glossary is a part of the front door. */
const isDoor = () => /^(#\/?|#\/glossary(\/.*)?)?$/.test(location.hash);

/** The program, once it has begun to load: calling what comes of it starts the page. */
let program;
/** What it lends to its parts, once it runs. */
let lent;
let isStarted = false;
/** Makes each try another address: a browser keeps in mind that a script could not be had, and never asks for it again. */
let again = "";

/** Files that were asked for ahead, by their addresses, and all addresses that anybody has asked for. */
const early = new Map();
const asked = new Set();
/** Asks for a file; the program calls it. What was asked for ahead is given once. */
self.ask = (relative) => {
  const file = early.get(address(relative)) ?? fetch(relative);
  asked.add(address(relative));
  early.delete(address(relative));
  return file;
};

/** Adds the part of a story or a room to the program; the program calls it before it needs the part. */
self.loadPart = async (name) => {
  try {
    const part = await compile(await self.ask(new URL(`parts/warstories-app-${name}.wasm`, import.meta.url).href));
    await WebAssembly.instantiate(part, { p: await lent });
  } catch (error) {
    dispatchEvent(new Event("missing"));
    throw error;
  }
};

/** Loads the module that reads YAML; the program calls it for a story that needs it. */
let yamlAgain = "";
self.loadYaml = async () => {
  const script = address(document.getElementById("boot").dataset.yaml);
  try {
    await import(script + yamlAgain);
    await self.yaml({ module_or_path: script.replace(".js", "_bg.wasm") });
  } catch (error) {
    yamlAgain += "?";
    dispatchEvent(new Event("missing"));
    throw error;
  }
};

/** Asks for what a lesson, a run or the interview room needs at once, beside the program. */
function prepare() {
  const [, room, id] = location.hash.split(/[/?]/);
  const wanted = room === "interview" ? "#/interview" : `#/${room}/${id}`;
  const link = [...document.querySelectorAll("[data-docs], [data-decks]")].find((link) => link.hash === wanted);
  if (!link) return;
  for (const href of ["room", "part", "lesson", "docs", "decks"].map((kind) => link.dataset[kind]).filter(Boolean)) {
    askAhead(href, fetch(href));
  }
}

function askAhead(href, file) {
  const place = address(href);
  // Whoever needs it tries it again.
  file.catch(() => early.delete(place));
  asked.add(place);
  early.set(place, file);
}

/** Fetches all parts of the program, one after the other, while nobody is in a hurry: the connection may go away. */
async function gather() {
  const links = [...document.querySelectorAll("a[data-part], a[data-room]")];
  for (const href of links.flatMap(({ dataset }) => [dataset.part, dataset.room])) {
    if (!href || asked.has(address(href))) continue;
    // What nobody reads would keep a connection busy.
    const file = fetch(href, { priority: "low" }).then(async (response) => {
      if (!response.ok) throw new Error(`${href}: ${response.status}`);
      return new Response(await response.arrayBuffer(), response);
    });
    askAhead(href, file);
    await file.catch(() => {});
  }
}

async function load() {
  prepare();
  const [{ default: start }, module] = await Promise.all([import(address(js) + again), download().then(compile)]);
  return () => (lent = start({ module_or_path: module }));
}

async function download() {
  const response = await fetch(address(wasm));
  let received = 0;
  const count = new TransformStream({
    transform(chunk, controller) {
      received += chunk.byteLength;
      progress.value = Math.min(1, received / size);
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(count), response);
}

/** A server may not know the type of the file, which streaming insists on. */
async function compile(response) {
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  const isTyped = response.headers.get("Content-Type") === "application/wasm";
  return isTyped ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** Starts the program, which from then on goes where the address says. */
async function begin() {
  const start = await (program ??= load());
  // Meanwhile somebody may have followed a link, or come here twice.
  if (isStarted) return;
  isStarted = true;
  removeEventListener("hashchange", enter);
  await start();
  waiting.hidden = true;
  if (!navigator.connection?.saveData) idle(gather);
}

/** The next link tries it again. */
function forget() {
  program = undefined;
  isStarted = false;
  again += "?";
  addEventListener("hashchange", enter);
}

/** Goes where the address says, which until the program runs is done here. */
async function enter(followed) {
  // The front door says why nothing opens.
  if (isTooOld) return;
  // The program puts the focus where a link has led to, but leaves it alone in a page that was just opened.
  if (followed) root.dataset.followed = "";
  if (isDoor()) {
    waiting.hidden = true;
    delete root.dataset.room;
    return;
  }
  const late = setTimeout(wait, root.dataset.room ? 0 : PROMPT);
  try {
    await begin();
  } catch (error) {
    console.error(error);
    clearTimeout(late);
    forget();
    if (!(await renew())) {
      say("War Stories could not start. Check the connection and reload this page; if it stays like this, try a current Firefox, Chrome, Edge or Safari.");
    }
  } finally {
    clearTimeout(late);
  }
}

function wait() {
  if (isDoor()) return;
  if (isRoom()) root.dataset.room = "waiting";
  status.textContent = "Loading the simulator…";
  progress.hidden = false;
  waiting.classList.remove("failed");
  waiting.hidden = false;
}

/** Whatever there is to be said is said at the front door, which can always be read. */
function say(sentence) {
  if (!isStarted) delete root.dataset.room;
  waiting.classList.add("failed");
  progress.hidden = true;
  status.textContent = sentence;
  waiting.hidden = false;
}

/** Where a file is missing because the page was updated, says so and loads the page again, once. */
async function renew() {
  if (!(await isOutdated())) return false;
  if (mayReload()) {
    say("War Stories was updated and loads again.");
    location.reload();
  } else {
    say("War Stories was updated since your browser kept this page: reload it.");
  }
  return true;
}

/** Whether the server's page names another edition by now. */
async function isOutdated() {
  try {
    const page = await fetch(document.baseURI, { cache: "no-store" });
    return page.ok && !(await page.text()).includes(edition);
  } catch {
    return false;
  }
}

/** Once for an edition: whoever is handed the old page again must not go round in circles. */
function mayReload() {
  const key = "warstories.outdated";
  try {
    if (sessionStorage.getItem(key) === edition) return false;
    sessionStorage.setItem(key, edition);
    return true;
  } catch {
    return false;
  }
}

/** A fault of the program ends it at once, as a trap; nothing that it would draw can be trusted any more. */
function onFault({ error, reason = error }) {
  if (!(reason instanceof WebAssembly.RuntimeError) || document.getElementById("broken")) return;
  const panel = document.createElement("p");
  panel.id = "broken";
  panel.className = "notice broken";
  panel.role = "alert";
  const link = document.createElement("a");
  // Nobody but the address bar knows the run for certain any more.
  link.href = link.textContent = location.href;
  panel.append("Something in this page went wrong, and it has stopped. Reload to go on: the address keeps your run. This link shows it again: ", link);
  document.body.prepend(panel);
}

addEventListener("error", onFault);
addEventListener("unhandledrejection", onFault);
// The program asks, too, where data or the worker are missing.
addEventListener("missing", renew);
addEventListener("hashchange", enter);
document.querySelector(".skip").addEventListener("click", (event) => {
  // The part behind "#" names a room here, so this link must not be followed.
  event.preventDefault();
  [...document.querySelectorAll("main")].find((main) => main.getClientRects().length)?.focus();
});

if (!isDoor()) {
  enter();
} else if (!isTooOld && !navigator.connection?.saveData) {
  idle(() => begin().catch(forget));
}
