"""The gaps in a browser: all rows on one screen, the keyboard, the drawer, and a rule that is one file."""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard import catalog
from dashboard.__main__ import main

CELL = ".gap-matrix td > a"
ALERT = f"{CELL}.alert"
DRAWER = "#gaps-drawer"


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.textContent")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_64_departments_stand_on_a_screen_of_1080_and_nothing_scrolls_sideways(watched, lang):
    watched.page.set_viewport_size({"width": 1920, "height": 1080})
    page = watched.open(f"/gaps?lang={lang}&rule=tasks_overdue&department=D58")
    rows = page.locator(".gap-matrix tbody tr")
    expect(rows).to_have_count(64)
    expect(page.locator(f"{DRAWER} h2")).to_be_visible()
    last = rows.last.bounding_box()
    assert last["y"] + last["height"] <= 1080 - 28  # above the foot
    drawer, card = (page.locator(one).bounding_box() for one in (DRAWER, "#gaps-main"))
    assert card["x"] + card["width"] <= drawer["x"], "the drawer pushes"
    assert page.evaluate("document.documentElement.scrollWidth") <= 1920


def test_heads_and_names_stay_while_the_rows_scroll(watched):
    page = watched.open("/gaps")
    head, row = page.locator(".gap-matrix .labels th").first, page.locator(".gap-matrix tbody tr").first
    before = head.bounding_box()["y"], row.bounding_box()["y"]
    page.locator(".matrix-scroll").evaluate("one => one.scrollTo(0, 300)")
    watched.until(lambda: row.bounding_box()["y"] < before[1] - 200)
    assert head.bounding_box()["y"] == pytest.approx(before[0], abs=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366


def test_the_matrix_is_one_tab_stop_and_the_keyboard_goes_through_the_evidence(watched):
    page = watched.open("/gaps")
    expect(page.locator(f'{CELL}[tabindex="0"]')).to_have_count(1)
    start = page.locator(f'{CELL}[tabindex="0"]')
    start.focus()
    opened = focused(page)
    page.keyboard.press("End")
    page.keyboard.press("Home")  # the name of the department
    page.keyboard.press("ArrowRight")
    assert opened.split(" · ")[0] in focused(page)
    page.keyboard.press("ArrowUp")  # the head of the rule
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith("/rule?rule=")
    expect(page.locator('.gap-matrix [data-cell][tabindex="0"]')).to_have_count(1)
    page.locator(f'{CELL}[aria-label="{opened}"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"{DRAWER} h2")).to_be_focused()
    first = page.locator(f"{DRAWER} h2").text_content()
    expect(page.locator(f'{CELL}[aria-current="true"]')).to_have_attribute("aria-label", opened)
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"{DRAWER} h2")).not_to_have_text(first)
    expect(page.locator(f'{CELL}[aria-current="true"]')).to_have_count(1)
    page.keyboard.press("ArrowUp")
    expect(page.locator(f"{DRAWER} h2")).to_have_text(first)
    page.keyboard.press("Escape")
    expect(page.locator(DRAWER)).to_be_hidden()
    assert watched.address() == "/gaps"
    watched.until(lambda: focused(page) == opened)
    page.go_back()
    expect(page.locator(f"{DRAWER} h2")).to_have_text(first)


def test_a_choice_of_a_cell_does_not_draw_the_matrix_anew(watched):
    watched.page.set_viewport_size({"width": 1920, "height": 1080})
    page = watched.open("/gaps")
    answers = []

    def hear(answer):  # not what is fetched ahead, which is the page of another quarter, whole
        if "_dash-update-component" in answer.url and "x-ahead" not in answer.request.headers:
            answers.append(answer.text())

    page.on("response", hear)
    page.locator(ALERT).first.click()
    expect(page.locator(f"{DRAWER} .said")).to_be_visible()
    watched.until(lambda: any("gaps-drawer" in text for text in answers))
    own = [text for text in answers if "gaps-drawer" in text]
    assert not any("gaps-main" in text for text in own)
    page.locator(".legend a").first.click()
    expect(page.locator(".legend a.chosen")).to_have_count(1)
    expect(page.locator(DRAWER)).to_be_hidden()  # its cell may not be among those


