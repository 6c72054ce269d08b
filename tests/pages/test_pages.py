"""Every page opens: without arguments, from a stale link, before the first import, in both languages."""

import dash
import pytest

PATHS = ["/", "/ranking", "/404"]
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
    if path != "/404":
        assert "python -m dashboard --data DIR import" in page
        assert "python -m dashboard --data DIR demo" in page


def test_a_quarter_that_does_not_exist_is_replaced_with_a_notice(demo_app, drawn):
    assert "没有 1999Q9 的数据，显示最近一季 2026年第三季度。" in drawn(demo_app, "/", quarter="1999Q9")


def test_a_peer_group_that_does_not_exist_is_replaced_with_a_notice(demo_app, drawn):
    assert "没有“gone”这个同类组" in drawn(demo_app, "/ranking", category="gone")


def test_as_known_on_a_day_before_the_first_import_says_so(demo_app, drawn):
    assert "2001-01-01 之前还没有导入数据" in drawn(demo_app, "/", known="2001-01-01")


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
    assert '<html lang="en" data-bs-theme="dark">' in served
    assert "Mingjing" in served
    assert "Loading…" in served
    assert "<noscript>" in served
    assert "<title>Overview · Mingjing</title>" in served
    assert '<html lang="zh-CN">' in client.get("/").text


def test_an_unknown_address_answers_404_and_a_page_200(demo_app):
    client = demo_app.server.test_client()
    assert client.get("/nope").status_code == 404
    assert [client.get(path).status_code for path in ("/", "/ranking", "/health")] == [200, 200, 200]


def test_assets_with_a_fingerprint_are_kept_for_a_year_and_answers_are_not(demo_app):
    client = demo_app.server.test_client()
    assert client.get("/assets/style/2-frame.css?m=1").cache_control.max_age == 365 * 24 * 3600
    assert client.get("/assets/style/2-frame.css").cache_control.max_age == 3600
    assert not client.get("/_dash-layout").cache_control.max_age


def test_every_answer_forbids_what_comes_from_outside(demo_app):
    policy = demo_app.server.test_client().get("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "script-src 'self' 'sha256-" in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
