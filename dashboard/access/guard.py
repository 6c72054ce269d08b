"""The door in front of every query: what the actor may not see is refused, or never leaves here.

It is asked at the query, so that no page, callback, file or answer can forget it. A query's header says what it
`needs`; what the header does not say is not answered. Without an actor nothing is.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from dashboard.access.actors import Actor, ForbiddenError, may, require
from dashboard.catalog import Query
from dashboard.gaps import without_small
from dashboard.i18n.text import translator

DEPARTMENT, REGION = "department_id", "region_id"
NOWHERE = ""  # the id of no region
THE_REGION = "*"  # in place of a department
DEPARTMENTS = "departments"  # of how many a sum is; 0: stated for the whole region
IDS = (DEPARTMENT, "next_id", "successor")  # columns that say which department
BY_NAME = "name_order"  # the place in the list of all names, by which a peer would be known
UNNAMED = {"name": "zh", "short_name": "zh", "name_en": "en"}  # in a peer's row: column → language of what stands there
# What the queries of a folder need: rules are asked anew where thresholds are tried, and name departments.
NEEDS = {"gaps": "departments", "indicators": "departments", "audit": "data"}
# What a department's own account may ask for besides what its role names: with only its own rows.
OF_ITSELF = ("departments", "rows")


@dataclass(frozen=True)
class Guard:
    """`who` tells whose request this is."""

    who: Callable[[], Actor | None]
    fine: frozenset[str] = frozenset()  # indicators whose counts are finer than a department's quarter
    rules: Mapping[str, Query] = field(default_factory=dict)  # gap rules, of which some show such counts
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(16), repr=False)

    @property
    def regions(self) -> tuple[str, ...]:
        """Those that the actor is of, () for all; of nobody none."""
        actor = self.who()
        return actor.regions if actor else (NOWHERE,)

    def allows(self, query: Query) -> bool:
        """Whether the actor may ask this at all."""
        actor, needs = self.who(), _needs(query)
        return may(actor, needs) or (needs in OF_ITSELF and _is_department(actor))

    def require(self, query: Query, values: Mapping[str, Any]) -> None:
        """`ForbiddenError` where the actor may not ask this, or not of this region."""
        actor, region = self.who(), _asked_of(query, values)
        if not self.allows(query):
            raise ForbiddenError(actor, _needs(query), query.name)
        require(actor, "words", region, query.name)

    def seen(self, query: Query, values: Mapping[str, Any], rows: pd.DataFrame) -> pd.DataFrame:
        """The rows of the answer that the actor may see: of its regions, and of its own department."""
        actor = self.who()
        if actor.regions and _asked_of(query, values) is None:
            rows = _of_regions(actor, query, rows)
        if not may(actor, "small_counts"):
            rows = without_small(self._without_fine(query, values, rows), self.rules)
        if "fine" in query.header and not may(actor, "small_counts") and not _is_of_many(values["department"]):
            rows = rows[rows["grain"] != query.header["fine"]].reset_index(drop=True)
        return self._of_department(actor, query, values, rows) if _is_department(actor) else rows

    def _without_fine(self, query: Query, values: Mapping[str, Any], rows: pd.DataFrame) -> pd.DataFrame:
        """Without what tells such an indicator of one department, also where a sum is made of it alone."""
        is_asked = "indicator" in query.parameters and values["indicator"] in self.fine
        if not {DEPARTMENT, DEPARTMENTS} & set(rows) or not (is_asked or "indicator" in rows):
            return rows
        is_fine = rows["indicator"].isin(self.fine) if "indicator" in rows else pd.Series(True, index=rows.index)
        is_told = is_fine & (rows[DEPARTMENT] != THE_REGION if DEPARTMENT in rows else rows[DEPARTMENTS] == 1)
        if DEPARTMENT in rows or "indicator" in rows:
            return rows[~is_told].reset_index(drop=True)
        figures = rows.select_dtypes("float")  # of one sum whoever asks expects the row
        return rows.assign(**figures.mask(is_told))

    def _of_department(self, actor: Actor, query: Query, values: Mapping[str, Any], rows: pd.DataFrame) -> pd.DataFrame:
        if DEPARTMENT not in rows:
            is_own = "department" in query.parameters and values["department"] == actor.department
            if may(actor, _needs(query)) or is_own:
                return rows
            raise ForbiddenError(actor, _needs(query), query.name)
        is_own = rows[DEPARTMENT].isin([actor.department, THE_REGION])
        if "peers" not in query.header:
            return rows[is_own].reset_index(drop=True)
        peers = {name: translator(lang)("access.peer") for name, lang in UNNAMED.items() if name in rows}
        words = {name: rows[name].where(is_own, word) for name, word in peers.items()}
        ids = {name: rows[name].map(lambda id: self._called(actor, id)) for name in IDS if name in rows}
        # in any other order their places in the list would say who they are
        found = rows.assign(**ids, **words).sort_values(DEPARTMENT, kind="stable", ignore_index=True)
        return found.assign(**{name: range(len(found)) for name in (BY_NAME,) if name in found})

    def _called(self, actor: Actor, department: Any) -> Any:
        is_nobody = not isinstance(department, str)  # nobody is better than the best
        return department if is_nobody or department in (actor.department, THE_REGION) else self._pseudonym(department)

    def _pseudonym(self, department: str) -> str:
        """The same for the same department while this process runs, and not to be guessed."""
        return "~" + hashlib.blake2b(str(department).encode(), key=self._secret, digest_size=5).hexdigest()


def _needs(query: Query) -> str:
    return query.header.get("needs", NEEDS.get(query.name.partition("/")[0], ""))


def _is_department(actor: Actor | None) -> bool:
    return actor is not None and bool(actor.department)


def _is_of_many(place: Any) -> bool:
    """Whether it is a region or a kind of departments: '*', '*party'."""
    return isinstance(place, str) and place.startswith(THE_REGION)


def _asked_of(query: Query, values: Mapping[str, Any]) -> Any:
    """The region that is asked about; None where it is all of them, also by a query that takes none for all."""
    return values.get("region") if "region" in query.parameters else None


def _of_regions(actor: Actor, query: Query, rows: pd.DataFrame) -> pd.DataFrame:
    if REGION in rows:
        return rows[rows[REGION].isin(actor.regions)].reset_index(drop=True)
    require(actor, "words", None, query.name)
    if _needs(query) != "words":
        raise ForbiddenError(actor, _needs(query), query.name)
    return rows
