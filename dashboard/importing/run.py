"""One import, from paths to a published snapshot: read, check, merge, build, swap.

Nothing is loaded until everything is clean; the old snapshot is shown until the new one is whole.
"""

import datetime
import errno
import getpass
import hashlib
import tempfile
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as parquet

from dashboard import building, warehouse
from dashboard.catalog import QueryFileError
from dashboard.importing import stage
from dashboard.importing.check import (
    MOST_ASIDE_ROWS,
    Checked,
    Directory,
    check_headers,
    check_sheet,
    personal_headers,
    used_headers,
)
from dashboard.importing.mapping import Mapping, MappingError, TableMapping, recognise
from dashboard.importing.problems import ImportRefused, Problem, Problems
from dashboard.importing.reading import Sheet, Unreadable, open_sources
from dashboard.schema import ADDED_UP, CORRECTIONS, STATED_TOTALS, TABLES, YEAR_TO_DATE, Kind, Table
from dashboard.settings import Settings
from dashboard.snapshots import FolderError, Manifest, SnapshotFolder, failpoint, now, partition_key, sha256_of
from dashboard.store import StoreError, trace, with_baselines
from dashboard.store.trace import Trace, console_doer

LOOKED_UP = ("departments", "vocabulary")  # tables whose names and codes other tables use
# Problems of single rows: `accept_valid` may set these rows aside. Everything else stops the import.
ROW_CODES = frozenset(
    [
        "empty",
        "not_a_number",
        "not_a_count",
        "negative_count",
        "not_a_score",
        "out_of_scale",
        "out_of_range",
        "not_yes_or_no",
        "not_a_date",
        "not_a_month",
        "not_a_quarter",
        "not_a_year",
        "unknown_value",
        "unknown_department",
        "month_outside_quarter",
        "more_than_whole",
        "repeated_key",
        "shifted_row",
        "cumulative_falls",
        "cut_row",
        "ambiguous_name",
        "not_text",
        "reserved_word",
    ]
)

STAGES = ("read", "merge", "keep", "build", "publish")
BUILD_BEGINS, BUILD_ENDS = 0.5, 0.95  # of the whole: with many ballots the build takes most of the time
OTHERS_REGION = "others_region"  # the code of the refusal
Progress = Callable[[str, str, float], None]  # (stage, file or table or step of the build, share of the whole)
MOST_NAMED_FILES = 500  # of a folder, whose hashes are kept one by one
MOST_RESTATED = 10_000  # cells that a result lists; all are counted, and all are kept


def silent(_stage: str, _doing: str, _share: float) -> None:
    """No progress shown."""


@dataclass
class TableResult:
    """What an import does to one table, in rows."""

    files: list[str] = field(default_factory=list)
    rows: int = 0
    loaded: int = 0
    not_cast: int = 0
    filtered: int = 0
    set_aside: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    repeated: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    differenced: int = 0
    year_to_date: int = 0
    disagreeing_totals: int = 0


@dataclass(frozen=True)
class PeriodResult:
    """What an import does to one table of one region and period ("" where a table has no periods), in rows."""

    table: str
    region: str
    period: str
    added: int
    changed: int
    unchanged: int
    removed: int


@dataclass
class ImportResult:
    tables: dict[str, TableResult]
    problems: Problems
    skipped: list[str]  # files that are no tables
    unused: dict[str, list[str]]  # file → headers that no column of ours took
    set_aside: list[tuple[str, list[str], list[tuple[int, list[str], str]]]]  # (file, header, rows)
    audit: list[tuple[str, str, str, float, float]]  # (table, key, column, stated, sum of the parts)
    periods: list["PeriodResult"] = field(default_factory=list)
    restated: list[tuple[str, ...]] = field(default_factory=list)  # (table, region, period, key, column, old, new)
    n_restated: int = 0  # cells; `restated` holds the first of them, and never one of a ballot
    examples: int = 0  # rows of templates, left out
    totals: int = 0  # figures of rows that are totals, new or restated
    manifest: Manifest | None = None  # None: a dry run, or nothing changed

    @property
    def changes(self) -> int:
        return self.totals + sum(table.added + table.changed + table.removed for table in self.tables.values())


NO_SNAPSHOT = "none"  # what an import was looked at against that is the first


