"""What an export costs beside Kaleido's own writing of the same figures. Prints ratios, asserts nothing.

    python -m tests.benchmarks.exports [--rounds 3]

Every chart of the pages of cases and complaints in the demonstration county, with one running browser: Kaleido's PNG of
the bare figure, against the drawing, its card and each of the card's files.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from dashboard import exports
from dashboard.access.gate import alone
from dashboard.app import create_app
from dashboard.reports.pictures import Renderer, composed, pdf, png, svg_file
from dashboard.settings import Settings
from dashboard.warehouse import Warehouse
from tests.support import answered

PATHS = ("/cases", "/complaints")
FILES: dict[str, Callable[[str], bytes]] = {"svg": svg_file, "pdf": pdf, "png": png}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="mingjing-benchmark-") as scratch:
        answered("--data", scratch, "demo")
        folder = Path(scratch)
        app = create_app(Warehouse(folder), Settings.load(folder), alone)
        with app.server.test_request_context("/?lang=zh"):
            charts = [
                *exports.charts("/cases", "?lang=zh").values(),
                *exports.charts("/complaints", "?lang=zh").values(),
            ]
        with Renderer() as draw:
            figures = [(chart.exported.drawing, chart.exported.height) for chart in charts]
            bare = median_seconds(rounds, lambda: [draw.bare(*figure) for figure in figures])
            print(f"{'file':>6} {'a second':>9} {'ratio':>6}")
            print(f"{'bare':>6} {len(charts) / bare:9.1f} {1:6.2f}")
            for name, make in FILES.items():
                cards = partial(made, make, draw, charts)
                taken = median_seconds(rounds, cards)
                print(f"{name:>6} {len(charts) / taken:9.1f} {bare / taken:6.2f}")


def made(make: Callable[[str], bytes], draw: Renderer, charts: list[exports.Chart]) -> list[bytes]:
    return [make(composed(one.words, draw(one.exported.drawing, one.exported.height))) for one in charts]


def median_seconds(rounds: int, work: Callable[[], object]) -> float:
    taken = []
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken[1:])  # the first one loads fonts


if __name__ == "__main__":
    main()
