"""The NHS variation and assurance icons as shapes without colour, for the page (a mask) and inside a chart.

Which icon a series has is computed from its limits (statistics.control_chart); nobody sets one by hand.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

SIZE, RADIUS = 28, 12.6  # of the picture, and of the ring around every icon


@dataclass(frozen=True)
class Picture:
    """Inside the ring, in the picture's own units from the left and from the top."""

    line: str = ""  # M, L and C with absolute places, as both SVG and Plotly read them
    dot: tuple[float, float, float] | None = None  # middle and radius
    band: float | None = None  # top of the series' own range
    target: float | None = None  # height of the dashed line


RING = Picture()
WAVE = Picture("M6 14C7.8 8.4 10.2 8.4 14 14C17.8 19.6 20.2 19.6 22 14")
RISE = Picture("M6 18.5L10 17L13.5 18L20 10.5", (20.3, 8.9, 3.1))
FALL = Picture("M6 9.5L10 11L13.5 10L20 17.5", (20.3, 19.1, 3.1))
BAND_LEFT, BAND_WIDTH, BAND_HEIGHT = 7, 14, 5
TARGET_LEFT, TARGET_RIGHT = 5.5, 22.5

# Its own band against the target's line: better is up in the picture, whichever side is better in the figures.
ASSURANCE = {
    "pass": Picture(band=8, target=18),
    "hit_or_miss": Picture(band=11.5, target=14),
    "fail": Picture(band=15, target=10),
    "": RING,
}
# The colour's name, a class of the page; shape and word say the same without it.
TONES = {
    "improvement": "better",
    "concern": "worse",
    "high": "brand",
    "low": "brand",
    "pass": "better",
    "fail": "worse",
}


def variation_picture(code: str, is_above: bool | None = None) -> Picture:
    """Of a point's direction: 'improvement', 'concern', 'high', 'low', 'common', or '' (too few points: a ring).

    `is_above`: on which side of the mean the point lies, which 'improvement' and 'concern' do not say by themselves.
    """
    match code:
        case "improvement" | "concern" | "high" | "low":
            rises = code == "high" or (code != "low" and is_above)
            return RISE if rises else FALL
        case "common":
            return WAVE
        case "":
            return RING
    raise ValueError(f"no such direction: {code!r}")


def variation_icon(code: str, is_above: bool | None = None) -> str:
    """`variation_picture` as SVG."""
    return svg(variation_picture(code, is_above))


def assurance_icon(code: str) -> str:
    """SVG of 'pass', 'hit_or_miss', 'fail', or '' (no target, or no limits: a ring)."""
    return svg(ASSURANCE[code])


def tone(code: str) -> str:
    """'better', 'worse', 'brand' (a real change that nobody judges) or 'quiet'."""
    return TONES.get(code, "quiet")


def mask(picture: str) -> str:
    """The SVG as a CSS value."""
    return f'url("data:image/svg+xml,{quote(picture)}")'


def svg(picture: Picture) -> str:
    inside = f'<path d="{picture.line}" fill="none"/>' if picture.line else ""
    if picture.dot:
        x, y, radius = picture.dot
        inside += f'<circle cx="{x}" cy="{y}" r="{radius}" stroke="none"/>'
    if picture.band is not None:
        place = f'x="{BAND_LEFT}" y="{picture.band}" width="{BAND_WIDTH}" height="{BAND_HEIGHT}"'
        inside += f'<rect {place} rx="1.5" stroke="none" fill-opacity=".5"/>'
    if picture.target is not None:
        inside += f'<path d="M{TARGET_LEFT} {picture.target}H{TARGET_RIGHT}" stroke-dasharray="2.6 2.4"/>'
    middle = SIZE / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" fill="black" stroke="black" '
        'stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">'
        f'<circle cx="{middle:g}" cy="{middle:g}" r="{RADIUS}" fill="none"/>{inside}</svg>'
    )


def shapes(picture: Picture, x: float, y: float, shift: float, color: str, size: float = 24) -> list[dict[str, Any]]:
    """The picture in a Plotly figure, `size` pixels high: its left lower corner `shift` pixels right of (x, y), which
    are shares of the paper. An exported chart carries its icons this way."""
    scale = size / SIZE

    def across(place: float) -> float:
        return round(shift + place * scale, 2)

    def up(place: float) -> float:
        return round((SIZE - place) * scale, 2)

    anchor = {"xref": "paper", "yref": "paper", "xsizemode": "pixel", "ysizemode": "pixel", "xanchor": x, "yanchor": y}
    line = {"color": color, "width": 1.4}

    def box(kind: str, left: float, top: float, right: float, bottom: float, **more: Any) -> dict[str, Any]:
        ends = {"x0": across(left), "x1": across(right), "y0": up(bottom), "y1": up(top)}
        return {"type": kind, **anchor, **ends, **more}

    low, high = SIZE / 2 - RADIUS, SIZE / 2 + RADIUS
    drawn = [box("circle", low, low, high, high, line=line)]
    if picture.line:
        path = re.sub(
            r"([\d.]+) ([\d.]+)",
            lambda found: f"{across(float(found[1]))},{up(float(found[2]))} ",
            picture.line,
        )
        drawn.append({"type": "path", "path": path.strip(), **anchor, "line": line})
    if picture.dot:
        at, height, radius = picture.dot
        filled = {"fillcolor": color, "line": {"width": 0}}
        drawn.append(box("circle", at - radius, height - radius, at + radius, height + radius, **filled))
    if picture.band is not None:
        ends = (BAND_LEFT, picture.band, BAND_LEFT + BAND_WIDTH, picture.band + BAND_HEIGHT)
        drawn.append(box("rect", *ends, fillcolor=color, opacity=0.5, line={"width": 0}))
    if picture.target is not None:
        ends = (TARGET_LEFT, picture.target, TARGET_RIGHT, picture.target)
        drawn.append(box("line", *ends, line=line | {"dash": "2px,2px"}))
    return drawn
