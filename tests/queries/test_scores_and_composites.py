"""Given ballots, the marts of scores and the composites that come of them."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dashboard.settings import Settings
from tests.support import Given, departments

SIX = ("lawfulness", "service", "efficiency", "conduct", "policy_delivery", "integrity")
LENIENT = replace(Settings.load(Path("nowhere")), fewest_ballots=1, fewest_dimensions=0.0)


def ballot(department: str, rater: str, dimension: str, score: float, quarter: str = "2026Q3", **more: object) -> dict:
    return {
        "quarter": quarter,
        "department_id": department,
        "rater_id": rater,
        "dimension": dimension,
        "score": score,
        **more,
    }


def five(*rows: dict) -> list[dict]:
    """Each ballot five times, of raters of one mind: fewer than five raters make no score."""
    return [row | {"rater_id": f"{row['rater_id']}-{i}"} for row in rows for i in range(5)]


def scored(given: Given, department: str, quarter: str, dimension: str) -> tuple:
    """(scores, raters, ballots, mean) of one department."""
    rows = given.rows("scores", *["department_id", "quarter", "dimension", "n_scores", "n_raters", "n_ballots", "mean"])
    (found,) = [row[3:] for row in rows if row[:3] == (department, quarter, dimension)]
    return found


def composite(given: Given, department: str, quarter: str = "2026Q3") -> tuple:
    """(value, raw mean, note) of one department's composite."""
    found = given.standing(department, quarter=quarter)
    return found["value"], found["raw_mean"], found["note"]


# --- scores ----------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def one_ballot_each() -> Given:
    return Given(
        evaluations=[
            ballot("d01", "r1", "service", 60),
            ballot("d01", "r1", "conduct", 80),
            ballot("d01", "r2", "service", 90),
            ballot("d01", "r1", "service", 30, quarter="2026Q2"),
            ballot("d01", "r3", "service", 50, quarter="2026Q2"),
            ballot("*", "r1", "service", 10),
        ]
    )


@pytest.mark.parametrize(
    ("quarter", "dimension", "expected"),
    [
        ("2026Q3", "service", (2, 2, 2, 75)),
        ("2026Q3", "conduct", (1, 1, 1, 80)),
        ("2026Q3", "pooled", (3, 2, 2, pytest.approx(230 / 3))),  # two people filled one ballot each
        ("2026Q2", "pooled", (2, 2, 2, 40)),
        ("all", "service", (4, 3, 4, 57.5)),
        ("all", "pooled", (5, 3, 4, 62)),
    ],
)
def test_scores_are_pooled_by_rows_and_raters_are_counted_once(one_ballot_each, quarter, dimension, expected):
    assert scored(one_ballot_each, "d01", quarter, dimension) == expected


def test_a_figure_of_the_whole_region_is_never_scored(one_ballot_each):
    assert {row[0] for row in one_ballot_each.rows("scores", "department_id")} == {"d01"}


@pytest.mark.parametrize(
    ("quarter", "dimension", "expected"),
    [
        ("2026Q3", "service", (3, 2, 3, 40)),
        ("2026Q3", "pooled", (4, 2, 4, 55)),
        ("all", "service", (3, 2, 3, 40)),
        ("all", "pooled", (4, 2, 4, 55)),
    ],
)
def test_several_ballots_of_one_rater_all_count_but_the_rater_counts_once(quarter, dimension, expected):
    given = Given(
        evaluations=[
            ballot("d01", "r1", "service", 20, ballot_id="service#0001"),
            ballot("d01", "r1", "service", 40, ballot_id="service#0002"),
            ballot("d01", "r2", "service", 60, ballot_id="service#0001"),
            ballot("d01", "r2", "conduct", 100, ballot_id="conduct#0001"),
        ]
    )
    assert scored(given, "d01", quarter, dimension) == expected


