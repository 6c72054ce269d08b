"""What the meeting has before it, slide by slide; what was decided in it today; and how a decision comes in.

The agenda is that of the morning: what is decided in the meeting stays on its slide until the day is over.
"""

import datetime
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import flask
import pandas as pd

from dashboard.access.gate import needs
from dashboard.agenda import Agenda, Item, Past
from dashboard.components.links import MEETING_PATH
from dashboard.filters import Filters
from dashboard.i18n.text import Text
from dashboard.pages._agenda import Meeting
from dashboard.pages._balance import Balance
from dashboard.pages._cases import Cases
from dashboard.pages._complaints import RECEIVED, STAFF, YEARS, Said, findings, series
from dashboard.pages._department import SUPERVISED
from dashboard.pages._follow_up import (
    FIELDS,
    Records,
    Spell,
    agenda_of,
    choices,
    record_step,
    state_words,
    suggested,
)
from dashboard.pages._form import not_writable
from dashboard.pages._gaps import Gaps
from dashboard.pages._overview import Quarter
from dashboard.pages._scene import YEAR, Scene, scene
from dashboard.pages._tasks import Tasks
from dashboard.store import Book, Flag, FollowUp, StoreError, complaint

PATH = MEETING_PATH
WHOLE_REGION = "*"
QUARTERS_OF_HISTORY = 8
MOST_BYTES = 32_768  # of a decision that is sent, several times what its fields may hold
AGAIN_LATER = ("busy", "not_kept", "damaged")  # nothing is wrong with what was sent: it is kept and sent again


@dataclass(frozen=True)
class Decision:
    """One flag that the meeting may decide about, as it stands now."""

    flag: Flag
    follow_up: FollowUp | None
    status: str | None  # of the flag in the quarter shown
    is_today: bool  # whether the last step was recorded today

    @property
    def key(self) -> str:
        """What names it in the browser."""
        return " ".join(self.flag.place)


def form_of(t: Text, decision: Decision, quarter: str) -> dict[str, Any]:
    """What the browser needs to ask for the next step: a key that is sent back, what may be chosen."""
    return {
        "key": Spell.of(decision.flag, decision.follow_up, quarter).key,
        "options": choices(t, decision.flag, decision.follow_up, decision.status),
        "suggested": suggested(decision.follow_up, decision.flag, decision.status),
    }


