"""Uploading, as one does it: a bad file, the mended one, the summary, the confirmation, the new snapshot."""

from collections.abc import Callable
from pathlib import Path

import dash
import pytest
from playwright.sync_api import Page, expect

HEADER = "季度,部门,渠道,类别,受理,办结\n"
BAD = HEADER + "2026Q3,A,来信,办理超时,七,1\n2026Q3,丁局,来信,办理超时,3,2\n"
GOOD = HEADER + "2026Q3,A,来信,办理超时,7,1\n2026Q3,乙局,来信,办理超时,3,2\n"
WORK = 120_000  # milliseconds: a snapshot is built meanwhile


@pytest.fixture(scope="module")
def address(make_office, make_app: Callable[[Path], dash.Dash], served) -> str:
    office = make_office({"A": ("甲局", 90, 25), "B": ("乙局", 80, 25)})
    return served(make_app(office))


def send(page: Page, tmp_path: Path, text: str) -> None:
    file = tmp_path / "三季度投诉.csv"
    file.write_text(text, encoding="utf-8")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator(".upload-drop .chosen")).to_have_text("三季度投诉.csv")
    page.get_by_role("button", name="上传并核对").click()


def test_a_bad_file_then_the_mended_one_then_the_new_snapshot(page: Page, address: str, tmp_path: Path):
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(f"{address}/data?view=upload")
    send(page, tmp_path, BAD)
    expect(page.get_by_role("heading", name="有 2 处问题，什么都没有导入")).to_be_visible(timeout=WORK)
    rows = page.locator(".problems tbody tr")
    expect(rows.nth(0)).to_contain_text("三季度投诉.csv")
    expect(rows.nth(0)).to_contain_text("受理")
    expect(rows.nth(1)).to_contain_text("丁局")
    with page.expect_download() as download:
        page.locator(".data-download a", has_text="CSV").click()
    assert "丁局" in Path(download.value.path()).read_text(encoding="utf-8-sig")

    page.get_by_role("link", name="换别的文件").click()
    send(page, tmp_path, GOOD)
    expect(page.get_by_role("heading", name="没有问题，2 行会变化")).to_be_visible(timeout=WORK)
    expect(page.locator(".upload-periods")).to_contain_text("2026Q3")
    expect(page.locator("#foot")).to_contain_text("快照 1")
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_text("请填写导入人。")).to_be_visible()
    page.get_by_label("导入人（必填）").fill("李四")
    page.get_by_label("备注，如“三季度补报”").fill("三季度")
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_role("heading", name="已导入，现在显示第 2 号快照")).to_be_visible(timeout=WORK)
    expect(page.locator("#foot")).to_contain_text("快照 2", timeout=WORK)  # the page itself has moved on

    page.get_by_role("link", name="已载入").first.click()
    expect(page.locator("#data-body")).to_contain_text("李四")
    expect(page.locator("#data-body")).to_contain_text("三季度投诉.csv")
    assert errors == []
