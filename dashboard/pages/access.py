"""Who may do what: the table that the program itself reads, for everybody to read."""

from typing import Any

import dash

from dashboard.access.actors import roles
from dashboard.access.gate import actor
from dashboard.components import html
from dashboard.components.frame import frame
from dashboard.filters import Filters
from dashboard.pages._accounts import roles_table
from dashboard.pages._scene import Scene, scene, title

PATH = "/access"

dash.register_page(
    __name__, path=PATH, name="nav.access", title=lambda: title("nav.access"), icon="access", order=98, action="words"
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    """Nothing here follows the data, so that it can be read before the first import, too."""
    now = scene(Filters.from_query(query), snapshot)
    return frame(now.t, now.lang, PATH, now.t("nav.access"), now.filters, now.facts, (), body(now))


def body(now: Scene) -> html.Article:
    t, who = now.t, actor()
    role = roles().get(who.role) if who else None
    own = t("permissions.own", name=who.name, role=role.name[now.lang]) if role else t("permissions.alone")
    return html.Article(
        html.Section(
            [
                html.H2(t("permissions.title")),
                html.P(t("permissions.lead"), className="lead-text"),
                html.P(own, className="body-text"),
                html.Div(roles_table(t, now.lang), className="roles-table"),
            ],
            className="card-box",
        ),
        className="accounts",
    )
