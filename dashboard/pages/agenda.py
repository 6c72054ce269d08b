"""Agenda and follow-up: what became of last quarter's flags, what deserves the meeting's time now, and what is open."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import dash
from dash import Input, Output, State, callback, no_update

from dashboard.agenda import DESERVES, FATES, MOST, MOST_ALIKE, SETTLED, Item, Part, Past
from dashboard.components import html
from dashboard.components.chart_card import ChartTable, data_table
from dashboard.components.gap_signs import badge, sign
from dashboard.components.light import light
from dashboard.components.links import address, department_link, rule_address
from dashboard.components.pictured import picture_menu
from dashboard.components.sheet import Sheet
from dashboard.components.states import nothing_matches
from dashboard.filters import Filters
from dashboard.gaps import FLAGS
from dashboard.i18n.text import quarter_name
from dashboard.pages._agenda import PATH, Meeting, part_words
from dashboard.pages._follow_up import (
    RECORDED,
    due_words,
    follow_up_card,
    hit_words,
    moment_words,
    snapshot_number,
    state_words,
)
from dashboard.pages._gaps import Gaps, gap_address
from dashboard.pages._scene import page, scene, title
from dashboard.store import Flag, FollowUp

FOLLOW_UPS = "follow_ups"  # `view` of the address: the file holds what was recorded instead of the agenda
SHOWN = 12  # lines of a list before the rest is folded


# --- the page --------------------------------------------------------------------------------------------------
def sheet(filters: Filters, pin: str | None = None) -> Sheet | None:
    """The agenda as a file, or with `view=follow_ups` everything that was recorded; None before the first import."""
    now = scene(filters, pin)
    if now.snapshot is None:
        return None
    meeting = Meeting(Gaps(now))
    return _recorded_sheet(meeting) if filters.view == FOLLOW_UPS else _agenda_sheet(meeting)


dash.register_page(
    __name__,
    path=PATH,
    name="nav.agenda",
    title=lambda: title("nav.agenda"),
    icon="agenda",
    order=2,
    sheet=sheet,
    action="agenda",
    steady=True,
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot)
    body = html.Div(body_of(Meeting(Gaps(now))) if now.snapshot else None, id="agenda-body", className="agenda")
    return page(now, PATH, "nav.agenda", (), body)


@callback(
    Output("agenda-body", "children"),
    Input("url", "search"),
    Input(RECORDED, "data"),
    State("snapshot", "data"),
    prevent_initial_call=True,
)
def update(search: str, recorded: Any, snapshot: str) -> Any:
    now = scene(Filters.from_search(search), snapshot)
    last = {name: str(one) for name, one in recorded.items()} if isinstance(recorded, dict) else {}
    return light(body_of(Meeting(Gaps(now), last))) if now.snapshot else no_update


def body_of(meeting: Meeting) -> list[Any]:
    """Everything on the page that depends on the filters and on what was recorded."""
    if meeting.now.departments.empty:
        return [nothing_matches(meeting.t, PATH)]
    trouble = meeting.records.trouble
    return [
        *([html.P(trouble, className="notice follow-trouble", role="alert")] if trouble else []),
        past_card(meeting),
        html.Div([agenda_card(meeting), chosen_card(meeting)], className="agenda-pair"),
        aside_card(meeting),
        html.Div([open_card(meeting), hits_card(meeting)], className="agenda-two"),
    ]


# --- what became of last quarter's -----------------------------------------------------------------------------
def past_card(meeting: Meeting) -> html.Section:
    t = meeting.t
    if meeting.last is None:
        return _card(t("agenda.past.first"), t("agenda.past.first.body"), [])
    name = quarter_name(t, meeting.last.now.quarter)
    past = meeting.past
    if not past:
        return _card(t("agenda.past.none", quarter=name), t("agenda.past.none.body"), [])
    counts = Counter(one.fate for one in past)
    fates = [t("agenda.past.count", what=t(f"follow_up.fate.{f}"), n=counts[f]) for f in FATES if counts[f]]
    untouched = sum(one.follow_up is None for one in past)
    heading = t("agenda.past.title", quarter=name, n=len(past), fates=t("agenda.comma").join(fates))
    lines = [_past_line(meeting, one) for one in past]
    return _listed(meeting, "past", heading, t("agenda.past.what", n=untouched), lines)


def _past_line(meeting: Meeting, one: Past) -> html.Li:
    t = meeting.t
    is_flagged = one.status in FLAGS
    return html.Li(
        [
            sign(t, one.status) if one.status else html.Span("·", className="gap-sign none"),
            _who(meeting, one.flag),
            html.Span(t(f"follow_up.fate.{one.fate}"), className=f"agenda-fate{' flagged' if is_flagged else ''}"),
            *_standing(meeting, one.follow_up),
        ]
    )


def _who(meeting: Meeting, flag: Flag) -> html.A:
    """Department and rule in short; the pointer tells them in full."""
    name = meeting.name_of(flag)
    full = f"{name} · {meeting.title_of(flag.rule)}"
    return meeting.link(flag, [name, html.Span(meeting.label_of(flag.rule))], className="agenda-who", title=full)


def _standing(meeting: Meeting, follow_up: FollowUp | None) -> list[Any]:
    """State, owner and date of a follow-up in three columns."""
    t = meeting.t
    state = html.Span(state_words(t, follow_up), className="agenda-state")
    if follow_up is None:
        return [state, html.Span(), html.Span()]
    nobody, no_date = ("", "") if not follow_up.is_open else (t("follow_up.nobody"), t("follow_up.no_date"))
    date = due_words(t, follow_up, meeting.records.day) if follow_up.due else no_date
    owner = html.Span(follow_up.owner or nobody, className="agenda-owner", title=follow_up.owner)
    return [state, owner, html.Span(date, className="agenda-due")]


# --- the agenda ------------------------------------------------------------------------------------------------
def agenda_card(meeting: Meeting) -> html.Section:
    t, now = meeting.t, meeting.now
    items = meeting.agenda.items
    rules = t("agenda.rules", most=MOST, alike=MOST_ALIKE, deserves=DESERVES)
    if not items:
        return _card(t("agenda.none", quarter=quarter_name(t, now.quarter)), t("agenda.none.body"), [])
    departments = len({item.flag.department_id for item in items})
    alerts = sum(item.row["status"] == "alert" for item in items)
    heading = t("agenda.title", n=len(items), departments=departments, alerts=alerts)
    rest = (
        [html.P(t("agenda.passed", n=meeting.agenda.passed_over), className="quiet")]
        if meeting.agenda.passed_over
        else []
    )
    lines = [_agenda_line(meeting, number, item) for number, item in enumerate(items, start=1)]
    how = html.Details([html.Summary(t("agenda.how")), html.P(rules)], className="agenda-how")
    columns = tuple(t(f"agenda.sheet.{name}") for name in ("place", "name", "rule", "sentence", "reasons"))
    drawn = html.Ol(
        [
            html.Li(
                [
                    str(number),
                    html.B(meeting.name_of(item.flag)),
                    [sign(t, item.row["status"]), meeting.title_of(item.flag.rule)],
                    meeting.view.sentence(item.row),
                    part_words(meeting, item),
                ]
            )
            for number, item in enumerate(items, start=1)
        ]
    )
    menu = picture_menu(t, "agenda-items", heading, now.topic(t("nav.agenda")), (rules,), drawn, columns)
    return _card(heading, t("agenda.what"), [html.Ol(lines, className="agenda-list"), *rest, how], menu=menu)


def _agenda_line(meeting: Meeting, number: int, item: Item) -> html.Li:
    t = meeting.t
    head = [
        html.B(str(number), className="agenda-number"),
        html.Span([meeting.name_of(item.flag), " · ", meeting.title_of(item.flag.rule)], className="agenda-name"),
        badge(t, item.row["status"]),
        html.Span(str(item.score), className="agenda-score", title=t("agenda.score")),
    ]
    alike = [html.Span(t("agenda.alike"), className="quiet")] if item.is_alike else []
    body = [
        html.Span(head, className="agenda-head"),
        html.Span(meeting.view.sentence(item.row), className="agenda-sentence"),
        html.Span([*(_part(meeting, part) for part in item.parts), *alike]),
    ]
    return html.Li(meeting.link(item.flag, body, className="agenda-item"))


def _part(meeting: Meeting, part: Part) -> html.Span:
    return html.Span(
        [meeting.t(f"agenda.part.{part.name}", **part.values), html.B(part.points)], className="agenda-part"
    )


def chosen_card(meeting: Meeting) -> html.Section:
    """The follow-up of the gap that is chosen, with the form for the next step."""
    t, now = meeting.t, meeting.now
    if meeting.chosen is None:
        return _card(t("agenda.chosen.none"), t("agenda.chosen.none.body"), [], "agenda-chosen")
    rule, department = meeting.chosen
    row = meeting.records.rows.get(meeting.chosen)
    name = meeting.department_name(department)
    is_rule, is_department = rule in meeting.view.rules, department in meeting.names
    who = department_link(now.filters, department, name) if is_department else name
    evidence = html.Link(t("agenda.evidence"), href=gap_address(now.filters, rule, department))
    way = html.Link(t("agenda.rule"), href=rule_address(now.filters, rule))
    links = [*([evidence] if is_rule and is_department else []), *([way] if is_rule else [])]
    gone = t("agenda.chosen.gone") if is_rule else t("agenda.chosen.rule_gone", rule=rule)
    return html.Section(
        [
            html.Div(
                [html.H2([who, f" · {meeting.title_of(rule)}"]), *([badge(t, row["status"])] if row else [])],
                className="card-head",
            ),
            html.P(meeting.view.sentence(row) if row else gone, className="body-text"),
            html.P(links, className="agenda-links"),
            *follow_up_card(meeting.records, rule, department),
        ],
        className="card-box agenda-chosen",
    )


def aside_card(meeting: Meeting) -> html.Section:
    """What takes no place on the agenda: somebody is at it, or it was settled while the flag still stands."""
    t, aside = meeting.t, meeting.agenda.aside
    settled = sum(item.stage == SETTLED for item in aside)
    if not aside:
        return _card(t("agenda.aside.none"), t("agenda.aside.what"), [])
    lines = [
        html.Li(
            [
                sign(t, item.row["status"]),
                _who(meeting, item.flag),
                html.Span(t(f"gaps.change.{item.row['change']}"), className="agenda-fate flagged"),
                *_standing(meeting, item.follow_up),
            ]
        )
        for item in aside
    ]
    heading = t("agenda.aside.title", handled=len(aside) - settled, settled=settled)
    return _listed(meeting, "aside", heading, t("agenda.aside.what"), lines)


# --- all that is open, and how often a rule was right ----------------------------------------------------------
def open_card(meeting: Meeting) -> html.Section:
    t, late = meeting.t, sum(one.days_overdue(meeting.records.day) > 0 for one in meeting.open)
    if not meeting.open:
        return _card(t("agenda.open.none"), t("agenda.open.none.body"), [])
    lines = []
    for one in meeting.open:
        row = meeting.records.rows.get((one.flag.rule, one.flag.department_id))
        lines.append(
            html.Li(
                [
                    sign(t, row["status"]) if row else html.Span("·", className="gap-sign none"),
                    _who(meeting, one.flag),
                    html.Span(t(f"follow_up.fate.{meeting.records.fate(one.flag)}"), className="agenda-fate"),
                    *_standing(meeting, one),
                ]
            )
        )
    href = address("download:csv", PATH, replace(meeting.now.filters, view=FOLLOW_UPS), None, meeting.now.snapshot.id)
    file = html.A(t("agenda.open.file"), href=href)
    return _listed(meeting, "open", t("agenda.open.title", n=len(lines), late=late), t("agenda.open.what"), lines, file)


def hits_card(meeting: Meeting) -> html.Section:
    t, hits = meeting.t, meeting.records.hits
    # rules that were taken away stand at the end
    rules = [*(rule for rule in meeting.view.rules if rule in hits), *sorted(hits.keys() - meeting.view.rules.keys())]
    rows = [[meeting.title_of(rule), hit_words(t, hits[rule])] for rule in rules]
    if not rows:
        return _card(t("agenda.hits.none"), t("agenda.hits.what"), [])
    total, right = sum(hit.resolved for hit in hits.values()), sum(hit.confirmed for hit in hits.values())
    heading = t("agenda.hits.title", n=total, confirmed=right)
    table = data_table(heading, ChartTable([t("agenda.hits.rule"), t("agenda.hits.rate")], rows))
    topic = meeting.now.topic(t("nav.agenda"))
    menu = picture_menu(t, "agenda-hits", heading, topic, (t("agenda.hits.what"),), table)
    return _card(heading, t("agenda.hits.what"), [table], menu=menu)


def _card(heading: str, what: Any, body: Iterable[Any], css: str = "", menu: Any = None) -> html.Section:
    head = html.Div([html.H2(heading), menu], className="card-head")
    return html.Section([head, html.P(what, className="chart-what"), *body], className=f"card-box {css}".strip())


def _listed(
    meeting: Meeting, name: str, heading: str, what: str, lines: Sequence[html.Li], file: html.A | None = None
) -> html.Section:
    """A card of lines with state, owner and date; `file`: what else of them can be had."""
    t, one = meeting.t, " one" if file else ""
    columns = tuple(t(f"agenda.sheet.{column}") for column in ("status", "name", "fate", "state", "owner", "due"))
    topic = meeting.now.topic(t("nav.agenda"))
    menu = picture_menu(t, f"agenda-{name}", heading, topic, (what,), html.Ul(list(lines)), columns)
    return _card(heading, [what, file], [_folded(meeting, lines, f"agenda-past{one}")], menu=menu)


def _folded(meeting: Meeting, lines: Sequence[html.Li], css: str) -> html.Div:
    """The first lines, and the others behind a heading."""
    shown = html.Ul(list(lines[:SHOWN]), className=css)
    if len(lines) <= SHOWN:
        return html.Div(shown)
    more = html.Summary(meeting.t("agenda.more", n=len(lines) - SHOWN))
    return html.Div([shown, html.Details([more, html.Ul(list(lines[SHOWN:]), className=css)])])


# --- files -----------------------------------------------------------------------------------------------------
def _agenda_sheet(meeting: Meeting) -> Sheet:
    t, names = (
        meeting.t,
        ("place", "id", "name", "rule", "status", "sentence", "score", "reasons", "state", "owner", "due"),
    )
    lines = []
    listed = [(number, item) for number, item in enumerate(meeting.agenda.items, start=1)]
    for number, item in [*listed, *((None, item) for item in meeting.agenda.aside)]:
        one = item.follow_up
        lines.append(
            (
                number,
                item.flag.department_id,
                meeting.name_of(item.flag),
                meeting.title_of(item.flag.rule),
                t(f"gaps.status.{item.row['status']}"),
                meeting.view.sentence(item.row),
                item.score,
                part_words(meeting, item),
                state_words(t, one),
                one.owner if one else "",
                one.due.isoformat() if one and one.due else "",
            )
        )
    columns = tuple(t(f"agenda.sheet.{name}") for name in names)
    return _sheet(
        meeting, t("nav.agenda"), columns, lines, t("agenda.rules", most=MOST, alike=MOST_ALIKE, deserves=DESERVES)
    )


def _recorded_sheet(meeting: Meeting) -> Sheet:
    t = meeting.t
    names = (
        "kind",
        "id",
        "name",
        "rule",
        "since",
        "state",
        "outcome",
        "owner",
        "due",
        "note",
        "who",
        "at",
        "quarter",
        "snapshot",
    )
    lines = []
    for one in meeting.records.book.follow_ups:
        for event in one.events:
            step = event.step
            words = (
                t(f"follow_up.state.{step.state}"),
                t(f"follow_up.outcome.{step.outcome}") if step.outcome else "",
                step.owner,
                step.due.isoformat() if step.due else "",
                step.note,
            )
            lines.append((event.at, _recorded(meeting, "step", event, words, step.who)))
    for reply in meeting.records.book.replies:
        words = ("", "", "", reply.received.isoformat() if reply.received else "", reply.text)
        lines.append((reply.at, _recorded(meeting, "reply", reply, words, reply.who)))
    columns = tuple(t(f"agenda.sheet.{name}") for name in names)
    rows = [line for _, line in sorted(lines, key=lambda pair: pair[0])]
    return _sheet(meeting, t("agenda.open.file.name"), columns, rows, t("agenda.sheet.recorded"))


def _recorded(meeting: Meeting, kind: str, one: Any, words: Sequence[str], who: str) -> tuple[Any, ...]:
    flag = one.flag
    place = (flag.department_id, meeting.name_of(flag), meeting.title_of(flag.rule), flag.since)
    basis = (one.basis.quarter, snapshot_number(one.basis.snapshot))
    return (meeting.t(f"agenda.sheet.kind.{kind}"), *place, *words, who, moment_words(one.at), *basis)


def _sheet(
    meeting: Meeting, what: str, columns: tuple[str, ...], lines: Sequence[tuple[Any, ...]], method: str
) -> Sheet:
    t, now = meeting.t, meeting.now
    kind = t("sheet.kind.demonstration" if now.snapshot.demonstration else "sheet.kind.office")
    demonstration = [t("app.demonstration")] if now.snapshot.demonstration else []
    name = "_".join([t("app.name"), what, quarter_name(t, now.quarter), *demonstration])
    notes = (
        (t("sheet.title"), f"{t('app.name')} · {what} · {quarter_name(t, now.quarter)}"),
        (t("sheet.kind"), kind),
        (t("sheet.quarter"), quarter_name(t, now.quarter)),
        (t("sheet.region"), dict(now.regions)[now.region]),
        (t("sheet.category"), dict(now.groups)[now.category] if now.category else t("sheet.all")),
        (t("sheet.method"), method),
        (t("sheet.snapshot"), f"{now.snapshot.number} · {now.snapshot.id}"),
        *([(t("sheet.known"), f"{now.filters.known}")] if now.filters.known else []),
        (t("sheet.time"), f"{datetime.datetime.now().astimezone():%Y-%m-%d %H:%M %z}"),
        (t("sheet.page"), f"{PATH}{now.filters.to_search()}"),
        (t("sheet.principle"), t("foot.principle")),
    )
    return Sheet(name, columns, tuple(lines), notes)
