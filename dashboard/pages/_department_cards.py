"""What the page of one department draws beside its charts: each card from the view, as plain elements."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard import methods
from dashboard.access.gate import actor, can
from dashboard.charts.axis import Axis, axis_for
from dashboard.charts.icons import assurance_icon, tone, variation_icon
from dashboard.components import html
from dashboard.components.chart_card import CardIcon, card_icon
from dashboard.components.explain import indicator_address
from dashboard.components.figures import dot_on_axis
from dashboard.components.gap_signs import badge, sign
from dashboard.components.light_table import light_table
from dashboard.components.links import address, compare_link, view_link
from dashboard.components.pictured import picture_menu
from dashboard.components.ranking_rows import SIGNS, band_words
from dashboard.components.summary_matrix import STANDING_TONES
from dashboard.filters import COMPOSITE
from dashboard.findings import FALSE_OUTSIDE, by_chance
from dashboard.gaps import FLAGS
from dashboard.i18n.text import MISSING, known, number, quarter_name, signed
from dashboard.pages._cases import OVERDUE, STEPS, Cases
from dashboard.pages._complaints import RECEIVED, categories, upper_first
from dashboard.pages._department import (
    DIMENSION,
    PATH,
    QUARTERS_OF_HISTORY,
    SHORTEST_SILENCE,
    SUPERVISED,
    View,
    heading,
    interval_words,
    judged_words,
    value_words,
    verdict,
)
from dashboard.pages._evidence import MOST_SHOWN, texts
from dashboard.pages._evidence import heads as row_heads
from dashboard.pages._follow_up import due_words
from dashboard.pages._gaps import gap_address
from dashboard.pages._notes import flags_at, note_foot, notes_of_department
from dashboard.pages._ranking import Measure
from dashboard.pages._summary import standing
from dashboard.rows import rows_of

FILING, LIGHT, VISITS = "filing_share", "light_share", "return_visit_share"
DECISIONS = ("collective_share", "voted_share", "attended_share", "single_signature_share")
MOST_BARS, MOST_TASKS, MOST_RECENT = 6, 6, 4
LARGEST_DOT, SMALLEST_DOT = 30, 15  # pixels of a circle on the timeline


def verdict_card(view: View) -> list[Any]:
    """Three sentences and the four figures behind them."""
    t, said = view.now.t, verdict(view)
    items = [html.Li(one.text, className=one.tone or None) for one in said]
    group = [html.Span(view.department.group)] if known(view.department.group) else []
    ways = [compare_link(t, view.now.filters, view.id), *_steps(view)]
    who = [html.B(view.department.full_name), *group, html.Span(view.id), html.Span(ways, className="steps")]
    words = html.Div(
        [html.Div(who, className="department-who"), html.H2(heading(t, said)), html.Ol(items)],
        className="department-verdict",
    )
    return [words, html.Div([*_four(view)], className="department-figures")]


def _steps(view: View) -> list[Any]:
    """To the departments before and after, in the order of the ranking that the address names; [ and ] do the same."""
    t, now = view.now.t, view.now
    if actor().department:
        return []
    labels = view.whole.departments.set_index("department_id")["label"]
    order = view.ranking.measure.title
    if now.filters.q:
        order = t("department.order.found", order=order, q=now.filters.q)
    found = []
    for name, key, department in zip(("previous", "next"), "[]", view.beside):
        words = t(f"department.{name}")
        if department is None:
            found.append(html.Span(words, className="off", **{"aria-hidden": "true"}))
            continue
        about = t(f"department.{name}.help", name=labels.get(department, department), order=order)
        way = replace(now.filters, department=department, view=None)
        found.append(view_link(words, PATH, way, title=about, **{"aria-label": about, "data-key": key}))
    return found


def _four(view: View) -> list[html.Div]:
    t, row = view.now.t, view.standing
    rate, flags = view.rate, view.flags["status"].value_counts()
    band = row.outcome if row is not None else None
    outcome = rate.outcome if rate is not None else None
    alerts, watches = (int(flags.get(status, 0)) for status in FLAGS)
    staff = view.whole.run("staff").set_index("department_id")["staff"].get(view.id)
    value = number(row.value) if row is not None else MISSING
    return [
        _figure(t("department.figure.score"), value, _sign_badge(t, band, band_words(t, band))),
        _figure(
            t("department.figure.rate"),
            number(rate.value) if rate is not None else MISSING,
            _sign_badge(t, outcome, t(f"outcome.{outcome}") if known(outcome) else t("complaints.unjudged")),
        ),
        _figure(t("department.figure.flags"), f"{alerts} + {watches}", t("department.figure.flags.what")),
        _figure(t("department.figure.staff"), number(staff, 0), t("department.figure.staff.what")),
    ]


def _figure(label: str, value: str, below: Any) -> html.Div:
    return html.Div([html.H3(label), html.B(value), html.Small(below)])


def _sign_badge(t: Any, outcome: str | None, words: str) -> Any:
    css, mark = SIGNS.get(outcome, ("quiet", "○"))
    return html.Span([html.Span(mark, **{"aria-hidden": "true"}), " ", words], className=f"said-{css}")


# --- appraisal -------------------------------------------------------------------------------------------------
def dimensions_card(view: View) -> list[Any]:
    """The composite and each dimension: interval, the average of those it is compared with, band, change."""
    t = view.now.t
    rows = [(t("department.composite"), view.of(COMPOSITE, "composite", 1))]
    rows += [(name, view.of(DIMENSION, code, 1)) for code, name in view.dimensions]
    there = [row for _, row in rows if row is not None and known(row.value)]
    to_ranking = html.Link(t("department.to_ranking"), href="/ranking" + _selected(view).to_search())
    if not there:
        head = _head(t("department.dimensions"), to_ranking)
        return [head, html.P(t("department.dimensions.none"), className="body-text")]
    axis = axis_for([number_ for row in there for number_ in (row.low, row.high, row.value, row.benchmark)])
    columns = ("dimension", "place", "value", "difference", "band", "variation")
    heads = [html.Th(t(f"department.column.{name}"), scope="col", className=name) for name in columns]
    lines = [_dimension(view, axis, name, row) for name, row in rows]
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(lines)], className="department-table")
    how = t("department.dimensions.how", whom=view.whom)
    menu = _menu(view, "dimensions", t("department.dimensions"), how, table)
    return [_head(t("department.dimensions"), to_ranking, menu), table, html.P(how, className="quiet")]


def _dimension(view: View, axis: Axis, name: str, row: Any) -> html.Tr:
    t = view.now.t
    if row is None or not known(row.value):
        return html.Tr([html.Th(name, scope="row"), html.Td(t("chart.no_data"), colSpan=5, className="quiet")])
    dot = dot_on_axis(axis, row.value, float("nan"), (row.low, row.high))
    mean = html.Span(className="mean-tick", style={"left": f"{axis.position(row.benchmark)}%"})
    dot.children = [*([mean] if known(row.benchmark) else []), *dot.children]
    css, mark = SIGNS.get(row.outcome, ("quiet", "○"))
    words = band_words(t, row.outcome)
    band = html.Span(mark, className=f"sign {css}", title=words, role="img", **{"aria-label": words})
    return html.Tr(
        [
            html.Th(name, scope="row"),
            html.Td(dot, className="place"),
            html.Td(html.B(number(row.value))),
            html.Td(signed(row.value - row.benchmark) if known(row.benchmark) else MISSING),
            html.Td(band, className="band"),
            html.Td(_change_icon(t, row, "higher"), className="variation"),
        ]
    )


def _head(heading: str, *beside: Any) -> html.Div:
    return html.Div([html.H2(heading), *beside], className="card-head")


def _menu(view: View, name: str, heading: str, about: str, drawn: Any) -> html.Details:
    """Of a table's files."""
    return picture_menu(
        view.now.t, f"department-{name}", heading, view.now.topic(view.department.full_name), (about,), drawn
    )


