"""The rules on appraisal and complaints: each on hand-made rows, on both sides of every boundary."""

import datetime

import numpy as np
import pytest

from tests.support import Given, departments

DAY = datetime.date
Q, BEFORE = "2024Q3", "2024Q2"
QUARTERS = [f"{year}Q{quarter}" for year in (2021, 2022, 2023, 2024) for quarter in range(1, 5)][3:15]  # twelve
DIMENSIONS = ("lawfulness", "service", "efficiency", "conduct")


def staffed(*ids: str, quarters: tuple[str, ...] = (Q,), staff: int | None = 400) -> list[dict]:
    return [{"quarter": quarter, "department_id": one, "staff": staff} for quarter in quarters for one in ids]


def ballot(department: str, rater: int, scores: dict[str, float], quarter: str = Q) -> list[dict]:
    named = {"quarter": quarter, "department_id": department, "rater_id": f"r{rater:02}"}
    return [{**named, "dimension": dimension, "score": score} for dimension, score in scores.items()]


def rated(department: str, mean: float, quarter: str = Q, raters: int = 25) -> list[dict]:
    """Ballots that differ, in a way of their own in each department, and have exactly this mean."""
    noise = np.random.default_rng(list(map(ord, department + quarter))).normal(0, 3, (raters, len(DIMENSIONS)))
    scores = mean + noise - noise.mean(axis=0)
    return [
        row
        for rater, given in enumerate(scores)
        for row in ballot(department, rater, dict(zip(DIMENSIONS, given)), quarter)
    ]


# --- 2 weak_self_awareness -------------------------------------------------------------------------------------
def assessed(department: str, score: float | None, own: float | None = None, year: int = 2024, **more: object) -> dict:
    kind = {"kind": "comprehensive", "dimension": "duty", "assessed_on": datetime.date(year, 9, 18)}
    return {"year": year, "department_id": department, "score": score, "self_score": own, **kind, **more}


def straight(department: str, lines: int, raters: int = 20, dimensions: tuple[str, ...] = DIMENSIONS) -> list[dict]:
    """Ballots of which the first ones give everything the same score."""
    rows = []
    for rater in range(raters):
        step = 0 if rater < lines else 1
        rows += ballot(department, rater, {one: 80 + step * i for i, one in enumerate(dimensions)})
    return rows


@pytest.fixture(scope="module")
def self_aware() -> Given:
    by_score = {
        "ten": [assessed("ten", 80, 90)],
        "over_ten": [assessed("over_ten", 80, 90.1)],
        "ten_of_tenths": [
            assessed("ten_of_tenths", 80.1, 90.1),
            assessed("ten_of_tenths", 70.3, 80.3, dimension="service"),
        ],
        "twenty": [assessed("twenty", 70, 90)],
        "over_twenty": [assessed("over_twenty", 70, 90.1)],
        "modest": [assessed("modest", 90, 60)],
        "unpaired": [assessed("unpaired", 80), assessed("unpaired", None, 99, dimension="service")],
        "focused": [assessed("focused", 50, 99, kind="focused")],
        "last_year": [assessed("last_year", 70, 95, year=2023)],
        "long_ago": [assessed("long_ago", 70, 95, year=2022)],
        "newer": [assessed("newer", 70, 95, year=2023), assessed("newer", 80, 82)],
    }
    by_ballots = {
        "eight": straight("eight", 8),
        "nine": straight("nine", 9),
        "fourteen": straight("fourteen", 14),
        "fifteen": straight("fifteen", 15),
        "nineteen_cast": straight("nineteen_cast", 19, raters=19),
        "two_dimensions": straight("two_dimensions", 20, dimensions=DIMENSIONS[:2]),
        "both": straight("both", 15),
    }
    ids = [*by_score, *by_ballots, "none"]
    return Given(
        rules=("weak_self_awareness",),
        departments=departments(*ids),
        department_facts=staffed(*ids, quarters=("2023Q4", BEFORE, Q)),
        assessments=[*(row for rows in by_score.values() for row in rows), assessed("both", 80, 95)],
        evaluations=[row for rows in by_ballots.values() for row in rows],
    )


