"""Notes pinned to a quarter: their flags and texts at the charts, the card of a department, the forms that write them.

A page that draws a chart asks `Pinned` for the notes of the chart's series, puts their flags on its points (`flagged`)
and their texts into the chart's foot (`note_foot`): nobody points a mouse in a meeting.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd
from dash import Dash

from dashboard.access.gate import can, passing
from dashboard.baselines import require_nothing_hidden
from dashboard.components import html
from dashboard.components.field import RADIOS, Field
from dashboard.i18n.text import quarter_name
from dashboard.pages._follow_up import signature
from dashboard.pages._form import Subject, kept, not_writable, register_form, sent, signature_field, signed
from dashboard.pages._scene import Scene
from dashboard.store import (
    BASELINE,
    EVERYBODY,
    LONGEST,
    NOTE,
    Basis,
    Note,
    Notes,
    Pin,
    StoreError,
    complaint,
)

NOTED = "noted"  # the shell's Store of what was written last: pages that show notes are drawn anew
EVERY_INDICATOR, NOT_CHOSEN = "all", "none"  # an empty value would leave a select blank
FIELDS = ("quarter", "kind", "indicator", "text", "who", "which", "reason", "by")


@dataclass(frozen=True)
class Pinned:
    """The notes of the view's region; with `known` in the address as they were then."""

    now: Scene

    @cached_property
    def _read(self) -> tuple[Notes, str]:
        if not can("agenda"):
            return Notes(), self.now.t("access.not_shown")
        try:
            notes = kept().read_notes(self.now.region)
        except StoreError as error:  # the figures can be shown without them
            passing()
            return Notes(), complaint(self.now.t, error)
        return (notes.known_on(self.now.filters.known) if self.now.filters.known else notes), ""

    @property
    def notes(self) -> Notes:
        return self._read[0]

    @property
    def trouble(self) -> str:
        """Why no note can be shown; '' where they can."""
        return self._read[1]

    @cached_property
    def _in_force(self) -> set[int]:
        return {one["note"] for one in self.now.snapshot.manifest.baselines if one.get("note")}

    def is_in_force(self, note: Note) -> bool:
        """Whether the shown snapshot was built by it: a baseline waits for the next build."""
        return note.number in self._in_force

    @property
    def _standing(self) -> list[Note]:
        """What a chart has to show: also a withdrawn baseline by which the shown limits still break."""
        gone = self.notes.withdrawals
        return [note for note in self.notes.pinned if note.number not in gone or self.is_in_force(note)]

    def on(self, series: str, indicator: str = "") -> list[Note]:
        """The notes of a chart. `series`: a department, or '*…' for the region and its groups. `indicator`: that of the
        chart, whose baselines alone are shown; '' where it shows several."""
        is_total = series.startswith(EVERYBODY)
        return [
            note
            for note in self._standing
            if (note.pin.department_id == EVERYBODY if is_total else note.concerns(series))
            and (not indicator or note.pin.kind == NOTE or note.pin.indicator in ("", indicator))
        ]

    def of(self, department: str) -> list[Note]:
        """Every note about a department, newest first, also those that were withdrawn."""
        return [note for note in reversed(self.notes.pinned) if note.concerns(department)]

    # --- words ---
    def heading(self, note: Note) -> str:
        """Where it is pinned and what it is: '2025年第三季度 · 重新起算：投诉率'."""
        t, pin = self.now.t, note.pin
        parts = [quarter_name(t, pin.quarter), *([t("notes.region")] if pin.department_id == EVERYBODY else [])]
        if pin.kind == BASELINE:
            parts.append(t("notes.baseline_of", indicator=self.indicator(pin.indicator)))
        return " · ".join(parts)

    def indicator(self, name: str) -> str:
        if not name:
            return self.now.t("notes.every_indicator")
        query = self.now.snapshot.indicators.get(name)
        return query.header["title"][self.now.lang] if query else name

    def state(self, note: Note) -> str:
        """Whether it holds; of a baseline whether the shown snapshot was built by it."""
        t, is_gone = self.now.t, note.number in self.notes.withdrawals
        if note.pin.kind == NOTE:
            return t("notes.withdrawn") if is_gone else ""
        key = (
            ("still" if is_gone else "in_force") if self.is_in_force(note) else ("withdrawn" if is_gone else "waiting")
        )
        return t(f"notes.{key}")


