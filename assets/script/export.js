// The files of a chart. A figure's drawing is made here, in the light palette, so the server needs no browser; what
// stands around it, the fonts and the file come from the server, which knows what the page shows.
(function () {
  const ACROSS = 1032; // charts/theme.py
  const said = (menu, words) => { menu.querySelector(".export-said").textContent = words; };

  // `drawn`: which figure is sent along. While a choice is still on its way, the address already asks for another one,
  // and the server refuses to put that one's words around it.
  function address(menu, ending, scale, drawn) {
    const query = new URLSearchParams(location.search);
    const pin = window.dash_component_api.getLayout("snapshot").props.data;
    if (pin) query.set("snapshot", pin);
    query.set("scale", scale);
    if (drawn) query.set("drawn", drawn);
    return `/export${location.pathname.replace(/\/$/, "")}/${menu.dataset.chart}.${ending}?${query}`;
  }

  async function drawing(name, figure) {
    const place = document.getElementById(window.dash_clientside.mingjing.graphId(name));
    const size = { format: "svg", width: ACROSS, height: figure.layout.height || place.offsetHeight };
    const drawn = await window.Plotly.toImage(figure, size);
    return decodeURIComponent(drawn.slice(drawn.indexOf(",") + 1));
  }

  async function fetched(menu, ending, scale) {
    const name = menu.dataset.chart;
    const figure = ["csv", "xlsx"].includes(ending) ? null : window.dash_clientside.mingjing.light(name);
    const where = address(menu, ending, scale, figure && figure.layout.meta); // light rows: the server draws them
    const sent = async () => ({ method: "POST", body: await drawing(name, figure), headers: { "Content-Type": "image/svg+xml" } });
    const answer = await fetch(where, figure ? await sent() : {});
    if (!answer.ok) throw new Error(answer.headers.get("Content-Type").startsWith("text/plain") ? await answer.text() : "");
    return answer;
  }

  async function download(menu, ending, scale) {
    const answer = await fetched(menu, ending, scale);
    const named = answer.headers.get("Content-Disposition") || "";
    const name = named.match(/filename\*=UTF-8''([^;]+)/) || named.match(/filename="?([^";]+)/);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = decodeURIComponent(name[1].replace(/%(?![0-9A-F]{2})/g, "%25")); // a title may hold a percent sign
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  // Pictures can be copied by a page of a secure context only; without one, the menu says what to do instead.
  async function copy(menu) {
    if (!window.isSecureContext || !navigator.clipboard || !window.ClipboardItem) return said(menu, menu.dataset.noClipboard);
    const picture = fetched(menu, "png", 2).then((answer) => answer.blob());
    await navigator.clipboard.write([new window.ClipboardItem({ "image/png": picture })]);
    return said(menu, menu.dataset.copied);
  }

  document.addEventListener("click", async (event) => {
    const choice = event.target.closest("[data-export]");
    const menu = choice && choice.closest(".chart-export");
    if (!menu || menu.ariaBusy === "true") return;
    menu.ariaBusy = "true";
    said(menu, "");
    try {
      if (choice.dataset.export === "copy") await copy(menu);
      else {
        await download(menu, choice.dataset.export, choice.dataset.scale || "1");
        menu.open = false;
      }
    } catch (failed) {
      said(menu, failed.message || menu.dataset.failed);
    } finally {
      menu.ariaBusy = "false";
    }
  });
})();