def _selected(view: View) -> Any:
    return view.now.filters.without_row().changed({"department": view.id})


# --- complaints and supervision --------------------------------------------------------------------------------
def timeline_card(view: View) -> list[Any]:
    """Complaints and supervision by quarter; the quarters in which nobody supervised it are drawn as what they are."""
    t, rows = view.now.t, view.timeline
    silence = view.silence if view.silence >= SHORTEST_SILENCE else 0
    before = len(rows) - silence
    largest = max([float(value) for value in rows[RECEIVED].dropna()] or [0.0])
    received = [html.Td(_circle(value, largest, _then(view, "/complaints", q))) for q, value in rows[RECEIVED].items()]
    supervised = [
        html.Td(_square(value, _then(view, "/coverage", q))) for q, value in rows[SUPERVISED].iloc[:before].items()
    ]
    if silence:
        words = t("department.silence", n=number(silence, 0))
        supervised.append(html.Td(html.Span(words, className="silence"), colSpan=silence))
    notes = [note for note in view.pinned.on(view.id) if note.pin.quarter in rows.index]
    marks = [html.Td(flags_at(notes, quarter)) for quarter in rows.index]
    noted = [html.Tr([html.Th(t("notes.title"), scope="row"), *marks], className="notes")] if notes else []
    ticks = [html.Th(quarter[2:], scope="col", title=quarter_name(t, quarter)) for quarter in rows.index]
    table = html.Table(
        [
            html.Colgroup([html.Col(className="of"), *(html.Col() for _ in ticks)]),
            html.Thead(
                html.Tr([html.Th(t("department.timeline.of"), scope="col", className="visually-hidden"), *ticks])
            ),
            html.Tbody(
                [
                    html.Tr([html.Th(t("department.timeline.complaints"), scope="row"), *received]),
                    html.Tr([html.Th(t("department.timeline.supervision"), scope="row"), *supervised]),
                    *noted,
                ]
            ),
        ],
        className="timeline",
    )
    links = [
        html.Link(t("department.to_complaints"), href="/complaints" + _selected(view).to_search()),
        html.Link(t("department.to_coverage"), href="/coverage" + _selected(view).to_search()),
    ]
    return [
        html.Div([html.H2(_timeline_title(view, silence)), html.Span(links, className="links")], className="card-head"),
        html.P(t("department.timeline.what"), className="chart-what"),
        html.Div(table, className="table-scroll"),
        *(html.P(line, className="quiet") for line in note_foot(view.pinned, notes, rows.index)),
        *_recent(view),
    ]


