"""The count heat map prints every number, and nothing where nothing was counted."""

import pandas as pd
import pytest

from dashboard.charts import theme
from dashboard.charts.heat import NONE, TONES, HeatWords, count_heat, tone_of
from tests.charts.checked import checked

count_heat = checked(count_heat)

WORDS = HeatWords("合计", "{row} · {column}：{count} 件", "无数据", "没有数据")
CELLS = pd.DataFrame(
    [
        ("档案局", "收费", 9),
        ("档案局", "态度", 2),
        ("城管局", "收费", 1),
        ("城管局", "推诿", 0),
        ("城管局", "态度", None),
    ],
    columns=["row", "column", "count"],
)


def cells(frame: pd.DataFrame = CELLS):
    [bar] = count_heat(frame, WORDS).data
    keys = zip(bar.hovertext, bar.text, bar.marker.color)
    return {hover.split("：")[0]: (hover.split("：")[1], text, color) for hover, text, color in keys}


def test_every_cell_prints_its_number():
    assert cells()["档案局 · 收费"][:2] == ("9 件", "<b>9</b>")
    assert cells()["城管局 · 收费"][:2] == ("1 件", "1")


def test_nothing_counted_is_an_empty_cell_whose_card_says_0():
    assert cells()["城管局 · 推诿"] == ("0 件", "", NONE)
    assert cells()["档案局 · 推诿"] == ("0 件", "", NONE)  # not among the rows at all


def test_no_data_is_a_stroke_and_not_an_empty_cell():
    assert cells()["城管局 · 态度"][:2] == ("无数据 件", "⁄")


def test_totals_stand_in_bold_and_leave_unknown_cells_out(texts_of):
    assert texts_of(count_heat(CELLS, WORDS)) == ["<b>11</b>", "<b>1</b>"]


def test_rows_and_columns_keep_the_order_given():
    figure = count_heat(CELLS, WORDS, bold_rows=frozenset({"档案局"}))
    assert list(figure.layout.xaxis.ticktext) == ["收费", "态度", "推诿", "合计"]
    assert [text.strip() for text in figure.layout.yaxis.ticktext] == ["<b>档案局</b>", "城管局"]


def test_tones_are_neutral_and_grow_with_the_count():
    tones = [tone_of(count, 14) for count in range(1, 15)]
    assert tones == sorted(tones)
    assert (tones[0], tones[-1]) == (0, len(TONES) - 1)
    assert set(TONES) <= set(theme.NEUTRAL)


@pytest.mark.parametrize("highest", [1, 2, 5])
def test_a_single_complaint_is_never_the_darkest(highest):
    assert tone_of(1, highest) == 0


def test_no_cells_say_so(texts_of):
    assert texts_of(count_heat(CELLS.head(0), WORDS)) == ["没有数据"]
