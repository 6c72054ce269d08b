"""Cuts the page's font into pieces of which a browser fetches those that a page needs: python -m dashboard.deploy.fonts

Characters that stand on the same pages are in the same piece, by the order in assets/fonts/order.txt (made of what the
pages of the demonstration county show); all others are in pieces of neighbouring code points, which few pages need.
"""

import io
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ASSETS = Path(__file__).parents[2] / "assets"
FONTS, STYLE = ASSETS / "fonts", ASSETS / "style" / "0-fonts.css"
WEIGHTS = (400, 700)  # in the order of the lines of order.txt
TOGETHER, OTHERS = 120, 700  # characters of a piece
FACE = """@font-face {{ font-family: "Noto Sans SC"; font-weight: {weight}; font-display: swap;
  src: url("../fonts/{weight}/{name}.woff2") format("woff2"); unicode-range: {ranges}; }}"""
HEAD = "/* Noto Sans SC in pieces; of two that claim a character the later has it: dashboard/deploy/fonts.py. */"


def main() -> None:
    faces = []
    for weight, order in zip(WEIGHTS, (FONTS / "order.txt").read_text("utf-8").splitlines()):
        whole = FONTS / f"noto-sans-sc-{weight}.woff2"
        there = sorted(TTFont(whole).getBestCmap())
        used = [ord(character) for character in order if ord(character) in there]
        plain = [point for point in used if point < 0x2E80]
        chinese = [point for point in used if point >= 0x2E80]
        rest = [point for point in there if point not in set(used)]
        pieces = [(f"rest-{at}", part, f"U+{part[0]:X}-{part[-1]:X}") for at, part in enumerate(_parts(rest, OTHERS))]
        pieces += [(f"words-{at}", part, _ranges(part)) for at, part in enumerate(_parts(chinese, TOGETHER))]
        pieces.append(("plain", plain, _ranges(plain)))
        folder = FONTS / str(weight)
        folder.mkdir(exist_ok=True)
        for old in folder.glob("*.woff2"):
            old.unlink()
        for name, points, ranges in pieces:
            (folder / f"{name}.woff2").write_bytes(_cut(whole, points))
            faces.append(FACE.format(weight=weight, name=name, ranges=ranges))
    STYLE.write_text("\n".join([HEAD, *faces, ""]), "utf-8")


def _parts(points: list[int], most: int) -> list[list[int]]:
    return [points[at : at + most] for at in range(0, len(points), most)]


def _ranges(points: Iterable[int]) -> str:
    """'U+20-7E, U+4E00'."""
    runs: list[list[int]] = []
    for point in sorted(points):
        if runs and point == runs[-1][1] + 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return ", ".join(f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in runs)


def _cut(whole: Path, points: list[int]) -> bytes:
    options = subset.Options(flavor="woff2", layout_features=["kern", "ccmp"], hinting=False)
    font, cutter = TTFont(whole, recalcTimestamp=False), subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(font)
    font.flavor = "woff2"
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


if __name__ == "__main__":
    main()
