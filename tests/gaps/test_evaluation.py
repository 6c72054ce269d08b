"""What a rule's rows become: one row a department and quarter, absence never as ok, spells without a break."""

import json
from pathlib import Path

import pandas as pd
import pytest

from dashboard.catalog import Query, QueryFileError, gaps, load_catalog
from dashboard.gaps import COLUMNS, Ground, evaluated, in_force, require_known, thresholds_table
from dashboard.settings import SettingsError

RULES = gaps(load_catalog())
QUARTERS = ("2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3")
RULE = Query(
    "gaps/new", Path("new.sql"), "select", 9, {"tables": ["tasks", "tasks.closed_on"], "window": 4}, frozenset()
)


def ground(
    *departments: str,
    quarters: tuple[str, ...] = QUARTERS,
    present: tuple[str, ...] = ("tasks",),
    given: tuple[tuple[str, str, str], ...] = (("tasks", "", "closed_on"),),
) -> Ground:
    stood = [("c", quarter, name) for quarter in quarters for name in departments]
    return Ground(
        pd.DataFrame([("c", quarter) for quarter in quarters], columns=["region_id", "quarter"]),
        pd.DataFrame(stood, columns=["region_id", "quarter", "department_id"]),
        pd.DataFrame([("c", name) for name in present], columns=["region_id", "table"]),
        pd.DataFrame([("c", *one) for one in given], columns=["region_id", "table", "period", "column"]),
        pd.DataFrame(stood, columns=["region_id", "quarter", "department_id"]),
    )


def rows(**levels: str) -> pd.DataFrame:
    """Department → its level in each of the last quarters: a alert, w watch, o ok, - no judgement, blank no row."""
    said = {"a": "alert", "w": "watch", "o": "ok", "-": None}
    found = [
        ("c", name, quarter, 1.5, 1.0, 3, said[mark], None if said[mark] else "few", 7, ["x"])
        for name, marks in levels.items()
        for quarter, mark in zip(QUARTERS[-len(marks) :], marks)
        if mark in said
    ]
    columns = ["region_id", "department_id", "quarter", "value", "threshold", "n", "level", "note", "open", "ids"]
    return pd.DataFrame(found, columns=columns)


def of(found: pd.DataFrame, department: str, column: str) -> list:
    own = found[found["department_id"] == department].sort_values("quarter")
    return [None if pd.isna(value) else value for value in own[column]]


def test_a_department_without_a_row_or_a_level_is_no_data_and_says_why():
    found = evaluated(RULE, rows(A="oo a-"), ground("A", "B"))
    assert of(found, "A", "status") == ["ok", "ok", "no_data", "alert", "no_data"]
    assert of(found, "A", "note") == [None, None, "no_row", None, "few"]
    assert of(found, "B", "status") == ["no_data"] * 5
    assert list(found.columns) == list(COLUMNS)


def test_a_table_or_a_column_that_the_office_has_not_makes_everything_no_data():
    for lacking in ({"present": ()}, {"given": ()}):
        found = evaluated(RULE, rows(A="aaaaa"), ground("A", **lacking))
        assert of(found, "A", "status") == ["no_data"] * 5
    assert of(evaluated(RULE, rows(A="a"), ground("A", present=())), "A", "missing")[-1] == "tasks"
    assert of(evaluated(RULE, rows(A="a"), ground("A", given=())), "A", "missing")[-1] == "tasks.closed_on"


def test_a_spell_begins_with_its_first_flag_and_is_broken_by_ok_and_by_no_data():
    found = evaluated(RULE, rows(A="wawaa", B="aoawa", C="a-aa"), ground("A", "B", "C"))
    assert of(found, "A", "since") == ["2025Q3"] * 5
    assert of(found, "A", "spell_quarters") == [1, 2, 3, 4, 5]
    assert of(found, "B", "since") == ["2025Q3", None, "2026Q1", "2026Q1", "2026Q1"]
    assert of(found, "C", "since") == [None, "2025Q4", None, "2026Q2", "2026Q2"]
    assert of(found, "C", "spell_quarters") == [0, 1, 0, 1, 2]
    assert of(found, "B", "previous") == [None, "alert", "ok", "alert", "watch"]


