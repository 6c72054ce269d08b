"""What deserves the meeting's time: every point, the limits of an agenda, the fate of a flag, how often a rule hit."""

import datetime

import pandas as pd
import pytest

from dashboard.agenda import MOST, MOST_ALIKE, agenda, fate, flag_of, hit_rates, margin, stage
from dashboard.store import Basis, Book, Flag, Store

DAY = datetime.date(2026, 11, 20)
BASIS = Basis("000001-x", "2026Q3")
NO_STAFF = pd.Series(dtype=float)


def flagged(department: str, rule: str = "one_pen", status: str = "alert", **said) -> dict:
    row = {"rule": rule, "region_id": "c", "department_id": department, "quarter": "2026Q3", "status": status}
    row |= {
        "previous": status,
        "since": "2026Q2",
        "spell_quarters": 2,
        "value": 30.0,
        "threshold": 25.0,
        "clear": "2026Q1",
    }
    return row | said


def drawn(*rows: dict, kind: str = "share", staff: pd.Series = NO_STAFF, book: Book | None = None):
    return agenda(pd.DataFrame(rows), dict.fromkeys([r["rule"] for r in rows], kind), staff, book or Book(), DAY)


def points(item) -> dict[str, int]:
    return {part.name: part.points for part in item.parts}


@pytest.fixture
def followed(tmp_path):
    """The book after these states of the flag of `flagged`."""
    from tests.store.flags import step

    def follow(department: str, *states: str, rule: str = "one_pen", outcome: str = "confirmed", **said) -> Book:
        flag = flag_of(flagged(department, rule))
        for state in states:
            end = {"outcome": outcome} if state == "closed" else {}
            Store(tmp_path).record(flag, step(state, **end, **said), BASIS)
        return Store(tmp_path).read()

    return follow


# --- the score -------------------------------------------------------------------------------------------------
def test_every_point_is_shown_and_they_add_up():
    [item] = drawn(flagged("A", previous="ok", spell_quarters=1, since="2026Q3")).items
    assert points(item) == {"alert": 40, "quarters": 5, "margin": 1, "new": 10, "untouched": 10}
    assert item.score == 66


@pytest.mark.parametrize(
    ("said", "part", "given"),
    [
        ({"status": "watch", "previous": "watch", "spell_quarters": 4}, "watch", 20),
        ({"spell_quarters": 3}, "quarters", 15),
        ({"spell_quarters": 12}, "quarters", 20),
        ({"previous": "watch"}, "worse", 10),
        ({"previous": None}, "new", 10),
        ({"previous": "no_data"}, "new", 10),
        ({"value": 250.0}, "margin", 5),  # nine times past its line, and no more than five points
        ({"value": 0.0}, "margin", 5),
        ({"value": 26.0}, "margin", 0),
    ],
)
def test_a_part_has_its_points(said, part, given):
    [item] = drawn(flagged("A", **said), flagged("B", status="ok")).items
    assert points(item)[part] == given


@pytest.mark.parametrize(
    ("kind", "value", "threshold"),
    [("deterministic", 3.0, 1.0), ("composite", 3.0, 1.0), ("share", 3.0, 0.0), ("share", None, 5.0)],
)
def test_how_far_past_a_line_is_not_said_where_it_cannot_be(kind, value, threshold):
    assert margin({"value": value, "threshold": threshold}, kind) is None


def test_the_larger_department_comes_first_of_two_alike_and_a_missing_figure_counts_nothing():
    staff = pd.Series({"A": 9.0, "B": 300.0, "C": float("nan"), "D": 50.0})
    items = drawn(flagged("A"), flagged("B", "two"), flagged("C", "three"), staff=staff).items
    assert [item.flag.department_id for item in items] == ["B", "A", "C"]
    assert [points(item).get("size") for item in items] == [5, 2, None]
    assert [dict(part.values) for part in items[0].parts if part.name == "size"] == [{"staff": 300}]


def test_a_small_office_with_many_alerts_comes_before_a_large_one_with_a_single_alert():
    staff = pd.Series({"A": 9.0, "B": 300.0, "C": 50.0})
    rows = [flagged("A", f"rule_{i}") for i in range(4)] + [flagged("B", "other"), flagged("C", status="ok")]
    items = drawn(*rows, staff=staff).items
    assert [points(item).get("company") for item in items] == [6, 6, 6, 6, None]
    assert items[0].flag.department_id == "A"


# --- who is on it ----------------------------------------------------------------------------------------------
def test_an_agenda_has_at_most_ten_and_of_a_rule_or_a_department_two():
    rows = [flagged(f"D{i}", f"rule_{j}", spell_quarters=i) for i in range(6) for j in range(6)]
    items = drawn(*rows).items
    assert len(items) == MOST
    for each in ("rule", "department_id"):
        assert pd.Series([getattr(item.flag, each) for item in items]).value_counts().max() == MOST_ALIKE
    assert not any(item.is_alike for item in items)
    assert [item.score for item in items] == sorted((item.score for item in items), reverse=True)


def test_where_there_is_nothing_else_more_than_two_are_alike_and_it_says_so():
    found = drawn(*(flagged(f"D{i}") for i in range(5)))
    assert [item.is_alike for item in found.items] == [False, False, True, True, True]
    assert found.passed_over == 0


def test_an_agenda_is_no_longer_than_what_deserves_it():
    weak = flagged("A", status="watch", previous="watch", value=26.0)
    assert drawn(weak).items == ()
    assert [i.flag.department_id for i in drawn(weak, flagged("B")).items] == ["B"]
    strong = flagged("A", status="watch", previous="watch", spell_quarters=4, value=26.0)
    assert drawn(strong).items[0].score == 50


