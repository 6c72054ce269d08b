"""From a county to a country: what a build, its memory and a page cost as rows grow. Prints ratios, asserts nothing.

    python -m tests.benchmarks.scale                         half a million and five million ballots
    python -m tests.benchmarks.scale --rows 50000000 500000000 --keep /some/disk

A county has 64 departments, four quarters and 167,424 scores a year; so many counties are made as give the rows. For
each size, in one run:

marts     the marts of all counties, county by county as the build makes them, beside a bare DuckDB aggregate with the
          same answer over the same Parquet files
build     a few whole counties, as an import builds them: seconds a county
memory    the most that the processes of the build held together
pages     one county's ranking, read from a snapshot of so many counties. Beyond `--whole` counties the others' places
          are held by a copy of one: what they say is not looked at, how many there are is what counts
"""

import argparse
import json
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import duckdb

PROJECT = Path(__file__).parent.parent.parent
DIMENSIONS = ("lawfulness", "service", "efficiency", "conduct", "policy_delivery", "integrity")
DEPARTMENTS, QUARTERS, RATERS = 64, ("2026Q1", "2026Q2", "2026Q3", "2026Q4"), 109
ROWS = DEPARTMENTS * len(QUARTERS) * RATERS * len(DIMENSIONS)
SAMPLE = 3  # counties that are built whole at every size
MUCH = "8GB"  # for the bare aggregate; with the 1 GB of a build it gives up at 500 million

BALLOTS = """
select
    $region as region_id,
    $quarter as quarter,
    'd' || lpad(department::varchar, 2, '0') as department_id,
    'r' || lpad(rater::varchar, 4, '0') as rater_id,
    'group' || rater % 5 as rater_group,
    dimension,
    least(100, round(82 + department % 9 + 7 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()), 1)) as score,
    null::varchar as ballot_id,
    0.0::double as scale_min,
    100.0::double as scale_max,
from range($departments) as departments (department)
cross join range($raters) as raters (rater)
cross join (select unnest($dimensions::varchar[]) as dimension) as dimensions
order by department_id, rater_id, dimension
"""


