"""Merge checked rows into what is already known, one partition (region, period) at a time.

New rows replace exactly the rows with their keys; everything else stays. A partition that would not change is not
written again, so importing the same file twice changes nothing.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.feather as feather

from dashboard.importing.problems import Problem
from dashboard.schema import (
    DIFFERENCED,
    PERIOD,
    STATED_TOTALS,
    TABLES,
    TOTAL_KEY,
    WHOLE_REGION,
    YEAR_TO_DATE,
    Kind,
    Table,
)

ROW, SHEET = "__row", "__sheet"
BUFFERED_ROWS = 2_000_000
Partition = tuple[str, str]  # region_id, period ("" for tables without one)


class Spill:
    """Checked rows by partition, in memory while they are few, else in files of the scratch folder."""

    def __init__(self, scratch: Path):
        self._scratch, self._held, self._parts = scratch, defaultdict(list), defaultdict(list)
        self._rows = self._files = 0

    def add(self, table: Table, rows: pa.Table) -> list[Partition]:
        """Which partitions the rows belong to."""
        if not rows.num_rows:
            return []
        added = []
        for partition, part in by_partition(table, rows):
            self._held[table.name, partition].append(_encoded(part))
            added.append(partition)
        self._rows += rows.num_rows
        if self._rows > BUFFERED_ROWS:
            self._flush()
        return added

    def _flush(self) -> None:
        for key, parts in self._held.items():
            path = self._scratch / f"spill-{self._files}.arrow"
            self._files += 1
            feather.write_feather(_joined(parts), path, compression="lz4")
            self._parts[key].append(path)
        self._held.clear()
        self._rows = 0

    def partitions(self, table: Table) -> list[Partition]:
        return sorted({partition for name, partition in {**self._held, **self._parts} if name == table.name})

    def take(self, table: Table, partition: Partition) -> pa.Table:
        """The rows of one partition, in the order of the files; they are forgotten here."""
        key = (table.name, partition)
        parts = []
        for path in self._parts.pop(key, []):
            parts.append(feather.read_table(path, memory_map=False))
            path.unlink()
        return _joined([*parts, *self._held.pop(key, [])])


def by_partition(table: Table, rows: pa.Table) -> Iterator[tuple[Partition, pa.Table]]:
    """The rows split by region and by the table's partition column."""
    names = (["region_id"] if table.by_region else []) + ([table.partition] if table.partition else [])
    if not names:
        yield ("", ""), rows
        return
    keys = rows.select(names)
    groups = keys.group_by(names).aggregate([]).to_pylist()
    for group in groups:
        partition = (str(group.get("region_id") or ""), str(group.get(table.partition) or ""))
        if len(groups) == 1:
            yield partition, rows
            return
        chosen = None
        for name, value in group.items():
            is_value = pc.is_null(rows[name]) if value is None else pc.equal(rows[name], value)
            chosen = is_value if chosen is None else pc.and_(chosen, is_value)
        yield partition, rows.filter(chosen)


def _encoded(rows: pa.Table) -> pa.Table:
    columns = [column.dictionary_encode() if pa.types.is_string(column.type) else column for column in rows.columns]
    return pa.table(columns, names=rows.column_names)


def _joined(parts: Sequence[pa.Table]) -> pa.Table:
    return pa.concat_tables(parts).unify_dictionaries().combine_chunks()


# --- keys ------------------------------------------------------------------------------------------------------
def key_codes(rows: pa.Table, names: Sequence[str]) -> np.ndarray:
    """One int64 for each row: equal where the key columns are equal, ordered as the key columns are."""
    codes = np.zeros(rows.num_rows, np.int64)
    size = 1
    for name in names:
        column, distinct = _ranks(rows[name])
        if size > (1 << 62) // max(distinct, 1):
            _, codes = np.unique(codes, return_inverse=True)
            size = int(codes.max(initial=0)) + 1
        codes *= distinct
        codes += column
        size *= distinct
    return codes


def _ranks(column: pa.ChunkedArray) -> tuple[np.ndarray, int]:
    """Each value's place among the distinct values of the column, nulls first; and how many there are."""
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    words = column.dictionary.to_pylist()
    order = sorted(set(words))
    place = {word: i + 1 for i, word in enumerate(order)}
    by_code = np.array([place[word] for word in words] or [0], np.int64)
    indices = pc.fill_null(column.indices, -1).to_numpy(zero_copy_only=False)
    return np.where(indices < 0, 0, by_code[indices]), len(order) + 1


