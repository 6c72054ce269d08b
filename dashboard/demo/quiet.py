"""Is a drawn series quiet? Small copies of the chart and the funnel, for the generator alone.

Chance alone would put some unplanted department beyond a 95 % limit. The generator therefore draws again
until only planted departments are conspicuous; these helpers tell it when. The product has its own,
complete statistics; they share no code, so that neither hides a mistake of the other.
"""

import numpy as np


def signals_upward(series: np.ndarray, quarters: int, reach: int = 3) -> np.ndarray:
    """For each row of monthly counts: did its XmR chart show an upward signal in one of the last quarters?

    Each quarter is looked at with the months known then; a signal counts when it touches the last `reach`
    months. Upward signals: a point above the limit, seven in a row above the mean, six rises in a row, two
    of three beyond the near limit.
    """
    months = series.shape[1]
    known = [series[:, : months - 3 * back] for back in range(quarters)]
    return np.any([_signals(part, reach) for part in known], axis=0)


def _signals(series: np.ndarray, recent: int) -> np.ndarray:
    mean = series.mean(axis=1, keepdims=True)
    moving_range = np.abs(np.diff(series, axis=1))
    average = moving_range.mean(axis=1, keepdims=True)
    kept = moving_range < 3.267 * average
    count = np.maximum(kept.sum(axis=1, keepdims=True), 1)
    average = (moving_range * kept).sum(axis=1, keepdims=True) / count
    beyond = series > mean + 2.66 * average
    near = _window_sum(series > mean + 2 / 3 * 2.66 * average, 3) >= 2
    shift = _window_sum(series > mean, 7) == 7
    trend = _window_sum(np.diff(series, axis=1) > 0, 6) == 6
    return np.any([flags[:, -recent:].any(axis=1) for flags in (beyond, near, shift, trend)], axis=0)


def funnel_z(observed: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """z of each count against its peers, square-root form, additive overdispersion (winsorised 10/90)."""
    expected = exposure * observed.sum() / exposure.sum()
    spread = 1 / (2 * np.sqrt(expected))
    z = (np.sqrt(observed / expected) - 1) / spread
    dispersion = np.sum(np.clip(z, *np.quantile(z, [0.1, 0.9])) ** 2)
    weight = 1 / spread**2
    excess = dispersion - (len(z) - 1)
    tau2 = max(0.0, excess / (weight.sum() - (weight**2).sum() / weight.sum()))
    return z * spread / np.sqrt(spread**2 + tau2)


def _window_sum(flags: np.ndarray, width: int) -> np.ndarray:
    return np.lib.stride_tricks.sliding_window_view(flags, width, axis=1).sum(axis=2)