@dataclass(frozen=True)
class Wall:
    """The scene with what the slides need of it, each asked for once."""

    now: Scene

    @property
    def t(self) -> Text:
        return self.now.t

    @cached_property
    def meeting(self) -> Meeting:
        return Meeting(Gaps(self.now))

    @property
    def gaps(self) -> Gaps:
        return self.meeting.view

    @property
    def records(self) -> Records:
        return self.meeting.records

    @cached_property
    def quarter(self) -> Quarter:
        return Quarter(self.gaps)

    @cached_property
    def balance(self) -> Balance:
        return Balance(self.now)

    @cached_property
    def cases(self) -> Cases:
        return Cases(self.now)

    @cached_property
    def tasks(self) -> Tasks:
        return Tasks(self.now)

    @property
    def period(self) -> str:
        """The quarters that are added up, as far as the data reach back."""
        return self.cases.period

    @property
    def why_not_writable(self) -> str:
        return self.records.trouble or not_writable(self.now, "decide")

    # --- complaints --------------------------------------------------------------------------------------------
    @cached_property
    def rates(self) -> pd.DataFrame:
        """Each department's complaints of a year for its size, with its limits and what is said of them."""
        rows = self.now.run("complaint_rates", window=int(YEAR)).merge(self.now.listed, on="department_id")
        return rows.assign(unit=YEARS if (rows["note"] == "short_window").any() else STAFF)

    @cached_property
    def said_of_complaints(self) -> list[Said]:
        now = self.now
        points = now.run("complaint_points", department=f"{WHOLE_REGION}{now.category or ''}", indicators=[RECEIVED])
        place = dict(now.groups)[now.category] if now.category else dict(now.regions)[now.region]
        return findings(self.t, self.rates, series(place, points), [], self.t(f"complaints.window.{YEAR}"))

    # --- the agenda and what is decided of it ------------------------------------------------------------------
    @cached_property
    def book(self) -> Book:
        """What had been recorded before today."""
        return self.records.book.known_on(self.records.day - datetime.timedelta(1))

    @cached_property
    def agenda(self) -> Agenda:
        """As it stood before anything was recorded today."""
        return agenda_of(self.gaps, self.book, self.records.day)

    @cached_property
    def past(self) -> list[Past]:
        """Last quarter's agenda and follow-ups as they stood this morning; those taken up only since then have none."""
        then = self.book.before(self.now.quarter)
        return [one if then.of(one.flag) else replace(one, follow_up=None) for one in self.meeting.past_by(self.book)]

    @cached_property
    def by_department(self) -> dict[str, list[Item]]:
        """department → its items, in the agenda's order."""
        found = defaultdict(list)
        for item in self.agenda.items:
            found[item.flag.department_id].append(item)
        return dict(found)

    @cached_property
    def decisions(self) -> list[Decision]:
        """The agenda's flags, then what else was recorded today of the view's departments."""
        flags = {item.flag.place: item.flag for items in self.by_department.values() for item in items}
        for one in self.records.book.follow_ups:
            if self._is_today(one) and one.flag.department_id in self.meeting.names:
                flags.setdefault(one.flag.place, one.flag)
        return [self.decision(flag) for flag in flags.values()]

    def decision(self, flag: Flag) -> Decision:
        """How a flag stands now."""
        row = self.records.rows.get((flag.rule, flag.department_id))
        found = self.records.subject(flag.rule, flag.department_id) or (flag, self.records.book.of(flag))
        return Decision(*found, row["status"] if row else None, self._is_today(found[1]))

    def _is_today(self, follow_up: FollowUp | None) -> bool:
        return follow_up is not None and follow_up.last.at.astimezone().date() == self.records.day

    # --- one department ----------------------------------------------------------------------------------------
    def timeline(self, department: str) -> pd.DataFrame:
        """Quarter → complaints received and supervision activities; NaN where nobody reported them."""
        rows = self.now.run("department_series", department=department, indicators=[RECEIVED, SUPERVISED])
        wide = rows.pivot(index="period", columns="indicator", values="value")
        quarters = [quarter for quarter in self.now.quarters if quarter <= self.now.quarter][-QUARTERS_OF_HISTORY:]
        return wide.reindex(index=quarters, columns=[RECEIVED, SUPERVISED])


# --- what comes in ---------------------------------------------------------------------------------------------
def register_decisions(server: flask.Flask) -> None:
    """Once for the app: a decision that was typed in the meeting, sent now or when the network is back.

    200 with its number; 409 with what is wrong with it; 503 where it should be sent again.
    """

    @server.post(f"{PATH}/decisions")
    @needs("decide")
    def decide() -> tuple[dict[str, Any], int]:
        body = _sent()
        values = body.get("values") if isinstance(body.get("values"), dict) else {}
        # of what is known now: what was decided while the network was down is about the flag, not about a snapshot
        now = scene(Filters.from_search(body.get("search")))
        key = body.get("form")
        try:
            _, number = record_step(now, key, {name: str(values.get(name) or "") for name in FIELDS})
        except StoreError as error:
            code = 503 if error.code in AGAIN_LATER else 409
            return {"said": complaint(now.t, error), **_standing(now, key)}, code
        return {"number": number, **_standing(now, key)}, 200


def _sent() -> dict[str, Any]:
    """What a browser sent, whatever it was; more than a decision can hold is not read at all."""
    flask.request.max_content_length = MOST_BYTES
    try:
        body = flask.request.get_json(silent=True)
    except RecursionError:
        body = None
    return body if isinstance(body, dict) else {}


def _standing(now: Scene, key: Any) -> dict[str, Any]:
    """How the flag of a form stands now, and the form for what comes next; nothing where there is no such flag."""
    try:
        drawn = Spell.sent(now, key)
    except StoreError:
        return {}
    wall = Wall(now)
    found = wall.records.subject(drawn.rule, drawn.department_id)
    if found is None:
        return {}
    decision = wall.decision(found[0])
    form = form_of(now.t, decision, now.quarter)
    return {"form": form, "taken": taken(now.t, decision), "is_today": decision.is_today}


def taken(t: Text, decision: Decision) -> dict[str, str]:
    """What was decided, in words, by the names of the places where it stands."""
    one = decision.follow_up
    if one is None:
        return {"state": "", "owner": "", "due": ""}
    return {"state": state_words(t, one), "owner": one.owner, "due": one.due.isoformat() if one.due else ""}


def as_data(values: Mapping[str, Any]) -> str:
    """For the browser, inside an attribute."""
    return json.dumps(values, ensure_ascii=False)
