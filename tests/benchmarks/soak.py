"""Viewers for minutes on end while figures come in: errors, waiting times and memory. Prints figures, asserts nothing.

    python -m tests.benchmarks.soak                                        100 viewers, 15 minutes, an import a minute
    python -m tests.benchmarks.soak --viewers 20 --minutes 2 --import-every 0

The dashboard is served as an office serves it, over the demonstration county's files. A viewer opens a page as a
browser does (the document holds the rest), then changes filters, goes to other pages, takes a CSV, and looks every
minute for newer figures; between two actions they read for some seconds. Each has a department of their own, so that
nothing kept for the others answers them. A refusal (“busy”) is asked again as the page does it and counted apart.
Everything runs on this machine: the viewers are threads of this process and need less than a core.
"""

import argparse
import contextlib
import csv
import gzip
import http.client
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support import PROJECT, answered

PAGES = (  # as often as they stand here
    *("/", "/", "/ranking", "/ranking", "/gaps", "/gaps", "/department", "/department", "/rule", "/complaints"),
    *("/cases", "/balance", "/coverage", "/agenda", "/meeting", "/summary", "/indicator", "/powers", "/decisions"),
    *("/changes", "/data"),
)
PULSE = 60.0
MOST_TRIES = 7
WARM_SECONDS = 45.0  # before memory is weighed first
HEADERS = {"Accept-Language": "zh-CN", "Accept-Encoding": "gzip"}