@dataclass(frozen=True)
class Options:
    mapping: Mapping = Mapping()
    accept_valid: bool = False
    dry_run: bool = False
    demonstration: bool = False
    who: str = ""
    note: str = ""
    regions: tuple[str, ...] = ()  # those that whoever imports is responsible for; () for all
    base: str = ""  # what the import was looked at against, or NO_SNAPSHOT; refused where another is shown by now


def run_import(
    paths: list[Path], folder: Path, settings: Settings, options: Options, progress: Progress = silent
) -> ImportResult:
    """Import `paths` into the data folder. Raises `ImportRefused` with all problems, or `FolderError`."""
    if options.dry_run:
        return _imported(paths, folder, settings, options, progress)
    try:
        result = _imported(paths, folder, settings, options, progress)
    except ImportRefused as refused:
        with suppress(StoreError):  # nothing was changed that would have to be known
            _trace(folder).record(trace.IMPORTED, _names(paths), trace.REFUSED, str(refused.problems.total))
        raise
    except FolderError as error:
        if error.code == OTHERS_REGION:
            with suppress(StoreError):
                _trace(folder).record(trace.IMPORTED, _names(paths), trace.REFUSED, str(error.values["given"]))
        raise
    _traced(folder, trace.IMPORTED, result.manifest, options, _names(paths))
    return result


def _trace(folder: Path) -> Trace:
    return Trace(folder, doer=console_doer())


def _names(paths: list[Path]) -> str:
    return ", ".join(path.name for path in paths)


def _traced(folder: Path, action: str, manifest: Manifest | None, options: Options, what: str = "") -> None:
    """Keep who published what. `FolderError` where that cannot be written any more: the snapshot is there."""
    if manifest is None:  # nothing had changed
        return
    detail = f"{manifest.id} {options.who}".strip()
    try:
        _trace(folder).record(action, f"{manifest.number} {what}".strip(), detail=detail)
    except StoreError as error:
        raise FolderError("not_traced", number=manifest.number, reason=str(error)) from error


def _imported(
    paths: list[Path], folder: Path, settings: Settings, options: Options, progress: Progress
) -> ImportResult:
    snapshots = SnapshotFolder(folder)
    with ExitStack() as stack, _worded_failures(folder):
        if options.dry_run:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mingjing-")))
        else:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(snapshots.locked())
            snapshots.require_space(_size(paths))
            _trace(folder).require_writable()
            temporary = tempfile.TemporaryDirectory(prefix=".scratch-", dir=folder)
            scratch = Path(stack.enter_context(temporary))
        one = _Import(snapshots, with_baselines(settings, folder), options, scratch, progress)
        if options.base and options.base != (one.current.id if one.current else NO_SNAPSHOT):
            raise FolderError("moved_on", number=one.current.number if one.current else 0)
        return one.run(paths)


def rebuild(
    folder: Path, settings: Settings, options: Options, progress: Progress = silent, anew: bool = True
) -> Manifest:
    """The same figures by today's settings and queries, as a new snapshot. `FolderError` where there are none. `anew`:
    also of regions that these do not change, so that what is due counts from today."""
    snapshots = SnapshotFolder(folder)
    if snapshots.current() is None:
        raise FolderError("nothing_to_rebuild", folder=str(folder))
    with ExitStack() as stack, _worded_failures(folder):
        stack.enter_context(snapshots.locked())
        snapshots.require_space(0)
        _trace(folder).require_writable()
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix=".scratch-", dir=folder))
        one = _Import(snapshots, with_baselines(settings, folder), options, Path(scratch), progress)
        manifest = one.publish([], anew)
    _traced(folder, trace.REBUILT, manifest, options)
    return manifest


@contextmanager
def _worded_failures(folder: Path) -> Iterator[None]:
    """A disk that is full or fails, said in words; what was unfinished is swept, what was shown stays."""
    try:
        yield
    except StoreError as error:  # which series begin anew is not known
        raise FolderError("notes_unreadable", file=str(error.values.get("file", folder))) from error
    except (OSError, duckdb.Error, QueryFileError) as error:
        full = getattr(error, "errno", None) == errno.ENOSPC or "No space left" in str(error)
        # A commit that could not be written is reported as an error of the query that it belongs to.
        by_disk = isinstance(error, OSError | duckdb.IOException | duckdb.OutOfMemoryException)
        if not (by_disk or full or "Could not write" in str(error)):
            raise
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise FolderError("disk_full" if full else "write_failed", folder=str(folder), reason=reason) from error


