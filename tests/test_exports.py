"""Charts of all pages as files: the page's own rows and words, in both languages, with a glyph for every character."""

import csv
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import click
import dash
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from dashboard import exports
from dashboard.__main__ import main
from dashboard.components.exported import TABLES
from dashboard.components.sheet import Sheet
from dashboard.exports import Chart, cell
from dashboard.i18n.text import translator
from dashboard.reports import fonts
from dashboard.reports.pictures import SVG, Renderer, composed, pdf, png, texts

# What a page must be told before it has a chart.
CHOSEN = {
    "/compare": "compared=D01,D02,D03",
    "/department": "department=D09",
    "/indicator": "indicator=complaint_rate",
    "/rule": "rule=after_the_fact",
}
PATHS = (
    *("/", "/agenda", "/assessments", "/balance", "/cases", "/compare", "/complaints", "/coverage", "/decisions"),
    *("/department", "/gaps"),
    *("/indicator", "/methods", "/powers", "/ranking", "/rule", "/summary"),
)


def found(app: dash.Dash, path: str, lang: str = "zh", more: str = "") -> dict[str, Chart]:
    search = f"?lang={lang}&{CHOSEN.get(path, '')}&{more}"
    with app.server.test_request_context(path + search):
        return exports.charts(path, search)


@cache
def plain(app: dash.Dash, path: str, lang: str = "zh") -> dict[str, Chart]:
    """Those of the page as it opens, found once: several tests look at them."""
    return found(app, path, lang)


@pytest.fixture
def asking(demo_app: dash.Dash) -> Iterator[None]:
    """Rows are read when a file is made of them, and every query asks who asks."""
    with demo_app.server.test_request_context("/"):
        yield


@pytest.fixture(scope="module")
def draw() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_every_chart_of_every_page_becomes_each_kind_of_file_and_no_character_lacks_its_glyph(
    demo_app, asking, draw, path, lang
):
    charts = plain(demo_app, path, lang)
    assert charts
    for chart in charts.values():
        drawing = chart.exported.drawing
        drawn = draw(drawing, chart.exported.height) if chart.needs_drawing("svg") else drawing()
        card = composed(chart.words, drawn)
        said = [text for text, _ in texts(ElementTree.fromstring(card))]
        assert not {character for text in said for character in text if ord(character) not in fonts.glyphs()} - {"\n"}
        assert chart.exported.title and chart.exported.title.replace(" ", "") in "".join(said).replace(" ", "")
        assert translator(lang)("app.demonstration") in said
        assert pdf(card).startswith(b"%PDF") and png(card).startswith(b"\x89PNG")
        for ending in TABLES:
            assert chart.file(ending)


def test_pages_without_charts_offer_none(demo_app):
    drawn = {page["path"] for page in dash.page_registry.values()} - set(PATHS)
    assert not [path for path in sorted(drawn) if found(demo_app, path)]


def test_before_the_first_import_there_is_nothing_to_export(empty_app):
    assert found(empty_app, "/cases") == {}


def test_a_chart_says_its_quarter_and_its_snapshot_whatever_its_card_says(demo_app):
    for chart in found(demo_app, "/cases", more="quarter=2026Q2").values():
        assert chart.words.foot[-1].startswith("2026年第二季度 · 快照")
        assert chart.file_name.startswith("2026Q2-") and chart.file_name.endswith("-演示数据")


@pytest.mark.parametrize("path", ["/cases", "/ranking"])
def test_the_tables_hold_exactly_the_drawn_rows(demo_app, asking, path):
    for chart in plain(demo_app, path).values():
        table = chart.exported.table()
        book = CalamineWorkbook.from_filelike(io.BytesIO(chart.file("xlsx")))
        rows, notes = (book.get_sheet_by_index(at).to_python() for at in (0, 1))
        assert rows[0] == list(table.columns) and len(rows) == 1 + len(table.rows)
        for written, shown in zip(rows[1:], table.rows):
            wanted = [shown[0], *map(cell, shown[1:])]
            assert written == ["" if value is None or value != value else value for value in wanted]
        assert ["标题", chart.exported.title] in notes and ["数据性质", "演示数据"] in notes
        lines = list(csv.reader(io.StringIO(chart.file("csv").decode("utf-8-sig"))))
        assert lines[0] == list(table.columns) and len(lines) == len(rows)


