"""One figure for light and dark: colours are the page's tokens, and an export puts their values in."""

import json
import re

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.charts import theme
from dashboard.charts.bars import BarWords, bars
from dashboard.charts.control import ControlWords, control_chart
from dashboard.charts.figure import Figure
from dashboard.charts.flow import FlowWords, flow
from dashboard.charts.funnel import FunnelWords, funnel
from dashboard.charts.heat import TEXTS, TONES, HeatWords, count_heat

COLOR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?)\([^)]*\)", re.IGNORECASE)
FUNNEL = FunnelWords("人", "99.8%", "95%", "6.1", "{numerator}/{exposure}", "无数据")


def figures() -> dict[str, Figure]:
    """One of each kind, with every mark it knows."""
    outcomes = ["high_998", "high_95", "in", "low_95", "low_998", None]
    rows = pd.DataFrame(
        {
            "label": list("abcdef"),
            "department_id": list("abcdef"),
            "exposure": [20, 50, 90, 200, 300, 400],
            "value": [30.0, 12.0, 5.0, 1.0, 0.0, 5.0],
            "numerator": 1,
            "outcome": outcomes,
            "hover": "x",
        }
    )
    limits = pd.DataFrame({"exposure": [20, 400], "low_95": 2.0, "high_95": 10.0, "low_998": 1.0, "high_998": 14.0})
    points = pd.DataFrame(
        {
            "period": ["1", "2", "3"],
            "value": [1.0, 5.0, 9.0],
            "mean": 2.0,
            "lower": 0.0,
            "upper": 4.0,
            "point_type": ["common", "astronomical", "shift"],
            "direction": ["common", "concern", "high"],
            "segment": 1,
            "target": 3.0,
            "note": [None, "x", None],
        }
    )
    heat = pd.DataFrame({"row": ["a", "a", "b"], "column": ["x", "y", "x"], "count": [9, None, 1]})
    bar = pd.DataFrame({"label": ["a", "b"], "value": [3, None], "low": [1, None], "high": [5, None]})
    steps = pd.DataFrame({"step": list("ab"), "label": list("ab"), "value": [9, None], "beside": [None, "x\ny"]})
    losses = pd.DataFrame([{"step": "a", "label": "x", "value": 2, "is_overdue": True}])
    signals = dict.fromkeys(("astronomical", "trend", "two_of_three", "shift"), "x")
    return {
        "funnel": funnel(rows, limits, 6.1, FUNNEL, selected="c"),
        "control": control_chart(points, ControlWords("", "{low}–{high}", "{value}", signals, "-", "-")),
        "heat": count_heat(heat, HeatWords("合计", "{row}{column}{count}", "-", "-")),
        "bars": bars(bar, BarWords("{value} 件", "，{share}%", "-", "-")),
        "flow": flow(steps, losses, FlowWords("件", "{n}", "逾期", "more", "-")),
        "empty": theme.empty("无数据"),
    }


def _written(figure: Figure) -> str:
    return json.dumps([figure.data, figure.layout], default=list)


@pytest.mark.parametrize("kind", figures())
def test_colours_are_tokens_only(kind):
    text = _written(figures()[kind])
    assert {found[0] for found in COLOR.finditer(text)} <= {theme.CLEAR}


@pytest.mark.parametrize("theme_name", ["light", "dark"])
@pytest.mark.parametrize("kind", figures())
def test_an_export_has_the_token_s_values_and_no_variable_left(kind, theme_name):
    tokens = theme.palette(theme_name)
    found = theme.resolved(figures()[kind], tokens)
    text = _written(found)
    assert "var(" not in text
    assert found.layout["template"]["layout"]["font"]["family"] == tokens["--font"]
    assert {color[0] for color in COLOR.finditer(text)} <= {theme.CLEAR, *tokens.values()}


def test_every_token_that_python_names_exists_in_both_themes():
    used = {value[4:-1] for value in vars(theme).values() if isinstance(value, str) and value.startswith("var(")}
    for name in ("light", "dark"):
        assert used <= theme.palette(name).keys()


def test_light_and_dark_differ_and_neither_is_written_twice():
    light, dark = theme.palette("light"), theme.palette("dark")
    assert light["--ink"] != dark["--ink"]
    assert light["--font"] == dark["--font"]


def test_an_unknown_token_is_an_error_and_not_a_black_mark():
    with pytest.raises(KeyError):
        theme.resolved(Figure(layout={"paper_bgcolor": "var(--no-such)"}), theme.palette("light"))


def test_every_figure_has_the_house_s_look_without_asking_for_it():
    layout = go.Figure(layout=theme.dressed(Figure()).layout).layout.template.layout
    assert layout.font.family == theme.FONT  # SVG text inherits no font of the page
    assert layout.paper_bgcolor == theme.CLEAR
    assert (layout.xaxis.showgrid, layout.yaxis.showgrid) == (False, True)
    assert layout.xaxis.fixedrange and layout.yaxis.fixedrange


def test_nothing_of_a_chart_can_be_sent_elsewhere():
    assert theme.CONFIG["displayModeBar"] is False
    assert theme.CONFIG["showSendToCloud"] is False
    assert theme.CONFIG["plotlyServerURL"] == ""


def luminance(color: str) -> float:
    digits = color.removeprefix("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme_name", ["light", "dark"])
@pytest.mark.parametrize(("tone", "text"), zip(TONES, TEXTS))
def test_a_number_reads_on_every_step_of_the_heat_map(tone, text, theme_name):
    tokens = theme.palette(theme_name)
    light, dark = sorted((luminance(tokens[color[4:-1]]) for color in (tone, text)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_a_name_from_the_data_is_no_markup():
    assert theme.plain("<b>A&B</b>") == "&lt;b&gt;A&amp;B&lt;/b&gt;"


def test_chinese_is_as_wide_as_high_and_latin_about_half():
    assert theme.text_width("档案局", 12) == 36
    assert 0.4 < theme.text_width("complaints", 12) / 120 < 0.65


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("Passing on", 45, ["Passing", "on"]),
        ("Manner", 10, ["Manner"]),
        ("吃拿卡要", 25, ["吃拿", "卡要"]),
        ("收费", 99, ["收费"]),
    ],
)
def test_a_text_breaks_between_words_and_between_chinese_characters(text, room, lines):
    assert theme.wrapped(text, room) == lines


def test_every_mark_is_one_that_the_browser_s_small_plotly_draws():
    assert {trace["type"] for figure in figures().values() for trace in figure.data} <= {"bar", "scatter"}