class Taken:
    """What all viewers saw."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.errors: Counter[str] = Counter()
        self.busy = self.given_up = 0

    def answer(self, kind: str, seconds: float) -> None:
        with self.lock:
            self.seconds[kind].append(seconds)


class Viewer(threading.Thread):
    """Somebody with a browser."""

    def __init__(
        self, number: int, port: int, updates: dict[str, dict[str, Any]], taken: Taken, until: float, reading: float
    ):
        super().__init__(daemon=True)
        self._port, self._updates, self._taken, self._until = port, updates, taken, until
        self._chance, self._reading = random.Random(number), reading
        self._department = f"D{1 + number % 64:02d}"
        self._line: http.client.HTTPConnection | None = None
        self._snapshot, self._path, self._search, self._looked = "", "/", "", 0.0

    def run(self) -> None:
        time.sleep(self._chance.uniform(0, 10))
        self._open()
        while time.monotonic() < self._until:
            time.sleep(min(self._chance.expovariate(1 / self._reading), 4 * self._reading))
            if time.monotonic() - self._looked > PULSE:
                self._look()
            match self._chance.random():
                case what if what < 0.6 and self._path.strip("/") in self._updates:
                    self._search = self._choice()
                    self._update()
                case what if what < 0.95:
                    self._go()
                case _:
                    self._ask("csv", "GET", f"/download/ranking.csv{self._choice()}")

    def _choice(self) -> str:
        quarter = f"{self._chance.choice((2024, 2025))}Q{self._chance.randint(1, 4)}"
        category = self._chance.choice(("", "&category=township", "&category=government"))
        return f"?quarter={quarter}&department={self._department}{category}"

    def _open(self) -> None:
        self._arrive(self._chance.choice(PAGES), self._choice())

    def _arrive(self, path: str, search: str) -> None:
        """The document, which holds all that the browser asks for next."""
        self._path, self._search, self._looked = path, search, time.monotonic()
        served = self._ask("document", "GET", f"{self._path}{self._search}")
        if served:
            self._snapshot = re.search(r'"id":"snapshot","data":"([^"]*)"', served)[1]

    def _go(self) -> None:
        self._path, self._search = self._chance.choice(PAGES), self._choice()
        self._draw()

    def _draw(self) -> None:
        given = [("_pages_location", "pathname", self._path), ("_pages_location", "search", self._search)]
        self._call("page", ".._pages_content.children..._pages_store.data..", given)

    def _update(self) -> None:
        self._call("choice", self._updates[self._path.strip("/")]["output"], [("url", "search", self._search)])

    def _look(self) -> None:
        """As the page does every minute; newer figures load it anew."""
        self._looked = time.monotonic()
        told = self._call("pulse", "newest.data", [("pulse", "n_intervals", 1)])
        if told and told.get("response", {}).get("newest", {}).get("data"):
            self._open()

    def _call(self, kind: str, output: str, given: list[tuple[str, str, Any]]) -> Any:
        outputs = [
            {"id": one.rpartition(".")[0], "property": one.rpartition(".")[2]}
            for one in output.removeprefix("..").removesuffix("..").split("...")
        ]
        body = {
            "output": output,
            "outputs": outputs if output.startswith("..") else outputs[0],
            "inputs": [{"id": name, "property": prop, "value": value} for name, prop, value in given],
            "changedPropIds": [f"{name}.{prop}" for name, prop, _ in given],
            "state": [{"id": "snapshot", "property": "data", "value": self._snapshot}],
        }
        return self._ask(kind, "POST", "/_dash-update-component", json.dumps(body))

    def _ask(self, kind: str, verb: str, address: str, body: str | None = None) -> Any:
        headers = HEADERS | ({"Content-Type": "application/json"} if body else {})
        for attempt in range(MOST_TRIES):
            began = time.monotonic()
            try:
                answer, content = self._exchange(verb, address, body, headers)
            except (OSError, http.client.HTTPException) as error:
                self._count(f"{kind}: {type(error).__name__}")
                return None
            if answer.status != 503:
                break
            with self._taken.lock:
                self._taken.busy += 1
            time.sleep(min(60, 2**attempt) * (0.5 + self._chance.random() / 2))
        else:
            with self._taken.lock:
                self._taken.given_up += 1
            return None
        self._taken.answer(kind, time.monotonic() - began)
        if answer.status >= 400:
            self._count(f"{kind} {address.partition('?')[0]} {body and self._path}: {answer.status}")
            return None
        if answer.getheader("Content-Encoding") == "gzip" and kind in ("document", "pulse"):
            content = gzip.decompress(content)
        if kind == "document":
            return content.decode("utf-8")
        return json.loads(content) if kind == "pulse" and content[:1] == b"{" else None

    def _exchange(
        self, verb: str, address: str, body: str | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """On a line that is kept; a browser, too, dials anew where the server has closed it."""
        for is_last in (False, True):
            if self._line is None:
                self._line, is_last = http.client.HTTPConnection("127.0.0.1", self._port, timeout=90), True
                self._line.connect()
                self._line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                self._line.request(verb, address, body, headers)
                answer = self._line.getresponse()
                return answer, answer.read()
            except (OSError, http.client.HTTPException):
                self._line.close()
                self._line = None
                if is_last:
                    raise
        raise AssertionError

    def _count(self, error: str) -> None:
        with self._taken.lock:
            self._taken.errors[re.sub(r"D\d\d", "D", error)] += 1


def updates_of(port: int) -> dict[str, dict[str, Any]]:
    """Page → the callback that draws it anew for the address alone."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", "/_dash-dependencies")
    found = {}
    for one in json.loads(line.getresponse().read()):
        named = re.fullmatch(r"(\w+)-(body|main)\.children", one["output"])
        if named and [part["id"] for part in one["inputs"]] == ["url"]:
            found["" if named[1] == "overview" else named[1]] = one
    return found


@contextlib.contextmanager
def served(folder: Path, log: Path) -> Iterator[tuple[int, int]]:
    """The dashboard over the folder: port and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "dashboard", "--data", str(folder), "serve", "--port", str(port)]
    process = subprocess.Popen([*command, "--log", str(log)], cwd=PROJECT, stderr=subprocess.DEVNULL)
    try:
        for _ in range(1200):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                break
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(60)


def workers(master: int) -> list[int]:
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return [int(child) for child in children]


def weighed(master: int) -> dict[int, tuple[float, int, int, int]]:
    """Of each server process: memory in MiB, threads, open files, and those that are deleted."""
    found = {}
    for pid in workers(master):
        with contextlib.suppress(OSError):
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            files = [os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir() if one.is_symlink()]
            threads = len(list(Path(f"/proc/{pid}/task").iterdir()))
            gone = sum(name.endswith("(deleted)") and ".duckdb" in name for name in files)
            found[pid] = (pages * os.sysconf("SC_PAGE_SIZE") / 2**20, threads, len(files), gone)
    return found


def importing(folder: Path, files: Path, every: float, until: float, done: list[tuple[float, bool]]) -> None:
    """Each time with one figure restated, as an office's corrections come in."""
    rows = list(csv.reader((files / "complaints.csv").open(encoding="utf-8")))
    received, number = rows[0].index("received"), 0
    changed = files / "restated" / "complaints.csv"
    changed.parent.mkdir()
    while time.monotonic() + every < until:
        time.sleep(every)
        number += 1
        rows[number][received] = str(int(float(rows[number][received])) + 1)
        with changed.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([rows[0], rows[number]])
        began = time.monotonic()
        command = [sys.executable, "-m", "dashboard", "--data", str(folder), "import", str(changed)]
        ended = subprocess.run(["nice", *command], cwd=PROJECT, capture_output=True)
        done.append((time.monotonic() - began, ended.returncode == 0))
        if ended.returncode:
            print(ended.stderr.decode()[-300:], file=sys.stderr)


