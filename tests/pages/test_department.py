"""One department whole: its verdict, its place, its flags, its rows; equal to what the other pages say of it."""

import csv
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator

import dash
import pytest

from dashboard import warehouse
from dashboard.filters import Filters
from dashboard.pages._department import View, verdict
from dashboard.pages._department_cards import timeline_card
from dashboard.pages._scene import scene


@pytest.fixture
def said(drawn) -> Callable[..., list[str]]:
    """Every text of the page."""

    def read(app, **query) -> list[str]:
        found = re.findall(r'"((?:[^"\\]|\\.)*)"', drawn(app, "/department", **query))
        return [json.loads(f'"{text}"') for text in found]

    return read


@pytest.fixture
def view(demo_app) -> Iterator[Callable[..., View]]:
    """The page's view of an address."""
    with demo_app.server.test_request_context("/"):
        yield lambda **query: View(scene(Filters.from_query({"lang": "zh", **query})))


@pytest.fixture(scope="module")
def snapshot(demo_folder):
    return warehouse.Warehouse(demo_folder).current()


def sheet(app, **query: str) -> list[dict[str, str]]:
    search = "&".join(f"{name}={value}" for name, value in {"lang": "zh", **query}.items())
    answer = app.server.test_client().get(f"/download/department.csv?{search}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


# --- the verdict -----------------------------------------------------------------------------------------------
def test_the_verdict_is_three_sentences_with_the_figures_of_the_other_pages(demo_app, said, snapshot):
    page = said(demo_app, department="D09")
    rate = snapshot.run("pages/complaint_rates", region="tinglan", quarter="2026Q3", scope="peers", window=4)
    own = rate.set_index("department_id").loc["D09"]
    sentence = next(text for text in page if text.startswith("近四季投诉") and "上限" in text)
    assert f"投诉 {own['numerator']:.0f} 件，每百人 {own['value']:.1f} 件" in sentence
    assert f"高于同类的 99.8% 上限 {own['limit_high_998']:.1f}" in sentence
    assert sentence.endswith("同期监督活动 0 次。")
    flags = snapshot.run("pages/gaps", region="tinglan", quarter="2026Q3", department="D09", rule=None, statuses=None)[
        "status"
    ].value_counts()
    assert any(f"触发预警 {flags['alert']} 条、关注 {flags.get('watch', 0)} 条" in text for text in page)
    assert any("可能在" in text and "与同类平均无显著差别" in text for text in page)


def test_a_rate_above_the_usual_limit_is_said_with_how_many_were_looked_at(demo_app, said, snapshot):
    rates = snapshot.run("pages/complaint_rates", region="tinglan", quarter="2026Q3", scope="peers", window=4)
    own = rates.set_index("department_id").loc["D59"]
    assert own["outcome"] == "high_95"
    judged = int(rates.loc[rates["peer_set"] == own["peer_set"], "outcome"].notna().sum())
    zh, en = ("约 1 ", "about 1") if judged * 0.05 >= 0.75 else ("不到 1 ", "less than 1")
    for lang, words in (
        ("zh", f"一次判断了 {judged} 个部门，单凭偶然也会有{zh}个高于上限。"),
        ("en", f"of the {judged} departments judged together, chance alone would put {en} above theirs."),
    ):
        assert any(words in text for text in said(demo_app, department="D59", lang=lang)), lang


def test_the_gravest_comes_first_and_names_itself_in_the_heading(view):
    said = verdict(view(department="D09"))
    assert [one.weight for one in said] == sorted((one.weight for one in said), reverse=True)
    assert said[0].clause == "投诉远超上限"
    assert said[2].tone == "", "a score that noise could explain is not judged"


def test_noise_is_never_called_worse_of_any_department(view, snapshot):
    """A sentence has a colour only where a stored judgement gives it one."""
    for department in snapshot.run("pages/departments", region="tinglan", quarter="2026Q3", category=None)[
        "department_id"
    ]:
        own = view(department=department)
        appraisal = next(one for one in verdict(own) if "综合得分" in one.text or "测评没有" in one.text)
        rows = [row for (name, _, _), row in own.judged.items() if name in ("composite_score", "dimension_score")]
        is_worse = any(row.outcome == "below" or row.variation == "concern" for row in rows)
        assert (appraisal.tone == "worse") is is_worse


def test_the_quarters_without_supervision_are_counted_from_now_and_an_unreported_one_ends_the_count(view):
    own = view(department="D09")
    assert own.silence == 6
    with_hole = own.timeline.copy()
    with_hole.iloc[-3, with_hole.columns.get_loc("supervision_activities")] = float("nan")
    own.__dict__["timeline"] = with_hole
    assert own.silence == 2


def test_what_a_control_chart_says_of_the_quarter_stands_beside_the_sum_of_the_year(view, snapshot):
    """No chart is drawn of sums, so their rows carry no signal; the summary page shows the same one."""
    own = view(department="D09").of("complaint_rate")
    [quarter] = [
        row
        for row in snapshot.run(
            "pages/department_judgements", region="tinglan", quarter="2026Q3", scope="peers", departments=["D09"]
        ).itertuples()
        if (row.indicator, row.window_quarters) == ("complaint_rate", 1)
    ]
    assert (own.window_quarters, own.variation) == (4, "concern") == (4, quarter.variation)


def test_four_quarters_of_which_some_were_not_reported_are_not_called_four(view):
    own = view(department="D09")
    timeline = own.timeline.copy()
    timeline.iloc[-2, timeline.columns.get_loc("complaints_received")] = float("nan")
    own.__dict__["timeline"] = timeline
    [title] = [part.children for part in timeline_card(own)[0].children if getattr(part, "_type", "") == "H2"]
    assert "（四季中只报了 3 季）" in title


# --- its flags -------------------------------------------------------------------------------------------------
def test_every_flag_stands_with_its_sentence_and_leads_to_its_evidence(demo_app, said, drawn, snapshot):
    flagged = snapshot.run(
        "pages/gaps", region="tinglan", quarter="2026Q3", department="D58", rule=None, statuses=["alert", "watch"]
    )
    page = drawn(demo_app, "/department", department="D58")
    assert len(flagged)
    for rule in flagged["rule"]:
        assert f"/gaps?rule={rule}&department=D58" in page


# --- the way from one to the next -------------------------------------------------------------------------------
def test_previous_and_next_follow_the_ranking_that_the_address_names(view, snapshot):
    rows = snapshot.run("pages/standings", region="tinglan", quarter="2026Q3", variant="composite", scope="peers")
    order = view(department="D09").order
    assert sorted(order) == sorted(rows["department_id"])
    first, last = view(department=order[0]), view(department=order[-1])
    assert (first.beside, last.beside) == ((None, order[1]), (order[-2], None))
    by_name = view(department="D09", sort="name")
    names = [row.name_order for row in by_name.ranking.shown]
    assert names == sorted(names)
    only_party = view(department="D09", category="party").order
    assert len(only_party) == 9


def test_the_ranking_s_own_order_goes_along_to_the_department(demo_app, drawn):
    page = drawn(demo_app, "/ranking", indicator="complaint_rate", sort="name", department="D09")
    assert page.count("/department?indicator=complaint_rate&sort=name&department=D09") == 2, "the panel and the crumb"


def test_a_department_of_another_group_is_shown_all_the_same(demo_app, said):
    page = said(demo_app, department="D55", category="party")
    assert "汀澜县机关事务服务中心" in page


# --- the rows behind -------------------------------------------------------------------------------------------
def test_the_file_holds_every_indicator_and_every_rule(demo_app, view):
    lines = sheet(demo_app, department="D09")
    own = view(department="D09")
    parts = Counter(line["部分"] for line in lines)
    assert (parts["指标"], parts["规则"]) == (len(own.measures), len(own.gaps.rules))
    rate = next(line for line in lines if line["指标或规则"].startswith("投诉率"))
    assert (rate["分子"], rate["分母"]) == ("14.0", "9.0")
    assert "高于 99.8% 上限" in rate["判断"]


def test_the_rows_of_each_table_can_be_taken_away_and_add_up(demo_app):
    complaints = sheet(demo_app, department="D09", view="complaints")
    assert sum(int(line["受理"]) for line in complaints) == 14
    assert not any("rater" in name or "测评人" in name for name in complaints[0]), "ballots are never listed"


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("zh", "含前身部门的记录，不计入上面的指标：{n} 行。"),
        ("en", "With records of departments that it followed, not counted in the figures above (rows: {n})."),
    ],
)
def test_the_rows_of_a_predecessor_are_said_to_be_counted_in_no_figure(demo_app, said, snapshot, lang, sentence):
    rows = snapshot.run("rows/complaints", region="tinglan", quarter="2025Q2", department="D13", window=4)
    former = int((rows["department_id"] == "D65").sum())
    assert 0 < former < len(rows)
    page = said(demo_app, department="D13", quarter="2025Q2", lang=lang)
    assert sentence.format(n=former) in page
    assert not any(sentence.split("：")[0][:12] in text for text in said(demo_app, department="D20", lang=lang))


