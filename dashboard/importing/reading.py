"""From paths to sheets of text: CSV and XLSX files, folders and zip archives of them.

Nothing is typed here. A sheet yields its rows in batches of text columns, so that a file of any size passes through a
bounded amount of memory. What cannot be read as a table at all becomes a `Problem`.
"""

import codecs
import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from python_calamine import CalamineError, CalamineWorkbook

from dashboard.importing.problems import Problem
from dashboard.schema import TABLES, normalised

CSV_SUFFIXES = {".csv", ".txt", ".tsv"}
WORKBOOK_SUFFIXES = {".xlsx", ".xls"}
TEXT = pa.dictionary(pa.int32(), pa.string())  # columns of text: each distinct text once
BLOCK_BYTES = 8 << 20
HEAD_BYTES = 64 << 10
TITLE_ROWS = 10  # a header is looked for in the first ten rows: sheets often begin with a title

# A workbook is small text, well packed; figures beyond these are a bomb or a mistake.
LARGEST_WORKBOOK = 64 << 20
LARGEST_UNPACKED_WORKBOOK = 1 << 30
LARGEST_UNPACKED_ARCHIVE = 16 << 30
MOST_ENTRIES = 2_000
HIGHEST_RATIO = 200


@dataclass(frozen=True)
class Sheet:
    """One table of text. `batches()` yields (row numbers, dictionary-encoded columns named 0, 1, … in header order)."""

    file: str
    sheet: str
    header: tuple[str, ...]
    batches: Callable[[], Iterator[tuple[pa.Array, pa.Table]]]
    problems: list[Problem] = field(default_factory=list)  # filled while the batches are read


class Unreadable(Exception):
    def __init__(self, problem: Problem):
        super().__init__(problem.code)
        self.problem = problem


@dataclass
class Sources:
    """The sheets under some paths, and the problems of what could not be read."""

    sheets: list[Sheet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)  # files that are no tables: named, not read


def open_sources(paths: list[Path], scratch: Path) -> Sources:
    """All sheets in `paths` (files, folders, zip archives). Archives are unpacked into `scratch`."""
    sources = Sources()
    for path in paths:
        try:
            if path.is_dir():
                for inner in sorted(p for p in path.rglob("*") if p.is_file()):
                    _open_file(inner, str(inner.relative_to(path)), scratch, sources)
            elif path.exists():
                _open_file(path, path.name, scratch, sources)
            else:
                sources.problems.append(Problem("no_such_file", str(path)))
        except OSError as error:
            sources.problems.append(Problem("cannot_open", str(path), found=error.strerror or str(error)))
    return sources


def _open_file(path: Path, name: str, scratch: Path, sources: Sources) -> None:
    suffix = path.suffix.lower()
    try:
        if path.name.startswith((".", "~$")):
            return
        if suffix == ".zip":
            _open_archive(path, name, scratch, sources)
        elif suffix == ".xlsm":
            raise Unreadable(Problem("macros", name))
        elif suffix in WORKBOOK_SUFFIXES:
            sources.sheets.extend(_workbook_sheets(path, name))
        elif suffix in CSV_SUFFIXES:
            sources.sheets.append(_csv_sheet(path, name))
        else:
            sources.skipped.append(name)
    except Unreadable as error:
        sources.problems.append(error.problem)


# --- archives --------------------------------------------------------------------------------------------------
def _open_archive(path: Path, name: str, scratch: Path, sources: Sources) -> None:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError):
        raise Unreadable(Problem("broken_archive", name)) from None
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        _refuse_bomb(entries, name, LARGEST_UNPACKED_ARCHIVE)
        for number, entry in enumerate(entries):
            inner = _entry_name(entry)
            if Path(inner).suffix.lower() == ".zip":
                raise Unreadable(Problem("nested_archive", name, found=inner))
            if "__MACOSX" in inner or Path(inner).name.startswith("."):
                continue
            # An own name: what an archive calls its files must not choose where they land.
            unpacked = scratch / f"{path.stem}-{number}{Path(inner).suffix.lower()}"
            try:
                with archive.open(entry) as packed, unpacked.open("wb") as plain:
                    _copy(packed, plain, entry.file_size)
            except (zipfile.BadZipFile, RuntimeError, EOFError, NotImplementedError, zlib.error):
                raise Unreadable(Problem("broken_archive", name, found=inner)) from None
            _open_file(unpacked, f"{name}/{inner}", scratch, sources)


