"""Signing in as a person does it: the plain pages work in a browser, and the cookie is out of reach for scripts."""

from collections.abc import Callable

import dash
import pytest
from playwright.sync_api import Page, expect

from dashboard.access.identity import identify
from tests.store.people import BETTER, GOOD, Clock, accounts_in


@pytest.fixture
def guarded(empty_app: dash.Dash, tmp_path, monkeypatch, served: Callable[[dash.Dash], str]) -> str:
    accounts = accounts_in(tmp_path, Clock())
    accounts.add("li", "administrator", password=GOOD)
    monkeypatch.setitem(empty_app.server.config, "ACCOUNTS", accounts)
    monkeypatch.setitem(empty_app.server.config, "IDENTIFY", identify)
    return served(empty_app)


def test_a_first_password_is_changed_and_then_the_page_that_was_asked_for_opens(guarded, page: Page):
    violations = []
    page.on("console", lambda message: violations.append(message.text) if "Content Security" in message.text else None)
    page.goto(f"{guarded}/sign-in?next=/accounts")
    page.get_by_label("账号").fill("li")
    page.get_by_label("密码").fill(GOOD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("请先更换密码")).to_be_visible()
    page.get_by_label("现在的密码").fill(GOOD)
    page.get_by_label("新密码", exact=True).fill(BETTER)
    page.get_by_label("再输一次新密码").fill(BETTER)
    page.get_by_role("button", name="更换密码").click()
    expect(page.get_by_text("密码已更换")).to_be_visible()
    assert page.evaluate("document.cookie.split('=')[0]") in ("", "mingjing-reader"), "not the session's"
    page.get_by_role("link", name="返回").click()
    expect(page.get_by_role("heading", name="谁可以登录")).to_be_visible()
    page.get_by_role("link", name="li").click()
    page.get_by_role("button", name="退出所有设备").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations == []
