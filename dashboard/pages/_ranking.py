"""The ranking as a table of departments: what the ranking page draws, what the overview sums up, what a file holds."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard import methods
from dashboard.answers import FEWEST_RATERS
from dashboard.components.ranking_rows import FEWEST_FOR_CELLS
from dashboard.components.sheet import Sheet
from dashboard.filters import COMPOSITE, Filters, Weights
from dashboard.i18n.text import Text, known, quarter_name
from dashboard.pages._scene import PEERS, Scene
from dashboard.rows import Row, rows_of, tuples_of

LOWER = "lower"
OFFICIAL = "composite"  # the variant of a composite by the office's weights
PARTIAL = "partial_quarter"
WHOLE_REGION = "*"  # the peer set of departments whose own kind is too small
CAVEATS = (PARTIAL, "staff_carried", "short_window", "few", "fewer_dimensions")  # notes on rows that have a value
SCORES = (COMPOSITE, "dimension_score")


@dataclass(frozen=True)
class Measure:
    """One thing departments can be ranked by: an indicator, or one variant of it."""

    key: str  # as in the address: 'composite_score', 'dimension_score.service'
    indicator: str
    variant: str
    title: str
    label: str  # short, for a list
    unit: str
    header: dict[str, Any]

    @property
    def is_composite(self) -> bool:
        return self.indicator == COMPOSITE

    @property
    def has_moves(self) -> bool:
        """Places of counts, shares and rates move with chance alone; only those of scores are compared."""
        return self.header["kind"] == "mean"

    @property
    def is_ascending(self) -> bool:
        """Lower is better: the lowest value comes first."""
        return self.header["better"] == LOWER


def method(t: Text, measure: Measure) -> str:
    """How its figures were made, in a line."""
    kind = "composite" if measure.is_composite else "dimension" if measure.indicator in SCORES else "other"
    return t(f"ranking.footnote.{kind}", **methods.numbers())


def measures(now: Scene) -> dict[str, Measure]:
    """All there is to rank by, in the catalogue's order; an indicator that has variants gives one entry for each."""
    found: dict[str, list[Any]] = {}
    for row in rows_of(now.run("variants")):
        found.setdefault(row.indicator, []).append(row)
    result: list[Measure] = []
    for name, query in now.snapshot.indicators.items():
        header = query.header
        title, unit = header["title"][now.lang], header["unit"][now.lang]
        variants = found.get(name, [])
        if len(variants) <= 1:
            nothing_yet = OFFICIAL if name == COMPOSITE else ""
            variant = variants[0].variant if variants else nothing_yet
            result.append(Measure(name, name, variant, title, title, unit, header))
            continue
        for row in variants:
            words = getattr(row, now.lang)
            whole = now.t("measure.variant", title=title, variant=words)
            result.append(Measure(f"{name}.{row.variant}", name, row.variant, whole, words, unit, header))
    return {measure.key: measure for measure in result}


def own_weights(now: Scene) -> Weights:
    """The viewer's weights if they name just the dimensions there are; otherwise none, and the office's hold."""
    dimensions = set(now.run("dimensions")["dimension"])
    return now.filters.weights if {name for name, _ in now.filters.weights} == dimensions else ()


def ranking_of(
    now: Scene, indicator: str, variant: str = OFFICIAL, ascending: bool = False, weights: Weights = (), window: int = 1
) -> pd.DataFrame:
    """Every department of the view with value, place and last quarter's, those without a value at the end; also those
    that were not chosen among them: places, ties and spreads are of all.

    Scores come with what the ballots carry of their places: intervals, simultaneous sets, bands, who comes next.
    """
    departments = now.listed
    if indicator in SCORES:
        rows = _standings_of(now, departments, variant, dict(weights))
    else:
        rows = now.run("ranking", indicator=indicator, variant=variant, ascending=ascending, window=window)
    places = list(zip(rows["peer_set"], rows["place"]))
    count = Counter(places)
    is_tied = [known(one[1]) and count[one] > 1 for one in places]
    is_partial = (rows["note"] == PARTIAL) | (rows["previous_note"] == PARTIAL)
    moved = (rows["previous_place"] - rows["place"]).mask(is_partial)
    return rows.assign(is_tied=is_tied, change=moved).merge(departments, on="department_id")


