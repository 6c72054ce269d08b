"""From a choice of another quarter to its paint, beside pages that only draw again what they hold. Asserts nothing.

    python -m tests.benchmarks.painted                     the demonstration county
    python -m tests.benchmarks.painted --folder data --rounds 10 --only 'ranking|table'

Each subject is a page with a control and a place in which the choice is seen; they take turns, round by round, in one
browser. A round counts from the browser's own time of the change to the frame after the first change in that place
(“seen”) and after the last one of the page (“still”). Beside ours stand a page that holds the same figures and redraws
them with the same Plotly bundle, and pages that hold the same rows as HTML.

Beside those stand peers, the same rows in other tools (`make peers` installs them): one is a small app in peers/ and a
`Subject` in PEERS: what serves it ({port} stands for the port, {static} for the folder of what is served as it lies),
its control and its mark.
"""

import argparse
import contextlib
import json
import os
import re
import shlex
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from dashboard.charts import theme
from dashboard.shell import ASSETS, PLOTLY
from tests.benchmarks.clicks import STILL, served, until
from tests.conftest import CHROMIUM_FLAGS, chromium
from tests.support import PROJECT, answer, answered

QUARTERS = ("2026Q2", "2026Q3")
READING = 1500  # milliseconds between two choices
WATCH = """
(() => {
  const state = { began: 0, seen: 0, last: 0, changed: 0 };
  const begin = (event) => { state.began = state.began || event.timeStamp; };
  ["pointerup", "click", "change"].forEach((kind) => window.addEventListener(kind, begin, true));
  const inside = (node) => (node.nodeType === 1 ? node : node.parentElement);
  new MutationObserver((changes) => {
    state.changed = performance.now();
    if (!state.began) return;
    const isOf = ({ target, type }) => type !== "attributes" && inside(target) && inside(target).closest(state.mark);
    const isSeen = changes.some(isOf);
    requestAnimationFrame(() => setTimeout(() => {
      state.last = performance.now();
      if (isSeen && !state.seen) state.seen = state.last;
    }));
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  window.painted = {
    start(mark) { Object.assign(state, { mark, began: 0, seen: 0, last: 0, changed: performance.now() }); },
    isStill: (enough) => Boolean(state.seen) && performance.now() - state.changed > enough,
    taken: () => [state.seen - state.began, state.last - state.began],
  };
})();
"""


@dataclass(frozen=True)
class Subject:
    """A page that is served by `command`, in which a list leads to other quarters, seen in the place `mark`."""

    name: str
    command: str  # '': our own dashboard
    address: str
    mark: str
    control: str = 'select[id*=\'"filter":"quarter"\']'
    is_ahead: bool = True  # False: without what is fetched while somebody reads


