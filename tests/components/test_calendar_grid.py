"""A calendar prints every number and draws every kind of absence in its own way."""

import json

import pytest

from dashboard.components.calendar_grid import COUNT, UNBORN, UNKEPT, Cell, Column, Line, calendar_grid
from dashboard.components.light import light
from dashboard.filters import Filters
from dashboard.i18n.text import translator

COLUMNS = [
    Column("2025", "4季", "2025年第四季度", is_kept=False),
    *(Column("2026", f"{n}季", f"2026年第{n}季度") for n in (1, 2, 3)),
]


def cell(state: str, count: int | None = None, door: str | None = None, **other) -> Cell:
    return Cell(state, count, f"{state} {count}", Filters(department=door) if door else None, **other)


def tree(*lines: list[Cell]) -> str:
    grid = calendar_grid(
        translator("zh"), "/coverage", "日历", "部门", COLUMNS, [Line(f"局{i}", cells) for i, cells in enumerate(lines)]
    )
    return json.dumps(light(grid).tree, ensure_ascii=False)


def test_a_blank_a_count_and_a_quarter_without_a_register_look_different():
    drawn = tree([cell(UNKEPT), cell(COUNT, 0), cell(COUNT, 3), cell(COUNT, 12)])
    assert '"className": "cell blank"' in drawn
    assert '"className": "cell unkept"' in drawn
    assert '"className": "cell t4"' in drawn
    assert drawn.index('["0"]') < drawn.index('["3"]') < drawn.index('["12"]')


def test_quarters_before_a_department_stood_are_one_cell_that_says_so():
    drawn = tree([cell(UNBORN), cell(UNBORN), cell(COUNT, 0), cell(COUNT, 1)])
    assert drawn.count('"className": "unborn"') == 1
    assert '"colSpan": 2, "className": "unborn"' in drawn
    assert "未设立" in drawn
    assert drawn.count("cell blank") == 1


@pytest.mark.parametrize(("selected", "stop"), [(False, "A"), (True, "B")])
def test_all_cells_are_one_tab_stop(selected, stop):
    drawn = tree(
        [cell(UNKEPT), *(cell(COUNT, 1, "A") for _ in range(3))],
        [cell(UNKEPT), cell(COUNT, 1, "B", is_selected=selected), cell(COUNT, 0, "B"), cell(COUNT, 1, "B")],
    )
    assert drawn.count('"tabIndex": 0') == 1
    assert f'"href": "/coverage?department={stop}"' in drawn[: drawn.index('"tabIndex": 0')].rsplit('["a"', 1)[1]


def test_years_stand_above_their_quarters():
    drawn = tree([cell(COUNT, 1) for _ in COLUMNS])
    assert drawn.index('"2025"') < drawn.index('"2026"')
    assert '"colSpan": 3' in drawn
    assert "不是没有监督" in drawn
