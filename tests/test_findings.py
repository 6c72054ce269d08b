"""Sentences from rows: short enough, careful enough, and never silent about what is missing."""

import math

import pandas as pd
import pytest

from dashboard.findings import (
    base_words,
    by_chance,
    change_finding,
    change_words,
    complaints_finding,
    coverage_finding,
    figure,
    findings,
    is_rare,
    needed,
)
from dashboard.i18n.text import translator

HEADER = {"kind": "count", "decimals": 0}
SHARE = {"kind": "share", "decimals": 1}


def ranking(*rows: tuple[str, float]) -> pd.DataFrame:
    named = [{"department_id": label, "label": label, "value": value} for label, value in rows]
    return pd.DataFrame(named).assign(
        note=None, outcome=None, variation=None, needed_quarters=math.nan, needed_ballots=math.nan
    )


RATES = pd.DataFrame(columns=["department_id", "label", "value", "outcome"])


GAPS = ("department_id", "label", "rule", "rule_order", "status", "change")


def gaps(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=GAPS)


def said_of(t, rows: pd.DataFrame, complaints=None, rates: pd.DataFrame = RATES, flags: pd.DataFrame = gaps()) -> list:  # noqa: B008
    return findings(t, "2026Q3", "peers", rows, complaints, rates, flags)


def test_new_alerts_come_first_and_are_named_with_their_rule():
    flags = gaps(
        ("d2", "乙局", "一支笔", 21, "alert", "persisting"),
        ("d1", "甲局", "监督真空", 1, "alert", "new"),
        ("d3", "丙局", "督办逾期", 13, "watch", "new"),
        ("d4", "丁局", "督办逾期", 13, "ok", "closed"),
    )
    first = said_of(translator("zh"), ranking(("甲局", 80.0)), flags=flags)[0]
    assert first.title == "2026年第三季度新增或加重预警 1 项，共有预警 2 项"
    assert first.body == "甲局“监督真空”。另有关注 1 项；上季的提示已消除 1 项。"
    assert (first.status, first.page) == ("alert", "/gaps")


def test_where_no_alert_is_new_that_is_what_is_said():
    standing = gaps(("d2", "乙局", "一支笔", 21, "alert", "persisting"))
    titles = [one.title for one in said_of(translator("zh"), ranking(("甲局", 80.0)), flags=standing)]
    assert "2026年第三季度没有新的预警，1 项预警仍在" in titles
    nothing = gaps(("d2", "乙局", "一支笔", 21, "no_data", ""))
    assert not [one for one in said_of(translator("zh"), ranking(("甲局", 80.0)), flags=nothing) if one.page == "/gaps"]


def test_a_region_that_leans_to_one_side_is_told_by_its_axes():
    flags = gaps(("*", None, "被动多、主动少", 8, "watch", ""), ("*", None, "微观多、宏观少", 6, "ok", ""))
    found = [one for one in said_of(translator("zh"), ranking(("甲局", 80.0)), flags=flags) if one.page == "/balance"]
    assert [(one.title, one.body, one.status) for one in found] == [
        ("全地区监督有失平衡：2 项中 1 项偏了", "被动多、主动少。只有区间整段越过提示线才算。", "watch")
    ]


