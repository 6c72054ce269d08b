"""Every page opens: without arguments, from a stale link, before the first import, in both languages."""

import datetime
import re

import dash
import pytest

from dashboard.__main__ import main
from dashboard.deploy.fonts import CHINESE, PIECES
from dashboard.snapshots import DATABASE, SnapshotFolder
from tests.support import PROJECT

PATHS = [
    *("/", "/agenda", "/ranking", "/summary", "/department", "/gaps", "/balance", "/coverage", "/complaints"),
    *(
        "/compare",
        "/meeting",
        "/cases",
        "/powers",
        "/decisions",
        "/assessments",
        "/indicator",
        "/rule",
        "/changes",
        "/data",
        "/methods",
        "/api",
        "/report",
        "/accounts",
        "/trace",
        "/access",
        "/regions",
        "/404",
    ),
]
STALE = {
    "quarter": "1999Q9",
    "colour": "red",
    "indicator": ["a", "b"],
    "category": "gone",
    "sort": "gone",
    "weights": "x:1",
}


def test_the_navigation_knows_every_page(demo_app):
    assert sorted(page["path"] for page in dash.page_registry.values()) == sorted(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_opens_without_arguments_and_with_a_stale_link(demo_app, drawn, path):
    drawn(demo_app, path)
    drawn(demo_app, path, **STALE)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_opens_before_the_first_import(empty_app, drawn, path, lang):
    page = drawn(empty_app, path, lang=lang)
    if path not in (
        "/404",
        "/methods",
        "/api",
        "/accounts",
        "/trace",
        "/access",
    ):  # how figures are made can be read before there are any
        assert "python -m dashboard --data DIR import" in page
        assert "python -m dashboard --data DIR demo" in page


def test_a_quarter_that_does_not_exist_is_replaced_with_a_notice(demo_app, drawn):
    assert "没有 1999Q9 的数据，显示最近一季 2026年第三季度。" in drawn(demo_app, "/", quarter="1999Q9")


def test_a_peer_group_that_does_not_exist_is_replaced_with_a_notice(demo_app, drawn):
    assert "没有“gone”这个同类组" in drawn(demo_app, "/ranking", category="gone")


def test_as_known_on_a_day_before_the_first_import_says_so(demo_app, drawn):
    for path in ("/", "/ranking"):
        page = drawn(demo_app, path, known="2001-01-01", quarter="2026Q2")
        assert "2001-01-01 还没有任何数据" in page
        assert f'"href": "{path}?quarter=2026Q2"' in page  # the way back
        assert "python -m dashboard" not in page
    answer = demo_app.server.test_client().get("/download/ranking.csv?known=2001-01-01&lang=en")
    assert (answer.status_code, answer.text) == (
        404,
        "There are no data of 2001-01-01, or they are damaged; there is nothing to download.",
    )


def test_as_known_today_is_what_the_page_shows_anyway(demo_app, drawn):
    today = datetime.date.today().isoformat()
    assert f"显示的是 {today} 当天看到的数据" in drawn(demo_app, "/", known=today)


def test_an_office_without_ballots_has_a_ranking_all_the_same(office_without_ballots, make_app, drawn, rows):
    app = make_app(office_without_ballots)
    assert "没有“综合得分”的数据" in drawn(app, "/ranking")
    assert "没有“1”这个同类组" in drawn(app, "/ranking", category="1")  # a notice is not lost where there are no data
    page = drawn(app, "/ranking", indicator="complaints_received")
    assert rows(page) == ["A", "B", "C"]
    assert "2026年第三季度，3 个部门" in page
    assert "受理投诉举报 4 件" in drawn(app, "/")


def test_last_quarter_is_the_calendar_s_and_no_older_one(office_without_ballots, make_app, drawn):
    page = drawn(make_app(office_without_ballots), "/")
    assert "上季没有数据" in page
    assert "环比" not in page


def test_a_value_with_a_caveat_says_so_in_row_panel_and_file(office_without_ballots, make_app, drawn):
    app = make_app(office_without_ballots)
    page = drawn(app, "/ranking", indicator="complaint_rate", department="A")
    assert page.count('"aria-label": "人员数沿用以前的季度"') == 1
    assert "人员数沿用以前的季度。" in page
    assert "丙局（没有人员数）" in page
    assert re.search(r"2 / 20。[^\"]*人员数沿用以前的季度", page)
    text = app.server.test_client().get("/download/ranking.csv?indicator=complaint_rate&lang=zh").text
    assert ["人员数沿用以前的季度" in line for line in text.splitlines()] == [False, True, False, False]


def test_a_snapshot_shown_in_place_of_a_damaged_one_says_so(make_office, make_app, drawn, monkeypatch):
    folder = make_office({"A": ("甲局", 90, 25), "B": ("乙局", 80, 25)})
    main(["--data", str(folder), "snapshots", "rebuild"], standalone_mode=False)
    newest = next((folder / "snapshots").glob(f"000002*/{DATABASE}"))
    newest.chmod(0o644)
    newest.write_bytes(b"damaged")
    app = make_app(folder)
    for path in ("/", "/ranking"):
        assert "当前快照已损坏，显示的是最近一个完整的快照（第 1 号）" in drawn(app, path)
    yesterday = datetime.date.today() - datetime.timedelta(1)
    monkeypatch.setattr(SnapshotFolder, "known_on", lambda self, date: newest.parent.name)
    assert f"{yesterday} 的快照已损坏" in drawn(app, "/ranking", known=yesterday.isoformat())
    assert app.server.test_client().get(f"/download/ranking.csv?known={yesterday}").status_code == 404


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"output": 5}', "\x00"])
def test_a_body_that_cannot_be_read_is_the_sender_s_mistake(demo_app, body):
    answer = demo_app.server.test_client().post("/_dash-update-component", data=body, content_type="application/json")
    assert answer.status_code == 400


