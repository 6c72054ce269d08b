"""Change and noise: a chart knows only what was known then, and begins anew only where a person decided so."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dashboard.judgements import changes
from dashboard.judgements.changes import Baseline
from dashboard.settings import Settings
from dashboard.statistics import control_chart
from tests.support import Given, departments

QUARTERS = [f"{year}Q{quarter}" for year in range(2022, 2027) for quarter in range(1, 5)]
DEFAULTS = Settings.load(Path("nowhere"))
NOISE = [50, 52, 49, 51, 50, 53, 48, 51, 49, 52, 50, 51, 49, 50, 52, 48]
DECISION = {"on": "2026-01-31", "by": "监督室", "reason": "new form"}


def rows(
    numbers: list, kind: str = "mean", better: str = "higher", down: float = np.nan, **more: object
) -> pd.DataFrame:
    """A series from 2022Q1 on, with an interval of a point either way."""
    value = np.array(numbers, dtype=float)
    of = {"indicator": "x", "variant": "", "region_id": "county", "department_id": "d1", "kind": kind, "better": better}
    up = value * down / 100 if kind in ("share", "rate") else value
    found = pd.DataFrame({"period": QUARTERS[: len(value)], "value": value, "numerator": up, "denominator": down})
    return found.assign(**of, low=value - 1, high=value + 1, note=None).assign(**more)


def charted(
    given: pd.DataFrame, targets: dict | None = None, baselines: tuple = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    periods = QUARTERS[: QUARTERS.index(given["period"].max()) + 1]
    return changes.charted(given, periods, dict(zip(periods, periods)), targets or {}, baselines)


def chart(points: pd.DataFrame, quarter: str, department: str = "d1") -> pd.DataFrame:
    """The chart that the quarter draws."""
    return points[(points["as_of"] == quarter) & (points["department_id"] == department)].reset_index(drop=True)


def verdict(said: pd.DataFrame, quarter: str, department: str = "d1") -> tuple:
    """(variation, assurance, trend)"""
    (row,) = said[(said["period"] == quarter) & (said["department_id"] == department)].itertuples()
    return row.variation, row.assurance, row.trend


# --- as of a quarter -------------------------------------------------------------------------------------------
def test_a_quarter_says_the_same_when_later_quarters_are_added():
    early, late = rows(NOISE[:12]), rows([*NOISE[:12], 90, 20, 90, 20])
    (points, said), (later_points, later_said) = charted(early), charted(late)
    was_there = later_points["as_of"] <= QUARTERS[11]
    pd.testing.assert_frame_equal(points, later_points[was_there].reset_index(drop=True))
    pd.testing.assert_frame_equal(said, later_said[later_said["period"] <= QUARTERS[11]].reset_index(drop=True))
    assert chart(later_points, QUARTERS[15])["upper"].iloc[0] > chart(points, QUARTERS[11])["upper"].iloc[0]


def test_the_limits_are_those_of_the_xmr_chart_of_what_was_known():
    points, _ = charted(rows(NOISE))
    for n in (6, 9, 16):
        drawn, known = chart(points, QUARTERS[n - 1]), control_chart.xmr(NOISE[:n])
        assert drawn["period"].tolist() == QUARTERS[:n]
        for name in ("mean", "lower", "upper"):
            assert drawn[name].to_numpy() == pytest.approx(getattr(known, name))
        assert drawn["is_trial"].all() == (n < 12)


@pytest.mark.parametrize(
    ("better", "value", "variation"),
    [
        ("higher", 20, "concern"),
        ("higher", 80, "improvement"),
        ("lower", 80, "concern"),
        ("neither", 80, "high"),
        ("neither", 20, "low"),
        ("higher", 51, "common"),
    ],
)
def test_a_value_beyond_its_limits_is_a_change_and_another_is_noise(better, value, variation):
    points, said = charted(rows([*NOISE, value], better=better))
    assert verdict(said, QUARTERS[16])[0] == variation
    assert verdict(said, QUARTERS[15])[0] == "common"
    last = chart(points, QUARTERS[16]).iloc[-1]
    assert (last["direction"], last["point_type"]) == (variation, "common" if value == 51 else "astronomical")


def test_fewer_than_six_quarters_have_no_limits_and_no_verdict():
    points, said = charted(rows([*NOISE[:4], 99]))
    assert verdict(said, QUARTERS[4])[0] == ""
    assert chart(points, QUARTERS[4])[["lower", "upper"]].isna().all(axis=None)


def test_the_last_five_quarters_have_a_trend():
    _, said = charted(rows([50, 53, 56, 59, 62]))
    assert verdict(said, QUARTERS[4])[2] == "increasing"
    assert verdict(said, QUARTERS[3])[2] == ""


# --- gaps and borders ------------------------------------------------------------------------------------------
def test_a_quarter_of_some_months_stays_out_of_the_chart():
    given = rows([*NOISE[:12], 10, 50])
    given.loc[12, "note"] = "partial_quarter"
    points, said = charted(given)
    assert QUARTERS[12] not in set(said["period"])
    last = chart(points, QUARTERS[13])
    assert last["value"].isna().tolist() == [False] * 12 + [True, False]
    assert last["lower"].iloc[-1] == pytest.approx(control_chart.xmr([*NOISE[:12], np.nan, 50]).lower[-1])


def test_a_quarter_without_a_value_is_a_gap_and_not_the_end():
    points, said = charted(rows([np.nan, np.nan, 50, np.nan, 51]))
    drawn = chart(points, QUARTERS[4])
    assert drawn["period"].tolist() == QUARTERS[2:5], "a chart begins with its first value"
    assert drawn["value"].isna().tolist() == [False, True, False]
    assert said["period"].tolist() == [QUARTERS[2], QUARTERS[4]]


def test_a_baseline_begins_a_new_stretch_and_no_limit_crosses_it():
    higher = [*NOISE[:8], *(value + 40 for value in NOISE[:8])]
    points, said = charted(rows(higher), baselines=(Baseline("x", "d1", QUARTERS[8], **DECISION),))
    drawn = chart(points, QUARTERS[15])
    assert drawn["segment"].tolist() == [0] * 8 + [1] * 8
    before, after = control_chart.xmr(NOISE[:8]), control_chart.xmr(higher[8:])
    for name in ("mean", "lower", "upper"):
        assert drawn[name].to_numpy() == pytest.approx([*getattr(before, name), *getattr(after, name)])
    assert verdict(said, QUARTERS[15])[0] == "common"
    assert verdict(charted(rows(higher))[1], QUARTERS[8])[0] == "improvement", "without the decision it is a change"
    # the stretch is too short to be judged, whatever came before it
    assert verdict(said, QUARTERS[8])[0] == ""


@pytest.mark.parametrize(
    ("indicator", "department", "concerns"), [("x", "", 2), ("x", "d2", 1), ("y", "", 0), ("", "d2", 1)]
)
def test_a_baseline_holds_for_the_department_and_the_indicator_it_names_or_for_all(indicator, department, concerns):
    given = pd.concat([rows(NOISE[:8]), rows(NOISE[:8], department_id="d2")], ignore_index=True)
    points, _ = charted(given, baselines=(Baseline(indicator, department, QUARTERS[4], **DECISION),))
    assert points.groupby("department_id")["segment"].max().sum() == concerns
    if department == "d2":
        assert chart(points, QUARTERS[7], "d2")["segment"].max() == 1


# --- which chart -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "down", "method"),
    [("rate", 1000, "u"), ("rate", 999, "xmr"), ("share", 1000, "p"), ("share", 999, "xmr"), ("count", np.nan, "xmr")],
)
def test_large_denominators_have_a_chart_of_their_own(kind, down, method):
    points, _ = charted(rows(NOISE, kind=kind, down=down))
    assert points["method"].unique() == [method]
    drawn = chart(points, QUARTERS[15])
    assert drawn["value"].to_numpy() == pytest.approx(NOISE), "in the unit of the values"
    assert drawn["mean"].to_numpy() == pytest.approx(np.mean(NOISE))
    assert ((drawn["lower"] < drawn["value"]) & (drawn["value"] < drawn["upper"])).all()


def test_a_share_above_100_percent_has_the_plain_chart():
    points, _ = charted(rows([*NOISE, 104], kind="share", down=5000))
    assert points.loc[points["as_of"] == points["as_of"].max(), "method"].unique() == ["xmr"]


# --- small counts ----------------------------------------------------------------------------------------------
def counted(up: list, down: list) -> pd.DataFrame:
    up, down = np.array(up, dtype=float), np.array(down, dtype=float)
    return rows(list(100 * up / down), kind="share", numerator=up, denominator=down)


def test_a_share_of_one_case_is_no_change_whatever_came_before():
    _, said = charted(counted([1, 2, 1, 3, 1, 2, 1, 1, 0], [1, 2, 1, 3, 1, 2, 1, 1, 1]))
    assert verdict(said, QUARTERS[8])[0] == ""
    _, said = charted(counted([57, 58, 57, 58, 57, 58, 57, 58, 30], [60] * 9))
    assert verdict(said, QUARTERS[8])[0] == "concern"


def test_a_few_missed_after_quarters_of_100_percent_are_no_change_until_chance_does_not_explain_them():
    missed = [0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2]  # seven quarters below a mean that the first five make
    for last, variation in ((3, "common"), (12, "concern")):
        _, said = charted(counted([980 - n for n in [*missed, last]], [980] * 12))
        assert verdict(said, QUARTERS[11])[0] == variation, last
    many = [10, 11, 9, 10, 12, 22, 21, 23, 22, 21, 22, 23]  # as many below the mean, and enough of them
    _, said = charted(counted([980 - n for n in many], [980] * 12))
    assert verdict(said, QUARTERS[11])[0] == "concern"


def test_one_more_of_a_standing_stock_that_never_moved_is_no_change():
    for last, variation in ((138, "common"), (120, "concern")):
        given = counted([139] * 11 + [last], [140] * 12)
        _, said = changes.charted(given, QUARTERS[:12], {QUARTERS[11]: QUARTERS[11]}, {}, (), ["x"])
        assert verdict(said, QUARTERS[11])[0] == variation, last


def test_a_point_that_is_written_like_its_limit_is_not_beyond_it():
    given, last = rows([79.9, 80.0] * 5 + [79.9, 79.56]), {QUARTERS[11]: QUARTERS[11]}  # the limit is 79.59
    for decimals, variation in ((2, "concern"), (1, "common")):
        _, said = changes.charted(given, QUARTERS[:12], last, {}, (), (), {"x": decimals})
        assert verdict(said, QUARTERS[11])[0] == variation, decimals
    counts = rows([3, 4] * 5 + [3, 12], kind="count")
    _, said = changes.charted(counts, QUARTERS[:12], last, {}, (), (), {"x": 0})
    assert verdict(said, QUARTERS[11])[0] == "improvement", "a count is not rounded"


def test_a_count_is_judged_from_three_events_happened_or_expected():
    few = [1, 0, 2, 1, 1, 0, 2, 1]
    for last, variation in ((2, ""), (3, "common"), (12, "concern")):
        _, said = charted(rows([*few, last], kind="count", better="lower"))
        assert verdict(said, QUARTERS[8])[0] == variation, last
    _, said = charted(rows([6, 5, 7, 6, 5, 7, 6, 5, 0], kind="count", better="lower"))
    assert verdict(said, QUARTERS[8])[0] == "common", "six were expected, and none come once in 400 quarters"
    _, said = charted(rows([16, 15, 17, 16, 15, 17, 16, 15, 0], kind="count", better="lower"))
    assert verdict(said, QUARTERS[8])[0] == "improvement"


@pytest.mark.parametrize(("kind", "down"), [("count", np.nan), ("rate", 100.0), ("share", 100.0)])
def test_limits_are_never_narrower_than_chance_makes_them(kind, down):
    steady = [20, 21, 20, 21, 20, 21, 20, 21]  # as far apart as no count stays by chance
    points, _ = charted(rows(steady, kind=kind, down=down))
    drawn = chart(points, QUARTERS[7]).iloc[-1]
    law = stats.binom(100, 0.205) if kind == "share" else stats.poisson(20.5)
    assert (drawn["lower"], drawn["upper"]) == pytest.approx((law.ppf(0.00135), law.ppf(0.99865)))


def test_chance_widens_no_limit_of_a_share_of_all_that_stands():
    steady = [20, 21, 20, 21, 20, 21, 20, 21]
    given = rows(steady, kind="share", down=100.0)
    points, _ = changes.charted(given, QUARTERS[:8], {QUARTERS[7]: QUARTERS[7]}, {}, (), ["x"])
    assert points["upper"].iloc[-1] == pytest.approx(control_chart.xmr(steady).upper[-1])


def test_each_point_of_a_share_has_the_limits_of_its_own_denominator():
    points, _ = charted(counted([18, 9, 19, 8, 18, 9, 19, 2], [20, 10, 20, 10, 20, 10, 20, 2]))
    drawn = chart(points, QUARTERS[7])
    assert drawn["lower"].iloc[1] < drawn["lower"].iloc[0], "fewer cases, wider limits"
    assert drawn["point_type"].iloc[-1] == ""


# --- targets ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("target", "better", "assurance"),
    [(30, "higher", "pass"), (70, "higher", "fail"), (50, "higher", "hit_or_miss"), (70, "lower", "pass"),
     (50, "neither", "")],
)  # fmt: skip
def test_a_target_is_always_met_never_or_now_and_then(target, better, assurance):
    _, said = charted(rows(NOISE, better=better), targets={"x": target})
    assert verdict(said, QUARTERS[15])[1] == assurance
    assert verdict(said, QUARTERS[4])[1] == "", "without limits nothing is assured"
    assert verdict(charted(rows(NOISE, better=better))[1], QUARTERS[15])[1] == ""


# --- the region as a whole -------------------------------------------------------------------------------------
def totals(*parts: pd.DataFrame) -> dict[tuple[str, str], float]:
    """(department, period) → value of the totals; d1 and d2 are of the party, d3 is of nothing."""
    given = pd.concat(parts, ignore_index=True)
    sets = pd.DataFrame([("d1", "party"), ("d2", "party"), ("d3", "")], columns=["department_id", "category"])
    sets = sets.assign(region_id="county").merge(pd.DataFrame({"quarter": QUARTERS}), how="cross")
    found = changes.totals(given, sets)
    return dict(zip(zip(found["department_id"], found["period"]), found["value"]))


def of(department: str, numbers: list, **more: object) -> pd.DataFrame:
    return rows(numbers, department_id=department, **more)


def test_counts_add_up_to_the_region_and_to_each_kind():
    found = totals(*(of(name, [n], kind="count") for name, n in (("d1", 1), ("d2", 2), ("d3", 10))))
    assert found == {("*", QUARTERS[0]): 13, ("*party", QUARTERS[0]): 3}


def test_shares_and_rates_divide_their_sums_and_means_are_averaged():
    for kind in ("share", "rate"):
        found = totals(of("d1", [10], kind=kind, down=100), of("d2", [40], kind=kind, down=300))
        assert found == {("*", QUARTERS[0]): 32.5, ("*party", QUARTERS[0]): 32.5}
    assert totals(of("d1", [60]), of("d2", [70]), of("d3", [95])) == {
        ("*", QUARTERS[0]): 75,
        ("*party", QUARTERS[0]): 65,
    }


def test_who_has_no_value_is_not_in_the_sum():
    parts = [of("d1", [10], kind="share", down=100), of("d2", [np.nan], kind="share", down=300)]
    parts[1] = parts[1].assign(numerator=7.0)
    assert totals(*parts)["*", QUARTERS[0]] == 10


def test_a_total_that_the_region_reported_itself_stands():
    found = totals(of("d1", [1, 2], kind="count"), of("*", [99], kind="count"))
    assert found == {
        ("*", QUARTERS[0]): 99,
        ("*", QUARTERS[1]): 2,
        ("*party", QUARTERS[0]): 1,
        ("*party", QUARTERS[1]): 2,
    }


def test_a_total_with_some_months_of_one_department_is_partial():
    sets = pd.DataFrame({"region_id": ["county"], "quarter": QUARTERS[:1], "department_id": "d1", "category": ""})
    parts = [of("d1", [1], kind="count", note="partial_quarter"), of("d2", [1], kind="count")]
    assert changes.totals(pd.concat(parts, ignore_index=True), sets)["note"].tolist() == ["partial_quarter"]


# --- months ----------------------------------------------------------------------------------------------------
def test_the_months_between_two_months_are_all_there_and_each_has_its_quarter():
    assert changes.months_between(["2026-02", "2025-11"]) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert changes.months_between([]) == []
    months = ("2026-01", "2026-03", "2026-04", "2026-12")
    assert [changes.quarter_of(month) for month in months] == ["2026Q1", "2026Q1", "2026Q2", "2026Q4"]
    assert changes.quarter_of("2026Q3") == "2026Q3"


def complaint(department: str, month: str, received: int) -> dict:
    of_kind = {"department_id": department, "channel": "hotline", "category": "delay", "received": received}
    return of_kind | {"month": month, "quarter": changes.quarter_of(month)}


@pytest.fixture(scope="module")
def monthly() -> Given:
    """Two party departments and one other, eight months; d2 had none in August."""
    months = [f"2026-{month:02}" for month in range(1, 9)]
    return Given(
        departments=[*departments("d1", "d2", category="party"), *departments("d3")],
        complaints=[
            *(complaint("d1", month, 4 + i % 2) for i, month in enumerate(months)),
            *(complaint("d2", month, 1) for month in months[:7]),
            *(complaint("d3", month, 10) for month in months),
        ],
    )


def points(
    given: Given, department: str, as_of: str, grain: str = "month", indicator: str = "complaints_received"
) -> list[tuple]:
    columns = ("grain", "department_id", "as_of", "indicator", "period", "value")
    found = given.rows("control_points", *columns)
    return [row[4:] for row in found if row[:4] == (grain, department, as_of, indicator)]


def test_months_are_charted_as_each_quarter_knew_them(monthly):
    assert points(monthly, "d1", "2026Q1") == [("2026-01", 4), ("2026-02", 5), ("2026-03", 4)]
    assert len(points(monthly, "d1", "2026Q2")) == 6
    assert [period for period, _ in points(monthly, "d1", "2026Q3")][-1] == "2026-08"


def test_a_month_without_complaints_of_one_department_is_zero(monthly):
    assert points(monthly, "d2", "2026Q3")[-1] == ("2026-08", 0)


def test_months_of_conduct_complaints_are_charted_beside_all_of_them():
    rows = [complaint("d1", "2026-01", 4), complaint("d1", "2026-01", 2) | {"category": "shirking"}]
    given = Given(departments=departments("d1"), complaints=[*rows, complaint("d1", "2026-02", 3)])
    conduct = points(given, "d1", "2026Q1", indicator="conduct_complaints")
    assert conduct == [("2026-01", 2), ("2026-02", 0)]
    assert points(given, "d1", "2026Q1") == [("2026-01", 6), ("2026-02", 3)]


def test_months_add_up_to_the_region_and_to_each_kind(monthly):
    assert points(monthly, "*", "2026Q3")[-2:] == [("2026-07", 15), ("2026-08", 15)]
    assert points(monthly, "*party", "2026Q3")[-2:] == [("2026-07", 5), ("2026-08", 5)]


def test_of_a_quarter_with_some_months_only_the_months_are_charted(monthly):
    assert points(monthly, "d1", "2026Q3", grain="quarter") == []
    assert points(monthly, "d1", "2026Q2", grain="quarter") == [("2026Q1", 13), ("2026Q2", 14)]


# --- settings --------------------------------------------------------------------------------------------------
def closed(*numbers: int) -> list[dict]:
    return [
        complaint("d1", "2026-01", 100) | {"month": None, "quarter": quarter, "closed": n}
        for quarter, n in zip(QUARTERS, numbers)
    ]


def judged(given: Given) -> dict:
    return given.judgement("closure_share", "d1", period=QUARTERS[7])


def test_a_target_of_the_settings_is_judged_in_the_table():
    numbers = (88, 90, 89, 91, 90, 88, 90, 91)
    for target, said in ((60.0, "pass"), (99.0, "fail"), (90.0, "hit_or_miss")):
        given = Given(settings=replace(DEFAULTS, targets={"closure_share": target}), complaints=closed(*numbers))
        assert (judged(given)["assurance"], judged(given)["variation"]) == (said, "common")
    assert judged(Given(complaints=closed(*numbers)))["assurance"] is None


def test_a_baseline_of_the_settings_begins_the_series_anew():
    numbers, start = (60, 61, 59, 60, 61, 60, 60, 95), QUARTERS[7]
    decided = {"indicator": "closure_share", "department": "d1", "start": start, **DECISION}
    assert judged(Given(complaints=closed(*numbers)))["variation"] == "improvement"
    given = Given(settings=replace(DEFAULTS, baselines=(decided,)), complaints=closed(*numbers))
    assert judged(given)["variation"] is None