def test_a_quarter_of_which_the_region_has_figures_and_the_department_did_not_stand_breaks_a_spell():
    base = ground("A")
    gone = Ground(
        base.quarters, base.standing[base.standing["quarter"] != "2026Q1"], base.present, base.given, base.answering
    )
    found = evaluated(RULE, rows(A="aa aa"), gone)
    assert of(found, "A", "since") == ["2025Q3", "2025Q3", "2026Q2", "2026Q2"]
    assert of(found, "A", "previous") == [None, "alert", None, "alert"]


def test_a_window_counts_the_quarters_that_there_are():
    found = evaluated(RULE, rows(A="aaaaa"), ground("A"))
    assert of(found, "A", "covered_quarters") == [1, 2, 3, 4, 4]
    gap = evaluated(RULE, rows(A="a"), ground("A", quarters=("2025Q3", "2026Q2", "2026Q3")))
    assert of(gap, "A", "covered_quarters") == [1, 2, 2]


def test_the_evidence_is_everything_else_that_the_query_returned():
    found = evaluated(RULE, rows(A="a"), ground("A", "B"))
    assert [json.loads(text) for text in of(found, "A", "evidence")][-1] == {"open": 7, "ids": ["x"]}
    assert of(found, "B", "evidence") == ["{}"] * 5


def test_the_region_as_a_whole_has_a_row_where_the_query_gives_one():
    found = evaluated(RULE, rows(**{"*": "aa"}), ground("A"))
    assert of(found, "*", "status") == ["alert", "alert"]


def test_two_regions_are_told_apart():
    base, other = ground("A"), ground("A", present=())
    both = Ground(
        *(
            pd.concat([one, two.assign(region_id="e") if "region_id" in two else two]).drop_duplicates()
            for one, two in zip(
                (base.quarters, base.standing, base.present, base.given, base.answering),
                (other.quarters, other.standing, other.present, other.given, other.answering),
            )
        )
    )
    found = evaluated(RULE, rows(A="aaaaa"), both)
    assert of(found[found["region_id"] == "c"], "A", "status") == ["alert"] * 5
    assert of(found[found["region_id"] == "e"], "A", "missing") == ["tasks"] * 5


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (rows(A="a").drop(columns="n"), "a gap rule returns .*; n is absent"),
        (rows(A="a").assign(level="red"), "level = 'red'; expected alert, watch, ok or null"),
        (pd.concat([rows(A="a"), rows(A="a")]), "two rows for .*'department_id': 'A'"),
    ],
)
def test_a_query_that_breaks_the_contract_is_named_by_file_and_line(broken, complaint):
    with pytest.raises(QueryFileError, match=rf"new\.sql:9: {complaint}"):
        evaluated(RULE, broken, ground("A"))


def test_an_office_s_threshold_takes_the_place_of_the_header_s_and_both_are_kept():
    own = {"one_pen": {"watch": 15.0}}
    assert in_force(RULES["one_pen"], own["one_pen"]) == {"watch": 15, "alert": 25, "fewest": 8}
    kept = thresholds_table(RULES, own).set_index(["rule", "name"])
    assert kept.loc[("one_pen", "watch")].tolist() == [15, 10]
    assert kept.loc[("one_pen", "alert")].tolist() == [25, 25]


@pytest.mark.parametrize(
    ("own", "complaint"),
    [
        ({"one_pens": {"watch": 1.0}}, "'one_pens' is no gap rule. Did you mean 'one_pen'"),
        ({"one_pen": {"wach": 1.0}}, "thresholds.one_pen: 'wach' is no threshold of the rule. Did you mean 'watch'"),
    ],
)
def test_a_threshold_that_no_rule_has_is_an_error_that_names_it(own, complaint):
    with pytest.raises(SettingsError, match=complaint):
        require_known(RULES, own)
