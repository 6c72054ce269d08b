"""Decisions and tasks: how major matters are decided and by whom attended; which tracked tasks are past their date."""

from dataclasses import replace
from typing import Any

import dash
import pandas as pd
from dash import Input, Output, State, callback, no_update

from dashboard.charts.control import control_chart, control_words, shared_range
from dashboard.charts.icons import tone, variation_icon
from dashboard.components import html
from dashboard.components.chart_card import CardIcon, ChartTable, chart_card
from dashboard.components.controls import select
from dashboard.components.gap_signs import sign
from dashboard.components.light import light
from dashboard.components.links import door, view_link, ways_back
from dashboard.components.pictured import picture_menu
from dashboard.components.share_axis import share_axis
from dashboard.components.sheet import Sheet
from dashboard.components.states import indicator_without_data, nothing_matches
from dashboard.filters import Filters
from dashboard.gaps import FLAGS
from dashboard.i18n.text import MISSING, Text, known, number, quarter_name
from dashboard.pages import _decisions, _tasks
from dashboard.pages._cases import Share
from dashboard.pages._decisions import EVERY, MAIN, MEASURES, PATH, TASKS, Decisions, about, short
from dashboard.pages._notes import Pinned, flagged, note_foot
from dashboard.pages._scene import Scene, page, scene, title, window_control
from dashboard.pages._tasks import STATES, Tasks
from dashboard.rows import rows_of, tuples_of

MOST_ROWS = 20  # departments before the rest is folded
MOST_NAMED = 4
MOST_FINDINGS = 3
MOST_TASKS = 60  # overdue tasks on the page; the file has all


def sheet(filters: Filters, pin: str | None = None) -> Sheet | None:
    """The decisions by department and kind, or the tasks, as the page shows them; None before the first import."""
    now = scene(filters, pin)
    if now.snapshot is None:
        return None
    return _tasks.sheet_of(Tasks(now)) if filters.view == TASKS else _decisions.sheet_of(Decisions(now))


dash.register_page(
    __name__,
    path=PATH,
    name="nav.decisions",
    title=lambda: title("nav.decisions"),
    icon="decisions",
    order=10,
    sheet=sheet,
    action="desk",
    steady=True,
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot)
    if now.snapshot is None:
        return page(now, PATH, "nav.decisions", (), None)
    t = now.t
    names = tuples_of(now.departments.sort_values("name_order"), "department_id", "label")
    selected = _decisions.selected_row(now)
    chosen = EVERY if selected is None else selected.department_id
    controls = [
        window_control(now),
        select(t("sheet.name"), "department", chosen, [(EVERY, t("sheet.all")), *names], default=EVERY),
    ]
    body = html.Div(body_of(now), id="decisions-body", className="decisions")
    return page(now, PATH, "nav.decisions", controls, body)


@callback(
    Output("decisions-body", "children"),
    Input("url", "search"),
    State("snapshot", "data"),
    prevent_initial_call=True,
)
def update(search: str, snapshot: str) -> Any:
    now = scene(Filters.from_search(search), snapshot)
    return light(body_of(now)) if now.snapshot else no_update


def body_of(now: Scene) -> list[Any]:
    """Everything on the page that depends on the filters: decisions, or tasks."""
    if now.departments.empty:
        return [nothing_matches(now.t, PATH)]
    return tasks_body(Tasks(now)) if now.filters.view == TASKS else decisions_body(Decisions(now))


def _tabs(now: Scene, kinds: list[tuple[str, str]], kind: str | None) -> html.Div:
    """The two views, and the kinds of the one that is shown."""
    t, filters = now.t, now.filters
    shown = TASKS if filters.view == TASKS else None
    views = [
        view_link(
            t(f"decisions.view.{view or 'decisions'}"),
            PATH,
            replace(filters, view=view, kind=None),
            className="tab here" if shown == view else "tab",
            **({"aria-current": "true"} if shown == view else {}),
        )
        for view in (None, TASKS)
    ]
    choices = [(None, t("sheet.all")), *kinds]
    kinds_drawn = [
        view_link(word, PATH, replace(filters, kind=code), className="chip" if code == kind else "chip hit")
        for code, word in choices
    ]
    return html.Div([html.Div(views, className="tabs"), html.Div(kinds_drawn, className="chips")], className="tab-bar")


