"""Bars begin at zero and carry their numbers; a missing value is no zero."""

import pandas as pd

from dashboard.charts import theme
from dashboard.charts.bars import BarWords, bars
from tests.charts.checked import checked

bars = checked(bars)

WORDS = BarWords("{value} 件", "，{share}%", "无数据", "没有数据")
ROWS = pd.DataFrame({"label": ["信访举报", "其他", "审计移交"], "value": [1204, 0, None], "share": [0.51, 0.0, None]})


def test_a_bar_carries_its_number_unit_and_share(texts_of):
    assert texts_of(bars(ROWS, WORDS)) == ["<b>1,204</b> 件，51%", "<b>0</b> 件，0%", "无数据"]


def test_zero_is_a_bar_of_no_length_and_no_data_is_no_bar():
    [bar] = bars(ROWS, WORDS).data
    assert bar.x[:2] == (1204, 0)
    assert bar.x[2] is None or pd.isna(bar.x[2])


def test_bars_begin_at_zero():
    assert bars(ROWS, WORDS).layout.xaxis.range[0] == 0


def test_an_interval_is_a_whisker_and_the_number_stands_behind_it(named):
    figure = bars(ROWS.head(1).assign(low=900, high=1500), WORDS)
    [whisker] = named(figure, "interval")
    assert (whisker.x, whisker.line.width, whisker.line.color) == ((900, 1500), 1.6, theme.INK)
    assert figure.layout.annotations[0].x == 1500


def test_bars_are_neutral():
    [bar] = bars(ROWS, WORDS).data
    assert set(bar.marker.color) <= set(theme.NEUTRAL)


def test_there_is_room_for_the_longest_name_and_the_longest_number():
    margin = bars(ROWS, WORDS).layout.margin
    assert margin.l >= theme.text_width("信访举报", theme.LABEL)
    assert margin.r >= theme.text_width("1,204 件，51%", theme.LABEL)


def test_only_zeros_still_draw(texts_of):
    assert texts_of(bars(ROWS.head(2).assign(value=0), WORDS))[0].startswith("<b>0</b>")


def test_no_rows_say_so(texts_of):
    assert texts_of(bars(ROWS.head(0), WORDS)) == ["没有数据"]