def _copy(packed: BinaryIO, plain: BinaryIO, declared: int) -> None:
    copied = 0
    while block := packed.read(1 << 20):
        copied += len(block)
        if copied > declared:  # the declared size was checked; a liar is stopped here
            raise zipfile.BadZipFile("larger than declared")
        plain.write(block)


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """Chinese Windows writes GBK names without saying so; zipfile reads those as cp437."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return entry.filename


def _refuse_bomb(entries: list[zipfile.ZipInfo], name: str, largest: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES:
        raise Unreadable(Problem("too_many_entries", name, found=str(len(entries)), expected=f"≤ {MOST_ENTRIES}"))
    if unpacked > largest or (unpacked > 16 << 20 and unpacked > HIGHEST_RATIO * max(packed, 1)):
        raise Unreadable(
            Problem("unpacks_too_large", name, found=f"{unpacked >> 20} MiB", expected=f"≤ {largest >> 20} MiB")
        )


# --- workbooks -------------------------------------------------------------------------------------------------
def _workbook_sheets(path: Path, name: str) -> Iterator[Sheet]:
    if path.stat().st_size > LARGEST_WORKBOOK:
        raise Unreadable(Problem("file_too_large", name, found=f"{path.stat().st_size >> 20} MiB", expected="≤ 64 MiB"))
    if zipfile.is_zipfile(path):
        try:
            with zipfile.ZipFile(path) as archive:
                _refuse_bomb(archive.infolist(), name, LARGEST_UNPACKED_WORKBOOK)
                if any("vbaProject" in entry for entry in archive.namelist()):
                    raise Unreadable(Problem("macros", name))
        except zipfile.BadZipFile:
            raise Unreadable(Problem("broken_workbook", name)) from None
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        for sheet_name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(sheet_name)
            rows = sheet.to_python(skip_empty_area=False)
            if any(any(cell not in ("", None) for cell in row) for row in rows):
                yield _rows_sheet(name, sheet_name, rows, sheet.merged_cell_ranges or [])
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable(Problem("broken_workbook", name, found=str(error)[:80])) from None


def _rows_sheet(name: str, sheet_name: str, rows: list[list], merged: list) -> Sheet:
    at = header_position(rows)
    header = tuple(cell_text(cell).strip() for cell in rows[at])
    width = max((i + 1 for i, cell in enumerate(header) if cell), default=0)
    header = header[:width]
    body = rows[at + 1 :]
    problems = [
        Problem("merged_cells", name, sheet_name, row=top + 1, column=header[left] if left < width else "")
        for (top, left), (bottom, _) in merged
        if bottom > at and left < width
    ]
    # Cells to the right of the header belong to no column: a shifted row must not lose them in silence.
    problems += [
        Problem("shifted_row", name, sheet_name, at + 2 + i, found=str(_used(row)), expected=str(width))
        for i, row in enumerate(body)
        if _used(row) > width
    ]

    def batches() -> Iterator[tuple[pa.Array, pa.Table]]:
        numbered = [(at + 2 + i, row) for i, row in enumerate(body) if _used(row)]
        numbers = pa.array([number for number, _ in numbered], pa.int64())
        columns = [
            pa.array(
                [cell_text(row[i]) if i < len(row) else "" for _, row in numbered], pa.string()
            ).dictionary_encode()
            for i in range(width)
        ]
        yield numbers, pa.table(columns, names=[str(i) for i in range(width)])

    return Sheet(name, sheet_name, header, batches, problems)


def _used(row: list) -> int:
    return max((i + 1 for i, cell in enumerate(row) if cell not in ("", None)), default=0)


def cell_text(cell: object) -> str:
    """A workbook's cell as the text a person would type: 14.0 is 14, a date is 2026-07-15."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if hasattr(cell, "isoformat"):
        return cell.isoformat()[:10]
    return "" if cell is None else str(cell)


def _known_headers() -> frozenset[str]:
    names = (name for table in TABLES.values() for c in table.columns for name in (c.name, *c.headers))
    return frozenset(normalised(name) for name in names)


KNOWN_HEADERS = _known_headers()


def header_position(rows: list[list]) -> int:
    """The row of the first ten with the most known headers; the first used row where none is known."""
    used = [i for i, row in enumerate(rows[:TITLE_ROWS]) if _used(row)]
    known = {i: sum(normalised(cell_text(cell)) in KNOWN_HEADERS for cell in rows[i] if cell) for i in used}
    return max(used, key=lambda i: (known[i] >= 2, known[i] if known[i] >= 2 else 0, -i), default=0)