def _chips(now: Scene, selected: Any) -> list[Any]:
    if selected is None:
        return []
    t = now.t
    words = [t("decisions.chip", name=selected.full_name), html.Span("×", className="out")]
    way = view_link(words, PATH, replace(now.filters, department=None), className="chip", title=t("decisions.leave"))
    return [html.Div(way, className="chips")]


# === decisions =================================================================================================
def decisions_body(view: Decisions) -> list[Any]:
    now, t = view.now, view.t
    head = [
        _tabs(now, [(kind, view.word(kind)) for kind in view.kinds], view.kind),
        *(html.P(sentence, className="notice") for sentence in view.notices),
        *_chips(now, view.selected),
    ]
    if view.every.empty:
        return [
            *head,
            indicator_without_data(
                t, t("decisions.view.decisions"), t("table.decisions"), quarter_name(t, now.quarter)
            ),
        ]
    return [
        *head,
        *findings(view),
        kinds_card(view),
        html.Div([change_card(view, measure) for measure in MAIN], className="decisions-four"),
        *([departments_card(view)] if view.selected is None else []),
    ]


def findings(view: Decisions) -> list[Any]:
    """What the rules say: of all departments rule by rule, of one department in its own sentences."""
    t, lang = view.t, view.now.lang
    cards: list[html.Section] = []
    if view.selected is not None:
        own = view.statuses[view.statuses["department_id"] == view.selected.department_id].to_dict("records")
        own.sort(key=lambda row: (("alert", "watch", "no_data", "ok").index(row["status"]), row["rule"]))
        cards = [_finding(view, row["status"], _rule_title(view, row), view.gaps.sentence(row)) for row in own]
    else:
        for name, rule in view.rules.items():
            rows = view.statuses[(view.statuses["rule"] == name) & view.statuses["status"].isin(FLAGS)]
            if rows.empty:
                continue
            parts = []
            for level in FLAGS:
                names = rows.loc[rows["status"] == level].sort_values("name_order")["label"].tolist()
                if names:
                    parts.append(t(f"decisions.finding.{level}", names=_named(view.now, names)))
            flagged, judged = view.gaps.prevalence(name)
            words = {"rule": rule.header["title"][lang], "parts": t("decisions.comma").join(parts)}
            body = t("decisions.finding.body", n=flagged, of=judged)
            worst = next(level for level in FLAGS if level in set(rows["status"]))
            cards.append(_finding(view, worst, t("decisions.finding", **words), body))
        if view.rules and not cards:
            cards = [_finding(view, "ok", t("decisions.finding.none"), t("decisions.finding.none.body"))]
    heading = html.H2(t("findings.heading"), className="visually-hidden")
    return [heading, html.Div(cards[:MOST_FINDINGS], className="findings")] if cards else []


def _rule_title(view: Decisions, row: dict[str, Any]) -> str:
    rule = view.rules[row["rule"]].header["title"][view.now.lang]
    return view.t("decisions.finding.one", rule=rule, status=view.t(f"gaps.status.{row['status']}"))


def _finding(view: Decisions, status: str, heading: str, body: str) -> html.Section:
    return html.Section(
        [html.Div([sign(view.t, status), html.H3(heading)], className="finding-head"), html.P(body, className="quiet")],
        className="card-box finding",
    )


def _named(now: Scene, names: list[str]) -> str:
    words = now.t("list.separator").join(names[:MOST_NAMED])
    return words if len(names) <= MOST_NAMED else now.t("decisions.named.more", names=words, n=len(names))


