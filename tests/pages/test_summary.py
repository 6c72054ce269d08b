"""The summary page: every cell says what is stored of it, the rows stand by what presses, and chance is told."""

import csv
import io
from collections.abc import Callable

import pandas as pd
import pytest

from dashboard.filters import Filters
from dashboard.pages._scene import scene
from dashboard.pages._summary import Line, View, is_in, rises, standing

SIGNALS = ["concern", "improvement", "high", "low"]


@pytest.fixture(scope="module")
def view() -> Callable[..., View]:
    def make(app, lang: str = "zh", **query: str) -> View:
        with app.server.test_request_context("/"):
            return View(scene(Filters.from_query({"lang": lang, **query})))

    return make


@pytest.fixture(scope="module")
def whole(demo_app, view) -> View:
    """The demonstration county as the page opens."""
    return view(demo_app)


@pytest.fixture(scope="module")
def stored(whole) -> pd.DataFrame:
    """What the snapshot holds of the last quarter, in one quarter and in four."""
    return whole.now.run("summary", quarter="2026Q3", scope="peers", window=4)


def cell(view: View, key: str, department: str) -> Line:
    return next(line for line in view.rows if (line.key, line.department_id) == (key, department))


@pytest.fixture(scope="module")
def lines(whole) -> pd.DataFrame:
    return pd.DataFrame(whole.rows)


def listed(view: View) -> list[str]:
    return [row.department_id for row in view.departments]


