"""What leaves the screen and what is refused is in the trace with who it was."""

import dash
import pytest

from dashboard.store.trace import Trace
from tests.store.people import Clock, accounts_in


@pytest.fixture
def trace(guarded_app, tmp_path, monkeypatch) -> Trace:
    """In a file of the test's own: the county is shared."""
    monkeypatch.setitem(guarded_app.server.config, "ACCOUNTS", accounts_in(tmp_path, Clock()))
    return Trace(tmp_path)


def test_exports_are_in_the_trace_and_pages_are_not(client, as_role, trace):
    asked = ["/download/ranking.csv?lang=en", "/api/v1/ranking", "/download/nothing.csv", "/ranking"]
    for address in asked:
        client.get(address, headers=as_role("analyst"))
    found = [(one.actor, one.role, one.action, one.what) for one in reversed(trace.read())]
    assert found == [("analyst", "analyst", "export", address) for address in asked[:2]]


def test_a_refusal_is_in_the_trace_with_what_was_asked_and_a_stranger_s_is_not(client, as_role, trace):
    assert client.get("/download/ranking.csv", headers=as_role("screen")).status_code == 403
    assert client.get("/download/ranking.csv").status_code == 401
    [one] = trace.read()
    assert (one.actor, one.action, one.what, one.result, one.detail) == (
        *("screen", "refused", "/download/ranking.csv"),
        *("refused", "export"),
    )


def test_a_query_of_the_api_and_a_page_that_are_refused_are_in_the_trace(guarded_app, client, as_role, trace):
    assert client.get("/api/v1/query/completeness", headers=as_role("writer")).status_code == 403
    with guarded_app.server.test_request_context("/", headers=as_role("department")):
        next(page for page in dash.page_registry.values() if page["path"] == "/ranking")["layout"]()
    found = [(one.actor, one.action, one.what, one.detail) for one in reversed(trace.read())]
    assert found == [
        ("writer", "refused", "pages/completeness", "data"),
        ("department", "refused", "/ranking", "desk"),
    ]


def test_what_cannot_be_traced_is_not_given_out(client, as_role, trace):
    trace.path.write_bytes(b"not a database" * 400)
    answer = client.get("/download/ranking.csv", headers=as_role("analyst"))
    assert answer.status_code == 503
    assert "D09" not in answer.text
