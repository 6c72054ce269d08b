"""Complaints by month, department, channel and category.

Rates follow staff, with ordinary differences between departments. Series are drawn again until the chart and
the funnel of every department without a planted gap are quiet (see `quiet`).
"""

import numpy as np
import pandas as pd

from dashboard.demo import quarters
from dashboard.demo.names import DEPARTMENTS, POSITION, REGION, Department
from dashboard.demo.plan import planted
from dashboard.demo.quiet import funnel_z, signals_upward

# Complaints a year per 100 staff.
_RATE = {"party": 7, "government": 12, "justice": 9, "vertical": 14, "utility": 9, "township": 15}
_CONDUCT_SHARE = 0.3
_SPREAD = 0.12  # standard deviation of the logarithm of a department's rate around its peers'
_CANDIDATES = 800  # series drawn for one department, of which the quiet ones are kept
_TRIES = 20_000  # times that departments of one peer group that stand out may be drawn again
_CHECKED = (7, 8, 9, 10, 11)  # quarters whose trailing four quarters the funnel is looked at for

CONDUCT = (
    "hard_to_enter",
    "hard_face",
    "hard_words",
    "hard_to_get_done",
    "arbitrary_charges",
    "arbitrary_fines",
    "arbitrary_levies",
    "demanding_favours",
    "shirking",
)
OTHER = (
    "service_quality",
    "delay",
    "decision_dispute",
    "information_openness",
    "charges_and_billing",
    "facilities",
    "public_works",
    "staff_matters",
)
CHANNELS = ("letter", "visit", "telephone", "online", "hotline_12345")
_CHANNEL_SHARES = (0.08, 0.14, 0.2, 0.22, 0.36)

# Months written out, oldest first, for departments whose own story is told by them.
_CONDUCT_SERIES = {
    # a small office, hardly a complaint for two years, then a few each quarter and at last more: 2, 3, 3, 6
    "档案局": [0] * 24 + [1, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2],
    # a jump in the last quarter
    "城管局": [1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0] * 2 + [1, 0, 1, 0, 1, 1, 0, 1, 0, 4, 5, 5],
    # seven quarters above the mean, none beyond the limit; its months have too few to be judged
    "住建局": [1, 0, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1]
    + [2, 1, 2, 2, 2, 2, 1, 2, 2]
    + [2, 2, 1, 2, 2, 2, 1, 2, 2, 2, 2, 1],
}
# Complaints a year relative to what staff would let expect.
_FACTOR = {"自来水公司": 5, "财政局": 3.6, "发改局": 0.07}
# Complaints quarter by quarter, over and over, where the plan needs a certain number: between the 95 % and
# the 99.8 % limit, or enough to be substantiated.
_QUARTERLY = {"枫林乡": (5, 5), "审计局": (3, 4), "税务局": (2, 2, 2, 3), "燃气公司": (3, 3)}
# Share of closed complaints found to be true.
_SUBSTANTIATED = {"林业局": 0.08, "燃气公司": 0.75, "城管局": 0.5, "档案局": 0.7}
_ORDINARY_SUBSTANTIATED = 0.3


