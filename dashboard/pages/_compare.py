"""Departments side by side: what is known of each, and which of their differences are more than chance."""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from dashboard.charts.control import ControlPanel
from dashboard.components.links import COMPARE_PATH, MOST_COMPARED, department_address, door
from dashboard.components.ranking_rows import places
from dashboard.components.sheet import Sheet
from dashboard.filters import COMPOSITE
from dashboard.gaps import FLAGS
from dashboard.i18n.text import MISSING, known, number, signed
from dashboard.pages._complaints import RECEIVED, upper_first
from dashboard.pages._department import interval_words, value_words
from dashboard.pages._evidence import common_notes, file_name
from dashboard.pages._gaps import Gaps
from dashboard.pages._ranking import OFFICIAL, PARTIAL, SCORES, Measure, measures, ranking_of
from dashboard.pages._scene import Scene
from dashboard.rows import rows_of
from dashboard.statistics import composite
from dashboard.statistics.differences import NOTHING, REAL, Difference, holm, of_rates, of_scores, of_shares

PATH, FEWEST, MOST = COMPARE_PATH, 2, MOST_COMPARED
NAMED = 4  # items in the heading
CHART = "composite_score"
PARTS = ("scores", "indicators", "complaints", "powers", "tasks")
SCORE, SHARE, RATE = "score", "share", "rate"  # what is tested, and how
# why a line is not tested
COUNT, STATED, NO_BALLOTS, PLACE = "count", "stated", "no_ballots", "place"
TESTED = (SCORE, SHARE, RATE)


class Figures(NamedTuple):
    """What one department has on a line; NaN and '' where there is nothing."""

    value: float = float("nan")
    numerator: float = float("nan")
    denominator: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    outcome: str = ""
    variation: str = ""
    assurance: str = ""
    note: str = ""


@dataclass(frozen=True)
class Line:
    """One thing of which every department says something."""

    part: str  # of PARTS
    key: str
    title: str
    unit: str
    kind: str  # of TESTED, or why it is not
    rows: tuple[Figures, ...]  # in the order of the departments
    measure: Measure | None = None  # None: no indicator, but counted for this page
    alone: str = ""  # what it is called where its part is not said; '': as its title

    @property
    def name(self) -> str:
        return self.alone or self.title


class Pair(NamedTuple):
    """Two departments (numbers of columns) on one line; the first has the higher value."""

    line: Line
    first: int
    second: int
    difference: Difference
    adjusted: float  # p, corrected for all pairs of the page


