"""Where a click on a mark leads, carried by the mark itself; assets/script/doors.js follows it."""

from typing import Any

import pandas as pd

Door = list[str]  # ["href", "/department?…"], or a filter of the shown page and its value: ["rule", "one_pen"]


def doors(rows: pd.DataFrame, otherwise: str = "") -> list[Any] | None:
    """The customdata of marks: the column `door` (a `Door`, or None), else the ids in the column `otherwise`, each of a
    department that is chosen on the shown page. A plain list: an array would not arrive in the browser as one."""
    column = "door" if "door" in rows else otherwise
    return rows[column].tolist() if column in rows else None
