"""Accounts, the trace and the table of permissions: what stands on the pages, and what the administrator's forms do."""

import re
import sqlite3
import sys
from collections.abc import Iterator

import dash
import pytest
from flask.testing import FlaskClient

from dashboard.access.actors import actions, roles
from dashboard.access.identity import identify
from dashboard.i18n.text import translator
from dashboard.pages._accounts import roles_table
from dashboard.store import Store
from dashboard.store.accounts import Accounts
from dashboard.store.trace import EXPORTED, FAILED, Doer, Trace
from tests.store.people import BETTER, GOOD, HERE, Clock, accounts_in


@pytest.fixture
def office(empty_app: dash.Dash, tmp_path, monkeypatch) -> Iterator[tuple[dash.Dash, Accounts]]:
    """The app before the first import, with accounts of its own: an administrator and a leader."""
    accounts, config = accounts_in(tmp_path, Clock()), empty_app.server.config
    for name, role in (("root", "administrator"), ("li", "leader")):
        accounts.add(name, role, password=GOOD)
        accounts.change_password(accounts.sign_in(name, GOOD, HERE), GOOD, BETTER, HERE)
        accounts.sign_out_everywhere(name)
    monkeypatch.setitem(config, "ACCOUNTS", accounts)
    monkeypatch.setitem(config, "IDENTIFY", identify)
    yield empty_app, accounts


def administrator(office: tuple[dash.Dash, Accounts]) -> FlaskClient:
    client = office[0].server.test_client()
    assert client.post("/sign-in", data={"name": "root", "password": BETTER}).location == "/accounts"
    return client


def named(accounts: Accounts, name: str):
    return next(one for one in accounts.read() if one.name == name)


def signed_as(office: tuple[dash.Dash, Accounts], name: str, monkeypatch) -> None:
    """Pages are drawn for this account."""
    from dashboard.access.identity import actor_of

    who = actor_of(named(office[1], name))
    monkeypatch.setitem(office[0].server.config, "IDENTIFY", lambda _request: who)


# --- the page of accounts --------------------------------------------------------------------------------------
def test_each_account_stands_there_with_role_state_last_sign_in_and_forms(office, drawn, monkeypatch):
    app, accounts = office
    accounts.add("zhao", "department", ["tinglan"], "D09", GOOD)
    accounts._clock.move(days=91)
    accounts.sign_in("root", BETTER, HERE)
    signed_as(office, "root", monkeypatch)
    page = drawn(app, "/accounts", lang="en")
    assert "not used for 90 days" in page
    assert "tinglan, D09" in page
    assert "first password not changed" in page
    assert page.count('"/accounts/disable?lang=en"') == 2, "not of one's own account"
    assert page.count('"/accounts/role?lang=en"') == 2
    assert '"/accounts/add?lang=en"' in page


def test_without_accounts_the_page_says_how_the_first_is_made_and_offers_no_form(empty_app, drawn):
    page = drawn(empty_app, "/accounts")
    assert "users add NAME --role administrator" in page
    assert "/accounts/add" not in page
    assert empty_app.server.test_client().post("/accounts/add", data={"name": "x", "role": "leader"}).status_code != 303


def test_what_the_administrator_does_is_done_at_once_and_in_the_trace(office):
    client, accounts = administrator(office), office[1]
    li = accounts.sign_in("li", BETTER, HERE)
    assert client.post("/accounts/role", data={"name": "li", "role": "analyst"}).location == "/accounts"
    assert (named(accounts, "li").role, accounts.signed_in(li)) == ("analyst", None)
    client.post("/accounts/disable", data={"name": "li"})
    assert not named(accounts, "li").is_active
    client.post("/accounts/enable", data={"name": "li"})
    li = accounts.sign_in("li", BETTER, HERE)
    client.post("/accounts/sign-out", data={"name": "li"})
    assert accounts.signed_in(li) is None
    done = [(one.actor, one.role, one.action) for one in Trace(accounts.path.parent).read(7) if one.actor == "root"]
    assert [action for _, _, action in reversed(done)] == [
        "sign_in",
        "account_role",
        "account_disable",
        "account_enable",
        "account_sign_out",
    ]
    assert {(actor, role) for actor, role, _ in done} == {("root", "administrator")}


