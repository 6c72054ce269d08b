"""The slides of the meeting: a topic, a finding as its title, at most ten rows or three sentences, and where they come
from. All are light HTML and are sent at once, so that nothing is lost with the network.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dashboard.access.gate import can
from dashboard.agenda import FATES, Item, Past
from dashboard.catalog import GAP_GROUPS
from dashboard.charts.icons import mask, tone, variation_icon
from dashboard.components import html
from dashboard.components.explain import indicator_address
from dashboard.components.gap_signs import SIGNS as GAP_SIGNS
from dashboard.components.gap_signs import sign
from dashboard.components.links import address, department_address, department_link
from dashboard.components.ranking_rows import SIGNS as BANDS
from dashboard.filters import COMPOSITE, Filters
from dashboard.findings import FALSE_ALARMS, FALSE_OUTSIDE, Figure, by_chance, difference_words
from dashboard.gaps import FLAGS
from dashboard.i18n.text import MISSING, known, number, quarter_name
from dashboard.pages._agenda import PATH as AGENDA
from dashboard.pages._agenda import part_words
from dashboard.pages._balance import NO_DATA, share_text
from dashboard.pages._balance import heading as balance_title
from dashboard.pages._cases import LOSSES, OVERDUE, STEPS, Share, flow_title, short_share
from dashboard.pages._cases import PATH as CASES
from dashboard.pages._cases import findings as case_findings
from dashboard.pages._complaints import ALERT, LOW, RECEIVED, WATCH, outside, staff, upper_first
from dashboard.pages._decisions import PATH as DECISIONS
from dashboard.pages._decisions import TASKS
from dashboard.pages._department import SHORTEST_SILENCE, SUPERVISED
from dashboard.pages._follow_up import due_words, state_words
from dashboard.pages._gaps import PATH as GAPS
from dashboard.pages._gaps import gap_address
from dashboard.pages._meeting import Decision, Wall, as_data, form_of, taken
from dashboard.pages._ranking import compared_with
from dashboard.rows import rows_of

MOST_ROWS = 10
MOST_SIGNS = 4  # in a cell of the matrix, beyond which they are counted
ENDS = 16  # departments named in a band, in two columns
NAMED = 2
MOVED = {"concern": ("worse", "▼"), "improvement": ("better", "▲")}
SENTENCES = 3
FIELDS_SHOWN = ("state", "owner", "due")  # of a decision, wherever it stands


@dataclass(frozen=True)
class Slide:
    """One message: `title` says what was found; `desk` is the page that shows the same with everything behind it."""

    topic: str
    title: str
    body: list[Any]
    source: Sequence[str]
    desk: str


Maker = Callable[[Wall, Filters], Slide | None]


def slides(wall: Wall) -> tuple[list[Slide], list[str]]:
    """Every slide there is something to say on, in the meeting's order; and why others are left out, in sentences."""
    t, made, missing, closed = wall.t, [], [], []
    for topic, make in TOPICS.items():
        if not can(FINER.get(topic, "agenda")):
            closed.append(t(f"meeting.topic.{topic}"))
            continue
        found = make(wall, replace(wall.now.filters.without_row(), slide=str(len(made) + 1)))
        if found is None:
            missing.append(t(f"meeting.topic.{topic}"))
        else:
            made.append(found)
    for department, items in wall.by_department.items():
        made.append(
            _department(wall, replace(wall.now.filters.without_row(), slide=str(len(made) + 1)), department, items)
        )
    made.append(_decided(wall, replace(wall.now.filters.without_row(), slide=str(len(made) + 1))))
    left_out = {"missing": missing, "closed": closed}
    return made, [t(f"meeting.{why}", topics=t("list.separator").join(one)) for why, one in left_out.items() if one]


def drawn(slide: Slide) -> html.Section:
    head = html.Header([html.P(slide.topic, className="slide-topic"), html.H2(slide.title)])
    return html.Section(
        [
            head,
            html.Div(slide.body, className="slide-body"),
            html.P(" · ".join(slide.source), className="slide-source"),
            html.A(href=slide.desk, className="slide-desk", hidden=True, **{"data-page": ""}),
        ],
        className="slide",
        tabIndex=-1,
        **{"aria-label": slide.topic},
    )


# --- what several slides share ---------------------------------------------------------------------------------
def _source(wall: Wall, tables: Sequence[str], n: str, method: str) -> list[str]:
    t, now = wall.t, wall.now
    names = t("list.separator").join(t(f"table.{name}") for name in tables)
    where = t("meeting.source.tables", names=names) if tables else t("meeting.source.recorded")
    said = [where, quarter_name(t, now.quarter), n, method]
    return [*(one for one in said if one), t("meeting.source.snapshot", number=now.snapshot.number)]


