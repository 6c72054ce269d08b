"""From judgement rows to sentences, the most important first; a sentence never claims more than its rows."""

from dataclasses import dataclass

import pandas as pd

from dashboard.i18n.text import Text, known, number, quarter_name, signed
from dashboard.rows import rows_of, tuples_of
from dashboard.statistics.trend import POINTS

MOST_FINDINGS = 3
FALSE_ALARMS = 0.015  # of the last points of quiet control charts (tests/benchmarks/simulation.py)
FALSE_OUTSIDE = 0.05  # of departments that ordinarily differ, beyond one 95 % limit of a funnel (the same)
LONGEST_WAIT = 40  # quarters; beyond ten years no number helps
CHANGES = {"concern": 80, "improvement": 55}  # what a control chart signals, and how much it weighs
NAMED = 3  # departments that a sentence names before it says “and others”


@dataclass(frozen=True)
class Finding:
    """One card: a clause with its number, and what is needed to read it rightly."""

    title: str
    body: str
    weight: int  # the more it weighs, the earlier it is said
    status: str = ""  # 'alert' or 'watch' where a gap rule says so
    page: str = ""  # where the rows behind it stand


def findings(
    t: Text,
    quarter: str,
    whom: str,
    ranking: pd.DataFrame,
    complaints: "Figure | None",
    rates: pd.DataFrame,
    gaps: pd.DataFrame,
) -> list[Finding]:
    """What to say first about a quarter (2026Q3): at most three, the most important first.

    `gaps`: label, rule (its title), status, change, department_id ('*': the region as a whole).

    `ranking`: label, value, note, and what the ballots carry: outcome (band), variation. `rates`: label, value,
    outcome of the complaint rate. `whom`: 'peers' or 'region'.
    """
    candidates = [
        *gap_finding(t, quarter, gaps[gaps["department_id"] != "*"]),
        *balance_finding(t, gaps[gaps["department_id"] == "*"]),
        *band_finding(t, quarter, whom, ranking),
        *limits_finding(t, whom, rates),
        *change_finding(t, ranking),
        coverage_finding(t, ranking),
        complaints_finding(t, complaints),
    ]
    return sorted(candidates, key=lambda finding: -finding.weight)[:MOST_FINDINGS]


def gap_finding(t: Text, quarter: str, gaps: pd.DataFrame) -> list[Finding]:
    """Whose alerts are new; where none is, how many stand. What was closed since last quarter is told beside it."""
    alerts = gaps[gaps["status"] == "alert"]
    if gaps.empty or not (gaps["status"] != "no_data").any():
        return []
    fresh = alerts[alerts["change"].isin(("new", "worse"))].sort_values(["rule_order", "department_id"])
    words = {
        "quarter": quarter_name(t, quarter),
        "n": len(fresh),
        "alerts": len(alerts),
        "watches": int((gaps["status"] == "watch").sum()),
        "closed": int((gaps["change"] == "closed").sum()),
    }
    if len(fresh):
        named = [t("findings.gaps.one", name=row.label, rule=row.rule) for row in rows_of(fresh)]
        body = t("findings.gaps.new.body", names=_named(t, pd.Series(named), NAMED), **words)
        return [Finding(t("findings.gaps.new.title", **words), body, 95, "alert", "/gaps")]
    key = "standing" if len(alerts) else "none"
    status = "alert" if len(alerts) else ""
    weight = 66 if len(alerts) else 30
    return [
        Finding(t(f"findings.gaps.{key}.title", **words), t("findings.gaps.body", **words), weight, status, "/gaps")
    ]


def balance_finding(t: Text, gaps: pd.DataFrame) -> list[Finding]:
    """Where the supervision of the region as a whole leans to one side."""
    leaning = gaps[gaps["status"].isin(("alert", "watch"))].sort_values("rule_order")
    if leaning.empty:
        return []
    words = {"n": len(leaning), "judged": int((gaps["status"] != "no_data").sum())}
    status = "alert" if (leaning["status"] == "alert").any() else "watch"
    body = t("findings.balance.body", names=_named(t, leaning["rule"], NAMED))
    return [Finding(t("findings.balance.title", **words), body, 85, status, "/balance")]


