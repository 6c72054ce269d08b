"""What the search panel looks in: every department, rule, indicator, method and page, with the pinyin people type."""

import json

import pytest

from dashboard import catalog
from dashboard.__main__ import main
from dashboard.access.actors import ALONE, Actor
from dashboard.search import Page, Search, department_address, syllables
from dashboard.warehouse import Warehouse

ALONE_HERE = Actor("", ALONE)
PAGES = [Page("/ranking", "nav.ranking", "desk"), Page("/gaps", "nav.gaps", "desk")]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("重庆市", "chong qing shi"),
        ("重点项目中心", "zhong dian xiang mu zhong xin"),
        ("行政审批局", "xing zheng shen pi ju"),
        ("银行监管办", "yin hang jian guan ban"),
        ("长沙", "chang sha"),
        ("局长", "ju zhang"),
        ("音乐学院", "yin yue xue yuan"),
        ("乐山市", "le shan shi"),
        ("绿化办", "lv hua ban"),
        ("12345 热线", "12345 re xian"),
        ("“三重一大”", "san chong yi da"),
    ],
)
def test_a_sign_is_read_as_in_its_word(name, read):
    assert " ".join(syllables(name)) == read


def entries(found: Search, snapshot) -> list[dict]:
    return json.loads(found.index(snapshot, ALONE_HERE))


def test_everything_that_has_a_page_can_be_found(demo_folder):
    snapshot = Warehouse(demo_folder).current()
    listed = entries(Search(PAGES), snapshot)
    of = {kind: [one for one in listed if one["kind"] == kind] for kind in ("department", "rule", "indicator", "page")}
    assert len(of["department"]) == len(snapshot.run("pages/known_departments"))
    assert [one["href"] for one in of["rule"]] == [f"/rule?rule={name}" for name in catalog.gaps(snapshot.queries)]
    assert len(of["indicator"]) == len(snapshot.indicators)
    assert [one["href"] for one in of["page"]] == ["/ranking", "/gaps"]
    archives = next(one for one in of["department"] if one["href"] == "/department?department=D09")
    assert archives["zh"] == "汀澜县档案局"
    assert set(archives["also"]) == {"档案局", "D09"}
    assert archives["pinyin"] == ["ting lan xian dang an ju", "dang an ju"]
    assert archives["about_zh"] == "D09 · 党群"


def test_before_the_first_import_rules_and_pages_are_found_all_the_same():
    kinds = {one["kind"] for one in entries(Search(PAGES), None)}
    assert kinds == {"rule", "indicator", "method", "page"}


def test_with_several_regions_a_department_says_and_keeps_its_own(tmp_path):
    (tmp_path / "departments.csv").write_text(
        "region_id,department_id,name,category\nnorth,A,财政局,government\nsouth,A,财政局,government\n", "utf-8"
    )
    (tmp_path / "department_facts.csv").write_text(
        "region_id,quarter,department_id,staff\nnorth,2026Q3,A,9\nsouth,2026Q3,A,9\n", "utf-8"
    )
    main(["--data", str(tmp_path / "office"), "import", str(tmp_path)], standalone_mode=False)
    listed = entries(Search(PAGES), Warehouse(tmp_path / "office").current())
    found = [(one["href"], one["about_zh"]) for one in listed if one["kind"] == "department"]
    assert [href for href, _ in found] == [
        "/department?department=A&region=north",
        "/department?department=A&region=south",
    ]
    assert "north" in found[0][1] and "south" in found[1][1]


def test_an_id_with_a_space_stays_one_value_of_the_address():
    assert department_address("D 1", None) == "/department?department=D%201"


def test_a_browser_keeps_the_index_as_long_as_snapshot_and_program_are_the_same(demo_app):
    client = demo_app.server.test_client()
    snapshot = demo_app.server.config["WAREHOUSE"].current()
    address = demo_app.server.config["SEARCH"].address(snapshot, ALONE_HERE)
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.cache_control.max_age == 365 * 24 * 3600
    assert not client.get(address.partition("?")[0]).cache_control.max_age
    assert client.get("/search/000099-20260101T000000Z-abcdef.json").status_code == 404
    assert client.get("/search/none.json").status_code == 200


def test_a_role_finds_only_what_it_may_open():
    pages = [*PAGES, Page("/agenda", "nav.agenda", "agenda")]

    def kinds(role: str) -> set[str]:
        return {(one["kind"], one["href"]) for one in json.loads(Search(pages).index(None, Actor("x", role)))}

    assert ("page", "/agenda") in kinds("screen") and ("page", "/ranking") not in kinds("screen")
    assert {kind for kind, _ in kinds("department")} == {"method"}
    assert {"page", "rule", "indicator", "method"} == {kind for kind, _ in kinds("leader")}


def test_those_who_see_different_things_are_sent_to_different_addresses():
    found = Search(PAGES)
    own, other = Actor("x", "department", (), "D09"), Actor("y", "department", (), "D10")
    assert found.address(None, own) != found.address(None, other) != found.address(None, ALONE_HERE)
