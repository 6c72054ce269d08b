"""Given registers and tables by the quarter, which quarters, departments and reports come of them."""

import datetime

import pytest

from tests.support import Given, departments

DAY = datetime.date


def decision(department: str, quarter: str, **more: object) -> dict:
    return {"quarter": quarter, "department_id": department, "kind": "projects", "total": 1, **more}


def staffed(department: str, quarter: str, staff: int | None) -> dict:
    return {"quarter": quarter, "department_id": department, "staff": staff}


def complaint(department: str, quarter: str, received: int | None = 1, **more: object) -> dict:
    return {
        "quarter": quarter,
        "department_id": department,
        "channel": "hotline",
        "category": "attitude",
        "received": received,
        **more,
    }


# --- quarters --------------------------------------------------------------------------------------------------
def test_quarters_are_those_of_the_tables_by_the_quarter_and_those_between():
    given = Given(decisions=[decision("d01", "2025Q3")], complaints=[complaint("d01", "2026Q2")])
    assert given.rows("quarters", "quarter") == [("2025Q3",), ("2025Q4",), ("2026Q1",), ("2026Q2",)]


def test_what_was_done_in_a_quarter_without_tables_counts():
    given = Given(
        departments=departments("d01"),
        decisions=[decision("d01", "2026Q1"), decision("d01", "2026Q3")],
        supervision=[{**ACTIVITY, "date": DAY(2026, 5, 4)}],
    )
    assert given.indicator("supervision_activities")["d01", "2026Q2"] == (1, 1, None, 1, None)


def test_a_quarter_begins_and_ends_on_its_days():
    given = Given(decisions=[decision("d01", "2026Q3"), decision("d01", "2026Q4")])
    days = [tuple(day.date() for day in row) for row in given.rows("quarters", "first_day", "last_day")]
    assert days == [(DAY(2026, 7, 1), DAY(2026, 9, 30)), (DAY(2026, 10, 1), DAY(2026, 12, 31))]


ACTIVITY = {"activity_id": "a1", "department_id": "d01", "date": DAY(2026, 10, 8), "stage": "before"}


def test_a_register_by_the_day_does_not_open_a_quarter_that_is_not_over():
    given = Given(decisions=[decision("d01", "2026Q3")], supervision=[ACTIVITY])
    assert given.rows("quarters", "quarter") == [("2026Q3",)]


def test_an_office_that_keeps_nothing_but_registers_still_has_quarters():
    given = Given(departments=departments("d01"), supervision=[ACTIVITY])
    assert given.rows("quarters", "quarter") == [("2026Q4",)]
    assert given.indicator("supervision_activities") == {("d01", "2026Q4"): (1, 1, None, 1, None)}


# --- department_quarters ---------------------------------------------------------------------------------------
def standing(given: Given) -> set[tuple[str, str]]:
    return set(given.rows("department_quarters", "department_id", "quarter"))


def test_a_department_stands_in_every_quarter_that_it_saw_a_day_of():
    given = Given(
        departments=[
            *departments("always"),
            *departments("from_may", valid_from=DAY(2026, 5, 1)),
            *departments("until_may", valid_to=DAY(2026, 5, 1)),
            *departments("until_march", valid_to=DAY(2026, 3, 31)),
        ],
        decisions=[decision("always", quarter) for quarter in ("2026Q1", "2026Q2", "2026Q3")],
    )
    assert standing(given) == {
        *(("always", quarter) for quarter in ("2026Q1", "2026Q2", "2026Q3")),
        *(("from_may", quarter) for quarter in ("2026Q2", "2026Q3")),
        *(("until_may", quarter) for quarter in ("2026Q1", "2026Q2")),
        ("until_march", "2026Q1"),
    }


def test_staff_are_carried_forward_and_never_backward():
    given = Given(
        departments=departments("d01"),
        decisions=[decision("d01", quarter) for quarter in ("2026Q1", "2026Q2", "2026Q3")],
        department_facts=[staffed("d01", "2026Q2", 40)],
    )
    assert given.rows("department_quarters", "quarter", "staff", "facts_quarter") == [
        ("2026Q1", None, None),
        ("2026Q2", 40, "2026Q2"),
        ("2026Q3", 40, "2026Q2"),
    ]


