"""The databases of a snapshot: one of each region, and one of what is asked across regions. Only what changed is built.

A region's database is made of that region's raw files, of the words that all regions share, of the recipe and of the
baselines that concern it; a hash of these, kept in the manifest beside the file, says whether one that is there already
will do. So an import into one county builds that county, and a country takes no more memory than as many counties as
there are processes.
"""

import atexit
import datetime
import hashlib
import json
import multiprocessing
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as parquet

from dashboard import catalog, engine, warehouse
from dashboard.schema import TABLES
from dashboard.settings import Settings
from dashboard.snapshots import (
    DATABASE,
    FolderError,
    Manifest,
    SnapshotFolder,
    failpoint,
    sha256_of,
    split_partition_key,
)

# What is asked across regions: these tables hold the rows of all of them. The others are there too, without rows.
SHARED = (
    *("departments", "quarters", "weights", "known_regions", "loaded", "year_to_date", "corrections"),
    *("stated_checks", "stated_figures", "audit_counts", "audit_rows"),
    *("region_figures", "kind_figures"),
)
BY_OWN_FILES = ("regions", "corrections")  # those of no region, such as of a word, are read from their raw files
FROM_ALL = ("places", "levels", "kinds")  # made of the tables of all regions, once these are together
SAME = ("vocabulary", "office_words", "rules", "thresholds")  # as in every region
BY_IMPORT = ("corrections", "stated_totals")  # those that imports add to: one raw file a region and import
ROWS_OF_A_PROCESS = 500_000  # another process takes two seconds to begin: not for less than so many rows
NO_REGION = ""

Partitions = Mapping[str, Mapping[str, Mapping[str, Any]]]
Said = Callable[[str, float], None]


@dataclass(frozen=True)
class Order:
    """What a region's database is to be made of: `partitions` as in a manifest, of that region and the words of all."""

    region: str
    partitions: Partitions

    @property
    def rows(self) -> int:
        return sum(part["rows"] for parts in self.partitions.values() for part in parts.values())

    def made_of(self, recipe: str, baselines: Iterable[Mapping[str, Any]] = ()) -> str:
        """The same where the database would hold the same, but for what was due since (`quarters.as_of`). `recipe`: of
        settings without baselines, of which others' change nothing here."""
        own = [one for one in baselines if one.get("region", "") in ("", self.region)]
        parts = sorted(
            (table, key, part["file"], part["columns"] if part["rows"] else [])
            for table, of_table in self.partitions.items()
            for key, part in of_table.items()
        )
        content = json.dumps([recipe, own, self.region, parts], ensure_ascii=False)
        return hashlib.sha256(content.encode("utf-8")).hexdigest()[:32]


def orders(partitions: Partitions) -> list[Order]:
    """One a region that has rows; one of no region where nothing of a region was imported yet."""
    of_region: dict[str, dict[str, dict[str, Any]]] = {}
    for table, parts in partitions.items():
        for key, part in parts.items():
            if region := split_partition_key(key)[0]:
                of_region.setdefault(region, {}).setdefault(table, {})[key] = part
    words = {"vocabulary": partitions.get("vocabulary", {})}
    return [Order(region, own | words) for region, own in sorted((of_region or {NO_REGION: {}}).items())]


def split_by_region(folder: SnapshotFolder, partitions: Partitions) -> Iterator[tuple[str, str, str, pa.Table]]:
    """(table, key, region, rows) of the raw files that an earlier version wrote of all regions together."""
    for table in BY_IMPORT:
        for key, part in partitions.get(table, {}).items():
            if "|" not in key:
                folder.require_sound_raw(part["file"], "")
                rows = parquet.read_table(folder.raw / part["file"])
                for region in rows["region_id"].unique().to_pylist():
                    yield table, key, region or NO_REGION, rows.filter(pc.equal(rows["region_id"], region))


def build(
    folder: SnapshotFolder,
    building: Path,
    partitions: Partitions,
    settings: Settings,
    scratch: Path,
    anew: bool = False,
    said: Said | None = None,
) -> dict[str, dict[str, Any]]:
    """Write the snapshot's own database into `building`, and every region's that is not there yet into its place; what
    a manifest says of the regions. `anew`: all of them, so that what is due counts from today.

    `said` is told each step that begins, of several regions how many are done ("3/2800"), and the share of the work
    before it. `FolderError` where raw files are damaged, the disk has no room, or a process dies.
    """
    recipe, current = warehouse.recipe(settings), folder.current()
    before = current if current and current.recipe == recipe else None
    all_orders, there = orders(partitions), _there(folder, anew)
    common = warehouse.recipe(replace(settings, baselines=()))
    made_of = {order.region: order.made_of(common, settings.baselines) for order in all_orders}
    found = {region: there[content] for region, content in made_of.items() if content in there}
    # of a country, what is taken over is checked byte by byte by whoever asks of it first
    is_checked = sum(one["bytes"] for one in found.values()) <= warehouse.CHECKED_AT_ONCE
    made = {region: one for region, one in found.items() if _is_sound(folder, one, is_checked)}
    wanted = [order for order in all_orders if order.region not in made]
    _require_sound_raw(folder, wanted, current)
    if current and len(wanted) > 1:  # for one of them there was room when the import began
        folder.require_space(0, sum(current.regions.get(order.region, {}).get("bytes", 0) for order in wanted))
    tell = said or (lambda step, share: None)
    marts = _by_cluster(folder, wanted, settings, scratch, tell) if settings.spark else {}
    # closed before anything is cleared away: then no process is at work any more
    with closing(_built(folder, wanted, settings, scratch, before, marts, tell)) as finished:
        for order, file in finished:
            made[order.region] = folder.keep_region(file, made_of[order.region])
            shutil.rmtree(file.parent, ignore_errors=True)
            failpoint("between_regions")
    made = dict(sorted(made.items()))
    _across(folder, building / DATABASE, made, partitions, before, scratch)
    return made


