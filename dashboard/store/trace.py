"""Who did what, when and from where: rows that are only ever added, each with a hash over itself and the one before.

A changed, removed or inserted row breaks the chain at that place. Rows cut off at the end leave a chain that is whole;
they are missed by the count that the file keeps, and by whoever wrote down number and hash of an earlier row: `verify`
answers with both. Nothing is ever removed, so every row is there for as long as the file is.
"""

import datetime
import getpass
import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Collection
from copy import copy
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

from dashboard.store.file import StoreFile, moment_of, now

TRACE_SINCE = 4  # the version of the file that brought it
NOTHING_BEFORE = "0" * 64  # stands for the hash before the first row

ACTIONS = (
    *("serve", "sign_in", "sign_out", "locked", "refused"),
    *("import", "restore", "rebuild", "export", "publish", "decide", "reply", "note"),
    *("backup", "bring_back"),
    *("account_add", "account_disable", "account_enable", "account_role", "account_password", "account_sign_out"),
    *("account_link", "account_token"),
)
SERVED, SIGNED_IN, SIGNED_OUT, LOCKED, REFUSED_ACTION = ACTIONS[:5]
IMPORTED, RESTORED, REBUILT, EXPORTED, PUBLISHED, DECIDED, REPLIED, NOTED = ACTIONS[5:13]
BACKED_UP, BROUGHT_BACK = ACTIONS[13:15]
ADDED, DISABLED, ENABLED, ROLE_CHANGED, PASSWORD_CHANGED, SESSIONS_ENDED, LINKED, TOKEN_MADE = ACTIONS[15:]
RESULTS = DONE, REFUSED, FAILED = ("done", "refused", "failed")

LONGEST_FIELD = 300
CONSOLE = "console"  # in place of a role: a command on the server itself
ON_BEHALF = "MINGJING_ON_BEHALF_OF"  # the environment variable


@dataclass(frozen=True)
class Doer:
    """Who does something: the name of the account, its role, and the address that the request came from."""

    name: str = ""
    role: str = ""
    address: str = ""

    def environment(self) -> dict[str, str]:
        """For a command that the server starts on behalf of this one; `console_doer` reads it there."""
        return {ON_BEHALF: json.dumps(asdict(self))}


def console_doer() -> Doer:
    """Who runs a command: the user of this machine, or the one on whose behalf the server started it."""
    behalf = os.environ.get(ON_BEHALF)
    return Doer(**json.loads(behalf)) if behalf else Doer(getpass.getuser(), CONSOLE)


@dataclass(frozen=True)
class Entry:
    """One row of the trace."""

    number: int
    at: datetime.datetime
    actor: str
    role: str
    address: str
    action: str
    what: str
    result: str
    detail: str
    hash: str

    def hashed_after(self, before: str) -> str:
        """SHA-256 over the hash of the row before and all that this row says, as JSON with sorted keys."""
        said = asdict(self) | {"at": self.at.isoformat()}
        del said["hash"]
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


@dataclass(frozen=True)
class Chain:
    """What verifying found. `number` and `hash` are of the last row that is sound."""

    number: int
    hash: str
    broken: int | None = None  # the number of the first row that does not follow from the one before
    missing: int = 0  # rows that were given a number and are no longer there at the end

    @property
    def is_whole(self) -> bool:
        return self.broken is None and not self.missing


class TracedFile(StoreFile):
    """A file whose writes leave a row in the trace, in the same transaction: one is not there without the other."""

    def __init__(self, folder: Path, clock: Callable[[], datetime.datetime] | None = None, doer: Doer | None = None):
        """`doer`: on whose behalf something is recorded; nobody in particular if not given."""
        super().__init__(folder, clock)
        self._doer = doer or Doer()

    def on_behalf_of(self, doer: Doer) -> Self:
        """The same file, for somebody else."""
        other = copy(self)
        other._doer = doer
        return other

    def _traced(
        self,
        connection: sqlite3.Connection,
        action: str,
        what: str = "",
        result: str = DONE,
        detail: str = "",
        doer: Doer | None = None,
    ) -> Entry:
        """Add one row, within the transaction that the connection is in. `doer`: another one than the file's."""
        if action not in ACTIONS or result not in RESULTS:
            raise ValueError(f"{action} {result}")
        who = doer or self._doer
        texts = map(_in_one_line, (who.name, who.role, who.address, action, what, result, detail))
        last = self._run(connection, "trace_end")[0]
        entry = Entry(last["number"] + 1, now(), *texts, "")
        entry = replace(entry, hash=entry.hashed_after(last["hash"] or NOTHING_BEFORE))
        self._run(connection, "add_trace", **asdict(entry) | {"at": entry.at.isoformat()})
        return entry


class Trace(TracedFile):
    """Reads, adds to and verifies the trace."""

    def record(self, action: str, what: str = "", result: str = DONE, detail: str = "") -> Entry:
        """Add one row. Texts are kept in one line; whoever calls keeps secrets out of them."""
        with self._writing() as connection:
            return self._traced(connection, action, what, result, detail)

    def require_writable(self) -> None:
        """`StoreError` where a row could not be added: what cannot be kept is not begun."""
        with self._writing():
            pass

    def read(
        self, most: int | None = None, before: int | None = None, actors: Collection[str] | None = None
    ) -> list[Entry]:
        """The newest first; of those before a number, at most so many, and of these actors, where that is said."""
        if not self.path.exists():
            return []
        names = None if actors is None else json.dumps(list(actors))
        with self._connected("rw") as connection:
            if self._version_to_read(connection) < TRACE_SINCE:
                return []
            return list(map(_entry, self._run(connection, "trace_newest", most=most, before=before, actors=names)))

    def verify(self) -> Chain:
        """Read the whole chain; `broken` names the first row that is not as it was written."""
        if not self.path.exists():
            return Chain(0, NOTHING_BEFORE)
        with self._connected("rw") as connection:
            if self._version_to_read(connection) < TRACE_SINCE:
                return Chain(0, NOTHING_BEFORE)
            number, last = 0, NOTHING_BEFORE
            for row in self._run(connection, "trace"):
                try:
                    entry = _entry(row)
                    is_sound = entry.number == number + 1 and entry.hashed_after(last) == entry.hash
                except (TypeError, ValueError):  # a moment or a text that no program of ours wrote
                    is_sound = False
                if not is_sound:
                    return Chain(number, last, broken=number + 1)
                number, last = entry.number, entry.hash
            given = self._run(connection, "trace_end")[0]["number"]
            return Chain(number, last, missing=max(given - number, 0))

    def has(self, number: int, hash: str) -> bool:
        """Whether the row with this number has this hash: what an auditor wrote down is still there, and so is all
        before it where the chain is whole."""
        found = self.read(1, number + 1)
        return bool(found) and (found[0].number, found[0].hash) == (number, hash)


def _in_one_line(text: str) -> str:
    """No line break and nothing unprintable comes from what somebody typed or sent."""
    shown = " ".join("".join(sign if sign.isprintable() else " " for sign in str(text)).split())
    return shown if len(shown) <= LONGEST_FIELD else shown[: LONGEST_FIELD - 1] + "…"


def _entry(row: sqlite3.Row) -> Entry:
    names = ("actor", "role", "address", "action", "what", "result", "detail", "hash")
    return Entry(row["number"], moment_of(row), *(row[name] for name in names))
