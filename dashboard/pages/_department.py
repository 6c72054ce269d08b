"""One department whole: what is asked of the data for it, what can be said of it in three sentences, and its files."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard.charts.control import ControlPanel
from dashboard.components.explain import indicator_address
from dashboard.components.links import DEPARTMENT_PATH, door
from dashboard.components.ranking_rows import places
from dashboard.components.sheet import Sheet
from dashboard.filters import COMPOSITE
from dashboard.findings import FALSE_OUTSIDE, by_chance
from dashboard.gaps import FLAGS
from dashboard.i18n.text import Text, known, number
from dashboard.pages._complaints import FEW, RATE, RECEIVED, STAFF, YEARS, staff, upper_first, why_unjudged
from dashboard.pages._evidence import Behind, common_notes, file_name, heads, table_rows, values
from dashboard.pages._follow_up import Records, signature
from dashboard.pages._gaps import Gaps, change
from dashboard.pages._notes import Pinned, flagged
from dashboard.pages._ranking import Measure, Ranking, caveat, measures, ranking_of, reason
from dashboard.pages._scene import PEERS, Scene
from dashboard.rows import rows_of, tuples_of
from dashboard.schema import TABLES

PATH = DEPARTMENT_PATH
SUPERVISED = "supervision_activities"
DIMENSION = "dimension_score"
WHOLE_REGION = "*"
QUARTERS_OF_TIMELINE, QUARTERS_OF_HISTORY = 12, 8
SHORTEST_SILENCE = 2  # quarters without supervision that are drawn as a silence
NAMED = 3
FEWEST_FOR_PERCENT = 50  # cases; a share of fewer is written as what it is, x of n


@dataclass(frozen=True)
class Said:
    """One sentence of the verdict; `clause` is the same in a few words, for the heading."""

    weight: int  # the more it weighs, the earlier it is said
    clause: str
    text: str
    tone: str = ""  # 'worse' or 'better' where a stored judgement says so


@dataclass(frozen=True)
class View:
    """The scene with what this page needs of it, each asked for once."""

    now: Scene  # its peer group says among whom the reader steps to the next department

    @cached_property
    def whole(self) -> Scene:
        """The department is shown whichever peer group was chosen on the way here."""
        return replace(self.now, category=None)

    @cached_property
    def department(self) -> Any:
        """The row of the department; None where the address names none that stood in the quarter."""
        rows = self.whole.departments
        return next(rows_of(rows[rows["department_id"] == self.now.filters.department]), None)

    @property
    def id(self) -> str:
        return str(self.department.department_id)

    # --- the place in the ranking --------------------------------------------------------------------------------
    @cached_property
    def ranking(self) -> Ranking:
        """The order in which the reader steps: the ranking's, by whatever it was sorted."""
        return Ranking(self.now)

    @cached_property
    def order(self) -> list[str]:
        return [row.department_id for row in self.ranking.shown]

    @property
    def beside(self) -> tuple[str | None, str | None]:
        """The departments before and after this one in that order."""
        if self.department is None or self.id not in self.order:
            return None, None
        at = self.order.index(self.id)
        return (self.order[at - 1] if at else None, self.order[at + 1] if at + 1 < len(self.order) else None)

    @cached_property
    def standing(self) -> Any:
        """Its row in the ranking by the office's composite; None where nothing was scored."""
        rows = ranking_of(self.whole, COMPOSITE)
        return next(rows_of(rows[rows["department_id"] == self.id]), None)

    # --- indicators ----------------------------------------------------------------------------------------------
    @cached_property
    def measures(self) -> dict[str, Measure]:
        return measures(self.whole)

    @cached_property
    def judged(self) -> dict[tuple[str, str, int], Any]:
        """(indicator, variant, quarters) → its row, with what the control chart says of the quarter: no chart is drawn
        of the sums over a window."""
        rows = self.whole.run("department_judgements", departments=[self.id])
        key, charted = ["indicator", "variant"], ["variation", "assurance", "trend"]
        quarter = rows.loc[rows["window_quarters"] == 1, [*key, *charted]]
        rows = rows.drop(columns=charted).merge(quarter, how="left", on=key)
        return {(row.indicator, row.variant, row.window_quarters): row for row in rows_of(rows)}

    def of(self, indicator: str, variant: str = "", window: int | None = None) -> Any:
        """What is said of it by one indicator over the page's window, or over one quarter where nothing is added up."""
        wanted = window or self.window
        return self.judged.get((indicator, variant, wanted)) or self.judged.get((indicator, variant, 1))

    @cached_property
    def same_kind(self) -> pd.DataFrame:
        """The department and those of its kind, as `Snapshot.same_kind`; its own row alone where there are too few."""
        rows, _ = self.whole.snapshot.same_kind(self.whole.region, self.id, self.whole.quarter)
        return rows

    @property
    def window(self) -> int:
        return self.now.window()

    @property
    def window_words(self) -> str:
        return self.now.t(f"complaints.window.{self.window}")

    @cached_property
    def peer_set(self) -> str:
        if self.whole.scope != PEERS:
            return WHOLE_REGION
        sets = self.whole.run("peer_sets").set_index("department_id")["peer_set"]
        return str(sets.get(self.id, WHOLE_REGION))

    @property
    def whom(self) -> str:
        return self.now.t("ranking.whom.region" if self.peer_set == WHOLE_REGION else "ranking.whom.peers")

    @cached_property
    def dimensions(self) -> list[tuple[str, str]]:
        """(code, name), in the vocabulary's order."""
        return list(tuples_of(self.whole.run("dimensions"), "dimension", self.now.lang))

    def way(self, dimension: str, quarter: str) -> str:
        """The page of a dimension, with this department's own chart."""
        filters = replace(self.now.filters, quarter=quarter)
        return indicator_address(f"{DIMENSION}.{dimension}", filters, self.id)

    @cached_property
    def panels(self) -> list[ControlPanel]:
        """Each dimension on its control chart, with what it says."""
        found = []
        for code, name in self.dimensions:
            points = self.whole.run("chart", indicator=DIMENSION, variant=code, department=self.id)
            row = self.of(DIMENSION, code)
            variation = row.variation if row is not None and known(row.variation) else ""
            is_absent = row is None or not known(row.value)  # the chart is then that of an earlier quarter
            state = "absent" if is_absent else variation or "unknown"
            words = self.now.t(f"department.dimension.{state}", name=upper_first(name))
            # six charts stand side by side: 26Q3, as in the head of the timeline
            drawn = flagged(points, points["period"].tolist(), self.pinned.on(self.id, DIMENSION))
            ways = [door(self.way(code, quarter)) for quarter in points["period"]]
            drawn = drawn.assign(period=points["period"].str[2:], target=float("nan"), door=ways)
            found.append(ControlPanel(words, drawn, variation, _assurance(row)))
        return found

    @cached_property
    def pinned(self) -> Pinned:
        return Pinned(self.whole)

    @property
    def is_trial(self) -> bool:
        """Whether limits may still move: of any dimension, because one range is named for all."""
        return any(bool(panel.points["is_trial"].iloc[-1]) for panel in self.panels if len(panel.points))

    # --- complaints and supervision --------------------------------------------------------------------------------
    @cached_property
    def rates(self) -> pd.DataFrame:
        """The complaint rates of those it is compared with, as the complaints page has them."""
        rows = self.whole.run("complaint_rates", window=self.window).merge(self.whole.departments, on="department_id")
        rows = rows[rows["peer_set"] == self.peer_set]
        return rows.assign(unit=YEARS if (rows["note"] == "short_window").any() else STAFF)

    @cached_property
    def rate(self) -> Any:
        return next(rows_of(self.rates[self.rates["department_id"] == self.id]), None)

    @cached_property
    def limits(self) -> pd.DataFrame:
        rows = self.whole.run("limits", indicator=RATE, variant="", window=self.window)
        return rows[rows["peer_set"] == self.peer_set]

    @cached_property
    def by_category(self) -> pd.DataFrame:
        return self.whole.run("complaint_categories", departments=[self.id], window=self.window)

    @cached_property
    def by_channel(self) -> pd.DataFrame:
        return self.whole.run("complaint_channels", departments=[self.id], window=self.window)

    @cached_property
    def timeline(self) -> pd.DataFrame:
        """Quarter → complaints received and supervision activities; NaN where nobody reported them."""
        rows = self.whole.run("department_series", department=self.id, indicators=[RECEIVED, SUPERVISED])
        wide = rows.pivot(index="period", columns="indicator", values="value")
        wide = wide.reindex(columns=[RECEIVED, SUPERVISED])
        quarters = [quarter for quarter in self.now.quarters if quarter <= self.now.quarter][-QUARTERS_OF_TIMELINE:]
        return wide.reindex(quarters)

    @property
    def silence(self) -> int:
        """For how many quarters up to this one nobody supervised it; a quarter without data ends the count."""
        count = 0
        for value in reversed(self.timeline[SUPERVISED].tolist()):
            if value != 0:
                break
            count += 1
        return count

    # --- gaps ------------------------------------------------------------------------------------------------------
    @cached_property
    def gaps(self) -> Gaps:
        return Gaps(self.whole)

    @cached_property
    def records(self) -> Records:
        return Records(self.gaps)

    @cached_property
    def history(self) -> pd.DataFrame:
        """What every rule said of it in every quarter up to this one."""
        rows = self.whole.run("gaps", quarter=None, rule=None, department=self.id, statuses=None)
        return rows[rows["quarter"] <= self.now.quarter]

    @cached_property
    def flags(self) -> pd.DataFrame:
        """What every rule says of it now, with `change` and the rule's place in the order of rules."""
        rows = self.history[self.history["quarter"] == self.now.quarter]
        order = {name: at for at, name in enumerate(self.gaps.rules)}
        rows = rows.assign(
            label=self.department.label,
            full_name=self.department.full_name,
            change=[change(row.status, row.previous) for row in rows_of(rows)],
            at=rows["rule"].map(order),
        )
        return rows.sort_values(["status", "spell_quarters", "at"], ascending=[True, False, True])

    @property
    def flagged(self) -> pd.DataFrame:
        """Alerts first, those that have stood longest first."""
        return self.flags[self.flags["status"].isin(FLAGS)]

    def rule_title(self, rule: str) -> str:
        return self.gaps.rules[rule].header["title"][self.now.lang]

    # --- rows --------------------------------------------------------------------------------------------------------
    @property
    def tables(self) -> list[str]:
        """The imported tables whose rows may be listed."""
        allowed = self.now.snapshot.queries
        return [name for name in TABLES if f"rows/{name}" in allowed]

    def rows_of(self, table: str) -> Behind:
        return table_rows(self.whole, table, self.window, self.id)