def _everybody(wall: Wall) -> str:
    return wall.t("meeting.n.departments", n=len(wall.now.departments))


def _page(path: str, here: Filters) -> str:
    return address(f"page:{path}", path, here, None)


def _name(here: Filters, row: Any) -> html.Link:
    return department_link(here, row.department_id, row.label, className="name", title=row.full_name)


def _rows(css: str, rows: Iterable[Any], left: int, rest: str, head: Any = None) -> list[Any]:
    """At most ten rows, all others counted in `rest` ('#'); where they do not fit, the browser shows them in parts."""
    rows = list(rows)
    shown = rows[:MOST_ROWS]
    more = left + len(rows) - len(shown)
    return [
        *([head] if head else []),
        html.Ul(shown, className=f"meet-rows {css}", **{"data-trim": ""}),
        html.P(rest.replace("#", str(more)) if more else "", className="meet-rest"),
    ]


def _sentences(parts: Iterable[Any]) -> html.Ul:
    return html.Ul([html.Li(part) for part in parts], className="meet-sentences", **{"data-trim": ""})


def _mark(css: str, text: str) -> html.Span:
    return html.Span(text, className=f"meet-sign {css}", **{"aria-hidden": "true"})


def _gap_key(wall: Wall) -> html.Span:
    t = wall.t
    words = [part for status in FLAGS for part in (sign(t, status), html.Span(t(f"gaps.status.{status}")))]
    return html.Span(words, className="meet-key")


# --- last quarter's decisions ----------------------------------------------------------------------------------
def _past(wall: Wall, here: Filters) -> Slide | None:
    t, meeting = wall.t, wall.meeting
    if meeting.last is None:
        return None
    decided = [one for one in wall.past if one.follow_up]
    late = {id(one): one.follow_up.days_overdue(wall.records.day) for one in decided}
    decided.sort(key=lambda one: (-late[id(one)], FATES.index(one.fate)))
    untouched = len(wall.past) - len(decided)
    if decided:
        counts = Counter(one.fate for one in decided)
        fates = [t("agenda.past.count", what=t(f"follow_up.fate.{f}"), n=counts[f]) for f in FATES if counts[f]]
        words = {"n": len(decided), "fates": t("agenda.comma").join(fates), "late": sum(map(bool, late.values()))}
        title = t("meeting.past.title.late" if words["late"] else "meeting.past.title", **words)
    else:
        title = t("meeting.past.none")
    rest = t("meeting.past.rest", n="#")
    without = [html.P(t("meeting.past.untouched", n=untouched), className="meet-beside")] if untouched else []
    body = [*_rows("past", [_past_row(wall, here, one) for one in decided], 0, rest), *without]
    return Slide(
        t("meeting.past.topic", quarter=quarter_name(t, meeting.last.now.quarter)),
        title,
        body,
        _source(wall, (), t("meeting.past.n", n=len(wall.past)), t("meeting.past.method")),
        _page(AGENDA, here),
    )


def _past_row(wall: Wall, here: Filters, one: Past) -> html.Li:
    t, meeting, follow_up = wall.t, wall.meeting, one.follow_up
    href = AGENDA + replace(here, rule=one.flag.rule, department=one.flag.department_id).to_search()
    owner = follow_up.owner or (t("follow_up.nobody") if follow_up.is_open else "")
    due = due_words(t, follow_up, wall.records.day) if follow_up.due and follow_up.is_open else ""
    flagged = " flagged" if one.status in FLAGS else ""
    return html.Li(
        [
            sign(t, one.status) if one.status else _mark("quiet", "·"),
            html.Link(meeting.name_of(one.flag), href=href, className="name"),
            html.Span(meeting.label_of(one.flag.rule), className="what"),
            html.Span(t(f"follow_up.fate.{one.fate}"), className=f"fate{flagged}"),
            html.Span(state_words(t, follow_up), className="state"),
            html.Span([html.Span(owner), html.Span(due)], className="who"),
        ]
    )


# --- the quarter at a glance -----------------------------------------------------------------------------------
def _glance(wall: Wall, here: Filters) -> Slide | None:
    t, figures = wall.t, wall.quarter.figures
    if not any(known(one.value) for one in figures) and not wall.quarter.findings:
        return None
    said = [
        [sign(t, one.status) if one.status else _mark("quiet", "●"), html.Span(one.title)]
        for one in wall.quarter.findings[:SENTENCES]
    ]
    body = [
        html.Div([_figure(wall, here, one) for one in wall.quarter.figures], className="figures-wall"),
        _sentences(said),
    ]
    return Slide(
        t("meeting.topic.glance"),
        _glance_title(wall, figures),
        body,
        _source(wall, ("evaluations", "complaints", "notices", "cases"), _everybody(wall), t("meeting.glance.method")),
        _page("/", here),
    )


