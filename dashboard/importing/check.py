"""Check a sheet against its table: text in, typed columns out, every problem reported.

A column's distinct texts are read once each (`cells`), so half a million rows cost little more than their few hundred
different values. Rows with a problem are left out of the result and kept, as text, for the set-aside file.
"""

import difflib
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.importing import cells
from dashboard.importing.cells import Known, Rejected
from dashboard.importing.mapping import Source, TableMapping
from dashboard.importing.problems import Problem, Problems
from dashboard.importing.reading import EXAMPLE, Sheet
from dashboard.schema import PERIOD, WHOLE_REGION, YEAR_TO_DATE, Column, Kind, normalised

ROW = "__row"  # the row number in the file, carried along until the rows are merged
MOST_CACHED = 500_000
RESERVED_WORDS = frozenset({"all", "pooled", "composite"})  # what the product calls its own sums
MOST_ASIDE_ROWS = 100_000
FEWEST_TELLING = 20  # so many scores of 0–100, none above 10, are no accident
DATED = frozenset({"quarter", "month", "date", "year"})
UNDATED = frozenset({"empty", "not_a_quarter", "not_a_month", "not_a_date", "not_a_year"})


@dataclass
class Directory:
    """What names may occur: departments by region, words by vocabulary. It grows while an import is read."""

    named_region: str  # of rows that name none, as the mapping says
    office_region: str  # … else as the settings say, unless the office's departments stand in one other region
    departments: dict[str, dict[str, tuple[str, ...]]]  # region_id → department_id → its names
    vocabularies: dict[str, list[tuple[str, str]]]  # vocabulary → (name, code)
    derived: str = ""  # category of departments that may be derived from the codes that occur
    new_departments: dict[tuple[str, str], str] = field(default_factory=dict)  # (region, id) → name
    new_words: dict[str, dict[str, str]] = field(default_factory=dict)  # vocabulary → code → word

    @property
    def region(self) -> str:
        """The region of rows that name none: an office with one region need not repeat it in every file."""
        only = next(iter(self.departments)) if len(self.departments) == 1 else self.office_region
        return self.named_region or only

    def words(self, vocabulary: str) -> Known:
        return Known.of(self.vocabularies.get(vocabulary, []), "unknown_value")

    def known_departments(self, region: str) -> Known:
        pairs = [(WHOLE_REGION, WHOLE_REGION)]
        for department, names in self.departments.get(region, {}).items():
            pairs += [(name, department) for name in (department, *names)]
        return Known.of(pairs, "unknown_department", region)

    def add_department(self, region: str, department: str, *names: str) -> None:
        self.departments.setdefault(region, {})[department] = tuple(name for name in names if name)

    def derive(self, region: str, raw: str) -> str:
        name = cells.read_text(raw)
        if name not in self.departments.get(region, {}):
            self.add_department(region, name, name)
            self.new_departments[(region, name)] = name
        return name

    def add_word(self, vocabulary: str, raw: str) -> str:
        word = cells.read_text(raw)
        if (word, word) not in self.vocabularies.setdefault(vocabulary, []):
            self.vocabularies[vocabulary].append((word, word))
            self.new_words.setdefault(vocabulary, {})[word] = word
        return word


@dataclass
class Checked:
    """What came of a sheet: counts, rows that were set aside (as text), and total rows (for the audit)."""

    rows: int = 0
    loaded: int = 0
    not_cast: int = 0  # “不了解” and empty scores: missing, never zero
    examples: int = 0  # of a template, left out
    filtered: int = 0  # rows that the mapping's `where` and `pivot` leave out
    aside: Counter = field(default_factory=Counter)  # reason → rows that the mapping declares to be set aside
    refused: int = 0  # rows with a problem
    aside_rows: list[tuple[int, list[str], str]] = field(default_factory=list)  # (row, cells, reason)
    totals: list[pa.Table] = field(default_factory=list)


def personal_headers(sheet: Sheet) -> list[Problem]:
    return [
        Problem("personal_header", sheet.file, sheet.sheet, row=1, column=header)
        for header in sheet.header
        if cells.PERSONAL_HEADERS.search(normalised(header))
    ]