def kinds_card(view: Decisions) -> html.Section:
    """Each kind of matter by each measure, with interval and the rules' lines."""
    t = view.t
    shares = {measure: view.share(measure, view.kind, _own(view)) for measure in MAIN}
    parts = [
        t(f"decisions.title.{measure}", share=short(t, share))
        for measure, share in shares.items()
        if known(share.value)
    ]
    matters = max((share.n for share in shares.values() if known(share.n)), default=0)
    words = {"place": view.place, "n": number(matters, 0), "parts": t("decisions.comma").join(parts)}
    heading = t("decisions.title", **words) if parts else t("decisions.title.none", place=view.place)
    kinds = [view.kind] if view.kind else [None, *view.kinds]
    head = [html.Th(t("decisions.kind"), scope="col")]
    head += [
        html.Th(t(f"decisions.measure.{measure}"), scope="col", title=t(f"decisions.measure.{measure}.about"))
        for measure in MEASURES
    ]
    body = [
        html.Tr(
            [
                html.Th(view.word(kind) if kind else t("decisions.kinds.all"), scope="row"),
                *(html.Td(_share_cell(view, measure, kind, _own(view))) for measure in MEASURES),
            ],
            className="total" if kind is None else None,
        )
        for kind in kinds
    ]
    table = html.Table(
        [html.Caption(heading, className="visually-hidden"), html.Thead(html.Tr(head)), html.Tbody(body)],
        className="share-table",
    )
    about = t("decisions.kinds.what", period=view.period)
    return html.Section(
        [
            _head(view, "kinds", heading, (about, _lines_words(view)), table),
            html.P(about, className="chart-what"),
            _scrolled(t, table),
            html.P(_lines_words(view), className="quiet"),
        ],
        className="card-box",
    )


def _head(view: Decisions, name: str, heading: str, foot: tuple[str, ...], drawn: Any) -> html.Div:
    """A heading with the menu of the table's files."""
    menu = picture_menu(view.t, f"decisions-{name}", heading, view.now.topic(view.t("nav.decisions")), foot, drawn)
    return html.Div([html.H2(heading), menu], className="card-head")


def _own(view: Decisions) -> str | None:
    return None if view.selected is None else str(view.selected.department_id)


def _lines_words(view: Decisions) -> str:
    t = view.t
    has_lines = any(view.lines(measure) for measure in MEASURES)
    return t("decisions.lines" if has_lines else "decisions.lines.none")


def _share_cell(view: Decisions, measure: str, kind: str | None, department: str | None) -> Any:
    t = view.t
    if not view.is_asked(measure, kind):
        return html.Span(t("decisions.cell.not_asked"), className="none", title=t("decisions.cell.not_asked.about"))
    share = view.share(measure, kind, department)
    if not known(share.value):
        is_absent = measure not in view.columns
        return html.Span(
            t("decisions.cell.no_column" if is_absent else "chart.no_data"),
            className="none",
            title=t("decisions.cell.no_column.about") if is_absent else None,
        )
    return _drawn_share(view, measure, share)


def _drawn_share(view: Decisions, measure: str, share: Share) -> Any:
    text = short(view.t, share)
    counts = share.counts if text != share.counts else ""
    words = about(view, view.t(f"decisions.measure.{measure}"), share)
    return share_axis(text, counts, share.value, share.interval, view.lines(measure), words)


def departments_card(view: Decisions) -> html.Section:
    """The four main shares of each department; those without a figure say why."""
    t, rows = view.t, view.departments
    flagged = rows[(rows["alert"] + rows["watch"]) > 0]
    silent = int(rows["is_silent"].sum())
    key = "decisions.departments.title" if view.rules else "decisions.departments.title.unjudged"
    heading = t(key, n=number(len(flagged), 0), of=number(len(rows), 0), silent=number(silent, 0))
    first, what = max(MOST_ROWS, len(flagged)), t("decisions.departments.what", period=view.period)
    drawn = [_department_row(view, row) for row in rows_of(rows)]
    inside: list[Any] = [
        _head(view, "departments", heading, (what,), _departments_table(view, drawn, heading)),
        html.P(what, className="chart-what"),
        _scrolled(t, _departments_table(view, drawn[:first], heading)),
    ]
    if len(rows) > first:
        words = t("decisions.departments.rest", n=number(len(rows) - first, 0))
        table = _scrolled(t, _departments_table(view, drawn[first:], words))
        inside.append(html.Details([html.Summary(words), table], className="decisions-rest"))
    return html.Section(inside, className="card-box")


def _scrolled(t: Text, table: html.Table) -> html.Div:
    return html.Div(table, className="table-scroll", tabIndex=0, role="region", **{"aria-label": t("chart.table")})


