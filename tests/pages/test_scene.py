"""A set of departments: five pages show only them, and nothing that was judged among all changes with the choice."""

import json

import dash
import pytest

from dashboard.filters import Filters
from dashboard.pages._cases import Cases
from dashboard.pages._gaps import Gaps
from dashboard.pages._scene import NARROWED, scene

CHOSEN = ("D13", "D03", "D32")
SET = ",".join(CHOSEN)
DEPARTMENT_COLUMN = {"/gaps": 1, "/summary": 1, "/cases": 2, "/complaints": 1, "/ranking": 2}


def lines(app, path, **query):
    page = next(page for page in dash.page_registry.values() if page["path"] == path)
    with app.server.test_request_context("/"):
        return page["sheet"](Filters.from_query(query))


def view(app, path, **query):
    with app.server.test_request_context("/"):
        now = scene(Filters.from_query(query), path=path)
        assert not now.departments.empty
        return now


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/ranking", {}),
        ("/ranking", {"scope": "region", "sort": "name"}),
        ("/ranking", {"indicator": "complaint_rate"}),
        ("/complaints", {}),
        ("/cases", {}),
        ("/summary", {}),
        ("/gaps", {}),
    ],
)
def test_a_choice_leaves_every_value_place_limit_and_judgement_as_it_was(demo_app, path, query):
    at = DEPARTMENT_COLUMN[path]
    whole, chosen = lines(demo_app, path, **query), lines(demo_app, path, departments=SET, **query)
    assert {line[at] for line in chosen.rows} == set(CHOSEN)

    def ordered(rows):
        return sorted(map(str, rows))

    assert ordered(chosen.rows) == ordered(line for line in whole.rows if line[at] in CHOSEN)
    assert any("县妇女联合会" in text or "妇联" in text or "宣传" in text for _, text in chosen.notes)


@pytest.mark.parametrize("path", NARROWED)
def test_a_narrowed_page_says_so_in_a_chip_with_the_way_back(demo_app, drawn, path):
    page = drawn(demo_app, path, departments=SET)
    assert "已选 3 个部门" in page
    assert '"title": "取消选择，显示全部部门"' in page
    assert f'"href": "{path}"' in page
    assert "不按所选缩小" not in page
    assert "已选 3 个部门" not in drawn(demo_app, path)


@pytest.mark.parametrize("path", ["/", "/powers", "/department", "/agenda", "/methods"])
def test_a_page_that_does_not_heed_the_choice_says_so(demo_app, drawn, path):
    page = drawn(demo_app, path, departments=SET)
    assert "其他页上选了 3 个部门；本页不按所选缩小。" in page
    assert "已选 3 个部门" not in page


def test_departments_outside_the_view_are_counted_and_never_missed_in_silence(demo_app, drawn):
    page = drawn(demo_app, "/ranking", departments=f"{SET},D999")
    assert "所选部门中有 1 个不在当前范围内，没有列出。" in page
    assert "已选 3 个部门" in page
    nobody = drawn(demo_app, "/ranking", departments="D998,D999")
    assert "所选 2 个部门都不在当前范围内，显示全部部门。" in nobody
    assert "已选 2 个部门，当前范围内没有" in nobody
    assert nobody.count('"data-row"') == drawn(demo_app, "/ranking").count('"data-row"')


def test_the_other_pages_keep_the_choice_and_the_search_narrows_within(demo_app, drawn, rows):
    assert set(rows(drawn(demo_app, "/ranking", departments=SET))) == set(CHOSEN)
    [name] = view(demo_app, "/ranking").listed.query("department_id == 'D03'")["label"]
    assert rows(drawn(demo_app, "/ranking", departments=SET, q=name)) == ["D03"]
    assert f"/complaints?departments={SET}" in drawn(demo_app, "/ranking", departments=SET)


def test_findings_are_of_all_and_counts_of_the_chosen(demo_app, drawn):
    whole, chosen = drawn(demo_app, "/complaints"), drawn(demo_app, "/complaints", departments=SET)
    for finding in ("3 个的投诉率高于 99.8% 上限", "2 个的投诉率高于 95% 上限"):
        assert finding in whole
        assert finding in chosen
    received = sum(line[5] for line in lines(demo_app, "/complaints", departments=SET).rows)
    assert f"合计 {received} 件" in chosen
    assert f"合计 {received} 件" not in whole
    assert "名单、占比、渠道和类别只算所选 3 个部门；要点、漏斗图和走势说的是全部 64 个部门" in chosen


def test_the_funnel_draws_everybody_and_those_not_chosen_faintly(demo_app, drawn):
    def points(page):
        traces = [trace for trace in json.loads(json.dumps(found(page))) if trace.get("customdata")]
        return {d: i in trace.get("selectedpoints", ()) for trace in traces for i, d in enumerate(trace["customdata"])}

    def found(page):
        decoder, start = json.JSONDecoder(), page.index('{"data": [{', page.index("complaints-funnel"))
        return decoder.raw_decode(page[start:])[0]["data"]

    whole = points(drawn(demo_app, "/complaints", scope="region"))
    chosen = points(drawn(demo_app, "/complaints", scope="region", departments=SET))
    assert set(whole) == set(chosen)
    assert not any(whole.values())
    assert {department for department, is_chosen in chosen.items() if is_chosen} == set(CHOSEN)


def test_a_rule_fires_as_often_whoever_was_chosen(demo_app):
    whole, chosen = Gaps(view(demo_app, "/gaps")), Gaps(view(demo_app, "/gaps", departments=SET))
    assert set(chosen.rows["department_id"]) == set(CHOSEN)
    for rule in whole.rules:
        assert chosen.prevalence(rule) == whole.prevalence(rule)


def test_cases_of_the_chosen_add_up_and_the_control_chart_stays_the_region_s(demo_app):
    whole, chosen = Cases(view(demo_app, "/cases")), Cases(view(demo_app, "/cases", departments=SET))
    own = whole.every[whole.every["department_id"].isin(CHOSEN)]
    assert chosen.total("leads") == own["leads"].sum() < whole.total("leads")
    assert [part.label for part in chosen.parts][0] == "所选 3 个部门"
    assert len(chosen.parts) == 4
    assert chosen.whole.chart.equals(whole.chart)
    assert chosen.whole.place == whole.place


def test_the_title_of_the_summary_speaks_of_all_and_says_so(demo_app, drawn):
    page = drawn(demo_app, "/summary", departments=SET)
    assert "64 个部门 × " in page
    assert "以上说的是全部 64 个部门，以下只列所选的。" in page


def test_the_gaps_of_the_chosen_are_called_theirs(demo_app, drawn):
    assert "只看所选：3 个部门中 " in drawn(demo_app, "/gaps", departments=SET)
    assert "Chosen only: " in drawn(demo_app, "/gaps", departments=SET, lang="en")


def test_a_department_that_a_link_leads_to_is_shown_beside_the_set(demo_app, drawn, rows):
    page = drawn(demo_app, "/ranking", departments=SET, department="D09")
    assert set(rows(page)) == {*CHOSEN, "D09"}
    assert "已选 4 个部门" in page
    nobody = drawn(demo_app, "/ranking", departments=SET, department="D999")
    assert set(rows(nobody)) == set(CHOSEN)
