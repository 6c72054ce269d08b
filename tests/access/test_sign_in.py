"""Signing in: who gets in, what a browser is given, and what of the many ways around it does not work."""

import re

import flask
import pytest
from markupsafe import escape

from dashboard.access.actors import ALONE, Actor
from dashboard.access.gate import actor, is_from_here
from dashboard.access.identity import client_address, is_secure
from dashboard.access.sign_in import home, local
from dashboard.i18n.text import texts
from dashboard.store.trace import Trace
from tests.store.people import BETTER, GOOD, HERE


@pytest.fixture
def server(make_server) -> flask.Flask:
    """Li, a leader, and Wang, an analyst; both have passwords of their own."""
    server = make_server()
    for name, role in (("li", "leader"), ("wang", "analyst")):
        server.config["ACCOUNTS"].add(name, role, password=GOOD)
        token = server.config["ACCOUNTS"].sign_in(name, GOOD, HERE)
        server.config["ACCOUNTS"].change_password(token, GOOD, BETTER, HERE)
        server.config["ACCOUNTS"].sign_out_everywhere(name)
    return server


def enter(client, name: str = "li", password: str = BETTER, address: str = "/sign-in", **said):
    return client.post(address, data={"name": name, "password": password}, **said)


def who(client, **said) -> str:
    return client.get("/who", **said).text


# --- getting in ------------------------------------------------------------------------------------------------
def test_who_signs_in_is_known_until_she_signs_out_and_the_cookie_is_worth_nothing_then(server):
    client = server.test_client()
    assert who(client) == "nobody"
    answer = enter(client)
    assert (answer.status_code, answer.location, who(client)) == (303, "/", "li leader")
    kept = client.get_cookie("mingjing").value
    answer = client.post("/sign-out")
    assert (answer.status_code, answer.location, who(client)) == (303, "/sign-in", "nobody")
    client.set_cookie("mingjing", kept)
    assert who(client) == "nobody", "replayed"


def test_the_cookie_is_for_the_server_alone(server):
    cookie = enter(server.test_client()).headers["Set-Cookie"]
    assert re.fullmatch(r"mingjing=[\w-]{43}; HttpOnly; Path=/; SameSite=Lax", cookie)
    client = server.test_client()
    assert "Secure" not in enter(client, headers={"X-Forwarded-Proto": "https"}).headers["Set-Cookie"], "said by anyone"


def test_behind_tls_the_cookie_has_the_name_that_only_this_server_can_set(make_server):
    server = make_server(proxies=("127.0.0.1",))
    server.config["ACCOUNTS"].add("wang", "analyst", password=GOOD)
    client, by_https = server.test_client(), {"X-Forwarded-Proto": "https"}
    cookie = enter(client, "wang", GOOD, headers=by_https).headers["Set-Cookie"]
    assert re.fullmatch(r"__Host-mingjing=[\w-]{43}; Secure; HttpOnly; Path=/; SameSite=Lax", cookie)
    # one with the plain name is not looked at there: another program on this host could have set it
    token = cookie.split("=")[1].split(";")[0]
    other = server.test_client()
    other.set_cookie("mingjing", token)
    assert other.get("/account", headers=by_https).status_code == 303
    assert make_server(https=True).test_client().get("/sign-in").status_code == 200


def test_a_browser_gets_a_token_of_the_server_s_never_its_own(server):
    client = server.test_client()
    client.set_cookie("mingjing", "x" * 43)
    enter(client)
    assert client.get_cookie("mingjing").value != "x" * 43
    first = client.get_cookie("mingjing").value
    enter(client)
    other = server.test_client()
    other.set_cookie("mingjing", first)
    assert (who(client), who(other)) == ("li leader", "nobody"), "the one before has ended"


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "x" * 3_000, "li", "' or 1=1 --", "\x00", "%00", "é"])
def test_a_forged_cookie_is_nobody(server, token):
    client = server.test_client()
    client.set_cookie("mingjing", token)
    assert who(client) == "nobody"


def test_two_people_are_kept_apart(server):
    one, other = server.test_client(), server.test_client()
    enter(one)
    enter(other, "wang")
    assert (who(one), who(other)) == ("li leader", "wang analyst")


def test_what_was_wrong_is_said_alike_in_the_language_of_the_page(server):
    client = server.test_client()
    answers = [enter(client, name, "wrong") for name in ("li", "nobody", "<b>")]
    assert {answer.status_code for answer in answers} == {401}
    assert all("账号或密码不对" in answer.text and "<b>" not in answer.text.split("h1>")[2] for answer in answers)
    assert "is wrong" in enter(client, "li", "wrong", "/sign-in?lang=en").text


