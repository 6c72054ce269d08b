"""A line of a few quarters as an SVG without colour: CSS uses it as a mask, so that it follows the theme."""

import math
from collections.abc import Sequence
from urllib.parse import quote

WIDTH, HEIGHT, MARGIN = 132, 34, 4


def sparkline(values: Sequence[float]) -> str:
    """A data URI; a missing quarter is a gap in the line, never a straight stretch over it."""
    found = [value for value in values if math.isfinite(value)]
    runs: list[list[tuple[float, float]]] = [[]]
    for i, value in enumerate(values):
        point = _point(i, value, len(values), found)
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    lines = "".join(f'<polyline points="{_path(run)}"/>' for run in runs if len(run) > 1)
    lone = "".join(f'<circle cx="{run[0][0]}" cy="{run[0][1]}" r="1"/>' for run in runs if len(run) == 1)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" '
        f'fill="none" stroke="black" stroke-width="1.6" stroke-linejoin="round">{lines}{lone}</svg>'
    )
    return f'url("data:image/svg+xml,{quote(svg)}")'


def last_point(values: Sequence[float]) -> tuple[float, float] | None:
    """Where the last value stands, in percent from the left and from the top; None if it is missing."""
    found = [value for value in values if math.isfinite(value)]
    point = _point(len(values) - 1, values[-1], len(values), found) if found else None
    return point and (round(100 * point[0] / WIDTH, 2), round(100 * point[1] / HEIGHT, 2))


def _point(i: int, value: float, n: int, found: Sequence[float]) -> tuple[float, float] | None:
    """Of the `i`-th of `n` values, the known of which are `found`."""
    if not math.isfinite(value):
        return None
    low, high = min(found), max(found)
    span = (high - low) or 1.0
    x = MARGIN + i * (WIDTH - 2 * MARGIN) / max(n - 1, 1)
    y = HEIGHT - MARGIN - (value - low) / span * (HEIGHT - 2 * MARGIN)
    return round(x, 1), round(y, 1)


def _path(run: list[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in run)
