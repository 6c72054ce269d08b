"""Where texts stand on a drawing: beside their marks, clear of each other, inside the border; always the same way.

The figure is drawn once and shown on screens of several sizes, so a text's offset in pixels must hold on several plot
areas at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard.charts import theme

GAP = 2.0  # pixels between two texts
MARK_GAP = 4.0  # pixels between a text and a mark; a text's own mark is always farther away than that
MARK_SIZE = 6.0  # from the middle of a mark to its tip
FOOT = 2.0  # a text may reach this far below the plot area
OUTSIDE, OVERLAP = 1e6, 1e4  # what it costs: more than everything below together
CROSSING, UNDER_A_LINE = 5.0, 3.0  # a line across another text; a text on another's line
THROUGH_A_MARK = 12.0  # a line through another mark seems to name that one
WEIGHTY = 5.0  # marks that cost at least this much are such marks
KEPT = 80  # of a text's candidates, the cheapest: the others are looked at only in a crowd
LATER = 2.0  # for a text without a mark of its own, an earlier place is worth a mark or two
PER_PIXEL = 0.12  # of distance between a mark and its text
ORDER = 0.01  # of two equal places the earlier one
ROUNDS = 4  # in which each text looks for a better place while the others stand
LEADER = 6  # points by which a line to a text is followed


@dataclass(frozen=True)
class Spot:
    """Where a text stands: its anchor in shares of the area (y up), its box from there in pixels (y down)."""

    x: float
    y: float
    left: float
    top: float
    width: float
    height: float


class Field:
    """The plot areas with what already stands on them."""

    def __init__(self, areas: Sequence[tuple[float, float]], marks: Sequence[tuple[float, float, float]]):
        """`marks`: x, y in shares of the area, and how bad it is to write over it."""
        self.areas = np.array(areas, dtype=float)
        self.marks = np.array(marks, dtype=float).reshape(-1, 3)
        self.fixed = _table([])  # texts that stay where they are

    def place(self, candidates: Sequence[Spot]) -> Spot:
        """The cheapest candidate for a text that stands on no mark of its own, such as the name of a line."""
        table = _table(candidates)
        cost = self._alone(table) + LATER * np.arange(len(table))
        for area in self.areas:
            cost += OVERLAP * overlaps(spot_boxes(table, area), spot_boxes(self.fixed, area), GAP).sum(axis=1)
        best = int(cost.argmin())
        self.fixed = np.vstack([self.fixed, table[best]])
        return candidates[best]

    def arrange(self, texts: Sequence[Sequence[Spot]]) -> list[Spot]:
        """One candidate for each text, the most important text first: near its mark, free, over few other marks.

        Who chooses first decides where the search ends, so it is begun in three orders and the cheapest end is taken.
        """
        for most in (KEPT, None):
            kept = [self._cheapest(candidates, most) for candidates in texts]
            rivals = [self._rival(_table(candidates)) for candidates in kept]
            given = list(range(len(rivals)))
            by_place = sorted(given, key=lambda i: texts[i][0].x)
            ends = [self._search(rivals, order) for order in (given, by_place, by_place[::-1])]
            cost, chosen = min(ends, key=lambda end: end[0])
            if cost < OVERLAP:
                break
        return [candidates[chosen[i]] for i, candidates in enumerate(kept)]

    def _cheapest(self, candidates: Sequence[Spot], most: int | None) -> list[Spot]:
        table = _table(candidates)
        cost = self._alone(table) + PER_PIXEL * distances(table)
        return [candidates[i] for i in np.argsort(cost, kind="stable")[:most]]

    def _search(self, rivals: list["_Rival"], order: list[int]) -> tuple[float, dict[int, int]]:
        """Each text in turn takes its cheapest place, until nobody finds a better one; the whole cost comes first."""
        chosen: dict[int, int] = {}
        costs: dict[int, float] = {}
        for _ in range(ROUNDS):
            before = dict(chosen)
            for i in order:
                cost = self._among(rivals[i], [(rivals[j], chosen[j]) for j in chosen if j != i])
                chosen[i] = int(cost.argmin())
                costs[i] = float(cost[chosen[i]])
            if chosen == before:
                break
        return sum(costs.values()), chosen

    def _rival(self, table: np.ndarray) -> "_Rival":
        boxes = [spot_boxes(table, area) for area in self.areas]
        lines = [_line_points(table, box, area) for box, area in zip(boxes, self.areas)]
        cost = self._alone(table) + PER_PIXEL * distances(table)
        for box, line, area in zip(boxes, lines, self.areas):
            fixed = spot_boxes(self.fixed, area)
            cost += OVERLAP * overlaps(box, fixed, GAP).sum(axis=1)
            through = _crossed(line, self._other_marks(table, area))
            cost += (CROSSING * _crossed(line, fixed) + THROUGH_A_MARK * through) / len(self.areas)
        return _Rival(cost, boxes, lines)

    def _other_marks(self, table: np.ndarray, area: np.ndarray) -> np.ndarray:
        """Boxes around the weighty marks but the text's own."""
        is_own = (np.abs(self.marks[:, :2] - table[0, :2]) < 1e-9).all(axis=1)
        x, y, _ = self.marks[~is_own & (self.marks[:, 2] >= WEIGHTY)].T
        x, y = x * area[0], (1 - y) * area[1]
        return np.array([x - MARK_SIZE, y - MARK_SIZE, x + MARK_SIZE, y + MARK_SIZE])

    def _alone(self, table: np.ndarray) -> np.ndarray:
        """What each candidate costs whatever the other texts do: outside the border, over marks."""
        cost = ORDER * np.arange(len(table))
        for area in self.areas:
            boxes = spot_boxes(table, area)
            inside = (boxes[:2] >= 0).all(axis=0) & (boxes[2] <= area[0]) & (boxes[3] <= area[1] + FOOT)
            x, y = self.marks[:, 0] * area[0], (1 - self.marks[:, 1]) * area[1]
            over = overlaps(boxes, np.array([x, y, x, y]), MARK_GAP) @ self.marks[:, 2]
            cost += OUTSIDE * ~inside + over / len(self.areas)
        return cost

    def _among(self, text: "_Rival", others: list[tuple["_Rival", int]]) -> np.ndarray:
        """With what it costs to stand where others stand, to cross one by a line, or to stand on another's line."""
        cost = text.cost.copy()
        for k in range(len(self.areas) if others else 0):
            boxes = np.column_stack([other.boxes[k][:, i] for other, i in others])
            lines = np.column_stack([other.lines[k][:, :, i] for other, i in others])
            cost += OVERLAP * overlaps(text.boxes[k], boxes, GAP).sum(axis=1)
            under = overlaps(text.boxes[k], lines, 0).any(axis=1)
            cost += (CROSSING * _crossed(text.lines[k], boxes) + UNDER_A_LINE * under) / len(self.areas)
        return cost