def headlines(*rows: tuple, partial: str | None = None, carried: int = 0) -> pd.DataFrame:
    columns = ["indicator", "quarter", "departments", "total", "mean", "numerator", "denominator", "percent"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(is_partial=frame["quarter"] == partial, staff_carried=carried)


ROWS = (
    ("complaints_received", "2026Q2", 2, 80.0, 40.0, 80.0, math.nan, math.nan),
    ("complaints_received", "2026Q3", 2, 112.0, 56.0, 112.0, math.nan, math.nan),
)
COMPLAINTS = headlines(*ROWS)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sentence_is_short(lang):
    many = ranking(*[(f"一个名字很长的部门{i}", 80.0 + i if i > 8 else math.nan) for i in range(20)])
    shown = figure("complaints_received", HEADER, COMPLAINTS, ["2026Q2", "2026Q3"])
    for finding in said_of(translator(lang), many, shown):
        if lang == "zh":
            assert len(finding.title) <= 60
            assert len(finding.body) <= 60
        else:
            assert len(finding.body.split()) <= 40


def test_departments_left_out_are_named():
    said = said_of(translator("zh"), ranking(("甲", 80.0), ("乙", math.nan)))
    (left_out,) = [finding for finding in said if "1 个部门没有综合得分" in finding.title]
    assert "乙" in left_out.body


def test_no_complaints_table_is_not_told_as_no_complaints():
    said = said_of(translator("zh"), ranking(("甲", 80.0)))
    assert "没有投诉举报数据" in [finding.title for finding in said]


def test_a_change_is_stated_and_not_judged():
    t = translator("zh")
    shown = figure("complaints_received", HEADER, COMPLAINTS, ["2026Q2", "2026Q3"])
    assert change_words(t, shown) == "环比 +32 · 历季走势：不够判断"
    assert base_words(t, shown) == "上季 80 · 2 个部门"
    body = complaints_finding(t, shown).body
    assert not any(word in body for word in ("恶化", "大幅", "明显"))


def test_the_first_quarter_has_nothing_to_compare_with():
    t = translator("zh")
    shown = figure("complaints_received", HEADER, COMPLAINTS, ["2026Q2"])
    assert change_words(t, shown) is None
    assert "上季没有数据" in base_words(t, shown)


@pytest.mark.parametrize(("partial", "words"), [("2026Q3", "部分月份"), ("2026Q2", "部分月份")])
def test_a_quarter_with_some_of_its_months_is_compared_with_nothing(partial, words):
    t = translator("zh")
    shown = figure("complaints_received", HEADER, headlines(*ROWS, partial=partial), ["2026Q2", "2026Q3"])
    assert change_words(t, shown) is None
    assert words in base_words(t, shown)
    assert words in complaints_finding(t, shown).body


def test_an_older_quarter_is_no_last_quarter():
    t = translator("zh")
    shown = figure("complaints_received", HEADER, COMPLAINTS, ["2026Q2", "2026Q3"])
    assert change_words(t, shown)
    shown = figure("complaints_received", HEADER, headlines(ROWS[1]), ["2026Q1", "2026Q2", "2026Q3"])
    assert change_words(t, shown) is None
    assert "上季没有数据" in base_words(t, shown)


def test_staff_of_an_earlier_quarter_is_told():
    shown = figure("complaints_received", HEADER, headlines(*ROWS, carried=2), ["2026Q2", "2026Q3"])
    assert "2 个部门的人员数沿用以前" in base_words(translator("zh"), shown)


def test_who_was_never_appraised_is_not_told_as_too_few_ballots():
    rows = ranking(("甲", 80.0), ("乙", math.nan), ("丙", math.nan))
    rows.loc[1, "note"] = "coverage"
    body = coverage_finding(translator("zh"), rows).body
    assert body == "乙：测评维度或票数不足。丙：本季没有测评。单独列出，不参加排名。"


def test_the_quarter_is_named():
    titles = [finding.title for finding in said_of(translator("zh"), ranking(("甲", 80.0)))]
    assert any(title.startswith("2026年第三季度") for title in titles)


def banded(**bands: str) -> pd.DataFrame:
    rows = ranking(*[(label, 80.0) for label in bands])
    return rows.assign(outcome=list(bands.values()), variation="common")


def test_only_a_clear_difference_is_named_and_the_rest_is_in_no_order():
    first = said_of(translator("zh"), banded(甲="above", 乙="none", 丙="none", 丁="below"))[0]
    assert "2 个部门与同类平均有真实差距，1 个高、1 个低，其余 2 个不分先后" in first.title
    assert "甲" in first.body and "丁" in first.body and "乙" not in first.body


def test_where_nobody_differs_nobody_is_named():
    said = said_of(translator("zh"), banded(甲="none", 乙="none"))
    assert any("2 个部门不分先后" in finding.title for finding in said)
    assert not any("甲" in finding.title + finding.body for finding in said)


def test_beside_those_in_no_order_stands_what_would_tell_them_apart():
    rows = banded(甲="none", 乙="none", 丙="none", 丁="above")
    rows = rows.assign(needed_quarters=[3.0, 2.0, 90.0, 1.0], needed_ballots=[340.0, 210.0, 1e4, 90.0])
    assert needed(translator("zh"), rows) == [
        "不分先后的，最快的也要约 210 份测评、即 2 个这样的季度，才能与平均分清。",
        "其中 1 个十年也难分清。",
    ]
    never = needed(translator("zh"), rows.assign(needed_quarters=math.inf))
    assert never == ["照现在的离散程度，它们与平均十年也难分清。"]
    assert needed(translator("zh"), rows[rows["outcome"] == "above"]) == []


def test_signals_for_better_and_worse_are_both_told_beside_what_chance_gives():
    rows = banded(**{f"部门{i}": "none" for i in range(64)})
    rows.loc[[3, 5], "variation"] = "concern"
    rows.loc[9, "variation"] = "improvement"
    (finding,) = change_finding(translator("zh"), rows)
    assert finding.title == "得分有变化信号：2 个部门变差、1 个部门改善"
    assert finding.body.startswith("变差：部门3、部门5。改善：部门9。单凭偶然也会出现约 1 个信号；其余部门没有信号")
    assert by_chance(translator("zh"), 12, 0.015) == "不到 1 "


def test_a_chart_of_which_little_is_judged_is_rare():
    types = pd.DataFrame({"value": 1.0, "lower": 0.0, "point_type": ["", "", "common", ""]})
    assert is_rare(types)
    assert not is_rare(types.assign(lower=math.nan)), "no limits yet is another matter"
    assert not is_rare(types.assign(point_type="common"))


def test_at_most_three_findings_the_most_important_first():
    rows = banded(甲="above", 乙="none", 丙="below")
    rows["variation"] = ["common", "concern", "common"]
    rates = pd.DataFrame({"department_id": ["乙"], "label": ["乙"], "value": [40.0], "outcome": ["high_998"]})
    said = said_of(translator("zh"), rows, None, rates)
    assert len(said) == 3
    assert "99.8% 上限" in said[0].title
    assert "1 个部门变差" in said[1].title and "变差：乙" in said[1].body
    assert [finding.weight for finding in said] == sorted((finding.weight for finding in said), reverse=True)


@pytest.mark.parametrize(("direction", "words"), [("common", "正常波动"), ("high", "真实上升"), ("", "不够判断")])
def test_a_change_is_called_real_or_noise_by_the_control_chart(direction, words):
    verdicts = pd.DataFrame({"indicator": ["complaints_received"], "direction": [direction], "is_trial": [False]})
    shown = figure("complaints_received", HEADER, COMPLAINTS, ["2026Q2", "2026Q3"], verdicts)
    assert words in change_words(translator("zh"), shown)


def test_who_is_not_linked_by_raters_is_not_told_as_never_appraised():
    rows = ranking(("甲", 80.0), ("乙", math.nan))
    rows.loc[1, "note"] = "not_connected"
    body = coverage_finding(translator("zh"), rows).body
    assert "没有交叉" in body and "没有测评" not in body


def test_a_share_is_the_share_of_the_sums_and_none_of_nothing_is_zero():
    rows = headlines(
        ("on_time", "2026Q2", 2, 0.0, 0.0, 0.0, 40.0, 0.0), ("on_time", "2026Q3", 2, 150.0, 75.0, 10.0, 40.0, 25.0)
    )
    assert figure("on_time", SHARE, rows, ["2026Q2"]).value == 0
    assert figure("on_time", SHARE, rows, ["2026Q3"]).value == 25.0


def test_a_quarter_without_rows_is_no_value():
    shown = figure("complaints_received", HEADER, COMPLAINTS, ["2026Q1", "2026Q2", "2026Q3", "2026Q4"])
    assert math.isnan(shown.values[0])
    assert math.isnan(shown.value)
    assert base_words(translator("zh"), shown) == "本季无数据"
