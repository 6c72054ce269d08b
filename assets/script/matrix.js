// A matrix, of gaps or of indicators, is one tab stop: arrows walk through cells, heads and names, Home and End go to
// the ends of the row, Enter follows the link. Beside the gaps the drawer: whoever opened it reads there, the arrows
// step from flag to flag, Escape closes it and leads back to the cell.
(() => {
  const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-10, 0], PageDown: [10, 0] };
  const drawer = () => document.getElementById("gaps-drawer");
  const linkIn = (place) => place && place.querySelector("[data-cell]");

  // The columns of the table, whatever a head spans: only rows that have cells to stand on are counted.
  const lines = (matrix) => [...matrix.rows].filter(linkIn);

  function along(line, at, step) {
    const cells = [...line.cells];
    for (let i = at + step; i >= 0 && i < cells.length; i += step) if (linkIn(cells[i])) return linkIn(cells[i]);
    return null;
  }

  function wanted(matrix, cell, key) {
    const place = cell.closest("td, th");
    const line = place.parentElement;
    if (key === "Home") return along(line, -1, 1);
    if (key === "End") return along(line, line.cells.length, -1);
    const [down, right] = MOVES[key];
    if (right) return along(line, place.cellIndex, right);
    const there = lines(matrix);
    const to = Math.min(Math.max(there.indexOf(line) + down, 0), there.length - 1);
    return linkIn(there[to].cells[place.cellIndex]);
  }

  function stand(matrix, cell) {
    matrix.querySelectorAll('[data-cell][tabindex="0"]').forEach((other) => { other.tabIndex = -1; });
    cell.tabIndex = 0;
    cell.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const cell = event.target.closest("[data-cell]");
    const matrix = cell && cell.closest("[data-matrix]");
    if (!matrix || !(event.key in MOVES || event.key === "Home" || event.key === "End")) return;
    event.preventDefault();
    const next = wanted(matrix, cell, event.key);
    if (next) stand(matrix, next);
  });

  // The address says which cell, row or column is looked at; the server draws the matrix without it.
  function mark() {
    const matrix = document.querySelector("[data-matrix]");
    if (!matrix) return;
    const asked = new URLSearchParams(location.search);
    const named = (name) => {
      const key = asked.get(name);
      return key && matrix.querySelector(`[data-${name}="${CSS.escape(key)}"]`);
    };
    const [column, line] = [named("rule"), named("department")];
    const here = new Set([column, line]);
    matrix.querySelectorAll("[data-here]").forEach((one) => { if (!here.has(one)) one.removeAttribute("data-here"); });
    here.forEach((one) => { if (one) one.setAttribute("data-here", ""); });
    const cell = column && line && linkIn(line.cells[column.cellIndex]);
    matrix.querySelectorAll("[aria-current]").forEach((one) => { if (one !== cell) one.removeAttribute("aria-current"); });
    if (cell) cell.setAttribute("aria-current", "true");
    const stops = [...matrix.querySelectorAll('[data-cell][tabindex="0"]')];
    const stop = stops.find((one) => one === document.activeElement) || cell || stops[0];
    stops.forEach((one) => { if (one !== stop) one.tabIndex = -1; });
    if (stop) stop.tabIndex = 0;
  }

  // What was clicked is on its way; when it is drawn, the reader stands at its head, and still does after each step.
  let isOpening = false;
  let isReading = false;
  document.addEventListener("focusin", ({ target }) => { isReading = target.matches("#gaps-drawer h2"); });
  document.addEventListener("pointerdown", () => { isReading = false; });
  document.addEventListener("click", (event) => {
    const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!modified && drawer() && event.target.closest("[data-matrix] [data-cell][data-view]")) isOpening = true;
  });
  new MutationObserver(() => {
    mark(); // a row may stand for another department now
    const place = drawer();
    const head = place && place.querySelector("h2");
    const isLost = isReading && document.activeElement === document.body;
    if (!head || !(isOpening || isLost)) return;
    if (isOpening) place.scrollTop = 0;
    isOpening = false;
    head.focus({ preventScroll: true });
  }).observe(document.documentElement, { childList: true, subtree: true, characterData: true });

  document.addEventListener("keydown", (event) => {
    const place = drawer();
    const close = place && place.querySelector("[data-close]");
    if (!close || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    if (event.key === "Escape" && !document.querySelector("details.menu[open]")) {
      const back = document.querySelector("[data-matrix] [aria-current]") ||
        document.querySelector("[data-matrix] tr[data-here] > th [data-cell]");
      close.click();
      if (back) stand(back.closest("[data-matrix]"), back);
      return;
    }
    const step = { ArrowUp: "previous", ArrowDown: "next" }[event.key];
    const link = step && place.querySelector(`[data-step="${step}"]`);
    // a table that scrolls keeps its arrows
    if (!link || !place.contains(event.target) || event.target.closest(".scroll")) return;
    event.preventDefault();
    link.click();
  });
})();