def _recent(view: View) -> list[Any]:
    """The newest supervision activities of the window, one line each; all of them are among the rows below."""
    t, rows = view.now.t, view.rows_of("supervision").rows
    if rows.empty:
        return []
    words = view.gaps.words
    lines = [
        html.Li(
            [
                html.Span(f"{row.date:%Y-%m-%d}"),
                html.B(words.get(("method", row.method), row.method)),
                html.Span(words.get(("stage", row.stage), row.stage) if known(row.stage) else ""),
                html.Span(t("department.found", n=number(row.findings, 0)) if known(row.findings) else ""),
            ]
        )
        for row in rows_of(rows.sort_values("date", ascending=False).head(MOST_RECENT))
    ]
    return [html.H3(t("department.recent")), html.Ul(lines, className="recent")]


def _timeline_title(view: View, silence: int) -> str:
    t, rows = view.now.t, view.timeline
    if rows.isna().all(axis=None):
        return t("department.timeline.title.none")
    n = _year(t, rows[RECEIVED])
    if silence:
        return t("department.timeline.title.silent", n=n, quarters=number(silence, 0))
    return t("department.timeline.title", n=n, activities=_year(t, rows[SUPERVISED]))


def _year(t: Any, values: Any) -> str:
    """The sum of the last four quarters, with how many of them were reported where not all were."""
    last = values.tail(4)
    reported = int(last.notna().sum())
    if not reported:
        return MISSING
    total = number(last.sum(), 0)
    return total if reported == 4 else t("department.timeline.part", n=total, reported=reported)


def _then(view: View, path: str, quarter: str) -> str:
    """Another page about this department, as it was in a quarter of the timeline."""
    return path + replace(_selected(view), quarter=quarter).to_search()


def _circle(value: float, largest: float, way: str) -> Any:
    if not known(value):
        return html.Span(MISSING, className="none")
    if value == 0:
        return html.Span("0", className="zero")
    size = SMALLEST_DOT + (LARGEST_DOT - SMALLEST_DOT) * ((value / largest) ** 0.5 if largest else 0)
    return html.Link(number(value, 0), href=way, className="circle", style={"--size": f"{size:.0f}px"})


def _square(value: float, way: str) -> Any:
    if not known(value):
        return html.Span(MISSING, className="none")
    return html.Link(number(value, 0), href=way, className="square" if value else "zero")