def used_headers(mapping: TableMapping) -> set[str]:
    """The file's headers that the mapping reads."""
    wanted = {source.header for source in mapping.columns.values() if source.header}
    wanted |= set(mapping.where) | ({mapping.pivot_value} if mapping.pivot else set())
    wanted |= {name for predicate in mapping.pivot.values() for name in predicate}
    return wanted | ({mapping.basis_column} if mapping.basis_column else set())


def check_headers(sheet: Sheet, mapping: TableMapping) -> list[Problem]:
    """Columns that the mapping asks for and the file lacks, and columns that look like personal data."""
    problems = personal_headers(sheet)
    wanted = used_headers(mapping)
    for header in sorted(wanted - set(sheet.header)):
        near = difflib.get_close_matches(header, sheet.header, n=1, cutoff=0.5)
        problems.append(
            Problem("no_such_column", sheet.file, sheet.sheet, row=1, column=header, nearest=near[0] if near else "")
        )
    for header in sorted({h for h in sheet.header if h and sheet.header.count(h) > 1} & wanted):
        problems.append(Problem("repeated_header", sheet.file, sheet.sheet, row=1, column=header))
    given = set(mapping.columns) | set(mapping.pivot)
    for column in mapping.table.columns:
        derivable = column.name == "quarter" and "month" in given
        if column.required and column.name not in given and not derivable:
            problems.append(
                Problem("unmapped_column", sheet.file, sheet.sheet, found=mapping.table.name, expected=column.name)
            )
    return problems


def check_sheet(
    sheet: Sheet, mapping: TableMapping, directory: Directory, problems: Problems, done: Checked
) -> Iterator[pa.Table]:
    """Typed batches of the sheet's good rows, with region_id and the row number; problems go to `problems`."""
    checker = _Checker(sheet, mapping, directory, problems, done)
    # The rows that a pivot gathers may stand anywhere in the file.
    for numbers, batch in _as_one(sheet.batches()) if mapping.pivot else sheet.batches():
        yield from checker.check(numbers, batch)
    problems.extend(sheet.problems)
    problems.extend(checker.suspect_scale())
    done.rows += len(sheet.shifted)
    done.refused += len(sheet.shifted)
    done.aside_rows += [(row, cells, "shifted_row") for row, cells in sheet.shifted[:MOST_ASIDE_ROWS]]


def _as_one(batches: Iterator[tuple[pa.Array, pa.Table]]) -> Iterator[tuple[pa.Array, pa.Table]]:
    whole = list(batches)
    if whole:
        rows = pa.concat_tables([batch for _, batch in whole]).unify_dictionaries().combine_chunks()
        yield pa.concat_arrays([numbers for numbers, _ in whole]), rows


class _Rows:
    """The rows of one batch: their numbers, which are refused (a problem) and which are set aside (declared)."""

    def __init__(self, numbers: pa.Array):
        self.numbers = numbers.to_numpy()
        self.refused = np.zeros(len(numbers), bool)
        self.aside = np.zeros(len(numbers), bool)
        self.reason: dict[int, str] = {}

    @property
    def good(self) -> np.ndarray:
        return ~(self.refused | self.aside)


