"""The fonts of every file that we make: our own on any machine, so that a name never becomes a row of boxes.

Regular is all of Noto Sans SC, from a pinned package, because rare characters stand in names. Bold is the page's, cut
down to GB 2312: what it lacks is set in Regular. Nothing of the system is used.

Quotation marks, middle dot and section sign of a Chinese font are as wide as a character. English takes a font of its
own, which is made of ours: the letters, and those marks with the room that they need.
"""

import base64
import functools
import hashlib
import io
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pylopdf_fonts_zh_cn as noto
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from dashboard.charts import theme

FAMILY = "Noto Sans SC"
LATIN, LATIN_SERIF = "Mingjing Latin", "Mingjing Latin Serif"
MARKED, FIRST_WIDE = "“”‘’·§", 0x2E80
BESIDE = 60  # on either side of such a mark, of 1000
SERIF = "Noto Serif SC"
BOLD = Path(__file__).parents[2] / "assets" / "fonts" / "noto-sans-sc-700.woff2"


@functools.cache
def folders() -> tuple[Path, Path]:
    """Where the font files are: Regular (Sans and Serif), then Bold and those of English."""
    return noto.sans_path().parent, _made()


@functools.cache
def _made() -> Path:
    """The folder of the fonts that are made of others. Making them takes seconds, so they are kept."""
    packed = BOLD.read_bytes()
    own = f"mingjing-{hashlib.sha256(packed + f'{MARKED}{BESIDE}'.encode()).hexdigest()[:12]}"
    try:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / own
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return _filled(packed, folder)
    except (OSError, RuntimeError):  # no home, or none that can be written
        return _filled(packed, Path(tempfile.mkdtemp(prefix=own)))


def _filled(packed: bytes, folder: Path) -> Path:
    """With the page's bold as TrueType (what sets pages reads no WOFF2) and, of it and of Regular, the Latin."""
    if all((folder / name).exists() for name in (_BOLD, *_LATINS)):
        return folder
    bold = TTFont(io.BytesIO(packed))
    bold.flavor = None
    _keep(bold, folder / _BOLD)
    for name, (source, family, weight) in _LATINS.items():
        _keep(_latin(TTFont(source() if source else folder / _BOLD), family, weight), folder / name)
    return folder


def _keep(font: TTFont, file: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as half:
        font.save(half)
    os.replace(half.name, file)  # whole or not at all: two processes may come at once


_BOLD = "noto-sans-sc-700.ttf"
# file → where Regular is (None: of Bold), family, weight
_LATINS: dict[str, tuple[Callable[[], Path] | None, str, int]] = {
    "latin-400.otf": (noto.sans_path, LATIN, 400),
    "latin-700.ttf": (None, LATIN, 700),
    "latin-serif-400.otf": (noto.serif_path, LATIN_SERIF, 400),
}


def _latin(source: TTFont, family: str, weight: int) -> TTFont:
    """The letters and signs of a font, its marks as wide as they are drawn and a little room beside them."""
    cutter = Subsetter(Options(layout_features=["kern"], hinting=False, notdef_outline=True))
    cutter.populate(unicodes=[code for code in source.getBestCmap() if code < FIRST_WIDE])
    cutter.subset(source)
    for character in MARKED:
        _narrow(source, source.getBestCmap()[ord(character)])
    style = "Bold" if weight == 700 else "Regular"
    names = {1: family, 2: style, 4: f"{family} {style}", 6: f"{family.replace(' ', '')}-{style}"}
    source["name"].names = []
    for number, words in names.items():
        source["name"].setName(words, number, 3, 1, 0x409)
    return source


def _narrow(font: TTFont, name: str) -> None:
    glyphs_ = font.getGlyphSet()
    bounds = BoundsPen(glyphs_)
    glyphs_[name].draw(bounds)
    left, _, right, _ = bounds.bounds
    if "glyf" in font:
        pen = TTGlyphPen(glyphs_)
        glyphs_[name].draw(TransformPen(pen, (1, 0, 0, 1, BESIDE - left, 0)))
        font["glyf"][name] = pen.glyph()
    else:
        pen = T2CharStringPen(None, glyphs_)
        glyphs_[name].draw(TransformPen(pen, (1, 0, 0, 1, BESIDE - left, 0)))
        strings = font["CFF "].cff.topDictIndex[0].CharStrings
        strings[name] = pen.getCharString(strings[name].private, strings[name].globalSubrs)
    font["hmtx"][name] = (round(right - left) + 2 * BESIDE, BESIDE)


def _bold_file() -> Path:
    return _made() / _BOLD


@functools.cache
def glyphs(bold: bool = False) -> frozenset[int]:
    """The characters that the font has."""
    with TTFont(_bold_file() if bold else noto.sans_path(), lazy=True) as font:
        return frozenset(font.getBestCmap())


def width(words: str, size: float) -> float:
    """How wide the words are in our serif, the widest of the faces that an office sets its papers in."""
    return size * _em(words)


@functools.lru_cache(1 << 16)  # the same words come again and again while a size is looked for
def _em(words: str) -> float:
    of = _advances()
    return sum(of.get(character, 1.0) for character in words)


def lines(words: str, size: float, room: float) -> int:
    """How many lines they take in it, broken at a space or beside a Chinese character."""
    count, used = 1, 0.0
    for piece in theme.PIECE.findall(words):
        if used and used + width(piece.rstrip(), size) > room:
            count, used = count + 1, 0.0
        used += width(piece, size)
    return count


@functools.cache
def _advances() -> dict[str, float]:
    with TTFont(noto.serif_path(), lazy=True) as font:
        em, metrics = font["head"].unitsPerEm, font["hmtx"]
        return {chr(code): metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()}


def faces(regular: Iterable[str], bold: Iterable[str], is_latin: bool = False) -> str:
    """CSS that brings the glyphs of these texts along, for a file that is opened on another machine."""
    wide, strong = set("".join(regular)), set("".join(bold))
    missing = {character for character in strong if ord(character) not in glyphs(bold=True)}
    parts = [(noto.sans_path(), FAMILY, 400, wide | missing), (_bold_file(), FAMILY, 700, strong - missing)]
    if is_latin:
        latin = [(LATIN, set(filter(lambda character: ord(character) < FIRST_WIDE, one))) for *_, one in parts]
        files = (_made() / "latin-400.otf", _made() / "latin-700.ttf")
        parts += [(file, name, weight, some) for file, weight, (name, some) in zip(files, (400, 700), latin)]
    return "".join(
        f'@font-face{{font-family:"{family}";font-weight:{weight};'
        f'src:url("data:font/woff2;base64,{_cut(file, "".join(sorted(characters)))}") format("woff2")}}'
        for file, family, weight, characters in parts
        if characters
    )


def _cut(file: Path, characters: str) -> str:
    font = TTFont(file, lazy=True)
    cutter = Subsetter(Options(layout_features=[], hinting=False, notdef_outline=True))
    cutter.populate(text=characters)
    cutter.subset(font)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return base64.b64encode(out.getvalue()).decode("ascii")
