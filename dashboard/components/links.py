"""Addresses inside the product. Every href is made here from our own paths, never from a text of the data."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from dash import html

from dashboard.filters import Filters


def address(link: str, path: str, filters: Filters, quarter: str | None, snapshot: str = "") -> str:
    """Where a link of the frame leads when the viewer looks at `path` with `filters`.

    `link` is 'page:/ranking', 'lang:en', 'theme:dark', 'download:csv' or 'copy'. A copied link names its quarter even
    when that is the latest one: after the next import it shows the same quarter, with whatever was corrected in it.
    A download is of the snapshot that the page shows.
    """
    kind, _, value = link.partition(":")
    match kind:
        case "page":
            return value + filters.without_row().to_search()
        case "download":
            search = filters.to_search()
            pin = f"{'&' if search else '?'}snapshot={quote(snapshot)}" if snapshot else ""
            return f"/download{path}.{value}{search}{pin}"
        case "copy":
            return path + replace(filters, quarter=quarter).to_search()
        case _:
            return path + replace(filters, **{kind: value}).to_search()


DEPARTMENT_PATH, RULE_PATH = "/department", "/rule"


def department_address(filters: Filters, department: str) -> str:
    """The page of one department, for the same choice of data."""
    return DEPARTMENT_PATH + replace(filters.without_row(), department=department).to_search()


def rule_address(filters: Filters, rule: str) -> str:
    """The page of a gap rule."""
    return RULE_PATH + replace(filters.without_row(), rule=rule).to_search()


def view_link(children: Any, path: str, filters: Filters, **props: Any) -> html.A:
    """A link to another view of the same page; the script changes the address without rebuilding the page."""
    return html.A(children, href=path + filters.to_search(), **{"data-view": "", **props})
