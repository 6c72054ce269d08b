"""A quarterly indicator on its control chart, as several pages draw it."""

import pandas as pd

from dashboard.pages._scene import Scene, before

QUARTERS_OF_CHART = 12


def quarterly_shares(now: Scene, indicator: str, series: str) -> pd.DataFrame:
    """The points of a share with its natural range: every quarter of the calendar, a missing one empty.

    `series`: a department, '*' for the region or '*category' for a group. Without any point there is no row.
    """
    rows = now.run("chart", indicator=indicator, variant="", department=series)
    if rows.empty:
        return rows.assign(target=None, note=None)
    calendar = [now.quarter]
    while calendar[0] > rows["period"].iloc[0]:
        calendar.insert(0, before(calendar[0]))
    points = rows.set_index("period").reindex(calendar[-QUARTERS_OF_CHART:]).rename_axis("period").reset_index()
    limits = {"lower": points["lower"].clip(lower=0)}  # no share is below 0
    if not (points["value"] > 100).any():
        limits["upper"] = points["upper"].clip(upper=100)
    return points.assign(segment=points["segment"].ffill().bfill(), target=float("nan"), note=None, **limits)
