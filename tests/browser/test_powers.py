"""Powers and decisions in a browser: a mark leads to its catalogue and back, and no text runs over."""

import pytest
from playwright.sync_api import expect

FINDING = ".powers-finding h2"


def test_a_click_on_a_mark_opens_its_catalogue_and_the_chip_leads_back(watched):
    page = watched.open("/powers")
    everybody = page.locator(FINDING).inner_text()
    mark = page.locator(".chart-card.leads .trace.scatter .points path.point").last  # the flagged are drawn last
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".powers-catalogue tbody tr").first).to_be_visible()
    assert "department=D47" in watched.address()
    page.locator(".chip").first.click()
    expect(page.locator(".powers-catalogue")).to_have_count(0)
    expect(page.locator(FINDING)).to_have_text(everybody)


@pytest.mark.parametrize("path", ["/powers", "/decisions", "/decisions?view=tasks"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_words_stay_in_their_boxes_and_the_page_never_scrolls_sideways(watched, path, lang):
    page = watched.open(f"{path}{'&' if '?' in path else '?'}lang={lang}")
    expect(page.locator(".card-box").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    over = page.evaluate(
        """() => [...document.querySelectorAll(".table-scroll, .powers-tile, .share-cell, .count-matrix td")]
            .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.textContent)"""
    )
    assert over == []
