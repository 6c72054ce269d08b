"""What people record, and who may sign in, in one SQLite file beside the snapshots.

`file` opens it and brings it up to date; `follow_ups` and `notes` keep what is said about flags and quarters, `trace`
keeps who did what: nothing of these is ever changed. `accounts` keeps who may sign in, and who is signed in now.
"""

from dashboard.store.file import (
    FILE,
    Basis,
    StoreError,
    check_queries,
    complaint,
)
from dashboard.store.follow_ups import (
    ACTIVE,
    ADDRESSED,
    CLOSED,
    COMPLETED,
    CONFIRMED,
    DECLINED,
    DRAFT,
    FINISHED,
    NEXT,
    NOT_CONFIRMED,
    OUTCOMES,
    QUARTERS_ASIDE,
    STATES,
    STOPPED,
    Book,
    Event,
    Flag,
    FollowUp,
    FollowUpStore,
    Reply,
    Step,
    continues,
    later,
    marked,
    next_states,
)
from dashboard.store.notes import (
    BASELINE,
    EVERYBODY,
    NOTE,
    Note,
    Notes,
    NoteStore,
    Pin,
    with_baselines,
)
from dashboard.store.texts import LONGEST

__all__ = [
    "ACTIVE",
    "ADDRESSED",
    "BASELINE",
    "Basis",
    "Book",
    "CLOSED",
    "COMPLETED",
    "CONFIRMED",
    "DECLINED",
    "DRAFT",
    "EVERYBODY",
    "Event",
    "FILE",
    "FINISHED",
    "Flag",
    "FollowUp",
    "LONGEST",
    "NEXT",
    "NOTE",
    "NOT_CONFIRMED",
    "Note",
    "Notes",
    "OUTCOMES",
    "Pin",
    "QUARTERS_ASIDE",
    "Reply",
    "STATES",
    "STOPPED",
    "Step",
    "Store",
    "StoreError",
    "check_queries",
    "complaint",
    "continues",
    "later",
    "marked",
    "next_states",
    "with_baselines",
]


class Store(FollowUpStore, NoteStore):
    """What was recorded in one data folder about flags and quarters."""

    def state(self) -> tuple[tuple[str, int], ...]:
        """The same as long as nothing more was recorded; `StoreError` where it cannot be read."""
        if not self.path.exists():
            return ()
        with self._connected("rw") as connection:
            if self._version(connection) == 0:
                return ()
            lists = [(row["name"], row["seq"]) for row in self._run(connection, "last_numbers")]
        return (*lists, ("file", self.path.stat().st_ino))
