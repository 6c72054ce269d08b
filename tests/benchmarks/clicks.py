"""How long the analyst waits: from a click to the last paint that it causes, in a real browser. Asserts nothing.

    python -m tests.benchmarks.clicks                           the demonstration county, and one 20 times larger
    python -m tests.benchmarks.clicks --times 1 --rounds 10     the demonstration county alone, sooner

The larger county has each ballot, power, supervision activity, notice and task 20 times under other numbers, and 20
times the staff, complaints, cases and decisions. Both are served as an office serves them. A click counts from the
browser's own time of the event to the frame after the last change of the page, once nothing is on its way any more and
the page has been still for a while.
"""

import argparse
import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from playwright.sync_api import Page, sync_playwright

from tests.conftest import CHROMIUM_FLAGS
from tests.support import answered

STILL = 350  # milliseconds without a change after which a page has settled
NUMBERED = {  # the columns that tell copies of a row apart
    "evaluations": ("rater_id",),
    "powers": ("power_id",),
    "supervision": ("activity_id",),
    "notices": ("notice_id", "activity_id"),
    "tasks": ("task_id",),
}
COUNTED = ("complaints", "cases", "decisions", "department_facts")
SCRIPT = """
(() => {
  const state = { began: 0, painted: 0, changed: 0, asked: 0 };
  const plain = window.fetch;
  window.fetch = (...all) => {
    state.asked += 1;
    return plain(...all).finally(() => { state.asked -= 1; state.changed = performance.now(); });
  };
  const begin = (event) => { if (!state.began) state.began = event.timeStamp; };
  ["click", "keydown", "change", "popstate"].forEach((kind) => window.addEventListener(kind, begin, true));
  new MutationObserver(() => {
    state.changed = performance.now();
    requestAnimationFrame(() => setTimeout(() => { state.painted = performance.now(); }));
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  window.clicks = {
    start() { Object.assign(state, { began: 0, painted: 0, changed: performance.now() }); },
    still: (enough) => !state.asked && performance.now() - state.changed > enough,
    taken: () => (state.began && state.painted ? state.painted - state.began : null),
  };
})();
"""


@dataclass(frozen=True)
class Interaction:
    """`act` is done again and again on the page that stands at `address`; its second argument counts the rounds."""

    name: str
    address: str
    act: Callable[[Page, int], None]


def chosen(name: str, *values: str) -> Callable[[Page, int], None]:
    """A choice in the select of a filter, going through the values in turn."""
    css = f'select[id*=\'"filter":"{name}"\']'
    return lambda page, turn: page.locator(css).first.select_option(values[turn % len(values)])


def clicked(css: str, among: int = 1) -> Callable[[Page, int], None]:
    """A click on the first, second … of the elements, in turn."""
    return lambda page, turn: page.locator(css).nth(turn % among).click()


def pressed(*keys: str) -> Callable[[Page, int], None]:
    return lambda page, turn: page.keyboard.press(keys[turn % len(keys)])


def slid(*keys: str) -> Callable[[Page, int], None]:
    return lambda page, turn: page.locator("input[type=range]").first.press(keys[turn % len(keys)])


def went(*addresses: str) -> Callable[[Page, int], None]:
    """Through links of the rail, which stand on every page."""
    return lambda page, turn: page.locator(f'.rail-link[href^="{addresses[turn % len(addresses)]}"]').first.click()


def typed(word: str) -> Callable[[Page, int], None]:
    """A word in the search panel, by its initials, letter by letter; it opens and closes in turn."""

    def act(page: Page, turn: int) -> None:
        if turn % 2:
            page.keyboard.press("Escape")
        else:
            page.keyboard.press("Control+k")
            page.keyboard.type(word)

    return act


