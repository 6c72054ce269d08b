"""One department of the ranking in sentences: its place and how sure it is, what sets it apart, other rules."""

from typing import Any

import numpy as np
import pandas as pd

from dashboard.components import html
from dashboard.components.ranking_rows import SIGNS, band_words, places
from dashboard.findings import LONGEST_WAIT, trend_words
from dashboard.i18n.text import MISSING, known, number, signed
from dashboard.pages._ranking import Measure, caveat, reason
from dashboard.pages._scene import Scene
from dashboard.rows import rows_of, tuples_of

SETTLED = 1  # quarters: with the ballots of this one the two are already told apart


def sentences(now: Scene, measure: Measure, row: Any, rows: pd.DataFrame, straight: pd.DataFrame) -> list[str]:
    """What must be known of a scored department, the most important first."""
    t = now.t
    if not known(row.place):
        return [t("panel.unranked", reason=reason(now, measure, row.note)), *_raw(now, row)]
    said = [
        t(
            "panel.standing.tied" if row.is_tied else "panel.standing",
            place=number(row.place, 0),
            n=number(row.n_ranked, 0),
            band=band_words(t, row.outcome),
        ),
        t("panel.intervals", voters=places(t, row.rank_low, row.rank_high)),
    ]
    if known(row.weight_low):
        said.append(t("panel.weights", weights=places(t, row.weight_low, row.weight_high)))
    if known(row.set_low) and known(row.set_high):
        said.append(t("panel.sets", sets=places(t, row.set_low, row.set_high)))
    if known(row.chance_bottom) and row.chance_bottom >= 0.005:
        said.append(t("panel.bottom", chance=number(100 * row.chance_bottom, 0)))
    said += _movement(now, row)
    said += _needed(now, row, rows)
    if known(row.red_line) and row.red_line:
        dimensions = _named_dimensions(now, row.red_line.split(","))
        said.append(t("panel.red_line", names=dimensions))
    lines = straight[straight["department_id"] == row.department_id]
    if len(lines):
        counts = lines.iloc[0]
        said.append(t("panel.straight", n=number(counts["n_straight"], 0), cast=number(counts["n_cast"], 0)))
    return said


def _raw(now: Scene, row: Any) -> list[str]:
    return [now.t("panel.raw_only", value=number(row.raw_mean))] if known(row.raw_mean) and known(row.note) else []


def _movement(now: Scene, row: Any) -> list[str]:
    """A change of place is called real or noise by the control chart of the score, never by the places."""
    t = now.t
    if not known(row.previous_place):
        return [t("panel.move.first")]
    verdict = row.variation if known(row.variation) else "unknown"
    moved = t(f"panel.move.{verdict}", previous=number(row.previous_place, 0), before=number(row.previous_value))
    return [moved, *(t("panel.trend", trend=words) for words in trend_words(t, row.trend))]


def _needed(now: Scene, row: Any, rows: pd.DataFrame) -> list[str]:
    """What it would take to be sure: ballots, or quarters like this one."""
    t, said = now.t, []
    below = next(rows_of(rows[rows["department_id"] == row.next_id]), None)
    if row.outcome == "none" and known(row.needed_quarters):
        said.append(_evidence(now, "panel.needed.average", row.needed_ballots, row.needed_quarters, ""))
    if below is None or not known(row.next_quarters):
        return said
    if row.set_high < below.set_low:
        said.append(t("panel.needed.settled", name=below.label))
    elif row.next_quarters > SETTLED:
        said.append(_evidence(now, "panel.needed.next", row.next_ballots, row.next_quarters, below.label))
    return said


def _evidence(now: Scene, key: str, ballots: float, quarters: float, name: str) -> str:
    if not np.isfinite(quarters) or quarters > LONGEST_WAIT:
        return now.t(f"{key}.never", name=name)
    return now.t(key, ballots=number(ballots, 0), quarters=number(quarters, 0), name=name)


def _named_dimensions(now: Scene, codes: list[str]) -> str:
    words = dict(tuples_of(now.run("dimensions"), "dimension", now.lang))
    return now.t("list.separator").join(words.get(code, code) for code in codes)


def separation(now: Scene, department: str, distances: pd.DataFrame, weights: dict[str, float]) -> list[Any]:
    """What sets the department apart: each dimension's part of its distance from the average, the largest first."""
    t = now.t
    own = distances[(distances["department_id"] == department) & distances["value"].notna()]
    if own.empty:
        return []
    weight = own["dimension"].map(weights).fillna(0.0)
    if own["mean"].isna().any():
        return []
    part = (own["value"] - own["mean"]) * weight / (weight.sum() or 1)
    own = own.assign(part=part, difference=own["value"] - own["mean"])
    own = own.reindex(own["part"].abs().sort_values(ascending=False, kind="stable").index)
    words = dict(tuples_of(now.run("dimensions"), "dimension", now.lang))
    widest = own["part"].abs().max() or 1.0
    lines = []
    for row in rows_of(own):
        css, sign = SIGNS.get(row.band, ("quiet", "○"))
        bar = html.Span(
            className="part up" if row.part > 0 else "part", style={"--size": f"{100 * abs(row.part) / widest:.0f}%"}
        )
        lines.append(
            html.Tr(
                [
                    html.Th(words.get(row.dimension, row.dimension), scope="row"),
                    html.Td(html.Span(sign, className=f"sign {css}", title=band_words(t, row.band))),
                    html.Td(number(row.value)),
                    html.Td(signed(row.part)),
                    html.Td(bar),
                ]
            )
        )
    heads = [t("panel.dimension"), "", t("ranking.value"), t("panel.part"), ""]
    head = html.Thead(html.Tr([html.Th(words, scope="col") for words in heads]))
    total = t("panel.parts", total=signed(own["part"].sum()), whom=t(f"ranking.whom.{now.scope}"))
    return [html.P(total, className="quiet"), html.Table([head, html.Tbody(lines)], className="dimensions parts")]


def other_rules(now: Scene, department: str, place: float) -> list[Any]:
    """Its place by equal weights, geometric mean, raw means, without straight lines, without each dimension."""
    t = now.t
    found = now.run("alternatives")
    found = found[found["department_id"] == department].set_index("alternative")["place"]
    if found.empty:
        return []
    dropped = found[found.index.str.startswith("without.")]
    lines = [
        (t(f"alternative.{name}"), number(found[name], 0) if known(found[name]) else MISSING)
        for name in ("equal", "geometric", "raw", "no_straight_lines", "red_line")
        if name in found.index
    ]
    if len(dropped):
        span = places(t, dropped.min(), dropped.max())
        lines.append((t("alternative.without"), span))
    body = html.Tbody([html.Tr([html.Th(words, scope="row"), html.Td(value)]) for words, value in lines])
    return [
        html.Details(
            [html.Summary(t("panel.rules", place=number(place, 0))), html.Table(body, className="dimensions")],
        )
    ]


def caution(now: Scene, row: Any) -> list[str]:
    words = caveat(now, row.note)
    return [now.t("panel.caveat", note=words)] if words else []