def complaints_card(view: View) -> list[Any]:
    """By category and by channel."""
    t, lang = view.now.t, view.now.lang
    if not can("small_counts"):
        return [html.H2(t("department.categories")), html.P(t("access.finer"), className="body-text")]
    counts, channels = categories(view.by_category, lang), categories(view.by_channel, lang)
    if not counts and not channels:
        key = "zero" if known(getattr(view.of(RECEIVED), "value", None)) else "none"
        return [html.H2(t("department.categories")), html.P(t(f"department.categories.{key}"), className="body-text")]
    total = sum(n for _, n in counts)
    title = t("department.categories")
    if counts:
        first, n = counts[0]
        title = t("department.categories.title", name=first, n=number(n, 0), total=number(total, 0))
    shares = [
        html.Li([html.Span(measure.title), html.B(value_words(t, measure, row)), html.Small(judged_words(t, row))])
        for name in ("on_time_share", "substantiated_share", "dissatisfied_share")
        if (measure := view.measures.get(name)) and (row := view.of(name)) is not None and known(row.value)
    ]
    return [
        html.H2(title),
        html.P(t("department.categories.what", window=view.window_words), className="chart-what"),
        html.Div(
            [
                _bars(t("department.by_category"), counts, _complaints_place(view, "heat")),
                _bars(t("department.by_channel"), channels, _complaints_place(view, "channels")),
            ],
            className="two",
        ),
        html.Ul(shares, className="department-shares"),
    ]


def _complaints_place(view: View, chart: str) -> str:
    """The chart of the complaints page where the department's row stands beside the others'."""
    return f"/complaints{_selected(view).to_search()}#complaints-{chart}-frame"


def _bars(title: str, counts: Sequence[tuple[str, float]], way: str) -> html.Div:
    largest = max([n for _, n in counts] or [1.0])
    lines = [
        html.Li(
            [
                html.Link(name, href=way, title=name),
                html.I(html.I(style={"width": f"{100 * n / largest:.0f}%"})),
                html.B(number(n, 0)),
            ]
        )
        for name, n in counts[:MOST_BARS]
    ]
    return html.Div([html.H3(title), html.Ul(lines, className="bars")])


# --- cases -----------------------------------------------------------------------------------------------------
def cases_card(view: View) -> list[Any]:
    """The way of its cases in counts, and its shares beside those of the departments it is compared with."""
    t = view.now.t
    if not can("small_counts"):
        return [html.H2(t("department.cases")), html.P(t("access.finer.cases"), className="body-text")]
    cases = Cases(replace(view.whole, filters=replace(view.now.filters, domain=None, rank_band=None)))
    totals = {step: cases.total(step) for step in STEPS}
    link = html.Link(t("department.to_cases"), href="/cases" + _selected(view).to_search())
    if not any(map(known, totals.values())):
        return [
            html.Div([html.H2(t("department.cases")), link], className="card-head"),
            html.P(t("department.cases.none"), className="body-text"),
        ]
    steps = []
    for step, total in totals.items():
        steps.append(
            html.Li([html.B(number(total, 0)), html.Span(cases.label(step))], className="some" if total else "nothing")
        )
    overdue = [
        html.Span(
            t("department.cases.overdue", what=cases.label(name), n=number(cases.total(name), 0)), className="over"
        )
        for name in OVERDUE
        if known(cases.total(name)) and cases.total(name) > 0
    ]
    shares = [_beside_peers(view, name) for name in (FILING, LIGHT, VISITS)]
    words = {"leads": number(totals["leads"], 0), "filed": number(totals["filed"], 0)}
    return [
        html.Div([html.H2(t("department.cases.title", **words)), link], className="card-head"),
        html.P(t("department.cases.what", window=view.window_words), className="chart-what"),
        html.Ol(steps, className="steps-of-cases"),
        html.P(overdue) if overdue else None,
        _against_table(view, [line for line in shares if line]),
    ]


def _beside_peers(view: View, name: str) -> list[Any] | None:
    measure, row = view.measures.get(name), view.of(name)
    if measure is None or row is None or not known(row.value):
        return None
    return _against(view, measure, row)