def band_finding(t: Text, quarter: str, whom: str, ranking: pd.DataFrame) -> list[Finding]:
    """Who truly differs from the average, by name; nobody is named for a difference that noise could explain."""
    bands = ranking["outcome"].value_counts()
    above, below = (ranking.loc[ranking["outcome"] == band, "label"] for band in ("above", "below"))
    words = {
        "quarter": quarter_name(t, quarter),
        "whom": t(f"ranking.whom.{whom}"),
        "n": len(above) + len(below),
        "above": len(above),
        "below": len(below),
        "none": int(bands.get("none", 0)),
    }
    if not bands.sum():
        return [score_finding(t, quarter, ranking)]
    if not words["n"]:
        body = t("sentence.space").join([t("findings.bands.none.body"), *needed(t, ranking)])
        return [Finding(t("findings.bands.none.title", **words), body, 50)]
    said = [
        t(f"findings.bands.{band}", names=_named(t, labels, NAMED - 1))
        for band, labels in (("below", below), ("above", above))
        if len(labels)
    ]
    return [Finding(t("findings.bands.title", **words), t("sentence.space").join([*said, *needed(t, ranking)]), 70)]


def needed(t: Text, ranking: pd.DataFrame) -> list[str]:
    """What it would take to tell those in no order from the average: of the soonest, unnamed, and of how many never."""
    needs = zip(ranking["outcome"], ranking["needed_quarters"], ranking["needed_ballots"])
    undecided = [(quarters, ballots) for outcome, quarters, ballots in needs if outcome == "none" and known(quarters)]
    if not undecided:
        return []
    in_time = [need for need in undecided if need[0] <= LONGEST_WAIT]
    if not in_time:
        return [t("findings.needed.never")]
    quarters, ballots = min(in_time)
    words = {"ballots": number(ballots, 0), "quarters": number(quarters, 0)}
    said = [t("findings.needed", **words)]
    never = len(undecided) - len(in_time)
    return [*said, t("findings.needed.rest", n=never)] if never else said


def limits_finding(t: Text, whom: str, rates: pd.DataFrame) -> list[Finding]:
    """Whose complaint rate chance would hardly make."""
    for outcome, weight in (("high_998", 90), ("high_95", 65)):
        found = rates[rates["outcome"] == outcome].sort_values(["value", "department_id"], ascending=[False, True])
        if len(found):
            words = {"n": len(found), "whom": t(f"ranking.whom.{whom}"), "names": _named(t, found["label"], NAMED)}
            return [Finding(t(f"findings.{outcome}.title", **words), t(f"findings.{outcome}.body", **words), weight)]
    return []


def change_finding(t: Text, ranking: pd.DataFrame) -> list[Finding]:
    """Whose score signals a change by its control chart, for the worse and for the better."""
    sides = {side: ranking[ranking["variation"] == side].sort_values("department_id") for side in CHANGES}
    found = {side: rows["label"] for side, rows in sides.items() if len(rows)}
    if not found:
        return []
    parts = t("list.separator").join(t(f"findings.change.{side}", n=len(labels)) for side, labels in found.items())
    named = [
        t(f"findings.change.{side}.names", names=_named(t, labels, NAMED - len(found) + 1))
        for side, labels in found.items()
    ]
    chance = by_chance(t, int(ranking["variation"].notna().sum()), FALSE_ALARMS)
    body = t("findings.change.body", moved=t("sentence.space").join(named), chance=chance)
    return [Finding(t("findings.change.title", parts=parts), body, max(CHANGES[side] for side in found))]


def by_chance(t: Text, judged: int, share: float) -> str:
    """About how many of those judged chance alone would show."""
    expected = judged * share
    return t("findings.chance", n=number(expected, 0)) if expected >= 0.75 else t("findings.chance.below")


