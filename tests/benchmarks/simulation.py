"""What the statistics promise, tried on counties whose truth is known. Prints tables; nothing here is timed or judged.

    python -m tests.benchmarks.simulation [--counties 400] [--seed 1]

Each figure stands beside what is promised and its Monte-Carlo error (two standard errors of the share).
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd

from dashboard.judgements import Rules, appraised, changes
from dashboard.statistics import control_chart, funnel, ranks, raters

DIMENSIONS = 6
RULES = Rules({}, 0.66, 20, 60.0)
RATERS, DEPARTMENTS = 112, 64
SEVERITY, NOISE, HALO = (
    4.5,
    6.0,
    0.8,
)  # standard deviations in points; share of the noise that dimensions have in common
QUARTERS = 12
RATE = 0.06  # complaints per member of staff in a quarter
STAFF = np.round(np.geomspace(9, 620, DEPARTMENTS))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    generator = np.random.default_rng(asked.seed)
    for title, rows in (
        ("Scores: a county without differences", null_scores(generator, asked.counties // 4)),
        ("Scores: rank intervals and sets where departments differ", coverage(generator, asked.counties)),
        (
            "Scores: planted differences, and the raw mean beside the adjusted one",
            detection(generator, asked.counties // 4),
        ),
        ("Scores: who is misplaced when lenient raters score some departments", misplaced(generator, asked.counties)),
        ("Rates: funnels", funnels(generator, asked.counties * 5)),
        ("Change: control charts", charts(generator, asked.counties * 50)),
        ("Change: few events, without change, the last point a signal", few_events(generator, asked.counties * 20)),
    ):
        print(f"\n{title}")
        print(pd.DataFrame(rows, columns=["figure", "found", "± 2 SE", "promised"]).to_string(index=False))


def share(hits: int, n: int) -> tuple[str, str]:
    found = hits / n
    return f"{found:.3f}", f"{2 * np.sqrt(max(found * (1 - found), 1 / n / 4) / n):.3f}"


def ballots(
    generator: np.random.Generator, truth: np.ndarray, cast: float = 0.91, lenient: bool = False, torn: int = 0
) -> np.ndarray:
    """(D, R, J) scores, NaN where none was cast.

    `lenient`: mild raters meet the first half of the departments more. `torn`: raters disagree twice as much on the
    first so many departments.
    """
    departments = truth.shape[-1]
    severity = generator.normal(0, SEVERITY, RATERS)
    common = generator.normal(0, NOISE * np.sqrt(HALO), (RATERS, departments))
    own = generator.normal(0, NOISE * np.sqrt(1 - HALO), (DIMENSIONS, RATERS, departments))
    wider = np.where(np.arange(departments) < torn, 2.0, 1.0)
    scores = np.clip(truth + severity[:, None] + (common + own) * wider, 0, 100)
    chance = np.full((RATERS, departments), cast)
    if lenient:
        is_mild = severity > np.median(severity)
        in_first = np.arange(departments) < departments // 2
        chance = np.where(is_mild[:, None] == in_first[None, :], 0.9, 0.5)
    return np.where(generator.random((RATERS, departments)) < chance, scores, np.nan)


def dense(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    count = (~np.isnan(scores)).astype(float)
    filled = np.nan_to_num(scores)
    return count, filled, filled**2


def cells(scores: np.ndarray) -> pd.DataFrame:
    """As queries/build/rater_scores.sql gives them."""
    d, i, j = np.nonzero(~np.isnan(scores))
    value = scores[d, i, j]
    names = {
        "department_id": np.char.add("d", np.char.zfill(j.astype(str), 3)),
        "dimension": np.char.add("m", d.astype(str)),
    }
    nothing = dict.fromkeys(("straight_n", "straight_total", "straight_squares"), 0.0)
    return pd.DataFrame(
        {
            **names,
            "rater_id": np.char.add("r", np.char.zfill(i.astype(str), 3)),
            "rater_group": "",
            "n": 1.0,
            "total": value,
            "squares": value**2,
            **nothing,
        }
    )


def composite(found: pd.DataFrame, scope: str) -> pd.DataFrame:
    rows = found[(found["variant"] == "composite") & (found["scope"] == scope)]
    return rows.sort_values("department_id")


def null_scores(generator: np.random.Generator, counties: int) -> list[tuple]:
    """The whole of what the snapshot does, on counties where every department is the same."""
    kinds = pd.Series(np.repeat(["a", "b", "c", "d"], [8, 8, 20, 28]), [f"d{j:03}" for j in range(DEPARTMENTS)])
    hits = {"region": 0, "peers": 0, "set": 0, "cells": 0, "torn": 0}
    same = np.full(DEPARTMENTS, 79.6)
    for _ in range(counties):
        found = appraised(cells(ballots(generator, same)), kinds, RULES, False).standings
        for scope in ("region", "peers"):
            hits[scope] += is_banded(composite(found, scope))
        region = composite(found, "region")
        hits["set"] += bool(((region["set_low"] > 1) | (region["set_high"] < DEPARTMENTS)).any())
        hits["cells"] += is_banded(found[(found["scope"] == "peers") & found["variant"].str.startswith("m")])
        torn = appraised(cells(ballots(generator, same, torn=6)), kinds, RULES, False).standings
        hits["torn"] += is_banded(composite(torn, "peers"))
    return [
        ("counties with any band, whole region", *share(hits["region"], counties), "at most 0.05"),
        ("counties with any band, among peers", *share(hits["peers"], counties), "at most 0.05"),
        ("counties with any cell of six dimensions in a band", *share(hits["cells"], counties), "at most 0.05"),
        ("counties with any band, raters torn on six departments", *share(hits["torn"], counties), "at most 0.05"),
        ("counties with any rank set short of 1–64", *share(hits["set"], counties), "at most 0.05"),
    ]


def is_banded(rows: pd.DataFrame) -> bool:
    return bool(rows["band"].isin(["above", "below"]).any())


def spread(generator: np.random.Generator, departments: int) -> np.ndarray:
    """A county like those that offices have: a wide middle and two ends."""
    ends = departments // 6
    middle = generator.normal(79.8, 0.6, departments - 2 * ends)
    return np.concatenate([generator.normal(84, 0.5, ends), middle, generator.normal(75, 0.7, ends)])


def coverage(generator: np.random.Generator, counties: int) -> list[tuple]:
    """Intervals of one dimension's ranks; raters are drawn anew for each county, departments keep their truth."""
    inside = whole = in_mean = 0
    departments = 24
    for _ in range(counties):
        truth = spread(generator, departments)
        count, total, squares = (part[0] for part in dense(ballots(generator, truth)))
        fit = raters.adjusted_means(count, total, squares)
        _, drawn = raters.resampled_means(count, total, raters.resampled(np.zeros(RATERS, int), 1_000, 7))
        true_rank = ranks.ranks(truth)
        low, high = ranks.rank_interval(drawn)
        inside += int(((low <= true_rank) & (true_rank <= high)).sum())
        ends = np.quantile(drawn - drawn.mean(axis=1, keepdims=True), [0.025, 0.975], axis=0)
        centred = truth - truth.mean()
        in_mean += int(((ends[0] <= centred) & (centred <= ends[1])).sum())
        sets = ranks.confidence_sets(fit.adjusted, fit.covariance, draws=20_000, seed=7, df=fit.df)
        whole += bool(((sets.low <= true_rank) & (true_rank <= sets.high)).all())
    n = counties * departments
    return [
        ("resampled 95 % interval of a mean holds the truth", *share(in_mean, n), "0.95"),
        ("resampled 95 % rank interval holds the true rank", *share(inside, n), "0.95, less among near-ties"),
        ("all simultaneous sets of a county hold the true ranks", *share(whole, counties), "at least 0.95"),
    ]


