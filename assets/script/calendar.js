// A calendar's cells are one tab stop: arrows walk over them, Home and End jump to the ends of the row.
document.addEventListener("keydown", (event) => {
  const cell = event.target.closest("[data-cell]");
  const grid = cell && cell.closest("[data-grid]");
  if (!grid || event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = [...grid.querySelectorAll("tbody tr")];
  const now = rows.indexOf(cell.closest("tr"));
  const cells = (row) => [...row.querySelectorAll("[data-cell]")];
  const own = cells(rows[now]);
  // the cell of the same column, or the nearest where that one is none
  const above = (step) => {
    for (let row = now + step; rows[row]; row += step) {
      const distance = (one) => Math.abs(one.dataset.cell - cell.dataset.cell);
      const [nearest] = cells(rows[row]).sort((a, b) => distance(a) - distance(b));
      if (nearest) return nearest;
    }
    return cell;
  };
  const next = {
    ArrowRight: () => own[own.indexOf(cell) + 1], ArrowLeft: () => own[own.indexOf(cell) - 1],
    ArrowDown: () => above(1), ArrowUp: () => above(-1), Home: () => own[0], End: () => own[own.length - 1],
  }[event.key];
  if (!next) return;
  event.preventDefault();
  const found = next() || cell;
  cell.tabIndex = -1;
  found.tabIndex = 0;
  found.focus();
});
