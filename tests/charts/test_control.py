"""The control chart: only signals get a shape; a missing period and a new way of counting are breaks."""

import pandas as pd
import pytest

from dashboard.charts import theme
from dashboard.charts.control import ControlPanel, ControlWords, control_chart, control_panels, shared_range
from tests.charts.checked import checked

control_chart = checked(control_chart)
control_panels = checked(control_panels)

SIGNALS = {"astronomical": "超出", "trend": "趋势", "two_of_three": "接近", "shift": "一侧"}
WORDS = ControlWords(" 分", "自然波动范围 {low}–{high}", "目标 {value}", SIGNALS, "无数据", "没有数据", 1)


def series(values: list[float | None], **columns: object) -> pd.DataFrame:
    """Quarters from 23Q4 on, all on one range of 78–84 around 81."""
    n = len(values)
    given = {
        "period": [f"{23 + (i + 3) // 4}Q{(i + 3) % 4 + 1}" for i in range(n)],
        "value": values,
        "mean": 81.0,
        "lower": 78.0,
        "upper": 84.0,
        "point_type": "common",
        "direction": "common",
        "segment": 1,
        "target": None,
        "note": None,
    }
    return pd.DataFrame({**given, **columns}).astype({"value": float, "target": float})


CALM = [81.0, 82.0, 80.0, 81.5, 80.5, 82.0]


def signal(kind: str, direction: str, value: float = 74.6) -> pd.DataFrame:
    points = series([*CALM, value])
    points.loc[6, ["point_type", "direction"]] = [kind, direction]
    return points


def test_only_signals_get_a_shape(named):
    figure = control_chart(signal("astronomical", "concern"), WORDS)
    [dots], [signals] = named(figure, "common"), named(figure, "signal")
    assert dots.marker.symbol == "circle"
    assert list(dots.x) == [0, 1, 2, 3, 4, 5]
    assert (list(signals.x), list(signals.marker.symbol)) == ([6], ["triangle-down"])


def test_a_calm_series_has_no_shape_at_all(named):
    assert named(control_chart(series(CALM), WORDS), "signal") == []


@pytest.mark.parametrize(
    ("direction", "value", "symbol", "color"),
    [
        ("improvement", 90.0, "triangle-up", theme.BETTER),
        ("improvement", 70.0, "triangle-down", theme.BETTER),
        ("concern", 90.0, "triangle-up", theme.WORSE),
        ("concern", 70.0, "triangle-down", theme.WORSE),
        ("high", 90.0, "triangle-up", theme.BRAND),
        ("low", 70.0, "triangle-down", theme.BRAND),
    ],
)
def test_the_shape_says_which_side_and_the_colour_what_it_means(named, direction, value, symbol, color):
    [signals] = named(control_chart(signal("astronomical", direction, value), WORDS), "signal")
    assert (signals.marker.symbol[0], signals.marker.color[0]) == (symbol, color)


def test_a_trend_points_where_it_goes_even_below_the_mean(named):
    [signals] = named(control_chart(signal("trend", "improvement", 80.9).assign(value=range(74, 81)), WORDS), "signal")
    assert list(signals.marker.symbol) == ["triangle-up"]


def test_a_missing_period_is_a_gap(named):
    points = series([81.0, 82.0, None, 80.0, 81.0])
    figure = control_chart(points, WORDS)
    assert [list(line.x) for line in named(figure, "line")] == [[0, 1], [3, 4]]
    assert 2 not in named(figure, "common")[0].x
    assert len(figure.layout.xaxis.tickvals) >= 2  # its place on the axis stays


def test_line_and_range_break_where_the_counting_changed(named):
    points = series([81.0, 82.0, 80.0, 91.0, 92.0], segment=[1, 1, 1, 2, 2], upper=[84.0] * 3 + [95.0] * 2)
    figure = control_chart(points, WORDS)
    assert [list(line.x) for line in named(figure, "line")] == [[0, 1, 2], [3, 4]]
    first, second = named(figure, "range")
    assert max(first.x) < min(second.x)
    assert (max(first.y), max(second.y)) == (84.0, 95.0)


def test_the_range_is_drawn_at_the_stored_limits(named):
    points = series([81.0, 82.0, 80.0], upper=[84.0, 85.0, 86.0], lower=[78.0, 77.0, 76.0])
    [band] = named(control_chart(points, WORDS), "range")
    assert set(band.y) == {84.0, 85.0, 86.0, 78.0, 77.0, 76.0}


def test_too_few_points_have_no_range_and_no_mean(named):
    figure = control_chart(series([81.0, 82.0], mean=None, lower=None, upper=None, point_type=""), WORDS)
    assert named(figure, "range") == named(figure, "mean") == []


def test_the_target_is_dashed_and_absent_where_there_is_none(named, texts_of):
    figure = control_chart(series(CALM, target=80.0), WORDS)
    assert named(figure, "target")[0].line.dash
    assert "目标 80" in texts_of(figure)
    assert named(control_chart(series(CALM), WORDS), "target") == []


def test_the_last_value_is_labelled_in_the_signal_s_colour(texts_of):
    figure = control_chart(signal("astronomical", "concern"), WORDS)
    [label] = [note for note in figure.layout.annotations if note.text == "<b>74.6 分</b>"]
    assert (label.x, label.y, label.font.color) == (6, 74.6, theme.WORSE)


