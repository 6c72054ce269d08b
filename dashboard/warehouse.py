"""Snapshots as databases: fill one from raw files, open them to read, and run queries on them.

A snapshot is a database for each region, and one of its own of what is asked across regions; all of them are written
once and then only read. Each call runs in a cursor of its own, because a DuckDB connection serves one thread at a time.
A published snapshot is noticed by the next call, without a restart.
"""

import csv
import datetime
import difflib
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet

from dashboard import audit, catalog, gaps, judgements, schema
from dashboard.access.guard import Guard
from dashboard.catalog import Query
from dashboard.schema import CORRECTIONS, STATED_TOTALS, TABLES
from dashboard.settings import DEFAULTS, Settings, SettingsError
from dashboard.snapshots import DATABASE, SNAPSHOT_ID, FolderError, Manifest, SnapshotFolder, split_partition_key

NOTICE_SECONDS = 0.5  # how long a published snapshot may go unnoticed
MOST_OPEN = 4
MOST_OPEN_REGIONS = 8
# Bytes of regions' databases that are checked when a snapshot is opened; of a country, the others when they are asked.
CHECKED_AT_ONCE = 1 << 30
SAME_WEIGHT = 1e-6  # of the sum
BUILD_MEMORY = "1GB"
BLOCK = "16384"  # bytes, the least that DuckDB has: a region's fifty tables would leave larger blocks half empty
# A snapshot that is shown reads its own file and nothing else, whatever a statement asks for.
SHUT = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
}
# Each needs those before it.
BUILT = (
    *("given_columns", "rules", "weights", "quarters", "department_quarters", "reported", "peer_sets", "present"),
    *("windows", "lineage", "window_activities", "light_share", "unwatched_parts", "quiet_quarters"),
    *("window_complaints", "window_decisions", "window_cases", "known_assessments"),
    *("powers_in_force", "catalogue_kept", "power_indexes", "stated_checks", "reported_tables", "loaded"),
    "year_to_date",
)
# What is compared across regions; the last three only where all regions are together (`building`).
OF_REGIONS = ("region_figures", "kind_figures", "places", "levels", "kinds")
BUILDING = Path(__file__).with_name("building.py")  # it uses this module
WHOLE_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")


