"""What is fetched while somebody reads serves the next click, and nobody for whom it was not fetched."""

import json
import re

from playwright.sync_api import Page, expect

UPDATE = "**/_dash-update-component*"


def question(request) -> tuple[str, str, bool]:
    """(the callback's first output, the address that it is asked for, whether ahead of the reader)."""
    body = json.loads(request.post_data)
    search = next((one["value"] for one in body["inputs"] if isinstance(one, dict) and one["id"] == "url"), "")
    return body["output"].lstrip(".").partition(".")[0], search, "x-ahead" in request.headers


def listening(page: Page) -> list[tuple[str, str, bool]]:
    asked: list[tuple[str, str, bool]] = []
    is_update = "_dash-update-component"
    page.on("request", lambda request: is_update in request.url and asked.append(question(request)))
    return asked


def has_fetched(page: Page, asked: list, search: str) -> bool:
    page.wait_for_timeout(20)
    return ("ranking-main", search, True) in asked and page.evaluate("mingjing.answers.held()") >= 2


def quarter(page: Page):
    return page.locator("select[id*='\"quarter\"']")


def test_the_page_is_drawn_from_what_was_served_and_a_click_from_what_was_fetched_ahead(watched):
    asked = listening(watched.page)
    page = watched.open("/ranking")
    assert not [one for one in asked if not one[2]], "nothing had to be asked for to draw the page"
    watched.until(lambda: has_fetched(page, asked, "?quarter=2026Q2"))
    del asked[:]
    page.route(UPDATE, lambda route: route.abort())  # the server is away now
    quarter(page).select_option("2026Q2")
    expect(page.locator("#ranking-movement")).to_contain_text("2026年第二季度")
    assert watched.address() == "/ranking?quarter=2026Q2"
    expect(page.locator("a[data-copy]")).to_have_attribute("href", re.compile("quarter=2026Q2"))
    expect(page.locator("#failed")).to_be_hidden()
    assert not [one for one in asked if not one[2]], "nor for the click"
    watched.complaints.clear()


CHOOSE = """() => new Promise((tell) => {
  const [control, row, moved] = [`select[id*='"quarter"']`, "#ranking-main [data-row]", "#ranking-movement"]
    .map((one) => document.querySelector(one));
  control.value = "2026Q2";
  control.dispatchEvent(new Event("change", { bubbles: true }));
  queueMicrotask(() => tell([moved.textContent, row.isConnected, location.search]));
})"""


def test_a_choice_that_was_fetched_ahead_is_shown_before_anything_else_is_done_and_rows_stay_in_place(watched):
    asked = listening(watched.page)
    page = watched.open("/ranking")
    watched.until(lambda: has_fetched(page, asked, "?quarter=2026Q2"))
    text, stands_there, search = page.evaluate(CHOOSE)
    assert "2026年第二季度" in text and stands_there
    assert search == "", "the address follows"
    watched.until(lambda: watched.address() == "/ranking?quarter=2026Q2")
    expect(quarter(page)).to_have_value("2026Q2")
    page.go_back()
    expect(quarter(page)).to_have_value("2026Q3")
    expect(page.locator("#ranking-movement")).to_contain_text("2026年第三季度")


def test_what_was_fetched_for_another_account_is_asked_for_anew(watched):
    asked = listening(watched.page)
    page = watched.open("/ranking")
    watched.until(lambda: has_fetched(page, asked, "?quarter=2026Q2"))
    page.evaluate("document.cookie = 'mingjing-reader=somebody-else; path=/'")
    is_update = "_dash-update-component"
    with page.expect_request(lambda one: is_update in one.url and question(one)[::2] == ("ranking-main", False)):
        quarter(page).select_option("2026Q2")


def test_what_was_fetched_before_somebody_recorded_something_is_fetched_anew(watched):
    asked = listening(watched.page)
    page = watched.open("/ranking")
    watched.until(lambda: has_fetched(page, asked, "?quarter=2026Q2"))
    del asked[:]

    def after_it(route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers=answer.headers | {"x-state": "another"})

    page.route(UPDATE, after_it)
    page.evaluate("dash_clientside.set_props('pulse', {n_intervals: 1000})")
    watched.until(lambda: has_fetched(page, asked, "?quarter=2026Q2"))


def test_another_language_is_another_page_that_fetches_its_own(watched):
    asked = listening(watched.page)
    page = watched.open("/ranking?quarter=2025Q2&lang=en")
    watched.until(lambda: has_fetched(page, asked, "?quarter=2025Q1&lang=en"))
    quarter(page).select_option("2025Q1")
    expect(page.locator("#ranking-movement")).to_contain_text("2025 Q1")
    assert all("lang=en" in search for _, search, _ in asked if search)


def test_the_meeting_and_pages_that_follow_more_than_their_address_fetch_nothing(watched):
    asked = listening(watched.page)
    for path in ("/meeting", "/data"):
        watched.page.goto(watched.url + path)
        watched.page.wait_for_timeout(1000)
    assert not [one for one in asked if one[2]]


def test_plotly_without_what_no_page_draws_is_read_and_only_where_a_chart_is_drawn(watched):
    files: list[str] = []
    watched.page.on("request", lambda request: "plotly" in request.url and files.append(request.url))
    watched.open("/ranking")
    assert files == []
    page = watched.open("/complaints")
    page.locator(".main-svg").first.wait_for()
    assert [url.partition("/assets/")[2] for url in files] == ["plotly/plotly-bars-and-points-4.1.1.min.js"]