def test_a_self_score_over_ten_points_too_high_is_watched_and_over_twenty_alerts(self_aware):
    levels = self_aware.levels("weak_self_awareness", Q)
    assert {one: levels[one] for one in ("ten", "over_ten", "ten_of_tenths", "twenty", "over_twenty", "modest")} == {
        "ten": "ok",
        "over_ten": "watch",
        "ten_of_tenths": "ok",
        "twenty": "watch",
        "over_twenty": "alert",
        "modest": "ok",
    }
    for one in ("unpaired", "focused", "long_ago", "none"):
        assert levels[one] == "no_data: no_row"


def test_this_years_assessment_counts_from_the_quarter_of_its_date_and_before_it_last_years(self_aware):
    assert self_aware.levels("weak_self_awareness", Q)["last_year"] == "alert"
    assert self_aware.levels("weak_self_awareness", Q)["newer"] == "ok"
    assert self_aware.levels("weak_self_awareness", BEFORE)["newer"] == "alert"
    assert self_aware.levels("weak_self_awareness", BEFORE)["over_twenty"] == "no_data: no_row"


def test_ballots_with_one_score_for_everything_are_judged_by_the_interval(self_aware):
    levels = self_aware.levels("weak_self_awareness", Q)
    assert {
        one: levels[one] for one in ("eight", "nine", "fourteen", "fifteen", "nineteen_cast", "two_dimensions")
    } == {
        "eight": "ok",  # 40 %, the 80 % interval from 27 %
        "nine": "watch",  # … and here from 32 %
        "fourteen": "watch",  # 70 %, the 95 % interval from 48 %
        "fifteen": "alert",  # … and here from 53 %
        "nineteen_cast": "no_data: few",
        "two_dimensions": "ok",
    }
    row = self_aware.gap("weak_self_awareness", "both", Q)
    assert (row["status"], row["reason"], row["value"], row["points"]) == ("alert", "ballots", 75, 15)


def test_self_regard_is_said_by_its_reason(self_aware):
    assert self_aware.sentences("weak_self_awareness", "over_twenty", Q) == (
        "over_twenty：2024 年自评 90.1 分，考核 70.0 分，高出 20.1 分（预警线 20 分）。明显异常，建议核查。",
        "over_twenty: 90.1 points by its own account in 2024, 70.0 as assessed: 20.1 points more (alert line 20). "
        "Clearly unusual; please check.",
    )
    assert self_aware.sentences("weak_self_awareness", "nine", Q) == (
        "nine：本季选票 20 张，9 张各项打同一个分（45%，区间 26–66%；关注线 30%）。建议关注。",
        "nine: 9 of 20 ballots this quarter give one score for everything (45 %, interval 26–66 %; watch line 30 %). "
        "Please keep an eye on it.",
    )


# --- 11 below_standard_two_years -------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def standards() -> Given:
    def years(department: str, now: float, before: float | None = None, **more: object) -> list[dict]:
        rows = [assessed(department, now, **more)]
        return rows if before is None else [*rows, assessed(department, before, year=2023, **more)]

    old = departments("old", valid_to=DAY(2023, 12, 31), successor="heir")
    one, other = (departments(name, valid_to=DAY(2023, 12, 31), successor="merged") for name in ("one", "other"))
    rows = {
        "at_mark": years("at_mark", 60, 50),
        "below": years("below", 59.9, 60),
        "twice": years("twice", 59.9, 59.9),
        "first_year": years("first_year", 50),
        "own_mark": years("own_mark", 69, 69.9, pass_mark=70.0),
        "tenths": [assessed("tenths", 59.9), assessed("tenths", 60.1, dimension="service")],
        "gap_year": [assessed("gap_year", 50), assessed("gap_year", 50, year=2022)],
        "last_year": [assessed("last_year", 50, year=2023), assessed("last_year", 50, year=2022)],
        "long_ago": [assessed("long_ago", 50, year=2022)],
        "focused": years("focused", 50, 50, kind="focused"),
        "heir": [assessed("heir", 50), assessed("old", 50, year=2023)],
        "merged": [assessed("merged", 50), assessed("one", 50, year=2023), assessed("other", 90, year=2023)],
    }
    return Given(
        rules=("below_standard_two_years",),
        departments=[*departments(*rows), *old, *one, *other],
        department_facts=staffed(*rows, quarters=("2022Q4", "2023Q3", "2023Q4", BEFORE, Q)),
        assessments=[row for own in rows.values() for row in own],
    )


