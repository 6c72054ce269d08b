"""The route that takes files, and what the page says of an upload in each of its states."""

import io
import json
import time
from dataclasses import replace
from urllib.parse import quote

import pytest

from dashboard.importing import uploads
from dashboard.importing.uploads import Uploads
from dashboard.settings import Settings

HEADER = "季度,部门,渠道,类别,受理,办结\n"
GOOD = HEADER + "2026Q3,A,来信,办理超时,7,1\n"
BAD = HEADER + "2026Q3,A,来信,办理超时,七,1\n"


@pytest.fixture(scope="module")
def folder(make_office):
    return make_office({"A": ("甲局", 90, 25), "B": ("乙局", 80, 25)})


@pytest.fixture(scope="module")
def app(folder, make_app):
    return make_app(folder)


def post(app, *files: tuple[str, bytes], **headers):
    data = {"file": [(io.BytesIO(content), name) for name, content in files]}
    return app.server.test_client().post("/upload?lang=zh", data=data, headers=headers)


def checked(folder, text: str) -> str:
    """The id of an upload whose dry run is over."""
    office = Uploads(folder)
    upload = office.begin(1)
    with office.open(upload, "三季度.csv") as file:
        file.write(text.encode())
    office.check(upload)
    for _ in range(1200):
        if not office.read(upload).is_at_work:
            return upload
        time.sleep(0.05)
    raise AssertionError("still at work")


def test_files_are_taken_and_checked(app, folder):
    answer = post(app, ("三季度.csv", GOOD.encode()))
    assert answer.status_code == 200
    office, upload = Uploads(folder), answer.json["upload"]
    assert office.read(upload).files[0]["name"] == "三季度.csv"
    for _ in range(1200):
        if not office.read(upload).is_at_work:
            break
        time.sleep(0.05)
    assert office.read(upload).phase == uploads.CHECKED


def test_a_file_of_many_blocks_is_taken_whole(app, folder, monkeypatch):
    monkeypatch.setattr(Uploads, "check", lambda _self, _upload: None)
    content = GOOD.encode() * 30_000
    upload = post(app, ("三季度.csv", content)).json["upload"]
    (file,) = (folder / ".uploads" / upload / "files").iterdir()
    assert file.read_bytes() == content
    Uploads(folder).discard(upload)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "没有收到文件"),
        ([("a.exe", b"MZ")], "“a.exe”不是 CSV、XLSX 或 zip"),
        ([("a.csv", GOOD.encode()), ("b.pdf", b"%PDF")], "“b.pdf”不是"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason_and_nothing_is_kept(app, folder, files, said):
    before = set((folder / ".uploads").glob("*"))
    answer = post(app, *files)
    assert answer.status_code == 400
    assert said in answer.json["error"]
    assert set((folder / ".uploads").glob("*")) == before


def test_too_large_is_refused_before_anything_is_kept_and_names_the_limit(app, folder, monkeypatch):
    before = set((folder / ".uploads").glob("*"))
    monkeypatch.setitem(app.server.config, "SETTINGS", replace(Settings.load(folder), largest_upload=1))
    answer = post(app, ("a.csv", b"x" * (1 << 20)))
    assert answer.status_code == 413
    assert "超过 1 MiB" in answer.json["error"]
    assert set((folder / ".uploads").glob("*")) == before
    monkeypatch.setitem(app.server.config, "SETTINGS", replace(Settings.load(folder), largest_upload=0))
    assert "没有开放上传" in post(app, ("a.csv", GOOD.encode())).json["error"]


def test_problems_stand_in_a_table_and_in_its_file(app, folder, drawn):
    upload = checked(folder, BAD)
    page = drawn(app, "/data", view="upload", upload=upload)
    assert "有 1 处问题，什么都没有导入" in page
    assert "整数" in page
    lines = app.server.test_client().get(f"/download/data.csv?lang=zh&view=upload&upload={upload}").text.splitlines()
    assert lines[0].startswith("﻿文件,工作表,行,哪一列,填的是,问题和改法")
    assert lines[1].startswith("三季度.csv,,2,受理,七,")


def test_a_summary_stands_before_the_confirmation(app, folder, drawn):
    page = drawn(app, "/data", view="upload", upload=checked(folder, GOOD))
    assert "没有问题，1 行会变化" in page
    assert "不替换已有的数" in page
    assert "导入人（必填）" in page


def test_an_upload_that_is_gone_says_so(app, drawn):
    page = drawn(app, "/data", view="upload", upload="0" * 32)
    assert "已经放弃或过期" in page
    assert "上传并核对" in page


def test_the_demonstration_refuses_real_figures_kindly(demo_app, demo_folder, drawn, monkeypatch, tmp_path):
    assert "这里是演示县，可以试着上传：用“填报模板”，地区填 " in drawn(demo_app, "/data", view="upload")
    home = tmp_path / ".uploads" / ("a" * 32)
    home.mkdir(parents=True)
    (home / "state.json").write_text(json.dumps({"files": [], "base": ""}))
    event = {"event": "failed", "code": "demonstration", "values": {"folder": "x", "regions": "county"}}
    (home / "check.jsonl").write_text(json.dumps(event) + "\n")
    monkeypatch.setattr("dashboard.pages._upload._uploads", lambda: Uploads(tmp_path))
    page = drawn(demo_app, "/data", view="upload", upload="a" * 32)
    assert "演示县里不能放真实数据" in page
    assert "python -m dashboard --data office import" in page


def test_the_first_figures_of_an_office_can_come_in_by_the_page(empty_app, drawn):
    page = drawn(empty_app, "/data")
    assert "上传并核对" in page
    assert "/template/all.xlsx?lang=zh" in drawn(empty_app, "/data", view="templates")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("view", ["loaded", "quality", "reported", "changes", "columns", "templates", "upload"])
def test_every_part_opens_and_has_its_file(app, drawn, view, lang):
    assert drawn(app, "/data", view=view, lang=lang).count('"namespace": ') < 250
    assert app.server.test_client().get(f"/download/data.csv?view={view}&lang={lang}").status_code == 200


@pytest.mark.parametrize("item", ["ballots", "raters", "no_staff", "staff_carried", "no_category", "to_come", "late"])
def test_every_check_of_quality_has_its_rows(app, drawn, item):
    drawn(app, "/data", view="quality", kind=item)
    text = app.server.test_client().get(f"/download/data.csv?lang=zh&view=quality&kind={item}").text
    assert len(text.splitlines()) == {"no_staff": 3}.get(item, 1)  # two departments without a staff figure


@pytest.mark.parametrize(("name", "file"), [("complaints", "模板_投诉举报.xlsx"), ("all", "模板_全部报表.xlsx")])
def test_a_template_can_be_downloaded(app, name, file):
    answer = app.server.test_client().get(f"/template/{name}.xlsx?lang=zh")
    assert answer.data.startswith(b"PK")
    assert quote(file) in answer.headers["Content-Disposition"]
    assert app.server.test_client().get("/template/none.xlsx").status_code == 404
