"""Judgements are the indicators' values in one table, once for each scope and window; what nobody computed is empty."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dashboard.catalog import indicators, load_catalog
from dashboard.judgements import APPRAISED, COLUMNS, FUNNEL_COLUMNS, POINT_COLUMNS, Judged, judged, typed
from dashboard.settings import Settings, SettingsError
from tests.support import Given, departments

DEFAULTS = Settings.load(Path("nowhere"))
VALUES = pd.DataFrame(
    {
        "region_id": ["county", "county"],
        "department_id": ["d01", "d02"],
        "quarter": ["2026Q3", "2026Q3"],
        "variant": ["", ""],
        "value": [25.0, None],
        "numerator": [20.0, 0.0],
        "denominator": [80.0, 0.0],
        "n": [80, 0],
        "note": [None, "no_staff"],
    }
)
PLACES = ["region_id", "quarter", "department_id", "category", "peer_set"]


def judgements(values: pd.DataFrame, name: str = "substantiated_share") -> Judged:
    months = VALUES.head(0).assign(indicator="", kind="", better="")
    standings = typed(pd.DataFrame(), APPRAISED["standings"])
    query = indicators(load_catalog())[name]
    return judged({name: (query, values)}, standings, pd.DataFrame(columns=PLACES, dtype="str"), months, {}, [])


def test_a_value_is_judged_once_for_each_scope_and_window():
    rows = judgements(VALUES).rows
    assert list(rows.columns) == list(COLUMNS)
    of_first = rows[rows["department_id"] == "d01"]
    assert {tuple(row) for row in of_first[["scope", "window_quarters"]].values} == {
        (scope, window) for scope in ("region", "peers") for window in (1, 4)
    }
    assert len(of_first) == 4
    for row in of_first.itertuples():
        assert (row.indicator, row.period, row.unit, row.peer_set) == ("substantiated_share", "2026Q3", "share", "*")
        assert (row.value, row.numerator, row.denominator, row.n) == (25, 20, 80, 80)
    assert set(of_first.loc[of_first["window_quarters"] == 4, "note"]) == {"short_window"}
    assert set(rows.loc[rows["department_id"] == "d02", "note"]) == {"no_staff"}


def test_a_mean_is_of_its_quarter_alone():
    rows = judgements(VALUES, "assessment_score").rows
    assert set(rows["window_quarters"]) == {1}


def test_what_no_method_computed_is_empty():
    rows = judgements(VALUES, "assessment_score").rows
    claimed = ["low", "high", "limit_low_95", "limit_high_998", "z_adjusted", "outcome", "method", "method_version"]
    assert rows[claimed].isna().all(axis=None)
    assert rows[["variation", "assurance", "trend"]].isna().all(axis=None), "one quarter is no series"


def test_without_any_value_the_tables_are_there_with_their_columns_and_types():
    empty = judgements(VALUES.head(0))
    for frame, columns in ((empty.rows, COLUMNS), (empty.funnels, FUNNEL_COLUMNS), (empty.points, POINT_COLUMNS)):
        assert len(frame) == 0
        assert {name: str(kind) for name, kind in frame.dtypes.items()} == columns


DECISION = {"department": "", "start": "2026Q1", "on": "2026-01-31", "by": "a", "reason": "b"}


def test_an_office_without_data_has_empty_tables_whatever_its_settings_say():
    decided = DECISION | {"indicator": "closure_share"}
    given = Given(settings=replace(DEFAULTS, targets={"closure_share": 90.0}, baselines=(decided,)))
    for table in ("judgements", "funnels", "control_points"):
        assert len(given.connection.table(table)) == 0


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"targets": {"closure_shares": 90.0}}, "targets"),
        ({"baselines": (DECISION | {"indicator": "closure_shares"},)}, "baselines"),
    ],
)
def test_a_setting_for_an_indicator_that_does_not_exist_is_refused(changed, place):
    with pytest.raises(SettingsError, match=f"{place}: 'closure_shares' is no indicator. Did you mean 'closure_share'"):
        Given(settings=replace(DEFAULTS, **changed))


def complaint(department: str, **counts: int) -> dict:
    of = {"quarter": "2026Q3", "department_id": department, "channel": "hotline", "category": "attitude"}
    return of | counts


def test_a_snapshot_keeps_missing_values_missing():
    given = Given(departments=departments("d01"), complaints=[complaint("d01", received=0, closed=1)])
    for scope in ("region", "peers"):
        for window in (1, 4):
            row = given.judgement("closure_share", "d01", scope=scope, window_quarters=window)
            assert [row[name] for name in ("value", "n", "low", "high", "outcome")] == [None, 0, None, None, None]


def test_a_share_above_100_percent_is_shown_and_not_judged():
    many = [complaint(f"d{i}", received=10, closed=8) for i in range(9)]
    given = Given(departments=departments("more", *(f"d{i}" for i in range(9))),
                  complaints=[*many, complaint("more", received=10, closed=13)])  # fmt: skip
    for scope in ("region", "peers"):
        row = given.judgement("closure_share", "more", scope=scope)
        assert [row[name] for name in ("value", "low", "high", "outcome")] == [130, None, None, None]
        assert given.judgement("closure_share", "d1", scope=scope)["outcome"] == "in"


@pytest.mark.parametrize("table", ["judgements", "funnels", "control_points"])
def test_rows_stand_in_the_order_of_their_key_and_no_key_twice(table):
    given = Given(
        departments=[*departments("d02", "d01"), *departments("d03", category="township")],
        decisions=[
            {"quarter": quarter, "department_id": name, "kind": "projects", "total": 9, "collective": 5, "voted": 7}
            for name in ("d02", "d01", "d03")
            for quarter in ("2026Q3", "2026Q2", "2025Q4")
        ],
    )
    keys = {
        "judgements": ("indicator", "variant", "region_id", "department_id", "period", "scope", "window_quarters"),
        "funnels": ("indicator", "variant", "region_id", "period", "window_quarters", "scope", "peer_set", "exposure"),
        "control_points": ("indicator", "variant", "region_id", "department_id", "grain", "as_of", "period"),
    }
    key = given.rows(table, *keys[table])
    assert key and key == sorted(key)
    assert len(key) == len(set(key))
