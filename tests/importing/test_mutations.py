"""Five hundred damaged files: each loads exactly, or is refused with a problem that says where.

Every mutation says which rows may be loaded from it, or leaves it to `independent_reading`, which knows nothing of the
importer. A file that was cut between two rows is a whole, shorter file; that it is shorter no reader can tell, so a
cut file may load the rows before the cut, and only those. A digit that became another digit is another figure.
"""

import csv
import io
import os
import random
import re
import shutil
import unicodedata
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

import pytest
import xlsxwriter

from dashboard.importing import ImportRefused

MUTATIONS = int(os.environ.get("MINGJING_MUTATIONS", "500"))
Rows = list[tuple[str, ...]]


@dataclass(frozen=True)
class Sample:
    """A small table as an office keeps it. `numbers` are the positions of its figures, `words` what its codes mean."""

    table: str
    columns: tuple[str, ...]
    headers: tuple[str, ...]
    rows: Rows
    numbers: tuple[int, ...]

    @property
    def text(self) -> str:
        return written([self.headers, *self.rows])

    def at(self, row: int, column: int, value: str) -> "Sample":
        rows = list(self.rows)
        rows[row] = (*rows[row][:column], value, *rows[row][column + 1 :])
        return replace(self, rows=rows)


def written(rows: Rows, delimiter: str = ",", end: str = "\r\n") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator=end).writerows(rows)
    return file.getvalue()


WORDS = {
    "财政局": "d01",
    "县公安局": "d02",
    "城关镇": "d03",
    "来信": "letter",
    "来访": "visit",
    "服务质量": "service",
    "办事效率": "efficiency",
    "督办": "task",
}
DEPARTMENTS = ("财政局", "县公安局", "城关镇", "d01", "d02", "d03")


def complaints(rng: random.Random, chinese: bool) -> Sample:
    columns = ("quarter", "department_id", "channel", "category", "received", "closed")
    headers = ("季度", "部门", "渠道", "类别", "受理", "办结") if chinese else columns
    keys = [(q, d, c) for q in ("2026Q1", "2026Q2") for d in DEPARTMENTS[:3] for c in ("来信", "来访")]
    rows = []
    for quarter, department, channel in keys:
        received = rng.randrange(1000, 3000)
        rows.append((quarter, department, channel, "service_quality", str(received), str(rng.randrange(received))))
    return Sample("complaints", columns, headers, rows, (4, 5))


def evaluations(rng: random.Random, chinese: bool) -> Sample:
    columns = ("quarter", "department_id", "rater_id", "dimension", "score")
    headers = ("季度", "部门", "测评人", "维度", "得分") if chinese else columns
    rows = [
        ("2026Q2", department, rater, dimension, f"{rng.randrange(400, 1000) / 10:g}")
        for department in DEPARTMENTS[:3]
        for rater in ("甲01", "乙02")
        for dimension in ("服务质量", "办事效率")
    ]
    return Sample("evaluations", columns, headers, rows, (4,))


def tasks(rng: random.Random, chinese: bool) -> Sample:
    columns = ("task_id", "department_id", "kind", "issued_on", "due_on", "published", "title")
    headers = ("督办编号", "部门", "类型", "交办日期", "办结期限", "公开", "事项名称") if chinese else columns
    rows = [
        (f"T{i:02d}", DEPARTMENTS[i % 3], "task", f"2026-0{i % 6 + 1}-15", f"2026-{7 + i % 5:02d}-20", "true", title)
        for i, title in enumerate(
            rng.sample(["整治收费", "清理积案", "道路, 桥梁", "更新窗口 “一次办”", "核查举报"], 5)
        )
    ]
    return Sample("tasks", columns, headers, rows, ())


# --- what a reading is compared with -----------------------------------------------------------------------------
def figure(text: str) -> str:
    """A number in one form."""
    return f"{Decimal(unicodedata.normalize('NFKC', text).strip().replace(',', '')).normalize():f}"


def letters(header: str) -> str:
    return "".join(character for character in header.casefold() if character.isalnum())