def test_below_the_pass_mark_is_watched_and_two_years_running_alert(standards):
    assert standards.levels("below_standard_two_years", Q) == {
        "at_mark": "ok",
        "below": "watch",
        "twice": "alert",
        "first_year": "watch",
        "own_mark": "alert",
        "tenths": "ok",
        "gap_year": "watch",
        "last_year": "alert",
        "long_ago": "no_data: no_row",
        "focused": "no_data: no_row",
        "heir": "alert",
        "merged": "watch",  # which of the two would be meant, nobody can say
    }


def test_a_year_is_not_known_before_its_last_quarter(standards):
    levels = standards.levels("below_standard_two_years", BEFORE)
    assert (levels["twice"], levels["below"], levels["first_year"]) == ("watch", "ok", "no_data: no_row")


def test_the_scores_and_marks_of_both_years_are_said(standards):
    assert standards.sentences("below_standard_two_years", "twice", Q) == (
        "twice：连续两年低于合格线：2024 年度 59.9 分（线 60.0 分），2023 年度 59.9 分（线 60.0 分）。"
        "明显异常，建议核查。",
        "twice: below the pass mark two years running: 59.9 points in 2024 (mark 60.0), 59.9 in 2023 (mark 60.0). "
        "Clearly unusual; please check.",
    )
    assert standards.sentences("below_standard_two_years", "first_year", Q)[0] == (
        "first_year：2024 年度考核 50.0 分，低于合格线 60.0 分；上一年度没有考核得分。建议关注。"
    )
    assert standards.sentences("below_standard_two_years", "below", Q)[0] == (
        "below：2024 年度考核 59.9 分，低于合格线 60.0 分（上一年度 60.0 分）。建议关注。"
    )


# --- 12 low_and_not_improving ----------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def appraised() -> Given:
    """Eight quarters; scores by quarter, None for a quarter with too few ballots."""
    quarters = QUARTERS[-8:]
    scores = {f"p{number}": [80] * 8 for number in range(8)} | {
        "two": [80] * 6 + [70] * 2,
        "three": [80] * 5 + [70] * 3,
        "four": [80] * 4 + [70] * 4,
        "interrupted": [70] * 5 + [None, 70, 70],
        "improving": [50, 51, 50, 51, 50, 51, 50, 70],
        "unknown": [70] * 7 + [None],
    }
    return Given(
        rules=("low_and_not_improving",),
        departments=departments(*scores),
        department_facts=staffed(*scores, quarters=tuple(quarters)),
        evaluations=[
            row
            for department, means in scores.items()
            for quarter, mean in zip(quarters, means)
            for row in rated(department, mean or 70, quarter, raters=19 if mean is None else 25)
        ],
    )


def test_low_for_three_quarters_is_watched_and_for_four_alert_unless_it_truly_improves(appraised):
    levels = appraised.levels("low_and_not_improving", Q)
    assert {one: level for one, level in levels.items() if not one.startswith("p")} == {
        "two": "ok",
        "three": "watch",
        "four": "alert",
        "interrupted": "ok",
        "improving": "ok",
        "unknown": "no_data: coverage",
    }
    assert {level for one, level in levels.items() if one.startswith("p")} == {"ok"}
    row = appraised.gap("low_and_not_improving", "improving", Q)
    assert (row["value"], row["variation"]) == (8, "improvement")


def test_a_low_score_is_said_with_its_quarters_and_the_peers_average(appraised):
    row = appraised.gap("low_and_not_improving", "four", Q)
    assert appraised.sentences("low_and_not_improving", "four", Q) == (
        f"four：测评连续 4 季明显低于同类平均，本季 {row['score']:.0f} 分（同类平均 {row['benchmark']:.0f}），"
        "没有真实改善。明显异常，建议核查。",
        f"four: clearly below the peers' average for 4 quarters running, {row['score']:.0f} points this quarter "
        f"(peers' average {row['benchmark']:.0f}), with no real improvement. Clearly unusual; please check.",
    )


