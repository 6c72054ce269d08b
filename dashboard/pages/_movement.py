"""How the departments moved over the quarters: lines, grey where the control chart calls the movement noise."""

from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.charts.sparkline import last_point, sparkline
from dashboard.components import html
from dashboard.components.exported import ChartTable
from dashboard.components.links import view_link
from dashboard.components.pictured import picture_menu
from dashboard.findings import FALSE_ALARMS, by_chance, trend_words
from dashboard.i18n.text import Text, known, number, quarter_name
from dashboard.pages._ranking import Measure
from dashboard.pages._scene import Scene
from dashboard.rows import Row, rows_of

SIGNALS = {"concern": "worse", "improvement": "better", "high": "signal", "low": "signal"}
ORDER = tuple(SIGNALS)
TOLD = ("increasing", "decreasing")  # trends that are worth a line of their own


def movement(now: Scene, measure: Measure, rows: pd.DataFrame, points: pd.DataFrame, path: str) -> list[Any]:
    """Tiles, those with a signal first; `points`: rows of queries/pages/control_points.sql."""
    t = now.t
    names = {row.department_id: row for row in rows_of(rows)}
    charted = sorted((row for row in rows_of(points) if row.department_id in names), key=lambda row: row.period)
    last = [row for row in charted if row.period == now.quarter]
    if not last:
        return [html.H2(t("movement.title.none")), html.P(t("movement.none"), className="quiet")]
    # what chance makes is told of all: a few that were picked by their looks are no sample
    real = sum(row.direction in SIGNALS for row in last)
    shown = set(now.departments["department_id"])
    listed = (row for row in last if row.department_id in shown)
    in_order = sorted(listed, key=lambda row: names[row.department_id].name_order)
    drawn = sorted((row for row in in_order if row.direction in SIGNALS), key=lambda row: ORDER.index(row.direction))
    quiet = [row for row in in_order if row.direction not in SIGNALS]
    lines: dict[str, list[float]] = {}
    for row in charted:
        lines.setdefault(row.department_id, []).append(row.value)
    quarters = sorted({row.period for row in charted})
    judged = sum(row.direction != "" for row in last)
    chance = by_chance(t, judged, FALSE_ALARMS)
    words = {"real": real, "n": judged, "noise": judged - real, "indicator": measure.title, "chance": chance}
    title = t("movement.title" if real else "movement.title.noise", **words) if judged else t("movement.title.few")
    chosen = [t("chosen.whole", n=len(now.listed))] if now.is_chosen else []
    about = [*chosen, t("movement.about", first=quarter_name(t, quarters[0]), last=quarter_name(t, now.quarter))]
    if any(row.is_trial for row in last):
        about.append(t("movement.trial"))
    about_all = t("sentence.space").join(about)
    tiles, others = (
        [_tile(now, measure, names[row.department_id], row, lines[row.department_id], path) for row in part]
        for part in (drawn, quiet)
    )
    columns = (t("sheet.name"), t("picture.line"), t("ranking.value.other"), t("picture.verdict"))
    every = html.Div([*tiles, *others])

    def table() -> ChartTable:
        decimals = measure.header["decimals"]
        found = {(row.department_id, row.period): row.value for row in charted}
        rows = [
            [
                names[row.department_id].full_name,
                *(number(found.get((row.department_id, quarter)), decimals) for quarter in quarters),
                _verdict(t, row),
            ]
            for row in (*drawn, *quiet)
        ]
        return ChartTable([t("sheet.name"), *quarters, t("picture.verdict")], rows)

    topic = now.topic(measure.title)
    menu = picture_menu(t, "ranking-movement", title, topic, (about_all,), every, columns, table)
    return [
        html.Div([html.H2(title), menu], className="card-head"),
        html.P(about_all, className="quiet"),
        *([html.Div(tiles, className="tiles")] if tiles else []),
        html.Details(
            [html.Summary(t("movement.others", n=len(others))), html.Div(others, className="tiles")],
            open=not tiles,
        ),
    ]


def _tile(now: Scene, measure: Measure, name: Row, row: Row, values: list[float], path: str) -> html.Div:
    """`name`: the department's row; `row`: its last point; `values`: quarter by quarter, the oldest first."""
    t = now.t
    said = _verdict(t, row)
    marks = [html.Span(className="stroke", style={"--line": sparkline(values)})]
    if end := last_point(values):
        marks.append(html.Span(className="end", style={"left": f"{end[0]}%", "top": f"{end[1]}%"}))
    rule = t(f"rule.{row.point_type}") if row.point_type in RULES else ""
    about = t("movement.tile", name=name.label, verdict=said, rule=rule)
    return html.Div(
        [
            view_link(
                name.label,
                path,
                replace(now.filters, department=row.department_id),
                title=name.full_name,
                className="name",
            ),
            html.Div(marks, className="sparkline", role="img", **{"aria-label": about}),
            html.B(number(row.value, measure.header["decimals"]) if known(row.value) else ""),
            html.Span(said, className="quiet", title=rule),
        ],
        className=f"tile {SIGNALS.get(row.direction, 'noise')}{' told' if row.trend in TOLD else ''}",
    )


def _verdict(t: Text, row: Any) -> str:
    return t("list.separator").join([t(f"verdict.{row.direction or 'unknown'}"), *trend_words(t, row.trend)])


RULES = ("astronomical", "trend", "two_of_three", "shift")