def _against(view: View, measure: Measure, row: Any) -> list[Any]:
    """An indicator beside the average of those it is compared with."""
    t, decimals = view.now.t, measure.header["decimals"]
    unit = "%" if measure.unit == "%" else f" {measure.unit}"
    mean = f"{number(row.benchmark, decimals)}{unit}" if known(row.benchmark) else MISSING
    outcome = row.outcome if known(row.outcome) else "unjudged"
    css, mark = SIGNS.get(outcome, ("quiet", "○"))
    words = [html.Span(mark, className=f"sign {css}", **{"aria-hidden": "true"}), t(f"department.short.{outcome}")]
    return [
        _to_indicator(view, measure),
        html.B(value_words(t, measure, row)),
        interval_words(t, measure, row),
        mean,
        html.Span(words, title=t(f"outcome.{outcome}"), className="judged"),
    ]


def _to_indicator(view: View, measure: Measure) -> html.Link:
    way = indicator_address(measure.key, view.now.filters)
    return html.Link(upper_first(measure.label), href=way, title=measure.title)


def _against_table(view: View, lines: Sequence[Sequence[Any]]) -> Any:
    if not lines:
        return None
    t = view.now.t
    names = ("indicator", "value", "interval", "mean", "judgement")
    heads = [html.Th(t(f"department.column.{name}", whom=view.whom), scope="col", className=name) for name in names]
    body = [html.Tr([html.Th(first, scope="row"), *(html.Td(cell) for cell in rest)]) for first, *rest in lines]
    return html.Table([html.Thead(html.Tr(heads)), html.Tbody(body)], className="department-table against")


# --- gaps ------------------------------------------------------------------------------------------------------
def gaps_card(view: View) -> list[Any]:
    """Every flag with its sentence, its quarters, how it is followed up and who owns it."""
    t, flagged = view.now.t, view.flagged
    link = html.Link(t("department.to_gaps"), href="/gaps" + _selected(view).to_search())
    counts = view.flags["status"].value_counts()
    unknown = int(counts.get("no_data", 0))
    about = t("department.gaps.what", n=len(view.flags), ok=int(counts.get("ok", 0)), unknown=unknown)
    title = t("department.gaps.title", n=len(flagged)) if len(flagged) else t("department.gaps.none")
    if flagged.empty:
        return [_head(title, link), html.P(about, className="chart-what")]
    quarters = [quarter for quarter in view.now.quarters if quarter <= view.now.quarter][-QUARTERS_OF_HISTORY:]
    states = view.history.set_index(["rule", "quarter"])["status"].to_dict()
    names = ("rule", "status", "sentence", "history", "spell", "follow_up", "owner")
    heads = [html.Th(t(f"department.gaps.{name}", n=len(quarters)), scope="col", className=name) for name in names]
    lines = [_flag(view, row, quarters, states) for row in flagged.to_dict("records")]
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(lines)], className="department-table flags")
    head = _head(title, link, _menu(view, "gaps", title, about, table))
    return [head, html.P(about, className="chart-what"), html.Div(table, className="table-scroll")]


def _flag(view: View, row: dict[str, Any], quarters: Sequence[str], states: dict[tuple[str, str], str]) -> html.Tr:
    t, rule = view.now.t, row["rule"]
    header = view.gaps.rules[rule].header
    marks = []
    for quarter in quarters:
        state = states.get((rule, quarter))
        words = t(f"gaps.status.{state}") if state else t("matrix.not_standing")
        marks.append(
            sign(t, state)
            if state
            else html.Span("", className="gap-sign", title=f"{quarter_name(t, quarter)} {words}")
        )
    found = view.records.subject(rule, view.id) if not view.records.trouble else None
    follow_up = found[1] if found else None
    state = t(f"follow_up.state.{follow_up.state if follow_up else 'none'}")
    owner = [(follow_up and follow_up.owner) or t("follow_up.nobody"), due_words(t, follow_up, view.records.day)]
    if view.records.trouble:
        state, owner = MISSING, [MISSING, ""]
    way = gap_address(view.now.filters, rule, view.id)
    return html.Tr(
        [
            html.Th(
                html.Link([header["title"][view.now.lang], html.Small(f" #{header['order']}")], href=way),
                scope="row",
            ),
            html.Td([badge(t, row["status"]), html.Small(t(f"gaps.change.{row['change']}") if row["change"] else "")]),
            html.Td(view.gaps.sentence(row, view.department.label), className="sentence"),
            html.Td(html.Span(marks, className="marks")),
            html.Td(t("department.gaps.quarters", n=number(row["spell_quarters"], 0))),
            html.Td(state),
            html.Td([html.Span(words) for words in owner], className="owner"),
        ]
    )