def line(name: str, seconds: list[float]) -> str:
    cuts = statistics.quantiles(seconds, n=100) if len(seconds) > 1 else seconds * 99
    ms = [1000 * value for value in (cuts[49], cuts[94], cuts[98], max(seconds))]
    return f"  {name:10} {len(seconds):7,}   " + "   ".join(f"{value:7,.0f}" for value in ms)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--viewers", type=int, default=100)
    options.add_argument("--minutes", type=float, default=15)
    options.add_argument("--import-every", type=float, default=60, help="seconds; 0: nothing is imported")
    options.add_argument(
        "--reading", type=float, default=30, help="seconds between two actions of a viewer, on average"
    )
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="mingjing-benchmark-") as temporary:
        files, folder, log = (Path(temporary) / name for name in ("files", "office", "journal"))
        answered("demo", "--files", files)
        answered("--data", folder, "import", *sorted(files.glob("*.csv")))
        with served(folder, log) as (port, master):
            began = time.monotonic()
            until = began + 60 * given.minutes
            taken, imports = Taken(), []
            updates = updates_of(port)
            viewers = [Viewer(number, port, updates, taken, until, given.reading) for number in range(given.viewers)]
            for viewer in viewers:
                viewer.start()
            if given.import_every:
                arguments = (folder, files, given.import_every, until, imports)
                threading.Thread(target=importing, args=arguments, daemon=True).start()
            time.sleep(min(WARM_SECONDS, 30 * given.minutes))
            first = last = weighed(master)
            print(f"{given.viewers} viewers, {given.minutes:g} minutes, an import every {given.import_every:g} s")
            print("minute  MiB of each process (threads, open files, deleted snapshots still open)")
            while time.monotonic() < until:
                last = weighed(master)
                told = "   ".join(f"{one[0]:6.1f} ({one[1]}, {one[2]}, {one[3]})" for one in last.values())
                print(f"{(time.monotonic() - began) / 60:6.1f}  {told}", flush=True)
                time.sleep(min(60.0, max(until - time.monotonic(), 0.1)))
            for viewer in viewers:
                viewer.join(120)
            last = weighed(master)
            minutes = (time.monotonic() - began) / 60
        every = [value for values in taken.seconds.values() for value in values]
        print(f"  {'':10} {'answers':>7}   {'p50':>7}   {'p95':>7}   {'p99':>7}   {'most':>7}  ms")
        for name, seconds in sorted(taken.seconds.items()):
            print(line(name, seconds))
        print(line("all", every))
        print(f"{len(every) / (60 * minutes):.1f} answers a second; {sum(taken.errors.values())} errors")
        print(*(f"  {number} × {error}" for error, number in taken.errors.most_common()), sep="\n")
        print(f"{taken.busy} refused as busy and asked again, {taken.given_up} given up")
        if imports:
            took = statistics.median(seconds for seconds, _ in imports)
            print(f"{sum(ok for _, ok in imports)} of {len(imports)} imports done, {took:.1f} s each (median)")
        print(
            "memory: "
            + ", ".join(f"{pid}: {first.get(pid, (0,))[0]:.0f} → {one[0]:.0f} MiB" for pid, one in last.items())
        )
        with log.open(encoding="utf-8") as lines:
            print(f"{sum(1 for _ in lines):,} lines in the journal")


if __name__ == "__main__":
    main()
