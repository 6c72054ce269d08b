"""The funnel draws the stored numbers, and names what lies outside the limits and nobody else."""

import math
import re
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.charts import theme
from dashboard.charts.funnel import FunnelWords, Panel, funnel, funnels
from tests.charts.checked import checked

funnel = checked(funnel)
funnels = checked(funnels)

WORDS = FunnelWords("在编人员（人）", "99.8% 上限", "95%", "全县 6.1", "{numerator} 件 / {exposure} 人", "无数据")
LIMITS = pd.DataFrame(
    {
        "exposure": [10.0, 40.0, 160.0, 640.0],
        "low_95": [0.0, 0.0, 2.5, 4.3],
        "high_95": [24.0, 15.0, 10.6, 8.3],
        "low_998": [0.0, 0.0, 0.3, 3.2],
        "high_998": [36.0, 20.3, 13.4, 9.7],
    }
)


def row(label: str, exposure: float, value: float | None, outcome: str | None = "in") -> dict:
    numerator = None if value is None else round(exposure * value / 100)
    return {
        "label": label,
        "department_id": f"id-{label}",
        "exposure": exposure,
        "value": value,
        "numerator": numerator,
        "outcome": outcome,
        "hover": f"{label}\n{value}",
    }


ROWS = pd.DataFrame(
    [
        row("档案局", 37, 37.8, "high_998"),
        row("公交公司", 127, 13.4, "high_95"),
        row("教育局", 200, 6.0),
        row("税务局", 300, 1.0, "low_998"),
        row("气象局", 160, 2.0, "low_95"),
        row("新设局", 20, 5.0, None),
    ]
)


def drawn_names(texts: list[str]) -> set[str]:
    return {found[1] for text in texts if (found := re.match(r"<b>(.*?)</b>", text))}


def test_a_limit_is_drawn_at_the_stored_numbers(named):
    figure = funnel(ROWS, LIMITS, 6.1, WORDS)
    for column in ("high_95", "high_998"):
        [line] = named(figure, f"limit_{column}")
        assert list(line.y) == LIMITS[column].tolist()
        assert [round(x * x, 6) for x in line.x] == LIMITS["exposure"].tolist()
    [region] = named(figure, "region_95")
    assert list(region.y) == LIMITS["high_95"].tolist() + LIMITS["low_95"].tolist()[::-1]


def test_limits_are_solid_and_dashed_and_named_on_the_line(named, texts_of):
    figure = funnel(ROWS, LIMITS, 6.1, WORDS)
    assert named(figure, "limit_high_998")[0].line.dash == "solid"
    assert named(figure, "limit_high_95")[0].line.dash not in (None, "solid")
    assert {"99.8% 上限", "95%", "全县 6.1"} <= set(texts_of(figure))


def test_every_name_on_an_outlier_and_on_nobody_else(texts_of):
    texts = texts_of(funnel(ROWS, LIMITS, 6.1, WORDS))
    assert drawn_names(texts) == {"档案局", "公交公司", "税务局", "气象局"}
    assert any("14 件 / 37 人" in text for text in texts)


def test_a_department_that_is_looked_for_has_a_ring_and_its_name(named, texts_of):
    figure = funnel(ROWS, LIMITS, 6.1, WORDS, selected="id-教育局")
    assert "教育局" in drawn_names(texts_of(figure))
    [ring] = named(figure, "selected")
    assert (ring.x[0], ring.y[0]) == (math.sqrt(200), 6.0)


def test_a_department_that_is_not_there_has_no_ring(named):
    assert named(funnel(ROWS, LIMITS, 6.1, WORDS, selected="gone"), "selected") == []


@pytest.mark.parametrize(
    ("outcome", "symbol", "fill"),
    [
        ("high_998", "diamond", theme.WORSE),
        ("high_95", "diamond", theme.WORSE_WEAK),
        ("in", "circle", theme.NEUTRAL[4]),
        ("low_95", "triangle-down", theme.SURFACE),
        ("low_998", "triangle-down", theme.BRAND),
        ("not_judged", "circle-open", theme.INK3),
    ],
)
def test_each_outcome_has_a_shape_of_its_own(named, outcome, symbol, fill):
    [points] = named(funnel(ROWS, LIMITS, 6.1, WORDS), outcome)
    assert (points.marker.symbol, points.marker.color) == (symbol, fill)


def test_few_complaints_are_no_merit():
    text = funnel(ROWS, LIMITS, 6.1, WORDS).to_json()
    assert theme.BETTER not in text


def test_a_click_says_which_department(named):
    [points] = named(funnel(ROWS, LIMITS, 6.1, WORDS), "high_998")
    assert points.customdata == ("id-档案局",)  # a plain list: an array would not arrive in clickData


def test_the_size_is_on_a_square_root_scale_with_real_numbers():
    axis = funnel(ROWS, LIMITS, 6.1, WORDS).layout.xaxis
    assert [round(position**2) for position in axis.tickvals] == [int(t.replace(",", "")) for t in axis.ticktext]
    assert 3 <= len(axis.tickvals) <= 9


