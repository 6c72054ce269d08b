"""Regions below a place as rows, numbers and words: what the page shows, and what its file holds.

Scores are left out everywhere: nobody rated departments of two counties, so theirs are two scales.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard import methods
from dashboard.agenda import last_day
from dashboard.catalog import RATIOS, Query
from dashboard.components.explain import indicator_address
from dashboard.components.links import ways
from dashboard.components.sheet import Sheet
from dashboard.filters import Filters
from dashboard.findings import FALSE_OUTSIDE, by_chance
from dashboard.i18n.text import MISSING, known, number, quarter_name
from dashboard.pages._evidence import common_notes, file_name
from dashboard.pages._scene import Scene, before
from dashboard.rows import rows_of, tuples_of

PATH = "/regions"
COUNTIES = "counties"  # the view of all counties, wherever they lie
NAME, DEPARTMENTS, ALERT, WATCH, FILED = "name", "departments", "gaps_alert", "gaps_watch", "cases_filed"
COUNTED = (DEPARTMENTS, ALERT, WATCH, FILED)
OUTSIDE = ("high_998", "low_998", "high_95", "low_95")
MOST_NAMED = 4
MOST_ROWS = 200  # on the page; the file has all
TRAILING = 4  # quarters that tell how much a region's own figures change


@dataclass(frozen=True)
class View:
    """The scene with what this page needs of it, each asked for once."""

    now: Scene
    has_every: bool = False  # whether it holds every indicator, as the file does, or those of the page

    # --- places ---
    @cached_property
    def tree(self) -> pd.DataFrame:
        """The regions that whoever asks may see, by id, with their `label`."""
        rows = self.now.run("places").set_index("region_id")
        names = rows[self.now.lang]
        # many cities have a 鼓楼区: who has a namesake is told apart by the place that it lies in, or by its id
        for place in (rows["parent_id"].map(names), rows.index.to_series()):
            twins = names[names.duplicated(keep=False) & place.notna()]
            told = {one: self.now.t("regions.namesake", name=name, place=place[one]) for one, name in twins.items()}
            names = names.where(~names.index.isin(told), names.index.map(told))
        return rows.assign(label=names)

    @cached_property
    def tops(self) -> list[str]:
        is_top = ~self.tree["parent_id"].isin(self.tree.index)
        return list(self.tree.index[is_top])

    @cached_property
    def within(self) -> str | None:
        """The place whose regions are shown; None: all that there are. Of a county, the place that it lies in."""
        asked = self.now.filters.within
        if asked in self.tree.index:
            place = self.tree.loc[asked]
            return asked if not place["is_leaf"] else self._parent(asked)
        if len(self.tops) == 1 and not self.tree.loc[self.tops[0], "is_leaf"]:
            return self.tops[0]
        return None

    def _parent(self, place: str) -> str | None:
        above = self.tree.loc[place, "parent_id"]
        return above if above in self.tree.index else None

    @property
    def place(self) -> str:
        return self.now.t("regions.everywhere") if self.within is None else self.tree.loc[self.within, "label"]

    @cached_property
    def path(self) -> list[tuple[str, str]]:
        """(id, name) of the places above, the uppermost first, and of the one shown; '' for all that there are."""
        found, at = [], self.within
        while at is not None:
            found.append((at, self.tree.loc[at, "label"]))
            at = self._parent(at)
        if len(self.tops) > 1:
            found.append(("", self.now.t("regions.everywhere")))
        return found[::-1]

    @cached_property
    def below(self) -> pd.DataFrame:
        """The regions one step below."""
        if self.within is None:
            return self.tree.loc[self.tops]
        return self.tree[self.tree["parent_id"] == self.within]

    @cached_property
    def counties(self) -> pd.DataFrame:
        """The counties, wherever below the place they lie; of a county, whose towns are shown, none."""
        return self._counties_of(self.below)

    def _counties_of(self, step: pd.DataFrame) -> pd.DataFrame:
        found = []
        while len(step):
            found.append(step[step["is_county"]])
            step = self.tree[self.tree["parent_id"].isin(step.index)]
        return pd.concat(found).sort_index() if found else self.tree.iloc[:0]

    def is_whole(self, place: str) -> bool:
        """Whether all counties in it are for whoever asks: of others an account of today may have none in an earlier
        snapshot."""
        return self.tree.loc[place, "n_counties"] <= len(self._counties_of(self.tree.loc[[place]]))

    @property
    def has_levels(self) -> bool:
        return not self.below["is_county"].all()

    @property
    def is_of_counties(self) -> bool:
        return len(self.counties) > 0 and (self.now.filters.view == COUNTIES or not self.has_levels)

    @property
    def compared(self) -> pd.DataFrame:
        """The regions that are compared."""
        return self.counties if self.is_of_counties else self.below

    @cached_property
    def n_counties(self) -> dict[str, int]:
        """Of each place above the counties, how many lie in it."""
        return self.tree.loc[~self.tree["is_county"], "n_counties"].astype(int).to_dict()

    @cached_property
    def leaves(self) -> frozenset[str]:
        """The regions in which no other lies."""
        return frozenset(self.tree.index[self.tree["is_leaf"]])

    @cached_property
    def with_overview(self) -> frozenset[str]:
        return frozenset(code for code, _ in self.now.regions)

    @cached_property
    def to_place(self) -> Callable[[str], str]:
        """The address of those in a region."""
        return ways(PATH, replace(self.now.filters, view=None, q=None), "within")

    @cached_property
    def to_overview(self) -> Callable[[str], str]:
        return ways("/", self.leading_on.without_row(), "region")

    @property
    def is_alone(self) -> bool:
        """Whether fewer than two regions have figures: there is nothing to compare."""
        return int(self.tree["has_own"].sum()) < 2

    @cached_property
    def newer(self) -> tuple[str, int, int] | None:
        """The newest quarter where the page opened on an earlier one, because too few have it: how many, and of how
        many."""
        newest = self.now.quarters[-1]
        if self.now.quarter != self.now.opens_at or self.now.quarter == newest:
            return None
        return newest, *self.now.snapshot.reporting()[newest]

    @property
    def leading_on(self) -> Filters:
        """What other pages are asked for: by themselves they would open on the newer quarter."""
        return replace(self.now.filters, quarter=self.now.quarter) if self.newer else self.now.filters

    # --- indicators ---
    @cached_property
    def indicators(self) -> dict[str, Query]:
        """Those that can be added up over departments."""
        every = self.now.snapshot.indicators
        return {name: query for name, query in every.items() if query.header["kind"] != "mean"}

    @cached_property
    def columns(self) -> list[str]:
        return [name for name, query in self.indicators.items() if query.header.get("across")]

    @property
    def indicator(self) -> str:
        asked = self.now.filters.indicator
        return asked if asked in self.indicators else self.columns[0]

    @property
    def header(self) -> dict[str, Any]:
        return self.indicators[self.indicator].header

    @property
    def is_ratio(self) -> bool:
        return self.header["kind"] in RATIOS

    def label(self, indicator: str) -> str:
        return self.indicators[indicator].header["label"][self.now.lang]

    @property
    def window_words(self) -> str:
        is_state = self.header.get("stock", False)
        return self.now.t("regions.window.stock" if is_state else f"regions.window.{self.now.window()}")

    # --- figures ---
    @cached_property
    def _found(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        wanted = (*COUNTED, *(self.indicators if self.has_every else self.shown_columns))
        places = tuple(self.compared.index)
        return self.now.snapshot.places_compared(self.within, places, self.now.quarter, self.now.window(), wanted)

    @cached_property
    def cells(self) -> dict[tuple[str, str, str], Any]:
        """(role, place, indicator) → the figure, as `judgements.regions.compared` gives it."""
        found = self._found[0]
        return dict(zip(tuples_of(found, "role", "region_id", "indicator"), rows_of(found)))

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Every region that is compared with its figure of the chosen indicator, with `label`; also without one."""
        own = self._found[0]
        own = own[(own["role"] == "part") & (own["indicator"] == self.indicator)].set_index("region_id")
        return self.compared[["label"]].join(own).reset_index()

    @cached_property
    def limits(self) -> pd.DataFrame:
        lines = self._found[1]
        return lines[lines["indicator"] == self.indicator]

    @cached_property
    def places(self) -> dict[str, tuple[int, int]]:
        """Region → the first and last place that it may have."""
        last, quarters = self.now.quarter, []
        for _ in range(TRAILING):
            quarters.append(last)
            last = before(last)
        parts = self._found[0][self._found[0]["role"] == "part"]
        found = self.now.snapshot.placed(parts, self.indicator, quarters)
        ends = zip(found["place_low"].astype(int), found["place_high"].astype(int))
        return dict(zip(found["region_id"], ends))

    @property
    def total(self) -> Any:
        """The chosen indicator of the place as a whole; None where nobody has it."""
        return self.cells.get(("all", self.within, self.indicator))

    @property
    def outcomes(self) -> dict[str, int]:
        return self.rows["outcome"].value_counts().to_dict()

    # --- the list ---
    @property
    def sort(self) -> str:
        asked = self.now.filters.sort
        return asked if asked in (NAME, *COUNTED, *self.shown_columns) else NAME

    @property
    def order(self) -> str:
        return self.now.filters.order or natural_order(self.sort)

    def sorted_by(self, column: str) -> Filters:
        now = self.order if self.sort == column else None
        return self.now.filters.sorted_by(column, natural_order(column), now, NAME)

    @property
    def shown_columns(self) -> list[str]:
        """The indicators of the list: those by which regions are compared, and the one that was chosen."""
        return self.columns if self.indicator in (*self.columns, FILED) else [*self.columns, self.indicator]

    @cached_property
    def listed(self) -> list[str]:
        """The regions of the list in its order, those without a figure last; the words that were typed narrow it."""
        rows = self.compared
        if words := (self.now.filters.q or "").lower():
            is_named = rows["zh"].str.lower().str.contains(words, regex=False)
            rows = rows[is_named | rows["en"].str.lower().str.contains(words, regex=False)]
        if self.sort == NAME:
            return list(rows.index if self.order == "asc" else rows.index[::-1])
        values = pd.Series({place: self.value("part", place, self.sort) for place in rows.index}, dtype=float)
        return list(values.sort_values(ascending=self.order == "asc", kind="stable", na_position="last").index)

    def value(self, role: str, place: str | None, column: str) -> float:
        cell = self.cells.get((role, place, column))
        return float(cell.value) if cell is not None and known(cell.value) else float("nan")


