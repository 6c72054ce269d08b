"""An open page shows one state of the data, whatever is imported meanwhile; then it is loaded anew as a whole."""

import os
import shutil
import time

import pytest
from playwright.sync_api import expect

from dashboard.__main__ import main
from dashboard.snapshots import POINTER
from dashboard.warehouse import NOTICE_SECONDS, Warehouse

POINTED = f"snapshots/{POINTER}"


@pytest.fixture(scope="module")
def grown(demo_folder, tmp_path_factory):
    """The demonstration county after an import of one more quarter: whatever follows “the latest quarter” moves on."""
    folder = shutil.copytree(demo_folder, tmp_path_factory.mktemp("grown") / "office")
    source = folder.parent / "files"
    source.mkdir()
    dimensions = ("lawfulness", "service", "efficiency", "conduct", "policy_delivery", "integrity")
    region = Warehouse(folder).current().regions[0]
    lines = [f"{region},2026Q4,D01,r{rater},{dimension},50" for rater in range(30) for dimension in dimensions]
    text = "\n".join(["region_id,quarter,department_id,rater_id,dimension,score", *lines])
    (source / "evaluations.csv").write_text(text + "\n", "utf-8")
    main(["--data", str(folder), "import", str(source)], standalone_mode=False)
    return folder


@pytest.fixture
def office(demo_folder, grown, tmp_path):
    """A folder of its own in which the import has done all but its last step, to move the pointer."""
    folder = shutil.copytree(grown, tmp_path / "office")
    shutil.copy(demo_folder / POINTED, folder / POINTED)
    return folder


def publish(grown, office):
    shutil.copy(grown / POINTED, office / f"{POINTED}.tmp")
    os.replace(office / f"{POINTED}.tmp", office / POINTED)


# what a page says of the quarter that it shows, beside the control
SAID = {"/": "{name}新增或加重预警", "/ranking": "至{name}，每季一点"}
# and of the fourth one, in which a single department was appraised
SAID_OF_ONE = {"/": "2026年第四季度", "/ranking": "至2026年第四季度"}


@pytest.mark.parametrize("path", SAID)
def test_an_import_reaches_an_open_page_as_a_whole_or_not_at_all(page, grown, office, make_app, served, path):
    page.goto(served(make_app(office)) + path)
    foot, quarter = page.locator("#foot"), page.locator("select[id*='\"quarter\"']")
    main_part = page.locator("main")
    expect(foot).to_contain_text("快照 1 ")

    publish(grown, office)
    time.sleep(NOTICE_SECONDS)
    for asked, name in (("2026Q2", "2026年第二季度"), ("2026Q3", "2026年第三季度")):
        quarter.select_option(asked)
        expect(main_part).to_contain_text(SAID[path].format(name=name))
        if path == "/":
            expect(main_part).to_contain_text("64 个部门只有两端能分出高低")
        else:
            expect(page.locator(".rank-rows [data-row]")).to_have_count(64)
        expect(foot).to_contain_text("快照 1 ")
        expect(quarter).to_have_value(asked)
    page.locator(".rail-link", has_text="排名" if path == "/" else "总览").click()
    expect(page.locator("h1")).to_have_text("排名" if path == "/" else "总览")
    expect(foot).to_contain_text("快照 1 ")
    page.go_back()
    expect(foot).to_contain_text("快照 1 ")
    if path == "/ranking":
        page.locator("summary.tool").click()
        with page.expect_download() as download:
            page.get_by_text("表格 CSV").click()
        assert "第三季度" in download.value.suggested_filename
        assert "snapshot" not in page.locator("a[data-copy]").get_attribute("href")

    page.evaluate("window.before = true")
    page.evaluate("window.dash_clientside.set_props('pulse', { n_intervals: 1 })")
    expect(foot).to_contain_text("快照 2 ")
    expect(main_part).to_contain_text(SAID_OF_ONE[path])
    assert page.evaluate("window.before") is None
    expect(quarter).to_have_value("2026Q4")


def test_an_empty_page_shows_the_first_import_by_itself(page, tmp_path, make_app, served, demo_folder):
    folder = tmp_path / "office"
    folder.mkdir()
    page.goto(served(make_app(folder)))
    expect(page.locator(".empty")).to_be_visible()
    shutil.copytree(demo_folder, folder, dirs_exist_ok=True)
    time.sleep(NOTICE_SECONDS)
    page.evaluate("window.dash_clientside.set_props('pulse', { n_intervals: 1 })")
    expect(page.locator("#foot")).to_contain_text("快照 1 ")
    expect(page.locator(".figure").first).to_be_visible()


def test_sliders_that_would_all_be_zero_go_back_to_what_the_figures_follow(watched):
    page = watched.open("/ranking?weights=lawfulness:1,service:0,efficiency:0,conduct:0,policy_delivery:0,integrity:0")
    slider = page.get_by_role("slider").first
    slider.focus()
    page.keyboard.press("Home")
    watched.until(lambda: slider.input_value() == "1")
    assert "weights=lawfulness:1," in watched.address()
    expect(page.locator(".banner")).to_be_visible()