def is_rare(points: pd.DataFrame) -> bool:
    """Of most points of a chart nothing is said although it has limits: too few events."""
    said = tuples_of(points, "value", "lower", "point_type")
    limited = [kind for value, lower, kind in said if known(value) and known(lower)]
    return 2 * limited.count("") > len(limited)


def trend_words(t: Text, trend: str | None) -> list[str]:
    """What the last five points say where a chart cannot yet: nothing where there are fewer."""
    return [t(f"trend.{trend}", points=number(POINTS, 0))] if known(trend) and trend else []


def score_finding(t: Text, quarter: str, ranking: pd.DataFrame) -> Finding:
    scored = ranking.dropna(subset="value").sort_values(["value", "department_id"])
    if scored.empty:
        title = t("findings.score.none.title", quarter=quarter_name(t, quarter))
        return Finding(title, t("findings.score.none.body"), 75)
    low, high = scored.iloc[0], scored.iloc[-1]
    return Finding(
        t(
            "findings.score.title",
            quarter=quarter_name(t, quarter),
            n=len(scored),
            value=number(scored["value"].mean()),
        ),
        t(
            "findings.score.body",
            high_name=high["label"],
            high=number(high["value"]),
            low_name=low["label"],
            low=number(low["value"]),
        ),
        50,
    )


def coverage_finding(t: Text, ranking: pd.DataFrame) -> Finding:
    """Who is left out of the ranking, by name: absence must not look like a good score."""
    left_out = ranking[ranking["value"].isna()].sort_values("department_id")
    if left_out.empty:
        return Finding(t("findings.coverage.all.title", n=len(ranking)), t("findings.coverage.all.body"), 10)
    why = left_out["note"].map({"coverage": "thin", "not_connected": "unconnected"}).fillna("absent")
    groups = [
        (key, left_out.loc[why == key, "label"]) for key in ("thin", "unconnected", "absent") if (why == key).any()
    ]
    said = [t(f"findings.coverage.{key}", names=_named(t, labels, NAMED - len(groups) + 1)) for key, labels in groups]
    body = t("sentence.space").join([*said, t("findings.coverage.apart")])
    return Finding(t("findings.coverage.title", n=len(left_out)), body, 60)


def _named(t: Text, labels: pd.Series, most: int) -> str:
    names = t("list.separator").join(labels.head(most))
    return t("findings.coverage.more", names=names) if len(labels) > most else names


def complaints_finding(t: Text, complaints: "Figure | None") -> Finding:
    if complaints is None or not known(complaints.value):
        return Finding(t("findings.complaints.none.title"), t("findings.complaints.none.body"), 62)
    title = t("findings.complaints.title", value=number(complaints.value, 0))
    if complaints.is_partial[-1]:
        return Finding(title, t("findings.complaints.partial"), 40)
    if not known(complaints.previous):
        return Finding(title, t("findings.complaints.first"), 40)
    if not complaints.is_comparable:
        return Finding(title, t("findings.complaints.partial_before"), 40)
    difference = signed(complaints.value - complaints.previous, 0)
    words = {"previous": number(complaints.previous, 0), "difference": difference}
    verdict = t(f"findings.complaints.{complaints.verdict}")
    return Finding(title, t("findings.complaints.body", verdict=verdict, **words), 40)


@dataclass(frozen=True)
class Figure:
    """One indicator for the whole view, quarter by quarter; NaN where there is no value."""

    indicator: str
    header: dict
    values: tuple[float, ...]  # of calendar quarters without a gap; the last is the quarter shown
    is_partial: tuple[bool, ...]  # of the same quarters: only some of its months are in
    numerator: float
    denominator: float
    departments: int
    staff_carried: int  # departments whose staff is of an earlier quarter
    direction: str = ""  # what its control chart says of the last value: common, improvement, concern, high, low
    is_trial: bool = False  # the chart's limits rest on fewer than twelve quarters

    @property
    def is_comparable(self) -> bool:
        """Both this quarter and the one before have a value of the whole quarter."""
        return known(self.value) and known(self.previous) and not any(self.is_partial[-2:])

    @property
    def verdict(self) -> str:
        """'real', 'noise' or 'unknown': whether chance explains the last value."""
        return {"": "unknown", "common": "noise"}.get(self.direction, "real")

    @property
    def value(self) -> float:
        return self.values[-1]

    @property
    def previous(self) -> float:
        return self.values[-2] if len(self.values) > 1 else float("nan")


