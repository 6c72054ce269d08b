// What Python cannot do: answers that come too late, keyboard rows, copying a link, and loading the whole page anew after an import.

// How long to wait before the next attempt: later each time, a minute at most, and not when all the others come.
const pauseBefore = (attempt) => Math.min(60, 2 ** attempt) * 1000 * (0.5 + Math.random() / 2);
const paused = (attempt) => new Promise((go) => { setTimeout(go, pauseBefore(attempt)); });
const isBusyAnswer = (answer) => answer.status === 503 && answer.headers.has("Retry-After"); // nothing was done
const MOST_ATTEMPTS = 6;

// A page of another version of the program is loaded anew, once: what it would ask may no longer be understood.
const RELOADED = "mingjing.program";
function heard(answer) {
  window.mingjing.answers.heard(answer.headers.get("X-State"));
  const { program } = document.documentElement.dataset, now = answer.headers.get("X-Program");
  if (!now || !program || now === program) return;
  try {
    if (sessionStorage.getItem(RELOADED) === now) return;
    sessionStorage.setItem(RELOADED, now);
  } catch { return; }
  anew();
}

// Two choices in quick succession: the answer to the first may come last, and Dash would draw it under the address of
// the second. Whoever was asked again meanwhile has nothing to say any more.
const asked = new Map();
const without = new Map(); // whoever got no answer still shows the last one, and the page says so, and why
const failed = (output, why = "", incident = "") => {
  if (why) without.set(output, [why, incident]);
  else without.delete(output);
  const words = document.getElementById("failed"); // not there before the first answer
  if (!words) return;
  words.hidden = !without.size;
  const [reason, number] = [...without.values()].at(-1) || ["failed", ""];
  const said = words.dataset[reason].replace("#", number);
  if (words.textContent !== said) words.textContent = said;
};
const send = window.fetch;
window.mingjing.send = (address, options) => send(address, options);
let onTheWay = 0;

// While the answer for the address is on its way, what stands there is of another one, and is not to be read under the
// new choice. Not at once: most answers are there sooner than an eye could follow.
const UNSEEN = 150; // milliseconds
const awaited = new Set(); // outputs
let fading = 0;
const shown = () => document.querySelector("#main > :last-child");
const isOfAddress = ({ inputs }) => inputs.some(({ id, property }) => id === "url" && property === "search");

function awaits(output) {
  awaited.add(output);
  const body = shown();
  fading = fading || setTimeout(() => body && body.setAttribute("aria-busy", "true"), UNSEEN);
}

function arrived(output) {
  if (!awaited.delete(output) || awaited.size) return;
  clearTimeout(fading);
  fading = 0;
  // Dash draws what it was given in the next frame
  requestAnimationFrame(() => requestAnimationFrame(() => {
    if (!awaited.size && shown()) shown().removeAttribute("aria-busy");
  }));
}

// What a busy server refused is asked again, whatever it was; the answer is the last one.
async function patient(address, options) {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await send(address, options);
    heard(answer);
    if (!isBusyAnswer(answer) || attempt >= MOST_ATTEMPTS) return answer;
    await paused(attempt);
  }
}

// Whether it may be asked twice where nobody knows what became of the first time: a button that records something may not.
const isReading = ({ changedPropIds }) => !(changedPropIds || []).some((id) => /\.n_(clicks|submit)$/.test(id));

// A session that has ended: one signs in and is back where one was.
const signedOut = (answer) => {
  if (answer.status !== 401) return false;
  location.assign(`/sign-in?${new URLSearchParams({ next: location.pathname + location.search })}`);
  return true;
};

window.fetch = async (address, options) => {
  const { answers, ahead } = window.mingjing;
  if (!String(address).includes("/_dash-update-component") || !options || !options.body) {
    return answers.given(address) || patient(address, options);
  }
  const body = JSON.parse(options.body), { output } = body;
  const turn = (asked.get(output) || 0) + 1;
  asked.set(output, turn);
  if (isOfAddress(body)) awaits(output);
  ahead.wait();
  onTheWay += 1;
  const isStale = () => asked.get(output) !== turn;
  try { return await updated(address, options, body, isStale); } finally {
    if (!isStale()) arrived(output);
    onTheWay -= 1;
    if (!onTheWay) ahead.rest();
  }
};

