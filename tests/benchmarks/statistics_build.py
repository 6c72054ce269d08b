"""How much the statistics cost beside the SQL, for one quarter and for twelve. Prints ratios, asserts nothing.

    python -m tests.benchmarks.statistics_build [--rounds 3]

The demonstration county's snapshot is built from its raw files; `warehouse.run` is where all SQL is run, so what a
build takes beyond it is the statistics and handing their results to the database.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from dashboard import building, warehouse
from dashboard.settings import Settings
from dashboard.snapshots import SnapshotFolder
from tests.support import answered


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="mingjing-benchmark-") as scratch:
        answered("--data", scratch, "demo")
        folder = SnapshotFolder(Path(scratch))
        whole = folder.all()[-1].partitions
        quarters = {key.partition("|")[2] for key in whole["evaluations"]}
        earlier = quarters - {max(quarters)}
        one = {
            table: {key: part for key, part in parts.items() if key.partition("|")[2] not in earlier}
            for table, parts in whole.items()
        }
        print(f"{'quarters':>8} {'SQL s':>7} {'statistics s':>13} {'ratio':>6}")
        for name, partitions in (("1", one), (str(len(whole["evaluations"])), whole)):
            taken = [build(folder, partitions, Path(scratch)) for _ in range(rounds)]
            sql = statistics.median(sql for sql, _ in taken)
            rest = statistics.median(rest for _, rest in taken)
            print(f"{name:>8} {sql:7.2f} {rest:13.2f} {rest / sql:6.1f}")


def build(folder: SnapshotFolder, partitions: dict, scratch: Path) -> tuple[float, float]:
    """Seconds in SQL, and seconds beside it; threads' SQL is counted while the others wait for it or not."""
    plain, in_sql = warehouse.run, []

    def timed(*arguments: object, **values: object) -> object:
        begun = time.perf_counter()
        try:
            return plain(*arguments, **values)
        finally:
            in_sql.append(time.perf_counter() - begun)

    [order] = building.orders(partitions)
    warehouse.run = timed
    try:
        begun = time.perf_counter()
        with tempfile.TemporaryDirectory(dir=scratch) as place:
            building.built_region(order, folder, Settings.load(folder.raw.parent), Path(place) / "region")
        whole = time.perf_counter() - begun
    finally:
        warehouse.run = plain
    return sum(in_sql), whole - sum(in_sql)


if __name__ == "__main__":
    main()