# --- powers, decisions, tasks ----------------------------------------------------------------------------------
def powers_card(view: View) -> list[Any]:
    """Its powers by grade of risk, and what is missing around them."""
    t = view.now.t
    rows = view.whole.run("powers")
    own = rows[rows["department_id"] == view.id]
    link = html.Link(t("department.to_powers"), href="/powers" + _selected(view).to_search())
    if own.empty:
        return [
            html.Div([html.H2(t("department.powers")), link], className="card-head"),
            html.P(t("department.powers.none"), className="body-text"),
        ]
    grades = own["risk_level"].value_counts()
    unguarded = own[own["measure"].fillna("").astype(str).str.strip() == ""]
    held = view.whole.run("power_separation")
    together = held[held["department_id"] == view.id]
    facts = [
        (t("department.powers.measure"), len(unguarded), len(own)),
        (t("department.powers.published"), *_lacking(own, "published")),
        (t("department.powers.check"), *_lacking(own, "has_check_step")),
        (t("department.powers.route"), *_lacking(own, "has_complaint_route")),
        (
            t("department.powers.rotation"),
            int((own["days_overdue"].fillna(0) > 0).sum()),
            int(own["rotation_due"].notna().sum()),
        ),
        (t("department.powers.together"), len(together), None),
    ]
    lines = [
        html.Li([html.Span(name), html.B(number(n, 0) if of is None else f"{n}/{of}", className="some" if n else None)])
        for name, n, of in facts
        if of is None or of > 0
    ]
    graded = t("list.separator").join(f"{grade} {int(n)}" for grade, n in sorted(grades.items()))
    return [
        html.Div([html.H2(t("department.powers.title", n=len(own), graded=graded)), link], className="card-head"),
        html.P(t("department.powers.what"), className="chart-what"),
        html.Ul(lines, className="department-facts"),
    ]


def _lacking(own: Any, column: str) -> tuple[int, int]:
    """How many answer no, of how many that answer at all."""
    stated = own[column].dropna()
    return int((~stated.astype(bool)).sum()), len(stated)


def decisions_card(view: View) -> list[Any]:
    """How its major matters were decided, beside the others, and its tracked tasks."""
    t = view.now.t
    links = [
        html.Link(t("department.to_decisions"), href="/decisions" + _selected(view).to_search()),
        html.Link(t("department.to_tasks"), href="/decisions" + _selected(view).changed({"view": "tasks"}).to_search()),
    ]
    shares = [_beside_peers(view, name) for name in DECISIONS]
    lines = [line for line in shares if line]
    tasks = view.whole.run("tasks", window=view.window)
    own = tasks[tasks["department_id"] == view.id]
    under_way = own[own["state"].isin(("open", "overdue"))]
    words = {"n": int((under_way["state"] == "overdue").sum()), "open": len(under_way)}
    title = t("department.decisions.title", **words) if len(own) else t("department.decisions")
    items = [_task(view, row) for row in rows_of(under_way.head(MOST_TASKS))]
    return [
        html.Div([html.H2(title), html.Span(links, className="links")], className="card-head"),
        html.P(t("department.decisions.what", window=view.window_words), className="chart-what"),
        _against_table(view, lines) or html.P(t("department.decisions.none"), className="body-text"),
        html.Ul(items, className="department-facts") if items else None,
    ]


def _task(view: View, row: Any) -> html.Li:
    t, is_late = view.now.t, row.state == "overdue"
    when = (
        t("department.days", n=number(row.days_late, 0))
        if is_late
        else t("department.due", date=f"{row.due_on:%Y-%m-%d}")
    )
    mark = "■ " if is_late else ""
    title = row.title if known(row.title) and row.title else row.task_id
    return html.Li([html.Span(title), html.B(f"{mark}{when}", className="over" if is_late else None)])


def notes_card(view: View) -> list[Any]:
    """What people pinned to its quarters, and the form for more."""
    return notes_of_department(view.pinned, view.id)


