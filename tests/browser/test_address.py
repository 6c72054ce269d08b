"""The address is the state: controls write it, Back and links set them, and nothing that is in use is torn down."""

import pytest
from playwright.sync_api import Page, expect


def control(page: Page, name: str):
    return page.locator(f"select[id*='\"{name}\"']")


def test_a_changed_filter_keeps_the_focus_and_the_page(watched):
    page = watched.open("/ranking")
    page.evaluate("document.querySelector('#ranking-main').dataset.mark = 'same'")
    quarter = control(page, "quarter")
    quarter.focus()
    quarter.select_option("2026Q2")
    watched.until(lambda: watched.address() == "/ranking?quarter=2026Q2")
    watched.until(lambda: "quarter=2026Q2" in page.locator("a[data-copy]").get_attribute("href"))
    expect(quarter).to_be_focused()
    expect(page.locator("#ranking-main")).to_have_attribute("data-mark", "same")


def test_back_and_forward_undo_and_redo_each_choice(watched):
    page = watched.open("/ranking")
    control(page, "quarter").select_option("2026Q2")
    watched.until(lambda: watched.address() == "/ranking?quarter=2026Q2")
    control(page, "category").select_option("township")
    watched.until(lambda: watched.address() == "/ranking?quarter=2026Q2&category=township")
    expect(page.locator(".rank-rows [data-row]")).not_to_have_count(64)
    page.go_back()
    expect(page.locator(".rank-rows [data-row]")).to_have_count(64)
    expect(control(page, "category")).to_have_value("*")
    page.go_back()
    expect(control(page, "quarter")).to_have_value("2026Q3")
    assert watched.address() == "/ranking"
    page.go_forward()
    expect(control(page, "quarter")).to_have_value("2026Q2")


def test_an_answer_that_comes_too_late_is_not_drawn(watched):
    page = watched.open("/ranking")
    held = []

    def hold_the_first(route):
        if "ranking-main" in route.request.post_data and "quarter=2025Q2" in route.request.post_data and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/_dash-update-component*", hold_the_first)
    control(page, "quarter").select_option("2025Q2")  # no neighbour, which would be there already
    watched.until(lambda: watched.address() == "/ranking?quarter=2025Q2" and held)
    control(page, "category").select_option("township")
    expect(page.locator(".rank-rows [data-row]")).to_have_count(8)
    with page.expect_response(lambda answer: "ranking-main" in (answer.request.post_data or "")):
        held[0].continue_()
    page.wait_for_timeout(500)
    expect(page.locator(".rank-rows [data-row]")).to_have_count(8)
    assert watched.address() == "/ranking?quarter=2025Q2&category=township"


def opacity(page: Page) -> float:
    return float(page.locator("#main > :last-child").evaluate("body => getComputedStyle(body).opacity"))


@pytest.mark.parametrize(
    "path, output", [("/ranking", "ranking-main"), ("/gaps", "gaps-main"), ("/summary", "summary-main")]
)
def test_while_the_answer_to_a_choice_is_on_its_way_the_figures_of_the_last_one_are_dimmed(watched, path, output):
    page, held = watched.open(path), []
    body = page.locator("#main > :last-child")

    def hold(route):
        is_asked = output in route.request.post_data and "quarter=2025Q2" in route.request.post_data
        held.append(route) if is_asked else route.continue_()

    page.route("**/_dash-update-component*", hold)
    control(page, "quarter").select_option("2025Q2")  # no neighbour, which would be there already
    expect(body).to_have_attribute("aria-busy", "true")
    watched.until(lambda: opacity(page) < 0.5)
    assert held and watched.address().endswith("?quarter=2025Q2")
    expect(page.locator(".controls")).to_have_css("opacity", "1")
    page.emulate_media(media="print")
    assert opacity(page) == 1, "paper is not dimmed"
    page.emulate_media(media="screen", reduced_motion="reduce")
    assert opacity(page) < 0.5 and body.evaluate("body => getComputedStyle(body).transitionDuration") == "0s"
    for route in held:
        route.continue_()
    expect(body).not_to_have_attribute("aria-busy", "true")
    assert opacity(page) == 1


def test_of_two_choices_the_page_stays_dimmed_until_the_last_is_answered(watched):
    page, held = watched.open("/ranking"), {}

    def hold(route):
        asked = next((one for one in ("2025Q1", "2025Q2") if f"quarter={one}" in route.request.post_data), "")
        is_held = asked and "ranking-main" in route.request.post_data
        held.setdefault(asked, route) if is_held else route.continue_()

    page.route("**/_dash-update-component*", hold)
    body = page.locator("#main > :last-child")
    for quarter in ("2025Q1", "2025Q2"):
        control(page, "quarter").select_option(quarter)
        watched.until(lambda asked=quarter: asked in held)
    with page.expect_response(lambda answer: "quarter=2025Q1" in (answer.request.post_data or "")):
        held["2025Q1"].continue_()
    page.wait_for_timeout(300)
    expect(body).to_have_attribute("aria-busy", "true")
    held["2025Q2"].continue_()
    expect(page.locator("#ranking-movement")).to_contain_text("2025年第二季度")
    expect(body).not_to_have_attribute("aria-busy", "true")


