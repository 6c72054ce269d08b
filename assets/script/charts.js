// A chart arrives with the names of the page's colours and fonts and is drawn with their values: var(--ink) → #17212b.
// When the theme changes, it is drawn again in place with the new ones; the server is not asked.
(function () {
  const VARIABLE = /var\((--[\w-]+)\)/g;
  const drawings = new Map(); // the graph's id as it stands in the page → the figure as the server gave it

  function painted(piece, style) {
    if (typeof piece === "string") {
      return piece.includes("var(") ? piece.replace(VARIABLE, (_, name) => style.getPropertyValue(name).trim()) : piece;
    }
    if (Array.isArray(piece)) return piece.map((part) => painted(part, style));
    if (piece === null || typeof piece !== "object") return piece;
    return Object.fromEntries(Object.entries(piece).map(([key, part]) => [key, painted(part, style)]));
  }

  // In these words, which browsers had to be taught once, Dash says that a graph is drawn as soon as its script is there.
  window.regeneratorRuntime = {
    mark: (steps) => steps,
    wrap(step) {
      const state = { next: 0, stop() { this.done = true; } };
      const next = (sent) => { state.sent = sent; return { value: step(state), done: Boolean(state.done) }; };
      return { next };
    },
  };

  // What Dash reads when it draws the first chart: the kinds that the pages draw, and not all that there are.
  Object.defineProperty(window, "_dashPlotlyJSURL", { get: () => document.documentElement.dataset.plotly, set() {} });

  const now = (figure) => painted(figure, getComputedStyle(document.documentElement));
  const shown = () => [...document.querySelectorAll(".chart-graph")].filter((graph) => drawings.has(graph.id));

  // Plotly takes its time: what is in sight is drawn at once, and each other chart in an idle moment of its own.
  const waiting = new Set(); // ids of graphs

  function isInSight(id) {
    const graph = document.getElementById(id);
    const { top, bottom } = graph ? graph.getBoundingClientRect() : {};
    return !graph || (bottom > 0 && top < window.innerHeight);
  }

  function give(id) {
    waiting.delete(id);
    if (document.getElementById(id)) window.dash_clientside.set_props(JSON.parse(id), { figure: now(drawings.get(id)) });
  }

  function rest() {
    if (waiting.size) give(waiting.values().next().value);
    if (waiting.size) idle(rest);
  }
  const idle = (then) => (window.requestIdleCallback || setTimeout)(then, { timeout: 500 });

  function later(id) {
    if (!waiting.size) idle(rest);
    waiting.add(id);
  }

  window.addEventListener("scroll", () => [...waiting].filter(isInSight).forEach(give), { capture: true, passive: true });

  const drawn = (id) => (isInSight(id) ? give(id) : later(id));

  function paintAll() {
    const there = shown();
    const ids = new Set(there.map((graph) => graph.id));
    [...drawings.keys()].filter((id) => !ids.has(id)).forEach((id) => drawings.delete(id));
    ids.forEach(drawn);
  }

  const themes = new MutationObserver(paintAll);
  themes.observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });

  // What `read` finds while the page's tokens are those of a theme; nobody sees it meanwhile.
  function inTheme(theme, read) {
    const root = document.documentElement;
    const before = root.dataset.bsTheme;
    root.dataset.bsTheme = theme;
    const found = read();
    if (before === undefined) delete root.dataset.bsTheme;
    else root.dataset.bsTheme = before;
    themes.takeRecords(); // back where it was: nothing to follow
    return found;
  }

  // Paper is always light. The browser prints what stands there when this event ends, hence not through Dash.
  function redrawAs(theme) {
    const figures = inTheme(theme, () =>
      shown().map((graph) => [graph.querySelector(".js-plotly-plot"), now(drawings.get(graph.id))]));
    figures.forEach(([plot, figure]) => plot && window.Plotly.react(plot, figure.data, figure.layout));
  }
  window.addEventListener("beforeprint", () => {
    if (document.documentElement.dataset.bsTheme === "dark" || waiting.size) redrawAs("light");
    // a place on paper is not as wide as on the screen, and nothing draws anew for it: the drawing is scaled
    document.querySelectorAll(".chart-graph .main-svg").forEach((one) => {
      one.setAttribute("viewBox", `0 0 ${one.getAttribute("width")} ${one.getAttribute("height")}`);
      one.setAttribute("preserveAspectRatio", "xMinYMin");
    });
  });
  window.addEventListener("afterprint", () => {
    // the page's own colours are back only after this event
    if (document.documentElement.dataset.bsTheme === "dark") setTimeout(paintAll);
  });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.mingjing = Object.assign(window.dash_clientside.mingjing || {}, {
    graphId: (chart) => JSON.stringify({ chart, part: "graph" }),
    // A chart's figure for a file, which is light as paper is; undefined where it is no figure.
    light(chart) {
      const figure = drawings.get(this.graphId(chart));
      return figure && inTheme("light", () => now(figure));
    },
    paint(figure) {
      const { id } = window.dash_clientside.callback_context.outputs_list;
      const key = JSON.stringify(id, Object.keys(id).sort());
      if (!figure || drawings.get(key) === figure) return window.dash_clientside.no_update;
      drawings.set(key, figure);
      waiting.delete(key);
      if (isInSight(key)) return now(figure);
      later(key);
      return window.dash_clientside.no_update;
    },
    // The same at once, where the graph stands there already.
    draw(chart, figure) {
      const { set_props: set } = window.dash_clientside;
      drawings.set(this.graphId(chart), figure);
      drawn(this.graphId(chart));
      set({ chart, part: "drawing" }, { data: figure });
    },
  });
})();