def natural_order(column: str) -> str:
    return "asc" if column == NAME else "desc"


# --- words -----------------------------------------------------------------------------------------------------
def finding(view: View) -> str:
    """Whether the regions differ by more than chance, and who stands out."""
    t, rows = view.now.t, view.rows
    words = {"indicator": view.header["title"][view.now.lang], "place": view.place}
    n = int(rows["value"].notna().sum())
    if not n:
        return t("regions.finding.nothing", **words)
    if not view.is_ratio:
        return t("regions.finding.count", n=n, **words)
    judged = sum(view.outcomes.values())
    if not judged:
        n, fewest = int(rows["n_compared"].max()), methods.numbers()["fewest_regions"]
        return t("regions.finding.few", n=n, fewest=fewest, **words)
    for level in ("998", "95"):
        sides = {side: rows[rows["outcome"] == f"{side}_{level}"] for side in ("high", "low")}
        said = [t(f"regions.finding.{side}", names=_named(view, found)) for side, found in sides.items() if len(found)]
        if said:
            outside = t("regions.finding.and").join(said)
            return t(f"regions.finding.beyond.{level}", n=judged, outside=outside, **words)
    return t("regions.finding.calm", n=judged, **words)


def _named(view: View, rows: pd.DataFrame) -> str:
    """Those farthest from the others by name, and how many more there are."""
    t, names = view.now.t, rows.sort_values("z_adjusted", key=abs, ascending=False)["label"]
    more = t("regions.more", n=len(names) - MOST_NAMED) if len(names) > MOST_NAMED else ""
    return t("list.separator").join(names.head(MOST_NAMED)) + more


