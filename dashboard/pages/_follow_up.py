"""The follow-up of one gap, on whatever page it stands: its progress, what was recorded, the form for the next step.

A page calls `follow_up_card` and lets its own `update` callback also listen to `Input("recorded", "data")`, so that it
is drawn anew after somebody recorded something. The one callback that writes is registered by the shell.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dash import Dash

from dashboard.access.gate import can, passing
from dashboard.agenda import FEWEST_FOR_SHARE, Agenda, HitRate, agenda, became, flag_of, hit_rates, kinds_of
from dashboard.components import html
from dashboard.components.field import RADIOS, Field
from dashboard.filters import EARLIEST, LATEST
from dashboard.gaps import FLAGS
from dashboard.i18n.text import Text, quarter_name
from dashboard.pages._form import Subject, kept, not_writable, register_form, sent, signature_field, signed
from dashboard.pages._gaps import Gaps
from dashboard.pages._scene import Scene
from dashboard.rows import Row, rows_of, tuples_of
from dashboard.store import (
    ACTIVE,
    ADDRESSED,
    CLOSED,
    COMPLETED,
    DECLINED,
    DRAFT,
    LONGEST,
    OUTCOMES,
    QUARTERS_ASIDE,
    STOPPED,
    Basis,
    Book,
    Event,
    Flag,
    FollowUp,
    Reply,
    Step,
    StoreError,
    complaint,
    marked,
    next_states,
)

RECORDED = "recorded"  # the shell's Store of what was recorded last: rule, department, and which it was
FIELDS = ("state", "owner", "due", "note", "outcome", "who")
REPLY_FIELDS = ("text", "received", "replied_by")


@dataclass(frozen=True)
class Records:
    """What was recorded about the gaps of a view; with `known` in the address as it was then."""

    view: Gaps

    @cached_property
    def _read(self) -> tuple[Book, str]:
        now = self.view.now
        if not can("agenda"):  # what the office does about a department is not the department's to read
            return Book(), now.t("access.not_shown")
        try:
            book = kept().read(now.region)
        except StoreError as error:  # the figures can be shown without it
            passing()
            return Book(), complaint(now.t, error)
        return (book.known_on(now.filters.known) if now.filters.known else book), ""

    @property
    def book(self) -> Book:
        return self._read[0]

    @property
    def trouble(self) -> str:
        """Why nothing that was recorded can be shown; '' where it can."""
        return self._read[1]

    @cached_property
    def hits(self) -> dict[str, HitRate]:
        return hit_rates(self.book)

    @cached_property
    def day(self) -> datetime.date:
        """The day against which due dates are read."""
        return self.view.now.filters.known or datetime.date.today()

    @cached_property
    def rows(self) -> dict[tuple[str, str], Row]:
        """(rule, department) → the row of the view's quarter."""
        rows = self.view.rows
        return dict(zip(tuples_of(rows, "rule", "department_id"), rows_of(rows)))

    def subject(self, rule: str, department: str) -> tuple[Flag, FollowUp | None] | None:
        """What a follow-up of this rule and department is about: the spell of the view's quarter, else the last one
        that was followed up; None where there is neither."""
        row = self.rows.get((rule, department))
        if row and row["status"] in FLAGS:
            flag = flag_of(row)
            return flag, self.book.of(flag)
        found = self.book.at((rule, self.view.now.region, department))
        last = max(found, key=lambda one: (one.is_open, one.flag.since, one.last.number), default=None)
        return (last.flag, last) if last else None

    def others(self, flag: Flag, follow_up: FollowUp | None) -> tuple[FollowUp, ...]:
        """What else is open of the same rule and department, of other spells: it can be ended beside this one."""
        return tuple(one for one in self.book.at(flag.place) if one.is_open and one is not follow_up)

    def fate(self, flag: Flag) -> str:
        """What became of a flag by the view's quarter: a key of `follow_up.fate`."""
        return became(flag, self.rows, self.view.rules)

    @cached_property
    def marked(self) -> set[tuple[str, str]]:
        """(rule, department) of the view's flags that were set aside in this spell: drawn ⊖."""
        statuses = self.view.rows["status"]
        return marked((flag_of(row) for row, status in zip(self.rows.values(), statuses) if status in FLAGS), self.book)


