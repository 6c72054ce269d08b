"""Cases: units apart, flows and stocks, columns that an office does not have, who is named and why."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.__main__ import main
from dashboard.statistics.intervals import wilson

HEAD = (
    *("quarter", "department_id", "source", "domain", "found_at", "rank_band", "leads", "leads_dismissed", "filed"),
    *("open_overdue", "closed", "cases_sanctioned", "people_sanctioned", "party_sanctions"),
    *("administrative_sanctions", "leaders_accountable", "revisited"),
)
# Three departments, two quarters; Q1 of the year before lies outside every window.
ROWS = [
    ("2025Q1", "A", "audit_transfer", "money", "after", "all", 90, 80, 9, 9, 9, 9, 9, 9, 9, 9, 9),
    ("2026Q2", "A", "audit_transfer", "money", "after", "all", 30, 20, 6, 4, 5, 4, 5, 4, 3, 0, 2),
    ("2026Q3", "A", "petitions_reports", "people", "before", "all", 10, 4, 2, 3, 4, 3, 3, 3, 1, 0, 4),
    ("2026Q2", "B", "audit_transfer", "money", "during", "all", 20, 11, 8, 1, 6, 5, 5, 3, 2, 1, 6),
    ("2026Q3", "C", "media", "authority", "after", "all", 0, 0, 0, 2, 3, 1, 1, 1, 0, 0, 1),
]
WINDOW = ROWS[1:]


def total(figure: str, rows: list[tuple] = WINDOW) -> int:
    return sum(row[HEAD.index(figure)] for row in rows)


def imported(folder: Path, *options: str, **files: tuple) -> Path:
    """An office of these files: name → (head, rows)."""
    source, office = folder / "files", folder / "office"
    source.mkdir()
    names = [(key, name, "government") for key, name in (("A", "甲局"), ("B", "乙局"), ("C", "丙局"))]
    for name, (head, rows) in {"departments": (("department_id", "name", "category"), names), **files}.items():
        with (source / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([head, *rows])
    main(["--data", str(office), "import", str(source), *options], standalone_mode=False)
    return office


@pytest.fixture(scope="module")
def office(tmp_path_factory, make_app):
    return make_app(imported(tmp_path_factory.mktemp("cases"), cases=(HEAD, ROWS)))


@pytest.fixture
def said(drawn) -> Callable[..., list[str]]:
    """Every text of the page, its drawings included, without marks."""

    def read(app, **query) -> list[str]:
        found = re.findall(r'"((?:[^"\\]|\\.)*)"', drawn(app, "/cases", **query))
        return [re.sub(r"<[^>]*>", "", json.loads(f'"{text}"')) for text in found]

    return read


def sheet(app, search: str = "") -> list[dict[str, str]]:
    answer = app.server.test_client().get(f"/download/cases.csv?lang=zh{search}")
    assert answer.status_code == 200
    return list(csv.DictReader(answer.data.decode("utf-8-sig").splitlines()))


# --- the flow --------------------------------------------------------------------------------------------------
def test_each_step_is_the_sum_of_the_window_s_rows(office, said):
    page = said(office)
    for figure in ("leads", "filed", "closed", "cases_sanctioned", "revisited"):
        assert f"{total(figure)} 件" in page
    assert (
        f"线索 {total('leads')} 件，立案 {total('filed')} 件，结案 {total('closed')} 件，回访 {total('revisited')} 件；"
        in (" ".join(page))
    )


def test_one_quarter_alone_counts_its_own_events(office, said):
    rows = [row for row in ROWS if row[0] == "2026Q3"]
    page = " ".join(said(office, window="1"))
    assert f"线索 {total('leads', rows)} 件，立案 {total('filed', rows)} 件，结案 {total('closed', rows)} 件" in page


def test_cases_open_past_the_term_are_a_stock_and_not_added_up_over_quarters(office, said):
    last = total("open_overdue", [row for row in ROWS if row[0] == "2026Q3"])
    assert last != total("open_overdue")
    assert f"超期未结 {last} · 逾期" in said(office)


def test_a_step_with_more_than_the_one_before_is_explained_and_not_clipped(office, said):
    page = said(office)
    assert f"{total('closed')}/{total('filed')}" in page  # 18 of 16
    assert "多于前一步：非同一批" in page


def test_people_stand_beside_and_the_overlap_of_sanctions_is_said(office, said):
    page = said(office)
    both = total("party_sanctions") + total("administrative_sanctions") - total("people_sanctioned")
    assert {f"共 {total('people_sanctioned')} 人受处分", f"（至少 {both} 人双重）"} <= set(page)
    assert f"{total('people_sanctioned')} 件" not in page


@pytest.mark.parametrize("figure", ["免予处分", "撤销案件", "谈话函询", "暂存待查", "应回访"])
def test_a_column_that_the_files_lack_is_no_data_and_never_0(office, said, figure):
    page = said(office)
    assert f"无数据（缺列“{figure}”）" in page
    assert any(text.startswith("无数据（缺列）：") and figure in text for text in page)
    assert not any(re.fullmatch(rf"{figure}(未回访)? 0", text) for text in page)


def test_a_window_that_reaches_back_before_the_data_says_so(office, said):
    assert any(text.startswith("窗口应有 4 个季度，只有 2 个季度有案件数据") for text in said(office))
    assert "2025年第四季度至2026年第三季度" in " ".join(said(office))


# --- narrowing -------------------------------------------------------------------------------------------------
def test_a_domain_narrows_the_counts_and_not_what_is_judged(office, said):
    money = [row for row in WINDOW if row[3] == "money"]
    page = said(office, domain="money")
    assert f"{total('leads', money)} 件" in page
    assert "领域和层级只筛选件数；要点、控制图和部门比较仍按全部案件。" in page
    whole, narrow = sheet(office), sheet(office, "&domain=money")
    assert [row["线索转立案率（%）"] for row in whole] == [row["线索转立案率（%）"] for row in narrow]
    leads = {row["部门编码"]: row["问题线索（件）"] for row in narrow}
    assert leads == {"A": "30", "B": "20", "C": "0"}  # C reported, but nothing of money


def test_a_domain_that_is_not_there_is_replaced_with_a_notice(office, said):
    page = said(office, domain="gold")
    assert "没有“gold”这个领域的案件，显示全部领域。" in page
    assert f"{total('leads')} 件" in page


def test_a_department_narrows_the_page_and_there_is_a_way_back(office, said, drawn):
    own = [row for row in WINDOW if row[1] == "A"]
    page = said(office, department="A", quarter="2026Q3")
    assert f"{total('leads', own)} 件" in page
    assert "只看：甲局" in page
    assert "/cases?quarter=2026Q3" in page
    assert f"线索转立案率 {total('filed', own)}/{total('leads', own)}（20.0%）" in page


def test_a_department_that_is_not_there_is_said(office, said):
    assert "所选部门不在当前范围内，显示全部部门。" in said(office, department="Z")


def test_typed_words_offer_departments_to_choose(office, said):
    page = said(office, q="乙")
    assert "/cases?department=B" in page
    assert page.count("chip hit") == 1
    assert "没有名称含“丁”的部门" in said(office, q="丁")


# --- shares ----------------------------------------------------------------------------------------------------
def test_the_share_of_visits_stands_with_its_counts_and_interval(office, said):
    x, n = total("revisited"), total("closed")  # no due figure is kept: of the cases closed
    low, high = (100 * float(end) for end in wilson(x, n))
    assert f"案件回访率 {x}/{n}（{100 * x / n:.1f}%，95% 区间 {low:.1f}–{high:.1f}%）" in said(office)
    assert "甲局 6/9 " in said(office, category="government")


def test_the_largest_source_has_its_interval_and_is_no_finding_by_itself(office, said):
    low, high = (100 * float(end) for end in wilson(50, 60))
    page = said(office)
    assert "线索来自审计移交最多，占 83.3%" in page
    assert any(f"95% 区间 {low:.1f}–{high:.1f}%" in text for text in page)
    assert low < 80  # not the whole interval lies above the line
    assert not any("几乎只来自" in text for text in page)


def test_leads_of_one_source_alone_are_a_finding(tmp_path, make_app, said):
    rows = [
        ("2026Q3", "A", "media", "money", "after", 30, 9, 8, 7, 7, 1, 7),
        ("2026Q3", "B", "self_report", *ROWS[4][3:5], 0, 0, 0, 0, 0, 0, 0),
    ]
    head = ("quarter", "department_id", "source", "domain", "found_at", "leads", "filed", "closed", "cases_sanctioned")
    head += ("people_sanctioned", "leaders_accountable", "revisited")
    app = make_app(imported(tmp_path, cases=(head, rows)))
    assert "线索几乎只来自媒体舆情：30/30" in said(app)


def test_sanctioned_cases_without_a_leader_are_stated_as_counts(office, said):
    page = " ".join(said(office))
    # A: 7 cases in eight quarters of which 9 leaders lie before; C has too few cases to be listed
    assert "2025年第一季度至2026年第三季度" in page
    assert "问责领导 1 人；同期给予处分的案件 13 件" in page
    assert "违纪" not in page


def test_the_file_has_each_department_s_counts_shares_and_limits(office):
    rows = {row["部门编码"]: row for row in sheet(office)}
    assert rows["A"]["问题线索（件）"] == "40"
    assert rows["A"]["立案（件）"] == "8"
    assert rows["A"]["受处分人数（人）"] == "8"
    assert rows["A"]["免予处分（件）"] == ""  # a column that is not there
    assert rows["A"]["线索转立案率（%）"] == "20.0"
    low, high = (100 * float(end) for end in wilson(8, 40))
    assert rows["A"]["线索转立案率·95% 区间下端"] == f"{low:.1f}"
    assert rows["A"]["线索转立案率·95% 区间上端"] == f"{high:.1f}"
    assert rows["C"]["线索转立案率（%）"] == ""
    assert len(rows) == 3


# --- other files -----------------------------------------------------------------------------------------------
SHORT = ("leads", "filed", "closed", "cases_sanctioned", "people_sanctioned", "leaders_accountable", "revisited")
KEYS = ("quarter", "department_id", "source", "domain", "found_at")


def test_ranks_that_are_told_apart_can_be_chosen_and_are_counted_in_people(tmp_path, make_app, said):
    rows = [
        ("2026Q3", "A", "media", "money", "after", band, 5, 4, 3, 3, people, 0, 3)
        for band, people in (("general_staff", 6), ("township_section", 2))
    ]
    app = make_app(imported(tmp_path, cases=((*KEYS, "rank_band", *SHORT), rows)))
    page = said(app)
    assert "受处分 8 人，按层级" in page
    assert {"6 人", "2 人"} <= set(page)
    assert "5 件" in said(app, rank_band="general_staff")


def test_where_ranks_are_not_told_apart_that_is_said(office, said):
    page = said(office)
    assert "各表没有按层级细分" in page
    assert "无数据（层级列缺，或只有“全部”）" in page
    assert not any('"filter": "rank_band"' in text for text in page)


def test_a_region_s_own_row_counts_only_where_no_department_reports(tmp_path, make_app, said):
    rows = [
        ("2026Q2", "*", "all", "all", "all", 70, 7, 7, 7, 7, 0, 7),
        ("2026Q3", "*", "all", "all", "all", 50, 5, 5, 5, 5, 0, 5),
        ("2026Q3", "A", "media", "money", "after", 20, 2, 2, 2, 2, 0, 2),
    ]
    app = make_app(imported(tmp_path, cases=((*KEYS, *SHORT), rows)))
    assert "90 件" in said(app)  # 70 of the quarter without departments, 20 of the one with


def test_cumulative_figures_alone_are_listed_and_not_drawn(tmp_path, make_app, said):
    rows = [("2026Q3", "A", "media", "money", "after", 20, 2, 2, 2, 2, 0, 2)]
    tables = {"cases": (*KEYS, *SHORT), "departments": ("department_id", "name", "category")}
    mapping = tmp_path / "cumulative.toml"
    mapping.write_text(
        'name = "cumulative"\n'
        + "".join(
            f'[[tables]]\nfile = "{name}.csv"\nto = "{name}"\nbasis = "{"ytd" if name == "cases" else "period"}"\n'
            + "[tables.columns]\n"
            + "".join(f'{column} = "{column}"\n' for column in columns)
            for name, columns in tables.items()
        ),
        "utf-8",
    )
    app = make_app(imported(tmp_path, "--mapping", str(mapping), cases=((*KEYS, *SHORT), rows)))
    page = said(app)
    assert "只有年初至今的累计数" in page
    assert "20" in page
    assert not any(text.startswith("cases-flow") for text in page)


def test_an_office_without_cases_says_what_is_missing(office_without_ballots, make_app, said):
    app = make_app(office_without_ballots)
    page = " ".join(said(app))
    assert "没有“案件”的数据" in page
    assert "没有数据不等于没有问题" in page
    assert " 件，立案" not in page
    assert [row["问题线索（件）"] for row in sheet(app)] == ["", "", ""]


def test_without_a_supervision_table_nothing_is_said_of_following(office, said):
    assert "跟案监督：无数据（缺监督活动表）" in said(office)


# --- the demonstration county ----------------------------------------------------------------------------------
def test_the_county_s_planted_departments_are_found(demo_app, said):
    page = said(demo_app)
    assert "线索转立案率明显低于同类：市场监管局 1/40" in page
    assert any(text.startswith("案件回访率明显低于同类：") for text in page)
    assert sum(text == "finding-head" for text in page) == 3


def test_names_stand_on_outliers_only(demo_app, drawn):
    drawing = json.loads(drawn(demo_app, "/cases", scope="region"))
    figure = next(
        store for store in _stores(drawing) if store["id"] == {"chart": "cases-filing_share", "part": "drawing"}
    )
    names = [note["text"] for note in figure["data"]["layout"]["annotations"] if note["text"].startswith("<b>")]
    assert sorted(re.sub(r"<b>(.*?)</b>.*", r"\1", name) for name in names) == ["商务局", "市场监管局"]


def _stores(piece) -> list[dict]:
    if isinstance(piece, dict):
        own = [piece["props"]] if piece.get("type") == "Store" else []
        return own + [store for value in piece.values() for store in _stores(value)]
    return [store for value in piece for store in _stores(value)] if isinstance(piece, list) else []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "query",
    [{}, {"scope": "region"}, {"category": "township"}, {"window": "1"}, {"quarter": "2023Q4"}, {"department": "D14"}],
    ids=str,
)
def test_the_page_opens_in_every_view(demo_app, said, lang, query):
    page = said(demo_app, lang=lang, **query)
    assert "cases-body" in page
    assert not any("nan" in text.lower().split() or "inf" in text.split() for text in page)
