"""A decision recorded in a browser survives an import and a reload."""

import shutil
import time

from playwright.sync_api import expect

from dashboard.__main__ import main
from dashboard.warehouse import NOTICE_SECONDS


def test_a_decision_is_recorded_and_survives_an_import_and_a_reload(page, nine_departments, tmp_path, make_app, served):
    folder = shutil.copytree(nine_departments, tmp_path / "office")
    page.goto(f"{served(make_app(folder))}/agenda")
    card = page.locator(".agenda-chosen")
    expect(card.locator("h2")).to_have_text("甲局 · 督办逾期")
    assert card.locator("input[type=radio]:checked").count() == 0
    for field in ("责任人", "期限", "登记人（必填）"):
        expect(card.get_by_label(field, exact=True).first).to_have_value("")

    send = card.get_by_role("button", name="登记", exact=True)
    send.click()
    expect(card.locator(".follow-said").first).to_contain_text("请先选择下一步")
    card.get_by_label("生效").check()
    card.get_by_label("责任人", exact=True).fill("督查室")
    card.get_by_label("期限", exact=True).fill("2099-12-31")
    card.get_by_label("登记人（必填）").first.fill("办公室")
    send.click()
    expect(card).to_contain_text("处理记录（1）")
    expect(card.locator("li.here")).to_have_text("生效")
    expect(page.locator("main")).to_contain_text("不占名额：正在办理 1 项")
    card.get_by_label("已处理").check()  # the form is drawn anew and empty
    expect(card.get_by_label("责任人", exact=True)).to_have_value("")

    main(["--data", str(folder), "snapshots", "rebuild"], standalone_mode=False)
    time.sleep(NOTICE_SECONDS)
    page.evaluate("window.dash_clientside.set_props('pulse', { n_intervals: 1 })")
    expect(page.locator("#foot")).to_contain_text("快照 2 ")
    page.locator(".agenda-who").first.click()
    page.reload()
    expect(card).to_contain_text("处理记录（1）")
    expect(card).to_contain_text("督查室")