def test_an_administrator_of_some_regions_gives_nobody_more_and_touches_nobody_who_has_more(office):
    accounts = office[1]
    accounts.set_role("root", "administrator", ["a"])
    accounts.add("hua", "leader", ["a"])
    client = administrator(office)
    for deed, sent in (
        ("add", {"name": "wang", "role": "analyst"}),
        ("add", {"name": "wang", "role": "analyst", "region": ["a", "b"]}),
        ("role", {"name": "hua", "role": "analyst"}),
        ("role", {"name": "li", "role": "leader", "region": "a"}),
        ("password", {"name": "li"}),
        ("disable", {"name": "li"}),
    ):
        assert client.post(f"/accounts/{deed}", data=sent).status_code == 403, (deed, sent)
    assert client.post("/accounts/role", data={"name": "hua", "role": "analyst", "region": "a"}).status_code == 303
    assert {one.name: (one.role, one.regions) for one in accounts.read()} == {
        "root": ("administrator", ("a",)),
        "li": ("leader", ()),
        "hua": ("analyst", ("a",)),
    }


def test_of_some_regions_one_sees_no_account_and_no_deed_of_others(office, drawn, monkeypatch):
    app, accounts = office
    accounts.set_role("root", "administrator", ["a"])
    accounts.add("hua", "leader", ["a"])
    accounts.add("qian", "leader", ["a", "b"])
    accounts.add("sun", "auditor", ["a"])
    for name in ("hua", "qian"):
        Trace(accounts.path.parent, doer=Doer(name, "leader", HERE)).record(EXPORTED, f"/ranking of {name}")
    signed_as(office, "root", monkeypatch)
    page = drawn(app, "/accounts")
    assert "hua" in page and "qian" not in page and '"li"' not in page
    signed_as(office, "sun", monkeypatch)
    monkeypatch.setitem(app.server.config, "STORE", Store(accounts.path.parent))
    page = drawn(app, "/trace")
    assert "/ranking of hua" in page and "qian" not in page
    assert "服务器命令行" not in page, "nor what was done on the server's console"


def test_a_reset_password_is_shown_once_and_opens_only_the_form_that_changes_it(office):
    client, accounts = administrator(office), office[1]
    answer = client.post("/accounts/password", data={"name": "li"})
    assert answer.headers["Cache-Control"] == "no-store"
    [password] = re.findall(r'<pre class="secret">(.+)</pre>', answer.text)
    token = accounts.sign_in("li", password, HERE)
    assert accounts.signed_in(token).must_change
    assert password not in str(Trace(accounts.path.parent).read())


def test_an_added_account_gets_a_password_and_a_screen_a_link(office):
    client, accounts = administrator(office), office[1]
    added = client.post("/accounts/add", data={"name": "Wang", "role": "writer"})
    [password] = re.findall(r'<pre class="secret">(.+)</pre>', added.text)
    assert accounts.sign_in("wang", password, HERE)
    assert client.post("/accounts/add", data={"name": "hall", "role": "screen"}).status_code == 303
    linked = client.post("/accounts/link", data={"name": "hall"})
    [link] = re.findall(r"/sign-in/screen\?link=([\w-]+)", linked.text)
    assert accounts.sign_in_by_link(link, HERE)


