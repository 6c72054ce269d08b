"""A chart's menu in a browser: the files that it downloads are opened, the clipboard holds the picture, keys work."""

import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Locator, expect

SVG = "{http://www.w3.org/2000/svg}"


def menu_of(page, chart: str) -> Locator:
    menu = page.locator(f'[data-chart="{chart}"]')
    menu.locator("summary").scroll_into_view_if_needed()
    return menu


def downloaded(page, menu: Locator, choice: str) -> tuple[str, bytes]:
    menu.locator("summary").click()
    with page.expect_download() as found:
        menu.locator(choice).click()
    return found.value.suggested_filename, Path(found.value.path()).read_bytes()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chart_is_downloaded_as_it_stands_with_its_title_always_light(watched, theme):
    page = watched.open(f"/cases?quarter=2026Q2&theme={theme}")
    card = page.locator(".chart-card").filter(has=page.locator('[data-chart="cases-sources"]'))
    expect(card.locator(".main-svg").first).to_be_attached()
    title, menu = card.locator("h2").inner_text(), menu_of(page, "cases-sources")

    name, content = downloaded(page, menu, '[data-export="svg"]')
    root = ElementTree.fromstring(content)
    assert name.startswith("2026Q2-") and root.findtext(f"{SVG}title") == title
    assert root.find(f"{SVG}rect").get("fill") == "#fff" and b"Noto Sans SC" in content
    width, height = int(root.get("width")), int(root.get("height"))

    _, content = downloaded(page, menu, '[data-scale="2"]')
    assert struct.unpack(">II", content[16:24]) == (2 * width, 2 * height)
    assert menu.get_attribute("open") is None

    _, content = downloaded(page, menu, '[data-export="pdf"]')
    assert content.startswith(b"%PDF") and b"NotoSansSC" in content
    _, content = downloaded(page, menu, '[data-export="csv"]')
    assert len(content.decode("utf-8-sig").splitlines()) == 1 + card.locator(".chart-table tbody tr").count()


def test_light_rows_have_the_same_menu_and_the_picture_can_be_copied_and_the_keyboard_closes_it(watched):
    page = watched.open("/ranking")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    menu = menu_of(page, "ranking")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    menu.locator('[data-export="copy"]').focus()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("status")).to_have_text("图片已复制")
    assert page.evaluate("navigator.clipboard.read().then((found) => found[0].types)") == ["image/png"]
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    expect(menu.locator("summary")).to_be_focused()
    page.emulate_media(media="print")
    expect(menu).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    rules = page.evaluate("[...document.querySelectorAll('head style')].map((one) => one.textContent).join()")
    assert '@top-left { content: "排名 · 2026年第三季度' in rules and "counter(page)" in rules  # on every sheet


def test_without_a_secure_context_the_menu_says_what_to_do_instead_of_copying(watched):
    watched.page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    menu = menu_of(watched.open("/gaps"), "gaps")
    menu.locator("summary").click()
    menu.locator('[data-export="copy"]').click()
    expect(menu.get_by_role("status")).to_contain_text("下载 PNG")


def test_while_a_choice_is_on_its_way_no_picture_is_made_of_one_quarter_with_the_words_of_another(watched):
    page = watched.open("/cases")
    expect(page.locator(".main-svg").first).to_be_attached()
    menu, held = menu_of(page, "cases-sources"), []
    page.route(
        "**/_dash-update-component*",
        lambda route: held.append(route) if "quarter=2025Q2" in route.request.post_data else route.continue_(),
    )
    page.locator("select[id*='\"quarter\"']").select_option("2025Q2")  # no neighbour, which would be there already
    watched.until(lambda: "quarter=2025Q2" in watched.address() and held)  # asked for, and not answered yet
    menu.locator("summary").click()
    menu.locator('[data-export="svg"]').click()
    expect(menu.get_by_role("status")).to_contain_text("页面还在更新")
    page.unroute_all(behavior="ignoreErrors")
    assert [line for line in watched.complaints if "409" not in line] == []
    watched.complaints.clear()
