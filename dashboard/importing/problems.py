"""What is wrong with an import, in a form that the command line and the page both word.

A `Problem` says where (file, sheet, row, column as the person sees them), what was found, what was expected and,
where one is close, the nearest known value. Words come from `i18n` (`problem.<code>`), so both languages agree.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.i18n.text import Text
from dashboard.spreadsheet import safe_cell

CSV_COLUMNS = ("file", "sheet", "row", "column", "found", "problem", "nearest")
KEPT_PER_CODE = 10_000  # a file with every row wrong must not fill the memory; the rest is counted


@dataclass(frozen=True)
class Problem:
    code: str
    file: str
    sheet: str = ""
    row: int | None = None  # as a spreadsheet shows it: the first line of the file is row 1
    column: str = ""
    found: str = ""
    expected: str = ""
    nearest: str = ""

    def place(self, text: Text) -> str:
        parts = [self.file]
        if self.sheet:
            parts.append(text("import.place.sheet", sheet=self.sheet))
        if self.row:
            parts.append(text("import.place.row", row=self.row))
        if self.column:
            parts.append(text("import.place.column", column=self.column))
        return text("import.place.separator").join(parts)

    def sentence(self, text: Text) -> str:
        found = self.found if len(self.found) <= 60 else self.found[:57] + "…"
        said = text(f"problem.{self.code}", found=found, expected=self.expected)
        if self.nearest:
            said += text("import.nearest", nearest=self.nearest)
        return said


class ImportRefused(Exception):
    """Nothing was loaded; `problems` says why, and `only_rows` whether it is single rows that could be set aside."""

    def __init__(self, problems: "Problems", only_rows: bool = False):
        super().__init__(f"{problems.total} problems")
        self.problems, self.only_rows = problems, only_rows


@dataclass
class Problems:
    """All problems of one import; at most `KEPT_PER_CODE` of each code and file are kept, all are counted."""

    kept: list[Problem] = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def add(self, problem: Problem) -> None:
        bucket = (problem.code, problem.file)
        self.counts[bucket] += 1
        if self.counts[bucket] <= KEPT_PER_CODE:
            self.kept.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.add(problem)

    def count(self, code: str) -> int:
        return sum(number for (found, _), number in self.counts.items() if found == code)

    @property
    def in_order(self) -> list[Problem]:
        """As a person goes through the files: by file, sheet and row."""
        return sorted(self.kept, key=lambda problem: (problem.file, problem.sheet, problem.row or 0))

    def lines(self, text: Text, most: int) -> Iterator[str]:
        for problem in self.in_order[:most]:
            yield f"{problem.place(text)}{text('import.place.colon')}{problem.sentence(text)}"

    def write_csv(self, path: Path, text: Text) -> None:
        """All kept problems as a table that a spreadsheet opens (UTF-8 with a mark)."""
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(safe_cell(text(f"import.csv.{name}")) for name in CSV_COLUMNS)
            for problem in self.in_order:
                writer.writerow(
                    safe_cell(value)
                    for value in (
                        problem.file,
                        problem.sheet,
                        problem.row or "",
                        problem.column,
                        problem.found,
                        problem.sentence(text),
                        problem.nearest,
                    )
                )
