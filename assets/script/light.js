// Plain elements, drawn as they are: see dashboard/components/light.py.
const element = (node) => {
  if (!Array.isArray(node)) return node;
  const [tag, attributes, children] = node;
  return React.createElement(tag, attributes, ...children.map(element));
};

window.mingjing = Object.assign(window.mingjing || {}, {
  Light: ({ tree }) => React.createElement(React.Fragment, null, ...tree.map(element)),
});
