// The search panel: Ctrl-K, "/" or the button in the top bar. What it looks in is one file a snapshot (dashboard/search.py);
// it is matched here, so that an answer comes with the letter. The words of the panel stand on the button.
(() => {
  const opener = () => document.getElementById("search");
  const MOST_OF_A_KIND = 8;
  const EXACT = 0, PREFIX = 1, INITIALS = 2, INITIALS_PREFIX = 3, WORD = 4, INSIDE = 5, SYLLABLE = 6;

  // --- finding ---
  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/ü/g, "v").replace(/[\s'’]/g, "");
  // Prepared once an entry: names without spaces, English words, and of each pinyin its syllables.
  const prepared = (entry) => ({
    ...entry,
    names: [entry.zh, entry.en, ...(entry.also || [])].map(plain),
    words: entry.en.toLowerCase().split(/[^\p{L}\p{N}]+/u),
    readings: (entry.pinyin || []).map((one) => {
      const syllables = one.split(" ");
      const starts = syllables.map((_, at) => syllables.slice(at).join(""));
      return { starts, initials: syllables.map((syllable) => syllable[0]).join("") };
    }),
  });

  function rank({ names, words, readings }, asked) {
    if (names.includes(asked) || readings.some(({ starts }) => starts[0] === asked)) return EXACT;
    if (names.some((name) => name.startsWith(asked)) || readings.some(({ starts }) => starts[0].startsWith(asked))) return PREFIX;
    if (readings.some(({ initials }) => initials === asked)) return INITIALS;
    if (readings.some(({ initials }) => initials.startsWith(asked))) return INITIALS_PREFIX;
    if (words.some((word) => word.startsWith(asked))) return WORD;
    if (names.some((name) => name.includes(asked))) return INSIDE;
    if (readings.some(({ starts, initials }) => starts.some((start) => start.startsWith(asked)) || (asked.length > 1 && initials.includes(asked)))) return SYLLABLE;
    return Infinity;
  }

  // "zu zhi bu" is one word in three pieces; "audit township" are two words, which must both be there.
  const place = (entry, text) => Math.min(rank(entry, plain(text)), Math.max(...text.trim().split(/\s+/).map((word) => rank(entry, plain(word)))));

  function found(entries, kinds, text) {
    if (!plain(text)) return entries.filter((entry) => entry.kind === "page");
    const own = (entry) => entry[english() ? "en" : "zh"].length;
    const hits = entries.map((entry) => ({ entry, at: place(entry, text) })).filter(({ at }) => at < Infinity);
    hits.sort((a, b) => a.at - b.at || kinds.indexOf(a.entry.kind) - kinds.indexOf(b.entry.kind) || own(a.entry) - own(b.entry));
    const order = [...new Set(hits.map(({ entry }) => entry.kind))];  // the kind of the best hit comes first
    return order.flatMap((kind) => hits.filter(({ entry }) => entry.kind === kind).slice(0, MOST_OF_A_KIND)).map(({ entry }) => entry);
  }

  const english = () => document.documentElement.lang.startsWith("en");

  // A result takes over quarter, region, language and so on; its own filters stand first.
  function target(entry) {
    const address = new URL(entry.href, location.origin);
    for (const [name, value] of new URLSearchParams(opener().value)) {
      const hides = name === "category" && entry.category && entry.category !== value;
      if (!address.searchParams.has(name) && !hides) address.searchParams.set(name, value);
    }
    return address.href;
  }

  // --- the index ---
  let loaded = {};
  function index() {
    const { index: address } = opener().dataset;
    if (loaded.address !== address) {
      const entries = fetch(address).then((answer) => {
        if (!answer.ok) throw new Error(`${answer.status}`);
        return answer.json();
      }).then((found) => found.map(prepared));
      loaded = { address, entries };
      entries.catch(() => { loaded = {}; });  // asked for again when the panel is opened again
    }
    return loaded.entries;
  }

  // --- the panel ---
  const make = (tag, properties, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  };
  let panel, field, list, status, entries = null, chosen = -1, composing = false;

  function build() {
    field = make("input", { type: "text", id: "finder-field", maxLength: 64, autocomplete: "off", spellcheck: false });
    list = make("div", { id: "finder-list" });
    status = make("p", { className: "finder-status" });
    const mark = make("span", { className: "icon" });
    mark.style.cssText = opener().querySelector(".icon").style.cssText;
    panel = make("dialog", { className: "finder" }, make("div", { className: "finder-head" }, mark, field), list, status, make("p", { className: "finder-hint" }));
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", "finder-list"], ["aria-expanded", "false"]]) field.setAttribute(name, value);
    list.setAttribute("role", "listbox");
    status.setAttribute("role", "status");
    field.addEventListener("input", draw);
    field.addEventListener("keydown", keys);
    field.addEventListener("compositionstart", () => { composing = true; });
    field.addEventListener("compositionend", () => { composing = false; });
    list.addEventListener("pointermove", ({ target }) => { const one = target.closest("[role=option]"); if (one) choose(options().indexOf(one)); });
    list.addEventListener("click", (event) => {
      const one = event.target.closest("[role=option]");
      if (!one || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      go(one.href);
    });
    panel.addEventListener("cancel", (event) => { if (composing) event.preventDefault(); });
    panel.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });
    document.body.append(panel);
  }

  const options = () => [...list.querySelectorAll("[role=option]")];

  function choose(at) {
    const all = options();
    chosen = all.length ? (at + all.length) % all.length : -1;
    all.forEach((one, nth) => one.setAttribute("aria-selected", nth === chosen));
    if (chosen < 0) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  }

  function option(entry, nth) {
    const [own, other] = english() ? [entry.en, entry.zh] : [entry.zh, entry.en];
    const about = entry[english() ? "about_en" : "about_zh"];
    const name = make("b", {}, own);
    const parts = [name, ...(other !== own ? [make("span", { className: "finder-other", lang: english() ? "zh-CN" : "en" }, other)] : []), ...(about ? [make("small", {}, about)] : [])];
    const one = make("a", { id: `finder-${nth}`, href: target(entry), tabIndex: -1 }, ...parts);
    one.setAttribute("role", "option");
    return one;
  }

  function draw() {
    if (!entries) return;
    const { kinds, none, found: counted } = opener().dataset;
    const headings = JSON.parse(kinds);
    const shown = found(entries, Object.keys(headings), field.value);
    list.replaceChildren();
    let group = null;
    shown.forEach((entry, nth) => {
      if (!group || group.dataset.kind !== entry.kind) {
        const heading = make("h2", { id: `finder-kind-${entry.kind}` }, headings[entry.kind]);
        heading.setAttribute("role", "presentation");
        group = make("div", {}, heading);
        group.dataset.kind = entry.kind;
        group.setAttribute("role", "group");
        group.setAttribute("aria-labelledby", heading.id);
        list.append(group);
      }
      group.append(option(entry, nth));
    });
    field.setAttribute("aria-expanded", shown.length > 0);
    list.hidden = !shown.length;
    status.textContent = shown.length ? counted.replace("#", shown.length) : none;
    status.classList.toggle("visually-hidden", shown.length > 0);
    list.scrollTop = 0;
    choose(0);
  }

  // While an input method composes, its keys are its own: Enter takes the word, Escape drops it.
  function keys(event) {
    if (composing || event.isComposing || event.keyCode === 229) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(chosen + step);
    else if (event.key === "Enter" && chosen >= 0) {
      if (event.ctrlKey || event.metaKey) window.open(options()[chosen].href, "_blank", "noopener");
      else go(options()[chosen].href);
    } else return;
    event.preventDefault();
  }

  function go(href) {
    panel.close();
    const there = new URL(href);
    if (there.hash) return location.assign(href);  // only a page that is loaded anew looks for the place in it
    // another view of the page that is shown: it changes as by any of its own links
    if (there.pathname === location.pathname) return window.dash_clientside.set_props("url", { search: there.search });
    history.pushState({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    return scrollTo(0, 0);
  }

  async function open() {
    if (!opener()) return;  // nothing is drawn yet
    if (!panel) build();
    if (!panel.open) {
      const { label, placeholder, hint } = opener().dataset;
      panel.setAttribute("aria-label", label);
      field.setAttribute("aria-label", placeholder);
      list.setAttribute("aria-label", label);
      field.placeholder = placeholder;
      panel.querySelector(".finder-hint").textContent = hint;
      field.value = "";
      entries = null;
      list.replaceChildren();
      panel.showModal();
    }
    field.focus();
    field.select();
    try {
      entries = await index();
      draw();
    } catch (unreachable) {
      list.replaceChildren();
      status.textContent = opener().dataset.failed;
      status.classList.remove("visually-hidden");
    }
  }

  document.addEventListener("click", (event) => { if (event.target.closest("#search")) open(); });
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    const byLetter = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k";
    const bySlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !typing && !document.querySelector("dialog[open]");
    if (!byLetter && !bySlash) return;
    event.preventDefault();
    open();
  });
  // the index is there before it is needed; a browser keeps it for the life of the snapshot
  addEventListener("load", () => setTimeout(() => { if (opener()) index().catch(() => {}); }, 2000));
})();
