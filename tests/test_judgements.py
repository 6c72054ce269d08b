"""Judgements are the indicators' values in one table; what no method computed yet is empty, never zero."""

import pandas as pd

from dashboard.catalog import indicators, load_catalog
from dashboard.judgements import COLUMNS, judged
from tests.support import Given, departments

VALUES = pd.DataFrame(
    {
        "region_id": ["county", "county"],
        "department_id": ["d01", "d02"],
        "quarter": ["2026Q3", "2026Q3"],
        "variant": ["", ""],
        "value": [25.0, None],
        "numerator": [2.0, 0.0],
        "denominator": [8.0, 0.0],
        "n": [8, 0],
        "note": [None, "no_staff"],
    }
)


def judgements(values: pd.DataFrame) -> pd.DataFrame:
    return judged({"substantiated_share": (indicators(load_catalog())["substantiated_share"], values)})


def test_a_value_is_judged_once_with_its_numerator_denominator_and_note():
    rows = judgements(VALUES)
    assert list(rows.columns) == list(COLUMNS)
    first = rows.iloc[0]
    assert (first["indicator"], first["period"], first["scope"], first["unit"]) == (
        "substantiated_share",
        "2026Q3",
        "region",
        "share",
    )
    assert (first["value"], first["numerator"], first["denominator"], first["n"]) == (25, 2, 8, 8)
    assert rows["note"].isna().tolist() == [True, False]


def test_what_no_method_computed_is_empty():
    rows = judgements(VALUES)
    claimed = ["low", "high", "benchmark", "limit_low_95", "outcome", "variation", "assurance", "trend", "method"]
    assert rows[claimed].isna().all(axis=None)


def test_without_any_value_the_table_is_there_with_its_columns_and_types():
    rows = judgements(VALUES.head(0))
    assert len(rows) == 0
    assert {name: str(kind) for name, kind in rows.dtypes.items()} == COLUMNS


def test_a_snapshot_keeps_missing_values_missing():
    given = Given(
        departments=departments("d01"),
        complaints=[
            {
                "quarter": "2026Q3",
                "department_id": "d01",
                "channel": "hotline",
                "category": "attitude",
                "received": 0,
                "closed": 1,
            }
        ],
    )
    (row,) = [
        row
        for row in given.rows("judgements", "indicator", "value", "n", "outcome", "note")
        if row[0] == "closure_share"
    ]
    assert row == ("closure_share", None, 0, None, None)


def test_judgements_stand_in_the_order_of_their_key():
    given = Given(
        decisions=[
            {"quarter": quarter, "department_id": name, "kind": "projects", "total": 2, "collective": 1, "voted": 1}
            for name in ("d02", "d01")
            for quarter in ("2026Q3", "2026Q2")
        ]
    )
    key = given.rows("judgements", "indicator", "variant", "region_id", "department_id", "period")
    assert key == sorted(key)
    assert len(key) == len(set(key))