def _glance_title(wall: Wall, figures: Sequence[Figure]) -> str:
    """What changed, of how many nothing did, and of how many nobody can tell."""
    t = wall.t
    verdicts = Counter(one.verdict if known(one.value) else "unknown" for one in figures)
    moved, still, unknown = (verdicts[one] for one in ("real", "noise", "unknown"))
    changes = [
        t("meeting.glance.change", what=_figure_name(wall, one), verdict=t(f"verdict.{one.direction}"))
        for one in figures
        if known(one.value) and one.verdict == "real"
    ]
    calm = "partly" if unknown else "none"
    key = {(True, True): "some", (True, False): "all", (False, True): calm}.get((moved > 0, still > 0), "unknown")
    said = t(f"meeting.glance.title.{key}", changes=t("list.separator").join(changes), n=still)
    rest = t("meeting.glance.title.unjudged", n=unknown) if unknown and key != "unknown" else ""
    return upper_first(said + rest)


def _figure_name(wall: Wall, shown: Figure) -> str:
    return wall.t("headlines.mean") if shown.indicator == COMPOSITE else shown.header["title"][wall.now.lang]


def _figure(wall: Wall, here: Filters, shown: Figure) -> html.Div:
    t, lang = wall.t, wall.now.lang
    code = shown.direction if known(shown.value) else ""
    is_above = known(shown.previous) and shown.value > shown.previous
    icon = html.Span(className="change-icon", style={"--icon": mask(variation_icon(code, is_above))})
    difference, verdict = difference_words(t, shown), t(f"verdict.{code or 'unknown'}")
    change = t("meeting.glance.figure", difference=difference, verdict=verdict) if difference else verdict
    change = change if known(shown.value) else t("headlines.none")
    unit = [html.Span(shown.header["unit"][lang])] if known(shown.value) else []
    return html.Div(
        [
            html.P([html.Link(_figure_name(wall, shown), href=indicator_address(shown.indicator, here)), icon]),
            html.P([html.B(number(shown.value, shown.header["decimals"])), *unit], className="meet-big"),
            html.P(change, className="change"),
        ],
        className=f"panel {tone(code)}",
    )


# --- ranking bands ---------------------------------------------------------------------------------------------
def _bands(wall: Wall, here: Filters) -> Slide | None:
    t, rows = wall.t, wall.quarter.ranking
    banded = rows[rows["outcome"].isin(("above", "below", "none"))].sort_values("name_order")
    if banded.empty:
        return None
    of = {band: banded[banded["outcome"] == band] for band in ("above", "none", "below")}
    apart, whom = len(of["above"]) + len(of["below"]), t(f"ranking.whom.{compared_with(wall.now, rows)}")
    moved = rows[rows["variation"].isin(("concern", "improvement"))].sort_values(["variation", "name_order"])
    lines = [html.Li([_mark(*MOVED[row.variation]), _name(here, row)]) for row in rows_of(moved)]
    middle = [html.P(t("meeting.bands.middle"))]
    if lines:
        chance = by_chance(t, int(rows["variation"].notna().sum()), FALSE_ALARMS)
        moved_words = t("meeting.bands.moved", n=len(lines), chance=chance)
        middle += [html.P(moved_words, className="sub"), *_names(wall, lines)]
    left_out = len(rows) - len(banded)
    panels = [_band(wall, here, "above", of["above"]), _band(wall, here, "none", of["none"], middle)]
    panels.append(_band(wall, here, "below", of["below"]))
    raters = wall.now.run("raters")["raters"].iloc[0]
    n = t("meeting.bands.n", n=len(rows), left_out=left_out) if left_out else _everybody(wall)
    key = "meeting.bands.title" if apart else "meeting.bands.title.none"
    return Slide(
        t("meeting.topic.bands"),
        t(key, n=apart, whom=whom),
        [html.Div(panels, className="meet-bands")],
        _source(
            wall,
            ("evaluations",),
            n,
            t("meeting.bands.method", raters=number(raters, 0), whom=whom),
        ),
        _page("/ranking", here),
    )


def _band(wall: Wall, here: Filters, band: str, rows: pd.DataFrame, inside: list[Any] | None = None) -> html.Div:
    t, (css, mark) = wall.t, BANDS[band]
    return html.Div(
        [
            html.H3([_mark(css, mark), html.Span(t(f"meeting.band.{band}"))]),
            html.P([html.B(len(rows)), html.Span(t("meeting.unit.departments"))], className="meet-big"),
            *(inside or _names(wall, [html.Li(_name(here, row)) for row in rows_of(rows)])),
        ],
        className=f"panel meet-band {band}",
    )


