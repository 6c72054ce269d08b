"""The data page: what adds up and what does not, who reported, what was restated, what is loaded."""

import csv
import hashlib
import io
import json
import re
from datetime import date

import pytest

from dashboard.__main__ import main
from dashboard.pages._data import BEHIND
from tests.support import REGION, Given

MAPPING = """name = "totals"
[[tables]]
file = "complaints*.csv"
to = "complaints"
totals = { department_id = "合计" }
[tables.columns]
quarter = "季度"
department_id = "单位"
channel = "渠道"
category = "类别"
received = "受理"
closed = "办结"
"""
COMPLAINTS = """季度,单位,渠道,类别,受理,办结
2026Q2,甲局,来信,办理超时,5,4
2026Q2,乙局,来信,办理超时,6,5
2026Q2,合计,来信,办理超时,12,9
2026Q3,甲局,来信,办理超时,7,9
2026Q3,合计,来信,办理超时,7,9
"""
FIGURES = """编号,来源,关系,分项,公布数,容差
办结率,三季度通报,占比,12；10,120,0.5
处分人数,半年通报,合计,三十；5,35,
"""


def load(folder, office, *options, **files: str):
    source = folder / "files"
    source.mkdir(exist_ok=True)
    paths = []
    for name, text in files.items():
        paths.append(str(source / f"{name}.csv"))
        (source / f"{name}.csv").write_text(text, encoding="utf-8")
    main(["--data", str(office), "import", *paths, *options], standalone_mode=False)


@pytest.fixture(scope="module")
def office(tmp_path_factory, make_app):
    """Three departments, of which one never reports; a total that is off, and a figure restated by the last import."""
    folder = tmp_path_factory.mktemp("data-page")
    office = folder / "office"
    (folder / "totals.toml").write_text(MAPPING, encoding="utf-8")
    names = "department_id,name,category\nA,甲局,government\nB,乙局,government\nC,丙局,government\n"
    load(folder, office, departments=names, stated=FIGURES)
    load(folder, office, "--mapping", str(folder / "totals.toml"), complaints=COMPLAINTS)
    restated = COMPLAINTS.replace("办理超时,5,4", "办理超时,4,4")
    load(folder, office, "--mapping", str(folder / "totals.toml"), "--by", "李四", complaints=restated)
    return make_app(office)


@pytest.fixture
def said(drawn):
    def read(app, **query) -> list[str]:
        found = re.findall(r'"((?:[^"\\]|\\.)*)"', drawn(app, "/data", **query))
        return [json.loads(f'"{text}"') for text in found]

    return read


def test_what_disagrees_is_counted_beside_what_was_compared(office, said):
    page = said(office)
    assert "核对 5 处，1 处对不上" in page  # four totals and one figure; the other could not be read
    at = page.index("12", page.index("核对什么"))
    assert page[at : at + 30].count("= 10") == 1 and "+2" in page[at : at + 30]
    assert "投诉举报 · 来信 · 办理超时 · 2026Q2" in page
    assert "分项读不出，没有核对" in page


def test_what_was_never_compared_does_not_look_like_nothing_found(office, said):
    page = said(office)
    assert "没有可核对的数（案件）" in page
    assert "没有可以核对的数字，所以不能说都对得上。导入公布数字（stated_figures），或在映射里注明合计行。" in said(
        office, view="case_rows"
    )
    assert "核对了 2 处，都对得上。" in said(office, window="1", view="totals")


def test_one_check_one_quarter_or_one_department_narrows_counts_and_rows(office, said):
    assert "核对 2 处，没有对不上的" in said(office, window="1")
    assert "核对 5 处，1 处对不上" in said(office, view="totals")
    assert "没有可以核对的数字" in said(office, department="A")


def test_who_has_not_reported_is_named_with_the_last_time(office, said):
    page = said(office)
    assert "2026年第三季度：1 张报表中 1 张未报齐" in page
    assert "1/3" in page and "2/3" in page
    assert "乙局（上次 2026Q2）" in page and "丙局（从未报送）" in page
    assert "Every table is complete for 2026 Q3" in said(office, lang="en", department="A")


