// The words of the trade: a page at #/glossary, which needs no program, and a card beside a word that somebody asks about.
// Both show one file, which is fetched when it is first wanted.
const glossary = new URL("glossary.html", document.currentScript.src);
const page = document.getElementById("glossary");
const card = document.createElement("div");
/** The word that the card explains. */
let asked = null;
let text;

async function entries() {
  text ??= fetch(glossary).then((response) => {
    if (!response.ok) throw new Error(`${glossary}: ${response.status}`);
    return response.text();
  });
  const template = document.createElement("template");
  try {
    template.innerHTML = await text;
  } catch {
    text = undefined;
    template.innerHTML = "<p>The glossary did not load. Check the connection and try it again.</p>";
  }
  return template.content;
}

/** Shows the page if the address asks for it, at the word that it names. */
async function turn() {
  close();
  const [, room, word] = location.hash.split("/");
  const isHere = room === "glossary";
  document.documentElement.toggleAttribute("data-glossary", isHere);
  page.hidden = !isHere;
  if (!isHere) return;
  page.replaceChildren(await entries());
  // The program has a page begin at its top.
  requestAnimationFrame(() => word && document.getElementById(`term-${word}`)?.focus());
}

async function open(word, isEntered) {
  asked?.setAttribute("aria-expanded", "false");
  asked = word;
  const all = await entries();
  if (asked !== word || !word.isConnected) return;
  const entry = all.getElementById(`term-${word.dataset.term}`);
  const link = document.createElement("a");
  link.href = `#/glossary/${word.dataset.term}`;
  link.textContent = "In the glossary";
  card.replaceChildren(...(entry ?? all).children, link);
  // A lesson stays as it is while somebody looks at something else.
  if (word.closest(".rail")) for (const each of card.querySelectorAll("a")) each.target = "_blank";
  card.setAttribute("aria-label", word.textContent);
  card.hidden = false;
  word.setAttribute("aria-expanded", "true");
  const at = word.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const below = at.bottom + 6;
  card.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  card.style.top = `${below + height <= innerHeight - 8 ? below : Math.max(8, at.top - height - 6)}px`;
  if (isEntered) card.focus();
}

function close() {
  asked?.setAttribute("aria-expanded", "false");
  asked = null;
  card.hidden = true;
}

const word = (target) => target instanceof Element && target.closest(".term");
const isIn = (target) => target instanceof Node && card.contains(target);

card.className = "term-card";
card.setAttribute("role", "dialog");
card.tabIndex = -1;
card.hidden = true;
document.body.append(card);

addEventListener("click", ({ target, detail }) => {
  const clicked = word(target);
  if (clicked) open(clicked, detail === 0);
  else if (!isIn(target)) close();
});
// Whoever comes to a word by key reads on without leaving the text.
addEventListener("focusin", ({ target }) => {
  const reached = word(target);
  if (reached && reached.matches(":focus-visible")) open(reached, false);
  else if (!reached && !isIn(target)) close();
});
addEventListener("keydown", (event) => {
  const at = document.activeElement;
  const back = asked;
  if (!back) return;
  if (event.key === "Escape") {
    event.stopPropagation();
    if (isIn(at) || at === document.body) back.focus();
    close();
  } else if (event.key === "Tab" && isIn(at)) {
    // The card stands at the end of the page: its way back is the word, its way on what follows the word.
    const links = card.querySelectorAll("a");
    const leaves = event.shiftKey ? at === card || at === links[0] : at === links[links.length - 1];
    if (!leaves) return;
    if (event.shiftKey) event.preventDefault();
    back.focus();
    close();
  }
}, true);
addEventListener("scroll", ({ target }) => isIn(target) || close(), true);
addEventListener("hashchange", turn);
turn();
