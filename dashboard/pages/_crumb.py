"""Where one is below a page: the department, rule or indicator that the address names, each a way to its own page."""

from typing import Any

from dashboard.catalog import gaps
from dashboard.components.explain import PATH as INDICATOR_PATH
from dashboard.components.explain import indicator_address
from dashboard.components.links import DEPARTMENT_PATH, RULE_PATH, department_address, rule_address
from dashboard.filters import COMPOSITE

RANKING = "/ranking"
Crumb = tuple[str, str]  # words and the address; '' where one is there already


def crumbs(now: Any, path: str) -> tuple[Crumb, ...]:
    """Of a scene that has a snapshot, the department first; what the data do not have is left out."""
    filters, found = now.filters, []
    labels = dict(zip(now.listed["department_id"], now.listed["label"])) if filters.department else {}
    if filters.department in labels:
        # from the ranking one steps on in its order
        way = (
            DEPARTMENT_PATH + filters.to_search()
            if path == RANKING
            else department_address(filters, filters.department)
        )
        way = "" if path == DEPARTMENT_PATH else way
        found.append((labels[filters.department], way))
    rules = gaps(now.snapshot.queries)
    if filters.rule in rules:
        way = "" if path == RULE_PATH else rule_address(filters, filters.rule)
        found.append((rules[filters.rule].header["label"][now.lang], way))
    indicator = filters.indicator.partition(".")[0]
    if filters.indicator != COMPOSITE and indicator in now.snapshot.indicators:
        way = "" if path == INDICATOR_PATH else indicator_address(filters.indicator, filters)
        found.append((now.snapshot.indicators[indicator].header["label"][now.lang], way))
    return tuple(found)