def test_a_restated_figure_shows_old_and_new_and_who(office, said):
    page = said(office)
    assert "更正过 1 个数，来自 1 次导入" in page
    at = page.index("old")
    assert " → " in page[at : at + 20] and "李四" in page
    assert "没有更正过的数" in said(office, department="B")


def test_quality_and_what_is_loaded(office, said):
    page = said(office)
    assert "算不出比率：甲局、乙局、丙局" in page
    assert "3 张报表，8 行" in page
    assert "complaints.csv" in page


@pytest.mark.parametrize(
    ("view", "columns", "rows"),
    [
        ("", "核对,结果,部门或地区", 2),
        ("totals", "核对,结果,部门或地区", 1),
        ("restated", "何时,谁,备注", 1),
        ("missing", "季度,报表,部门编号", 2),
    ],
)
def test_each_list_can_be_downloaded(office, view, columns, rows):
    answer = office.server.test_client().get(f"/download/data.csv?lang=zh&view={view}")
    head, *lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert ",".join(head).startswith(columns)
    assert len(lines) == rows
    assert office.server.test_client().get(f"/download/data.xlsx?lang=en&view={view}").status_code == 200


def test_figures_of_no_quarter_can_be_audited_alone(tmp_path, make_app, said):
    load(tmp_path, tmp_path / "office", stated=FIGURES)
    app = make_app(tmp_path / "office")
    for lang, heading in (
        ("zh", "核对 1 处，没有对不上的；留意或读不出 1 处"),
        ("en", "Figures compared: 1; none disagrees"),
    ):
        assert any(text.startswith(heading) for text in said(app, lang=lang))
    assert app.server.test_client().get("/download/data.csv").status_code == 200


def test_the_demonstration_county_adds_up_and_says_who_is_late(demo_app, said):
    page = said(demo_app)
    assert any(re.fullmatch(r"核对 \d\d,\d{3} 处，没有对不上的", text) for text in page)
    assert "2026年第三季度：10 张报表中 2 张未报齐" in page
    assert "没有投出的测评格" in page


def test_each_import_stands_with_its_file_its_fingerprint_and_who(office, said):
    page = said(office, view="loaded")
    assert "导入过 3 次" in page
    digest = hashlib.sha256(COMPLAINTS.replace("办理超时,5,4", "办理超时,4,4").encode()).hexdigest()
    assert digest in page and digest[:8] in page
    assert "李四" in page
    assert said(office, view="loaded", lang="en")


def test_a_blank_of_the_grid_is_a_report_that_did_not_come(office, said):
    page = said(office, view="loaded")
    # of three departments in two quarters: A both, B the first, C none
    assert "部门 × 报表 × 季度：空缺 3 格" in page
    assert "未报：2026Q3" in page and "未报：2026Q2、2026Q3" in page and "都已报" in page


def test_a_reminder_names_department_tables_and_the_last_report_and_leaves_the_dates_blank(office, said):
    page = said(office, view="reported")
    (text,) = (text for text in page if text.startswith("关于报送2026年第三季度监督数据的提醒\n\n乙局："))
    assert "1．投诉举报（上次报送：2026年第二季度）" in text
    assert "请于　　月　　日前补报" in text
    assert "监督办公室" in text
    english = said(office, view="reported", lang="en")
    assert any("1. complaints (never reported so far)" in text for text in english)
    lines = csv_of(office, view="reported")
    assert [line[1] for line in lines[1:]] == ["B", "C"]
    assert lines[1][5].startswith("关于报送")


def csv_of(app, **query) -> list[list[str]]:
    answer = app.server.test_client().get("/download/data.csv", query_string={"lang": "zh", **query})
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_the_rows_behind_a_check_of_quality_are_named(office, said):
    page = said(office, view="quality", kind="no_staff")
    assert "没有人员数的部门：3 行" in page
    assert len(csv_of(office, view="quality", kind="no_staff")) == 4
    assert "点左边的检查，这里列出它背后的行。" in page