def _departments_table(view: Decisions, body: list[html.Tr], caption: str) -> html.Table:
    t = view.t
    heads = [t("sheet.name"), t("decisions.matters"), *(t(f"decisions.measure.{measure}") for measure in MAIN)]
    head = [html.Th(word, scope="col") for word in (*heads, t("decisions.flags"))]
    return html.Table(
        [html.Caption(caption, className="visually-hidden"), html.Thead(html.Tr(head)), html.Tbody(body)],
        className="share-table of-departments",
    )


def _department_row(view: Decisions, row: Any) -> html.Tr:
    t = view.t
    link = view_link(row.label, PATH, replace(view.now.filters, department=row.department_id), title=row.full_name)
    silence = view.silence(row.department_id)
    flags = _flags(view, row.department_id)
    if silence:
        flags = [*flags, html.Span(silence, className="quiet")]
    if row.is_silent:
        words = silence or t("decisions.silent.none")
        none = html.Td([sign(t, "no_data"), " ", t("decisions.silent", reason=words)], colSpan=1 + len(MAIN))
        own_flags = html.Td(_flags(view, row.department_id), className="flags")
        return html.Tr([html.Th(link, scope="row"), none, own_flags], className="silent")
    cells = [
        html.Td(_drawn_share(view, measure, row.shares[measure]) if known(row.shares[measure].value) else MISSING)
        for measure in MAIN
    ]
    matters = html.Td(number(row.matters, 0), className="count")
    return html.Tr([html.Th(link, scope="row"), matters, *cells, html.Td(flags, className="flags")])


def _flags(view: Decisions | Tasks, department: str) -> list[Any]:
    """Each flag with its sign and short name; its whole sentence stands in its title."""
    lang, found = view.now.lang, []
    for row in view.flags.get(department, []):
        words = [sign(view.t, row["status"]), html.Span(view.rules[row["rule"]].header["label"][lang])]
        found.append(html.Span(words, className="flag-words", title=view.gaps.sentence(row)))
    return found


def change_card(view: Decisions, measure: str) -> html.Section:
    """A share by quarter on its own natural range: whether it changed, and not whether it is good."""
    t, points = view.t, view.chart(measure)
    last = points.iloc[-1] if len(points) and known(points["value"].iloc[-1]) else None
    is_trial = bool(len(points) and points["is_trial"].astype("boolean").fillna(False).iloc[-1])
    direction = "" if last is None else str(last["direction"])
    icons = []
    if direction:
        is_above = bool(last["value"] > last["mean"])
        icons = [CardIcon(variation_icon(direction, is_above), tone(direction), t(f"variation.{direction}"))]
    name = t(f"decisions.measure.{measure}")
    verdict = t("decisions.change.missing" if last is None else f"decisions.change.{direction or 'unknown'}")
    low, high = shared_range([points])
    pinned, quarters = Pinned(view.now), points["period"].tolist()
    notes = pinned.on(view.series, f"{measure}_share")
    ways = ways_back(PATH, view.now.filters, quarters)
    shown = points
    if len(points):
        shown = flagged(points, quarters, notes).assign(period=points["period"].str[2:], door=list(map(door, ways)))
    return chart_card(
        t,
        f"decisions-{measure}",
        control_chart(shown, control_words(t, "%", 1, is_trial), y_range=(low - 0.1 * (high - low), high)),
        t("decisions.change.title", measure=name, verdict=verdict),
        t("decisions.change.what", place=view.place, n=len(points)),
        [t("decisions.change.source"), *note_foot(pinned, notes, quarters)],
        ChartTable(
            [t("sheet.quarter"), "%", t("decisions.change.lower"), t("decisions.change.upper")],
            [[row.period, *(number(value) for value in (row.value, row.lower, row.upper))] for row in rows_of(points)],
            ways,
        ),
        icons=icons,
        height=150,
    )


# === tasks =====================================================================================================
def tasks_body(view: Tasks) -> list[Any]:
    now, t = view.now, view.t
    head = [
        _tabs(now, [(kind, view.word(kind)) for kind in _tasks.KINDS], view.kind),
        *(html.P(sentence, className="notice") for sentence in view.notices),
        *_chips(now, view.selected),
    ]
    if view.every.empty:
        words = indicator_without_data(t, t("decisions.view.tasks"), t("table.tasks"), quarter_name(t, now.quarter))
        return [*head, words]
    if not view.is_known:
        return [*head, html.P(t("decisions.task.no_column"), className="notice"), phases_card(view)]
    return [
        *head,
        overdue_card(view),
        html.Div([list_card(view), html.Div([departments_of_tasks(view), phases_card(view)])], className="tasks-two"),
    ]


