"""Accounts with a clock that a test moves and passwords that are hashed cheaply."""

import datetime
from dataclasses import replace
from pathlib import Path

from argon2 import PasswordHasher

from dashboard.access.actors import roles
from dashboard.settings import Access, Settings
from dashboard.store.accounts import Accounts
from dashboard.store.passwords import Hashes
from dashboard.store.trace import Doer

RULES = Settings.load(Path("nowhere")).access
CHEAP = Hashes(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
GOOD, BETTER = "Kx7-rain-tOwer", "n3w-Lantern-Road"
ROOT = Doer("root", "console", "")
HERE = "10.0.0.7"


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime.datetime(2026, 11, 28, 1, 0, tzinfo=datetime.UTC)

    def __call__(self) -> datetime.datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += datetime.timedelta(**by)


def accounts_in(folder: Path, clock: Clock, rules: Access = RULES, **changed) -> Accounts:
    return Accounts(folder, replace(rules, **changed), list(roles()), clock, ROOT, CHEAP)
