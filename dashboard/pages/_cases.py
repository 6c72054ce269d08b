"""The cases page's view of the data: counts of a window, shares of departments, and the sentences made of them.

Leads, cases, people, sanctions and item-times are different units: nothing here adds one to another. Each count
belongs to the quarter in which its event happened, so a ratio of two steps is one of flows and not of one cohort.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard.components.sheet import Sheet
from dashboard.findings import FALSE_OUTSIDE
from dashboard.i18n.text import MISSING, Text, known, number, quarter_name
from dashboard.pages._ranking import caveat, found, ranking_of
from dashboard.pages._scene import PEERS, Scene, before
from dashboard.pages._series import quarterly_shares
from dashboard.rows import rows_of
from dashboard.statistics import intervals

PATH = "/cases"
EVERY = "all"  # what a file says in place of a source, a domain, a stage, a band: nothing was told apart
WHOLE_REGION = "*"
FEWEST_FOR_PERCENT = 50  # below it a share is written as x/n
STEPS = ("leads", "filed", "closed", "cases_sanctioned", "revisited")
LOSSES = {
    "leads": ("leads_dismissed", "leads_inquired", "leads_in_verification", "leads_pending"),
    "filed": ("open_overdue",),
    "closed": ("exempted", "withdrawn"),
    "cases_sanctioned": ("unvisited",),
}
OVERDUE = ("open_overdue", "unvisited")
FORMS = ("first_form", "second_form", "third_form", "fourth_form")
PEOPLE = ("people_sanctioned", "party_sanctions", "administrative_sanctions")
FIGURES = (
    *("leads", "leads_dismissed", "leads_inquired", "leads_in_verification", "leads_pending"),
    *("filed", "open_overdue", "closed", "exempted", "withdrawn", "cases_sanctioned", *PEOPLE, *FORMS),
    *("transferred", "leaders_accountable", "revisit_due", "revisited"),
)
# The shares that are judged, each with the side on which a department is looked into: few leads filed, many
# handled lightly, few visits made. What lies beyond the other limit is unusual and no more.
CONCERN = {"filing_share": "low", "light_share": "high", "return_visit_share": "low"}
SINGLE_SOURCE = 0.8  # share of the leads beyond which one source is said to be nearly the only one
ACCOUNT_QUARTERS, ACCOUNT_CASES = 8, 3  # window and fewest sanctioned cases of the list of leaders
MOST_NAMED = 3
MOST_PARTS = 20  # departments chosen, beyond which their groups are compared
MOST_FINDINGS = 3


@dataclass(frozen=True)
class Said:
    """One finding: a clause with its number, what is needed to read it rightly, and how loud it is."""

    weight: int  # the most important first
    sign: str  # a key of SIGNS
    title: str
    body: str


# What a finding looks like: its class and its mark.
SIGNS = {
    "alert": ("worse", "◆"),
    "watch": ("worse", "◇"),
    "over": ("over", "■"),
    "change": ("brand", "▲"),
    "quiet": ("quiet", "●"),
}


@dataclass(frozen=True)
class Part:
    """A row of a comparison: those whose `column` holds `value` (a department, a category), or all."""

    label: str
    column: str = ""
    value: str = ""

    @property
    def choice(self) -> list[str] | None:
        """The filter of the page that chooses it, and its value; of all there is nothing to choose."""
        return [self.column.removesuffix("_id"), self.value] if self.column else None

    def of(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows[rows[self.column] == self.value] if self.column else rows


@dataclass(frozen=True)
class Share:
    """x of n, with its 95 % interval (Wilson); NaN where there is none."""

    x: float
    n: float

    @property
    def value(self) -> float:
        return 100 * self.x / self.n if known(self.x) and known(self.n) and self.n > 0 else float("nan")

    @cached_property
    def interval(self) -> tuple[float, float]:
        low, high = intervals.wilson(self.x, self.n)
        return 100 * float(low), 100 * float(high)

    @property
    def counts(self) -> str:
        return f"{number(self.x, 0)}/{number(self.n, 0)}"


@dataclass(frozen=True)
class Cases:
    """The scene with what this page needs of it, each asked for once."""

    now: Scene

    # --- what was asked for ------------------------------------------------------------------------------------
    @property
    def t(self) -> Text:
        return self.now.t

    @property
    def window(self) -> int:
        return self.now.window()

    @property
    def period(self) -> str:
        """The window's quarters, as far as the data reach back."""
        return self.span(self.window)

    def span(self, quarters: int) -> str:
        t, last = self.t, self.now.quarter
        first = max(_earlier(last, quarters - 1), self.now.quarters[0])
        names = quarter_name(t, first), quarter_name(t, last)
        return names[1] if first == last else t("cases.period", first=names[0], last=names[1])

    @property
    def window_words(self) -> str:
        return self.t(f"cases.window.{self.window}")

    @cached_property
    def words(self) -> dict[str, dict[str, str]]:
        """Vocabulary → code → its word, in the vocabulary's order; only what occurs in this region."""
        rows = self.now.run("case_words")
        told = {EVERY: self.t("cases.undivided")}
        return {
            name: {code: told.get(code, word) for code, word in zip(part["code"], part[self.now.lang])}
            for name, part in rows.groupby("vocabulary", sort=False)
        }

    def choices(self, vocabulary: str) -> dict[str, str]:
        """What can be chosen of it: nothing where the files do not tell at least two apart."""
        found = self.words.get(vocabulary, {})
        return found if len(found) > 1 else {}

    @property
    def domain(self) -> str | None:
        return self._chosen("domain")

    @property
    def rank_band(self) -> str | None:
        return self._chosen("rank_band")

    def _chosen(self, vocabulary: str) -> str | None:
        asked = getattr(self.now.filters, vocabulary)
        return asked if asked in self.words.get(vocabulary, {}) else None

    @cached_property
    def selected(self) -> Any:
        """The row of the department that the page is narrowed to; None for all."""
        rows = self.now.departments
        return next(rows_of(rows[rows["department_id"] == self.now.filters.department]), None)

    @cached_property
    def hits(self) -> pd.DataFrame:
        """The departments that the typed words find."""
        return found(self.now.departments, self.now.filters.q) if self.now.filters.q else self.now.departments.head(0)

    @property
    def place(self) -> str:
        """Whose figures these are."""
        if self.selected is not None:
            return self.selected.full_name
        if self.now.is_chosen:
            return self.now.chosen_words
        if self.now.category:
            return dict(self.now.groups)[self.now.category]
        return dict(self.now.regions).get(self.now.region, "")

    @cached_property
    def notices(self) -> list[str]:
        """What was asked for and is not there, and what is known only in part."""
        t, filters = self.t, self.now.filters
        asked = [name for name in ("domain", "rank_band") if getattr(filters, name) and not self._chosen(name)]
        said = [t(f"cases.notice.{name}", asked=getattr(filters, name)) for name in asked]
        if filters.department and self.selected is None:
            said.append(t("cases.notice.department"))
        if self.selected is not None and self.base.empty:
            said.append(t("cases.notice.silent", name=self.selected.full_name))
        return said + self.gaps

    # --- counts ------------------------------------------------------------------------------------------------
    @cached_property
    def every(self) -> pd.DataFrame:
        """The counts of the view, whatever the domain, the band and the department."""
        return self._of_shown(self.now.run("case_counts", window=self.window))

    def _of_shown(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Without the departments beside those chosen, and without rows of the region as a whole where some are."""
        return rows[rows["department_id"].isin(self.now.chosen["department_id"])] if self.now.is_chosen else rows

    @cached_property
    def whole(self) -> "Cases":
        """The same view of all its departments: what the findings, the funnels and the control chart are of."""
        return Cases(self.now.whole) if self.now.is_chosen else self

    @cached_property
    def base(self) -> pd.DataFrame:
        """Those of the department, if one is selected."""
        rows = self.every
        return rows if self.selected is None else rows[rows["department_id"] == self.selected.department_id]

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Those of the domain and the band, too."""
        return self.narrowed(self.base)

    @property
    def is_narrowed(self) -> bool:
        """Whether counts are of part of the cases; what is judged never is."""
        return bool(self.domain or self.rank_band)

    def narrowed(self, rows: pd.DataFrame) -> pd.DataFrame:
        for name in ("domain", "rank_band"):
            if self._chosen(name):
                rows = rows[rows[name] == self._chosen(name)]
        return rows

    def total(self, figure: str) -> float:
        """The sum; 0 where there are rows but none of the chosen domain, NaN where nobody stated the figure."""
        if figure == "unvisited":
            return float(self.unvisited.sum()) if len(self.unvisited) else float("nan")
        is_stated = self.base[figure].notna().any()
        return float(self.rows[figure].sum()) if is_stated else float("nan")

    @cached_property
    def unvisited(self) -> pd.Series:
        """Visits due and not made, by department; one that made more than were due makes up for no other."""
        stated = self.rows.dropna(subset=["revisit_due", "revisited"])
        sums = stated.groupby("department_id")[["revisit_due", "revisited"]].sum()
        return (sums["revisit_due"] - sums["revisited"]).clip(lower=0)

    def by(self, name: str, figure: str) -> pd.Series:
        """The figure by source, domain, stage or band: word → sum, in the vocabulary's order."""
        stated = self.rows.dropna(subset=figure)
        sums = stated.groupby(name)[figure].sum()
        words = self.words.get(name, {})
        return pd.Series({words[code]: float(sums[code]) for code in words if code in sums.index}, dtype=float)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Figure → whether the office's files have it, and in how many rows of the window it is filled in."""
        return self.now.run("case_columns", window=self.window).set_index("figure")

    def is_absent(self, figure: str) -> bool:
        """Whether the office's files lack the column: no data, and never 0."""
        needed = ("revisit_due",) if figure == "unvisited" else (figure,)
        return any(name in self.figures.index and not self.figures.at[name, "is_given"] for name in needed)

    def label(self, figure: str) -> str:
        return self.t(f"cases.figure.{figure}")

    def count(self, figure: str) -> str:
        """The sum in words; where there is none, why: never 0 for a figure that nobody stated."""
        total = self.total(figure)
        if known(total):
            return number(total, 0)
        column = "revisit_due" if figure == "unvisited" else figure
        return self.t("cases.lacks", figure=self.label(column)) if self.is_absent(figure) else self.t("chart.no_data")

    def absent(self, figures: Iterable[str]) -> list[str]:
        """What must be said of those whose columns the files lack."""
        names = [self.label(figure) for figure in figures if self.is_absent(figure)]
        return [self.t("cases.absent", figures=self.t("list.separator").join(names))] if names else []

    @property
    def gaps(self) -> list[str]:
        """What is known of part of the rows or of the window only, in words."""
        t, said = self.t, []
        quarters = int(self.figures["quarters"].max()) if len(self.figures) else 0
        if 0 < quarters < self.window:
            said.append(t("cases.gap.window", quarters=quarters, window=self.window))
        part = self.figures[(self.figures["rows_known"] > 0) & (self.figures["rows_known"] < self.figures["row_count"])]
        for row in rows_of(part):
            words = {"known": number(row.rows_known, 0), "rows": number(row.row_count, 0)}
            said.append(t("cases.gap.rows", figure=t(f"cases.figure.{row.Index}"), **words))
        return said

    # --- shares ------------------------------------------------------------------------------------------------
    @cached_property
    def shares(self) -> dict[str, pd.DataFrame]:
        """Indicator → each department of the view with x, n, interval, limits and what is said of it."""
        found = {name: ranking_of(self.now, name, "", False, (), self.window) for name in CONCERN}
        return {name: self._of_shown(rows) for name, rows in found.items()}

    def title_of(self, indicator: str) -> str:
        return self.now.snapshot.indicators[indicator].header["title"][self.now.lang]

    def beyond(self, indicator: str, outcome: str) -> pd.DataFrame:
        rows = self.shares[indicator]
        return rows[rows["outcome"] == outcome].sort_values(["denominator", "department_id"], ascending=[False, True])

    def named(self, rows: pd.DataFrame) -> str:
        """'林业局 1/40、住建局 5/32', at most three."""
        t = self.t
        names = [
            t("cases.named", name=row.label, counts=Share(row.numerator, row.denominator).counts)
            for row in rows_of(rows.head(MOST_NAMED))
        ]
        words = t("list.separator").join(names)
        return words if len(rows) <= MOST_NAMED else t("cases.named.more", names=words, n=len(rows))

    @property
    def whom(self) -> str:
        return self.t(f"cases.whom.{self.now.scope}")

    # --- comparisons -------------------------------------------------------------------------------------------
    @cached_property
    def parts(self) -> list[Part]:
        """The rows of a comparison: the groups, in a group its departments, and of a department its surroundings."""
        t, rows = self.t, self.now.departments
        whole = Part(self.now.chosen_words if self.now.is_chosen else t("cases.all", n=len(rows)))
        if self.selected is not None:
            own = self.selected
            of_one = [Part(own.label, "department_id", own.department_id)]
            if known(own.category) and not self.now.category:
                n = int((rows["category"] == own.category).sum())
                of_one.append(Part(t("cases.group", name=own.group, n=n), "category", own.category))
            return [*of_one, whole]
        is_short = self.now.is_chosen and len(rows) <= MOST_PARTS
        if self.now.category or not self.now.groups or is_short:
            return [whole, *(Part(row.label, "department_id", row.department_id) for row in rows_of(rows))]
        sizes = rows["category"].value_counts()
        named = [
            (code, t("cases.group", name=name, n=int(sizes[code]))) for code, name in self.now.groups if code in sizes
        ]
        return [whole, *(Part(label, "category", code) for code, label in named)]

    def visits(self, part: Part | None = None) -> Share:
        """Return visits made of those due: of a part of the whole view, or of what the page is narrowed to."""
        rows = self.rows if part is None else part.of(self.narrowed(self.every))
        sums = rows[["visits_made", "visits_expected"]].sum(min_count=1)
        return Share(*map(float, sums))

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """Department → sanctioned cases and leaders held to account in eight quarters, where both were stated."""
        rows = self.narrowed(self._of_shown(self.now.run("case_counts", window=ACCOUNT_QUARTERS)))
        if self.selected is not None:
            rows = rows[rows["department_id"] == self.selected.department_id]
        columns = ["cases_sanctioned", "leaders_accountable"]
        return rows.dropna(subset=columns).groupby("department_id", as_index=False)[columns].sum()

    @cached_property
    def accountable(self) -> pd.DataFrame:
        """Those with so many sanctioned cases that a leader held to account might be among them, most cases first."""
        rows = self.accounts[self.accounts["cases_sanctioned"] >= ACCOUNT_CASES]
        rows = rows.merge(self.now.departments[["department_id", "label"]], on="department_id")
        return rows.sort_values(["cases_sanctioned", "department_id"], ascending=[False, True])

    @cached_property
    def _follow(self) -> pd.DataFrame:
        return self.now.run("case_follow", window=self.window)

    @property
    def has_supervision(self) -> bool:
        return bool(self._follow["is_given"].iloc[0])

    @property
    def followed(self) -> pd.DataFrame:
        """Supervision that followed a case to its end, by department and domain; it knows no rank bands."""
        rows = self._of_shown(self._follow.dropna(subset="department_id"))
        if self.selected is not None:
            rows = rows[rows["department_id"] == self.selected.department_id]
        return rows[rows["domain"] == self.domain] if self.domain else rows

    # --- change ------------------------------------------------------------------------------------------------
    @property
    def series(self) -> str:
        """Whose control chart is shown: the department's, the group's, or the region's."""
        if self.selected is not None:
            return str(self.selected.department_id)
        return f"{WHOLE_REGION}{self.now.category or ''}"

    @cached_property
    def chart(self) -> pd.DataFrame:
        """The filing share by quarter with its natural range, every quarter of the calendar, a missing one empty."""
        return quarterly_shares(self.now, "filing_share", self.series)

    @property
    def last_point(self) -> Any:
        """The point of the quarter shown; None where it has no value."""
        if self.chart.empty or not known(self.chart["value"].iloc[-1]):
            return None
        return self.chart.iloc[-1]


def _earlier(quarter: str, steps: int) -> str:
    for _ in range(steps):
        quarter = before(quarter)
    return quarter


# --- sentences -------------------------------------------------------------------------------------------------
def findings(view: Cases) -> list[Said]:
    """At most three, the most important first."""
    said = list(_of_one(view) if view.selected is not None else _of_all(view.whole))
    return sorted(said, key=lambda finding: -finding.weight)[:MOST_FINDINGS]


def _of_all(view: Cases) -> Iterator[Said]:
    for indicator, side in CONCERN.items():
        yield from _outliers(view, indicator, side)
    yield from _overdue(view)
    yield from _change(view)
    yield from _single_source(view)
    judged = {name: int(rows["outcome"].notna().sum()) for name, rows in view.shares.items()}
    if any(judged.values()) and not any(len(view.beyond(name, f"{side}_998")) for name, side in CONCERN.items()):
        yield Said(
            15, "quiet", view.t("cases.finding.none", whom=view.whom), view.t("cases.finding.none.body", **judged)
        )


def _outliers(view: Cases, indicator: str, side: str) -> Iterator[Said]:
    """Departments beyond the limits on the side that is looked into."""
    t = view.t
    far, near = view.beyond(indicator, f"{side}_998"), view.beyond(indicator, f"{side}_95")
    words = {"indicator": view.title_of(indicator), "whom": view.whom}
    judged = int(view.shares[indicator]["outcome"].notna().sum())
    chance = t("cases.finding.chance", n=judged, expected=number(FALSE_OUTSIDE * judged, 1))
    if len(far):
        body = [t("cases.finding.far.body")]
        if len(near):
            body.append(t(f"cases.finding.also.{side}", names=view.named(near)))
        yield Said(
            90, "alert", t(f"cases.finding.{side}_998", names=view.named(far), **words), t("sentence.space").join(body)
        )
    elif len(near):
        yield Said(60, "watch", t(f"cases.finding.{side}_95", names=view.named(near), **words), chance)


def _overdue(view: Cases) -> Iterator[Said]:
    t = view.t
    counts = {name: view.total(name) for name in OVERDUE}
    parts = [t(f"cases.flow.{name}", n=number(n, 0)) for name, n in counts.items() if known(n) and n > 0]
    if parts:
        share = view.visits()
        body = []
        if known(share.value):
            body.append(t("cases.finding.overdue.share", share=share_text(t, share)))
        if counts["open_overdue"] > 0:  # NaN is not
            body.append(t("cases.finding.overdue.open"))
        title = t("list.separator").join(parts)
        yield Said(80, "over", title[:1].upper() + title[1:], t("sentence.space").join(body))


def _change(view: Cases) -> Iterator[Said]:
    """A change is called real by the limits alone; which way is good, nobody says of this share."""
    point = view.last_point
    if point is None or point["direction"] not in ("high", "low", "common"):
        return
    is_real = point["direction"] != "common"
    yield Said(70 if is_real else 20, "change" if is_real else "quiet", change_title(view), change_body(view))


def change_title(view: Cases) -> str:
    """What the control chart says of the last quarter."""
    t, point = view.t, view.last_point
    if point is None:
        return t("cases.change.missing")
    return t(f"cases.change.{point['direction'] or ('few' if known(point['lower']) else 'unknown')}")


def change_body(view: Cases) -> str:
    t, point = view.t, view.last_point
    words = {"quarter": quarter_name(t, view.now.quarter), "value": number(point["value"])}
    if not known(point["lower"]):
        return t("cases.change.body.short", **words)
    key = "cases.change.body.trial" if point["is_trial"] else "cases.change.body"
    return t(key, low=number(point["lower"]), high=number(point["upper"]), **words)


def source_share(view: Cases) -> tuple[list[str], Share] | None:
    """The source of most leads, or those tied, with the share of one; None where sources are not told apart."""
    leads = view.by("source", "leads")
    if not view.choices("source") or leads.sum() == 0:
        return None
    largest = leads[leads == leads.max()]
    return largest.index.tolist(), Share(float(leads.max()), float(leads.sum()))


def _single_source(view: Cases) -> Iterator[Said]:
    if (found := source_share(view)) and found[1].interval[0] > 100 * SINGLE_SOURCE:
        [source], share = found
        words = share_words(share)
        yield Said(
            50,
            "watch",
            view.t("cases.finding.source", source=source, **words),
            view.t("cases.finding.source.body", **words),
        )


def _of_one(view: Cases) -> Iterator[Said]:
    """What the limits say of the selected department's three shares."""
    t = view.t
    for i, (indicator, side) in enumerate(CONCERN.items()):
        rows = view.shares[indicator]
        row = next(rows_of(rows[rows["department_id"] == view.selected.department_id]), None)
        title = view.title_of(indicator)
        if row is None or not known(row.value):
            yield Said(1 - i, "quiet", t("cases.one.none", indicator=title), t("cases.one.none.body"))
            continue
        share = Share(row.numerator, row.denominator)
        outcome = row.outcome if known(row.outcome) else "few" if row.note == "few" else "unjudged"
        is_concern = outcome.startswith(side)
        sign = ("alert" if outcome.endswith("998") else "watch") if is_concern else "quiet"
        weight = {"alert": 90, "watch": 60, "quiet": 10}[sign] - i
        words = {"indicator": title, "counts": share.counts, "value": number(row.value)}
        heading = t(f"cases.one.{'percent' if share.n >= FEWEST_FOR_PERCENT else 'counts'}", **words)
        body = [t(f"cases.one.{outcome}", whom=view.whom)]
        if known(row.limit_low_95) and known(row.limit_high_95):
            limits = {"low": number(row.limit_low_95), "high": number(row.limit_high_95)}
            body.append(t("cases.one.limits", benchmark=number(row.benchmark), whom=view.whom, **limits))
        if outcome != "few" and (words := caveat(view.now, row.note)):
            body.append(t("panel.caveat", note=words))
        yield Said(weight, sign, heading, t("sentence.space").join(body))


def share_words(share: Share) -> dict[str, str]:
    """What sentences say of a share: x, n, the percentage, and its interval."""
    low, high = share.interval
    return {
        "x": number(share.x, 0),
        "n": number(share.n, 0),
        "value": number(share.value),
        "low": number(low),
        "high": number(high),
    }


def share_text(t: Text, share: Share) -> str:
    """'38.1%（455/1,195，95% 区间 35.4–40.9%）'; of fewer than 50 the counts first; a dash for none."""
    if not known(share.value):
        return MISSING
    if not known(share.interval[0]):  # above 100 %: visits of earlier quarters' cases, say; explained, not clipped
        return t("cases.share.more", value=number(share.value), counts=share.counts)
    return t("cases.share.percent" if share.n >= FEWEST_FOR_PERCENT else "cases.share.counts", **share_words(share))


def short_share(t: Text, share: Share) -> str:
    """'38.6%', of fewer than 50 '12/31'."""
    return t("cases.percent", value=number(share.value)) if share.n >= FEWEST_FOR_PERCENT else share.counts


def interval_text(t: Text, share: Share) -> str:
    """'95% 区间 35.9–41.4%'; '' where there is none."""
    low, high = share.interval
    return t("cases.share.interval", low=number(low), high=number(high)) if known(low) else ""


def flow_title(view: Cases) -> str:
    """The steps with their numbers, then what is overdue; what is not known is said."""
    t = view.t
    steps, totals = [], {step: view.total(step) for step in STEPS}
    for step in STEPS:
        if step == "cases_sanctioned":  # named with the people beside it
            continue
        n = totals[step]
        steps.append(
            t(f"cases.flow.{step}", n=number(n, 0)) if known(n) else t("cases.flow.missing", step=view.label(step))
        )
    late = [(name, view.total(name)) for name in OVERDUE]
    overdue = [t(f"cases.flow.{name}", n=number(n, 0)) for name, n in late if known(n) and n > 0]
    title = t("cases.comma").join(steps)
    return t("cases.flow.title", steps=title, overdue=t("cases.comma").join(overdue)) if overdue else title


def people_lines(view: Cases) -> str:
    """The people beside the flow; both kinds of sanction overlap, and by how much at least is said."""
    t = view.t
    people, party, administrative = (view.total(name) for name in PEOPLE)
    if not known(people):
        return t("cases.people.none", figure=view.label("people_sanctioned"))
    lines = [t("cases.people", n=number(people, 0))]
    if known(party) and known(administrative):
        lines.append(t("cases.people.kinds", party=number(party, 0), administrative=number(administrative, 0)))
        if party + administrative > people:
            lines.append(t("cases.people.both", n=number(party + administrative - people, 0)))
    else:
        missing = [view.label(name) for name, n in zip(PEOPLE[1:], (party, administrative)) if not known(n)]
        lines += [t("cases.people.none", figure=figure) for figure in missing]
    return "\n".join(lines)


# --- the file --------------------------------------------------------------------------------------------------
def sheet_of(view: Cases) -> Sheet:
    """Per department: the count of each step, and the shares with interval, limits and what is said of them."""
    now, t = view.now, view.t
    listed = now.departments
    if view.selected is not None:
        listed = listed[listed["department_id"] == view.selected.department_id]
    # a sum of no figures is no figure; a department with rows of other domains has none of this one
    sums = view.rows.groupby("department_id")[list(FIGURES)].sum(min_count=1)
    stated = view.base.groupby("department_id")[list(FIGURES)].count() > 0
    sums = sums.reindex(stated.index).where(sums.reindex(stated.index).notna() | ~stated, 0.0)
    shares = {name: rows.set_index("department_id") for name, rows in view.shares.items()}
    kind = t("sheet.kind.demonstration" if now.snapshot.demonstration else "sheet.kind.office")
    columns = (
        *(t(key) for key in ("sheet.quarter", "cases.sheet.window", "sheet.id", "sheet.name", "sheet.category")),
        *(t("cases.sheet.figure", figure=t(f"cases.figure.{f}"), unit=t(f"cases.unit.{f}")) for f in FIGURES),
        *(t(f"cases.sheet.{name}", indicator=view.title_of(one)) for one in CONCERN for name in _OF_SHARE),
        *(t(f"sheet.{name}") for name in ("snapshot", "kind")),
    )
    lines = tuple(
        (
            now.quarter,
            view.window,
            row.department_id,
            row.full_name,
            row.group if known(row.group) else "",
            *(_whole(sums.at[row.department_id, f]) if row.department_id in sums.index else None for f in FIGURES),
            *(cell for name in CONCERN for cell in _share_cells(view, shares[name].loc[row.department_id])),
            now.snapshot.id,
            kind,
        )
        for row in rows_of(listed)
    )
    name = "_".join(
        [t("app.name"), t("nav.cases"), quarter_name(t, now.quarter)]
        + ([t("app.demonstration")] if now.snapshot.demonstration else [])
    )
    return Sheet(name, columns, lines, _notes(view, len(lines), kind))


_OF_SHARE = ("share", "numerator", "denominator", "low", "high", "limit_low", "limit_high", "outcome", "note")


def _share_cells(view: Cases, row: pd.Series) -> tuple[Any, ...]:
    numbers = ("value", "numerator", "denominator", "low", "high", "limit_low_95", "limit_high_95")
    cells = [round(float(row[name]), 1) if known(row[name]) else None for name in numbers]
    outcome = view.t(f"cases.outcome.{row['outcome'] if known(row['outcome']) else 'unjudged'}")
    return (*cells, outcome if known(row["value"]) else view.t("reason.missing"), caveat(view.now, row["note"]))


def _notes(view: Cases, listed: int, kind: str) -> tuple[tuple[str, str], ...]:
    now, t = view.now, view.t
    lacking = [t(f"cases.figure.{figure}") for figure in FIGURES if view.is_absent(figure)]
    chosen = {name: view.words[name][code] for name in ("domain", "rank_band") if (code := view._chosen(name))}
    return (
        (t("sheet.title"), f"{t('app.name')} · {t('nav.cases')} · {view.period}"),
        (t("sheet.kind"), kind),
        (t("sheet.quarter"), quarter_name(t, now.quarter)),
        (t("cases.sheet.window"), view.period),
        (t("sheet.region"), dict(now.regions)[now.region]),
        (t("sheet.category"), dict(now.groups)[now.category] if now.category else t("sheet.all")),
        *now.chosen_notes,
        (t("filter.scope"), t(f"filter.scope.{now.scope}")),
        (t("cases.filter.domain"), chosen.get("domain", t("sheet.all"))),
        (t("cases.filter.rank_band"), chosen.get("rank_band", t("sheet.all"))),
        (t("sheet.content"), t("sheet.listed", n=listed)),
        (t("cases.sheet.units"), t("cases.sheet.units.body")),
        (t("sheet.method"), t("cases.sheet.method")),
        *([(t("cases.sheet.lacking"), t("list.separator").join(lacking))] if lacking else []),
        *((t("sheet.note"), gap) for gap in view.gaps),
        (t("sheet.source"), "cases · D2 §1.4, D6 §3.1"),
        (t("sheet.snapshot"), f"{now.snapshot.number} · {now.snapshot.id}"),
        *([(t("sheet.known"), f"{now.filters.known}")] if now.filters.known else []),
        (t("sheet.time"), f"{datetime.datetime.now().astimezone():%Y-%m-%d %H:%M %z}"),
        (t("sheet.page"), f"{PATH}{now.filters.to_search()}"),
        (t("sheet.principle"), t("foot.principle")),
    )


def _whole(value: float) -> int | None:
    return int(value) if known(value) else None


def is_among_peers(view: Cases) -> bool:
    """Whether the drawn limits are of several peer groups."""
    return view.now.scope == PEERS and view.now.category is None