def overdue_card(view: Tasks) -> html.Section:
    """How many are overdue and by how long; beside them those that are not."""
    t, overdue = view.t, view.overdue
    if len(overdue):
        longest = overdue.iloc[0]
        heading = t(
            "decisions.task.title",
            n=number(len(overdue), 0),
            departments=number(overdue["department_id"].nunique(), 0),
            name=longest["label"],
            days=number(longest["days_late"], 0),
        )
    else:
        heading = t("decisions.task.title.none")
    as_of = view.every["as_of"].iloc[0]
    buckets = [
        html.Div(
            [html.Span(_bucket_words(view, low, high)), html.B(number(n, 0)), _bar(n, len(overdue))],
            className="bucket",
        )
        for low, high, n in view.buckets
    ]
    unclosed = len(overdue) + len(view.open)
    figures = [
        (
            "overdue",
            number(len(overdue), 0),
            t("decisions.task.of_unclosed", x=number(len(overdue), 0), n=number(unclosed, 0)),
        ),
        ("open", number(len(view.open), 0), t("decisions.task.open.about")),
        ("in_time", _share_words(view, view.in_time), t("decisions.task.in_time.about")),
        ("late", number(int((view.due["state"] == "late").sum()), 0), t("decisions.task.late.about")),
        ("published", _share_words(view, view.published), t("decisions.task.published.about")),
    ]
    tiles = [
        html.Div(
            [html.Span(t(f"decisions.task.figure.{name}")), html.B(value), html.Small(words)],
            className="powers-tile over" if name == "overdue" and len(overdue) else "powers-tile",
        )
        for name, value, words in figures
    ]
    return html.Section(
        [
            html.H2(heading),
            html.P(t("decisions.task.what", day=f"{as_of:%Y-%m-%d}", place=view.place), className="body-text"),
            html.Div([*tiles, html.Div(buckets, className="buckets")], className="task-figures"),
        ],
        className="card-box",
    )


def _share_words(view: Tasks, share: Share) -> str:
    return short(view.t, share) or view.t("chart.no_data")


def _bucket_words(view: Tasks, low: int, high: int | None) -> str:
    if high is None:
        return view.t("decisions.task.bucket.last", days=number(low - 1, 0))
    return view.t("decisions.task.bucket", low=number(low, 0), high=number(high, 0))


def _bar(n: int, of: int) -> html.Span:
    return html.Span(html.I(style={"width": f"{100 * n / of if of else 0:.1f}%"}), className="bucket-bar")


def list_card(view: Tasks) -> html.Section:
    """Every overdue task, the longest overdue first."""
    t, rows = view.t, view.overdue
    heading = t("decisions.task.list", n=number(len(rows), 0))
    if rows.empty:
        return html.Section(
            [html.H2(heading), html.P(t("decisions.task.list.none"), className="body-text")], className="card-box"
        )
    names = ("title", "department", "kind", "issued_on", "due_on", "days_late", "published")
    head = [html.Th(t(f"decisions.task.column.{name}"), scope="col") for name in names]
    body = [
        html.Tr(
            [
                html.Th(str(row.title), scope="row"),
                html.Td(view_link(row.label, PATH, replace(view.now.filters, department=row.department_id))),
                html.Td(view.word(row.kind)),
                html.Td(f"{row.issued_on:%Y-%m-%d}"),
                html.Td(f"{row.due_on:%Y-%m-%d}"),
                html.Td(t("decisions.task.days", days=number(row.days_late, 0)), className="over"),
                html.Td(t(f"decisions.flag.{'yes' if row.published else 'no'}") if known(row.published) else MISSING),
            ]
        )
        for row in rows_of(rows.head(MOST_TASKS))
    ]
    what = t("decisions.task.list.what")
    if len(rows) > MOST_TASKS:
        what = t("decisions.task.list.cut", shown=number(MOST_TASKS, 0), n=number(len(rows), 0))
    table = html.Table(
        [html.Caption(heading, className="visually-hidden"), html.Thead(html.Tr(head)), html.Tbody(body)],
        className="task-table",
    )
    return html.Section(
        [
            html.H2(heading),
            html.P(what, className="chart-what"),
            html.Div(table, className="table-scroll", tabIndex=0, role="region", **{"aria-label": t("chart.table")}),
        ],
        className="card-box",
    )


