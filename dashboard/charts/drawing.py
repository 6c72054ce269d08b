"""A drawing of plain marks as SVG, for what is light rows on the page and is exported like a chart."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from dashboard.charts import theme
from dashboard.charts.icons import Picture, svg


@dataclass
class Drawing:
    """Marks in pixels from the left and the top; colours are the page's tokens, painted as on paper."""

    width: float
    parts: list[str] = field(default_factory=list)

    def text(
        self,
        words: object,
        x: float,
        y: float,
        size: float = theme.CAPTION,
        color: str = theme.INK,
        anchor: str = "start",
        bold: bool = False,
        turned: float = 0,
    ) -> None:
        """`y`: the middle of the line; `turned`: degrees, around the place."""
        baseline = y + size * 0.36
        turn = f' transform="rotate({turned:g} {x:g} {y:g})"' if turned else ""
        weight = ' font-weight="700"' if bold else ""
        self.parts.append(
            f'<text x="{x:g}" y="{baseline:g}" font-size="{size:g}" fill="{color}" text-anchor="{anchor}"'
            f"{weight}{turn}>{escape(str(words), quote=False)}</text>"
        )

    def line_of(self, parts: Sequence[tuple[str, float, str, bool]], x: float, y: float, gap: float) -> None:
        """Texts beside each other, each with its size, colour and whether it is bold; `y`: the middle of the line."""
        spans = []
        for at, (words, size, color, bold) in enumerate(parts):
            more = (f' dx="{gap:g}"' if at else "") + (' font-weight="700"' if bold else "")
            spans.append(f'<tspan font-size="{size:g}" fill="{color}"{more}>{escape(words, quote=False)}</tspan>')
        self.parts.append(f'<text x="{x:g}" y="{y + theme.LABEL * 0.36:g}">{"".join(spans)}</text>')

    def box(self, x: float, y: float, width: float, height: float, color: str, round_: float = 0) -> None:
        place = f'x="{x:g}" y="{y:g}" width="{max(width, 0):g}" height="{height:g}"'
        self.parts.append(f'<rect {place} rx="{round_:g}" fill="{color}"/>')

    def frame(self, x: float, y: float, width: float, height: float, color: str) -> None:
        """Dashed, around something."""
        place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
        self.parts.append(f'<rect {place} rx="2" fill="none" stroke="{color}" stroke-dasharray="3 2"/>')

    def line(self, x1: float, y1: float, x2: float, y2: float, color: str, width: float = 1) -> None:
        place = f'x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"'
        self.parts.append(f'<line {place} stroke="{color}" stroke-width="{width:g}"/>')

    def dot(self, x: float, y: float, radius: float, color: str, hollow: bool = False) -> None:
        look = f'fill="{theme.SURFACE}" stroke="{color}"' if hollow else f'fill="{color}"'
        self.parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" {look}/>')

    def stroke(self, x: float, y: float, size: float = 8) -> None:
        """No data."""
        self.line(x - size / 3, y + size / 2, x + size / 3, y - size / 2, theme.INK3, 1.2)

    def sign(self, mark: str, x: float, y: float, color: str, size: float = 11) -> None:
        """A sign of the page; the stroke of what is not known is drawn, since few fonts have it."""
        if mark == "⁄":
            self.stroke(x, y)
        else:
            self.text(mark, x, y, size, color, "middle")

    def picture(self, picture: Picture, x: float, y: float, size: float, color: str) -> None:
        """An icon around its middle."""
        place = f'<svg x="{x - size / 2:g}" y="{y - size / 2:g}" width="{size:g}" height="{size:g}"'
        self.parts.append(svg(picture).replace("black", color).replace("<svg", place, 1))

    def svg(self, height: float) -> str:
        tokens = theme.palette("light")
        family = tokens["--font"].replace('"', "'")
        drawn = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width:g}" height="{height:g}" '
            f'viewBox="0 0 {self.width:g} {height:g}" font-family="{family}">{"".join(self.parts)}</svg>'
        )
        return theme.painted(drawn, tokens)


def fitted(text: str, room: float, size: float) -> str:
    """As much of the text as has room, with an ellipsis where it is cut."""
    if theme.text_width(text, size) <= room:
        return text
    while text and theme.text_width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"
