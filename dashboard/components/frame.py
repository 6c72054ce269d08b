"""What stands around every page: rail, top bar with the page's controls, notices, footer.

A page returns its frame together with its body, so that one answer of the server holds everything in one language.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import dash

from dashboard.access.gate import can, own_name
from dashboard.components import html
from dashboard.components.icons import icon, icon_style
from dashboard.components.light import light
from dashboard.components.links import MEETING_PATH, MOST_COMPARED, address, side_by_side, view_link
from dashboard.filters import Filters
from dashboard.i18n.text import Text

OTHER = {"zh": "en", "en": "zh"}
SEARCH = "search"  # the id of the button
SEARCHED = ("department", "rule", "indicator", "method", "page")  # headings of the search panel
FIRST_FOLDED = 20  # the order from which on a page stands in the menu of further pages


@dataclass(frozen=True)
class Chip:
    """The departments that a page is narrowed to: how many, the first of them by name, all of them."""

    heading: str
    names: str
    every: str


@dataclass(frozen=True)
class Facts:
    """What footer, badge and links say about the data shown."""

    quarter: str | None = None  # the quarter shown, also when the address names none
    snapshot: str = ""  # the id of what is shown
    sentences: tuple[str, ...] = ()  # of the footer's right side
    notices: tuple[str, ...] = ()  # where the address asked for something that is not there
    demonstration: bool = False
    search: str = ""  # where the index of the search panel is
    narrows: bool = False  # whether a set of departments narrows the page
    chip: Chip | None = None  # None: nothing was chosen, or the page does not heed it
    crumbs: tuple[tuple[str, str], ...] = ()  # what is chosen on the page: words and the way to its own page


def frame(
    t: Text, lang: str, path: str, title: str, filters: Filters, facts: Facts, controls: Sequence[Any], body: Any
) -> html.Div:
    """The whole visible page at `path`; `title` is its h1."""

    def href(link: str) -> dict[str, Any]:
        return {"id": {"link": link}, "href": address(link, path, filters, facts.quarter, facts.snapshot)}

    return light(
        html.Div(
            [
                html.A(t("app.skip"), href="#main", className="skip"),
                html.Nav(
                    rail(t, lang, path, filters, facts),
                    id="rail",
                    className="rail",
                    **{"aria-label": t("app.navigation")},
                ),
                html.Header(
                    [
                        html.H1(title),
                        html.Nav(crumb(facts), id="crumb", className="crumb", **{"aria-label": t("app.crumb")}),
                        html.Div(
                            list(controls), className="controls", role="group", **{"aria-label": t("app.filters")}
                        ),
                        html.Div(
                            [
                                *_badge(t, facts),
                                _search(t, filters, facts),
                                *_tools(t, path, facts, href),
                                *_own_account(t),
                            ],
                            className="tools",
                        ),
                    ],
                    className="top",
                ),
                html.Main(
                    [
                        *_way_back(t, path, filters),
                        html.P(t("app.failed"), id="failed", className="notice", role="alert", hidden=True, **_why(t)),
                        html.Div(chip(t, path, filters, facts), id="chosen", className="chosen", role="status"),
                        _picked(t),
                        html.Div(notices(facts), id="notices", role="status"),
                        body,
                    ],
                    id="main",
                    className="main",
                    tabIndex=-1,
                ),
                html.Footer(footer(t, facts), id="foot", className="foot"),
            ],
            className="frame narrows" if facts.narrows else "frame",
            **{"data-path": path, **({"data-steady": ""} if _is_steady(path) else {})},
        )
    )


def rail(t: Text, lang: str, path: str, filters: Filters, facts: Facts) -> list[Any]:
    """The ways to all pages, with what they take over from the one shown, and to the same page in another dress."""

    def href(link: str) -> dict[str, str]:
        return {"href": address(link, path, filters, facts.quarter, facts.snapshot)}

    return [_mark(t, href), *_places(t, path, href), *_settings(t, lang, href)]


def _is_steady(path: str) -> bool:
    """Whether what the page shows follows from its address, the snapshot and what was recorded: it may be asked for
    before somebody wants it, and kept."""
    return any(page["path"] == path and page.get("steady") for page in dash.page_registry.values())


def _why(t: Text) -> dict[str, str]:
    """What a page may say of an answer that did not come (page.js)."""
    names = {"busy": "app.busy", "lost": "app.no_answer", "broken": "app.broken", "failed": "app.failed"}
    return {f"data-{name}": t(key) for name, key in names.items()}


def _way_back(t: Text, path: str, filters: Filters) -> list[html.P]:
    """Whoever came from a slide of the meeting sees the way back to it."""
    if filters.slide is None or path == MEETING_PATH:
        return []
    words = t("meeting.back", n=filters.slide)
    way = address("meeting", path, filters, None)
    return [html.P(html.Link(words, href=way, className="button"), className="to-meeting")]


def notices(facts: Facts) -> list[html.P]:
    return [html.P(sentence, className="notice") for sentence in facts.notices]


def chip(t: Text, path: str, filters: Filters, facts: Facts) -> list[Any]:
    """The departments that the page is narrowed to, with the ways to change the choice and to end it."""
    if facts.chip is None:
        return []
    adjust = html.Button(
        t("chosen.adjust"), type="button", title=t("chosen.adjust.help"), className="adjust", **{"data-adjust": ""}
    )
    everybody, chosen = replace(filters, departments=()), filters.departments
    beside = [html.Link(t("compare.link.view"), href=side_by_side(filters, chosen), className="adjust")]
    about = {"title": t("chosen.clear.help"), "aria-label": t("chosen.clear.help")}
    return [
        html.Div(
            [
                html.B(facts.chip.heading),
                html.Span(facts.chip.names, title=facts.chip.every),
                adjust,
                *(beside if 1 < len(chosen) <= MOST_COMPARED else []),
                view_link("×", path, everybody, className="out", **about),
            ],
            className="chosen-chip",
        )
    ]


def _picked(t: Text) -> html.Div:
    """Where assets/script/chosen.js counts what is being gathered; its words stand here."""
    words = {name: t(f"chosen.{name}") for name in ("only", "clear", "gathered", "most")}
    return html.Div(id="picked", className="picked", **{f"data-{name}": word for name, word in words.items()})


def crumb(facts: Facts) -> list[Any]:
    """What is chosen on the page, after its name: each a door where it has a page of its own."""
    return [
        html.Link(words, href=way, title=words) if way else html.Span(words, title=words) for words, way in facts.crumbs
    ]


def footer(t: Text, facts: Facts) -> list[html.Span]:
    return [html.Span(t("foot.principle")), html.Span(" · ".join(facts.sentences) or t("foot.empty"))]


def _mark(t: Text, href: Any) -> html.A:
    return html.A("明镜", **href("page:/"), className="mark", lang="zh", **{"aria-label": t("app.name")})


def _places(t: Text, path: str, href: Any) -> list[Any]:
    """One link a page that has an icon and may be seen, in the order that pages give; the later fold into a menu."""
    seen = (p for p in dash.page_registry.values() if p.get("icon") and can(p.get("action", "")))
    places = sorted(seen, key=lambda p: (p["order"], p["path"]))
    links = [(place, _place(t, place, path, href)) for place in places]
    folded = [(place, link) for place, link in links if place["order"] >= FIRST_FOLDED]
    return [link for place, link in links if place["order"] < FIRST_FOLDED] + (
        [_more(t, path, folded)] if folded else []
    )


def _place(t: Text, place: dict[str, Any], path: str, href: Any) -> Any:
    is_here = place["path"] == path
    here = [html.Span(t("app.here"), className="visually-hidden")] if is_here else []
    return html.Link(
        [t(place["name"]), *here],
        **href(f"page:{place['path']}"),
        className="rail-link here" if is_here else "rail-link",
        style=icon_style(place["icon"]),
    )


def _more(t: Text, path: str, folded: Sequence[tuple[dict[str, Any], Any]]) -> html.Details:
    """Names the page that is shown where it is one of those inside."""
    inside = next((place for place, _ in folded if place["path"] == path), None)
    words = t(inside["name"]) if inside else t("app.more")
    heading = html.Summary(
        [icon(inside["icon"] if inside else "more"), html.Span(words)],
        className="rail-link here" if inside else "rail-link",
        title=t("app.more"),
    )
    return html.Details([heading, html.Div([link for _, link in folded])], className="menu rail-more")


def _settings(t: Text, lang: str, href: Any) -> list[html.A]:
    """Language and theme are in the served page itself, so these links load it anew."""
    other = OTHER[lang]
    return [
        html.A([icon("moon"), html.Span(t("app.dark"))], **href("theme:dark"), className="rail-link end to-dark"),
        html.A([icon("sun"), html.Span(t("app.light"))], **href("theme:light"), className="rail-link end to-light"),
        html.A(
            [icon("language"), html.Span(t("app.other_language"), lang=other)],
            **href(f"lang:{other}"),
            className="rail-link",
            title=t("app.other_language.help"),
        ),
    ]


def _own_account(t: Text) -> list[html.A]:
    """Where whoever signed in changes the password and signs out; nothing where nobody need sign in."""
    name = own_name()
    if not name:
        return []
    words = t("account.link", name=name)
    return [html.A([icon("user"), html.Span(name)], href="/account", className="tool", title=words)]


def _badge(t: Text, facts: Facts) -> list[html.Span]:
    words = html.Span(t("app.demonstration"), className="demo", title=t("app.demonstration.help"))
    return [words] if facts.demonstration else []


def _search(t: Text, filters: Filters, facts: Facts) -> html.Button:
    """Opens the search panel (assets/script/search.js), whose words stand here; `value` is what a result inherits."""
    words = {name: t(f"search.{name}", n="#") for name in ("label", "placeholder", "hint", "none", "failed", "found")}
    kinds = {kind: t(f"search.kind.{kind}") for kind in SEARCHED}
    return html.Button(
        [icon("search"), html.Span(t("search.open")), html.Kbd("Ctrl K")],
        id=SEARCH,
        type="button",
        className="tool finder-open",
        value=inherited(filters),
        title=t("search.help"),
        **{
            "aria-label": t("search.help"),
            "aria-haspopup": "dialog",
            "aria-keyshortcuts": "Control+K /",
            "data-index": facts.search,
            "data-kinds": json.dumps(kinds, ensure_ascii=False),
            **{f"data-{name}": sentence for name, sentence in words.items()},
        },
    )


def inherited(filters: Filters) -> str:
    """What a result of the search takes over from the page that it is opened from."""
    return filters.without_row().to_search()


def _tools(t: Text, path: str, facts: Facts, href: Any) -> list[Any]:
    copy = html.A(
        [icon("link"), html.Span(t("app.copy"))],
        **href("copy"),
        className="tool",
        title=t("app.copy"),
        **{"data-copy": ""},
    )
    copied = html.Span(id="copied", role="status", className="visually-hidden", **{"data-text": t("app.copied")})
    meeting = html.A(
        [icon("meeting"), html.Span(t("nav.meeting"))],
        **href("meeting"),
        className="tool",
        title=t("meeting.open"),
        **{"data-page": "", "data-key": "m"},
    )
    has_meeting = path != MEETING_PATH and can("agenda")
    page = next((p for p in dash.page_registry.values() if p["path"] == path), {})
    has_file = facts.snapshot and page.get("sheet") and can("export")
    return [*([meeting] if has_meeting else []), copy, copied, *([_downloads(t, href)] if has_file else [])]


def _downloads(t: Text, href: Any) -> html.Details:
    return html.Details(
        [
            html.Summary([icon("download"), html.Span(t("app.download"))], className="tool", title=t("app.download")),
            html.Div(
                [
                    html.A(t("app.download.xlsx"), **href("download:xlsx")),
                    html.A(t("app.download.csv"), **href("download:csv")),
                    html.P(t("app.download.help")),
                ]
            ),
        ],
        className="menu",
    )
