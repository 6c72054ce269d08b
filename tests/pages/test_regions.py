"""The regions page: sums over a place, who stands out among its regions, who is missing, and what each role may see."""

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from dashboard.access.actors import Actor, ForbiddenError
from dashboard.access.guard import Guard
from dashboard.app import _with_those_below
from dashboard.components.exported import as_text
from dashboard.filters import Filters
from dashboard.judgements.regions import compared
from dashboard.pages._department import View as Department
from dashboard.pages._department_cards import kind_card
from dashboard.pages._regions import (
    COUNTIES,
    View,
    about,
    finding,
    lacking,
    line,
    missing,
    newer_words,
    overview,
    reported,
    sureness,
    way,
)
from dashboard.pages._scene import Scene, _widely_known, scene
from dashboard.warehouse import Snapshot
from tests.support import Given

QUARTERS = [f"2026Q{quarter}" for quarter in (1, 2, 3)]
CITIES = {"yan": "砚川市", "ning": "宁河市"}
COUNTY = "甲乙丙丁戊"
STAFF = 400
# county → complaints a quarter; yan5 never reported, ning5 was never imported
RECEIVED = {f"{city}{i}": 20 + i % 2 for city in CITIES for i in range(1, 6)} | {"ning1": 80}
SILENT, ABSENT = "yan5", "ning5"
del RECEIVED[SILENT], RECEIVED[ABSENT]


@pytest.fixture(scope="module")
def province() -> Given:
    return province_with()


def province_with(*more: dict[str, str], **moved: str) -> Given:
    """A province of two cities of five counties each, and two departments of the first city's own; `more` regions, and
    counties that were `moved` to another city."""
    offices = [(county, f"d{i}", name) for county in (*RECEIVED, SILENT) for i, name in enumerate(("教育局", "民政局"))]
    own = [("yan", "d0", "教育局"), ("yan", "d1", "民政局")]
    names = CITIES | {f"{city}{i}": f"{COUNTY[i - 1]}{city}县" for city in CITIES for i in range(1, 6)}
    received = [(county, "d0", n) for county, n in RECEIVED.items()] + [("yan", "d0", 10)]
    return Given(
        regions=[{"region_id": "lan", "name": "岚江省", "name_en": "Lanjiang"}]
        + [{"region_id": city, "name": name, "parent_id": "lan"} for city, name in CITIES.items()]
        + [
            {"region_id": f"{city}{i}", "name": names[f"{city}{i}"], "parent_id": moved.get(f"{city}{i}", city)}
            for city in CITIES
            for i in range(1, 6)
        ]
        + list(more),
        departments=[
            {"region_id": r, "department_id": d, "name": names[r] + name, "category": "government"}
            for r, d, name in offices + own
        ],
        department_facts=[
            {"region_id": r, "department_id": d, "quarter": q, "staff": STAFF / 2}
            for r, d, _ in offices + own
            for q in QUARTERS
        ],
        complaints=[
            {"region_id": r, "department_id": d, "quarter": q, "channel": "letter", "category": "delay", "received": n}
            for r, d, n in received
            for q in QUARTERS
        ],
        submissions=[
            {"region_id": r, "department_id": d, "quarter": q, "table": "complaints", "received_on": date(2026, 10, 8)}
            for r, d, _ in offices + own
            for q in QUARTERS
            if r != SILENT
        ],
    )


def seen_by(province: Given, actor: Actor | None) -> Snapshot:
    return Snapshot(None, province.connection, guard=Guard(lambda: actor))


def view_of(snapshot: Snapshot, lang: str = "zh", **query: str) -> View:
    filters = Filters.from_query({"indicator": "complaint_rate", "window": "1", "lang": lang} | query)
    regions = tuple(snapshot.run("pages/regions")[["region_id", lang]].itertuples(index=False, name=None))
    quarters = {"quarters": tuple(QUARTERS), "quarter": QUARTERS[-1]}
    return View(Scene(filters, lang, snapshot, regions=regions, is_across=True, **quarters))


@pytest.fixture
def view(province):
    return lambda **query: view_of(province.snapshot, **query)


