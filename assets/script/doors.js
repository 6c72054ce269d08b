// Every mark that leads somewhere is a door. What it carries says where: ["href", "/department?…"] is an address;
// ["rule", "one_pen"], or a department's id alone, is chosen on this page, and a second click lets go.
(() => {
  const wired = new WeakSet(); // what hears a plot's events; a plot that is made anew hears with another

  function way(mark) {
    const [what, value] = Array.isArray(mark) ? mark : ["department", mark];
    if (typeof value !== "string") return null;
    if (what === "href") return value;
    const search = new URLSearchParams(location.search);
    if (search.get(what) === value) search.delete(what);
    else search.set(what, value);
    search.delete("q");
    return `${location.pathname}?${search}`.replace(/\?$/, "");
  }

  // Another view of this page changes only the query string; another page comes without loading everything anew.
  function lead(address, isApart = false) {
    const target = new URL(address, location.href);
    if (isApart) {
      window.open(target.href, "_blank", "noopener");
    } else if (target.pathname !== location.pathname || target.hash) {
      history.pushState({}, "", target.href);
      window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
      if (!target.hash) scrollTo(0, 0);
    } else if (target.search !== location.search) {
      window.dash_clientside.set_props("url", { search: target.search });
    }
  }

  // A link marked data-view or data-page stays a real link: a middle click opens it, and any click does before Dash has
  // drawn what was served.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-view], a[data-page]");
    const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0;
    if (!link || modified || document.getElementById("first-view")) return;
    event.preventDefault();
    lead(link.href);
  });

  const doorOf = ({ points }) => points && points[0] && way(points[0].customdata);

  // The name of a row of bars or cells stands for the row's first mark.
  function named(place) {
    const tick = place.closest(".ytick");
    const plot = tick && tick.closest(".js-plotly-plot");
    if (!plot) return null;
    const at = tick.__data__.x;
    const bars = plot._fullData.filter(({ type, customdata }) => type === "bar" && customdata);
    return bars.map((bar) => way(bar.customdata[[...bar.y].indexOf(at)])).find(Boolean);
  }

  document.addEventListener("click", (event) => {
    const address = named(event.target);
    if (address) lead(address, event.ctrlKey || event.metaKey);
  });

  document.addEventListener("pointerover", ({ target }) => {
    const plot = target.closest(".js-plotly-plot");
    if (!plot || !plot.on) return;
    const tick = target.closest(".ytick");
    if (tick) tick.toggleAttribute("data-door", Boolean(named(tick)));
    if (wired.has(plot.on)) return;
    wired.add(plot.on);
    plot.on("plotly_hover", (hover) => plot.toggleAttribute("data-door", Boolean(doorOf(hover))));
    plot.on("plotly_unhover", () => plot.removeAttribute("data-door"));
    plot.on("plotly_click", (click) => {
      const address = doorOf(click);
      if (address) lead(address, click.event.ctrlKey || click.event.metaKey);
    });
    plot.on("plotly_selected", (box) => window.mingjing.select(box, plot));
  });
})();

// Back leads to where the viewer stood. The page is drawn only after its address is there again, so the browser cannot
// find the place by itself: each entry of the history keeps its own, and it is held while the page grows, until somebody
// acts. All ways of leaving go through `pushState`, Dash's own links too.
(() => {
  const PATIENCE = 30000; // milliseconds
  history.scrollRestoration = "manual";
  const push = history.pushState.bind(history);
  const placed = (state) => ({ ...state, scroll: scrollY });
  let held = null;

  // the browser keeps what is in sight where it is while the page grows above it, which would lead away from the place
  function holdAt(place) {
    held = place;
    document.documentElement.style.overflowAnchor = place === null ? "" : "none";
  }

  function keep() {
    if (held === null) history.replaceState(placed(history.state), "");
  }

  history.pushState = (state, ...entry) => {
    keep();
    letGo();
    push(placed(state), ...entry);
  };

  const follow = () => { if (held !== null && scrollY !== held) scrollTo(0, held); };
  const letGo = () => holdAt(null);

  function hold() {
    const place = history.state && history.state.scroll;
    if (place === undefined || place === null) return letGo();
    holdAt(place);
    const mine = history.state;
    setTimeout(() => { if (history.state === mine) letGo(); }, PATIENCE);
    return follow();
  }

  let waiting = 0;
  addEventListener("scroll", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 100);
  }, { passive: true });
  addEventListener("popstate", () => {
    clearTimeout(waiting);
    hold();
  });
  ["wheel", "touchstart", "pointerdown", "keydown"].forEach((act) => addEventListener(act, letGo, { capture: true, passive: true }));
  new ResizeObserver(follow).observe(document.documentElement);
  hold();
})();
