"""The twelve quarters of the demonstration and the days in them."""

import numpy as np

QUARTERS = tuple(f"{year}Q{q}" for year in range(2023, 2027) for q in range(1, 5))[3:15]
MONTHS = tuple(f"{quarter[:4]}-{3 * int(quarter[-1]) - 2 + step:02}" for quarter in QUARTERS for step in range(3))
LAST = len(QUARTERS) - 1


def index(quarter: str) -> int:
    """Position of a quarter, 0 for the first."""
    return QUARTERS.index(quarter)


def first_day(quarter: int | np.ndarray) -> np.ndarray:
    """First day of the quarter with this position; positions outside 0–11 work too."""
    start = np.datetime64("2023-10", "M") + 3 * np.asarray(quarter)
    return start.astype("datetime64[D]")


def last_day(quarter: int | np.ndarray) -> np.ndarray:
    return first_day(np.asarray(quarter) + 1) - np.timedelta64(1, "D")


def written(days: np.ndarray) -> np.ndarray:
    """Days as `2026-09-30`; a missing day as an empty cell."""
    return np.where(np.isnat(days), "", np.datetime_as_string(days))
