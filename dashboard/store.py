"""What people record, in one SQLite file beside the snapshots: steps of follow-ups, departments' replies, notes.

Nothing recorded is ever changed: the state of a follow-up is what its events say, in their order. Imports do not touch
the file. Several processes may read and write it at once; a write is there as a whole, on the disk, or not at all.
"""

import datetime
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import Any

from dashboard import catalog
from dashboard.catalog import Query, QueryFileError
from dashboard.i18n.text import Text, quarter_name
from dashboard.settings import Settings

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
)

LEVEL_SINCE, NOTES_SINCE = 2, 3  # the versions that brought them

# --- the life of a follow-up -----------------------------------------------------------------------------------
STATES = DRAFT, ACTIVE, ADDRESSED, DECLINED, COMPLETED, CLOSED, STOPPED = (
    *("draft", "active", "addressed", "declined", "completed", "closed", "stopped"),
)
OUTCOMES = CONFIRMED, NOT_CONFIRMED = ("confirmed", "not_confirmed")
NEXT: dict[str | None, tuple[str, ...]] = {
    None: (DRAFT, ACTIVE),  # the office proposes, or a meeting decides at once
    DRAFT: (ACTIVE, STOPPED),
    ACTIVE: (ADDRESSED, DECLINED, STOPPED),
    ADDRESSED: (COMPLETED, STOPPED),
    DECLINED: (CLOSED, STOPPED),
    COMPLETED: (CLOSED, STOPPED),
    CLOSED: (),
    STOPPED: (),
}
UNDER_WAY = (DRAFT, ACTIVE, ADDRESSED)  # owner, date or note may change while the state stays
FINISHED = (CLOSED, STOPPED)
DECIDED = (DECLINED, CLOSED, STOPPED)  # a flag that goes on after one of these can be taken up again
# What was declined or not confirmed was looked into and nothing was found: for a year after the quarter looked at the
# same flag is no news, if it is no worse. Other endings hold for the quarters that were looked at and no longer.
QUARTERS_ASIDE = 4
LEVELS = ("watch", "alert")

# A pinned note stands at the foot of a chart: a sentence or two.
LONGEST = {"who": 60, "owner": 60, "note": 1000, "text": 4000, "pinned": 200, "reason": 200}
# Eighteen digits of an identity card, eleven of a mobile telephone: neither belongs here.
PERSONAL = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")


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
class Flag:
    """One spell of a flag: the rule flagged the department in every quarter from `since` to `until`.

    `level`: 'watch' or 'alert' in its last quarter, '' where nobody recorded it. `clear`: the last quarter before
    `since` in which the rule judged the department and did not flag it, '' where there is none.
    """

    rule: str
    region_id: str
    department_id: str
    since: str
    until: str
    level: str = ""
    clear: str = field(default="", compare=False)

    @property
    def place(self) -> tuple[str, str, str]:
        return self.rule, self.region_id, self.department_id


@dataclass(frozen=True)
class Basis:
    """What somebody was looking at who recorded something."""

    snapshot: str
    quarter: str


@dataclass(frozen=True)
class Step:
    """What somebody wants to record. An empty owner and no date keep what was said before."""

    state: str
    who: str
    owner: str = ""
    due: datetime.date | None = None
    note: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class Event:
    """A step as it was recorded."""

    number: int
    flag: Flag  # `since` is the follow-up's key, `until` the last quarter of the spell then
    follows: int
    step: Step
    at: datetime.datetime
    basis: Basis


@dataclass(frozen=True)
class Reply:
    """What a department says to a flag; a correction is a reply of its own."""

    number: int
    flag: Flag
    text: str
    who: str
    received: datetime.date | None
    at: datetime.datetime
    basis: Basis


