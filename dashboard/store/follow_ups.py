"""The follow-up of flags: its steps, departments' replies, and what follows from them.

The state of a follow-up is what its events say, in their order; nothing recorded is ever changed.
"""

import datetime
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import takewhile
from typing import Any

from dashboard.store import trace
from dashboard.store.file import Basis, StoreError, basis_of, day_of, day_text, moment_of
from dashboard.store.texts import tidy
from dashboard.store.trace import TracedFile

LEVEL_SINCE = 2  # the version of the file that brought it

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


class FollowUpStore(TracedFile):
    """Reads and records follow-ups and replies."""

    def read(self, region: str | None = None) -> Book:
        """All that was recorded of a region, or of all; empty where nothing ever was."""
        if not self.path.exists():
            return Book()
        with self._connected("rw") as connection:
            version = self._version_to_read(connection)
            if version == 0:
                return Book()
            events = map(_event, self._run(connection, _events_of(version), region=region))
            replies = tuple(map(_reply, self._run(connection, "replies", region=region)))
            return Book(_follow_ups(events), replies)

    def record(self, flag: Flag, step: Step, basis: Basis, follows: int | None = None) -> Event:
        """Keep one step. `follows`: the number of the last event that whoever records has seen, 0 for none;
        None: whatever is the last. Sent twice after the same event, by a double click or after an answer that was
        lost, it is one step. Raises `StoreError` and keeps nothing where the step is not possible."""
        step = _sound(step)
        with self._writing() as connection:
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
                due=day_text(step.due),
                note=step.note,
                outcome=step.outcome,
                who=step.who,
                at=event.at.isoformat(),
                snapshot=basis.snapshot,
                quarter=basis.quarter,
            )
            self._traced(connection, trace.DECIDED, _words(kept), detail=step.state)
        return replace(event, number=row["number"])

    def reply(self, flag: Flag, text: str, who: str, basis: Basis, received: datetime.date | None = None) -> Reply:
        """Keep a department's reply beside those before it."""
        text, who = tidy("text", text), tidy("who", who)
        for name, value in (("text", text), ("who", who)):
            if not value:
                raise StoreError("empty", field=name)
        with self._writing() as connection:
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
                received=day_text(received),
                at=at.isoformat(),
                snapshot=basis.snapshot,
                quarter=basis.quarter,
            )
            self._traced(connection, trace.REPLIED, _words(flag))
        return Reply(row["number"], flag, text, who, received, at, basis)


def _events_of(version: int) -> str:
    """The query that reads the events of a file of this version."""
    return "events" if version >= LEVEL_SINCE else "events_1"


# --- what may be recorded --------------------------------------------------------------------------------------
def _sound(step: Step) -> Step:
    """The step with its texts tidied; raises where it would be wrong after whatever came before."""
    texts = {field: tidy(field, getattr(step, field)) for field in ("who", "owner", "note")}
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


def _words(flag: Flag) -> str:
    """What the trace says of it."""
    return f"{flag.rule} {flag.region_id} {flag.department_id} {flag.since}"


def _event(row: sqlite3.Row) -> Event:
    step = Step(row["state"], row["who"], row["owner"], day_of(row["due"]), row["note"], row["outcome"])
    flag = replace(_flag(row), level=row["level"])
    return Event(row["number"], flag, row["follows"], step, moment_of(row), basis_of(row))


def _reply(row: sqlite3.Row) -> Reply:
    texts = row["text"], row["who"]
    return Reply(row["number"], _flag(row), *texts, day_of(row["received"]), moment_of(row), basis_of(row))


def _flag(row: sqlite3.Row) -> Flag:
    return Flag(row["rule"], row["region_id"], row["department_id"], row["since"], row["until"])