def generate(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """The table `complaints`."""
    conduct, other = _months(rng)
    return {"complaints": _rows(conduct, other, rng)}


def _months(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Conduct and other complaints, department × month."""
    shape = (len(DEPARTMENTS), len(quarters.MONTHS))
    conduct, other = np.zeros(shape, int), np.zeros(shape, int)
    for category in _RATE:
        group = [department for department in DEPARTMENTS if department.category == category]
        places = [POSITION[department.short_name] for department in group]
        candidates = [_candidates(department, rng) for department in group]
        staff = np.array([department.staff for department in group], float)
        wanted = np.stack([_wanted_z(department) for department in group])
        chosen = [series[rng.integers(len(series))] for series in candidates]
        for _ in range(_TRIES):
            astray = _astray(np.stack([series.sum(axis=0) for series in chosen]), staff, wanted)
            if not astray.any():
                break
            # One of the others changes too: a planted count may be right and its peers in the way.
            astray[rng.integers(len(group))] = True
            for place in np.flatnonzero(astray):
                chosen[place] = candidates[place][rng.integers(len(candidates[place]))]
        else:
            raise RuntimeError(f"no quiet set of complaint series found for the peer group {category}")
        conduct[places] = [series[0] for series in chosen]
        other[places] = [series[1] for series in chosen]
    return conduct, other


def _candidates(department: Department, rng: np.random.Generator) -> np.ndarray:
    """Possible series of a department, candidate × (conduct, other) × month, quiet unless planted."""
    name = department.short_name
    size = (_CANDIDATES, len(quarters.MONTHS))
    yearly = department.staff / 100 * _RATE[department.category] * _FACTOR.get(name, 1)
    yearly = yearly * np.exp(rng.normal(0, _SPREAD, (_CANDIDATES, 1)))
    if name in _QUARTERLY:
        in_quarter = np.resize(_QUARTERLY[name], len(quarters.QUARTERS))
        total = rng.multinomial(in_quarter, [1 / 3] * 3, (_CANDIDATES, len(in_quarter)))
        conduct = rng.binomial(total.reshape(size), _CONDUCT_SHARE)
        other = total.reshape(size) - conduct
    elif name in _CONDUCT_SERIES:
        conduct = np.tile(_CONDUCT_SERIES[name], (_CANDIDATES, 1))
        other = rng.poisson(np.maximum(0, yearly / 12 - conduct.mean()), size)
        if name == "档案局":
            other = np.zeros(size, int)
        if name == "城管局":  # the jump must show among all its complaints too
            other = other[signals_upward(conduct + other, quarters=1)]
            conduct = conduct[: len(other)]
        return np.stack([conduct, other], axis=1)
    else:
        conduct = rng.poisson(_CONDUCT_SHARE * yearly / 12, size)
        other = rng.poisson((1 - _CONDUCT_SHARE) * yearly / 12, size)
    quiet = ~signals_upward(conduct, quarters=8)  # the rule on conduct looks at one quarter …
    quiet &= ~signals_upward(conduct + other, quarters=2, reach=6)  # … that on early signs at two
    return np.stack([conduct, other], axis=1)[quiet]


def _wanted_z(department: Department) -> np.ndarray:
    """Least and greatest adjusted z of the department for each quarter in `_CHECKED`.

    The limits lie at 1.96 and 3.09. Where counts are not overdispersed the exact limits are in force instead
    and lie a little nearer above, a little farther below: hence the margins.
    """
    name = department.short_name
    bounds = np.array([(-1.6, 1.6)] * len(_CHECKED))
    for rule, alert, watch in (
        ("supervision_vacuum", (3.3, np.inf), (2.1, 2.6)),
        ("score_and_complaints_disagree", (3.3, np.inf), (2.1, 2.6)),
        ("silent_power", (-np.inf, -3.3), (-2.95, -2.45)),
    ):
        if plant := planted(rule, name):
            bounds[:] = alert if plant.level == "alert" else watch
            # The level is promised for the last quarters only, nothing before the gap is complete.
            for row, quarter in zip(bounds, _CHECKED, strict=True):
                if quarter < quarters.index(plant.since):
                    row[:] = -np.inf, np.inf
                elif quarter < quarters.LAST - 1:
                    row[:] = (row[0], np.inf) if row[0] > 0 else (-np.inf, row[1])
    return bounds


def _astray(months: np.ndarray, staff: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Which departments do not lie where they should? months: department × month; wanted: as `_wanted_z`."""
    astray = np.zeros(len(staff), bool)
    for quarter, bounds in zip(_CHECKED, np.moveaxis(wanted, 1, 0), strict=True):
        observed = months[:, 3 * quarter - 9 : 3 * quarter + 3].sum(axis=1)
        expected = staff * observed.sum() / staff.sum()
        z = funnel_z(observed, staff)
        # No rule calls a count too low where fewer than five were to be expected.
        too_low = (z < bounds[:, 0]) & ((expected > 4.5) | (bounds[:, 0] > 0))
        astray |= too_low | (z > bounds[:, 1])
    return astray


def _rows(conduct: np.ndarray, other: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """One row a department, month, channel and category; each department has at least one row a month."""
    blocks = []
    for counts, categories in ((conduct, CONDUCT), (other, OTHER)):
        department, month = np.nonzero(counts)
        repeats = counts[department, month]
        total = repeats.sum()
        blocks.append(
            pd.DataFrame(
                {
                    "department": np.repeat(department, repeats),
                    "month": np.repeat(month, repeats),
                    "channel": rng.choice(CHANNELS, total, p=_CHANNEL_SHARES),
                    "category": rng.choice(categories, total),
                    "received": 1,
                }
            )
        )
    archives = blocks[0]["department"] == POSITION["档案局"]
    blocks[0].loc[archives, "category"] = "arbitrary_charges"  # copying fees
    # The hotline also takes questions, and reports each month, be it with a zero.
    department, month = np.indices(conduct.shape).reshape(2, -1)
    asked = pd.DataFrame(
        {
            "department": department,
            "month": month,
            "channel": "hotline_12345",
            "category": "service_quality",
            "received": 0,
        }
    )
    staff = np.array([d.staff for d in DEPARTMENTS])
    asked["consultations"] = rng.poisson(0.05 * staff[department])
    blocks.append(asked)
    rows = pd.concat(blocks).groupby(["month", "department", "channel", "category"], as_index=False).sum()

    names = np.array([d.short_name for d in DEPARTMENTS])
    rows["closed"] = rng.binomial(rows["received"], 0.95)
    rows["substantiated"] = 0
    for position, department_rows in rows.groupby("department"):
        share = _SUBSTANTIATED.get(names[position], _ORDINARY_SUBSTANTIATED)
        # Every third closed complaint, say, instead of a draw: no cluster by chance in two quarters.
        cumulated = np.floor(department_rows["closed"].cumsum() * share + 0.5)
        rows.loc[department_rows.index, "substantiated"] = np.diff(cumulated, prepend=0).astype(int)
    rows["handled_on_time"] = rng.binomial(rows["closed"], 0.93)
    rows["rated"] = rng.binomial(rows["closed"], 0.6)
    rows["dissatisfied"] = rng.binomial(rows["rated"], 0.18)
    rows["consultations"] = rows["consultations"].astype(int)
    rows["region_id"] = REGION
    rows["department_id"] = np.array([d.department_id for d in DEPARTMENTS])[rows["department"]]
    rows["quarter"] = np.array(quarters.QUARTERS)[rows["month"] // 3]
    rows["month"] = np.array(quarters.MONTHS)[rows["month"]]
    columns = (
        "region_id quarter month department_id channel category received closed substantiated "
        "handled_on_time dissatisfied rated consultations"
    )
    return rows[columns.split()]
