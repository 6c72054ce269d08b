"""Departments side by side: what stands there is what is stored, and only what chance cannot explain is marked."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import numpy as np
import pytest

from dashboard.components.links import compare_address
from dashboard.filters import Filters
from dashboard.pages._compare import MOST, RATE, SHARE, TESTED, View
from dashboard.pages._scene import scene
from dashboard.statistics.differences import REAL, of_rates, of_scores, of_shares

FOUR = "D09,D58,D01,D20"


@pytest.fixture(scope="module")
def view(demo_app) -> Callable[..., View]:
    def of(compared: str, lang: str = "zh", **query: str) -> View:
        with demo_app.server.test_request_context("/"):
            return View(scene(Filters.from_query({"lang": lang, "compared": compared, **query})))

    return of


@pytest.fixture(scope="module")
def four(view) -> View:
    return view(FOUR)


@pytest.fixture(scope="module")
def stored(four) -> dict:
    rows = four.now.snapshot.run(
        "pages/department_judgements", region="tinglan", quarter="2026Q3", scope="peers", departments=four.ids
    )
    return {(row.indicator, row.variant, row.department_id, row.window_quarters): row for row in rows.itertuples()}


def line(view: View, key: str):
    return next(one for one in view.lines if one.key == key)


def sheet(app, compared: str, **query: str):
    search = "&".join(f"{name}={quote(value)}" for name, value in {"lang": "zh", "compared": compared, **query}.items())
    return app.server.test_client().get(f"/download/compare.csv?{search}")


# --- who stands there ------------------------------------------------------------------------------------------
def test_departments_stand_in_the_order_in_which_they_were_chosen(four):
    assert four.ids == FOUR.split(",")
    assert [row.department_id for row in four.departments] == four.ids


def test_unknown_departments_and_those_beyond_six_are_named_in_a_notice(view):
    found = view("D01,D02,nobody,D03,D04,D05,D06,D07")
    assert found.ids == ["D01", "D02", "D03", "D04", "D05", "D06"]
    unknown, most, *_ = found.notices
    assert "nobody" in unknown
    last = found.whole.departments.set_index("department_id")["label"]["D07"]
    assert f"最多并排 {MOST} 个部门" in most and last in most


def test_departments_of_different_kinds_are_to_be_compared_with_care(view, four):
    kinds = {row.category for row in four.departments}
    assert f"分属 {len(kinds)} 类" in four.notices[0] and "慎重" in four.notices[0]
    assert view("D20,D21").notices == []


def test_fewer_than_two_lead_to_the_choice(demo_app, drawn):
    page = drawn(demo_app, "/compare", compared="D20")
    assert "至少再选一个部门" in page
    assert '"href": "/compare?compared=D20,D21"' in page
    assert "选两到 6 个部门" in drawn(demo_app, "/compare")
    assert sheet(demo_app, "D20").status_code == 404


def test_each_chip_takes_its_department_out_and_the_control_adds_the_others(demo_app, drawn):
    page = drawn(demo_app, "/compare", compared="D20,D21,D22")
    assert '"href": "/compare?compared=D20,D22"' in page
    assert '"value": "D20,D21,D22,D23"' in page
    full = drawn(demo_app, "/compare", compared="D01,D02,D03,D04,D05,D06")
    assert "已满 6 个" in full and "D01,D02,D03,D04,D05,D06,D07" not in full


def test_the_pages_of_a_department_and_of_the_ranking_lead_here(demo_app, drawn):
    for path in ("/department", "/ranking"):
        assert '"href": "/compare?compared=D20"' in drawn(demo_app, path, department="D20")
        page = drawn(demo_app, path, department="D20", compared="D01,D02")
        assert '"href": "/compare?compared=D01,D02,D20"' in page and "加入对比" in page
        assert "查看对比" in drawn(demo_app, path, department="D20", compared="D20,D02")


def test_a_seventh_department_is_not_added():
    six = Filters(compared=("A", "B", "C", "D", "E", "F"))
    assert compare_address(six, "G") == "/compare?compared=A,B,C,D,E,F"
    assert compare_address(replace(six, compared=("A",)), "A") == "/compare?compared=A"


# --- what is said of them --------------------------------------------------------------------------------------
def test_every_value_is_the_stored_one(four, stored):
    for one in four.lines:
        if one.measure is None:
            continue
        for department, figures in zip(four.ids, one.rows):
            key = (one.measure.indicator, one.measure.variant, department)
            row = stored.get((*key, 4)) or stored.get((*key, 1))
            expected = (np.nan,) * 3 if row is None else (row.value, row.low, row.high)
            assert (figures.value, figures.low, figures.high) == pytest.approx(expected, nan_ok=True)


def test_places_are_those_of_the_ranking(four):
    rows = four.now.snapshot.run(
        "pages/standings", region="tinglan", quarter="2026Q3", variant="composite", scope="peers"
    ).set_index("department_id")
    for department, figures in zip(four.ids, line(four, "place").rows):
        own = rows.loc[department]
        assert (figures.low, figures.high, figures.denominator) == (own.rank_low, own.rank_high, own.n_ranked)


def test_only_rules_that_flag_one_of_them_are_listed_and_the_others_counted(four, demo_app, drawn):
    gaps = four.now.snapshot.run(
        "pages/gaps", region="tinglan", quarter="2026Q3", department=None, rule=None, statuses=["alert", "watch"]
    )
    flagged = set(gaps[gaps["department_id"].isin(four.ids)]["rule"])
    assert set(four.flagged_rules) == flagged
    page = drawn(demo_app, "/compare", compared=FOUR)
    assert f"{len(flagged)} 条规则至少对一个部门提出了疑问" in page
    assert f"另有 {len(four.gaps.rules) - len(flagged)} 条规则" in page


def test_complaints_by_category_add_up_to_those_received(four):
    lines = four.part("complaints")
    received = line(four, "complaints_received")
    for at in range(len(four.ids)):
        assert sum(one.rows[at].value for one in lines) == received.rows[at].value == lines[0].rows[at].denominator


# --- which differences are real --------------------------------------------------------------------------------
def test_a_score_is_compared_under_the_same_raters_and_all_pairs_are_corrected_together(four):
    draws = four.now.run("draws").set_index(["department_id", "dimension"])
    service = line(four, "dimension_score.service")
    low, high = ("D58", "D01")
    values = dict(zip(four.ids, service.rows))
    expected = of_scores(
        values[high].value,
        values[low].value,
        draws.loc[(high, "service"), "draws"],
        draws.loc[(low, "service"), "draws"],
        draws.loc[[(high, "service"), (low, "service")], "n_raters"].min(),
        draws["n_groups"].iloc[0],
    )
    pair = next(p for p in four.pairs if p.line.key == service.key and {p.first, p.second} == {1, 2})
    assert four.ids[pair.first] == high
    assert pair.difference == pytest.approx(expected)
    assert pair.adjusted >= len([p for p in four.pairs if p.difference.p > pair.difference.p]) * expected.p


def test_the_composite_is_drawn_with_the_office_s_weights(four):
    rows = four.now.run("draws")
    own = np.mean(list(rows[rows["department_id"] == "D09"]["draws"]), axis=0)
    assert four.draws["composite_score", "D09"] == pytest.approx(own)  # the demonstration weighs all dimensions alike


def test_shares_and_rates_are_tested_exactly(four):
    for pair in four.pairs:
        first, second = (pair.line.rows[at] for at in (pair.first, pair.second))
        counts = (first.numerator, first.denominator, second.numerator, second.denominator)
        if pair.line.kind == SHARE:
            assert pair.difference.p == pytest.approx(of_shares(*counts).p)
            assert pair.difference.value == pytest.approx(100 * of_shares(*counts).value, abs=1e-9)
        elif pair.line.kind == RATE:
            assert pair.difference.p == pytest.approx(of_rates(*counts).p)


def test_only_what_chance_cannot_explain_is_marked(four):
    assert four.real and len(four.real) < len(four.pairs)
    assert all(pair.adjusted < REAL for pair in four.real)
    for one in four.lines:
        columns = {at for pair in four.real if pair.line.key == one.key for at in (pair.first, pair.second)}
        assert {at for at in range(len(four.ids)) if four.side(one, at)} == columns
        if one.kind in TESTED and not columns:
            assert four.said(one) in ("差别在偶然范围之内", "数据不够，不作检验")


def test_the_planted_flood_of_complaints_is_real_and_two_ordinary_offices_do_not_differ(four, view):
    rate = next(pair for pair in four.real if pair.line.key == "complaint_rate" and four.ids[pair.second] == "D58")
    assert four.ids[rate.first] == "D09"
    assert "投诉率" in four.finding
    alike = view("D20,D21")
    assert alike.real == []
    assert alike.finding.startswith("2 个部门能检验的") and "偶然范围之内" in alike.finding


def test_the_order_of_the_departments_changes_no_finding(four, view):
    back = view(",".join(reversed(FOUR.split(","))))
    assert back.finding.split("；")[-1] == four.finding.split("；")[-1]

    def named(of: View) -> set:
        return {(pair.line.key, of.ids[pair.first], of.ids[pair.second], round(pair.adjusted, 12)) for pair in of.real}

    assert named(back) == named(four)


def test_the_page_says_how_many_pairs_were_compared(four):
    assert f"共 {len(four.pairs)} 对" in four.sureness
    assert f"{four.tested_lines} 项可以检验" in four.sureness
    assert "4 个部门两两相比" in four.sureness


def test_counts_and_what_is_only_listed_are_never_tested(four):
    tested = {pair.line.kind for pair in four.pairs}
    assert tested <= set(TESTED)
    assert four.said(line(four, "complaints_received")) == "件数没有按规模折算，不比"
    assert four.said(line(four, "powers")) == "照实列出，不作检验"
    published = line(four, "published_share")  # every power in force is counted: nothing is left to chance
    assert four.said(published) == "照实列出，不作检验"
    assert not four.is_tested(published) and any(
        "/" in four.below_text(published, row) + four.value_text(published, row) for row in published.rows
    )
    assert four.said(line(four, "assessment_score")) == "没有逐票数据，不作检验"


def test_departments_that_were_never_appraised_stand_side_by_side_without_scores(
    make_app, office_without_ballots, drawn
):
    page = drawn(make_app(office_without_ballots), "/compare", compared="A,B,C")
    assert "投诉" in page


# --- the file --------------------------------------------------------------------------------------------------
def test_the_file_is_the_table(demo_app, four):
    answer = sheet(demo_app, FOUR)
    assert answer.status_code == 200
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == len(four.lines) + len(four.flagged_rules)
    for row, one in zip(rows, four.lines):
        assert row["项目"] == one.title
        for at, department in enumerate(four.departments):
            head = f"{four.letter(at)} {department.full_name}：数值"
            value = one.rows[at].value
            assert row[head] == "" if np.isnan(value) else float(row[head]) == pytest.approx(value, abs=1e-4)
        words = [four.pair_words(pair) for pair in four.real_of(one)]
        assert row["差别"] == ("；".join(words) if words else four.said(one))


def test_six_departments_are_few_components(demo_app, drawn):
    assert drawn(demo_app, "/compare", compared="D01,D09,D20,D30,D40,D58").count('"namespace": ') < 250
