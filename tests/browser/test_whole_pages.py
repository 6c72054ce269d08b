"""Whole pages in a real browser: nothing from outside, a clean console, readable, in the right language and theme."""

import pytest
from playwright.sync_api import Browser, expect

PATHS = [
    *("/", "/agenda", "/ranking", "/summary", "/gaps", "/balance", "/coverage", "/complaints", "/cases", "/powers"),
    *(
        "/compare",
        "/decisions",
        "/assessments",
        "/indicator",
        "/rule",
        "/changes",
        "/data",
        "/methods",
        "/api",
        "/report",
        "/regions",
    ),
]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_accessible_and_never_scrolls_sideways(watched, path):
    wrong = {}
    for look in ("lang=zh&theme=light", "lang=en&theme=dark"):
        page = watched.open(f"{path}?{look}&department=D01&compared=D01,D09,D20")
        expect(page.locator(".figure, .rank-row, .card-box, .method").first).to_be_visible()
        wrong[look] = watched.wrong()
    assert not any(wrong.values()), wrong


def test_64_departments_stand_on_a_desk_screen_without_scrolling(watched):
    page = watched.open("/ranking?scope=region")
    expect(page.locator(".rank-rows .rank-row")).to_have_count(64)
    rows = [page.locator(".rank-rows .rank-row").nth(i).bounding_box() for i in (0, 31, 32, 63)]
    assert max(row["y"] + row["height"] for row in rows) <= 768 - 28  # above the foot
    assert rows[0]["x"] == rows[1]["x"] < rows[2]["x"] == rows[3]["x"]
    assert rows[0]["y"] == rows[2]["y"]


@pytest.mark.parametrize(("locale", "lang", "word"), [("en-GB", "en", "Overview"), ("zh-CN", "zh-CN", "总览")])
def test_the_browser_s_language_decides_where_the_address_names_none(browser: Browser, demo_url, locale, lang, word):
    page = browser.new_context(locale=locale).new_page()
    page.goto(demo_url)
    expect(page.locator("h1")).to_have_text(word)
    assert page.locator("html").get_attribute("lang") == lang
    page.context.close()


def test_the_viewer_s_system_decides_the_theme_where_the_address_names_none(browser: Browser, demo_url):
    page = browser.new_context(color_scheme="dark", locale="zh-CN").new_page()
    page.goto(demo_url, wait_until="commit")
    page.wait_for_selector("html[data-bs-theme=dark]", state="attached")
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 21, 28)"
    page.context.close()


def test_language_and_theme_links_keep_the_view(watched):
    page = watched.open("/ranking?quarter=2026Q2&q=局")
    page.locator(".rail-link", has_text="EN").click()
    expect(page.locator("h1")).to_have_text("Ranking")
    assert watched.address() == "/ranking?quarter=2026Q2&q=局&lang=en"
    page.locator(".rail-link.to-dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert watched.address() == "/ranking?quarter=2026Q2&q=局&lang=en&theme=dark"


def test_other_pages_inherit_the_quarter_and_the_peer_group(watched):
    page = watched.open("/?quarter=2026Q2&category=township")
    page.get_by_text("看排名").first.click()
    expect(page.locator("h1")).to_have_text("排名")
    assert watched.address() == "/ranking?quarter=2026Q2&category=township"
    page.locator(".rail-link", has_text="总览").click()
    expect(page.locator("h1")).to_have_text("总览")
    assert watched.address() == "/?quarter=2026Q2&category=township"


def test_the_copied_link_names_its_quarter(watched):
    page = watched.open("/ranking")
    page.evaluate("document.execCommand = () => { window.copied = document.activeElement.value; return true; }")
    page.evaluate("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.locator("a[data-copy]").click()
    expect(page.locator("#copied")).to_have_text("链接已复制")
    assert page.evaluate("window.copied") == f"{watched.url}/ranking?quarter=2026Q3"


def test_the_first_key_leads_past_the_navigation(watched):
    page = watched.open("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_paper_shows_the_figures_and_no_controls(watched):
    page = watched.open("/ranking?theme=dark")
    page.emulate_media(media="print")
    expect(page.locator(".rail")).to_be_hidden()
    expect(page.locator(".demo")).to_be_visible()
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.card-box')).backgroundColor") == "rgb(255, 255, 255)"
    )
    # every colour of the light theme, not the few of the frame: cells and badges would be dark on white
    read = "names => names.map(n => getComputedStyle(document.documentElement).getPropertyValue(n).trim())"
    names = [f"--{name}" for name in (*(f"n{step}" for step in range(1, 7)), "brand-weak", "worse-weak", "over")]
    on_paper = page.evaluate(read, names)
    page.emulate_media(media="screen")
    assert page.evaluate(read, names) != on_paper
    page.evaluate("document.documentElement.dataset.bsTheme = 'light'")
    assert page.evaluate(read, names) == on_paper


def test_an_unknown_address_leads_back(browser: Browser, demo_url):
    page = browser.new_context(locale="zh-CN").new_page()
    assert page.goto(f"{demo_url}/nope").status == 404
    page.get_by_text("回到总览").click()
    expect(page.locator("h1")).to_have_text("总览")
    page.context.close()
