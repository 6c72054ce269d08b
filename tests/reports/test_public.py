"""The public edition: nothing that it holds, alone or beside the one before, tells a small count."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
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
from dashboard.reports.facts import FEWEST_PEOPLE, PUBLIC, ChoiceError, Choices, Facts
from dashboard.reports.files import all_written
from dashboard.reports.issues import Issue, IssueError, Issues
from dashboard.reports.model import Document
from dashboard.reports.public import Withheld, decided, facts_of
from dashboard.settings import Settings
from dashboard.statistics.suppression import Unprotectable
from dashboard.store import Book, Store
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


def shown_sums(table: pd.DataFrame, withheld: Withheld) -> np.ndarray:
    (rows, columns), none = table.shape, np.zeros((0, table.size), bool)
    of_rows = [
        np.repeat(np.arange(rows) == at, columns) for at in np.flatnonzero(~table.index.isin(withheld.departments))
    ]
    of_columns = [
        np.tile(np.arange(columns) == at, rows) for at in np.flatnonzero(~table.columns.isin(withheld.categories))
    ]
    whole = [] if withheld.whole else [np.ones(table.size, bool)]
    return np.vstack([none, *of_rows, *of_columns, *whole])


@settings(max_examples=12)
@given(st.integers(0, 10_000), st.sampled_from([0.5, 2.0, 8.0]), st.integers(1, 4))
def test_two_issues_of_a_quarter_together_give_no_small_count_and_no_small_correction_away(seed, mean, corrections):
    """The attacker has both, knows which counts were corrected and which way, and solves linear programmes."""
    random = np.random.default_rng(seed)
    first = pd.DataFrame(random.poisson(mean, (4, 3)), index=list("ABCD"), columns=list("xyz"))
    second = first.copy()
    for _ in range(corrections):
        at = random.integers(4), random.integers(3)
        second.iloc[at] = max(0, second.iloc[at] + random.integers(-6, 7))
    then = decided(first)
    try:
        now = decided(second, [(first, then)])
    except Unprotectable:  # then there is no second issue
        return
    assert now.departments >= then.departments and now.categories >= then.categories
    was, becomes = first.to_numpy().ravel(), second.to_numpy().ravel()
    n, rises = len(was), np.sign(becomes - was)
    of_first, of_second = shown_sums(first, then), shown_sums(second, now)
    same = np.eye(n)[rises == 0]
    known = np.vstack(
        [
            np.hstack([of_first, np.zeros_like(of_first)]),
            np.hstack([np.zeros_like(of_second), of_second]),
            np.hstack([same, -same]),
        ]
    )
    both = np.concatenate([was, becomes])
    direction = np.hstack([np.diag(rises), -np.diag(rises)])  # a count that rose was not greater before

    def ends(goal: np.ndarray) -> tuple[float, float]:
        bounded = {"A_eq": known, "b_eq": known @ both, "A_ub": direction, "b_ub": np.zeros(n)}
        low, high = (linprog(sign * goal, **bounded) for sign in (1, -1))
        return low.fun, np.inf if high.status == 3 else -high.fun

    cells, rows = np.eye(n), np.kron(np.eye(4), np.ones(3))
    secrets = [np.concatenate(pair) for one in (*cells, *rows) for pair in ((one, 0 * one), (0 * one, one))]
    secrets += [np.concatenate([-sign * one, sign * one]) for one, sign in zip(cells, rises) if sign]
    small = [goal for goal in secrets if 0 < goal @ both < FEWEST_PEOPLE]
    assert not [goal for goal in small if is_given_away(ends(goal))]


def test_a_count_that_could_be_published_after_a_correction_is_not_where_it_was_withheld_before():
    first = pd.DataFrame({"x": [3, 9, 30]}, index=["A", "B", "C"])
    second = pd.DataFrame({"x": [9, 9, 30]}, index=["A", "B", "C"])
    assert not decided(second).departments
    assert decided(second, [(first, decided(first))]).departments == {"A", "B"}  # else 12 less 9 would tell A


def test_a_correction_of_one_complaint_is_not_published_and_neither_is_the_whole():
    first = pd.DataFrame({"x": [10, 20, 30]}, index=["A", "B", "C"])
    now = decided(first.replace(10, 11), [(first, decided(first))])
    assert "A" in now.departments and now.whole


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


# --- a quarter that is issued again -----------------------------------------------------------------------------
@pytest.fixture(scope="module")
def make_public(demo_folder: Path) -> Callable[..., Facts]:
    snapshot, own = Warehouse(demo_folder).current(), Settings.load(demo_folder)

    def make(*issues: Issue) -> Facts:
        return facts_of(snapshot, own, Book(), Choices("2026Q3", "zh", edition=PUBLIC), issues=issues)

    return make


@pytest.fixture(scope="module")
def issue(make_public) -> Issue:
    return replace(make_public().issue(), at="2026-10-05T08:00:00+00:00")


def as_it_was(issue: Issue, difference: int) -> Issue:
    """As if one category of the department with most complaints had had so many less when it was issued."""
    counts = {name: dict(row) for name, row in issue.complaints.items()}
    department = max(counts, key=lambda name: sum(counts[name].values()))
    category = max(counts[department], key=counts[department].get)
    counts[department][category] -= difference
    cells = ("complaints_received|2026Q3|total", f"complaints|2026Q3|{department}", f"categories|2026Q3|{category}")
    released = {cell: value - difference * (cell in cells) for cell, value in issue.released.items()}
    assert issue.released.keys() >= {*cells}
    return replace(issue, complaints=counts, released=released)


def test_the_same_figures_issued_again_are_the_same_edition_and_each_issue_is_on_record(make_public, issue, tmp_path):
    issues = Issues(tmp_path)
    assert issues.read() == ()
    for name in ("zh.docx", "en.docx"):
        with issues.held():
            issues.record(issue, {name: name.encode()})
    first, second = issues.read(issue.region)
    assert first.files == {"zh.docx": hashlib.sha256(b"zh.docx").hexdigest()}
    assert replace(second, files={}, at=issue.at) == issue
    again = make_public(first, second)
    assert (again.edition, again.replaces) == (1, "")
    assert issues.read("elsewhere") == ()
    assert sorted(path.name for path in (tmp_path / "issues").iterdir()) == ["0001.json", "0002.json", "lock"]
    (tmp_path / "issues" / "0002.json").write_text("{", "utf-8")
    with pytest.raises(IssueError):
        issues.read()


def test_a_correction_of_one_complaint_shows_nowhere_in_the_second_edition_which_says_that_it_replaces_one(
    make_public, issue
):
    facts = make_public(as_it_was(issue, 1))
    document = bulletin(facts)
    assert (facts.edition, facts.replaces) == (2, "2026-10-05")
    lead = next(paragraph.text for paragraph in document.paragraphs if paragraph.key == "lead")
    assert "本版为第2版，替代2026年10月5日公布的一版" in lead
    assert "第2版" in dict(document.facts)["版本"]
    sources = {one.source: one.value for one in document.figures.values()}
    assert {source.query for source in sources}.isdisjoint({"complaint_categories", "chart"})
    received = [value for source, value in sources.items() if ("indicator", "complaints_received") in source.where]
    assert received == [None]
    assert "complaints_received|2026Q3|total" not in facts.released


def test_a_larger_correction_is_published_in_a_second_edition(make_public, issue):
    facts = make_public(as_it_was(issue, -5))
    assert facts.edition == 2
    assert facts.released["complaints_received|2026Q3|total"] == issue.released["complaints_received|2026Q3|total"]
    assert facts.withheld.departments >= {*issue.withheld["departments"]}


def test_a_small_correction_of_a_quarter_before_is_in_no_later_edition_either(make_public, issue):
    cell = "complaints_received|2026Q2|total"
    before = replace(issue, quarter="2026Q2", released={cell: issue.released[cell] + 1})
    facts = make_public(before)
    assert cell not in facts.released
    assert facts.rows("chart").empty
    assert facts.edition == 1


def test_ballots_that_differ_by_a_few_are_not_published_again(make_public, issue):
    cell = next(cell for cell in issue.released if cell.startswith("ballots|"))
    facts = make_public(replace(issue, released=issue.released | {cell: issue.released[cell] - 1}))
    with pytest.raises(ChoiceError) as refused:
        bulletin(facts)
    assert refused.value.code == "appraisal_corrected"
