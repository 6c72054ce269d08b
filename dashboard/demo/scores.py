"""The quarterly appraisal (112 raters × 64 departments × 6 dimensions) and the yearly assessment.

A score is: county mean + what the department deserves + the rater's severity + the rater's view of the
department (lasting, and of this quarter) + a little for the dimension. The views make the six dimensions of
one ballot alike (halo). They are centred over the whole panel: what a department deserves is what this panel,
complete, would give it; chance enters by who is missing and by the rounding.
"""

import numpy as np
import pandas as pd

from dashboard.demo import quarters
from dashboard.demo.names import (
    ASSESSMENT_DIMENSIONS,
    DEPARTMENTS,
    DIMENSIONS,
    POSITION,
    RATER_GROUPS,
    REGION,
)
from dashboard.demo.plan import planted

_MEAN = 79.5
_SEVERITY, _LASTING_VIEW, _QUARTER_VIEW, _RESIDUAL = 4.5, 5.3, 4.0, 2.4  # standard deviations, points
_STRAIGHT = 0.03  # share of ballots with one score on all dimensions
_STRAIGHT_PLANTED = 0.48
_STRAIGHT_BALLOTS = "统计局"  # the department in which that rule is planted by its ballots, not its self score
_NO_BALLOT = 0.082  # share of ballots not cast
_NO_SCORE = 0.009  # share of single scores missing on ballots that were cast

# Points above the middle, in every quarter.
_HIGH = {
    "组织部": 3.9,
    "县委办公室": 3.7,
    "税务局": 4.0,
    "政务服务中心": 4.4,
    "消防救援大队": 3.8,
    "审计局": 4.2,
    "财政局": 4.1,
    "气象局": 3.6,
    "政府办公室": 3.9,
}
# Points below the middle, and the quarter from which on.
_LOW = {
    "住建局": (-6.0, "2023Q4"),
    "城管局": (-5.6, "2023Q4"),
    "自然资源局": (-5.2, "2023Q4"),
    "大坪乡": (-5.4, "2026Q1"),
    "燃气公司": (-4.2, "2026Q2"),
    "城关镇": (-4.2, "2026Q2"),
    "交警大队": (-4.0, "2026Q2"),
    "自来水公司": (-4.8, "2026Q3"),
    "公交公司": (-4.1, "2026Q3"),
}
# Ordinary differences, on which no rule may hang: the middle of a peer group with several departments at one
# end would else stand out against its own peers.
_OFFSET = {"party": 0.5, "vertical": 0.6}
_ORDINARY = {"枫林乡": -0.85}
# Still low, but better every quarter: a department with a real improvement is not reproached.
_RISING = {"交通运输局": (-4.4, 0.8), "石门镇": (-4.0, 0.75)}

PASS_MARK = 60


