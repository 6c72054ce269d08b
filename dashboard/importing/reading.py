"""From paths to sheets of text: CSV and XLSX files, folders and zip archives of them.

Nothing is typed here. A sheet yields its rows in batches of text columns, so that a file of any size passes through a
bounded amount of memory. What cannot be read as a table at all becomes a `Problem`.
"""

import codecs
import csv
import html
import io
import lzma
import re
import shutil
import struct
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
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

# What templates mark: a row as an example, by the beginning of its first cell, and sheets that hold no table.
EXAMPLE_MARK = {"zh": "示例：", "en": "Example: "}
EXAMPLE = re.compile(r"\s*(示例|example)\s*[:：]", re.IGNORECASE)
NO_TABLE = "_"

# A workbook is small text, well packed; figures beyond these are a bomb or a mistake.
LARGEST_WORKBOOK = 64 << 20
LARGEST_UNPACKED_WORKBOOK = 1 << 30
LARGEST_UNPACKED_ARCHIVE = 16 << 30
MOST_ENTRIES = 2_000
HIGHEST_RATIO = 200
BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(RuntimeError, EOFError, NotImplementedError, ValueError, OverflowError),
)
# One used cell far from the others makes a workbook's table as large as the distance.
FAR_CELL = re.compile(rb' r="(?:[A-Z]{3}\d+|[E-Z][A-Z]\d{5,})"')


@dataclass(frozen=True)
class Sheet:
    """One table of text. `batches()` yields (row numbers, dictionary-encoded columns named 0, 1, … in header order)."""

    file: str
    sheet: str
    header: tuple[str, ...]
    batches: Callable[[], Iterator[tuple[pa.Array, pa.Table]]]
    problems: list[Problem] = field(default_factory=list)  # filled while the batches are read
    shifted: list[tuple[int, list[str]]] = field(default_factory=list)  # rows left out because their cells do not fit


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
            sources.sheets.extend(_workbook_sheets(path, name, sources.skipped))
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
    except (*BROKEN_ZIP, OSError):
        raise Unreadable(Problem("broken_archive", name)) from None
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        room = shutil.disk_usage(scratch).free // 2
        _refuse_bomb(entries, name, min(LARGEST_UNPACKED_ARCHIVE, room))
        for entry in entries:
            inner = _entry_name(entry)
            if Path(inner).suffix.lower() == ".zip":
                raise Unreadable(Problem("nested_archive", name, found=inner))
            if "__MACOSX" in inner or Path(inner).name.startswith("."):
                continue
            suffix = Path(inner).suffix.lower()
            if suffix not in CSV_SUFFIXES | WORKBOOK_SUFFIXES | {".xlsm"}:
                sources.skipped.append(f"{name}/{inner}")
                continue
            # An own name: what an archive calls its files must not choose where they land, nor may two archives of
            # one name write over each other.
            unpacked = scratch / f"unpacked-{uuid.uuid4().hex}{suffix}"
            try:
                with archive.open(entry) as packed, unpacked.open("wb") as plain:
                    _copy(packed, plain, entry.file_size)
            except BROKEN_ZIP:
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
def _workbook_sheets(path: Path, name: str, skipped: list[str]) -> Iterator[Sheet]:
    """Sheets with anything in them; those whose name begins with an underscore are named in `skipped`."""
    if path.stat().st_size > LARGEST_WORKBOOK:
        raise Unreadable(Problem("file_too_large", name, found=f"{path.stat().st_size >> 20} MiB", expected="≤ 64 MiB"))
    spoiled: dict[str, dict[tuple[int, int], str]] = {}
    if zipfile.is_zipfile(path):
        try:
            with zipfile.ZipFile(path) as archive:
                _refuse_bomb(archive.infolist(), name, LARGEST_UNPACKED_WORKBOOK)
                if any("vbaProject" in entry for entry in archive.namelist()):
                    raise Unreadable(Problem("macros", name))
                _refuse_entities(archive, name)
                spoiled = _spoiled_cells(archive, name)
        except (*BROKEN_ZIP, KeyError):
            raise Unreadable(Problem("broken_workbook", name)) from None
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        for sheet_name in workbook.sheet_names:
            if sheet_name.startswith(NO_TABLE):
                skipped.append(f"{name} · {sheet_name}")
                continue
            sheet = workbook.get_sheet_by_name(sheet_name)
            rows = sheet.to_python(skip_empty_area=False)
            for (row, column), text in spoiled.get(sheet_name, {}).items():
                if row < len(rows) and column < len(rows[row]):
                    rows[row][column] = text
            if any(_used(row) for row in rows):
                yield _rows_sheet(name, sheet_name, rows, sheet.merged_cell_ranges or [])
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise Unreadable(Problem("broken_workbook", name, found=str(error)[:80])) from None


