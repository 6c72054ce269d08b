"""What a gap's state looks like: shape, colour and word, any of which may be lost."""

from typing import Any

from dashboard.components import html
from dashboard.i18n.text import Text

# status → class and sign; the words are `gaps.status.…`
SIGNS = {"alert": ("alert", "◆"), "watch": ("watch", "◇"), "ok": ("quiet", "·"), "no_data": ("none", "⁄")}


def sign(t: Text, status: str, **props: Any) -> html.Span:
    css, mark = SIGNS[status]
    words = t(f"gaps.status.{status}")
    return html.Span(mark, className=f"gap-sign {css}", role="img", title=words, **{"aria-label": words, **props})


def badge(t: Text, status: str) -> html.Span:
    css, mark = SIGNS[status]
    return html.Span(
        [html.Span(mark, **{"aria-hidden": "true"}), t(f"gaps.status.{status}")], className=f"gap-badge {css}"
    )