def _assurance(row: Any) -> str | None:
    return row.assurance if row is not None and known(row.assurance) and row.assurance else None


# --- the verdict -----------------------------------------------------------------------------------------------
def verdict(view: View) -> list[Said]:
    """Three sentences: of its appraisal, of the complaints about it, of its supervision gaps; the gravest first."""
    said = [_appraisal(view), _complaints(view), _gap_sentence(view)]
    return sorted(said, key=lambda one: -one.weight)


def heading(t: Text, said: list[Said]) -> str:
    return upper_first(t("department.heading", first=said[0].clause, second=said[1].clause))


def _appraisal(view: View) -> Said:
    t, row = view.now.t, view.standing
    if row is None or not known(row.value):
        why = reason(view.whole, view.measures[COMPOSITE], row.note if row is not None else None)
        return Said(10, t("department.clause.unscored"), t("department.said.unscored", reason=why))
    band = row.outcome if known(row.outcome) else "unjudged"
    words = {
        "value": number(row.value),
        "low": number(row.low),
        "high": number(row.high),
        "places": places(t, row.rank_low, row.rank_high),
        "n": number(row.n_ranked, 0),
        "whom": view.whom,
    }
    text = [t(f"department.said.appraisal.{band}", **words)]
    clauses = []
    for kind, weight, tone in (("concern", 82, "worse"), ("below", 72, "worse"), ("improvement", 44, "better")):
        column = "outcome" if kind == "below" else "variation"
        names = _names_of(view, column, kind)
        if names:
            text.append(t(f"department.said.dimensions.{kind}", names=t("list.separator").join(names)))
            clauses.append((weight, t(f"department.clause.{kind}", name=names[0]), tone))
    own = {"below": (86, "worse"), "above": (50, "better")}.get(band, (30, ""))
    clauses.append((own[0], t(f"department.clause.appraisal.{band}", whom=view.whom), own[1]))
    weight, clause, tone = max(clauses)
    return Said(weight, clause, t("sentence.space").join(text), tone)