# --- where one is ----------------------------------------------------------------------------------------------
def test_the_page_opens_at_the_one_place_above_all_others(view):
    opened = view()
    assert (opened.within, opened.place) == ("lan", "岚江省")
    assert list(opened.compared.index) == ["ning", "yan"]
    assert [label for _, label in view(within="ning").path] == ["岚江省", "宁河市"]


def test_a_county_is_no_place_to_go_down_to_and_a_place_that_is_not_there_is_the_uppermost(view):
    assert view(within="ning2").within == "ning"
    assert view(within="nowhere").within == "lan"


def test_a_city_leads_down_and_a_county_to_its_overview(view):
    assert "within=ning" in way(view(), "ning")[0] and way(view(), "ning")[1]
    href, is_here = way(view(within="ning"), "ning2")
    assert href.startswith("/?") and "region=ning2" in href and not is_here
    assert "within" not in href and "indicator" not in href
    assert way(view(within="ning"), ABSENT) == ("", False), "it would lead to another county's overview"


def test_counties_of_one_name_are_told_apart_by_their_city():
    regions = [{"region_id": one, "name": one} for one in ("徐州市", "福州市")]
    regions += [
        {"region_id": code, "name": "鼓楼区", "parent_id": city} for code, city in (("x", "徐州市"), ("f", "福州市"))
    ]
    regions += [{"region_id": code, "name": "城区"} for code in ("1", "2")]
    labels = view_of(Given(regions=regions).snapshot).tree["label"].to_dict()
    assert labels | {"徐州市": "徐州市", "福州市": "福州市"} == labels
    assert (labels["x"], labels["f"]) == ("鼓楼区（徐州市）", "鼓楼区（福州市）")
    assert (labels["1"], labels["2"]) == ("城区（1）", "城区（2）")


@pytest.fixture(scope="module")
def with_a_town() -> Given:
    return province_with({"region_id": "town", "name": "城关镇", "parent_id": "ning1"})


def test_a_county_with_a_town_below_it_is_compared_with_the_counties_and_its_town_is_not(with_a_town):
    opened = view_of(with_a_town.snapshot, view=COUNTIES)
    assert "ning1" in opened.compared.index and "town" not in opened.compared.index
    assert finding(opened) == "投诉率（每百名工作人员）：8 个地区中，甲ning县高于上限（99.8% 限）"
    city = view_of(with_a_town.snapshot, within="ning")
    assert city.is_of_counties and len(city.counties) == 5


def test_in_a_county_with_towns_these_are_shown_and_its_own_departments_lead_to_its_overview(with_a_town):
    opened = view_of(with_a_town.snapshot, within="ning1")
    assert (opened.within, list(opened.compared.index), opened.is_of_counties) == ("ning1", ["town"], False)
    assert reported(opened, "complaint_rate") == 1
    assert "within=ning1" in way(view_of(with_a_town.snapshot, within="ning"), "ning1")[0]
    assert "region=ning1" in overview(opened, "ning1")


# --- sums ------------------------------------------------------------------------------------------------------
def test_a_city_with_departments_of_its_own_counts_them_once_beside_its_counties(view):
    opened = view(within="yan")
    rate = {role: opened.cells[(role, "yan", "complaint_rate")] for role in ("all", "own")}
    assert (rate["own"].numerator, rate["own"].denominator) == (10, STAFF)
    counties = sum(n for county, n in RECEIVED.items() if county.startswith("yan"))
    assert rate["all"].numerator == counties + 10
    assert rate["all"].denominator == 5 * STAFF
    assert (reported(opened, "complaint_rate"), len(opened.counties)) == (4, 5)


def test_a_province_says_how_many_of_its_counties_reported(view):
    opened = view()
    assert (reported(opened, "complaint_rate"), len(opened.counties)) == (8, 10)
    assert opened.cells[("all", "lan", "departments")].value == 2 * (9 + 1)


# --- who stands out --------------------------------------------------------------------------------------------
def test_two_cities_are_too_few_to_compare(view):
    assert "能比较的地区只有 2 个，不足 8 个" in finding(view())
    assert not sum(view().outcomes.values()) and not view().places


