"""What a rule's rows become: one row a department and quarter, absence never as ok, spells without a break."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from dashboard import gaps as judged
from dashboard.catalog import Query, QueryFileError, gaps, load_catalog
from dashboard.gaps import COLUMNS, Ground, in_force, require_known, thresholds_table
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


def evaluated(rule: Query, answer: pd.DataFrame, stands_on: Ground) -> pd.DataFrame:
    return judged.evaluated({"new": (rule, answer)}, stands_on)


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


FLOWS = Query("gaps/new", Path("new.sql"), "select", 9, {"tables": ["complaints.closed"], "window": 2}, frozenset())
STATES = Query(
    "gaps/new", Path("new.sql"), "select", 9, {"tables": ["department_facts.staff"], "window": 2}, frozenset()
)


def test_a_column_that_only_another_region_has_is_missing():
    own = ground("A")
    other = [frame.assign(region_id="e") for frame in (own.quarters, own.standing, own.present, own.answering)]
    both = Ground(
        *(pd.concat([one, two]) for one, two in zip((own.quarters, own.standing, own.present), other)),
        pd.concat([own.given, pd.DataFrame([("e", "tasks", "", "due_on")], columns=own.given.columns)]),
        pd.concat([own.answering, other[3]]),
    )
    found = evaluated(RULE, pd.concat([rows(A="ooooo"), rows(A="ooooo").assign(region_id="e")]), both)
    assert of(found[found["region_id"] == "c"], "A", "status") == ["ok"] * 5
    assert of(found[found["region_id"] == "e"], "A", "missing") == ["tasks.closed_on"] * 5


def test_of_flows_every_quarter_of_the_window_must_have_the_column():
    given = [("complaints", quarter, "received") for quarter in QUARTERS]
    given += [("complaints", quarter, "closed") for quarter in QUARTERS if quarter != "2025Q4"]
    found = evaluated(FLOWS, rows(A="ooooo"), ground("A", present=("complaints",), given=tuple(given)))
    assert of(found, "A", "status") == ["ok", "no_data", "no_data", "ok", "ok"]


def test_of_a_state_the_last_file_counts():
    given = [("department_facts", quarter, "quarter") for quarter in QUARTERS]
    given += [("department_facts", quarter, "staff") for quarter in QUARTERS[2:4]]
    found = evaluated(STATES, rows(A="ooooo"), ground("A", present=("department_facts",), given=tuple(given)))
    assert of(found, "A", "status") == ["no_data", "no_data", "ok", "ok", "no_data"]


def test_the_quarters_that_a_rule_could_read_go_before_those_of_the_region():
    read = rows(A="aaaaa").assign(covered_quarters=[1, 1, 2, 2, None])
    found = evaluated(RULE, read, ground("A"))
    assert of(found, "A", "covered_quarters") == [1, 1, 2, 2, 4]
    assert "covered_quarters" not in of(found, "A", "evidence")[0]


def test_who_passed_its_records_on_in_the_quarter_says_so():
    base = ground("A", "B")
    answering = base.answering[(base.answering["department_id"] != "B") | (base.answering["quarter"] != "2026Q3")]
    closed = Ground(base.quarters, base.standing, base.present, base.given, answering)
    assert of(evaluated(RULE, rows(A="o"), closed), "B", "note") == ["no_row"] * 4 + ["passed_on"]


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


@pytest.mark.parametrize(
    ("own", "complaint"),
    [
        # the wrong side of the other line, in both directions; of one of them the one that was set is named
        ({"one_pen": {"alert": 5}}, "thresholds.one_pen.alert = 5; expected at least 10, the rule's watch"),
        ({"one_pen": {"watch": 40}}, "thresholds.one_pen.watch = 40; expected at most 25, the rule's alert"),
        ({"top_down_only": {"alert": 20}}, "top_down_only.alert = 20; expected at most 15, the rule's watch"),
        ({"top_down_only": {"watch": 4}}, "top_down_only.watch = 4; expected at least 5, the rule's alert"),
        (
            {"decisions_not_collective": {"voted_alert": 90}},
            "decisions_not_collective.voted_alert = 90; expected at most 80, the rule's voted_watch",
        ),
        (
            {"weak_self_awareness": {"alert_points": 5}},
            "alert_points = 5; expected at least 10, the rule's watch_points",
        ),
        # beyond what can be
        ({"one_pen": {"watch": -1}}, "thresholds.one_pen.watch = -1; expected a number from 0 to 100"),
        ({"silent_power": {"percentile": 101}}, "silent_power.percentile = 101; expected a number from 0 to 100"),
        ({"listed_but_unsupervised": {"alert": 5}}, "alert = 5; expected a number from 1 to 4"),
        ({"money_unaudited": {"watch": 4, "alert": 9}}, "alert = 9; expected a number from 1 to 8"),
        ({"supervision_vacuum": {"fewest_quarters": 5}}, "fewest_quarters = 5; expected a number from 1 to 4"),
        ({"tasks_overdue": {"days": -1}}, "days = -1; expected a number of at least 0"),
        ({"tasks_overdue": {"days": float("nan")}}, "days = nan; expected a number of at least 0"),
    ],
)
def test_a_threshold_that_cannot_be_meant_is_refused_by_name_with_what_is_expected(own, complaint):
    with pytest.raises(SettingsError, match=re.escape(complaint)):
        require_known(RULES, own)


def test_both_lines_on_one_value_and_the_defaults_of_every_rule_are_accepted():
    require_known(RULES, {"one_pen": {"watch": 25}, "top_down_only": {"watch": 5}})
    require_known(RULES, {name: {} for name in RULES})
