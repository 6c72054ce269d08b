"""Counts, shares and rates: trailing windows, intervals, and a flag that is the drawn line."""

import numpy as np
import pandas as pd
import pytest

from dashboard.judgements import values
from dashboard.statistics import intervals
from tests.support import Given, departments

YEAR = ("2025Q4", "2026Q1", "2026Q2", "2026Q3")
LAST = YEAR[-1]


def series(kind: str, *rows: tuple, department: str = "d1", **more: object) -> list[dict]:
    """Rows of (quarter, numerator, denominator) of one department."""
    key = {"indicator": "x", "variant": "", "region_id": "county", "department_id": department}
    return [
        key
        | {"period": quarter, "kind": kind, "better": "lower", "numerator": up, "denominator": down, "note": None}
        | {"value": up if kind == "count" else 100 * up / down if down else np.nan, "n": up}
        | more
        for quarter, up, down in rows
    ]


def frame(*rows: dict) -> pd.DataFrame:
    numbers = dict.fromkeys(("value", "numerator", "denominator"), "float64")
    return pd.DataFrame(rows).astype(numbers | {"n": "Int64", "note": object})


NOBODY = pd.DataFrame(columns=["region_id", "quarter", "department_id"])


def year_until(rows: pd.DataFrame, quarter: str, department: str = "d1", standing: pd.DataFrame = NOBODY) -> tuple:
    """(value, numerator, denominator, n, note) of the trailing four quarters."""
    found = values.windowed(rows, standing)
    of = (found["window_quarters"] == 4) & (found["period"] == quarter) & (found["department_id"] == department)
    (row,) = found.loc[of, ["value", "numerator", "denominator", "n", "note"]].astype(object).values.tolist()
    return tuple(None if pd.isna(value) else value for value in row)


def standing(rows: pd.DataFrame) -> pd.DataFrame:
    """Everybody stood in every quarter."""
    names = rows["department_id"].unique()
    return pd.DataFrame([("county", quarter, name) for quarter in YEAR for name in names], columns=NOBODY.columns)


# --- windows ---------------------------------------------------------------------------------------------------
def test_a_year_of_a_rate_adds_up_events_and_averages_the_staff():
    rows = frame(*series("rate", *zip(YEAR, (2, 4, 6, 8), (100, 100, 200, 200))))
    assert year_until(rows, LAST) == (pytest.approx(100 * 20 / 150), 20, 150, 20, None)


def test_a_year_of_a_share_adds_up_both():
    rows = frame(*series("share", *zip(YEAR, (1, 2, 3, 4), (10, 10, 10, 20))))
    assert year_until(rows, LAST) == (pytest.approx(20), 10, 50, 10, None)


def test_a_year_of_a_count_is_the_sum():
    assert year_until(frame(*series("count", *zip(YEAR, (1, 2, 3, 4), [np.nan] * 4))), LAST) == (10, 10, None, 10, None)


def test_a_window_reaches_back_four_quarters_of_the_calendar_and_no_further():
    rows = frame(*series("count", ("2025Q2", 100, np.nan), ("2025Q4", 1, np.nan), (LAST, 2, np.nan)))
    assert year_until(rows, LAST) == (3, 3, None, 3, "short_window")


@pytest.mark.parametrize(("quarter", "value", "note"), [("2026Q2", 6, "short_window"), (LAST, 10, None)])
def test_a_window_that_lacks_quarters_says_so(quarter, value, note):
    found = year_until(frame(*series("count", *zip(YEAR, (1, 2, 3, 4), [np.nan] * 4))), quarter)
    assert (found[0], found[-1]) == (value, note)


def test_a_quarter_without_staff_is_left_out_of_the_window_and_told():
    rows = series("rate", *zip(YEAR, (2, 4, 6, 8), (np.nan, 100, 100, 100)))
    rows[0] |= {"value": np.nan, "note": "no_staff"}
    # 75 years of staff, a quarter of a year for each of those that are known
    assert year_until(frame(*rows), LAST) == (24, 18, 75, 18, "short_window")
    # and where no quarter has any, the reason stays
    assert year_until(frame(*rows), "2025Q4")[3:] == (0, "no_staff")


def test_a_window_with_a_quarter_of_some_months_says_so():
    rows = series("count", *zip(YEAR, (1, 2, 3, 4), [np.nan] * 4))
    rows[1]["note"] = "partial_quarter"
    assert year_until(frame(*rows), LAST)[-1] == "partial_quarter"