def _by_cluster(
    folder: SnapshotFolder, wanted: Iterable[Order], settings: Settings, scratch: Path, said: Said
) -> dict[str, Path]:
    """The marts of all regions that are built, asked for at once."""
    said("engine", 0.0)
    ballots = {key: part for order in wanted for key, part in order.partitions.get("evaluations", {}).items()}
    files = warehouse.raw_files({"evaluations": ballots}, folder.raw, scratch)
    marts = warehouse.marts(catalog.load_catalog())
    return engine.made_by_cluster(marts, files["evaluations"], settings.spark, scratch)


def _there(folder: SnapshotFolder, anew: bool) -> dict[str, dict[str, Any]]:
    """What snapshots hold of regions and what an import that was cut short had built, by what it was made of; `anew`:
    no more than what the latter built today."""
    published = () if anew else (region for one in folder.all() for region in one.regions.values())
    begun = (one for one in folder.begun() if not anew or folder.built_on(one["file"]) == datetime.date.today())
    return {region["made_of"]: region for region in (*begun, *published)}


def _is_sound(folder: SnapshotFolder, region: Mapping[str, Any], is_checked: bool) -> bool:
    try:
        if is_checked:
            folder.require_sound_region(region["file"], "")
        return (folder.regions / region["file"]).stat().st_size == region["bytes"]
    except (FolderError, OSError):
        return False


def _require_sound_raw(folder: SnapshotFolder, wanted: Iterable[Order], current: Manifest | None) -> None:
    """Parquet itself would read some flipped bytes. What is not read again was sound when it was."""
    files = {part["file"] for order in wanted for parts in order.partitions.values() for part in parts.values()}
    for file in sorted(files):
        folder.require_sound_raw(file, current.id if current else "")