def figure(
    indicator: str, header: dict, rows: pd.DataFrame, quarters: list[str], verdicts: pd.DataFrame | None = None
) -> Figure:
    """`rows` of queries/pages/headlines.sql, `verdicts` of verdicts.sql.

    Counts add up, shares and rates divide their sums, means are averaged.
    """
    rows = rows[rows["indicator"] == indicator].set_index("quarter")
    match header["kind"]:
        case "count":
            values = rows["total"]
        case "mean":
            values = rows["mean"]
        case _:
            values = rows["percent"]
    last = rows.loc[quarters[-1]] if quarters[-1] in rows.index else None
    return Figure(
        indicator,
        header,
        tuple(float(value) for value in values.reindex(quarters)),
        tuple(bool(partial) for partial in rows["is_partial"].reindex(quarters, fill_value=False)),
        float("nan") if last is None else float(last["numerator"]),
        float("nan") if last is None else float(last["denominator"]),
        0 if last is None else int(last["departments"]),
        0 if last is None else int(last["staff_carried"]),
        *_verdict(indicator, verdicts),
    )


def _verdict(indicator: str, verdicts: pd.DataFrame | None) -> tuple[str, bool]:
    found = None if verdicts is None else verdicts[verdicts["indicator"] == indicator]
    if found is None or found.empty or not known(found["direction"].iloc[0]):
        return "", False
    return str(found["direction"].iloc[0]), bool(found["is_trial"].iloc[0])


def change_words(t: Text, shown: Figure) -> str | None:
    """The difference from the calendar's last quarter and what the control chart calls it; None where there is none."""
    difference = difference_words(t, shown)
    key = shown.direction or "unknown"
    return difference and t("headlines.change", difference=difference, verdict=t(f"verdict.{key}"))


def difference_words(t: Text, shown: Figure) -> str | None:
    """The difference from the calendar's last quarter; None where there is none."""
    if not shown.is_comparable:
        return None
    decimals = shown.header["decimals"]
    difference = signed(round(shown.value, decimals) - round(shown.previous, decimals), decimals)
    if shown.header["kind"] == "share":
        difference = t("headlines.points", value=difference)
    return difference


def base_words(t: Text, shown: Figure) -> str:
    """Last quarter's value and what the figure is counted from; without a value, that there is none."""
    if not known(shown.value):
        return t("headlines.none")
    if shown.header["kind"] in ("share", "rate") and known(shown.denominator):
        counts = {"numerator": number(shown.numerator, 0), "denominator": number(shown.denominator, 0)}
        base = t("headlines.base.share", **counts)
    else:
        base = t("headlines.base.departments", n=shown.departments)
    if shown.is_partial[-1]:
        base = t("headlines.note", base=base, note=t("note.partial_quarter"))
    if shown.staff_carried:
        base = t("headlines.carried", base=base, n=shown.staff_carried)
    if not known(shown.previous):
        return t("headlines.first", base=base)
    key = "headlines.previous.partial" if any(shown.is_partial[-2:-1]) else "headlines.previous"
    return t(key, previous=number(shown.previous, shown.header["decimals"]), base=base)


def end_sentence(t: Text, difference: float, low: float, high: float) -> str:
    """How far one department of the two ends lies from the average, with the interval that holds for all at once."""
    return t("ends.sentence", difference=signed(difference), low=signed(low), high=signed(high))
