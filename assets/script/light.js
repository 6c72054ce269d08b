// Plain elements, drawn as they are: see dashboard/components/light.py. What is as it was before stays the same element,
// so that React looks at nothing inside it: of a matrix of thousands, those cells change that say something else.
(() => {
  const ANEW = /^(form|details|dialog|h\d)$/; // what is open, filled in or read out is not that of something else
  const places = new WeakMap(); // a tree that is drawn → where it stands in Dash's layout
  let made = 0;

  const isThing = (one) => one !== null && typeof one === "object";
  const alike = (one, other) => one === other || (isThing(one) && isThing(other) &&
    Object.keys(one).length === Object.keys(other).length && Object.keys(one).every((name) => alike(one[name], other[name])));

  function drawn(node, before) {
    if (!Array.isArray(node)) return before && before.node === node ? before : { node, made: node, inside: [] };
    const [tag, attributes, children] = node;
    const inside = children.map((child, at) => drawn(child, before && before.inside[at]));
    const isSame = before && before.node[0] === tag && before.inside.length === inside.length &&
      inside.every((one, at) => one === before.inside[at]) && alike(before.node[1], attributes);
    if (isSame) return before;
    const about = ANEW.test(tag) ? { ...attributes, key: made += 1 } : attributes;
    return { node, made: React.createElement(tag, about, ...inside.map((one) => one.made)), inside };
  }

  // A part of the page as Dash holds it; undefined where there is none of that id.
  function layoutOf(id) {
    try {
      const part = window.dash_component_api.getLayout(id);
      return part && part.props ? part : undefined;
    } catch { return undefined; }
  }

  const isLight = (part) => isThing(part) && part.namespace === "mingjing" && part.type === "Light";

  // Whether the part stays what it was but for what its Lights say; `changes` gets their trees, the old and the new.
  function stays(before, now, changes) {
    if (isLight(before) && isLight(now)) return changes.push([before.props.tree, now.props.tree]) > 0;
    if (!isThing(before) || !isThing(now)) return before === now;
    const names = Object.keys(before);
    return names.length === Object.keys(now).length && names.every((name) => stays(before[name], now[name], changes));
  }

  function stayed(before, now) {
    const changes = [];
    if (!stays(before, now, changes) || !changes.every(([tree]) => places.has(tree))) return false;
    changes.filter(([tree, other]) => !alike(tree, other)).forEach(([tree, other]) => {
      window.dash_clientside.set_props(places.get(tree), { tree: other });
    });
    return true;
  }

  function isWritten(id, { props }, prop, value) {
    if (prop in props && alike(props[prop], value)) return true;
    if (prop === "children") return stayed(props.children, value);
    if (id.part !== "drawing" || !value || !layoutOf({ ...id, part: "graph" })) return false;
    window.dash_clientside.mingjing.draw(id.chart, value);
    return true;
  }

  window.mingjing = Object.assign(window.mingjing || {}, {
    layoutOf,
    Light({ tree }) {
      const last = React.useRef([]);
      places.set(tree, window.dash_component_api.useDashContext().componentPath);
      last.current = tree.map((node, at) => drawn(node, last.current[at]));
      return React.createElement(React.Fragment, null, ...last.current.map((one) => one.made));
    },
    // Writes what an answer changes of parts that stay into them, and returns what is left of it to be drawn: Dash would
    // make each part anew, and whoever stands in it would fall out of it.
    written(response) {
      const left = {};
      for (const [name, props] of Object.entries(response)) {
        const id = name.startsWith("{") ? JSON.parse(name) : name;
        const part = layoutOf(id);
        const others = Object.entries(props).filter(([prop, value]) => !part || !isWritten(id, part, prop, value));
        if (others.length) left[name] = Object.fromEntries(others);
      }
      return left;
    },
  });
})();
