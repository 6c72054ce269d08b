"""Merging and differencing, as laws that hold for any rows."""

import pandas as pd
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.importing import stage
from dashboard.schema import TABLES

COMPLAINTS = TABLES["complaints"]
KEYS = st.tuples(
    st.sampled_from(["d01", "d02", "局"]),
    st.sampled_from(["letter", "visit"]),
    st.sampled_from(["2026-07", "2026-08", None]),
)
FIGURES = st.tuples(st.integers(0, 9), st.one_of(st.none(), st.integers(0, 9)))
ROWS = st.dictionaries(KEYS, FIGURES, min_size=1)
SHEETS = ["a.csv\n"]


def table(rows: dict, quarter: str = "2026Q3", basis: str = "period") -> pa.Table:
    """Checked rows as they come from `check`: one row a key."""
    whole = [
        dict.fromkeys(COMPLAINTS.names)
        | {"region_id": "county", "quarter": quarter, "month": month, "department_id": department, "channel": channel}
        | {"category": "delay", "received": received, "closed": closed, "basis": basis}
        for (department, channel, month), (received, closed) in rows.items()
    ]
    made = stage._encoded(pa.Table.from_pylist(whole, schema=COMPLAINTS.arrow))
    made = made.append_column(stage.ROW, pa.array(range(2, len(whole) + 2), pa.int64()))
    return made.append_column(stage.SHEET, pa.repeat(pa.scalar(0, pa.int32()), len(whole)))


def rows_of(made: pa.Table) -> dict:
    return {
        (row["department_id"], row["channel"], row["month"]): (row["received"], row["closed"])
        for row in made.select(list(COMPLAINTS.names)).to_pylist()
    }


def merged(old: pa.Table | None, new: dict) -> stage.Merged:
    return stage.merge(COMPLAINTS, old, table(new), "refuse", SHEETS)


def stored(rows: dict) -> pa.Table:
    return merged(None, rows).rows


CELLS = st.one_of(st.none(), st.text(max_size=3))


@given(st.lists(st.tuples(CELLS, CELLS, st.one_of(st.none(), st.integers(-5, 5))), min_size=1))
def test_key_codes_are_equal_iff_keys_are_and_ordered_as_they_are(keys):
    rows = pa.table({name: pa.array([key[i] for key in keys]) for i, name in enumerate("abc")})
    codes = stage.key_codes(rows, list("abc"))
    order = [tuple((cell is not None, cell or (0 if isinstance(cell, int) else "")) for cell in key) for key in keys]
    for i in range(len(keys)):
        for j in range(i):
            assert (codes[i] == codes[j]) == (keys[i] == keys[j])
            if type(keys[i][2]) is type(keys[j][2]):
                assert (codes[i] < codes[j]) == (order[i] < order[j])


def test_key_codes_hold_where_the_product_of_distinct_values_would_not_fit():
    names = [f"c{i}" for i in range(8)]
    rows = pa.table({name: pa.array([str((i * 7919 + k) % 1000) for i in range(1000)]) for k, name in enumerate(names)})
    assert len(set(stage.key_codes(rows, names).tolist())) == 1000


@given(ROWS)
def test_a_second_import_of_the_same_rows_changes_nothing(rows):
    again = merged(stored(rows), rows)
    assert again.rows is None
    assert (again.added, again.changed, again.removed, again.unchanged) == (0, 0, 0, len(rows))


@given(ROWS, ROWS)
def test_new_rows_replace_exactly_those_of_their_keys_and_are_recorded(old, new):
    result = merged(stored(old), new)
    found = rows_of(result.rows) if result.rows is not None else old
    assert found == old | new
    assert result.added == len(new.keys() - old.keys())
    assert result.changed == sum(old[key] != new[key] for key in new.keys() & old.keys())
    assert len(result.corrections) == sum(
        was != now for key in new.keys() & old.keys() for was, now in zip(old[key], new[key])
    )


@given(ROWS)
def test_rows_come_out_in_the_order_of_their_keys(rows):
    codes = stage.key_codes(stored(rows), COMPLAINTS.whole_key)
    assert (codes[1:] > codes[:-1]).all()


CUMULATIVE = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=4)
KEY = ("d01", "letter", None)


