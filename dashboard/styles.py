"""The one style sheet of all pages: what the product takes of Bootstrap, and its own."""

import re
from functools import cache
from pathlib import Path

ASSETS = Path(__file__).parents[1] / "assets"
TAKEN = frozenset(  # the classes of Bootstrap that something on a page has; its rules for bare elements come along
    {"form-check", "form-check-input", "form-check-label", "form-control", "form-range", "form-select"}
    | {"visually-hidden"}
)
_RULE = re.compile(r"([^{}]+)\{[^{}]*\}")
_GROUP = re.compile(r"(@[^{}]+)\{((?:[^{}]+\{[^{}]*\})*)\}")  # what holds rules, such as @media
_CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")


@cache
def style_sheet() -> str:
    """Bootstrap first, then our sheets by their names: a browser waits for one file and not for thirty."""
    bootstrap = "\n".join(file.read_text("utf-8") for file in (ASSETS / "bootstrap").glob("*.css"))
    own = sorted((ASSETS / "style").glob("*.css"))
    return "\n".join([taken(bootstrap), *(file.read_text("utf-8") for file in own)])


def taken(sheet: str) -> str:
    """The rules that can be for something that has no other class of this sheet than those of `TAKEN`."""
    parts, at = [], 0
    for group in _GROUP.finditer(sheet):
        inside = _taken_of(group[2])
        parts += [_taken_of(sheet[at : group.start()]), f"{group[1]}{{{inside}}}" if inside else ""]
        at = group.end()
    return "".join([*parts, _taken_of(sheet[at:])])


def _taken_of(rules: str) -> str:
    return "".join(rule[0] for rule in _RULE.finditer(rules) if any(map(_is_taken, _selectors(rule[1]))))


def _selectors(text: str) -> list[str]:
    return re.sub(r":not\([^()]*\)", "", text).split(",")


def _is_taken(selector: str) -> bool:
    return TAKEN.issuperset(_CLASS.findall(selector))