def _names(wall: Wall, names: list[html.Li]) -> list[Any]:
    left = len(names) - len(names[:ENDS])
    rest = html.P(wall.t("meeting.rest", n=left) if left else "", className="meet-rest")
    return [html.Ul(names[:ENDS], className="names", **{"data-trim": ""}), rest]


# --- complaints ------------------------------------------------------------------------------------------------
def _complaints(wall: Wall, here: Filters) -> Slide | None:
    t, rates = wall.t, wall.rates
    if not rates[["value", "received"]].notna().any(axis=None):
        return None
    said = wall.said_of_complaints
    apart = outside(rates, (ALERT, WATCH, *LOW))
    drawn_rows = apart.head(MOST_ROWS)
    farthest = drawn_rows[["value", "limit_high_998", "high"]].max(axis=None)
    top = 1.05 * float(farthest) if known(farthest) and farthest > 0 else 1.0
    inside, unjudged = int((rates["outcome"] == "in").sum()), int(rates["outcome"].isna().sum())
    beside = [t("meeting.complaints.rest", inside=inside, unjudged=unjudged)]
    if len(apart):
        judged = len(rates) - unjudged
        beside.append(t("meeting.complaints.chance", judged=judged, chance=number(FALSE_OUTSIDE * judged, 1)))
    rest = [html.P(t("sentence.space").join(beside), className="meet-beside")]
    key = html.P(t(f"meeting.complaints.key.{rates['unit'].iloc[0]}"), className="meet-caption")
    body = _rows("rates", [_rate_row(wall, here, row, top) for row in rows_of(apart)], 0, t("meeting.rest", n="#"), key)
    if apart.empty:
        body = [_sentences([one.title for one in said[1:]] or [said[0].body])]
    return Slide(
        t("meeting.topic.complaints"),
        said[0].title if said else t("complaints.finding.calm.title"),
        [*body, *rest],
        _source(
            wall,
            ("complaints", "department_facts"),
            t("meeting.complaints.n", n=number(rates["numerator"].sum(), 0), departments=len(rates)),
            t(
                "meeting.complaints.method",
                whom=t(f"ranking.whom.{compared_with(wall.now, rates)}"),
                period=wall.period,
            ),
        ),
        _page("/complaints", here),
    )


def _rate_row(wall: Wall, here: Filters, row: Any, top: float) -> html.Li:
    t, (css, mark) = wall.t, BANDS[row.outcome]
    lines = (("watch", row.limit_high_95), ("alert", row.limit_high_998))
    if row.outcome in LOW:
        lines = (("watch", row.limit_low_95), ("alert", row.limit_low_998))
    base = t("meeting.complaints.base", n=number(row.numerator, 0), staff=staff(t, row))
    seen = t("meeting.complaints.supervised", n=number(row.activities, 0)) if known(row.activities) else ""
    about = t(f"outcome.{row.outcome}")
    return html.Li(
        [
            html.Span(mark, className=f"meet-sign {css}", role="img", **{"aria-label": about}),
            _name(here, row),
            _ruler(row.value, (row.low, row.high), lines, lambda value: 100 * (max(value, 0) / top) ** 0.5),
            html.B(number(row.value), className="value"),
            html.Span(
                [html.Span(base), html.Span(seen, className="never" if row.activities == 0 else None)], className="who"
            ),
        ],
        className=css,
    )


def _ruler(
    value: float, interval: tuple[float, float], lines: Iterable[tuple[str, float]], at: Callable[[float], float]
) -> html.Span:
    """A value on a line with its interval and the limits that it is judged by; `at`: a value → percent of the line."""
    marks = [html.I(className=f"line-{level}", style=_left(at(place))) for level, place in lines if known(place)]
    if all(map(known, interval)):
        low, high = map(at, interval)
        marks.append(html.Span(className="interval", style={**_left(low), "width": f"{high - low:.1f}%"}))
    if known(value):
        marks.append(html.Span(className="dot", style=_left(at(value))))
    return html.Span(marks, className="ruler", **{"aria-hidden": "true"})


def _left(percent: float) -> dict[str, str]:
    return {"left": f"{percent:.1f}%"}


# --- the balance of supervision --------------------------------------------------------------------------------
def _balance(wall: Wall, here: Filters) -> Slide | None:
    t, view = wall.t, wall.balance
    if view.is_without_supervision or not view.axes:
        return None
    rows = [_axis_row(wall, here, rule, row) for rule, row in view.own.iterrows()]
    n = view.own["n"].max()
    head = html.P(t("meeting.balance.key"), className="meet-caption")
    return Slide(
        t("meeting.topic.balance"),
        balance_title(view),
        _rows("axes", rows, 0, t("meeting.rest", n="#"), head),
        _source(
            wall,
            ("supervision",),
            t("meeting.balance.n", n=number(n, 0) if known(n) else MISSING),
            t("meeting.balance.method", period=wall.period),
        ),
        _page("/balance", here),
    )


