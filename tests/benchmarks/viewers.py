"""How long 1, 10, 50 and 100 viewers wait, and eight readers of one page. Prints figures, asserts nothing.

    python -m tests.benchmarks.viewers                     the demonstration county, a minute for each number
    python -m tests.benchmarks.viewers --folder data --seconds 20 --reading 5

The viewers are those of tests/benchmarks/soak.py, each with a department of their own, so that hardly any view is asked
for twice; they share this machine with the two processes of the server. The eight readers ask for the whole ranking of
one quarter after the other without a pause, after a round in which each is drawn. “Busy” are refusals, which are asked
again.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from tests.benchmarks.soak import Taken, Viewer, served, updates_of
from tests.support import answered

NUMBERS = (1, 10, 50, 100)
AT_ONCE = 8
QUARTERS = tuple(f"{year}Q{quarter}" for year in (2024, 2025) for quarter in (1, 2, 3, 4))


class Reader(Viewer):
    """Somebody who looks at the ranking of one quarter after the other, and never pauses."""

    def run(self) -> None:
        self._arrive("/ranking", "")
        while time.monotonic() < self._until:
            self._search = f"?quarter={self._chance.choice(QUARTERS)}"
            self._draw()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--folder", type=Path, help="a data folder that stands ready")
    options.add_argument("--seconds", type=float, default=60, help="for each number of viewers")
    options.add_argument("--reading", type=float, default=10, help="seconds between two actions, on average")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="mingjing-benchmark-") as scratch:
        folder = given.folder or Path(scratch) / "county"
        if given.folder is None:
            answered("--data", str(folder), "demo")
        with served(folder, Path(scratch) / "journal") as (port, _):
            updates = updates_of(port)
            heads = ("answers", "p50", "p95", "p99", "errors", "busy")
            print(f"{'milliseconds':32}" + "".join(f"{head:>9}" for head in heads), flush=True)
            told = [(f"{number} viewers", number, Viewer) for number in NUMBERS]
            at_once = (f"{AT_ONCE} readers at once", AT_ONCE, Reader)
            for name, number, kind in [*told, ("(the same quarters, first)", AT_ONCE, Reader), at_once]:
                until, taken = time.monotonic() + given.seconds, Taken()
                viewers = [kind(one, port, updates, taken, until, given.reading) for one in range(number)]
                for viewer in viewers:
                    viewer.start()
                for viewer in viewers:
                    viewer.join(given.seconds + 120)
                print(line(name, taken), flush=True)


def line(name: str, taken: Taken) -> str:
    every = [1000 * value for values in taken.seconds.values() for value in values]
    cuts = statistics.quantiles(every, n=100, method="inclusive") if len(every) > 1 else [float("nan")] * 99
    numbers = (len(every), cuts[49], cuts[94], cuts[98], sum(taken.errors.values()), taken.busy)
    return f"{name:32}" + "".join(f"{number:9,.0f}" for number in numbers)


if __name__ == "__main__":
    main()
