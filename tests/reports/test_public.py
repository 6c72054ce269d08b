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
from dashboard.reports.facts import FEWEST_PEOPLE, PUBLIC, WINDOW, Choices
from dashboard.reports.files import all_written
from dashboard.reports.model import Document, Number
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


def windows(counts: np.ndarray, at: int) -> np.ndarray:
    """Which of quarters × departments × categories the edition of a quarter adds up."""
    mask = np.zeros(counts.shape, bool)
    mask[max(0, at - WINDOW + 1) : at + 1] = True
    return mask


def published(counts: np.ndarray, names: tuple, decisions: dict) -> np.ndarray:
    """Every sum of all editions that is not withheld, (sums, counts)."""
    quarters, departments, categories = names
    sums = []
    for at, quarter in enumerate(quarters):
        own, year = decisions[quarter], windows(counts, at)
        if "p" not in own.peers:
            sums.append(year & np.isin(departments, ("A", "B"))[:, None])
        for row, name in enumerate(departments):
            if name not in own.departments:
                sums.append(year & (np.arange(len(departments)) == row)[:, None])
        for column, name in enumerate(categories):
            if name not in own.categories:
                sums.append(year & (np.arange(len(categories)) == column))
        if not own.whole:
            sums.append(year)
        if quarter not in own.quarters:
            sums.append((np.arange(len(quarters)) == at)[:, None, None] & np.ones(counts.shape, bool))
    return np.array([one.ravel() for one in sums])


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.3, 1.0, 3.0]))
def test_all_editions_together_give_no_small_count_away(seed, mean):
    counts = np.random.default_rng(seed).poisson(mean, (6, 3, 2)).astype(float)
    names = tuple(map(str, range(6))), ("A", "B", "C"), ("x", "y")
    tables = {
        quarter: pd.DataFrame(counts[at], index=names[1], columns=names[2]) for at, quarter in enumerate(names[0])
    }
    peers = dict.fromkeys(tables, {"A": "p", "B": "p", "C": "*"})
    sums = published(counts, names, decided(tables, peers, WINDOW))
    values = sums @ counts.ravel()
    assert not ((values > 0) & (values < FEWEST_PEOPLE)).any()
    secrets = [windows(counts, at) & (np.arange(3) == row)[:, None] for at in range(6) for row in range(3)]
    goals = [*(one.ravel() for one in secrets), *np.eye(counts.size, dtype=bool)]
    small = [goal for goal in goals if 0 < goal @ counts.ravel() < FEWEST_PEOPLE]
    assert not [goal for goal in small if is_given_away(told(goal, sums, values))]


def test_a_department_that_comes_alone_takes_another_with_it():
    quarter = pd.DataFrame({"x": [3, 9, 30]}, index=["A", "B", "C"])
    alone = {"2026Q1": dict.fromkeys("ABC", "*")}
    withheld = decided({"2026Q1": quarter}, alone, WINDOW)["2026Q1"]
    assert withheld.departments == {"A", "B"} and not withheld.whole  # else the whole less the others would tell


def test_a_sum_of_peers_that_limits_would_tell_is_withheld_with_them():
    quarter = pd.DataFrame({"x": [3, 9, 30, 40]}, index=["A", "B", "C", "D"])
    peers = {"2026Q1": {"A": "p", "B": "p", "C": "q", "D": "q"}}
    withheld = decided({"2026Q1": quarter}, peers, WINDOW)["2026Q1"]
    assert "A" in withheld.departments and ("B" in withheld.departments or "p" in withheld.peers)


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
def received(demo_folder: Path) -> tuple[np.ndarray, tuple, np.ndarray]:
    """What the office knows: complaints by quarter, department and category, with their names; who are peers."""
    snapshot = Warehouse(demo_folder).current()
    region = snapshot.regions[0]
    quarters = tuple(one for one in snapshot.quarters_of(region) if one <= QUARTERS[-1])[-WINDOW - 1 :]
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
    return counts, (quarters, tuple(names), tuple(table.columns)), departments["category"].to_numpy()


def sheet(book: bytes, title: str) -> list[list]:
    opened = CalamineWorkbook.from_filelike(io.BytesIO(book))
    name = next(one for one in opened.sheet_names if title in one)
    return opened.get_sheet_by_name(name).to_python()


def test_no_figure_of_the_files_is_a_small_count_of_a_department(editions):
    for document, book in editions.values():
        rows = sheet(book, "表5")
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
    counts, (quarters, departments, categories), peers = received
    sums, values = [], []

    def learn(mask: np.ndarray, value: float | None) -> None:
        sums.append(mask.ravel())
        values.append(counts[mask].sum())
        assert value in (None, values[-1])  # what is published is what the office counts

    for quarter, (document, book) in editions.items():
        year = windows(counts, quarters.index(quarter))
        rows = {row[0]: row[1] for row in sheet(book, "表5") if len(row) > 1}
        for at, name in enumerate(departments):
            if rows[name] != WITHHELD:
                learn(year & (np.arange(len(departments)) == at)[:, None], float(rows[name]))
        for name in (row[0] for table in document.tables if table.key == "rates" for row in table.rows):
            learn(year & (peers == peers[departments.index(name)])[:, None], None)  # what a control limit tells
        [topics] = [table for table in document.tables if table.key == "topics"]
        for name, number in topics.rows:
            if name in categories:
                learn(year & (np.arange(len(categories)) == categories.index(name)), number.value)
        [trend] = [table for table in document.tables if table.key == "trend"]
        for period, number, _ in trend.rows:
            if period in quarters:
                of_quarter = (np.arange(len(quarters)) == quarters.index(period))[:, None, None]
                learn(of_quarter & np.ones(counts.shape, bool), number.value)
        [total] = {
            run.value
            for paragraph in document.paragraphs
            for sentence in paragraph.sentences
            for run in sentence.runs
            if sentence.key == "bulletin.topics.total" and isinstance(run, Number) and run.source.where == ()
        }
        learn(year, total)
    known, are = np.array(sums), np.array(values)
    secrets = [
        windows(counts, quarters.index(quarter)) & (np.arange(len(departments)) == at)[:, None]
        for quarter in QUARTERS
        for at in range(len(departments))
    ]
    small = [one.ravel() for one in secrets if 0 < counts[one].sum() < FEWEST_PEOPLE]
    assert len(small) > 20
    cells = np.flatnonzero((counts.ravel() > 0) & (counts.ravel() < FEWEST_PEOPLE))
    for place in np.random.default_rng(1).choice(cells, 20, replace=False):
        small.append(np.arange(counts.size) == place)
    assert not [goal for goal in small if is_given_away(told(goal, known, are))]


def test_flags_and_what_was_recorded_are_left_out(editions):
    for document, _ in editions.values():
        assert {block.key for block in document.tables}.isdisjoint({"flags", "past", "requests"})
        assert not [key for key in document.figures if key.startswith("flag.")]
        assert not [source for source in document.figures.values() if source.source.query in ("gaps", "past", "agenda")]