@dataclass(frozen=True)
class View:
    """The scene with what this page needs of it, each asked for once."""

    now: Scene

    @cached_property
    def whole(self) -> Scene:
        """Departments of any kind may stand side by side, whichever kind was chosen on the way here."""
        return replace(self.now, category=None)

    # --- who stands side by side ----------------------------------------------------------------------------------
    @cached_property
    def found(self) -> list[str]:
        there = set(self.whole.departments["department_id"])
        return [name for name in self.now.filters.compared if name in there]

    @property
    def ids(self) -> list[str]:
        return self.found[:MOST]

    @cached_property
    def departments(self) -> list[Any]:
        rows = self.whole.departments.set_index("department_id", drop=False)
        return list(rows_of(rows.loc[self.ids]))

    @property
    def whom(self) -> str:
        return self.now.t("list.separator").join(row.full_name for row in self.departments)

    @property
    def is_enough(self) -> bool:
        return len(self.ids) >= FEWEST

    def letter(self, at: int) -> str:
        return self.now.t("compare.letters")[at]

    @property
    def notices(self) -> list[str]:
        t, asked = self.now.t, self.now.filters.compared
        said = []
        unknown = [name for name in asked if name not in self.found]
        if unknown:
            said.append(t("compare.notice.unknown", asked=t("list.separator").join(unknown)))
        if len(self.found) > MOST:
            labels = self.whole.departments.set_index("department_id")["label"]
            left = t("list.separator").join(labels[name] for name in self.found[MOST:])
            said.append(t("compare.notice.most", most=MOST, names=left))
        kinds = {row.group if known(row.group) else "" for row in self.departments}
        if self.is_enough and len(kinds) > 1:
            said.append(t("compare.notice.kinds", n=len(kinds)))
        return said

    # --- what is known of them -------------------------------------------------------------------------------------
    @cached_property
    def measures(self) -> dict[str, Measure]:
        return measures(self.whole)

    @property
    def window(self) -> int:
        return self.now.window()

    @cached_property
    def _judged(self) -> dict[tuple[str, str, str, int], Any]:
        rows = self.whole.run("department_judgements", departments=self.ids)
        return {(row.indicator, row.variant, row.department_id, row.window_quarters): row for row in rows_of(rows)}

    def _figures(self, measure: Measure, department: str) -> Figures:
        """Over the page's window, or in the quarter where nothing is added up; the chart is always the quarter's."""
        key = (measure.indicator, measure.variant, department)
        quarter = self._judged.get((*key, 1))
        row = self._judged.get((*key, self.window)) or quarter
        if row is None:
            return Figures()
        words = {name: getattr(row, name) if known(getattr(row, name)) else "" for name in ("outcome", "note")}
        change = {
            name: getattr(quarter, name) if quarter is not None and known(getattr(quarter, name)) else ""
            for name in ("variation", "assurance")
        }
        return Figures(row.value, row.numerator, row.denominator, row.low, row.high, **words, **change)

    @cached_property
    def lines(self) -> list[Line]:
        """Everything that is compared or listed, part by part."""
        found = []
        for measure in self.measures.values():
            is_score = measure.indicator in SCORES
            kind = SCORE if is_score else {"mean": NO_BALLOTS}.get(measure.header["kind"], measure.header["kind"])
            if kind == SHARE and measure.header.get("stock"):  # everything in force is counted: no sample, no chance
                kind = STATED
            rows = tuple(self._figures(measure, department) for department in self.ids)
            part = "scores" if is_score else "indicators"
            title = measure.title if measure.is_composite or not is_score else upper_first(measure.label)
            found.append(Line(part, measure.key, title, measure.unit, kind, rows, measure))
            if measure.is_composite:
                found.append(self._places())
        # a department of which nobody reported anything is still in the table, an indicator without any value is not
        found = [line for line in found if line.part == "scores" or any(known(row.value) for row in line.rows)]
        return [*found, *self._categories(), *self._powers(), *self._tasks()]

    def _places(self) -> Line:
        ranked = ranking_of(self.whole, COMPOSITE).set_index("department_id")
        rows = tuple(
            Figures(row["place"], denominator=row["n_ranked"], low=row["rank_low"], high=row["rank_high"])
            for row in (ranked.loc[department] for department in self.ids)
        )
        t = self.now.t
        return Line("scores", "place", t("compare.place"), t("compare.unit.place"), PLACE, rows)

    def _categories(self) -> list[Line]:
        """Of the complaints about a department, those of each category."""
        t, lang = self.now.t, self.now.lang
        counts = self.whole.run("complaint_categories", departments=self.ids, window=self.window)
        wide = counts.pivot_table(index=["category", lang], columns="department_id", values="received", sort=False)
        wide = wide[wide.sum(axis=1) > 0].reindex(columns=self.ids)
        totals = wide.sum(min_count=1)
        received = self.measures.get(RECEIVED)
        reported = {
            department: received is not None and known(self._figures(received, department).value)
            for department in self.ids
        }
        lines = []
        for (code, name), row in wide.iterrows():
            rows = []
            for department in self.ids:
                total = totals[department] if known(totals[department]) else 0.0 if reported[department] else np.nan
                count = row[department] if known(row[department]) else 0.0 if known(total) else np.nan
                rows.append(Figures(count, count, total))
            alone = t("compare.category", name=name)
            unit = t("compare.unit.cases")
            lines.append(Line("complaints", f"category.{code}", name, unit, SHARE, tuple(rows), alone=alone))
        return lines

    def _powers(self) -> list[Line]:
        t, powers = self.now.t, self.whole.run("powers")
        owned = [powers[powers["department_id"] == department] for department in self.ids]
        if all(own.empty for own in owned):
            return []
        unit = t("compare.unit.powers")
        grades = sorted({str(grade) for own in owned for grade in own["risk_level"].dropna()})

        def line(key: str, title: str, counts: list[int]) -> Line:
            rows = (Figures(n, n, len(own)) if len(own) else Figures() for n, own in zip(counts, owned))
            return Line("powers", key, title, unit, STATED, tuple(rows))

        lines = [line("powers", t("compare.powers.all"), [len(own) for own in owned])]
        for grade in grades:
            title = t("compare.powers.grade", grade=self.gaps.words.get(("risk_level", grade), grade))
            lines.append(line(f"powers.{grade}", title, [int((own["risk_level"] == grade).sum()) for own in owned]))
        bare = [int((own["measure"].fillna("").astype(str).str.strip() == "").sum()) for own in owned]
        return [*lines, line("powers.bare", t("compare.powers.bare"), bare)]

    def _tasks(self) -> list[Line]:
        t, tasks = self.now.t, self.whole.run("tasks", window=self.window)
        given = [tasks[tasks["department_id"] == department] for department in self.ids]
        if all(own.empty for own in given):
            return []
        lines = []
        for key, states in (("open", ("open", "overdue")), ("overdue", ("overdue",))):
            counts = [int(own["state"].isin(states).sum()) for own in given]
            rows = (Figures(n, n, len(own)) if len(own) else Figures() for n, own in zip(counts, given))
            title, unit = t(f"compare.tasks.{key}"), t("compare.unit.tasks")
            lines.append(Line("tasks", f"tasks.{key}", title, unit, STATED, tuple(rows)))
        return lines

    def part(self, name: str) -> list[Line]:
        return [line for line in self.lines if line.part == name]

    # --- gaps ------------------------------------------------------------------------------------------------------
    @cached_property
    def gaps(self) -> Gaps:
        return Gaps(self.whole)

    @cached_property
    def states(self) -> dict[tuple[str, str], str]:
        """(rule, department) → status."""
        rows = self.gaps.rows
        rows = rows[rows["department_id"].isin(self.ids)]
        return {(row.rule, row.department_id): row.status for row in rows_of(rows)}

    @cached_property
    def flagged_rules(self) -> list[str]:
        """The rules that flag at least one of them, in the order of rules."""
        return [rule for rule in self.gaps.rules if any(self.states.get((rule, one)) in FLAGS for one in self.ids)]

    # --- differences -----------------------------------------------------------------------------------------------
    @cached_property
    def _drawn(self) -> Any:
        """The rows of the draws of these departments."""
        rows = self.whole.run("draws")
        return rows[rows["department_id"].isin(self.ids)]

    @cached_property
    def draws(self) -> dict[tuple[str, str], np.ndarray]:
        """(key, department) → its score with other raters, drawn for all departments at once."""
        rows = self._drawn
        found = {(row.dimension, row.department_id): np.asarray(row.draws, dtype=float) for row in rows_of(rows)}
        result = {(f"dimension_score.{name}", one): drawn for (name, one), drawn in found.items()}
        for department in self.ids:
            drawn = [found.get((name, department)) for name in self._weights.index]
            if drawn and all(one is not None for one in drawn):
                stacked = np.stack(drawn, axis=1)
                result[COMPOSITE, department] = composite.arithmetic(stacked, self._weights.to_numpy(), 1.0)
        return result

    @cached_property
    def _weights(self) -> Any:
        """The office's weight of each dimension of which there are draws."""
        weights = self.whole.run("dimensions").set_index("dimension")["weight"]
        return weights[weights.index.isin(self._drawn["dimension"])]

    @cached_property
    def raters(self) -> dict[tuple[str, str], int]:
        """(key, department) → how many raters scored it; of the composite, in the dimension that fewest scored."""
        rows = self._drawn.dropna(subset=["n_raters"])
        found = {(f"dimension_score.{row.dimension}", row.department_id): row.n_raters for row in rows_of(rows)}
        weighed = rows[rows["dimension"].isin(self._weights.index[self._weights > 0])]
        fewest = weighed.groupby("department_id")["n_raters"].min()
        return {key: int(n) for key, n in (found | {(COMPOSITE, one): n for one, n in fewest.items()}).items()}

    @cached_property
    def rater_groups(self) -> int:
        """Within how many groups raters were drawn."""
        return int(self._drawn["n_groups"].max())

    @cached_property
    def pairs(self) -> list[Pair]:
        """Every pair of departments on every line that can be tested, corrected for all of them together."""
        found = []
        for line in self.lines:
            if line.kind not in TESTED:
                continue
            for i, j in combinations(range(len(self.ids)), 2):
                if known((tested := self._tested(line, i, j)).p):
                    found.append((line, i, j, tested))
        adjusted = holm([tested.p for *_, tested in found])
        return [_ordered(*one, float(p)) for one, p in zip(found, adjusted)]

    def _tested(self, line: Line, i: int, j: int) -> Difference:
        first, second = line.rows[i], line.rows[j]
        if PARTIAL in (first.note, second.note):  # some months of one against whole quarters of the other
            return NOTHING
        match line.kind:
            case "score":
                drawn = [self.draws.get((line.key, self.ids[at]), ()) for at in (i, j)]
                if not all(map(len, drawn)):
                    return NOTHING
                raters = min(self.raters.get((line.key, self.ids[at]), 0) for at in (i, j))
                return of_scores(first.value, second.value, *drawn, raters, self.rater_groups)
            case "share":
                return of_shares(first.numerator, first.denominator, second.numerator, second.denominator)
        return of_rates(first.numerator, first.denominator, second.numerator, second.denominator)

    @cached_property
    def real(self) -> list[Pair]:
        return [pair for pair in self.pairs if pair.adjusted < REAL]

    def real_of(self, line: Line) -> list[Pair]:
        return [pair for pair in self.real if pair.line.key == line.key]

    def is_tested(self, line: Line) -> bool:
        return any(pair.line.key == line.key for pair in self.pairs)

    def side(self, line: Line, at: int) -> str:
        """'higher' or 'lower' where the department really is that than another; 'both' in the middle; ''."""
        pairs = self.real_of(line)
        higher, lower = any(p.first == at for p in pairs), any(p.second == at for p in pairs)
        return "both" if higher and lower else "higher" if higher else "lower" if lower else ""

    def said(self, line: Line) -> str:
        """What the differences on a line are: who is really above whom, or why nothing is said."""
        t = self.now.t
        if line.kind not in TESTED:
            return t(f"compare.untested.{line.kind}")
        if not self.is_tested(line):
            return t("compare.untested.data")
        pairs = self.real_of(line)
        if not pairs:
            return t("compare.chance")
        if len(self.ids) == FEWEST:
            return self.pair_words(pairs[0])
        above: dict[tuple[int, ...], list[int]] = {}
        for first in sorted({pair.first for pair in pairs}):
            above.setdefault(tuple(sorted(p.second for p in pairs if p.first == first)), []).append(first)
        return t("compare.list").join(
            t("compare.above", first=self._letters(firsts), second=self._letters(seconds))
            for seconds, firsts in above.items()
        )

    def _letters(self, columns: Any) -> str:
        return self.now.t("compare.and").join(self.letter(at) for at in columns)

    def pair_words(self, pair: Pair) -> str:
        """How much the first is above the second, with the interval of this pair by itself."""
        t, words = self.now.t, {"first": self.letter(pair.first), "second": self.letter(pair.second)}
        return t("compare.pair", size=self.size_words(pair), interval=self.pair_interval(pair), **words)

    def size_words(self, pair: Pair) -> str:
        t, value = self.now.t, pair.difference.value
        if pair.line.kind == RATE:
            return t("compare.size.rate", value=number(value)) if np.isfinite(value) else t("compare.size.rate.zero")
        return t(f"compare.size.{pair.line.kind}", value=signed(value))

    def pair_interval(self, pair: Pair) -> str:
        t, (_, low, high, _) = self.now.t, pair.difference
        if not np.isfinite(high):
            return t("compare.interval.open", low=number(low))
        return t("ranking.range", low=number(low), high=number(high))

    @property
    def tested_lines(self) -> int:
        return len({pair.line.key for pair in self.pairs})

    @property
    def finding(self) -> str:
        """Which differences are real, or that none is."""
        t = self.now.t
        if not self.pairs:
            return t("compare.finding.nothing")
        lines = {pair.line.key: pair.line for pair in self.real}
        if not lines:
            return t("compare.finding.none", n=len(self.ids), lines=self.tested_lines)
        # the dimensions make up the composite, so they are named after everything else
        ordered = sorted(lines.values(), key=lambda line: line.part == "scores" and line.key != COMPOSITE)
        names = [line.name for line in ordered]
        shown = t("list.separator").join(names[:NAMED])
        rest = self.tested_lines - len(lines)
        key = "some" if len(names) <= NAMED else "more"
        return t(f"compare.finding.{key}", names=shown, n=len(names), rest=rest)

    @property
    def sureness(self) -> str:
        t = self.now.t
        if not self.pairs:
            return t("compare.sure.nothing")
        return t("compare.sure", k=len(self.ids), lines=self.tested_lines, pairs=number(len(self.pairs), 0))

    # --- charts ----------------------------------------------------------------------------------------------------
    @cached_property
    def panels(self) -> list[ControlPanel]:
        """The composite of each on its control chart."""
        found = []
        for at, row in enumerate(self.departments):
            points = self.whole.run("chart", indicator=CHART, variant=OFFICIAL, department=row.department_id)
            line = next(line for line in self.lines if line.key == COMPOSITE)
            figures = line.rows[at]
            name = self.now.t("compare.named", letter=self.letter(at), name=row.label)
            words = self.now.t(f"department.dimension.{figures.variation or 'unknown'}", name=name)
            ways = [
                door(department_address(replace(self.now.filters, quarter=quarter), row.department_id))
                for quarter in points["period"]
            ]
            drawn = points.assign(period=points["period"].str[2:], target=float("nan"), note=None, door=ways)
            found.append(ControlPanel(words, drawn, figures.variation, figures.assurance or None))
        return found

    # --- words -----------------------------------------------------------------------------------------------------
    def value_text(self, line: Line, figures: Figures) -> str:
        """The value, of few as x of n; a percentage says so, other units stand with the line's name."""
        if not known(figures.value):
            return MISSING
        if line.measure is not None:
            words = value_words(self.now.t, line.measure, figures)
            # the unit stands beside the line's name, once for all
            return words.removesuffix(f" {line.measure.unit}")
        if line.kind == PLACE:
            return places(self.now.t, figures.low, figures.high)
        if line.key == "powers" or not figures.denominator:
            return number(figures.value, 0)
        return f"{number(figures.numerator, 0)}/{number(figures.denominator, 0)}"

    def below_text(self, line: Line, figures: Figures) -> str:
        """What stands under the value: what it was counted from and its interval."""
        t = self.now.t
        if not known(figures.value):
            return t("compare.no_value")
        if line.kind == PLACE:
            return t("compare.of", n=number(figures.denominator, 0))
        if line.measure is None:
            return ""
        parts = []
        if line.measure.header["kind"] in (SHARE, RATE) and known(figures.denominator):
            value = self.value_text(line, figures)
            base = f"{number(figures.numerator, 0)}/{number(figures.denominator, 0)}"
            parts += [base] if value != base else []
        if known(figures.low) and known(figures.high):
            parts.append(interval_words(t, line.measure, figures))
        return " · ".join(parts)