def _standings_of(now: Scene, departments: pd.DataFrame, variant: str, weights: dict[str, float]) -> pd.DataFrame:
    standings = [
        now.snapshot.standings(now.region, quarter, variant, now.scope, weights)
        for quarter in (now.quarter, now.previous)
    ]
    indicator = COMPOSITE if variant == OFFICIAL else "dimension_score"
    parts = [
        standings[0].drop(columns=["name", "category", "region_id", "quarter"]).set_index("department_id"),
        standings[1].set_index("department_id")[["value", "place", "note"]].add_prefix("previous_"),
        now.run("moves", indicator=indicator, variant=variant).set_index("department_id"),
    ]
    order = departments["department_id"].array
    rows = pd.concat([part.reindex(order) for part in parts], axis=1).rename_axis("department_id").reset_index()
    sets = now.run("peer_sets").set_index("department_id")["peer_set"]
    return rows.assign(
        peer_set=rows["department_id"].map(sets) if now.scope == PEERS else WHOLE_REGION,
        n=rows["n_ballots"],
        raw_mean=rows["raw_mean"].mask(rows["n_raters"] < FEWEST_RATERS),
        numerator=float("nan"),
        denominator=float("nan"),
        outcome=rows["band"],
        variation=None if weights else rows["variation"],
        trend=None if weights else rows["trend"],
    ).sort_values(["place", "department_id"], na_position="last")


def compared_with(now: Scene, rows: pd.DataFrame) -> str:
    """'peers' or 'region': an office without enough of a kind compares within the region, whatever was asked for."""
    return PEERS if now.scope == PEERS and (rows["peer_set"] != WHOLE_REGION).any() else "region"


def distances(now: Scene) -> pd.DataFrame:
    """One row a department and dimension: its mean, the mean of all, and the distance in standard deviations."""
    return now.run("dimension_scores", departments=now.listed["department_id"].tolist())


SORTED_BY = {"place": "place", "name": "name_order", "value": "value", "change": "change"}
FALLING = ("value", "change")  # columns whose largest value comes first unless the viewer says otherwise


def natural_order(sort: str) -> str:
    return "asc" if sort in ("place", "name") else "desc"


def arranged(
    rows: pd.DataFrame, filters: Filters, sort: str, order: str, cells: dict[str, dict[str, float]]
) -> pd.DataFrame:
    """The rows found by the search box, in the order asked for; equal ones by department_id, so that none jumps."""
    rows = found(rows, filters.q)
    if sort in SORTED_BY:
        keys = rows[SORTED_BY[sort]]
    else:
        keys = rows["department_id"].map(lambda department: cells.get(department, {}).get(sort))
    sign = 1 if order == "asc" else -1
    known_last = [(not known(key), sign * key if known(key) else 0.0) for key in keys.astype(float).tolist()]
    asked = sorted(zip(known_last, rows["department_id"], range(len(rows))))
    return rows.iloc[[at for *_, at in asked]]


def found(rows: pd.DataFrame, words: str | None) -> pd.DataFrame:
    """Those whose name, short name, English name or id contains the words, in any letter case."""
    if not words:
        return rows
    wanted = words.casefold()
    searched = rows[["name", "short_name", "name_en", "department_id"]].fillna("")
    return rows[searched.apply(lambda row: any(wanted in text.casefold() for text in row), axis=1)]