def _names_of(view: View, column: str, code: str) -> list[str]:
    rows = [(name, view.of(DIMENSION, dimension)) for dimension, name in view.dimensions]
    return [name for name, row in rows if row is not None and getattr(row, column) == code][:NAMED]


def _complaints(view: View) -> Said:
    t, row = view.now.t, view.rate
    supervised = view.of(SUPERVISED)
    activities = supervised.value if supervised is not None else None
    beside = t("department.said.supervised", n=number(activities, 0)) if known(activities) else ""
    received = view.of(RECEIVED)
    if received is None or not known(received.value):
        return Said(9, t("department.clause.no_complaints_data"), t("department.said.no_complaints_data") + beside)
    words = {"window": view.window_words, "n": number(received.value, 0), "whom": view.whom}
    if row is None or not known(row.outcome):
        why = why_unjudged(t, row) if row is not None else t("reason.missing")
        text = t("department.said.complaints.unjudged", reason=why, **words)
        is_few = row is not None and row.note != "no_staff" and known(row.value) and received.value < FEW
        clause = t(f"department.clause.complaints.{'few' if is_few else 'unjudged'}")
        return Said(20, clause, t("sentence.space").join([text, beside]))
    side = row.outcome.split("_")[0]
    limit = getattr(row, f"limit_{row.outcome}", None)
    words |= {"rate": number(row.value), "limit": number(limit), "staff": staff(t, row)}
    judged = int(view.rates["outcome"].notna().sum())
    words |= {"judged": judged, "chance": by_chance(t, judged, FALSE_OUTSIDE)}
    weight, tone = {"high_998": (92, "worse"), "high_95": (62, "worse"), "in": (15, "")}.get(row.outcome, (40, ""))
    text = t(f"department.said.complaints.{row.outcome}", **words)
    clause = t(
        f"department.clause.complaints.{side}" if side != "high" else f"department.clause.complaints.{row.outcome}"
    )
    return Said(weight, clause, t("sentence.space").join([text, *([beside] if beside else [])]), tone)


