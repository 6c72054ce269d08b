"""Addresses inside the product. Every href is made here from our own paths, never from a text of the data."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import quote, quote_plus

from dashboard.charts.doors import Door
from dashboard.components import html
from dashboard.filters import Filters
from dashboard.i18n.text import Text


def address(link: str, path: str, filters: Filters, quarter: str | None, snapshot: str = "") -> str:
    """Where a link of the frame leads when the viewer looks at `path` with `filters`.

    `link` is 'page:/ranking', 'meeting' (the wall), 'lang:en', 'theme:dark', 'download:csv' or 'copy'. A copied link
    names its quarter even when that is the latest one: after the next import it shows the same quarter, with whatever
    was corrected in it; from which slide the viewer came is his own business. A download is of the snapshot that the
    page shows.
    """
    kind, _, value = link.partition(":")
    match kind:
        case "page":
            return value + filters.without_row().to_search()
        case "meeting":
            return MEETING_PATH + filters.without_row().unnarrowed().to_search()
        case "download":
            search = filters.to_search()
            pin = f"{'&' if search else '?'}snapshot={quote(snapshot)}" if snapshot else ""
            return f"/download{path}.{value}{search}{pin}"
        case "copy":
            return path + replace(filters, quarter=quarter, slide=None).to_search()
        case _:
            return path + replace(filters, **{kind: value}).to_search()


MEETING_PATH = "/meeting"
WORKER = "script/meeting-worker.js"  # in the browser, for that path alone: shows its last state without a network
DEPARTMENT_PATH, RULE_PATH = "/department", "/rule"


def department_address(filters: Filters, department: str) -> str:
    """The page of one department, for the same choice of data."""
    return DEPARTMENT_PATH + replace(filters.without_row(), department=department).to_search()


def department_link(filters: Filters, department: str, label: str, **props: Any) -> html.Link:
    """A department's name, which leads to its page."""
    return html.Link(label, href=department_address(filters, department), **props)


def addresses(path: str, filters: Filters, name: str) -> Callable[[str, str], str]:
    """(value of the filter `name`, department) → `path` with both, for thousands of cells: all else of the address, in
    which `filters` name neither, is written once."""
    rest = path + filters.to_search()
    joined, quoted = f"{rest}{'&' if '?' in rest else '?'}", cache(quote_plus)
    return lambda value, department: f"{joined}{name}={quoted(value)}&department={quoted(department)}"


def ways(path: str, filters: Filters, name: str) -> Callable[[str], str]:
    """value of the filter `name` → `path` with it, for thousands of them: all else of the address is written once."""
    before, after = (path + replace(filters, **{name: "\0"}).to_search()).split("%00")
    return lambda value: f"{before}{quote_plus(value)}{after}"


def door(way: str) -> Door:
    """What a mark carries that leads to this address."""
    return ["href", way]


def ways_back(path: str, filters: Filters, quarters: Iterable[str]) -> list[str]:
    """Of marks that stand for quarters: the page as it was in each."""
    return [path + replace(filters, quarter=quarter).to_search() for quarter in quarters]


COMPARE_PATH = "/compare"
MOST_COMPARED = 6  # departments side by side


def compare_address(filters: Filters, department: str) -> str:
    """Departments side by side: those already chosen, and this one where there is room for it."""
    chosen = filters.compared
    if department not in chosen and len(chosen) < MOST_COMPARED:
        chosen = (*chosen, department)
    return COMPARE_PATH + replace(filters.without_row(), compared=chosen).to_search()


def side_by_side(filters: Filters, departments: tuple[str, ...]) -> str:
    """The page that compares these departments."""
    return COMPARE_PATH + replace(filters.without_row(), compared=departments, departments=()).to_search()


def compare_link(t: Text, filters: Filters, department: str) -> html.Link:
    """Says whether it adds the department or only leads to those that are already side by side."""
    is_added = department not in filters.compared and len(filters.compared) < MOST_COMPARED
    words = t("compare.link" if is_added else "compare.link.view")
    return html.Link(words, href=compare_address(filters, department), className="compare-link")


def rule_address(filters: Filters, rule: str) -> str:
    """The page of a gap rule."""
    return RULE_PATH + replace(filters.without_row(), rule=rule).to_search()


def joined(parts: Sequence[Any], separator: str) -> list[Any]:
    """Links in a sentence."""
    return [one for part in parts for one in (part, separator)][:-1]


def view_link(children: Any, path: str, filters: Filters, **props: Any) -> html.A:
    """A link to another view of the same page; the script changes the address without rebuilding the page."""
    return html.A(children, href=path + filters.to_search(), **{"data-view": "", **props})
