"""Tracked tasks, what each department reported, and the facts about each department."""

import numpy as np
import pandas as pd

from dashboard.demo import quarters
from dashboard.demo.names import DEPARTMENTS, REGION, Department
from dashboard.demo.plan import planted

# Tables that every department reports each quarter.
REPORTED = (
    "department_facts",
    "complaints",
    "cases",
    "assessments",
    "supervision",
    "notices",
    "powers",
    "decisions",
    "tasks",
)
# department: the table that it does not report from the planted quarter on
MISSED = {"生态环境局": "decisions", "邮政管理站": "cases"}

_TITLES = ("完善窗口一次性告知", "清理历史欠账", "推进项目前期手续", "落实巡察反馈整改", "修订内部管理制度")
_PLAN_TITLES = ("排查廉政风险点", "制定防控措施", "检查验收")


def generate(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """The tables `department_facts`, `tasks` and `submissions`."""
    tasks = pd.concat([_tasks(department, rng) for department in DEPARTMENTS], ignore_index=True)
    tasks = tasks.sort_values(["issued_on", "department_id"], kind="stable", ignore_index=True)
    tasks.insert(1, "task_id", [f"T{n:04}" for n in range(1, len(tasks) + 1)])
    return {"department_facts": _facts(rng), "tasks": tasks, "submissions": _submissions(rng)}


def _facts(rng: np.random.Generator) -> pd.DataFrame:
    quarter, position = np.indices((len(quarters.QUARTERS), len(DEPARTMENTS))).reshape(2, -1)
    staff = np.array([department.staff for department in DEPARTMENTS])[position]
    weight = np.array([department.power for department in DEPARTMENTS])[position]
    # A post or two more or fewer in larger departments; the small ones stay as they are.
    staff = staff + np.where(staff > 40, rng.integers(-1, 2, len(staff)), 0)
    return pd.DataFrame(
        {
            "region_id": REGION,
            "quarter": np.array(quarters.QUARTERS)[quarter],
            "department_id": np.array([d.department_id for d in DEPARTMENTS])[position],
            "staff": staff,
            "transactions": np.round(staff * (15 + 90 * weight) * rng.uniform(0.9, 1.1, len(staff))).astype(int),
            "budget_10k": np.round(staff * (14 + 30 * weight) * rng.uniform(0.98, 1.02, len(staff)), 1),
            "key_supervision": np.array([department.listed for department in DEPARTMENTS])[position],
        }
    )


def _tasks(department: Department, rng: np.random.Generator) -> pd.DataFrame:
    """Tasks of three years, each closed before it was due or not yet due, and the planted overdue ones."""
    name = department.short_name
    issued = quarters.first_day(np.sort(rng.integers(0, 9, 8))) + rng.integers(0, 85, 8)
    due = issued + rng.integers(80, 150, 8)
    closed = _task_rows("task", _TITLES, issued, due, due - rng.integers(1, 40, 8))

    issued = quarters.first_day(np.sort(rng.integers(9, 12, 6))) + rng.integers(0, 85, 6)
    due = np.datetime64("2026-11-15") + rng.integers(0, 200, 6)
    if plant := planted("tasks_overdue", name):
        late, day = 1, "2026-05-10" if plant.level == "alert" else "2026-09-18"
        if name == "梅溪镇":
            late, day = 4, "2026-08-20"
        due[:late] = np.datetime64(day)
        issued[:late] = due[:late] - 90
    still_open = _task_rows("task", _TITLES, issued, due, np.full(6, np.datetime64("NaT", "D")))

    phases = _task_rows(
        "plan",
        _PLAN_TITLES,
        np.array(["2025-12-10", "2026-01-15", "2026-04-10"], "datetime64[D]") + rng.integers(0, 10),
        np.array(["2026-03-31", "2026-06-30", "2026-12-31"], "datetime64[D]"),
        np.array(["2026-03-20", "2026-06-18", "NaT"], "datetime64[D]"),
    )
    phases["phase"] = ["1", "2", "3"]
    rows = pd.concat([closed, still_open, phases], ignore_index=True)
    rows["published"] = rng.random(len(rows)) < 0.9
    rows.insert(0, "region_id", REGION)
    rows.insert(1, "department_id", department.department_id)
    return rows


def _task_rows(
    kind: str, titles: tuple[str, ...], issued: np.ndarray, due: np.ndarray, closed: np.ndarray
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kind": kind,
            "title": [titles[i % len(titles)] for i in range(len(issued))],
            "phase": "",
            "issued_on": quarters.written(issued),
            "due_on": quarters.written(due),
            "closed_on": quarters.written(closed),
        }
    )


def _submissions(rng: np.random.Generator) -> pd.DataFrame:
    """When each department reported each table of each quarter; an empty day means: not at all."""
    shape = (len(quarters.QUARTERS), len(REPORTED), len(DEPARTMENTS))
    quarter, table, position = np.indices(shape).reshape(3, -1)
    received = quarters.last_day(quarter) + rng.integers(2, 14, len(quarter))
    for name, missed in MISSED.items():
        since = quarters.index(planted("not_reported", name).since)
        hit = (
            (quarter >= since)
            & (table == REPORTED.index(missed))
            & (np.array([department.short_name for department in DEPARTMENTS])[position] == name)
        )
        received[hit] = np.datetime64("NaT")
    return pd.DataFrame(
        {
            "region_id": REGION,
            "quarter": np.array(quarters.QUARTERS)[quarter],
            "table": np.array(REPORTED)[table],
            "department_id": np.array([d.department_id for d in DEPARTMENTS])[position],
            "received_on": quarters.written(received),
        }
    )