def test_after_five_failures_it_says_how_long_to_wait(server, clock):
    client = server.test_client()
    for _ in range(5):
        assert enter(client, password="wrong").status_code == 401
    answer = enter(client)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert "请 1 分钟后再试" in answer.text
    clock.move(minutes=1)
    assert enter(client).status_code == 303


def test_an_address_that_tries_many_names_waits_and_cannot_say_that_it_is_another(server):
    client = server.test_client()
    forged = [{"X-Forwarded-For": f"10.1.1.{n}"} for n in range(30)]
    codes = [enter(client, f"n{n}", "wrong", headers=headers).status_code for n, headers in enumerate(forged)]
    assert codes == [401] * 25 + [429] * 5


def test_a_first_password_leads_to_the_form_that_changes_it_and_nowhere_else(server):
    server.config["ACCOUNTS"].add("zhao", "writer", password=GOOD)
    client = server.test_client()
    assert enter(client, "zhao", GOOD, "/sign-in?next=/report").location == "/account"
    assert who(client) == "nobody"
    assert client.get("/sign-in").location == "/account"
    assert "请先更换密码" in client.get("/account").text
    change = {"old": GOOD, "new": BETTER, "again": BETTER}
    assert "两次输入的新密码不一样" in client.post("/account", data=change | {"again": GOOD}).text
    assert "太短" in client.post("/account", data=change | {"new": "short", "again": "short"}).text
    assert client.post("/account", data=change).location == "/account?changed=1"
    assert who(client) == "zhao writer"


def test_sign_out_everywhere_ends_the_other_browsers_too(server):
    one, other = server.test_client(), server.test_client()
    for client in (one, other):
        enter(client)
    assert one.get("/account").text.count("<tr") == 3, "a heading and two sessions"
    assert one.post("/account", data={"do": "everywhere"}).location == "/sign-in"
    assert (who(one), who(other)) == ("nobody", "nobody")


def test_a_session_ends_without_use_whatever_an_open_page_asks_by_itself(server, clock):
    client = server.test_client()
    enter(client)
    pulse = {"output": "newest.data", "inputs": []}
    for _ in range(30):
        clock.move(minutes=1)
        client.post("/_dash-update-component", json=pulse)
    assert who(client) == "nobody"


def test_a_screen_signs_in_by_its_link_when_the_button_is_pressed(server):
    accounts = server.config["ACCOUNTS"]
    accounts.add("hall", "screen")
    link = accounts.make_link("hall")
    client = server.test_client()
    for _ in range(2):  # looking at the link uses nothing up
        assert link in client.get(f"/sign-in/screen?link={link}").text
    answer = client.post("/sign-in/screen", data={"link": link})
    assert (answer.location, who(client)) == ("/meeting", "hall screen")
    assert "Max-Age=7776000" in answer.headers["Set-Cookie"], "90 days"
    assert server.test_client().post("/sign-in/screen", data={"link": link}).status_code == 401


# --- who asks, and from where ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("headers", "address", "expected"),
    [
        ({}, "127.0.0.1", f" {ALONE}"),
        ({}, "::1", f" {ALONE}"),
        ({}, "10.0.0.9", "nobody"),
        ({}, "", "nobody"),
        ({"Host": "localhost:8050"}, "127.0.0.1", f" {ALONE}"),
        ({"Host": "[::1]:8050"}, "127.0.0.1", f" {ALONE}"),
        ({"Host": "mingjing.example"}, "127.0.0.1", "nobody"),
        ({"Host": "127.0.0.1.evil.example"}, "127.0.0.1", "nobody"),
        ({"X-Forwarded-For": "10.0.0.9"}, "127.0.0.1", "nobody"),
        ({"X-Forwarded-Host": "mingjing.example"}, "127.0.0.1", "nobody"),
        ({"Via": "1.1 proxy"}, "127.0.0.1", "nobody"),
        ({"Forwarded": "for=10.0.0.9"}, "127.0.0.1", "nobody"),
    ],
)
def test_without_accounts_it_is_open_for_one_person_at_this_machine(make_server, headers, address, expected):
    server = make_server()
    asked = {"headers": headers, "environ_overrides": {"REMOTE_ADDR": address}}
    client = server.test_client()
    assert who(client, **asked) == expected
    server.config["ACCOUNTS"].add("li", "leader", password=GOOD)
    assert who(client, **asked) == "nobody", "from the first account on it is closed, also while it runs"


