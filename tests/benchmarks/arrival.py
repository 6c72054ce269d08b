"""What a page sends and when it is seen, by a browser that was never there and by one that was. Asserts nothing.

    python -m tests.benchmarks.arrival                     the demonstration county
    python -m tests.benchmarks.arrival --folder data --rounds 5

Cold is a new browser profile, warm the same address again in it; the server has drawn each page before. Bytes are those
on the wire, compressed as over plain HTTP (gzip), with how many of them are fonts and Plotly, messages of web sockets
among them. “First mark” is the browser's first contentful paint, “first chart” the frame in which a chart's first mark
stands; milliseconds since the navigation began, medians. After ours come the peers of tests/benchmarks/painted.py.
"""

import argparse
import contextlib
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from tests.benchmarks.clicks import served
from tests.benchmarks.painted import browsing, peers, started, write_for_peers
from tests.support import answered

PAGES = ("/", "/ranking", "/gaps", "/complaints", "/department?department=D09", "/indicator?indicator=complaint_rate")
WATCH = """
(() => {
  const found = {};
  const painted = () => performance.getEntriesByName("first-contentful-paint")[0] || {};
  window.arrival = () => ({ mark: painted().startTime, ...found });
  new MutationObserver((_changes, watch) => {
    if (!document.querySelector(".js-plotly-plot .trace, [aria-label=dot] circle")) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => { found.chart = performance.now(); }));
  }).observe(document, { subtree: true, childList: true });
})();
"""
AFTER = 3000  # milliseconds for what comes late


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--folder", type=Path, help="a data folder that stands ready")
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="mingjing-benchmark-") as scratch, contextlib.ExitStack() as stack:
        folder = given.folder or Path(scratch) / "county"
        if given.folder is None:
            answered("--data", str(folder), "demo")
        url = stack.enter_context(served(folder))
        browser = stack.enter_context(browsing())
        heads = ("sent KB", "fonts", "Plotly", "files", "mark", "chart")
        print(f"{'':40}{'':5}" + "".join(f"{head:>9}" for head in heads), flush=True)
        addresses = {path: url + path for path in PAGES}
        if beside := peers():
            static = Path(scratch) / "static"
            write_for_peers(folder, static)
            commands = {one.command for one in beside}
            urls = {command: stack.enter_context(started(command, static=static)) for command in commands}
            addresses |= {one.name: urls[one.command] + one.address for one in beside}
        for name, address in addresses.items():
            visited(browser, address)  # the server warms
            rounds = [visited(browser, address) for _ in range(given.rounds)]
            for at, state in enumerate(("cold", "warm")):
                print(f"{name:40}{state:5}{line([one[at] for one in rounds])}", flush=True)


def line(visits: list[dict[str, Any]]) -> str:
    def middle(name: str) -> str:
        there = [one[name] for one in visits if one.get(name) is not None]
        return f"{statistics.median(there):9.0f}" if there else f"{'—':>9}"

    return "".join(map(middle, ("sent", "fonts", "plotly", "files", "mark", "chart")))


def visited(browser: Browser, address: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A visit of a browser that was never there, and its second one."""
    over_http = {"Accept-Encoding": "gzip"}  # this machine itself is offered more than others are
    size = {"width": 1366, "height": 768}
    context = browser.new_context(locale="zh-CN", viewport=size, extra_http_headers=over_http)
    try:
        return arrived(context, address), arrived(context, address)
    finally:
        context.close()


def arrived(context: BrowserContext, address: str) -> dict[str, Any]:
    page = context.new_page()
    page.add_init_script(WATCH)
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    names: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def frame(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = sizes.get(event["requestId"], 0) + len(event["response"]["payloadData"]) * 3 / 4

    network.on("Network.responseReceived", lambda event: names.update({event["requestId"]: event["response"]["url"]}))
    network.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    network.on("Network.webSocketFrameReceived", frame)
    page.goto(address)
    page.locator("#first-view").wait_for(state="detached")
    page.wait_for_timeout(AFTER)
    found = page.evaluate("arrival()")
    page.close()
    sent = {names.get(one, ""): size for one, size in sizes.items() if size}

    def kilobytes(part: str) -> float:
        return sum(size for name, size in sent.items() if part in name) / 1000

    parts = {"sent": kilobytes(""), "fonts": kilobytes("/fonts/"), "plotly": kilobytes("/plotly/"), "files": len(sent)}
    return {**parts, **found}


if __name__ == "__main__":
    main()
