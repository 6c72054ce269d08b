"""Which characters come together into a piece of the page's font: writes assets/fonts/pieces.txt. Asserts nothing.

    python -m tests.font_pieces --data DIR
    python -m dashboard.deploy.fonts

DIR is a data folder, such as `python -m dashboard --data DIR demo` makes. Every page is opened in both languages, and
asked which characters it shows in which weight. Those of the same pages are a group; of two groups one is made as long
as all pages together load less by it, a file more being as dear as `FILE` bytes. What our words say elsewhere, in a
menu or a refusal, comes after them: no word of ours needs one of the large pieces of all that there is. Letters,
figures and signs are a group of their own.
"""

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser

from dashboard.deploy.fonts import CHINESE, PIECES, WEIGHTS, parts
from tests.benchmarks.clicks import served
from tests.benchmarks.painted import browsing
from tests.pages.test_pages import PATHS
from tests.support import PROJECT
from tests.test_exports import CHOSEN

FILE, GLYPH = 5000, 165  # bytes: what a further file costs a page, with its own head and the time to ask; a character
ELSEWHERE = 100  # characters of a piece of those that no page shows at once
WORDS = ("dashboard/**/*.toml", "dashboard/**/*.html", "queries/**/*.sql", "assets/script/*.js")
SHOWN = """
(weights) => {
  const found = Object.fromEntries(weights.map((weight) => [weight, ""]));
  const add = (text, { fontFamily, fontWeight }) => {
    if (fontFamily.includes("Noto Sans SC")) found[fontWeight >= 600 ? 700 : 400] += text;
  };
  for (const one of document.querySelectorAll("body *")) {
    const place = one.closest("select") || one;
    if (!place.checkVisibility()) continue;
    const style = getComputedStyle(place);
    [...one.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE).forEach(({ data }) => add(data, style));
    if (one.matches("input, textarea")) add(one.value + one.placeholder, style);
    ["::before", "::after", "::marker"].forEach((part) => {
      const drawn = getComputedStyle(one, part);
      if (drawn.content.includes('"')) add(drawn.content, drawn);
    });
  }
  return { ...found, every: document.documentElement.outerHTML };
}
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, required=True)
    given = options.parse_args()
    with served(given.data) as url, browsing() as browser:
        addresses = [f"{url}{path}?lang={lang}&{CHOSEN.get(path, '')}" for path in PATHS for lang in ("zh", "en")]
        pages = [shown(browser, address) for address in addresses]
    write(pages)


def write(pages: list[dict[str, str]]) -> None:
    texts = [path.read_text("utf-8") for pattern in WORDS for path in PROJECT.glob(pattern)]
    every = printed("".join([*texts, *(text for page in pages for text in page.values())]))
    signs = {one for one in every if one < CHINESE}.union(map(chr, range(0x20, 0x7F)))
    lines = []
    for weight in WEIGHTS:
        there = [printed(page[str(weight)]) - signs for page in pages]
        more = sorted(every.difference(signs, *there))
        groups = [signs, *grouped(there), *parts(more, ELSEWHERE)]
        lines += [f"{weight} {''.join(sorted(group))}" for group in groups]
    PIECES.write_text("\n".join(lines) + "\n", "utf-8")


def shown(browser: Browser, address: str) -> dict[str, str]:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(address)
    page.locator("#first-view").wait_for(state="detached")
    page.wait_for_timeout(5000)  # charts come later
    found = page.evaluate(SHOWN, list(WEIGHTS))
    page.close()
    return found


def printed(text: str) -> set[str]:
    return {one for one in text if one.isprintable() or one in "\u00a0\u3000"}


def grouped(pages: list[set[str]]) -> list[set[str]]:
    """The characters of all pages, by the pages that show them."""
    of_pages = defaultdict(set)
    for character in sorted(set().union(*pages)):
        of_pages[tuple(character in page for page in pages)].add(character)
    groups, on = list(of_pages.values()), np.array(list(of_pages))
    while len(groups) > 1:
        size = np.array([len(group) for group in groups])
        together = (on[:, None] | on[None]).sum(axis=2) * (FILE + GLYPH * (size[:, None] + size))
        alone = on.sum(axis=1) * (FILE + GLYPH * size)
        gain = alone[:, None] + alone - together
        np.fill_diagonal(gain, 0)
        one, other = np.unravel_index(gain.argmax(), gain.shape)
        if gain[one, other] <= 0:
            break
        groups[one] |= groups.pop(other)
        on[one] |= on[other]
        on = np.delete(on, other, axis=0)
    return groups


if __name__ == "__main__":
    main()