OURS = (
    Subject("ranking", "", "/ranking", "#ranking-main"),
    Subject("ranking, not fetched ahead", "", "/ranking", "#ranking-main", is_ahead=False),
    Subject("matrix", "", "/gaps", "#gaps-main"),
    Subject("matrix, not fetched ahead", "", "/gaps", "#gaps-main", is_ahead=False),
    Subject("complaints", "", "/complaints", ".main-svg"),
    Subject("complaints, not fetched ahead", "", "/complaints", ".main-svg", is_ahead=False),
)
STATIC = "python3 -m http.server {port} --bind 127.0.0.1 --directory {static}"
BARE = (
    Subject("ranking as plain HTML", STATIC, "/ranking.html", "#place", "select"),
    Subject("matrix as plain HTML", STATIC, "/gaps.html", "#place", "select"),
    Subject("complaints' figures from memory", STATIC, "/complaints.html", ".main-svg", "select"),
)
THERE = PROJECT / ".venv" / "peers"  # what `make peers` makes
APPS = Path("tests", "benchmarks", "peers")
STREAMLIT = (
    "env RANKING={static}/ranking.json .venv/peers/bin/streamlit run tests/benchmarks/peers/streamlit_app.py"
    " --server.address 127.0.0.1 --server.port {port} --server.headless true --browser.gatherUsageStats false"
)
GUNICORN = (
    "env RANKING={{static}}/ranking.json .venv/peers/bin/gunicorn --workers 2 --bind 127.0.0.1:{{port}}"
    " --chdir tests/benchmarks/peers {}"
)
VIZRO, DASH = GUNICORN.format("vizro_app:app"), GUNICORN.format("dash_app:server")
OBSERVABLE = (
    "env NO_UPDATE_CHECK=1 .venv/peers/observable/node_modules/.bin/serve"
    " --listen tcp://127.0.0.1:{port} {static}/observable/dist"
)
PLOTTED, GRID = ".cartesianlayer", ".ag-center-cols-container"
PEERS = (
    Subject("Streamlit, chart", STREAMLIT, "/", PLOTTED, "[role=combobox]"),
    Subject("Streamlit, table", STREAMLIT, "/table", "table", "[role=combobox]"),
    Subject("Vizro, chart", VIZRO, "/", PLOTTED, ".dash-dropdown"),
    Subject("Vizro, table", VIZRO, "/table", GRID, ".dash-dropdown"),
    Subject("Dash, chart", DASH, "/", PLOTTED, ".dash-dropdown"),
    Subject("Dash, table", DASH, "/table", GRID, ".dash-dropdown"),
    Subject("Observable Framework, chart", OBSERVABLE, "/", ".observablehq--block", "select"),
    Subject("Observable Framework, table", OBSERVABLE, "/table", ".observablehq--block", "select"),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--folder", type=Path, help="a data folder that stands ready")
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--only", default="", help="subjects in whose name this expression is found")
    given = options.parse_args()
    subjects = [one for one in (*OURS, *BARE, *peers()) if re.search(given.only, one.name)]
    with tempfile.TemporaryDirectory(prefix="mingjing-benchmark-") as scratch, contextlib.ExitStack() as stack:
        folder, static = given.folder or Path(scratch) / "county", Path(scratch) / "static"
        if given.folder is None:
            answered("--data", str(folder), "demo")
        own = stack.enter_context(served(folder))
        write_bare(own, static)
        if any(one in PEERS for one in subjects):
            write_for_peers(folder, static)
        commands = {one.command for one in subjects if one.command}
        urls = {one: stack.enter_context(started(one, folder=folder, static=static)) for one in commands}
        browser = stack.enter_context(browsing())
        pages = [(one, opened(browser, one, urls.get(one.command, own))) for one in subjects]
        taken: dict[str, list[tuple[float, float]]] = {one.name: [] for one in subjects}
        for turn in range(given.rounds + 2):
            for one, page in pages:
                taken[one.name].append(chosen(page, one, QUARTERS[turn % 2]))
        print(f"{'milliseconds from choice to paint':36}{'seen':>7}{'95 %':>7}{'still':>8}{'95 %':>7}")
        for name, rounds in taken.items():
            seen, still = zip(*rounds[2:])  # the first two, cold, are not counted
            print(f"{name:36}{middle(seen):7.0f}{late(seen):7.0f}{middle(still):8.0f}{late(still):7.0f}")


def middle(values: Sequence[float]) -> float:
    return statistics.median(values)


def late(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def chosen(page: Page, one: Subject, quarter: str) -> tuple[float, float]:
    page.bring_to_front()
    page.wait_for_timeout(READING)
    control, start = page.locator(one.control).first, partial(page.evaluate, "mark => painted.start(mark)", one.mark)
    if control.evaluate("control => control.tagName") == "SELECT":
        start()
        control.select_option(quarter)
    else:
        control.click()
        option = page.get_by_role("option", name=quarter, exact=True)
        option.wait_for()
        page.wait_for_timeout(STILL)  # the list has opened
        start()
        option.click()
    until(page, f"painted.isStill({STILL})")
    return tuple(page.evaluate("painted.taken()"))


def opened(browser: Browser, one: Subject, url: str) -> Page:
    page = browser.new_page(locale="zh-CN", viewport={"width": 1920, "height": 1080})
    page.add_init_script(WATCH)
    if not one.is_ahead:
        page.route("**/*", lambda route: route.abort() if "x-ahead" in route.request.headers else route.fallback())
    page.goto(url + one.address)
    page.locator("#first-view").wait_for(state="detached")
    page.locator(one.mark).first.wait_for(state="attached")
    return page


# --- what only draws again -------------------------------------------------------------------------------------
SWITCH = '<select onchange="show(this.value)"><option>2026Q3</option><option>2026Q2</option></select>'
ROWS = 'document.getElementById("place").innerHTML = held[quarter];'
PLOTS = """for (const [name, { data, layout }] of Object.entries(held[quarter]))
  Plotly.react(name, data, layout, { displayModeBar: false });"""


def write_bare(url: str, folder: Path) -> None:
    """The pages of BARE, made of what the dashboard at `url` draws for the two quarters."""
    folder.mkdir()
    (folder / "plotly.js").write_bytes((ASSETS / PLOTLY).read_bytes())
    (folder / "all.css").write_text(document(f"{url}/assets/style/all.css"), "utf-8")
    for name, part in (("ranking", "ranking-main"), ("gaps", "gaps-main")):
        rows = {quarter: section(document(f"{url}/{name}?quarter={quarter}"), part) for quarter in QUARTERS}
        write_page(folder / f"{name}.html", '<main class="main"><div id="place"></div></main>', rows, ROWS)
    drawn = {quarter: figures(document(f"{url}/complaints?quarter={quarter}")) for quarter in QUARTERS}
    boxes = "".join(f'<div id="{name}" style="height:300px"></div>' for name in drawn[QUARTERS[1]])
    write_page(folder / "complaints.html", f'<script src="plotly.js"></script>{boxes}', drawn, PLOTS)


def write_page(file: Path, body: str, held: dict[str, Any], show: str) -> None:
    text = json.dumps(held, ensure_ascii=False).replace("<", "\\u003c")
    file.write_text(
        '<!doctype html><html lang="zh-CN" data-bs-theme="light"><meta charset="utf-8">'
        f'<link rel="stylesheet" href="all.css">{SWITCH}{body}'
        f"<script>const held = {text}; function show(quarter) {{ {show} }} show('2026Q3');</script>",
        encoding="utf-8",
    )


def document(address: str) -> str:
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept-Language": "zh-CN"})) as answer:
        return answer.read().decode("utf-8")


def section(page: str, part: str) -> str:
    """The HTML of the section of that id in the view that the page is served with."""
    view = page.partition('<div id="react-entry-point"')[0]
    return re.search(rf'<section[^>]*id="{part}".*?</section>', view, re.DOTALL)[0]


def figures(page: str) -> dict[str, Any]:
    """Chart → its figure in the colours of the light theme."""
    found: dict[str, Any] = {}

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            name = part.get("id")
            if isinstance(name, dict) and name.get("part") == "drawing":
                found[name["chart"]] = paint(part["data"])
        for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
            walk(one)

    given = re.search(r'id="given-view">(.*?)</script>', page, re.DOTALL)[1]
    walk(json.loads(given))
    return found


def paint(part: Any) -> Any:
    if isinstance(part, str):
        return theme.painted(part, theme.palette("light"))
    if isinstance(part, dict):
        return {key: paint(one) for key, one in part.items()}
    return [paint(one) for one in part] if isinstance(part, list) else part


# --- the same rows for other tools -----------------------------------------------------------------------------
def peers() -> tuple[Subject, ...]:
    """Those of PEERS that are installed: all or, with a word about it, none."""
    if THERE.with_suffix(".stamp").exists():
        return PEERS
    print("Streamlit, Vizro, Dash and Observable Framework are left out: make peers installs them.", file=sys.stderr)
    return ()


def write_for_peers(folder: Path, static: Path) -> None:
    """The ranking of both quarters as ranking.json, and the site that Observable Framework makes of it."""
    static.mkdir(exist_ok=True)
    rows = [row for quarter in reversed(QUARTERS) for row in answer("--data", folder, "rank", "--quarter", quarter)]
    (static / "ranking.json").write_text(json.dumps([shown(row) for row in rows], ensure_ascii=False), "utf-8")
    site = static / "observable"
    shutil.copytree(PROJECT / APPS / "observable", site)
    (site / "node_modules").symlink_to(THERE / "observable" / "node_modules")
    environment = {"RANKING": str(static / "ranking.json"), "OBSERVABLE_TELEMETRY_DISABLE": "true"}
    subprocess.run(["npm", "run", "build"], cwd=site, env=os.environ | environment, check=True, capture_output=True)


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """What our page shows of a department."""
    mean, low, high = (round(row[name], 2) for name in ("adjusted_mean", "low", "high"))
    return {
        "quarter": row["quarter"],
        "place": row["rank"],
        "name": row["name"],
        "mean": mean,
        "low": low,
        "high": high,
        "below": mean - low,
        "above": high - mean,
        "interval": f"{low:.1f}–{high:.1f}",
        "places": f"{row['rank_low']}–{row['rank_high']}",
        "band": row["band"],
    }


# --- processes -------------------------------------------------------------------------------------------------
@contextlib.contextmanager
def started(command: str, **places: Path) -> Iterator[str]:
    """What the command serves, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = shlex.split(command.format(port=port, **places))
    process = subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def browsing() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


if __name__ == "__main__":
    main()
