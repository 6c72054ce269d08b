"""The demonstration county: every table, written as CSV, the same bytes for the same seed."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from dashboard.demo import cases, complaints, powers, quarters, scores, supervision, work
from dashboard.demo.names import (
    BEFORE_RENAMING,
    BY_NAME,
    DEPARTMENTS,
    FORMER,
    REGION,
    REGIONS,
    RENAMED,
    RENAMED_ON,
)
from dashboard.demo.plan import PLANTS, planted

# Each module draws from its own stream, so that a change in one leaves the tables of the others alone.
_MODULES = (scores, complaints, cases, supervision, powers, work)
# The column that says when a row belongs; a table without one is about today.
_PERIOD = {"supervision": "date", "notices": "issued_on", "tasks": "issued_on", "assessments": "year"}


def generate(folder: Path, seed: int = 2026, progress: Callable[[float], None] | None = None) -> list[Path]:
    """Write the demonstration county to `folder`, one CSV a table and `planted.json`; return the files.

    The list of planted gaps is no table of an office, so it is no CSV: the folder can be imported as it is.

    `progress` is called with the share of the work done, from 0 to 1.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"regions": _regions(), "departments": _departments()}
    streams = np.random.SeedSequence(seed).spawn(len(_MODULES))
    for done, (module, stream) in enumerate(zip(_MODULES, streams, strict=True)):
        if progress:
            progress(done / (len(_MODULES) + 1))
        tables |= module.generate(np.random.default_rng(stream))
    for name, missed in work.MISSED.items():
        tables[missed] = _without_unreported(tables[missed], name)
    tables = {name: _before_renaming(name, table) for name, table in tables.items()}
    if progress:
        progress(len(_MODULES) / (len(_MODULES) + 1))

    files = []
    for name, table in tables.items():
        files.append(folder / f"{name}.csv")
        table.to_csv(files[-1], index=False, lineterminator="\n", encoding="utf-8")
    files.append(folder / "planted.json")
    files[-1].write_text(json.dumps(_planted(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if progress:
        progress(1.0)
    return files


def _regions() -> pd.DataFrame:
    return pd.DataFrame(REGIONS, columns=["region_id", "name", "name_en", "parent_id"])


def _departments() -> pd.DataFrame:
    rows = [
        (
            REGION,
            d.department_id,
            d.name,
            d.name_en,
            d.short_name,
            d.category,
            RENAMED_ON if d.department_id == RENAMED else "",
            "",
            "",
        )
        for d in DEPARTMENTS
    ]
    for department_id, short_name, name, name_en, category, valid_to, successor in FORMER:
        rows.append((REGION, department_id, name, name_en, short_name, category, "", valid_to, successor))
    columns = "region_id department_id name name_en short_name category valid_from valid_to successor"
    return pd.DataFrame(rows, columns=columns.split())


def _without_unreported(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """The table without the rows that the department did not report."""
    of_department = table["department_id"] == BY_NAME[name].department_id
    return table[~(of_department & (table["quarter"] >= planted("not_reported", name).since))]


def _before_renaming(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Rows from before the renaming belong to the department under its former id."""
    if name in ("departments", "regions"):
        return table
    if name == "powers":
        # The powers passed on: the same power, held under the former id until the day before.
        passed_on = table[table["department_id"] == RENAMED]
        former = passed_on.assign(department_id=BEFORE_RENAMING, valid_from=powers.VALID_FROM, valid_to=FORMER[0][5])
        return pd.concat([table, former], ignore_index=True)
    start = RENAMED_ON
    period = _PERIOD.get(name, "quarter")
    when = table[period].astype(str)
    if period == "quarter":
        start = next(q for i, q in enumerate(quarters.QUARTERS) if str(quarters.first_day(i)) >= RENAMED_ON)
    before = (table["department_id"] == RENAMED) & (when < start)
    table = table.assign(department_id=table["department_id"].astype(str))
    table.loc[before, "department_id"] = BEFORE_RENAMING
    return table


def _planted() -> list[dict[str, str]]:
    return [
        {
            "rule": plant.rule,
            "region_id": REGION,
            "department_id": BY_NAME[plant.department].department_id,
            "since": plant.since,
            "level": plant.level,
            "evidence_zh": plant.evidence_zh,
            "evidence_en": plant.evidence_en,
        }
        for plant in PLANTS
    ]