# --- regions ---------------------------------------------------------------------------------------------------
def _built(
    folder: SnapshotFolder,
    wanted: list[Order],
    settings: Settings,
    scratch: Path,
    before: Manifest | None,
    marts: Mapping[str, Path],
    said: Said,
) -> Iterator[tuple[Order, Path]]:
    """Each region's finished database, in the order in which they are finished."""
    work = [
        (order, folder, settings, scratch / f"region-{number}", _earlier(folder, order.region, before), marts)
        for number, order in enumerate(wanted)
    ]
    processes = processes_for(wanted)
    if processes < 2:
        for number, one in enumerate(work):
            yield one[0], built_region(*one, said=_of_several(said, number, len(work)))
        return
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # theirs; this one's have begun already
    context = multiprocessing.get_context("spawn")  # a fork would take over the locks of this process's threads
    with ProcessPoolExecutor(processes, context, _end_with_parent) as pool:
        said(f"0/{len(work)}", 0.0)
        begun = {pool.submit(built_region, *one, threads=1): one[0] for one in work}
        try:
            for number, future in enumerate(as_completed(begun), start=1):
                yield begun[future], future.result()
                said(f"{number}/{len(work)}", number / len(work))
        except BrokenProcessPool:
            raise FolderError("worker_died", folder=str(folder.folder)) from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def processes_for(wanted: Sequence[Order]) -> int:
    """How many processes build these; each takes a while to begin and 1 GB."""
    return min(os.cpu_count() or 1, len(wanted), -(-sum(order.rows for order in wanted) // ROWS_OF_A_PROCESS))


def _of_several(said: Said, number: int, of: int) -> Said:
    """The steps of the only region; of several, how many are done."""
    return lambda step, share: said(step if of == 1 else f"{number}/{of}", (number + share) / of)


def _end_with_parent() -> None:
    """A process of a killed import must not go on building what nobody will publish; at its own end it leaves at once,
    because DuckDB would list on the terminal, line by line, what Python has not tidied up."""
    atexit.register(os._exit, 0)
    parent = multiprocessing.parent_process()
    threading.Thread(target=lambda: (parent.join(), os._exit(1)), daemon=True).start()


def _earlier(folder: SnapshotFolder, region: str, before: Manifest | None) -> Path | None:
    if before is None or region not in before.regions:
        return None
    return folder.regions / before.regions[region]["file"]


def built_region(
    order: Order,
    folder: SnapshotFolder,
    settings: Settings,
    scratch: Path,
    earlier: Path | None = None,
    marts: Mapping[str, Path] | None = None,
    said: Said | None = None,
    threads: int | None = None,
) -> Path:
    """Write the region's database into the folder `scratch`; its path. `marts` are those of all regions where a cluster
    made them. `FolderError` where it does not hold every row of its raw files."""
    failpoint("in_region")
    scratch.mkdir()
    path = scratch / DATABASE
    files = warehouse.raw_files(order.partitions, folder.raw, scratch)
    given = warehouse.given_columns(order.partitions)
    made = {name: _of_region(order.region, mart, scratch) for name, mart in (marts or {}).items()}
    warehouse.build_database(path, files, given, settings, scratch, earlier, said, threads, made)
    _require_whole(path, order)
    return path


def _of_region(region: str, mart: Path, scratch: Path) -> Path:
    """The region's rows of a mart, which is ordered by region: Parquet's statistics pass over the others."""
    own = duckdb.ColumnExpression("region_id") == duckdb.ConstantExpression(region)
    with duckdb.connect() as connection:
        connection.read_parquet(str(mart)).filter(own).write_parquet(str(scratch / mart.name))
    return scratch / mart.name


def _require_whole(path: Path, order: Order) -> None:
    with warehouse.connected(path, read_only=True) as connection:
        kept = (table.name for table in TABLES.values() if table.by_region)
        for name in (name for name in kept if f"tables/{name}" in catalog.load_catalog()):
            expected = sum(part["rows"] for part in order.partitions.get(name, {}).values())
            [(found,)] = connection.table(name).aggregate("count(*)").fetchall()
            if found != expected:
                raise FolderError("unsound_build", table=name, found=found, expected=expected)


# --- across regions --------------------------------------------------------------------------------------------
def _across(
    folder: SnapshotFolder,
    path: Path,
    made: Mapping[str, Mapping[str, Any]],
    partitions: Partitions,
    before: Manifest | None,
    scratch: Path,
) -> None:
    """The database of what is asked across regions. What it says of a region is what the region's own says; of those
    that did not change it is taken from the snapshot before, which holds it in one piece."""
    queries = catalog.load_catalog()
    with warehouse.connected(path, config=warehouse.build_config(scratch)) as connection:
        _like_any_region(connection, queries, folder.regions / next(iter(made.values()))["file"])
        of_none = {
            name: {key: part for key, part in partitions.get(name, {}).items() if key.startswith("|")}
            for name in BY_OWN_FILES
        }
        files = warehouse.raw_files(of_none, folder.raw, scratch)
        for name in BY_OWN_FILES:
            warehouse.run(connection, queries[f"tables/{name}"], files=files[name])
        if unchanged := _unchanged(folder, made, before):
            _taken_over(connection, folder.snapshots / before.id / DATABASE, unchanged)
        for region in sorted(made.keys() - unchanged):
            _taken_over(connection, folder.regions / made[region]["file"], {region})
        for name in FROM_ALL:
            warehouse.run(connection, queries[f"build/{name}"])
        connection.execute("checkpoint")


MACROS = ("build/light_share", "build/unwatched_parts")  # tables that rules ask by a name of their own


def _like_any_region(connection: duckdb.DuckDBPyConnection, queries: Mapping[str, catalog.Query], file: Path) -> None:
    """Every table that regions have, without rows but for what is the same in each of them."""
    with _attached(connection, file):
        is_part = duckdb.ColumnExpression("database_name") == duckdb.ConstantExpression("part")
        for [name] in connection.table_function("duckdb_tables").filter(is_part).select("table_name").fetchall():
            if name in (*BY_OWN_FILES, *FROM_ALL):
                continue
            rows = connection.table(f"part.main.{name}")
            (rows if name in SAME else rows.limit(0)).create(name)
    formulas = sorted(name for name in queries if name.startswith("macros/"))
    for name in (*formulas, *MACROS):
        warehouse.run(connection, queries[name])


def _unchanged(
    folder: SnapshotFolder, made: Mapping[str, Mapping[str, Any]], before: Manifest | None
) -> frozenset[str]:
    """The regions whose database is the one that the snapshot before had, where that snapshot's own is sound."""
    if before is None or not before.regions:
        return frozenset()
    file = folder.snapshots / before.id / DATABASE
    if not file.exists() or sha256_of(file) != before.content["files"][DATABASE]["sha256"]:
        return frozenset()
    return frozenset(name for name, region in made.items() if before.regions.get(name) == region)


def _taken_over(connection: duckdb.DuckDBPyConnection, file: Path, regions: Iterable[str]) -> None:
    """The rows of these regions, from a database that holds them and perhaps others, into the tables of all."""
    own = duckdb.ColumnExpression("region_id").isin(*map(duckdb.ConstantExpression, sorted(regions)))
    with _attached(connection, file):
        for name in SHARED:
            connection.table(f"part.main.{name}").filter(own).insert_into(name)


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, file: Path) -> Iterator[None]:
    """The database of another file as `part`; also of one that a reader of this process has open."""
    connection.execute("attach $file as part (read_only)", {"file": str(file)})
    try:
        yield
    finally:
        connection.execute("detach part")
