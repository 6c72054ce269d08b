"""The door of a server process: a bounded number computes and waits, everybody else is told at once to come again."""

import io
import json
import logging
import threading
import time

import flask
import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from dashboard.operation import journal
from dashboard.operation.errors import register_errors
from dashboard.operation.meters import Meters
from dashboard.operation.turnstile import Limits, Turnstile

SECRET = "0123456789abcdef0123456789abcdef"


class Office:
    """A server with a page that computes until it is let go."""

    def __init__(self, **limits: float):
        self.go, self.begun = threading.Event(), threading.Semaphore(0)
        server = flask.Flask("office")
        register_errors(server, "/api/v1")

        @server.get("/")
        @server.get("/api/v1/ranking")
        def compute() -> str:
            self.begun.release()
            self.go.wait(10)
            return "done"

        @server.get("/health")
        @server.get("/report/file/<name>")
        def quick(name: str = "") -> str:
            return "ok"

        @server.get("/broken")
        def broken() -> str:
            raise ValueError("select secret from /srv/office/store.sqlite")

        self.meters = Meters()
        self.turnstile = Turnstile(server.wsgi_app, self.meters, "v1", Limits(**limits))
        self.others: list[threading.Thread] = []

    def ask(self, path: str = "/", **headers: str) -> tuple[int, dict[str, str], str]:
        builder = EnvironBuilder(path, headers=headers)
        body, status, answered = run_wsgi_app(self.turnstile, builder.get_environ(), buffered=True)
        return int(status[:3]), dict(answered), b"".join(body).decode()

    def occupy(self, computing: int, waiting: int) -> None:
        for _ in range(computing + waiting):
            self.others.append(threading.Thread(target=self.ask))
            self.others[-1].start()
        for _ in range(computing):
            assert self.begun.acquire(timeout=10)
        while self.turnstile._seats._value > self.turnstile.limits.waiting - waiting:
            pass

    def let_go(self) -> None:
        self.go.set()
        for other in self.others:
            other.join(10)


@pytest.fixture
def office():
    """One computes, two wait."""
    made = Office(working=1, waiting=2, patience=10)
    yield made
    made.let_go()


def test_what_is_fetched_ahead_of_the_reader_is_answered_only_where_nothing_else_runs(office):
    assert office.ask("/report/file/x", **{"X-Ahead": "1"})[0] == 200
    office.occupy(1, 0)
    assert office.ask("/report/file/x", **{"X-Ahead": "1"})[::2] == (204, "")
    assert b"mingjing_busy_total 0.0" in office.meters.text(None), "that is no sign of trouble"


def test_above_those_that_wait_the_answer_is_a_quick_busy_and_never_a_longer_queue(office):
    office.occupy(1, 2)
    for _ in range(20):
        status, headers, body = office.ask()
        assert (status, 1 <= int(headers["Retry-After"]) <= 4) == (503, True)
    assert json.loads(body)["error"] == "服务器正忙，页面会自动再试，不必反复刷新。"
    assert json.loads(office.ask(**{"Accept-Language": "en"})[2])["error"].startswith("The server is busy.")
    assert office.ask("/health")[::2] == (200, "ok")  # whoever looks whether it is there hears so
    office.let_go()
    assert office.ask()[::2] == (200, "done")
    assert "mingjing_busy_total 21.0" in office.meters.text(None).decode()


def test_the_busy_page_asks_again_by_itself_and_the_api_says_it_as_a_problem(office):
    office.occupy(1, 2)
    status, headers, page = office.ask(Accept="text/html")
    assert (status, headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert "/assets/script/busy.js" in page and "服务器正忙" in page and headers["X-Request-Id"] in page
    status, headers, problem = office.ask("/api/v1/ranking")
    assert (status, headers["Content-Type"]) == (503, "application/problem+json")
    assert json.loads(problem)["status"] == 503


def test_who_has_waited_too_long_is_told_to_come_again():
    office = Office(working=1, waiting=2, patience=0.01)
    office.occupy(1, 0)
    assert office.ask()[0] == 503
    office.let_go()


def test_a_request_that_never_ends_is_seen_and_a_large_body_has_its_time(office, monkeypatch):
    office.occupy(1, 1)
    assert office.turnstile.overdue() == {}
    assert office.turnstile._allowed({"CONTENT_LENGTH": "200000000"}) == 120 + 2000
    late = time.monotonic() + 121
    monkeypatch.setattr("dashboard.operation.turnstile.time.monotonic", lambda: late)
    (one,) = office.turnstile.overdue().values()  # who waits does not hang
    assert (one.path, one.allowed) == ("/", 120)
    monkeypatch.undo()


# --- the journal -----------------------------------------------------------------------------------------------
@pytest.fixture
def lines():
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(journal.Line())
    root, own = logging.getLogger(), logging.getLogger("dashboard")
    root.addHandler(handler)
    before = own.level
    own.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.removeHandler(handler)
    own.setLevel(before)


def test_a_request_is_one_line_with_its_id_and_without_what_was_asked(office, lines):
    office.go.set()
    status, headers, _ = office.ask("/?department=D09&q=王", **{"X-Request-Id": "proxy-0000-7f"})
    (line,) = lines()
    assert (status, headers["X-Request-Id"], headers["X-Program"]) == (200, "proxy-0000-7f", "v1")
    assert line.pop("time").endswith("+00:00")
    assert line.pop("worker") > 0 and line.pop("ms") >= 0
    said = {"level": "info", "id": "proxy-0000-7f", "event": "request", "method": "GET", "path": "/", "status": 200}
    assert line == said


@pytest.mark.parametrize("given", ["short", "x" * 65, 'a"b-c-d-e', "zeile eins", "a;b;c;d;e;f"])
def test_a_request_id_that_is_none_is_replaced(office, given):
    office.go.set()
    assert len(office.ask(**{"X-Request-Id": given})[1]["X-Request-Id"]) == 32


def test_nobody_writes_a_line_of_their_own_or_reads_a_name_that_opens_a_file(office, lines):
    office.ask('/a%0A{"event":"request","status":200}%0D%0A' + "x" * 500)
    office.ask(f"/report/file/{SECRET}")
    first, second = lines()
    assert first["path"].startswith('/a\n{"event"') and len(first["path"]) == 200
    assert second["path"] == "/report/file/01234567…"


def test_an_error_is_told_by_its_number_alone_and_the_journal_has_the_rest(office, lines):
    for accept in ("text/html", "application/json"):
        status, headers, body = office.ask("/broken?lang=en", Accept=accept)
        assert status == 500 and headers["X-Request-Id"] in body
        assert not [word for word in ("select", "secret", "/srv", "Traceback", "ValueError", ".py") if word in body]
    error, request, *_ = lines()
    assert error["id"] == request["id"] and "select secret" in error["stack"] and request["status"] == 500
