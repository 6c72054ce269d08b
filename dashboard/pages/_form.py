"""Forms that write into the store: what a form was drawn for travels in the ids of its parts, so that nothing else can
be written by it; one callback a kind of form hears all of them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any, Self

import flask
from dash import ALL, Dash, Input, Output, State, ctx, no_update

from dashboard.access.gate import can, needs, own_name
from dashboard.access.identity import doer_now
from dashboard.components.field import Field
from dashboard.filters import Filters
from dashboard.pages._scene import Scene, current_id, scene
from dashboard.store import Store, StoreError, complaint

Write = Callable[[Scene, str], Any]  # (the view, the form's key) → what the shell's Store then holds; or `StoreError`


def kept() -> Store:
    """The file of what people recorded, on behalf of whoever asks."""
    return flask.current_app.config["STORE"].on_behalf_of(doer_now())


def signed(given: str) -> str:
    """Who records something: the account that signed in; what was typed only where there are no accounts."""
    return own_name() or given


def signature_field(part: Any, longest: int) -> Field:
    """Where one says who one is, already said where there are accounts."""
    name = own_name()
    return Field("input", part, name, readOnly=bool(name), maxLength=longest)


def not_writable(now: Scene, action: str) -> str:
    """Why nothing can be recorded on this view; '' where it can: by whom may do `action`, on what is shown to everybody
    now."""
    if not can(action):
        return now.t("access.read_only")
    return not_newest(now)


def not_newest(now: Scene) -> str:
    """Why nothing can be recorded on these data; '' where it can."""
    if now.filters.known:
        return now.t("follow_up.not_then", date=now.filters.known.isoformat())
    return "" if now.snapshot.id == current_id() else now.t("follow_up.not_newest")


@dataclass(frozen=True)
class Subject:
    """What a form was drawn for; a kind of form adds texts and numbers of its own."""

    region_id: str
    department_id: str
    quarter: str  # the quarter that was shown

    @property
    def key(self) -> str:
        return json.dumps(astuple(self), ensure_ascii=False)

    @classmethod
    def sent(cls, now: Scene, key: Any) -> Self:
        """Read from what a browser sent, which may be anything, or of a view that has changed since; else
        `StoreError`."""
        if now.snapshot is None or not_newest(now):
            raise StoreError("not_now")
        try:
            parts = json.loads(key)
        except (TypeError, ValueError, RecursionError):
            parts = None
        if not isinstance(parts, list) or [type(part) for part in parts] != [field.type for field in fields(cls)]:
            raise StoreError("not_there")
        subject = cls(*parts)
        if subject.quarter not in now.quarters:
            raise StoreError("not_there")
        if subject.quarter != now.quarter:
            raise StoreError("other_quarter", drawn=subject.quarter, shown=now.quarter)
        return subject


def register_form(
    app: Dash, kind: str, action: str, written: str, buttons: Mapping[str, tuple[Write, str]], values: Sequence[str]
) -> None:
    """Once for the app. The parts of a form are {kind: its key, 'part': name}: `values` are read, each of `buttons`
    writes, and its complaint goes into the part named beside it. `action`: what one must be allowed; `written`: the
    shell's Store of what was written."""

    def parts(name: str) -> dict[str, Any]:
        return {kind: ALL, "part": name}

    @app.callback(
        Output(written, "data"),
        *(Output(parts(answer), "children") for _, answer in buttons.values()),
        *(Input(parts(button), "n_clicks") for button in buttons),
        *(State(parts(name), "value") for name in values),
        State("url", "search"),
        State("snapshot", "data"),
        prevent_initial_call=True,
    )
    @needs(action)
    def keep(*_given: Any) -> tuple[Any, ...]:
        answers, pressed = ctx.outputs_list[1:], ctx.triggered_id
        silent = [[no_update] * len(places) for places in answers]
        if not pressed or not ctx.triggered[0]["value"]:  # a form was drawn; nobody pressed anything
            return no_update, *silent
        plain = {one["id"]: one.get("value") for one in ctx.states_list if isinstance(one, dict)}
        now = scene(Filters.from_search(plain["url"]), plain["snapshot"])
        write, answer = buttons[pressed["part"]]
        try:
            return write(now, pressed[kind]), *silent
        except StoreError as error:
            own, words = {**pressed, "part": answer}, complaint(now.t, error)
            return no_update, *([words if place["id"] == own else no_update for place in part] for part in answers)


def sent(own: dict[str, Any]) -> Any:
    """What the browser sent of a part of one form, by its id."""
    found = (one for many in ctx.states_list if isinstance(many, list) for one in many)
    return next((field.get("value") for field in found if field["id"] == own), None)
