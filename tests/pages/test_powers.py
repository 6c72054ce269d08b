"""Powers: what is in force, what is missing in it and what cannot be known, who manages, who holds which link."""

import csv
import json
import re
from collections.abc import Callable

import pytest

from tests.pages.test_cases import _stores, imported

HEAD = (
    *("power_id", "department_id", "name", "domain", "subdomain", "link", "basis", "holder", "risk_level"),
    *("likelihood", "harm", "managed_by", "managed_by_level", "measure", "has_check_step", "has_complaint_route"),
    *("published", "annual_uses", "annual_amount_10k", "rotation_due", "valid_from", "valid_to"),
)
WHOLE = {
    "name": "资金分配",
    "domain": "money",
    "subdomain": "fees",
    "link": "decision",
    "basis": "预算法",
    "holder": "局长",
    "risk_level": "C",
    "likelihood": 2,
    "harm": 2,
    "managed_by": "局长",
    "managed_by_level": "top",
    "measure": "公示",
    "has_check_step": "true",
    "has_complaint_route": "true",
    "published": "true",
    "annual_uses": 10,
    "annual_amount_10k": 5,
    "valid_from": "2020-01-01",
}
FACTS = (("quarter", "department_id", "staff"), [(q, d, 20) for q in ("2024Q3", "2024Q4") for d in "ABC"])


def power(number: int, department: str, **more: object) -> tuple:
    row = {**WHOLE, "power_id": f"P{number}", "department_id": department, **more}
    return tuple(row.get(name, "") for name in HEAD)


# C has no catalogue.
ROWS = [
    power(1, "A", risk_level="A", likelihood=5, harm=4, measure="", name="专项资金"),
    power(
        2, "A", risk_level="A", likelihood=4, harm=4, managed_by="股长", managed_by_level="division", domain="people"
    ),
    power(3, "A", link="execution", risk_level="B", has_check_step="false"),
    power(4, "A", link="supervision", holder="监督员", measure="", name="收费"),
    power(5, "B", basis="", published="false", rotation_due="2024-12-01", domain="assets", subdomain="vehicles"),
    power(6, "B", risk_level="B", measure="", valid_to="2024-10-15", name="旧职权"),
]


@pytest.fixture(scope="module")
def office(tmp_path_factory, make_app):
    return make_app(imported(tmp_path_factory.mktemp("powers"), powers=(HEAD, ROWS), department_facts=FACTS))


@pytest.fixture
def said(drawn) -> Callable[..., list[str]]:
    """Every text of the page, its drawings included, without marks."""

    def read(app, **query) -> list[str]:
        found = re.findall(r'"((?:[^"\\]|\\.)*)"', drawn(app, "/powers", **query))
        return [re.sub(r"<[^>]*>", "", json.loads(f'"{text}"')) for text in found]

    return read


def sheet(app, search: str = "") -> list[dict[str, str]]:
    answer = app.server.test_client().get(f"/download/powers.csv?lang=zh{search}")
    assert answer.status_code == 200
    return list(csv.DictReader(answer.data.decode("utf-8-sig").splitlines()))


def test_the_finding_comes_first_with_its_numbers(office, said):
    page = said(office)
    assert "1 项 A 级风险点没有防范措施；1 项 A 级风险点不是主要领导管理" in page
    [rest] = [text for text in page if text.startswith("另有：")]
    for words in ("1 项 B 级职权缺制约环节或投诉渠道", "1 项职权没有依据", "1 项没有公开", "1 个部门没有编目录"):
        assert words in rest
    assert "共 5 项有效职权" in rest


def test_a_measure_is_asked_of_grades_a_and_b_only(office):
    assert [row["职权编号"] for row in sheet(office, "&view=measure")] == ["P1"]  # P4 is of grade C


def test_the_quarter_shows_what_was_in_force_at_its_end(office):
    assert [row["职权编号"] for row in sheet(office)] == ["P1", "P2", "P3", "P4", "P5"]
    earlier = sheet(office, "&quarter=2024Q3")
    assert [row["职权编号"] for row in earlier if row["缺项"] == "无防范措施"] == ["P1", "P6"]


def test_a_rotation_is_overdue_only_after_its_day_has_passed(office, said):
    assert "逾期 30 天" in said(office, department="B")  # from 1 to 31 December
    assert [row["轮岗逾期（天）"] for row in sheet(office, "&department=B")] == ["30"]
    assert not any(text.startswith("逾期 ") for text in said(office, department="B", quarter="2024Q3"))


def test_a_filter_lists_its_powers_and_the_file_has_exactly_these(office, said):
    assert [row["职权编号"] for row in sheet(office, "&domain=money&kind=A")] == ["P1"]
    assert [row["职权编号"] for row in sheet(office, "&q=监督员")] == ["P4"]
    assert [row["职权编号"] for row in sheet(office, "&q=乙局")] == ["P5"]
    assert "列出 1 项职权，1 项有缺项" in said(office, domain="money", kind="A")


def test_one_post_with_two_links_of_a_domain_is_counted_and_named(office, said):
    page = said(office)
    assert "1 个岗位兼两环" in page  # 局长 decides and executes over money; 监督员 supervises
    assert "2 个岗位兼两环" not in page
    assert "1 个岗位兼三环" not in page