CODES = ("service_quality", "letter", "visit", "service", "efficiency", "task", "true", "2026Q1", "2026Q2")


def word(cell: str) -> str:
    """A code or a date in one form: capitals, spaces, underlines and leading zeros do not matter in it."""
    cell = re.sub(r"(?<=-)(\d)(?=-|$)", r"0\1", cell.strip()) if re.match(r"\d{4}-", cell) else cell.strip()
    same = {letters(code): code for code in (*CODES, "d01", "d02", "d03")}
    return WORDS.get(cell) or same.get(letters(cell), cell)


def canonical(sample: Sample, rows: Rows) -> set[tuple[str, ...]]:
    return {tuple(figure(cell) if i in sample.numbers else word(cell) for i, cell in enumerate(row)) for row in rows}


def stored(office, sample: Sample) -> set[tuple[str, ...]]:
    def said(value: object) -> str:
        return str(value).lower() if isinstance(value, bool) else str(value)

    return canonical(sample, [tuple(said(row[c]) for c in sample.columns) for row in office.stored(sample.table)])


def independent_reading(sample: Sample, data: bytes) -> set[tuple[str, ...]] | None:
    """What the bytes of a CSV file say, or None where they say nothing definite."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        return None
    rows = [row for row in csv.reader(io.StringIO(text, newline=None)) if any(cell.strip() for cell in row)]
    names = {letters(name): column for name, column in zip(sample.headers, sample.columns)}
    names |= {letters(column): column for column in sample.columns}
    header = [names.get(letters(cell)) for cell in rows[0]]
    if set(sample.columns) - set(header) or any(len(row) != len(header) for row in rows[1:]):
        return None
    if any("\n" in cell for row in rows for cell in row):
        return None
    try:
        return canonical(sample, [tuple(row[header.index(name)] for name in sample.columns) for row in rows[1:]])
    except InvalidOperation:
        return None


# --- mutations: (file name, bytes, the row sets that may be loaded; None: what an independent reading says) ----------
Mutated = tuple[str, bytes, list[Rows] | None]
MUTATORS: list[Callable[[random.Random, Sample], Mutated]] = []


def mutation(function: Callable[[random.Random, Sample], Mutated]) -> Callable[[random.Random, Sample], Mutated]:
    MUTATORS.append(function)
    return function


@mutation
def cut(rng, sample):
    data = sample.text.encode(rng.choice(["utf-8", "utf-8-sig", "gb18030"]))
    return "cut.csv", data[: rng.randrange(len(data))], [sample.rows[:n] for n in range(len(sample.rows) + 1)]


@mutation
def cut_utf16(rng, sample):
    data = sample.text.encode("utf-16")
    return "cut16.csv", data[: rng.randrange(len(data))], [sample.rows[:n] for n in range(len(sample.rows) + 1)]


@mutation
def cut_without_quotes_closed(rng, sample):
    text = sample.text.replace("\r\n", '"\r\n', 1)
    at = rng.randrange(len(text))
    return "open.csv", (text[:at] + '"' + text[at:]).encode(), None


@mutation
def byte_flipped(rng, sample):
    data = bytearray(sample.text.encode(rng.choice(["utf-8", "gb18030"])))
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return "flipped.csv", bytes(data), None


@mutation
def byte_lost(rng, sample):
    data = sample.text.encode(rng.choice(["utf-8", "gb18030"]))
    at = rng.randrange(len(data))
    return "lost.csv", data[:at] + data[at + 1 :], None


@mutation
def byte_doubled(rng, sample):
    data = sample.text.encode()
    at = rng.randrange(len(data))
    return "doubled.csv", data[:at] + data[at : at + 1] + data[at:], None


@mutation
def encoded(rng, sample):
    name = rng.choice(["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7"])
    return f"{name}.csv", sample.text.encode(name), [sample.rows]


@mutation
def encoded_twice(rng, sample):
    wrong = rng.choice(["latin-1", "gb18030"])
    data = sample.text.encode().decode(wrong, errors="replace").encode("utf-8")
    return "twice.csv", data, [sample.rows]


@mutation
def two_encodings(rng, sample):
    head, tail = sample.rows[:5], sample.rows[5:]
    data = written([sample.headers, *head]).encode() + written(tail).encode("gb18030")
    return "mixed.csv", data, [sample.rows]


@mutation
def row_shifted(rng, sample):
    i, at = rng.randrange(len(sample.rows)), rng.randrange(len(sample.columns))
    row = list(sample.rows[i])
    row.insert(at, rng.choice(["", "1", row[at]]))
    if rng.random() < 0.5:
        row.pop()
    rows = [*sample.rows[:i], tuple(row), *sample.rows[i + 1 :]]
    data = written([sample.headers, *rows]).encode()
    return "shifted.csv", data, None if len(row) == len(sample.columns) else []


@mutation
def cell_removed(rng, sample):
    i, at = rng.randrange(len(sample.rows)), rng.randrange(len(sample.columns))
    row = (*sample.rows[i][:at], *sample.rows[i][at + 1 :])
    return "short.csv", written([sample.headers, *sample.rows[:i], row, *sample.rows[i + 1 :]]).encode(), []


@mutation
def columns_in_another_order(rng, sample):
    order = rng.sample(range(len(sample.columns)), len(sample.columns))
    rows = [tuple(row[i] for i in order) for row in [sample.headers, *sample.rows]]
    return "order.csv", written(rows).encode(), [sample.rows]


@mutation
def cells_exchanged(rng, sample):
    """Two cells of a row that cannot stand for each other."""
    i = rng.randrange(len(sample.rows))
    row = list(sample.rows[i])
    row[0], row[-1] = row[-1], row[0]
    rows = [*sample.rows[:i], tuple(row), *sample.rows[i + 1 :]]
    return "exchanged.csv", written([sample.headers, *rows]).encode(), None if sample.table == "tasks" else []


@mutation
def headers_varied(rng, sample):
    forms = [
        str.upper,
        str.title,
        lambda h: f" {h} ",
        lambda h: f"{h}（件）",
        lambda h: h.replace("_", " "),
        lambda h: f"{h}：",
    ]
    headers = tuple(rng.choice(forms)(header) for header in sample.headers)
    return "headers.csv", written([headers, *sample.rows]).encode(), [sample.rows]


@mutation
def columns_added(rng, sample):
    at, name = rng.randrange(len(sample.columns) + 1), rng.choice(["备注", "序号", "remarks", ""])
    rows = [(*row[:at], name if i == 0 else str(i), *row[at:]) for i, row in enumerate([sample.headers, *sample.rows])]
    return "added.csv", written(rows).encode(), [sample.rows]


@mutation
def header_repeated(rng, sample):
    at = rng.randrange(len(sample.columns))
    rows = [(*row, row[at] if i == 0 else "7") for i, row in enumerate([sample.headers, *sample.rows])]
    return "twice.csv", written(rows).encode(), []


@mutation
def line_ends(rng, sample):
    lines = written([sample.headers, *sample.rows], end="\n").splitlines()
    ends = rng.choice([["\n"], ["\r\n"], ["\r"], ["\n", "\r\n"]])
    return "ends.csv", "".join(line + rng.choice(ends) for line in lines).encode(), [sample.rows]


@mutation
def delimiters(rng, sample):
    delimiter = rng.choice(";\t|")
    title = rng.choice(["", "2026年上半年，汇总\r\n"])
    data = title + written([sample.headers, *sample.rows], delimiter)
    return rng.choice(["d.csv", "d.txt", "d.tsv"]), data.encode(), [sample.rows]


@mutation
def quote_inserted(rng, sample):
    text = sample.text
    at = rng.randrange(len(text))
    return "quote.csv", (text[:at] + '"' + text[at:]).encode(), None


@mutation
def quotes_inserted_at_cell_starts(rng, sample):
    """Two stray quotes swallow the rows between them."""
    text = sample.text
    starts = [i + 1 for i, c in enumerate(text) if c in ",\n" and i + 1 < len(text)]
    first, second = sorted(rng.sample(starts, 2))
    return "swallow.csv", (text[:first] + '"' + text[first:second] + '"' + text[second:]).encode(), None


@mutation
def blank_rows(rng, sample):
    blank = rng.choice([("",) * len(sample.columns), (), (" ", " "), ("\u3000",) * len(sample.columns)])
    at = rng.randrange(len(sample.rows))
    rows = [sample.headers, *sample.rows[:at], blank, *sample.rows[at:], blank]
    return "blank.csv", written(rows).encode(), [sample.rows]


@mutation
def titles_above(rng, sample):
    titles = [("民生投诉汇总",), (), ("单位：件", "2026年")][: rng.randrange(1, 4)]
    return "titles.csv", written([*titles, sample.headers, *sample.rows]).encode(), [sample.rows]


FORMS = {
    "1,204": "1204",
    "１２０４": "1204",
    "1204.0": "1204",
    " 1204 ": "1204",
    "+1204": "1204",
    "1.204e3": "1204",
    **dict.fromkeys(["1e308", "-3", "nan", "inf", "12人", "约12", "#DIV/0!", "=1+1", "1204²", "12-15", "0,5", "1_2"]),
    **dict.fromkeys(
        ["一百", "1.2.3", "12 04", "0x1F", "true", "1e-3x", "79,5", "1204,", "2026-01-02", "٣", "95%", "①"]
    ),
}


@mutation
def number_written_otherwise(rng, sample):
    if not sample.numbers:
        return cell_removed(rng, sample)
    row = rng.randrange(len(sample.rows))
    raw, value = rng.choice(list(FORMS.items()))
    scores = sample.table == "evaluations"
    if scores and value:
        raw, value = raw.replace("1204", "95.5").replace("1,204", "95.5").replace("１２０４", "９５．５"), "95.5"
        if raw in ("1204.0", "95.5.0", "1.204e3"):
            raw = "9.55e1"
    changed = sample.at(row, sample.numbers[0], raw)
    if value:
        changed = changed.at(row, sample.numbers[-1], "1" if not scores else raw)
        expected = changed.at(row, sample.numbers[0], value).rows
    data = written([changed.headers, *changed.rows]).encode()
    return "numbers.csv", data, [expected] if value else []


@mutation
def number_unquoted_with_comma(rng, sample):
    if not sample.numbers:
        return row_shifted(rng, sample)
    changed = sample.at(rng.randrange(len(sample.rows)), sample.numbers[-1], "§")
    return "comma.csv", changed.text.replace("§", rng.choice(["79,5", "1,204"])).encode(), []


@mutation
def key_repeated(rng, sample):
    row = rng.choice(sample.rows)
    other = (*row[:-1], row[-1][:-1] + "7")
    return "repeated.csv", written([sample.headers, *sample.rows, other]).encode(), []


@mutation
def department_unknown(rng, sample):
    name = rng.choice(["财证局", "d99", "合计", "", "-", "1", "财\ufffd局", "財政局 ", "d01;d02"])
    return "unknown.csv", sample.at(rng.randrange(len(sample.rows)), 1, name).text.encode(), []


@mutation
def personal_number(rng, sample):
    changed = sample.at(rng.randrange(len(sample.rows)), rng.randrange(len(sample.columns)), "13800138000")
    return "personal.csv", changed.text.encode(), []


@mutation
def nothing_in_it(rng, sample):
    header = written([sample.headers])
    return (
        "empty.csv",
        rng.choice(["", "\n\n", "\ufeff", "\ufeff\n", ",,,\n", header, header * 2, '"', "\0"]).encode(),
        [[]],
    )


@mutation
def nul_inserted(rng, sample):
    text = sample.text
    at = rng.randrange(len(text))
    return "nul.csv", (text[:at] + rng.choice(["\0", "\x1a", "\x07"]) + text[at:]).encode(), None


@mutation
def mark_in_the_middle(rng, sample):
    half = len(sample.rows) // 2
    data = b"".join(
        written([sample.headers, *part]).encode("utf-8-sig") for part in (sample.rows[:half], sample.rows[half:])
    )
    return "joined.csv", data, [sample.rows]


@mutation
def huge_cell(rng, sample):
    changed = sample.at(rng.randrange(len(sample.rows)), len(sample.columns) - 1, "9" * rng.choice([400, 200_000]))
    return "huge.csv", changed.text.encode(), [changed.rows] if sample.table == "tasks" else []


@mutation
def far_past_the_head(rng, sample):
    """The first 64 KiB tell nothing: blank rows, then the figures in another encoding."""
    filler = ("," * (len(sample.columns) - 1) + "\r\n") * 12_000
    header = written([sample.columns])
    return "late.csv", (header + filler + written(sample.rows)).encode(rng.choice(["gb18030", "utf-8"])), [sample.rows]


@mutation
def misnamed(rng, sample):
    plain, book = sample.text.encode(), workbook(sample)
    name, data = rng.choice([("a.xlsx", plain), ("a.csv", book), ("a.zip", plain), ("a.xlsm", book), ("a.xls", plain)])
    return name, data, []


def workbook(sample: Sample, edit: Callable | None = None) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("数据")
    for i, row in enumerate([sample.headers, *sample.rows]):
        for j, cell in enumerate(row):
            if i and j in sample.numbers:
                sheet.write_number(i, j, float(cell))
            else:
                sheet.write_string(i, j, cell)
    if edit:
        edit(book, sheet)
    book.close()
    return file.getvalue()


@mutation
def workbook_plain(rng, sample):
    return "plain.xlsx", workbook(sample), [sample.rows]


@mutation
def workbook_merged(rng, sample):
    row, column = rng.randrange(0, len(sample.rows)), rng.randrange(len(sample.columns))
    value = [sample.headers, *sample.rows][row][column]
    edit = lambda _book, sheet: sheet.merge_range(row, column, row + 1, column, value)  # noqa: E731
    return "merged.xlsx", workbook(sample, edit), []


@mutation
def workbook_formula(rng, sample):
    if not sample.numbers:
        return workbook_plain(rng, sample)
    row, column = rng.randrange(len(sample.rows)), sample.numbers[0]
    value = rng.choice(["", "#DIV/0!", "#N/A", 41, "abc"])
    edit = lambda _book, sheet: sheet.write_formula(row + 1, column, "=40+1", None, value)  # noqa: E731
    changed = sample.at(row, column, "41")
    if sample.table == "complaints":
        changed = changed.at(row, 5, "2")
    return "formula.xlsx", workbook(changed, edit), [changed.rows] if value == 41 else []


@mutation
def workbook_odd_cell(rng, sample):
    row, column = rng.randrange(len(sample.rows)), (sample.numbers or (3,))[-1]

    def edit(book, sheet):
        percent, date = book.add_format({"num_format": "0.0%"}), book.add_format({"num_format": "yyyy-mm-dd"})
        if sample.table == "tasks":
            sheet.write_boolean(row + 1, column, True)
            return
        kind = rng.randrange(4)
        if kind == 0:
            sheet.write_number(row + 1, column, 0.95, percent)
        elif kind == 1:
            sheet.write_number(row + 1, column, 12, date)
        elif kind == 2:
            sheet.write_boolean(row + 1, column, True)
        else:
            sheet.write_number(row + 1, len(sample.columns) + 2, 12)

    return "odd.xlsx", workbook(sample, edit), []


@mutation
def workbook_far_cell(rng, sample):
    place = rng.choice([(1_048_575, 16_383), (5, 16_383), (1_000_000, 700)])
    return "far.xlsx", workbook(sample, lambda _book, sheet: sheet.write_number(*place, 1)), []


@mutation
def workbook_damaged(rng, sample):
    data = bytearray(workbook(sample))
    if rng.random() < 0.5:
        return "cut.xlsx", bytes(data[: rng.randrange(len(data))]), [sample.rows]
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return "flipped.xlsx", bytes(data), [sample.rows]


def archive(*entries: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries:
            with warnings.catch_warnings(action="ignore"):  # two entries of one name are wanted
                packed.writestr(name, data)
    return file.getvalue()


@mutation
def archive_damaged(rng, sample):
    data = bytearray(archive(("投诉/a.csv", sample.text.encode()), ("readme.md", b"x")))
    if rng.random() < 0.5:
        return "cut.zip", bytes(data[: rng.randrange(len(data))]), [sample.rows]
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return "flipped.zip", bytes(data), [sample.rows]


@mutation
def archive_odd(rng, sample):
    plain = ("a.csv", sample.text.encode())
    entries, expected = rng.choice(
        [
            ([plain, ("../../escaped.csv", b"")], []),
            ([plain, ("b.csv", bytes(40 << 20))], []),
            ([plain, ("inner.zip", archive(plain))], []),
            ([("../../a.csv", plain[1])], [sample.rows]),
            ([plain, ("__MACOSX/._a.csv", b"\0\1"), (".DS_Store", b"x"), ("说明.docx", b"PK")], [sample.rows]),
            ([plain, plain], []),
        ]
    )
    return "odd.zip", archive(*entries), expected


# --- the test ----------------------------------------------------------------------------------------------------
WITHOUT_ROW = {  # problems of a file, a sheet or a whole table
    *("empty_file", "not_a_csv", "broken_csv", "broken_workbook", "broken_archive", "nested_archive", "macros"),
    *("unpacks_too_large", "unknown_table", "undecodable", "ambiguous_encoding", "spread_out", "nothing_to_import"),
    *("other_scale", "mixed_totals", "mixed_grain", "too_many_entries"),
}


def outcome(office, sample: Sample, name: str, data: bytes, expected: list[Rows] | None) -> str:
    """“loaded”, or the first problem's code; asserts that nothing was loaded that the file does not say."""
    before = office.everything()
    path = office.write(name, data)
    try:
        office.load(path)
    except ImportRefused as refusal:
        assert refusal.problems.kept
        for problem in refusal.problems.kept:
            assert problem.file.startswith(name) or str(path) in problem.file or problem.code.startswith("mixed_"), (
                problem
            )
            assert problem.row or problem.code in WITHOUT_ROW, problem
            assert "13800138000" not in repr(problem)
        assert office.everything() == before
        return refusal.problems.kept[0].code
    finally:
        path.unlink()
    found = stored(office, sample)
    may_be = (
        [canonical(sample, rows) for rows in expected or []]
        if expected is not None
        else [independent_reading(sample, data)]
    )
    assert found in may_be, (found ^ (may_be[0] if may_be and may_be[0] else set()), data[:2000])
    return "loaded"