def generate(folder: Path, counties: int) -> None:
    """Raw files as imports leave them, and the partitions of a manifest, for counties that are not there yet."""
    from dashboard.schema import TABLES
    from dashboard.snapshots import SnapshotFolder, partition_key

    store, index = SnapshotFolder(folder), folder / "partitions.json"
    (store.raw / "evaluations").mkdir(parents=True, exist_ok=True)
    store.regions.mkdir(exist_ok=True)
    partitions = json.loads(index.read_text()) if index.exists() else {"evaluations": {}, "departments": {}}
    columns, written = TABLES["evaluations"].names, folder / "written.parquet"
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        for number in range(len(partitions["departments"]), counties):
            region = f"county{number:04}"
            for quarter in QUARTERS:
                asked = {"departments": DEPARTMENTS, "raters": RATERS, "dimensions": list(DIMENSIONS)}
                rows = connection.sql(BALLOTS, params={"region": region, "quarter": quarter, **asked})
                rows.select(*columns).write_parquet(str(written), compression="zstd")
                name, size = store.keep_raw("evaluations", written)
                part = {"file": name, "rows": ROWS // len(QUARTERS), "bytes": size, "columns": []}
                partitions["evaluations"][partition_key((region, quarter))] = part
            partitions["departments"][partition_key((region, ""))] = _departments(store, region, written)
    index.write_text(json.dumps(partitions))


def _departments(store, region: str, written: Path) -> dict:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    from dashboard.schema import TABLES

    table = TABLES["departments"]
    rows = [
        dict.fromkeys(table.names)
        | {"region_id": region, "department_id": f"d{i:02}", "name": f"部门{i:02}", "category": f"kind{i % 4}"}
        for i in range(DEPARTMENTS)
    ]
    parquet.write_table(pa.Table.from_pylist(rows, schema=table.arrow), written)
    name, size = store.keep_raw("departments", written)
    return {"file": name, "rows": DEPARTMENTS, "bytes": size, "columns": []}


def partitions_of(folder: Path, counties: int) -> dict:
    whole = json.loads((folder / "partitions.json").read_text())
    last = f"county{counties - 1:04}"
    return {
        table: {key: part for key, part in parts.items() if key.split("|")[0] <= last} for table, parts in whole.items()
    }


# --- each in a process of its own ----------------------------------------------------------------------------------
def bare(folder: Path, counties: int) -> None:
    """DuckDB alone with the product's own statements, over all files at once with every core and much memory: the
    fastest that we know for the same answer. What somebody writes who does not know how to ask, distinct counts in
    every grouping set, took far longer."""
    began = time.perf_counter()
    _make_marts(folder, partitions_of(folder, counties), {"memory_limit": MUCH})
    _tell(seconds=time.perf_counter() - began)


def marts(folder: Path, counties: int) -> None:
    """County by county, as the build does it: of many rows in a process a core, each with one thread. The processes
    stand ready, because there they have more to do than this."""
    from dashboard import building, warehouse

    began = time.perf_counter()
    orders = building.orders(partitions_of(folder, counties))
    parts, limits = [order.partitions for order in orders], {"memory_limit": warehouse.BUILD_MEMORY}
    if (processes := building.processes_for(orders)) < 2:
        for part in parts:
            _make_marts(folder, part, limits)
    else:
        with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
            made = partial(_make_marts, folder, limits=limits | {"threads": "1"})
            list(pool.map(made, parts[:1] * processes))
            began = time.perf_counter()
            list(pool.map(made, parts))
    _tell(seconds=time.perf_counter() - began)


def _make_marts(folder: Path, partitions: dict, limits: dict[str, str]) -> None:
    from dashboard import catalog, warehouse

    queries = [query for name, query in sorted(catalog.load_catalog().items()) if name.startswith("marts/")]
    files = [str(folder / "raw" / part["file"]) for part in partitions["evaluations"].values()]
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        config = {"temp_directory": scratch, "default_block_size": warehouse.BLOCK, **limits}
        with warehouse.connected(Path(scratch) / "marts.duckdb", config=config) as connection:
            for query in queries:
                warehouse.run(connection, query, files=files)
            connection.execute("checkpoint")


def build(folder: Path, counties: int, whole: int) -> None:
    """A snapshot: `whole` counties as an import builds them, a copy of the last one in the place of each other."""
    from dashboard import building
    from dashboard.settings import Settings
    from dashboard.snapshots import SnapshotFolder

    store, settings, number = SnapshotFolder(folder), Settings.load(folder), min(counties, whole)
    partitions, began = partitions_of(folder, number), time.perf_counter()
    with tempfile.TemporaryDirectory(dir=folder) as scratch, store.building() as place:
        regions = building.build(store, place, partitions, settings, Path(scratch), anew=True)
        seconds = time.perf_counter() - began
        others = {f"county{i:04}": regions[f"county{number - 1:04}"] for i in range(number, counties)}
        content = {
            "demonstration": True,
            "recipe": "benchmark",
            "imports": [],
            "tables": partitions,
            "regions": regions | others,
        }
        store.publish(place, content, "benchmark", "")
    _tell(seconds=seconds / number, bytes=regions["county0000"]["bytes"])


def read(folder: Path, counties: int, whole: int) -> None:
    """A county's ranking, as the page asks for it: another county every time, and the same one again."""
    from dashboard.warehouse import Warehouse

    began = time.perf_counter()
    snapshot = Warehouse(folder).current()
    opened = time.perf_counter() - began
    taken: dict[str, list[float]] = {"first": [], "again": []}
    for number in range(min(counties, whole)):
        for name in ("first", "again", "again", "again"):
            began = time.perf_counter()
            rows = snapshot.standings(f"county{number:04}", QUARTERS[-1], "composite", "peers")
            taken[name].append(time.perf_counter() - began)
            assert len(rows) == DEPARTMENTS
    began = time.perf_counter()
    snapshot.run("pages/regions")
    listed = time.perf_counter() - began
    _tell(opened=opened, listed=listed, **{name: statistics.median(times) for name, times in taken.items()})


def _tell(**figures: float) -> None:
    print(json.dumps(figures))


# --- all of them ---------------------------------------------------------------------------------------------------
def measured(what: str, folder: Path, *numbers: int) -> dict[str, float]:
    """What the step says of itself, with the most memory (MiB) that it and its own processes held together."""
    line = [sys.executable, "-m", "tests.benchmarks.scale", "--step", what, str(folder), *map(str, numbers)]
    process = subprocess.Popen(line, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    most, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            most[0] = max(most[0], sum(map(_resident, _family(process.pid))))

    watching = threading.Thread(target=watch)
    watching.start()
    said, _ = process.communicate()
    done.set()
    watching.join()
    if process.returncode:
        raise SystemExit(process.returncode)
    return json.loads(said.splitlines()[-1]) | {"memory": most[0] / 2**20}


def _family(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:  # it has ended meanwhile
        return []
    return [pid, *(one for child in children for one in _family(child))]


def _resident(pid: int) -> int:
    """Bytes in memory that no other process shares, and its part of those that others do."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, nargs="+", default=[500_000, 5_000_000])
    options.add_argument("--whole", type=int, default=SAMPLE, help="counties that are built whole at every size")
    options.add_argument("--keep", type=Path, help="a folder for the files; they are left there for the next run")
    options.add_argument("--without", nargs="+", default=[], choices=["marts", "bare", "build"])
    options.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.step:
        step, folder, *numbers = given.step
        {"bare": bare, "marts": marts, "build": build, "read": read}[step](Path(folder), *map(int, numbers))
        sys.stdout.flush()
        os._exit(0)  # a database that is still open at the end is told at length
    folder = given.keep or Path(tempfile.mkdtemp(prefix="mingjing-benchmark-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        print(f"{os.cpu_count()} cores; a county has {ROWS:,} scores; memory is the most of all processes together")
        for rows in given.rows:
            _size(folder, rows, given.whole, given.without)
    finally:
        if given.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


MARTS = {"bare": "bare DuckDB aggregate", "marts": "marts, county by county"}


def _size(folder: Path, rows: int, whole: int, without: list[str]) -> None:
    counties = max(1, round(rows / ROWS))
    began = time.perf_counter()
    generate(folder, counties)
    size = sum(part["bytes"] for part in partitions_of(folder, counties)["evaluations"].values())
    print(f"\n{counties * ROWS:,} scores, {counties} counties, {size / 2**20:,.0f} MiB of Parquet", end="")
    print(f" (made in {time.perf_counter() - began:,.0f} s)")
    taken = {name: measured(name, folder, counties) for name in MARTS if name not in without}
    for name, one in taken.items():
        print(f"  {MARTS[name]:28} {one['seconds']:9.2f} s  {one['memory']:7,.0f} MiB")
    if {"bare", "marts"} <= taken.keys():
        print(f"  {'marts / bare':28} {taken['marts']['seconds'] / taken['bare']['seconds']:9.2f}")
    if "build" not in without:
        shutil.rmtree(folder / "snapshots", ignore_errors=True)
        (folder / "snapshots").mkdir()
        one = measured("build", folder, counties, whole)
        print(f"  {'whole build, a county':28} {one['seconds']:9.2f} s  {one['memory']:7,.0f} MiB", end="")
        print(f"  a county's database {one['bytes'] / 2**20:,.1f} MiB")
        page = measured("read", folder, counties, whole)
        print(
            f"  ranking of a county, first {1000 * page['first']:11.1f} ms, again {1000 * page['again']:.1f} ms;",
            end="",
        )
        print(f" list of regions {1000 * page['listed']:.1f} ms, snapshot opened {1000 * page['opened']:.0f} ms")


if __name__ == "__main__":
    main()
