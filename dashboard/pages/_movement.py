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
from dashboard.rows import rows_of

SIGNALS = {"concern": "worse", "improvement": "better", "high": "signal", "low": "signal"}
ORDER = tuple(SIGNALS)
TOLD = ("increasing", "decreasing")  # trends that are worth a line of their own


def movement(now: Scene, measure: Measure, rows: pd.DataFrame, points: pd.DataFrame, path: str) -> list[Any]:
    """Tiles, those with a signal first; `points`: rows of queries/pages/control_points.sql."""
    t = now.t
    listed = rows[["department_id", "label", "full_name", "name_order"]]
    charted = points.merge(listed, on="department_id")
    last = charted[charted["period"] == now.quarter]
    if last.empty:
        return [html.H2(t("movement.title.none")), html.P(t("movement.none"), className="quiet")]
    # what chance makes is told of all: a few that were picked by their looks are no sample
    shown = last[last["department_id"].isin(now.departments["department_id"])]
    real = last[last["direction"].isin(SIGNALS)]
    drawn = shown[shown["direction"].isin(SIGNALS)]
    drawn = drawn.assign(order=drawn["direction"].map(ORDER.index)).sort_values(["order", "name_order"])
    quiet = shown[~shown["direction"].isin(SIGNALS)].sort_values("name_order")
    in_order = charted.sort_values("period")
    lines = {department: part.tolist() for department, part in in_order.groupby("department_id")["value"]}
    quarters = sorted(charted["period"].unique())
    judged = int((last["direction"] != "").sum())
    chance = by_chance(t, judged, FALSE_ALARMS)
    words = {"real": len(real), "n": judged, "noise": judged - len(real), "indicator": measure.title, "chance": chance}
    title = t("movement.title" if len(real) else "movement.title.noise", **words) if judged else t("movement.title.few")
    chosen = [t("chosen.whole", n=len(now.listed))] if now.is_chosen else []
    about = [*chosen, t("movement.about", first=quarter_name(t, quarters[0]), last=quarter_name(t, now.quarter))]
    if last["is_trial"].any():
        about.append(t("movement.trial"))
    about_all = t("sentence.space").join(about)
    tiles = [_tile(now, measure, row, lines[row.department_id], path) for row in rows_of(drawn)]
    others = [_tile(now, measure, row, lines[row.department_id], path) for row in rows_of(quiet)]
    columns = (t("sheet.name"), t("picture.line"), t("ranking.value.other"), t("picture.verdict"))
    every = html.Div([*tiles, *others])

    def table() -> ChartTable:
        decimals = measure.header["decimals"]
        found = charted.pivot(index="department_id", columns="period", values="value").reindex(columns=quarters)
        rows = [
            [row.full_name, *(number(value, decimals) for value in found.loc[row.department_id]), _verdict(t, row)]
            for part in (drawn, quiet)
            for row in rows_of(part)
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


def _tile(now: Scene, measure: Measure, row: Any, values: list[float], path: str) -> html.Div:
    """`values`: quarter by quarter, the oldest first."""
    t = now.t
    said = _verdict(t, row)
    marks = [html.Span(className="stroke", style={"--line": sparkline(values)})]
    if end := last_point(values):
        marks.append(html.Span(className="end", style={"left": f"{end[0]}%", "top": f"{end[1]}%"}))
    rule = t(f"rule.{row.point_type}") if row.point_type in RULES else ""
    about = t("movement.tile", name=row.label, verdict=said, rule=rule)
    return html.Div(
        [
            view_link(
                row.label,
                path,
                replace(now.filters, department=row.department_id),
                title=row.full_name,
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
