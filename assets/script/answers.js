// What need not be asked for again. The served page brings along what Dash asks first, so it draws without a further
// word of the server; ahead.js fetches what the reader is likely to ask next. All of it is in the memory of this page
// alone, and is forgotten with it, as soon as somebody else is signed in or something was recorded or imported, and when
// the server has long not been heard.
(() => {
  const MOST = 12; // answers
  const LONGEST = 150000; // milliseconds since the last answer of the server; an open page asks each minute
  const held = new Map(); // question → answer, the oldest first
  const { pathname, search } = location; // what the served page is of
  let of = null; // whose the answers are
  let state = null; // of the data and of what was recorded, by which they hold
  let heardAt = performance.now();

  // Says who is signed in in this browser, in whichever of its tabs; '' where nobody need sign in.
  const reader = () => (document.cookie.match(/(?:^|; )mingjing-reader=([^;]*)/) || [])[1] || "";
  const answer = (text) => new Response(text, { headers: { "Content-Type": "application/json" } });
  const plain = (part) => (Array.isArray(part) ? part.map(plain) : [part.id, part.property, part.value]);
  const question = ({ output, inputs, state }) => JSON.stringify([output, plain(inputs), plain(state || [])]);

  function given(name) {
    const place = document.getElementById(`given-${name}`);
    const text = place && place.textContent;
    if (place) place.remove(); // once: whoever asks again wants to know it anew
    if (name === "dependencies") window.mingjing.answers.dependencies = text;
    return text ? answer(text) : null;
  }

  // The served page's own view, for the router's first question.
  function first({ output, inputs }) {
    if (!output.includes("_pages_content.children")) return null;
    const asked = Object.fromEntries(inputs.map(({ property, value }) => [property, value]));
    return asked.pathname === pathname && asked.search === search ? given("view") : null;
  }

  function mine() {
    if (of !== reader()) held.clear();
    of = reader();
    return held;
  }

  window.mingjing = Object.assign(window.mingjing || {}, {
    answers: {
      answer: (content) => answer(JSON.stringify(content)),
      // What the served page holds of what Dash itself asks: its layout, and who listens to what.
      given: (address) => given((String(address).match(/\/_dash-(layout|dependencies)$/) || [])[1]),
      take(body) {
        const there = performance.now() - heardAt < LONGEST && mine().get(question(body));
        return there ? answer(there) : first(body);
      },
      response(body) {
        const there = performance.now() - heardAt < LONGEST && mine().get(question(body));
        return there && JSON.parse(there).response;
      },
      has: (body) => mine().has(question(body)),
      keep(body, text, now) {
        this.heard(now);
        mine().set(question(body), text);
        if (held.size > MOST) held.delete(held.keys().next().value);
      },
      held: () => mine().size,
      forget: () => held.clear(),
      heard(now) {
        heardAt = performance.now();
        if (!now || now === state) return;
        held.clear();
        state = now;
      },
    },
  });

  // The served view gives way in the very moment in which Dash has drawn the same.
  const view = document.getElementById("first-view"), place = document.getElementById("react-entry-point");
  if (place) {
    new MutationObserver((_changes, watch) => {
      if (!place.querySelector(".frame")) return;
      watch.disconnect();
      view.remove();
    }).observe(place, { childList: true, subtree: true });
  }
})();
