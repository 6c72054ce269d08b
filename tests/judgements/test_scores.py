"""What ballots carry of a ranking: means freed of who rated, places with their uncertainty, refusals with a reason."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.judgements import APPRAISED, Rules, scores
from dashboard.settings import Settings
from tests.statistics.vectors import load
from tests.support import Given, departments

DEFAULTS = Settings.load(Path("nowhere"))
LENIENT = replace(DEFAULTS, fewest_ballots=1, fewest_dimensions=0.0)
QUARTER = "2026Q3"


def ballot(department: str, rater: str, dimension: str, score: float, **more: object) -> dict:
    key = {"quarter": QUARTER, "department_id": department, "rater_id": rater, "dimension": dimension}
    return key | {"score": score} | more


def everyone(department: str, raters: Iterable, **by_dimension: float) -> list[dict]:
    """The same scores of every rater."""
    given = by_dimension.items()
    return [ballot(department, f"r{rater}", name, score) for rater in raters for name, score in given]


# --- severity --------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def misranked() -> Given:
    """An additive example without noise, solved by R: lenient raters scored C, strict ones A.

    Each of its four raters stands for ten: four alone could not be resampled without tearing the design apart.
    """
    inputs = load("rater_missing_misrank_demo")["inputs"]
    rows = zip(inputs["dept"], inputs["rater"], inputs["y"])
    cast = [ballot(name, f"{rater}-{i}", "service", y) for name, rater, y in rows for i in range(10)]
    return Given(settings=LENIENT, evaluations=cast)


@pytest.mark.parametrize("variant", ["service", "pooled", "composite"])
def test_who_was_rated_by_the_strict_stands_where_the_raw_means_do_not_put_it(misranked, variant):
    published = load("rater_missing_misrank_demo")["expected"]
    found = {name: misranked.standing(name, variant) for name in "ABCD"}
    assert {name: row["raw_mean"] for name, row in found.items()} == pytest.approx(published["raw_mean"])
    # over all nine ballots the severities of the example sum to zero, as ours do
    assert {name: row["value"] for name, row in found.items()} == pytest.approx(published["adjusted"])
    assert sorted(found, key=lambda name: found[name]["place"]) == published["adjusted_rank_order"]
    assert {name: row["raw_place"] for name, row in found.items()} == {"B": 1, "C": 1, "A": 3, "D": 4}
    assert misranked.indicator("composite_score")["A", QUARTER][0] == pytest.approx(80)


def test_the_severity_that_was_taken_out_is_told(misranked):
    ((spread, widest),) = misranked.rows("appraisals", "severity_sd", "severity_range")
    severity = [*load("rater_missing_misrank_demo")["expected"]["rater_effect"].values()] * 10
    assert (spread, widest) == (pytest.approx(np.std(list(severity), ddof=1)), pytest.approx(4 + 6))


def test_where_everybody_rated_everything_the_means_stay_as_they_are():
    rng = np.random.default_rng(1)
    rows = [ballot(f"d{j}", f"r{i}", "service", rng.uniform(20, 90)) for i in range(30) for j in range(5)]
    for row in Given(evaluations=rows).rows("standings", "value", "raw_mean", "place", "raw_place"):
        assert row[0] == pytest.approx(row[1])
        assert row[2] == row[3]


# --- refusals --------------------------------------------------------------------------------------------------
def test_two_halves_that_share_no_rater_are_not_compared():
    given = Given(
        evaluations=[row for name, first in (("d1", 0), ("d2", 0), ("d3", 50), ("d4", 50))
                     for row in everyone(name, range(first, first + 20), service=60)]
    )  # fmt: skip
    for name in ("d1", "d2", "d3", "d4"):
        for variant in ("service", "pooled", "composite"):
            found = given.standing(name, variant)
            assert (found["value"], found["place"], found["note"]) == (None, None, "not_connected")
            assert found["raw_mean"] == 60
    assert given.rows("appraisals", "n_unconnected", "severity_sd") == [(4, None)]
    assert given.judgement("composite_score", "d1", variant="composite")["note"] == "not_connected"


def test_a_small_part_that_shares_no_rater_with_the_rest_is_left_out_of_the_ranking():
    given = Given(
        evaluations=[
            *everyone("d1", range(20), service=60),
            *everyone("d2", range(20), service=70),
            *everyone("apart", range(50, 70), service=99),
        ]
    )
    assert [given.standing(name)["place"] for name in ("d2", "d1", "apart")] == [1, 2, None]
    assert given.standing("apart")["note"] == "not_connected"
    assert given.standing("d1")["n_ranked"] == 2


def test_a_department_with_too_few_ballots_has_a_raw_mean_and_nothing_that_claims_more():
    given = Given(
        evaluations=[
            *everyone("d1", range(20), service=60),
            *everyone("d2", range(20), service=70),
            *everyone("few", range(19), service=99),
        ]
    )
    found = given.standing("few", "service")
    assert (found["raw_mean"], found["n_ballots"], found["note"]) == (99, 19, "coverage")
    claims = ("value", "low", "high", "place", "rank_low", "set_low", "expected_rank", "band", "difference", "next_id")
    assert {name: found[name] for name in claims} == dict.fromkeys(claims)


# --- whom a department is compared with ------------------------------------------------------------------------
def of_two_kinds(n: int) -> Given:
    """`n` departments of one kind that score 60, 61, …; two of another that score 10 and 20."""
    many, two = [f"g{j}" for j in range(n)], ["t0", "t1"]
    return Given(
        departments=[*departments(*many), *departments(*two, category="township")],
        evaluations=[
            *(row for j, name in enumerate(many) for row in everyone(name, range(20), service=60 + j)),
            *(row for j, name in enumerate(two) for row in everyone(name, range(20), service=10 + 10 * j)),
        ],
    )


def test_a_kind_of_eight_is_compared_among_itself_and_a_smaller_one_with_the_whole_region():
    given = of_two_kinds(8)
    mean = (sum(range(60, 68)) + 10 + 20) / 10
    for scope, peer_set, place, n, benchmark in (("region", "*", 8, 10, mean), ("peers", "government", 8, 8, 63.5)):
        found = given.standing("g0", scope=scope)
        assert (found["peer_set"], found["place"], found["n_ranked"]) == (peer_set, place, n)
        assert (found["benchmark"], found["difference"]) == (pytest.approx(benchmark), pytest.approx(60 - benchmark))
    among_peers, in_region = given.standing("t0", scope="peers"), given.standing("t0", scope="region")
    assert among_peers["peer_set"] == "*"
    for name in ("place", "n_ranked", "benchmark", "band", "set_low", "set_high"):
        assert among_peers[name] == in_region[name]


def test_a_kind_of_seven_falls_back_to_the_whole_region():
    given = of_two_kinds(7)
    assert {row[0] for row in given.rows("standings", "peer_set")} == {"*"}
    assert given.standing("t0", scope="peers")["place"] == 9


def test_a_department_counts_as_a_peer_only_in_quarters_in_which_it_stood():
    eighth = departments("g7", valid_from=pd.Timestamp("2026-07-01").date())
    facts = [{"quarter": quarter, "department_id": "g0", "staff": 9} for quarter in ("2026Q2", "2026Q3")]
    given = Given(departments=[*departments(*(f"g{j}" for j in range(7))), *eighth], department_facts=facts)
    assert {row for row in given.rows("peer_sets", "quarter", "peer_set") if row[0] != "all"} == {
        ("2026Q2", "*"),
        ("2026Q3", "government"),
    }


# --- what may be claimed ---------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def noisy() -> Given:
    """Six departments, 40 raters with a severity of their own; one stands clearly above, one below."""
    rng = np.random.default_rng(7)
    severity = rng.normal(0, 6, 40)
    truth = {"best": 80, "a": 66, "b": 65, "c": 65, "d": 64, "worst": 50}
    return Given(
        evaluations=[
            ballot(name, f"r{i}", dimension, float(np.clip(mean + severity[i] + rng.normal(0, 8), 0, 100)))
            for name, mean in truth.items()
            for i in range(40)
            for dimension in ("service", "conduct")
            if rng.random() < 0.8
        ]
    )


@pytest.mark.parametrize("variant", ["service", "pooled", "composite"])
def test_only_who_clearly_differs_is_in_a_band(noisy, variant):
    found = {name: noisy.standing(name, variant) for name in ("best", "a", "b", "c", "d", "worst")}
    assert [row["band"] for row in found.values()] == ["above", *["none"] * 4, "below"]
    for row in found.values():
        assert row["difference_low"] < row["difference"] < row["difference_high"]
        assert (row["band"] == "none") == (row["difference_low"] <= 0 <= row["difference_high"])
        assert row["low"] < row["value"] < row["high"]
        assert row["set_low"] <= row["place"] <= row["set_high"]
        assert row["rank_low"] <= row["place"] <= row["rank_high"]
        assert row["set_low"] <= row["rank_low"] and row["rank_high"] <= row["set_high"]
    assert (found["best"]["set_low"], found["best"]["set_high"]) == (1, 1)
    assert found["a"]["set_high"] > found["a"]["place"], "four that are alike have no certain order"


def test_a_judgement_of_a_score_says_what_the_ballots_carry(noisy):
    for name in ("best", "a", "worst"):
        standing, judged = noisy.standing(name), noisy.judgement("composite_score", name, variant="composite")
        for ours, theirs in (("value",) * 2, ("low",) * 2, ("high",) * 2, ("benchmark",) * 2, ("outcome", "band")):
            assert judged[ours] == standing[theirs]
        assert (judged["method"], judged["unit"]) == (scores.METHOD, "mean")
        half = (standing["difference_high"] - standing["difference_low"]) / 2
        assert (abs(judged["z_adjusted"]) > standing["critical"]) == (abs(standing["difference"]) > half)


def test_the_next_below_is_named_with_the_ballots_that_would_tell_the_two_apart(noisy):
    found = noisy.standing("best")
    assert (found["next_id"], found["next_quarters"]) == ("a", 1)
    assert noisy.standing("worst")["next_id"] is None
    alike = noisy.standing(min("abcd", key=lambda name: noisy.standing(name)["place"]))
    assert alike["next_quarters"] > 1
    # ballots, not the scores on them: so many as that many quarters like this one bring
    assert alike["next_quarters"] - 1 < alike["next_ballots"] / alike["n_ballots"] <= alike["next_quarters"]


def test_one_region_on_another_day_says_the_same(noisy):
    again = noisy.snapshot.standings("county", QUARTER, "composite", "region")
    once_more = noisy.snapshot.standings("county", QUARTER, "composite", "region")
    pd.testing.assert_frame_equal(again, once_more)


def test_raters_of_small_groups_are_resampled_together():
    cells = pd.DataFrame(
        {
            "department_id": "d1",
            "rater_id": [f"r{i:02}" for i in range(12)],
            "rater_group": ["leaders"] * 5 + ["staff"] * 4 + ["public"] * 3,
            "dimension": "service",
            **dict.fromkeys(("n", "total", "squares", "straight_n", "straight_total", "straight_squares"), 1.0),
        }
    )
    strata = scores.panel(cells).strata.tolist()
    assert len(set(strata[:5])) == 1 and len(set(strata[5:])) == 1
    assert strata[0] != strata[-1]


# --- other rules -----------------------------------------------------------------------------------------------
def places(given: Given, alternative: str) -> dict[str, tuple]:
    """department → (value, place) by another rule."""
    columns = ("alternative", "scope", "quarter", "department_id", "value", "place")
    rows = given.rows("alternatives", *columns)
    return {row[3]: row[4:] for row in rows if row[:3] == (alternative, "region", QUARTER)}


@pytest.fixture(scope="module")
def weighed() -> Given:
    return Given(
        settings=replace(DEFAULTS, weights={"service": 3.0, "conduct": 1.0}, red_line=60.0),
        evaluations=[*everyone("even", range(20), service=70, conduct=70),
                     *everyone("odd", range(20), service=50, conduct=99)],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("alternative", "even", "odd"),
    [
        ("equal", (70, 2), (74.5, 1)),
        ("geometric", (70, 1), ((50**3 * 99) ** 0.25, 2)),
        ("raw", (70, 1), (62.25, 2)),
        ("without.service", (70, 2), (99, 1)),
        ("without.conduct", (70, 1), (50, 2)),
        ("no_straight_lines", (70, 1), (62.25, 2)),
        ("red_line", (70, 1), (None, None)),
    ],
)
def test_other_rules_place_anew(weighed, alternative, even, odd):
    assert places(weighed, alternative) == {
        "even": (pytest.approx(even[0]), even[1]),
        "odd": (odd[0] and pytest.approx(odd[0]), odd[1]),
    }


def test_a_dimension_below_the_red_line_is_named_beside_the_composite(weighed):
    assert weighed.standing("odd")["red_line"] == "service"
    assert not weighed.standing("even")["red_line"]
    assert weighed.standing("odd")["place"] == 2, "it is shown, and decides no place"


def test_which_places_hang_on_the_weights_is_told(weighed):
    # the weights move by a quarter: 62.25 against 70 never changes sides
    assert [weighed.standing("odd")[name] for name in ("weight_low", "weight_high")] == [2, 2]
    close = Given(
        evaluations=[*everyone("even", range(20), service=70, conduct=70),
                     *everyone("odd", range(20), service=60, conduct=79)]
    )  # fmt: skip
    assert [close.standing("even")[name] for name in ("weight_low", "weight_high")] == [1, 2]


# --- own weights -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scope", ["region", "peers"])
def test_own_weights_that_are_the_offices_give_the_official_rows(noisy, scope):
    asked = ("county", QUARTER, "composite", scope)
    official, own = noisy.snapshot.standings(*asked), noisy.snapshot.standings(*asked, {"service": 2.0, "conduct": 2.0})
    pd.testing.assert_frame_equal(official, own)


@pytest.mark.parametrize("scope", ["region", "peers"])
def test_own_weights_beside_the_offices_find_the_official_values_and_places_from_the_draws(noisy, scope):
    asked, beside = ("county", QUARTER, "composite", scope), {"service": 1.0, "conduct": 1.0 + 1e-7}
    official, own = noisy.snapshot.standings(*asked), noisy.snapshot.standings(*asked, beside)
    assert own["department_id"].tolist() == official["department_id"].tolist()
    for name in ("value", "raw_mean", "low", "high", "se"):
        assert own[name].tolist() == pytest.approx(official[name].tolist(), rel=1e-6), name
    for name in (
        "place",
        "n_ranked",
        "rank_low",
        "rank_high",
        "weight_low",
        "weight_high",
        "band",
        "n_ballots",
        "name",
    ):
        assert own[name].tolist() == official[name].tolist(), name
    # their sets and bands come of the draws, the official ones of the residuals
    for name in ("set_low", "set_high"):
        assert (own[name] - official[name]).abs().max() <= 1


def test_own_weights_rank_only_who_has_every_dimension_that_they_ask_for():
    given = Given(
        settings=replace(DEFAULTS, fewest_dimensions=0.5, weights={"service": 1.0, "conduct": 1.0}),
        evaluations=[*everyone("both", range(20), service=70, conduct=50), *everyone("one", range(20), service=80)],
    )
    found = {
        weight: given.snapshot.standings(
            "county", QUARTER, "composite", "region", {"service": 1.0, "conduct": weight}
        ).set_index("department_id")
        for weight in (0.0, 1.0)
    }
    assert found[0.0]["place"].to_dict() == {"one": 1, "both": 2}
    assert found[0.0].loc["one", "note"] is None or pd.isna(found[0.0].loc["one", "note"])
    assert found[1.0].loc["both", ["value", "place"]].tolist() == [60, 1]
    assert (found[1.0].loc["one", "value"], found[1.0].loc["one", "note"]) == (80, "fewer_dimensions")
    assert pd.isna(found[1.0].loc["one", "place"])


def test_who_has_no_place_by_own_weights_either_still_has_the_reason():
    given = Given(
        evaluations=[
            *(row for name in ("d1", "d2") for row in everyone(name, range(20), service=70, conduct=50)),
            *everyone("apart", range(50, 70), service=99, conduct=99),
            *everyone("few", range(3), service=80, conduct=80),
        ]
    )
    own = given.snapshot.standings("county", QUARTER, "composite", "region", {"service": 1.0, "conduct": 3.0})
    assert own.set_index("department_id")["note"].dropna().to_dict() == {"apart": "not_connected", "few": "coverage"}


def test_own_weights_of_a_quarter_without_ballots_rank_nobody():
    nothing = pd.DataFrame(columns=["department_id", "dimension", "raw_mean", "mean", "n", "draws"])
    found = scores.reweighted(nothing, pd.Series(dtype="str"), Rules({"service": 1.0}, 0.66, 20, 60.0), "region")
    assert found.empty


# --- straight lines --------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def lined() -> Given:
    """Six raters; one gives d1 the same score in all three dimensions."""
    usual = {"service": 60, "conduct": 70, "integrity": 80}
    lower = {"service": 50, "conduct": 60, "integrity": 70}
    return Given(
        settings=LENIENT,
        evaluations=[
            *everyone("d1", range(1, 6), **usual),
            *everyone("d1", [6], service=100, conduct=100, integrity=100),
            *everyone("d2", range(1, 7), **lower),
        ],
    )


def test_ballots_with_one_score_for_everything_are_counted_and_kept(lined):
    assert lined.rows("straight_lines", "department_id", "n_cast", "n_straight") == [("d1", 6, 1), ("d2", 6, 0)]
    assert lined.rows("appraisals", "n_raters", "n_ballots", "n_straight", "n_uniform_raters") == [(6, 12, 1, 0)]
    assert lined.standing("d1")["value"] == pytest.approx((5 * 70 + 100) / 6)


def test_the_place_without_them_is_told_beside(lined):
    assert places(lined, "no_straight_lines") == {"d1": (pytest.approx(70), 1), "d2": (pytest.approx(60), 2)}


def test_two_equal_scores_are_no_straight_line():
    given = Given(settings=LENIENT, evaluations=everyone("d1", range(4), service=100, conduct=100))
    assert given.rows("straight_lines", "n_cast", "n_straight") == [(4, 0)]


def test_a_rater_who_gives_everybody_the_same_is_counted():
    same = [row for name in ("d1", "d2", "d3") for row in everyone(name, [1], service=80)]
    other = [row for score, name in ((50, "d1"), (60, "d2"), (70, "d3")) for row in everyone(name, [2], service=score)]
    given = Given(settings=LENIENT, evaluations=[*same, *other])
    assert given.rows("appraisals", "n_raters", "n_uniform_raters") == [(2, 1)]


# --- what is kept ----------------------------------------------------------------------------------------------
def test_draws_are_kept_of_each_quarter_and_of_who_is_ranked(noisy):
    rows = noisy.rows("draws", "quarter", "department_id", "dimension", "n")
    assert {row[0] for row in rows} == {QUARTER}
    assert len(rows) == 6 * 2
    draws = noisy.snapshot.run("pages/draws", region="county", quarter=QUARTER)["draws"]
    assert {len(each) for each in draws} == {scores.DRAWS}


def test_all_quarters_pooled_are_a_ranking_of_their_own():
    given = Given(
        evaluations=[
            *everyone("d1", range(20), service=60),
            *(row | {"quarter": "2026Q2"} for row in everyone("d1", range(20), service=40)),
        ]
    )
    assert [given.standing("d1", quarter=quarter)["value"] for quarter in ("2026Q2", QUARTER, "all")] == [40, 60, 50]
    assert {row[0] for row in given.rows("appraisals", "quarter")} == {"2026Q2", QUARTER}


def test_an_office_without_ballots_has_every_table_with_its_columns():
    empty = Given()
    for table, columns in APPRAISED.items():
        assert set(columns) <= set(empty.connection.table(table).columns)
        assert len(empty.connection.table(table)) == 0
