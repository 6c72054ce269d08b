"""Every chart of every page as every kind of file, opened and laid out to be looked at. Asserts nothing.

    python -m tests.contact_sheets --data DIR --out DIR [--lang zh,en] [--paths /cases,/gaps]

DIR is a data folder, such as `python -m dashboard --data DIR demo` makes. A sheet a page and language: a row a chart,
its PNG, its PDF (drawn by pdftoppm) and its SVG (drawn by Chromium, which knows none of our fonts but those inside).
"""

import argparse
import io
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import dash
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from dashboard import exports
from dashboard.access.gate import alone
from dashboard.app import create_app
from dashboard.reports.pictures import Renderer, composed, pdf, png, svg_file
from dashboard.settings import Settings
from dashboard.warehouse import Warehouse
from tests.conftest import CHROMIUM_FLAGS, chromium
from tests.test_exports import CHOSEN

ACROSS, AIR = 700, 8  # pixels of a file on the sheet, and between two


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lang", default="zh,en")
    parser.add_argument("--paths", default="")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    app = create_app(Warehouse(given.data), Settings.load(given.data), alone)
    with Renderer() as draw, sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        page = browser.new_page()
        for path in filter(None, given.paths.split(",")) if given.paths else exports.paths():
            for lang in given.lang.split(","):
                rows = [[*opened(card, page)] for card in cards(app, path, lang, draw)]
                if rows:
                    name = f"{path.strip('/') or 'overview'}-{lang}.png"
                    laid_out(rows).save(given.out / name)
                    print(name, len(rows))
        browser.close()


def cards(app: dash.Dash, path: str, lang: str, draw: Callable[..., str]) -> Iterator[str]:
    search = f"?lang={lang}&{CHOSEN.get(path, '')}"
    with app.server.test_request_context(path + search):
        for chart in exports.charts(path, search).values():
            shown = chart.exported.drawing
            drawn = draw(shown, chart.exported.height) if chart.needs_drawing("svg") else shown()
            yield composed(chart.words, drawn, chart.exported.height)


def opened(card: str, page: Page) -> Iterator[Image.Image]:
    yield Image.open(io.BytesIO(png(card)))
    drawn = subprocess.run(["pdftoppm", "-r", "72", "-png", "-"], input=pdf(card), capture_output=True, check=True)
    yield Image.open(io.BytesIO(drawn.stdout))
    page.set_content(f"<style>body {{ margin: 0 }}</style>{svg_file(card).decode().partition('?>')[2]}")
    page.evaluate("document.fonts.ready")
    yield Image.open(io.BytesIO(page.locator("svg").first.screenshot()))


def laid_out(rows: list[list[Image.Image]]) -> Image.Image:
    small = [
        [one.convert("RGB").resize((ACROSS, round(one.height * ACROSS / one.width))) for one in row] for row in rows
    ]
    heights = [max(one.height for one in row) + AIR for row in small]
    sheet = Image.new("RGB", (max(map(len, small)) * (ACROSS + AIR), sum(heights)), "grey")
    for at, row in enumerate(small):
        for column, one in enumerate(row):
            sheet.paste(one, (column * (ACROSS + AIR), sum(heights[:at])))
    return sheet


if __name__ == "__main__":
    main()
