// While somebody reads, the quarters beside the one shown are fetched: what the page's own control would ask for, word
// for word, so that the answer serves when it is asked (answers.js). Only when nothing else is on its way, one at a
// time, and the server may refuse it before anything else. Nothing of a page is known here but that it is a steady one.
(() => {
  const REST = 400; // milliseconds without a question
  const TRIES = 3; // that a busy server is asked again, later each time
  let waiting = 0, tries = 0, going = null, listeners = null; // who listens to what, as Dash was told

  const layoutOf = (id) => window.mingjing.layoutOf(id);
  const read = (text) => (text.startsWith("{") ? JSON.parse(text) : text);

  // 'id.property', and its ids on this page where it stands for many
  function places(id) {
    if (typeof id === "string") return layoutOf(id) && id;
    const names = Object.keys(id).sort();
    if (!names.some((name) => Array.isArray(id[name]))) return layoutOf(id) && id;
    const alike = (one) => names.every((name) => Array.isArray(id[name]) || one[name] === id[name]);
    return [...document.querySelectorAll('[id^="{"]')].map((one) => JSON.parse(one.id))
      .filter((one) => Object.keys(one).sort().join() === names.join() && alike(one));
  }

  function valued({ id, property }, search) {
    const one = (place) => ({
      id: place, property,
      value: place === "url" && property === "search" ? search : property === "id" ? place : layoutOf(place).props[property],
    });
    const found = places(read(id));
    return Array.isArray(found) ? found.map(one) : found && one(found);
  }

  // What Dash would send when the address of this page becomes `search`.
  function questions(search) {
    return listeners.filter(({ inputs, clientside_function: own }) => !own &&
      inputs.some(({ id, property }) => id === "url" && property === "search")).map(({ output, inputs, state }) => {
      const isMany = output.startsWith("..");
      const outputs = (isMany ? output.slice(2, -2).split("...") : [output]).map((one) => {
        const at = one.lastIndexOf(".");
        const found = places(read(one.slice(0, at))), property = one.slice(at + 1);
        return Array.isArray(found) ? found.map((id) => ({ id, property })) : found && { id: found, property };
      });
      const [asked, also] = [inputs, state || []].map((parts) => parts.map((part) => valued(part, search)));
      if (![...outputs, ...asked, ...also].every(Boolean)) return null; // of another page
      return { output, outputs: isMany ? outputs : outputs[0], inputs: asked, changedPropIds: ["url.search"], state: also };
    }).filter(Boolean);
  }

  function neighbours() {
    const control = document.querySelector(`.frame[data-steady] select[id*='"filter":"quarter"']`);
    if (!control) return [];
    const { default: latest } = JSON.parse(control.id);
    return [1, -1].map((step) => control.options[control.selectedIndex + step])
      .filter((one) => one && one.value) // above the first stands an empty one
      .map(({ value }) => window.mingjing.changed(location.search, { quarter: value === latest ? "" : value }));
  }

  async function fetchAll(signal) {
    for (const search of neighbours()) {
      for (const body of questions(search)) {
        if (signal.aborted) return;
        if (window.mingjing.answers.has(body)) continue;
        const answer = await window.mingjing.send(`/_dash-update-component`, {
          method: "POST", body: JSON.stringify(body), signal, priority: "low", credentials: "same-origin",
          headers: { "Content-Type": "application/json", Accept: "application/json", "X-Ahead": "1" },
        });
        if (answer.status === 401 || answer.status === 403) window.mingjing.answers.forget();
        if (answer.status === 204 && tries < TRIES) {
          tries += 1;
          waiting = setTimeout(begin, REST * 4 ** tries);
        }
        if (answer.status !== 200) return; // busy, or not for who asks: it is asked for when somebody wants it
        const text = await answer.text();
        if (!signal.aborted) window.mingjing.answers.keep(body, text, answer.headers.get("X-State"));
      }
    }
  }

  function begin() {
    listeners = listeners || JSON.parse(window.mingjing.answers.dependencies || "null");
    if (document.hidden || !listeners || going) return;
    const mine = new AbortController();
    going = mine;
    fetchAll(mine.signal).catch(() => {}).finally(() => { if (going === mine) going = null; }); // or nobody is there
  }

  // Where all answers to a choice are there, they are shown before Dash hears of it: it asks the same a frame later, is
  // given the same, and finds little left to draw.
  const passed = new WeakSet();
  const hasParts = (value) => Array.isArray(value) ? value.some(hasParts) : Boolean(value && value.namespace);

  function show(response) {
    for (const [id, props] of Object.entries(window.mingjing.written(response))) {
      const plain = Object.entries(props).filter(([, value]) => !hasParts(value)); // what has parts, Dash must know of
      if (plain.length) window.dash_clientside.set_props(read(id), Object.fromEntries(plain));
    }
  }

  function shownAtOnce(control) {
    const { filter, default: own } = JSON.parse(control.id);
    const { value } = control;
    const search = window.mingjing.changed(location.search, { [filter]: value === own ? "" : value });
    const answers = questions(search).map((body) => window.mingjing.answers.response(body));
    if (search === location.search || !answers.length || !answers.every(Boolean)) return false;
    answers.forEach(show);
    return true;
  }

  let choices = 0;
  window.addEventListener("change", (event) => {
    const control = event.target;
    if (passed.delete(event) || !control.matches(`.frame[data-steady] select[id*='"filter":']`)) return;
    const mine = choices += 1;
    if (document.hidden || !listeners || control.id.includes(".") || !shownAtOnce(control)) return;
    event.stopImmediatePropagation();
    const { id, value } = control;
    requestAnimationFrame(() => setTimeout(() => {
      const there = document.getElementById(id);
      if (mine !== choices || !there) return; // something else was chosen meanwhile
      const again = new Event("change", { bubbles: true });
      passed.add(again);
      there.value = value;
      there.dispatchEvent(again);
    }));
  }, true);

  window.mingjing = Object.assign(window.mingjing || {}, {
    ahead: {
      // Somebody asked something: all else waits.
      wait() {
        clearTimeout(waiting);
        if (going) going.abort();
        going = null;
      },
      // Nothing is on its way any more.
      rest() {
        clearTimeout(waiting);
        tries = 0;
        waiting = setTimeout(() => (window.requestIdleCallback || setTimeout)(begin), REST);
      },
    },
  });
})();
