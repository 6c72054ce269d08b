"""Each check of the arithmetic audit finds exactly what is planted, and counts what it compared."""

import datetime

import pandas as pd
import pytest

from dashboard import audit, catalog
from tests.support import Given, departments

DAY = datetime.date
Q3 = "2026Q3"


def found(given: Given, check: str) -> list[tuple]:
    """(department, quarter, item, stated, computed, verdict) of every comparison that does not agree."""
    rows = given.run("pages/audit_rows", check=check)
    columns = rows[["department_id", "quarter", "item", "stated", "computed", "verdict"]].astype(object)
    return [tuple(None if pd.isna(v) else v for v in row) for row in columns.itertuples(index=False)]


def compared(given: Given, check: str) -> int:
    counts = given.run("pages/audit_checks").set_index("check")["compared"]
    return int(counts.get(check, 0))


def figure(name: str, check: str, parts: str, stated: float, tolerance: float | None = None) -> dict:
    return {"figure_id": name, "check": check, "parts": parts, "stated": stated, "tolerance": tolerance}


# --- published figures -----------------------------------------------------------------------------------------
FIGURES = [
    figure("sum", "sum", "3;4", 7),
    figure("sum off by one", "sum", "3；4", 8),
    figure("thousands", "sum", "1,204、300", 1504),
    figure("share", "share", "1;3", 33.3, 0.05),
    figure("share beyond its tolerance", "share", "1;3", 33.5, 0.05),
    figure("growth", "growth", "120;100", 20),
    figure("difference", "diff", "687;268", 419),
    figure("items that are no numbers", "count", "甲局;乙局", 2),
]


def test_published_figures_are_held_against_their_parts():
    given = Given(stated_figures=FIGURES, checks=("stated_figures",))
    assert found(given, "stated_figures") == [
        ("*", None, "share", 33.5, pytest.approx(100 / 3), "disagrees"),
        ("*", None, "sum", 8, 7, "disagrees"),
    ]
    assert compared(given, "stated_figures") == len(FIGURES)


@pytest.mark.parametrize(
    ("check", "parts"),
    [("sum", "三十;5"), ("sum", "1,20;5"), ("sum", "1，204;5"), ("share", "5"), ("share", "5;0"), ("sum", None)],
)
def test_parts_that_cannot_be_read_are_counted_as_not_compared(check, parts):
    given = Given(stated_figures=[figure("f", check, parts, 35)], checks=("stated_figures",))
    assert found(given, "stated_figures") == [("*", None, check, 35, None, "unread")]
    assert compared(given, "stated_figures") == 0


# --- totals ----------------------------------------------------------------------------------------------------
def complaint(department: str, category: str = "delay", received: int = 1, **more: object) -> dict:
    place = {"quarter": Q3, "department_id": department, "channel": "letter", "category": category}
    return {**place, "received": received, **more}


def total(stated: float, import_id: str = "1", **named: str) -> dict:
    place = {"import_id": import_id, "table": "complaints", "quarter": Q3, "rank_band": None, "column": "received"}
    return place | {"stated": stated} | named


ROWS = [
    complaint("A", "delay", 3),
    complaint("A", "attitude", 4),
    complaint("B", "delay", 5),
    complaint("*", "delay", 9),
]


@pytest.mark.parametrize(
    ("named", "parts"),
    [
        ({"department_id": "A"}, 7),
        ({"category": "delay"}, 8),  # of the departments; the region's own row is no part
        ({"department_id": "A", "category": "delay"}, 3),
        ({}, 12),
        ({"department_id": "*"}, 9),
    ],
)
def test_a_total_is_one_of_what_it_does_not_name(named, parts):
    agreeing, wrong = (
        Given(complaints=ROWS, stated_totals=[total(stated, **named)], checks=("totals",))
        for stated in (parts, parts + 1)
    )
    assert found(agreeing, "totals") == [] and compared(agreeing, "totals") == 1
    department = named.get("department_id", "*")
    assert found(wrong, "totals") == [(department, Q3, "received", parts + 1, parts, "disagrees")]


