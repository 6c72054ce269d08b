"""Who asks, and whether that may be: the one decision behind pages, callbacks, API, exports and reports."""

import json
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

ALONE = "alone"  # one person at the machine itself, where no account exists


@dataclass(frozen=True)
class Role:
    """A line of roles.toml; `name` has the languages."""

    code: str
    name: Mapping[str, str]
    may: frozenset[str]


@dataclass(frozen=True)
class Actor:
    """Who asks. `regions`: those that the account is of with all that lie in them, () for all; `department` (of the
    one region) belongs to the role 'department'."""

    name: str
    role: str
    regions: tuple[str, ...] = ()
    department: str = ""
    without: frozenset[str] = frozenset()  # actions of the role that do not hold for what is being asked

    def covers(self, regions: Collection[str]) -> bool:
        """Whether somebody of these regions (() for all) is of no other than the actor's own."""
        return not self.regions or (bool(regions) and set(regions) <= set(self.regions))

    def with_those_below(self, below: Callable[[tuple[str, ...]], tuple[str, ...]]) -> "Actor":
        """A city's account is of its counties, too; a department's of its one region alone, because another region may
        call another department the same."""
        return self if self.department or not self.regions else replace(self, regions=below(self.regions))

    @property
    def sight(self) -> str:
        """The same for those who see the same."""
        return json.dumps([self.role, self.regions, self.department, sorted(self.without)])


class ForbiddenError(Exception):
    """The actor may not do that. `action` and `actor` are for the trace; whoever asked learns only that it is so."""

    def __init__(self, actor: Actor | None, action: str, what: str = ""):
        super().__init__(f"{action} {what}".strip())
        self.actor, self.action, self.what = actor, action, what


@cache
def _table() -> dict:
    return tomllib.loads(Path(__file__).with_name("roles.toml").read_text(encoding="utf-8"))


@cache
def actions() -> dict[str, dict[str, str]]:
    """Action → what it is, in each language."""
    return _table()["actions"]


@cache
def roles() -> dict[str, Role]:
    """Role by code, in the order of the file."""
    return {code: Role(code, role["name"], frozenset(role["may"])) for code, role in _table()["roles"].items()}


def may(actor: Actor | None, action: str, region: str | None = None) -> bool:
    """Whether the actor may do `action`, in `region` where it is about one. Nobody, an unknown role and an unknown
    action: no."""
    if actor is None or action not in actions() or action in actor.without:
        return False
    if region is not None and actor.regions and region not in actor.regions:
        return False
    role = roles().get(actor.role)
    return actor.role == ALONE or (role is not None and action in role.may)


def require(actor: Actor | None, action: str, region: str | None = None, what: str = "") -> None:
    """`ForbiddenError` unless the actor may."""
    if not may(actor, action, region):
        raise ForbiddenError(actor, action, what)
