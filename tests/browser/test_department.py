"""The analyst's day: from the overview to a gap, its department and what the complaints are about, and back."""

from playwright.sync_api import Page, expect

HEADING = ".department-verdict h2"
# The middle of the first cell that leads to an address, in pixels of the window.
CELL = """(plot, way) => {
    plot.scrollIntoView({ block: "center" });
    const { xaxis, yaxis } = plot._fullLayout, [cells] = plot._fullData, box = plot.getBoundingClientRect();
    const i = cells.customdata.findIndex((door) => door && door[1] === way);
    const x = xaxis._offset + xaxis.d2p(cells.base[i] + cells.x[i] / 2);
    return [box.x + x, box.y + yaxis._offset + yaxis.d2p(cells.y[i])];
}"""


def name(page: Page) -> str:
    return page.locator(".department-who b").inner_text()


def test_from_the_overview_to_a_department_its_gap_its_complaints_and_back_to_the_exact_state(watched):
    page = watched.open("/?lang=zh&quarter=2026Q3")
    page.locator("main").get_by_role("link", name="档案局", exact=True).first.click()
    expect(page.locator(HEADING)).to_contain_text("7 条预警")
    department = watched.address()
    assert "department=D09" in department and "quarter=2026Q3" in department, "what was chosen is kept"

    page.locator(".department-gaps").get_by_role("link", name="监督真空").click()
    expect(page.locator("#gaps-drawer h2")).to_contain_text("档案局")
    gap = watched.address()
    assert "rule=supervision_vacuum" in gap
    page.locator("#crumb").get_by_role("link", name="档案局").click()  # the crumb is a door
    expect(page.locator(HEADING)).to_be_visible()

    page.locator(".department-complaints .bars a").first.click()
    expect(page.locator("#complaints-heat-frame")).to_be_in_viewport()
    assert watched.address().startswith("/complaints?") and "department=D09" in watched.address()
    expect(page.locator("#crumb")).to_contain_text("档案局")

    watched.until_all_is_drawn()
    heat = page.locator("#complaints-heat-frame .js-plotly-plot")
    x, y = heat.evaluate(CELL, f"{department}#department-complaints")
    page.mouse.move(x - 3, y - 3)
    page.mouse.move(x, y, steps=3)
    expect(page.locator("#complaints-heat-frame [data-door]")).to_have_count(1)  # the cursor shows it
    complaints = watched.address()
    page.keyboard.down("Control")
    with page.context.expect_page() as beside:
        page.mouse.click(x, y)
    page.keyboard.up("Control")
    beside.value.close()
    assert watched.address() == complaints, "a click with Ctrl opens it beside"
    page.mouse.click(x, y)
    expect(page.locator(".department-complaints")).to_be_in_viewport()
    assert watched.address() == department

    page.go_back()
    expect(page.locator("#crumb")).to_contain_text("档案局")
    assert watched.address() == complaints
    page.go_back()
    expect(page.locator(HEADING)).to_contain_text("7 条预警")
    assert watched.address() == department
    page.go_back()
    expect(page.locator("#gaps-drawer h2")).to_contain_text("档案局")
    assert watched.address() == gap


def test_the_keys_step_through_the_ranking_and_back_undoes_a_step(watched):
    page = watched.open("/ranking?lang=zh&sort=name")
    order = page.locator("[data-row]").evaluate_all("rows => rows.map((row) => row.dataset.row)")
    watched.open(f"/department?lang=zh&sort=name&department={order[1]}")
    first = name(page)
    page.keyboard.press("]")
    watched.until(lambda: f"department={order[2]}" in watched.address())
    watched.until(lambda: name(page) != first)
    page.keyboard.press("[")
    watched.until(lambda: name(page) == first)
    page.keyboard.press("[")
    watched.until(lambda: f"department={order[0]}" in watched.address())
    page.go_back()
    watched.until(lambda: name(page) == first)
    assert f"department={order[1]}" in watched.address()