def agenda_of(view: Gaps, book: Book, day: datetime.date) -> Agenda:
    """What deserves the meeting's time in the view's quarter, as `book` and `day` have it."""
    sizes = view.now.run("staff").set_index("department_id")["staff"].astype(float)
    staff = sizes[sizes.index.isin(view.now.departments["department_id"])]
    return agenda(view.rows, kinds_of(view.rules), staff, book, day)


# --- the card --------------------------------------------------------------------------------------------------
def follow_up_card(records: Records, rule: str, department: str) -> list[Any]:
    """Progress, owner, due date, hit rate of the rule, the form, replies and the history of one gap."""
    now, t = records.view.now, records.view.now.t
    if records.trouble:
        return [html.P(records.trouble, className="follow-trouble" if can("agenda") else "body-text")]
    found = records.subject(rule, department)
    if found is None:
        return [html.P(t("follow_up.no_flag"), className="quiet")]
    flag, follow_up = found
    row = records.rows.get((rule, department))
    replies = records.book.replies_to(flag)
    reason = not_writable(now, "decide")
    key = Spell.of(flag, follow_up, now.quarter).key
    entry = [html.P(reason, className="notice")] if reason else _form(records, key, flag, follow_up, row)
    reply = [] if reason else _reply_form(t, key)
    earlier = [one for one in records.book.rounds(flag) if one is not follow_up and not one.is_open]
    return [
        progress(t, follow_up),
        _facts(records, flag, follow_up),
        html.Div(entry, className="follow-entry"),
        html.Div([*_replies(t, replies), *reply], className="follow-replies"),
        *([_history(t, follow_up, t("follow_up.history", n=len(follow_up.events)))] if follow_up else []),
        *(_history(t, one, t("follow_up.earlier", state=state_words(t, one))) for one in reversed(earlier)),
        *(_other(records, one, not reason) for one in records.others(flag, follow_up)),
    ]


def _other(records: Records, one: FollowUp, is_writable: bool) -> html.Section:
    """A follow-up of another spell that nobody has ended."""
    now, t = records.view.now, records.view.now.t
    key = Spell.of(one.flag, one, now.quarter).key
    return html.Section(
        [
            html.H4(t("follow_up.other", spell=spell_words(t, one.flag), state=state_words(t, one))),
            *([html.Div(_form(records, key, one.flag, one, None), className="follow-entry")] if is_writable else []),
            _history(t, one, t("follow_up.history", n=len(one.events))),
        ],
        className="follow-other",
    )


def progress(t: Text, follow_up: FollowUp | None) -> html.Ol:
    """The life of a follow-up as a bar: what is behind it, where it stands, what would come."""
    passed = [event.step.state for event in follow_up.events] if follow_up else []
    third = DECLINED if DECLINED in passed else ADDRESSED
    path = [DRAFT, ACTIVE, third, *([] if third == DECLINED else [COMPLETED]), CLOSED]
    if STOPPED in passed:
        reached = max((path.index(state) for state in passed if state in path), default=-1)
        path = [*path[: reached + 1], STOPPED]
    at = path.index(passed[-1]) if passed else -1
    return html.Ol(
        [
            html.Li(
                t(f"follow_up.state.{state}"),
                className=f"{'done' if i <= at else 'ahead'}{' here' if i == at else ''} {state}",
                **({"aria-current": "step"} if i == at else {}),
            )
            for i, state in enumerate(path)
        ],
        className="follow-path",
        **{"aria-label": t("follow_up.progress")},
    )


