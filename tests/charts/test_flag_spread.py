"""One mark a department on the axis of a rule's value: stacked where values are near, with shapes for flags."""

import pandas as pd

from dashboard.charts.flag_spread import SpreadWords, flag_spread
from tests.charts.checked import checked

flag_spread = checked(flag_spread)

WORDS = SpreadWords("%", "{n} 个", "没有可画的值", 0)
LINES = [(10.0, "关注线 10%"), (25.0, "预警线 25%")]


def rows(*counts: tuple[float, int, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [(value, status, f"{value}") for value, n, status in counts for _ in range(n)],
        columns=["value", "status", "hover"],
    )


def test_departments_with_one_value_stand_on_each_other():
    figure = flag_spread(rows((2.0, 3, "ok"), (30.0, 1, "alert")), LINES, WORDS)
    ok, watch, alert = figure.data
    assert (list(ok.x), list(ok.y)) == ([2.0, 2.0, 2.0], [1, 2, 3])
    assert (len(watch.x), list(alert.x), alert.marker.symbol) == (0, [30.0], "diamond")


def counted(figure) -> list[str]:
    return [note.text for note in figure.layout.annotations if note.text.endswith("个")]


def test_the_number_of_a_high_stack_is_told_once_where_stacks_are_side_by_side():
    assert counted(flag_spread(rows((2.0, 13, "ok")), LINES, WORDS)) == ["13 个"]
    assert counted(flag_spread(rows((2.0, 20, "ok"), (3.0, 13, "ok"), (40.0, 14, "ok")), LINES, WORDS)) == [
        "20 个",
        "14 个",
    ]
    assert counted(flag_spread(rows((2.0, 12, "ok")), LINES, WORDS)) == []


def test_without_a_value_it_says_so():
    figure = flag_spread(rows().assign(value=[]), LINES, WORDS)
    assert figure.layout.annotations[0].text == "没有可画的值"