def test_the_spread_of_a_single_score_is_not_known():
    given = Given(evaluations=[ballot("d01", "r1", "service", 60), ballot("d02", "r1", "service", 60, scale_max=5.0)])
    assert given.rows("scores", "sd") == [(None,)] * len(given.rows("scores", "sd"))
    assert set(given.rows("scores", "department_id", "scale_max")) == {("d01", 100.0), ("d02", 5.0)}


def test_the_spread_is_that_of_a_sample():
    given = Given(evaluations=[ballot("d01", f"r{i}", "service", score) for i, score in enumerate((50, 60, 70))])
    assert given.rows("scores", "sd") == [(pytest.approx(10),)] * 4


# --- composites ------------------------------------------------------------------------------------------------
def everyone_on(department: str, dimensions: tuple[str, ...], raters: int, score: float = 50) -> list[dict]:
    return [ballot(department, f"r{i}", dimension, score) for dimension in dimensions for i in range(raters)]


@pytest.fixture(scope="module")
def covered() -> Given:
    return Given(
        evaluations=[
            *everyone_on("whole", SIX, 20),
            *everyone_on("four", SIX[:4], 20),
            *everyone_on("three", SIX[:3], 20),
            *everyone_on("few", SIX, 19),
        ]
    )


@pytest.mark.parametrize(
    ("department", "expected"),
    [
        ("whole", (50, 50, None)),
        ("four", (50, 50, "fewer_dimensions")),
        ("three", (None, None, "coverage")),
        ("few", (None, None, "coverage")),
    ],
)
def test_a_composite_needs_four_of_six_dimensions_and_twenty_ballots(covered, department, expected):
    assert composite(covered, department) == expected


def test_a_composite_that_is_not_covered_has_no_value_and_says_why(covered):
    assert covered.indicator("composite_score")["three", "2026Q3"] == (None, None, None, 20, "coverage")
    assert covered.indicator("composite_score")["four", "2026Q3"] == (50, None, None, 20, "fewer_dimensions")


def test_a_composite_of_fewer_dimensions_than_the_others_have_is_shown_and_not_ranked(covered):
    """A mean over other dimensions is measured by another yardstick."""
    assert [covered.standing(name)["place"] for name in ("whole", "four", "three", "few")] == [1, None, None, None]
    alone = Given(evaluations=everyone_on("four", SIX[:4], 20))
    assert (alone.standing("four")["place"], alone.standing("four")["note"]) == (1, None)


def test_a_missing_dimension_is_never_filled_in():
    given = Given(
        settings=LENIENT,
        evaluations=five(
            *(ballot("whole", "r1", dimension, 60) for dimension in SIX),
            *(ballot("part", "r1", dimension, 90) for dimension in SIX[:4]),
        ),
    )
    assert composite(given, "part") == (pytest.approx(90), pytest.approx(90), "fewer_dimensions")


TWO_DIMENSIONS = five(ballot("d01", "r1", "service", 100), ballot("d01", "r1", "conduct", 40))


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({"service": 1.0, "conduct": 1.0}, 70),
        ({"service": 2.0, "conduct": 1.0}, 80),
        ({"service": 0.0, "conduct": 1.0}, 40),
        ({"service": 0.25, "conduct": 0.25}, 70),
        ({"conduct": 3.0}, 55),  # a dimension that is not named has weight 1
    ],
)
def test_dimensions_count_by_their_weight(weights, expected):
    given = Given(settings=replace(LENIENT, weights=weights), evaluations=TWO_DIMENSIONS)
    assert composite(given, "d01") == (pytest.approx(expected), pytest.approx(expected), None)


def test_a_dimension_without_weight_is_not_asked_for_either():
    settings = replace(LENIENT, fewest_dimensions=1.0, weights={"service": 0.0})
    given = Given(settings=settings, evaluations=[*TWO_DIMENSIONS, *five(ballot("d02", "r1", "conduct", 30))])
    assert composite(given, "d02") == (30, 30, None)


def test_weights_that_are_all_zero_give_no_composite():
    given = Given(settings=replace(LENIENT, weights={"service": 0.0, "conduct": 0.0}), evaluations=TWO_DIMENSIONS)
    assert composite(given, "d01")[:2] == (None, None)


