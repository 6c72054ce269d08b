"""Regions against one another: who is compared, what chance explains, and which places stay uncertain."""

import numpy as np
import pandas as pd
import pytest

from dashboard.judgements.regions import FEWEST, MOST_PLACED, compared, placed


def rows(received: list[float], staff: list[float], indicator="complaint_rate", kind="rate", **more) -> pd.DataFrame:
    ids = [f"r{i:02}" for i in range(len(received))]
    given = {"region_id": ids, "indicator": indicator, "kind": kind, "numerator": received, "denominator": staff}
    return pd.DataFrame(given | {"takes_part": True} | more)


def quarters(received: list[float], staff: list[float], n: int = 4) -> pd.DataFrame:
    """Every quarter a fourth of the year: no region's figures change by more than chance."""
    parts = [rows(received, staff).assign(quarter=f"2026Q{q + 1}", numerator=np.array(received) / 4) for q in range(n)]
    return pd.concat(parts)


def test_a_region_far_from_the_others_is_outside_and_the_others_are_not():
    found, lines = compared(rows([40, 41, 39, 40, 38, 42, 40, 41, 120], [1000] * 9))
    outcome = found.set_index("region_id")["outcome"]
    assert outcome["r08"] == "high_998"
    assert set(outcome.drop("r08")) == {"in"}
    assert found["value"].tolist()[:2] == pytest.approx([4.0, 4.1])
    assert lines["benchmark"].iloc[0] == pytest.approx(100 * 441 / 9000)
    assert (found["low"] < found["value"]).all() and (found["value"] < found["high"]).all()


def test_fewer_than_eight_are_shown_and_not_judged():
    found, lines = compared(rows([40] * 6 + [400], [1000] * 7))
    assert len(found) == FEWEST - 1
    assert found["value"].notna().all() and found["low"].notna().all()
    assert found["outcome"].isna().all() and found["benchmark"].isna().all()
    assert lines.empty


def test_who_takes_no_part_neither_is_judged_nor_moves_the_limits():
    plain, _ = compared(rows([40] * 8 + [44], [1000] * 9))
    beside = rows([40] * 8 + [44, 900], [1000] * 10, takes_part=[True] * 9 + [False])
    found, _ = compared(beside)
    assert found["outcome"].iloc[-1] is None or pd.isna(found["outcome"].iloc[-1])
    assert found["limit_high_95"].iloc[:9].tolist() == pytest.approx(plain["limit_high_95"].tolist())


def test_counts_are_never_judged():
    found, lines = compared(rows([40] * 8 + [4000], [np.nan] * 9, "cases_filed", "count"))
    assert found["value"].tolist()[-1] == 4000
    assert found["outcome"].isna().all() and lines.empty


def test_nothing_to_compare_is_an_answer():
    found, lines = compared(rows([], []))
    assert found.empty and lines.empty


def test_a_zero_denominator_gives_no_value():
    found, _ = compared(rows([1] * 8 + [0], [100] * 8 + [0]))
    assert np.isnan(found["value"].iloc[-1])
    assert (found["n_compared"] == 8).all()


def test_who_tells_not_a_single_event_is_not_the_best_and_hides_nobody():
    received, staff = [40, 41, 39, 40, 38, 42, 40, 41, 80], [1000] * 9
    plain, _ = compared(rows(received, staff))
    found, _ = compared(rows([*received, 0, 0], [*staff, 1000, 100]))
    assert found["is_silent"].tolist() == [*[False] * 9, True, False], "four expected may be none by chance"
    assert pd.isna(found["outcome"].iloc[9]) and found["value"].iloc[9] == 0
    assert found["outcome"].iloc[8] == plain["outcome"].iloc[8] == "high_998"
    sets = placed(found, quarters([*received, 0, 0], [*staff, 1000, 100]), "lower").set_index("region_id")
    assert "r09" not in sets.index and len(sets) == 10


def test_a_share_above_all_is_told_and_neither_compared_nor_placed():
    received, base = [50] * 7 + [60, 120], [100] * 9
    found, _ = compared(rows(received, base, "filing_share", "share"))
    assert found["value"].iloc[-1] == 120 and pd.isna(found["outcome"].iloc[-1])
    assert set(found["n_compared"]) == {8}
    sets = placed(found, quarters(received, base), "higher")
    assert len(sets) == 8 and sets["place_low"].min() == 1
    few, lines = compared(rows([50] * 7 + [120], [100] * 8, "filing_share", "share"))
    assert few["outcome"].isna().all() and lines.empty


def test_places_of_the_lowest_rate_begin_at_one_and_equal_regions_may_have_any():
    received, staff = [40] * 8 + [200], [1000] * 9
    found, _ = compared(rows(received, staff))
    sets = placed(found, quarters(received, staff), "lower").set_index("region_id")
    assert sets.loc["r08", ["place_low", "place_high"]].tolist() == [9, 9]
    assert sets.loc["r00", ["place_low", "place_high"]].tolist() == [1, 8]
    higher = placed(found, quarters(received, staff), "higher").set_index("region_id")
    assert higher.loc["r08", ["place_low", "place_high"]].tolist() == [1, 1]


def test_a_region_whose_own_figures_jump_from_quarter_to_quarter_has_no_sure_place():
    received, staff = [40] * 8 + [80], [1000] * 9
    found, _ = compared(rows(received, staff))
    calm = quarters(received, staff)
    wild = calm.assign(numerator=np.where(calm["quarter"] < "2026Q3", 0, calm["numerator"] * 2))
    sure, unsure = (placed(found, one, "lower").set_index("region_id") for one in (calm, wild))
    assert sure.loc["r08", "place_low"] == 9
    assert unsure.loc["r08", "place_low"] < 9


@pytest.mark.parametrize("n, better", [(9, "neither"), (FEWEST - 1, "lower"), (MOST_PLACED + 1, "lower")])
def test_no_places_where_they_would_mean_nothing(n, better):
    received, staff = list(range(20, 20 + n)), [1000] * n
    found, _ = compared(rows(received, staff))
    assert placed(found, quarters(received, staff), better).empty


def test_one_quarter_does_not_tell_how_much_figures_change():
    received, staff = [40] * 8 + [200], [1000] * 9
    found, _ = compared(rows(received, staff))
    assert placed(found, quarters(received, staff, 1), "lower").empty
