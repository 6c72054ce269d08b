"""Complaints in a real browser: what a click on a mark does, what stays in place, what fits on the first screen."""

from playwright.sync_api import expect

FUNNEL = ".complaints-top .js-plotly-plot"


def drawn(page):
    expect(page.locator(f"{FUNNEL} .scatterlayer .point").first).to_be_visible()
    return page


def click_mark(page, department):
    """Where the funnel itself says that the department's mark stands."""
    x, y = page.evaluate(
        """([css, department]) => {
            const plot = document.querySelector(css), box = plot.getBoundingClientRect();
            const trace = plot._fullData.find((one) => (one.customdata || []).includes(department));
            const at = trace.customdata.indexOf(department), layout = plot._fullLayout;
            const [across, up] = [trace.xaxis, trace.yaxis].map((name) => layout[name[0] + "axis" + name.slice(1)]);
            return [box.x + across._offset + across.d2p(trace.x[at]), box.y + up._offset + up.d2p(trace.y[at])];
        }""",
        [FUNNEL, department],
    )
    page.mouse.move(x - 3, y - 3)
    page.mouse.move(x, y, steps=3)
    expect(page.locator(f"{FUNNEL} .hoverlayer .hovertext").first).to_be_visible()
    page.mouse.click(x, y)


def test_a_click_on_a_mark_selects_its_department_and_another_lets_go(watched):
    page = drawn(watched.open("/complaints?scope=region"))
    page.evaluate(f"document.querySelector('{FUNNEL}').dataset.mark = 'same'")
    click_mark(page, "D09")
    watched.until(lambda: watched.address() == "/complaints?scope=region&department=D09")
    expect(page.locator(".outliers tr.selected")).to_have_count(1)
    expect(page.locator("#complaints-time-frame h2")).to_contain_text(
        page.locator(".outliers tr.selected th a").inner_text()
    )
    click_mark(page, "D09")
    watched.until(lambda: watched.address() == "/complaints?scope=region")
    expect(page.locator(".outliers tr.selected")).to_have_count(0)
    expect(page.locator(FUNNEL)).to_have_attribute("data-mark", "same")  # drawn anew, never rebuilt
    page.go_back()
    expect(page.locator(".outliers tr.selected")).to_have_count(1)


def test_findings_funnel_and_table_fit_on_a_desk_screen(watched):
    page = drawn(watched.open("/complaints"))
    foot = page.locator(".foot").bounding_box()["y"]
    for css in ("#complaints-findings", ".complaints-top", "#complaints-outliers"):
        box = page.locator(css).bounding_box()
        assert box["y"] + box["height"] <= foot, css


def test_the_page_is_accessible_and_never_scrolls_sideways(watched):
    wrong = {}
    for look in ("lang=zh&theme=dark", "lang=en&theme=light"):
        drawn(watched.open(f"/complaints?{look}&department=D13"))
        wrong[look] = watched.wrong()
    assert not any(wrong.values()), wrong