def test_a_later_import_restates_a_total_and_corrected_parts_settle_it():
    totals = [total(8, "20260101", department_id="A"), total(7, "20260201", department_id="A")]
    assert found(Given(complaints=ROWS, stated_totals=totals, checks=("totals",)), "totals") == []


def test_a_total_of_months_is_held_against_the_months():
    rows = [complaint("A", received=n, month=f"2026-0{m}") for m, n in ((7, 1), (8, 2), (9, 3))]
    given = Given(
        complaints=rows,
        stated_totals=[total(7, department_id="A"), total(2, department_id="A", month="2026-08")],
        checks=("totals",),
    )
    assert found(given, "totals") == [("A", Q3, "received", 7, 6, "disagrees")]
    assert compared(given, "totals") == 2


def test_a_total_without_parts_is_not_compared():
    given = Given(complaints=ROWS, stated_totals=[total(8, department_id="C")], checks=("totals",))
    assert (found(given, "totals"), compared(given, "totals")) == ([], 0)


# --- the region and its departments ----------------------------------------------------------------------------
@pytest.mark.parametrize(("own", "verdict"), [(12, None), (11, "disagrees"), (13, "look")])
def test_departments_that_add_up_to_more_than_the_region_disagree(own, verdict):
    rows = [*ROWS[:3], complaint("*", "delay", own)]
    given = Given(complaints=rows, checks=("region_rows",))
    expected = [("*", Q3, "received", own, 12, verdict)] if verdict else []
    assert found(given, "region_rows") == expected
    assert compared(given, "region_rows") == 1


def test_cumulative_figures_are_not_held_against_quarters():
    rows = [complaint("A", received=9), complaint("*", received=3, basis="ytd")]
    assert compared(Given(complaints=rows, checks=("region_rows",)), "region_rows") == 0


# --- within a row ----------------------------------------------------------------------------------------------
def test_a_part_of_a_row_of_complaints_is_at_most_its_whole():
    given = Given(
        complaints=[
            complaint("A", closed=3, substantiated=4, handled_on_time=3, rated=2, dissatisfied=2),
            complaint("B", received=1, closed=9, handled_on_time=10),  # more closed than received has its explanation
            complaint("C", substantiated=4),  # nobody said how many were closed
        ],
        checks=("complaint_rows",),
    )
    assert found(given, "complaint_rows") == [
        ("A", Q3, "substantiated", 4, 3, "disagrees"),
        ("B", Q3, "handled_on_time", 10, 9, "disagrees"),
    ]
    assert compared(given, "complaint_rows") == 4


def test_decisions_of_a_kind_are_at_most_all():
    row = {"quarter": Q3, "department_id": "A", "kind": "project", "total": 5, "collective": 6, "voted": 5}
    given = Given(decisions=[row], checks=("decision_rows",))
    assert found(given, "decision_rows") == [("A", Q3, "collective", 6, 5, "disagrees")]
    assert compared(given, "decision_rows") == 2


def case(department: str = "A", **counts: int) -> dict:
    place = {"quarter": Q3, "department_id": department, "source": "petition", "domain": "money", "found_at": "after"}
    return place | counts


@pytest.mark.parametrize(
    ("counts", "item"),
    [
        ({"closed": 3, "exempted": 4}, "exempted"),
        ({"closed": 3, "withdrawn": 4}, "withdrawn"),
        ({"people_sanctioned": 3, "party_sanctions": 4}, "party_sanctions"),
        ({"people_sanctioned": 3, "administrative_sanctions": 4}, "administrative_sanctions"),
        ({"people_sanctioned": 9, "party_sanctions": 4, "administrative_sanctions": 4}, "people_sanctioned"),
    ],
)
def test_counts_of_cases_that_cannot_be(counts, item):
    rows = found(Given(cases=[case(**counts)], checks=("case_rows",)), "case_rows")
    assert [(row[2], row[5]) for row in rows] == [(item, "disagrees")]


def test_sanctions_that_overlap_and_steps_that_carry_over_are_no_disagreement():
    overlap = case(people_sanctioned=334, party_sanctions=315, administrative_sanctions=40, leads=2, filed=9, closed=1)
    assert found(Given(cases=[overlap], checks=("case_rows",)), "case_rows") == []