def _axis_row(wall: Wall, here: Filters, rule: str, row: pd.Series) -> html.Li:
    t, view = wall.t, wall.balance
    is_judged = row["status"] in (*FLAGS, "ok")
    names = [
        html.Link(view.side(rule, "light"), href=_page("/balance", here)),
        html.Span(view.side(rule, "heavy")),
    ]
    if not is_judged:
        reason = html.Span(t("balance.axes.unjudged", reason=view.reason(rule, row)), className="reason")
        return html.Li([sign(t, NO_DATA), html.Span(names, className="sides"), reason], className="unjudged")
    flagged, judged, _ = view.tally(rule)
    lines = [(level, row[level]) for level in ("watch", "alert")]
    return html.Li(
        [
            sign(t, row["status"]),
            html.Span(names, className="sides"),
            _ruler(row["share"], (row["low"], row["high"]), lines, lambda share: share),
            html.B(share_text(t, row), className="value"),
            html.Span(t("meeting.balance.tally", flagged=flagged, judged=judged), className="who"),
        ],
        className="worse" if row["status"] in FLAGS else None,
    )


# --- the gap matrix --------------------------------------------------------------------------------------------
def _matrix(wall: Wall, here: Filters) -> Slide | None:
    t, gaps, worst = wall.t, wall.gaps, wall.quarter.worst
    rows = gaps.rows
    if rows.empty or not (rows["status"] != "no_data").any():
        return None
    groups = {group: [n for n, rule in gaps.rules.items() if rule.header["group"] == group] for group in GAP_GROUPS}
    groups = {group: names for group, names in groups.items() if names}
    heads = [_gap_key(wall), *(html.Span(t(f"gaps.group.{group}")) for group in groups)]
    heads += [html.Span(t(f"gaps.status.{one}"), className="total") for one in FLAGS]
    status = rows.set_index(["department_id", "rule"])["status"].to_dict()
    lines = [
        html.Li(
            [
                _name(here, row),
                *(
                    _cell(wall, [status.get((row.department_id, n), "no_data") for n in names])
                    for names in groups.values()
                ),
                html.B(number(row.alert, 0) if row.alert else "·", className="total alerts"),
                html.Span(number(row.watch, 0) if row.watch else "·", className="total"),
            ]
        )
        for row in rows_of(worst)
    ]
    found = rows["status"].value_counts()
    words = {"alerts": int(found.get("alert", 0)), "watches": int(found.get("watch", 0)), "rules": len(gaps.rules)}
    title = (
        t("worst.title", names=t("list.separator").join(worst["label"].head(NAMED))) if len(worst) else t("worst.none")
    )
    head = html.Div(heads, className="meet-heads")
    body = [
        html.Div(_rows("worst-wall", lines, 0, t("meeting.matrix.rest", n="#"), head), className="matrix-wall"),
    ]
    return Slide(
        t("meeting.topic.matrix"),
        title,
        body if len(worst) else [],
        [
            t("meeting.matrix.what", **words),
            quarter_name(t, wall.now.quarter),
            _everybody(wall),
            t("meeting.source.snapshot", number=wall.now.snapshot.number),
        ],
        _page(GAPS, here),
    )


def _cell(wall: Wall, states: Sequence[str]) -> html.Span:
    """A sign a flag; many are counted; a group of which nothing could be judged says so."""
    t = wall.t
    found = {one: states.count(one) for one in FLAGS if one in states}
    if sum(found.values()) > MOST_SIGNS:
        parts = [html.Span([sign(t, one), html.B(n)], className="count") for one, n in found.items()]
    elif found:
        parts = [sign(t, one) for one, n in found.items() for _ in range(n)]
    elif all(one == "no_data" for one in states):
        return html.Span(t("gaps.status.no_data"), className="meet-cell unknown")
    else:
        parts = [_mark(*GAP_SIGNS["ok"])]
    return html.Span(parts, className="meet-cell")


# --- cases -----------------------------------------------------------------------------------------------------
def _cases(wall: Wall, here: Filters) -> Slide | None:
    t, view = wall.t, wall.cases
    if view.every.empty:
        return None
    said = case_findings(view)
    totals = {step: view.total(step) for step in STEPS}
    # visits are due of cases of other quarters, so that they are no part of those of the step before
    bases = dict(zip(STEPS[1:], STEPS)) | {"revisited": "revisit_due"}
    totals["revisit_due"] = view.total("revisit_due")
    steps = [_step(wall, step, totals, bases.get(step)) for step in STEPS]
    people = view.total("people_sanctioned")
    beside = [t("meeting.cases.people", n=number(people, 0))] if known(people) else []
    body = [
        html.Ol(steps, className="meet-flow"),
        _sentences([*(one.title for one in said[1:SENTENCES]), *beside]),
    ]
    return Slide(
        t("meeting.topic.cases"),
        said[0].title if said else flow_title(view),
        body,
        _source(wall, ("cases",), _everybody(wall), t("meeting.cases.method", period=view.period)),
        _page(CASES, here),
    )