def generate(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """The tables `evaluations` and `assessments`."""
    deserved = _deserved(rng)
    return {"evaluations": _evaluations(deserved, rng), "assessments": _assessments(deserved[:, -1], rng)}


def raters() -> pd.DataFrame:
    """The panel: pseudonym and group."""
    groups = np.repeat(list(RATER_GROUPS), list(RATER_GROUPS.values()))
    return pd.DataFrame({"rater_id": [f"R{n + 1:03}" for n in range(len(groups))], "rater_group": groups})


def _deserved(rng: np.random.Generator) -> np.ndarray:
    """Points above or below the county mean, department × quarter."""
    shape = (len(DEPARTMENTS), len(quarters.QUARTERS))
    lasting = rng.normal(0, 0.2, (shape[0], 1))
    points = np.clip(lasting + rng.normal(0, 0.15, shape), -0.35, 0.35)
    points += np.array([[_OFFSET.get(department.category, 0)] for department in DEPARTMENTS])
    for name, difference in _ORDINARY.items():
        points[POSITION[name]] += difference
    for name, high in _HIGH.items():
        points[POSITION[name]] += high
    for name, (low, since) in _LOW.items():
        points[POSITION[name], quarters.index(since) :] += low
    for name, (now, step) in _RISING.items():
        points[POSITION[name]] = now - step * np.arange(shape[1])[::-1]
    return points


def _evaluations(deserved: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    panel = raters()
    departments, count_quarters = deserved.shape
    ballots = (count_quarters, departments, len(panel))

    # The public is stricter than the leaders, with wide differences inside each group.
    group_severity = {"leaders": 1.5, "enterprises": -0.8, "public": -1.5}
    severity = rng.normal(0, _SEVERITY, len(panel)) + panel["rater_group"].map(group_severity).fillna(0).to_numpy()
    severity -= severity.mean()
    lasting = _centred(rng.normal(0, _LASTING_VIEW, ballots[1:]))
    overall = _MEAN + deserved.T[:, :, None] + severity + lasting
    overall = overall + _centred(rng.normal(0, _QUARTER_VIEW, ballots))

    dimension = np.array([0.8, -0.6, -1.2, 0.2, 0.5, 0.3])
    profile = rng.normal(0, 0.7, (departments, len(DIMENSIONS)))
    profile -= profile.mean(axis=1, keepdims=True)
    drawn = rng.random(ballots)
    straight = drawn < _STRAIGHT
    # Those who draw least, so many each quarter: no quarter falls below the line, or jumps over the next, by chance.
    straight_from, conspicuous = planted("weak_self_awareness", _STRAIGHT_BALLOTS).start(), POSITION[_STRAIGHT_BALLOTS]
    order = drawn[straight_from:, conspicuous].argsort(axis=-1).argsort(axis=-1)
    straight[straight_from:, conspicuous] = order < _STRAIGHT_PLANTED * len(panel)
    detail = dimension + profile[:, None, :] + rng.normal(0, _RESIDUAL, (*ballots, len(DIMENSIONS)))
    score = overall[..., None] + np.where(straight[..., None], 0, detail)
    score = np.clip(np.round(score), 0, 100).astype(np.int16)

    cast = rng.random(ballots) >= _missing(severity)
    given = cast[..., None] & (straight[..., None] | (rng.random(score.shape) >= _NO_SCORE))
    quarter, department, rater, which = np.nonzero(given)
    return pd.DataFrame(
        {
            "region_id": pd.Categorical.from_codes(np.zeros(len(rater), np.int8), [REGION]),
            "quarter": pd.Categorical.from_codes(quarter, quarters.QUARTERS),
            "department_id": pd.Categorical.from_codes(department, [d.department_id for d in DEPARTMENTS]),
            "rater_id": pd.Categorical.from_codes(rater, panel["rater_id"]),
            "rater_group": panel["rater_group"].astype("category").take(rater).to_numpy(),
            "dimension": pd.Categorical.from_codes(which, DIMENSIONS),
            "score": score[given],
        }
    )


def _centred(views: np.ndarray) -> np.ndarray:
    return views - views.mean(axis=-1, keepdims=True)


def _missing(severity: np.ndarray) -> np.ndarray:
    """Chance that a ballot is not cast, department × rater: strict raters skip whom they do not know."""
    unknown = 1 - np.array([department.visible for department in DEPARTMENTS])
    strict = 1 / (1 + np.exp((severity + 2) / 1.5))
    chance = 0.01 + 0.9 * unknown[:, None] ** 2 * strict
    return np.clip(chance * _NO_BALLOT / chance.mean(), 0, 0.9)


# the last one was held early, so that the last quarter of the county knows it
_ASSESSED_ON = {2024: "2024-12-20", 2025: "2025-12-19", 2026: "2026-09-18"}


def _assessments(deserved: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Comprehensive assessment on five dimensions, spot and focused checks, windows, declarations."""
    rows = []
    windows = {"税务局", "政务服务中心", "公安局", "人社局", "医保局", "民政局", "自然资源局", "供电公司"}
    for year in _ASSESSED_ON:
        for department, points in zip(DEPARTMENTS, deserved, strict=True):
            name = department.short_name
            base = 82 + 0.8 * max(points, -5)
            self_gap = rng.uniform(-1, 3)
            if (plant := planted("weak_self_awareness", name)) and name != _STRAIGHT_BALLOTS and year >= 2025:
                base, self_gap = (72, 25) if plant.level == "alert" else (78, 14)
            if plant := planted("below_standard_two_years", name):
                base = 54 if year >= int(plant.since[:4]) - (plant.level == "alert") else base
            kinds = {"comprehensive": ASSESSMENT_DIMENSIONS, "declaration": ("integrity",)}
            if year % 2 == department.staff % 2:
                kinds["focused"] = ("integrity",)
            if department.power > 0.5:
                kinds["spot"] = ("duty", "service")
            if name in windows:
                kinds["window"] = ("service",)
            for kind, dimensions in kinds.items():
                for dimension in dimensions:
                    score = round(base + rng.uniform(-3, 3), 1)
                    self_score = round(score + self_gap, 1) if kind == "comprehensive" else ""
                    if kind == "declaration":
                        score = round(rng.uniform(92, 100), 1)
                    if kind == "window":
                        score = 20 * int(rng.integers(4, 6))  # four or five stars
                    scored = (kind, dimension, score, self_score, PASS_MARK)
                    rows.append((REGION, year, department.department_id, *scored, _ASSESSED_ON[year]))
    columns = "region_id year department_id kind dimension score self_score pass_mark assessed_on"
    return pd.DataFrame(rows, columns=columns.split())