def test_a_step_that_exceeds_the_one_before_is_only_worth_a_look():
    rows = [
        case(closed=3, cases_sanctioned=4),
        case("B", leads=3, leads_dismissed=2, leads_inquired=1, leads_in_verification=1, leads_pending=0),
        case("C", leads=3, leads_dismissed=2, leads_inquired=1, leads_in_verification=0, leads_pending=0),
    ]
    given = Given(cases=rows, checks=("case_flows",))
    assert found(given, "case_flows") == [
        ("A", Q3, "cases_sanctioned", 4, 3, "look"),
        ("B", Q3, "leads", 4, 3, "look"),
    ]
    assert compared(given, "case_flows") == 3


# --- registers -------------------------------------------------------------------------------------------------
def activity(name: str, day: datetime.date, notices: int) -> dict:
    return {"activity_id": name, "department_id": "A", "date": day, "notices": notices}


def notice(name: str, of: str, day: datetime.date) -> dict:
    return {"notice_id": name, "activity_id": of, "department_id": "A", "issued_on": day}


def test_notices_are_held_against_the_activities_that_gave_them():
    given = Given(
        supervision=[
            activity("early", DAY(2026, 1, 2), 9),  # before the register of notices began
            activity("right", DAY(2026, 4, 1), 1),
            activity("short", DAY(2026, 4, 2), 2),
            activity("excess", DAY(2026, 9, 2), 0),
            activity("young", DAY(2026, 9, 20), 1),  # its notice may be on the way
        ],
        notices=[
            notice("n1", "right", DAY(2026, 4, 1)),
            notice("n2", "short", DAY(2026, 4, 9)),
            notice("n3", "excess", DAY(2026, 9, 9)),
            notice("n4", "unheard of", DAY(2026, 9, 28)),
            notice("n0", "older than the register", DAY(2026, 1, 3)),
        ],
        checks=("notice_ledgers",),
    )
    rows = given.run("pages/audit_rows", check="notice_ledgers")
    assert set(zip(rows["item"], rows["detail"], rows["verdict"])) == {
        ("notices", "short", "disagrees"),
        ("notices", "excess", "disagrees"),
        ("notices", "young", "look"),
        ("activity", "n4 · unheard of", "disagrees"),
        ("activity", "n0 · older than the register", "disagrees"),
    }
    assert set(rows["quarter"]) == {"2026Q1", "2026Q2", "2026Q3"}


def test_an_office_without_a_register_of_notices_is_told_nothing():
    given = Given(supervision=[activity("a", DAY(2026, 4, 1), 3)], checks=("notice_ledgers",))
    assert compared(given, "notice_ledgers") == 0


def test_scores_beyond_the_scale():
    row = {"year": 2026, "department_id": "A", "kind": "comprehensive", "dimension": "duty"}
    given = Given(assessments=[{**row, "score": 104.0, "self_score": 96.0, "pass_mark": 60.0}], checks=("score_range",))
    assert found(given, "score_range") == [("A", "2026Q4", "score", 104, 100, "disagrees")]
    assert compared(given, "score_range") == 3


def test_rows_of_a_table_that_did_not_come_in():
    sent = {"quarter": Q3, "table": "complaints"}
    given = Given(
        complaints=[complaint("A"), complaint("B"), complaint("C")],
        submissions=[
            {**sent, "department_id": "A", "received_on": DAY(2026, 10, 3)},
            {**sent, "department_id": "B"},
        ],
        checks=("submission_rows",),
    )
    assert found(given, "submission_rows") == [("B", Q3, "rows", 1, 0, "look"), ("C", Q3, "rows", 1, 0, "look")]
    assert compared(given, "submission_rows") == 3


# --- what is shown ---------------------------------------------------------------------------------------------
def test_figures_of_a_place_that_nobody_can_choose_belong_to_every_view():
    given = Given(
        departments=departments("A"),
        stated_figures=[{**FIGURES[1], "region_id": "province"}],
        checks=("stated_figures",),
    )
    assert len(given.run("pages/audit_rows", region="county")) == 1
    assert given.run("pages/audit_checks", region="county")["disagrees"].sum() == 1