@pytest.mark.parametrize("narrowed", [{}, {"category": "government"}, {"category": "party"}, {"department": "B"}])
def test_a_count_of_quality_is_that_of_its_rows_however_they_are_narrowed(narrowed):
    kinds = {"A": "government", "B": "party", "C": None}
    of_quarter = [{"quarter": "2026Q3", "department_id": name} for name in kinds]
    words = {"channel": "letter", "category": "delay", "received": 5}
    given = Given(
        departments=[{"department_id": name, "name": name, "category": kind} for name, kind in kinds.items()],
        complaints=[row | words | {"basis": "ytd"} for row in of_quarter],
        submissions=[row | {"table": "complaints", "received_on": date(2026, 11, 20)} for row in of_quarter],
        tasks=[{"department_id": name, "task_id": f"t{name}", "issued_on": date(2099, 1, 1)} for name in kinds],
    )
    counted = given.run("pages/quality", region=REGION, quarter="2026Q3", **narrowed)
    found = dict(zip(counted["item"], counted["n"]))
    whose = {"A", "B", "C"} if not narrowed else {"A"} if narrowed.get("category") == "government" else {"B"}
    assert {name: found[name] for name in ("late", "cumulative", "to_come")} == dict.fromkeys(
        ("late", "cumulative", "to_come"), len(whose)
    )
    for item, n in found.items():
        rows = given.run(f"pages/{BEHIND[item]}", region=REGION, quarter="2026Q3", item=item, **narrowed)
        assert len(rows) == n, item
        assert set(rows["department_id"].dropna()) <= whose


def test_any_two_snapshots_are_compared_by_counts_and_values(office, said):
    page = said(office, view="changes")
    assert "第 2 号到第 3 号快照：1 处行数或内容不同" in page  # the third import restated one row
    assert "两个快照之间更正 1 个数" in page
    assert "第 1 号到第 2 号快照：2 处行数或内容不同" in said(office, view="changes", kind="2", against="1")
    lines = csv_of(office, view="changes")
    assert [line[0] for line in lines[1:]] == ["行数", "更正"]
    assert lines[2][6:8] == ["5", "4"]
    assert "没有可比的" not in " ".join(page)


def test_every_column_is_explained_with_its_unit_and_words(office, said):
    page = said(office, view="columns")
    assert "substantiated" in page and "属实、属实件数、查实、查实件数" in page
    assert any("来信" in text for text in page)
    assert ["投诉举报", "received"] in [line[:2] for line in csv_of(office, view="columns")]


def test_a_rater_s_ballots_are_counted_and_nothing_tells_how_anybody_voted(make_app, tmp_path, said):
    names = "department_id,name,category\nA,甲局,government\nB,乙局,government\n"
    raters = [("r1", "领导干部", "A"), *((f"p{n}", "群众代表", "AB"[: 1 + n % 2]) for n in range(6))]
    ballots = "quarter,department_id,rater_id,rater_group,dimension,score\n" + "".join(
        f"2026Q3,{department},{rater},{group},service,{71 + n}\n"
        for n, (rater, group, rated) in enumerate(raters)
        for department in rated
    )
    load(tmp_path, tmp_path / "office", departments=names, evaluations=ballots)
    app = make_app(tmp_path / "office")
    lines = csv_of(app, view="quality", kind="raters")[1:]
    assert [(line[5], line[6], line[7]) for line in lines] == [
        ("p0 · 群众代表", "1", "2"),
        ("p2 · 群众代表", "1", "2"),
        ("p4 · 群众代表", "1", "2"),
        ("r1", "1", "2"),  # a group of one is not named
    ]
    assert {line[3] for line in lines} == {""}  # nor whom they rated
    page = said(app, view="quality", kind="raters")
    assert not [text for text in page if text in {str(71 + n) for n in range(7)}]