def newer_words(view: View) -> str:
    """Why the page did not open on the newest quarter."""
    t, (newest, n, of) = view.now.t, view.newer
    return t("regions.newer", n=n, of=of, newest=quarter_name(t, newest), shown=quarter_name(t, view.now.quarter))


def sureness(view: View) -> list[str]:
    """What chance has to do with it, who is missing, and why nobody is ranked by scores."""
    t, rows = view.now.t, view.rows
    judged, outside = sum(view.outcomes.values()), sum(view.outcomes.get(name, 0) for name in OUTSIDE)
    said = []
    if outside:
        said.append(t("regions.sure.outside", n=outside, chance=by_chance(t, judged, 2 * FALSE_OUTSIDE)))
    nothing = rows[rows["is_silent"].eq(True)]
    if len(nothing):
        names = t("list.separator").join(map(str, nothing["label"].head(MOST_NAMED)))
        more = "…" if len(nothing) > MOST_NAMED else ""
        said.append(t("regions.sure.nothing", names=names + more))
    if view.header.get("due"):
        said.append(t("regions.sure.due", day=last_day(view.now.quarter).isoformat()))
    absent = int(rows["value"].isna().sum())
    if absent:
        tables = t("list.separator").join(t(f"table.{table}") for table in view.header["tables"])
        said.append(t("regions.sure.absent", n=absent, all=len(rows), tables=tables))
    found = Counter(name for cell in rows_of(rows) if known(cell.value) for name in lacking(view, cell))
    return [
        *said,
        *(t(f"regions.sure.{name}", n=found[name]) for name in ("partial", "early", "short", "some") if found[name]),
    ]


def lacking(view: View, cell: Any) -> dict[str, str]:
    """What a figure is made without, in words: months, days, quarters of the year, counties of a place."""
    t, said = view.now.t, {}
    if cell.is_partial:
        said["partial"] = t("note.partial_quarter")
    if cell.is_early:
        said["early"] = t("regions.early")
    if cell.is_short:
        said["short"] = t("note.short_window")
    if cell.role == "part" and cell.n_counties < (of := view.n_counties.get(cell.region_id, 0)):
        said["some"] = t("regions.some", n=int(cell.n_counties), of=of)
    return said


