"""A chart as a file: its drawing set in a card that says what a reader elsewhere must know, always light.

Three steps, each of them pure but the first: a figure becomes an SVG (`Renderer`, with Chrome; or the viewer's browser,
without), `composed` puts title, topic, source and demonstration mark around it, and the card becomes a file by
`svg_file`, `pdf` or `png`. Those need no browser: Typst sets them, with our own fonts.
"""

import asyncio
import functools
import math
import os
import re
import tempfile
import threading
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import typst

from dashboard.charts import theme
from dashboard.charts.figure import Figure
from dashboard.reports import fonts

if TYPE_CHECKING:
    import kaleido

MARGIN = 24
ACROSS = theme.EXPORT_WIDTH  # of a drawing, in pixels
WIDTH = ACROSS + 2 * MARGIN  # of a card
TOPIC, TITLE, FOOT, MARK = 13, 20, 12, 12.5  # pixels
LEADING = 1.45  # lines of a text, in sizes
SCALES = (1, 2, 4)
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
PATIENCE = 60  # seconds for a browser to start or to draw
LARGEST = 4_000_000  # bytes of a drawing
TALLER = 2000  # pixels that a drawing may be higher than its chart asks for: a card may fill a screen
DEEPEST = 100  # elements inside each other
MOST_PIXELS = 64_000_000  # of a picture: Typst holds four bytes of each

ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", XLINK)

# As the page's own style draws them (assets/style/5-charts.css): a text that crosses a line stays readable.
_STYLE = (
    ".annotation-text{{paint-order:stroke;stroke:{surface};stroke-width:3px;stroke-linejoin:round;stroke-opacity:.85}}"
)


_STROKE = "⁄", "∕"  # of what is not known: our fonts have the second


class PictureError(Exception):
    """`code`: 'browser' (none to draw with), 'drawing' (not an SVG of a chart), 'large' (too many pixels); `detail`:
    what was said, for a log."""

    def __init__(self, code: str, detail: str = ""):
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Words:
    """What stands around a drawing, in the viewer's language. `mark`: 'demonstration data', where it is that."""

    title: str
    topic: str = ""
    foot: Sequence[str] = ()
    mark: str = ""
    tone: str = ""  # 'better' or 'worse' where the finding is a judgement
    is_latin: bool = False  # set in English's own font


def composed(words: Words, drawing: str, height: float = 0) -> str:
    """The whole card as one SVG around the SVG of a drawing; `height`: what a figure's chart asks for, in pixels.

    Raises PictureError('drawing') where that is no SVG, one that would fetch something from elsewhere, or, where
    `height` is given, one that has not the size of such a chart.
    """
    chart = checked(drawing.replace(*_STROKE))
    wide, high = _size(chart)
    if height and (wide > ACROSS or high > height + TALLER):
        raise PictureError("drawing", "size")
    width = wide + 2 * MARGIN
    across = width - 2 * MARGIN
    tall = high * across / wide
    colours = theme.palette("light")
    parts: list[str] = []
    y = float(MARGIN)
    room = across
    if words.mark:
        broad = theme.text_width(words.mark, MARK) + 16
        room -= broad + 16
        parts.append(_mark(words.mark, width - MARGIN - broad, y, broad, colours))
    for text, size, colour, weight in (
        (words.topic, TOPIC, colours["--ink3"], 400),
        (words.title, TITLE, colours[f"--{words.tone or 'ink'}"], 700),
    ):
        for line in _lines(text, room, size, weight == 700):
            y += size * LEADING
            parts.append(_text(line, MARGIN, y - size * 0.35, size, colour, weight))
    y = max(y, MARGIN + 24.0) + 10
    chart.set("x", f"{MARGIN}")
    chart.set("y", f"{y:g}")
    chart.set("width", f"{across:g}")
    chart.set("height", f"{tall:g}")
    chart.set("viewBox", chart.get("viewBox") or f"0 0 {wide:g} {high:g}")
    parts.append(ElementTree.tostring(chart, "unicode"))
    y += tall + 8
    for text in words.foot:
        for line in _lines(text, across, FOOT, False):
            y += FOOT * LEADING
            parts.append(_text(line, MARGIN, y - FOOT * 0.35, FOOT, colours["--ink3"], 400))
    height = math.ceil(y + MARGIN - 6)
    surface = colours["--surface"]
    size = f'width="{width:g}" height="{height}"'
    card = (
        f'<svg xmlns="{SVG}" xmlns:xlink="{XLINK}" {size} viewBox="0 0 {width:g} {height}" role="img">'
        f"<title>{escape(words.title)}</title><style>{_STYLE.format(surface=surface)}</style>"
        f'<rect {size} fill="{surface}"/>{"".join(parts)}</svg>'
    )
    return in_latin(card) if words.is_latin else card