@given(st.text("=+-@−0159,.%/ 甲a", max_size=9))
def test_a_cell_of_a_file_is_what_was_drawn_and_never_a_formula(text):
    sheet = Sheet("x", ("a", "b"), (("row", cell(text)),), ())
    [_, [_, written]] = csv.reader(io.StringIO(sheet.written("csv", translator("zh")).decode("utf-8-sig")))
    plain = text.replace(",", "").replace("−", "-")
    assert written in (text, f"'{text}") or float(written) == float(plain)
    assert not written.startswith(("=", "+", "@", "\t")) and (not written.startswith("-") or float(written) < 0)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,198", 1198),
        ("38.1", 38.1),
        ("−3", -3),
        ("0", 0),
        ("007", "007"),
        ("1,19", "1,19"),
        ("3/41", "3/41"),
        ("", ""),
    ],
)
def test_what_is_printed_as_a_number_is_one(text, value):
    assert cell(text) == value


@pytest.mark.parametrize("path", PATHS)
def test_a_picture_says_what_the_view_was_narrowed_to(demo_app, path):
    for chart in found(demo_app, path, more="category=township&q=镇").values():
        assert chart.words.foot[-2] == "页面筛选：同类组 乡镇、查找词 镇"
    for chart in plain(demo_app, path).values():
        assert not [line for line in chart.words.foot if line.startswith("页面筛选")]


def test_a_picture_names_the_departments_that_were_chosen_where_the_page_heeds_them(demo_app, asking):
    ranking = found(demo_app, "/ranking", more="departments=D09,D11")["ranking"]
    names = dict(ranking.now.listed[["department_id", "full_name"]].itertuples(index=False, name=None))
    assert f"所选部门 {names['D09']}、{names['D11']}" in ranking.words.foot[-2]
    assert f"{names['D11']}" in "".join(text for text, _ in texts(ElementTree.fromstring(ranking.file("svg"))))
    for chart in found(demo_app, "/balance", more="departments=D09,D11").values():
        assert "所选部门" not in "".join(chart.words.foot)


@pytest.mark.parametrize("path", PATHS)
def test_the_same_address_draws_the_same_figure_again(demo_app, path):
    first, again = (
        {name: chart.stamp for name, chart in charts.items() if chart.needs_drawing("svg")}
        for charts in (plain(demo_app, path), found(demo_app, path))
    )
    assert first == again


# --- the route ---------------------------------------------------------------------------------------------------
DRAWING = f'<svg xmlns="{SVG}" width="1032" height="200"><text x="9" y="20">图</text></svg>'
COVERAGE = "assessments/assessments-coverage.pdf"


def sent(app: dash.Dash, address: str, drawing: str, more: str = "lang=zh", **how: Any) -> Any:
    """What the server says to a drawing that is said to be of the figure that the page at this address shows."""
    path, name = address.rpartition(".")[0].split("/")
    [*stamps] = [chart.stamp for key, chart in found(app, f"/{path}", more=more).items() if key == name]
    drawn = "".join(stamps)
    return app.server.test_client().post(f"/export/{address}?{more}&drawn={drawn}", data=drawing, **how)


def test_a_drawing_that_a_browser_sends_comes_back_as_a_file_named_by_quarter_and_title(demo_app):
    answer = sent(demo_app, COVERAGE, DRAWING, "lang=zh&quarter=2026Q3")
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF")
    assert "filename*=UTF-8''2026Q3-" in answer.headers["Content-Disposition"]


def test_light_rows_need_no_drawing(demo_app):
    answer = demo_app.server.test_client().get("/export/gaps/gaps.svg?lang=zh")
    assert answer.mimetype == "image/svg+xml" and "监督缺口" in answer.text