# --- one partition ---------------------------------------------------------------------------------------------
@dataclass
class Merged:
    """What a partition becomes. `rows` is None where nothing changes."""

    rows: pa.Table | None = None
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0  # ballots of a named key that the new file no longer has
    repeated: int = 0  # rows that share their key with an earlier row of the import
    problems: list[Problem] = field(default_factory=list)
    refused: list[tuple[int, int]] = field(default_factory=list)  # (sheet, row) of the rows that share a key
    corrections: list[tuple[str, str, str, str]] = field(default_factory=list)  # key, column, old, new


def merge(table: Table, old: pa.Table | None, new: pa.Table, repeated: str, sheets: Sequence[str]) -> Merged:
    """`new` rows (with their row and sheet numbers) merged into the `old` rows of one partition."""
    result = Merged()
    names = list(table.names)
    natural_key = list(table.whole_key)
    if "ballot_id" in names and new["ballot_id"].null_count == new.num_rows:
        # Without ballots of their own the new rows replace all earlier ballots of their keys.
        natural_key.remove("ballot_id")
        if repeated == "keep":
            new = _own_ballots(new, natural_key)
    kept = _without_repeats(table, new, natural_key, repeated, sheets, result)
    before = 0 if old is None else old.num_rows
    plain = kept.select(names)
    both = plain if old is None else _joined([_encoded(_matching(old, plain.schema)), plain])
    full = key_codes(both, table.whole_key)
    natural = key_codes(both, natural_key) if "ballot_id" in names and "ballot_id" not in natural_key else full
    hit = np.isin(natural[:before], natural[before:])
    _, old_at, new_at = np.intersect1d(full[:before], full[before:], assume_unique=True, return_indices=True)
    changed = _differences(table, both, old_at, new_at + before, result)
    result.changed = int(changed.sum())
    result.unchanged = len(new_at) - result.changed
    result.added = kept.num_rows - len(new_at)
    result.removed = int(hit.sum()) - len(old_at)
    if result.added or result.changed or result.removed:
        staying = np.concatenate([~hit, np.ones(kept.num_rows, bool)])
        chosen = np.flatnonzero(staying)
        chosen = chosen[np.argsort(full[chosen], kind="stable")]
        result.rows = both.take(pa.array(chosen))
    return result


def _matching(old: pa.Table, schema: pa.Schema) -> pa.Table:
    """Old rows in today's columns: a column that a later version added is empty in older files."""
    columns = [
        old[name] if name in old.column_names else pa.nulls(old.num_rows, _value_type(schema.field(name).type))
        for name in schema.names
    ]
    return pa.table(columns, names=schema.names)