# --- CSV -------------------------------------------------------------------------------------------------------
def _csv_sheet(path: Path, name: str) -> Sheet:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip():
        raise Unreadable(Problem("empty_file", name))
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise Unreadable(Problem("not_a_csv", name))
    encoding, sure = encoding_of(head)
    head_text = head.decode(encoding, errors="replace")
    if "\x00" in head_text:
        raise Unreadable(Problem("not_a_csv", name))
    delimiter = delimiter_of(head_text)
    rows = list(csv.reader(io.StringIO(head_text), delimiter=delimiter))[: TITLE_ROWS + 1]
    at = header_position(rows)
    header = tuple(cell.strip().lstrip("\ufeff") for cell in rows[at])
    while header and not header[-1]:
        header = header[:-1]
    width = len(rows[at])
    problems: list[Problem] = []
    sheet = Sheet(name, "", header, lambda: batches(), problems)

    def batches() -> Iterator[tuple[pa.Array, pa.Table]]:
        problems.clear()
        for attempt in (encoding,) if sure else (encoding, "gb18030"):
            try:
                yield from _csv_batches(path, sheet, attempt, delimiter, at, width)
                return
            except UnicodeError as error:
                failure = error
        raise Unreadable(_undecodable(path, name, encoding, failure))

    return sheet


def _undecodable(path: Path, name: str, encoding: str, error: UnicodeError) -> Problem:
    """Where the first byte stands that is not of the file's encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        for row, line in enumerate(file, start=1):
            try:
                decoder.decode(line)
            except UnicodeError:
                return Problem("undecodable", name, row=row, found=line[:20].decode("latin-1"))
    return Problem("undecodable", name, found=str(error)[:60])


def encoding_of(head: bytes) -> tuple[str, bool]:
    """The encoding of a file by its beginning, and whether that is certain (plain ASCII leaves it open)."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", True
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", True
    if head.isascii():
        return "utf-8", False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
        return "utf-8", True
    except UnicodeDecodeError:
        return "gb18030", True


def delimiter_of(head: str) -> str:
    line = next((line for line in head.splitlines() if line.strip()), "")
    return max(",\t;|", key=line.count)


def _csv_batches(
    path: Path, sheet: Sheet, encoding: str, delimiter: str, header_at: int, width: int
) -> Iterator[tuple[pa.Array, pa.Table]]:
    """Batches of a CSV file. `UnicodeError` where the bytes are not of that encoding."""
    skipped: list[int] = []  # records that hold no row: blank lines, and rows with too few or too many cells

    def on_bad_row(row: arrow_csv.InvalidRow) -> str:
        skipped.append(row.number)
        if row.text.strip(" \t\r\n" + delimiter):
            sheet.problems.append(
                Problem(
                    "shifted_row",
                    sheet.file,
                    row=row.number,
                    found=str(row.actual_columns),
                    expected=str(row.expected_columns),
                )
            )
        return "skip"

    names = [str(i) for i in range(width)]
    with ExitStack() as stack:
        file = stack.enter_context(path.open("rb"))
        if encoding != "utf-8":
            file = _Transcoded(file, encoding)
        try:
            reader = arrow_csv.open_csv(
                file,
                # One thread: only then does Arrow number the rows that it rejects.
                read_options=arrow_csv.ReadOptions(
                    column_names=names, block_size=BLOCK_BYTES, use_threads=False, skip_rows=header_at + 1
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=delimiter,
                    newlines_in_values=True,
                    ignore_empty_lines=False,
                    invalid_row_handler=on_bad_row,
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, TEXT), strings_can_be_null=False
                ),
            )
            passed = header_at + 1
            for batch in reader:
                numbers = _row_numbers(passed, batch.num_rows, skipped)
                passed = int(numbers[-1].as_py()) if batch.num_rows else passed
                yield numbers, pa.table(batch.columns, names=names)
        except pa.ArrowInvalid as error:
            said = str(error)
            if "UTF8" in said:
                raise UnicodeError(said) from None
            if "Empty CSV file" in said:
                return
            raise Unreadable(Problem("broken_csv", sheet.file, found=said[:100])) from None


def _row_numbers(passed: int, rows: int, skipped: list[int]) -> pa.Array:
    """Row numbers of the next `rows` rows after row `passed`, leaving out the skipped ones."""
    if not skipped:
        return pa.array(np.arange(passed + 1, passed + rows + 1))
    out = set(skipped)
    numbers, number = [], passed
    while len(numbers) < rows:
        number += 1
        if number not in out:
            numbers.append(number)
    return pa.array(numbers, pa.int64())


class _Transcoded(io.RawIOBase):
    """A file of another encoding, read as UTF-8."""

    def __init__(self, file: BinaryIO, encoding: str):
        self._file, self._decoder, self._ready = file, codecs.getincrementaldecoder(encoding)(), b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        while not self._ready:
            block = self._file.read(1 << 20)
            self._ready = self._decoder.decode(block, final=not block).encode("utf-8")
            if not block:
                break
        taken = self._ready[: len(buffer)]
        buffer[: len(taken)] = taken
        self._ready = self._ready[len(taken) :]
        return len(taken)