def test_a_rate_on_carried_staff_says_so():
    given = Given(
        departments=departments("d01"),
        department_facts=[staffed("d01", "2026Q2", 40)],
        complaints=[complaint("d01", "2026Q2", 2), complaint("d01", "2026Q3", 4), complaint("d01", "2026Q1", 1)],
    )
    assert given.indicator("complaint_rate") == {
        ("d01", "2026Q1"): (None, 1, None, 1, "no_staff"),
        ("d01", "2026Q2"): (5, 2, 40, 2, None),
        ("d01", "2026Q3"): (10, 4, 40, 4, "staff_carried"),
    }


# --- reported --------------------------------------------------------------------------------------------------
def test_who_reported_nothing_but_sent_the_table_has_zero_and_who_did_not_send_it_has_no_value():
    given = Given(
        departments=departments("rows", "sent", "silent"),
        department_facts=[staffed(name, "2026Q3", 50) for name in ("rows", "sent", "silent")],
        complaints=[complaint("rows", "2026Q3", 5)],
        submissions=[
            {"quarter": "2026Q3", "table": "complaints", "department_id": "sent", "received_on": DAY(2026, 10, 5)},
            {"quarter": "2026Q3", "table": "complaints", "department_id": "silent"},
        ],
    )
    assert given.indicator("complaints_received") == {
        ("rows", "2026Q3"): (5, 5, None, 5, None),
        ("sent", "2026Q3"): (0, 0, None, 0, None),
    }
    assert given.indicator("complaint_rate") == {
        ("rows", "2026Q3"): (10, 5, 50, 5, None),
        ("sent", "2026Q3"): (0, 0, 50, 0, None),
    }


def test_where_nobody_keeps_submissions_those_with_any_row_reported():
    given = Given(departments=departments("d01", "d02"), complaints=[complaint("d01", "2026Q3")])
    assert given.rows("reported", "reported_table", "department_id") == [("complaints", "d01")]


# --- vocabulary and weights ------------------------------------------------------------------------------------
def test_an_offices_own_word_stands_over_the_projects():
    given = Given(
        vocabulary=[
            {"vocabulary": "dimension", "code": "service", "zh": "窗口服务", "en": "", "mark": ""},
            {"vocabulary": "dimension", "code": "punctuality", "zh": "守时"},
        ]
    )
    words = {
        row[0]: row[1:] for row in given.rows("vocabulary", "code", "zh", "en", "vocabulary") if row[3] == "dimension"
    }
    assert words["service"][0] == "窗口服务"
    assert words["punctuality"][:2] == ("守时", "守时")
    assert words["conduct"][:2] == ("工作作风", "conduct")


# --- small page queries ----------------------------------------------------------------------------------------
def figure(name: str, check: str, parts: str | None, stated: float, tolerance: float | None = None) -> dict:
    return {"figure_id": name, "check": check, "parts": parts, "stated": stated, "tolerance": tolerance}


def test_published_figures_are_held_against_their_parts():
    given = Given(
        stated_figures=[
            figure("a", "sum", "1;2;3", 6),
            figure("b", "sum", "1；2", 4, 0.5),
            figure("c", "share", "1;3", 33.3, 0.05),
            figure("d", "growth", "110;100", 10),
            figure("e", "diff", "5;7", -2),
            figure("f", "count", "4;4;4", 3),
            figure("g", "share", "1;0", 5),
            figure("h", "sum", "one;two", 3),
            figure("i", "sum", None, 3),
            figure("j", "share", "4.35;100", 4.4, 0.05),
        ]
    )
    audit = given.run("pages/arithmetic_audit")
    found = {
        row.figure_id: (row.computed, row.agrees)
        for row in audit.astype(object).where(audit.notna(), None).itertuples()
    }
    assert found == {
        "a": (6, True),
        "b": (3, False),
        "c": (100 / 3, True),
        "d": (100 * (1.1 - 1), True),
        "e": (-2, True),
        "f": (3, True),
        "g": (None, None),
        "h": (None, None),
        "i": (None, None),
        "j": (4.35, True),
    }