@dataclass(frozen=True)
class Ranking:
    """The scene with what the ranking needs of it, each asked for once."""

    now: Scene

    @cached_property
    def measures(self) -> dict[str, Measure]:
        return measures(self.now)

    @cached_property
    def measure(self) -> Measure:
        return self.measures.get(self.now.filters.indicator) or self.measures[COMPOSITE]

    @cached_property
    def weights(self) -> Weights:
        """The viewer's own; () for the office's, and for every indicator that has no weights."""
        return own_weights(self.now) if self.measure.is_composite else ()

    @cached_property
    def dimensions(self) -> pd.DataFrame:
        return self.now.run("dimensions")

    @cached_property
    def rows(self) -> pd.DataFrame:
        measure = self.measure
        return ranking_of(self.now, measure.indicator, measure.variant, measure.is_ascending, self.weights)

    @property
    def own(self) -> pd.DataFrame:
        """The rows of the departments that were chosen, or all."""
        if not self.now.is_chosen:
            return self.rows
        return self.rows[self.rows["department_id"].isin(self.now.chosen["department_id"])]

    @cached_property
    def cell_dimensions(self) -> tuple[tuple[str, str], ...]:
        """(code, name) of the cells; none where too few departments are listed for a spread to say anything."""
        if not self.measure.is_composite or self.rows["value"].notna().sum() < FEWEST_FOR_CELLS:
            return ()
        return tuple(tuples_of(self.dimensions, "dimension", self.now.lang))

    @cached_property
    def columns(self) -> set[str]:
        """What the rows can be sorted by."""
        return {"place", "name", "value"} | {code for code, _ in self.cell_dimensions}

    @property
    def sort(self) -> str:
        sort = self.now.filters.sort
        return sort if sort in self.columns else "place"

    @property
    def order(self) -> str:
        asked = self.now.filters
        is_refused = asked.sort is not None and asked.sort != self.sort
        return natural_order(self.sort) if is_refused else asked.order or natural_order(self.sort)

    @cached_property
    def distances(self) -> pd.DataFrame:
        return distances(self.now)

    @cached_property
    def cells(self) -> dict[str, dict[str, Any]]:
        """department → dimension → its distance from the others, in standard deviations, and its band."""
        found: dict[str, dict[str, Any]] = {}
        for row in rows_of(self.distances.dropna(subset="z")):
            found.setdefault(row.department_id, {})[row.dimension] = row
        return found

    @property
    def is_of_scores(self) -> bool:
        return self.measure.indicator in SCORES

    @cached_property
    def straight(self) -> pd.DataFrame:
        return self.now.run("straight_lines")

    @cached_property
    def shown(self) -> list[Row]:
        """Ranked and unranked rows of the departments chosen that pass the search, in the order asked for."""
        z = {department: {code: row.z for code, row in rows.items()} for department, rows in self.cells.items()}
        cells = z if self.cell_dimensions else {}
        return list(rows_of(arranged(self.own, self.now.filters, self.sort, self.order, cells)))

    @property
    def caveats(self) -> list[str]:
        """The notes on the values shown, in words, each once."""
        notes = {row.note for row in self.shown if known(row.value) and known(row.note)}
        return [words for note in sorted(notes) if (words := caveat(self.now, note))]

    @property
    def has_weights(self) -> bool:
        return self.measure.is_composite and not self.dimensions.empty

    @property
    def notices(self) -> tuple[str, ...]:
        t, filters = self.now.t, self.now.filters
        found = []
        if filters.indicator not in self.measures:
            found.append(t("notice.indicator", asked=filters.indicator))
        if filters.sort and filters.sort not in self.columns:
            found.append(t("notice.sort", asked=filters.sort))
        if filters.weights and self.measure.is_composite and not self.weights:
            found.append(t("notice.weights"))
        return tuple(found)


def sheet_of(now: Scene, measure: Measure, rows: Sequence[Row], weights: Weights) -> Sheet:
    """The rows as shown, with the values behind their cells and what a reader needs who has only the file."""
    t = now.t
    dimensions, scores = _dimension_values(now) if measure.is_composite else ((), {})
    kind = t("sheet.kind.demonstration" if now.snapshot.demonstration else "sheet.kind.office")
    judged = OF_SCORES if measure.indicator in SCORES else OF_COUNTS
    columns = (
        *(t(f"sheet.{name}") for name in ("quarter", "place", "id", "name", "category")),
        t("sheet.value", indicator=measure.title, unit=measure.unit),
        *(t(f"sheet.{name}") for name in ("previous", "previous_place")),
        *([t("sheet.move")] if measure.has_moves else []),
        *(t(f"sheet.{name}") for name in judged),
        *(t(f"sheet.{name}") for name in ("numerator", "denominator", "n")),
        *(name for _, name in dimensions),
        *(t(f"sheet.{name}") for name in ("reason", "note", "snapshot", "kind")),
    )
    decimals = measure.header["decimals"]
    lines = tuple(
        (
            now.quarter,
            _whole(row.place),
            row.department_id,
            row.full_name,
            row.group if known(row.group) else "",
            _rounded(row.value, decimals),
            _rounded(row.previous_value, decimals),
            _whole(row.previous_place),
            *([_whole(row.change)] if measure.has_moves else []),
            *(_judged_cell(t, name, getattr(row, name, None), decimals) for name in judged),
            _rounded(row.numerator, decimals),
            _rounded(row.denominator, decimals),
            _whole(row.n),
            *(_rounded(scores.get((row.department_id, code)), decimals) for code, _ in dimensions),
            "" if known(row.value) else reason(now, measure, row.note),
            caveat(now, row.note),
            now.snapshot.id,
            kind,
        )
        for row in rows
    )
    name = "_".join(
        [t("app.name"), t("nav.ranking"), measure.label, quarter_name(t, now.quarter)]
        + ([t("sheet.own_weights")] if weights else [])
        + ([t("app.demonstration")] if now.snapshot.demonstration else [])
    )
    return Sheet(name, columns, lines, _notes(now, measure, len(rows), weights, kind))