def _step(wall: Wall, step: str, totals: dict[str, float], base: str | None) -> html.Li:
    """A step's number, its share of what it is a part of, and what is overdue after it."""
    t, view, total = wall.t, wall.cases, totals[step]
    value = [html.B(number(total, 0)), html.Span(t("cases.unit"))] if known(total) else [html.Span(t("chart.no_data"))]
    of = Share(total, totals[base]) if base else None
    words = "meeting.cases.due" if base == "revisit_due" else "meeting.cases.rate"
    rate = t(words, share=short_share(t, of), n=number(of.n, 0)) if of and known(of.value) else ""
    late = [(figure, view.total(figure)) for figure in LOSSES.get(step, ()) if figure in OVERDUE]
    lines = [t(f"cases.flow.{name}", n=number(n, 0)) for name, n in late if known(n) and n > 0]
    return html.Li(
        [
            html.P(view.label(step), className="meet-label"),
            html.P(value, className="meet-big"),
            html.P(rate, className="rate"),
            html.P(t("sentence.space").join(lines), className="late"),
        ],
        className="panel",
    )


# --- overdue tasks ---------------------------------------------------------------------------------------------
def _tasks(wall: Wall, here: Filters) -> Slide | None:
    t, view = wall.t, wall.tasks
    if view.every.empty:
        return None
    late = view.departments[view.departments["overdue"] > 0]
    longest = view.overdue.iloc[0] if len(view.overdue) else None
    if not view.is_known:
        title = t("decisions.task.no_column")
    elif longest is None:
        title = t("decisions.task.title.none")
    else:
        words = {"n": len(view.overdue), "departments": len(late), "days": int(longest["days_late"])}
        title = t("decisions.task.title", name=longest["label"], **words)
    lines = [
        html.Li(
            [
                _name(here, row),
                html.Span(row.title, className="what"),
                html.Span(t("meeting.tasks.due", day=f"{row.due_on:%Y-%m-%d}")),
                html.B(t("decisions.task.days", days=int(row.days_late)), className="over"),
            ]
        )
        for row in rows_of(view.overdue)
    ]
    share = view.in_time
    in_time = (
        [html.P(t("meeting.tasks.in_time", period=wall.period, share=short_share(t, share)), className="meet-beside")]
        if known(share.value)
        else []
    )
    body = [*_rows("tasks", lines, 0, t("meeting.tasks.rest", n="#")), *in_time] if view.is_known else []
    return Slide(
        t("meeting.topic.tasks"),
        title,
        body,
        _source(wall, ("tasks",), t("meeting.tasks.n", n=number(len(view.every), 0)), t("meeting.tasks.method")),
        DECISIONS + replace(here, view=TASKS).to_search(),
    )


TOPICS: dict[str, Maker] = {
    "past": _past,
    "glance": _glance,
    "bands": _bands,
    "complaints": _complaints,
    "balance": _balance,
    "matrix": _matrix,
    "cases": _cases,
    "tasks": _tasks,
}
FINER = {"cases": "small_counts"}  # topic → what whoever looks must be allowed beside the meeting itself


# --- one department that needs a decision ----------------------------------------------------------------------
def _department(wall: Wall, here: Filters, department: str, items: Sequence[Item]) -> Slide:
    t, meeting = wall.t, wall.meeting
    name = meeting.department_name(department)
    rules = t("meeting.quoted.between").join(
        t("meeting.quoted", words=meeting.title_of(item.flag.rule)) for item in items
    )
    decisions = [wall.decision(item.flag) for item in items]
    body = html.Div(
        [
            html.Div(
                [
                    html.Ul(
                        [_flag(wall, here, item, one) for item, one in zip(items, decisions)],
                        className="meet-flags",
                    ),
                    _timeline(wall, department),
                ],
                className="evidence",
            ),
            html.Div([_figures(wall, items), *_choices(wall), _reasons(wall, items)], className="choice"),
        ],
        className="meet-decide",
    )
    return Slide(
        t("meeting.topic.department"),
        t("meeting.decide.title", name=name, rules=rules),
        [body],
        [
            *sorted({meeting.view.rules[item.flag.rule].header["source"] for item in items}),
            quarter_name(t, wall.now.quarter),
            t("meeting.decide.n", n=len(items)),
            t("meeting.decide.method"),
            t("meeting.source.snapshot", number=wall.now.snapshot.number),
        ],
        department_address(here, department),
    )


