"""Two sides around a middle: what is drawn is the share, its interval, its lines, and nothing of what nobody judged."""

import pandas as pd

from dashboard.charts import theme
from dashboard.charts.diverging import DivergingWords, diverging
from tests.charts.checked import checked

diverging = checked(diverging)

WORDS = DivergingWords("实线 {alert}%，虚线 {watch}%", "没有数据")


ROW = dict(
    zip(
        ("key", "heavy_name", "light_name", "heavy_share", "share", "low", "high", "previous", "watch", "alert"),
        ("up", "自上而下", "自下而上", 81.0, 9.0, 6.0, 12.0, 14.0, 15.0, 5.0),
    ),
    heavy_text="81%",
    light_text="9%",
    beside="",
    status="watch",
    hover="x",
    is_chosen=False,
)


def row(**other) -> dict:
    return ROW | other


def drawn(*rows: dict):
    return diverging(pd.DataFrame(rows), WORDS)


UNKNOWN = dict.fromkeys(("share", "low", "high", "previous", "watch", "alert", "heavy_share"), float("nan"))


def test_the_stressed_side_goes_left_and_the_neglected_right(named):
    figure = drawn(row())
    [heavy], [light] = named(figure, "heavy"), named(figure, "light")
    assert (heavy.x, light.x) == ((-81.0,), (9.0,))
    assert light.marker.color == (theme.WORSE_MID,)
    assert named(drawn(row(status="ok")), "light")[0].marker.color != (theme.WORSE_MID,)


def test_the_whisker_reaches_from_low_to_high(named):
    [whisker] = named(drawn(row()), "interval")
    assert (9 - whisker.error_x.arrayminus[0], 9 + whisker.error_x.array[0]) == (6, 12)


def test_last_year_is_a_hollow_dot_and_absent_where_nobody_judged(named):
    assert named(drawn(row()), "previous")[0].x == (14.0,)
    assert named(drawn(row(previous=float("nan"))), "previous")[0].x == ()


def test_lines_stand_at_their_numbers_and_are_named_once(texts_of):
    figure = drawn(row(), row(key="b", watch=50.0, alert=30.0))
    at = {(line.x0, line.line.dash) for line in figure.layout.shapes if line.line.color == theme.WORSE}
    assert {x for x, dash in at if dash == "solid"} == {5.0, 30.0}
    assert {x for x, dash in at if dash != "solid"} == {15.0, 50.0}
    assert [text for text in texts_of(figure) if "实线" in text] == ["实线 5%，虚线 15%"]
    assert {"30%", "50%"} <= set(texts_of(figure))


def test_a_flag_has_its_sign_and_words(texts_of):
    assert "◇ 自下而上 <b>9%</b>" in texts_of(drawn(row()))
    assert "◆ 自下而上 <b>9%</b>" in texts_of(drawn(row(status="alert")))
    assert "自下而上 <b>9%</b>" in texts_of(drawn(row(status="ok")))


def test_what_nobody_judged_keeps_its_place_and_has_no_bar(named, texts_of):
    figure = drawn(row(**UNKNOWN, status="no_data", beside="样本不足"), row(key="b"))
    assert named(figure, "light")[0].y == (1.04,)
    assert "样本不足" in texts_of(figure)


def test_a_click_on_either_side_gives_the_rule(named):
    figure = drawn(row(key="one_pen"))
    assert [list(map(list, named(figure, side)[0].customdata)) for side in ("heavy", "light")] == [
        [["rule", "one_pen"]]
    ] * 2


def test_no_rows_say_so(texts_of):
    assert texts_of(diverging(pd.DataFrame([row()]).head(0), WORDS)) == ["没有数据"]
