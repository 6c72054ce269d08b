"""The fonts of every file that we make: our own on any machine, so that a name never becomes a row of boxes.

Regular is all of Noto Sans SC, from a pinned package, because rare characters stand in names. Bold is the page's, cut
down to GB 2312: what it lacks is set in Regular. Nothing of the system is used.
"""

import base64
import functools
import hashlib
import io
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pylopdf_fonts_zh_cn as noto
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from dashboard.charts import theme

FAMILY = "Noto Sans SC"
SERIF = "Noto Serif SC"
BOLD = Path(__file__).parents[2] / "assets" / "fonts" / "noto-sans-sc-700.woff2"


@functools.cache
def folders() -> tuple[Path, Path]:
    """Where the font files are: Regular (Sans and Serif), then Bold."""
    return noto.sans_path().parent, _bold_file().parent


@functools.cache
def _bold_file() -> Path:
    """The page's bold as TrueType: what sets pages reads no WOFF2. Unpacking takes seconds, so it is kept."""
    packed = BOLD.read_bytes()
    own = f"mingjing-{hashlib.sha256(packed).hexdigest()[:12]}"
    try:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / own
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return _unpacked(packed, folder)
    except (OSError, RuntimeError):  # no home, or none that can be written
        return _unpacked(packed, Path(tempfile.mkdtemp(prefix=own)))


def _unpacked(packed: bytes, folder: Path) -> Path:
    file = folder / "noto-sans-sc-700.ttf"
    if not file.exists():
        font = TTFont(io.BytesIO(packed))
        font.flavor = None
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as half:
            font.save(half)
        os.replace(half.name, file)  # whole or not at all: two processes may come at once
    return file


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


def faces(regular: Iterable[str], bold: Iterable[str]) -> str:
    """CSS that brings the glyphs of these texts along, for a file that is opened on another machine."""
    wide, strong = set("".join(regular)), set("".join(bold))
    missing = {character for character in strong if ord(character) not in glyphs(bold=True)}
    parts = [(noto.sans_path(), 400, wide | missing), (_bold_file(), 700, strong - missing)]
    return "".join(
        f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};'
        f'src:url("data:font/woff2;base64,{_cut(file, "".join(sorted(characters)))}") format("woff2")}}'
        for file, weight, characters in parts
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