def detection(generator: np.random.Generator, counties: int) -> list[tuple]:
    """Three departments two points, three one point below all others."""
    found = dict.fromkeys((1, 2, 4), 0)
    wrong = 0
    truth = np.full(DEPARTMENTS, 80.0)
    for k, size in enumerate(found):
        truth[3 * k : 3 * k + 3] -= size
    names = pd.Series("*", [f"d{j:03}" for j in range(DEPARTMENTS)])
    for _ in range(counties):
        rows = composite(appraised(cells(ballots(generator, truth)), names, RULES, False).standings, "region")
        band = rows["band"].to_numpy()
        for k, size in enumerate(found):
            found[size] += int((band[3 * k : 3 * k + 3] == "below").sum())
        wrong += bool((band[9:] == "below").any())
    return [
        *((f"{size} points below the rest: found", *share(hits, 3 * counties), "—") for size, hits in found.items()),
        ("counties where one of the rest is called below", *share(wrong, counties), "at most 0.05"),
    ]


def misplaced(generator: np.random.Generator, counties: int) -> list[tuple]:
    """Pairs in the wrong order, of departments that truly differ by a point or more."""
    wrong = {"raw": 0, "adjusted": 0}
    pairs = 0
    for _ in range(counties):
        truth = generator.permutation(spread(generator, DEPARTMENTS))
        count, total, squares = (part[0] for part in dense(ballots(generator, truth, lenient=True)))
        fit = raters.adjusted_means(count, total, squares)
        apart = truth[:, None] - truth > 1
        pairs += int(apart.sum())
        for name, mean in (("raw", fit.raw), ("adjusted", fit.adjusted)):
            wrong[name] += int((apart & (mean[:, None] < mean)).sum())
    return [(f"pairs misplaced by the {name} mean", *share(hits, pairs), "—") for name, hits in wrong.items()]