def test_a_quarter_and_a_department_narrow_rows_and_counts_alike():
    rows = [
        complaint("A", closed=1, substantiated=2),
        {**complaint("B", closed=1, substantiated=2), "quarter": "2026Q2"},
    ]
    given = Given(complaints=rows, checks=("complaint_rows",))
    for asked in ({"quarters": [Q3]}, {"department": "A"}):
        assert list(given.run("pages/audit_rows", **asked)["department_id"]) == ["A"]
        assert given.run("pages/audit_checks", **asked)["compared"].tolist() == [1]


def test_codes_are_shown_as_words_and_ids_as_they_are():
    words = {("channel", "letter"): "来信"}
    assert audit.detail_words("2026-07 · channel:letter · notice:7", words) == "2026-07 · 来信 · notice:7"
    check = catalog.audits(catalog.load_catalog())["region_rows"]
    assert [audit.item_words(check, "cases", "people_sanctioned", lang) for lang in ("zh", "en")] == [
        "处分人数",
        "people sanctioned",
    ]


@pytest.mark.parametrize(
    ("columns", "complaint"),
    [
        ({"severity": "terrible"}, "severity = 'terrible'; expected one of disagrees, look"),
        ({"relation": ">="}, "relation = '>='; expected one of =, <="),
        ({"extra": 1}, "a check returns"),
    ],
)
def test_a_check_that_breaks_the_contract_is_named_by_file(columns, complaint):
    check = catalog.audits(catalog.load_catalog())["totals"]
    row = dict.fromkeys(audit.RETURNED) | {"relation": "=", "severity": "look"} | columns
    with pytest.raises(catalog.QueryFileError, match="totals.sql:1: " + complaint):
        audit.judged(check, pd.DataFrame([row]))


# --- who reported ----------------------------------------------------------------------------------------------
def test_who_reported_is_counted_by_table_and_quarter_and_the_missing_are_named():
    given = Given(
        departments=departments("A", "B", "C"),
        complaints=[complaint("A"), {**complaint("B"), "quarter": "2026Q2"}],
        submissions=[{"quarter": Q3, "table": "powers", "department_id": "C", "received_on": DAY(2026, 10, 3)}],
    )
    grid = given.run("pages/completeness", region="county")
    assert list(grid.itertuples(index=False, name=None)) == [
        ("complaints", "2026Q2", 3, 1),
        ("complaints", Q3, 3, 1),
        ("powers", Q3, 3, 1),
    ]
    missing = given.run("pages/missing_reports", region="county", quarter=Q3).astype(object)
    assert [
        (r.table, r.department_id, r.last_quarter if isinstance(r.last_quarter, str) else None)
        for r in missing.itertuples()
    ] == [
        ("complaints", "B", "2026Q2"),
        ("complaints", "C", None),
        ("powers", "A", None),
        ("powers", "B", None),
    ]


def test_what_stands_in_the_way_is_counted():
    given = Given(
        departments=departments("A", "B"),
        department_facts=[{"quarter": Q3, "department_id": "A", "staff": 4}],
        complaints=[complaint("A", basis="ytd"), complaint("B")],
        notices=[notice("n1", "a", DAY(2999, 1, 1))],
        evaluations=[
            {"quarter": Q3, "department_id": "A", "rater_id": rater, "dimension": "service", "score": 80.0}
            for rater in ("r1", "r2")
        ]
        + [{"quarter": Q3, "department_id": "B", "rater_id": "r1", "dimension": "service", "score": 70.0}],
    )
    rows = given.run("pages/quality", region="county", quarter=Q3).astype(object)
    assert {row.item: (row.n, row.total) for row in rows.itertuples()} == {
        "ballots": (1, 4),
        "no_staff": (1, 2),
        "staff_carried": (0, 2),
        "no_category": (0, 2),
        "to_come": (1, 1),
        "cumulative": (1, 2),
        "raters": (1, 2),  # who left somebody out that others rated
    }
