"""Complaints as tables and sentences: who is outside the limits, what changed, what became of them, the file."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts.control import SIGNALS
from dashboard.components.sheet import Sheet
from dashboard.findings import FALSE_OUTSIDE, is_rare
from dashboard.i18n.text import Text, known, number, quarter_name
from dashboard.pages._scene import Scene
from dashboard.rows import rows_of, tuples_of
from dashboard.statistics.intervals import wilson

RATE, RECEIVED = "complaint_rate", "complaints_received"
SHARES = ("on_time_share", "substantiated_share", "dissatisfied_share")
WHOLE_REGION = "*"  # the peer set of departments whose own kind is too small; the region's own series
ALERT, WATCH, LOW = "high_998", "high_95", ("low_998", "low_95")
OUTSIDE = (ALERT, WATCH, *LOW)
BAD_SIDE = {"higher": "low", "lower": "high"}  # which side of the limits is the worse one; of neither there is none
STAFF, YEARS = "staff", "years"  # what rates are divided by: years of staff where a window lacks quarters
CAVEATS = ("partial_quarter", "staff_carried", "short_window", "few")
FEW = 3  # complaints: with fewer, and no more to be expected, a rate is not judged
FEWEST_FOR_PERCENT = 50  # cases; a share of fewer is written as what it is, x of n
FEWEST_TO_NAME = 10  # cases of a department whose share opens the page; the limits of fewer are rough
MOST_FINDINGS = 3
NAMED = 3  # departments that a sentence names before it says “and others”
MOST_SIGNALS = 3  # of a chart, explained in words
MOST_CATEGORIES = 11  # columns of the heat map; more than one beyond them are added up in one
MOST_ROWS = 12


# --- departments -----------------------------------------------------------------------------------------------
def outside(rows: pd.DataFrame, outcomes: Sequence[str]) -> pd.DataFrame:
    """Those with one of these outcomes, in the order of the outcomes; within one, farthest from the others first."""
    told = enumerate(tuples_of(rows, "outcome", "value", "department_id"))
    found = sorted(
        (outcomes.index(outcome), value if outcome in LOW else -value, department, at)
        for at, (outcome, value, department) in told
        if outcome in outcomes
    )
    return rows.iloc[[at for *_, at in found]]


def by_rate(rows: pd.DataFrame) -> pd.DataFrame:
    """The highest rate first; then those on so few complaints that their rate says nothing, then those without one."""
    found = sorted(
        (not known(value), not known(outcome), -value if known(value) else 0.0, department, at)
        for at, (outcome, value, department) in enumerate(tuples_of(rows, "outcome", "value", "department_id"))
    )
    return rows.iloc[[at for *_, at in found]]


def unjudged(t: Text, rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """(reason, departments) of those that were not judged, none of which may pass for good."""
    others = rows[rows["outcome"].isna()]
    reasons = pd.Series([why_unjudged(t, row) for row in rows_of(others)], others.index, dtype=object)
    return [(reason, others[reasons == reason]) for reason in reasons.unique()]


def why_unjudged(t: Text, row: Any) -> str:
    if row.note == "no_staff":
        return t("complaints.reason.no_staff")
    if not known(row.value):
        return t("reason.missing")
    # its note may tell of the window instead
    return t("complaints.reason.few" if row.numerator < FEW else "complaints.reason.alone")


def caveats(t: Text, note: str | None) -> str:
    """What must be known of a value to read it rightly; '' where there is nothing to say."""
    return t(f"note.{note}") if known(note) and note in CAVEATS else ""


def counted(t: Text, row: Any) -> str:
    """'档案局（14 件/37 人）'."""
    return t("complaints.named", name=row.label, numerator=number(row.numerator, 0), staff=staff(t, row))


def staff(t: Text, row: Any) -> str:
    """What a rate is divided by, with its unit: people, or years of them where a window lacks quarters."""
    return t(f"complaints.staff.{row.unit}", n=number(row.denominator, int(row.unit == YEARS)))


def hover(t: Text, row: Any, window: str) -> str:
    """All that is known of a point of the funnel, its name first; `window` in words."""
    if not known(row.value):
        return row.label
    lines = [
        row.label,
        t(
            "complaints.hover.rate",
            numerator=number(row.numerator, 0),
            staff=staff(t, row),
            value=number(row.value),
        ),
        t("complaints.hover.interval", low=number(row.low), high=number(row.high)),
    ]
    if known(row.outcome):
        limits = {
            "low": number(row.limit_low_95),
            "high": number(row.limit_high_95),
            "highest": number(row.limit_high_998),
        }
        lines += [t("complaints.hover.limits", **limits), t(f"outcome.{row.outcome}")]
    else:
        lines.append(t("complaints.unjudged"))
    if known(row.activities):
        lines.append(t("complaints.hover.activities", n=number(row.activities, 0), window=window))
    return "\n".join([*lines, *([words] if (words := caveats(t, row.note)) else [])])


def received(row: Any) -> str:
    return number(row.numerator if known(row.numerator) else row.received, 0)


def upper_first(words: str) -> str:
    return words[:1].upper() + words[1:]


def names(t: Text, labels: Sequence[str], most: int = NAMED) -> str:
    listed = t("list.separator").join(labels[:most])
    return t("complaints.names.more", names=listed) if len(labels) > most else listed


# --- time ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Series:
    """One series of counts as the quarter's control chart shows it."""

    who: str
    points: pd.DataFrame
    grain: str  # 'month'; 'quarter' where no months are reported; 'rare' where months have too few to be judged

    @property
    def last(self) -> Any:
        return self.points.iloc[-1]

    @property
    def is_sparse(self) -> bool:
        return is_rare(self.points) or (self.last["direction"] == "" and known(self.last["lower"]))

    @property
    def change(self) -> str:
        """Of the last point: 'high', 'low', 'common', 'sparse', 'few' (no limits yet) or 'none' (no points)."""
        if self.points.empty:
            return "none"
        if self.is_sparse:
            return "sparse"
        return self.last["direction"] or "few"

    @property
    def is_charted(self) -> bool:
        """There are limits, and counts enough for them to mean something."""
        return self.change in ("high", "low", "common")

    @property
    def signals(self) -> pd.DataFrame:
        return signals(self.points if self.is_charted else self.points.head(0))