// What the address decides is written into the page where it stays; the rest is left to Dash.
async function drawn(body, answer, isStale = () => false) {
  if (!isOfAddress(body)) return answer;
  const found = await answer.json();
  if (isStale()) return new Response(null, { status: 204 });
  return window.mingjing.answers.answer({ ...found, response: window.mingjing.written(found.response) });
}

async function updated(address, options, body, isStale) {
  const { output } = body;
  const there = window.mingjing.answers.take(body);
  if (there) {
    failed(output);
    return drawn(body, there);
  }
  for (let attempt = 0; ; attempt += 1) {
    let answer = null;
    try {
      answer = await send(address, options);
    } catch (unreachable) {
      if (!isStale()) failed(output, isReading(body) ? "lost" : "failed");
      if (isStale() || !isReading(body)) throw unreachable;
    }
    if (isStale()) return new Response(null, { status: 204 });
    if (answer) {
      if (signedOut(answer)) return new Response(null, { status: 204 });
      heard(answer);
      const isBusy = isBusyAnswer(answer), isAway = answer.status === 502 || answer.status === 504;
      if (!isBusy && !(isAway && isReading(body))) {
        failed(output, answer.status >= 500 && "broken", answer.headers.get("X-Request-Id") || "");
        return answer.status === 200 ? drawn(body, answer, isStale) : answer;
      }
      failed(output, isBusy ? "busy" : "lost");
    }
    await paused(attempt);
    if (isStale()) return new Response(null, { status: 204 });
  }
}

// Rows are one tab stop. Arrows walk, Home and End jump to the ends, Enter follows the link as usual.
const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
const rowsOf = (list) => [...list.querySelectorAll("[data-row]")];

// The row on the same line of the other list; where a heading stands there, the one below it.
function beside(list, row, step) {
  const lines = [...list.children];
  const line = lines.findIndex((one) => one.contains(row)) + step;
  const from = Math.min(Math.max(line, 0), lines.length - 1);
  const found = lines.slice(from).map((one) => one.querySelector("[data-row]")).find(Boolean);
  return found ? rowsOf(list).indexOf(found) : undefined;
}

document.addEventListener("keydown", (event) => {
  const row = event.target.closest("[data-row]");
  const list = row && row.closest("[data-rows]");
  if (!list || event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = rowsOf(list);
  const now = rows.indexOf(row);
  const column = Number(list.dataset.rows) || rows.length;
  const wanted = {
    ...Object.fromEntries(Object.entries(STEPS).map(([key, step]) => [key, now + step])),
    ArrowRight: beside(list, row, column), ArrowLeft: beside(list, row, -column), Home: 0, End: rows.length - 1,
  }[event.key];
  if (wanted === undefined) return;
  event.preventDefault();
  const next = rows[Math.min(Math.max(wanted, 0), rows.length - 1)];
  rows.forEach((other) => { other.tabIndex = other === next ? 0 : -1; });
  next.focus();
});

// The whole row is the link, also where something that says more of itself lies above it.
document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-rows] > .rank-row");
  const link = row && !event.target.closest("a, button") && row.querySelector("[data-row]");
  if (link) link.click();
});

// A link may have a key of its own, such as [ and ] for the departments before and after; not while somebody types.
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, select, textarea, [contenteditable]");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const link = event.key.length === 1 && document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});

// Parts of the page are drawn anew after each choice; whoever stood on a row, a link or a heading still stands on it,
// and what was unfolded stays so.
const home = (one) => one.closest("[id]");
const alike = (part, kind, words) => [...part.querySelectorAll(kind)].filter((one) => one.textContent === words);
const STOPS = "a[href], button, summary";

let standing = null; // the way to where somebody stands, on whatever element that is by then
let stood = null; // the element and what it said
const said = (one) => one.dataset.row || one.textContent;
document.addEventListener("focusin", ({ target }) => {
  if (target.dataset.row) standing = () => document.querySelector(`[data-row="${CSS.escape(target.dataset.row)}"]`);
  else if (target.matches(STOPS) && home(target)) {
    const { id } = home(target);
    const words = target.textContent;
    const nth = alike(home(target), STOPS, words).indexOf(target);
    standing = () => document.getElementById(id) && alike(document.getElementById(id), STOPS, words)[nth];
  } else standing = null;
  stood = standing && [target, said(target)];
});
document.addEventListener("pointerdown", () => { standing = null; });