class _Checker:
    def __init__(self, sheet: Sheet, mapping: TableMapping, directory: Directory, problems: Problems, done: Checked):
        self.sheet, self.mapping, self.directory = sheet, mapping, directory
        self.problems, self.done = problems, done
        self.position = {header: str(i) for i, header in reversed(list(enumerate(sheet.header)))}
        self.read_before: dict[tuple[str, str], dict[str, object]] = {}
        self.scores = 0
        self.highest_score = -math.inf

    def check(self, numbers: pa.Array, batch: pa.Table) -> Iterator[pa.Table]:
        blank = np.ones(batch.num_rows, bool)
        for name in batch.column_names:
            blank &= _where(batch[name], lambda text: not text.strip())
            if not blank.any():
                break
        if blank.any():
            numbers, batch = numbers.filter(pa.array(~blank)), batch.filter(pa.array(~blank))
        if (example := _examples(batch)).any():
            self.done.examples += int(example.sum())
            numbers, batch = numbers.filter(pa.array(~example)), batch.filter(pa.array(~example))
        self.done.rows += batch.num_rows
        for header, wanted in self.mapping.where.items():
            keep = pa.array(_where(batch[self.position[header]], lambda text: text.strip() in wanted))  # noqa: B023
            self.done.filtered += len(keep) - keep.true_count
            numbers, batch = numbers.filter(keep), batch.filter(keep)
        if self.mapping.pivot:
            numbers, columns = self._pivoted(numbers, batch)
        else:
            columns = {name: self._text(source, batch) for name, source in self.mapping.columns.items()}
        if len(numbers):
            yield self._typed(_Rows(numbers), columns, batch)

    def suspect_scale(self) -> list[Problem]:
        """Scores that all lie at the foot of 0–100 are of another scale. Which one is declared, never guessed."""
        if self.mapping.scale_declared or self.scores < FEWEST_TELLING or self.highest_score > 10:
            return []
        found = f"{self.highest_score:g}"
        return [Problem("other_scale", self.sheet.file, self.sheet.sheet, column="score", found=found)]

    # --- from the file's columns to ours ---
    def _text(self, source: Source, batch: pa.Table) -> pa.Array:
        if not source.header:
            return _constant(source.value or "", batch.num_rows, pa.string())
        raw = _array(batch[self.position[source.header]])
        return _by_distinct(raw, lambda word: _coded(source, word)) if source.codes or source.pattern else raw

    def _pivoted(self, numbers: pa.Array, batch: pa.Table) -> tuple[pa.Array, dict[str, pa.Array]]:
        """A long file, one number a row, as one row a key; several rows for one cell are added.

        A cell that no row feeds is empty, or the constant that the mapping gives for its column.
        """
        fixed = {name: self._text(source, batch).to_pylist() for name, source in self.mapping.columns.items()}
        value = batch[self.position[self.mapping.pivot_value]].to_pylist()
        by_header = {
            header: batch[self.position[header]].to_pylist()
            for predicate in self.mapping.pivot.values()
            for header in predicate
        }
        rows: dict[tuple, dict[str, object]] = {}
        for i, number in enumerate(numbers.to_pylist()):
            targets = [
                target
                for target, predicate in self.mapping.pivot.items()
                if all(by_header[header][i].strip() == wanted for header, wanted in predicate.items())
            ]
            self.done.filtered += not targets
            if targets:
                row = rows.setdefault(tuple(values[i] for values in fixed.values()), {ROW: number})
                for target in targets:
                    row[target] = _added(row.get(target), value[i])
        texts = {name: [key[i] for key in rows] for i, name in enumerate(fixed)}
        unfed = {name: source.value or "" for name, source in self.mapping.columns.items()}
        texts |= {
            target: [str(row.get(target, unfed.get(target, ""))) for row in rows.values()]
            for target in self.mapping.pivot
        }
        columns = {name: pa.array(words, pa.string()).dictionary_encode() for name, words in texts.items()}
        return pa.array([row[ROW] for row in rows.values()], pa.int64()), columns

    # --- from text to values ---
    def _typed(self, rows: _Rows, columns: dict[str, pa.Array], batch: pa.Table) -> pa.Table:
        table, size = self.mapping.table, len(rows.numbers)
        typed: dict[str, pa.Array] = {}
        for column in sorted(table.columns, key=lambda column: column.name != "region_id"):
            if column.name not in columns:
                default = self.directory.region if column.name == "region_id" else column.default
                typed[column.name] = _constant(default, size, column.arrow)
            elif column.kind is Kind.DEPARTMENT:
                typed[column.name] = self._departments(column, columns[column.name], typed["region_id"], rows)
            else:
                read = self._reader(column)
                typed[column.name] = self._column(column, columns[column.name], rows, read)
        if "month" in columns:
            self._quarters(typed, "quarter" in columns, rows)
        if table.flows:  # elsewhere a basis is what the law says, and no period
            typed["basis"] = self._basis(batch, size)
        for column in table.columns:
            if column.kind is Kind.SCORE:
                typed[column.name] = _on_hundred(typed[column.name], *self.mapping.scale)
        if "score" in table.names:
            self.scores += int(pc.count(typed["score"]).as_py())
            self.highest_score = max(self.highest_score, pc.max(typed["score"]).as_py() or 0.0)
        if table.name == "evaluations":
            self._scores(typed, rows)
        if table.name == "departments":
            self._register(typed, rows)
        if table.name == "vocabulary":
            self._learn(typed, rows)
        for part, whole in table.at_most:
            for i in np.flatnonzero(_mask(pc.greater(typed[part], typed[whole]))):
                found, limit = typed[part][int(i)].as_py(), typed[whole][int(i)].as_py()
                self._refuse(rows, int(i), part, Rejected("more_than_whole", f"≤ {whole} ({limit})"), str(found))
        result = pa.table({name: typed[name] for name in table.names} | {ROW: pa.array(rows.numbers)})
        good = rows.good
        for name, word in self.mapping.totals.items():
            total = _where(columns[name], lambda text: text.strip() == word)  # noqa: B023
            self.done.totals.append(result.filter(pa.array(total & good)))
            good &= ~total
        self._keep_aside(rows, batch)
        if not good.all():
            result = result.filter(pa.array(good))
        self.done.loaded += result.num_rows
        return result

    def _reader(self, column: Column) -> Callable[[str], object]:
        if column.kind is Kind.SCORE:
            low, high = self.mapping.scale
            return partial(cells.read_score, low=low, high=high)
        if column.kind is not Kind.CODE:
            return cells.READERS[column.kind]
        known = self.directory.words(column.vocabulary)
        if column.name not in self.mapping.new_values:
            return known.read

        def read_or_add(raw: str) -> str:
            try:
                return known.read(raw)
            except Rejected:
                if raw.strip() in RESERVED_WORDS:
                    raise Rejected("reserved_word") from None
                return self.directory.add_word(column.vocabulary, raw)

        return read_or_add

    def _column(
        self, column: Column, text: pa.Array, rows: _Rows, read: Callable[[str], object], scope: str = ""
    ) -> pa.Array:
        before = self.read_before.setdefault((column.name, scope), {})
        if len(before) > MOST_CACHED:
            before.clear()
        outcomes: list[object] = []
        for raw in text.dictionary.to_pylist():
            if raw not in before:
                # The word of a total row is no department, no category.
                is_total = raw.strip() == self.mapping.totals.get(column.name)
                before[raw] = None if is_total else _outcome(column, raw, read)
            outcomes.append(before[raw])
        wrong = np.array([isinstance(outcome, Rejected) for outcome in outcomes], bool)
        if wrong.any():
            indices = text.indices.to_numpy()
            for i in np.flatnonzero(wrong[indices]):
                raw = text.dictionary[int(indices[i])].as_py()
                self._refuse(rows, int(i), column.name, outcomes[indices[i]], raw)
        return _decoded([None if bad else value for bad, value in zip(wrong, outcomes)], text.indices, column.arrow)

    def _refuse(self, rows: _Rows, i: int, column: str, why: Rejected, found: str) -> None:
        """Row `i` of the batch is left out: set aside where the mapping declares so, else a problem."""
        rows.reason.setdefault(i, why.code)
        declared = (why.code == "out_of_scale" and self.mapping.out_of_scale == "set_aside") or (
            why.code in UNDATED and column in DATED and self.mapping.undated == "set_aside"
        )
        if declared:
            rows.aside[i] = True
            return
        rows.refused[i] = True
        source = self.mapping.columns.get(column)
        self.problems.add(
            Problem(
                why.code,
                self.sheet.file,
                self.sheet.sheet,
                row=int(rows.numbers[i]),
                column=source.header if source and source.header else column,
                # What looks like a person's number is not repeated, not even in a message.
                found="" if cells.looks_personal(found) else found,
                expected=why.expected,
                nearest=why.nearest,
            )
        )

    def _departments(self, column: Column, text: pa.Array, region: pa.Array, rows: _Rows) -> pa.Array:
        regions = region.unique().to_pylist()
        if self.directory.derived:
            text = _only_occurring(text)
        if len(regions) == 1:
            return self._column(column, text, rows, self._department_reader(regions[0]), scope=regions[0] or "")
        result = np.full(len(text), None, object)
        for name in regions:
            chosen = np.flatnonzero(_where(region, lambda value: value == name))  # noqa: B023
            part = _Rows(pa.array(rows.numbers[chosen]))
            here = _only_occurring(text.take(pa.array(chosen)))
            found = self._column(column, here, part, self._department_reader(name), name or "")
            result[chosen] = found.to_numpy(zero_copy_only=False)
            rows.refused[chosen] |= part.refused
            rows.reason.update({int(chosen[i]): why for i, why in part.reason.items()})
        return pa.array(result, pa.string()).dictionary_encode()

    def _department_reader(self, region: str) -> Callable[[str], str]:
        known = self.directory.known_departments(region)

        def read(raw: str) -> str:
            try:
                return known.read(raw)
            except Rejected:
                if not self.directory.derived:
                    raise
                return self.directory.derive(region, raw)

        return read

    def _quarters(self, typed: dict[str, pa.Array], given: bool, rows: _Rows) -> None:
        derived = _by_distinct(typed["month"], lambda month: month and cells.quarter_of_month(month))
        if not given:
            typed["quarter"] = derived
            for i in np.flatnonzero(_mask(pc.is_null(derived)) & rows.good):
                self._refuse(rows, int(i), "month", Rejected("empty"), "")
            return
        month, quarter = derived.cast(pa.string()), typed["quarter"].cast(pa.string())
        for i in np.flatnonzero(_mask(pc.not_equal(month, quarter)) & rows.good):
            found, expected = typed["month"][int(i)].as_py(), typed["quarter"][int(i)].as_py()
            self._refuse(rows, int(i), "month", Rejected("month_outside_quarter", expected), found)

    def _basis(self, batch: pa.Table, size: int) -> pa.Array:
        if not self.mapping.basis_column:
            return _constant(self.mapping.basis, size, pa.string())
        words = _array(batch[self.position[self.mapping.basis_column]])
        return _by_distinct(words, lambda word: YEAR_TO_DATE if word.strip() in self.mapping.basis_ytd else PERIOD)

    def _scores(self, typed: dict[str, pa.Array], rows: _Rows) -> None:
        """The source's scale beside the scores; a missing score is no ballot, never a zero."""
        low, high = self.mapping.scale
        missing = _mask(pc.is_null(typed["score"])) & rows.good
        self.done.not_cast += int(missing.sum())
        rows.aside |= missing
        typed["scale_min"] = _constant(low, len(missing), pa.float64())
        typed["scale_max"] = _constant(high, len(missing), pa.float64())

    def _register(self, typed: dict[str, pa.Array], rows: _Rows) -> None:
        """Departments that this import brings are known to the tables that follow."""
        names = (typed[name].to_pylist() for name in ("region_id", "department_id", "name", "short_name", "name_en"))
        for good, region, department, *others in zip(rows.good, *names):
            if good:
                self.directory.add_department(region, department, *others)

    def _learn(self, typed: dict[str, pa.Array], rows: _Rows) -> None:
        """Words that this import brings are known to the tables that follow."""
        columns = (typed[name].to_pylist() for name in ("vocabulary", "code", "zh", "en", "aliases"))
        for good, vocabulary, code, zh, en, aliases in zip(rows.good, *columns):
            if good:
                names = (code, zh, en, *(aliases or "").split(";"))
                self.directory.vocabularies.setdefault(vocabulary, []).extend((name, code) for name in names if name)

    def _keep_aside(self, rows: _Rows, batch: pa.Table) -> None:
        self.done.refused += int(rows.refused.sum())
        self.done.aside.update(why for i, why in rows.reason.items() if not rows.refused[i])
        if self.mapping.pivot:
            return  # a pivoted row has no single row of the file
        room = MOST_ASIDE_ROWS - len(self.done.aside_rows)
        for i in sorted(rows.reason)[: max(room, 0)]:
            cells_of_row = [batch[name][i].as_py() for name in batch.column_names]
            self.done.aside_rows.append((int(rows.numbers[i]), cells_of_row, rows.reason[i]))