def test_a_department_shows_its_catalogue_and_the_way_back(office, said, drawn):
    page = said(office, department="A", quarter="2024Q4")
    assert "只看：甲局" in page
    assert "/powers?quarter=2024Q4" in page
    assert "列出 4 项职权，3 项有缺项" in page
    assert "甲局：1 项 A、B 级职权没有防范措施，其中 A 级 1 项（目录共 4 项）。明显异常，建议核查。" in page


def test_a_department_without_a_catalogue_is_no_department_without_power(office, said):
    assert "没有编职权目录：无数据，不等于没有职权" in said(office)


def test_the_risk_matrix_counts_likelihood_by_harm(office, said):
    page = said(office)
    assert "可能性 5、危害 4：1 项（A1）" in page
    assert "可能性 2、危害 2：3 项（B1 C2）" in page


def test_openness_is_counted_with_all_of_the_part(office, said):
    page = said(office)
    assert any(text.strip() == "物 0/1" for text in page)
    assert any(text.strip() == "财 3/3" for text in page)


def test_stale_choices_are_replaced_with_a_notice(office, said):
    page = said(office, domain="gold", department="Z", kind="X", view="gone")
    assert "目录里没有“gold”这个领域，显示全部领域。" in page
    assert "所选部门不在当前范围内，显示全部部门。" in page
    assert len(sheet(office, "&domain=gold&department=Z")) == 5


# --- other files -----------------------------------------------------------------------------------------------
def without(*columns: str) -> tuple[tuple, list[tuple]]:
    kept = [i for i, name in enumerate(HEAD) if name not in columns]
    return tuple(HEAD[i] for i in kept), [tuple(row[i] for i in kept) for row in ROWS[:5]]


def test_a_column_that_the_files_lack_is_no_data_and_never_0(tmp_path, make_app, said):
    files = without("measure", "likelihood", "harm", "subdomain")
    app = make_app(imported(tmp_path, powers=files, department_facts=FACTS))
    page = said(app)
    assert any(text.startswith("报表没有“防控措施”一列，看不出 A 级风险点有没有防范措施") for text in page)
    assert not any(re.search(r"\d 项 [AB] 级风险点没有防范措施", text) for text in page)
    assert "无数据（缺列）" in page
    assert any(text.startswith("无数据：报表缺“可能性”“危害程度”两列") for text in page)
    assert "报表缺“子领域”一列，没有子领域的数据。" in page
    assert sheet(app, "&view=measure") == []


def test_a_catalogue_without_dates_tells_of_the_last_quarter_only(tmp_path, make_app, said):
    app = make_app(imported(tmp_path, powers=without("valid_from", "valid_to"), department_facts=FACTS))
    assert any(text.startswith("目录没有写启用和停用日期，只能说明最近一季") for text in said(app))
    page = said(app, quarter="2024Q3")
    assert "2024年第三季度没有职权目录的数据" in page
    assert not any("级风险点" in text for text in page)


def test_an_office_without_powers_says_what_is_missing(office_without_ballots, make_app, said):
    page = " ".join(said(make_app(office_without_ballots)))
    assert "没有“权力”的数据" in page
    assert "职权与风险点" in page


# --- the demonstration county ----------------------------------------------------------------------------------
def test_the_county_s_planted_departments_lead_the_list(demo_app, said):
    page = said(demo_app)
    assert "1 项 A 级风险点没有防范措施；4 项 A 级风险点不是主要领导管理" in page
    assert any(text.startswith("住建局：1 项 A、B 级职权没有防范措施") for text in page)
    [names] = {text for text in page if text.startswith("权责不对称，建议核查：")}
    assert names == "权责不对称，建议核查：自然资源局、医保局"


def test_the_quadrant_names_the_flagged_only(demo_app, drawn):
    drawing = json.loads(drawn(demo_app, "/powers"))
    figure = next(s for s in _stores(drawing) if s["id"] == {"chart": "powers-quadrant", "part": "drawing"})
    notes = [note["text"] for note in figure["data"]["layout"]["annotations"]]
    assert sorted(note for note in notes if note.startswith("<b>")) == ["<b>医保局</b>", "<b>自然资源局</b>"]
    assert {"相差 40：关注", "相差 60：预警"} <= set(notes)


def test_a_mark_of_the_quadrant_chooses_its_department_whose_catalogue_has_a_way_back(demo_app, said, drawn):
    drawing = json.loads(drawn(demo_app, "/powers"))
    figure = next(s for s in _stores(drawing) if s["id"] == {"chart": "powers-quadrant", "part": "drawing"})
    marks = [mark for trace in figure["data"]["data"] for mark in trace.get("customdata") or []]
    assert len(marks) == len(set(marks)) > 50
    own = said(demo_app, department=marks[-1])  # the flagged are drawn last, above the others
    assert marks[-1] == "D47" and {"只看：汀澜县自然资源局", "/powers"} <= set(own)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "query",
    [{"category": "township"}, {"quarter": "2023Q4"}, {"department": "D06"}, {"view": "rotation"}, {"q": "zzz"}],
    ids=str,
)
def test_the_page_opens_in_every_view(demo_app, said, lang, query):
    page = said(demo_app, lang=lang, **query)
    assert "powers-body" in page
    assert not any("nan" in text.lower().split() for text in page)