def _ordered(line: Line, i: int, j: int, tested: Difference, adjusted: float) -> Pair:
    """The higher one first; a rate against one without any event is infinitely higher."""
    value, low, high, p = tested
    if line.kind == RATE:
        if value >= 1:
            return Pair(line, i, j, tested, adjusted)
        turned = [1 / end if end else np.inf for end in (value, high, low)]
        return Pair(line, j, i, Difference(*turned, p), adjusted)
    scale = 100 if line.kind == SHARE else 1
    if value >= 0:
        return Pair(line, i, j, Difference(scale * value, scale * low, scale * high, p), adjusted)
    return Pair(line, j, i, Difference(-scale * value, -scale * high, -scale * low, p), adjusted)


# --- files -----------------------------------------------------------------------------------------------------
def sheet_of(view: View) -> Sheet:
    """The tables of the page, a line each, with the numbers behind every cell."""
    t, now = view.now.t, view.now
    names = ("value", "numerator", "denominator", "low", "high", "judgement")
    heads = [t(f"compare.sheet.{name}") for name in ("part", "item", "unit")]
    for at, row in enumerate(view.departments):
        who = t("compare.named", letter=view.letter(at), name=row.full_name)
        heads += [t("compare.sheet.of", who=who, what=t(f"compare.sheet.{name}")) for name in names]
    heads.append(t("compare.sheet.difference"))
    lines = [
        (
            t(f"compare.part.{line.part}"),
            line.title,
            line.unit,
            *(cell for figures in line.rows for cell in _cells(view, figures)),
            _differences(view, line),
        )
        for line in view.lines
    ]
    lines += [
        (
            t("compare.part.gaps"),
            view.gaps.rules[rule].header["title"][now.lang],
            "",
            *(
                cell
                for department in view.ids
                for cell in (*[None] * 5, _status(view, view.states.get((rule, department))))
            ),
            t("compare.untested.stated"),
        )
        for rule in view.flagged_rules
    ]
    notes = (
        (t("compare.sheet.departments"), view.whom),
        (t("compare.sheet.finding"), view.finding),
        (t("compare.sheet.sure"), view.sureness),
        *((t("compare.sheet.notice"), notice) for notice in view.notices),
        *common_notes(now, len(lines), PATH),
    )
    return Sheet(file_name(now, t("nav.compare")), tuple(heads), tuple(lines), notes)


def _cells(view: View, figures: Figures) -> tuple[Any, ...]:
    t = view.now.t
    said = [t(f"outcome.{figures.outcome}")] if figures.outcome else []
    said += [t(f"verdict.{figures.variation}")] if figures.variation else []
    numbers = (figures.value, figures.numerator, figures.denominator, figures.low, figures.high)
    return (*(round(float(one), 4) if known(one) else None for one in numbers), t("list.separator").join(said))


def _differences(view: View, line: Line) -> str:
    pairs = view.real_of(line)
    return view.now.t("compare.list").join(view.pair_words(pair) for pair in pairs) if pairs else view.said(line)


def _status(view: View, status: str | None) -> str:
    return view.now.t(f"gaps.status.{status}") if status else view.now.t("matrix.not_standing")
