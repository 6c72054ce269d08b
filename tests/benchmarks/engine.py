"""How long a cluster takes for the marts beside DuckDB, and whether every cell is the same. Prints ratios.

    python -m tests.benchmarks.engine [--rows 2000000] [--rounds 3]

Sail, which stands in for a cluster in the tests (make sail), and a real Spark with two workers on this machine (make
cluster, and Java 17): both are asked as an import asks, by a process of its own. On one machine a cluster has nothing
to win: what is seen here is what asking one costs. Of several rounds the first pays for warming up.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from dashboard.engine import made_by_cluster, marts
from dashboard.schema import TABLES
from tests.engine import servers
from tests.engine.comparison import MARTS, by_duckdb, require_same_marts

REGIONS, QUARTERS, DEPARTMENTS = 4, 6, 60
DIMENSIONS = ("lawfulness", "service", "efficiency", "conduct", "policy_delivery", "integrity")


def write_ballots(folder: Path, rows: int) -> list[str]:
    """A file a region and quarter, as imports keep them; a rater rates a dozen departments in every dimension."""
    chance = np.random.default_rng(1)
    sheets = max(rows // (REGIONS * QUARTERS * len(DIMENSIONS)), 1)
    files = []
    for region in range(REGIONS):
        for quarter in range(QUARTERS):
            department = chance.integers(0, DEPARTMENTS, sheets).repeat(len(DIMENSIONS))
            rater = (np.arange(sheets) // 12).repeat(len(DIMENSIONS))
            number = len(rater)
            columns = {
                "region_id": np.full(number, f"region-{region:02d}"),
                "quarter": np.full(number, f"{2025 + quarter // 4}Q{quarter % 4 + 1}"),
                "department_id": np.char.add("D", department.astype(str)),
                "rater_id": np.char.add("R", rater.astype(str)),
                "rater_group": np.where(rater % 3, "public", "superior"),
                "dimension": np.tile(DIMENSIONS, sheets),
                "score": np.clip(chance.normal(82, 9, number), 0, 100).round(1),
                "ballot_id": np.char.add("B", np.arange(sheets).repeat(len(DIMENSIONS)).astype(str)),
                "scale_min": np.zeros(number),
                "scale_max": np.full(number, 100.0),
            }
            files.append(str(folder / f"{region}-{quarter}.parquet"))
            table = pa.table(columns, schema=TABLES["evaluations"].arrow)
            parquet.write_table(table, files[-1], compression="zstd", store_schema=False)
    return files


def seconds(work: object) -> tuple[float, object]:
    begun = time.perf_counter()
    done = work()
    return time.perf_counter() - begun, done


def measure(name: str, server: AbstractContextManager, files: list[str], scratch: Path, rounds: int) -> None:
    ratios, ours, theirs = [], [], []
    begun = time.perf_counter()
    with server as address:
        started = time.perf_counter() - begun
        for _ in range(rounds):
            bare, expected = seconds(lambda: by_duckdb(files))
            own, made = seconds(lambda: made_by_cluster(MARTS.values(), files, address, scratch))
            cells = require_same_marts(made, expected)
            ratios.append(own / bare)
            ours.append(own)
            theirs.append(bare)
    last = statistics.median(ratios[1:] or ratios)
    print(
        f"{name:<28} {started:8.1f} {ours[0]:8.2f} {statistics.median(ours[1:] or ours):8.2f}"
        f" {statistics.median(theirs):8.2f} {last:6.1f} {cells:>14,}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    marts.PYTHON = servers.PYTHON
    with tempfile.TemporaryDirectory(prefix="mingjing-benchmark-") as temporary:
        scratch = Path(temporary)
        files = write_ballots(scratch, given.rows)
        rows = sum(parquet.read_metadata(file).num_rows for file in files)
        print(f"{rows:,} ballots in {len(files)} files; seconds, and how many times DuckDB's")
        print(f"{'':<28} {'starts':>8} {'first':>8} {'then':>8} {'DuckDB':>8} {'ratio':>6} {'same cells':>14}")
        if not servers.SAIL.exists():
            print("Sail: skipped, run make sail. Nothing else can be asked without it: the client is there.")
            return
        measure("Sail, one process", servers.sail(), files, scratch, given.rounds)
        if not servers.CLUSTER.exists():
            print("Spark: skipped, run make cluster")
        elif not shutil.which("java"):
            print("Spark: skipped, it needs Java 17 (apt-get install openjdk-17-jre-headless)")
        else:
            measure("Spark, local-cluster[2,1]", servers.spark(scratch / "spark"), files, scratch, given.rounds)


if __name__ == "__main__":
    main()