def _outcome(column: Column, raw: str, read: Callable[[str], object]) -> object:
    """The value of a cell, None for an empty one, or the `Rejected` that says why not."""
    try:
        if cells.is_nothing(raw):
            if column.filled and column.kind is not Kind.SCORE:
                raise Rejected("empty")
            return None
        if cells.looks_personal(raw):
            raise Rejected("personal_value")
        return read(raw)
    except Rejected as reason:
        return reason


def _coded(source: Source, word: str) -> str:
    if source.pattern:
        found = re.search(source.pattern, word)
        word = found[1] if found else ""
    return source.codes.get(word.strip(), word) if source.codes else word


def _added(so_far: object, text: str) -> object:
    """The sum; an empty cell adds nothing. What is no number stays, for the reader of the column to report."""
    if so_far is None or cells.is_nothing(str(so_far)):
        return text
    if cells.is_nothing(text):
        return so_far
    numbers = []
    for part in (str(so_far), text):
        try:
            numbers.append(cells.read_signed(part))
        except Rejected:
            return part
        if numbers[-1] < 0:
            return part
    total = sum(numbers)
    return int(total) if total == int(total) else total


def _by_distinct(text: pa.DictionaryArray, read: Callable[[object], object]) -> pa.DictionaryArray:
    """`text` with each distinct value replaced by what `read` makes of it."""
    return _decoded([read(value) for value in text.dictionary.to_pylist()], text.indices, pa.string())


