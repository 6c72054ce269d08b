"""Sentences from rows: short enough, careful enough, and never silent about what is missing."""

import math

import pandas as pd
import pytest

from dashboard.findings import base_words, change_words, figure, findings
from dashboard.i18n.text import translator

HEADER = {"kind": "count", "decimals": 0}
SHARE = {"kind": "share", "decimals": 1}


def ranking(*rows: tuple[str, float]) -> pd.DataFrame:
    return pd.DataFrame(
        [{"department_id": label, "label": label, "value": value, "note": None} for label, value in rows]
    )


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
    for finding in findings(translator(lang), "2026Q3", many, shown):
        if lang == "zh":
            assert len(finding.title) <= 60
            assert len(finding.body) <= 60
        else:
            assert len(finding.body.split()) <= 40


def test_departments_left_out_are_named():
    said = findings(translator("zh"), "2026Q3", ranking(("甲", 80.0), ("乙", math.nan)), None)
    assert "乙" in said[1].body
    assert "1 个部门没有综合得分" in said[1].title


def test_no_complaints_table_is_not_told_as_no_complaints():
    said = findings(translator("zh"), "2026Q3", ranking(("甲", 80.0)), None)[2]
    assert said.title == "没有投诉举报数据"


def test_a_change_is_stated_and_not_judged():
    t = translator("zh")
    shown = figure("complaints_received", HEADER, COMPLAINTS, ["2026Q2", "2026Q3"])
    assert change_words(t, shown) == "环比 +32 · 待判断"
    assert base_words(t, shown) == "上季 80 · 2 个部门"
    body = findings(t, "2026Q3", ranking(("甲", 80.0)), shown)[2].body
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
    assert words in findings(t, "2026Q3", ranking(("甲", 80.0)), shown)[2].body


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
    body = findings(translator("zh"), "2026Q3", rows, None)[1].body
    assert body == "乙：测评维度或票数不足。丙：本季没有测评。单独列出，不参加排名。"


def test_the_quarter_is_named():
    assert findings(translator("zh"), "2026Q3", ranking(("甲", 80.0)), None)[0].title.startswith("2026年第三季度")


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