def test_a_proxy_is_believed_and_nobody_else_who_sends_its_header(make_server):
    server = make_server(user_header="X-Remote-User", proxies=("10.2.0.0/16",))
    server.config["ACCOUNTS"].add("li", "leader")

    def asked(address: str, name: str) -> str:
        said = {"headers": {"X-Remote-User": name}, "environ_overrides": {"REMOTE_ADDR": address}}
        return who(server.test_client(), **said)

    assert asked("10.2.7.7", "LI") == "li leader"
    server.config["ACCOUNTS"].add("李明", "writer")
    assert asked("10.2.7.7", "李明".encode().decode("latin-1")) == "李明 writer", "proxies send UTF-8"
    assert [
        asked(*given) for given in (("10.3.7.7", "li"), ("127.0.0.1", "li"), ("10.2.7.7", "nobody"), ("10.2.7.7", ""))
    ] == ["nobody"] * 4
    assert who(server.test_client()) == "nobody"
    assert enter(server.test_client(), "li", GOOD).status_code == 405, "there are no passwords then"
    server.config["ACCOUNTS"].disable("li")
    assert asked("10.2.7.7", "li") == "nobody"
    signed = [one for one in Trace(server.config["ACCOUNTS"].path.parent).read() if one.action == "sign_in"]
    assert [(one.actor, one.address, one.detail) for one in reversed(signed)] == [
        ("li", "10.2.7.7", "proxy"),
        ("李明", "10.2.7.7", "proxy"),
    ]


@pytest.mark.parametrize(
    ("remote", "passed", "address"),
    [
        ("10.2.0.1", "1.1.1.1, 10.9.9.9", "10.9.9.9"),
        ("10.2.0.1", "10.9.9.9, 10.2.0.2", "10.9.9.9"),
        ("10.2.0.1", "", "10.2.0.1"),
        ("10.2.0.1", "junk", "10.2.0.1"),
        ("10.9.9.9", "1.1.1.1", "10.9.9.9"),
    ],
)
def test_the_address_of_whoever_asks(make_server, remote, passed, address):
    server = make_server(proxies=("10.2.0.0/16",))
    with server.test_request_context(headers={"X-Forwarded-For": passed}, environ_base={"REMOTE_ADDR": remote}):
        assert client_address(flask.request) == address


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "http://localhost"}, True),
        ({"Origin": "http://localhost:81"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}, False),
    ],
)
def test_a_form_of_another_site_changes_nothing(server, headers, is_ours):
    with server.test_request_context(headers=headers):
        assert is_from_here() is is_ours
    client = server.test_client()
    assert (enter(client, headers=headers).status_code == 303) is is_ours
    enter(client)
    for address, data in (("/sign-out", {}), ("/account", {"do": "everywhere"})):
        answer = client.post(address, data=data, headers=headers)
        assert (answer.status_code == 303) is is_ours
        enter(client)
    if not is_ours:
        assert who(client) == "li leader"


def test_a_body_that_no_form_of_ours_sends_is_not_read(server):
    assert server.test_client().post("/sign-in", data={"name": "li", "password": "x" * 100_000}).status_code == 413
    answer = server.test_client().post("/sign-in", data='{"name": "li"}', content_type="text/plain")
    assert answer.status_code == 401


# --- where it goes next ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("good", ["/", "/ranking?quarter=2026Q3&lang=zh", "/department?department=D09", "/data#x"])
def test_a_page_of_ours_is_gone_back_to(server, good):
    assert local(good) == good
    assert (
        enter(server.test_client(), address=f"/sign-in?next={good.replace('&', '%26').replace('#', '%23')}").location
        == good
    )