_OURS = re.compile(f"(&quot;|'|){fonts.FAMILY}\\1")


def in_latin(drawing: str) -> str:
    """An SVG in the font that English has: its marks are no wider than they are drawn."""
    return _OURS.sub(rf"\1{fonts.LATIN}\1, \g<0>", drawing)


def checked(drawing: str) -> ElementTree.Element:
    """The SVG of a drawing, which names nothing outside itself. Raises PictureError('drawing')."""
    if len(drawing) > LARGEST:
        raise PictureError("drawing", "too large")
    if "<!DOCTYPE" in drawing or "<!ENTITY" in drawing:
        raise PictureError("drawing", "a document type")
    try:
        root = ElementTree.fromstring(drawing)
    except ElementTree.ParseError as error:
        raise PictureError("drawing", str(error)) from None
    if root.tag != f"{{{SVG}}}svg":
        raise PictureError("drawing", "no SVG")
    pending = [(root, 0)]
    while pending:
        element, depth = pending.pop()
        if depth > DEEPEST:
            raise PictureError("drawing", "deep")
        pending += [(child, depth + 1) for child in element]
        name = str(element.tag).rpartition("}")[2].lower()
        if name in ("script", "foreignobject", "iframe"):
            raise PictureError("drawing", name)
        for attribute, value in element.attrib.items():
            plain = attribute.rpartition("}")[2].lower()
            if plain.startswith("on") or _leads_out(plain, value):
                raise PictureError("drawing", f"{plain} of {name}")
        if name == "style" and _leads_out("style", element.text or ""):
            raise PictureError("drawing", "style")
    _size(root)
    return root


_ADDRESS = re.compile(r"url\(\s*['\"]?\s*([^)'\"\s]*)|@import\s*(\S+)", re.IGNORECASE)


def _leads_out(attribute: str, value: str) -> bool:
    named = [value] if attribute in ("href", "src") else [a or b for a, b in _ADDRESS.findall(value)]
    return any(not one.strip().startswith(("#", "data:image/")) for one in named)


def _size(svg: ElementTree.Element) -> tuple[float, float]:
    try:
        wide, high = (float((svg.get(name) or "").removesuffix("px")) for name in ("width", "height"))
    except ValueError:
        raise PictureError("drawing", "no size") from None
    if not (1 <= wide <= 10_000 and 1 <= high <= 20_000):
        raise PictureError("drawing", "size")
    return wide, high


def _lines(text: str, room: float, size: float, bold: bool) -> list[str]:
    return theme.wrapped(text, room, size, bold) if text else []


def _text(text: str, x: float, y: float, size: float, colour: str, weight: int) -> str:
    family = theme.palette("light")["--font"].replace('"', "'")
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{family}" font-size="{size:g}" font-weight="{weight}" '
        f'fill="{colour}" xml:space="preserve">{escape(text)}</text>'
    )


def _mark(text: str, x: float, y: float, broad: float, colours: Any) -> str:
    colour = colours["--worse"]
    box = f'<rect x="{x:g}" y="{y + 1:g}" width="{broad:g}" height="22" rx="4" fill="none" stroke="{colour}"/>'
    return box + _text(text, x + broad / 2, y + 16.5, MARK, colour, 400).replace("<text", '<text text-anchor="middle"')