def test_what_is_loaded_is_counted_by_table_with_the_quarters_it_covers():
    given = Given(
        departments=departments("d01", "d02"),
        decisions=[decision("d01", "2026Q1"), decision("d01", "2026Q3")],
        supervision=[ACTIVITY],
        stated_figures=[figure("a", "sum", "1;2", 3)],
    )
    rows = given.run("pages/loaded").astype(object)
    assert [tuple(None if value is None or value != value else value for value in row) for row in rows.values] == [
        ("decisions", 2, "2026Q1", "2026Q3"),
        ("departments", 2, None, None),
        ("stated_figures", 1, None, None),
        ("supervision", 1, "2026Q4", "2026Q4"),
    ]


def test_cumulative_figures_are_shown_apart_and_only_once():
    given = Given(
        cases=[
            {
                "quarter": "2026Q2",
                "department_id": "*",
                "leads": 40,
                "filed": 10,
                "people_sanctioned": 8,
                "basis": "ytd",
            },
            {"quarter": "2026Q2", "department_id": "d01", "leads": 4, "filed": 1, "people_sanctioned": 1},
        ],
        complaints=[complaint("d01", "2026Q2", 7, basis="ytd")],
    )
    frame = given.run("pages/year_to_date")
    assert list(frame["department_id"]) == ["*", "d01"]
    assert frame["filed_per_lead"][0] == 0.25
    assert frame["sanctioned_per_filed"][0] == 0.8
    assert frame["received"][1] == 7


def test_corrections_come_newest_first():
    cell = {"table": "complaints", "period": "2026Q1", "key": "{}", "column": "received"}
    given = Given(
        corrections=[
            cell | {"import_id": "20260401T000000Z-a", "old": "1", "new": "2"},
            cell | {"import_id": "20260501T000000Z-b", "old": "2", "new": "3"},
        ]
    )
    assert list(given.run("pages/corrections")["new"]) == ["3", "2"]


# --- marks, and years ------------------------------------------------------------------------------------------
def test_a_category_with_several_marks_counts_as_conduct():
    given = Given(
        departments=departments("d01"),
        complaints=[complaint("d01", "2026Q3", 3, category=one) for one in ("arbitrary_fines", "shirking", "delay")],
    )
    assert ("d01", 4, 9, 6) in given.rows("window_complaints", "department_id", "length", "received", "conduct")


def test_an_assessment_is_known_from_the_quarter_of_its_date_and_passes_on_to_the_only_heir():
    def assessed(department: str, year: int, kind: str = "comprehensive") -> dict:
        return {"year": year, "department_id": department, "kind": kind, "dimension": "duty", "score": 80}

    closed, dated = {"valid_to": DAY(2026, 6, 30)}, {"assessed_on": DAY(2026, 9, 18)}
    given = Given(
        departments=[
            *departments("d01", "heir", "merged"),
            *departments("old", successor="heir", **closed),
            *departments("one", "other", successor="merged", **closed),
        ],
        decisions=[decision("d01", quarter) for quarter in ("2026Q2", "2026Q3")],
        assessments=[
            assessed("d01", 2026) | dated,
            assessed("d01", 2025),
            assessed("d01", 2023),
            assessed("d01", 2024, "focused"),
            *(assessed(one, 2026) | dated for one in ("old", "one", "other")),
        ],
    )
    columns = ("quarter", "department_id", "year", "former_id")
    assert [row for row in given.rows("known_assessments", *columns) if row[1] in ("d01", "heir", "merged")] == [
        ("2026Q2", "d01", 2025, "d01"),
        ("2026Q3", "d01", 2025, "d01"),
        ("2026Q3", "d01", 2026, "d01"),
        ("2026Q3", "heir", 2026, "old"),
    ]


def test_one_dimension_scored_anew_later_does_not_hide_the_year():
    scored = {"department_id": "d01", "kind": "comprehensive", "year": 2026, "score": 80}
    given = Given(
        departments=departments("d01"),
        decisions=[decision("d01", quarter) for quarter in ("2026Q2", "2026Q3")],
        assessments=[
            scored | {"dimension": "duty", "assessed_on": DAY(2026, 5, 10)},
            scored | {"dimension": "integrity", "assessed_on": DAY(2026, 9, 18)},
        ],
    )
    assert given.rows("known_assessments", "quarter", "year") == [("2026Q2", 2026), ("2026Q3", 2026)]