# --- 15 conduct_complaints_rising ------------------------------------------------------------------------------
def complained(
    department: str, numbers: list[int], category: str = "shirking", periods: list[str] = QUARTERS
) -> list[dict]:
    """Complaints of the last periods, quarters or months; one of them says nothing of when in the quarter."""
    rows = []
    for period, number in zip(periods[-len(numbers) :], numbers):
        quarter = period if "Q" in period else f"{period[:4]}Q{(int(period[5:]) + 2) // 3}"
        of_kind = {"department_id": department, "channel": "letter", "category": category, "received": number}
        rows.append(of_kind | {"quarter": quarter, "month": None if "Q" in period else period})
    return rows


MONTHS = [f"{year}-{month:02}" for year in (2022, 2023, 2024) for month in range(1, 13)][9:33]  # to 2024-09


@pytest.fixture(scope="module")
def conduct() -> Given:
    calm = [5, 4] * 6
    rows = {
        "calm": complained("calm", calm),
        "beyond": complained("beyond", [*calm[:-1], 30]),
        "beyond_before": complained("beyond_before", [*calm[:-2], 30, 4]),
        "shift": complained("shift", [2] * 5 + [6] * 7),
        "short_of_shift": complained("short_of_shift", [2, 2, 2, 2, 2, 6, 2, 6, 6, 6, 6, 6]),
        "near": complained("near", [5, 4, 5, 4, 5, 4, 5, 4, 5, 8, 13, 13]),
        "trend": complained("trend", [30, 31, 29, 30, 31, 24, 25, 27, 29, 31, 33, 35]),
        "fall": complained("fall", [30] * 11 + [3]),
        "scarce": complained("scarce", [0, 1] * 5 + [1, 2]),
        "new": complained("new", calm[:5]),
        "six_points": complained("six_points", calm[:6]),
        "other_kinds": [*complained("other_kinds", calm), *complained("other_kinds", [5] * 11 + [90], "delay")],
        "charges": complained("charges", [*calm[:-1], 30], "arbitrary_charges"),
        "untold": complained("untold", [*calm[:-1], 30], "all"),
        "stopped": complained("stopped", calm[:-1], periods=QUARTERS[:-1]),
    }
    months = {
        "months_calm": complained("months_calm", [6, 5, 7] * 8, periods=MONTHS),
        "months_beyond": complained("months_beyond", [6, 5, 7] * 7 + [6, 30, 6], periods=MONTHS),
        "months_shift": complained("months_shift", [5] * 17 + [9] * 7, periods=MONTHS),
        "months_rare": complained("months_rare", [1, 2, 1] * 7 + [4, 5, 6], periods=MONTHS),
    }
    return Given(
        rules=("conduct_complaints_rising",),
        departments=[*departments(*rows), *(one | {"region_id": "monthly"} for one in departments(*months))],
        department_facts=staffed("calm", quarters=tuple(QUARTERS)),
        complaints=[
            *(row for own in rows.values() for row in own),
            *(row | {"region_id": "monthly"} for own in months.values() for row in own),
        ],
    )


def test_conduct_complaints_that_rise_by_their_control_chart_are_flagged(conduct):
    levels = conduct.levels("conduct_complaints_rising", Q)
    assert {one: level for one, level in levels.items() if not one.startswith("months")} == {
        "calm": "ok",
        "beyond": "alert",
        "beyond_before": "ok",
        "shift": "watch",
        "short_of_shift": "ok",
        "near": "watch",
        "trend": "watch",
        "fall": "ok",
        "scarce": "no_data: few",
        "new": "no_data: short",
        "six_points": "ok",
        "other_kinds": "ok",
        "charges": "alert",
        "untold": "no_data: no_row",
        "stopped": "no_data: no_row",
    }
    reasons = {one: conduct.gap("conduct_complaints_rising", one, Q)["reason"] for one in ("shift", "near", "trend")}
    assert reasons == {"shift": "shift_quarter", "near": "two_of_three_quarter", "trend": "trend_quarter"}


def test_months_are_judged_where_they_are_reported_and_quarters_where_months_have_too_few(conduct):
    levels = conduct.levels("conduct_complaints_rising", Q)
    assert {one: level for one, level in levels.items() if one.startswith("months")} == {
        "months_calm": "ok",
        "months_beyond": "alert",
        "months_shift": "watch",
        "months_rare": "alert",
    }
    row = conduct.gap("conduct_complaints_rising", "months_beyond", Q)
    assert (row["reason"], row["at"], row["value"], row["n"]) == ("astronomical_month", "2024-08", 30, 42)
    row = conduct.gap("conduct_complaints_rising", "months_rare", Q)
    assert (row["reason"], row["value"]) == ("astronomical_quarter", 15)