class Snapshot:
    """One published state of the data, open for reading from any thread."""

    def __init__(
        self,
        manifest: Manifest,
        connection: duckdb.DuckDBPyConnection,
        fell_back: bool = False,
        guard: Guard | None = None,
        databases: "_Databases | None" = None,
    ):
        """`connection` is that of what is asked across regions, `databases` has those of the regions; without them the
        one holds everything. `guard`: sees to it that nobody is answered what is not for them; none where whoever asks
        has the files."""
        self._manifest = manifest
        self.fell_back = fell_back  # the pointer's own snapshot was damaged; this is the newest whole one
        self._connection, self._guard = connection, guard
        self._databases, self._parts = databases, manifest.regions if databases else {}
        self._queries = catalog.load_catalog()
        self._below: dict[tuple[str, ...], tuple[str, ...]] = {}  # regions → these with all that lie in them
        self.indicators = catalog.indicators(self._queries)
        self.quarters = tuple(self._answer(self._queries["pages/quarters"], regions=None)["quarter"])

    @property
    def manifest(self) -> Manifest:
        """As whoever asks may see it: of no other regions' imports and rows."""
        return self._manifest if self._guard is None else self._manifest.seen_by(self._guard.regions)

    @property
    def queries(self) -> dict[str, Query]:
        """Those that whoever asks may ask."""
        if self._guard is None:
            return self._queries
        return {name: query for name, query in self._queries.items() if self._guard.allows(query)}

    @property
    def regions(self) -> tuple[str, ...]:
        """Those with departments."""
        return tuple(self.run("pages/regions")["region_id"])

    def quarters_of(self, region: str) -> tuple[str, ...]:
        """The quarters that the region has figures of, oldest first."""
        return tuple(self.run("pages/region_quarters", region=region)["quarter"])

    @property
    def quarters_seen(self) -> tuple[str, ...]:
        """The quarters that any region has figures of which whoever asks may see, oldest first."""
        return tuple(self.run("pages/quarters", regions=None)["quarter"])

    def reporting(self) -> dict[str, tuple[int, int]]:
        """Quarter → how many of the regions that whoever asks may see have figures of it, and how many of any."""
        spans = self.run("pages/quarter_spans")
        first, last = spans["first_quarter"], spans["last_quarter"]
        return {quarter: (int(((first <= quarter) & (quarter <= last)).sum()), len(spans)) for quarter in self.quarters}

    def _are_official(self, weights: dict[str, float]) -> bool:
        """Whether the weights are the office's own, in whatever sum."""
        office = self.run("pages/weights").set_index("dimension")["weight"]
        own = pd.Series(weights, dtype=float).reindex(office.index).fillna(0.0)
        return bool(((own / own.sum() - office / office.sum()).abs() < SAME_WEIGHT).all())

    @property
    def id(self) -> str:
        return self._manifest.id

    @property
    def number(self) -> int:
        return self._manifest.number

    @property
    def created(self) -> datetime.datetime:
        return self._manifest.created

    @property
    def demonstration(self) -> bool:
        return self._manifest.demonstration

    def run(self, name: str, **values: object) -> pd.DataFrame:
        """The answer of the query `name` (its path under queries/) with the values it asks for; others are ignored.

        `ForbiddenError` where there is a guard and it refuses.
        """
        query = self._queries[name]
        if self._guard is None:
            return self._answer(query, **values)
        self._guard.require(query, values)
        # a sum is made before the guard sees it: of which regions it may be is not for who asks to say
        answer = self._answer(query, **values | {"regions": list(self._guard.regions) or None})
        return self._guard.seen(query, values, answer)

    def _answer(self, query: Query, **values: object) -> pd.DataFrame:
        asked = [self._connection] if query.is_across_regions else self._of_regions(values.get("region"))
        return _joined([self._asked(connection, query, values) for connection in asked])

    def _of_regions(self, region: object) -> Iterator[duckdb.DuckDBPyConnection]:
        """The databases that answer of a region; of None, every region's in their order. Of one that is not there the
        snapshot's own does: it has every table, without a row of it."""
        asked = sorted(self._parts) if region is None else [region] if region in self._parts else []
        for name in asked:
            yield self._databases.connection(self._parts[name]["file"], self.id)
        if not asked:
            yield self._connection

    def _asked(self, connection: duckdb.DuckDBPyConnection, query: Query, values: dict[str, object]) -> pd.DataFrame:
        try:
            with connection.cursor() as cursor:
                return run(cursor, query, **values)
        except catalog.QueryFileError:
            if self._manifest is None or self._manifest.method == method():
                raise
            raise FolderError("older_version", snapshot=self.number, query=query.name) from None

    def standings(
        self, region: str, quarter: str, variant: str, scope: str, weights: dict[str, float] | None = None
    ) -> pd.DataFrame:
        """The rows of pages/standings; with `weights` the composite by these, from the draws that were kept."""
        rows = self.run("pages/standings", region=region, quarter=quarter, variant=variant, scope=scope)
        if not weights or self._are_official(weights):
            return rows
        draws = self.run("pages/draws", region=region, quarter=quarter)
        peers = self.run("pages/peer_sets", region=region, quarter=quarter).set_index("department_id")["peer_set"]
        rules = judgements.Rules(weights, **self.run("pages/rules").drop(columns="fewest_peers").iloc[0].to_dict())
        own = judgements.reweighted(draws, peers, rules, scope).drop(columns=["variant", "scope", "peer_set"])
        kept = rows.drop(columns=[name for name in rows.columns if name in own.columns and name != "department_id"])
        found = kept.merge(own, how="left", on="department_id")
        # who has no draws has no place by any weights, for the same reason as before
        reason = found["department_id"].map(rows.set_index("department_id")["note"])
        found["note"] = found["note"].mask(found["place"].isna() & found["note"].isna(), reason)
        return found.sort_values(["place", "department_id"])

    def places_compared(
        self, within: str | None, places: Sequence[str], quarter: str, window: int, indicators: Collection[str]
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Of pages/place_figures of a quarter these indicators, with what is said of each of `places` among all of
        them; and the limits to draw, as `judgements.regions.compared` gives them."""
        asked = {"within": within, "places": list(places), "quarters": [quarter], "window": window, "figure": None}
        rows = self.run("pages/place_figures", regions=None, **asked)
        rows = rows[rows["indicator"].isin(indicators)].reset_index(drop=True)
        kinds = rows["indicator"].map({name: query.header["kind"] for name, query in self.indicators.items()})
        takes_part = (rows["role"] == "part") & ~rows["is_partial"] & ~rows["is_early"]
        return judgements.regions.compared(rows.assign(kind=kinds.fillna("count"), takes_part=takes_part))

    def placed(self, rows: pd.DataFrame, indicator: str, quarters: Sequence[str]) -> pd.DataFrame:
        """Those of `places_compared` that have a place by this indicator, with `place_low` and `place_high`; `quarters`
        tell how much a region's own figures change."""
        own = rows[rows["indicator"] == indicator]
        places = list(own.loc[own["takes_part"], "region_id"])
        asked = {"within": None, "places": places, "quarters": list(quarters), "window": 1, "figure": indicator}
        by_quarter = self.run("pages/place_figures", regions=None, **asked)
        by_quarter = by_quarter[by_quarter["role"] == "part"]
        return judgements.regions.placed(own, by_quarter, self.indicators[indicator].header["better"])

    def same_kind(self, region: str, department: str, quarter: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """pages/same_kind with what is said of the department among its kind; and the limits to draw."""
        asked = {"region": region, "department": department, "quarter": quarter, "fewest": judgements.regions.FEWEST}
        rows = self.run("pages/same_kind", **asked)
        kinds = rows["indicator"].map({name: query.header["kind"] for name, query in self.indicators.items()})
        return judgements.regions.compared(rows.assign(kind=kinds, takes_part=rows["n_elsewhere"] > 0))

    def regions_below(self, regions: tuple[str, ...]) -> tuple[str, ...]:
        """These regions with all that lie in them; of a snapshot of an earlier version, which does not say, these."""
        if regions not in self._below:
            try:
                rows = self._answer(self._queries["pages/lying_in"], regions=list(regions))
            except FolderError:
                return regions
            self._below[regions] = tuple(dict.fromkeys((*regions, *rows["region_id"])))
        return self._below[regions]

    def tried(self, rule: str, thresholds: dict[str, float], region: str | None) -> pd.DataFrame:
        """What the rule would say in every quarter by these thresholds, in `gaps.COLUMNS`; nothing is kept. Of one
        region, or of all of them."""
        query = catalog.gaps(self._queries)[rule]
        if self._guard is not None:
            self._guard.require(query, thresholds)
        found = []
        for connection in self._of_regions(region):
            with connection.cursor() as cursor:
                found.append(gaps.evaluated({rule: (query, run(cursor, query, **thresholds))}, _ground(cursor)))
        rows = _joined(found)
        if region is not None:
            rows = rows[rows["region_id"] == region].reset_index(drop=True)
        return rows if self._guard is None else self._guard.seen(query, thresholds, rows)


def run(connection: duckdb.DuckDBPyConnection, query: Query, **values: object) -> pd.DataFrame:
    """The answer of `query`, given exactly the values it asks for; whole numbers stay whole beside missing ones."""
    wanted = {name: values[name] for name in query.parameters}
    try:
        answer = connection.execute(query.sql, wanted)
        numbers = [name for name, kind, *_ in answer.description if str(kind) in WHOLE_NUMBERS]
        frame = answer.df()
    except (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.TransactionException):
        raise  # the machine's fault, not the file's
    except duckdb.Error as error:
        raise catalog.broken(query, error) from None
    for name in numbers:
        if pd.api.types.is_float_dtype(frame[name]):
            frame[name] = frame[name].astype("Int64")
    return frame


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """One below the other; one without rows says nothing of the types."""
    told = [part for part in parts if len(part)] or parts[:1]
    return told[0] if len(told) == 1 else pd.concat(told, ignore_index=True)


class _Databases:
    """The databases of regions, each checked and opened when it is first asked, a few of them kept open."""

    def __init__(self, folder: SnapshotFolder):
        self._folder = folder
        self._open: OrderedDict[str, duckdb.DuckDBPyConnection] = OrderedDict()
        self._whole: set[str] = set()  # those whose every byte this process has checked
        self._lock = threading.Lock()

    def require_sound(self, file: str, snapshot_id: str) -> None:
        if file not in self._whole:
            self._folder.require_sound_region(file, snapshot_id)
            self._whole.add(file)

    def connection(self, file: str, snapshot_id: str) -> duckdb.DuckDBPyConnection:
        """`FolderError` where it is damaged."""
        with self._lock:
            if file not in self._open:
                self.require_sound(file, snapshot_id)
                self._open[file] = _shut(self._folder.regions / file)
                while len(self._open) > MOST_OPEN_REGIONS:  # the longest unused closes when its last reader lets go
                    self._open.popitem(last=False)
            self._open.move_to_end(file)
            return self._open[file]


class Warehouse:
    """The data folder as its readers see it."""

    def __init__(self, folder: Path, guard: Guard | None = None):
        """`guard`: of all its snapshots."""
        self.folder, self._guard = SnapshotFolder(folder), guard
        self._open: OrderedDict[tuple[str, bool], Snapshot] = OrderedDict()
        self._databases = _Databases(self.folder)
        self._whole: set[str] = set()  # snapshots whose every byte this process has checked
        self._pointer: dict[str, str] | None = None
        self._current: Snapshot | None = None
        self._looked = float("-inf")
        self._lock = threading.Lock()

    def behind(self, guard: Guard) -> "Warehouse":
        """The same folder, as those see it whom the guard lets in."""
        return Warehouse(self.folder.folder, guard)

    def current(self) -> Snapshot | None:
        """The snapshot to show now; None where nothing was imported yet."""
        if time.monotonic() - self._looked < NOTICE_SECONDS:
            return self._current
        # One thread looks; the others show what they have meanwhile, and wait only where they have nothing.
        if not self._lock.acquire(blocking=self._current is None):
            return self._current
        try:
            pointer = self.folder.pointer()
            if pointer != self._pointer:  # a damaged one is tried once, not twice a second
                self._current = None if pointer is None else self._opened(pointer) or self._current
                self._pointer = pointer
            self._looked = time.monotonic()
            return self._current
        finally:
            self._lock.release()

    def manifests(self) -> list[Manifest]:
        """Every snapshot whose manifest is whole, oldest first, as whoever asks may see it."""
        found = self.folder.all()
        return found if self._guard is None else [one.seen_by(self._guard.regions) for one in found]

    def numbered(self, number: int) -> Snapshot | None:
        """The snapshot of that number; None where there is none or it is damaged."""
        return self.pinned(next((one for one in self.folder.ids() if int(one.split("-")[0]) == number), ""))

    def known_on(self, date: datetime.date) -> Snapshot | None:
        """What was shown at the end of that day; None where nothing was yet. `FolderError` where it is damaged."""
        snapshot_id = self.folder.known_on(date)
        if snapshot_id is None:
            return None
        with self._lock:
            return self._snapshot(snapshot_id)

    def pinned(self, snapshot_id: str) -> Snapshot | None:
        """The snapshot that a page was drawn from; None where there is none. The id comes from the browser."""
        if not SNAPSHOT_ID.fullmatch(snapshot_id):
            return None
        if self._current is not None and self._current.id == snapshot_id:
            return self._current
        with self._lock:
            try:
                return self._snapshot(snapshot_id)
            except FolderError:
                return None

    def _opened(self, pointer: dict[str, str]) -> Snapshot | None:
        """The pointer's snapshot, or the newest whole one where that is damaged: never nothing, never half."""
        try:
            self.folder.verify_own(pointer["id"], pointer["manifest_sha256"])
            return self._snapshot(pointer["id"])
        except (KeyError, FolderError):
            for manifest in reversed(self.folder.all()):
                try:
                    return self._snapshot(manifest.id, fell_back=True)
                except FolderError:
                    continue
        return None

    def _snapshot(self, snapshot_id: str, fell_back: bool = False) -> Snapshot:
        if snapshot_id not in self._whole:
            self._require_sound(self.folder.verify_own(snapshot_id))
            self._whole.add(snapshot_id)
        key = (snapshot_id, fell_back)
        if key not in self._open:
            connection = _shut(self.folder.snapshots / snapshot_id / DATABASE)
            manifest = self.folder.manifest(snapshot_id)
            self._open[key] = Snapshot(manifest, connection, fell_back, self._guard, self._databases)
            while len(self._open) > MOST_OPEN:  # the longest unused closes when its last reader lets go
                self._open.popitem(last=False)
        self._open.move_to_end(key)
        return self._open[key]

    def _require_sound(self, manifest: Manifest) -> None:
        """`FolderError` where a region's database is damaged, as far as can be told at once."""
        left = CHECKED_AT_ONCE
        for region in manifest.regions.values():
            left -= region["bytes"]
            if left >= 0:
                self._databases.require_sound(region["file"], manifest.id)
            elif not (self.folder.regions / region["file"]).exists():
                file = str(self.folder.regions / region["file"])
                raise FolderError("damaged_snapshot", snapshot=manifest.id, file=file)


def _shut(path: Path) -> duckdb.DuckDBPyConnection:
    """Open to read, and never to be set otherwise."""
    try:
        connection = connected(path, read_only=True, config=SHUT)
        connection.execute("set lock_configuration = true")
    except duckdb.InvalidInputException:  # this process has it open and shut already, and both are one database
        connection = duckdb.connect(str(path), read_only=True, config=SHUT)
    return connection


def connected(path: Path, **options: object) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(path), **options)
    # DuckDB draws a bar on standard output when a statement takes long; that is where our data go.
    connection.execute("set enable_progress_bar = false")
    return connection


# --- building --------------------------------------------------------------------------------------------------
def build_database(
    path: Path,
    files: dict[str, list[str]],
    given: pd.DataFrame,
    settings: Settings,
    scratch: Path,
    earlier: Path | None = None,
    said: Callable[[str, float], None] | None = None,
    threads: int | None = None,
    made: dict[str, Path] | None = None,
) -> None:
    """Write a region's database at `path`: tables, marts and judgements, from the raw files of each table.

    `given` as for `fill`. `earlier` is the region's database of the same recipe: what its ballots said of a quarter
    still holds where the ballots are the same. `said` is told each step that begins, and the share of the work before
    it. `threads`: none for one a core. `made`: the region's marts that a cluster has made already.
    """
    queries = catalog.load_catalog()
    with connected(path, config=build_config(scratch, threads)) as connection:
        fill(connection, queries, files, settings, given, _appraised_before(earlier), said, made)
        connection.execute("checkpoint")


def build_config(scratch: Path, threads: int | None = None) -> dict[str, str]:
    own = {"threads": str(threads)} if threads else {}
    return {"memory_limit": BUILD_MEMORY, "temp_directory": str(scratch), "default_block_size": BLOCK, **own}


GIVEN = ["region_id", "table", "period", "column"]


def given_columns(partitions: dict) -> pd.DataFrame:
    """Which columns the office's files of each partition that has rows have, in GIVEN, from a manifest's partitions."""
    rows = [
        (*split_partition_key(key), table, column)
        for table, parts in partitions.items()
        for key, part in parts.items()
        if part["rows"]
        for column in part["columns"]
    ]
    return pd.DataFrame(rows, columns=["region_id", "period", "table", "column"], dtype="str")[GIVEN]


def fill(
    connection: duckdb.DuckDBPyConnection,
    queries: dict[str, Query],
    files: dict[str, list[str]],
    settings: Settings,
    given: pd.DataFrame,
    known: dict[str, judgements.Appraisal] | None = None,
    said: Callable[[str, float], None] | None = None,
    made: dict[str, Path] | None = None,
) -> None:
    """All that a snapshot holds, in the order in which one thing needs another.

    `files` are the raw files of each table, `given` the columns that the office's own files had, in GIVEN, `known` what
    ballots said before, by their fingerprint, `made` the marts that a cluster has made already.
    """
    tell = said or (lambda step, share: None)
    tell("tables", 0.0)
    for name in sorted(queries):
        if name.startswith("macros/"):
            run(connection, queries[name])
        if name.startswith("tables/"):
            run(connection, queries[name], files=files[name.removeprefix("tables/")])
    connection.register("default_words", pd.DataFrame(default_vocabulary()))
    run(connection, queries["build/vocabulary"])
    for mart in marts(queries):
        if rows := (made or {}).get(mart.short_name):
            connection.read_parquet(str(rows)).create(mart.short_name)
        else:
            run(connection, mart, files=files["evaluations"])
    connection.register("given", given)
    values = {
        "dimensions": list(settings.weights),
        "weights": list(settings.weights.values()),
        "fewest_dimensions": settings.fewest_dimensions,
        "fewest_ballots": settings.fewest_ballots,
        "fewest_peers": settings.fewest_peers,
        "red_line": settings.red_line,
        "today": datetime.date.today(),
    }
    for name in BUILT:
        run(connection, queries[f"build/{name}"], **values)
    peer_sets = connection.table("peer_sets").df()
    tell("appraise", 0.15)
    _appraise(connection, queries, files["evaluations"], peer_sets, settings, known or {})
    tell("judge", 0.6)
    found = {name: (query, run(connection, query)) for name, query in catalog.indicators(queries).items()}
    for query, values in found.values():
        if set(values.columns) != judgements.INDICATOR_COLUMNS:
            given, wanted = ", ".join(values.columns), ", ".join(sorted(judgements.INDICATOR_COLUMNS))
            raise catalog.QueryFileError(f"{query.path}:1: an indicator returns {wanted}; this one returns {given}.")
    months = run(connection, queries["build/monthly_complaints"])
    _require_known(settings, set(found))
    baselines = [judgements.Baseline(**baseline) for baseline in settings.baselines]
    standings = connection.table("standings").df()
    judged = judgements.judged(found, standings, peer_sets, months, settings.targets, baselines)
    _keep(connection, queries, "judgements", judged.rows)
    _keep(connection, queries, "funnels", judged.funnels)
    _keep(connection, queries, "control_points", judged.points)
    _keep(connection, queries, "concentrations", judged.concentrations)
    run(connection, queries["build/complaint_signals"])
    run(connection, queries["build/known_regions"])
    tell("gaps", 0.8)
    _find_gaps(connection, queries, settings)
    for name in OF_REGIONS:
        run(connection, queries[f"build/{name}"], **_compared(queries))
    tell("audit", 0.95)
    _audit(connection, queries)


def _compared(queries: dict[str, Query]) -> dict[str, list[str]]:
    """The indicators by which departments of a kind are compared across regions, those that are states, those of what
    is due."""
    known = catalog.indicators(queries).items()
    return {
        "compared": [name for name, query in known if query.header.get("across")],
        "stocks": [name for name, query in known if query.header.get("stock")],
        "dues": [name for name, query in known if query.header.get("due")],
    }


def marts(queries: dict[str, Query]) -> list[Query]:
    return [query for name, query in sorted(queries.items()) if name.startswith("marts/")]


def _audit(connection: duckdb.DuckDBPyConnection, queries: dict[str, Query]) -> None:
    """Every comparison of the arithmetic audit: how many were made, and those that do not agree."""
    parts = [pd.DataFrame(columns=list(audit.COLUMNS)).astype(audit.COLUMNS)]
    for check in catalog.audits(queries).values():
        parts.append(audit.judged(check, run(connection, check)))
    compared = pd.concat(parts, ignore_index=True)
    _keep(connection, queries, "audit_counts", compared)
    _keep(connection, queries, "audit_rows", compared)


def _find_gaps(connection: duckdb.DuckDBPyConnection, queries: dict[str, Query], settings: Settings) -> None:
    """What each rule says, after everything that rules look at is there."""
    rules, ground = catalog.gaps(queries), _ground(connection)
    gaps.require_known(rules, settings.thresholds)
    answers = {
        name: (rule, run(connection, rule, **gaps.in_force(rule, settings.thresholds.get(name, {}))))
        for name, rule in rules.items()
    }
    _keep(connection, queries, "gaps", gaps.evaluated(answers, ground))
    _keep(connection, queries, "thresholds", gaps.thresholds_table(rules, settings.thresholds))


def _ground(connection: duckdb.DuckDBPyConnection) -> gaps.Ground:
    names = ("quarters", "department_quarters", "present", "given_columns", "lineage")
    return gaps.Ground(*(connection.table(name).df() for name in names))


def _require_known(settings: Settings, names: set[str]) -> None:
    """Targets and baselines of an indicator that does not exist would be silently without effect.

    A note of the store was checked when it was recorded, and cannot be mended: of an indicator that is gone it says
    nothing.
    """
    asked = [("targets", name) for name in settings.targets] + [
        ("baselines", b["indicator"]) for b in settings.baselines if not b.get("note")
    ]
    for place, name in asked:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise SettingsError(f"settings.toml: {place}: {name!r} is no indicator.{hint}")


def _appraise(
    connection: duckdb.DuckDBPyConnection,
    queries: dict[str, Query],
    files: list[str],
    peer_sets: pd.DataFrame,
    settings: Settings,
    known: dict[str, judgements.Appraisal],
) -> None:
    """Standings, and what else the ballots of each region and quarter say; 'all' pools a region's quarters."""
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in judgements.APPRAISED}
    scored = connection.table("scores").df()[["region_id", "quarter"]].drop_duplicates()
    weights = dict(connection.table("weights").df()[["dimension", "weight"]].itertuples(index=False, name=None))
    rules = judgements.Rules(weights, settings.fewest_dimensions, settings.fewest_ballots, settings.red_line)

    def appraised(place: tuple[str, str]) -> tuple[str, judgements.Appraisal]:
        region, quarter = place
        asked = {"files": files, "region": region, "quarter": None if quarter == "all" else quarter}
        with connection.cursor() as cursor:
            cells = run(cursor, queries["build/rater_scores"], **asked)
        of_region = peer_sets[peer_sets["region_id"] == region]
        here = of_region[of_region["quarter"] == quarter]
        gone = frozenset(of_region["department_id"]) - frozenset(here["department_id"])
        fingerprint = _fingerprint(region, quarter, cells, here, gone)
        if fingerprint in known:
            return fingerprint, known[fingerprint]
        own = here.set_index("department_id")["peer_set"]
        return fingerprint, judgements.appraised(cells, own, rules, quarter != "all", gone)

    marks: list[tuple[str, str, str]] = []
    places = list(scored.itertuples(index=False, name=None))
    # the work is numpy's, which lets other threads run; one each of the connection's, and no more in memory than that
    is_threads = duckdb.ColumnExpression("name") == duckdb.ConstantExpression("threads")
    [(threads,)] = connection.table_function("duckdb_settings").filter(is_threads).select("value").fetchall()
    with ThreadPoolExecutor(int(threads)) as pool:
        for (region, quarter), (fingerprint, found) in zip(places, pool.map(appraised, places)):
            marks.append((region, quarter, fingerprint))
            for name, frames in parts.items():
                frames.append(getattr(found, name).assign(region_id=region, quarter=quarter))
    _keep(connection, queries, "fingerprints", pd.DataFrame(marks, columns=list(FINGERPRINTS)).astype(FINGERPRINTS))
    for name, frames in parts.items():
        whole = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
        _keep(connection, queries, name, judgements.typed(whole, judgements.APPRAISED[name]))


