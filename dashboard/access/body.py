"""What a callback's request must look like: every part that the callback registered, in its place, and no other.

Dash takes inputs, state and even outputs from the browser as they come. A body that no page of ours could have sent is
the sender's mistake and is refused before anything works on it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

TEXTS = ("search", "pathname", "href", "hash")  # properties of the address, which are texts or absent
WILDCARD = list  # a declared id has ["ALL"] in place of a value


def is_sound(registered: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Whether the body fits the entry of Dash's callback map."""
    output = registered["output"]
    outputs = [_split(one) for one in (output if isinstance(output, list) else [output])]
    given = body.get("outputs")
    given = given if isinstance(output, list) else [given]
    inputs, state = _declared(registered["inputs"]), _declared(registered["state"])
    return (
        _fit(outputs, given)
        and _fit(inputs, body.get("inputs"), with_values=True)
        and _fit(state, body.get("state", []), with_values=True)
        and _are_one_page([*outputs, *inputs, *state], [*given, *body["inputs"], *body.get("state", [])])
        and _are_inputs(body.get("changedPropIds", []), body["inputs"])
    )


def _declared(parts: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    return [(part["id"], part["property"]) for part in parts]


def _split(output: object) -> tuple[str, str]:
    name, _, prop = str(output).rpartition(".")
    return name, prop.partition("@")[0]


def _fit(declared: Sequence[tuple[str, str]], given: object, with_values: bool = False) -> bool:
    if not isinstance(given, list) or len(given) != len(declared):
        return False
    for (name, prop), one in zip(declared, given):
        pattern = json.loads(name) if name.startswith("{") else name
        is_many = isinstance(pattern, dict) and any(isinstance(value, WILDCARD) for value in pattern.values())
        if is_many and not isinstance(one, list):
            return False
        if not all(_is_part(part, pattern, prop, with_values) for part in (one if is_many else [one])):
            return False
    return True


def _is_part(part: object, pattern: str | dict[str, Any], prop: str, with_value: bool) -> bool:
    if not isinstance(part, dict) or part.get("property") != prop or not _is_id(part.get("id"), pattern):
        return False
    if not with_value:
        return True
    value = part.get("value")
    if prop in TEXTS and value is not None:
        return isinstance(value, str) and (prop != "pathname" or value.startswith("/"))
    return prop != "id" or value == part["id"]


def _is_id(given: object, pattern: str | dict[str, Any]) -> bool:
    if isinstance(pattern, str):
        return given == pattern
    return (
        isinstance(given, dict)
        and set(given) == set(pattern)
        and all(
            isinstance(given[key], str) if isinstance(value, WILDCARD) else given[key] == value
            for key, value in pattern.items()
        )
    )


def _are_one_page(declared: Sequence[tuple[str, str]], given: Sequence[Any]) -> bool:
    """Whether the same parts of a page are meant wherever all of a kind are asked for."""
    seen: dict[str, list[Any]] = {}
    for (name, _), one in zip(declared, given):
        if isinstance(one, list):
            ids = [part["id"] for part in one]
            if seen.setdefault(name, ids) != ids:
                return False
    return True


def _are_inputs(changed: object, inputs: Sequence[Any]) -> bool:
    """What is said to have changed is among the inputs; nothing changed where a page is drawn first."""
    if not isinstance(changed, list):
        return False
    parts = [part for one in inputs for part in (one if isinstance(one, list) else [one])]
    there = [(part["id"], part["property"]) for part in parts]
    return all(isinstance(one, str) and _read(one) in there for one in changed)


def _read(changed: str) -> tuple[Any, str]:
    """'url.search', or '{"filter":"quarter"}.value' with its id as data."""
    name, _, prop = changed.rpartition(".")
    try:
        return (json.loads(name) if name.startswith("{") else name), prop
    except ValueError:
        return None, prop