@pytest.mark.parametrize("later", [(), ("2026Q4",)])
def test_an_assessment_without_a_date_is_known_from_the_fourth_quarter_and_no_import_moves_it(later):
    """Known as soon as its year had figures, it would flag a quarter in one snapshot and not in the next."""
    scored = {"department_id": "d01", "kind": "comprehensive", "dimension": "duty", "score": 80}
    given = Given(
        departments=departments("d01"),
        decisions=[decision("d01", quarter) for quarter in ("2025Q4", "2026Q3", *later)],
        assessments=[scored | {"year": 2025}, scored | {"year": 2026}],
    )
    found = given.rows("known_assessments", "quarter", "year")
    assert [row for row in found if row[0] in ("2025Q4", "2026Q3")] == [("2025Q4", 2025), ("2026Q3", 2025)]
    assert [row for row in found if row[0] == "2026Q4"] == [("2026Q4", year) for year in (2025, 2026) if later]


# --- who answers for whose records -----------------------------------------------------------------------------
def test_in_the_quarter_of_a_handover_every_record_counts_once_for_who_is_there_at_its_end():
    given = Given(
        departments=[
            *departments("heir", "other"),
            *departments("old", valid_to=DAY(2026, 5, 15), successor="heir"),
            *departments("gone", valid_to=DAY(2026, 5, 15)),
            *departments("later", valid_to=DAY(2026, 5, 15), successor="next"),
            *departments("next", valid_from=DAY(2026, 7, 1)),
            *departments("first", valid_to=DAY(2026, 4, 30), successor="second"),
            *departments("second", valid_to=DAY(2026, 6, 10), successor="heir"),
        ],
        decisions=[decision(one, "2026Q2") for one in ("heir", "old", "gone", "later", "first", "second")]
        + [decision("heir", quarter) for quarter in ("2026Q1", "2026Q3")],
    )
    answering = {
        (q, former): owner for q, owner, former in given.rows("lineage", "quarter", "department_id", "former_id")
    }
    assert len(answering) == len(given.rows("lineage", "former_id")), "nobody's records count for two"
    assert answering["2026Q1", "old"] == "old"
    assert answering["2026Q2", "old"] == "heir"
    assert answering["2026Q2", "gone"] == "gone", "without a successor it answers for itself to the end"
    assert (answering["2026Q2", "later"], answering["2026Q3", "later"]) == ("later", "next")
    assert answering["2026Q2", "first"] == answering["2026Q2", "second"] == "heir"
    rows = given.rows("window_decisions", "quarter", "department_id", "length", "total")
    assert [total for q, one, length, total in rows if (q, one, length) == ("2026Q2", "heir", 1)] == [4]
    assert sum(total for q, one, length, total in rows if q == "2026Q2" and length == 1 and one != "*") == 6


def test_powers_of_a_department_that_was_closed_are_its_successors_once():
    power = {"domain": "money", "link": "decision", "risk_level": "A", "valid_from": DAY(2020, 1, 1)}
    given = Given(
        departments=[*departments("new"), *departments("old", valid_to=DAY(2026, 3, 31), successor="new")],
        decisions=[decision("new", quarter) for quarter in ("2026Q1", "2026Q2")],
        powers=[
            {**power, "power_id": "1", "department_id": "old", "name": "undated"},
            {**power, "power_id": "2", "department_id": "old", "name": "ended", "valid_to": DAY(2026, 3, 31)},
            {**power, "power_id": "3", "department_id": "old", "name": "renumbered"},
            {**power, "power_id": "4", "department_id": "new", "name": "renumbered", "valid_from": DAY(2026, 4, 1)},
        ],
    )
    rows = given.rows("powers_in_force", "quarter", "department_id", "power_id")
    assert [row for row in rows if row[0] == "2026Q1"] == [("2026Q1", "old", number) for number in "123"]
    assert [row for row in rows if row[0] == "2026Q2"] == [("2026Q2", "new", "1"), ("2026Q2", "new", "4")]


# --- columns ---------------------------------------------------------------------------------------------------
def test_the_columns_that_a_table_has_are_those_of_every_file_of_the_region():
    rows = [decision("d01", quarter, region_id=region) for region in ("a", "b") for quarter in ("2026Q1", "2026Q2")]
    given = Given(decisions=rows, absent=("voted",), absent_in=("a", "2026Q1"))
    columns = {
        region: set(given.run("pages/table_columns", table="decisions", region=region)["column"]) for region in "ab"
    }
    assert columns["b"] - columns["a"] == {"voted"}