def _flag(wall: Wall, here: Filters, item: Item, decision: Decision) -> html.Li:
    t, gaps = wall.t, wall.gaps
    rule, department = item.flag.rule, item.flag.department_id
    return html.Li(
        [
            sign(t, item.row["status"]),
            html.Link(gaps.sentence(item.row), href=gap_address(here, rule, department)),
            _taken(wall, decision),
        ],
        className="meet-flag",
        **_place(wall, decision),
        **(
            {}
            if wall.why_not_writable
            else {
                "data-form": as_data(form_of(t, decision, wall.now.quarter)),
                "data-name": wall.meeting.department_name(department),
                "data-rule": wall.meeting.title_of(rule),  # over what may be decided of it
            }
        ),
    )


def _place(wall: Wall, decision: Decision) -> dict[str, str]:
    """Marks a place where a decision stands: the browser fills it in when it is taken."""
    return {"data-flag": decision.key, "data-taken": "kept" if decision.is_today else ""}


def _field(name: str, words: str) -> html.Span:
    return html.Span(words, className=name, **{"data-field": name})


def _taken(wall: Wall, decision: Decision) -> html.P:
    """How it stands: what was decided today, else what was before."""
    t, words = wall.t, taken(wall.t, decision)
    if decision.follow_up and not decision.is_today:
        words["due"] = due_words(t, decision.follow_up, wall.records.day) if words["due"] else ""
    before = {"data-mark": t("meeting.decide.before")} if decision.follow_up else {}
    parts = [_field(name, words[name]) for name in FIELDS_SHOWN]
    return html.P(
        [html.Span(className="standing", **before), *parts, html.Span(className="said")], className="meet-taken"
    )


def _figures(wall: Wall, items: Sequence[Item]) -> html.Div:
    """The first flag's number, and for how long it has stood."""
    t, lang, row = wall.t, wall.now.lang, items[0].row
    header = wall.gaps.rules[row["rule"]].header
    label = header.get("evidence", {}).get("value", header["label"])[lang]
    value = [
        html.Div(
            [
                html.P(label, className="meet-label"),
                html.P(
                    [html.B(number(row["value"], header["decimals"])), html.Span(header["unit"][lang])],
                    className="meet-big",
                ),
            ]
        )
    ]
    quarters = html.Div(
        [
            html.P(t("follow_up.spell"), className="meet-label"),
            html.P(
                [html.B(number(row["spell_quarters"], 0)), html.Span(t("meeting.unit.quarters"))], className="meet-big"
            ),
        ]
    )
    return html.Div([*(value if known(row["value"]) else []), quarters], className="meet-numbers", **{"data-spare": ""})


def _choices(wall: Wall) -> list[Any]:
    """Room for what may be decided of the first flag that is open: the browser draws it anew after each decision."""
    if wall.why_not_writable:
        return [html.P(wall.why_not_writable, className="meet-beside")]
    ask = html.Button(
        [html.Kbd("D"), html.Span(wall.t("meeting.decide.record"))],
        type="button",
        className="meet-record",
        **{"data-decide": ""},
    )
    return [html.Div(className="meet-choices"), ask]


def _reasons(wall: Wall, items: Sequence[Item]) -> html.Div:
    """Why the meeting's time is asked for it; the first to go where there is no room."""
    t, meeting = wall.t, wall.meeting
    lines = [
        html.P(t("meeting.decide.why", rule=meeting.label_of(item.flag.rule), parts=part_words(meeting, item)))
        for item in items
    ]
    return html.Div(lines, className="meet-reasons", **{"data-spare": ""})


def _timeline(wall: Wall, department: str) -> html.Div:
    """Complaints by quarter as bars, supervision below them; silence is framed, what nobody reported is a stroke."""
    t, rows = wall.t, wall.timeline(department)
    most = max(float(rows[RECEIVED].max(skipna=True) or 0), 1.0)
    silence = 0
    for value in reversed(rows[SUPERVISED].tolist()):
        if value != 0:
            break
        silence += 1
    silence = silence if silence >= SHORTEST_SILENCE else 0
    bars = [_bar(row[RECEIVED], most) for _, row in rows.iterrows()]
    heads = [html.Span(quarter[2:], className="quarter") for quarter in rows.index]
    seen = [html.Span(number(value, 0) if known(value) else "⁄", className="seen") for value in rows[SUPERVISED]]
    if silence:
        words = t("meeting.timeline.silence", n=silence)
        seen = [*seen[:-silence], html.Span(words, className="silence", style={"gridColumn": f"span {silence}"})]
    return html.Div(
        [
            html.Span(t("meeting.timeline.complaints"), className="meet-label"),
            *bars,
            html.Span(),
            *heads,
            html.Span(t("meeting.timeline.supervision"), className="meet-label"),
            *seen,
        ],
        className="panel meet-timeline",
        style={"--quarters": len(rows)},
        **{"data-spare": ""},
    )