# --- every indicator -------------------------------------------------------------------------------------------
def indicators_card(view: View) -> list[Any]:
    """Every indicator with value, interval, the others' average, judgement, change and assurance."""
    t = view.now.t
    names = ("indicator", "value", "interval", "mean", "judgement", "variation", "assurance")
    heads = [html.Th(t(f"department.column.{name}", whom=view.whom), scope="col", className=name) for name in names]
    lines = []
    for measure in view.measures.values():
        row = view.of(measure.indicator, measure.variant)
        if row is None or not known(row.value):
            cells = [_to_indicator(view, measure), MISSING, "", "", t("department.no_value"), "", ""]
        else:
            cells = _against(view, measure, row)
            direction = measure.header["better"]
            cells += [_change_icon(t, row, direction), _assurance_icon(t, row)]
        first, *rest = cells
        lines.append(html.Tr([html.Th(first, scope="row"), *map(html.Td, rest)]))
    half = -(-len(lines) // 2)
    tables = [
        html.Table([html.Thead(html.Tr(heads)), html.Tbody(part)], className="department-table against every")
        for part in (lines[:half], lines[half:])
        if part
    ]
    heading = t("department.indicators", n=len(lines))
    about = t("department.indicators.what", window=view.window_words, whom=view.whom)
    every = html.Table([html.Thead(html.Tr(heads)), html.Tbody(lines)])
    return [
        _head(heading, _menu(view, "indicators", heading, about, every)),
        html.P(about, className="chart-what"),
        html.Div(tables, className="every-two"),
    ]


def _change_icon(t: Any, row: Any, better: str) -> Any:
    code = row.variation if known(row.variation) and row.variation else ""
    is_above = (code == "improvement") == (better != "lower")
    return card_icon(CardIcon(variation_icon(code, is_above), tone(code), t(f"verdict.{code or 'unknown'}")))


def _assurance_icon(t: Any, row: Any) -> Any:
    code = row.assurance if known(row.assurance) and row.assurance else ""
    if not code:
        return ""
    return card_icon(CardIcon(assurance_icon(code), tone(code), t(f"department.assurance.{code}")))


# --- the same kind elsewhere -----------------------------------------------------------------------------------
def kind_card(view: View) -> list[Any]:
    """Where the department stands among those of its kind in other regions, none of which is named; nothing where
    there are none."""
    t, rows = view.now.t, view.same_kind
    own = [row for row in rows_of(rows[rows["is_own"]]) if row.n_elsewhere]
    if not own:
        return []
    n = max(row.n_elsewhere for row in own)
    words = {"kind": own[0].kind_name, "n": n, "fewest": methods.numbers()["fewest_regions"]}
    judged = [row for row in own if known(row.outcome)]
    outside = [row for row in judged if row.outcome != "in"]
    if not judged:
        return [html.H2(t("department.kind.few", **words)), html.P(t("department.kind.few.what"), className="quiet")]
    key = "some" if outside else "calm"
    heading = t(f"department.kind.{key}", k=len(outside), judged=len(judged), **words)
    names = ("indicator", "value", "counts", "place", "limits", "judgement", "kind")
    heads = [html.Th(t(f"department.kind.column.{name}"), scope="col", className=name) for name in names]
    lines = [_of_kind(view, row, rows[rows["indicator"] == row.indicator]["value"].dropna()) for row in own]
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(lines)], className="department-table kind")
    about = t("department.kind.what", **words)
    chance = by_chance(t, len(judged), 2 * FALSE_OUTSIDE)
    foot = t("department.kind.how", chance=chance) if outside else t("department.kind.how.calm")
    return [
        _head(heading, _menu(view, "kind", heading, about, table)),
        html.P(about, className="chart-what"),
        table,
        html.P(foot, className="quiet"),
    ]


