"""A straight axis with three to six round ticks, for marks that are placed by percentage."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

ROUND_STEPS = (1, 2, 2.5, 5, 10)
MOST_TICKS = 5


@dataclass(frozen=True)
class Axis:
    low: float
    high: float
    ticks: tuple[float, ...]

    def position(self, value: float) -> float:
        """Where `value` stands, in percent from the left end."""
        return round(100 * (value - self.low) / (self.high - self.low), 2)


def axis_for(values: Iterable[float], from_zero: bool = False) -> Axis:
    """An axis that holds all values with a little air; scores may be cut, counts start at zero."""
    found = [float(value) for value in values if math.isfinite(value)]
    low, high = (min(found), max(found)) if found else (0.0, 1.0)
    if from_zero:
        low = min(low, 0.0)
    if high == low:
        high = low + 1
    step = _round_step((high - low) / MOST_TICKS)
    air = (high - low) * 0.03
    start = low if from_zero and low == 0 else low - air
    first = math.ceil(start / step)
    last = math.floor((high + air) / step)
    return Axis(start, high + air, tuple(float(round(i * step, 10)) for i in range(first, last + 1)))


def _round_step(least: float) -> float:
    power = 10 ** math.floor(math.log10(least))
    return next(step * power for step in ROUND_STEPS if step * power >= least - 1e-12)