@pytest.mark.parametrize(
    "bad",
    [
        *("//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "javascript:alert(1)"),
        *("/\t/evil.example", "/\n/evil.example", "\t//evil.example", "evil.example", "", "///evil.example", "/a\\b"),
        *("/sign-in", "/sign-in?next=/", "/sign-out", "//evil.example/..", "/\r\nSet-Cookie: a=b"),
    ],
)
def test_no_address_of_another_site_is_gone_to(server, bad):
    assert local(bad) == ""
    assert enter(server.test_client(), query_string={"next": bad}).location == "/"


def test_everybody_begins_where_the_role_lets_them_in():
    found = {code: home(Actor("x", code)) for code in ("leader", "writer", "importer", "auditor", "administrator")}
    assert list(found.values()) == ["/", "/", "/data", "/trace", "/accounts"]
    assert home(Actor("", ALONE)) == "/"


# --- pages -----------------------------------------------------------------------------------------------------
def test_every_route_of_signing_in_is_declared_for_the_gate(make_server, tmp_path):
    (tmp_path / "secret").write_text("s3cret", "utf-8")
    oidc = make_server().config["SETTINGS"].access.oidc.__class__("https://id.example", "mingjing", "secret", "sub")
    for server in (make_server(), make_server(oidc=oidc)):
        routes = {name: view for name, view in server.view_functions.items() if name.startswith("access.")}
        assert len(routes) >= 7
        assert {view.action for view in routes.values()} == {""}, "each decides itself"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_are_in_both_languages_and_kept_by_nobody(server, make_server, lang):
    client = server.test_client()
    enter(client)
    for address in ("/sign-in/screen", "/account"):
        answer = client.get(f"{address}?lang={lang}&theme=dark")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert 'data-bs-theme="dark"' in answer.text
        assert "<script>" not in answer.text
    assert texts(lang)["account.everywhere"] in answer.text
    assert texts(lang)["sign_in.do"] in server.test_client().get(f"/sign-in?lang={lang}").text
    proxied = make_server(user_header="X", proxies=("10.0.0.1",)).test_client().get(f"/sign-in?lang={lang}")
    assert escape(texts(lang)["sign_in.proxy"]) in proxied.text


def test_a_token_asks_the_api_and_nothing_else_and_no_cookie_of_it_signs_in(server):
    token, session = server.config["ACCOUNTS"].make_token("wang"), server.config["ACCOUNTS"].sign_in("li", BETTER, HERE)

    def asked(path: str, **headers: str) -> Actor | None:
        with server.test_request_context(path, headers=headers):
            return actor()

    by_token = {"Authorization": f"Bearer {token}"}
    assert asked("/api/v1/ranking", **by_token).name == "wang"
    assert asked("/api/v2", **by_token) is None and asked("/who", **by_token) is None
    for wrong in (f"Bearer {token}x", f"Basic {token}", "Bearer", f"Bearer {session}"):
        assert asked("/api/v1/ranking", Authorization=wrong) is None
    assert asked("/who", Cookie=f"mingjing={token}") is None
    assert asked("/who", Cookie=f"mingjing={session}").name == "li"


def test_a_proxy_that_says_nothing_of_itself_is_known_by_its_protocol(make_server):
    old = {"SERVER_PROTOCOL": "HTTP/1.0"}
    assert make_server().test_client().get("/who", environ_overrides=old).text == "nobody"


def test_a_stranger_s_large_or_deep_body_is_not_read_before_it_is_known_who_asks(make_server):
    server = make_server()
    server.config["ACCOUNTS"].add("li", "leader", password=GOOD)
    for body in ("[" * 3_000, '{"output": "newest.data", "more": "' + "x" * 10_000 + '"}'):
        said = {"data": body, "content_type": "application/json", "method": "POST"}
        with server.test_request_context("/_dash-update-component", **said) as context:
            assert actor() is None
            assert len(body) < 4_096 or context.request.get_data() == body.encode(), "still there to be read"


def test_what_a_proxy_signed_in_with_is_not_taken_for_a_token(make_server):
    server = make_server(user_header="X-User", proxies=("127.0.0.1",))
    server.config["ACCOUNTS"].add("li", "leader")
    basic = {"Authorization": "Basic bGk6c2VjcmV0", "X-User": "li"}
    assert server.test_client().get("/who", headers=basic).text == "li leader"


def test_before_the_first_account_the_page_says_how_to_make_it(make_server):
    far = make_server().test_client().get("/sign-in", environ_overrides={"REMOTE_ADDR": "10.0.0.9"})
    assert "users add NAME --role administrator" in far.text


def test_what_cannot_be_read_lets_nobody_in(server):
    client = server.test_client()
    enter(client)
    server.config["ACCOUNTS"].path.write_bytes(b"not a database" * 400)
    for answer in (client.get("/sign-in"), client.get("/account"), enter(client), client.post("/sign-out")):
        assert answer.status_code == 503
        assert "备份" in answer.text
    with server.test_request_context(), pytest.raises(Exception, match="damaged"):
        actor()
    with server.test_request_context():
        assert not is_secure(flask.request)