def _facts(records: Records, flag: Flag, follow_up: FollowUp | None) -> html.Dl:
    t = records.view.now.t
    lines = [
        (t("follow_up.spell"), spell_words(t, flag)),
        (t("follow_up.owner"), (follow_up and follow_up.owner) or t("follow_up.nobody")),
        (t("follow_up.due"), due_words(t, follow_up, records.day)),
        *(
            [(t("follow_up.outcome"), t(f"follow_up.outcome.{follow_up.outcome}"))]
            if follow_up and follow_up.outcome
            else []
        ),
        *([(t("follow_up.fate"), t(f"follow_up.fate.{records.fate(follow_up.flag)}"))] if follow_up else []),
        (t("follow_up.hits"), hit_words(t, records.hits.get(flag.rule))),
    ]
    return html.Dl(
        [part for name, words in lines for part in (html.Dt(name), html.Dd(words))], className="follow-facts"
    )


def spell_words(t: Text, flag: Flag) -> str:
    if flag.since == flag.until:
        return quarter_name(t, flag.since)
    return t("follow_up.spell.range", first=quarter_name(t, flag.since), last=quarter_name(t, flag.until))


def due_words(t: Text, follow_up: FollowUp | None, day: datetime.date) -> Any:
    """The date with the days that are left or over; overdue in red and in words."""
    if follow_up is None or follow_up.due is None:
        return t("follow_up.no_date")
    date, days = follow_up.due.isoformat(), (follow_up.due - day).days
    if late := follow_up.days_overdue(day):
        return html.Span(t("follow_up.due.late", date=date, days=late), className="follow-late")
    waits = follow_up.state in (DRAFT, ACTIVE)
    return t("follow_up.due.left", date=date, days=days) if waits else date


def hit_words(t: Text, hit: HitRate | None) -> str:
    """'6/9 属实，区间 35%–88%'; below a few the counts alone."""
    if hit is None:
        return t("follow_up.hits.none")
    counts = {"confirmed": hit.confirmed, "n": hit.resolved}
    if not hit.is_share:
        return t("follow_up.hits.few", **counts, fewest=FEWEST_FOR_SHARE)
    return t("follow_up.hits.share", **counts, low=round(100 * hit.low), high=round(100 * hit.high))


def state_words(t: Text, follow_up: FollowUp | None) -> str:
    """The state, with the outcome where it is closed."""
    if follow_up is None:
        return t("follow_up.state.none")
    state = t(f"follow_up.state.{follow_up.state}")
    return f"{state}{t('agenda.comma')}{t(f'follow_up.outcome.{follow_up.outcome}')}" if follow_up.outcome else state