def _refuse_entities(archive: zipfile.ZipFile, name: str) -> None:
    """No program that saves a workbook declares a document type: it is how XML is made to grow or to read files."""
    for entry in archive.namelist():
        if entry.lower().endswith((".xml", ".rels")):
            with archive.open(entry) as file:
                head = file.read(HEAD_BYTES).replace(b"\0", b"").upper()
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise Unreadable(Problem("broken_workbook", name, found=f"<!DOCTYPE> in {entry}"))


CELL = re.compile(
    rb'<c\b(?=[^>]*\br="([A-Z]+)(\d+)")([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL
)  # column, row, attributes, content
EMPTY_FORMULA = re.compile(rb"<f\b(?!.*<v>[^<])", re.DOTALL)
VALUE = re.compile(rb"<v>([^<]*)</v>")
PERCENT_FORMATS = {b"9", b"10"}  # built into every workbook: 0% and 0.00%


def _spoiled_cells(archive: zipfile.ZipFile, name: str) -> dict[str, dict[tuple[int, int], str]]:
    """Cells that would read as something else, as the text that a person sees, by sheet: (row, column) → text.

    A formula that failed or was never calculated reads as an empty cell, and 95 % as 0.95.
    """
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    targets = {}
    for entry in re.findall(rb"<Relationship\b[^>]*>", archive.read("xl/_rels/workbook.xml.rels")):
        targets[_attribute(entry, b"Id")] = _attribute(entry, b"Target").decode("utf-8", "replace").lstrip("/")
    percent = _percent_styles(archive.read("xl/styles.xml")) if "xl/styles.xml" in names else set()
    found = {}
    for entry in re.findall(rb"<sheet\b[^>]*>", archive.read("xl/workbook.xml")):
        target = targets.get(_attribute(entry, b"r:id"), "")
        member = next((path for path in (target, f"xl/{target}") if path in names), None)
        if member:
            title = html.unescape(_attribute(entry, b"name").decode("utf-8", "replace"))
            found[title] = _spoiled_in_sheet(archive, member, percent, Problem("spread_out", name, title))
    return found


def _spoiled_in_sheet(
    archive: zipfile.ZipFile, member: str, percent: set[bytes], far: Problem
) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    rest = b""
    with archive.open(member) as file:
        while block := file.read(4 << 20):
            whole, end, rest = (rest + block).rpartition(b"</row>")
            if FAR_CELL.search(whole):
                raise Unreadable(far)
            if not percent and b"<f" not in whole and b't="e"' not in whole:
                continue
            for column, row, attributes, content in CELL.findall(whole + end):
                value = VALUE.search(content)
                text = value[1].decode("utf-8", "replace") if value else ""
                if _attribute(attributes, b"t") == b"e":
                    text = text or "#VALUE!"
                elif EMPTY_FORMULA.search(content):
                    text = "#CALC!"
                elif text and _attribute(attributes, b"s") in percent and _attribute(attributes, b"t") in (b"", b"n"):
                    text += " × 100%"  # no reader takes it for a number
                else:
                    continue
                found[int(row) - 1, _column_number(column)] = text
    return found