def _size(paths: list[Path]) -> int:
    files = (f for path in paths for f in ([path] if path.is_file() else path.rglob("*")) if f.is_file())
    return sum(file.stat().st_size for file in files)


class _Import:
    def __init__(
        self, snapshots: SnapshotFolder, settings: Settings, options: Options, scratch: Path, progress: Progress
    ):
        self.snapshots, self.settings, self.options = snapshots, settings, options
        self.scratch, self.progress = scratch, progress
        self.current = snapshots.current()
        self.partitions = {name: dict(parts) for name, parts in self.current.partitions.items()} if self.current else {}
        self.problems = Problems()
        self.has_unsound_headers = False
        self.result = ImportResult({}, self.problems, [], {}, [], [])
        self.spill = stage.Spill(scratch)
        self.sheet_names: list[str] = []
        self.sheets: list[Sheet | None] = []
        self.refused_later: list[tuple[int, int, str]] = []  # (sheet, row, why): found only when rows meet others
        self.given: dict[tuple[str, stage.Partition], set[str]] = {}  # what the files of a partition have as columns
        self.repeated: dict[str, str] = {}
        self.cumulative: dict[str, list[pa.Table]] = {}
        self.totals: dict[str, tuple[list[pa.Table], tuple[str, ...]]] = {}
        # in the order of the imports, also of two within a second: which total was stated last is read from it
        self.import_id = f"{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%S%fZ}-{uuid.uuid4().hex[:6]}"

    def run(self, paths: list[Path]) -> ImportResult:
        self._read(paths)
        self._stop_on_others_regions()
        self._difference()
        self._merge()
        self._stop_on_problems()
        self._stop_on_invented_neighbours()
        self._set_aside_later_rows()
        outdated = bool(self.current) and self.current.recipe != warehouse.recipe(self.settings)
        if not self.options.dry_run and (self.result.changes or outdated):
            self.result.manifest = self.publish(paths)
        return self.result

    # --- reading and checking ---
    def _read(self, paths: list[Path]) -> None:
        sources = open_sources(paths, self.scratch)
        self.problems.extend(sources.problems)
        self.result.skipped = sources.skipped
        planned = [(mapping, sheet) for sheet in sources.sheets for mapping in self._mappings(sheet)]
        if not planned and not self.problems.total:
            self.problems.add(Problem("nothing_to_import", ", ".join(str(path) for path in paths)))
        order = list(TABLES)
        planned.sort(key=lambda plan: order.index(plan[0].table.name))
        readable = self._with_sound_headers(planned)
        directory = self._directory()
        for number, (mapping, sheet) in enumerate(readable):
            self.progress("read", sheet.file, 0.4 * number / len(readable))
            self._read_sheet(sheet, mapping, directory, len(readable), number)
        if self.has_unsound_headers:
            raise ImportRefused(self.problems)
        if self.result.examples and not self.result.tables:
            self.problems.add(Problem("only_examples", ", ".join(dict.fromkeys(sheet.file for _, sheet in planned))))
        self._keep_new_names(directory)

    def _mappings(self, sheet: Sheet) -> list[TableMapping]:
        if self.options.mapping.ignores(sheet):
            self.result.skipped.append(sheet.file)
            return []
        named = [mapping for mapping in self.options.mapping.tables if mapping.applies_to(sheet)]
        if named:
            return named
        found = recognise(sheet)
        if isinstance(found, Problem):
            # A table that names persons is refused for that, whatever else is wrong with it.
            self.problems.extend(personal_headers(sheet))
            self.problems.add(found)
            return []
        return [found]

    def _with_sound_headers(self, planned: list[tuple[TableMapping, Sheet]]) -> list[tuple[TableMapping, Sheet]]:
        """Those whose rows can be checked all the same, so that every fault of every file is told at once.

        Nothing is imported where a header is at fault. A sheet without its columns cannot be checked; and where a table
        that others look names up in cannot be, neither can they.
        """
        readable, are_names_missing = [], False
        for mapping, sheet in planned:
            earlier = self.repeated.setdefault(mapping.table.name, mapping.repeated)
            if earlier != mapping.repeated:
                raise MappingError(
                    f"{mapping.table.name}: repeated = {earlier!r} and {mapping.repeated!r}; choose one."
                )
            found = check_headers(sheet, mapping)
            self.problems.extend(found)
            self.has_unsound_headers = self.has_unsound_headers or bool(found)
            unread = set(sheet.header) - used_headers(mapping)
            if all(problem.code == "personal_header" and problem.column in unread for problem in found):
                readable.append((mapping, sheet))
            else:
                are_names_missing = are_names_missing or mapping.table.name in LOOKED_UP
        if are_names_missing:
            raise ImportRefused(self.problems)
        return readable

    def _read_sheet(self, sheet: Sheet, mapping: TableMapping, directory: Directory, sheets: int, number: int) -> None:
        table, done = mapping.table, Checked()
        self.sheet_names.append(f"{sheet.file}\n{sheet.sheet}")
        self.sheets.append(sheet)
        place = pa.scalar(len(self.sheet_names) - 1, pa.int32())
        counted = self.result.tables.setdefault(table.name, TableResult())
        try:
            for rows in check_sheet(sheet, mapping, directory, self.problems, done):
                rows = rows.append_column(stage.SHEET, pa.repeat(place, rows.num_rows))
                if table.flows and YEAR_TO_DATE in rows["basis"].unique().to_pylist():
                    self.cumulative.setdefault(table.name, []).append(rows)
                    partitions = [partition for partition, _ in stage.by_partition(table, rows)]
                else:
                    partitions = self.spill.add(table, rows)
                # what one region's files have as columns says nothing of another's
                for partition in partitions:
                    self.given.setdefault((table.name, partition), set()).update(mapping.columns, mapping.pivot)
                self.progress("read", sheet.file, 0.4 * (number + 0.5) / sheets)
        except Unreadable as error:
            self.problems.add(error.problem)
        self.result.examples += done.examples
        if done.examples and not done.rows:  # a template in which nothing was filled in
            if not counted.files:
                del self.result.tables[table.name]
            return
        if not self.options.mapping.tables and (unused := sorted(set(sheet.header) - used_headers(mapping) - {""})):
            self.result.unused[sheet.file] = unused
        counted.files.append(sheet.file)
        for name in ("rows", "loaded", "not_cast", "filtered", "refused"):
            setattr(counted, name, getattr(counted, name) + getattr(done, name))
        for reason, rows_aside in done.aside.items():
            counted.set_aside[reason] = counted.set_aside.get(reason, 0) + rows_aside
        if done.aside_rows:
            self.result.set_aside.append((sheet.file, list(sheet.header), done.aside_rows))
        if done.totals:
            held, _ = self.totals.setdefault(table.name, ([], tuple(mapping.totals)))
            held.extend(done.totals)

    def _directory(self) -> Directory:
        directory = Directory(
            # What is put beside the demonstration county must name its region: real rows must not slip into it.
            named_region=self.options.mapping.region or (self.settings.region if self._beside_invented() else ""),
            office_region=self.settings.region,
            departments={},
            vocabularies={},
            derived=self.options.mapping.derive_departments,
        )
        own = self._stored("vocabulary").to_pylist()
        for word in (*warehouse.default_vocabulary(), *own):
            names = [word["code"], word["zh"], word["en"], *(word["aliases"] or "").split(";")]
            known = directory.vocabularies.setdefault(word["vocabulary"], [])
            known += [(name, word["code"]) for name in names if name]
        for row in self._stored("departments").to_pylist():
            names = (row["name"], row["short_name"], row["name_en"])
            directory.add_department(row["region_id"], row["department_id"], *names)
        return directory

    def _stored(self, name: str) -> pa.Table:
        """What is known of a (small) table so far."""
        table = TABLES[name]
        parts = [stage.plain(self._raw(part["file"])) for part in self.partitions.get(name, {}).values()]
        return pa.concat_tables([table.arrow.empty_table(), *parts], promote_options="default").select(table.names)

    def _beside_invented(self) -> bool:
        return bool(self.current and self.current.demonstration) and not self.options.demonstration

    def _stored_before(self, name: str) -> list[dict[str, object]]:
        parts = self.current.partitions.get(name, {}).values()
        return [row for part in parts for row in self._raw(part["file"]).to_pylist()]

    def _raw(self, name: str) -> pa.Table:
        self.snapshots.require_sound_raw(name, self.current.id)
        return parquet.read_table(self.snapshots.raw / name)

    def _keep_new_names(self, directory: Directory) -> None:
        """Departments, words and regions that came up are rows of their tables like any others."""
        mapping = self.options.mapping
        departments = [
            {"region_id": region, "department_id": code, "name": name, "category": mapping.derive_departments}
            for (region, code), name in directory.new_departments.items()
        ]
        if departments:
            directory.add_word("category", mapping.derive_departments) if not self._knows_category(directory) else None
        words = [
            {"vocabulary": vocabulary, "code": code, "zh": word, "en": word}
            for vocabulary, found in directory.new_words.items()
            for code, word in found.items()
        ]
        regions = [{"region_id": code, "name": name} for code, name in mapping.regions.items()]
        for name, rows in (("departments", departments), ("vocabulary", words), ("regions", regions)):
            if rows:
                self._add_rows(TABLES[name], rows)

    def _knows_category(self, directory: Directory) -> bool:
        codes = {code for _, code in directory.vocabularies.get("category", [])}
        return self.options.mapping.derive_departments in codes

    def _add_rows(self, table: Table, rows: list[dict[str, str]]) -> None:
        whole = pa.Table.from_pylist([dict.fromkeys(table.names) | row for row in rows], schema=table.arrow)
        self.sheet_names.append(f"{self.options.mapping.name}.toml\n")
        self.sheets.append(None)
        place = pa.scalar(len(self.sheet_names) - 1, pa.int32())
        whole = whole.append_column(stage.ROW, pa.array(range(1, len(rows) + 1), pa.int64()))
        self.spill.add(table, whole.append_column(stage.SHEET, pa.repeat(place, len(rows))))
        self.repeated.setdefault(table.name, "refuse")
        result = self.result.tables.setdefault(table.name, TableResult())
        result.rows += len(rows)
        result.loaded += len(rows)

    # --- merging ---
    def _difference(self) -> None:
        for name, parts in self.cumulative.items():
            table = TABLES[name]
            rows = pa.concat_tables(parts)
            stored = self._stored(name).to_pandas()
            rows, differenced, left, problems = stage.difference(table, rows, stored, self.sheet_names)
            self.problems.extend(problems)
            for problem in problems:
                place = self.sheet_names.index(f"{problem.file}\n{problem.sheet}")
                self._refuse_later(table, [(place, problem.row)], problem.code)
            self.result.tables[name].differenced = differenced
            self.result.tables[name].year_to_date = left
            self.spill.add(table, rows)

    def _merge(self) -> None:
        work = [(table, partition) for table in TABLES.values() for partition in self.spill.partitions(table)]
        corrections: list[tuple] = []
        for number, (table, partition) in enumerate(work):
            self.progress("merge", table.name, 0.4 + 0.1 * number / len(work))
            self._merge_partition(table, partition, corrections)
        columns = zip(*corrections) if corrections else [[] for _ in CORRECTIONS]
        arrays = [pa.array(list(column), pa.string()) for column in columns]
        self._write_by_region("corrections", pa.table(arrays, schema=CORRECTIONS))
        self._keep_totals()

    def _keep_totals(self) -> None:
        """What rows that are totals state, for the arithmetic audit; what is known already is not kept again."""
        held = {name: pa.concat_tables(parts) for name, (parts, _) in self.totals.items() if name in ADDED_UP}
        known = [self._raw(part["file"]) for _, part in sorted(self.partitions.get("stated_totals", {}).items())]
        new = stage.totals_that_are_news(held, pa.concat_tables([STATED_TOTALS.empty_table(), *known]), self.import_id)
        self.result.totals = new.num_rows
        self._write_by_region("stated_totals", new)

    def _merge_partition(self, table: Table, partition: tuple[str, str], corrections: list[tuple]) -> None:
        new = self.spill.take(table, partition)
        key = partition_key(partition)
        known = self.partitions.get(table.name, {}).get(key)
        old = self._raw(known["file"]) if known else None
        merged = stage.merge(table, old, new, self.repeated[table.name], self.sheet_names)
        self.problems.extend(merged.problems)
        self._refuse_later(table, merged.refused, "repeated_key")
        result = self.result.tables[table.name]
        for name in ("repeated", "added", "changed", "unchanged", "removed"):
            setattr(result, name, getattr(result, name) + getattr(merged, name))
        counts = (merged.added, merged.changed, merged.unchanged, merged.removed)
        self.result.periods.append(PeriodResult(table.name, *partition, *counts))
        if table.name in self.totals:
            held, marked = self.totals[table.name]
            found = stage.audit_totals(table, new, pa.concat_tables(held), marked)
            result.disagreeing_totals += len(found)
            self.result.audit += [(table.name, *row) for row in found]
        if merged.rows is not None:
            self.problems.extend(_mixed_grain(table, partition, merged.rows))
            self.problems.extend(_mixed_totals(table, partition, merged.rows))
            corrections += [(self.import_id, table.name, *partition, *cell) for cell in merged.corrections]
            room = MOST_RESTATED - len(self.result.restated)
            self.result.n_restated += len(merged.corrections)
            if table.name != "evaluations":  # who guesses scores would be told how each rater voted
                self.result.restated += [(table.name, *partition, *cell) for cell in merged.corrections[: max(room, 0)]]
            self._write(table.name, key, merged.rows, self.given.get((table.name, partition), set()))

    def _refuse_later(self, table: Table, rows: list[tuple[int, int]], why: str) -> None:
        different = list(dict.fromkeys(rows))
        result = self.result.tables[table.name]
        result.loaded -= len(different)
        result.refused += len(different)
        self.refused_later += [(sheet, row, why) for sheet, row in different]

    def _set_aside_later_rows(self) -> None:
        """Rows that were good by themselves, as text: their files are read once more."""
        wanted: dict[int, dict[int, str]] = {}
        for sheet, row, why in self.refused_later[:MOST_ASIDE_ROWS]:
            wanted.setdefault(sheet, {})[row] = why
        for place, reasons in wanted.items():
            sheet = self.sheets[place]
            if sheet is None:
                continue
            rows = []
            for numbers, batch in sheet.batches():
                for i in pc.index_in(pa.array(list(reasons), pa.int64()), numbers).drop_null().to_pylist():
                    cells = [batch[name][i].as_py() for name in batch.column_names]
                    rows.append((numbers[i].as_py(), cells, reasons[numbers[i].as_py()]))
            self.result.set_aside.append((sheet.file, list(sheet.header), sorted(rows)))

    def _write(self, name: str, key: str, rows: pa.Table, given: Collection[str] = ()) -> None:
        path = self.scratch / f"part-{uuid.uuid4().hex}.parquet"
        # Statistics only where a query skips files by them: those of every score cost a third of the writing.
        skipped_by = [name for name in ("region_id", "quarter", "ballot_id") if name in rows.column_names]
        # Without Arrow's own types beside Parquet's: an engine that heeds them sees dictionaries where others see text.
        options = {"store_schema": False, "compression": "zstd", "use_dictionary": True}
        parquet.write_table(rows, path, write_statistics=skipped_by or False, **options)
        before = self.partitions.setdefault(name, {}).get(key, {}).get("columns", [])
        columns = sorted({*before, *given})
        self.partitions[name][key] = {"written": path, "rows": rows.num_rows, "columns": columns}

    def _write_by_region(self, name: str, rows: pa.Table) -> None:
        """What this import adds: a file of each region, so that a region needs no other's."""
        for region in rows["region_id"].unique().to_pylist():
            own = rows.filter(pc.equal(rows["region_id"], region))
            self._write(name, partition_key((region, self.import_id)), own)

    def _stop_on_problems(self) -> None:
        fatal = sum(number for (code, _), number in self.problems.counts.items() if code not in ROW_CODES)
        if fatal or (self.problems.total and not self.options.accept_valid):
            raise ImportRefused(self.problems, only_rows=not fatal)

    def _stop_on_others_regions(self) -> None:
        """Nothing of a region that is not theirs, and of what all regions share, is changed or held against a file."""
        if not (mine := set(self.options.regions)):
            return
        named = {region for table in TABLES.values() for region, _ in self.spill.partitions(table)}
        for parts in self.cumulative.values():
            named |= {str(region) for part in parts for region in part["region_id"].unique().to_pylist()}
        if foreign := sorted(named - mine):
            given = ", ".join(region or "*" for region in foreign)
            raise FolderError(OTHERS_REGION, given=given, regions=", ".join(sorted(mine)))

    def _stop_on_invented_neighbours(self) -> None:
        """Real figures beside the demonstration county would pass for invented ones, and the other way round."""
        if not self._beside_invented():
            return
        invented = {row["region_id"] for row in self._stored_before("regions")}
        tables = (name for name, table in TABLES.items() if table.by_region)
        named = {key.split("|")[0] for name in tables for key in self.partitions.get(name, {})}
        if real := sorted(named - invented):
            raise FolderError("demonstration", folder=str(self.snapshots.folder), regions=", ".join(real))

    # --- publishing ---
    def publish(self, paths: list[Path], anew: bool = False) -> Manifest:
        """Build a snapshot of the partitions as they are now, and swap it in. `anew`: also what did not change."""
        failpoint("before_raw")
        self.progress("keep", "", BUILD_BEGINS)
        self._split_by_region()
        for name, parts in self.partitions.items():
            for key, part in parts.items():
                if written := part.pop("written", None):
                    file, size = self.snapshots.keep_raw(name, written)
                    parts[key] = {**part, "file": file, "bytes": size}
                    failpoint("between_raw")
        failpoint("after_raw")
        with self.snapshots.building() as place:
            self.progress("build", "", BUILD_BEGINS)
            regions = building.build(
                self.snapshots, place, self.partitions, self.settings, self.scratch, anew, self._built
            )
            failpoint("after_build")
            self.progress("publish", "", BUILD_ENDS)
            content = {
                "demonstration": self.options.demonstration or bool(self.current and self.current.demonstration),
                "parent": self.current.id if self.current else None,
                "recipe": warehouse.recipe(self.settings),
                "method": warehouse.method(),
                "baselines": list(self.settings.baselines),
                "tables": self.partitions,
                "regions": regions,
                "imports": [*(self.current.imports if self.current else []), self._record(paths)],
            }
            return self.snapshots.publish(place, content, self._who(), self.options.note)

    def _split_by_region(self) -> None:
        """What an earlier version wrote of all regions together."""
        for name, key, region, rows in list(building.split_by_region(self.snapshots, self.partitions)):
            self.partitions[name].pop(key, None)
            self._write(name, partition_key((region, key)), rows)

    def _built(self, step: str, share: float) -> None:
        self.progress("build", step, BUILD_BEGINS + share * (BUILD_ENDS - BUILD_BEGINS))

    def _who(self) -> str:
        return self.options.who or getpass.getuser()

    def _record(self, paths: list[Path]) -> dict[str, object]:
        return {
            "id": self.import_id,
            "at": now().isoformat(),
            "who": self._who(),
            "note": self.options.note,
            "mapping": self.options.mapping.name,
            "sources": [_fingerprint(path) for path in paths],
            "regions": sorted({period.region for period in self.result.periods}),
            "tables": {name: vars(result) for name, result in self.result.tables.items()},
        }


