"""From judgement rows to sentences, the most important first; a sentence never claims more than its rows."""

from dataclasses import dataclass

import pandas as pd

from dashboard.i18n.text import Text, known, number, quarter_name, signed

NAMED = 3  # departments that a sentence names before it says “and others”


@dataclass(frozen=True)
class Finding:
    """One card: a clause with its number, and what is needed to read it rightly."""

    title: str
    body: str


def findings(t: Text, quarter: str, ranking: pd.DataFrame, complaints: "Figure | None") -> list[Finding]:
    """What to say first about a quarter (2026Q3). `ranking`: label, value, place, note of each department."""
    return [score_finding(t, quarter, ranking), coverage_finding(t, ranking), complaints_finding(t, complaints)]


def score_finding(t: Text, quarter: str, ranking: pd.DataFrame) -> Finding:
    scored = ranking.dropna(subset="value").sort_values(["value", "department_id"])
    if scored.empty:
        return Finding(t("findings.score.none.title", quarter=quarter_name(t, quarter)), t("findings.score.none.body"))
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
    )


def coverage_finding(t: Text, ranking: pd.DataFrame) -> Finding:
    """Who is left out of the ranking, by name: absence must not look like a good score."""
    left_out = ranking[ranking["value"].isna()].sort_values("department_id")
    if left_out.empty:
        return Finding(t("findings.coverage.all.title", n=len(ranking)), t("findings.coverage.all.body"))
    is_thin = left_out["note"] == "coverage"
    groups = [
        (key, rows["label"])
        for key, rows in (("thin", left_out[is_thin]), ("absent", left_out[~is_thin]))
        if not rows.empty
    ]
    said = [t(f"findings.coverage.{key}", names=_named(t, labels, NAMED - len(groups) + 1)) for key, labels in groups]
    body = t("sentence.space").join([*said, t("findings.coverage.apart")])
    return Finding(t("findings.coverage.title", n=len(left_out)), body)


def _named(t: Text, labels: pd.Series, most: int) -> str:
    names = t("list.separator").join(labels.head(most))
    return t("findings.coverage.more", names=names) if len(labels) > most else names


def complaints_finding(t: Text, complaints: "Figure | None") -> Finding:
    if complaints is None or not known(complaints.value):
        return Finding(t("findings.complaints.none.title"), t("findings.complaints.none.body"))
    title = t("findings.complaints.title", value=number(complaints.value, 0))
    if complaints.is_partial[-1]:
        return Finding(title, t("findings.complaints.partial"))
    if not known(complaints.previous):
        return Finding(title, t("findings.complaints.first"))
    if not complaints.is_comparable:
        return Finding(title, t("findings.complaints.partial_before"))
    difference = signed(complaints.value - complaints.previous, 0)
    return Finding(title, t("findings.complaints.body", previous=number(complaints.previous, 0), difference=difference))


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

    @property
    def is_comparable(self) -> bool:
        """Both this quarter and the one before have a value of the whole quarter."""
        return known(self.value) and known(self.previous) and not any(self.is_partial[-2:])

    @property
    def value(self) -> float:
        return self.values[-1]

    @property
    def previous(self) -> float:
        return self.values[-2] if len(self.values) > 1 else float("nan")


def figure(indicator: str, header: dict, rows: pd.DataFrame, quarters: list[str]) -> Figure:
    """`rows` of queries/pages/headlines.sql. Counts add up, shares and rates divide their sums, means are averaged."""
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
    )


def change_words(t: Text, shown: Figure) -> str | None:
    """The difference from the calendar's last quarter, not yet called real or good; None where there is none."""
    if not shown.is_comparable:
        return None
    decimals = shown.header["decimals"]
    difference = signed(round(shown.value, decimals) - round(shown.previous, decimals), decimals)
    if shown.header["kind"] == "share":
        difference = t("headlines.points", value=difference)
    return t("headlines.change", difference=difference)


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


def end_sentence(t: Text, value: float, mean: float, previous_place: float) -> str:
    """Where one department of the two ends stands, and where it stood."""
    before = t("ends.previous", place=number(previous_place, 0)) if known(previous_place) else t("ends.previous.none")
    return t("ends.sentence", difference=signed(value - mean), before=before)
