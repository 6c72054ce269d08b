"""A note is written in a browser: its flag and its text stand at the charts without a reload."""

import shutil

from playwright.sync_api import expect


def test_a_note_is_written_and_its_flag_and_text_stand_at_the_charts(
    page, nine_departments, tmp_path, make_app, served
):
    folder = shutil.copytree(nine_departments, tmp_path / "office")
    address = served(make_app(folder))
    page.goto(f"{address}/department?department=A")
    card = page.locator("#department-notes")
    card.get_by_text("写一条备注").click()
    send = card.get_by_role("button", name="登记备注")
    send.click()
    expect(card.locator(".follow-said").first).to_contain_text("请填写备注内容")
    card.locator(".notes-quarter select").select_option("2026Q1")
    card.get_by_label("内容；重新起算时写明理由").fill("与原规划局合并")
    card.get_by_label("登记人").first.fill("办公室")
    send.click()
    expect(card.locator("h2")).to_have_text("备注 1 条")
    expect(card.get_by_label("内容；重新起算时写明理由")).to_have_value("")
    expect(page.locator(".timeline .note-flag")).to_have_text("1")
    expect(page.locator("#department-timeline .chart-notes")).to_contain_text("2026年第一季度 · 与原规划局合并")
    page.goto(f"{address}/complaints?department=A")
    flag = page.locator("#complaints-time-frame .annotation-text", has_text="1").last
    expect(flag).to_be_visible()
    expect(page.locator("#complaints-time-frame .chart-notes")).to_contain_text("与原规划局合并")
