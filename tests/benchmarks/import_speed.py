"""How much an import costs beyond what DuckDB needs to load the same ballots. Prints ratios, asserts nothing.

    python -m tests.benchmarks.import_speed                      half a million rows, five rounds, taken in turns
    python -m tests.benchmarks.import_speed --rows 20000000 --rounds 1

Each load runs in a process of its own: bare DuckDB makes a table of the file with checked types; the import reads,
checks, merges, keeps Parquet, builds marts and judgements and publishes a snapshot.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).parent.parent.parent
DIMENSIONS = ("lawfulness", "service", "efficiency", "conduct", "policy_delivery", "integrity")
DEPARTMENTS, QUARTERS = 64, 12

BARE = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1] + "/bare.duckdb")
connection.execute("set enable_progress_bar = false")
connection.execute("set memory_limit = '2GB'")
connection.execute("create table ballots as select * from read_csv($file, header = true)", {"file": sys.argv[2]})
"""
IMPORT = """
import sys
from pathlib import Path
from dashboard.importing import Options, run_import
from dashboard.settings import Settings
folder = Path(sys.argv[1])
run_import([Path(name) for name in sys.argv[2:]], folder, Settings.load(folder), Options(who="benchmark"))
"""


def write_ballots(path: Path, rows: int) -> None:
    """Ballots of every department, quarter and dimension, in the order of an export."""
    chance = random.Random(1)
    scores = [f"{chance.gauss(82, 9):.1f}" for _ in range(4096)]
    scores = [score if float(score) <= 100 else "100.0" for score in scores]
    raters = -(-rows // (DEPARTMENTS * QUARTERS * len(DIMENSIONS)))
    written = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("quarter,department_id,rater_id,rater_group,dimension,score\n")
        for quarter in range(QUARTERS):
            period = f"{2023 + (quarter + 3) // 4}Q{(quarter + 3) % 4 + 1}"
            for department in range(DEPARTMENTS):
                lines = [
                    f"{period},D{department:02d},R{rater:07d},public,{dimension},{scores[chance.getrandbits(12)]}\n"
                    for rater in range(raters)
                    for dimension in DIMENSIONS
                ]
                file.writelines(lines[: rows - written])
                written += min(len(lines), rows - written)


def write_departments(path: Path) -> None:
    rows = [f"D{number:02d},部门{number:02d},government\n" for number in range(DEPARTMENTS)]
    path.write_text("department_id,name,category\n" + "".join(rows), encoding="utf-8")


def measured(program: str, *arguments: Path) -> tuple[float, float]:
    """Seconds and peak memory (MiB) of a program in a process of its own, with an empty folder to write to."""
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    with tempfile.TemporaryDirectory(prefix="mingjing-benchmark-") as folder:
        began = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-c", program, folder, *map(str, arguments)], env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(process.returncode)
    return seconds, usage.ru_maxrss / 1024


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=500_000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="mingjing-benchmark-") as temporary:
        ballots, departments = Path(temporary) / "evaluations.csv", Path(temporary) / "departments.csv"
        write_ballots(ballots, given.rows)
        write_departments(departments)
        print(f"{given.rows:,} ballots, {ballots.stat().st_size / 2**20:,.0f} MiB of CSV, {given.rounds} round(s)")
        bare, ours = [], []
        for number in range(given.rounds):
            bare.append(measured(BARE, ballots))
            ours.append(measured(IMPORT, ballots, departments))
            ratio = ours[-1][0] / bare[-1][0]
            print(f"  round {number + 1}: DuckDB {bare[-1][0]:7.2f} s, import {ours[-1][0]:7.2f} s, ratio {ratio:5.2f}")
    ratios = [own[0] / other[0] for own, other in zip(ours, bare)]
    print(f"median ratio {statistics.median(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f}")
    for name, runs in (("DuckDB", bare), ("import", ours)):
        seconds, memory = statistics.median(run[0] for run in runs), max(run[1] for run in runs)
        print(f"{name}: {seconds:.2f} s, {given.rows / seconds:,.0f} rows a second, at most {memory:,.0f} MiB")


if __name__ == "__main__":
    main()
