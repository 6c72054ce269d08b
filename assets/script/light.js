// Plain elements, drawn as they are: see dashboard/components/light.py.
const element = (node) => {
  if (!Array.isArray(node)) return node;
  const [tag, attributes, children] = node;
  return React.createElement(tag, attributes, ...children.map(element));
};

window.mingjing = {
  Light: ({ tree }) => React.createElement(React.Fragment, null, ...tree.map(element)),
};

// A link marked data-page leads to another page without loading everything anew, as Dash's own links do.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-page]");
  const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0;
  if (!link || modified) return;
  event.preventDefault();
  history.pushState({}, "", link.href);
  window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  scrollTo(0, 0);
});