def funnels(generator: np.random.Generator, counties: int) -> list[tuple]:
    """Poisson counts, without and with ordinary differences between departments; two planted departments."""
    rows = []
    exposure = np.tile(STAFF * 4, (counties, 1))
    for name, cv in (("no differences", 0.0), ("ordinary differences, CV 0.3", 0.3)):
        rate = RATE if not cv else RATE * generator.gamma(1 / cv**2, cv**2, exposure.shape)
        flags = flagged(generator.poisson(exposure * rate), exposure)
        for level, promised in (("998", 0.001), ("95", 0.025)):
            levels = [f"high_{level}"] if level == "998" else ["high_95", "high_998"]
            hits = int(np.isin(flags, levels).sum())
            rows.append(
                (
                    f"{name}: above the upper {level[:2]}{'.8' if level == '998' else ''} % limit",
                    *share(hits, flags.size),
                    f"{promised}",
                )
            )
            lows = [flag.replace("high", "low") for flag in levels]
            rows.append(
                (
                    f"{name}: below the lower one",
                    *share(int(np.isin(flags, lows).sum()), flags.size),
                    f"{promised} or less",
                )
            )
    for members in (8, 23):
        of_few = np.tile(STAFF[np.linspace(0, DEPARTMENTS - 1, members).astype(int)] * 4, (counties, 1))
        rate = RATE * generator.gamma(1 / 0.3**2, 0.3**2, of_few.shape)
        flags = flagged(generator.poisson(of_few * rate), of_few)
        for side in ("high", "low"):
            hits = int(np.isin(flags, [f"{side}_95", f"{side}_998"]).sum())
            rows.append(
                (f"the same, {members} departments: beyond the {side} 95 % limit", *share(hits, flags.size), "0.025")
            )
    rate = np.full(exposure.shape, RATE)
    planted = np.searchsorted(STAFF, [37, 146])
    rate[:, planted] *= 6, 3.5
    flags = flagged(generator.poisson(exposure * rate), exposure)
    for at, factor in zip(planted, (6, 3.5)):
        hits = int((flags[:, at] == "high_998").sum())
        rows.append((f"{factor} × the rate, {STAFF[at]:.0f} staff: above 99.8 %", *share(hits, counties), "—"))
    n = generator.integers(8, 60, (counties, DEPARTMENTS))
    number = np.repeat(np.arange(counties), DEPARTMENTS)
    shares = funnel.share_funnel(generator.binomial(n, 0.85).ravel(), n.ravel(), number).flag
    for level, promised in (("998", 0.001), ("95", 0.025)):
        levels = ["low_998"] if level == "998" else ["low_95", "low_998"]
        rows.append(
            (
                f"shares without differences: below the lower {level} limit",
                *share(int(np.isin(shares, levels).sum()), shares.size),
                f"{promised}",
            )
        )
    return rows