@dataclass(frozen=True)
class _Rival:
    """A text that looks for its place: its candidates' own costs, and for each area their boxes and lines."""

    cost: np.ndarray
    boxes: list[np.ndarray]  # side × candidate
    lines: list[np.ndarray]  # side × point × candidate


def around(width: float, height: float, reach: float) -> list[tuple[float, float]]:
    """Left and top of a text beside its mark: right of it first, then left, above and below, then farther away."""
    sides = [
        (left, -height / 2 + shift)
        for away in (0, 14, 30, 50, 76, 110, 150)
        for shift in (0, *(sign * step for step in range(8, 20 + 2 * away, 12) for sign in (-1, 1)))
        for left in (reach + away, -reach - away - width)
    ]
    ends = [
        (-width * share, top)
        for away in (0, 8, 20, 36, 56, 80, 110, 150)
        for share in (0.5, 0.2, 0.8)
        for top in (-reach - away - height, reach + away)
    ]
    return sides + ends


def spot_boxes(table: np.ndarray, area: Sequence[float]) -> np.ndarray:
    """Rows left, top, right, bottom in pixels of a plot area, y down; the spots as columns."""
    x, y, left, top, width, height = table.T
    left, top = x * area[0] + left, (1 - y) * area[1] + top
    return np.array([left, top, left + width, top + height])


def overlaps(boxes: np.ndarray, others: np.ndarray, gap: float) -> np.ndarray:
    """Which of the boxes come nearer than `gap` to which of the others."""
    left, top, right, bottom = boxes[:, :, None]
    return (left < others[2] + gap) & (others[0] < right + gap) & (top < others[3] + gap) & (others[1] < bottom + gap)


def distances(table: np.ndarray) -> np.ndarray:
    """Pixels between each anchor and the nearest side of its text."""
    _, _, left, top, width, height = table.T
    beside = np.maximum(np.maximum(left, -(left + width)), 0)
    above = np.maximum(np.maximum(top, -(top + height)), 0)
    return np.hypot(beside, above)


def distance(spot: Spot) -> float:
    return float(distances(_table([spot]))[0])


def written(text: str, spot: Spot, x: float, y: float, size: float, color: str) -> dict[str, Any]:
    """The text at its place, as Plotly takes it; `x`, `y`: its anchor on the axes.

    Held at the side that looks to its anchor, so that an estimate of its width moves only the other side.
    """
    is_left = spot.left + spot.width <= 0
    side, shift = ("right", spot.left + spot.width) if is_left else ("left", spot.left)
    return theme.note(
        text, x, y, size=size, color=color, anchor=side, align=side, yanchor="top", xshift=shift, yshift=-spot.top
    )


def leader(spot: Spot, reach: float) -> dict[str, Any]:
    """A thin line to a name that could not stand beside its mark."""
    if distance(spot) <= reach + 2:
        return {}
    beside, above = spot.left > 0 or spot.left + spot.width < 0, spot.top + spot.height < 0
    right = spot.left > 0
    # With an arrow, Plotly counts from the mark to the side of the text that the line meets.
    return {
        "showarrow": True,
        "arrowhead": 0,
        "arrowwidth": 1,
        "arrowcolor": theme.LINE2,
        "standoff": 6,
        "xanchor": ("left" if right else "right") if beside else "center",
        "yanchor": "middle" if beside else ("bottom" if above else "top"),
        "ax": (spot.left if right else spot.left + spot.width) if beside else spot.left + spot.width / 2,
        "ay": spot.top + spot.height / 2 if beside else (spot.top + spot.height if above else spot.top),
        "xshift": 0,
        "yshift": 0,
    }


def _line_points(table: np.ndarray, boxes: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Points between each anchor and the nearest point of its text, as boxes without a size: side × point × spot."""
    anchors = np.array([table[:, 0] * area[0], (1 - table[:, 1]) * area[1]])
    ends = np.clip(anchors, boxes[:2], boxes[2:])
    shares = np.linspace(0.1, 0.95, LEADER)[None, :, None]
    points = anchors[:, None, :] + shares * (ends - anchors)[:, None, :]
    return np.concatenate([points, points])


def _crossed(lines: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Which spots' lines pass through one of the boxes."""
    _, points, spots = lines.shape
    return overlaps(lines.reshape(4, -1), boxes, 0).any(axis=1).reshape(points, spots).any(axis=0)


def _table(spots: Sequence[Spot]) -> np.ndarray:
    """A row a spot, its fields as columns."""
    return np.array([(s.x, s.y, s.left, s.top, s.width, s.height) for s in spots], dtype=float).reshape(-1, 6)