QUARTERS = ("2026Q2", "2026Q3")
INTERACTIONS = (
    Interaction("ranking: another quarter", "/ranking", chosen("quarter", *QUARTERS)),
    Interaction(
        "ranking: another indicator", "/ranking", chosen("indicator", "dimension_score.service", "composite_score")
    ),
    Interaction("ranking: peers, whole region", "/ranking", chosen("scope", "region", "peers")),
    Interaction("ranking: a department", "/ranking", clicked(".rank-rows .name a", 30)),
    Interaction("ranking: another weight", "/ranking", slid("ArrowRight", "ArrowLeft")),
    Interaction("gaps: another quarter", "/gaps", chosen("quarter", *QUARTERS)),
    Interaction("gaps: a cell's evidence", "/gaps", clicked(".gap-matrix tbody td a.alert", 8)),
    Interaction("gaps: another group of rules", "/gaps", chosen("group", "coverage", "balance", "*")),
    Interaction("complaints: another quarter", "/complaints", chosen("quarter", *QUARTERS)),
    Interaction("complaints: one quarter, a year", "/complaints", chosen("window", "1", "4")),
    Interaction("complaints: a department", "/complaints", clicked(".outliers tbody th a", 3)),
    Interaction("cases: another quarter", "/cases", chosen("quarter", *QUARTERS)),
    Interaction("cases: a field", "/cases", chosen("domain", "people", "money", "all")),
    Interaction("department: the next one", "/department?department=D09", pressed("]", "]", "[", "[")),
    Interaction("department: another quarter", "/department?department=D09", chosen("quarter", *QUARTERS)),
    Interaction(
        "indicator: another one", "/indicator", chosen("indicator", "complaint_rate", "dimension_score.service")
    ),
    Interaction("summary: another quarter", "/summary", chosen("quarter", *QUARTERS)),
    Interaction("summary: only the concerns", "/summary", chosen("status", "concern", "*")),
    Interaction("compare: another quarter", "/compare?compared=D01,D09,D12", chosen("quarter", *QUARTERS)),
    Interaction("data: another section", "/data", clicked(".tabs .tab:not(.here)", 4)),
    Interaction("search: four initials", "/", typed("scjg")),
    Interaction("overview, ranking", "/", went("/ranking", "/")),
    Interaction("ranking, gaps", "/ranking", went("/gaps", "/ranking")),
    Interaction("complaints, cases", "/complaints", went("/cases", "/complaints")),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--times", type=int, default=20, help="how much larger the second county is; 1: none")
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--folders", nargs="*", type=Path, help="data folders that stand ready, instead of counties")
    options.add_argument("--only", default="", help="interactions whose name holds this")
    given = options.parse_args()
    wanted = [one for one in INTERACTIONS if given.only in one.name]
    with tempfile.TemporaryDirectory(prefix="mingjing-benchmark-") as scratch:
        folders = given.folders or counties(Path(scratch), given.times)
        with contextlib.ExitStack() as stack:
            urls = [stack.enter_context(served(folder)) for folder in folders]
            page = stack.enter_context(browser())
            heads = "".join(f"{f'median of {folder.name}':>22} {'95 %':>7}" for folder in folders)
            print(f"{'milliseconds from click to painted':38}{heads} {'ratio':>6}", flush=True)
            for one in wanted:
                print(f"{one.name:38}{line(measured(page, urls, one, given.rounds))}", flush=True)


def line(taken: list[list[float]]) -> str:
    medians = [statistics.median(of_one) for of_one in taken]
    latest = [statistics.quantiles(of_one, n=20, method="inclusive")[-1] for of_one in taken]
    columns = "".join(f"{median:22.0f} {late:7.0f}" for median, late in zip(medians, latest))
    return f"{columns} {medians[-1] / medians[0]:6.2f}"


def measured(page: Page, urls: list[str], one: Interaction, rounds: int) -> list[list[float]]:
    """Milliseconds of each round at each address; the first two rounds, cold, are not counted."""
    taken = []
    for url in urls:
        page.goto(url + one.address)
        page.locator("h1").wait_for()
        until(page, f"clicks.still({STILL})")
        of_one = []
        for turn in range(rounds + 2):
            page.evaluate("clicks.start()")
            one.act(page, turn)
            until(page, f"clicks.taken() && clicks.still({STILL})")
            of_one.append(page.evaluate("clicks.taken()"))
        taken.append(of_one[2:])
    return taken


def until(page: Page, condition: str) -> None:
    end = time.monotonic() + 30
    while not page.evaluate(condition):
        if time.monotonic() > end:
            raise SystemExit(f"nothing happened at {page.url}")
        time.sleep(0.02)


def counties(scratch: Path, times: int) -> list[Path]:
    files, usual = scratch / "files", scratch / "county"
    answered("demo", "--files", str(files))
    answered("--data", str(usual), "demo")
    if times == 1:
        return [usual]
    larger = scratch / f"{times} times"
    multiplied(files, times)
    answered("--data", str(larger), "import", *map(str, sorted(files.glob("*.csv"))))
    return [usual, larger]


def multiplied(files: Path, times: int) -> None:
    for path in files.glob("*.csv"):
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        if path.stem in NUMBERED:
            copies = [
                rows.assign(**{name: rows[name] + f"-{copy}" for name in NUMBERED[path.stem]}) for copy in range(times)
            ]
            rows = pd.concat(copies)
        elif path.stem in COUNTED:
            for name in rows.columns:
                numbers = pd.to_numeric(rows[name], errors="coerce")
                if numbers.notna().any():
                    rows[name] = rows[name].mask(numbers.notna(), (numbers * times).map("{:g}".format))
        rows.to_csv(path, index=False)


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The dashboard over the folder as an office starts it, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "dashboard", "--data", str(folder), "serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(2400):
            with contextlib.suppress(OSError), urllib.request.urlopen(url + "/health", timeout=5):
                break
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(60)


@contextlib.contextmanager
def browser() -> Iterator[Page]:
    path = os.environ.get("MINGJING_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        page = chromium.new_page(locale="zh-CN", viewport={"width": 1920, "height": 1080})
        page.add_init_script(SCRIPT)
        yield page
        chromium.close()


if __name__ == "__main__":
    main()