@pytest.mark.parametrize("size", [292, 7.5, 40_000])
def test_places_of_nearly_one_size_have_their_size_on_the_axis_too(size):
    sizes = size * (1 + ROWS["exposure"].rank() / 1000)
    limits = LIMITS.assign(
        exposure=[sizes.min() + i * (sizes.max() - sizes.min()) for i in (0, *[1] * (len(LIMITS) - 1))]
    )
    axis = funnel(ROWS.assign(exposure=sizes), limits, 6.1, WORDS).layout.xaxis
    assert len(axis.tickvals) >= 2
    assert len(set(axis.ticktext)) == len(axis.ticktext)
    assert all(axis.range[0] <= position <= axis.range[1] for position in axis.tickvals)


def test_all_points_and_the_last_limit_are_on_the_drawing():
    low = ROWS.assign(value=0.5, outcome="in")
    for rows in (ROWS, low):
        top = funnel(rows, LIMITS, 6.1, WORDS).layout.yaxis.range[1]
        assert top > rows["value"].max()
        assert top > LIMITS["high_998"].iloc[-1]


def test_a_department_without_a_value_or_without_staff_is_not_drawn_as_zero(named):
    rows = pd.DataFrame([row("甲", 50, None), row("乙", 0, 0.0), row("丙", 60, 3.0)])
    [points] = named(funnel(rows, LIMITS, 6.1, WORDS), "in")
    assert points.customdata == ("id-丙",)


def test_a_department_without_a_complaint_stands_on_the_axis_whole(named):
    [points] = named(funnel(pd.DataFrame([row("甲", 50, 0.0)]), LIMITS, 6.1, WORDS), "in")
    assert list(points.y) == [0.0]
    assert points.cliponaxis is False


def test_without_limits_the_points_still_stand(named, texts_of):
    figure = funnel(ROWS.assign(outcome=None), LIMITS.head(0), 6.1, WORDS)
    assert len(named(figure, "not_judged")[0].x) == len(ROWS)
    assert drawn_names(texts_of(figure)) == set()


def test_no_rows_say_so(texts_of):
    assert texts_of(funnel(ROWS.head(0), LIMITS, 6.1, WORDS)) == ["无数据"]


def test_a_name_from_the_data_is_shown_as_it_is(texts_of):
    rows = pd.DataFrame([row("<i>A&B</i>", 37, 37.8, "high_998")])
    assert any("&lt;i&gt;A&amp;B&lt;/i&gt;" in text for text in texts_of(funnel(rows, LIMITS, 6.1, WORDS)))


# --- several ---------------------------------------------------------------------------------------------------
def panels(n: int) -> list[Panel]:
    return [Panel(f"组{i}", ROWS, LIMITS, 6.1, f"组均 {i}") for i in range(n)]


def test_a_box_chooses_only_where_the_page_knows_a_set():
    assert funnel(ROWS, LIMITS, 6.1, WORDS).layout.dragmode is None
    assert funnel(ROWS, LIMITS, 6.1, WORDS, chosen=()).layout.dragmode == "select"
    assert funnels([Panel("党群", ROWS, LIMITS, 6.1)], WORDS, chosen=()).layout.dragmode == "select"


def test_those_beside_the_chosen_are_drawn_faintly_without_their_names(texts_of):
    figure = funnel(ROWS, LIMITS, 6.1, WORDS, chosen=["id-档案局", "id-教育局"])
    chosen = {
        trace.customdata[i] for trace in figure.data if trace.customdata is not None for i in trace.selectedpoints
    }
    assert chosen == {"id-档案局", "id-教育局"}
    assert drawn_names(texts_of(figure)) == {"档案局"}
    assert sum(len(trace.x) for trace in figure.data if trace.customdata is not None) == len(ROWS)


@pytest.mark.parametrize("n", [1, 3, 5, 6, 7, 8])
def test_peer_groups_share_their_axes(n):
    figure = funnels(panels(n), WORDS)
    axes = [figure.layout[name] for name in figure.layout if name.startswith("yaxis")]
    assert len(axes) == n
    assert len({tuple(axis.range) for axis in axes}) == 1


def test_limits_are_named_once_and_every_group_has_its_title(texts_of):
    texts = texts_of(funnels(panels(6), WORDS))
    assert texts.count("99.8% 上限") == 1
    assert all(any(f"<b>组{i}</b>" in text and f"组均 {i}" in text for text in texts) for i in range(6))


def test_the_name_of_a_line_shorter_than_itself_stands_behind_its_end_and_not_on_the_axis():
    small = Panel("小组", ROWS.assign(exposure=12), LIMITS.assign(exposure=[10.0, 11.0, 12.0, 14.0]), 6.1)
    words = replace(WORDS, limit_998="99.8% limit")
    [name] = [one for one in funnels([small, *panels(2)], words).layout.annotations if one.text == "99.8% limit"]
    assert (name.x, name.xanchor, name.xshift) == (math.sqrt(14), "left", 4)


def test_a_group_without_rows_says_so(texts_of):
    texts = texts_of(funnels([*panels(2), Panel("空组", ROWS.head(0), LIMITS, 6.1)], WORDS))
    assert texts.count("无数据") == 1
