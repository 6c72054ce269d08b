"""Flags and steps that the tests of the store record."""

import pytest

from dashboard.store import Basis, Flag, FollowUp, Step, Store, StoreError

FLAG = Flag("one_pen", "county", "D09", "2026Q1", "2026Q3")
BASIS = Basis("000001-20261015T080000Z-abcdef", "2026Q3")
TO_THE_END = ("draft", "active", "addressed", "completed", "closed")


def step(state: str, **said) -> Step:
    needed = {"note": "理由"} if state == "stopped" else {"outcome": "confirmed"} if state == "closed" else {}
    return Step(state, **({"who": "办公室"} | needed | said))


def spell(since: str, until: str) -> Flag:
    return Flag(FLAG.rule, FLAG.region_id, FLAG.department_id, since, until)


def recorded(kept: Store, *states: str, flag: Flag = FLAG, **said) -> FollowUp:
    for state in states:
        kept.record(flag, step(state, **said), BASIS)
    return kept.read().of(flag)


def refusal(kept: Store, *given, **said) -> str:
    """The code of the refusal; what was recorded before stays as it was."""
    before = kept.read()
    with pytest.raises(StoreError) as error:
        kept.record(FLAG, *given, **said)
    assert kept.read() == before
    return error.value.code
