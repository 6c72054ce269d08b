// The meeting on the wall. Everything was sent at once; here slides change, texts are fitted to the screen, decisions are
// typed, kept and sent, and the screen says whether the server is still there. See dashboard/pages/meeting.py.
(() => {
const WHO = "mingjing.who"; // in sessionStorage: who writes down, for the next decision of the same meeting
const LOOK = 15_000, PATIENCE = 8_000; // milliseconds; after a loss as page.js waits
const PACE = 20; // seconds between slides where the address names none
const SWIPE = 60; // pixels
const TYPE = 38, LEAST_TYPE = 28; // of rows, in pixels of a 1920 × 1080 screen: first tighter, then fewer
const OFTEN = 3; // answers that are none, after which somebody is told that this one does not get through
const ADDRESS = "/meeting/decisions";
const COPY = "mingjing-meeting"; // of the meeting, in the browser's CacheStorage: assets/script/meeting-worker.js reads it
const SHOWN = "mingjing.snapshot"; // in sessionStorage: of which snapshot the meeting was when it was last drawn

let live = null; // the meeting that is shown; null on every other page
let newer = ""; // what is said of an import: twice, since Dash puts its own page in the place of the one that was served

const make = (tag, props = {}, ...children) => {
  const one = Object.assign(document.createElement(tag), props);
  one.append(...children);
  return one;
};
const put = (one, text) => { if (one && one.textContent !== text) one.textContent = text; };

// --- what is kept until the server has it ---------------------------------------------------------------------------
let unsaved = null; // where a browser keeps nothing: at least until the page is left
function read() {
  if (unsaved) return unsaved;
  try { return JSON.parse(localStorage.getItem(DECIDED)) || []; } catch { return []; }
}
function keep(list) {
  try {
    if (list.length) localStorage.setItem(DECIDED, JSON.stringify(list));
    else localStorage.removeItem(DECIDED);
  } catch { unsaved = list; }
}
const without = (id) => keep(read().filter((one) => one.id !== id));
const replaced = (entry) => keep(read().map((one) => (one.id === entry.id ? entry : one)));

async function reach(address, options = {}) {
  const clock = new AbortController();
  const end = setTimeout(() => clock.abort(), PATIENCE);
  try { return await fetch(address, { cache: "no-store", ...options, signal: clock.signal }); } finally { clearTimeout(end); }
}

// The same decision may be sent twice, when an answer was lost: the server keeps it once, because it follows the same step.
// 'kept', 'refused', 'failed' (there was an answer, and it told nothing) or 'waiting' (nobody answered).
async function send(entry) {
  let answer;
  try {
    answer = await reach(ADDRESS, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ form: entry.form, search: entry.search, values: entry.values }),
    });
  } catch { return "waiting"; }
  if (answer.status === 503 || answer.status === 401) return "waiting"; // busy, starting, or signed out: nothing was done
  let told = null;
  try { told = answer.status === 200 || answer.status === 409 ? await answer.json() : null; } catch { /* cut off */ }
  if (!told) {
    replaced({ ...entry, failed: (entry.failed || 0) + 1 });
    return "failed";
  }
  if (answer.status === 200) without(entry.id);
  else replaced({ ...entry, refused: told.said });
  if (live) live.settled(entry.flag, told);
  return answer.status === 200 ? "kept" : "refused";
}

let sending = Promise.resolve();
function flush() { // one after the other, whoever asks; one that the server cannot take does not hold up the others
  sending = sending.then(async () => {
    for (const { id } of read()) {
      const entry = read().find((one) => one.id === id); // as it is now
      if (!entry || entry.refused || (live && live.isAsking(entry.flag))) continue;
      if ((await send(entry)) === "waiting") break;
    }
    if (live) live.tell();
  });
  return sending;
}
const isStuck = (entry) => entry.refused || entry.failed >= OFTEN;

