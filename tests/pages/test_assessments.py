"""The assessments page: which kinds reached whom, scores against mark and self-assessment, stars, declarations."""

import csv
import json
import re

import pytest

from dashboard.__main__ import main

HEAD = ("year", "department_id", "kind", "dimension", "score", "self_score", "pass_mark")
ROWS = [
    (2025, "A", "comprehensive", "duty", 10, 10, 60),  # of an earlier year
    (2026, "A", "comprehensive", "duty", 50, 80, 60),
    (2026, "A", "comprehensive", "service", 70, 76, 60),
    (2026, "B", "comprehensive", "duty", 90, "", 60),
    (2026, "A", "window", "service", 90, "", ""),
    (2026, "B", "declaration", "integrity", 95.5, "", ""),
    (2027, "B", "spot", "duty", 1, "", ""),  # of a later year
]


@pytest.fixture(scope="module")
def office(tmp_path_factory, make_app):
    folder = tmp_path_factory.mktemp("assessments")
    source = folder / "files"
    source.mkdir()
    files = {
        "departments": (("department_id", "name", "category"), [(k, f"{k}局", "government") for k in "ABC"]),
        "department_facts": (("quarter", "department_id", "staff"), [("2026Q3", k, 20) for k in "ABC"]),
        "assessments": (HEAD, ROWS),
    }
    for name, (head, rows) in files.items():
        with (source / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([head, *rows])
    main(["--data", str(folder / "office"), "import", str(source)], standalone_mode=False)
    return make_app(folder / "office")


@pytest.fixture
def said(drawn):
    def read(app, **query) -> list[str]:
        found = re.findall(r'"((?:[^"\\]|\\.)*)"', drawn(app, "/assessments", **query))
        return [re.sub(r"<[^>]*>", "", json.loads(f'"{text}"')) for text in found]

    return read


def test_each_kind_says_how_many_departments_it_reached(office, said):
    page = said(office, quarter="2026Q3")
    assert "2026 年：5 种考核开展了 3 种" in page
    assert [text for text in page if text in ("2 个部门", "1 个部门", "0 个部门")].count("0 个部门") >= 1


def test_scores_stand_beside_self_assessment_and_pass_mark(office, said):
    page = said(office, quarter="2026Q3")
    assert {"60.0", "78.0"} <= set(page)  # A: the means of two dimensions
    assert "+30.0" in page and "+6.0" in page  # A's own, in duty and in service
    assert "1/2" in page and "0/1" in page  # below the mark in duty, in service
    assert page.count("无") == 1  # B has a mark and lies above it
    assert page.count("履行职责") == 2  # the dimension, and A's that is below


def test_stars_and_declarations_have_their_own_units_and_absence_is_a_stroke(office, said):
    page = said(office, quarter="2026Q3")
    assert "★★★★☆" in page and "4.5 星，满 5 星" in page
    assert "95.5%" in page
    assert page.count("⁄") == 7 + 3 + 4  # C has none of seven; A lacks three, B four


def test_an_office_without_assessments_says_so(office_without_ballots, make_app, said):
    assert any("没有" in text and "考核" in text for text in said(make_app(office_without_ballots)))


def test_the_file_holds_what_was_reported(office):
    lines = office.server.test_client().get("/download/assessments.csv?lang=zh&quarter=2026Q3").text.splitlines()
    assert len(lines) == 1 + 5
    assert "A,A局,2026,综合考核,履行职责,50.0,80.0,60.0" in lines
