"""The matrix of counts prints every number, and what is chosen or out of place is seen without colour."""

from dashboard.components.count_matrix import Cell, count_matrix
from dashboard.filters import Filters

ROWS, COLUMNS = [("money", "财"), ("people", "人")], [("A", "A 级"), ("B", "B 级")]


def drawn(cells: dict) -> list[list]:
    table = count_matrix("标题", "领域", ROWS, COLUMNS, cells, "/powers")
    return [row.children[1:] for row in table.children[2].children]


def test_each_cell_has_its_number_and_a_cell_without_an_entry_is_0():
    cells = drawn({("money", "A"): Cell(12, "财 A：12"), ("people", "B"): Cell(1, "人 B：1")})
    assert cells[0][0].children[0].children == "12"
    assert cells[0][1].children == "0"
    assert cells[1][1].children[0].children == "1"


def test_a_lone_1_stays_pale_beside_a_large_count():
    cells = drawn({("money", "A"): Cell(50, ""), ("people", "B"): Cell(1, "")})
    assert cells[0][0].className == "tone-4"
    assert cells[1][1].className == "tone-0"


def test_a_cell_leads_to_its_choice_and_says_so():
    choice = Filters(domain="money", kind="A")
    [link] = [drawn({("money", "A"): Cell(2, "财 A：2 项", "A2", choice, is_chosen=True)})[0][0]]
    assert link.children.href == "/powers?domain=money&kind=A"
    assert link.children.title == "财 A：2 项"
    assert "chosen" in link.className


def test_what_is_out_of_place_is_marked():
    cell = drawn({("money", "A"): Cell(2, "", "应由主要领导", is_marked=True)})[0][0]
    assert "marked" in cell.className
    assert cell.children[1].children == "应由主要领导"
