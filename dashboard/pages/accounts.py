"""Accounts: who may sign in, as what, and when they did; for the administrator."""

from typing import Any

import dash
import flask

from dashboard.access.identity import accounts
from dashboard.components import html
from dashboard.components.frame import frame
from dashboard.filters import Filters
from dashboard.pages._accounts import accounts_table, add_form
from dashboard.pages._scene import Scene, scene, title
from dashboard.store import StoreError, complaint

PATH = "/accounts"

dash.register_page(
    __name__,
    path=PATH,
    name="nav.accounts",
    title=lambda: title("nav.accounts"),
    icon="accounts",
    order=96,
    action="accounts",
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    """Nothing here follows a filter; it can be read before the first import, too."""
    now = scene(Filters.from_query(query), snapshot)
    return frame(now.t, now.lang, PATH, now.t("nav.accounts"), now.filters, now.facts, (), body(now))


def body(now: Scene) -> html.Article:
    t, rules = now.t, flask.current_app.config["SETTINGS"].access
    try:
        table = accounts_table(now, accounts(), rules)
    except StoreError as error:
        return html.Article([html.P(complaint(t, error), className="notice")], className="accounts")
    parts = [html.H2(t("accounts.heading")), html.P(t(f"accounts.lead.{rules.way}"), className="lead-text"), *table]
    return html.Article(
        [html.Section(parts, className="card-box"), *_added(now)],
        className="accounts",
    )


def _added(now: Scene) -> list[html.Section]:
    form = add_form(now)
    return [html.Section(form, className="card-box")] if form else []
