"""Powers and decisions in a browser: no text runs over."""

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("path", ["/powers", "/decisions", "/decisions?view=tasks"])
def test_words_stay_in_their_boxes_and_the_page_never_scrolls_sideways(watched, path):
    for lang in ("zh", "en"):
        page = watched.open(f"{path}{'&' if '?' in path else '?'}lang={lang}")
        expect(page.locator(".card-box").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 1366, lang
        over = page.evaluate(
            """() => [...document.querySelectorAll(".table-scroll, .powers-tile, .share-cell, .count-matrix td")]
                .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.textContent)"""
        )
        assert over == [], lang