def test_the_county_beyond_the_limits_is_named_and_the_others_are_in_no_order(view):
    opened = view(view=COUNTIES)
    assert finding(opened) == "投诉率（每百名工作人员）：8 个地区中，甲ning县高于上限（99.8% 限）"
    assert opened.outcomes == {"in": 7, "high_998": 1}
    assert opened.places["ning1"] == (8, 8)
    assert {ends for place, ends in opened.places.items() if place != "ning1"} == {(1, 7)}


def test_who_did_not_report_is_missing_with_a_reason_and_never_zero(view):
    opened = view(view=COUNTIES)
    rows = opened.rows.set_index("region_id")
    assert rows.loc[[SILENT, ABSENT], "value"].isna().all()
    assert missing(opened, SILENT, "complaint_rate") == "没有报：投诉举报、部门概况"
    assert missing(opened, ABSENT, "complaint_rate") == "没有导入过数据"
    assert any(sentence.startswith("10 个地区中 2 个没有报") for sentence in sureness(opened))


def test_a_city_of_which_some_counties_have_no_figure_says_how_many(view):
    opened = view()
    assert "2 个地区只有部分县（市、区）有这项数据，按已报的算" in sureness(opened)
    assert "5 个县（市、区）中 4 个有这项数据" in about(opened, opened.cells[("part", "yan", "complaint_rate")])
    assert line(opened, "yan", "complaint_rate")[-1] == "5 个县（市、区）中 4 个有这项数据"


def test_of_a_year_in_which_quarters_were_not_reported_the_page_says_so(view):
    opened = view(view=COUNTIES, window="4")
    assert "8 个地区近四季没有报满，按已报的季度算" in sureness(opened)
    assert line(opened, "ning1", "complaint_rate")[-1] == "窗口内不足四个季度"
    assert not any("没有报满" in said for said in sureness(view(view=COUNTIES)))


def test_where_due_dates_are_looked_at_the_page_says_up_to_which_day(view):
    said = "是否到期一律看到季末（2026-09-30）"
    assert said in sureness(view(view=COUNTIES, indicator="overdue_tasks"))
    assert said in sureness(view(view=COUNTIES, indicator="rectification_on_time"))
    assert said not in sureness(view(view=COUNTIES))
    opened = view(view=COUNTIES)
    assert "early" not in lacking(opened, opened.cells[("part", "ning1", "complaint_rate")])
    vars(opened)["rows"] = opened.rows.assign(is_early=opened.rows["region_id"] == "ning1")
    assert "1 个地区导入时本季还没有结束，列出但不比较；再导入，或重建快照，才看到季末" in sureness(opened)


def test_of_a_county_without_a_single_one_it_is_asked_whether_all_was_reported(view):
    opened = view(view=COUNTIES)
    asked = "乙ning县一件也没有：先核对是不是漏报，不参加比较"
    assert asked not in sureness(opened)
    is_own = opened.rows["region_id"] == "ning2"
    vars(opened)["rows"] = opened.rows.assign(is_silent=opened.rows["is_silent"].mask(is_own, True))
    assert asked in sureness(opened)


def test_scores_are_no_indicator_of_the_page(view):
    opened = view(indicator="composite_score")
    assert not {"composite_score", "dimension_score", "assessment_score"} & opened.indicators.keys()
    assert opened.indicator == opened.columns[0]
    assert len(opened.columns) == 8


def test_counts_are_listed_and_not_compared(view):
    opened = view(view=COUNTIES, indicator="complaints_received")
    assert "不作比较" in finding(opened)
    assert not sum(opened.outcomes.values()) and not opened.places


# --- the list --------------------------------------------------------------------------------------------------
def test_the_list_is_sorted_by_a_column_with_those_without_a_figure_last(view):
    opened = view(view=COUNTIES, sort="complaint_rate")
    assert opened.listed[0] == "ning1"
    assert set(opened.listed[-2:]) == {SILENT, ABSENT}
    lowest = view(view=COUNTIES, sort="complaint_rate", order="asc")
    assert lowest.listed[-3] == "ning1" and set(lowest.listed[-2:]) == {SILENT, ABSENT}
    assert view(view=COUNTIES, sort="composite_score").listed == sorted(opened.compared.index)


def test_the_search_finds_a_region_by_its_name(view):
    assert view(view=COUNTIES, q="甲").listed == ["ning1", "yan1"]


