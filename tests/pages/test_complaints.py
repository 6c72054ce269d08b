"""Complaints: who is outside the limits, find a department, categories, channels, time, shares, and the file of it."""

import csv
import json
import math
import sys

import dash
import pandas as pd
import pytest

from dashboard.__main__ import main
from dashboard.charts.theme import palette
from dashboard.i18n.text import translator
from dashboard.pages._complaints import Series, findings, signal_sentences, signals, unjudged
from tests.support import sent

T = translator("zh")
HOSTILE = "<b>庚局"
GOVERNMENT = [f"G{i}" for i in range(1, 10)]  # G9's staff is unknown
MONTHS = [("2025Q4", m) for m in ("2025-10", "2025-11", "2025-12")] + [
    (f"2026Q{q}", f"2026-{3 * q - 3 + m:02}") for q in (1, 2, 3) for m in (1, 2, 3)
]
SUPERVISED = {
    "method": "inspection",
    "arrangement": "regular",
    "form": "open",
    "scope": "single",
    "stage": "during",
    "direction": "top_down",
    "object": "organisation",
    "focus": "staff_enforcement",
    "level": "micro",
    "trigger": "proactive",
    "domain": "people",
    "findings": 0,
    "notices": 0,
}


def write(path, lines):
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)


def a_month(quarter, month, department, received, category="delay", channel="letter"):
    """All but one of G1's are closed in time, a quarter are found true; half rate, and every tenth is dissatisfied."""
    return {
        "quarter": quarter,
        "month": month,
        "department_id": department,
        "channel": channel,
        "category": category,
        "received": received,
        "closed": received,
        "substantiated": received // 4,
        "handled_on_time": received - (department == "G1" and received > 0),
        "rated": received // 2,
        "dissatisfied": received // 10,
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Nine departments of one kind and two of another. A year of months: G1 has 8 + 2, G9 2, the others 1 a month."""
    source, folder = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("office")
    names = {name: f"{name}局" for name in GOVERNMENT} | {"G8": HOSTILE, "P1": "甲部", "P2": "乙部"}
    kinds = dict.fromkeys(GOVERNMENT, "government") | {"P1": "party", "P2": "party"}
    write(
        source / "departments.csv",
        [{"department_id": key, "name": names[key], "category": kinds[key]} for key in names],
    )
    staff = dict.fromkeys(GOVERNMENT[:8], 100) | {"P1": 50, "P2": 50}
    quarters = sorted({quarter for quarter, _ in MONTHS})
    write(
        source / "department_facts.csv",
        [{"quarter": q, "department_id": key, "staff": n} for q in quarters for key, n in staff.items()],
    )
    rows = [a_month(*month, "G1", 8, "charges_and_billing", "online") for month in MONTHS]
    rows += [a_month(*month, "G1", 2) for month in MONTHS]
    rows += [a_month(*month, key, 1) for month in MONTHS for key in (*GOVERNMENT[1:8], "P1", "P2")]
    rows += [a_month(*month, "G9", 2, "shirking", "visit") for month in MONTHS]
    write(source / "complaints.csv", rows)
    days = ("2025-11-03", "2026-02-03", "2026-08-03")
    write(
        source / "supervision.csv",
        [{"activity_id": f"a{i}", "date": day, "department_id": "G2", **SUPERVISED} for i, day in enumerate(days)]
        + [{"activity_id": f"b{q}", "date": f"2026-0{q}-05", "department_id": "P1", **SUPERVISED} for q in (1, 4, 7)]
        + [{"activity_id": "c", "date": "2025-12-05", "department_id": "P2", **SUPERVISED}],
    )
    main(["--data", str(folder), "import", str(source)], standalone_mode=False)
    return folder


@pytest.fixture(scope="module")
def app(folder, make_app):
    return make_app(folder)


class Page:
    """A drawn page as a tree: what stands where."""

    def __init__(self, text: str):
        self.text = text
        self.tree = json.loads(text)

    def sent(self, wanted):
        found = list(_with_id(self.tree, wanted))
        assert len(found) == 1, wanted
        return found[0]["props"]

    def part(self, wanted):
        return _unfolded(self.sent(wanted))

    def drawing(self, chart: str) -> dict:
        return self.part({"chart": f"complaints-{chart}", "part": "drawing"})["data"]

    def trace(self, chart: str, name: str) -> list[dict]:
        return [trace for trace in self.drawing(chart)["data"] if trace.get("name") == name]

    def title(self, chart: str) -> str:
        return self.part({"chart": f"complaints-{chart}", "part": "title"})["children"]

    def table(self, chart: str) -> list[list[str]]:
        return _cells(self.part({"chart": f"complaints-{chart}", "part": "table"}))

    def words(self, wanted) -> str:
        return "|".join(_texts(self.part(wanted)))

    def named(self) -> str:
        return " ".join(note["text"] for note in self.drawing("funnel")["layout"].get("annotations", ()))


def _with_id(node, wanted):
    if isinstance(node, dict):
        if isinstance(node.get("props"), dict) and node["props"].get("id") == wanted:
            yield node
        for value in node.values():
            yield from _with_id(value, wanted)
    elif isinstance(node, list):
        for value in node:
            yield from _with_id(value, wanted)


def _unfolded(node):
    """With the elements that are sent together as components again."""
    if isinstance(node, dict) and node.get("type") == "Light":
        return [_element(part) for part in node["props"]["tree"]]
    if isinstance(node, dict):
        return {key: _unfolded(value) for key, value in node.items()}
    return [_unfolded(value) for value in node] if isinstance(node, list) else node


def _element(node):
    if not isinstance(node, list):
        return node
    tag, attributes, children = node
    return {"type": tag.capitalize(), "props": attributes | {"children": [_element(child) for child in children]}}


def _texts(node):
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for part in node:
            yield from _texts(part)
    elif isinstance(node, dict):
        yield from _texts(node.get("props", node).get("children"))


def _cells(node) -> list[list[str]]:
    """The rows of every table below, each cell as one text."""
    if isinstance(node, list):
        return [row for part in node for row in _cells(part)]
    if not isinstance(node, dict):
        return []
    if node.get("type") == "Tr":
        cells = node["props"]["children"]
        return [["".join(_texts(cell)) for cell in (cells if isinstance(cells, list) else [cells])]]
    return _cells(node.get("props", node).get("children"))


@pytest.fixture
def shown(app, drawn):
    return lambda **query: Page(drawn(app, "/complaints", **query))


# --- the funnel and who is outside it ------------------------------------------------------------------------------
def test_the_page_opens_with_who_is_outside_by_name_and_number(shown):
    said = shown().words("complaints-findings")
    # 12 × (8 + 2) complaints of 100 staff; the register has activities in each quarter, none of them at G1
    assert "G1局（120 件/100 人）" in said
    assert "其中G1局近四季没有监督活动" in said
    assert "建议核查" in said
    assert "违纪" not in said


def test_the_table_gives_count_rate_limits_supervision_and_judgement(shown):
    page = shown()
    rows = _cells(page.part("complaints-outliers"))
    assert [row[0] for row in rows[1:]] == ["G1局政府"]
    assert rows[1][1:3] == ["120", "120.0"]
    assert rows[1][4:] == ["0", "◆ 预警"]
    drawn_limits = next(row for row in page.table("funnel") if row[0] == "G1局")
    low, high = drawn_limits[6].split("–")[1], drawn_limits[7].split("–")[1]
    assert rows[1][3] == f"{low} / {high}"
    assert float(high) < 120


def test_the_mean_of_a_group_divides_its_complaints_by_its_staff(shown):
    # (120 + 7 × 12) complaints of 8 × 100 staff; G9, whose staff is unknown, is in neither
    assert "平均 25.5" in shown().named()
    assert "政府 25.5" in shown(category="government").named()


def test_the_interval_of_a_rate_is_poisson_s(shown):
    row = next(row for row in shown().table("funnel") if row[0] == "G1局")
    byar_low = 120 * (1 - 1 / (9 * 120) - 1.959964 / (3 * math.sqrt(120))) ** 3
    byar_high = 121 * (1 - 1 / (9 * 121) + 1.959964 / (3 * math.sqrt(121))) ** 3
    assert row[2:6] == ["120", "100", "120.0", f"{byar_low:.1f}–{byar_high:.1f}"]


def test_each_peer_group_has_a_funnel_and_kinds_too_small_share_the_region_s(shown):
    page = shown()
    assert "xaxis2" in page.drawing("funnel")["layout"]
    assert "政府" in page.named()
    assert T("ranking.group.region") in page.named()
    for one_funnel in ({"scope": "region"}, {"category": "government"}, {"category": "party"}):
        assert "xaxis2" not in shown(**one_funnel).drawing("funnel")["layout"]


def test_only_those_outside_the_limits_are_named_and_the_one_selected(shown):
    assert "G1局" in shown(scope="region").named()
    assert "G2局" not in shown(scope="region").named()
    page = shown(scope="region", department="G2")
    assert "<b>G2局</b>" in page.named()
    assert page.trace("funnel", "selected")
    rows = _cells(page.part("complaints-outliers"))
    assert ["选中的部门"] in rows
    # 12 complaints of 100 staff, three activities in the year
    assert [row[1:3] + row[4:] for row in rows if row[0] == "G2局"] == [["12", "12.0", "3", "● 限内"]]


def test_without_staff_a_department_is_listed_and_never_drawn(shown):
    page = shown()
    points = [key for trace in page.drawing("funnel")["data"] for key in trace.get("customdata", ())]
    assert sorted(points) == [*GOVERNMENT[:8], "P1", "P2"]
    assert "未作判断，没有人员数，未按人员规模折算（1）：|G9局（24 件）" in page.words("complaints-outliers")


def test_nobody_outside_is_said_and_not_left_blank(shown):
    page = shown(category="party")
    assert "没有部门高于控制上限（判断了 2 个部门）" in page.words("complaints-outliers")
    assert "没有部门的投诉率高于控制上限" in page.words("complaints-findings")


def test_one_quarter_alone_has_its_own_figures(shown):
    row = next(row for row in shown(window="1").table("funnel") if row[0] == "G1局")
    assert row[2:5] == ["30", "100", "30.0"]
    assert "2026年第三季度，不含咨询" in shown(window="1").text


def test_a_window_that_the_data_do_not_fill_says_so(shown):
    page = shown(quarter="2026Q1")
    assert "2025年第四季度至2026年第一季度，不足四季" in page.text
    # two quarters of 100 staff are half a year of them: the rate is that of a year
    assert next(row for row in page.table("funnel") if row[0] == "G1局")[2:5] == ["60", "50.0", "120.0"]
    assert "G1局（60 件/50.0 人年）" in page.words("complaints-findings")


def test_a_name_from_the_data_is_text_on_the_drawing_too(shown):
    page = shown(department="G8", scope="region")
    assert "&lt;b&gt;庚局" in page.named()
    assert HOSTILE not in page.named()


def test_the_drawings_name_the_page_s_colours_and_none_of_their_own(shown):
    text = shown().text
    assert not [
        value for value in palette("light").values() if value.startswith("#") and len(value) > 4 and value in text
    ]


# --- find a department ---------------------------------------------------------------------------------------------
def test_a_word_that_finds_one_department_selects_it(shown):
    page = shown(q="G3")
    assert "<b>G3局</b>" in page.named()
    assert page.title("time").startswith("G3局")


def test_a_word_that_finds_several_lists_them_to_choose_from(shown):
    page = shown(q="部")
    rows = [row[0] for row in _cells(page.part("complaints-outliers"))]
    assert rows[rows.index("找到 2 个部门，点名字选中") + 1 :] == ["甲部党群", "乙部党群"]  # by pinyin
    assert '"href": "/complaints?department=P1"' in page.text


def test_a_word_that_finds_nobody_says_so_and_leaves_the_page(shown):
    page = shown(q="没有的")
    assert "没有名称含“没有的”的部门" in page.words("complaints-outliers")
    assert "G1局" in page.words("complaints-outliers")
    assert "清除查找" in page.text


def test_a_department_that_is_not_there_is_said_to_be_missing(shown):
    assert "这个部门不在当前列表中" in shown(department="gone").words("complaints-outliers")
    assert "这个部门不在当前列表中" in shown(department="P1", category="government").words("complaints-outliers")


# --- categories, channels ------------------------------------------------------------------------------------------
def test_the_heat_map_counts_each_category_of_each_department_the_largest_first(shown):
    head, *rows = shown().table("heat")
    # delay: 12 months × (G1 2 + nine others 1) = 132; billing: 12 × 8 = 96; shirking: 12 × 2 = 24
    assert head == ["部门", "办理超时", "计费缴费", "推诿扯皮", "合计"]
    assert rows[0] == ["G1局", "24", "96", "0", "120"]
    assert rows[-1] == ["G9局", "0", "0", "24", "24"]  # without a rate it stands at the end
    assert shown().title("heat") == "办理超时最多：132 件，占 52%"


def test_rare_categories_share_one_column_and_stand_alone_in_the_whole_table(make_app, drawn, tmp_path_factory):
    codes = ["hard_to_enter", "hard_face", "hard_words", "hard_to_get_done", "arbitrary_charges", "arbitrary_fines"]
    codes += ["arbitrary_levies", "demanding_favours", "shirking", "service_quality", "delay", "facilities"]
    codes += ["public_works", "staff_matters"]
    rows = [
        {"quarter": "2026Q3", "department_id": key, "channel": "letter", "category": code, "received": 20 - i}
        for i, code in enumerate(codes)
        for key in ("A", "B")
    ]
    page = Page(drawn(make_app(an_office(tmp_path_factory, rows)), "/complaints"))
    head, first, _ = page.table("heat")
    assert len(head) == 1 + 12 + 1
    assert head[-2] == "其余 3 类"
    assert first[-2:] == [str(9 + 8 + 7), str(sum(range(7, 21)))]
    assert len(_cells(page.part("complaints-every"))[0]) == 1 + 14 + 1


def test_channels_have_counts_and_shares(shown):
    # letters 12 × (2 + 7 + 2) = 132, online 96, visits 24: 252 in all
    assert shown().table("channels")[1:] == [
        ["来信", "132", "52.4%"],
        ["网络", "96", "38.1%"],
        ["来访", "24", "9.5%"],
    ]
    assert shown(category="party").table("channels")[1:] == [["来信", "24", "100.0%"]]


# --- time ----------------------------------------------------------------------------------------------------------
def test_the_months_of_whom_the_page_shows_add_up(shown):
    assert shown().table("time")[-1][:2] == ["2026年09月", str(8 + 2 + 7 + 2 + 2)]
    assert shown(category="party").table("time")[-1][:2] == ["2026年第三季度", "6"], (
        "two a month are too few for months"
    )
    assert shown(department="G1").table("time")[-1][1] == "10"


def test_a_series_too_rare_for_a_chart_is_not_judged(tmp_path_factory, make_app, drawn):
    rows = [
        {"quarter": q, "month": m, "department_id": key, "channel": "letter", "category": "delay", "received": n}
        for i, (q, m) in enumerate(MONTHS)
        for key, n in (("A", 9), ("B", int(i < 2)))
    ]
    page = Page(drawn(make_app(an_office(tmp_path_factory, rows)), "/complaints", department="B"))
    assert page.title("time") == "乙局：点数太少，还不能判断升降"
    assert not page.trace("time", "signal")
    assert not page.trace("time", "range")
    assert page.words("complaints-signals") == ""


def test_without_months_the_quarters_are_drawn_and_that_is_said(office_without_ballots, make_app, drawn):
    page = Page(drawn(make_app(office_without_ballots), "/complaints"))
    assert "没有分月数据" in page.text
    assert "点数太少，还不能判断升降" in page.title("time")


def points(kinds: str, values: list[float]) -> pd.DataFrame:
    names = {"-": "common", "a": "astronomical", "t": "two_of_three", "s": "shift"}
    return pd.DataFrame(
        {
            "indicator": "complaints_received",
            "grain": "month",
            "period": [f"2026-{i + 1:02}" for i in range(len(values))],
            "value": values,
            "mean": 10.0,
            "lower": 2.4,
            "upper": 17.6,
            "point_type": [names[kind] for kind in kinds],
            "direction": ["common" if kind == "-" else "high" for kind in kinds],
            "segment": 0,
            "n": 12,
            "is_trial": False,
        }
    )


def test_each_signal_is_explained_by_its_rule_the_newest_first():
    found = signals(points("--sssssss-a", [9, 9, *[12] * 7, 9, 19]))
    assert found["point_type"].tolist() == ["shift", "astronomical"]
    said = signal_sentences(T, found)
    # 17.6 is the limit, so 17 is the last count inside
    assert said[0] == "▲ 2026年11月：超出自然波动上限 17 件，最近 19 件。"
    assert said[1].startswith("▲ 2026年03月至2026年09月：连续七点以上高于均值")
    two = signals(points("t-t-----", [16, 12, 16, 9, 9, 9, 9, 9]))
    assert two[["first", "last"]].to_numpy().tolist() == [["2026-01", "2026-03"]]


def test_more_complaints_are_a_rise_and_never_called_worse():
    of = Series("全县", points("------a", [9, 9, 9, 9, 9, 9, 19]), "month")
    nobody = pd.DataFrame(columns=["outcome", "value", "department_id", "note", "received", "numerator", "activities"])
    [said] = findings(T, nobody, of, [], "近四季")
    assert said.title == "全县的投诉件数真实上升：2026年07月 19 件"
    assert "件数增多不等于变差" in said.body
    assert said.sign == ""


# --- what became of them -------------------------------------------------------------------------------------------
def test_each_share_names_its_denominator(shown):
    said = shown().words("complaints-shares")
    # G1 closes 8 + 2 a month and one row of each late: 24 of 252 closed are late
    assert "办结 252 件，其中按期办结 228 件" in said
    # a quarter of each row, rounded down: of rows of 8 two, of all others none
    assert "办结 252 件，其中属实 24 件" in said
    # half of each row rounded down: 4 + 1 + 1 (G9) a month
    assert "参评 72 件（不是受理件数），其中不满意 0 件" in said
    assert "|90.5|%|" in said


def test_a_share_s_interval_is_wilson_s(shown):
    x, n, z = 228, 252, 1.959964
    half = z * math.sqrt(z * z + 4 * x * (1 - x / n))
    low, high = (100 * (2 * x + z * z + side * half) / (2 * (n + z * z)) for side in (-1, 1))
    assert f"95% 区间 {low:.1f}%–{high:.1f}%" in shown().words("complaints-shares")


def test_a_share_of_few_is_written_as_what_it_is(shown):
    assert "|12/12||" in shown(department="G2").words("complaints-shares")


# --- nothing to show -----------------------------------------------------------------------------------------------
def an_office(tmp_path_factory, rows, staff=None) -> str:
    """Two departments of one kind with these complaints."""
    source, folder = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("office")
    names = (("A", "甲局"), ("B", "乙局"))
    write(source / "departments.csv", [{"department_id": k, "name": n, "category": "government"} for k, n in names])
    write(source / "complaints.csv", rows)
    if staff:
        write(source / "department_facts.csv", staff)
    main(["--data", str(folder), "import", str(source)], standalone_mode=False)
    return folder


def test_without_any_staff_no_funnel_is_drawn_on_bare_counts(tmp_path_factory, make_app, drawn):
    rows = [
        {"quarter": "2026Q3", "department_id": key, "channel": "letter", "category": "delay", "received": 5}
        for key in ("A", "B")
    ]
    page = Page(drawn(make_app(an_office(tmp_path_factory, rows)), "/complaints"))
    assert page.title("funnel") == "没有人员数，投诉率无法比较"
    assert page.drawing("funnel")["data"] == []
    assert "2 个部门都没有作判断" in page.words("complaints-findings")
    assert "没有部门的投诉率高于控制上限" not in page.text


def test_a_handful_of_complaints_is_not_judged_and_the_page_says_why(tmp_path_factory, make_app, drawn):
    rows = [
        {"quarter": "2026Q3", "department_id": key, "channel": "letter", "category": "delay", "received": n}
        for key, n in (("A", 2), ("B", 0))
    ]
    staff = [{"quarter": "2026Q3", "department_id": key, "staff": 50} for key in ("A", "B")]
    page = Page(drawn(make_app(an_office(tmp_path_factory, rows, staff)), "/complaints"))
    assert page.title("funnel") == "件数太少，投诉率不作判断"
    assert "2 个部门共 2 件，没有一个部门的件数足以判断" in page.words("complaints-findings")
    assert "未作判断，件数太少（2）：|甲局（2 件）、乙局（0 件）" in page.words("complaints-outliers")


def test_without_complaints_the_page_names_the_missing_table(make_office, make_app, drawn):
    page = Page(drawn(make_app(make_office({"A": ("甲局", 90, 25), "B": ("乙局", 80, 25)})), "/complaints"))
    assert "没有“受理投诉举报”的数据" in page.words("complaints-state")
    assert page.part("complaints-content")["hidden"] is True


# --- the page as a whole -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("search", ["", "?scope=region&department=G1", "?category=party&window=1", "?q=none"])
def test_an_update_writes_what_a_fresh_page_shows(app, shown, lang, search):
    module = sys.modules[next(p for p in dash.page_registry.values() if p["path"] == "/complaints")["module"]]
    query = dict(pair.split("=") for pair in search[1:].split("&") if pair) | {"lang": lang}
    with app.server.test_request_context("/"):
        written = module.update(f"{search}{'&' if search else '?'}lang={lang}", "")
    fresh = shown(**query)
    assert len(written) == len(module.OUTPUTS)
    for output, value in zip(module.OUTPUTS, written):
        part = fresh.sent(output.component_id)
        expected = part.get(output.component_property)
        assert json.loads(sent(value)) == expected, output.component_id


def test_the_file_holds_every_department_of_the_funnel(app):
    answer = app.server.test_client().get("/download/complaints.csv?lang=zh&scope=region")
    head, *lines = csv.reader(answer.data.decode("utf-8-sig").splitlines())
    by_id = {line[1]: dict(zip(head, line)) for line in lines}
    assert by_id.keys() == {*GOVERNMENT, "P1", "P2"}
    assert by_id["G1"]["件数"] == "120"
    assert by_id["G1"]["判断"] == "高于 99.8% 上限，建议核查"
    assert (by_id["G9"]["件数"], by_id["G9"]["人员数"], by_id["G9"]["判断"]) == ("24", "", "未作判断")
    assert by_id["G9"]["备注"] == "没有人员数，未按人员规模折算"


def test_every_figure_leads_to_its_definition(shown):
    text = shown(quarter="2026Q2").text
    for indicator in ("complaint_rate", "complaints_received", "on_time_share", "dissatisfied_share"):
        assert f'"href": "/indicator?quarter=2026Q2&indicator={indicator}"' in text


def test_everybody_who_is_not_judged_is_named_with_the_reason():
    rows = pd.DataFrame(
        {
            "department_id": ["A", "B", "C", "D", "E"],
            "outcome": ["in", None, None, None, None],
            "note": [None, "no_staff", None, "short_window", None],
            "value": [1.0, None, None, 2.0, 3.0],
            "numerator": [9.0, None, None, 2.0, 9.0],
        }
    )
    said = {reason: whom["department_id"].tolist() for reason, whom in unjudged(T, rows)}
    assert said == {
        "没有人员数，未按人员规模折算": ["B"],
        "本季没有数据": ["C"],
        "件数太少": ["D"],
        "没有可比的部门": ["E"],
    }
