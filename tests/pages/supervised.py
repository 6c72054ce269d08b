"""An office with a register of supervision: who is left out, who is new, and a quarter in which nobody kept it."""

import csv
from pathlib import Path

from dashboard.__main__ import main

QUARTERS = ("2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3")
UNKEPT = QUARTERS[0]  # nobody wrote anything down
STAFF = {"A": 9, "B": 90, "C": 40, "D": 40, "E": 20}
DEPARTMENTS = [
    ("A", "甲局", "government", "", "", ""),  # left out from the fourth quarter of 2025 on, and draws complaints
    ("B", "乙局", "government", "", "", ""),  # supervised in every quarter
    ("C", "丙局", "government", "2026-04-01", "", ""),  # follows D
    ("D", "丁局", "government", "", "2026-03-31", "C"),
    ("E", "戊局", "government", "2026-04-01", "", ""),  # new, without a predecessor
]
COLUMNS = (
    *("activity_id", "date", "department_id", "method", "arrangement", "form", "scope", "stage", "direction"),
    *("object", "focus", "level", "trigger", "domain", "findings", "notices"),
)


def day(quarter: str, number: int = 0) -> str:
    return f"{quarter[:4]}-{3 * int(quarter[5]) - 2:02}-{10 + number % 15:02}"


def activities() -> list[tuple]:
    """B: ten a quarter, every second from below; A: twenty in one quarter, none from below; D and C: one a quarter."""
    given = [("A", "2025Q3", 20, ("top_down",)), ("E", "2026Q3", 3, ("bottom_up",))]
    given += [("B", quarter, 10, ("top_down", "bottom_up")) for quarter in QUARTERS[1:]]
    given += [("D" if quarter < "2026Q2" else "C", quarter, 1, ("external",)) for quarter in QUARTERS[1:]]
    return [
        (
            *(f"{who}-{quarter}-{i}", day(quarter, i), who, "inspection" if i % 2 else "audit", "regular", "open"),
            *("single", ("before", "during", "during", "after")[i % 4], directions[i % len(directions)]),
            *(("individual", "organisation")[i % 2], ("leader_conduct", "staff_enforcement")[i % 2]),
            *(("macro", "micro")[i % 2], "proactive", "money", 1, 0),
        )
        for who, quarter, count, directions in given
        for i in range(count)
    ]


def imported(source: Path, folder: Path, rows: list[tuple] | None = None) -> Path:
    """The office's data folder, its files written into `source`; `rows`: of the register."""
    tables = {
        "departments": (("department_id", "name", "category", "valid_from", "valid_to", "successor"), DEPARTMENTS),
        "department_facts": (
            ("quarter", "department_id", "staff", "key_supervision"),
            [(q, who, n, "true" if who == "B" else "false") for q in QUARTERS for who, n in STAFF.items()],
        ),
        "complaints": (
            ("quarter", "department_id", "channel", "category", "received"),
            [("2026Q2", "A", "letter", "shirking", 9), ("2026Q3", "A", "letter", "shirking", 5)]
            + [("2026Q3", "B", "letter", "shirking", 4)],
        ),
        "supervision": (COLUMNS, activities() if rows is None else rows),
    }
    for name, (head, lines) in tables.items():
        if lines:
            with (source / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows([head, *lines])
    main(["--data", str(folder), "import", str(source)], standalone_mode=False)
    return folder