def test_a_dimension_that_a_handful_scored_does_not_count():
    many = [ballot("d01", f"r{i}", "service", 50) for i in range(5)]
    given = Given(settings=replace(LENIENT, fewest_ballots=5), evaluations=[*many, ballot("d01", "r1", "conduct", 99)])
    for quarter in ("2026Q3", "all"):
        assert composite(given, "d01", quarter) == (pytest.approx(50), pytest.approx(50), None)
        assert given.standing("d01", "conduct", quarter=quarter)["note"] == "coverage"


# --- their order -----------------------------------------------------------------------------------------------
def ranked(given: Given, **asked: object) -> list[tuple]:
    """(department, value, place) in the order of pages/standings."""
    values = {"region": "county", "quarter": "2026Q3", "variant": "composite", "scope": "region", "weights": None}
    frame = given.snapshot.standings(**values | asked)[["department_id", "value", "place"]].astype(object)
    return [tuple(None if pd.isna(value) else value for value in row) for row in frame.itertuples(index=False)]


@pytest.fixture(scope="module")
def three() -> Given:
    return Given(
        settings=LENIENT,
        departments=departments("d01", "d02", "d03"),
        evaluations=five(
            *(ballot("d01", "r1", dimension, score) for dimension, score in (("service", 100), ("conduct", 40))),
            *(ballot("d02", "r1", dimension, score) for dimension, score in (("service", 60), ("conduct", 80))),
            *(ballot("d03", "r1", dimension, score) for dimension, score in (("service", 90), ("conduct", 90))),
        ),
    )


def test_equal_composites_share_a_place_and_stand_by_their_number(three):
    assert ranked(three) == [("d03", 90, 1), ("d01", 70, 2), ("d02", 70, 2)]


def test_places_restart_among_peers():
    kinds = {f"g{j}": 60.0 + j for j in range(5)} | {f"t{j}": 80.0 + j for j in range(5)}
    given = Given(
        settings=replace(LENIENT, fewest_peers=5),
        departments=[
            *departments("g0", "g1", "g2", "g3", "g4"),
            *departments("t0", "t1", "t2", "t3", "t4", category="town"),
        ],
        evaluations=five(*(ballot(name, "r1", "service", score) for name, score in kinds.items())),
    )
    assert [row[0] for row in ranked(given)] == ["t4", "t3", "t2", "t1", "t0", "g4", "g3", "g2", "g1", "g0"]
    among_peers = {name: place for name, _, place in ranked(given, scope="peers")}
    assert among_peers == {f"{kind}{j}": 5 - j for kind in "gt" for j in range(5)}


def test_one_dimension_and_own_weights_rank_anew(three):
    assert [row[0] for row in ranked(three, variant="service")] == ["d01", "d03", "d02"]
    assert ranked(three, weights={"service": 0.0, "conduct": 1.0})[0] == ("d03", 90, 1)
    assert ranked(three, weights={"service": 3.0, "conduct": 1.0})[1] == ("d01", 85, 2)


def test_a_department_without_enough_ballots_stands_last_without_a_place():
    scores = [ballot(name, f"r{i}", "service", 50 + i) for name, n in (("d01", 4), ("d02", 5)) for i in range(n)]
    given = Given(settings=replace(LENIENT, fewest_ballots=5), evaluations=scores)
    # each rater gave both the same: the mean over all nine ballots, whoever was ranked
    assert ranked(given) == [("d02", pytest.approx(466 / 9), 1), ("d01", None, None)]


def test_each_region_has_places_of_its_own():
    given = Given(
        settings=LENIENT,
        evaluations=five(ballot("d01", "r1", "service", 50), ballot("d01", "r1", "service", 20, region_id="next")),
    )
    assert ranked(given, variant="service") == [("d01", 50, 1)]
    assert ranked(given, variant="service", region="next") == [("d01", 20, 1)]