def test_the_language_comes_from_the_address_before_the_browser(demo_app, drawn):
    assert "Overview" in drawn(demo_app, "/", accept="en-GB")
    assert "总览" in drawn(demo_app, "/", accept="en-GB", lang="zh")
    assert "总览" in drawn(demo_app, "/", accept="fr")


@pytest.mark.parametrize("path", ["/", "/ranking"])
def test_demonstration_data_are_marked_on_every_page(demo_app, drawn, path):
    assert "演示数据" in drawn(demo_app, path)


def test_the_overview_skips_no_figure_in_silence(make_office, make_app, drawn):
    app = make_app(make_office({"A": ("甲局", 90, 25), "B": ("乙局", 80, 25)}))
    page = drawn(app, "/")
    assert "没有投诉举报数据" in page
    assert "本季无数据" in page
    assert "演示数据" not in page


def test_the_served_page_can_be_read_before_any_script_runs(demo_app):
    client = demo_app.server.test_client()
    served = client.get("/?theme=dark", headers={"Accept-Language": "en-GB,en;q=0.8"}).text
    assert '<html lang="en" data-bs-theme="dark" ' in served
    assert "Mingjing" in served
    assert "64 departments" in served
    assert "<noscript>" in served
    assert "<title>Overview · Mingjing</title>" in served
    assert '<html lang="zh-CN" ' in client.get("/").text


def test_an_unknown_address_answers_404_and_a_page_200(demo_app):
    client = demo_app.server.test_client()
    assert client.get("/nope").status_code == 404
    assert [client.get(path).status_code for path in ("/", "/ranking", "/health")] == [200, 200, 200]


def test_assets_with_a_fingerprint_are_kept_for_a_year_and_answers_are_not(demo_app):
    client = demo_app.server.test_client()
    assert client.get("/assets/style/2-frame.css?m=1").cache_control.max_age == 365 * 24 * 3600
    assert client.get("/assets/style/all.css?m=1").cache_control.max_age == 365 * 24 * 3600
    assert client.get("/assets/style/2-frame.css").cache_control.max_age == 3600
    assert not client.get("/_dash-layout").cache_control.max_age


def test_every_answer_forbids_what_comes_from_outside(demo_app):
    policy = demo_app.server.test_client().get("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "script-src 'self' 'sha256-" in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]


def test_a_page_brings_the_scripts_that_it_uses_and_all_are_there(demo_app):
    client = demo_app.server.test_client()
    scripts = re.findall(r'<script src="([^"]+)"', client.get("/complaints").text)
    libraries = {
        re.sub(r"(@[\d.]+)?(\.v[\w.-]+)?(\.min)?\.js.*", "", one.rpartition("/")[2])
        for one in scripts
        if "suites" in one
    }
    assert libraries == {
        *("react", "react-dom", "prop-types", "dash_renderer", "dash_html_components"),
        *("dash_core_components", "dash_core_components-shared"),
    }
    assert {client.get(one).status_code for one in scripts} == {200}
    every = client.get("/assets/script/all.js").text
    assert "mingjing.decisions" in every and "Field" in every
    assert "serviceWorker" not in every  # what only the meeting needs


def outside_the_pieces(text: str) -> set[str]:
    """Chinese characters for which a browser would fetch a large piece of the font."""
    return {one for one in text if one >= CHINESE} - set(PIECES.read_text("utf-8"))


def test_our_own_words_need_no_large_piece_of_the_font():
    assert outside_the_pieces((PROJECT / "dashboard" / "i18n" / "zh.toml").read_text("utf-8")) == set()


@pytest.mark.parametrize("path", [path for path in PATHS if path != "/404"])
def test_a_page_is_few_components_and_needs_no_large_piece_of_the_font(demo_app, drawn, path):
    """Each component costs the browser time for every other one: with thousands a click takes seconds to be seen."""
    page = drawn(demo_app, path)
    assert page.count('"namespace": ') < 250
    assert outside_the_pieces(page) == set(), "python -m tests.font_pieces"
