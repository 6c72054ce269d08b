"""Icons: local SVG files used as masks, so that they take the colour of the text around them."""

import dash

from dashboard.components import html


def icon(name: str) -> html.Span:
    return html.Span(className="icon", style=icon_style(name))


def icon_style(name: str) -> dict[str, str]:
    """Names the file for an element that draws the icon before its own text."""
    return {"--icon": f"url({dash.get_asset_url(f'icons/{name}.svg')})"}