def _value_type(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _own_ballots(new: pa.Table, key: Sequence[str]) -> pa.Table:
    """Every row as its own ballot: the n-th row of a key is ballot `<dimension>#<n>`."""
    codes = key_codes(new, key)
    order = np.argsort(codes, kind="stable")
    first = np.concatenate([[True], np.diff(codes[order]) != 0])
    starts = np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
    nth = np.empty(len(order), np.int64)
    nth[order] = np.arange(len(order)) - starts + 1
    ballots = pc.binary_join_element_wise(
        new["dimension"].cast(pa.string()), pc.utf8_lpad(pa.array(nth).cast(pa.string()), 4, "0"), "#"
    )
    at = new.column_names.index("ballot_id")
    return new.set_column(at, "ballot_id", ballots.combine_chunks().dictionary_encode())


def _without_repeats(
    table: Table, new: pa.Table, key: Sequence[str], repeated: str, sheets: Sequence[str], result: Merged
) -> pa.Table:
    if repeated == "keep" and "ballot_id" not in key:
        natural = key_codes(new, key)
        result.repeated = new.num_rows - len(np.unique(natural))
        return new
    codes = key_codes(new, key)
    order = np.argsort(codes, kind="stable")
    same = np.diff(codes[order]) == 0
    if not same.any():
        return new
    result.repeated = int(same.sum())
    if repeated == "last":
        return new.take(pa.array(np.sort(order[np.concatenate([~same, [True]])])))
    if repeated == "average":
        return _averaged(table, new, codes)
    twice = np.concatenate([[False], same]) | np.concatenate([same, [False]])
    group = order[twice]
    rows, places = new[ROW].to_numpy(), new[SHEET].to_numpy()
    result.refused = [(int(places[i]), int(rows[i])) for i in group]
    first_of = {}
    for i in group:
        first = first_of.setdefault(int(codes[i]), int(i))
        if first == i:
            continue
        file, _, sheet = sheets[places[i]].partition("\n")
        shown = " · ".join(str(new[name][int(i)].as_py()) for name in table.key if new[name][int(i)].is_valid)
        result.problems.append(
            Problem("repeated_key", file, sheet, row=int(rows[i]), found=shown, expected=str(rows[first]))
        )
    return new.filter(pa.array(~np.isin(np.arange(new.num_rows), group)))


def _averaged(table: Table, new: pa.Table, codes: np.ndarray) -> pa.Table:
    frame = plain(new).to_pandas()
    numbers = [c.name for c in table.columns if c.kind in (Kind.SCORE, Kind.NUMBER)]
    how = {name: "mean" if name in numbers else "first" for name in frame.columns}
    merged = frame.groupby(codes, sort=False).agg(how)
    return pa.Table.from_pandas(merged, schema=new.schema, preserve_index=False)


def _differences(table: Table, both: pa.Table, old_at: np.ndarray, new_at: np.ndarray, result: Merged) -> np.ndarray:
    """Which of the paired rows differ in any value; each differing cell becomes a correction."""
    changed = np.zeros(len(old_at), bool)
    keys: dict[int, str] = {}
    for column in table.columns:
        if column.name in table.key or column.name == "region_id":
            continue
        values = both[column.name]
        values = values.cast(_value_type(values.type))
        before, after = values.take(pa.array(old_at)), values.take(pa.array(new_at))
        differs = pc.or_(
            pc.fill_null(pc.not_equal(before, after), False), pc.xor(pc.is_null(before), pc.is_null(after))
        )
        differs = differs.to_numpy()
        changed |= differs
        for i in np.flatnonzero(differs):
            at = int(new_at[i])
            key = keys.setdefault(
                at, json.dumps({name: _said(both[name][at]) for name in table.key}, ensure_ascii=False)
            )
            result.corrections.append((key, column.name, _said(before[int(i)]), _said(after[int(i)])))
    return changed


def _said(value: pa.Scalar) -> str:
    return "" if not value.is_valid else f"{value.as_py():g}" if isinstance(value.as_py(), float) else str(value)


# --- year to date ----------------------------------------------------------------------------------------------
def difference(
    table: Table, rows: pa.Table, stored: pd.DataFrame, sheets: Sequence[str]
) -> tuple[pa.Table, int, int, list[Problem]]:
    """Cumulative rows as quarters of their own, where the quarter before is known.

    The quarter before is looked for in the same import, then among the `stored` rows of the table (all earlier
    quarters of the year, or the one before as a cumulative figure). A row without it stays year to date, marked.
    The stored quarter after an imported one is differenced anew, so that the quarters still add up to what was stated.

    Returns the rows, how many were differenced, how many stay cumulative, and the problems.
    """
    year = _Year(table, plain(rows).to_pandas(), stored)
    frame, flows = year.frame, year.flows
    result, problems, falling = frame.astype(dict.fromkeys(flows, "Float64")), [], []
    differenced = left = 0
    for unit, part in year.stated.items():
        index = year.index(part)
        before = year.cumulated(_previous(unit))
        if before is None or _lacks_a_figure(before, part, index, flows):
            left += len(part)
            continue
        base = before.reindex(index).fillna(0).to_numpy(dtype=float)
        values = part[flows].to_numpy(dtype=float, na_value=np.nan) - base
        for at, column in zip(*np.nonzero(values < 0)):
            row = part.iloc[at]
            falling.append(part.index[at])
            file, _, sheet = sheets[int(row[SHEET])].partition("\n")
            problems.append(
                Problem(
                    "cumulative_falls",
                    file,
                    sheet,
                    int(row[ROW]),
                    column=flows[column],
                    found=f"{row[flows[column]]:g}",
                    expected=f"≥ {base[at, column]:g}",
                )
            )
        result.loc[part.index, flows] = values
        result.loc[part.index, "basis"] = DIFFERENCED if not unit[2].endswith("Q1") else PERIOD
        differenced += len(part)
    result = result.drop(index=falling)
    return pa.Table.from_pandas(result, schema=_plain(rows.schema), preserve_index=False), differenced, left, problems


def _index(part: pd.DataFrame, names: list[str]) -> pd.Index:
    return pd.Index([json.dumps(key, default=str) for key in part[names].astype(object).fillna("").values.tolist()])


Unit = tuple[str, str, str]  # region_id, department_id, quarter


def _previous(unit: Unit) -> Unit:
    return (*unit[:2], f"{unit[2][:-1]}{int(unit[2][-1]) - 1}")


def _following(unit: Unit) -> Unit:
    return (*unit[:2], f"{unit[2][:-1]}{int(unit[2][-1]) + 1}")


def _lacks_a_figure(before: pd.DataFrame, part: pd.DataFrame, index: pd.Index, flows: list[str]) -> bool:
    """Whether the quarter before has no data (not zero) for a figure that this one has: it cannot be taken off."""
    unknown = before.reindex(index).isna().to_numpy() & index.isin(before.index)[:, None]
    return bool((unknown & part[flows].notna().to_numpy()).any())


class _Year:
    """Imported and stored figures by unit, and what they come to at the end of a quarter."""

    def __init__(self, table: Table, frame: pd.DataFrame, stored: pd.DataFrame):
        self._units = ["region_id", "department_id", table.grain]
        self._rest = [name for name in table.key if name not in self._units]
        self._old = self._by_unit(stored)
        self.flows = [
            name for name in table.flows if frame[name].notna().any() or (len(stored) and stored[name].notna().any())
        ]
        added = self._followers(self._by_unit(frame[frame["basis"] == YEAR_TO_DATE]))
        self.frame = pd.concat([frame, *added], ignore_index=True) if added else frame
        given = self.frame["basis"] == YEAR_TO_DATE
        self.stated = self._by_unit(self.frame[given])
        self._given = self._by_unit(self.frame[~given])  # quarters of the import that are quarters already

    def index(self, part: pd.DataFrame) -> pd.Index:
        return _index(part, self._rest)

    def cumulated(self, unit: Unit) -> pd.DataFrame | None:
        """Cumulative figures at the end of a quarter by the rest of the key, as they are with this import; or None."""
        if unit[2].endswith("Q0"):
            return pd.DataFrame(columns=self.flows, dtype=float)
        if unit in self.stated:
            return self._over(self._figures(self.stated[unit]), self._before_import(unit))
        if unit not in self._given:
            return self._added(self._old.get(unit), self.cumulated(_previous(unit)))
        parts = self._given[unit]
        if unit in self._old:
            figures = self._over(self._figures(parts), self._figures(self._old[unit]))
            return self._sum(figures, self.cumulated(_previous(unit)))
        return self._added(parts, self.cumulated(_previous(unit)))

    def _before_import(self, unit: Unit) -> pd.DataFrame | None:
        """The same from what is stored alone."""
        if unit[2].endswith("Q0"):
            return pd.DataFrame(columns=self.flows, dtype=float)
        return self._added(self._old.get(unit), self._before_import(_previous(unit)))

    def _added(self, rows: pd.DataFrame | None, before: pd.DataFrame | None) -> pd.DataFrame | None:
        if rows is None:
            return None
        stated = rows[rows["basis"] == YEAR_TO_DATE]
        return self._figures(stated) if len(stated) else self._sum(self._figures(rows), before)

    def _sum(self, figures: pd.DataFrame, before: pd.DataFrame | None) -> pd.DataFrame | None:
        """A row that only one of them has counts as zero in the other; a figure without data stays without."""
        if before is None:
            return None
        keys = figures.index.union(before.index)
        return figures.reindex(keys, fill_value=0) + before.reindex(keys, fill_value=0)

    def _over(self, figures: pd.DataFrame, others: pd.DataFrame | None) -> pd.DataFrame:
        """`figures`, and the rows of `others` that they do not replace."""
        if others is None:
            return figures
        return pd.concat([figures, others[~others.index.isin(figures.index)]])

    def _figures(self, part: pd.DataFrame) -> pd.DataFrame:
        """The flows by the rest of the key; of repeated keys, which the merge reports, the last."""
        figures = part[self.flows].astype(float).set_axis(self.index(part))
        return figures[~figures.index.duplicated(keep="last")]

    def _by_unit(self, rows: pd.DataFrame) -> dict[Unit, pd.DataFrame]:
        return dict(list(rows.groupby(self._units)))

    def _followers(self, stated: dict[Unit, pd.DataFrame]) -> list[pd.DataFrame]:
        """The stored quarter after each stated one, as the cumulative figures that it stood for."""
        found = []
        for unit, part in stated.items():
            rows, figures = self._old.get(_following(unit)), self._before_import(_following(unit))
            if rows is None or figures is None or _following(unit) in stated or (rows["basis"] == PERIOD).any():
                continue
            figures = figures.reindex(self.index(rows))
            place = {ROW: part[ROW].iloc[0], SHEET: part[SHEET].iloc[0], "basis": YEAR_TO_DATE}
            found.append(rows.assign(**{name: figures[name].to_numpy() for name in self.flows}, **place))
        return found


def plain(rows: pa.Table) -> pa.Table:
    """The rows without dictionary encoding, as the schema's types have them."""
    return rows.cast(_plain(rows.schema))


def _plain(schema: pa.Schema) -> pa.Schema:
    return pa.schema([(field.name, _value_type(field.type)) for field in schema])


# --- total rows ------------------------------------------------------------------------------------------------
def audit_totals(
    table: Table, rows: pa.Table, totals: pa.Table, marked: Sequence[str]
) -> list[tuple[str, str, float, float]]:
    """Where a total row disagrees with the sum of its parts: (key, column, stated, sum of the parts).

    A row is a total of those columns of the key that hold its mark; cumulative figures are not compared.
    """
    numbers = [column.name for column in table.columns if column.kind is Kind.COUNT]
    frame = plain(rows.select([*table.whole_key, *numbers])).to_pandas()
    stated_rows = _of_a_period(plain(totals).to_pandas())
    found = []
    for named, group in stated_rows.groupby(stated_rows[list(marked)].notna().apply(tuple, axis=1), sort=False):
        summed = {name for name, is_named in zip(marked, named) if not is_named}
        fixed = [name for name in table.whole_key if name not in summed]
        of_departments = "department_id" in summed
        there = frame[frame["department_id"] != WHOLE_REGION] if of_departments else frame
        parts = there.groupby(_index(there, fixed))[numbers].sum(min_count=1)
        for index, row in zip(_index(group, fixed), group.to_dict("records")):
            key = " · ".join(str(row[name]) for name in fixed if pd.notna(row[name]))
            for name in numbers:
                stated, of_parts = row[name], parts[name].get(index, np.nan)
                if pd.notna(stated) and pd.notna(of_parts) and stated != of_parts:
                    found.append((key, name, stated, of_parts))
    return found


def totals_that_are_news(held: dict[str, pa.Table], known: pa.Table, import_id: str) -> pa.Table:
    """The figures of total rows, by table, that `known` (oldest first) does not have or has otherwise."""
    if not held:
        return STATED_TOTALS.empty_table()
    key, parts = list(TOTAL_KEY), [STATED_TOTALS.empty_table().to_pandas()]
    for name, totals in held.items():
        frame = _of_a_period(plain(totals).to_pandas())
        frame = frame[frame["quarter"].notna()].assign(table=name)
        numbers = [column.name for column in TABLES[name].columns if column.kind is Kind.COUNT]
        kept = [column for column in key if column in frame.columns and column not in numbers]
        parts.append(frame.melt(kept, numbers, "column", "stated").dropna(subset="stated"))
    stated = pd.concat(parts, ignore_index=True).drop_duplicates(key, keep="last")
    before = known.to_pandas().drop_duplicates(key, keep="last")
    both = stated.fillna(dict.fromkeys(key, "")).merge(
        before.fillna(dict.fromkeys(key, "")), "left", key, suffixes=("", "_before")
    )
    news = stated[(both["stated"].astype(float) != both["stated_before"].astype(float)).to_numpy()]
    return pa.Table.from_pandas(news.assign(import_id=import_id), schema=STATED_TOTALS, preserve_index=False)


def _of_a_period(totals: pd.DataFrame) -> pd.DataFrame:
    return totals[totals["basis"] != YEAR_TO_DATE] if "basis" in totals else totals
