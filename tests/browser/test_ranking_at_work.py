"""The ranking at work: rows by keyboard and mouse, sorting, searching, weights, files, hostile names."""

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

# headings of peer groups stand among the rows
DEPARTMENTS = ".rank-rows .rank-row:has([data-row])"


def names(page) -> list[str]:
    return page.locator(".rank-rows .name a").all_inner_texts()


def test_a_row_is_selected_by_a_click_anywhere_on_it_but_a_dimension_s_cell_leads_to_its_scores(watched):
    page = watched.open("/ranking")
    row = page.locator(DEPARTMENTS).nth(4)
    name = row.locator(".name a")
    for part in (".axis", ".value"):
        own, whole = row.locator(part).bounding_box(), row.bounding_box()
        middle = {side: own[side] + own[size] / 2 - whole[side] for side, size in (("x", "width"), ("y", "height"))}
        row.click(position=middle)
        expect(page.locator("#ranking-selected h2")).to_have_text(name.get_attribute("title"))
        expect(page.locator(".rank-rows .selected")).to_have_count(1)
        page.locator("#ranking-selected .close").click()
        expect(page.locator(".rank-rows .selected")).to_have_count(0)
        watched.until(lambda: watched.address() == "/ranking")
    department = name.get_attribute("data-row")
    row.locator(".cells a").nth(1).click()
    watched.until(lambda: watched.address() == f"/indicator?indicator=dimension_score.service&department={department}")


def test_rows_are_one_tab_stop_and_arrows_walk_them(watched):
    page = watched.open("/ranking")
    assert page.locator(".rank-rows a[tabindex='0']").count() == 1
    page.locator(".rank-rows a[tabindex='0']").focus()
    line = page.locator(DEPARTMENTS).first.bounding_box()["height"]

    def pressed(key: str) -> tuple[float, float]:
        """How far a key moves the focus, to the right and in lines down."""
        box = "(({ left, top }) => [left, top])(document.activeElement.getBoundingClientRect())"
        before = page.evaluate(box)
        page.keyboard.press(key)
        after = page.evaluate(box)
        return after[0] - before[0], round((after[1] - before[1]) / line)

    assert [pressed(key) for key in ("ArrowDown", "ArrowDown")] == [(0, 1), (0, 1)]
    across, down = pressed("ArrowRight")
    assert across > 300 and down in (0, 1), "the same line of the other list, or the one below a heading"
    assert pressed("ArrowUp")[0] == 0
    row = page.evaluate("document.activeElement.dataset.row")
    page.keyboard.press("Enter")
    watched.until(lambda: watched.address() == f"/ranking?department={row}")
    watched.until(lambda: page.evaluate("document.activeElement.dataset.row") == row)
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.dataset.row") == page.locator(
        ".rank-rows [data-row]"
    ).last.get_attribute("data-row")


def test_a_column_head_sorts_and_a_second_click_turns_round(watched):
    page = watched.open("/ranking")
    page.get_by_title("按得分排序").click()
    watched.until(lambda: watched.address() == "/ranking?sort=value")
    # the address changes at once, the heads with the rows that follow it
    watched.until(lambda: "order=asc" in (page.get_by_title("按得分排序").get_attribute("href") or ""))
    first = names(page)
    page.get_by_title("按得分排序").click()
    watched.until(lambda: watched.address() == "/ranking?sort=value&order=asc")
    watched.until(lambda: names(page)[0] == first[-1])


def test_typing_a_name_filters_without_losing_the_focus(watched):
    page = watched.open("/ranking")
    box = page.get_by_role("searchbox")
    box.press_sequentially("镇", delay=20)
    watched.until(lambda: watched.address() == "/ranking?q=镇")
    watched.until(lambda: 0 < len(names(page)) < 20)
    assert all("镇" in name for name in names(page))
    expect(box).to_be_focused()
    box.fill("没有的")
    expect(page.get_by_text("没有符合条件的部门")).to_be_visible()
    page.get_by_text("清除查找和同类组").click()
    expect(page.locator(DEPARTMENTS)).to_have_count(64)
    expect(box).to_have_value("")


def test_own_weights_are_named_as_such_until_they_are_reset(watched):
    page = watched.open("/ranking")
    before = names(page)
    slider = page.get_by_role("slider").first
    slider.focus()
    page.keyboard.press("End")
    expect(page.locator(".banner")).to_have_text("自定义权重，仅本页")
    expect(slider).to_be_focused()
    expect(page.locator("#ranking-weights-sum")).to_contain_text("折算为 100")
    assert watched.address().startswith("/ranking?weights=lawfulness:100,service:")
    assert names(page) != before
    page.get_by_text("恢复默认").click()
    expect(page.locator(".banner")).to_have_count(0)
    watched.until(lambda: watched.address() == "/ranking")
    watched.until(lambda: names(page) == before)
    expect(slider).to_have_value("17")


def test_another_indicator_brings_its_own_unit_and_order(watched):
    page = watched.open("/ranking")
    page.locator("select[id*='\"indicator\"']").select_option("complaint_rate")
    expect(page.locator("#ranking-main h2").first).to_contain_text("投诉率（每百名工作人员）")
    expect(page.locator("#ranking-weights")).to_be_hidden()
    expect(page.locator("#ranking-main")).to_contain_text("数值越低越好")


def test_the_file_holds_what_the_page_shows(watched):
    page = watched.open("/ranking?q=镇&sort=name")
    page.locator("summary.tool").click()
    with page.expect_download() as download:
        page.get_by_text("表格 CSV").click()
    assert download.value.suggested_filename == "明镜_排名_综合得分_2026年第三季度_演示数据.csv"
    lines = download.value.path().read_text("utf-8-sig").splitlines()[1:]
    shown = [link.get_attribute("data-row") for link in page.locator(".rank-rows [data-row]").all()]
    assert [line.split(",")[2] for line in lines] == shown


def test_the_workbook_holds_the_numbers_that_the_screen_shows(watched):
    page = watched.open("/ranking?indicator=complaint_rate&q=镇&sort=name")
    page.locator("summary.tool").click()
    with page.expect_download() as download:
        page.get_by_text("Excel 工作簿").click()
    head, *rows = CalamineWorkbook.from_path(download.value.path()).get_sheet_by_index(0).to_python()
    value = head.index("投诉率（每百名工作人员）（件/百人）")
    shown = page.locator(f"{DEPARTMENTS} .value").all_inner_texts()
    assert len(shown) == 6 and [f"{row[value]:.1f}" for row in rows] == shown


@pytest.mark.parametrize(
    "search", ["?q=<img src=x onerror=alert(1)>", "?department=javascript:alert(1)", "?sort=javascript:alert(1)"]
)
def test_nothing_from_the_address_becomes_a_link_or_an_element(watched, search):
    page = watched.open(f"/ranking{search}")
    expect(page.locator("#ranking-main h2")).to_be_visible()
    assert page.locator("main img").count() == 0
    assert page.locator("[href^='javascript']").count() == 0


def test_a_hostile_name_in_the_data_is_shown_as_text(page, make_office, make_app, served):
    hostile = "<img src=x onerror=alert(1)>"
    office = make_office({"A": (hostile, 90, 25), "B": ("乙局", 80, 25), "<b>C": ("丙局", 70, 25)})
    alerts = []
    page.on("dialog", lambda dialog: alerts.append(dialog.message))
    url = served(make_app(office))
    for path in ("/", "/ranking?department=A"):
        page.goto(url + path)
        expect(page.get_by_text(hostile).first).to_be_visible()
        assert page.locator("main img").count() == 0
    assert alerts == []
