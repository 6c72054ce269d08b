"""Cases in a browser: a mark leads to its department and back, controls keep their place, nothing runs over."""

from playwright.sync_api import expect

FLOW = "#cases-body .chart-card h2"


def test_a_click_on_a_mark_narrows_the_page_and_the_chip_leads_back(watched):
    page = watched.open("/cases?scope=region")
    everybody = page.locator(FLOW).first.inner_text()
    graph = page.locator(".chart-card", has=page.get_by_text("各部门立案 ÷ 线索")).locator(".chart-graph")
    mark = graph.locator(".trace.scatter .points path.point").last  # those outside the limits are drawn last
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".chip")).to_contain_text("只看：")
    assert "department=D" in watched.address()
    expect(page.locator(FLOW).first).not_to_have_text(everybody)
    page.locator(".chip").click()
    expect(page.locator(".chip")).to_have_count(0)
    expect(page.locator(FLOW).first).to_have_text(everybody)
    assert watched.address() == "/cases?scope=region"


def test_typing_a_name_offers_departments_and_a_choice_empties_the_box(watched):
    page = watched.open("/cases")
    box = page.get_by_role("searchbox")
    box.press_sequentially("法院", delay=20)
    page.locator(".chip.hit").first.click()
    expect(page.locator(".chip")).to_contain_text("人民法院")
    expect(box).to_have_value("")
    page.locator("select[id*='\"window\"']").select_option("1")
    watched.until(lambda: "window=1" in watched.address() and "department=" in watched.address())


def test_charts_hold_their_words_and_the_page_never_scrolls_sideways(watched):
    for width, height, lang in ((1366, 768, "zh"), (1366, 768, "en"), (1920, 1080, "en"), (1920, 1080, "zh")):
        watched.page.set_viewport_size({"width": width, "height": height})
        page = watched.open(f"/cases?lang={lang}")
        expect(page.locator(".chart-graph .main-svg").last).to_be_attached()
        watched.until_all_is_drawn()
        expect(page.locator(".chart-graph").nth(1).locator(".annotation").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, lang
        cut = page.evaluate(
            """() => [...document.querySelectorAll(".js-plotly-plot")].flatMap((plot) => {
                const border = plot.getBoundingClientRect();
                return [...plot.querySelectorAll("text")].filter((text) => {
                    const box = text.getBoundingClientRect();
                    return box.width && (box.left < border.left - 1 || box.right > border.right + 1);
                }).map((text) => text.textContent);
            })"""
        )
        assert cut == [], (lang, width)