def _percent_styles(styles: bytes) -> set[bytes]:
    """The cell styles that show a number as a percentage."""
    formats = PERCENT_FORMATS | {
        _attribute(entry, b"numFmtId")
        for entry in re.findall(rb"<numFmt\b[^>]*>", styles)
        if b"%" in _attribute(entry, b"formatCode")
    }
    cells = re.search(rb"<cellXfs\b.*?</cellXfs>", styles, re.DOTALL)
    used = re.findall(rb"<xf\b[^>]*>", cells[0]) if cells else []
    return {str(i).encode() for i, entry in enumerate(used) if _attribute(entry, b"numFmtId") in formats}


def _attribute(element: bytes, name: bytes) -> bytes:
    found = re.search(rb"\s" + name + rb'="([^"]*)"', element)
    return found[1] if found else b""


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _rows_sheet(name: str, sheet_name: str, rows: list[list], merged: list) -> Sheet:
    at = header_position(rows)
    header = tuple(cell_text(cell).strip() for cell in rows[at])
    width = max((i + 1 for i, cell in enumerate(header) if cell), default=0)
    header = header[:width]
    body = [(at + 2 + i, row) for i, row in enumerate(rows[at + 1 :]) if _used(row)]
    # A merged header hides which column a name belongs to, a merged cell which rows a value does.
    problems = [
        Problem("merged_cells", name, sheet_name, row=top + 1, column=header[left] if left < width else "")
        for (top, left), (bottom, right) in merged
        if bottom >= at and left < width and (top, left) != (bottom, right)
    ]
    # Cells to the right of the header belong to no column: a shifted row must not lose them in silence.
    shifted = [(number, row) for number, row in body if _used(row) > width]
    problems += [
        Problem("shifted_row", name, sheet_name, number, found=str(_used(row)), expected=str(width))
        for number, row in shifted
    ]
    fitting = [(number, row) for number, row in body if _used(row) <= width]

    def batches() -> Iterator[tuple[pa.Array, pa.Table]]:
        columns = [
            pa.array([cell_text(row[i]) if i < len(row) else "" for _, row in fitting], pa.string()).dictionary_encode()
            for i in range(width)
        ]
        numbers = pa.array([number for number, _ in fitting], pa.int64())
        yield numbers, pa.table(columns, names=[str(i) for i in range(width)])

    aside = [(number, [cell_text(cell) for cell in row]) for number, row in shifted]
    return Sheet(name, sheet_name, header, batches, problems, aside)


def _used(row: list) -> int:
    """The cells of a row up to the last one that is not blank."""
    return max((i + 1 for i, cell in enumerate(row) if cell is not None and str(cell).strip()), default=0)


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
    if not head.strip(b" \t\r\n" + codecs.BOM_UTF8):
        raise Unreadable(Problem("empty_file", name))
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise Unreadable(Problem("not_a_csv", name))
    encoding = encoding_of(path)
    if not encoding:
        raise Unreadable(Problem("ambiguous_encoding", name))
    head_text = head.decode(encoding, errors="replace")
    if "\x00" in head_text:
        raise Unreadable(Problem("not_a_csv", name))
    delimiter, rows = _first_rows(head_text)
    at = header_position([row for row, _ in rows])
    cells, lines = rows[at] if rows else ([], 0)
    header = tuple(cell.strip().lstrip("\ufeff") for cell in cells)
    while header and not header[-1]:
        header = header[:-1]
    if "\ufffd" in "".join(header):
        raise Unreadable(Problem("undecodable", name, row=at + 1))
    problems: list[Problem] = []
    shifted: list[tuple[int, list[str]]] = []

    def batches() -> Iterator[tuple[pa.Array, pa.Table]]:
        problems.clear()
        shifted.clear()
        try:
            yield from _csv_batches(path, sheet, encoding, delimiter, at + 1, lines, len(cells))
        except UnicodeError as error:
            raise Unreadable(_undecodable(path, name, encoding, error)) from None

    sheet = Sheet(name, "", header, batches, problems, shifted)
    return sheet