def flagged(counts: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    number = np.repeat(np.arange(len(counts)), counts.shape[1])
    return funnel.count_funnel(counts.ravel(), exposure.ravel(), number).flag.reshape(counts.shape)


def charts(generator: np.random.Generator, series: int) -> list[tuple]:
    """The last point of twelve, and any of them; and a step of two standard deviations three quarters ago."""

    def last(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        chart = control_chart.xmr(values)
        kinds, _ = control_chart.point_types(
            values, chart.mean, chart.lower, chart.upper, chart.near_lower, chart.near_upper
        )
        return kinds[:, -1] != "common", (kinds != "common").any(axis=1)

    quiet = generator.normal(80, 1, (series, QUARTERS))
    at_end, anywhere = last(quiet)
    stepped = quiet.copy()
    stepped[:, -3:] -= 3
    found, _ = last(stepped)
    counts = generator.poisson(8, (series, 36)).astype(float)
    of_months, _ = last(counts)
    return [
        ("12 quarters without change: the last point a signal", *share(int(at_end.sum()), series), "about 0.01–0.02"),
        ("12 quarters without change: any point a signal", *share(int(anywhere.sum()), series), "about 0.1"),
        ("36 months of Poisson 8: the last point a signal", *share(int(of_months.sum()), series), "about 0.01–0.02"),
        ("3 SD lower for three quarters: the last point a signal", *share(int(found.sum()), series), "—"),
    ]


def few_events(generator: np.random.Generator, series: int) -> list[tuple]:
    """What the product says of series of small counts and of small shares that never change."""
    rows = []
    for periods in (12, 36):
        for expected in (0.5, 1, 2, 3, 5, 8):
            counts = generator.poisson(expected, (series, periods)).astype(float)
            rows.append(
                (
                    f"{periods} points of Poisson {expected}",
                    *last_signals("count", counts, counts, np.ones_like(counts)),
                )
            )
        for size, p in ((4, 0.9), (4, 0.5), (8, 0.8), (20, 0.95), (40, 0.9)):
            down = np.maximum(generator.poisson(size, (series, periods)), 1).astype(float)
            up = generator.binomial(down.astype(int), p).astype(float)
            rows.append(
                (f"{periods} shares of about {size}, p = {p}", *last_signals("share", 100 * up / down, up, down))
            )
    return rows


def last_signals(kind: str, value: np.ndarray, up: np.ndarray, down: np.ndarray) -> tuple[str, str, str]:
    series, length = value.shape
    periods = [f"{2000 + i // 4}Q{i % 4 + 1}" for i in range(length)]
    of = {"indicator": "x", "variant": "", "region_id": "county", "kind": kind, "better": "neither", "note": None}
    names = np.char.add("d", np.arange(series).astype(str))
    rows = pd.DataFrame({"department_id": np.repeat(names, length), "period": np.tile(periods, series), **of})
    rows = rows.assign(value=value.ravel(), numerator=up.ravel(), denominator=down.ravel(), low=np.nan, high=np.nan)
    _, said = changes.charted(rows, periods, {periods[-1]: periods[-1]}, {}, ())
    judged = said["variation"] != ""
    hits = int((judged & (said["variation"] != "common")).sum())
    return (*share(hits, series), f"at most 0.02; judged {judged.mean():.2f}")


if __name__ == "__main__":
    main()