def series(who: str, points: pd.DataFrame) -> Series:
    """`points`: of pages/complaint_points; months where there are any and they have enough."""
    own = points[points["indicator"] == RECEIVED]
    months, quarters = (
        own[own["grain"] == grain].sort_values("period").reset_index(drop=True) for grain in ("month", "quarter")
    )
    if months.empty:
        return Series(who, quarters, "quarter")
    return Series(who, quarters, "rare") if is_rare(months) and len(quarters) else Series(who, months, "month")


def signals(points: pd.DataFrame) -> pd.DataFrame:
    """Points of one rule that follow each other, as one row: its first and last period, its last value and limits."""
    there = points[points["point_type"].isin(SIGNALS)]
    at = there.index.to_series()
    # two points of three need not stand side by side
    near = at.diff() <= there["point_type"].eq("two_of_three") + 1
    same = near & (
        there[["point_type", "direction", "segment"]] == there[["point_type", "direction", "segment"]].shift()
    ).all(axis=1)
    return there.groupby((~same).cumsum()).agg(
        point_type=("point_type", "first"),
        direction=("direction", "first"),
        first=("period", "first"),
        last=("period", "last"),
        value=("value", "last"),
        lower=("lower", "last"),
        upper=("upper", "last"),
    )


def signal_sentences(t: Text, found: pd.DataFrame) -> list[str]:
    """Each signal in words, with the rule that gave it; the newest first."""
    said = [signal_words(t, row) for row in rows_of(found.iloc[::-1].head(MOST_SIGNALS))]
    earlier = len(found) - len(said)
    return [*said, t("complaints.signal.earlier", n=earlier)] if earlier else said


def signal_words(t: Text, row: Any) -> str:
    first, last = period_name(t, row.first), period_name(t, row.last)
    when = first if first == last else t("complaints.span", first=first, last=last)
    limit = number(whole_limits(row.lower, row.upper)[row.direction == "high"], 0)
    words = {"when": when, "value": number(row.value, 0), "limit": limit}
    return t(f"complaints.signal.{row.point_type}.{row.direction}", **words)


