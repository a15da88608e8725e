// Sets the chosen theme before the first paint, so that the page never flashes in the other one.
try {
  const theme = localStorage.getItem("warstories.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the page follows the system.
}