def test_an_answer_that_comes_soon_dims_nothing(watched):
    page = watched.open("/ranking")
    page.evaluate("""() => {
      window.dimmed = 0;
      new MutationObserver((all) => { window.dimmed += all.length; })
        .observe(document.getElementById("main"), { subtree: true, attributeFilter: ["aria-busy"] });
    }""")
    watched.until(lambda: page.evaluate("mingjing.answers.held()") >= 2)
    control(page, "quarter").select_option("2026Q2")  # was fetched ahead
    expect(page.locator("#ranking-movement")).to_contain_text("2026年第二季度")
    page.wait_for_timeout(300)
    assert page.evaluate("window.dimmed") == 0


def test_what_was_unfolded_stays_so_and_the_keyboard_stays_where_it_was(watched):
    page = watched.open("/ranking")
    others = page.locator("#ranking-movement details:not(.menu)")
    others.locator("summary").click()
    expect(others).to_have_attribute("open", "")
    control(page, "quarter").select_option("2026Q2")
    expect(page.locator("#ranking-movement")).to_contain_text("2026年第二季度")
    expect(others).to_have_attribute("open", "")
    name = others.locator("a.name").nth(3)
    words = name.inner_text()
    name.focus()
    page.keyboard.press("Enter")
    watched.until(lambda: "department=" in watched.address())
    expect(page.locator("#ranking-selected")).to_contain_text("换一批测评人")
    expect(page.locator("#ranking-movement a.name:focus")).to_have_text(words)
    others.locator("summary").click()
    expect(others).not_to_have_attribute("open", "")
    control(page, "category").select_option("township")
    expect(page.locator(".rank-rows [data-row]")).to_have_count(8)
    expect(others).not_to_have_attribute("open", "")


def test_where_no_answer_comes_the_page_says_so_and_asks_again_by_itself(watched):
    page, where = watched.open("/ranking"), "**/_dash-update-component*"
    expect(page.locator("#failed")).to_be_hidden()
    page.route(where, lambda route: route.abort())
    control(page, "category").select_option("township")
    expect(page.locator("#failed")).to_have_text("与服务器的连接中断，正在自动再试；下面仍是上一次的结果。")
    page.unroute(where)
    expect(page.locator(".rank-rows [data-row]")).to_have_count(8)
    expect(page.locator("#failed")).to_be_hidden()
    page.route(where, lambda route: route.fulfill(status=503, headers={"Retry-After": "1"}))
    control(page, "category").select_option("party")
    expect(page.locator("#failed")).to_have_text("服务器正忙，正在自动再试；下面仍是上一次的结果。")
    page.unroute(where)
    expect(page.locator(".rank-rows [data-row]")).to_have_count(9)
    expect(page.locator("#failed")).to_be_hidden()
    page.route(where, lambda route: route.fulfill(status=500, headers={"X-Request-Id": "7f3a"}))
    control(page, "category").select_option("township")
    expect(page.locator("#failed")).to_contain_text("把编号告诉管理员：7f3a")
    watched.complaints.clear()


def test_back_from_another_page_restores_the_view(watched):
    page = watched.open("/ranking?q=镇&sort=name")
    page.locator(".rail-link", has_text="总览").click()
    expect(page.locator("h1")).to_have_text("总览")
    page.go_back()
    expect(page.locator("h1")).to_have_text("排名")
    assert watched.address() == "/ranking?q=镇&sort=name"
    expect(page.get_by_role("searchbox")).to_have_value("镇")


def test_back_leads_to_where_the_viewer_stood_whichever_way_the_page_was_left(watched):
    page = watched.open("/complaints")
    page.evaluate("addEventListener('click', () => { window.left = scrollY; }, true)")
    ways = [
        lambda: page.locator("#complaints-heat-frame .ytick text").nth(2).click(),  # a mark
        lambda: page.locator("#complaints-heat-frame .chart-data a").first.evaluate("link => link.click()"),  # Dash's
        lambda: page.locator("a[data-key='m']").evaluate("link => link.click()"),  # the script's own
    ]
    for leave in ways:
        expect(page.locator("#complaints-heat-frame .ytick").first).to_be_attached()
        page.keyboard.press("Shift")  # whoever acts is held no longer; what scrolls below is no act
        page.locator("#complaints-heat-frame").scroll_into_view_if_needed()
        leave()
        watched.until(lambda: not watched.address().startswith("/complaints"))
        expect(page.locator("#complaints-heat-frame")).to_have_count(0)
        left = page.evaluate("left")
        assert left > 300
        page.go_back()
        expect(page.locator("#complaints-heat-frame .ytick").first).to_be_attached()
        watched.until(lambda left=left: abs(page.evaluate("scrollY") - left) <= 2)


def test_a_notice_stays_until_another_quarter_is_chosen(watched):
    page = watched.open("/?quarter=1999Q9")
    expect(page.locator("#notices")).to_contain_text("没有 1999Q9 的数据")
    control(page, "category").select_option("township")
    watched.until(lambda: "category=township" in watched.address())
    control(page, "quarter").select_option("2026Q1")
    expect(page.locator("#notices")).to_be_empty()
    watched.until(lambda: watched.address() == "/?quarter=2026Q1&category=township")


def test_the_overview_follows_its_filters(watched):
    page = watched.open("/")
    before = page.locator(".figures").inner_text()
    control(page, "category").select_option("township")
    watched.until(lambda: page.locator(".figures").inner_text() != before)