def _fingerprint(path: Path) -> dict[str, object]:
    """Name, size and content hash of a source, so that a figure can be traced to the file it came from."""
    if path.is_file():
        return {"name": path.name, "files": 1, "bytes": _size([path]), "sha256": sha256_of(path)}
    files = sorted(file for file in path.rglob("*") if file.is_file())
    hashes = {str(file.relative_to(path)): sha256_of(file) for file in files}
    digest = hashlib.sha256("".join(hashes.values()).encode()).hexdigest()
    # the names by which `tables` knows them, so that each table's file can be told
    named = {name: found for name, found in hashes.items() if len(hashes) <= MOST_NAMED_FILES}
    return {"name": path.name, "files": len(files), "bytes": _size([path]), "sha256": digest, "contents": named}


def _mixed_totals(table: Table, partition: tuple[str, str], rows: pa.Table) -> list[Problem]:
    """A total (合计) beside its parts would be added to them."""
    found = []
    for column in table.columns:
        if column.kind is not Kind.CODE or column.name not in table.key:
            continue
        words = rows[column.name].unique().cast(pa.string()).to_pylist()
        if "all" not in words or len(words) == 1:
            continue
        frame = stage.plain(rows.select(["department_id", column.name])).to_pandas()
        total = (frame[column.name] == "all").groupby(frame["department_id"]).agg(["any", "all"])
        mixed = total[total["any"] & ~total["all"]].index
        found += [
            Problem("mixed_totals", table.name, column=column.name, found=f"{partition[1]} · {name}") for name in mixed
        ]
    return found


def _mixed_grain(table: Table, partition: tuple[str, str], rows: pa.Table) -> list[Problem]:
    """A quarter given both by month and as a whole would be counted twice."""
    if "month" not in table.names:
        return []
    frame = stage.plain(rows.select(["department_id", "month"])).to_pandas()
    monthly = frame["month"].notna().groupby(frame["department_id"].astype(str)).agg(["any", "all"])
    mixed = monthly[monthly["any"] & ~monthly["all"]].index
    return [Problem("mixed_grain", table.name, column="month", found=f"{partition[1]} · {name}") for name in mixed]