def _of_kind(view: View, row: Any, values: pd.Series) -> html.Tr:
    """The value and its interval on an axis, with the middle four fifths of its kind and what all have together."""
    t, measure = view.now.t, view.measures[row.indicator]
    decimals = measure.header["decimals"]
    low, high = (float(end) for end in values.quantile([0.1, 0.9]))
    axis = axis_for([*(end for end in (low, high, row.low, row.high, row.value, row.benchmark) if known(end))])
    dot = dot_on_axis(axis, row.value, float("nan"), (row.low, row.high))
    left, right = axis.position(low), axis.position(high)
    range_ = html.Span(className="kin", style={"left": f"{left}%", "width": f"{right - left:.2f}%"})
    mean = html.Span(className="mean-tick", style={"left": f"{axis.position(row.benchmark)}%"})
    dot.children = [range_, *([mean] if known(row.benchmark) else []), *dot.children]
    limits = MISSING
    if known(row.limit_low_95):
        ends = {"low": number(row.limit_low_95, decimals), "high": number(row.limit_high_95, decimals)}
        limits = t("ranking.range", **ends)
    base = number(row.denominator, 0 if float(row.denominator).is_integer() else 1)
    counts = t("department.kind.counts", numerator=number(row.numerator, 0), denominator=base)
    outcome = row.outcome if known(row.outcome) else None
    side = standing(outcome or "", measure.header["better"])
    words = t(f"outcome.{outcome or 'unjudged'}")
    mark = SIGNS.get(outcome, ("quiet", "○"))[1]
    sign_ = html.Span(mark, className=f"sign {STANDING_TONES[side]}", title=words, role="img", **{"aria-label": words})
    return html.Tr(
        [
            html.Th(_to_indicator(view, measure), scope="row"),
            html.Td(html.B(value_words(t, measure, row))),
            html.Td(counts, className="quiet"),
            html.Td(dot, className="place"),
            html.Td(limits),
            html.Td([sign_, html.Span(words)], className="judged"),
            html.Td(number(row.n_elsewhere, 0)),
        ]
    )


# --- the rows behind -------------------------------------------------------------------------------------------
def rows_card(view: View) -> list[Any]:
    """The imported rows of the department in the window, table by table, for eye and file; ballots are never listed."""
    t = view.now.t
    parts = [_rows(view, table) for table in view.tables]
    return [
        html.H2(t("department.rows")),
        html.P(t("department.rows.what", window=view.window_words), className="chart-what"),
        *parts,
        html.P(t("matrix.rows.ballots"), className="quiet"),
    ]


def _rows(view: View, table: str) -> Any:
    t, part = view.now.t, view.rows_of(table)
    n = len(part.rows)
    if not n:
        return html.P(t("matrix.rows.nothing", table=t(f"table.{table}")), className="quiet")
    about = t("matrix.rows.of", table=t(f"table.{table}"), count=t("matrix.rows.count", n=number(n, 0)))
    filters = replace(view.now.filters, view=table)
    links = [
        html.A(
            t(f"matrix.rows.{ending}"),
            href=address(f"download:{ending}", PATH, filters, view.now.quarter, view.now.facts.snapshot),
            className="button",
        )
        for ending in ("xlsx", "csv")
    ]
    more = [html.P(t("matrix.rows.more", shown=number(MOST_SHOWN, 0)), className="quiet")] if n > MOST_SHOWN else []
    # rules follow a department back to those that it followed; indicators count its own rows alone
    former = int((part.rows["department_id"] != view.id).sum())
    more += [html.P(t("department.rows.former", n=number(former, 0)), className="notice")] if former else []
    drawn = light_table(about, row_heads(view.whole, part), texts(view.gaps, part))
    scroll = html.Div(drawn, className="scroll", tabIndex=0, role="region", **{"aria-label": about})
    return html.Details([html.Summary(about), scroll, *more, html.P(links, className="buttons")])


# --- without a department --------------------------------------------------------------------------------------
def index(view: View) -> list[Any]:
    """Every department by its kind, with its alerts: the way in."""
    now, t = view.now, view.now.t
    rows = view.now.departments
    found = now.run("gaps", department=None, rule=None, statuses=["alert"])
    alerts = found["department_id"].value_counts()
    groups = [(name, rows[rows["category"] == code]) for code, name in now.groups]
    named = rows["category"].isin([code for code, _ in now.groups])
    groups.append((t("department.index.rest"), rows[~named]))
    return [
        html.H2(t("department.index", n=len(rows))),
        html.P(t("department.index.what"), className="body-text"),
        *(
            html.Section(
                [
                    html.H3(name),
                    html.Ul([_entry(view, row, int(alerts.get(row.department_id, 0))) for row in rows_of(part)]),
                ]
            )
            for name, part in groups
            if len(part)
        ),
    ]


def _entry(view: View, row: Any, alerts: int) -> html.Li:
    t = view.now.t
    way = replace(view.now.filters, department=row.department_id)
    link = view_link(row.label, PATH, way, title=row.full_name)
    return html.Li([link, *([html.Small(t("department.index.alerts", n=alerts))] if alerts else [])])
