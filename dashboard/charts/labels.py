"""Where texts stand on a drawing: beside their marks, clear of each other, inside the border; always the same way.

The figure is drawn once and shown on screens of several sizes, so a text's offset in pixels must hold on several plot
areas at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

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


class Spot(NamedTuple):
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
        boxes = spot_boxes(table, self.areas)
        cost = self._alone(boxes) + LATER * np.arange(len(table)) + self._over_fixed(boxes)
        best = int(cost.argmin())
        self.fixed = np.vstack([self.fixed, table[best]])
        return candidates[best]

    def arrange(self, texts: Sequence[Sequence[Spot]]) -> list[Spot]:
        """One candidate for each text, the most important text first: near its mark, free, over few other marks.

        Who chooses first decides where the search ends, so it is begun in three orders and the cheapest end is taken.
        """
        given = list(range(len(texts)))
        by_place = sorted(given, key=lambda i: texts[i][0].x)
        for most in (KEPT, None):
            rivals = [self._rival(_table(candidates), most) for candidates in texts]
            ends = [self._search(rivals, order) for order in (given, by_place, by_place[::-1])]
            cost, chosen = min(ends, key=lambda end: end[0])
            if cost < OVERLAP:
                break
        return [texts[i][rivals[i].kept[chosen[i]]] for i in given]

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

    def _rival(self, table: np.ndarray, most: int | None) -> "_Rival":
        """Of its candidates the `most` cheapest, or all."""
        boxes = spot_boxes(table, self.areas)
        cost = self._alone(boxes) + PER_PIXEL * distances(table)
        kept = np.argsort(cost + ORDER * np.arange(len(table)), kind="stable")[:most]
        table, boxes, cost = table[kept], boxes[:, :, kept], cost[kept] + ORDER * np.arange(len(kept))
        lines = _line_points(table, boxes, self.areas)
        cost += self._over_fixed(boxes)
        crossed = _crossed(lines, spot_boxes(self.fixed, self.areas))
        through = _crossed(lines, self._other_marks(table))
        return _Rival(kept, cost + (CROSSING * crossed + THROUGH_A_MARK * through) / len(self.areas), boxes, lines)

    def _over_fixed(self, boxes: np.ndarray) -> np.ndarray:
        return OVERLAP * overlaps(boxes, spot_boxes(self.fixed, self.areas), GAP).sum(axis=(0, 2))

    def _other_marks(self, table: np.ndarray) -> np.ndarray:
        """Boxes around the weighty marks but the text's own."""
        is_own = (np.abs(self.marks[:, :2] - table[0, :2]) < 1e-9).all(axis=1)
        x, y = self._places(self.marks[~is_own & (self.marks[:, 2] >= WEIGHTY)])
        return np.array([x - MARK_SIZE, y - MARK_SIZE, x + MARK_SIZE, y + MARK_SIZE])

    def _places(self, marks: np.ndarray) -> np.ndarray:
        """x and y in pixels: axis × area × mark."""
        across, down = self.areas.T[:, :, None]
        return np.array([marks[:, 0] * across, (1 - marks[:, 1]) * down])

    def _alone(self, boxes: np.ndarray) -> np.ndarray:
        """What each candidate costs whatever the other texts do: outside the border, over marks."""
        across, down = self.areas.T[:, :, None]
        outside = (boxes[:2] < 0).any(axis=0) | (boxes[2] > across) | (boxes[3] > down + FOOT)
        x, y = self._places(self.marks)
        over = overlaps(boxes, np.array([x, y, x, y]), MARK_GAP) @ self.marks[:, 2]
        return OUTSIDE * outside.sum(axis=0) + over.sum(axis=0) / len(self.areas)

    def _among(self, text: "_Rival", others: list[tuple["_Rival", int]]) -> np.ndarray:
        """With what it costs to stand where others stand, to cross one by a line, or to stand on another's line."""
        if not others:
            return text.cost
        boxes = np.stack([other.boxes[:, :, i] for other, i in others], axis=-1)
        lines = np.concatenate([other.lines[:, :, :, i] for other, i in others], axis=-1)
        cost = text.cost + OVERLAP * overlaps(text.boxes, boxes, GAP).sum(axis=(0, 2))
        under = overlaps(text.boxes, lines, 0).any(axis=2).sum(axis=0)
        return cost + (CROSSING * _crossed(text.lines, boxes) + UNDER_A_LINE * under) / len(self.areas)


@dataclass(frozen=True)
class _Rival:
    """A text that looks for its place: which of its candidates it has kept, their own costs, and their boxes and lines
    on each area."""

    kept: np.ndarray
    cost: np.ndarray
    boxes: np.ndarray  # side × area × candidate
    lines: np.ndarray  # side × area × point × candidate


def beside(x: float, y: float, width: float, height: float, reach: float) -> list[Spot]:
    """The candidates of a text for a mark at `x`, `y`, from the middle of which it keeps `reach` away."""
    return [Spot(x, y, left, top, width, height) for left, top in around(width, height, reach)]


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


def spot_boxes(table: np.ndarray, areas: np.ndarray) -> np.ndarray:
    """Left, top, right, bottom in pixels of each plot area, y down: side × area × spot."""
    x, y, left, top, width, height = table.T
    across, down = areas.T[:, :, None]
    left, top = x * across + left, (1 - y) * down + top
    return np.array([left, top, left + width, top + height])


def overlaps(boxes: np.ndarray, others: np.ndarray, gap: float) -> np.ndarray:
    """Which of the boxes come nearer than `gap` to which of the others, on each area: area × box × other."""
    left, top, right, bottom = boxes[..., None]
    from_left, from_top, to_right, to_bottom = others[:, :, None]
    return (left < to_right + gap) & (from_left < right + gap) & (top < to_bottom + gap) & (from_top < bottom + gap)


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


def _line_points(table: np.ndarray, boxes: np.ndarray, areas: np.ndarray) -> np.ndarray:
    """Points between each anchor and the nearest point of its text, as boxes without a size: side × area × point ×
    spot."""
    across, down = areas.T[:, :, None]
    anchors = np.array([table[:, 0] * across, (1 - table[:, 1]) * down])
    ends = np.clip(anchors, boxes[:2], boxes[2:])
    shares = np.linspace(0.1, 0.95, LEADER)[:, None]
    points = anchors[:, :, None] + shares * (ends - anchors)[:, :, None]
    return np.concatenate([points, points])


def _crossed(lines: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """On how many areas each spot's line passes through one of the boxes."""
    sides, areas, points, spots = lines.shape
    crossed = overlaps(lines.reshape(sides, areas, -1), boxes, 0).any(axis=2)
    return crossed.reshape(areas, points, spots).any(axis=1).sum(axis=0)


def _table(spots: Sequence[Spot]) -> np.ndarray:
    """A row a spot, its fields as columns."""
    return np.array(spots, dtype=float).reshape(-1, 6)
