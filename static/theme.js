// What must be known before the first paint, so that nothing flashes: the theme, whether the browser can run the program,
// and whether the address asks for a room in place of the front door. Later it also serves the choice of a theme.
// Old browsers read this file, too, so it is written in the language of 2019.
const root = document.documentElement;
const key = "warstories.theme";
let theme = "auto";
try {
  theme = localStorage.getItem(key) || theme;
} catch {
  // Storage is switched off: the choice lasts as long as the page.
}

function show(theme) {
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  else delete root.dataset.theme;
}

/** Whether the address leads past the front door, at which a lesson of one's own is opened. */
function isRoom() {
  return /^#\/(interview\b|(play|learn)\/(?!own\b))/.test(location.hash);
}

/** WebAssembly that holds a table of the page's objects. */
const TABLE_OF_OBJECTS = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 4, 4, 1, 111, 0, 0]);
/** README names the browsers that have all of this. */
const isTooOld =
  !self.WebAssembly || !WebAssembly.validate(TABLE_OF_OBJECTS) || !self.TransformStream || !self.HTMLDialogElement;

show(theme);
if (isRoom() && !isTooOld) root.dataset.room = "waiting";

addEventListener("DOMContentLoaded", () => {
  if (isTooOld) {
    const notice = document.createElement("p");
    notice.className = "notice";
    notice.textContent =
      "This browser is too old to play the stories: War Stories needs Chrome or Edge 96, Firefox 102, Safari 15.4, or one that is newer.";
    document.getElementById("notice").appendChild(notice);
    // Whoever follows a link nevertheless reads it again.
    addEventListener("hashchange", () => scrollTo(0, 0));
  }
  const select = document.getElementById("theme");
  select.value = theme;
  if (!select.value) select.value = "auto";
  select.addEventListener("change", () => {
    theme = select.value;
    show(theme);
    try {
      localStorage.setItem(key, theme);
    } catch {
      // See above.
    }
    dispatchEvent(new Event("theme"));
  });
});
// Printing is done dark on light.
addEventListener("beforeprint", () => show("light"));
addEventListener("afterprint", () => show(theme));
