// A moved control writes the address, and the address sets the controls, without asking the server: which parameter
// comes where, and which one means nothing any more when another changes, it has said once (dashboard/filters.py).
(() => {
  const shape = () => window.dash_component_api.getLayout("shape").props.data;
  const BACK = { "%20": "+", "%3A": ":", "%2C": "," };
  const written = (text) => encodeURIComponent(text)
    .replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%20|%3A|%2C/g, (one) => BACK[one]);

  // The address of the same page with other values of some filters; '' or null is the default.
  function changed(search, values) {
    const { order, resets } = shape();
    const held = Object.fromEntries([...new URLSearchParams(search)].filter(([name]) => order.includes(name)));
    for (const [name, value] of Object.entries(values)) {
      if ((held[name] || "") === (value || "")) continue;
      held[name] = value;
      (resets[name] || []).forEach((other) => { delete held[other]; });
    }
    const parts = order.filter((name) => held[name]).map((name) => `${name}=${written(held[name])}`);
    return parts.length ? `?${parts.join("&")}` : "";
  }

  // What each control has to show; weights and thresholds that are tried stand in the address as 'name:value,…'.
  function shown({ filter, default: own }, asked) {
    const [name, part] = filter.split(".");
    const text = asked.get(name);
    if (part !== undefined) {
      const pairs = Object.fromEntries((text || "").split(",").map((pair) => pair.split(":")));
      return Number(pairs[part] === undefined ? own : pairs[part]);
    }
    const control = document.getElementById(window.dash_component_api.stringifyId({ filter, default: own }));
    const isThere = !control || !control.options || [...control.options].some(({ value }) => value === text);
    return text && isThere ? text : own;
  }

  window.mingjing = Object.assign(window.mingjing || {}, { changed });
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.mingjing = Object.assign(window.dash_clientside.mingjing || {}, {
    keepAddress(search, values, told, ids) {
      const same = window.dash_clientside.no_update;
      const { triggered } = window.dash_clientside.callback_context;
      if (triggered.length !== 1) return same; // a page was drawn with all its controls; nobody chose anything
      const [{ prop_id: from }] = triggered;
      const asked = new URLSearchParams(search);
      const follows = (at) => String(shown(ids[at], asked)) === String(values[at] ?? "");
      // Only those that show something else are written: Dash would draw the others too.
      const follow = (which) => ids.forEach((id, at) => {
        if (which(id) && !follows(at)) window.dash_clientside.set_props(id, { value: shown(id, asked) });
      });
      if (from === "url.search") { follow(() => true); return same; }
      const ask = () => window.dash_clientside.set_props("moved", { data: Date.now() });
      if (from === "told.data") {
        if (told.of !== search) ask(); // something else was chosen meanwhile
        else if (told.search !== null) return told.search;
        else follow((id) => id.filter.startsWith("weights.")); // refused, as weights that are all zero
        return same;
      }
      const at = ids.findIndex((id) => `${window.dash_component_api.stringifyId(id)}.value` === from);
      if (follows(at)) return same; // it was written
      const { filter, default: own } = ids[at];
      if (filter.includes(".")) { ask(); return same; } // several controls are one filter: the server reads them
      const text = String(values[at] ?? "").trim();
      const moved = changed(search, { [filter]: text === own ? "" : text });
      return moved === changed(search, {}) ? same : moved;
    },
  });
})();
