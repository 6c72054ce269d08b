"""Addresses inside the product. Every href is made here from our own paths, never from a text of the data."""

from dataclasses import replace
from typing import Any

from dash import html

from dashboard.filters import Filters


def address(link: str, path: str, filters: Filters, quarter: str | None) -> str:
    """Where a link of the frame leads when the viewer looks at `path` with `filters`.

    `link` is 'page:/ranking', 'lang:en', 'theme:dark', 'download:csv' or 'copy'. A copied link names its quarter even
    when that is the latest one: it must show the same figures after the next import.
    """
    kind, _, value = link.partition(":")
    match kind:
        case "page":
            return value + filters.without_row().to_search()
        case "download":
            return f"/download{path}.{value}{filters.to_search()}"
        case "copy":
            return path + replace(filters, quarter=quarter).to_search()
        case _:
            return path + replace(filters, **{kind: value}).to_search()


def view_link(children: Any, path: str, filters: Filters, **props: Any) -> html.A:
    """A link to another view of the same page; the script changes the address without rebuilding the page."""
    return html.A(children, href=path + filters.to_search(), **{"data-view": "", **props})
