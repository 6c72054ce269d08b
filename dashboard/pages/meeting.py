"""The meeting: full screen, readable from five metres; a slide a finding, a decision a department, with or without a
network. Which slide is shown stands in the address and is changed in the browser (assets/script/meeting.js).
"""

from typing import Any

import dash

from dashboard.components import html
from dashboard.components.links import WORKER
from dashboard.components.states import nothing_matches
from dashboard.filters import Filters
from dashboard.i18n.text import quarter_name
from dashboard.pages._meeting import PATH, Wall, as_data
from dashboard.pages._meeting_slides import drawn, sheet_of, slides
from dashboard.pages._scene import page, scene, title

KEYS = ("next", "back", "jump", "decide", "desk", "full", "auto", "print")
# what assets/script/meeting.js says; '#' stands for a number
SAYS = (
    *("waiting", "kept", "refused", "lost", "lost_link", "auto", "stays", "choose", "who_missing", "active_missing"),
    *("record", "cancel", "drop", "standing_kept", "standing_waiting", "standing_refused", "choose_outcome"),
    *("failing", "failing_this", "correct", "desk", "copy", "lost_bare", "newer"),
)
ASKS = ("owner", "due", "note", "who")

dash.register_page(
    __name__,
    path=PATH,
    name="nav.meeting",
    title=lambda: title("nav.meeting"),
    icon="meeting",
    order=22,
    action="agenda",
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query).unnarrowed(), snapshot)
    if now.snapshot is None:
        return page(now, PATH, "nav.meeting", (), None)
    if now.departments.empty:
        return page(now, PATH, "nav.meeting", (), nothing_matches(now.t, PATH))
    wall = Wall(now)
    words = {
        **{name: now.t(f"meeting.says.{name}", n="#", data=quarter_name(now.t, now.quarters[-1])) for name in SAYS},
        **{f"ask_{name}": now.t(f"follow_up.ask.{name}") for name in ASKS},
        "before": now.t("meeting.decide.before"),
        "outcome": now.t("follow_up.outcome.ask"),
        "outcomes": [[one, now.t(f"follow_up.outcome.{one}")] for one in ("confirmed", "not_confirmed")],
        "names": now.t("follow_up.names"),
    }
    # dark unless the address says light: a wall in a darkened room
    body = html.Div(
        body_of(wall),
        id="meeting",
        className="meeting",
        **{"data-bs-theme": now.filters.theme or "dark", "data-words": as_data(words)},
        **{"data-snapshot": str(now.snapshot.number), "data-worker": dash.get_asset_url(WORKER)},
    )
    return page(now, PATH, "nav.meeting", (), body)


def body_of(wall: Wall) -> list[Any]:
    """Every slide, the bar below them, the sheet that is printed, the list of keys."""
    now, t = wall.now, wall.t
    made, left_out = slides(wall)
    notices = [*now.facts.notices, *left_out]
    return [
        html.Div([drawn(slide) for slide in made], className="slides"),
        *[
            html.Button(
                mark, type="button", className=f"turn {way}", title=t(f"meeting.turn.{way}"), **{"data-turn": way}
            )
            for way, mark in (("back", "‹"), ("next", "›"))
        ],
        html.Footer(
            [
                html.Span(
                    [
                        *([html.B(t("app.demonstration"))] if now.snapshot.demonstration else []),
                        html.Span(t("foot.principle")),
                        *(html.Span(notice) for notice in notices),
                    ],
                    className="principle",
                ),
                html.Span(className="lost", role="alert"),
                html.Span(className="newer", role="status"),
                html.Span(className="auto", role="status"),
                html.Span(className="saved", role="status"),
                html.Span(t("foot.data", quarter=quarter_name(t, now.quarters[-1])), className="until"),
                html.Time(className="clock"),
                html.Span(className="counter"),
            ],
            className="meeting-bar",
        ),
        _help(wall),
        sheet_of(wall, made),
    ]


def _help(wall: Wall) -> html.Dialog:
    t = wall.t
    lines = [part for key in KEYS for part in (html.Dt(t(f"meeting.key.{key}")), html.Dd(t(f"meeting.does.{key}")))]
    return html.Dialog([html.H2(t("meeting.keys")), html.Dl(lines)], className="meeting-help")