FINGERPRINTS = {"region_id": "str", "quarter": "str", "fingerprint": "str"}


def _fingerprint(region: str, quarter: str, cells: pd.DataFrame, peers: pd.DataFrame, gone: frozenset[str]) -> str:
    """The same for the same ballots of a quarter among the same peers."""
    digest = hashlib.sha256(repr((region, quarter, sorted(gone))).encode("utf-8"))
    for frame in (cells, peers[["department_id", "peer_set"]]):
        digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    return digest.hexdigest()[:32]


def _appraised_before(earlier: Path | None) -> dict[str, judgements.Appraisal]:
    """By the fingerprint of its ballots, what an earlier snapshot says of each region and quarter."""
    if earlier is None:
        return {}
    key = ["region_id", "quarter"]
    try:
        with connected(earlier, read_only=True) as connection:
            marks = connection.table("fingerprints").df()
            kept = {name: dict(tuple(connection.table(name).df().groupby(key))) for name in judgements.APPRAISED}
    except duckdb.Error:  # a damaged snapshot costs time, not figures: all of it is computed anew
        return {}
    return {
        fingerprint: judgements.Appraisal(
            **{name: groups.get((region, quarter), pd.DataFrame()) for name, groups in kept.items()}
        )
        for region, quarter, fingerprint in marks.itertuples(index=False, name=None)
    }