def test_the_file_has_every_figure_of_every_region_and_says_who_is_missing(view):
    opened = View(view(view=COUNTIES).now, has_every=True)
    lines = [line(opened, place, name) for place in ("ning1", ABSENT) for name in opened.indicators]
    by_title = {(one[0], one[2]): one for one in lines}
    assert by_title[("ning1", "投诉率（每百名工作人员）")][4:7] == (20.0, 80.0, 400.0)
    assert by_title[("ning1", "投诉率（每百名工作人员）")][-2:] == ("高于 99.8% 上限，建议核查", "")
    assert by_title[(ABSENT, "投诉率（每百名工作人员）")][4:] == (*[None] * 8, "没有导入过数据", "")


# --- roles -----------------------------------------------------------------------------------------------------
def test_an_account_of_a_city_is_of_its_counties_and_of_no_other_citys(province):
    city = Actor("x", "analyst", ("yan",)).with_those_below(province.snapshot.regions_below)
    assert city.regions == ("yan", *(f"yan{i}" for i in range(1, 6)))
    opened = view_of(seen_by(province, city), view=COUNTIES)
    assert list(opened.tree.index) == list(city.regions)
    assert (opened.within, [label for _, label in opened.path]) == ("yan", ["砚川市"])
    assert set(opened.compared.index) == set(city.regions) - {"yan"}
    assert opened.cells[("all", "yan", "complaint_rate")].denominator == 5 * STAFF


def test_the_sum_of_a_province_is_not_for_an_account_of_one_of_its_cities(province):
    city = seen_by(province, Actor("x", "analyst", ("yan",)).with_those_below(province.snapshot.regions_below))
    asked = {"places": ["lan", "yan", "ning", "ning1"], "quarters": None, "window": 1, "figure": None}
    for within in ("lan", None):
        assert set(city.run("pages/place_figures", within=within, **asked)["region_id"]) == {"yan"}
    opened = view_of(city, within="lan")
    assert opened.within == "yan", "the province is not even named"
    with pytest.raises(ForbiddenError):
        city.run("pages/departments", region="ning1", quarter="2026Q3", category=None)
    assert city.run("pages/departments", region="yan2", quarter="2026Q3", category=None)["department_id"].tolist() == [
        "d0",
        "d1",
    ]


def test_an_account_is_of_what_lies_in_its_place_today_and_a_place_was_what_its_snapshot_says():
    """Since the earlier snapshot yan1 went to the other city, and ning1 came."""
    earlier, now = province_with(), province_with(yan1="ning", ning1="yan")
    city = Actor("x", "analyst", ("yan",)).with_those_below(now.snapshot.regions_below)
    assert city.regions == ("yan", "ning1", "yan2", "yan3", "yan4", "yan5")
    assert view_of(seen_by(now, city)).cells[("all", "yan", "complaint_rate")].denominator == 5 * STAFF
    then = view_of(seen_by(earlier, city), within="yan")
    assert list(then.compared.index) == ["yan2", "yan3", "yan4", "yan5"], "ning1 lay elsewhere, and yan1 is not theirs"
    assert {role for role, *_ in then.cells} == {"part", "own"}, "the sum less its other parts would tell yan1"
    assert not then.is_whole("yan")
    everywhere = view_of(seen_by(earlier, city), view=COUNTIES)
    assert everywhere.cells[("part", "ning1", "complaint_rate")].numerator == 80, (
        "who answers for it today knows its past"
    )
    assert missing(everywhere, "yan", "complaint_rate") == "那时还包括当前账号看不到的地区，不给合计"


def test_no_sum_is_told_of_a_place_by_asking_for_other_regions_than_the_accounts(province):
    city = seen_by(province, Actor("x", "analyst", ("yan", "yan1")))
    asked = {"within": "yan", "places": ["yan", "yan1"], "quarters": None, "window": 1, "figure": None}
    found = city.run("pages/place_figures", regions=["yan", *RECEIVED], **asked)
    assert set(zip(found["role"], found["region_id"])) == {("part", "yan1"), ("own", "yan")}


def test_an_account_of_two_counties_alone_sees_these_and_no_sum(province):
    two = seen_by(province, Actor("x", "analyst", ("yan1", "ning1")))
    opened = view_of(two)
    assert (opened.within, list(opened.compared.index)) == (None, ["ning1", "yan1"])
    assert opened.total is None
    assert [role for role, *_ in opened.cells] and {role for role, *_ in opened.cells} == {"part"}


