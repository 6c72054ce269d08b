"""A supervision register, and who stands in it, as the tests of gap rules need them."""

import datetime
from itertools import count

EIGHT = ("2024Q4", "2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3")
FOUR = EIGHT[4:]
_NUMBERS = count(1)
# One activity that no rule has anything to say of but for how often it happens.
_USUAL = {
    "method": "spot_check",
    "arrangement": "regular",
    "form": "open",
    "scope": "single",
    "stage": "before",
    "direction": "top_down",
    "object": "organisation",
    "focus": "leader_conduct",
    "level": "macro",
    "trigger": "proactive",
    "domain": "authority",
    "findings": 1,
    "notices": 0,
}


def activities(
    department: str, times: int = 1, quarters: tuple[str, ...] = ("2026Q3",), **columns: object
) -> list[dict]:
    """So many rows in each of the quarters; what is not given is as usual."""
    return [
        {
            **_USUAL,
            "activity_id": f"S{next(_NUMBERS)}",
            "department_id": department,
            "date": first_day(quarter),
            **columns,
        }
        for quarter in quarters
        for _ in range(times)
    ]


def first_day(quarter: str) -> datetime.date:
    return datetime.date(int(quarter[:4]), 3 * int(quarter[5]) - 2, 1)


def facts(*departments: str, quarters: tuple[str, ...] = EIGHT, **columns: object) -> list[dict]:
    return [{"department_id": name, "quarter": quarter, **columns} for name in departments for quarter in quarters]


def powers(department: str, *domains: str, risk_level: str = "A") -> list[dict]:
    """One power a domain, in force since before the first quarter."""
    return [
        {
            "power_id": f"{department}-{domain}",
            "department_id": department,
            "name": domain,
            "domain": domain,
            "risk_level": risk_level,
            "valid_from": datetime.date(2020, 1, 1),
        }
        for domain in domains
    ]
