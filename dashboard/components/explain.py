"""A number's way to its explanation: a small “?” that leads to the indicator's page and holds the definition itself."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dashboard.components import html
from dashboard.components.links import addresses
from dashboard.filters import COMPOSITE, Filters
from dashboard.i18n.text import Text

PATH = "/indicator"
# The address leaves a filter out at its default, and the page without a name is the list of all indicators.
OWN_NAME = f"{COMPOSITE}.composite"


def page_key(key: str) -> str:
    """What names an indicator on its own page: as in the ranking's address, but for the composite."""
    return OWN_NAME if key == COMPOSITE else key


def indicator_address(key: str, filters: Filters, department: str | None = None) -> str:
    """The page of an indicator ('complaint_rate', 'dimension_score.service') for the same choice of data; with a
    department's own chart where one is named."""
    return PATH + replace(filters.without_row(), indicator=page_key(key), department=department).to_search()


def indicator_addresses(filters: Filters) -> Callable[[str, str], str]:
    """(indicator, department) → the same for many departments and indicators."""
    address = addresses(PATH, replace(filters.without_row(), indicator=COMPOSITE, department=None), "indicator")
    return lambda key, department: address(page_key(key), department)


def definition(t: Text, lang: str, header: dict[str, Any]) -> str:
    """The definition in one line: what is divided by what, or what is counted or averaged."""
    words = {name: header[name][lang] for name in ("numerator", "denominator", "formula") if name in header}
    if "formula" in words:
        return words["formula"]
    return t(f"indicator.formula.{header['kind']}", **{"denominator": "", **words})


def explained(t: Text, lang: str, header: dict[str, Any], key: str, filters: Filters) -> html.Link:
    """Stands beside a number or its name; without a mouse and for screen readers it says the same."""
    words = t("indicator.help", title=header["title"][lang], definition=definition(t, lang, header))
    mark = [html.Span("?", **{"aria-hidden": "true"}), html.Span(words, className="visually-hidden")]
    return html.Link(mark, href=indicator_address(key, filters), title=words, className="explain")
