"""Marks and names are doors: what each carries leads to the right department, dimension, rule or quarter."""

import json
import re
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest

EVERYBODY = 64
PAST = "2026Q2"


def figure(page: str, chart: str) -> dict:
    """The drawing of a chart, as it is sent to the browser."""

    def found(part):
        if isinstance(part, dict):
            if part.get("id") == {"chart": chart, "part": "drawing"}:
                yield part["data"]
            part = list(part.values())
        if isinstance(part, list):
            for one in part:
                yield from found(one)

    return next(found(json.loads(page)))


def marks(page: str, chart: str) -> list:
    """What the marks of a chart carry, those that are no door left out."""
    data = json.loads(json.dumps(figure(page, chart)["data"]))
    return [mark for trace in data for mark in trace.get("customdata") or [] if mark is not None]


def led(page: str, chart: str) -> list[tuple[str, dict[str, str]]]:
    """Where the marks of a chart lead: path and what is asked there."""
    assert {what for what, _ in marks(page, chart)} == {"href"}
    ways = [urlsplit(way) for _, way in marks(page, chart)]
    return [(way.path, {name: value for name, [value] in parse_qs(way.query).items()}) for way in ways]


def test_a_cell_of_the_heat_map_leads_to_the_department_whose_complaints_it_counts(demo_app, drawn):
    page = drawn(demo_app, "/complaints", quarter=PAST, scope="region")
    [cells] = figure(page, "complaints-heat")["data"]
    counts = Counter()
    for row, text, (_, way) in zip(cells["y"], cells["text"], cells["customdata"]):
        counts[row, way] += int(re.sub(r"\D", "", text) or 0)
    assert len({row for row, _ in counts}) == len(counts), "all cells of a row are doors to one department"
    own = json.loads(json.dumps(drawn(demo_app, "/department", quarter=PAST, scope="region", department="D09")))
    way = f"/department?quarter={PAST}&scope=region&department=D09#department-complaints"
    total = next(n for (_, one), n in counts.items() if one == way)
    assert f"近四季投诉 {total} 件" in own


def test_a_department_s_own_funnel_leads_to_the_others_and_never_lets_go_of_it(demo_app, drawn):
    page = drawn(demo_app, "/department", department="D09", quarter=PAST)
    ways = led(page, "department-funnel")
    asked = {query.pop("department") for _, query in ways}
    assert {path for path, _ in ways} == {"/department"}
    assert [query for _, query in ways] == [{"quarter": PAST}] * len(ways)
    assert "D09" not in asked
    points = [
        one for trace in figure(page, "department-funnel")["data"] if trace.get("customdata") for one in trace["x"]
    ]
    assert len(asked) == len(points) - 1 > 5


def test_the_points_of_an_indicator_choose_departments_and_quarters(demo_app, drawn):
    page = drawn(demo_app, "/indicator", indicator="complaint_rate", scope="region", departments="D01,D09")
    assert set(marks(page, "indicator-spread")) >= {"D01", "D09", "D61"}
    assert len(set(marks(page, "indicator-spread"))) == EVERYBODY
    spread = figure(page, "indicator-spread")
    assert spread["layout"]["dragmode"] == "select", "a box on the chart chooses a set"
    full = {trace["customdata"][i] for trace in spread["data"] for i in trace.get("selectedpoints", ())}
    assert full == {"D01", "D09"}, "the others are drawn faintly"
    quarters = [query["quarter"] for _, query in led(page, "indicator-time")]
    assert quarters == sorted(quarters)
    assert quarters[-1] == "2026Q3"
    assert all(query["departments"] == "D01,D09" for _, query in led(page, "indicator-time"))


@pytest.mark.parametrize(
    ("path", "query", "chart", "to", "asked"),
    [
        ("/department", {"department": "D09"}, "department-dimensions-chart", "/indicator", {"department": "D09"}),
        ("/rule", {"rule": "tasks_overdue"}, "rule-spread", "/gaps", {"rule": "tasks_overdue"}),
        ("/rule", {"rule": "tasks_overdue"}, "rule-trend", "/rule", {"rule": "tasks_overdue"}),
        ("/cases", {"department": "D13"}, "cases-flow", "/indicator", {"department": "D13"}),
        ("/cases", {"domain": "money"}, "cases-change", "/cases", {"domain": "money"}),
        ("/decisions", {"kind": "purchase"}, "decisions-voted", "/decisions", {"kind": "purchase"}),
        ("/compare", {"compared": "D09,D13"}, "compare-chart", "/department", {"compared": "D09,D13"}),
        ("/complaints", {"scope": "region"}, "complaints-time", "/complaints", {"scope": "region"}),
    ],
)
def test_what_was_chosen_goes_along_through_a_mark(demo_app, drawn, path, query, chart, to, asked):
    ways = led(drawn(demo_app, path, **query), chart)
    assert len(ways) > 4
    for where, found in ways:
        assert where == to
        assert asked.items() <= found.items()


def test_rows_of_a_chart_s_table_are_the_same_doors(demo_app, drawn):
    page = drawn(demo_app, "/rule", rule="tasks_overdue")
    ways = {way for _, way in marks(page, "rule-spread")}
    assert len(ways) == EVERYBODY
    for way in ways:
        assert page.count(json.dumps(way)) >= 2, "once on the mark, once in the table"


@pytest.mark.parametrize("path", ["/cases", "/powers", "/balance"])
def test_bars_and_cells_that_narrow_the_page_carry_a_filter_of_it(demo_app, drawn, path):
    charts = {
        "/cases": ("cases-stages", "domain", {"people", "money", "assets", "authority"}),
        "/powers": ("powers-open-0", "domain", {"people", "money"}),
        "/balance": ("balance-axes", "rule", None),
    }
    chart, name, expected = charts[path]
    found = marks(drawn(demo_app, path), chart)
    assert {what for what, _ in found} == {name}
    assert expected is None or {value for _, value in found} == expected


@pytest.mark.parametrize("path", ["/assessments", "/data"])
def test_the_names_of_a_list_lead_to_the_departments_with_the_quarter(demo_app, drawn, path):
    query = {"quarter": PAST, **({"view": "loaded"} if path == "/data" else {})}
    found = re.findall(rf'"/department\?quarter={PAST}&department=(\w+)"', drawn(demo_app, path, **query))
    assert len(set(found)) >= EVERYBODY - 2


def test_a_name_of_a_rule_s_list_leads_to_the_department_and_its_sign_to_the_evidence(demo_app, drawn):
    page = drawn(demo_app, "/rule", rule="tasks_overdue")
    flagged = re.search(r'/gaps\?rule=tasks_overdue&department=(\w+)"', page)[1]
    assert f'"/department?department={flagged}"' in page