def whole_limits(lower: float, upper: float) -> tuple[float, float]:
    """The whole numbers inside the natural range: a count is beyond a limit just when it is beyond these."""
    return max(-(-lower // 1), 0.0), upper // 1


def drawable(t: Text, of: Series) -> pd.DataFrame:
    """The points with what the chart needs; counts so rare that a chart cannot judge them have no limits."""
    points = of.points
    low, high = -(-points["lower"] // 1), points["upper"] // 1
    points = points.assign(
        period=[period_name(t, period) for period in points["period"]],
        lower=low.clip(lower=0),
        upper=high,
        target=float("nan"),
        note=None,
    )
    if of.is_sparse:
        points = points.assign(lower=float("nan"), upper=float("nan"), point_type="common", direction="common")
    return points


def period_name(t: Text, period: str) -> str:
    """'2026-08' or '2026Q3' in words."""
    if "Q" in period:
        return quarter_name(t, period)
    return t("complaints.month", year=period[:4], month=period[5:])


# --- what became of them ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Share:
    """One share of the view's complaints together: x of n, its interval, its change, who is outside the limits."""

    indicator: str
    label: str
    header: dict[str, Any]
    numerator: float
    denominator: float
    low: float
    high: float
    change: str  # of the quarterly chart's last point; '' where there are too few
    is_above: bool  # that point lies above its mean
    outside: pd.DataFrame
    judged: int

    @property
    def value(self) -> float:
        return 100 * self.numerator / self.denominator if self.denominator else float("nan")

    @property
    def worse_side(self) -> str:
        return BAD_SIDE.get(self.header["better"], "")

    def is_worse(self, outcome: str) -> bool:
        return outcome.split("_")[0] == self.worse_side


def share(
    indicator: str,
    label: str,
    header: dict[str, Any],
    rows: pd.DataFrame,
    points: pd.DataFrame,
    own: str | None = None,
) -> Share:
    """`rows`: of pages/complaint_shares with `label`; `points` of pages/complaint_points; `own`: one department's."""
    rows = rows[rows["indicator"] == indicator]
    chosen = rows[rows["department_id"] == own] if own else rows
    both = chosen.dropna(subset=["numerator", "denominator"])
    up, down = float(both["numerator"].sum()), float(both["denominator"].sum())
    low, high = (100 * float(end) for end in wilson(up, down))
    charted = points[(points["indicator"] == indicator) & (points["grain"] == "quarter")]
    last = charted.sort_values("period").iloc[-1] if len(charted) else None
    return Share(
        indicator,
        label,
        header,
        up,
        down,
        low,
        high,
        "" if last is None else last["direction"],
        last is not None and bool(last["value"] > last["mean"]),
        outside(rows, OUTSIDE),
        int(rows["outcome"].notna().sum()),
    )


def share_value(shown: Share) -> tuple[str, str]:
    """The figure and its unit: percent, or x of n where n is small; a dash where there is none."""
    if not shown.denominator:
        return number(float("nan")), ""
    if shown.denominator < FEWEST_FOR_PERCENT:
        return f"{number(shown.numerator, 0)}/{number(shown.denominator, 0)}", ""
    return number(shown.value, shown.header["decimals"]), "%"


# --- findings --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Said:
    """One finding; `sign`: the outcome whose sign stands before it, '' for none."""

    weight: int
    sign: str
    title: str
    body: str


def findings(t: Text, rows: pd.DataFrame, of: Series, shares: Sequence[Share], window: str) -> list[Said]:
    """At most three, the most important first: what chance hardly makes, then what it sometimes makes, then calm."""
    found = [
        *_high(t, rows, window),
        *_low(t, rows),
        *_change(t, of),
        *(said for shown in shares for said in _share(t, shown)),
        *_unjudged(t, rows),
    ]
    return sorted(found, key=lambda said: -said.weight)[:MOST_FINDINGS]


def _high(t: Text, rows: pd.DataFrame, window: str) -> list[Said]:
    judged = rows["outcome"].notna().sum()
    if not judged:
        return []
    found, space = [], t("sentence.space")
    alert, watch = outside(rows, (ALERT,)), outside(rows, (WATCH,))
    if len(alert):
        body = [t("complaints.finding.alert.body", names=_counted(t, alert))]
        never = alert[alert["activities"] == 0]
        if len(never):
            whom = names(t, never["label"].tolist())
            body.append(t("complaints.finding.alert.unsupervised", names=whom, window=window))
        found.append(
            Said(100, ALERT, t("complaints.finding.alert.title", n=len(alert), judged=judged), space.join(body))
        )
    if len(watch):
        body = t("complaints.finding.watch.body", names=_counted(t, watch), **_by_chance(judged))
        found.append(Said(70, WATCH, t("complaints.finding.watch.title", n=len(watch), judged=judged), body))
    if not found:
        body = t("complaints.finding.calm.body", judged=judged)
        found.append(Said(30, "", t("complaints.finding.calm.title"), body))
    return found


def _by_chance(judged: int) -> dict[str, Any]:
    """At most about so many beyond one limit."""
    return {"judged": judged, "chance": number(FALSE_OUTSIDE * judged, 1)}


def _counted(t: Text, rows: pd.DataFrame) -> str:
    return names(t, [counted(t, row) for row in rows_of(rows)])


def _low(t: Text, rows: pd.DataFrame) -> list[Said]:
    low = outside(rows, LOW)
    if low.empty:
        return []
    sign = low["outcome"].iloc[0]
    words = _by_chance(int(rows["outcome"].notna().sum()))
    body = t("complaints.finding.low.body", names=_counted(t, low), **words)
    title = t("complaints.finding.low.title", n=len(low), **words)
    return [Said(80 if sign == LOW[0] else 50, sign, title, body)]


def _change(t: Text, of: Series) -> list[Said]:
    if not of.is_charted:
        return []
    change, last = of.change, of.last
    words = {"who": of.who, "period": period_name(t, last["period"]), "value": number(last["value"], 0)}
    title = t(f"complaints.finding.time.{change}", **words)
    low, high = whole_limits(last["lower"], last["upper"])
    trial = [t("complaints.trial")] if last["is_trial"] else []
    if change == "common":
        body = [t("complaints.finding.time.body", low=number(low, 0), high=number(high, 0), **words), *trial]
        return [Said(20, "", title, t("sentence.space").join(body))]
    newest = of.signals.iloc[-1]
    body = [signal_words(t, newest), *trial, t("complaints.more_is_not_worse")]
    return [Said(90, "", title, t("sentence.space").join(body))]


def _share(t: Text, shown: Share) -> list[Said]:
    found, label = [], shown.label
    if shown.change in ("concern", "improvement", "high", "low"):
        body = t(f"complaints.share.base.{shown.indicator}", **_base(shown))
        title = t(f"complaints.finding.share.{shown.change}", label=label)
        found.append(Said(75 if shown.change == "concern" else 45, "", title, body))
    enough = shown.outside[shown.outside["denominator"] >= FEWEST_TO_NAME]
    worse = enough[[shown.is_worse(outcome) for outcome in enough["outcome"]]]
    if len(worse):
        listed = [t("complaints.named.share", name=row.label, **_base(row)) for row in rows_of(worse)]
        words = {"label": label, "side": t(f"complaints.side.{shown.worse_side}"), "n": len(worse)}
        alert = worse["outcome"].str.endswith("_998").any()
        title = t("complaints.finding.share.outside", **words)
        body = t("complaints.finding.share.body", names=names(t, listed), **_by_chance(shown.judged))
        found.append(Said(65 if alert else 55, ALERT if alert else WATCH, title, body))
    return found


def _base(row: Any) -> dict[str, str]:
    return {"numerator": number(row.numerator, 0), "denominator": number(row.denominator, 0)}


def _unjudged(t: Text, rows: pd.DataFrame) -> list[Said]:
    """Who is missing from the comparison; on a handful of complaints there is nothing to miss."""
    few = t("complaints.reason.few")
    groups = [(reason, whom) for reason, whom in unjudged(t, rows) if reason != few]
    n, is_all = sum(len(whom) for _, whom in groups), len(rows) > 0 and rows["outcome"].isna().all()
    if not n and is_all:
        body = t("complaints.finding.few.body", n=len(rows), received=number(rows["received"].sum(), 0))
        return [Said(95, "", t("complaints.funnel.title.few"), body)]
    if not n:
        return []
    key = "all" if is_all else "some"
    listed = [t("ranking.unranked.item", name=name, reason=reason) for reason, whom in groups for name in whom["label"]]
    title = t(f"complaints.finding.unjudged.{key}", n=n)
    body = t("complaints.finding.unjudged.body", names=names(t, listed))
    return [Said(95 if key == "all" else 40, "", title, body)]


# --- categories ------------------------------------------------------------------------------------------------
def categories(counts: pd.DataFrame, lang: str) -> list[tuple[str, float]]:
    """(name, complaints) of every category that occurred, the largest first."""
    totals = counts.groupby(lang, sort=False)["received"].sum()
    return [(str(name), float(total)) for name, total in totals.items() if total > 0]


def columns_of(t: Text, found: list[tuple[str, float]]) -> dict[str, list[str]]:
    """The columns of the heat map, each with the categories added up in it: the rarer ones share the last."""
    names_found = [name for name, _ in found]
    if len(names_found) <= MOST_CATEGORIES + 1:
        return {name: [name] for name in names_found}
    rest = names_found[MOST_CATEGORIES:]
    return {name: [name] for name in names_found[:MOST_CATEGORIES]} | {t("complaints.heat.rest", n=len(rest)): rest}


def heat_cells(rows: pd.DataFrame, counts: pd.DataFrame, columns: dict[str, list[str]], lang: str) -> pd.DataFrame:
    """row, column, count of each department and column; `columns`: name → the categories added up in it.

    A department without any figure of complaints has cells without a count: none is not zero.
    """
    by = counts.groupby(["department_id", lang])["received"].sum().to_dict()
    reported = set(counts["department_id"]) | set(rows.loc[rows["received"].notna(), "department_id"])
    cells = [
        (label, column, sum(by.get((key, name), 0.0) for name in added) if key in reported else float("nan"))
        for key, label in zip(rows["department_id"], told_apart(rows))
        for column, added in columns.items()
    ]
    return pd.DataFrame(cells, columns=["row", "column", "count"])


def told_apart(rows: pd.DataFrame) -> list[str]:
    """The labels; where several departments have the same one, with their ids."""
    again = rows["label"].duplicated(keep=False)
    return [f"{row.label} {row.department_id}" if same else row.label for row, same in zip(rows_of(rows), again)]


# --- the file --------------------------------------------------------------------------------------------------
LIMITS = ("limit_low_998", "limit_low_95", "limit_high_95", "limit_high_998")


def sheet_of(now: Scene, rows: pd.DataFrame, window: int, period: str) -> Sheet:
    """The departments of the funnel with all that is said of them, and what a reader needs who has only the file."""
    t, header = now.t, now.snapshot.indicators[RATE].header
    kind = t("sheet.kind.demonstration" if now.snapshot.demonstration else "sheet.kind.office")
    title, unit = header["title"][now.lang], header["unit"][now.lang]
    columns = (
        *(t(f"sheet.{name}") for name in ("quarter", "id", "name", "category")),
        t("filter.window"),
        *(t(f"complaints.column.{name}") for name in ("received", *rows["unit"].head(1))),
        t("sheet.value", indicator=title, unit=unit),
        *(t(f"complaints.column.{name}") for name in ("low", "high", *LIMITS, "outcome", "activities")),
        *(t(f"sheet.{name}") for name in ("note", "snapshot", "kind")),
    )
    lines = tuple(
        (
            now.quarter,
            row.department_id,
            row.full_name,
            row.group if known(row.group) else "",
            window,
            _number(row.numerator if known(row.numerator) else row.received, 0),
            _number(row.denominator, 2),
            _number(row.value, header["decimals"]),
            *(_number(getattr(row, name), header["decimals"]) for name in ("low", "high", *LIMITS)),
            t(f"outcome.{row.outcome}") if known(row.outcome) else t("complaints.unjudged"),
            _number(row.activities, 0),
            caveats(t, row.note) if known(row.outcome) else why_unjudged(t, row),
            now.snapshot.id,
            kind,
        )
        for row in rows_of(by_rate(rows))
    )
    parts = [t("app.name"), t("nav.complaints"), quarter_name(t, now.quarter)]
    name = "_".join(parts + ([t("app.demonstration")] if now.snapshot.demonstration else []))
    notes = (
        (t("sheet.title"), f"{t('app.name')} · {t('nav.complaints')} · {title} · {period}"),
        (t("sheet.kind"), kind),
        (t("sheet.quarter"), quarter_name(t, now.quarter)),
        (t("filter.window"), period),
        (t("sheet.region"), dict(now.regions)[now.region]),
        (t("sheet.category"), dict(now.groups)[now.category] if now.category else t("sheet.all")),
        *now.chosen_notes,
        (t("filter.scope"), t(f"filter.scope.{now.scope}")),
        (t("sheet.content"), t("sheet.listed", n=len(lines))),
        (t("sheet.method"), t("complaints.method")),
        (t("sheet.source"), f"{', '.join(header['tables'])} · {header['source']}"),
        (t("sheet.snapshot"), f"{now.snapshot.number} · {now.snapshot.id}"),
        *([(t("sheet.known"), f"{now.filters.known}")] if now.filters.known else []),
        *(
            [(t("sheet.fell_back"), t("notice.fell_back", number=now.snapshot.number))]
            if now.snapshot.fell_back
            else []
        ),
        (t("sheet.time"), f"{datetime.datetime.now().astimezone():%Y-%m-%d %H:%M %z}"),
        (t("sheet.page"), f"/complaints{now.filters.to_search()}"),
        (t("sheet.principle"), t("foot.principle")),
    )
    return Sheet(name, columns, lines, notes)


def _number(value: float, decimals: int) -> float | int | None:
    if not known(value):
        return None
    return int(round(value)) if decimals == 0 else round(float(value), decimals)
