"""The public edition: nothing that it holds, alone or beside the one before, tells a small count."""

import io
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from scipy.optimize import linprog
from scipy.sparse import csr_array

from dashboard.reports.bulletin import WITHHELD, bulletin
from dashboard.reports.facts import FEWEST_PEOPLE, PUBLIC, Choices
from dashboard.reports.files import all_written
from dashboard.reports.model import Document
from dashboard.reports.public import decided, facts_of
from dashboard.settings import Settings
from dashboard.store import Store
from dashboard.warehouse import Warehouse

QUARTERS = ("2026Q2", "2026Q3")


def told(goal: np.ndarray, sums: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """The least and the greatest that the sum `goal` can be, by linear programming written for the test."""
    known = {"A_eq": csr_array(sums.astype(float)), "b_eq": values}
    found = [linprog(sign * goal.astype(float), **known) for sign in (1, -1)]
    return found[0].fun, np.inf if found[1].status == 3 else -found[1].fun


def is_given_away(ends: tuple[float, float]) -> bool:
    low, high = ends
    return high - low < 1e-6 or (low > 1 - 1e-6 and high < FEWEST_PEOPLE - 1 + 1e-6)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.sampled_from([0.3, 1.0, 3.0]))
def test_what_is_shown_of_a_quarter_gives_no_small_count_away(seed, mean):
    counts = np.random.default_rng(seed).poisson(mean, (4, 3))
    table = pd.DataFrame(counts, index=list("ABCD"), columns=list("xyz"))
    withheld = decided(table)
    of_rows = [np.repeat(table.index == name, 3) for name in table.index if name not in withheld.departments]
    of_columns = [np.tile(table.columns == name, 4) for name in table.columns if name not in withheld.categories]
    sums = np.array([*of_rows, *of_columns, *([] if withheld.whole else [np.ones(12, bool)])])
    if not len(sums):
        return
    values = sums @ counts.ravel()
    assert not ((values > 0) & (values < FEWEST_PEOPLE)).any()
    secrets = [np.repeat(table.index == name, 3) for name in table.index] + list(np.eye(12, dtype=bool))
    small = [goal for goal in secrets if 0 < goal @ counts.ravel() < FEWEST_PEOPLE]
    assert not [goal for goal in small if is_given_away(told(goal, sums, values))]


def test_a_department_that_comes_alone_takes_another_with_it():
    withheld = decided(pd.DataFrame({"x": [3, 9, 30]}, index=["A", "B", "C"]))
    assert withheld.departments == {"A", "B"} and not withheld.whole  # else the whole less the others would tell


def test_a_whole_that_is_small_is_withheld_with_all_its_parts():
    withheld = decided(pd.DataFrame({"x": [2, 0], "y": [1, 0]}, index=["A", "B"]))
    assert withheld.whole and withheld.departments >= {"A"} and withheld.categories == {"x", "y"}


# --- the files of two neighbouring editions ---------------------------------------------------------------------
@pytest.fixture(scope="module")
def editions(demo_folder: Path) -> dict[str, tuple[Document, bytes]]:
    """Quarter → the document and its workbook."""
    snapshot = Warehouse(demo_folder).current()

    @cache
    def made(quarter: str) -> tuple[Document, bytes]:
        choices = Choices(quarter, "zh", edition=PUBLIC)
        own = Settings.load(demo_folder)
        document = bulletin(facts_of(snapshot, own, Store(demo_folder).read(snapshot.regions[0]), choices))
        files, _ = all_written(document, own.bulletin, ["xlsx"], lambda doing, share: None)
        return document, files["xlsx"]

    return {quarter: made(quarter) for quarter in QUARTERS}


@pytest.fixture(scope="module")
def received(demo_folder: Path) -> tuple[np.ndarray, tuple]:
    """What the office knows: complaints by quarter, department and category, with their names."""
    snapshot = Warehouse(demo_folder).current()
    region = snapshot.regions[0]
    quarters = tuple(one for one in snapshot.quarters_of(region) if one <= QUARTERS[-1])[-3:]
    rows = [
        snapshot.run(
            "pages/complaint_categories",
            region=region,
            quarter=quarter,
            window=1,
            departments=snapshot.run("pages/departments", region=region, quarter=quarter, category=None)[
                "department_id"
            ].tolist(),
        ).assign(quarter=quarter)
        for quarter in quarters
    ]
    table = pd.concat(rows).pivot_table(
        index=["quarter", "department_id"], columns="zh", values="received", aggfunc="sum", fill_value=0
    )
    departments = snapshot.run("pages/departments", region=region, quarter=QUARTERS[-1], category=None)
    names = departments["short_name"].fillna(departments["name"])
    index = pd.MultiIndex.from_product([quarters, departments["department_id"]])
    counts = table.reindex(index, fill_value=0).to_numpy().reshape(len(quarters), len(departments), -1)
    return counts, (quarters, tuple(names), tuple(table.columns))