const unfolded = new Map(); // home and place of each heading that somebody clicked → open or not
let page = location.pathname;
const places = (part) => [...part.querySelectorAll("details:not(.menu)")].filter((one) => home(one) === part);
document.addEventListener("click", (event) => {
  const heading = event.target.closest("summary");
  const folded = heading && heading.parentElement;
  if (!folded || folded.matches(".menu") || !home(folded)) return;
  if (page !== location.pathname) unfolded.clear();
  page = location.pathname;
  unfolded.set(JSON.stringify([home(folded).id, places(home(folded)).indexOf(folded)]), !folded.open);
});

new MutationObserver(() => {
  if (page === location.pathname) {
    for (const [place, isOpen] of unfolded) {
      const [id, nth] = JSON.parse(place);
      const part = document.getElementById(id);
      const found = part && places(part)[nth];
      if (found && found.open !== isOpen) found.open = isOpen;
    }
  }
  if (!standing) return;
  const [place, words] = stood, now = document.activeElement;
  const isElsewhere = now === document.body || (now === place && said(place) !== words);
  const stop = isElsewhere && standing();
  if (stop && stop !== now) stop.focus({ preventScroll: true });
}).observe(document.documentElement, { childList: true, subtree: true, characterData: true, attributeFilter: ["data-row"] });

// The clipboard API needs a secure context; an office network often has plain HTTP, hence the older way as well.
async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = Object.assign(document.createElement("textarea"), { value: text, className: "visually-hidden" });
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-copy]");
  if (!link) return;
  event.preventDefault();
  await copy(link.href);
  const status = document.getElementById("copied");
  link.dataset.copied = "";
  status.textContent = status.dataset.text;
  setTimeout(() => { delete link.dataset.copied; status.textContent = ""; }, 2500);
});

// An open menu closes on Escape, on a click elsewhere and after a choice.
const closeMenus = (except) => document.querySelectorAll("details.menu[open]").forEach((menu) => {
  if (menu !== except) menu.open = false;
});
document.addEventListener("click", (event) => {
  const menu = event.target.closest("details.menu");
  closeMenus(event.target.closest("a") ? null : menu);
});
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector("details.menu[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// Every sheet says what it is of and which one it is. A browser that knows no margin boxes prints the page's own head and
// foot alone; the meeting has a sheet of its own.
const sheets = document.head.appendChild(document.createElement("style"));
window.addEventListener("beforeprint", () => {
  const isOurs = window.CSSMarginRule && document.querySelector(".foot") && !document.getElementById("meeting");
  const said = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent.trim()).filter(Boolean);
  const box = (place, words) => `@${place} { content: ${words}; font: 8.5px "Noto Sans SC", sans-serif; color: var(--ink3); }`;
  const text = (parts) => JSON.stringify(parts.join(" · "));
  const head = [...said(".top h1"), ...said(".control option:checked"), ...said(".demo")];
  sheets.textContent = isOurs ? `@page { ${box("top-left", text(head))} ${box("bottom-left", text(said(".foot > *")))}
    ${box("bottom-right", 'counter(page) " / " counter(pages)')} } @media print { .foot { display: none; } }` : "";
});

// After an import the page is loaded anew as a whole, never in parts, not under the hands of somebody who writes, and
// only from a server that has just answered: without one nothing would be left of what is shown.
async function anew(attempt = 0) {
  const held = () => document.querySelector("dialog[open][data-hold]");
  let isThere = false;
  try { isThere = (await send("/health", { cache: "no-store" })).ok; } catch { /* nobody there */ }
  if (held()) held().addEventListener("close", () => anew(), { once: true });
  else if (isThere) location.reload();
  else setTimeout(anew, pauseBefore(attempt), attempt + 1);
}
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.mingjing = Object.assign(window.dash_clientside.mingjing || {}, {
  reload(newest) {
    if (newest) anew();
    return window.dash_clientside.no_update;
  },
});

// The meeting's own script comes where there is a meeting, or something that was decided in one and never sent.
const DECIDED = "mingjing.decisions"; // in localStorage: what was decided and not yet sent, or sent back
(() => {
  const { meeting } = document.documentElement.dataset;
  if (!meeting) return; // the copy of a meeting brings its scripts along
  const isToBeSent = () => { try { return Boolean(localStorage.getItem(DECIDED)); } catch { return false; } };
  const watch = new MutationObserver(bring);
  function bring() {
    if (!document.getElementById("meeting") && !isToBeSent()) return;
    watch.disconnect();
    document.head.append(Object.assign(document.createElement("script"), { src: meeting }));
  }
  watch.observe(document.documentElement, { childList: true, subtree: true });
  bring();
})();
