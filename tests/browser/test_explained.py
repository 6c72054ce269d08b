"""From a number to its definition, its method and back, in a real browser."""

import shutil

import pytest
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def demo_url(nine_departments, tmp_path_factory, make_app, served):
    """A small office instead of the county: what is looked at here does not need sixty-four departments."""
    return served(make_app(shutil.copytree(nine_departments, tmp_path_factory.mktemp("explained") / "office")))


def test_a_figure_leads_to_its_definition_and_on_to_its_method(watched):
    page = watched.open("/?lang=zh&quarter=2026Q2")
    page.locator(".figure .explain").nth(1).click()
    expect(page.locator("#indicator-definition h2")).to_have_text("受理投诉举报")
    assert watched.address() == "/indicator?quarter=2026Q2&indicator=complaints_received&lang=zh"
    expect(page.locator("#indicator-time-frame .main-svg").first).to_be_visible()
    page.locator("#indicator-methods summary").first.click()
    page.locator("#indicator-methods details[open] a").click()
    expect(page.locator("#intervals h3")).to_be_in_viewport()


def test_the_list_of_all_and_back(watched):
    page = watched.open("/indicator?lang=en")
    page.get_by_role("link", name="Composite score").click()
    expect(page.locator("#indicator-definition h2")).to_have_text("Composite score")
    page.locator(".control select").last.select_option(label="All indicators")
    expect(page.locator("#indicator-catalogue h2")).to_have_text("All indicators")
    page.go_back()
    expect(page.locator("#indicator-definition h2")).to_have_text("Composite score")
    page.locator(".control select").last.select_option(label="On-time closure share")
    expect(page.locator("#indicator-definition h2")).to_have_text("On-time closure share")
    expect(page.locator("#indicator-spread-frame .main-svg").first).to_be_visible()


@pytest.mark.parametrize("path", ["/indicator", "/indicator?indicator=complaint_rate", "/methods"])
def test_the_pages_are_accessible_and_never_scroll_sideways(watched, path):
    wrong = {}
    for theme in ("light", "dark"):
        page = watched.open(f"{path}{'&' if '?' in path else '?'}lang=en&theme={theme}")
        expect(page.locator("h2").first).to_be_visible()
        wrong[theme] = watched.wrong()
    assert not any(wrong.values()), wrong