def sheet(book: bytes, title: str) -> list[list]:
    opened = CalamineWorkbook.from_filelike(io.BytesIO(book))
    name = next(one for one in opened.sheet_names if title in one)
    return opened.get_sheet_by_name(name).to_python()


def test_no_figure_of_the_files_is_a_small_count_of_a_department(editions):
    for document, book in editions.values():
        rows = sheet(book, "表4")
        head = next(at for at, row in enumerate(rows) if row[0] == "部门")
        written = [row[1] for row in rows[head + 1 :] if row[0] and len(row) > 1 and row[1] != ""]
        assert len(written) == 64 and WITHHELD in written
        assert not [one for one in written if one != WITHHELD and 0 < float(one) < FEWEST_PEOPLE]
        counts = [
            one
            for one in document.figures.values()
            if one.source.query == "complaint_rates" and one.source.column in ("received", "numerator")
        ]
        assert counts and not [one for one in counts if one.value is not None and 0 < one.value < FEWEST_PEOPLE]


def test_an_attack_on_the_workbooks_of_two_neighbours_finds_no_small_count(editions, received):
    counts, (quarters, departments, categories) = received
    sums, values = [], []

    def learn(mask: np.ndarray, value: float) -> None:
        sums.append(mask.ravel())
        values.append(counts[mask].sum())
        assert value == values[-1]  # what is published is what the office counts

    def of(quarter: str) -> np.ndarray:
        return (np.arange(len(quarters)) == quarters.index(quarter))[:, None, None] & np.ones(counts.shape, bool)

    for quarter, (document, book) in editions.items():
        rows = {row[0]: row[1] for row in sheet(book, "表4") if len(row) > 1}
        for at, name in enumerate(departments):
            if rows[name] != WITHHELD:
                learn(of(quarter) & (np.arange(len(departments)) == at)[:, None], float(rows[name]))
        [topics] = [table for table in document.tables if table.key == "topics"]
        for name, number in topics.rows:
            if name in categories:
                learn(of(quarter) & (np.arange(len(categories)) == categories.index(name)), number.value)
        [trend] = [table for table in document.tables if table.key == "trend"]
        for period, number, _ in trend.rows:
            if period in quarters:
                learn(of(period), number.value)
    known, are = np.array(sums), np.array(values)
    secrets = [
        of(quarter) & (np.arange(len(departments)) == at)[:, None]
        for quarter in quarters
        for at in range(len(departments))
    ]
    small = [one.ravel() for one in secrets if 0 < counts[one].sum() < FEWEST_PEOPLE]
    assert len(small) > 50
    cells = np.flatnonzero((counts.ravel() > 0) & (counts.ravel() < FEWEST_PEOPLE))
    for place in np.random.default_rng(1).choice(cells, 20, replace=False):
        small.append(np.arange(counts.size) == place)
    assert not [goal for goal in small if is_given_away(told(goal, known, are))]


def test_no_rate_limit_or_judgement_by_several_quarters_is_in_any_part_of_a_document(editions):
    for document, _ in editions.values():
        sources = {number.source for number in document.figures.values() if number.source.query == "complaint_rates"}
        assert {source.column for source in sources} == {"received", "activities"}
        assert "rates" not in {block.key for block in document.tables}
        assert not [slide for slide in document.slides if "99.8%" in slide.title or "近四季" in slide.title]


def test_flags_and_what_was_recorded_are_left_out(editions):
    for document, _ in editions.values():
        assert {block.key for block in document.tables}.isdisjoint({"flags", "past", "requests"})
        assert not [key for key in document.figures if key.startswith("flag.")]
        assert not [source for source in document.figures.values() if source.source.query in ("gaps", "past", "agenda")]