# --- on a chart ------------------------------------------------------------------------------------------------
def flagged(points: pd.DataFrame, quarters: Sequence[str], notes: Iterable[Note]) -> pd.DataFrame:
    """The points with the flags of notes: `mark` is what stands on a flag, `note` the text behind it.

    `quarters`: that of each point; of the months of a quarter the first bears the flag.
    """
    first: dict[str, int] = {}
    for at, quarter in enumerate(quarters):
        first.setdefault(quarter, at)
    found: dict[int, list[Note]] = defaultdict(list)
    for note in notes:
        if note.pin.quarter in first:
            found[first[note.pin.quarter]].append(note)
    places = [found.get(at, []) for at in range(len(points))]
    return points.assign(
        mark=pd.Series([_mark(here) for here in places], index=points.index, dtype=object),
        note=pd.Series(
            [" · ".join(note.pin.text for note in here) or None for here in places], index=points.index, dtype=object
        ),
    )


def _mark(notes: Sequence[Note]) -> str | None:
    """The numbers of the notes of one period; of many the first and the last."""
    numbers = [str(note.number) for note in notes]
    return None if not numbers else "·".join(numbers) if len(numbers) < 3 else f"{numbers[0]}…{numbers[-1]}"


def quarter_of(period: str) -> str:
    """Of a quarter itself, or of a month such as '2026-08'."""
    return period if "Q" in period else f"{period[:4]}Q{(int(period[5:]) + 2) // 3}"


def note_foot(pinned: Pinned, notes: Iterable[Note], quarters: Iterable[str]) -> list[html.Span]:
    """The numbered texts of the flags on a chart of these quarters, for its foot; nothing where there are none."""
    shown = set(quarters)
    lines = [_line(pinned, note) for note in notes if note.pin.quarter in shown]
    return [html.Span(lines, className="chart-notes")] if lines else []


def _line(pinned: Pinned, note: Note) -> html.Span:
    state = pinned.state(note) if note.pin.kind == BASELINE else ""
    after = [html.I(state)] if state else []
    return html.Span([_flag(note), f"{pinned.heading(note)} · {note.pin.text}", *after])


def _flag(note: Note) -> html.B:
    return html.B(str(note.number), className="note-flag")


def flags_at(notes: Sequence[Note], quarter: str) -> list[html.B]:
    """The flags of one quarter, for a row of them."""
    return [_flag(note) for note in notes if note.pin.quarter == quarter]


# --- the card of a department ----------------------------------------------------------------------------------
def notes_of_department(pinned: Pinned, department: str) -> list[Any]:
    """What was pinned to it, newest first, what was withdrawn, and the forms."""
    now, t = pinned.now, pinned.now.t
    if pinned.trouble:
        return [
            html.H2(t("notes.title")),
            html.P(pinned.trouble, className="follow-trouble" if can("agenda") else "body-text"),
        ]
    every, gone = pinned.of(department), pinned.notes.withdrawals
    held = [note for note in every if note.number not in gone]
    withdrawn = [note for note in every if note.number in gone]
    history = [
        html.Details(
            [
                html.Summary(t("notes.history", n=len(withdrawn))),
                html.Ol([_item(pinned, note) for note in withdrawn], className="notes-list"),
            ]
        )
    ]
    listed = (
        html.Ol([_item(pinned, note) for note in held], className="notes-list")
        if held
        else html.P(t("notes.none"), className="body-text")
    )
    reason = not_writable(now, "annotate")
    key = Subject(now.region, department, now.quarter).key
    entry = (
        html.P(reason, className="notice")
        if reason
        else html.Details([html.Summary(t("notes.open")), html.Div(_forms(pinned, key, held), className="notes-entry")])
    )
    return [
        html.H2(t("notes.title.some", n=len(held)) if held else t("notes.title")),
        html.P(t("notes.what"), className="chart-what"),
        html.Div([listed, *(history if withdrawn else []), entry], className="notes"),
    ]


def _item(pinned: Pinned, note: Note) -> html.Li:
    t, gone = pinned.now.t, pinned.notes.withdrawals.get(note.number)
    state = pinned.state(note)
    said = [html.P([t("notes.because", reason=gone.pin.text)]), _signed(t, gone)] if gone else []
    return html.Li(
        [
            html.Div(
                [
                    _flag(note),
                    html.B(pinned.heading(note)),
                    *([html.Span(state, className="notes-state")] if state else []),
                ],
                className="notes-head",
            ),
            html.P(note.pin.text, className="notes-text"),
            _signed(t, note),
            *said,
        ],
        className="gone" if gone else None,
    )


def _signed(t: Any, note: Note) -> html.P:
    return html.P(signature(t, note.pin.who, note.at, note.basis), className="quiet")


# --- the forms -------------------------------------------------------------------------------------------------
def _part(key: Any, part: str) -> dict[str, Any]:
    return {"notes": key, "part": part}


