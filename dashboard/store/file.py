"""The one SQLite file beside the snapshots: its versions, its connections, and what can be wrong with it.

Imports do not touch it. Several processes may read and write it at once; a write is there as a whole, on the disk, or
not at all.
"""

import datetime
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard import catalog
from dashboard.catalog import Query, QueryFileError
from dashboard.i18n.text import Text, quarter_name

FILE = "store.sqlite"
PATIENCE_SECONDS = 10.0  # how long a write waits for another one
# What each version of the file adds to the one before, in order.
MIGRATIONS = (
    (
        *("make_events", "make_replies", "events_without_update", "events_without_delete"),
        *("replies_without_update", "replies_without_delete", "version_1"),
    ),
    ("add_level", "version_2"),
    ("make_notes", "notes_without_update", "notes_without_delete", "version_3"),
    (
        *("make_accounts", "make_sessions", "make_links", "make_attempts"),
        *("make_trace", "trace_without_update", "trace_without_delete", "version_4"),
    ),
)


class StoreError(Exception):
    """Nothing was recorded, or nothing can be read; `code` and `values` are worded by `complaint`."""

    def __init__(self, code: str, **values: Any):
        super().__init__(f"{code}: {values}")
        self.code, self.values = code, values


def complaint(t: Text, error: StoreError) -> str:
    """The error as a text for whoever tried."""
    values = dict(error.values)
    for name in ("state", "wanted"):
        if name in values:
            values[name] = t(f"follow_up.state.{values[name] or 'none'}")
    for name in ("drawn", "shown"):
        if name in values:
            values[name] = quarter_name(t, values[name])
    if "allowed" in values:
        words = [t(f"follow_up.state.{state}") for state in values["allowed"]]
        values["allowed"] = t("list.separator").join(words) or t("follow_up.nothing_more")
    if "field" in values:
        values["field"] = t(f"follow_up.field.{values['field']}")
    return t(f"store.{error.code}", **values)


@dataclass(frozen=True)
class Basis:
    """What somebody was looking at who recorded something."""

    snapshot: str
    quarter: str


class StoreFile:
    """The file of one data folder. Each call has a connection of its own, so any thread and process may call."""

    def __init__(self, folder: Path, clock: Callable[[], datetime.datetime] | None = None):
        """`clock`: tells the moment in UTC, in whole seconds; that of this machine if not given."""
        self.path = folder / FILE
        self._clock = clock or now
        self._queries = _own_queries()

    def require_sound(self) -> None:
        """`StoreError` where the file is damaged; nothing to say where there is none yet."""
        if not self.path.exists():
            return
        with self._connected("rw") as connection:
            found = [row["quick_check"] for row in self._run(connection, "damage")]
            self._version(connection)
        if found != ["ok"]:
            raise StoreError("damaged", file=self.path, reason=found[0])

    def copy_to(self, path: Path) -> bool:
        """Copy the file as it is at one moment, while others write; False where there is none. `StoreError` where it is
        damaged."""
        if not self.path.exists():
            return False
        self.require_sound()
        with self._connected("rw") as source, closing(sqlite3.connect(path)) as copy:
            source.backup(copy)
        return True

    def _run(self, connection: sqlite3.Connection, name: str, /, **values: Any) -> list[sqlite3.Row]:
        return _run(connection, self._queries[name], **values)

    def _version(self, connection: sqlite3.Connection) -> int:
        version = self._run(connection, "version")[0]["user_version"]
        if version > len(MIGRATIONS):
            raise StoreError("newer", file=self.path, found=version, known=len(MIGRATIONS))
        return version

    def _version_to_read(self, connection: sqlite3.Connection) -> int:
        """The version of the file once it is brought up to date where it can be; 0 where nothing was ever recorded."""
        version = self._version(connection)
        if 0 < version < len(MIGRATIONS) and self._is_brought_up_to_date(connection):
            return len(MIGRATIONS)
        return version

    def _is_brought_up_to_date(self, connection: sqlite3.Connection) -> bool:
        """False where the file cannot be written: then it is read as it is."""
        try:
            with whole(connection):
                self._migrate(connection)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
                return False
            raise
        return True

    def _migrate(self, connection: sqlite3.Connection) -> None:
        for names in MIGRATIONS[self._version(connection) :]:
            for name in names:
                self._run(connection, name)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction on a file that has every table."""
        with self._connected("rwc") as connection, whole(connection):
            self._migrate(connection)
            yield connection

    @contextmanager
    def _connected(self, mode: str) -> Iterator[sqlite3.Connection]:
        """`mode`: "rwc" makes the file where there is none; a file that cannot be written is opened to read."""
        address = f"{self.path.absolute().as_uri()}?mode={mode}"
        if mode == "rwc":
            _own(self.path)
        try:
            connection = sqlite3.connect(address, uri=True, timeout=PATIENCE_SECONDS, isolation_level=None)
        except sqlite3.OperationalError as error:
            raise self._told(error) from None
        connection.row_factory = sqlite3.Row
        try:
            # A journal that is removed on commit keeps the file whole in itself, so that it can be copied and can be
            # read in a folder that nobody may write; `extra` also flushes the folder after the journal is gone.
            connection.execute("pragma synchronous = extra")
            yield connection
        except sqlite3.DatabaseError as error:
            raise self._told(error) from None
        finally:
            connection.close()

    def _told(self, error: sqlite3.DatabaseError) -> StoreError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return StoreError("busy", file=self.path)
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return StoreError("damaged", file=self.path, reason=error)
        return StoreError("not_kept", file=self.path, reason=error)


@contextmanager
def whole(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing; the lock is taken at the start, so that what was read still holds when it is written."""
    connection.execute("begin immediate")
    try:
        yield
        connection.commit()
    finally:
        if connection.in_transaction:
            connection.rollback()


def _own_queries() -> dict[str, Query]:
    return {q.short_name: q for name, q in catalog.load_catalog().items() if name.startswith("store/")}


def _run(connection: sqlite3.Connection, query: Query, /, **values: Any) -> list[sqlite3.Row]:
    return connection.execute(query.sql, {name: values[name] for name in query.parameters}).fetchall()


def check_queries() -> None:
    """Prepare every statement against an empty file in memory; `QueryFileError` names a broken one."""
    queries, made = _own_queries(), [name for names in MIGRATIONS for name in names]
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    for name in (*made, *(name for name in queries if name not in made)):
        try:
            _run(connection, queries[name], **dict.fromkeys(queries[name].parameters))
        except sqlite3.IntegrityError:
            continue  # it was understood, and refuses to keep nothing
        except sqlite3.Error as error:
            raise QueryFileError(f"{queries[name].path}:{queries[name].line}: {error}") from None
    connection.close()


def _own(path: Path) -> None:
    """There, and for nobody but the account that the server runs as; SQLite gives its journal the same rights."""
    with suppress(OSError):  # what is there already keeps the rights that somebody gave it
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def basis_of(row: sqlite3.Row) -> Basis:
    return Basis(row["snapshot"], row["quarter"])


def moment_of(row: sqlite3.Row, column: str = "at") -> datetime.datetime:
    return datetime.datetime.fromisoformat(row[column])


def moment_or_none(text: str) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if text else None


def day_of(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def day_text(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)
