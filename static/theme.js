// What must be known before the first paint, so that nothing flashes: the theme, and whether the address asks for a room
// in place of the front door. Later it also serves the choice of a theme.
const root = document.documentElement;
const key = "warstories.theme";
let theme = "auto";
try {
  theme = localStorage.getItem(key) ?? theme;
} catch {
  // Storage is switched off: the choice lasts as long as the page.
}

function show(theme) {
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  else delete root.dataset.theme;
}

/** Whether the address leads past the front door, at which a lesson of one's own is opened. */
function isRoom() {
  return /^#\/(play|learn)\/(?!own\b)/.test(location.hash);
}

show(theme);
if (isRoom()) root.dataset.room = "waiting";

addEventListener("DOMContentLoaded", () => {
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
