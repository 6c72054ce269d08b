"""Any address that no page answers."""

from typing import Any

import dash

from dashboard.components import html
from dashboard.components.frame import frame
from dashboard.components.links import address
from dashboard.components.states import page_unknown
from dashboard.filters import Filters
from dashboard.pages._scene import scene, title

PATH = "/404"

dash.register_page(
    __name__, path=PATH, name="nav.unknown", title=lambda: title("nav.unknown"), order=99, action="words"
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot)
    home = address("page:/", PATH, now.filters, None)
    return frame(now.t, now.lang, PATH, now.t("nav.unknown"), now.filters, now.facts, (), page_unknown(now.t, home))
