"""Signing in with an identity provider: a real one, started here, asked over the network."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import flask
import oidc_provider_mock
import pytest
import requests
from flask.testing import FlaskClient

from dashboard.access import oidc
from dashboard.access.oidc import SECRET_FILE
from dashboard.settings import Oidc, SettingsError
from dashboard.store.trace import Trace
from tests.store.people import GOOD

CLIENT = "mingjing"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the provider's own


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    users = [
        oidc_provider_mock.User(sub=f"subject-{name}", claims={"preferred_username": name})
        for name in ("Li", "stranger", "gone")
    ]
    users.append(oidc_provider_mock.User(sub="subject-nameless"))
    with oidc_provider_mock.run_server_in_thread(user_claims=users, require_nonce=True) as server:
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def server(make_server: Callable[..., flask.Flask], tmp_path, issuer: str) -> flask.Flask:
    (tmp_path / "client.secret").write_text("the client's own\n", "utf-8")
    server = make_server(oidc=Oidc(issuer, CLIENT, "client.secret", "preferred_username"))
    server.config["ACCOUNTS"].add("li", "leader")
    server.config["ACCOUNTS"].add("gone", "leader")
    server.config["ACCOUNTS"].disable("gone")
    return server


def sent_back(client: FlaskClient, user: str, address: str = "/sign-in/oidc") -> str:
    """Where the provider sends the browser once the user has signed in there."""
    to_provider = client.get(address)
    assert to_provider.status_code == 302
    answer = requests.post(to_provider.location, data={"sub": f"subject-{user}"}, allow_redirects=False, timeout=10)
    return answer.headers["Location"].removeprefix("http://localhost")


def who(client: FlaskClient) -> str:
    return client.get("/who").text


def test_who_signs_in_there_is_signed_in_here_and_comes_back_to_the_page_that_was_asked_for(server):
    client = server.test_client()
    assert 'href="/sign-in/oidc?next=%2Franking"' in client.get("/sign-in?next=/ranking").text
    back = sent_back(client, "Li", "/sign-in/oidc?next=/ranking")
    assert back.startswith("/sign-in/oidc/back?")
    answer = client.get(back)
    assert (answer.status_code, answer.location, who(client)) == (303, "/ranking", "li leader")
    last = Trace(server.config["ACCOUNTS"].path.parent).read(1)[0]
    assert (last.actor, last.action, last.result, last.detail) == ("li", "sign_in", "done", "oidc")
    client.post("/sign-out")
    assert who(client) == "nobody"


def test_what_is_asked_of_the_provider_has_state_nonce_and_proof_key(server, issuer):
    asked = parse_qs(urlsplit(server.test_client().get("/sign-in/oidc").location).query)
    assert asked["redirect_uri"] == ["http://localhost/sign-in/oidc/back"]
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert asked["response_type"] == ["code"]


@pytest.mark.parametrize(("user", "said"), [("stranger", "“stranger”"), ("gone", "“gone”"), ("nameless", "没有成功")])
def test_an_identity_without_an_active_account_does_not_get_in(server, user, said):
    client = server.test_client()
    answer = client.get(sent_back(client, user))
    assert (answer.status_code, who(client)) == (401, "nobody")
    assert said in answer.text


def test_an_answer_counts_once_and_in_the_browser_that_asked(server):
    client, other = server.test_client(), server.test_client()
    back = sent_back(client, "Li")
    assert other.get(back).status_code == 401, "another browser's: somebody else would be signed in as me"
    forged = re.sub(r"state=[^&]+", "state=x", back)
    assert client.get(forged).status_code == 401
    assert client.get(sent_back(client, "Li")).status_code == 303
    client.post("/sign-out")
    assert client.get(back).status_code == 401, "used up"
    assert (who(client), who(other)) == ("nobody", "nobody")


@pytest.mark.parametrize(
    "query", ["", "?error=access_denied", "?code=x", "?code=x&state=y", "?error=%3Cb%3E&error_description=%0A"]
)
def test_an_answer_that_nobody_asked_for_is_refused_in_words(server, query):
    answer = server.test_client().get(f"/sign-in/oidc/back{query}")
    assert answer.status_code == 401
    assert "统一身份认证没有成功" in answer.text


def test_a_token_for_another_client_or_of_another_issuer_is_refused(server, monkeypatch):
    """As where a provider serves many programs, and one of them passes on what it was given."""
    provider = server.view_functions["access.back"].__closure__
    [found] = [cell.cell_contents for cell in provider if isinstance(cell.cell_contents, oidc.Provider)]
    for changed in ({"client_id": "another"}, {"issuer": "https://id.example"}):
        monkeypatch.setattr(found, "_settings", replace(server.config["SETTINGS"].access.oidc, **changed))
        client = server.test_client()
        answer = client.get(sent_back(client, "Li"))
        assert answer.status_code == 401
        assert "InvalidClaimError" in answer.text
        assert who(client) == "nobody"


def test_with_a_provider_there_are_no_passwords(server):
    client = server.test_client()
    server.config["ACCOUNTS"].set_password("li", GOOD)
    assert client.post("/sign-in", data={"name": "li", "password": GOOD}).status_code == 405
    assert "password" not in client.get("/sign-in").text


def test_a_provider_that_cannot_be_reached_is_said_in_words(make_server, tmp_path):
    (tmp_path / "client.secret").write_text("s", "utf-8")
    server = make_server(oidc=Oidc("http://127.0.0.1:9", CLIENT, "client.secret", "sub"))
    answer = server.test_client().get("/sign-in/oidc")
    assert answer.status_code == 401
    assert "ConnectionError" in answer.text


def test_without_the_client_s_secret_the_server_does_not_start(make_server, tmp_path):
    for content in (None, "", "  \n"):
        if content is not None:
            (tmp_path / "client.secret").write_text(content, "utf-8")
        with pytest.raises(SettingsError, match="secret_file"):
            make_server(oidc=Oidc("https://id.example", CLIENT, "client.secret", "sub"))


def test_what_the_server_signs_with_is_made_once_and_refused_where_others_read_it(server, make_server, tmp_path):
    path = tmp_path / SECRET_FILE
    assert (len(path.read_bytes()), path.stat().st_mode & 0o777) == (32, 0o600)
    again = make_server(oidc=server.config["SETTINGS"].access.oidc)
    assert again.secret_key == server.secret_key == path.read_bytes()
    for spoil in (lambda: path.chmod(0o644), lambda: path.write_bytes(b"short"), lambda: path.write_bytes(b"x" * 32)):
        path.chmod(0o600)
        spoil()
        with pytest.raises(SettingsError, match="remove it"):
            make_server(oidc=server.config["SETTINGS"].access.oidc)
