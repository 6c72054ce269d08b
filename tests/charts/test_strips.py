"""Every judged department is one dot at its share; flagged ones are diamonds, and no dot hides another."""

import pandas as pd

from dashboard.charts import theme
from dashboard.charts.strips import strips
from tests.charts.checked import checked

strips = checked(strips)

ROWS = pd.DataFrame(
    [("up", "自下而上", 15.0, "2/5", False, False), ("in", "主动", 50.0, "0/5", True, True)],
    columns=["key", "name", "watch", "tally", "is_loud", "is_chosen"],
)


def dots(*given: tuple) -> pd.DataFrame:
    columns = ["key", "department_id", "share", "status"]
    frame = pd.DataFrame(given, columns=columns)
    return frame.assign(label=frame["department_id"], hover="x", is_selected=frame["department_id"] == "S")


def test_each_status_has_its_shape_and_each_dot_its_department(named):
    figure = strips(ROWS, dots(("up", "A", 2.0, "alert"), ("up", "B", 9.0, "watch"), ("in", "C", 60.0, "ok")), "无")
    assert {trace.name: trace.customdata for trace in figure.data if trace.customdata} == {
        "plain": ("C",),
        "watch": ("B",),
        "alert": ("A",),
    }
    assert named(figure, "alert")[0].marker.symbol == "diamond"
    assert named(figure, "watch")[0].marker.color == theme.WORSE_WEAK
    assert named(figure, "plain")[0].x == (60.0,)


def test_equal_shares_stand_above_each_other_always_the_same_way(named):
    given = dots(*[("up", f"D{i}", 20.0, "ok") for i in range(5)])
    [plain] = named(strips(ROWS, given, "无"), "plain")
    assert len(set(plain.y)) == 5
    [again] = named(strips(ROWS, given[::-1], "无"), "plain")
    assert dict(zip(plain.customdata, plain.y)) == dict(zip(again.customdata, again.y))
    [crowd] = named(strips(ROWS, dots(*[("up", f"D{i}", 20.0, "ok") for i in range(30)]), "无"), "plain")
    assert max(crowd.y) < 0.5 and min(crowd.y) > -0.5  # never in another strip


def test_the_selected_department_has_a_ring_on_each_strip_and_one_name(named, texts_of):
    figure = strips(ROWS, dots(("up", "S", 20.0, "ok"), ("in", "S", 70.0, "ok")), "无")
    assert set(named(figure, "selected")[0].x) == {20.0, 70.0}
    assert texts_of(figure).count("S") == 1


def test_the_tally_stands_at_the_end_and_is_loud_where_a_threshold_may_be_too_loose(texts_of):
    figure = strips(ROWS, dots(), "无")
    colors = {note.text: note.font.color for note in figure.layout.annotations}
    assert (colors["<b>2/5</b>"], colors["<b>0/5</b>"]) == (theme.INK, theme.WORSE)


def test_no_strips_say_so(texts_of):
    assert texts_of(strips(ROWS.head(0), dots(), "无数据")) == ["无数据"]
