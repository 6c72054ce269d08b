"""How every figure looks: the one place of Python that knows a colour or a font.

A figure names the CSS tokens of the page (`var(--ink)`) and no colour of its own, so one figure serves light and dark:
the browser puts the values in (assets/script/charts.js), and `resolved` does the same for exports. The values stand
once, in the page's own token file.
"""

import functools
import html
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dashboard.charts.figure import Figure

TOKENS = Path(__file__).parents[2] / "assets" / "style" / "1-tokens.css"

INK, INK2, INK3 = "var(--ink)", "var(--ink2)", "var(--ink3)"
SURFACE, BACKGROUND, BAND = "var(--surface)", "var(--bg)", "var(--s2)"
LINE, LINE2, DOT = "var(--line)", "var(--line2)", "var(--dot)"
BRAND, BRAND_WEAK, ON_BRAND = "var(--brand)", "var(--brand-weak)", "var(--on-brand)"
WORSE, WORSE_WEAK, BETTER, OVER = "var(--worse)", "var(--worse-weak)", "var(--better)", "var(--over)"
BETTER_WEAK = "var(--better-weak)"
WORSE_MID = "var(--worse-mid)"  # of a bar, never of a text
NEUTRAL = tuple(f"var(--n{step})" for step in range(1, 7))
CLEAR = "rgba(0,0,0,0)"
FONT = "var(--font)"
EXPORT_WIDTH = 1032  # px of a drawing in a file, also in assets/script/export.js: labels have the room of a desk screen
EMPTY_HEIGHT = 120  # px of a chart that has nothing to draw

CAPTION, LABEL, NAME = 12, 12.5, 13.5  # pixels: axis and source, values, names
LINE_HEIGHT = 1.3  # Plotly's own, of a text of several lines

# Nothing to zoom, nothing to send anywhere, no bar of buttons: the page's own menu exports.
CONFIG = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "doubleClick": False,
    "showTips": False,
    "scrollZoom": False,
}

_AXIS = {
    "fixedrange": True,
    "zeroline": False,
    "showline": False,
    "ticks": "",
    "automargin": False,
    "tickfont": {"color": INK3, "size": CAPTION},
    "title": {"font": {"color": INK3, "size": CAPTION}, "standoff": 4},
}
TEMPLATE: dict[str, Any] = {
    "layout": {
        "font": {"family": FONT, "size": CAPTION, "color": INK2},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "margin": {"l": 40, "r": 12, "t": 8, "b": 28, "pad": 0},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverdistance": 16,
        "hoverlabel": {
            "bgcolor": SURFACE,
            "bordercolor": LINE2,
            "align": "left",
            "font": {"family": FONT, "size": LABEL, "color": INK},
        },
        "annotationdefaults": {"showarrow": False, "borderpad": 0},
        "xaxis": {**_AXIS, "showgrid": False},
        "yaxis": {**_AXIS, "showgrid": True, "gridcolor": LINE, "gridwidth": 1},
    }
}

# What stands in a graph's place until its drawing arrives: nothing, on the card's own ground.
BLANK: dict[str, Any] = {
    "data": [],
    "layout": {
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "xaxis": {"visible": False},
        "yaxis": {"visible": False},
    },
}

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_TOKEN = re.compile(r"(--[\w-]+)\s*:\s*([^;]+);")
PIECE = re.compile(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+")
_VARIABLE = re.compile(r"var\((--[\w-]+)\)")


@functools.cache
def palette(theme: str) -> Mapping[str, str]:
    """'--ink' → '#17212b' …, of "light" or "dark", as the page's token file gives them."""
    css = re.sub(r"/\*.*?\*/", "", TOKENS.read_text("utf-8"), flags=re.DOTALL)
    mine = {":root", f'[data-bs-theme="{theme}"]'}
    tokens: dict[str, str] = {}
    for selectors, body in _RULE.findall(css):
        if mine & {selector.strip() for selector in selectors.split(",")}:
            tokens |= {name: value.strip() for name, value in _TOKEN.findall(body)}
    return tokens


def dressed(figure: Figure) -> Figure:
    """The figure with what all of them share."""
    return Figure(figure.data, {"template": TEMPLATE, **figure.layout})


def resolved(figure: Figure, tokens: Mapping[str, str]) -> Figure:
    """The whole figure with real colours and fonts, for an export: `resolved(figure, palette("light"))`."""
    whole = dressed(figure)
    return Figure(_resolved(whole.data, tokens), _resolved(whole.layout, tokens))


def painted(text: str, tokens: Mapping[str, str]) -> str:
    """The text with values in place of the names of tokens."""
    return _VARIABLE.sub(lambda found: tokens[found[1]], text)


def _resolved(part: Any, tokens: Mapping[str, str]) -> Any:
    match part:
        case str():
            return painted(part, tokens)
        case dict():
            return {key: _resolved(value, tokens) for key, value in part.items()}
        case list() | tuple():
            return [_resolved(value, tokens) for value in part]
    return part


def plain(text: object) -> str:
    """A text of the data as it stands: Plotly would take its angle brackets for markup."""
    return html.escape(str(text), quote=False)


def text_width(text: str, size: float = CAPTION, bold: bool = False) -> float:
    """About how many pixels a text takes, a little more rather than less: labels are placed before they are drawn."""
    return size * sum(map(_em, text)) * (1.04 if bold else 1)


def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in " .,:;|'·/()[]il1I!–-":
        return 0.4 if character != "1" else 0.57
    return 0.68 if character.isupper() or character in "%mw◆◇" else 0.57


def wrapped(text: str, room: float, size: float = CAPTION, bold: bool = False) -> list[str]:
    """The text in lines of at most `room` pixels where it can be broken: at a space, or beside a Chinese character."""
    lines: list[str] = []
    for piece in PIECE.findall(text):
        longer = (lines[-1] + piece) if lines else piece
        if lines and text_width(longer.rstrip(), size, bold) <= room:
            lines[-1] = longer
        else:
            lines.append(piece)
    return [line.strip() for line in lines]


def note(
    text: str, x: float, y: float, *, size: float = CAPTION, color: str = INK2, anchor: str = "left", **more: Any
) -> dict[str, Any]:
    """A text on the drawing; `anchor`: which of its sides stands at x."""
    font = {"size": size, "color": color}
    return {"text": text, "x": x, "y": y, "xanchor": anchor, "yanchor": "middle", "font": font, **more}


def empty(words: str) -> Figure:
    """No data: the reason in the middle of a place of its own, low: an empty frame says nothing more by being tall."""
    middle = note(plain(words), 0.5, 0.5, size=NAME, color=INK3, anchor="center", xref="paper", yref="paper")
    hidden = {"visible": False}
    return Figure(layout={"xaxis": hidden, "yaxis": hidden, "annotations": [middle], "height": EMPTY_HEIGHT})
