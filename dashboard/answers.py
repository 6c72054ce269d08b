"""Tables in the form in which they leave the product as plain data: what the command line prints and the API serves."""

import datetime
import json

import numpy as np
import pandas as pd

from dashboard.catalog import Query
from dashboard.gaps.sentences import sentence
from dashboard.i18n.text import LANGUAGES, translator
from dashboard.warehouse import Snapshot

FEWEST_RATERS = 5  # with fewer a mean would show somebody's ballot: no file and no answer has it

# The columns of a ranking by scores, and the column of the standings that each is.
RANKED = {
    **{name: name for name in ("region_id", "quarter", "department_id", "name", "category", "n_raters", "n_ballots")},
    "raw_mean": "raw_mean",
    "raw_rank": "raw_place",
    "raw_se": "raw_se",
    **{name: name for name in ("raw_rank_low", "raw_rank_high")},
    "adjusted_mean": "value",
    "se": "se",
    "low": "low",
    "high": "high",
    "eb_mean": "eb",
    "rank": "place",
    **{name: name for name in ("rank_low", "rank_high", "set_low", "set_high", "weight_low", "weight_high")},
    **{name: name for name in ("band", "difference", "difference_low", "difference_high", "chance_bottom", "note")},
}
SCORES = ("raw_mean", "adjusted_mean", "low", "high", "eb_mean")
SPREADS = ("raw_se", "se", "difference", "difference_low", "difference_high")


def ranked(rows: pd.DataFrame, scale: str = "stored", category: str | None = None) -> pd.DataFrame:
    """Standings as a ranking: scores on the `scale` asked for ('stored': 0–100, 'source'), places as whole numbers.

    Places, the raw one too, are counted among all `rows`, whichever `category` is then shown.
    """
    rows = rows.assign(raw_place=_raw_places(rows))
    if category is not None:
        rows = rows[rows["category"] == category]
    frame = rows[list(RANKED.values())].set_axis(list(RANKED), axis=1)
    if scale == "source":
        unit = (rows["scale_max"] - rows["scale_min"]) / 100
        for name in SCORES:
            frame[name] = rows["scale_min"] + frame[name] * unit
        for name in SPREADS:
            frame[name] = frame[name] * unit
    places = [name for name in RANKED if "rank" in name or name.startswith(("set_", "weight_"))]
    return frame.astype(dict.fromkeys([*places, "n_raters", "n_ballots"], "Int64"))


def _raw_places(rows: pd.DataFrame) -> pd.Series:
    """The place by the raw mean, also of those whose adjusted mean is refused: what a plain list would have said."""
    return rows["raw_mean"].round(9).groupby([rows["region_id"], rows["peer_set"]]).rank(method="min", ascending=False)


def labelled(departments: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Rows of pages/departments with `label` (short), `full_name` and `group` in the language."""
    short = _filled(departments["short_name"], departments["name"])
    if lang == "en":
        label = _filled(departments["name_en"], short)
        return departments.assign(label=label, full_name=label, group=departments["category_en"])
    return departments.assign(label=short, full_name=departments["name"], group=departments["category_zh"])


def _filled(first: pd.Series, second: pd.Series) -> pd.Series:
    return first.where(first.notna() & (first != ""), second)


def in_sentences(snapshot: Snapshot, rules: dict[str, Query], rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of pages/gaps, each with its sentence in every language; one rule's evidence in columns, else as JSON."""
    found = snapshot.run("pages/words")
    frame = rows[["rule", "region_id", "department_id", "name", "quarter", "status", "value", "threshold", "n"]].copy()
    for lang in LANGUAGES:
        words = dict(zip(zip(found["vocabulary"], found["code"]), found[lang]))
        names = rows["name_en"].fillna(rows["name"]) if lang == "en" else rows["name"]
        frame[f"sentence_{lang}"] = [
            sentence(translator(lang), lang, rules[row["rule"]], row, name, words)
            for row, name in zip(rows.to_dict("records"), names)
        ]
    evidence = pd.DataFrame(map(json.loads, rows["evidence"]), index=rows.index)
    if rows["rule"].nunique() == 1:
        return frame.join(evidence.drop(columns=[name for name in evidence if name in frame]))
    return frame.assign(evidence=rows["evidence"])


def plain(value: object) -> object:
    """One cell as JSON knows it: None where there is nothing, a day as '2026-09-30', lists as lists."""
    if isinstance(value, np.ndarray):
        return [plain(one) for one in value.tolist()]
    if value is None or value is pd.NaT or (not isinstance(value, str | list | dict) and pd.isna(value)):
        return None
    if hasattr(value, "item"):
        value = value.item()
    return value.isoformat()[:10] if isinstance(value, datetime.date) else value