def test_no_department_borrows_from_another():
    rows = frame(
        *series("count", *((quarter, 100, np.nan) for quarter in YEAR), department="d0"),
        *series("count", (LAST, 3, np.nan)),
        *series("count", *((quarter, 100, np.nan) for quarter in YEAR), department="d2"),
    )
    assert year_until(rows, LAST)[0] == 3


def test_who_had_no_cases_in_the_last_quarter_has_a_year_all_the_same():
    rows = frame(
        *series("share", *zip(YEAR, (1, 2, 3, 4), (10, 10, 10, 10))),
        *series("share", ("2026Q1", 3, 12), department="d2"),
    )
    stood = pd.DataFrame({"region_id": "county", "quarter": YEAR, "department_id": "d2"})
    assert year_until(rows, LAST, "d2", stood) == (25, 3, 12, 3, None)


def test_who_no_longer_stands_has_no_year():
    rows = frame(
        *series("count", *zip(YEAR, (1, 2, 3, 4), [np.nan] * 4)),
        *series("count", ("2026Q1", 9, np.nan), department="d2"),
    )
    found = values.windowed(rows, NOBODY)
    assert not ((found["department_id"] == "d2") & (found["period"] == LAST)).any()


def test_who_reported_nothing_in_the_last_quarter_has_a_year_all_the_same_and_who_was_gone_has_none():
    rows = frame(
        *series("count", ("2026Q1", 5, np.nan)),
        *series("count", ("2026Q1", 7, np.nan), department="gone"),
        *series("count", (LAST, 1, np.nan), department="other"),
    )
    assert year_until(rows, LAST, standing=standing(rows))[0] == 5
    stood = standing(rows)
    stood = stood[(stood["department_id"] != "gone") | (stood["quarter"] == "2026Q1")]
    found = values.windowed(rows, stood)
    year = found[(found["window_quarters"] == 4) & (found["period"] == LAST)]
    assert year.set_index("department_id")["value"].to_dict() == {"d1": 5, "other": 1}


def test_a_share_of_nothing_in_one_quarter_lacks_nothing_where_others_reported():
    """Who had no cases to close had none; only where nobody of the region reported is a quarter missing."""
    gap, whole = (YEAR[0], *YEAR[2:]), tuple((quarter, 5, 10) for quarter in YEAR)
    rows = frame(
        *series("share", *((quarter, 1, 2) for quarter in gap)),
        *series("share", *whole, department="other"),
    )
    assert year_until(rows, LAST) == (50, 3, 6, 3, None)
    assert year_until(frame(*series("share", *((quarter, 1, 2) for quarter in gap))), LAST)[-1] == "short_window"


def test_a_mean_has_no_year():
    rows = values.windowed(frame(*series("mean", (LAST, 160, 2))), NOBODY)
    assert rows["window_quarters"].tolist() == [1]


# --- intervals -------------------------------------------------------------------------------------------------
def interval(kind: str, up: float, down: float) -> tuple[float, float]:
    row = values.with_intervals(frame(*series(kind, (LAST, up, down)))).iloc[0]
    return row["low"], row["high"]


def test_a_share_has_the_interval_of_wilson_and_a_rate_and_a_count_that_of_poisson():
    assert interval("share", 3, 12) == pytest.approx([100 * float(end) for end in intervals.wilson(3, 12)])
    low, high = (float(end) for end in intervals.poisson_interval(3))
    assert interval("rate", 3, 60) == pytest.approx((low / 0.6, high / 0.6))
    assert interval("count", 3, np.nan) == pytest.approx((low, high))


@pytest.mark.parametrize(("kind", "up", "down"), [("share", 13, 12), ("share", 0, 0), ("rate", 1, 0), ("mean", 160, 2)])
def test_what_is_no_share_has_no_interval(kind, up, down):
    """More may be closed in a quarter than came in: a ratio, and no share of anything."""
    assert np.isnan(interval(kind, up, down)).all()


