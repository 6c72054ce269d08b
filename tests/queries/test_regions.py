"""What lies in what, every record once, and which departments are of a kind: by hand on two cities."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import Given

QUARTER = "2026Q3"
REGIONS = [
    {"region_id": "lan", "name": "岚江省"},
    {"region_id": "yan", "name": "砚川市", "parent_id": "lan"},
    {"region_id": "ning", "name": "宁河市", "parent_id": "lan"},
    {"region_id": "a", "name": "汀澜县", "parent_id": "yan"},
    {"region_id": "b", "name": "东川区", "parent_id": "yan"},
    {"region_id": "c", "name": "清溪县", "parent_id": "ning"},
    {"region_id": "d", "name": "云岭县", "parent_id": "ning"},  # nothing was ever imported
]
# region, department, staff, complaints; '*' is what the region states for itself as a whole
RECEIVED = [
    *(("a", "d1", 100, 5), ("a", "d2", 50, 1), ("b", "d1", 200, 7), ("yan", "d1", 400, 3), ("yan", "*", None, 100)),
    ("c", "*", None, 40),
]


def office(**more) -> Given:
    named = [(region, one, staff) for region, one, staff, _ in RECEIVED if one != "*"]
    return Given(
        regions=REGIONS,
        departments=[{"region_id": r, "department_id": d, "name": f"{r}{d}局"} for r, d, _ in named],
        department_facts=[
            {"region_id": r, "department_id": d, "quarter": QUARTER, "staff": staff} for r, d, staff in named
        ],
        complaints=[
            {
                "region_id": region,
                "department_id": one,
                "quarter": QUARTER,
                "channel": "letter",
                "category": "delay",
                "received": n,
            }
            for region, one, _, n in RECEIVED
        ],
        **more,
    )


@pytest.fixture(scope="module")
def two_cities() -> Given:
    return office()


def figures(snapshot: Given, within: str | None, indicator: str, *places: str) -> dict[tuple[str, str], tuple]:
    """(role, place) → numerator, denominator, departments, counties that have it."""
    rows = snapshot.run(
        "pages/place_figures", within=within, places=list(places), quarters=[QUARTER], window=1, figure=indicator
    )
    columns = ["numerator", "denominator", "departments", "n_counties"]
    return {
        (row["role"], row["region_id"]): tuple(None if pd.isna(row[name]) else row[name] for name in columns)
        for row in rows.to_dict("records")
    }


def test_a_city_is_its_own_departments_and_its_counties_each_once(two_cities):
    found = figures(two_cities, "yan", "complaint_rate", "a", "b")
    assert found[("part", "a")] == (6, 150, 2, 1)
    assert found[("part", "b")] == (7, 200, 1, 1)
    assert found[("own", "yan")] == (3, 400, 1, 0)
    assert found[("all", "yan")] == (6 + 7 + 3, 150 + 200 + 400, 4, 2)


def test_a_province_adds_up_its_cities(two_cities):
    found = figures(two_cities, "lan", "complaint_rate", "yan", "ning")
    assert found[("part", "yan")] == found[("all", "lan")] == (16, 750, 4, 2)
    assert ("part", "ning") not in found, "whose counties reported no staff: it has no rate, and never 0"


def test_what_a_city_states_for_itself_as_a_whole_is_not_added_to_its_counties(two_cities):
    found = figures(two_cities, "lan", "complaints_received", "yan", "ning", "c")
    assert found[("part", "yan")][0] == 16, "not 116"
    assert found[("part", "c")] == (40, None, 0, 1), "a county without departments is what it states"
    assert found[("part", "ning")] == (40, None, 0, 1), "one of two counties"
    assert found[("all", "lan")][0] == 56


def test_of_everything_that_there_is_the_sum_has_no_name(two_cities):
    rows = two_cities.run("pages/place_figures", quarters=[QUARTER], window=1, figure="complaints_received", places=[])
    assert rows[["role", "numerator", "n_counties"]].values.tolist() == [["all", 56, 3]]
    assert rows["region_id"].isna().all()


def test_scores_are_never_added_up(two_cities):
    kinds = {name.removeprefix("indicators/"): query for name, query in two_cities.queries.items()}
    found = two_cities.connection.table("region_figures").df()["indicator"].unique()
    assert not [name for name in found if name in kinds and kinds[name].header["kind"] == "mean"]


def test_the_tree_says_what_lies_where_and_what_was_imported(two_cities):
    rows = two_cities.run("pages/places").set_index("region_id")
    assert rows["parent_id"].dropna().to_dict() == {
        "yan": "lan",
        "ning": "lan",
        "a": "yan",
        "b": "yan",
        "c": "ning",
        "d": "ning",
    }
    assert rows.loc["lan", ["n_counties", "n_with_figures", "n_known"]].tolist() == [4, 3, 4]
    assert rows.loc["d", ["n_with_figures", "has_own", "is_leaf"]].tolist() == [0, False, True]


def test_a_circle_of_parents_and_a_parent_that_nobody_knows_lose_no_region():
    regions = [
        {"region_id": "x", "parent_id": "y"},
        {"region_id": "y", "parent_id": "x"},
        {"region_id": "in_x", "parent_id": "x"},
        {"region_id": "self", "parent_id": "self"},
        {"region_id": "orphan", "parent_id": "nobody"},
    ]
    rows = Given(regions=regions).run("pages/places").set_index("region_id")
    assert rows["parent_id"].dropna().to_dict() == {"in_x": "x"}
    assert set(rows.index) == {"x", "y", "in_x", "self", "orphan"}


# --- levels ----------------------------------------------------------------------------------------------------
def levels(**parents: str) -> dict[str, str]:
    """Name of each region → its level, given in which place each lies; '' is nowhere."""
    regions = [{"region_id": name, "name": name, "parent_id": place} for name, place in parents.items()]
    return dict(Given(regions=regions).rows("levels", "region_id", "level"))


def test_a_county_with_a_town_below_it_is_a_county_and_the_town_is_not():
    found = levels(
        岚江省="",
        砚川市="岚江省",
        汀澜县="砚川市",
        东川区="砚川市",
        城关镇="汀澜县",
        开发园="汀澜县",
        南门街道="东川区",
    )
    assert found == {
        "岚江省": "above",
        "砚川市": "above",
        **dict.fromkeys(("汀澜县", "东川区"), "county"),
        **dict.fromkeys(("城关镇", "开发园", "南门街道"), "below"),
    }


def test_what_lies_right_below_a_province_is_a_county_if_no_county_lies_in_it():
    found = levels(岚江省="", 海川市="岚江省", 秀峰区="海川市", 白沙县="岚江省", 莞城市="岚江省", 虎门镇="莞城市")
    assert {name for name, level in found.items() if level == "county"} == {"秀峰区", "白沙县", "莞城市"}


def test_a_city_whose_name_ends_like_a_towns_is_none():
    found = levels(景德镇="", 浮梁县="景德镇", 长沙="", 宁乡="长沙", 浏阳="长沙")
    assert found == {"景德镇": "above", "浮梁县": "county", "长沙": "above", "宁乡": "county", "浏阳": "county"}


def test_without_words_for_its_kind_a_region_without_one_below_it_is_a_county():
    assert levels(top="", middle="top", low="middle") == {"top": "above", "middle": "above", "low": "county"}


# --- a year of quarters that were reported in different ways -----------------------------------------------------
YEAR = ("2025Q4", "2026Q1", "2026Q2", "2026Q3")


def filed(region: str, quarter: str, **by_department: int) -> list[dict]:
    """Rows of case statistics; `whole` is what the region states for itself."""
    return [
        {"region_id": region, "department_id": "*" if one == "whole" else one, "quarter": quarter, "filed": n}
        for one, n in by_department.items()
    ]


def year_of(snapshot: Given, within: str | None, *places: str) -> dict[tuple[str, str], tuple]:
    """(role, place) → cases filed in the year to 2026Q3, and whether quarters of it are missing."""
    asked = {"within": within, "places": list(places), "quarters": [QUARTER], "window": 4, "figure": "cases_filed"}
    rows = snapshot.run("pages/place_figures", **asked)
    return {(row.role, row.region_id): (row.numerator, row.is_short) for row in rows.itertuples()}


def test_a_year_takes_each_quarter_as_it_was_reported_by_department_or_as_a_whole():
    by_department = [row for quarter in YEAR[:3] for row in filed("a", quarter, d1=10, d2=1)]
    county = Given(regions=REGIONS, cases=[*by_department, *filed("a", QUARTER, whole=7)])
    assert year_of(county, "yan", "a") == {("part", "a"): (3 * 11 + 7, False), ("all", "yan"): (40, False)}
    both = Given(regions=REGIONS, cases=[*by_department, *filed("a", QUARTER, whole=7, d1=5)])
    assert year_of(both, None, "a")[("part", "a")] == (40, False), (
        "what stands for its departments is not added to them"
    )
    gap = Given(regions=REGIONS, cases=[*by_department[2:], *filed("a", QUARTER, whole=7)])
    assert year_of(gap, None, "a")[("part", "a")] == (2 * 11 + 7, True)


def test_a_city_that_stated_its_whole_until_its_counties_reported_has_a_year_of_both():
    own = [row for quarter in YEAR[:3] for row in filed("yan", quarter, whole=100)]
    now = [*filed("a", QUARTER, d1=20), *filed("b", QUARTER, d1=30)]
    city = Given(regions=REGIONS, cases=[*own, *filed("yan", QUARTER, d1=2), *now])
    assert year_of(city, "lan", "yan")[("part", "yan")][0] == 300 + 2 + 50
    silent = Given(regions=REGIONS, cases=[*own, *now])
    assert year_of(silent, "lan", "yan")[("part", "yan")] == (50, True), "who reports nothing any more has no year"
    again = Given(regions=REGIONS, cases=[*own, *filed("yan", QUARTER, whole=55), *filed("a", QUARTER, d1=20)])
    assert year_of(again, "lan", "yan")[("part", "yan")][0] == 320, "the whole gives way to the county in its quarter"


def test_a_department_that_was_closed_within_the_year_is_in_the_years_sum():
    closed = {"region_id": "a", "department_id": "d1", "name": "甲局", "valid_to": date(2026, 1, 31)}
    stays = {"region_id": "a", "department_id": "d2", "name": "乙局"}
    cases = [*filed("a", "2025Q4", d1=10, d2=1), *(row for quarter in YEAR[1:] for row in filed("a", quarter, d2=1))]
    assert year_of(Given(regions=REGIONS, departments=[closed, stays], cases=cases), None, "a")[("part", "a")] == (
        14,
        False,
    )


def test_a_year_of_a_rate_is_by_staff_years_and_of_a_state_what_stands_at_its_end():
    departments = [{"region_id": "a", "department_id": "d1", "name": "甲局"}]
    facts = [{"region_id": "a", "department_id": "d1", "quarter": q, "staff": 100 + 10 * i} for i, q in enumerate(YEAR)]
    complaints = [
        {"region_id": "a", "department_id": "d1", "quarter": q, "channel": "letter", "received": 5} for q in YEAR
    ]
    powers = [
        {"region_id": "a", "department_id": "d1", "power_id": f"p{i}", "name": "许可", "published": i < 2}
        for i in range(3)
    ]
    given = Given(
        regions=REGIONS, departments=departments, department_facts=facts, complaints=complaints, powers=powers
    )
    asked = {"within": None, "places": ["a"], "quarters": [QUARTER], "window": 4, "figure": None}
    rows = given.run("pages/place_figures", **asked)
    of = rows[rows["role"] == "part"].set_index("indicator")[["numerator", "denominator"]]
    assert of.loc["complaint_rate"].tolist() == [20, (100 + 110 + 120 + 130) / 4]
    assert of.loc["published_share"].tolist() == [2, 3]


# --- what is due -----------------------------------------------------------------------------------------------
def test_what_is_due_is_compared_at_the_end_of_the_quarter_and_who_was_read_before_it_with_nobody():
    places = ("a", "b")
    offices = [{"region_id": one, "department_id": "d1", "name": "甲局"} for one in places]
    facts = [{"region_id": one, "department_id": "d1", "quarter": QUARTER, "staff": 10} for one in places]
    task = {"department_id": "d1", "issued_on": date(2026, 7, 1), "due_on": date(2026, 9, 1)}
    tasks = [{"region_id": one, "task_id": "t1"} | task for one in places]
    given = Given(regions=REGIONS, departments=offices, department_facts=facts, tasks=tasks)
    given.connection.execute("update quarters set as_of = date '2026-10-08'")
    given.connection.execute("update quarters set as_of = date '2026-08-01' where region_id = 'b'")
    asked = {"within": "yan", "places": list(places), "quarters": [QUARTER], "figure": None}
    for window in (1, 4):
        rows = given.run("pages/place_figures", window=window, **asked)
        early = rows[rows["is_early"]]
        assert set(early["indicator"]) == {"overdue_tasks"}, "what is counted without looking at a day is not touched"
        assert set(zip(early["role"], early["region_id"])) == {("part", "b"), ("all", "yan")}
    found, _ = given.snapshot.places_compared("yan", places, QUARTER, 1, ["overdue_tasks"])
    parts = found[found["role"] == "part"].set_index("region_id")
    assert parts["takes_part"].to_dict() == {"a": True, "b": False}


# --- kinds -----------------------------------------------------------------------------------------------------
NAMES = {
    "汀澜县教育局": "教育局",
    "中共汀澜县委宣传部": "宣传部",
    "县委宣传部": "宣传部",
    "国家税务总局汀澜县税务局": "国家税务总局税务局",
    "砚川市汀澜生态环境局": "生态环境局",
    "岚江省砚川市汀澜县民政局": "民政局",
    "教育局（体育局）": "教育局",
    "城关镇人民政府": "镇人民政府",
    "枫林乡": "乡人民政府",
    "南门街道办事处": "街道办事处",
    "市场监督管理局": "市场监督管理局",
    "汀澜县": "",
}


@pytest.mark.parametrize("name, kind", NAMES.items())
def test_a_kind_is_a_name_without_its_places(name, kind):
    regions = [REGIONS[0], REGIONS[1], REGIONS[3]]
    given = Given(regions=regions, departments=[{"region_id": "a", "department_id": "d", "name": name}])
    assert given.connection.table("kinds").df()["kind"].tolist() == [kind]


@given(
    stem=st.text("东西南北清云白石平和", min_size=2, max_size=3),
    suffix=st.sampled_from(["县", "市", "区", "旗", "自治县"]),
    office=st.sampled_from(["教育局", "民政局", "人民法院", "市场监督管理局", "机关事务服务中心"]),
)
def test_the_same_office_is_of_one_kind_whatever_its_place_is_called(two_cities, stem, suffix, office):
    place = stem + suffix
    asked = "select kind_of_name(without_place($name, $place))"
    # 东川市场监督管理局 of 东川市 may be read either way
    short = [stem + office] if suffix[-1] != office[0] else []
    for name in (place + office, office, *short):
        [(kind,)] = two_cities.connection.execute(asked, {"name": name, "place": place}).fetchall()
        assert kind == office


@given(words=st.text(max_size=12), place=st.one_of(st.none(), st.text(max_size=6)))
def test_any_text_has_a_kind(two_cities, words, place):
    asked = "select kind_of_name(without_place($name, $place))"
    [(kind,)] = two_cities.connection.execute(asked, {"name": words, "place": place}).fetchall()
    assert isinstance(kind, str) and len(kind) <= len(words) + len("人民政府")


# --- the same kind elsewhere -----------------------------------------------------------------------------------
def counties(n: int, names: tuple[str, ...] = ("教育局",)) -> Given:
    ids = [f"r{i:02}" for i in range(n)]
    offices = [(region, f"d{i}", name) for region in ids for i, name in enumerate(names)]
    return Given(
        regions=[{"region_id": "lan", "name": "岚江省"}]
        + [{"region_id": one, "name": f"第{one}县", "parent_id": "lan"} for one in ids],
        departments=[
            {"region_id": r, "department_id": d, "name": f"第{r}县{name}", "category": "government"}
            for r, d, name in (*offices, ("lan", "d0", "教育局"))
        ],
        department_facts=[
            {"region_id": r, "department_id": d, "quarter": QUARTER, "staff": 100}
            for r, d, _ in (*offices, ("lan", "d0", ""))
        ],
        complaints=[
            {
                "region_id": r,
                "department_id": d,
                "quarter": QUARTER,
                "channel": "letter",
                "category": "delay",
                "received": int(r[1:]) if r != "lan" else 99,
            }
            for r, d, _ in (*offices, ("lan", "d0", ""))
        ],
    )


def kin(snapshot: Given, region: str) -> pd.DataFrame:
    return snapshot.run("pages/same_kind", region=region, department="d0", quarter=QUARTER, fewest=8)


def test_a_department_is_beside_its_kind_in_eight_other_regions_and_nobody_is_named():
    snapshot = counties(9, ("教育局", "民政局"))
    rows = kin(snapshot, "r03")
    assert set(rows.columns) == {"indicator", "kind_name", "is_own", "numerator", "denominator", "n_elsewhere"}
    assert set(rows["kind_name"]) == {"教育局"} and set(rows["n_elsewhere"]) == {8}
    assert sorted(rows["numerator"]) == [0, 1, 2, 3, 4, 5, 6, 7, 8], "neither 民政局 nor the province's own 教育局"
    assert rows.loc[rows["is_own"], "numerator"].tolist() == [3]


def test_of_fewer_than_eight_elsewhere_nothing_is_told_but_how_many():
    rows = kin(counties(8), "r03")
    assert rows["is_own"].all() and rows["n_elsewhere"].tolist() == [7]


def test_many_towns_of_one_other_county_are_one_region_whose_figures_are_not_told():
    towns = tuple(f"{one}镇人民政府" for one in "甲乙丙丁戊己庚辛")
    rows = kin(counties(2, towns), "r00")
    assert set(rows["kind_name"]) == {"镇人民政府"}
    assert rows["is_own"].all() and rows["n_elsewhere"].tolist() == [1]


def test_a_department_that_is_one_of_a_kind_is_beside_nobody():
    rows = kin(counties(1), "r00")
    assert rows["n_elsewhere"].tolist() == [0]
