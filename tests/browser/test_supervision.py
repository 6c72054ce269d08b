"""The balance and the calendar in a browser: what a mark and a cell lead to, by mouse and by keys."""

from playwright.sync_api import expect


def test_a_bar_narrows_the_list_and_a_calendar_s_cells_are_walked_with_the_keys(watched):
    page = watched.open("/balance")
    bar = page.locator(".chart-graph").first.locator(".trace.bars path").last
    expect(bar).to_be_visible()
    box = bar.bounding_box()
    page.mouse.click(box["x"] + 3, box["y"] + box["height"] / 2)
    expect(page.locator(".chip")).to_contain_text("平衡项：")
    assert "rule=" in watched.address()
    page.locator(".rail-more summary").click()
    page.locator(".rail-more .rail-link", has_text="日历").click()
    cell = page.locator("[data-cell]").first
    expect(cell).to_be_visible()
    assert page.locator("[data-cell][tabindex='0']").count() == 1
    cell.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "End", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".coverage-panel h2")).to_contain_text("燃气公司 2026年第三季度：没有监督活动")
    assert "rule=" not in watched.address() and "period=2026Q3" in watched.address()
    expect(page.locator("[data-cell][tabindex='0']")).to_have_class("cell blank selected")
    page.go_back()
    expect(page.locator(".coverage-panel")).to_have_count(0)