def reported(view: View, indicator: str) -> int:
    """How many of the counties of the place have the figure."""
    cell = view.cells.get(("all", view.within, indicator))
    return int(cell.n_counties) if cell is not None else 0


def written(view: View, indicator: str, value: float) -> str:
    if indicator in (DEPARTMENTS, ALERT, WATCH):
        return number(value, 0)
    header = view.indicators[indicator].header
    text = number(value, header["decimals"])
    return f"{text}%" if header["unit"]["zh"] == "%" and known(value) else text


def about(view: View, cell: Any) -> list[str]:
    """The figure in words: what it is made of, its interval, the limits, what is said of it."""
    t, indicator = view.now.t, cell.indicator
    decimals = view.indicators[indicator].header["decimals"] if indicator in view.indicators else 0
    lines = []
    if known(cell.denominator):
        counts = {"numerator": number(cell.numerator, 0), "denominator": number(cell.denominator, 0)}
        lines.append(t("regions.counts", **counts))
    if known(cell.low):
        lines.append(t("regions.interval", low=number(cell.low, decimals), high=number(cell.high, decimals)))
    if known(cell.limit_low_95):
        ends = {"low": number(cell.limit_low_95, decimals), "high": number(cell.limit_high_95, decimals)}
        lines.append(t("regions.limits", **ends))
    lines += lacking(view, cell).values()
    if cell.kind in RATIOS:
        lines.append(t(f"outcome.{cell.outcome if known(cell.outcome) else 'unjudged'}"))
    return lines


def missing(view: View, place: str, column: str) -> str:
    """Why a region has no figure in a column."""
    t = view.now.t
    if not view.tree.loc[place, "n_known"] and ("part", place, DEPARTMENTS) not in view.cells:
        return t("regions.missing.nothing")
    if not view.is_whole(place):
        return t("regions.missing.hidden")
    if column in view.indicators:
        tables = (t(f"table.{table}") for table in view.indicators[column].header["tables"])
        return t("regions.missing.table", tables=t("list.separator").join(tables))
    return t("regions.missing.quarter", quarter=quarter_name(t, view.now.quarter))


def way(view: View, place: str) -> tuple[str, bool]:
    """Where the name of a region leads, and whether that is this page: to those in it, or to its `overview`."""
    return (overview(view, place), False) if place in view.leaves else (view.to_place(place), True)


def overview(view: View, place: str) -> str:
    """The address of a region's own overview; '' where there is no department to be seen."""
    return view.to_overview(place) if place in view.with_overview else ""


def to_indicator(view: View, indicator: str) -> str:
    return indicator_address(indicator, view.leading_on)


# --- files -----------------------------------------------------------------------------------------------------
def sheet_of(view: View) -> Sheet:
    """A row a region and indicator, with all that is said of it."""
    t, now = view.now.t, view.now
    names = ("region", "name", "indicator", "unit", "value", "numerator", "denominator", "low", "high")
    columns = tuple(
        t(f"regions.sheet.{name}") for name in (*names, "benchmark", "limit_low", "limit_high", "outcome", "note")
    )
    lines = [line(view, place, name) for place in view.listed for name in (*COUNTED[:3], *view.indicators)]
    notes = (
        (t("sheet.title"), finding(view)),
        (t("sheet.region"), view.place),
        *common_notes(now, len(lines), PATH),
        (t("sheet.note"), t("regions.no_scores")),
    )
    return Sheet(file_name(now, t("nav.regions"), view.place), columns, tuple(lines), notes)


def line(view: View, place: str, indicator: str) -> tuple[Any, ...]:
    """One figure of one region, or why there is none, in the columns of the file."""
    t, cell = view.now.t, view.cells.get(("part", place, indicator))
    header = view.indicators[indicator].header if indicator in view.indicators else None
    title = header["title"][view.now.lang] if header else t(f"regions.column.{indicator}")
    unit = header["unit"][view.now.lang] if header else ""
    head = (place, view.tree.loc[place, "label"], title, unit)
    if cell is None:
        return (*head, *[None] * 8, missing(view, place, indicator), "")
    numbers = ("value", "numerator", "denominator", "low", "high", "benchmark", "limit_low_95", "limit_high_95")
    values = (getattr(cell, name) for name in numbers)
    outcome = t(f"outcome.{cell.outcome if known(cell.outcome) else 'unjudged'}") if cell.kind in RATIOS else MISSING
    note = t("list.separator").join(lacking(view, cell).values())
    return (*head, *(round(float(v), 4) if known(v) else None for v in values), outcome, note)
