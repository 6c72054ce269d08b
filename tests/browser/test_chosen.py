"""A set of departments in a real browser: drawn on a chart or gathered on rows, applied at once, undone by Back."""

from playwright.sync_api import expect

FUNNEL = ".complaints-top .js-plotly-plot"
HEAT = "#complaints-heat-frame .js-plotly-plot"


def drawn(page, css=f"{FUNNEL} .scatterlayer .point"):
    expect(page.locator(css).first).to_be_visible()
    return page


def inside(page, share):
    """The departments of the funnel surely inside a box around its lower part, and that box in pixels."""
    return page.evaluate(
        """([css, share]) => {
            const plot = document.querySelector(css), box = plot.getBoundingClientRect(), layout = plot._fullLayout;
            const [x, y] = [layout.xaxis, layout.yaxis];
            const [left, right] = [x._offset + x._length * share[0], x._offset + x._length * share[1]];
            const [top, foot] = [y._offset + y._length * 0.7, y._offset + y._length * 0.94];
            const found = [];
            plot._fullData.filter((one) => one.customdata).forEach((one) => one.customdata.forEach((id, i) => {
                const [at, up] = [x._offset + x.d2p(one.x[i]), y._offset + y.d2p(one.y[i])];
                if (left + 2 < at && at < right - 2 && top + 2 < up && up < foot - 2) found.push(id);
            }));
            return [found.sort(), [box.x + left, box.y + top, box.x + right, box.y + foot]];
        }""",
        [FUNNEL, share],
    )


def draw_box(watched, share):
    """The departments that are in the address then: those inside the box, and at most some on its edge."""
    page, before = watched.page, chosen(watched)
    departments, (left, top, right, foot) = inside(page, share)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move((left + right) / 2, (top + foot) / 2, steps=3)
    page.mouse.move(right, foot, steps=3)
    page.mouse.up()
    watched.until(lambda: chosen(watched) != before)
    assert set(departments) <= set(chosen(watched))
    assert len(chosen(watched)) <= len(departments) + 2
    return chosen(watched)


def chosen(watched):
    _, _, ids = watched.address().partition("departments=")
    return sorted(ids.split("&")[0].split(",")) if ids else []


def rows_of(page, css):
    return page.locator(css).evaluate_all(
        "rows => rows.filter((row) => row.offsetParent).map((row) => row.dataset.department)"
    )


def heat_rows(page):
    return page.evaluate(f"document.querySelector('{HEAT}').layout.yaxis.ticktext.length")


def test_a_box_on_the_funnel_narrows_lists_and_heat_map_and_back_restores_it(watched):
    page = drawn(watched.open("/complaints?scope=region"))
    watched.until_all_is_drawn()
    everybody = heat_rows(page)
    departments = draw_box(watched, (0.42, 0.58))
    assert 2 <= len(departments) <= 12
    expect(page.locator(".chosen-chip b")).to_have_text(f"已选 {len(departments)} 个部门")
    watched.until(lambda: heat_rows(page) == len(departments))
    assert sorted(rows_of(page, ".outliers [data-department]")) == departments
    other = draw_box(watched, (0.2, 0.4))  # another box takes the place of the first
    assert not set(other) & set(departments)
    expect(page.locator(".chosen-chip b")).to_have_text(f"已选 {len(other)} 个部门")
    page.locator(".chosen-chip .out").click()
    watched.until(lambda: watched.address() == "/complaints?scope=region")
    expect(page.locator(".chosen-chip")).to_have_count(0)
    watched.until(lambda: heat_rows(page) == everybody)
    page.go_back()
    watched.until(lambda: chosen(watched) == other)
    expect(page.locator(".chosen-chip b")).to_have_text(f"已选 {len(other)} 个部门")
    watched.until(lambda: sorted(rows_of(page, ".outliers [data-department]")) == other)


def test_rows_gathered_by_key_and_mouse_narrow_before_the_server_answers_and_the_latest_choice_wins(watched):
    page = drawn(watched.open("/ranking?scope=region"), ".rank-rows [data-row]")
    everybody = rows_of(page, ".rank-rows [data-department]")
    page.locator(f'[data-row="{everybody[3]}"]').focus()
    page.keyboard.press("s")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("s")
    page.locator(f'[data-department="{everybody[9]}"]').hover()
    page.locator(f'[data-pick="{everybody[9]}"]').click()
    expect(page.locator('[data-pick][aria-pressed="true"]')).to_have_count(3)
    expect(page.locator("#picked [role=status]")).to_have_text("已点选 3 个部门")
    assert watched.address() == "/ranking?scope=region"  # nothing is narrowed before it is said
    assert watched.barriers() == {}

    held, is_held = [], [True]

    def hold(route):
        """Dash asks for everything else only when the address has been answered for; neighbouring quarters may be
        asked for at any time."""
        about = route.request.post_data
        if not is_held or '"output":"..url.search' in about or "quarter=" in about:
            route.continue_()
        else:
            held.append(route)

    page.route("**/_dash-update-component*", hold)
    page.locator("#picked .primary").click()
    wanted = [everybody[3], everybody[4], everybody[9]]
    watched.until(lambda: rows_of(page, ".rank-rows [data-department]") == wanted)
    watched.until(lambda: page.evaluate("1") and len(held) > 1)
    first = list(held)  # the answers to this choice come last
    page.locator(f'[data-department="{wanted[0]}"]').hover()
    page.locator(f'[data-pick="{wanted[0]}"]').click()
    watched.until(lambda: chosen(watched) == sorted(wanted[1:]))
    watched.until(lambda: page.evaluate("1") and len(held) >= 2 * len(first))
    is_held.clear()
    for route in [*held[len(first) :], *first]:
        route.continue_()
    expect(page.locator(".chosen-chip b")).to_have_text("已选 2 个部门")
    assert rows_of(page, ".rank-rows [data-department]") == wanted[1:]

    page.locator("[data-adjust]").click()
    watched.until(lambda: watched.address() == "/ranking?scope=region")
    watched.until(lambda: rows_of(page, ".rank-rows [data-department]") == everybody)
    expect(page.locator('[data-pick][aria-pressed="true"]')).to_have_count(2)
    expect(page.locator("#picked [role=status]")).to_have_text("已点选 2 个部门")
    page.locator("#picked .button:not(.primary)").click()
    expect(page.locator("#picked")).to_be_hidden()