def _keep(connection: duckdb.DuckDBPyConnection, queries: dict[str, Query], name: str, computed: pd.DataFrame) -> None:
    if "draws" in computed.columns:
        # millions of numbers: as Arrow they are handed over whole, as Python objects one by one
        computed = pa.table(
            {**computed.drop(columns="draws"), "draws": pa.array(computed["draws"], pa.list_(pa.uint8()))}
        )
    else:
        # of a text that no row has DuckDB would not see that it is one, and a region's table must be like every other's
        untold = [name for name in computed if computed[name].dtype == object and computed[name].isna().all()]
        computed = computed.astype(dict.fromkeys(untold, "str"))
    connection.register("computed", computed)
    run(connection, queries[f"build/{name}"])
    connection.unregister("computed")


def recipe(settings: Settings) -> str:
    """A hash of all that decides what a snapshot makes of the same raw files."""
    return hashlib.sha256(f"{settings!r}\n{method()}".encode()).hexdigest()[:16]


def method() -> str:
    """The part of the recipe that is no setting of the office: vocabularies, queries with their headers, and code."""
    parts = [(DEFAULTS / "vocabularies.csv").read_text(encoding="utf-8")]
    built = ("tables/", "marts/", "macros/", "build/", "indicators/", "gaps/", "audit/")
    # what a header says of tables, window and thresholds decides as much as the statement
    parts += [
        f"{query.header!r}\n{query.sql}"
        for name, query in sorted(catalog.load_catalog().items())
        if name.startswith(built)
    ]
    code = sorted(
        path
        for folder in ("engine", "judgements", "statistics", "gaps")
        for path in (Path(__file__).parent / folder).glob("*.py")
    )
    parts += [
        path.read_text(encoding="utf-8")
        for path in (*code, Path(audit.__file__), Path(schema.__file__), Path(__file__), BUILDING)
    ]
    return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()[:16]