def test_a_damaged_file_loads_exactly_or_is_refused(office, request: pytest.FixtureRequest):
    pristine = office.folder.with_name("pristine")
    shutil.copytree(office.folder, pristine)
    tally: dict[str, Counter] = {}
    for seed in range(MUTATIONS):
        rng = random.Random(seed)
        mutate = MUTATORS[seed % len(MUTATORS)]
        sample = rng.choice([complaints, evaluations, tasks])(rng, rng.random() < 0.5)
        name, data, expected = mutate(rng, sample)
        try:
            how = outcome(office, sample, name, data, expected)
        except Exception as error:
            raise AssertionError(f"{mutate.__name__}, seed {seed}, {sample.table}: {error!r}") from error
        tally.setdefault(mutate.__name__, Counter())[how] += 1
        if how == "loaded":
            shutil.rmtree(office.folder)
            shutil.copytree(pristine, office.folder)
    if request.config.getoption("verbose") > 0:
        for kind, counts in tally.items():
            print(f"{kind}: {', '.join(f'{code} {n}' for code, n in counts.most_common())}")
    loaded = sum(counts["loaded"] for counts in tally.values())
    print(f"{MUTATIONS} mutations: {loaded} loaded exactly, {MUTATIONS - loaded} refused")
    assert MUTATIONS < 100 or 0.1 < loaded / MUTATIONS < 0.6  # neither everything nor nothing was let through
