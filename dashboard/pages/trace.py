"""The trace of who did what, newest first, and whether its chain is whole; for the auditor."""

from typing import Any

import dash
import flask

from dashboard.access.actors import roles
from dashboard.access.gate import actor
from dashboard.access.identity import accounts
from dashboard.components import html
from dashboard.components.frame import frame
from dashboard.components.light_table import light_table
from dashboard.filters import Filters
from dashboard.pages._scene import Scene, scene, title
from dashboard.store import StoreError, complaint
from dashboard.store.trace import CONSOLE, DECIDED, DONE, Chain, Entry, Trace

PATH = "/trace"
SHOWN = 200
DETAILS = (
    *("password", "oidc", "link", "proxy", "unknown", "disabled", "expired", "wrong", "first"),
    *("note", "baseline", "withdrawal"),
)

dash.register_page(
    __name__, path=PATH, name="nav.trace", title=lambda: title("nav.trace"), icon="trace", order=97, action="trace"
)


def layout(snapshot: str | None = None, before: object = None, **query: Any) -> html.Div:
    """`before`: the number of the row that the page before ended with. It can be read before the first import, too."""
    now = scene(Filters.from_query(query), snapshot)
    number = int(before) if isinstance(before, str) and before.isdecimal() and len(before) < 12 else None
    return frame(now.t, now.lang, PATH, now.t("nav.trace"), now.filters, now.facts, (), body(now, number))


def body(now: Scene, before: int | None = None) -> html.Article:
    t, kept = now.t, Trace(flask.current_app.config["STORE"].path.parent)
    try:
        chain, rows = kept.verify(), kept.read(SHOWN, before, _whose())
    except StoreError as error:
        return html.Article([html.P(complaint(t, error), className="notice")], className="accounts")
    heads = [t(f"trace.{name}") for name in ("number", "at", "actor", "role", "address", "action", "what", "result")]
    table = light_table(
        t("trace.title"),
        [*heads, t("trace.detail")],
        [_cells(now, one) for one in rows],
        {number for number, one in enumerate(rows) if one.result != DONE},
        t("trace.marked"),
    )
    parts = [
        html.H2(t("trace.title")),
        html.P(t("trace.lead"), className="lead-text"),
        _verified(now, chain),
        html.Div(table, className="trace-table") if rows else html.P(t("trace.none"), className="body-text"),
        *_older(now, rows),
    ]
    return html.Article(html.Section(parts, className="card-box"), className="accounts")


def _whose() -> list[str] | None:
    """The accounts whose deeds the auditor sees: of some regions those that are of no other; None for all."""
    who = actor()
    return [one.name for one in accounts().read() if who.covers(one.regions)] if who.regions else None


def _verified(now: Scene, chain: Chain) -> html.P:
    t = now.t
    if chain.is_whole:
        words = [t("trace.whole", n=chain.number), " ", html.Code(f"{chain.number}:{chain.hash}")]
        return html.P(words, className="body-text trace-whole")
    if chain.broken is not None:
        return html.P(t("trace.broken", number=chain.broken), className="notice", role="alert")
    return html.P(t("trace.cut", number=chain.number, n=chain.missing), className="notice", role="alert")


def _cells(now: Scene, one: Entry) -> list[str]:
    t, role = now.t, roles().get(one.role)
    return [
        str(one.number),
        f"{one.at.astimezone():%Y-%m-%d %H:%M:%S}",
        one.actor or "–",
        role.name[now.lang] if role else t("trace.console") if one.role == CONSOLE else "–",
        one.address or "–",
        t(f"trace.action.{one.action}"),
        one.what or "–",
        t(f"trace.result.{one.result}"),
        _detail(now, one),
    ]


def _detail(now: Scene, one: Entry) -> str:
    """In words where it is a code; names, numbers and roles as they were written."""
    if one.action == DECIDED:
        return now.t(f"follow_up.state.{one.detail}")
    return now.t(f"trace.detail.{one.detail}") if one.detail in DETAILS else one.detail or "–"


def _older(now: Scene, rows: list[Entry]) -> list[html.P]:
    if not rows or rows[-1].number == 1:
        return []
    search = now.filters.to_search()
    way = f"{PATH}{search}{'&' if search else '?'}before={rows[-1].number}"
    return [html.P(html.A(now.t("trace.older"), href=way, className="button"))]