def test_a_last_period_without_data_says_so_and_the_value_before_keeps_its_place(texts_of):
    figure = control_chart(series([81.0, 82.0, None]), WORDS)
    assert "无数据" in texts_of(figure)
    [label] = [note for note in figure.layout.annotations if note.text == "<b>82.0 分</b>"]
    assert label.x == 1


def test_the_first_and_the_last_period_stand_on_the_axis_and_the_years_between():
    axis = control_chart(series(CALM + CALM), WORDS).layout.xaxis
    assert list(axis.ticktext) == ["23Q4", "24Q4", "25Q4", "26Q3"]


def test_a_note_is_a_small_mark_with_its_words(named):
    points = series(CALM, note=[None, None, "新口径", None, None, None])
    [mark] = named(control_chart(points, WORDS), "note")
    assert list(mark.x) == [2]
    assert "新口径" in mark.hovertext[0]


def test_the_hover_card_says_the_signal_in_words(named):
    [signals] = named(control_chart(signal("shift", "concern"), WORDS), "signal")
    assert signals.hovertext[0].split("<br>")[1:] == ["自然波动范围 78.0–84.0", "一侧"]


def test_small_ones_share_one_axis_and_name_their_range_only_if_asked(texts_of):
    many = [series(CALM), signal("astronomical", "concern")]
    shared = shared_range(many)
    figures = [
        control_chart(points, WORDS, small=True, y_range=shared, names_range=i == 0) for i, points in enumerate(many)
    ]
    assert {tuple(figure.layout.yaxis.range) for figure in figures} == {shared}
    assert ["自然波动范围 78.0–84.0" in texts_of(figure) for figure in figures] == [True, False]
    assert len({figure.layout.margin.r for figure in figures}) == 1


def test_a_shared_axis_holds_every_value_limit_and_target():
    low, high = shared_range([series(CALM, target=60.0), signal("astronomical", "high", 99.0)])
    assert low < 60 and high > 99


def test_a_series_without_a_value_says_so(texts_of):
    assert texts_of(control_chart(series([None, None]), WORDS)) == ["没有数据"]


# --- several on one scale --------------------------------------------------------------------------------------
def panels(**last: float) -> list[ControlPanel]:
    return [ControlPanel(f"{name}：{value}", signal("astronomical", "concern", value)) for name, value in last.items()]


def test_small_charts_share_one_scale_and_name_the_range_once(named):
    figure = control_panels(panels(a=74.6, b=82.0, c=90.0, d=81.0), WORDS, 3)
    ranges = {tuple(figure.layout[f"yaxis{i}"].range) for i in ("", 2, 3, 4)}
    assert len(ranges) == 1
    [(low, high)] = ranges
    assert low < 74.6 and high > 90.0
    assert sum("自然波动范围" in note.text for note in figure.layout.annotations) == 1
    assert [trace.xaxis for trace in named(figure, "common")] == ["x", "x2", "x3", "x4"]


def test_each_small_chart_carries_its_icons_inside_the_drawing():
    calm = ControlPanel("甲", series(CALM), "common", "pass")
    worse = ControlPanel("乙", signal("astronomical", "concern"), "concern")
    shapes = control_panels([calm, worse], WORDS, 2).layout.shapes
    colors = {shape.line.color for shape in shapes if shape.type == "circle" and shape.line.color}
    assert colors == {theme.DOT, theme.BETTER, theme.WORSE}
    assert all(shape.xsizemode == shape.ysizemode == "pixel" for shape in shapes)
    assert sum(shape.type == "circle" and bool(shape.line.color) for shape in shapes) == 3, "two icons and one"


def test_a_small_chart_without_a_value_says_so():
    empty = ControlPanel("丙", series([None, None]))
    figure = control_panels([ControlPanel("甲", series(CALM)), empty], WORDS, 2)
    assert "没有数据" in [note.text for note in figure.layout.annotations]


# --- notes -----------------------------------------------------------------------------------------------------
def flags(figure, axis: str = "x") -> list[tuple[int, str]]:
    """(period, number) of the framed marks at the foot."""
    framed = [text for text in figure.layout.annotations if text.borderwidth]
    return [(text.x, text.text) for text in framed if (text.xref or "x") == axis]


def test_a_note_stands_as_a_framed_number_at_the_foot_of_its_period_and_its_text_behind_the_mouse(named):
    points = series(CALM, mark=[None, "3", None, None, "4·7", None], note=[None, "合并", None, None, "甲 · 乙", None])
    figure = control_chart(points, WORDS)
    assert flags(figure) == [(1, "<b>3</b>"), (4, "<b>4·7</b>")]
    [behind] = named(figure, "note")
    assert [text.split("<br>")[1] for text in behind.hovertext] == ["合并", "甲 · 乙"]
    assert list(behind.marker.opacity) == [0, 0], "the flag is drawn, not the square beneath it"


def test_a_note_without_a_number_is_a_square(named):
    [behind] = named(control_chart(series(CALM, note=["合并", *[None] * 5]), WORDS), "note")
    assert behind.marker.opacity == (1,)


def test_each_of_several_charts_bears_its_own_flags():
    points = [series(CALM, mark=[*[None] * at, str(at), *[None] * (5 - at)]) for at in (1, 2)]
    figure = control_panels([ControlPanel("甲", points[0]), ControlPanel("乙", points[1])], WORDS)
    assert flags(figure, "x") == [(1, "<b>1</b>")]
    assert flags(figure, "x2") == [(2, "<b>2</b>")]