def test_a_rise_is_said_with_its_limit_and_mean(conduct):
    row = conduct.gap("conduct_complaints_rising", "beyond", Q)
    assert conduct.sentences("conduct_complaints_rising", "beyond", Q) == (
        f"beyond：本季作风投诉 30 件，超出控制图上限 {row['upper']:.1f} 件（季均 {row['mean']:.1f} 件）。"
        "明显异常，建议核查。",
        f"beyond: conduct complaints this quarter: 30, beyond the control limit of {row['upper']:.1f} (quarterly mean "
        f"{row['mean']:.1f}). Clearly unusual; please check.",
    )
    assert conduct.sentences("conduct_complaints_rising", "shift", Q)[0] == (
        "shift：作风投诉连续至少七季高于平均（季均 4.3 件），本季 6 件。建议关注。"
    )
    assert "2024-08 作风投诉 30 件" in conduct.sentences("conduct_complaints_rising", "months_beyond", Q)[0]


# --- 38 silent_power and 39 score_and_complaints_disagree ------------------------------------------------------
def power(department: str, grade: str, uses: int) -> dict:
    named = {"power_id": f"{department}-1", "department_id": department, "name": "审批", "domain": "money"}
    return {**named, "risk_level": grade, "annual_uses": uses, "valid_from": DAY(2020, 1, 1)}


@pytest.fixture(scope="module")
def heard() -> Given:
    """Thirty peers of 400 staff with 20 complaints in the one quarter that there is, and some that differ."""
    peers = [f"p{number:02}" for number in range(30)]
    # department: complaints (None: not reported), staff, mean score (None: not appraised), power
    odd = {
        "silent": (2, 400, 70, "A"),
        "quiet": (10, 400, 70, "A"),
        "heard": (15, 400, 70, "A"),
        "silent_without_power": (2, 400, 80, "C"),
        "silent_without_catalogue": (2, 400, 80, None),
        "too_small": (0, 90, 70, "A"),
        "tiny": (0, 20, 70, "A"),
        "no_staff": (0, None, 70, "A"),
        "not_reported": (None, 400, 70, "A"),
        "praised_often": (60, 400, 90, None),
        "praised_rather_often": (36, 400, 90, None),
        "praised": (20, 400, 90, None),
        "often": (60, 400, 80, None),
        "not_appraised": (60, 400, None, None),
    }
    ids = [*peers, *odd]
    powers = [power(one, "C", number) for number, one in enumerate(peers)]
    powers += [power(one, grade, 1000) for one, (*_, grade) in odd.items() if grade == "A"]
    powers += [power(one, grade, 1) for one, (*_, grade) in odd.items() if grade == "C"]
    return Given(
        rules=("silent_power", "score_and_complaints_disagree"),
        departments=departments(*ids),
        department_facts=[
            *staffed(*peers),
            *(row for one, (_, staff, *_) in odd.items() for row in staffed(one, staff=staff)),
        ],
        complaints=[
            *(row for one in peers for row in complained(one, [20])),
            *(row for one, (n, *_) in odd.items() if n is not None for row in complained(one, [n])),
        ],
        powers=powers,
        evaluations=[
            *(row for one in peers[:6] for row in rated(one, 80)),
            *(row for one in peers[6:10] for row in rated(one, 90)),  # so that 80 is the average
            *(row for one, (_, _, mean, _) in odd.items() if mean for row in rated(one, mean)),
        ],
    )


def differing(levels: dict[str, str]) -> dict[str, str]:
    return {one: level for one, level in levels.items() if one[0] != "p" or not one[1:].isdigit()}


def test_much_power_and_hardly_a_complaint_is_asked_about(heard):
    levels = differing(heard.levels("silent_power", Q))
    assert {
        one: level for one, level in levels.items() if "praised" not in one and one not in ("often", "not_appraised")
    } == {
        "silent": "alert",
        "quiet": "watch",
        "heard": "ok",
        "silent_without_power": "ok",
        "silent_without_catalogue": "no_data: no_row",
        "too_small": "no_data: few",  # none of 4.5 expected may be chance
        "tiny": "no_data: few",
        "no_staff": "no_data: no_staff",
        "not_reported": "no_data: not_reported",
    }


