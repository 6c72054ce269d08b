// A click on a department's mark chooses it, a second click lets go: the address changes, the page follows.
// A mark may stand for something else than a department; then it says which filter it sets: ["rule", "one_pen"].
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.mingjing = Object.assign(window.dash_clientside.mingjing || {}, {
  choose(click) {
    const mark = click && click.points[0] && click.points[0].customdata;
    const [filter, value] = Array.isArray(mark) ? mark : ["department", mark];
    if (typeof value !== "string") return;
    const search = new URLSearchParams(location.search);
    if (search.get(filter) === value) search.delete(filter);
    else search.set(filter, value);
    search.delete("q");
    // the same click again must be news
    window.dash_clientside.set_props(window.dash_clientside.callback_context.inputs_list[0].id, { clickData: null });
    const wanted = search.toString();
    window.dash_clientside.set_props("url", { search: wanted && `?${wanted}` });
  },
});