def _first_rows(head: str) -> tuple[str, list[tuple[list[str], int]]]:
    """The delimiter, and the first rows with the number of lines up to and with each: a header may hold line breaks.

    A title above the header says nothing about delimiters, so the one that yields the most known headers is taken.
    """
    found = []
    for delimiter in ",\t;|":
        reader = csv.reader(io.StringIO(head, newline=None), delimiter=delimiter)
        try:
            rows = [(row, reader.line_num) for row in islice(reader, TITLE_ROWS + 1)]
        except csv.Error:
            continue  # a cell of the size of the whole beginning: no table by this delimiter
        header = rows[header_position([row for row, _ in rows])][0] if rows else []
        known = sum(normalised(cell) in KNOWN_HEADERS for cell in header if cell)
        found.append((known, len(header), -len(found), delimiter, rows))
    return max(found, key=lambda candidate: candidate[:3])[3:] if found else (",", [])


def _undecodable(path: Path, name: str, encoding: str, error: UnicodeError) -> Problem:
    """Where the first byte stands that is not of the file's encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    row = 0
    with path.open("rb") as file:
        for row, line in enumerate(file, start=1):
            try:
                decoder.decode(line)
            except UnicodeError:
                return Problem("undecodable", name, row=row)
    return Problem("undecodable", name, row=row or None, found=str(error)[:60])


def encoding_of(path: Path) -> str:
    """The encoding of a text file, by its mark or its first characters beyond ASCII; "" where both could be meant.

    A damaged UTF-8 file must not pass for GB18030, in which nearly any bytes are some character: so what is mostly
    whole UTF-8 is called UTF-8, and its damage is reported.
    """
    with path.open("rb") as file:
        block = file.read(HEAD_BYTES)
        if block.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        while block and block.isascii():
            block = file.read(1 << 20)
        if not block:
            return "utf-8"
        sample = re.sub(rb"^[\x00-\x7f]+", b"", block + file.read(HEAD_BYTES))[:HEAD_BYTES]
    beyond = len(re.sub(rb"[\x00-\x7f]+", b"", sample))
    longer = len(re.findall(rb"[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", sample))
    if _decodes(sample, "utf-8"):
        # “²Æ” and “财” are the same two bytes; only characters of three bytes tell that UTF-8 is meant.
        return "utf-8" if longer or not _decodes(sample, "gb18030") else ""
    return "utf-8" if 3 * longer > beyond / 2 else "gb18030"


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _csv_batches(
    path: Path, sheet: Sheet, encoding: str, delimiter: str, header_rows: int, header_lines: int, width: int
) -> Iterator[tuple[pa.Array, pa.Table]]:
    """Batches of a CSV file. `UnicodeError` where the bytes are not of that encoding."""
    skipped: list[int] = []  # records that hold no row: blank lines, and rows with too few or too many cells

    def on_bad_row(row: arrow_csv.InvalidRow) -> str:
        number = row.number + header_rows - header_lines  # Arrow counts lines, a spreadsheet rows
        skipped.append(number)
        text = row.text.strip("\r\n")
        if text.strip(" \t\r\n" + delimiter):
            _shifted(sheet, number, [text], row.actual_columns, row.expected_columns)
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
                    column_names=names, block_size=BLOCK_BYTES, use_threads=False, skip_rows=header_lines
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
            passed = header_rows
            held = None  # the last batch is looked at once more: a file may have been cut
            for batch in reader:
                if held is not None:
                    yield _fitting(sheet, delimiter, *held)
                numbers = _row_numbers(passed, batch.num_rows, skipped)
                passed = int(numbers[-1].as_py()) if batch.num_rows else passed
                held = numbers, pa.table(batch.columns, names=names)
            if held is not None:
                whole = _not_cut(sheet, path, encoding, passed > max(skipped, default=0), *held)
                yield _fitting(sheet, delimiter, *whole)
        except pa.ArrowInvalid as error:
            said = str(error)
            if "UTF8" in said:
                raise UnicodeError(said) from None
            if "Empty CSV file" in said:
                return
            # Arrow quotes the row, in which a name may stand: its text goes no further.
            if misread := re.search(r"Row #(\d+): Expected", said):  # its bytes are no text, so nobody was asked
                row = int(misread[1]) + header_rows - header_lines
                raise Unreadable(Problem("undecodable", sheet.file, row=row)) from None
            raise Unreadable(Problem("broken_csv", sheet.file, found=said.split(":")[0][:60])) from None


def _shifted(sheet: Sheet, row: int, cells: list[str], found: int, expected: int) -> None:
    # Line breaks in it: a quote was opened by mistake and ran over whole rows.
    code = "open_quote" if any("\n" in cell or "\r" in cell for cell in cells) else "shifted_row"
    sheet.problems.append(Problem(code, sheet.file, row=row, found=str(found), expected=str(expected)))
    sheet.shifted.append((row, cells))


def _not_cut(
    sheet: Sheet, path: Path, encoding: str, ends_in_row: bool, numbers: pa.Array, rows: pa.Table
) -> tuple[pa.Array, pa.Table]:
    """The last rows of a file, without the last one where the file ends inside it.

    A file that ends without a line break may have been cut inside its last number: 12 of 123. (A file cut between two
    rows is a whole, shorter file; no reader can tell. That the counts of rows are shown is the only help.)
    """
    if not ends_in_row or not rows.num_rows:
        return numbers, rows
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 64, 0))
        tail = file.read()
    tail = tail.replace(b"\x00", b"") if encoding == "utf-16" else tail
    cells = [column[-1].as_py() for column in rows.columns]
    # A cell may end with a line break of its own: then the quote that closes it stands right after that.
    open_quote = cells[-1].endswith(("\n", "\r")) and not re.search(rb'[\r\n]"[\r\n]*$', tail)
    if (tail.endswith((b"\n", b"\r")) and not open_quote) or not any(cell.strip() for cell in cells):
        return numbers, rows
    row = int(numbers[-1].as_py())
    sheet.problems.append(
        Problem("open_quote" if open_quote else "cut_row", sheet.file, row=row, found=cells[-1].strip())
    )
    sheet.shifted.append((row, cells))
    return numbers[:-1], rows[:-1]


def _fitting(sheet: Sheet, delimiter: str, numbers: pa.Array, rows: pa.Table) -> tuple[pa.Array, pa.Table]:
    """The rows without those that have cells beyond the header; a cell that swallowed other rows is a problem."""
    width = rows.num_columns
    misfit = np.zeros(rows.num_rows, bool)
    for i, column in enumerate(rows.columns):
        for chunk_start, chunk in _chunks(column):
            words = chunk.dictionary.to_pylist() if i >= len(sheet.header) else ()
            beyond = np.array([bool(word.strip()) for word in words] + [False], bool)
            if beyond.any():
                misfit[chunk_start : chunk_start + len(chunk)] |= beyond[chunk.indices.to_numpy()]
            # A quote that was opened by mistake runs on to the next one: from one row into the same place of another.
            lines = pc.match_substring_regex(chunk.dictionary, "[\r\n]")
            if width > 1 and pc.any(lines).as_py():
                for word in np.flatnonzero(lines.to_numpy(zero_copy_only=False)):
                    places = np.flatnonzero(chunk.indices.to_numpy() == word)
                    if len(places) and chunk.dictionary[int(word)].as_py().count(delimiter) >= width - 1:
                        at = chunk_start + int(places[0])
                        sheet.problems.append(Problem("open_quote", sheet.file, row=int(numbers[at].as_py())))
    if not misfit.any():
        return numbers, rows
    for i in np.flatnonzero(misfit):
        cells = [column[int(i)].as_py() for column in rows.columns]
        _shifted(sheet, int(numbers[int(i)].as_py()), cells, _used(cells), len(sheet.header))
    return numbers.filter(pa.array(~misfit)), rows.filter(pa.array(~misfit))


def _chunks(column: pa.ChunkedArray) -> Iterator[tuple[int, pa.DictionaryArray]]:
    """The chunks of a column, each with the position of its first row."""
    start = 0
    for chunk in column.chunks:
        yield start, chunk
        start += len(chunk)


def _row_numbers(passed: int, rows: int, skipped: list[int]) -> pa.Array:
    """Row numbers of the next `rows` rows after row `passed`, leaving out the skipped ones."""
    if not skipped or skipped[-1] <= passed:
        return pa.array(np.arange(passed + 1, passed + rows + 1))
    out = {number for number in skipped if number > passed}
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
