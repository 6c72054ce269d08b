// Plain elements, drawn as they are: see dashboard/components/light.py. What is as it was before stays the same element,
// so that React looks at nothing inside it: of a matrix of thousands, those cells change that say something else.
(() => {
  const alike = (one, other) => one === other || (one && other && typeof one === "object" && typeof other === "object" &&
    Object.keys(one).length === Object.keys(other).length && Object.keys(one).every((name) => alike(one[name], other[name])));

  function drawn(node, before) {
    if (!Array.isArray(node)) return before && before.node === node ? before : { node, made: node, inside: [] };
    const [tag, attributes, children] = node;
    const inside = children.map((child, at) => drawn(child, before && before.inside[at]));
    const isSame = before && before.node[0] === tag && before.inside.length === inside.length &&
      inside.every((one, at) => one === before.inside[at]) && alike(before.node[1], attributes);
    return isSame ? before : { node, made: React.createElement(tag, attributes, ...inside.map(({ made }) => made)), inside };
  }

  window.mingjing = Object.assign(window.mingjing || {}, {
    Light({ tree }) {
      const last = React.useRef([]);
      last.current = tree.map((node, at) => drawn(node, last.current[at]));
      return React.createElement(React.Fragment, null, ...last.current.map(({ made }) => made));
    },
  });
})();