def _bar(value: float, most: float) -> html.Span:
    if not known(value):
        return html.Span(html.B("⁄"), className="bar unknown")
    return html.Span(
        [html.B(number(value, 0)), html.I(style={"height": f"{100 * value / most:.0f}%"})], className="bar"
    )


# --- what was decided ------------------------------------------------------------------------------------------
def _decided(wall: Wall, here: Filters) -> Slide:
    """Every flag before the meeting with what was decided; the browser fills in what is decided on the spot."""
    t, decisions = wall.t, wall.decisions
    n = sum(one.is_today for one in decisions)
    lines = [_decided_row(wall, here, one) for one in decisions]
    words = {"taken": t("meeting.decided.title", n="#", left="##"), "none": t("meeting.decided.none", left="##")}
    left = len(decisions) - n
    title = t("meeting.decided.title", n=n, left=left) if n else t("meeting.decided.none", left=left)
    rows = html.Ul(lines, className="meet-rows decided", **{"data-trim": "", "data-decided": as_data(words)})
    return Slide(
        t("meeting.topic.decided"),
        title if decisions else t("agenda.none", quarter=quarter_name(t, wall.now.quarter)),
        [rows] if decisions else [],
        [
            t("meeting.decided.how"),
            t("meeting.decided.method"),
            t("meeting.source.snapshot", number=wall.now.snapshot.number),
        ],
        _page(AGENDA, here),
    )


def _decided_row(wall: Wall, here: Filters, decision: Decision) -> html.Li:
    meeting, flag = wall.meeting, decision.flag
    href = AGENDA + replace(here, rule=flag.rule, department=flag.department_id).to_search()
    words = taken(wall.t, decision) if decision.is_today else dict.fromkeys(FIELDS_SHOWN, "")
    return html.Li(
        [
            html.Link(meeting.name_of(flag), href=href, className="name"),
            html.Span(meeting.title_of(flag.rule), className="what"),
            html.Span([html.Span(className="standing"), _field("state", words["state"])], className="state"),
            *(_field(name, words[name]) for name in ("owner", "due")),
            html.Span(wall.t("meeting.decided.open"), className="open"),
        ],
        **_place(wall, decision),
    )


# --- paper -----------------------------------------------------------------------------------------------------
def sheet_of(wall: Wall, made: Sequence[Slide]) -> html.Div:
    """One A4 sheet: what each slide found, and what was decided; what was not has room for a pen."""
    t, now, meeting = wall.t, wall.now, wall.meeting
    place = dict(now.groups)[now.category] if now.category else dict(now.regions)[now.region]
    topics = made[: len(made) - 1 - len(wall.by_department)]
    columns = ("department", "flag", "decision", "owner", "due")
    rows = []
    for decision in wall.decisions:
        words = taken(t, decision) if decision.is_today else dict.fromkeys(FIELDS_SHOWN, "")
        who = (meeting.name_of(decision.flag), meeting.title_of(decision.flag.rule))
        state, *others = (_field(name, words[name]) for name in FIELDS_SHOWN)
        cells = [html.Td([html.Span(className="standing"), state]), *map(html.Td, others)]
        rows.append(html.Tr([*(html.Td(one) for one in who), *cells], **_place(wall, decision)))
    demonstration = [t("app.demonstration")] if now.snapshot.demonstration else []
    quarter = quarter_name(t, now.quarter)
    about = [place, quarter, *demonstration, t("meeting.sheet.printed", day=wall.records.day.isoformat())]
    table = html.Table(
        [
            html.Thead(html.Tr([html.Th(t(f"meeting.sheet.{name}"), scope="col") for name in columns])),
            html.Tbody(rows),
        ]
    )
    foot = [t("foot.principle"), t("foot.data", quarter=quarter_name(t, now.quarters[-1]))]
    foot.append(t("meeting.source.snapshot", number=now.snapshot.number))
    return html.Div(
        [
            html.H2(t("meeting.sheet.title")),
            html.P(" · ".join(about)),
            html.Ol([html.Li([html.B(one.topic), html.Span(one.title)]) for one in topics]),
            *([table] if rows else [html.P(t("agenda.none", quarter=quarter))]),
            html.P(" · ".join(foot), className="small"),
        ],
        className="meeting-sheet",
        **{"aria-hidden": "true"},
    )
