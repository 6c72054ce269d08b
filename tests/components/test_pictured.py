"""What stands on a page as light elements becomes a picture and rows: every word, every mark, nothing twice."""

import re
from xml.etree import ElementTree

import pytest

from dashboard.charts.axis import axis_for
from dashboard.charts.drawing import Drawing
from dashboard.components import html
from dashboard.components.calendar_grid import COUNT, UNBORN, UNKEPT, Cell, Column, Line, calendar_grid
from dashboard.components.figures import dot_on_axis
from dashboard.components.gap_signs import sign
from dashboard.components.pictured import MANY, picture_of, rows_of
from dashboard.i18n.text import translator

SVG = "{http://www.w3.org/2000/svg}"
T = translator("zh")


def texts(drawn: str) -> list[str]:
    root = ElementTree.fromstring(drawn)
    return [one.text for tag in ("text", "tspan") for one in root.iter(f"{SVG}{tag}") if one.text]


def table(*rows: list, head: list | None = None) -> html.Table:
    body = html.Tbody([html.Tr([html.Td(cell) for cell in row]) for row in rows])
    return html.Table([*([html.Thead(html.Tr([html.Th(one) for one in head]))] if head else []), body])


def test_a_calendar_says_every_count_under_its_quarter_and_what_is_absent_in_words():
    columns = [Column("2025", "4季", "", is_kept=False), *(Column("2026", f"{n}季", "") for n in (1, 2, 3))]
    cells = [Cell(UNKEPT, None, "未登记"), Cell(UNBORN, None, ""), Cell(COUNT, 0, ""), Cell(COUNT, 12, "")]
    drawn = calendar_grid(T, "/coverage", "日历", "部门 ▾", columns, [Line("甲局", cells)])
    rows = rows_of(drawn)
    assert list(rows.columns) == ["部门", "2025 4季", "2026 1季", "2026 2季", "2026 3季"]
    assert rows.rows == [["甲局", "未登记", "—", "0", "12"]]
    said = texts(picture_of(drawn))
    assert {"部门", "2025", "2026", "甲局", "0", "12"} <= set(said)


def test_a_sign_is_its_word_in_a_table_and_its_shape_in_a_picture():
    drawn = table([sign(T, "alert"), "甲局"])
    assert rows_of(drawn).rows == [["预警", "甲局"]]
    assert "◆" in texts(picture_of(drawn))


def test_a_mark_stands_where_the_page_has_it():
    axis = axis_for([0.0, 100.0])
    drawn = table(["甲局", dot_on_axis(axis, 75.0, float("nan"), (50.0, 100.0))])
    picture = picture_of(drawn)
    line = re.search(r'<line x1="([\d.]+)" y1="[\d.]+" x2="([\d.]+)"', picture)
    start, end = (float(edge) for edge in line.groups())
    dot = float(re.search(r'<circle cx="([\d.]+)"', picture)[1])
    assert (dot - start) / (end - start) == pytest.approx(axis.position(75.0) / 100, abs=1e-3)
    assert rows_of(drawn).rows == [["甲局"]], "a column of marks alone has no words"


def test_what_is_unfolded_or_only_read_out_is_no_part_of_the_picture():
    hidden = html.Span("只读", className="visually-hidden")
    drawn = table(["甲局", [html.B("3"), hidden, html.Details([html.Summary("更多"), "乙"])]])
    assert rows_of(drawn).rows == [["甲局", "3"]]


def test_a_text_without_room_is_wrapped_and_none_is_lost():
    sentence = "汀澜县机关事务服务中心近四季重大事项五十三项" * 6
    drawn = table(["甲局", sentence], head=["部门", "说明"])
    picture = picture_of(drawn)
    assert float(ElementTree.fromstring(picture).get("width")) <= 1033
    assert sentence in "".join(texts(picture))


def test_many_narrow_rows_stand_in_two_lists():
    few, many = (picture_of(table(*[[f"局{n}", str(n)] for n in range(rows)])) for rows in (MANY, MANY + 2))
    height = [float(ElementTree.fromstring(drawn).get("height")) for drawn in (few, many)]
    assert height[1] < 0.6 * height[0]
    assert {f"局{n}" for n in range(MANY + 2)} <= set(texts(many))


def test_texts_beside_each_other_are_one_line_whose_words_are_laid_out_by_whoever_sets_it():
    drawing = Drawing(100)
    drawing.line_of([("近 8 季", 12, "var(--ink)", False), ("<3>", 12, "var(--worse)", True)], 0, 10, 5)
    [line] = ElementTree.fromstring(drawing.svg(20)).iter(f"{SVG}text")
    assert [one.text for one in line] == ["近 8 季", "<3>"]
    assert line[1].get("dx") == "5" and line[1].get("fill").startswith("#")
