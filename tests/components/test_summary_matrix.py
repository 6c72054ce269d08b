"""The summary matrix: a change, a target and a place among the others each have their sign, and absence has its own."""

from dashboard.components.summary_matrix import Cell, DepartmentRow, IndicatorColumn, TotalHead, summary_matrix
from dashboard.i18n.text import translator

T = translator("zh")
COLUMNS = [
    IndicatorColumn(
        *("complaint_rate", "投诉率", "投诉率", "投诉"),
        *((("worse", 1), ("better", 0)), "变差 1"),
        *("/indicator?a", "/summary?sort=a", "desc", False, True),
    ),
    IndicatorColumn(
        *("published_share", "公开", "职权公开率", "职权"),
        *((), "没有能判断的"),
        *("/indicator?b", "/summary?sort=b", "", True, False),
    ),
]
TOTALS = [TotalHead("变差", "按“真实变差”排列", "worse", "/summary", "")]
ROWS = [
    DepartmentRow("A", "甲", "某县甲局", (1,), "/department?department=A"),
    DepartmentRow("B", "乙", "某县乙局", (0,), "/department?department=B"),
]
CELLS = {
    ("complaint_rate", "A"): Cell("concern", True, "", "high_998", "behind", "甲 · 变差"),
    ("published_share", "A"): Cell("common", False, "fail", "", "", "甲 · 不达标"),
    ("complaint_rate", "B"): Cell("no_data", False, "", "", "", "乙 · 无数据（没有人员数）", is_hit=False),
    ("published_share", "B"): Cell("few", False, "", "", "", "乙 · 不够判断"),
}


def table() -> list:
    (found,) = summary_matrix(
        T, COLUMNS, TOTALS, ROWS, CELLS, lambda key, department: f"/indicator?{key}&{department}", "/summary?name", ""
    ).tree
    return found


def found(node, tag: str, **attributes) -> list[list]:
    """Every node of that tag and with those attributes, from the top."""
    if not isinstance(node, list):
        return []
    own = [node] if node[0] == tag and attributes.items() <= node[1].items() else []
    return own + [one for child in node[2] for one in found(child, tag, **attributes)]


def drawn(key: str, department: str) -> list[tuple[str, list]]:
    """The classes and texts that stand in a cell."""
    (cell,) = found(table(), "a", href=f"/indicator?{key}&{department}")
    return [(part[1]["className"], part[2]) for part in cell[2]]


def test_a_worsening_rises_in_its_colour_and_the_place_among_the_others_stands_beside_it():
    assert drawn("complaint_rate", "A") == [("rise worse", []), ("sign worse", ["◆"])]


def test_a_target_has_its_own_icon_and_a_ring_where_it_cannot_be_judged():
    assert drawn("published_share", "A") == [("wave quiet", []), ("fail worse", [])]
    assert drawn("published_share", "B") == [("ring quiet", []), ("ring quiet", [])]


def test_no_data_is_a_stroke_with_its_reason_and_never_an_empty_cell():
    assert drawn("complaint_rate", "B") == [("none", ["⁄"])]
    (cell,) = found(table(), "a", title="乙 · 无数据（没有人员数）")
    assert cell[1]["className"] == "off"


def test_the_matrix_is_one_tab_stop_at_its_first_signal():
    (stop,) = found(table(), "a", tabIndex=0)
    assert stop[1]["href"] == "/indicator?complaint_rate&A"


def test_a_head_leads_to_the_indicator_and_its_counts_sort_the_rows():
    head = found(table(), "thead")[0]
    assert [one[1]["href"] for one in found(head, "a", **{"data-page": ""})] == ["/indicator?a", "/indicator?b"]
    counts = found(head, "tr", className="counts")[0]
    (first,) = found(counts, "td", **{"aria-sort": "descending"})
    assert [(one[1]["className"], one[2]) for one in found(first, "span")] == [("worse", ["1"]), ("zero", ["0"])]
    (unjudged,) = found(counts, "a", href="/summary?sort=b")
    assert found(unjudged, "span")[0][2] == ["⁄"]


def test_a_name_leads_to_the_department_and_totals_stand_at_the_end():
    rows = [row for row in found(table(), "tr") if "data-department" in row[1]]
    assert [found(row, "a", title=name)[0][1]["href"] for row, name in zip(rows, ("某县甲局", "某县乙局"))] == [
        "/department?department=A",
        "/department?department=B",
    ]
    assert [row[2][-1][1]["className"] for row in rows] == ["total worse", "total"]
    assert [row[2][-1][2] for row in rows] == [["1"], ["·"]]
