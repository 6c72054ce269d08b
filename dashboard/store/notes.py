"""Notes pinned to a quarter, and the new baselines among them; a wrong one is withdrawn and stays in the history."""

import datetime
import re
import sqlite3
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from dashboard.settings import Settings
from dashboard.store.file import Basis, StoreError, moment_of
from dashboard.store.texts import one_line
from dashboard.store.trace import NOTED, TracedFile

NOTES_SINCE = 3  # the version of the file that brought them

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
    noted = [note for note in NoteStore(folder).read_notes().kept if note.pin.kind == BASELINE]
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


class NoteStore(TracedFile):
    """Reads and records notes and their withdrawals."""

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
        with self._writing() as connection:
            kept = Notes(tuple(map(_note, self._run(connection, "notes", region=pin.region_id)))).kept
            last = next((note for note in reversed(kept) if note.pin == pin), None)
            return last or self._added(connection, Note(0, pin, self._clock(), basis))

    def withdraw(self, region: str, number: int, reason: str, who: str, basis: Basis) -> Note:
        """Keep that a note no longer holds; it stays in the history. `StoreError` where it is none that holds."""
        reason, who = one_line("reason", reason), one_line("who", who)
        with self._writing() as connection:
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
        what = f"{note.pin.region_id} {note.pin.department_id} {note.pin.quarter}"
        self._traced(connection, NOTED, what, detail=note.pin.kind)
        return replace(note, number=row["number"])


def _fit(pin: Pin) -> Pin:
    """The note with its texts tidied; raises where it says nothing or is of no kind."""
    if pin.kind not in (NOTE, BASELINE) or not re.fullmatch(r"\d{4}Q[1-4]", pin.quarter):
        raise StoreError("not_there")
    text = one_line("reason" if pin.kind == BASELINE else "pinned", pin.text)
    return replace(
        pin, text=text, who=one_line("who", pin.who), indicator=pin.indicator if pin.kind == BASELINE else ""
    )


def _note(row: sqlite3.Row) -> Note:
    names = ("region_id", "department_id", "quarter", "text", "who", "kind", "indicator")
    basis = Basis(row["snapshot"], row["seen_quarter"])
    return Note(row["number"], Pin(*(row[name] for name in names)), moment_of(row), basis, row["withdraws"])
