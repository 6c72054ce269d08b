"""Departments are added and taken out in the browser, Back returns, and the control always offers the others."""

from playwright.sync_api import expect

from tests.browser.conftest import Watched


def test_departments_are_added_and_taken_out_and_back_returns(watched: Watched):
    page = watched.open("/compare?compared=D09,D58")
    chips, add = page.locator(".compare-chip"), page.get_by_label("添加部门")
    expect(chips).to_have_count(2)
    add.select_option(label="商务局")
    expect(chips).to_have_count(3)
    assert watched.address() == "/compare?compared=D09,D58,D20"
    expect(add.locator("option", has_text="商务局")).to_have_count(0)
    expect(add.locator("option:checked")).to_contain_text("选一个加入")
    chips.first.get_by_role("link", name="移出对比").click()
    expect(chips).to_have_count(2)
    expect(chips.first).to_contain_text("梅溪镇")
    page.go_back()
    expect(chips).to_have_count(3)
    expect(page.locator(".compare-table").first).to_contain_text("丙")