def test_the_lower_limit_is_the_stored_one_and_power_is_told_by_how_many_have_less(heard):
    row = heard.gap("silent_power", "silent", Q)
    stored = heard.judgement("complaint_rate", "silent", period=Q, scope="peers", window_quarters=4)
    assert stored["outcome"] == "low_998"
    assert (row["value"], row["threshold"]) == (stored["value"], stored["limit_low_998"])
    assert heard.gap("silent_power", "quiet", Q)["threshold"] == stored["limit_low_95"]
    others = 30 + 7 + 1 - 1  # of those with a catalogue; six more have as much
    assert row["above"] == pytest.approx(100 * (others - 6) / others)


def test_silence_is_said_as_a_question(heard):
    row = heard.gap("silent_power", "silent", Q)
    zh, en = heard.sentences("silent_power", "silent", Q)
    assert zh == (
        f"silent：职权指数 {row['power_index']:.0f}（高于本地区 84% 的部门），近 4 季（只有 1 季的数据）投诉 2 件，"
        f"每百人 2.0 件，低于同类下限 {row['threshold']:.1f}，渠道是否畅通？明显异常，建议核查。"
    )
    assert en == (
        f"silent: power index {row['power_index']:.0f} (above that of 84 % of the departments); complaints in 4 "
        "quarters (data for 1 only): 2, 2.0 per 100 staff, below the peers' lower limit of "
        f"{row['threshold']:.1f}: are the channels open? Clearly unusual; please check."
    )


def test_praise_beside_many_complaints_and_low_scores_beside_silence_disagree(heard):
    assert differing(heard.levels("score_and_complaints_disagree", Q)) == {
        "praised_often": "alert",
        "praised_rather_often": "watch",
        "praised": "ok",
        "often": "ok",
        "not_appraised": "no_data: no_row",
        "silent": "alert",
        "quiet": "watch",
        "heard": "ok",
        "silent_without_power": "ok",
        "silent_without_catalogue": "ok",
        "too_small": "no_data: few",
        "tiny": "no_data: few",
        "no_staff": "no_data: no_staff",
        "not_reported": "no_data: not_reported",
    }
    for department, reason in (("praised_often", "praised"), ("silent", "blamed")):
        assert heard.gap("score_and_complaints_disagree", department, Q)["reason"] == reason


def test_the_disagreement_is_said_in_both_languages(heard):
    row = heard.gap("score_and_complaints_disagree", "praised_often", Q)
    assert heard.sentences("score_and_complaints_disagree", "praised_often", Q) == (
        f"praised_often：综合得分 {row['score']:.1f}，明显高于同类平均 {row['average']:.1f}；近 4 季（只有 1 季的数据）"
        f"投诉 60 件，每百人 60.0 件，高于同类上限 {row['threshold']:.1f}。明显异常，建议核查。",
        f"praised_often: composite {row['score']:.1f}, clearly above the peers' average of {row['average']:.1f}, yet "
        f"complaints in 4 quarters (data for 1 only): 60, 60.0 per 100 staff, above the peers' limit of "
        f"{row['threshold']:.1f}. Clearly unusual; please check.",
    )
    assert "投诉只有 2 件" in heard.sentences("score_and_complaints_disagree", "silent", Q)[0]


# --- 41 not_reported -------------------------------------------------------------------------------------------
PEERS = [f"p{number}" for number in range(9)]


RECEIVED = DAY(2024, 10, 9)


def decided(*ids: str, quarter: str = Q) -> list[dict]:
    return [{"quarter": quarter, "department_id": one, "kind": "project", "total": 1} for one in ids]


def leads(*ids: str, quarter: str = Q) -> list[dict]:
    kind = {"source": "media", "domain": "people", "found_at": "after", "leads": 1}
    return [{"quarter": quarter, "department_id": one, **kind} for one in ids]


def sent(table: str, *ids: str, quarter: str = Q, received: DAY | None = RECEIVED) -> list[dict]:
    named = {"quarter": quarter, "table": table, "received_on": received}
    return [{**named, "department_id": one} for one in ids]


