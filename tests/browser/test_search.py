"""The search panel by keyboard: pinyin initials lead to the department, and the input method keeps its keys."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Watched


def results(page: Page) -> Locator:
    """The panel's; the page behind has options of its own, in its selects."""
    return page.locator("dialog.finder [role=option]")


def test_ctrl_k_finds_by_pinyin_initials_and_keeps_the_filters(watched: Watched):
    page = watched.open("/ranking?quarter=2026Q2&category=government&sort=name")
    page.get_by_role("button", name=re.compile("搜索")).focus()
    page.keyboard.press("Control+k")
    field, panel = page.get_by_role("combobox", name=re.compile("部门、指标")), page.locator("dialog.finder")
    expect(field).to_be_focused()
    expect(results(page).filter(has_text="总览")).to_have_count(1)  # before anything is typed: the pages

    field.fill("daj")  # 档案局
    first = results(page).first
    expect(first).to_contain_text("汀澜县档案局")
    expect(first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == first.get_attribute("id")

    # what an input method composes with Enter and Escape is not ours
    field.dispatch_event("compositionstart")
    field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    expect(panel).to_be_visible()
    assert watched.address().startswith("/ranking")
    field.dispatch_event("compositionend")

    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.get_by_role("button", name=re.compile("搜索"))).to_be_focused()

    page.keyboard.press("Control+k")
    field.fill("shenji")
    page.keyboard.press("ArrowDown")
    expect(results(page).nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    field.fill("daj")
    expect(results(page).first).to_contain_text("汀澜县档案局")
    page.keyboard.press("Enter")
    # 档案局 is no 政府部门: the group would hide it
    watched.until(lambda: "department=D09" in watched.address() and "/ranking" not in watched.address())
    assert "quarter=2026Q2" in watched.address() and "category" not in watched.address()
    expect(page.locator("#main")).to_contain_text("档案局")


def test_a_slash_opens_it_but_not_while_somebody_types(watched: Watched):
    page = watched.open("/ranking?lang=en&theme=dark")
    box = page.get_by_role("searchbox")
    box.focus()
    page.keyboard.type("a/b")
    expect(page.locator("dialog.finder[open]")).to_have_count(0)
    expect(box).to_have_value("a/b")
    page.locator("h1").click()
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name=re.compile("Department, indicator"))
    field.fill("19")
    expect(results(page).first).to_contain_text("Money unaudited")
    field.fill("nothing of the kind")
    expect(page.locator(".finder-status")).to_contain_text("Nothing found")
    expect(results(page)).to_have_count(0)
    field.fill("audit office")
    expect(results(page).first).to_contain_text("Audit Office")
    page.keyboard.press("Enter")
    watched.until(lambda: "department=D11" in watched.address())
    assert "lang=en&theme=dark" in watched.address()
    page.keyboard.press("Control+k")
    field.fill("D09")
    expect(results(page).first).to_contain_text("Archives Office")
    page.keyboard.press("Enter")
    watched.until(lambda: "department=D09" in watched.address())
    page.go_back()
    watched.until(lambda: "department=D11" in watched.address())
    expect(page.locator("#main")).to_contain_text("Audit Office")