def test_a_department_that_is_not_there_is_said_to_be_so_and_all_are_listed(demo_app, said):
    page = said(demo_app, department="D999")
    assert any("没有部门“D999”" in text for text in page)
    assert "64 个部门" in page
    assert {"档案局", "审计局"} <= set(page)


@pytest.mark.parametrize("search", ["?department=D20", "?department=D999"])
def test_the_choice_of_departments_is_drawn_anew_with_the_page(demo_app, search):
    """In another region or quarter other departments stand; the control must not keep the last one's."""
    module = sys.modules[next(p for p in dash.page_registry.values() if p["path"] == "/department")["module"]]
    with demo_app.server.test_request_context("/"):
        options, *rest = module.update(f"{search}&lang=zh", "", "")
    assert len(rest) + 1 == len(module.OUTPUTS)
    assert len(options) == 1 + 64 and options[0]["value"] == ""


def test_a_department_without_ballots_or_supervision_says_what_is_missing(office_without_ballots, make_app, said):
    page = said(make_app(office_without_ballots), department="A")
    assert any(text.startswith("测评没有名次：") for text in page)
    assert "没有案件数据。" in page
    assert "本季没有测评。" in page
    assert not any("综合得分 —" in text for text in page)


def test_nothing_reported_is_a_stroke_and_never_a_nought(office_without_ballots, make_app, drawn):
    page = drawn(make_app(office_without_ballots), "/department", department="A")
    table = page.split('"className": "timeline"')[1].split("department-complaints")[0]
    complaints, supervision = (
        re.findall(r'"(none|zero|circle|square)"', part) for part in table.split('"scope": "row"')[1:]
    )
    assert complaints == ["circle", "none", "circle"]
    assert set(supervision) == {"none"}