# What a file holds of the judgement, beside value and place.
OF_SCORES = (
    *("outcome", "low", "high", "rank_low", "rank_high", "set_low", "set_high", "weight_low", "weight_high"),
    *("chance_bottom", "difference", "difference_low", "difference_high", "raw_mean", "n_ranked"),
)
OF_COUNTS = (
    *("outcome", "low", "high", "benchmark", "limit_low_95", "limit_high_95", "limit_low_998", "limit_high_998"),
    *("eb", "variation"),
)
CODES = {"outcome": "outcome", "variation": "verdict"}  # columns of codes, and where their words stand


def _judged_cell(t: Text, name: str, value: Any, decimals: int) -> Any:
    if name in CODES:
        return t(f"{CODES[name]}.{value}") if known(value) else ""
    return _rounded(value, max(decimals, 1) + 1)


def _dimension_values(now: Scene) -> tuple[tuple[tuple[str, str], ...], dict[tuple[str, str], float]]:
    """The dimensions as (code, name), and every department's value in each."""
    named = tuple(tuples_of(now.run("dimensions"), "dimension", now.lang))
    return named, {(row.department_id, row.dimension): row.value for row in rows_of(distances(now))}


def _notes(now: Scene, measure: Measure, listed: int, weights: Weights, kind: str) -> tuple[tuple[str, str], ...]:
    t, filters = now.t, now.filters
    dimensions = now.run("dimensions")
    named = dict(tuples_of(dimensions, "dimension", now.lang))
    office = tuple(tuples_of(dimensions, "dimension", "weight"))
    whose = t("sheet.weights.own" if weights else "sheet.weights.official")
    values = t("list.separator").join(f"{named[name]} {weight:g}" for name, weight in (weights or office))
    title = f"{t('app.name')} · {t('nav.ranking')} · {measure.title} · {quarter_name(t, now.quarter)}"
    notes = [
        (t("sheet.title"), title),
        (t("sheet.kind"), kind),
        (t("sheet.quarter"), quarter_name(t, now.quarter)),
        (t("sheet.region"), dict(now.regions)[now.region]),
        (t("sheet.category"), dict(now.groups)[now.category] if now.category else t("sheet.all")),
        *now.chosen_notes,
        (t("sheet.search"), filters.q or "—"),
        (t("filter.indicator"), t("sheet.value", indicator=measure.title, unit=measure.unit)),
        *([(t("sheet.weights"), t("sheet.weights.named", whose=whose, values=values))] if measure.is_composite else []),
        (t("sheet.content"), t("sheet.listed", n=listed)),
        (t("sheet.method"), method(t, measure)),
        (t("sheet.source"), f"{', '.join(measure.header['tables'])} · {measure.header['source']}"),
        (t("sheet.snapshot"), f"{now.snapshot.number} · {now.snapshot.id}"),
        *([(t("sheet.known"), f"{filters.known}")] if filters.known else []),
        *(
            [(t("sheet.fell_back"), t("notice.fell_back", number=now.snapshot.number))]
            if now.snapshot.fell_back
            else []
        ),
        (t("sheet.time"), f"{datetime.datetime.now().astimezone():%Y-%m-%d %H:%M %z}"),
        (t("sheet.page"), f"/ranking{filters.to_search()}"),
        (t("sheet.principle"), t("foot.principle")),
    ]
    return tuple(notes)


def reason(now: Scene, measure: Measure, note: str | None) -> str:
    """Why there is no value, in words."""
    if known(note) and note in ("coverage", "no_staff", "not_connected", "not_standing"):
        return now.t(f"reason.{note}")
    return now.t("reason.not_scored" if measure.indicator in SCORES else "reason.missing")


def caveat(now: Scene, note: str | None) -> str:
    """What must be known of a value to read it rightly, in words; '' where there is nothing to say."""
    return now.t(f"note.{note}") if known(note) and note in CAVEATS else ""


def _rounded(value: float, decimals: int) -> float | None:
    return round(float(value), decimals) if known(value) else None


def _whole(value: float) -> int | None:
    return int(value) if known(value) else None