@dataclass(frozen=True)
class FollowUp:
    """One flag's events from when it was taken up, oldest first; everything else follows from them."""

    events: tuple[Event, ...]
    is_resumed: bool = False  # what had ended was taken up again after this: the next round is a follow-up of its own

    @cached_property
    def flag(self) -> Flag:
        """From the first quarter of the spell when it began to the last quarter of the spell that anybody saw."""
        seen = max(self.events, key=lambda event: (event.flag.until, event.number)).flag
        return replace(seen, since=self.events[0].flag.since)

    @property
    def last(self) -> Event:
        return self.events[-1]

    @property
    def state(self) -> str:
        return self.last.step.state

    @property
    def owner(self) -> str:
        return next((event.step.owner for event in reversed(self.events) if event.step.owner), "")

    @property
    def due(self) -> datetime.date | None:
        return next((event.step.due for event in reversed(self.events) if event.step.due), None)

    @property
    def outcome(self) -> str:
        return self.last.step.outcome

    @property
    def is_open(self) -> bool:
        return self.state not in FINISHED and not self.is_resumed

    @property
    def is_set_aside(self) -> bool:
        """Somebody looked and found that there is nothing to do: declined, or closed as not confirmed."""
        return self.state == DECLINED or self.outcome == NOT_CONFIRMED

    def covers(self, flag: Flag) -> bool:
        """Whether what was decided in the end still holds for the flag: no worse than it was then, and not later than
        the last quarter that was seen, or than QUARTERS_ASIDE after it where it was set aside."""
        if self.state not in DECIDED:
            return False
        if "" not in (flag.level, self.flag.level) and LEVELS.index(flag.level) > LEVELS.index(self.flag.level):
            return False
        return flag.until <= later(self.flag.until, QUARTERS_ASIDE if self.is_set_aside else 0)

    def can_be_resumed(self, flag: Flag) -> bool:
        """Whether the flag has outgrown what was decided about it, and may be taken up again."""
        return self.state in DECIDED and not self.is_resumed and not self.covers(flag)

    def days_overdue(self, today: datetime.date) -> int:
        """0 where nothing is late: who has reported the work as done is not late any more."""
        late = self.state in (DRAFT, ACTIVE) and self.due is not None and self.due < today
        return (today - self.due).days if late else 0


def next_states(follow_up: FollowUp | None, flag: Flag) -> tuple[str, ...]:
    """What may be recorded next of the flag: the first states where it is to be taken up, also again; those that
    follow; and the present one where owner, date or note may change."""
    state = follow_up.state if follow_up else None
    again = NEXT[None] if follow_up and follow_up.can_be_resumed(flag) else ()
    return (*again, *NEXT[state], *((state,) if state in UNDER_WAY else ()))


def overlapping(flag: Flag, other: Flag) -> bool:
    """Whether two spells share a quarter: after a correction of the data one may begin earlier or later."""
    return flag.place == other.place and flag.since <= other.until and other.since <= flag.until


def continues(flag: Flag, earlier: Flag) -> bool:
    """Whether a spell is the one that was seen before: they share a quarter, or it came later and the rule found
    nothing wrong in no quarter between them. Where a correction took quarters away, nobody has found it settled."""
    is_later = flag.place == earlier.place and earlier.until < flag.since
    return overlapping(flag, earlier) or (is_later and flag.clear <= earlier.until)


def later(quarter: str, quarters: int) -> str:
    """The quarter that comes so many after this one."""
    count = 4 * int(quarter[:4]) + int(quarter[-1]) - 1 + quarters
    return f"{count // 4}Q{count % 4 + 1}"


@dataclass(frozen=True)
class Book:
    """All that was recorded, as it was when it was read."""

    follow_ups: tuple[FollowUp, ...] = ()
    replies: tuple[Reply, ...] = ()

    @cached_property
    def _by_place(self) -> dict[tuple[str, str, str], list[FollowUp]]:
        places = defaultdict(list)
        for one in self.follow_ups:
            places[one.flag.place].append(one)
        return places

    def of(self, flag: Flag) -> FollowUp | None:
        """The follow-up of this spell: the last round of it; the latest where a correction has joined two spells."""
        return next(reversed(self.rounds(flag)), None)

    def rounds(self, flag: Flag) -> tuple[FollowUp, ...]:
        """Every follow-up of this spell, the last one last: what had ended may have been taken up again."""
        found = (one for one in self.at(flag.place) if continues(flag, one.flag))
        return tuple(sorted(found, key=lambda one: (one.flag.since, one.last.number)))

    def at(self, place: tuple[str, str, str]) -> tuple[FollowUp, ...]:
        """Every follow-up of a rule, region and department, of whatever spell."""
        return tuple(self._by_place.get(place, ()))

    def with_event(self, number: int, flag: Flag) -> FollowUp | None:
        """The follow-up of the flag's rule, region and department that holds this event."""
        return next((one for one in self.at(flag.place) if any(e.number == number for e in one.events)), None)

    def replies_to(self, flag: Flag) -> tuple[Reply, ...]:
        return tuple(reply for reply in self.replies if continues(flag, reply.flag))

    def before(self, quarter: str) -> "Book":
        """What had been recorded when people still looked at earlier quarters."""
        return self._until(lambda one: one.basis.quarter < quarter)

    def known_on(self, day: datetime.date) -> "Book":
        """What had been recorded at the end of that day, by the clock of this machine."""
        return self._until(lambda one: one.at.astimezone().date() <= day)

    def _until(self, is_kept: Callable[[Any], bool]) -> "Book":
        """Without the first event that is not kept and all that follow it: a step says nothing without those before."""
        events = (event for one in self.follow_ups for event in one.events)
        kept = [event for chain in _chains(events) for event in takewhile(is_kept, chain)]
        return Book(_follow_ups(kept), tuple(filter(is_kept, self.replies)))


