"""Rows of the ranking: what is drawn of a place and of how sure it is."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.components.ranking_rows import Group, RankingLook, band_words, places, ranking_rows
from dashboard.i18n.text import translator
from dashboard.rows import Row, rows_of
from tests.support import sent

T = translator("zh")
LOOK = RankingLook(
    t=T,
    axis=None,
    value="得分",
    decimals=1,
    dimensions=(),
    caveat=lambda note: "",
    row_link=lambda label, department, **props: label,
    sort_link=lambda label, column: label,
    cell_href=lambda dimension, department: f"/{dimension}/{department}",
)


def rows(*bands: str, first: int = 1) -> list[Row]:
    n = len(bands)
    place = range(first, first + n)
    table = pd.DataFrame(
        {
            "department_id": [f"d{i}" for i in place],
            "label": [f"部门{i}" for i in place],
            "full_name": [f"某县部门{i}" for i in place],
            "outcome": list(bands),
            "place": [float(i) for i in place],
            "is_tied": False,
            "n_ranked": float(n),
            "rank_low": 1.0,
            "rank_high": float(n),
            "weight_low": float("nan"),
            "weight_high": float("nan"),
            "previous_place": 1.0,
            "previous_value": 80.0,
            "value": 80.0,
            "note": None,
            "n": 100.0,
            "numerator": float("nan"),
            "denominator": float("nan"),
        }
    )
    return list(rows_of(table))


def drawn(*groups: Group) -> list:
    table = ranking_rows(LOOK, groups, {}, None)
    return table.children[1].children


@pytest.mark.parametrize(("low", "high", "words"), [(1, 8, "1–8"), (3, 3, "3"), (float("nan"), 8, "—")])
def test_a_range_of_places_is_one_number_where_there_is_no_doubt(low, high, words):
    assert places(T, low, high) == words


@pytest.mark.parametrize(
    ("outcome", "words"),
    [("above", "明显高于平均"), ("none", "与平均无显著差别，不分先后"), (None, "未作判断"), ("nonsense", "未作判断")],
)
def test_a_band_is_said_in_words(outcome, words):
    assert band_words(T, outcome) == words


def test_only_a_clear_difference_is_coloured():
    css = [row.className for row in drawn(Group("", "", rows("above", "none", "below")))]
    assert css == ["rank-row better", "rank-row quiet", "rank-row worse"]


def test_the_line_spans_the_places_that_other_raters_might_have_given():
    row = drawn(Group("", "", rows("none", "none", "none", "none", "none")))[1]
    track = row.children[2]
    (interval,) = track.children
    assert interval.style == {"left": "0.00%", "width": "100.00%"}
    assert track.style == {"--now": "25.00%", "--before": "0.00%"}
    assert row.children[3].children == "1–5"


def test_a_heading_never_stands_alone_at_the_foot_of_a_list():
    first, second = rows(*["none"] * 13), rows(*["none"] * 12, first=20)
    found = drawn(Group("甲", "", first), Group("乙", "", second))
    per_list = int(ranking_rows(LOOK, [Group("甲", "", first), Group("乙", "", second)], {}, None).style["--rows"])
    assert "data-row" not in str(found[per_list - 1]) or found[per_list - 1].className.startswith("rank-row quiet")
    assert found[per_list].className == "rank-row group"


def test_each_cell_is_a_door_to_its_dimension_with_the_department():
    look = replace(LOOK, dimensions=(("service", "服务质量"), ("conduct", "工作作风")))
    page = sent(ranking_rows(look, [Group("", "", rows("none", "none"))], {}, None))
    assert re.findall(r'"href": "(/\w+/d\d)"', page) == ["/service/d1", "/conduct/d1", "/service/d2", "/conduct/d2"]