@pytest.mark.parametrize(
    ("address", "drawing", "status"),
    [
        (COVERAGE, "", 400),
        (COVERAGE, DRAWING.replace("<text", '<image href="http://elsewhere.example/"/><text'), 400),
        (COVERAGE, DRAWING + " " * 4_000_000, 400),
        (COVERAGE, DRAWING.replace("1032", "9000"), 400),
        (COVERAGE, DRAWING.replace("200", "9000"), 400),
        (
            COVERAGE,
            DRAWING.replace("<text", "<g>" * 100_000 + "<text").replace("</svg>", "</g>" * 100_000 + "</svg>"),
            400,
        ),
        ("assessments/nothing.pdf", DRAWING, 404),
        ("nowhere/cases-flow.pdf", DRAWING, 404),
        ("assessments/assessments-coverage.exe", DRAWING, 404),
    ],
)
def test_what_is_no_drawing_of_a_chart_is_refused(demo_app, address, drawing, status):
    assert sent(demo_app, address, drawing).status_code == status


def test_only_the_scales_of_the_menu_are_drawn(demo_app):
    assert sent(demo_app, COVERAGE, DRAWING, "scale=99").status_code == 404


@pytest.mark.parametrize("quarter", ["2026Q1", "2026Q2"])
def test_the_drawing_of_one_quarter_is_never_given_the_words_of_another(demo_app, quarter):
    shown = found(demo_app, "/cases")["cases-sources"].stamp
    address = "/export/cases/cases-sources.svg?lang=zh"
    client = demo_app.server.test_client()
    assert client.post(f"{address}&drawn={shown}", data=DRAWING).status_code == 200
    answer = client.post(f"{address}&quarter={quarter}&drawn={shown}", data=DRAWING)
    assert answer.status_code == 409 and "页面还在更新" in answer.text
    assert client.post(address, data=DRAWING).status_code == 409


def test_an_address_of_too_many_fields_is_that_of_the_page_without_any(demo_app):
    many = "&".join(f"field{at}=1" for at in range(61))
    client = demo_app.server.test_client()
    assert client.get(f"/export/ranking/ranking.csv?{many}").data == client.get("/export/ranking/ranking.csv").data


def test_a_page_of_another_site_gets_no_file(demo_app):
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = sent(demo_app, COVERAGE, DRAWING, headers=headers)
    assert answer.status_code == 403


# --- the command -------------------------------------------------------------------------------------------------
def command(folder: Path, *words: str) -> None:
    main(["--data", str(folder), "export", *words], standalone_mode=False)


def test_light_rows_are_exported_by_name_without_a_browser(demo_folder, tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chrome")
    file = tmp_path / "ranking.svg"
    command(demo_folder, "ranking", "--quarter", "2026Q2", "--lang", "en", "--out", str(file))
    assert "2026 Q2 · snapshot" in file.read_text("utf-8")


def test_a_figure_needs_a_browser_and_the_command_says_what_to_install(demo_folder, tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chrome")
    with pytest.raises(click.ClickException, match="apt install chromium"):
        command(demo_folder, "assessments-coverage", "--out", str(tmp_path / "chart.pdf"))
    assert not list(tmp_path.iterdir())


def test_a_chart_that_cannot_be_drawn_is_not_blamed_on_a_missing_browser(demo_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(Renderer, "__enter__", lambda _renderer: lambda *_: "<p/>")
    monkeypatch.setattr(Renderer, "__exit__", lambda *_: None)
    with pytest.raises(click.ClickException, match="不是浏览器没有装：no SVG"):
        command(demo_folder, "assessments-coverage", "--out", str(tmp_path / "chart.pdf"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ranking", "--quarter", "1999Q1"], "2026Q3"),
        (["ranking", "--where", "quarter=soon"], "quarter=soon"),
        (["ranking", "--where", "colour=red"], "colour=red"),
        (["ranking", "--out", "ranking.docx"], "docx"),
    ],
)
def test_what_cannot_be_exported_is_named(demo_folder, words, said):
    with pytest.raises(click.ClickException, match=said):
        command(demo_folder, *words)