# --- notes pinned to a quarter -----------------------------------------------------------------------------------
EVERYBODY = "*"  # in place of a department: the whole region
NOTE, BASELINE, WITHDRAWAL = "note", "baseline", "withdrawal"


@dataclass(frozen=True)
class Pin:
    """What somebody wants to pin to a quarter: something to know, or that series begin anew there and why."""

    region_id: str
    department_id: str  # EVERYBODY for the whole region
    quarter: str
    text: str
    who: str
    kind: str = NOTE
    indicator: str = ""  # of a baseline; '' for every indicator


@dataclass(frozen=True)
class Note:
    """A pin as it was recorded, or the withdrawal of one: its text is the reason, `withdraws` the number."""

    number: int
    pin: Pin
    at: datetime.datetime
    basis: Basis
    withdraws: int | None = None

    def concerns(self, department: str) -> bool:
        """Whether it is about this department; what is about the whole region is about every one."""
        return self.pin.department_id in (department, EVERYBODY)


@dataclass(frozen=True)
class Notes:
    """All notes and withdrawals, oldest first, as they were when they were read."""

    events: tuple[Note, ...] = ()

    @cached_property
    def withdrawals(self) -> dict[int, Note]:
        """The number of a note → its withdrawal."""
        return {event.withdraws: event for event in self.events if event.withdraws is not None}

    @property
    def pinned(self) -> tuple[Note, ...]:
        """Every note and baseline, also those that were withdrawn."""
        return tuple(event for event in self.events if event.withdraws is None)

    @property
    def kept(self) -> tuple[Note, ...]:
        """Those that nobody withdrew."""
        return tuple(note for note in self.pinned if note.number not in self.withdrawals)

    def known_on(self, day: datetime.date) -> "Notes":
        """What had been recorded at the end of that day, by the clock of this machine."""
        return Notes(tuple(event for event in self.events if event.at.astimezone().date() <= day))


def with_baselines(settings: Settings, folder: Path) -> Settings:
    """The office's settings with the baselines among the notes of its data folder: what a snapshot is built by.

    `StoreError` where the notes cannot be read: without them a chart would silently lose its new beginning.
    """
    noted = [note for note in Store(folder).read_notes().kept if note.pin.kind == BASELINE]
    return replace(settings, baselines=(*settings.baselines, *map(_as_setting, noted)))


def _as_setting(note: Note) -> dict[str, Any]:
    pin = note.pin
    return {
        "indicator": pin.indicator,
        "department": "" if pin.department_id == EVERYBODY else pin.department_id,
        "start": pin.quarter,
        "on": note.at.astimezone().date().isoformat(),
        "by": pin.who,
        "reason": pin.text,
        "region": pin.region_id,
        "note": note.number,
    }


def marked(flags: Iterable[Flag], book: Book) -> set[tuple[str, str]]:
    """(rule, department) of the flags that were set aside and are no worse since: drawn ⊖ in a matrix."""
    found = ((flag, book.of(flag)) for flag in flags)
    return {(f.rule, f.department_id) for f, one in found if one and one.is_set_aside and one.covers(f)}