# --- limits ----------------------------------------------------------------------------------------------------
def among(rows: pd.DataFrame, **peer_set: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Judged, where those named have a peer set of their own and the others the whole region."""
    names = rows["department_id"].unique()
    sets = pd.DataFrame({"region_id": "county", "quarter": LAST, "department_id": names})
    sets = sets.assign(peer_set=[peer_set.get(name, "*") for name in names])
    return values.judged_among(values.windowed(rows, sets), sets)


@pytest.fixture(scope="module", params=["rate", "share"])
def spread(request) -> tuple[str, pd.DataFrame, pd.DataFrame]:
    """Sixty departments, some far out: with over-dispersion for a rate, without for a share."""
    rng = np.random.default_rng(4)
    down = rng.integers(20, 900, 60)
    share = np.where(np.arange(60) % 12 == 0, 0.25, 0.08)
    up = rng.poisson(down * share) if request.param == "rate" else rng.binomial(down, share)
    each = [series(request.param, (LAST, int(a), int(b)), department=f"d{j}") for j, (a, b) in enumerate(zip(up, down))]
    rows, lines = among(frame(*(row for part in each for row in part)))
    of_region = (rows["scope"] == "region") & (rows["window_quarters"] == 1)
    return request.param, rows[of_region], lines[lines["window_quarters"] == 1]


def test_a_department_is_flagged_where_it_lies_beyond_the_limits(spread):
    kind, rows, _ = spread
    assert {"in", "high_998"} <= set(rows["outcome"])
    for level in ("95", "998"):
        beyond = {f"{side}_{each}" for each in {level, "998"} for side in ("low", "high")}
        outside = (rows["value"] > rows[f"limit_high_{level}"]) | (rows["value"] < rows[f"limit_low_{level}"])
        flagged = rows["outcome"].isin(beyond)
        assert not (flagged & ~outside).any()
        expected = rows["benchmark"] / 100 * rows["denominator"]
        assert not (outside & ~flagged & (expected >= 5)).any()


def test_the_drawn_line_is_the_limit_by_which_a_department_was_flagged(spread):
    kind, rows, lines = spread
    assert len(lines) == values.GRID
    assert (lines["benchmark"].unique() == pytest.approx(rows["benchmark"].unique())) and lines["n"].unique() == [60]
    assert lines["exposure"].min() <= rows["denominator"].min() and lines["exposure"].max() >= rows["denominator"].max()
    at = lines.set_index("exposure")
    for name in ("low_95", "high_95", "low_998", "high_998"):
        drawn = np.interp(rows["denominator"], lines["exposure"], lines[name])
        assert drawn == pytest.approx(rows[f"limit_{name}"].to_numpy(), rel=0.03, abs=0.15)
        # where a point of the line falls on a department's exposure, the two are one number
        exact = rows[rows["denominator"].isin(at.index)]
        assert at.loc[exact["denominator"], name].to_numpy() == pytest.approx(exact[f"limit_{name}"].to_numpy())


def test_the_benchmark_is_the_rate_of_all_together():
    rows, _ = among(frame(*series("rate", (LAST, 1, 100)), *series("rate", (LAST, 9, 300), department="d2")))
    assert rows.loc[rows["window_quarters"] == 1, "benchmark"].unique() == pytest.approx([100 * 10 / 400])


def test_peers_are_judged_among_themselves_and_who_has_none_in_the_region():
    rows = frame(
        *series("rate", (LAST, 10, 100), department="a1"),
        *series("rate", (LAST, 30, 100), department="a2"),
        *series("rate", (LAST, 80, 100), department="b"),
    )
    judged, lines = among(rows, a1="a", a2="a")
    judged = judged[judged["window_quarters"] == 1].set_index(["scope", "department_id"])
    assert judged.loc["region", "benchmark"].tolist() == pytest.approx([40] * 3)
    assert judged.loc["peers", "benchmark"].to_dict() == pytest.approx({"a1": 20, "a2": 20, "b": 40})
    assert judged.loc["peers", "peer_set"].to_dict() == {"a1": "a", "a2": "a", "b": "*"}
    for name in values.JUDGED:
        assert judged.loc[("peers", "b"), name] == judged.loc[("region", "b"), name]
    drawn = lines[lines["window_quarters"] == 1].groupby(["scope", "peer_set"])["n"].first().to_dict()
    assert drawn == {("region", "*"): 3, ("peers", "a"): 2}


def test_the_rate_of_a_small_department_is_drawn_to_that_of_its_peers():
    small, large = series("rate", (LAST, 3, 10)), series("rate", (LAST, 300, 1000), department="large")
    middle = series("rate", *((LAST, 100, 1000),), department="middle")
    judged, _ = among(frame(*small, *large, *middle))
    of = judged[judged["scope"] == "region"].drop_duplicates("department_id").set_index("department_id")
    drawn = (of["value"] - of["eb"]).abs()
    assert drawn["d1"] > drawn["large"]
    assert of.loc["d1", "benchmark"] < of.loc["d1", "eb"] < of.loc["d1", "value"]


def test_how_far_a_few_departments_hold_most_is_told_beside_what_chance_would_make():
    rows = frame(
        *(row for j in range(12) for row in series("rate", (LAST, 60 if j < 5 else 1, 100), department=f"d{j}"))
    )
    judged, _ = among(rows)
    (found,) = values.concentrated(
        judged[(judged["scope"] == "region") & (judged["window_quarters"] == 1)]
    ).itertuples()
    assert (found.n, found.total) == (12, 307)
    assert found.top_share == pytest.approx(300 / 307)
    assert found.top_expected == pytest.approx(5 / 12)
    assert found.gini > found.gini_chance_high > found.gini_by_chance


def test_who_is_alone_is_compared_with_nobody():
    judged, lines = among(frame(*series("rate", (LAST, 10, 100))))
    assert judged["outcome"].isna().all()
    assert lines.empty


def test_a_share_above_100_percent_takes_no_part_in_the_comparison():
    rows = frame(
        *(row for j in range(3) for row in series("share", (LAST, 5, 10), department=f"d{j}")),
        *series("share", (LAST, 13, 10), department="more"),
    )
    judged, _ = among(rows)
    more = judged[judged["department_id"] == "more"]
    assert more["outcome"].isna().all() and more["limit_high_95"].isna().all() and more["benchmark"].isna().all()
    assert judged.loc[judged["department_id"] != "more", "benchmark"].unique() == pytest.approx([50])


def test_the_region_as_a_whole_is_judged_by_nobody():
    rows = frame(
        *(row for j in range(3) for row in series("rate", (LAST, 5, 10), department=f"d{j}")),
        *series("rate", (LAST, 500, 10), department="*"),
    )
    judged, _ = among(rows)
    whole = judged[judged["department_id"] == "*"]
    assert whole["scope"].unique().tolist() == ["region"]
    assert whole["outcome"].isna().all()
    own = (judged["department_id"] != "*") & (judged["window_quarters"] == 1)
    assert judged.loc[own, "benchmark"].unique() == pytest.approx([50])


# --- in a snapshot ---------------------------------------------------------------------------------------------
def complaints(department: str, received: int, quarter: str = LAST) -> dict:
    return {"quarter": quarter, "department_id": department, "channel": "hotline", "category": "delay",
            "received": received}  # fmt: skip


def staff(department: str, staff: int, quarter: str = "2025Q4") -> dict:
    return {"quarter": quarter, "department_id": department, "staff": staff}


def test_a_rate_on_a_handful_is_few_and_is_neither_flagged_nor_ranked():
    """Two complaints among twenty people would lead the list; neither is it many, nor were many to be expected."""
    names = [f"d{j}" for j in range(9)]
    given = Given(
        departments=departments(*names, "small", "carried", "nobody"),
        department_facts=[*(staff(name, 500) for name in names), staff("small", 20, LAST), staff("carried", 20)],
        complaints=[*(complaints(name, 10 + j) for j, name in enumerate(names)),
                    *(complaints(name, 2) for name in ("small", "carried", "nobody"))],
    )  # fmt: skip
    for scope in ("region", "peers"):
        found = {
            name: given.judgement("complaint_rate", name, scope=scope) for name in ("small", "carried", "d0", "nobody")
        }
        # a note that was there says more
        assert [row["note"] for row in found.values()] == ["few", "staff_carried", "staff_carried", "no_staff"]
        assert [row["is_few"] for row in found.values()] == [True, True, False, False]
        assert [row["outcome"] for row in found.values()] == [None, None, "in", None]
    asked = {"region": "county", "quarter": LAST, "previous": "2026Q2", "indicator": "complaint_rate", "variant": ""}
    ranked = given.run("pages/ranking", **asked, ascending=True, scope="region", window=1).set_index("department_id")
    assert ranked.loc["small", "value"] == 10
    assert ranked.loc[["small", "carried", "nobody"], "place"].isna().all()
    assert ranked.loc["d0", ["place", "n_ranked"]].tolist() == [1, 9]


def test_a_year_stands_beside_the_quarter_with_what_is_said_of_it():
    given = Given(
        departments=departments("d1", "d2"),
        department_facts=[staff("d1", 100), staff("d2", 100)],
        complaints=[complaints(name, n, quarter) for quarter in YEAR for name, n in (("d1", 5), ("d2", 10))],
    )
    quarter, year = (given.judgement("complaint_rate", "d1", window_quarters=window) for window in (1, 4))
    assert (quarter["value"], year["value"], year["numerator"], year["denominator"]) == (5, 20, 20, 100)
    assert (quarter["benchmark"], year["benchmark"]) == (7.5, 30)
    assert (quarter["method"], year["method"]) == ("funnel_counts", "funnel_counts")
    assert year["variation"] is None, "the chart is of quarters"