def sheet(app, search: str = "") -> list[dict[str, str]]:
    answer = app.server.test_client().get(f"/download/summary.csv?lang=zh&{search}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


# --- what stands where -----------------------------------------------------------------------------------------
def test_every_department_meets_every_indicator_once(whole, demo_app):
    assert len(whole.departments) == 64
    assert len(whole.keys) == len(whole.measures)
    assert len(whole.cells) == 64 * len(whole.keys)
    dimensions = [key for key in whole.keys if key.startswith("dimension_score.")]
    assert (whole.keys[0], len(dimensions)) == ("composite_score", 6)


def test_the_legend_counts_what_is_stored(whole, stored):
    quarter = stored[stored["window_quarters"] == 1]
    for state in ("concern", "improvement", "common"):
        assert whole.count(state) == (quarter["variation"] == state).sum() > 0
    assert whole.count("moved") == quarter["variation"].isin(["high", "low"]).sum() > 0
    for state in ("pass", "hit_or_miss", "fail"):
        assert whole.count(state) == (quarter["assurance"] == state).sum() > 0
    is_value = quarter["value"].notna()
    assert whole.count("few") == (is_value & quarter["variation"].isna()).sum()
    assert whole.count("no_data") == 64 * len(whole.keys) - is_value.sum()


def test_rates_are_compared_over_four_quarters_and_scores_in_their_own(whole, stored, lines):
    rates = stored[(stored["indicator"] == "complaint_rate") & (stored["window_quarters"] == 4)]
    shown = lines[lines["key"] == "complaint_rate"].set_index("department_id")["outcome"]
    assert shown.to_dict() == rates.set_index("department_id")["outcome"].fillna("").to_dict()
    scores = stored[stored["indicator"] == "composite_score"]
    shown = lines[lines["key"] == "composite_score"].set_index("department_id")["outcome"]
    assert shown.to_dict() == scores.set_index("department_id")["outcome"].to_dict()


@pytest.mark.parametrize(
    ("outcome", "better", "said"),
    [
        ("high_998", "lower", "behind"),
        ("high_95", "higher", "ahead"),
        ("low_95", "higher", "behind"),
        ("low_998", "lower", "ahead"),
        ("above", "higher", "ahead"),
        ("below", "higher", "behind"),
        ("high_998", "neither", "up"),
        ("low_95", "neither", "down"),
        ("in", "lower", ""),
        ("none", "higher", ""),
        ("", "higher", ""),
    ],
)
def test_a_place_is_good_or_bad_only_where_the_indicator_says_which_side_is_better(outcome, better, said):
    assert standing(outcome, better) == said


def test_a_worsening_points_to_the_side_where_its_last_value_lies():
    assert rises("concern", "lower") and rises("improvement", "higher") and rises("high", "neither")
    assert not (rises("concern", "higher") or rises("improvement", "lower") or rises("low", "neither"))


# --- words -----------------------------------------------------------------------------------------------------
def test_a_cell_says_its_value_what_it_stands_on_and_every_judgement(whole):
    row = cell(whole, "complaint_rate", "D09")
    base = f"（{row.numerator:.0f}/{row.denominator:.0f}）"
    said = whole.cells["complaint_rate", "D09"].words
    assert said == (
        f"档案局 · 投诉率（每百名工作人员） {row.value:.1f} 件/百人{base}"
        "；真实变差；近四季与其他部门比：高于 99.8% 上限，建议核查"
    )


def test_a_share_of_few_cases_is_written_as_x_of_n(whole, lines):
    shares = lines[(lines["key"] == "substantiated_share") & (lines["denominator"] < 50)]
    row = next(shares.dropna(subset="value").itertuples())
    assert f"查实率 {row.numerator:.0f}/{row.denominator:.0f}；" in whole.cells[row.key, row.department_id].words


def test_what_is_missing_says_why(demo_app, whole, office_without_ballots, make_app, view, lines):
    gone = lines[(lines["state"] == "no_data") & (lines["denominator"] == 0)].iloc[0]
    assert "无数据（分母为零，算不出）" in whole.cells[gone["key"], gone["department_id"]].words
    office = view(make_app(office_without_ballots))
    assert office.cells["composite_score", "A"].words == "甲局 · 综合得分 无数据（本季没有测评）"
    assert {line.state for line in office.rows if line.key == "complaints_received"} == {"few"}
    assert office.finding == f"3 个部门 × {len(office.keys)} 项指标：季度不足或件数太少，还不能判断变化"
    assert office.columns[0].counts == ()  # nobody can be judged: a stroke, not a zero


# --- chance ----------------------------------------------------------------------------------------------------
def test_the_finding_tells_how_many_signals_chance_would_make(whole, stored):
    quarter = stored[stored["window_quarters"] == 1]
    signals, judged = quarter["variation"].isin(SIGNALS).sum(), quarter["variation"].notna().sum()
    assert whole.signals["signals"] == signals
    assert f"合计 {signals} 处，多于偶然会有的约 {round(0.015 * judged)} 处" in whole.finding


def test_signals_that_chance_would_make_too_are_not_called_more(demo_app, view):
    calm = view(demo_app, group="decisions")
    expected = 0.015 * calm.signals["judged"]
    assert calm.signals["signals"] < expected + 3 * expected**0.5
    assert "分不出来" in calm.finding
    assert "没有一处变化信号" in view(demo_app, group="cases").finding


# --- order -----------------------------------------------------------------------------------------------------
def test_most_worsenings_come_first_then_names(whole, lines):
    keys = [(-whole.totals[row.department_id]["concern"], row.name_order) for row in whole.departments]
    assert keys == sorted(keys)
    concerns = lines[lines["state"] == "concern"].groupby("department_id").size()
    assert whole.totals[listed(whole)[0]]["concern"] == concerns.max()


@pytest.mark.parametrize("order", ["desc", "asc"])
def test_a_column_sorts_by_what_presses_and_leaves_the_unknown_last(demo_app, view, order):
    shown = view(demo_app, sort="complaint_rate", order=order)
    states = pd.DataFrame([cell(shown, "complaint_rate", department) for department in listed(shown)])
    unknown = (states["state"].isin(["few", "no_data"]) & (states["outcome"] == "")).tolist()
    assert unknown == sorted(unknown)
    known = states[~pd.Series(unknown, index=states.index)]
    first = known.iloc[0] if order == "desc" else known.iloc[-1]
    assert (first["state"], first["standing"]) == ("concern", "behind")


def test_a_second_click_turns_a_column_round(demo_app, view, whole):
    assert whole.sorted_by("complaint_rate").to_search() == "?sort=complaint_rate&lang=zh"
    once = view(demo_app, sort="complaint_rate")
    assert once.sorted_by("complaint_rate").to_search() == "?sort=complaint_rate&order=asc&lang=zh"
    assert whole.sorted_by("concern").to_search() == "?order=asc&lang=zh"


def test_what_cannot_be_sorted_by_is_said(demo_app, view):
    lost = view(demo_app, sort="gone", group="gone")
    assert len(lost.notices) == 2
    assert listed(lost) == listed(view(demo_app))


# --- choice ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["concern", "improvement", "moved", "fail", "behind", "ahead", "few", "no_data"])
def test_a_state_leaves_the_rows_and_columns_that_have_it(demo_app, view, whole, state):
    shown = view(demo_app, status=state)
    found = [line for line in whole.rows if is_in(line, state)]
    assert set(listed(shown)) == {line.department_id for line in found}
    assert set(shown.keys) == {line.key for line in found}
    assert sum(cell.is_hit for cell in shown.cells.values()) == len(found)
    assert shown.finding == whole.finding  # what is looked for changes no count


def test_search_finds_departments_and_else_indicators(demo_app, view):
    assert listed(view(demo_app, q="档案局")) == ["D09"]
    found = view(demo_app, q="投诉率")
    assert (found.keys, len(found.departments)) == (["complaint_rate"], 64)
    assert view(demo_app, q="zzz").shown == []


def test_a_group_and_a_category_narrow_it(demo_app, view):
    shown = view(demo_app, group="complaints", category="township")
    assert {shown.measures[key].header["group"] for key in shown.keys} == {"complaints"}
    assert {row.category for row in shown.departments} == {"township"}


# --- doors -----------------------------------------------------------------------------------------------------
def test_a_cell_leads_to_the_departments_own_chart_and_a_name_to_its_page(demo_app, view, lines):
    shown = view(demo_app, quarter="2026Q2", category="township", status="concern", sort="name")
    kept = "quarter=2026Q2&category=township&lang=zh"
    assert shown.cell_address("composite_score", "D61") == (
        f"/indicator?{kept}&indicator=composite_score.composite&department=D61"
    )
    assert shown.lines[0].href.startswith("/department?quarter=2026Q2&category=township&department=D")
    assert shown.columns[0].href.startswith("/indicator?quarter=2026Q2&category=township&indicator=")


# --- files -----------------------------------------------------------------------------------------------------
def test_the_file_holds_exactly_the_cells_shown(demo_app, view, whole):
    rows = sheet(demo_app)
    assert len(rows) == len(whole.cells)
    assert (rows[0]["部门"], rows[0]["指标"]) == (whole.departments[0].full_name, "综合得分")
    found = next(row for row in rows if row["部门编码"] == "D09" and row["指标"].startswith("投诉率"))
    stored = cell(whole, "complaint_rate", "D09")
    assert float(found["本季数值"]) == pytest.approx(stored.value, abs=0.01)
    assert (found["变化（控制图）"], found["与其他部门比"], found["好坏"]) == (
        *("真实变差", "高于 99.8% 上限，建议核查", "明显较差"),
    )
    assert found["比较所用季度数"] == "4"
    assert len(sheet(demo_app, "status=concern")) == whole.count("concern")


def test_the_page_reads_in_english(demo_app, drawn):
    page = drawn(demo_app, "/summary", accept="en-GB")
    assert "Signals of worsening" in page
    assert "real worsening" in page