def test_a_table_that_the_peers_report_and_one_does_not_is_watched_and_twice_running_alerts():
    new = departments("new", valid_from=DAY(2024, 8, 1))
    given = Given(
        rules=("not_reported",),
        departments=[*departments(*PEERS), *new],
        department_facts=[*staffed(*PEERS, quarters=(BEFORE, Q))],
        decisions=[*decided(*PEERS[:7]), *decided(*PEERS[:6], PEERS[7], quarter=BEFORE)],
        cases=[*leads(*PEERS[:7], PEERS[8]), *leads(*PEERS[:6], PEERS[8], quarter=BEFORE)],
    )
    assert given.levels("not_reported", Q) == {
        **dict.fromkeys(PEERS[:7], "ok"),  # one of them missed both in the quarter before
        "p7": "alert",  # cases twice running
        "p8": "alert",  # decisions twice running
        "new": "no_data: no_row",
    }
    assert given.levels("not_reported", BEFORE)["p6"] == "watch"
    row = given.gap("not_reported", "p7", Q)
    assert (row["value"], row["tables"], row["running"], row["n"]) == (2, ["cases", "decisions"], ["cases"], 3)
    assert given.sentences("not_reported", "p7", Q) == (
        "p7：本季缺报 2 张报表：案件、三重一大；其中连续两季缺报：案件"
        "（同类其他 8 个部门中至少 7 个已报）。明显异常，建议核查。",
        "p7: missing this quarter: cases, major decisions; two quarters running: cases (reported by at least 7 of the "
        "8 others among its peers). Clearly unusual; please check.",
    )
    assert given.sentences("not_reported", "p6", BEFORE)[0] == (
        "p6：本季缺报 2 张报表：案件、三重一大（同类其他 8 个部门中至少 7 个已报）。建议关注。"
    )


def test_a_table_counts_where_at_least_half_of_the_others_report_it():
    given = Given(
        rules=("not_reported",),
        departments=departments(*PEERS),
        department_facts=staffed(*PEERS, quarters=(BEFORE, Q)),
        cases=[*leads(*PEERS[:4]), *leads(*PEERS[:3], quarter=BEFORE)],
    )
    assert given.levels("not_reported", BEFORE) == dict.fromkeys(PEERS, "ok")  # three of eight
    assert given.levels("not_reported", Q) == dict.fromkeys(PEERS[:4], "ok") | dict.fromkeys(PEERS[4:], "watch")


def test_the_register_of_submissions_tells_none_from_not_reported():
    given = Given(
        rules=("not_reported",),
        departments=departments(*PEERS),
        department_facts=staffed(*PEERS),
        cases=leads(PEERS[0]),
        submissions=[
            *sent("cases", *PEERS[:6]),
            *sent("cases", PEERS[6], received=None),
            *sent("tasks", *PEERS),
        ],
    )
    assert given.levels("not_reported", Q) == {
        **dict.fromkeys(PEERS[:6], "ok"),
        "p6": "watch",  # entered as not received
        "p7": "watch",  # not entered at all while its peers are
        "p8": "watch",
    }
    assert given.gap("not_reported", "p7", Q)["n"] == 3


def test_where_most_report_nothing_nobody_is_said_to_lack_anything():
    given = Given(rules=("not_reported",), departments=departments(*PEERS), cases=leads(PEERS[0]))
    assert set(given.levels("not_reported", Q).values()) == {"no_data: nobody"}


# --- tables that are not there ---------------------------------------------------------------------------------
NEEDED = {
    "weak_self_awareness": "assessments,evaluations",
    "below_standard_two_years": "assessments",
    "low_and_not_improving": "evaluations",
    "conduct_complaints_rising": "complaints",
    "silent_power": "powers,complaints",
    "score_and_complaints_disagree": "evaluations,complaints",
}


def test_a_rule_whose_table_is_not_there_says_which_one_is_missing():
    given = Given(rules=tuple(NEEDED), departments=departments("d"), department_facts=staffed("d"))
    for rule, tables in NEEDED.items():
        assert given.levels(rule, Q) == {"d": f"no_data: {tables}"}
    assert given.sentences("silent_power", "d", Q) == (
        "d：无数据（缺职权与风险点、投诉举报）。",
        "d: no data (without powers, complaints).",
    )
