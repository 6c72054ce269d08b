"""Cuts the page's font into pieces of which a browser fetches those that a page needs: python -m dashboard.deploy.fonts

Characters that the same pages show are in the same piece: a line of assets/fonts/pieces.txt, which names its weight too
(tests/font_pieces.py asks the pages of the demonstration county). All others, which names in an office's own data may
have, are in pieces of neighbouring code points.
"""

import hashlib
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ASSETS = Path(__file__).parents[2] / "assets"
FONTS, STYLE = ASSETS / "fonts", ASSETS / "style" / "0-fonts.css"
PIECES = FONTS / "pieces.txt"
WEIGHTS = (400, 700)
CHINESE = "\u2e80"  # what is before are letters, figures and signs
OTHERS = 250  # characters of a piece that no line names
FACE = """@font-face {{ font-family: "Noto Sans SC"; font-weight: {weight}; font-display: swap;
  src: url("../fonts/{weight}/{name}.woff2") format("woff2"); unicode-range: {ranges}; }}"""
HEAD = "/* Noto Sans SC in pieces; of two that claim a character the later has it: dashboard/deploy/fonts.py. */"


def main() -> None:
    lines = [line.split(" ", 1) for line in PIECES.read_text("utf-8").splitlines()]
    faces = []
    for weight in WEIGHTS:
        font = TTFont(FONTS / f"noto-sans-sc-{weight}.woff2", recalcTimestamp=False)
        there = sorted(map(chr, font.getBestCmap()))
        whole = _written(font, None)
        named = [sorted(set(line).intersection(there)) for of, line in lines if of == str(weight)]
        rest = sorted(set(there).difference(*named))
        signs = [one for one in rest if one < CHINESE]
        chinese = parts(rest[len(signs) :], OTHERS)
        pieces = [(f"rest-{at}", part, [[ord(part[0]), ord(part[-1])]]) for at, part in enumerate(chinese)]
        pieces += [(f"words-{at}", part, _runs(part)) for at, part in enumerate([signs, *named]) if part]
        folder = FONTS / str(weight)
        folder.mkdir(exist_ok=True)
        for old in folder.glob("*.woff2"):
            old.unlink()
        for kind, part, runs in pieces:
            piece = _cut(whole, part)
            name = f"{kind}-{hashlib.sha256(piece).hexdigest()[:6]}"  # browsers keep it for a year
            (folder / f"{name}.woff2").write_bytes(piece)
            faces.append(FACE.format(weight=weight, name=name, ranges=_ranges(runs)))
    STYLE.write_text("\n".join([HEAD, *faces, ""]), "utf-8")


def parts(characters: Sequence[str], most: int) -> list[Sequence[str]]:
    return [characters[at : at + most] for at in range(0, len(characters), most)]


def _runs(characters: Iterable[str]) -> list[list[int]]:
    """The first and the last code point of each run of neighbours."""
    runs: list[list[int]] = []
    for point in map(ord, characters):
        if runs and point == runs[-1][1] + 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return runs


def _ranges(runs: Iterable[Sequence[int]]) -> str:
    """'U+20-7E,U+4E00'."""
    return ",".join(f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in runs)


def _cut(whole: bytes, characters: Sequence[str]) -> bytes:
    options = subset.Options(layout_features=["kern", "ccmp"], hinting=False)
    font, cutter = TTFont(io.BytesIO(whole), recalcTimestamp=False), subset.Subsetter(options)
    cutter.populate(text="".join(characters))
    cutter.subset(font)
    return _written(font, "woff2")


def _written(font: TTFont, flavor: str | None) -> bytes:
    font.flavor = flavor
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


if __name__ == "__main__":
    main()