def _decoded(values: list[object], indices: pa.Array, kind: pa.DataType) -> pa.Array:
    """The values at the indices; text stays dictionary-encoded, with each distinct text once."""
    if not pa.types.is_string(kind):
        return pa.array(values, kind).take(indices)
    distinct = {value: i for i, value in enumerate(dict.fromkeys(value for value in values if value is not None))}
    by_index = np.array([distinct.get(value, -1) for value in values] + [-1], np.int32)
    codes = by_index[pc.fill_null(indices, len(values)).to_numpy(zero_copy_only=False)]
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(list(distinct), pa.string()))


def _constant(value: object, size: int, kind: pa.DataType) -> pa.Array:
    if pa.types.is_string(kind):
        return _decoded([value], pa.array(np.zeros(size, np.int32)), kind)
    return pa.repeat(pa.scalar(value, kind), size)


def _on_hundred(scores: pa.Array, low: float, high: float) -> pa.Array:
    return scores if (low, high) == (0.0, 100.0) else pc.multiply(pc.subtract(scores, low), 100.0 / (high - low))


def _where(text: pa.ChunkedArray | pa.DictionaryArray, holds: Callable[[str], bool]) -> np.ndarray:
    """Which rows' text the condition holds for."""
    encoded = _array(text)
    answers = np.array([holds(value) for value in encoded.dictionary.to_pylist()] + [False], bool)
    return answers[pc.fill_null(encoded.indices, len(answers) - 1).to_numpy(zero_copy_only=False)]


def _examples(batch: pa.Table) -> np.ndarray:
    """Which rows are a template's example: its mark stands at the beginning of their first cell that is filled."""
    found = np.zeros(batch.num_rows, bool)
    undecided = ~found
    for name in batch.column_names:
        if not undecided.any():
            break
        found |= undecided & _where(batch[name], lambda text: bool(EXAMPLE.match(text)))
        undecided &= _where(batch[name], lambda text: not text.strip())
    return found


def _only_occurring(text: pa.DictionaryArray) -> pa.DictionaryArray:
    """Without the words of other rows: a unit of one region must not become a department of the next."""
    return text.cast(pa.string()).dictionary_encode()


def _array(values: pa.ChunkedArray | pa.Array) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _mask(condition: pa.ChunkedArray | pa.Array) -> np.ndarray:
    return pc.fill_null(_array(condition), False).to_numpy(zero_copy_only=False)