def check_queries(settings: Settings) -> None:
    """Prepare every statement against an empty snapshot: a broken file is named now, not at the first click."""
    queries = catalog.load_catalog()
    with TemporaryDirectory(prefix="mingjing-") as scratch, duckdb.connect() as connection:
        fill(connection, queries, raw_files({}, Path(), Path(scratch)), settings, given_columns({}))
        for name, query in queries.items():
            if name.startswith(("pages/", "rows/")):
                run(connection, query, **dict.fromkeys(query.parameters))


def default_vocabulary() -> list[dict[str, str]]:
    """The project's vocabularies in their order: vocabulary, code, zh, en, aliases, mark, position."""
    with (DEFAULTS / "vocabularies.csv").open(encoding="utf-8-sig", newline="") as file:
        return [{**word, "position": i} for i, word in enumerate(csv.DictReader(file))]


def raw_files(partitions: dict, raw: Path, scratch: Path) -> dict[str, list[str]]:
    """The raw files of each table; an empty one first, which gives every column also where the office has no file."""
    schemas = {name: table.arrow for name, table in TABLES.items()}
    schemas |= {"corrections": CORRECTIONS, "stated_totals": STATED_TOTALS}
    files = {}
    for name, columns in schemas.items():
        empty = scratch / f"empty-{name}.parquet"
        parquet.write_table(columns.empty_table(), empty)
        files[name] = [str(empty), *(str(raw / part["file"]) for part in partitions.get(name, {}).values())]
    return files