def _gap_sentence(view: View) -> Said:
    t, flags = view.now.t, view.flags
    counts = flags["status"].value_counts()
    alerts, watches, unknown = (int(counts.get(status, 0)) for status in ("alert", "watch", "no_data"))
    rest = [t("department.said.no_data", n=unknown)] if unknown else []
    words = {"alerts": alerts, "watches": watches, "judged": len(flags) - unknown}
    if not alerts + watches:
        key = "none" if words["judged"] else "nothing"
        text = [t(f"department.said.gaps.{key}", **words), *(rest if words["judged"] else [])]
        return Said(12, t(f"department.clause.gaps.{key}"), t("sentence.space").join(text))
    fresh = int(view.flagged["change"].isin(("new", "worse")).sum())
    longest = view.flagged.sort_values(["spell_quarters", "status"], ascending=[False, True]).iloc[0]
    text = [t("department.said.gaps", **words)]
    if fresh:
        text.append(t("department.said.fresh", n=fresh))
    if longest["spell_quarters"] > 1:
        words = {"rule": view.rule_title(longest["rule"]), "n": number(longest["spell_quarters"], 0)}
        text.append(t("department.said.longest", **words))
    key, weight = ("alerts", 90) if alerts else ("watches", 60)
    clause = t(f"department.clause.gaps.{key}", n=alerts or watches)
    return Said(weight, clause, t("sentence.space").join([*text, *rest]), "worse")


# --- figures ---------------------------------------------------------------------------------------------------
def value_words(t: Text, measure: Measure, row: Any) -> str:
    """A value with its unit; a share of few as x of n; a dash where there is none."""
    if row is None or not known(row.value):
        return number(float("nan"))
    if measure.header["kind"] == "share" and known(row.denominator) and row.denominator < FEWEST_FOR_PERCENT:
        return f"{number(row.numerator, 0)}/{number(row.denominator, 0)}"
    text = number(row.value, measure.header["decimals"])
    return f"{text}%" if measure.unit == "%" else f"{text} {measure.unit}"


