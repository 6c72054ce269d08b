"""The data page: what adds up and what does not, who reported, what was restated, what is loaded."""

import csv
import io
import json
import re

import pytest

from dashboard.__main__ import main

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
    assert "乙局（上次 2026Q2）、丙局（从未报送）" in page
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
