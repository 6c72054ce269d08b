"""The NHS variation and assurance icons as shapes without colour: CSS uses them as masks, so they follow the theme.

Which icon a series has is computed from its limits (statistics.control_chart); nobody sets one by hand.
"""

from urllib.parse import quote

WAVE = '<path d="M6 14c1.8-5.6 4.2-5.6 8 0s6.2 5.6 8 0" fill="none"/>'
RISE = '<path d="M6 18.5 10 17l3.5 1 6-7.5" fill="none"/><circle cx="20.3" cy="8.9" r="3.1" stroke="none"/>'
FALL = '<path d="M6 9.5 10 11l3.5-1 6 7.5" fill="none"/><circle cx="20.3" cy="19.1" r="3.1" stroke="none"/>'
BAND = '<rect x="7" y="{top}" width="14" height="5" rx="1.5" stroke="none" fill-opacity=".5"/>'
TARGET = '<path d="M5.5 {height}h17" stroke-dasharray="2.6 2.4"/>'

# Its own band against the target's line: better is up in the picture, whichever side is better in the figures.
ASSURANCE = {
    "pass": BAND.format(top=8) + TARGET.format(height=18),
    "hit_or_miss": BAND.format(top=11.5) + TARGET.format(height=14),
    "fail": BAND.format(top=15) + TARGET.format(height=10),
    "": "",
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


def variation_icon(code: str, is_above: bool | None = None) -> str:
    """SVG of a point's direction: 'improvement', 'concern', 'high', 'low', 'common', or '' (too few points: a ring).

    `is_above`: on which side of the mean the point lies, which 'improvement' and 'concern' do not say by themselves.
    """
    match code:
        case "improvement" | "concern" | "high" | "low":
            rises = code == "high" or (code != "low" and is_above)
            return _icon(RISE if rises else FALL)
        case "common":
            return _icon(WAVE)
        case "":
            return _icon("")
    raise ValueError(f"no such direction: {code!r}")


def assurance_icon(code: str) -> str:
    """SVG of 'pass', 'hit_or_miss', 'fail', or '' (no target, or no limits: a ring)."""
    return _icon(ASSURANCE[code])


def tone(code: str) -> str:
    """'better', 'worse', 'brand' (a real change that nobody judges) or 'quiet'."""
    return TONES.get(code, "quiet")


def mask(svg: str) -> str:
    """The picture as a CSS value."""
    return f'url("data:image/svg+xml,{quote(svg)}")'


def _icon(inside: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28" fill="black" stroke="black" stroke-width="1.6" '
        'stroke-linecap="round" stroke-linejoin="round">'
        f'<circle cx="14" cy="14" r="12.6" fill="none"/>{inside}</svg>'
    )
