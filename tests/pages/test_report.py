"""The page of the bulletin: the text as it will be written, the choices, and the files that are asked for."""

import re
import time

import pytest

from dashboard.reports.issues import IssueError, Issues
from dashboard.reports.jobs import AT_WORK, FAILED, WRITTEN, BusyError, Jobs


@pytest.fixture(scope="module")
def client(demo_app):
    return demo_app.server.test_client()


def test_the_preview_is_the_text_of_the_file(demo_app, drawn):
    page = drawn(demo_app, "/report")
    assert "112名测评人对64个部门作了民主测评" in page
    assert "一、基本情况" in page
    assert "附件4" in page
    assert page.count('"className": "paper-blank"') == 5  # issue, running number, and the three parts of a date


def test_a_section_that_is_left_out_is_not_in_the_text_and_its_box_is_empty(demo_app, drawn):
    page = drawn(demo_app, "/report", sections="problems,annexes")
    assert "一、存在的主要问题" in page
    assert "一、基本情况" not in page
    assert (page.count("☑"), page.count("☐")) == (2, 4)
    assert '"href": "/report?sections=basics,problems,annexes"' in page


def test_the_last_section_cannot_be_left_out(demo_app, drawn):
    page = drawn(demo_app, "/report", sections="problems")
    box = re.search(r'"href": "(/report[^"]*)"[^}]*"role": "checkbox"[^}]*"aria-checked": "true"', page)
    assert box is None or "sections=problems" not in box[1]


def test_chosen_departments_and_a_peer_group_narrow_the_lists(demo_app, drawn):
    assert "本稿只列所选2个部门" in drawn(demo_app, "/report", departments="D09,D12")
    assert "本稿只列所选8个部门" in drawn(demo_app, "/report", category="justice")


def test_the_document_s_language_is_chosen_apart_from_the_page_s(demo_app, drawn):
    page = drawn(demo_app, "/report", written="en")
    assert "写进通报的内容" in page
    assert "The quarter at a glance" in page
    assert "本季度有" not in page


def test_the_public_edition_offers_no_section_of_flags_and_says_what_it_withholds(demo_app, drawn):
    page = drawn(demo_app, "/report", edition="public")
    assert (page.count("☑"), page.count("☐")) == (4, 0)
    assert "上季度问题整改情况" not in page
    assert "公布后能推算出不足5件投诉的数" in page


def test_a_public_edition_that_cannot_be_kept_safe_is_refused_in_words(demo_app, drawn, monkeypatch):
    def broken(self, region=None):
        raise IssueError("issue_broken", file="0001.json")

    monkeypatch.setattr(Issues, "read", broken)
    assert "发布记录 0001.json 读不出来" in str(drawn(demo_app, "/report", edition="public"))
    assert "0001.json" not in str(drawn(demo_app, "/report"))


def test_a_form_that_asks_for_something_else_writes_nothing(client):
    assert client.post("/report/make", data={"what": "secrets"}).status_code == 400


def test_what_is_asked_for_is_what_the_page_shows(client, monkeypatch):
    asked = []
    monkeypatch.setattr(Jobs, "start", lambda self, arguments, lang: asked.append((arguments, lang)) or "0" * 32)
    search = "?quarter=2026Q2&departments=D09,D12&sections=basics,annexes&written=en&lang=zh&edition=public"
    answer = client.post(f"/report/make{search}", data={"what": "bulletin"})
    assert answer.status_code == 303
    assert f"job={'0' * 32}" in answer.location
    [(arguments, lang)] = asked
    assert lang == "zh"
    given = dict(zip(arguments[1::2], arguments[2::2]))
    assert given["--quarter"] == "2026Q2"
    assert set(given["--departments"].split(",")) == {"D09", "D12"}
    assert given["--sections"] == "basics,annexes"
    assert given["--lang"] == "en"
    assert given["--edition"] == "public"


def test_when_too_much_is_being_written_it_says_so(client, monkeypatch):
    def busy(*_):
        raise BusyError

    monkeypatch.setattr(Jobs, "start", busy)
    answer = client.post("/report/make?lang=en", data={"what": "bulletin"})
    assert answer.status_code == 503
    assert "try again" in answer.text


def test_a_job_writes_its_files_and_they_can_be_taken(demo_app, client, drawn, demo_folder):
    jobs = Jobs(demo_folder)
    job = jobs.start(["report", "--quarter", "2026Q3", "--format", "xlsx"], "zh")
    until = time.monotonic() + 90
    while jobs.read(job).state == AT_WORK and time.monotonic() < until:
        time.sleep(0.2)
    found = jobs.read(job)
    assert found.state == WRITTEN, found.said
    [(name, size)] = found.files
    assert client.get(f"/report/file/{job}/{name}").data[:2] == b"PK"
    assert size > 1000
    assert name in drawn(demo_app, "/report", job=job)
    assert client.get(f"/report/file/{job}/../lock").status_code == 404
    assert client.get(f"/report/file/{'0' * 32}/{name}").status_code == 404


def test_a_job_that_failed_says_why(demo_folder, demo_app, drawn):
    jobs = Jobs(demo_folder)
    job = jobs.start(["report", "--quarter", "1999Q1", "--format", "xlsx"], "en")
    until = time.monotonic() + 60
    while jobs.read(job).state == AT_WORK and time.monotonic() < until:
        time.sleep(0.2)
    assert jobs.read(job).state == FAILED
    assert "There are no data for 1999Q1" in drawn(demo_app, "/report", job=job)


def test_files_that_were_removed_are_said_to_be_gone(demo_app, drawn):
    assert "这些文件已删除" in drawn(demo_app, "/report", job="f" * 32)
