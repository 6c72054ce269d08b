"""The gap matrix: each state has its shape and words, one cell is the tab stop, loose rules stand in a dashed box."""

from dashboard.components.gap_matrix import Cell, DepartmentRow, RuleColumn, gap_matrix
from dashboard.i18n.text import translator

T = translator("zh")
RULES = [
    RuleColumn("vacuum", "真空", "监督真空", "coverage", 1, 2, True, "/rule?rule=vacuum"),
    RuleColumn("audit", "审计", "审计缺口", "coverage", 0, 2, False, "/rule?rule=audit"),
    RuleColumn("pen", "一支笔", "一支笔", "decisions", 1, 2, True, "/rule?rule=pen"),
]
ROWS = [
    DepartmentRow("A", "甲", "某县甲局", 1, 0, "/gaps?department=A"),
    DepartmentRow("B", "乙", "某县乙局", 0, 1, ""),
]
CELLS = {
    ("vacuum", "A"): Cell("alert", "甲：四季投诉 14 件。"),
    ("audit", "A"): Cell("ok", "甲 · 审计缺口：未触发", is_hit=False),
    ("pen", "A"): Cell("no_data", "甲 · 一支笔：无数据"),
    ("pen", "B"): Cell("watch", "乙：单人签批 20%。"),
}


def table(**more) -> list:
    (found,) = gap_matrix(T, RULES, ROWS, CELLS, lambda rule, department: f"/gaps?{rule}&{department}", **more).tree
    return found


def found(node, tag: str, **attributes) -> list[list]:
    """Every node of that tag and with those attributes, from the top."""
    if not isinstance(node, list):
        return []
    own = [node] if node[0] == tag and attributes.items() <= node[1].items() else []
    return own + [one for child in node[2] for one in found(child, tag, **attributes)]


def cells(**more) -> dict[str, list]:
    return {one[1]["href"]: one for one in found(table(**more), "a") if one[1]["href"].startswith("/gaps?")}


def test_a_cell_says_its_state_by_sign_colour_and_words_and_leads_to_the_evidence():
    alert = cells()["/gaps?vacuum&A"]
    assert alert[2] == ["◆"]
    assert alert[1]["className"] == "alert"
    assert alert[1]["aria-label"] == "甲 · 监督真空：预警"
    assert alert[1]["title"] == "甲：四季投诉 14 件。"
    assert "data-view" in alert[1]
    signs = [cells()[f"/gaps?{place}"][2][0] for place in ("audit&A", "pen&A", "pen&B")]
    assert signs == ["·", "⁄", "◇"]


def test_a_cell_that_the_filter_leaves_out_is_faint_and_one_that_does_not_exist_is_empty():
    assert cells()["/gaps?audit&A"][1]["className"] == "quiet off"
    assert "/gaps?vacuum&B" not in cells()


def test_a_flag_that_was_not_upheld_is_no_flag_any_more():
    declined = cells(declined={("vacuum", "A")})["/gaps?vacuum&A"]
    assert (declined[2], declined[1]["className"]) == (["⊖"], "declined")
    assert "已核不成立" in declined[1]["aria-label"]


def test_the_matrix_is_one_tab_stop_at_its_first_flag():
    (stop,) = found(table(), "a", tabIndex=0)
    assert stop[1]["href"] == "/gaps?vacuum&A"


def test_rules_stand_under_their_group_and_lead_to_their_page():
    heads = found(table(), "th", scope="colgroup")
    assert [head[1]["colSpan"] for head in heads] == [2, 1]
    names = [found(head, "span")[0] for head in heads]
    assert [name[1]["aria-label"] for name in names] == ["A 监督缺位", "D 决策公开"]
    labels = found(table(), "th", className="label")
    assert [found(label, "a")[0][1]["href"] for label in labels] == [rule.href for rule in RULES]


def test_a_rule_that_fires_too_often_stands_in_a_dashed_box_that_says_why():
    loose, plain = (found(table(), "span", className=css) for css in ("too-often", "often"))
    assert [len(loose), len(plain)] == [2, 1]
    assert "触发 1 个" in loose[0][1]["title"]
    assert "阈值可能过松" in loose[0][1]["title"]
    assert "阈值" not in plain[0][1]["title"]


def test_totals_stand_at_the_end_of_a_row():
    rows = [row for row in found(table(), "tr") if "data-department" in row[1]]
    assert [[cell[2] for cell in row[2][-2:]] for row in rows] == [[["1"], ["·"]], [["·"], ["1"]]]