def _chains(events: Iterable[Event]) -> list[list[Event]]:
    """The events of one key after the other, each in their order."""
    found = defaultdict(list)
    for event in events:
        found[(event.flag.place, event.flag.since)].append(event)
    return [sorted(chain, key=lambda event: event.number) for chain in found.values()]


def _follow_ups(events: Iterable[Event]) -> tuple[FollowUp, ...]:
    """One for each key, and for each time that what had ended was taken up again."""
    found = []
    for chain in _chains(events):
        begins = [
            at
            for at, event in enumerate(chain)
            if at == 0 or (event.step.state in NEXT[None] and chain[at - 1].step.state in DECIDED)
        ]
        ends = [*begins[1:], len(chain)]
        found += [FollowUp(tuple(chain[a:b]), is_resumed=b < len(chain)) for a, b in zip(begins, ends, strict=True)]
    return tuple(found)


# --- the file --------------------------------------------------------------------------------------------------
class Store:
    """The file of one data folder. Each call has a connection of its own, so any thread and process may call."""

    def __init__(self, folder: Path, clock: Callable[[], datetime.datetime] | None = None):
        """`clock`: tells the moment in UTC, in whole seconds; that of this machine if not given."""
        self.path = folder / FILE
        self._clock = clock or _now
        self._queries = _own_queries()

    def read(self, region: str | None = None) -> Book:
        """All that was recorded of a region, or of all; empty where nothing ever was."""
        if not self.path.exists():
            return Book()
        with self._connected("rw") as connection:
            version = self._version(connection)
            if version == 0:
                return Book()
            if version < len(MIGRATIONS) and self._is_brought_up_to_date(connection):
                version = len(MIGRATIONS)
            events = map(_event, self._run(connection, _events_of(version), region=region))
            replies = tuple(map(_reply, self._run(connection, "replies", region=region)))
            return Book(_follow_ups(events), replies)

    def record(self, flag: Flag, step: Step, basis: Basis, follows: int | None = None) -> Event:
        """Keep one step. `follows`: the number of the last event that whoever records has seen, 0 for none;
        None: whatever is the last. Sent twice after the same event, by a double click or after an answer that was
        lost, it is one step. Raises `StoreError` and keeps nothing where the step is not possible."""
        step = _sound(step)
        with self._connected("rwc") as connection, _whole(connection):
            self._migrate(connection)
            events = map(_event, self._run(connection, "events", region=flag.region_id))
            book = Book(_follow_ups(events))
            # of several that are open at once it is the one that was seen; what was taken up anew has a later one
            seen = book.with_event(follows, flag) if follows else None
            before = seen if seen and not seen.is_resumed else book.of(flag)
            if follows is not None and (kept := _already(book, flag, step, basis, follows)):
                return kept
            _require_possible(before, flag, step, follows)
            kept = replace(flag, since=before.flag.since) if before else flag
            event = Event(0, kept, before.last.number if before else 0, step, self._clock(), basis)
            [row] = self._run(
                connection,
                "add_event",
                **_of_flag(kept),
                level=kept.level,
                follows=event.follows,
                state=step.state,
                owner=step.owner,
                due=_day_text(step.due),
                note=step.note,
                outcome=step.outcome,
                who=step.who,
                at=event.at.isoformat(),
                snapshot=basis.snapshot,
                quarter=basis.quarter,
            )
        return replace(event, number=row["number"])

    def reply(self, flag: Flag, text: str, who: str, basis: Basis, received: datetime.date | None = None) -> Reply:
        """Keep a department's reply beside those before it."""
        text, who = _text("text", text), _text("who", who)
        for name, value in (("text", text), ("who", who)):
            if not value:
                raise StoreError("empty", field=name)
        with self._connected("rwc") as connection, _whole(connection):
            self._migrate(connection)
            # sent twice, by a double click or after a time-out, it is one reply: what is kept cannot be removed
            replies = Book(replies=tuple(map(_reply, self._run(connection, "replies", region=flag.region_id))))
            last = next(reversed(replies.replies_to(flag)), None)
            said = (text, who, received, basis.quarter)
            if last is not None and (last.text, last.who, last.received, last.basis.quarter) == said:
                return last
            at = self._clock()
            [row] = self._run(
                connection,
                "add_reply",
                **_of_flag(flag),
                text=text,
                who=who,
                received=_day_text(received),
                at=at.isoformat(),
                snapshot=basis.snapshot,
                quarter=basis.quarter,
            )
        return Reply(row["number"], flag, text, who, received, at, basis)

    def read_notes(self, region: str | None = None) -> Notes:
        """The notes of a region, or of all; none where nothing ever was recorded."""
        if not self.path.exists():
            return Notes()
        with self._connected("rw") as connection:
            version = self._version(connection)
            if version < NOTES_SINCE:  # an older file has none; whoever records something brings it up to date
                return Notes()
            return Notes(tuple(map(_note, self._run(connection, "notes", region=region))))

    def pin(self, pin: Pin, basis: Basis) -> Note:
        """Keep a note. Sent twice, by a double click or after a time-out, it is one: `StoreError` where it is unfit."""
        pin = _fit(pin)
        with self._connected("rwc") as connection, _whole(connection):
            self._migrate(connection)
            kept = Notes(tuple(map(_note, self._run(connection, "notes", region=pin.region_id)))).kept
            last = next((note for note in reversed(kept) if note.pin == pin), None)
            return last or self._added(connection, Note(0, pin, self._clock(), basis))

    def withdraw(self, region: str, number: int, reason: str, who: str, basis: Basis) -> Note:
        """Keep that a note no longer holds; it stays in the history. `StoreError` where it is none that holds."""
        reason, who = _said("reason", reason), _said("who", who)
        with self._connected("rwc") as connection, _whole(connection):
            self._migrate(connection)
            notes = Notes(tuple(map(_note, self._run(connection, "notes", region=region))))
            note = next((note for note in notes.pinned if note.number == number), None)
            if note is None:
                raise StoreError("no_note", number=number)
            if before := notes.withdrawals.get(number):
                at = before.at.astimezone().strftime("%Y-%m-%d %H:%M")
                raise StoreError("withdrawn", number=number, who=before.pin.who, at=at)
            pin = replace(note.pin, text=reason, who=who, kind=WITHDRAWAL, indicator="")
            return self._added(connection, Note(0, pin, self._clock(), basis, number))

    def _added(self, connection: sqlite3.Connection, note: Note) -> Note:
        [row] = self._run(
            connection,
            "add_note",
            **asdict(note.pin),
            withdraws=note.withdraws,
            at=note.at.isoformat(),
            snapshot=note.basis.snapshot,
            seen_quarter=note.basis.quarter,
        )
        return replace(note, number=row["number"])

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

    def _run(self, connection: sqlite3.Connection, name: str, **values: Any) -> list[sqlite3.Row]:
        return _run(connection, self._queries[name], **values)

    def _version(self, connection: sqlite3.Connection) -> int:
        version = self._run(connection, "version")[0]["user_version"]
        if version > len(MIGRATIONS):
            raise StoreError("newer", file=self.path, found=version, known=len(MIGRATIONS))
        return version

    def _is_brought_up_to_date(self, connection: sqlite3.Connection) -> bool:
        """False where the file cannot be written: then it is read as it is."""
        try:
            with _whole(connection):
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
    def _connected(self, mode: str) -> Iterator[sqlite3.Connection]:
        """`mode`: "rwc" makes the file where there is none; a file that cannot be written is opened to read."""
        address = f"{self.path.absolute().as_uri()}?mode={mode}"
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
def _whole(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing; the lock is taken at the start, so that what was read still holds when it is written."""
    connection.execute("begin immediate")
    try:
        yield
        connection.commit()
    finally:
        if connection.in_transaction:
            connection.rollback()


def _events_of(version: int) -> str:
    """The query that reads the events of a file of this version."""
    return "events" if version >= LEVEL_SINCE else "events_1"


def _own_queries() -> dict[str, Query]:
    return {q.short_name: q for name, q in catalog.load_catalog().items() if name.startswith("store/")}


def _run(connection: sqlite3.Connection, query: Query, **values: Any) -> list[sqlite3.Row]:
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


# --- what may be recorded --------------------------------------------------------------------------------------
def _sound(step: Step) -> Step:
    """The step with its texts tidied; raises where it would be wrong after whatever came before."""
    texts = {field: _text(field, getattr(step, field)) for field in ("who", "owner", "note")}
    if step.state not in STATES:
        raise StoreError("no_state", given=step.state, known=", ".join(STATES))
    if not texts["who"]:
        raise StoreError("empty", field="who")
    if step.state == STOPPED and not texts["note"]:
        raise StoreError("no_reason")
    if step.state == CLOSED and step.outcome not in OUTCOMES:
        raise StoreError("no_outcome")
    if step.state != CLOSED and step.outcome:
        raise StoreError("outcome_too_early")
    return replace(step, **texts)


def _text(field: str, text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\t", " ").strip()
    if len(text) > LONGEST[field]:
        raise StoreError("too_long", field=field, most=LONGEST[field], given=len(text))
    breaks = "\n" if field in ("note", "text") else ""
    if not all(sign.isprintable() or sign in breaks for sign in text):
        raise StoreError("unreadable", field=field)
    if PERSONAL.search(text):
        raise StoreError("personal", field=field)
    return text


def _said(field: str, text: str) -> str:
    """The text tidied, in one line, as it stands under a chart; raises where there is none."""
    text = _text(field, " ".join(text.split()))
    if not text:
        raise StoreError("empty", field=field)
    return text


def _fit(pin: Pin) -> Pin:
    """The note with its texts tidied; raises where it says nothing or is of no kind."""
    if pin.kind not in (NOTE, BASELINE) or not re.fullmatch(r"\d{4}Q[1-4]", pin.quarter):
        raise StoreError("not_there")
    text = _said("reason" if pin.kind == BASELINE else "pinned", pin.text)
    return replace(pin, text=text, who=_said("who", pin.who), indicator=pin.indicator if pin.kind == BASELINE else "")


def _already(book: Book, flag: Flag, step: Step, basis: Basis, follows: int) -> Event | None:
    """The event that this very step made when it came before: what is kept cannot be removed."""
    told = (follows, step, basis.quarter)
    events = (event for one in (book.at(flag.place) if follows else book.rounds(flag)) for event in one.events)
    return next((event for event in events if (event.follows, event.step, event.basis.quarter) == told), None)


def _require_possible(before: FollowUp | None, flag: Flag, step: Step, follows: int | None) -> None:
    last = before.last.number if before else 0
    if follows is not None and follows != last:
        if before is None:
            raise StoreError("gone")
        at = before.last.at.astimezone().strftime("%Y-%m-%d %H:%M")
        raise StoreError("stale", who=before.last.step.who, state=before.state, at=at)
    allowed = next_states(before, flag)
    if step.state not in allowed:
        raise StoreError("not_next", state=before.state if before else None, wanted=step.state, allowed=allowed)
    if before and step.state == before.state and not (step.owner or step.due or step.note):
        raise StoreError("nothing_new", state=step.state)


# --- rows ------------------------------------------------------------------------------------------------------
def _of_flag(flag: Flag) -> dict[str, str]:
    names = ("rule", "region_id", "department_id", "since", "until")
    return {name: getattr(flag, name) for name in names}


def _event(row: sqlite3.Row) -> Event:
    step = Step(row["state"], row["who"], row["owner"], _day(row["due"]), row["note"], row["outcome"])
    flag = replace(_flag(row), level=row["level"])
    return Event(row["number"], flag, row["follows"], step, _moment(row), _basis(row))


def _reply(row: sqlite3.Row) -> Reply:
    texts = row["text"], row["who"]
    return Reply(row["number"], _flag(row), *texts, _day(row["received"]), _moment(row), _basis(row))


def _note(row: sqlite3.Row) -> Note:
    names = ("region_id", "department_id", "quarter", "text", "who", "kind", "indicator")
    basis = Basis(row["snapshot"], row["seen_quarter"])
    return Note(row["number"], Pin(*(row[name] for name in names)), _moment(row), basis, row["withdraws"])


def _flag(row: sqlite3.Row) -> Flag:
    return Flag(row["rule"], row["region_id"], row["department_id"], row["since"], row["until"])


def _basis(row: sqlite3.Row) -> Basis:
    return Basis(row["snapshot"], row["quarter"])


def _moment(row: sqlite3.Row) -> datetime.datetime:
    return datetime.datetime.fromisoformat(row["at"])


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _day_text(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)
