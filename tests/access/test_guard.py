"""What the guard lets through of an answer, on answers made by hand."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access.actors import ALONE, Actor, ForbiddenError, actions, may, roles
from dashboard.access.guard import Guard
from dashboard.catalog import Query

ROWS = pd.DataFrame(
    {
        "region_id": ["r1", "r1", "r2"],
        "department_id": ["A", "B", "A"],
        "name": ["甲局", "乙局", "丙局"],
        "value": [1.0, 2.0, 3.0],
    }
)


def query(needs: str | None, *parameters: str, **header: str) -> Query:
    given = {"answers": "what"} | ({"needs": needs} if needs else {}) | header
    return Query("pages/one", None, "", 1, given, frozenset(parameters))


def guard(actor: Actor | None) -> Guard:
    return Guard(lambda: actor)


@pytest.mark.parametrize("actor", [None, Actor("x", "nobody"), Actor("x", "")])
def test_nobody_and_an_unknown_role_are_refused_everything(actor):
    for needs in actions():
        with pytest.raises(ForbiddenError):
            guard(actor).require(query(needs), {})


def test_a_query_that_does_not_say_what_it_needs_is_answered_to_nobody():
    with pytest.raises(ForbiddenError):
        guard(Actor("", ALONE)).require(query(None), {})


@pytest.mark.parametrize("role", roles())
def test_a_role_is_answered_exactly_what_it_may(role):
    for needs in actions():
        assert guard(Actor("x", role)).allows(query(needs)) == (needs in roles()[role].may)


def test_a_region_that_is_not_the_accounts_is_refused():
    analyst = guard(Actor("x", "analyst", ("r1",)))
    analyst.require(query("departments", "region"), {"region": "r1"})
    with pytest.raises(ForbiddenError):
        analyst.require(query("departments", "region"), {"region": "r2"})


def test_of_an_answer_for_every_region_only_the_accounts_own_rows_are_seen():
    asked = query("words")
    assert guard(Actor("x", "analyst", ("r2",))).seen(asked, {}, ROWS)["name"].tolist() == ["丙局"]
    assert len(guard(Actor("x", "analyst")).seen(asked, {}, ROWS)) == 3


def test_a_query_that_is_not_narrowed_to_a_region_is_answered_for_the_accounts_own_only():
    analyst = guard(Actor("x", "analyst", ("r2",)))
    asked = query("departments", "region")
    for values in ({"region": None}, {}):
        analyst.require(asked, values)
        assert analyst.seen(asked, values, ROWS)["name"].tolist() == ["丙局"]
    # of a query that does not look at it, a region beside the other values narrows nothing
    assert analyst.seen(query("departments"), {"region": "r2"}, ROWS)["name"].tolist() == ["丙局"]


def test_figures_without_a_region_are_not_answered_to_an_account_of_one():
    with pytest.raises(ForbiddenError):
        guard(Actor("x", "analyst", ("r1",))).seen(query("region"), {}, ROWS[["value"]])


def test_a_department_sees_its_own_rows_only():
    own = guard(Actor("x", "department", ("r1",), "B"))
    asked = query("departments", "region")
    assert own.seen(asked, {"region": "r1"}, ROWS[:2])["department_id"].tolist() == ["B"]


def test_peers_that_a_place_is_counted_among_are_there_without_names_and_in_no_order_that_tells():
    rows = pd.DataFrame({"department_id": list("ABCDEFGH"), "name": list("甲乙丙丁戊己庚辛"), "value": range(8)})
    own = guard(Actor("x", "department", (), "C"))
    seen = own.seen(query("departments", "region", peers="unnamed"), {"region": "r1"}, rows)
    assert sorted(seen["value"]) == list(range(8))
    assert seen.loc[seen["department_id"] == "C", "name"].tolist() == ["丙"]
    assert set(seen.loc[seen["department_id"] != "C", "name"]) == {"同类部门"}
    assert not set(seen["department_id"]) & set("ABDEFGH")
    assert seen["department_id"].tolist() == sorted(seen["department_id"])


def test_no_other_column_says_which_peer_it_is():
    rows = pd.DataFrame(
        {"department_id": ["A", "B", "C"], "next_id": [None, "A", "B"], "name_order": [3, 1, 2], "value": [1, 2, 3]}
    )
    own = guard(Actor("x", "department", (), "C"))
    seen = own.seen(query("departments", "region", peers="unnamed"), {"region": "r1"}, rows)
    by_value = seen.set_index("value")
    assert by_value.loc[3, "next_id"] == by_value.loc[2, "department_id"] != "B"
    assert by_value.loc[2, "next_id"] == by_value.loc[1, "department_id"] != "A"
    assert pd.isna(by_value.loc[1, "next_id"])
    assert seen["name_order"].tolist() == [0, 1, 2]


def test_two_processes_call_a_peer_differently_and_one_process_always_the_same():
    asked, values = query("departments", "region", peers="unnamed"), {"region": "r1"}
    rows = pd.DataFrame({"department_id": ["A", "B"]})
    actor = Actor("x", "department", (), "B")
    one, two = guard(actor), guard(actor)
    assert one.seen(asked, values, rows).equals(one.seen(asked, values, rows))
    assert not one.seen(asked, values, rows).equals(two.seen(asked, values, rows))


def test_what_tells_of_one_department_without_naming_it_is_answered_to_that_department_only():
    own = guard(Actor("x", "department", (), "B"))
    asked = query("departments", "region", "department")
    assert len(own.seen(asked, {"department": "B"}, ROWS[["value"]])) == 3
    for other in ("A", None, "*"):
        with pytest.raises(ForbiddenError):
            own.seen(asked, {"department": other}, ROWS[["value"]])


def test_months_of_one_department_are_for_who_may_see_small_counts():
    rows = pd.DataFrame({"grain": ["month", "quarter"], "value": [1, 5]})
    asked = query("departments", "region", "department", fine="month")

    def grains(actor: Actor, department: str | None) -> list[str]:
        return guard(actor).seen(asked, {"region": "r1", "department": department}, rows)["grain"].tolist()

    assert grains(Actor("x", "writer"), "B") == ["month", "quarter"]
    for actor in (Actor("x", "writer", without=frozenset({"small_counts"})), Actor("x", "department", (), "B")):
        assert grains(actor, "B") == ["quarter"]
    leaving = Actor("x", "writer", without=frozenset({"small_counts"}))
    assert grains(leaving, "*") == grains(leaving, "*party") == ["month", "quarter"]
    assert grains(leaving, None) == ["quarter"]


def test_a_gap_s_small_counts_of_one_category_leave_in_no_file_and_reach_no_department():
    rules = {"conduct": Query("gaps/conduct", None, "", 1, {"fine": ["value", "n"]}, frozenset())}
    rows = pd.DataFrame(
        {
            "rule": ["conduct"] * 2,
            "department_id": ["B"] * 2,
            "value": [3.0, 7.0],
            "n": [3.0, 7.0],
            "evidence": ['{"mean": 1.5}'] * 2,
        }
    )
    asked, values = query("departments", "region"), {"region": "r1"}
    leaving = Actor("x", "writer", without=frozenset({"small_counts"}))
    for actor in (leaving, Actor("x", "department", (), "B"), Actor("x", "screen")):
        seen = Guard(lambda actor=actor: actor, rules=rules).seen(asked, values, rows)
        assert seen["value"].isna().tolist() == seen["n"].isna().tolist() == [True, False]
        assert seen["evidence"].tolist() == ['{"mean": 1.5, "value": "<5", "n": "<5"}', '{"mean": 1.5}']
    assert Guard(lambda: Actor("x", "writer"), rules=rules).seen(asked, values, rows).equals(rows)


def test_a_department_is_not_told_small_counts():
    with pytest.raises(ForbiddenError):
        guard(Actor("x", "department", (), "B")).require(query("small_counts"), {})


@given(
    regions=st.sets(st.sampled_from(["r1", "r2", "r3"])),
    role=st.sampled_from([*roles(), ALONE, "?"]),
    action=st.sampled_from([*actions(), "?"]),
    without=st.sets(st.sampled_from([*actions()]), max_size=3),
)
def test_a_list_shows_exactly_what_may_be_opened_one_by_one(regions, role, action, without):
    actor = Actor("x", role, tuple(regions), "", frozenset(without))
    rows = pd.DataFrame({"region_id": ["r1", "r2", "r3"]})
    one_by_one = {region for region in rows["region_id"] if may(actor, action, region)}
    asked = query(action)
    listed = set(guard(actor).seen(asked, {}, rows)["region_id"]) if guard(actor).allows(asked) else set()
    assert listed == one_by_one


def test_an_indicator_of_one_category_is_not_told_of_a_department_to_whom_small_counts_are_closed():
    rows = pd.DataFrame(
        {"department_id": ["A", "A", "*"], "indicator": ["conduct", "all", "conduct"], "value": [1, 9, 40]}
    )
    writer = Actor("x", "writer", (), "", frozenset({"small_counts"}))
    asked, values = query("departments", "region", "indicator"), {"region": "r1", "indicator": "conduct"}
    fine = frozenset({"conduct"})
    assert Guard(lambda: writer, fine).seen(asked, values, rows)["value"].tolist() == [9, 40]
    assert Guard(lambda: writer, fine).seen(asked, values, rows.drop(columns="indicator"))["value"].tolist() == [40]
    assert len(Guard(lambda: Actor("x", "leader"), fine).seen(asked, values, rows)) == 3
    of_places = rows.drop(columns="department_id").assign(departments=[1, 1, 2])
    assert Guard(lambda: writer, fine).seen(asked, values, of_places)["value"].tolist() == [9, 40]
    of_a_kind = pd.DataFrame({"departments": [1], "total": [3.0]})
    assert Guard(lambda: writer, fine).seen(asked, values, of_a_kind)["total"].isna().all()
    assert Guard(lambda: writer, fine).seen(asked, values, of_a_kind.assign(departments=2))["total"].tolist() == [3]
