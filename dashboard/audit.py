"""The arithmetic audit (勾稽关系): what each comparison of queries/audit/ comes to, and how it is put into words."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from dashboard.catalog import Query, QueryFileError
from dashboard.schema import TABLES

DISAGREES, LOOK, UNREAD, AGREES = VERDICTS = ("disagrees", "look", "unread", "agrees")
FOUND = (DISAGREES, LOOK, UNREAD)  # what is kept row by row; of what agrees, the number
RELATIONS = ("=", "<=")  # of what is stated to what it is held against
ROUNDING = 1e-9  # of floating point; what was rounded on paper says so in its tolerance

TEXT, NUMBER = "object", "float64"
RETURNED = {
    **dict.fromkeys(("region_id", "department_id", "quarter", "table", "item", "detail", "relation"), TEXT),
    **dict.fromkeys(("stated", "computed", "tolerance"), NUMBER),
    "severity": TEXT,
}
COLUMNS = {"check": TEXT, **RETURNED, "verdict": TEXT}


def judged(check: Query, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of a check, in COLUMNS. `QueryFileError` where the file returns other columns or unknown words."""
    if set(rows.columns) != RETURNED.keys():
        given, wanted = ", ".join(rows.columns), ", ".join(RETURNED)
        raise QueryFileError(f"{check.path}:1: a check returns {wanted}; this one returns {given}.")
    for name, allowed in (("relation", RELATIONS), ("severity", (DISAGREES, LOOK))):
        if strange := set(rows[name]) - set(allowed):
            raise QueryFileError(f"{check.path}:1: {name} = {strange.pop()!r}; expected one of {', '.join(allowed)}.")
    rows = rows.astype(RETURNED)
    over = rows["stated"] - rows["computed"]
    agrees = over.where(rows["relation"] == "<=", over.abs()) <= rows["tolerance"] + ROUNDING
    verdict = np.select([over.isna(), agrees], [UNREAD, AGREES], rows["severity"].astype(str))
    return rows.assign(check=check.short_name, verdict=verdict)[list(COLUMNS)]


def item_words(check: Query, table: str, item: str, lang: str) -> str:
    """What is compared: the header's words, else the name of the table's column."""
    if item in check.header.get("items", {}):
        return check.header["items"][item][lang]
    return column_words(table, item, lang)


def column_words(table: str, column: str, lang: str) -> str:
    """How a column is called: the first of its Chinese headers, or its own name as words."""
    if table not in TABLES or column not in TABLES[table].names:
        return column
    headers = TABLES[table].column(column).headers
    return headers[0] if lang == "zh" and headers else column.replace("_", " ")


def detail_words(detail: str | None, words: Mapping[tuple[str, str], str]) -> str:
    """`channel:letter · 2026-07` with the vocabularies' words in place of codes."""
    if not detail:
        return ""
    parts = [part.partition(":") for part in detail.split(" · ")]
    return " · ".join(
        words.get((name, code), code if mark and code == "all" else name + mark + code) for name, mark, code in parts
    )