def differenced(cumulative: dict[int, tuple], known: pd.DataFrame) -> pa.Table:
    parts = [table({KEY: figures}, f"2026Q{quarter}", "ytd") for quarter, figures in cumulative.items()]
    rows, _, _, problems = stage.difference(COMPLAINTS, pa.concat_tables(parts), known, SHEETS)
    assert problems == []
    return rows


def frame(*parts: pa.Table) -> pd.DataFrame:
    empty = pa.Table.from_pylist([], schema=COMPLAINTS.arrow)
    return pa.concat_tables([empty, *(stage.plain(part).select(list(COMPLAINTS.names)) for part in parts)]).to_pandas()


def replaced(known: pd.DataFrame, rows: pa.Table) -> pd.DataFrame:
    """What is stored after the rows were merged."""
    both = pd.concat([known, rows.select(list(COMPLAINTS.names)).to_pandas()], ignore_index=True)
    return both.drop_duplicates(list(COMPLAINTS.whole_key), keep="last").sort_values("quarter", ignore_index=True)


def adds_up(known: pd.DataFrame, stated: dict[int, tuple]) -> None:
    for quarter, figures in stated.items():
        until = known[known["quarter"] <= f"2026Q{quarter}"]
        assert (until["basis"] != "ytd").all()
        assert tuple(until[["received", "closed"]].sum()) == figures


def running(steps: list[tuple]) -> dict[int, tuple]:
    totals, at = {}, (0, 0)
    for quarter, step in enumerate(steps, start=1):
        at = (at[0] + step[0], at[1] + step[1])
        totals[quarter] = at
    return totals


@settings(max_examples=25)
@given(CUMULATIVE, st.randoms(use_true_random=False))
def test_differences_add_up_to_the_cumulative_figure_in_whatever_order_files_arrive(steps, random):
    stated, known = running(steps), frame()
    order = list(stated)
    random.shuffle(order)
    for quarter in order:
        known = replaced(known, differenced({quarter: stated[quarter]}, known))
    adds_up(known, stated)
    adds_up(replaced(frame(), differenced(stated, frame())), stated)


@settings(max_examples=25)
@given(CUMULATIVE.filter(lambda steps: len(steps) > 1), st.data())
def test_a_corrected_cumulative_figure_moves_to_the_quarter_after_it(steps, data):
    """Else the quarters would no longer add up to what the later bulletin said."""
    stated = running(steps)
    known = replaced(frame(), differenced(stated, frame()))
    quarter = data.draw(st.integers(1, len(steps) - 1))
    low, high = stated.get(quarter - 1, (0, 0)), stated[quarter + 1]
    stated[quarter] = tuple(data.draw(st.integers(a, b)) for a, b in zip(low, high))
    adds_up(replaced(known, differenced({quarter: stated[quarter]}, known)), stated)


def test_a_figure_that_the_quarter_before_does_not_have_is_not_differenced():
    """No data is not zero: the whole half year would pass for a quarter."""
    known = frame(table({KEY: (5, None)}, "2026Q1"))
    rows = differenced({2: (12, 8)}, known)
    assert rows["basis"].to_pylist() == ["ytd"]
    assert rows["closed"].to_pylist() == [8]


def test_a_cumulative_figure_that_falls_is_a_problem_and_its_row_is_left_out():
    parts = [table({KEY: (9, 3)}, "2026Q1", "ytd"), table({KEY: (7, 4)}, "2026Q2", "ytd")]
    rows, _, _, problems = stage.difference(COMPLAINTS, pa.concat_tables(parts), frame(), SHEETS)
    assert [(p.code, p.row, p.column, p.found, p.expected) for p in problems] == [
        ("cumulative_falls", 2, "received", "7", "≥ 9")
    ]
    assert rows["quarter"].to_pylist() == ["2026Q1"]


def test_repeated_cumulative_rows_are_left_for_the_merge_to_report():
    parts = [table({KEY: (5, 3)}, "2026Q1", "ytd")] * 2 + [table({KEY: (7, 4)}, "2026Q2", "ytd")]
    rows, _, _, problems = stage.difference(COMPLAINTS, pa.concat_tables(parts), frame(), SHEETS)
    assert (rows.num_rows, problems) == (3, [])
