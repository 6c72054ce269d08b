"""The quadrant chart draws the stored indexes, and names whoever is flagged and nobody else."""

import re

import pandas as pd
import pytest

from dashboard.charts import theme
from dashboard.charts.quadrant import Line, QuadrantWords, quadrant
from tests.charts.checked import checked

quadrant = checked(quadrant)

WORDS = QuadrantWords("职权 →", "↑ 问责", ("左上", "右上", "左下", "右下"), "无数据")
LINES = [Line(40, "watch", "相差 40：关注"), Line(60, "alert", "相差 60：预警")]


def row(label: str, power: float, answer: float, status: str = "ok") -> dict:
    hover = f"{label}\n职权 {power}"
    return {
        "label": label,
        "department_id": f"id-{label}",
        "power": power,
        "answer": answer,
        "status": status,
        "hover": hover,
    }


ROWS = pd.DataFrame(
    [
        row("自然资源局", 95, 15, "alert"),
        row("医保局", 75, 28, "watch"),
        row("财政局", 90, 80),
        row("教育局", 60, 55),
        row("档案局", 10, 20),
        row("气象局", 30, 25, "no_data"),
        row("妇联", float("nan"), 40),
    ]
)


def names(figure, texts_of) -> set[str]:
    return {found[1] for text in texts_of(figure) if (found := re.match(r"<b>(.*?)</b>", text))}


def test_a_mark_stands_at_both_stored_indexes_and_knows_its_department(named):
    [alert] = named(quadrant(ROWS, LINES, WORDS), "alert")
    assert (list(alert.x), list(alert.y)) == ([95], [15])
    assert list(alert.customdata) == ["id-自然资源局"]
    assert alert.hovertext[0] == "<b>自然资源局</b><br>职权 95"


def test_a_line_runs_where_power_exceeds_answerability_by_the_rule_s_number(named):
    figure = quadrant(ROWS, LINES, WORDS)
    for line in LINES:
        [drawn] = named(figure, f"line_{line.level}")
        assert {x - y for x, y in zip(drawn.x, drawn.y)} == {line.difference}
    assert named(figure, "line_watch")[0].line.dash != "solid"
    assert named(figure, "line_alert")[0].line.dash == "solid"


def test_only_the_flagged_and_the_selected_are_named(texts_of):
    assert names(quadrant(ROWS, LINES, WORDS), texts_of) == {"自然资源局", "医保局"}
    assert names(quadrant(ROWS, LINES, WORDS, "id-档案局"), texts_of) == {"自然资源局", "医保局", "档案局"}


def test_where_nobody_is_flagged_the_outermost_are_named_and_no_line_is_drawn_without_a_rule(texts_of, named):
    figure = quadrant(ROWS.assign(status="ok"), [], WORDS)
    assert names(figure, texts_of) == {"自然资源局", "医保局", "财政局"}
    assert not [trace for trace in figure.data if str(trace.name).startswith("line")]


def test_who_has_no_index_is_not_drawn_at_zero(named):
    figure = quadrant(ROWS, LINES, WORDS)
    drawn = [trace for trace in figure.data if trace.name in ("ok", "no_data", "watch", "alert")]
    assert sum(len(trace.x) for trace in drawn) == len(ROWS) - 1
    assert "id-妇联" not in [one for trace in drawn for one in trace.customdata]


def test_a_name_with_angle_brackets_stays_a_name(texts_of):
    assert any("&lt;b&gt;" in text for text in texts_of(quadrant(ROWS.replace("医保局", "<b>局"), LINES, WORDS)))


def test_the_selected_department_has_a_ring(named):
    [ring] = named(quadrant(ROWS, LINES, WORDS, "id-财政局"), "selected")
    assert (list(ring.x), list(ring.y)) == ([90], [80])


@pytest.mark.parametrize("rows", [ROWS.head(0), ROWS.tail(1)])
def test_without_any_index_it_says_so(rows, texts_of):
    assert texts_of(quadrant(rows, LINES, WORDS)) == ["无数据"]


def test_many_flagged_names_do_not_cover_each_other():
    crowd = pd.DataFrame([row(f"第{n}局", 90 + n % 3, 20 + n, "watch") for n in range(8)])
    figure = quadrant(crowd, LINES, WORDS, areas=((560, 380),))
    boxes = []
    for note in figure.layout.annotations:
        if not note.text.startswith("<b>"):
            continue
        width, height = theme.text_width(note.text[3:-4], theme.NAME, bold=True), theme.NAME * 1.3
        x, y = (note.x + 3) / 106 * 560, (1 - (note.y + 3) / 106) * 380
        if note.showarrow:
            x, y = x + note.ax, y + note.ay
        else:
            x, y = x + (note.xshift or 0), y - (note.yshift or 0)
        left = {"left": x, "right": x - width, "center": x - width / 2}[note.xanchor]
        top = {"top": y, "middle": y - height / 2, "bottom": y - height}[note.yanchor]
        boxes.append((left, top, left + width, top + height))
    assert len(boxes) == 8
    clear = [
        a[2] <= b[0] + 1 or b[2] <= a[0] + 1 or a[3] <= b[1] + 1 or b[3] <= a[1] + 1
        for i, a in enumerate(boxes)
        for b in boxes[i + 1 :]
    ]
    assert all(clear)