def moment_words(at: datetime.datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def _history(t: Text, follow_up: FollowUp, heading: str) -> html.Details:
    events = [_event(t, event) for event in reversed(follow_up.events)]
    body = [html.Summary(heading), html.Ol(events, className="follow-list")]
    return html.Details(body, className="follow-history", open=True)


def _event(t: Text, event: Event) -> html.Li:
    step = event.step
    said = [
        *([t(f"follow_up.outcome.{step.outcome}")] if step.outcome else []),
        *([t("follow_up.said.owner", owner=step.owner)] if step.owner else []),
        *([t("follow_up.said.due", date=step.due.isoformat())] if step.due else []),
    ]
    return html.Li(
        [
            html.B(t(f"follow_up.state.{step.state}")),
            html.Span(t("agenda.comma").join(said)),
            *([html.P(step.note)] if step.note else []),
            html.P(signature(t, step.who, event.at, event.basis), className="quiet"),
        ]
    )


def signature(t: Text, who: str, at: datetime.datetime, basis: Basis) -> str:
    seen = {"quarter": quarter_name(t, basis.quarter), "snapshot": snapshot_number(basis.snapshot)}
    return t("follow_up.signed", who=who, at=moment_words(at), **seen)


def snapshot_number(snapshot: str) -> str:
    """The number in a snapshot's id."""
    return snapshot.split("-")[0].lstrip("0")


def _replies(t: Text, replies: Sequence[Reply]) -> list[Any]:
    heading = html.H4(t("follow_up.replies", n=len(replies)) if replies else t("follow_up.replies.none"))
    items = [
        html.Li(
            [
                html.P(reply.text),
                html.P(
                    signature(t, reply.who, reply.at, reply.basis)
                    + (t("follow_up.received", date=reply.received.isoformat()) if reply.received else ""),
                    className="quiet",
                ),
            ]
        )
        for reply in replies
    ]
    return [heading, *([html.Ol(items, className="follow-list")] if items else [])]


# --- the form --------------------------------------------------------------------------------------------------
def _part(key: Any, part: str) -> dict[str, Any]:
    return {"follow_up": key, "part": part}


@dataclass(frozen=True)
class Spell(Subject):
    """What a form of a follow-up was drawn for."""

    rule: str
    since: str
    seen: int  # number of the last event that was shown, 0 for none

    @classmethod
    def of(cls, flag: Flag, follow_up: FollowUp | None, quarter: str) -> "Spell":
        seen = follow_up.last.number if follow_up else 0
        return cls(flag.region_id, flag.department_id, quarter, flag.rule, flag.since, seen)

    def news(self, kept: str) -> dict[str, str]:
        """What the shell's Store then holds."""
        return {"rule": self.rule, "department": self.department_id, "kept": kept}


def suggested(follow_up: FollowUp | None, flag: Flag, status: str | None) -> str | None:
    """The next state that the figures speak for, if they speak for any; it is marked and never chosen beforehand."""
    if follow_up is None or follow_up.can_be_resumed(flag):
        return ACTIVE if status == "alert" else DRAFT
    is_over = status is not None and status not in (*FLAGS, "no_data")
    wanted = {ACTIVE: ADDRESSED, ADDRESSED: COMPLETED}.get(follow_up.state)
    return wanted if is_over else None


def choices(t: Text, flag: Flag, follow_up: FollowUp | None, status: str | None) -> list[dict[str, str]]:
    """What may be recorded next, as `value` and `label`; none is chosen. `status`: of the flag in the quarter shown."""
    proposal = suggested(follow_up, flag, status)
    return [{"value": state, "label": _option(t, state, follow_up, proposal)} for state in next_states(follow_up, flag)]


def _form(
    records: Records, key: str, flag: Flag, follow_up: FollowUp | None, row: Mapping[str, Any] | None
) -> list[Any]:
    t = records.view.now.t
    options = choices(t, flag, follow_up, row["status"] if row else None)
    allowed = [option["value"] for option in options]
    said = html.P(id=_part(key, "said"), className="follow-said", role="alert")
    if not allowed:
        words = t("follow_up.finished.aside", quarters=QUARTERS_ASIDE) if follow_up.is_set_aside else ""
        return [html.P(words or t("follow_up.finished"), className="quiet"), said]
    outcomes = [{"value": outcome, "label": t(f"follow_up.outcome.{outcome}")} for outcome in OUTCOMES]
    closes = CLOSED in allowed
    return [
        *([_outgrown(t, follow_up)] if follow_up and follow_up.can_be_resumed(flag) else []),
        html.H4(t("follow_up.next")),
        Field(RADIOS, _part(key, "state"), None, options, className="follow-options"),
        html.Div(
            [
                html.H4(t("follow_up.outcome.ask")),
                Field(RADIOS, _part(key, "outcome"), None, outcomes, className="follow-options"),
            ],
            hidden=not closes,
        ),
        html.Div(
            [
                _field(t, "owner", Field("input", _part(key, "owner"), "", maxLength=LONGEST["owner"])),
                _field(t, "due", Field("input", _part(key, "due"), "", type="date")),
                _field(t, "note", Field("textarea", _part(key, "note"), "", rows=2, maxLength=LONGEST["note"])),
                _field(t, "who", signature_field(_part(key, "who"), LONGEST["who"])),
            ],
            className="follow-fields",
        ),
        html.P(t("follow_up.names"), className="quiet"),
        html.Div(
            [
                html.Button(t("follow_up.record"), id=_part(key, "record"), className="button primary", type="button"),
                said,
            ],
            className="follow-send",
        ),
    ]


def _outgrown(t: Text, follow_up: FollowUp) -> html.P:
    """Why a flag that was settled can be taken up again."""
    seen = follow_up.flag
    level = t(f"gaps.status.{seen.level}") if seen.level else t("follow_up.level.unknown")
    known = {"state": state_words(t, follow_up), "quarter": quarter_name(t, seen.until), "level": level}
    return html.P(t("follow_up.outgrown", **known), className="notice")


def _option(t: Text, state: str, follow_up: FollowUp | None, proposal: str | None) -> str:
    stays = follow_up is not None and follow_up.state == state
    words = t("follow_up.stay", state=t(f"follow_up.state.{state}")) if stays else t(f"follow_up.choose.{state}")
    return t("follow_up.suggested", option=words) if state == proposal else words


def _field(t: Text, name: str, field: Any) -> html.Label:
    return html.Label([html.Span(t(f"follow_up.ask.{name}")), field], className=f"follow-field {name}")


def _reply_form(t: Text, key: str) -> list[Any]:
    fields = [
        _field(t, "text", Field("textarea", _part(key, "text"), "", rows=3, maxLength=LONGEST["text"])),
        _field(t, "received", Field("input", _part(key, "received"), "", type="date")),
        _field(t, "replied_by", Field("input", _part(key, "replied_by"), "", maxLength=LONGEST["who"])),
    ]
    button = html.Button(t("follow_up.reply.record"), id=_part(key, "answer"), className="button", type="button")
    told = html.P(id=_part(key, "told"), className="follow-said", role="alert")
    return [
        html.Details(
            [
                html.Summary(t("follow_up.reply.open")),
                html.Div(fields, className="follow-fields"),
                html.Div([button, told], className="follow-send"),
            ]
        )
    ]


# --- recording -------------------------------------------------------------------------------------------------
def register_follow_up(app: Dash) -> None:
    """Once for the app: what the forms send is recorded, and pages that show it are drawn anew."""
    buttons = {"record": (_record_step, "said"), "answer": (_record_reply, "told")}
    register_form(app, "follow_up", "decide", RECORDED, buttons, (*FIELDS, *REPLY_FIELDS))


def _record_step(now: Scene, key: str) -> dict[str, str]:
    drawn, number = record_step(now, key, {name: str(sent(_part(key, name)) or "") for name in FIELDS})
    return drawn.news(f"record {number}")


def record_step(now: Scene, key: str, values: Mapping[str, str]) -> tuple[Spell, int]:
    """Keep what somebody decided: `key` of the form, `values` by FIELDS. What it was drawn for and the event's number,
    or `StoreError`."""
    drawn, flag, basis = _target(now, key)
    if not values["state"]:
        raise StoreError("nothing_chosen")
    step = Step(
        state=values["state"],
        who=signed(values["who"]),
        owner=values["owner"],
        due=_date(values["due"]),
        note=values["note"],
        # asked for wherever closing is offered; another choice leaves it without effect
        outcome=values["outcome"] if values["state"] == CLOSED else "",
    )
    return drawn, kept().record(flag, step, basis, follows=drawn.seen).number


def _record_reply(now: Scene, key: str) -> dict[str, str]:
    drawn, flag, basis = _target(now, key)
    text, received, who = (sent(_part(key, name)) or "" for name in REPLY_FIELDS)
    return drawn.news(f"answer {kept().reply(flag, str(text), str(who), basis, _date(received)).number}")


def _target(now: Scene, key: str) -> tuple[Spell, Flag, Basis]:
    """What is written about, after what may have changed since the form was drawn was looked at again."""
    drawn = Spell.sent(now, key)
    records = Records(Gaps(now))
    found = records.subject(drawn.rule, drawn.department_id) if drawn.region_id == now.region else None
    if found is None:
        raise StoreError("no_flag")
    flag = found[0]
    seen = records.book.with_event(drawn.seen, flag) if drawn.seen else None
    if seen and seen != found[1] and seen.flag.since == drawn.since:  # of another spell, drawn beside this one
        flag = seen.flag
    if drawn.since != flag.since:
        raise StoreError("moved", drawn=drawn.since, shown=flag.since)
    return drawn, flag, Basis(now.snapshot.id, now.quarter)


def _date(text: Any) -> datetime.date | None:
    if not text:
        return None
    try:
        day = datetime.date.fromisoformat(str(text))
    except ValueError:
        day = datetime.date.min
    if not EARLIEST <= day <= LATEST:
        raise StoreError("no_date", given=str(text)[:20])
    return day
