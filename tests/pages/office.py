"""Nine departments of one kind with seven quarters of complaints; nobody was appraised or supervised."""

import csv
from pathlib import Path

from dashboard.__main__ import main

QUARTERS = [f"{year}Q{quarter}" for year in (2025, 2026) for quarter in (1, 2, 3, 4)][:7]
LAST = QUARTERS[-1]
STAFF = {"A": 40, "B": 60, "C": 80, "D": 100, "E": 100, "F": 120, "G": 140, "H": 160, "I": 200}
NAMES = dict(zip(STAFF, "甲乙丙丁戊己庚辛壬"))


def received(department: str, quarter: str) -> int:
    """About five per hundred staff a year; A draws far more, E none but is known to have reported."""
    if department == "E":
        return 0
    return 12 if department == "A" else STAFF[department] // 50 + QUARTERS.index(quarter) % 2


CLOSED = {"A": (10, 4), "B": (3, 3), "C": (2, 2)}  # closed and in time, in the last quarter


def _written(path: Path, head: str, rows: list[tuple]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head.split(","), *rows])


def imported(source: Path, folder: Path) -> Path:
    """The office's data folder, its files written into `source`."""
    _written(
        source / "departments.csv",
        "department_id,name,category",
        [(k, f"{v}局", "government") for k, v in NAMES.items()],
    )
    facts = [(quarter, key, staff) for quarter in QUARTERS for key, staff in STAFF.items()]
    _written(source / "department_facts.csv", "quarter,department_id,staff", facts)
    rows = [
        (
            quarter,
            key,
            "letter",
            "shirking",
            received(key, quarter),
            *(CLOSED.get(key, ("", "")) if quarter == LAST else ("", "")),
        )
        for quarter in QUARTERS
        for key in STAFF
    ]
    _written(source / "complaints.csv", "quarter,department_id,channel,category,received,closed,handled_on_time", rows)
    tasks = [
        ("t1", "A", "task", "x", "2025-01-10", "2025-02-10", "", "true"),
        ("t2", "B", "task", "y", "2025-01-10", "2025-01-31", "2025-01-20", "true"),
    ]
    _written(source / "tasks.csv", "task_id,department_id,kind,title,issued_on,due_on,closed_on,published", tasks)
    main(["--data", str(folder), "import", str(source)], standalone_mode=False)
    return folder
