// A set of departments: gathered on rows by a toggle or the key s and shown in a bar until it is applied, or drawn on
// a chart and applied at once. The address holds it; rows of all others go before the server has answered.
(() => {
  const MOST = 64;
  let gathered = null; // a Set while a choice is being gathered; null: what the address says
  let message = ""; // said once instead of how many are gathered
  let wanted = null; // the query string on its way to the address; Dash writes it a little later
  let page = location.pathname;

  const search = () => (wanted === null ? location.search : wanted);
  const asked = () => (new URLSearchParams(search()).get("departments") || "").split(",").filter(Boolean);

  const rule = document.head.appendChild(document.createElement("style"));
  function narrow(ids) {
    const ledTo = new URLSearchParams(search()).get("department"); // shown beside the set
    const others = (ledTo ? [...ids, ledTo] : ids).map((id) => `:not([data-department="${CSS.escape(id)}"])`).join("");
    const text = ids.length ? `.narrows [data-department]${others} { display: none !important; }` : "";
    if (rule.textContent !== text) rule.textContent = text;
  }

  function apply(ids, then = null) {
    const parts = new URLSearchParams(search());
    if (ids.length) parts.set("departments", ids.join(","));
    else parts.delete("departments");
    if (ids.length && !ids.includes(parts.get("department"))) parts.delete("department");
    const text = parts.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
    [wanted, gathered, message] = [text && `?${text}`, then, ""];
    window.dash_clientside.set_props("url", { search: wanted });
    narrow(ids);
    draw();
  }

  const refuse = () => {
    message = document.getElementById("picked").dataset.most;
    draw();
  };

  function toggle(id) {
    const now = asked();
    const set = new Set(gathered || now);
    if (!set.delete(id)) set.add(id);
    message = "";
    if (set.size > MOST) return refuse();
    if (now.length) return apply([...set]); // those shown are the set: the row goes
    gathered = set.size ? set : null;
    return draw();
  }

  // --- the bar of what is being gathered ---
  const button = (words, css, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: words, className: css });
    made.addEventListener("click", act);
    return made;
  };

  function bar() {
    const place = document.getElementById("picked");
    if (place && !place.firstChild) {
      const count = document.createElement("span");
      count.setAttribute("role", "status");
      const { only, clear } = place.dataset;
      const buttons = [
        button(only, "button primary", () => apply([...gathered])),
        button(clear, "button", () => { [gathered, message] = [null, ""]; draw(); }),
      ];
      place.append(count, ...buttons);
    }
    return place;
  }

  function draw() {
    const chosen = gathered || new Set(asked());
    document.querySelectorAll("[data-pick]").forEach((one) => {
      const is = String(chosen.has(one.dataset.pick));
      if (one.getAttribute("aria-pressed") !== is) one.setAttribute("aria-pressed", is);
    });
    const place = bar();
    if (!place) return;
    const words = message || (gathered ? place.dataset.gathered.replace("#", gathered.size) : "");
    const [count, only] = place.children;
    if (count.textContent !== words) count.textContent = words;
    if (place.hidden !== !words) place.hidden = !words;
    if (only.hidden !== !gathered) only.hidden = !gathered;
  }

  document.addEventListener("click", (event) => {
    const pick = event.target.closest("[data-pick]");
    if (pick) return toggle(pick.dataset.pick);
    if (!event.target.closest("[data-adjust]")) return undefined;
    return apply([], new Set(asked()));
  });

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, select, textarea, [contenteditable]");
    if (event.key !== "s" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = event.target.closest("[data-department]");
    const pick = row && row.querySelector("[data-pick]");
    if (!pick) return;
    event.preventDefault();
    toggle(pick.dataset.pick);
  });

  // Rows may stand for other departments now, or the address for another set.
  new MutationObserver(() => {
    if (page !== location.pathname) [gathered, wanted] = [null, null];
    if (wanted === location.search) wanted = null;
    page = location.pathname;
    const ids = asked();
    if (ids.length) gathered = null;
    narrow(ids);
    draw();
  }).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["data-pick"] });

  // A box that changes nothing leaves nothing behind: the points are again as the address has it.
  function undraw(plot) {
    const ids = asked();
    const points = plot.data.map(({ customdata }) => (ids.length && customdata
      ? customdata.flatMap((id, i) => (ids.includes(id) ? [i] : [])) : null));
    window.Plotly.update(plot, { selectedpoints: points }, { selections: [] });
  }

  window.addEventListener("popstate", () => { wanted = null; });

  // The points inside a box drawn on a chart; a box around none ends the choice.
  window.mingjing = Object.assign(window.mingjing || {}, {
    select(box, plot) {
      if (!box || !box.range) return; // without one it tells that the last box went when the chart was drawn anew
      const ids = [...new Set(box.points.map((point) => point.customdata).filter((id) => typeof id === "string"))];
      if (ids.length <= MOST && ids.join() !== asked().join()) return void apply(ids);
      if (ids.length > MOST) refuse();
      undraw(plot);
    },
  });
})();