// --- one meeting ----------------------------------------------------------------------------------------------------
function start(root) {
  const words = JSON.parse(root.dataset.words);
  const say = (name, n = "") => words[name].replace("#", n);
  const slides = [...root.querySelectorAll(".slide")];
  const part = (name) => root.querySelector(`.meeting-bar .${name}`);
  const asked = () => new URLSearchParams(location.search);
  const pristine = root.cloneNode(true); // as the server drew it, for the copy that is kept
  const isCopy = Boolean(root.dataset.copied);
  let now = 0, at = 0; // the slide, and the part of it where its rows take several
  let isLost = false, stopped = false, asking = null; // asking: the dialog of a decision that is open

  function write(name, value) { // the address says what is shown; nobody else needs to know of it
    const address = new URL(location.href);
    if (value) address.searchParams.set(name, value); else address.searchParams.delete(name);
    history.replaceState(history.state, "", address);
  }

  function show(wanted, wantedPart = 0) {
    now = Math.min(Math.max(wanted, 0), slides.length - 1);
    at = Math.min(Math.max(wantedPart, 0), partsOf(slides[now]) - 1);
    slides.forEach((slide, i) => slide.toggleAttribute("data-now", i === now));
    lists(slides[now]).forEach((list) => showPart(list, at));
    tellPart();
    root.querySelector(".turn.back").hidden = now === 0 && at === 0;
    root.querySelector(".turn.next").hidden = now === slides.length - 1 && at === partsOf(slides[now]) - 1;
    write("slide", String(now + 1));
    if (!root.querySelector("dialog[open]")) slides[now].focus({ preventScroll: true });
  }

  function tellPart() {
    const parts = partsOf(slides[now]);
    put(part("counter"), `${now + 1} / ${slides.length}`);
    slides[now].querySelector(".slide-topic").dataset.part = parts > 1 ? ` · ${at + 1}/${parts}` : "";
  }

  // --- fitting: a slide never scrolls and nothing is cut; what does not fit stands on further parts of the slide --------
  // the boxes of Chinese glyphs reach a little beyond their line
  const hair = (one) => 0.2 * parseFloat(getComputedStyle(one).fontSize);
  const overflows = (one) => one.scrollHeight > one.clientHeight + hair(one) || one.scrollWidth > one.clientWidth + 1;
  const lists = (slide) => [...slide.querySelectorAll("[data-trim]")];
  const partsOf = (slide) => Math.max(1, ...lists(slide).map((list) => Number(list.dataset.parts) || 1));

  function showPart(list, wanted) {
    const rows = [...list.children], parts = Number(list.dataset.parts) || 1;
    const each = Math.ceil(rows.length / parts), shown = Math.min(wanted, parts - 1);
    rows.forEach((row, i) => { row.hidden = Math.floor(i / each) !== shown; });
  }

  function tighten(one, inTheWay, least) {
    one.style.removeProperty("--type");
    for (let type = TYPE - 2; type >= least && inTheWay(); type -= 2) one.style.setProperty("--type", type);
  }

  function fit(slide) {
    const body = slide.querySelector(".slide-body");
    const inside = [body, ...body.querySelectorAll(".meet-rows, .meet-band, .meet-decide > div, .matrix-wall")];
    const tooMuch = () => inside.some(overflows);
    body.querySelectorAll("[data-spare]").forEach((one) => { one.hidden = false; });
    lists(slide).forEach((list) => { list.dataset.parts = "1"; showPart(list, 0); });
    const spare = [...body.querySelectorAll("[data-spare]")].reverse(); // the last of a column is the first to go
    for (const one of new Set(spare.map((part) => part.parentElement))) tighten(one, () => overflows(one), LEAST_TYPE + 4);
    for (const one of spare) one.hidden = overflows(one.parentElement);
    for (const list of lists(slide)) {
      const own = list.closest(".meet-band") || body;
      const inTheWay = () => (own === body ? tooMuch() : overflows(own) || overflows(list));
      const isTooMuch = () => [...Array(Number(list.dataset.parts)).keys()]
        .some((one) => { showPart(list, one); return inTheWay(); });
      tighten(list, isTooMuch, LEAST_TYPE);
      while (isTooMuch() && Number(list.dataset.parts) < list.children.length) {
        list.dataset.parts = String(Number(list.dataset.parts) + 1);
        tighten(list, isTooMuch, LEAST_TYPE);
      }
      showPart(list, slide === slides[now] ? at : 0);
    }
    if (slide === slides[now]) tellPart();
  }

  function fitSheet() {
    const sheet = root.querySelector(".meeting-sheet");
    const most = (262 / 25.4) * 96; // pixels of what can be printed on, less a hair
    for (let size = 11; size >= 5; size -= 0.25) {
      sheet.style.setProperty("--sheet", `${size}pt`);
      if (sheet.offsetHeight <= most) break;
    }
  }
  const fitAll = () => { slides.forEach(fit); fitSheet(); };

  // --- decisions --------------------------------------------------------------------------------------------------------
  const places = (flag) => [...root.querySelectorAll("[data-flag]")].filter((one) => one.dataset.flag === flag);
  const formOf = (flag) => places(flag).find((one) => one.dataset.form);

  // How each place was drawn, or what the server told of it since: what is given up leaves that behind.
  const PARTS = ".standing, [data-field], .said";
  const before = new Map();
  const remember = (place) => before.set(place, {
    taken: place.dataset.taken, parts: [...place.querySelectorAll(PARTS)].map((one) => one.cloneNode(true)),
  });
  function restore(flag) {
    for (const place of places(flag)) {
      const { taken, parts } = before.get(place);
      place.dataset.taken = taken;
      [...place.querySelectorAll(PARTS)].forEach((one, i) => one.replaceWith(parts[i].cloneNode(true)));
    }
  }

  // A decision stands wherever its flag does; one that was sent back, or is of an earlier day, on its own slide only.
  function mark(flag, state, taken, said = "") {
    const standing = state ? say(`standing_${state}`) : taken.state ? words.before : "";
    for (const place of places(flag)) {
      const isShown = state === "kept" || state === "waiting" || place.matches(".meet-flag");
      place.dataset.taken = state;
      place.querySelectorAll("[data-field]").forEach((one) => put(one, (isShown && taken[one.dataset.field]) || ""));
      place.querySelectorAll(".standing").forEach((one) => { one.dataset.mark = state || isShown ? standing : ""; });
      place.querySelectorAll(".said").forEach((one) => put(one, said));
    }
  }
  const markEntry = (entry) => mark(entry.flag, entry.refused ? "refused" : "waiting", entry.taken,
    entry.refused || (isStuck(entry) ? words.failing_this : ""));

  // What may be decided of the first flag of a slide that nothing was decided of; under its name, with nothing chosen.
  const isOpen = (one) => !one.dataset.taken || one.dataset.taken === "refused";
  function options(slide) {
    const box = slide.querySelector(".meet-choices");
    if (!box) return;
    const place = [...slide.querySelectorAll(".meet-flag[data-form]")].find(isOpen);
    if (!place) { box.replaceChildren(); return; }
    const form = JSON.parse(place.dataset.form);
    const lines = form.options.map(({ value, label }, i) => {
      const button = make("button", { type: "button", className: value === form.suggested ? "suggested" : "" },
        make("b", { textContent: i + 1 }), make("span", { textContent: label }));
      Object.assign(button.dataset, { decide: place.dataset.flag, option: value });
      return make("li", {}, button);
    });
    box.replaceChildren(make("p", { className: "meet-label", textContent: place.dataset.rule }),
      make("ol", { className: "meet-options" }, ...lines));
  }

  function tell() {
    for (const entry of read()) if (!entry.refused && entry.failed >= OFTEN) markEntry(entry);
    const list = read();
    const n = (is) => list.filter(is).length;
    const waiting = n((one) => !isStuck(one)), refused = n((one) => one.refused), failing = list.length - waiting - refused;
    const all = [...root.querySelectorAll(".decided > li")];
    const kept = all.filter((one) => one.dataset.taken === "kept").length;
    const stuck = [...(failing ? [say("failing", failing)] : []), ...(refused ? [say("refused", refused)] : [])].join(" · ");
    const saved = part("saved");
    put(saved, stuck || (waiting ? say("waiting", waiting) : kept ? say("kept", kept) : ""));
    saved.toggleAttribute("data-stuck", Boolean(stuck));
    slides.forEach(options);
    const box = root.querySelector("[data-decided]");
    if (box) {
      const told = JSON.parse(box.dataset.decided);
      const title = (kept ? told.taken : told.none).replace("##", all.length - kept).replace("#", kept);
      put(box.closest(".slide").querySelector("h2"), title);
    }
    fitAll();
  }

  // What is kept for a time without a network knows of every decision that the server has told of.
  function keepTold(flag) {
    const live = places(flag);
    [...pristine.querySelectorAll("[data-flag]")].filter((one) => one.dataset.flag === flag).forEach((place, i) => {
      Object.assign(place.dataset, { taken: live[i].dataset.taken, ...(live[i].dataset.form ? { form: live[i].dataset.form } : {}) });
      [...place.querySelectorAll(PARTS)].forEach((one, j) => one.replaceWith(live[i].querySelectorAll(PARTS)[j].cloneNode(true)));
    });
    keepCopy();
  }

  function settled(flag, told) { // kept or sent back: how the flag stands now, and what may follow
    const place = formOf(flag);
    if (place && told.form) place.dataset.form = JSON.stringify(told.form);
    if (told.taken) {
      mark(flag, told.is_today ? "kept" : "", told.taken);
      places(flag).forEach(remember);
    }
    keepTold(flag);
    const entry = read().find((one) => one.flag === flag);
    if (entry) markEntry(entry);
    if (asking && asking.flag === flag) asking.redraw();
    tell();
  }

  const giveUp = (entry) => { without(entry.id); restore(entry.flag); };

  function open(flag, pointed = "") {
    const place = formOf(flag);
    if (!place || root.querySelector("dialog[open]")) return;
    stop();
    const earlier = read().find((one) => one.flag === flag); // not sent yet, or sent back: it can be put right
    const given = earlier ? earlier.values : {};
    const radios = (name, options, value) => options.map(({ value: own, label }, i) => make("label", { className: "meet-pick" },
      make("input", { type: "radio", name, value: own, checked: own === value }), make("span", { textContent: `${i + 1}　${label}` })));
    const field = (name, type, value) => make("label", {}, make("span", { textContent: words[`ask_${name}`] }),
      make("input", { name, type, value: value || "", autocomplete: "off" }));
    const outcomes = make("fieldset", { hidden: true }, make("legend", { textContent: words.outcome }),
      ...radios("outcome", words.outcomes.map(([value, label]) => ({ value, label })), given.outcome));
    const said = make("p", { className: "said", textContent: (earlier && earlier.refused) || "" });
    said.setAttribute("role", "alert");
    let who = "";
    try { who = sessionStorage.getItem(WHO) || ""; } catch { /* a browser that keeps nothing */ }
    const buttons = make("div", { className: "buttons" },
      make("button", { type: "submit", className: "primary", textContent: words.record }),
      make("button", { type: "button", name: "cancel", textContent: words.cancel }),
      ...(earlier ? [make("button", { type: "button", name: "drop", textContent: words.drop })] : []));
    const states = make("fieldset");
    const asks = make("form", { noValidate: true }, states, outcomes,
      make("div", { className: "ask" }, field("owner", "text", given.owner), field("due", "date", given.due),
        field("note", "text", given.note), field("who", "text", given.who || who)),
      make("p", { className: "hint", textContent: words.names }), said, buttons);
    const dialog = make("dialog", { className: "decision" },
      make("h2", { textContent: `${place.dataset.name} · ${place.dataset.rule}` }), asks);
    dialog.dataset.hold = ""; // page.js does not load the page anew under somebody's hands
    const formNow = () => JSON.parse(place.dataset.form); // what may follow changes when somebody else was faster
    const stateNow = () => { const one = asks.querySelector('input[name="state"]:checked'); return one ? one.value : ""; };
    const closes = () => { outcomes.hidden = stateNow() !== "closed"; };
    const redraw = (value) => { states.replaceChildren(...radios("state", formNow().options, value)); closes(); };
    redraw(given.state);
    const mine = { flag, redraw: () => redraw(stateNow()) };
    asking = mine;
    asks.addEventListener("change", closes);
    buttons.querySelector("[name=cancel]").addEventListener("click", () => dialog.close());
    if (earlier) buttons.querySelector("[name=drop]").addEventListener("click", () => {
      giveUp(earlier);
      dialog.close();
      tell();
    });
    dialog.addEventListener("keydown", (event) => { // a digit chooses, unless somebody writes
      if (event.key >= "1" && event.key <= "9" && !event.target.matches('input[type="text"], input[type="date"]')) {
        const one = asks.querySelectorAll('input[name="state"]')[Number(event.key) - 1];
        if (one) { one.checked = true; one.focus(); closes(); }
      }
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (asking !== mine) return; // told late: the next one is open already
      asking = null;
      slides[now].focus({ preventScroll: true });
      if (!isLost) flush(); // what waited until nobody was writing about it any more
    });
    let isBusy = false;
    asks.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isBusy) return;
      const values = Object.fromEntries(["outcome", "owner", "due", "note", "who"].map((name) => [name, asks.elements[name].value.trim()]));
      values.state = stateNow();
      if (values.state !== "closed") values.outcome = "";
      const wrong = !values.state ? "choose" : !values.who ? "who_missing"
        : values.state === "closed" && !values.outcome ? "choose_outcome"
          : values.state === "active" && !(values.owner && values.due) ? "active_missing" : "";
      if (wrong) { put(said, words[wrong]); return; }
      isBusy = true;
      try { sessionStorage.setItem(WHO, values.who); } catch { /* the same */ }
      await sending; // an earlier one of the same flag may be under way
      const form = formNow(), option = form.options.find((one) => one.value === values.state);
      if (!option) { put(said, words.choose); isBusy = false; return; }
      const entry = {
        id: earlier ? earlier.id : `${Date.now()}-${Math.random()}`, // of the entry in this browser
        flag, form: form.key, search: location.search, values, name: `${place.dataset.name} · ${place.dataset.rule}`,
        taken: { state: option.label.split(/[：:]/)[0], owner: values.owner, due: values.due },
      };
      keep([...read().filter((one) => one.flag !== flag), entry]); // first of all it is kept
      markEntry(entry);
      const found = isLost ? "waiting" : await (sending = sending.then(() => send(entry)));
      if (found === "refused") { // wrong in itself, or somebody was faster: it is put right here, or given up
        put(said, read().find((one) => one.id === entry.id).refused);
        isBusy = false;
      } else dialog.close();
      tell();
      if (found === "waiting") look();
    });
    root.append(dialog);
    dialog.showModal();
    (asks.querySelector(`input[name="state"][value="${CSS.escape(pointed)}"]`) || asks.querySelector('input[name="state"]')).focus();
  }

  // What was sent back or does not get through, wherever it belongs: its flag may be on no slide of this view.
  function openStuck() {
    const list = read().filter(isStuck);
    if (!list.length || root.querySelector("dialog[open]")) return;
    stop();
    const dialog = make("dialog", { className: "stuck" }, make("h2", { textContent: part("saved").textContent }));
    const button = (text, does) => {
      const one = make("button", { type: "button", textContent: text });
      one.addEventListener("click", () => { dialog.close(); does(); });
      return one;
    };
    for (const entry of list) {
      const [rule, region, ...rest] = entry.flag.split(" ");
      const search = new URLSearchParams({ rule, region, department: rest.join(" ") });
      const card = make("a", { textContent: words.desk, href: `/agenda?${search}` });
      const { owner, due, note, who } = entry.values;
      dialog.append(make("section", {},
        make("h3", { textContent: entry.name || entry.flag }),
        make("p", { textContent: [entry.taken.state, owner, due, note, who].filter(Boolean).join(" · ") }),
        make("p", { className: "said", textContent: entry.refused || words.failing_this }),
        make("div", { className: "buttons" },
          formOf(entry.flag) ? button(words.correct, () => open(entry.flag)) : card,
          button(words.drop, () => { giveUp(entry); tell(); }))));
    }
    dialog.append(make("div", { className: "buttons" }, button(words.cancel, () => {})));
    dialog.addEventListener("close", () => { dialog.remove(); slides[now].focus({ preventScroll: true }); });
    root.append(dialog);
    dialog.showModal();
  }

  // the first flag of the slide of which nothing was decided today; else what was sent back; else the first flag
  const openHere = () => {
    const flags = [...slides[now].querySelectorAll(".meet-flag[data-form]")];
    const flag = flags.find(isOpen);
    if (flag) open(flag.dataset.flag);
    else if (read().some(isStuck)) openStuck();
    else if (flags.length) open(flags[0].dataset.flag);
    else say_briefly(words.stays);
  };

  let brief = 0;
  function say_briefly(text) {
    clearTimeout(brief);
    put(part("auto"), text);
    brief = setTimeout(() => put(part("auto"), ""), 4000);
  }

  // --- is the server there? -----------------------------------------------------------------------------------------------
  let looking = 0, missed = 0;
  async function look() {
    clearTimeout(looking);
    let isThere = false;
    try { isThere = (await reach("/health")).ok; } catch { /* nobody there */ }
    if (stopped) return;
    if (isThere && isCopy) { // what is shown is as of then: the server has what is so now
      const held = root.querySelector("dialog[open]");
      if (held) held.addEventListener("close", look, { once: true }); else location.reload();
      return;
    }
    if (isLost === isThere) lose(!isThere);
    if (isThere && read().some((one) => !one.refused)) flush();
    clearTimeout(looking);
    missed = isLost ? missed + 1 : 0;
    looking = setTimeout(look, isLost ? pauseBefore(missed) : LOOK);
  }

  function lose(is) {
    isLost = is;
    root.toggleAttribute("data-lost", is);
    const why = isCopy ? say("copy", root.dataset.copied) : navigator.serviceWorker ? words.lost : words.lost_bare;
    put(part("lost"), is ? why : "");
  }

  // The meeting as it stands here, for the browser to show when the page is asked for and nobody answers: what the
  // server drew, what it told of decisions since, and the time. One copy, of the last address; without the network it
  // is found by meeting-worker.js, which a browser lets work on https and on this machine only.
  let keeping = Promise.resolve();
  function keepCopy() {
    if (isCopy || !navigator.serviceWorker || !window.caches) return;
    const address = new URL(location.href); // the copy before this one may take until the page is left
    ["slide", "rotate"].forEach((name) => address.searchParams.delete(name));
    keeping = keeping.then(async () => {
      const tag = (name, props) => make(name, props).outerHTML;
      const asset = [...document.querySelectorAll('link[rel="stylesheet"]')].map(({ href }) => href);
      const own = document.documentElement.dataset.meeting;
      const scripts = ["answers", "ahead", "page", "meeting"].map((name) => new URL(own.replace("meeting.js", `${name}.js`), location.href).href);
      const fonts = [...document.fonts].filter(({ status }) => status === "loaded").length
        ? performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.endsWith(".woff2")) : [];
      const day = new Date(), two = (n) => String(n).padStart(2, "0");
      pristine.dataset.copied = `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())} ${two(day.getHours())}:${two(day.getMinutes())}`;
      const { lang, dataset } = document.documentElement;
      const html = `<!doctype html><html lang="${lang}" data-bs-theme="${dataset.bsTheme || "light"}"><head><meta charset="utf-8">${
        tag("title", { textContent: document.title })}${asset.map((href) => tag("link", { rel: "stylesheet", href })).join("")}${
        scripts.map((src) => tag("script", { src, defer: true })).join("")}</head><body>${pristine.outerHTML}</body></html>`;
      const rules = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
      await navigator.serviceWorker.register(root.dataset.worker, { scope: address.pathname });
      const cache = await caches.open(COPY);
      const wanted = new Set([...asset, ...scripts, ...fonts]);
      for (const one of await cache.keys()) if (!wanted.delete(one.url)) await cache.delete(one);
      await cache.addAll([...wanted]);
      await cache.put(address.pathname + address.search,
        new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": rules } }));
    }).catch(() => {}); // no room, or no leave to keep anything: without a network there is the browser's own page
  }

  // An import came while the meeting was open, and it was loaded anew: the figures may be others than a moment ago.
  function tellNewer() {
    let before = "";
    try { before = sessionStorage.getItem(SHOWN) || ""; sessionStorage.setItem(SHOWN, root.dataset.snapshot); } catch { /* keeps nothing */ }
    if (before && Number(before) < Number(root.dataset.snapshot)) newer = say("newer", `${before} → ${root.dataset.snapshot}`);
    put(part("newer"), newer);
    root.toggleAttribute("data-newer", Boolean(newer));
  }

  function leave() {
    if (isLost) say_briefly(words.lost_link);
    else slides[now].querySelector(".slide-desk").click();
  }

  // --- slides that change by themselves -------------------------------------------------------------------------------------
  let left = 0, ticking = 0;
  const pace = () => Number(asked().get("rotate")) || PACE;
  function rotate() {
    stop();
    write("rotate", String(pace()));
    root.dataset.rotating = "";
    left = pace();
    const tick = () => {
      if (left <= 0) { if (isLast()) show(0); else next(); left = pace(); }
      put(part("auto"), say("auto", left));
      left -= 1;
    };
    tick();
    ticking = setInterval(tick, 1000);
  }
  function stop() {
    if (!ticking) return false;
    clearInterval(ticking);
    ticking = 0;
    delete root.dataset.rotating;
    put(part("auto"), "");
    write("rotate", "");
    return true;
  }

  const next = () => (at + 1 < partsOf(slides[now]) ? show(now, at + 1) : show(now + 1));
  const back = () => (at > 0 ? show(now, at - 1) : now > 0 && show(now - 1, Infinity));
  const isLast = () => now + 1 === slides.length && at + 1 === partsOf(slides[now]);
  const full = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  const help = root.querySelector(".meeting-help");
  const DOES = {
    ArrowRight: next, PageDown: next, " ": next, Enter: next, ArrowDown: next,
    ArrowLeft: back, PageUp: back, Backspace: back, ArrowUp: back,
    Home: () => show(0), End: () => show(slides.length - 1),
    d: openHere, f: full, p: () => window.print(), "?": () => help.showModal(), "？": () => help.showModal(), Escape: leave,
  };

  function onKey(event) {
    const isOurs = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!isOurs || root.querySelector("dialog[open]") || document.querySelector("dialog[open]")) return;
    const wasRotating = stop();
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if ((key === "Enter" || key === " ") && event.target.closest("a, button")) return;
    if (key === "a") { event.preventDefault(); if (!wasRotating) rotate(); return; }
    const does = key >= "1" && key <= "9" ? () => show(Number(key) - 1) : DOES[key];
    if (!does) return;
    event.preventDefault();
    does();
  }

  function onClick(event) {
    const turn = event.target.closest("[data-turn]"), decide = event.target.closest("[data-decide]");
    if (turn) { if (turn.dataset.turn === "next") next(); else back(); }
    if (event.target.closest(".saved[data-stuck]")) openStuck();
    if (decide) { if (decide.dataset.decide) open(decide.dataset.decide, decide.dataset.option); else openHere(); }
    if (event.target === help) help.close();
    if (isLost && event.target.closest("a[href]")) { // the page behind would never come
      event.preventDefault();
      event.stopImmediatePropagation();
      say_briefly(words.lost_link);
    }
  }

  let from = null;
  const onDown = (event) => { stop(); from = event.changedTouches ? event.changedTouches[0] : null; };
  const onUp = (event) => {
    const to = event.changedTouches[0];
    if (!from || root.querySelector("dialog[open]")) return;
    const dx = to.clientX - from.clientX, dy = to.clientY - from.clientY;
    if (Math.abs(dx) > SWIPE && Math.abs(dx) > 2 * Math.abs(dy)) { if (dx < 0) next(); else back(); }
    from = null;
  };

  let sizing = 0;
  const onSize = () => { cancelAnimationFrame(sizing); sizing = requestAnimationFrame(fitAll); };
  const tock = () => put(part("clock"), new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false }));
  const clock = setInterval(tock, 2000);

  // paper is A4 upright here, and across on every other page
  const paper = make("style", { textContent: "@page { size: A4 portrait; margin: 14mm 16mm; }" });
  document.head.append(paper);

  document.addEventListener("keydown", onKey);
  root.addEventListener("click", onClick, true);
  root.addEventListener("touchstart", onDown, { passive: true });
  root.addEventListener("touchend", onUp, { passive: true });
  root.addEventListener("mousedown", stop);
  window.addEventListener("resize", onSize);
  window.addEventListener("online", look);
  window.addEventListener("offline", look);

  for (const place of root.querySelectorAll('[data-taken="kept"] .standing')) place.dataset.mark = words.standing_kept;
  root.querySelectorAll("[data-flag]").forEach(remember);
  read().forEach(markEntry);
  tell();
  document.fonts.ready.then(() => { if (!stopped) fitAll(); });
  tock();
  tellNewer();
  show(Number(asked().get("slide") || 1) - 1);
  if (asked().get("rotate")) rotate();
  if (isCopy) { lose(true); looking = setTimeout(look, pauseBefore(1)); } else { look(); keepCopy(); }

  return {
    root, tell, settled, isAsking: (flag) => asking !== null && asking.flag === flag,
    end() {
      stopped = true;
      clearInterval(clock);
      clearInterval(ticking);
      clearTimeout(looking);
      clearTimeout(brief);
      paper.remove();
      document.removeEventListener("keydown", onKey);
      window.removeEventListener("resize", onSize);
      window.removeEventListener("online", look);
      window.removeEventListener("offline", look);
    },
  };
}

// Dash draws and removes the page; what was typed and never sent is sent from whatever page is open.
function follow() {
  const root = document.getElementById("meeting");
  if (live && live.root !== root) { live.end(); live = null; }
  if (!root && !location.pathname.endsWith("/meeting")) newer = "";
  if (!live && root && root.querySelector(".counter")) live = start(root);
}
new MutationObserver(follow).observe(document.documentElement, { childList: true, subtree: true });
follow(); // the copy stands there from the beginning
const later = () => { if (!live && read().some((one) => !one.refused)) flush(); };
window.addEventListener("online", later);
setInterval(later, 60_000);
later();
})();