def test_the_rows_behind_a_gap_unfold_in_the_drawer(watched):
    page = watched.open("/gaps?rule=tasks_overdue&department=D58")
    page.locator(f"{DRAWER} .behind summary").first.click()
    marked = page.locator(f"{DRAWER} .light-table tbody tr").first
    expect(marked).to_have_class("marked")
    expect(marked.locator(".mark")).to_have_attribute("aria-label", "规则所指")
    drawer = page.locator(DRAWER)
    assert drawer.evaluate("one => one.scrollWidth <= one.clientWidth"), "a wide table scrolls by itself"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_view_for_the_wall_fits_and_is_large(watched, lang):
    watched.page.set_viewport_size({"width": 1920, "height": 1080})
    page = watched.open(f"/gaps?view=icons&lang={lang}")
    expect(page.locator(".glance tbody tr").first).to_be_visible()
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        1920,
        1080,
    ]
    size = page.locator(".glance tbody th a").first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert size >= 28


# --- a rule is one file ----------------------------------------------------------------------------------------
RULE = """/* +++
title = { zh = "投诉太多", en = "Many complaints" }
label = { zh = "投诉太多", en = "Many" }
group = "appraisal"
order = 99
kind = "deterministic"
source = "D1 §1.3"
tables = ["complaints"]
unit = { zh = "件", en = "complaints" }
decimals = 0
window = 1
why = { zh = "试一试。", en = "To try it." }
formula = { zh = "件数。", en = "The count." }
example = { zh = "三件。", en = "Three." }
exclusions = { zh = "没有。", en = "None." }
assumptions = { zh = "没有。", en = "None." }
remedy = { zh = "少于三件。", en = "Fewer than three." }

[thresholds.most]
value = 3
zh = "达到此数：预警"
en = "this many: alert"

[evidence]
largest = { zh = "最多一类（件）", en = "largest category" }

[sentence]
zh = "{name}：{period}投诉 {value} 件。"
en = "{name}: {value} complaints {period}."
+++ */
select
    region_id,
    department_id,
    quarter,
    sum(received)::double as value,
    $most::double as threshold,
    count(*) as n,
    if(sum(received) >= $most, 'alert', 'ok') as level,
    null::varchar as note,
    max(received) as largest,
from complaints
group by region_id, department_id, quarter
order by region_id, department_id, quarter
"""


@pytest.fixture
def with_one_more_file(tmp_path, monkeypatch, make_app, served) -> Iterator[str]:
    """An office of three departments, whose queries are the product's and one more."""
    queries, source, folder = (tmp_path / name for name in ("queries", "files", "office"))
    shutil.copytree(catalog.FOLDER, queries)
    (queries / "gaps" / "many_complaints.sql").write_text(RULE, encoding="utf-8")
    monkeypatch.setattr(catalog, "FOLDER", queries)
    source.mkdir()
    _written(
        source / "departments.csv",
        [("department_id", "name", "category")] + [(k, f"{k}局", "government") for k in "甲乙丙"],
    )
    head = ("quarter", "department_id", "channel", "category", "received")
    rows = [("2026Q3", name, "letter", "shirking", count) for name, count in (("甲", 1), ("乙", 5), ("丙", 2))]
    _written(source / "complaints.csv", [head, *rows])
    main(["--data", str(folder), "import", str(source)], standalone_mode=False)
    yield served(make_app(folder))


def _written(path: Path, rows: list[tuple]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


def test_one_file_adds_a_rule_to_the_matrix_and_the_drawer(page: Page, with_one_more_file):
    page.goto(f"{with_one_more_file}/gaps")
    expect(page.locator('.gap-matrix [data-rule="many_complaints"]')).to_have_text("投诉太多")
    expect(page.locator(ALERT)).to_have_count(1)
    expect(page.locator(ALERT)).to_have_attribute("aria-label", "乙局 · 投诉太多：预警")
    page.locator(ALERT).click()
    expect(page.locator(f"{DRAWER} .said")).to_have_text("乙局：本季投诉 5 件。明显异常，建议核查。")
    expect(page.locator(f"{DRAWER} .numbers")).to_contain_text("最多一类（件）")
    expect(page.locator(f"{DRAWER} .behind")).to_contain_text("投诉举报：共 1 行")