def test_an_account_is_offered_the_quarters_of_its_own_regions():
    reported = [{"region_id": f"r{i}", "department_id": "*", "quarter": f"2026Q{i}"} for i in (1, 2)]
    given = Given(cases=[one | {"rank_band": "all", "basis": "quarter", "filed": 1} for one in reported])
    assert given.snapshot.quarters_seen == given.snapshot.quarters == ("2026Q1", "2026Q2")
    assert seen_by(given, Actor("x", "analyst", ("r1",))).quarters_seen == ("2026Q1",)
    assert seen_by(given, Actor("x", "analyst")).quarters_seen == ("2026Q1", "2026Q2")


def reported_by(**regions: int) -> Given:
    """Regions that reported from the first quarter of 2026 on, and how many quarters each."""
    rows = [
        {"region_id": region, "department_id": "*", "quarter": f"2026Q{i}", "basis": "quarter", "filed": 1}
        for region, n in regions.items()
        for i in range(1, n + 1)
    ]
    return Given(cases=rows)


def test_the_page_opens_on_the_newest_quarter_that_half_of_the_regions_have():
    few = reported_by(a=3, b=2, c=2, d=1, e=1).snapshot
    assert few.reporting() == {"2026Q1": (5, 5), "2026Q2": (3, 5), "2026Q3": (1, 5)}
    assert _widely_known(few, few.quarters_seen) == "2026Q2"
    half = reported_by(a=3, b=3, c=2, d=1).snapshot
    assert _widely_known(half, half.quarters_seen) == "2026Q3"
    scattered = reported_by(a=1, b=1, c=1).snapshot
    assert _widely_known(scattered, scattered.quarters_seen) == "2026Q1"


def test_whose_regions_have_the_newer_quarter_is_shown_it_whatever_others_have():
    given = reported_by(a=3, b=2, c=2, d=1, e=1)
    of_a = seen_by(given, Actor("x", "analyst", ("a",)))
    assert of_a.reporting()["2026Q3"] == (1, 1), "nothing is told of how many others there are"
    assert _widely_known(of_a, of_a.quarters_seen) == "2026Q3"


def test_of_a_newer_quarter_the_page_says_how_many_regions_have_it():
    now = view_of(reported_by(a=3, b=2, c=2, d=1, e=1).snapshot).now
    opened = View(replace(now, quarter=QUARTERS[1], opens_at=QUARTERS[1]))
    said = "5 个地区中只有 1 个有2026年第三季度的数据，先显示2026年第二季度；要看2026年第三季度，在“季度”里选。"
    assert newer_words(opened) == said
    assert View(replace(opened.now, quarter=QUARTERS[2])).newer is None, "who asks for it is shown it"


def test_links_keep_the_quarter_that_is_shown_where_other_pages_would_open_on_a_newer_one(view):
    opened = view(view=COUNTIES)
    assert opened.newer is None and "quarter" not in way(opened, "ning2")[0]
    earlier = View(replace(opened.now, quarter=QUARTERS[1], opens_at=QUARTERS[1]))
    assert "quarter=2026Q2" in way(earlier, "ning2")[0]


def test_a_departments_account_is_of_its_one_region_because_others_have_the_same_ids(province):
    own = Actor("x", "department", ("yan",), "d0")
    assert own.with_those_below(province.snapshot.regions_below) is own


def test_a_department_sees_its_kind_elsewhere_unnamed_and_no_other_department_so(province):
    own = seen_by(province, Actor("x", "department", ("yan1",), "d0"))
    rows, _ = own.same_kind("yan1", "d0", "2026Q3")
    rate = rows[rows["indicator"] == "complaint_rate"]
    assert rate["n_elsewhere"].tolist() == [7] and rate["is_own"].all(), "seven others are too few"
    assert not {"region_id", "department_id", "name"} & set(rows.columns)
    for region, department in (("yan1", "d1"), ("yan2", "d0")):
        with pytest.raises(ForbiddenError):
            own.same_kind(region, department, "2026Q3")