def interval_words(t: Text, measure: Measure, row: Any) -> str:
    if row is None or not known(row.low) or not known(row.high):
        return number(float("nan"))
    decimals = max(measure.header["decimals"], 0)
    return t("ranking.range", low=number(row.low, decimals), high=number(row.high, decimals))


def judged_words(t: Text, row: Any) -> str:
    """What is said of the value beside others, and of its change, in words."""
    if row is None or not known(row.value):
        return t("department.no_value")
    parts = []
    if known(row.outcome):
        parts.append(t(f"outcome.{row.outcome}"))
    if known(row.variation) and row.variation:
        parts.append(t(f"verdict.{row.variation}"))
    return t("list.separator").join(parts) or t("outcome.unjudged")


# --- files -----------------------------------------------------------------------------------------------------
def sheet_of(view: View) -> Sheet:
    """Every indicator of the department and every rule: the page as a table; or the rows of one imported table."""
    if view.now.filters.view in view.tables:
        return _rows_sheet(view, view.now.filters.view)
    t, now = view.now.t, view.now
    columns = tuple(
        t(f"department.sheet.{name}")
        for name in ("part", "item", "value", "unit", "numerator", "denominator", "n", "low", "high", "benchmark")
    ) + tuple(t(f"department.sheet.{name}") for name in ("judgement", "note"))
    lines = [*_indicator_lines(view), *_gap_lines(view), *_note_lines(view)]
    notes = ((t("sheet.name"), view.department.full_name), *common_notes(now, len(lines), PATH))
    name = file_name(now, t("nav.department"), view.department.label)
    return Sheet(name, columns, tuple(lines), notes)


def _indicator_lines(view: View) -> Iterable[tuple[Any, ...]]:
    t = view.now.t
    for measure in view.measures.values():
        row = view.of(measure.indicator, measure.variant)
        numbers = ("numerator", "denominator", "n", "low", "high", "benchmark")
        found = [_rounded(getattr(row, name, None)) for name in numbers]
        value = _rounded(getattr(row, "value", None))
        note = caveat(view.whole, getattr(row, "note", None))
        yield (t("nav.indicator"), measure.title, value, measure.unit, *found, judged_words(t, row), note)


def _gap_lines(view: View) -> Iterable[tuple[Any, ...]]:
    t, lang = view.now.t, view.now.lang
    for row in view.flags.sort_values("at").to_dict("records"):
        header = view.gaps.rules[row["rule"]].header
        numbers = (None, None, _rounded(row["n"]), None, None, _rounded(row["threshold"]))
        sentence = view.gaps.sentence(row, view.department.full_name)
        status = t(f"gaps.status.{row['status']}")
        yield (
            t("nav.rule"),
            header["title"][lang],
            _rounded(row["value"]),
            header["unit"][lang],
            *numbers,
            status,
            sentence,
        )


def _note_lines(view: View) -> Iterable[tuple[Any, ...]]:
    """Every note, newest first, also those that were withdrawn, with who wrote it and when."""
    t, pinned = view.now.t, view.pinned
    for note in pinned.of(view.id):
        text = f"{note.pin.text} {signature(t, note.pin.who, note.at, note.basis)}"
        name = t("notes.numbered", number=note.number, heading=pinned.heading(note))
        yield (t("notes.title"), name, *[None] * 8, pinned.state(note) or t("notes.kept"), text)


def _rows_sheet(view: View, table: str) -> Sheet:
    t, now, part = view.now.t, view.now, view.rows_of(table)
    lines = tuple(map(tuple, values(view.gaps, part)))
    notes = ((t("sheet.name"), view.department.full_name), (t("matrix.sheet.table"), t(f"table.{table}")))
    name = file_name(now, t(f"table.{table}"), view.department.label)
    return Sheet(name, tuple(heads(view.whole, part)), lines, (*notes, *common_notes(now, len(lines), PATH)))


def _rounded(value: Any) -> float | None:
    return round(float(value), 4) if known(value) else None