def departments_of_tasks(view: Tasks) -> html.Section:
    t, rows = view.t, view.departments
    late, rest = rows[rows["overdue"] > 0], rows[rows["overdue"] == 0]
    heading = t("decisions.task.departments", n=number(len(late), 0), of=number(len(rows), 0))
    inside: list[Any] = [html.H2(heading), html.P(t("decisions.task.departments.what"), className="chart-what")]
    if len(late):
        inside.append(_task_departments(view, late, heading))
    if len(rest):
        words = t("decisions.task.departments.rest", n=number(len(rest), 0))
        inside.append(
            html.Details([html.Summary(words), _task_departments(view, rest, words)], className="decisions-rest")
        )
    return html.Section(inside, className="card-box")


def _task_departments(view: Tasks, rows: pd.DataFrame, caption: str) -> html.Div:
    t = view.t
    names = ("overdue", "longest", "unclosed", "in_time")
    head = [html.Th(t("sheet.name"), scope="col")]
    head += [html.Th(t(f"decisions.task.head.{name}"), scope="col") for name in names]
    head.append(html.Th(t("decisions.flags"), scope="col"))
    body = [
        html.Tr(
            [
                html.Th(
                    view_link(row.label, PATH, replace(view.now.filters, department=row.department_id)), scope="row"
                ),
                html.Td(number(row.overdue, 0), className="over" if row.overdue else None),
                html.Td(t("decisions.task.longest", days=number(row.longest, 0)) if row.overdue else MISSING),
                html.Td(number(row.unclosed, 0)),
                html.Td(f"{number(row.in_time, 0)}/{number(row.due, 0)}" if row.due else MISSING),
                html.Td(_flags(view, row.department_id), className="flags"),
            ]
        )
        for row in rows_of(rows)
    ]
    table = html.Table(
        [html.Caption(caption, className="visually-hidden"), html.Thead(html.Tr(head)), html.Tbody(body)],
        className="task-table",
    )
    return html.Div(table, className="table-scroll", tabIndex=0, role="region", **{"aria-label": t("chart.table")})


def phases_card(view: Tasks) -> html.Section:
    """The tasks of plans by phase: done, not yet due, overdue."""
    t, phases = view.t, view.phases
    heading = t("decisions.phases.title.none")
    if phases.empty:
        return html.Section(
            [html.H2(heading), html.P(t("decisions.phases.none"), className="body-text")], className="card-box"
        )
    late = int(phases["overdue"].sum())
    done = int(phases[["in_time", "late"]].to_numpy().sum())
    words = {"done": number(done, 0), "n": number(int(phases.to_numpy().sum()), 0), "late": number(late, 0)}
    heading = t("decisions.phases.title.late" if late else "decisions.phases.title", **words)
    if not view.is_known:
        heading = t("decisions.phases.title.unknown", n=words["n"])
    rows = []
    for phase in phases.index:
        counts, total = phases.loc[phase], int(phases.loc[phase].sum())
        pieces = [
            html.I(
                number(int(counts[state]), 0),
                className=f"piece {state}",
                style={"flexGrow": str(int(counts[state]))},
                title=t("decisions.phases.piece", state=t(f"decisions.task.state.{state}"), n=int(counts[state])),
            )
            for state in STATES
            if counts[state]
        ]
        told = t("list.separator").join(
            t("decisions.phases.piece", state=t(f"decisions.task.state.{state}"), n=number(int(counts[state]), 0))
            for state in STATES
            if counts[state]
        )
        label = t("decisions.phases.phase", phase=phase)
        rows.append(
            html.Div(
                [
                    html.B(label),
                    html.Div(pieces if view.is_known else [], className="pieces", **{"aria-hidden": "true"}),
                    html.Span(
                        told if view.is_known else t("decisions.phases.count", n=number(total, 0)), className="quiet"
                    ),
                ],
                className="phase",
            )
        )
    return html.Section(
        [html.H2(heading), html.P(t("decisions.phases.what"), className="chart-what"), *rows], className="card-box"
    )