@pytest.mark.parametrize(
    ("deed", "sent", "status"),
    [
        ("disable", {"name": "root"}, 400),
        ("disable", {"name": " ROOT"}, 400),
        ("role", {"name": "root", "role": "leader"}, 400),
        ("role", {"name": "li", "role": "boss"}, 400),
        ("role", {"name": "li", "role": "department"}, 400),
        ("disable", {"name": "nobody"}, 400),
        ("disable", {}, 400),
        ("add", {"name": "li", "role": "leader"}, 400),
        ("remove", {"name": "li"}, 404),
    ],
)
def test_what_cannot_be_done_is_refused_in_words_and_changes_nothing(office, deed, sent, status):
    client, accounts = administrator(office), office[1]
    before = [(one.name, one.role, one.is_active) for one in accounts.read()]
    answer = client.post(f"/accounts/{deed}", data=sent)
    assert answer.status_code in (status, 405)
    assert [(one.name, one.role, one.is_active) for one in accounts.read()] == before


def test_nobody_else_changes_accounts_and_no_other_site_does(office, monkeypatch):
    accounts = office[1]
    monkeypatch.setitem(office[0].server.config, "PROPAGATE_EXCEPTIONS", False)
    leader, stranger = office[0].server.test_client(), office[0].server.test_client()
    leader.post("/sign-in", data={"name": "li", "password": BETTER})
    for client in (leader, stranger):
        assert client.post("/accounts/disable", data={"name": "root"}).status_code >= 400
    foreign = {"Origin": "http://evil.example"}
    assert administrator(office).post("/accounts/disable", data={"name": "li"}, headers=foreign).status_code == 403
    assert all(one.is_active for one in accounts.read())


# --- the trace -------------------------------------------------------------------------------------------------
@pytest.fixture
def traced(empty_app: dash.Dash, tmp_path, monkeypatch) -> Trace:
    trace = Trace(tmp_path, doer=Doer("li", "analyst", "10.0.0.7"))
    config = empty_app.server.config
    monkeypatch.setitem(config, "STORE", Store(tmp_path))
    return trace


def test_the_trace_says_who_did_what_and_that_it_is_whole(empty_app, drawn, traced):
    assert "还没有留痕" in drawn(empty_app, "/trace")
    traced.record(EXPORTED, "/ranking.csv")
    last = traced.record(EXPORTED, "<b>x</b>", FAILED)
    page = drawn(empty_app, "/trace")
    assert f"2:{last.hash}" in page
    assert "哈希链完整，共 2 条" in page
    assert page.index("<b>x</b>") < page.index("/ranking.csv"), "newest first, and text"
    assert "分析人员" in page
    assert page.count('"marked"') == 1, "what was not done stands out"


def test_a_trace_that_is_not_whole_says_where(empty_app, drawn, traced):
    for _ in range(3):
        traced.record(EXPORTED)
    connection = sqlite3.connect(traced.path)
    connection.executescript("drop trigger trace_without_update; update trace set actor = 'x' where number = 2")
    connection.close()
    assert "从第 2 条起不是当初写下的内容" in drawn(empty_app, "/trace")


def test_older_rows_are_a_page_further(empty_app, drawn, traced, monkeypatch):
    [module] = [module for name, module in sys.modules.items() if name.endswith("pages.trace")]
    monkeypatch.setattr(module, "SHOWN", 2)
    for number in range(5):
        traced.record(EXPORTED, f"export {number}")
    assert '"/trace?before=4"' in drawn(empty_app, "/trace")
    page = drawn(empty_app, "/trace", before="4")
    assert "export 2" in page and "export 1" in page and "export 3" not in page
    assert "export 4" in drawn(empty_app, "/trace", before=["4", "3"])
    assert "/trace?before" not in drawn(empty_app, "/trace", before="2")


# --- permissions -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_table_of_permissions_is_the_one_that_the_program_reads(empty_app, drawn, lang):
    page = drawn(empty_app, "/access", lang=lang)
    for words in (*actions().values(), *(role.name for role in roles().values())):
        assert words[lang] in page
    table = str(roles_table(translator(lang), lang).tree)
    assert table.count("'●'") == sum(len(role.may) for role in roles().values())
