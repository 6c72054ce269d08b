// A click on a department's mark chooses it, a second click lets go: the address changes, the page follows.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.mingjing = Object.assign(window.dash_clientside.mingjing || {}, {
  choose(click) {
    const department = click && click.points[0] && click.points[0].customdata;
    if (typeof department !== "string") return;
    const search = new URLSearchParams(location.search);
    if (search.get("department") === department) search.delete("department");
    else search.set("department", department);
    search.delete("q");
    // the same click again must be news
    window.dash_clientside.set_props(window.dash_clientside.callback_context.inputs_list[0].id, { clickData: null });
    const wanted = search.toString();
    window.dash_clientside.set_props("url", { search: wanted && `?${wanted}` });
  },
});
