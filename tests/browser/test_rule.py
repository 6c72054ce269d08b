"""Thresholds that are tried in a browser: the field keeps the keyboard, the address remembers, nonsense is answered."""

import re

from playwright.sync_api import expect


def test_a_typed_threshold_is_tried_and_nonsense_is_answered_without_losing_the_last_trial(watched):
    page = watched.open("/rule?rule=top_down_only")
    field = page.locator(".trial-field input").first
    field.fill("30")
    expect(page.locator("#rule-trial h2").first).to_contain_text("按试算阈值")
    watched.until(lambda: "trial=watch:30,alert:5,fewest:5" in watched.address())
    expect(field).to_be_focused()
    field.fill("-3")
    expect(page.locator("#rule-refused")).to_contain_text("0 到 999,999 之间的数字")
    assert "trial=watch:30" in watched.address()
    expect(page.locator("#rule-trial h2").first).to_contain_text("按试算阈值")
    page.get_by_text("恢复现行阈值").click()
    expect(page.locator("#rule-trial")).to_be_empty()
    expect(field).to_have_value("15")
    assert watched.address() == "/rule?rule=top_down_only"


def test_another_rule_has_its_own_fields(watched):
    page = watched.open("/rule?rule=top_down_only&trial=watch:30,alert:5,fewest:5")
    page.locator("select[id*='\"rule\"']").select_option("tasks_overdue")
    expect(page.locator(".rule-title h2").first).to_have_text("督办逾期")
    expect(page.locator(".trial-field")).to_have_count(2)
    expect(page.locator("#rule-trial")).to_be_empty()
    assert re.fullmatch(r"/rule\?rule=tasks_overdue", watched.address())