def _forms(pinned: Pinned, key: str, held: Sequence[Note]) -> list[Any]:
    t, now = pinned.now.t, pinned.now
    kinds = [{"value": kind, "label": t(f"notes.kind.{kind}")} for kind in (NOTE, BASELINE)]
    quarters = [{"value": quarter, "label": quarter_name(t, quarter)} for quarter in reversed(now.quarters)]
    named = [(name, query.header["title"][now.lang]) for name, query in now.snapshot.indicators.items()]
    choices = [(NOT_CHOSEN, t("notes.choose")), (EVERY_INDICATOR, t("notes.every_indicator")), *named]
    indicators = [{"value": value, "label": label} for value, label in choices]
    form = [
        Field(RADIOS, _part(key, "kind"), NOTE, kinds, className="follow-options"),
        html.Div(
            [
                _field(t, "quarter", Field("select", _part(key, "quarter"), now.quarter, quarters)),
                _field(t, "indicator", Field("select", _part(key, "indicator"), NOT_CHOSEN, indicators)),
                _field(t, "text", Field("textarea", _part(key, "text"), "", rows=2, maxLength=LONGEST["pinned"])),
                _field(t, "who", signature_field(_part(key, "who"), LONGEST["who"])),
            ],
            className="follow-fields",
        ),
        html.P(t("notes.careful"), className="quiet"),
        _send(t, key, "pin", "pin_said", "button primary"),
    ]
    if not held:
        return form
    which = [{"value": str(note.number), "label": f"{note.number} · {pinned.heading(note)}"} for note in held]
    fields = [
        _field(t, "which", Field("select", _part(key, "which"), which[0]["value"], which)),
        _field(t, "reason", Field("input", _part(key, "reason"), "", maxLength=LONGEST["reason"])),
        _field(t, "by", signature_field(_part(key, "by"), LONGEST["who"])),
    ]
    away = [
        html.Summary(t("notes.withdraw.open")),
        html.Div(fields, className="follow-fields"),
        _send(t, key, "withdraw", "withdraw_said", "button"),
    ]
    return [*form, html.Details(away)]


def _field(t: Any, name: str, field: Any) -> html.Label:
    return html.Label([html.Span(t(f"notes.ask.{name}")), field], className=f"follow-field notes-{name}")


def _send(t: Any, key: str, part: str, answer: str, css: str) -> html.Div:
    button = html.Button(t(f"notes.{part}"), id=_part(key, part), className=css, type="button")
    return html.Div(
        [button, html.P(id=_part(key, answer), className="follow-said", role="alert")], className="follow-send"
    )


# --- writing ---------------------------------------------------------------------------------------------------
def register_notes(app: Dash) -> None:
    """Once for the app: what the forms send is kept, and pages that show notes are drawn anew."""
    buttons = {"pin": (_pin, "pin_said"), "withdraw": (_withdraw, "withdraw_said")}
    register_form(app, "notes", "annotate", NOTED, buttons, FIELDS)


def _pin(now: Scene, key: str) -> str:
    drawn, basis = _target(now, key)
    given = {name: str(sent(_part(key, name)) or "") for name in FIELDS}
    if given["quarter"] not in now.quarters:
        raise StoreError("no_quarter", given=given["quarter"][:20])
    kind = BASELINE if given["kind"] == BASELINE else NOTE
    known = (EVERY_INDICATOR, *now.snapshot.indicators)
    if kind == BASELINE and given["indicator"] not in known:
        raise StoreError("no_indicator")
    # asked for beside either kind; of a note it is without effect
    of = given["indicator"] if kind == BASELINE and given["indicator"] != EVERY_INDICATOR else ""
    pin = Pin(drawn.region_id, drawn.department_id, given["quarter"], given["text"], signed(given["who"]), kind, of)
    require_nothing_hidden(now.snapshot, pin)
    return f"pin {kept().pin(pin, basis).number}"


def _withdraw(now: Scene, key: str) -> str:
    drawn, basis = _target(now, key)
    which, reason, who = (str(sent(_part(key, name)) or "") for name in ("which", "reason", "by"))
    found = Pinned(now).of(drawn.department_id)
    note = next((note for note in found if str(note.number) == which), None)
    if note is None:
        raise StoreError("no_note", number=which[:20])
    return f"withdraw {kept().withdraw(drawn.region_id, note.number, reason, signed(who), basis).number}"


def _target(now: Scene, key: str) -> tuple[Subject, Basis]:
    """What is written about, if it is still there."""
    drawn = Subject.sent(now, key)
    there = set(replace(now, category=None).departments["department_id"])
    if drawn.region_id != now.region or drawn.department_id not in there:
        raise StoreError("not_there")
    return drawn, Basis(now.snapshot.id, now.quarter)