def test_what_gave_way_is_counted():
    rows = [flagged(f"D{i}", f"rule_{i}") for i in range(13)]
    assert drawn(*rows).passed_over == 3


def test_nothing_is_flagged_and_nothing_is_on_the_agenda():
    found = drawn(flagged("A", status="ok"), flagged("B", status="no_data"))
    assert (found.items, found.aside, found.passed_over) == ((), (), 0)


# --- what somebody is at already -------------------------------------------------------------------------------
LATER, EARLIER = datetime.date(2026, 12, 1), datetime.date(2026, 11, 1)


@pytest.mark.parametrize(
    ("states", "said", "reached"),
    [
        (("draft",), {}, "proposed"),
        (("draft",), {"due": EARLIER}, "overdue"),
        (("active",), {}, "loose"),
        (("active",), {"owner": "机关纪委"}, "loose"),
        (("active",), {"due": LATER}, "loose"),
        (("active",), {"owner": "机关纪委", "due": LATER}, "handled"),
        (("active",), {"owner": "机关纪委", "due": DAY}, "handled"),
        (("active",), {"owner": "机关纪委", "due": EARLIER}, "overdue"),
        (("active", "addressed"), {"due": EARLIER}, "handled"),
        (("active", "addressed", "completed"), {}, "handled"),
        (("active", "declined"), {}, "settled"),
        (("active", "addressed", "completed", "closed"), {}, "settled"),
        (("draft", "stopped"), {}, "settled"),
    ],
)
def test_what_is_handled_or_settled_takes_no_place_and_is_listed_aside(followed, states, said, reached):
    book = followed("A", *states, **said)
    assert stage(book.follow_ups[0], flag_of(flagged("A")), DAY) == reached
    found = drawn(flagged("A"), flagged("B"), book=book)
    is_aside = reached in ("handled", "settled")
    assert [item.flag.department_id for item in found.aside] == (["A"] if is_aside else [])
    assert ("A" in [item.flag.department_id for item in found.items]) != is_aside


def test_a_decision_that_is_overdue_counts_as_much_as_none_with_its_days(followed):
    book = followed("A", "active", owner="机关纪委", due=EARLIER)
    [item] = drawn(flagged("A"), book=book).items
    assert [(part.points, part.values["days"]) for part in item.parts if part.name == "overdue"] == [(10, 19)]


def test_a_new_spell_is_not_settled_by_the_last_one(followed):
    book = followed("A", "active", "declined")
    again = flagged("A", quarter="2027Q2", since="2027Q2", spell_quarters=1, previous="ok", clear="2027Q1")
    assert [item.stage for item in drawn(again, book=book).items] == ["untouched"]


@pytest.mark.parametrize(
    ("states", "outcome", "quarter", "reached"),
    [
        (("active", "addressed", "completed", "closed"), "confirmed", "2026Q4", "outgrown"),
        (("active", "addressed", "completed", "closed"), "not_confirmed", "2026Q4", "settled"),
        (("draft", "stopped"), "", "2026Q4", "outgrown"),
        (("active", "declined"), "", "2027Q3", "settled"),
        (("active", "declined"), "", "2027Q4", "outgrown"),
    ],
)
def test_a_flag_that_has_outgrown_what_was_decided_comes_back_to_the_agenda(
    followed, states, outcome, quarter, reached
):
    book = followed("A", *states, outcome=outcome)
    found = drawn(flagged("A", quarter=quarter, previous="alert"), book=book)
    assert [item.stage for item in (*found.items, *found.aside)] == [reached]
    if reached == "outgrown":
        assert points(found.items[0])["outgrown"] == 10


# --- what became of a flag -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (None, "gone"),
        (flagged("A", status="ok"), "closed"),
        (flagged("A", status="no_data"), "lost"),
        (flagged("A"), "persisting"),
        (flagged("A", previous="watch"), "worse"),
        (flagged("A", status="watch", previous="alert"), "eased"),
        (flagged("A", since="2026Q4", quarter="2026Q4", previous="ok", clear="2026Q3"), "again"),
        (flagged("A", since="2026Q3", previous="no_data", clear="2025Q4"), "persisting"),  # nobody has found it settled
        (flagged("A", previous=None), "persisting"),  # a correction has taken the quarter before away
    ],
)
def test_what_became_of_a_flag(row, expected):
    assert fate(Flag("one_pen", "c", "A", "2026Q1", "2026Q2"), row) == expected


# --- how often a rule was right --------------------------------------------------------------------------------
def test_a_hit_rate_counts_what_was_resolved_with_its_wilson_interval(followed):
    whole = ("active", "addressed", "completed", "closed")
    for number in range(9):
        followed(f"D{number}", *whole, outcome="confirmed" if number < 6 else "not_confirmed")
    followed("open", "active")
    book = followed("stopped", "draft", "stopped")
    hit = hit_rates(book)["one_pen"]
    assert (hit.confirmed, hit.resolved, hit.is_share) == (6, 9, True)
    assert (round(hit.low, 3), round(hit.high, 3)) == (0.354, 0.879)  # 6 of 9, Wilson, by hand


def test_below_five_a_hit_rate_is_two_counts(followed):
    book = followed("A", "active", "declined", "closed", outcome="not_confirmed")
    hit = hit_rates(book)["one_pen"]
    assert (hit.confirmed, hit.resolved, hit.is_share) == (0, 1, False)
    assert hit_rates(Book()) == {}