def test_the_server_takes_an_account_of_a_place_for_one_of_all_that_lies_in_it(demo_app):
    warehouse = demo_app.server.config["WAREHOUSE"]
    for region, expected in {"lanjiang": 3, "yanchuan": 2, "tinglan": 1, "elsewhere": 1}.items():
        who = _with_those_below(lambda request, of=region: Actor("x", "analyst", (of,)), warehouse)
        assert len(who(None).regions) == expected
    nobody = _with_those_below(lambda request: None, warehouse)
    assert nobody(None) is None


def test_an_account_that_sees_one_region_is_not_told_to_import_others(demo_app, drawn, monkeypatch):
    monkeypatch.setitem(demo_app.server.config, "IDENTIFY", lambda _: Actor("x", "leader", ("tinglan",)))
    page = drawn(demo_app, "/regions")
    assert "当前账号看得到的地区里" in page and "parent_id" not in page


# --- one region ------------------------------------------------------------------------------------------------
def test_of_one_region_the_page_says_what_it_is_for_and_what_to_import(demo_app, drawn):
    page = drawn(demo_app, "/regions")
    assert "现在有数据的地区不到两个" in page and "parent_id" in page
    assert "chart-card" not in page


def test_the_page_is_about_no_one_region(demo_app, drawn):
    page = drawn(demo_app, "/regions")
    assert not re.search(r'"filter": "(region|category)"', page)
    with demo_app.server.test_request_context("/"):
        assert len(scene(Filters(), path="/regions").facts.sentences) == len(scene(Filters()).facts.sentences) - 1


def test_the_file_of_the_page_can_be_fetched(demo_app):
    answer = demo_app.server.test_client().get("/download/regions.csv?lang=zh&within=yanchuan")
    assert answer.status_code == 200
    assert "汀澜县" in answer.data.decode("utf-8-sig")


# --- the same kind elsewhere -----------------------------------------------------------------------------------
def department_of(snapshot: Snapshot, region: str, names: dict[str, str]) -> Department:
    filters = Filters.from_query({"department": "d0", "region": region})
    regions = tuple(names.items())
    return Department(Scene(filters, "zh", snapshot, "", tuple(QUARTERS), QUARTERS[-1], None, region, regions=regions))


def test_of_seven_of_its_kind_elsewhere_a_department_is_told_that_they_are_too_few(province):
    view = department_of(province.snapshot, "yan1", {"yan1": "甲yan县"})
    assert as_text(kind_card(view)).startswith("有同类部门（教育局）数据的其他地区只有 7 个，不足 8 个，不作比较")


def test_a_department_far_from_its_kind_is_told_so_by_figure_and_nobody_else_is_named(province):
    view = department_of(province.snapshot, "ning1", {"ning1": "甲ning县"})
    kin = pd.DataFrame({"numerator": [240, *[60] * 9], "denominator": 150.0, "is_own": [True, *[False] * 9]})
    rows = kin.assign(indicator="complaint_rate", kind="rate", kind_name="教育局", n_elsewhere=9, takes_part=True)
    view.__dict__["same_kind"] = compared(rows)[0]
    said = as_text(kind_card(view))
    assert said.startswith("与其他地区的同类部门（教育局）比：1 项中 1 项在限外")
    assert "160.0 件/百人" in said and "240/150" in said and "高于 99.8% 上限，建议核查" in said
    assert not any(name in said for name in ("yan县", "宁河", "ning2"))


def test_a_department_without_its_like_has_no_such_card(province):
    assert kind_card(department_of(province.snapshot, "yan", {"yan": "砚川市"})) == []


# --- the list to choose from -----------------------------------------------------------------------------------
def test_of_more_regions_than_a_list_holds_one_chooses_among_those_of_the_same_place(province, monkeypatch):
    regions = tuple(province.snapshot.run("pages/regions")[["region_id", "zh"]].itertuples(index=False, name=None))
    one = Scene(Filters(), "zh", province.snapshot, "", tuple(QUARTERS), QUARTERS[-1], None, "ning2", regions=regions)
    assert one.regions_beside == regions
    monkeypatch.setattr("dashboard.pages._scene.MOST_REGIONS", len(regions) - 1)
    assert [region for region, _ in one.regions_beside] == ["ning1", "ning2", "ning3", "ning4"]