# --- a figure as an SVG ------------------------------------------------------------------------------------------
class Renderer:
    """One running Chrome for as many figures as there are: `with Renderer() as draw: svg = draw(figure)`.

    Raises PictureError('browser') on entering where there is none. It has a thread and a loop of its own, because
    Kaleido's shared server waits for ever for a browser that does not start.
    """

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        config = Path(self._folder.name) / "fonts.conf"
        config.write_text(_fontconfig(self._folder.name), "utf-8")
        before = os.environ.get("FONTCONFIG_FILE")
        os.environ["FONTCONFIG_FILE"] = str(config)  # inherited by the browser that starts here
        try:
            self._browser: kaleido.Kaleido = self._wait(self._started())
        except Exception as error:  # what is not there, or does not start, says so in many ways
            self._end()
            raise PictureError("browser", str(error)) from None
        finally:
            os.environ.pop("FONTCONFIG_FILE")
            if before is not None:
                os.environ["FONTCONFIG_FILE"] = before
        return self

    async def _started(self) -> "kaleido.Kaleido":
        # Here, not above: what it logs with reads our command line when it is imported, and takes `--log` for itself.
        import kaleido

        browser = kaleido.Kaleido(n=1, page_generator=kaleido.PageGenerator(mathjax=False))  # nothing from a network
        await browser.open()
        return browser

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._wait(self._browser.close())
        self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._folder.cleanup()

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    def __call__(self, figure: Figure, height: float = 0, width: float = ACROSS) -> str:
        """The drawing alone, in the light palette; `height`: in pixels, else as the figure says."""
        light = theme.resolved(figure, theme.palette("light"))
        return self.bare(light, height or light.height or 300, width, "svg").decode("utf-8")

    def bare(self, figure: Figure, height: float, width: float = ACROSS, form: str = "png") -> bytes:
        """What Kaleido itself makes of the figure, without our colours and words."""
        size = {"width": width, "height": height}
        return self._wait(
            self._browser.calc_fig({"data": figure.data, "layout": figure.layout}, opts={"format": form, **size})
        )


def _fontconfig(cache: str) -> str:
    folders = "".join(f"<dir>{escape(str(folder))}</dir>" for folder in fonts.folders())
    family = f"<family>{fonts.FAMILY}</family>"
    return (
        f'<?xml version="1.0"?><fontconfig>{folders}<cachedir>{escape(cache)}</cachedir>'
        f"<alias><family>sans-serif</family><prefer>{family}</prefer></alias></fontconfig>"
    )


# --- a card as a file --------------------------------------------------------------------------------------------
def svg_file(card: str) -> bytes:
    """The card with the glyphs of its texts inside: it looks the same on a machine without Chinese fonts."""
    root = ElementTree.fromstring(card)
    regular, bold = [], []
    for text, weight in texts(root):
        (bold if weight else regular).append(text)
    face = ElementTree.Element(f"{{{SVG}}}style")
    face.text = fonts.faces(regular, bold, fonts.LATIN in card)
    root.insert(0, face)
    return ElementTree.tostring(root, "utf-8", xml_declaration=True)


def texts(element: ElementTree.Element, bold: bool = False) -> Iterator[tuple[str, bool]]:
    """Every text that is drawn, and whether it is bold."""
    style = element.get("style") or ""
    weight = element.get("font-weight") or (re.search(r"font-weight:\s*(\w+)", style) or ["", ""])[1]
    bold = weight in ("bold", "600", "700") if weight else bold
    is_drawn = str(element.tag).rpartition("}")[2] in ("text", "tspan")
    if is_drawn and element.text:
        yield element.text, bold
    for child in element:
        yield from texts(child, bold)
        if is_drawn and child.tail:
            yield child.tail, bold


def pdf(card: str) -> bytes:
    """One page of exactly the card's size, as vectors and with text that can be searched."""
    return _set(card, "pdf")


def png(card: str, scale: int = 1) -> bytes:
    """`scale` times as many pixels as the card has, in each direction. Raises PictureError('large')."""
    wide, high = _size(ElementTree.fromstring(card))
    if wide * high * scale**2 > MOST_PIXELS:
        raise PictureError("large", f"{wide:g} × {high:g} × {scale}²")
    return _set(card, "png", ppi=72.0 * scale)


_PAGE = b"""#set page(width: float(sys.inputs.width) * 1pt, height: float(sys.inputs.height) * 1pt, margin: 0pt)
#set document(title: sys.inputs.title)
#image(bytes(sys.inputs.card), format: "svg", width: 100%)"""


def _set(card: str, form: str, **how: Any) -> bytes:
    root = ElementTree.fromstring(card)
    title = root.findtext(f"{{{SVG}}}title") or ""
    inputs = {"card": card, "width": root.get("width") or "", "height": root.get("height") or "", "title": title}
    with tempfile.TemporaryDirectory() as nothing:  # nothing can be read from there
        made = typst.compile(
            _PAGE, root=nothing, font_paths=own_fonts(), sys_inputs=inputs, format=form, timestamp=0, **how
        )
    return made if isinstance(made, bytes) else made[0]


@functools.cache
def own_fonts() -> typst.Fonts:
    """For Typst: our fonts and no other."""
    return typst.Fonts(False, False, [str(folder) for folder in fonts.folders()])
