"""In front of everything in a server process: each request gets an id, a place or a quick “busy”, and its line.

A process computes for a few requests at a time and lets a few more wait; whoever comes after those is told at once to
come again, instead of waiting in a queue that only grows. Files, probes and uploads, which compute nothing, pass by.
"""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

from dashboard.operation import journal
from dashboard.operation.meters import Meters

AHEAD = "HTTP_X_AHEAD"  # a browser asks for what nobody has asked for yet: not while anything else runs
# Keys of the environment of a request.
ID, BUSY, ROUTE, ROLE = (f"mingjing.{name}" for name in ("id", "busy", "route", "role"))
PROGRAM = "X-Program"  # which version of the program answers: a page of another one is loaded anew
PASS_BY = ("/health", "/ready", "/metrics", "/assets/", "/_dash-component-suites/", "/_favicon", "/upload")
SLOWEST_SENDER = 100_000  # bytes a second: a large body takes its time


@dataclass(frozen=True)
class Limits:
    """Of one process; times in seconds."""

    working: int = 2  # two processes of two served 20 readers as fast as two of eight, with shorter tails
    waiting: int = 32  # some five seconds of work
    patience: float = 10.0  # who has waited for so long is told to come again
    longest: float = 120.0  # a request that runs longer hangs
    grace: float = 30.0  # what runs when the server is stopped may run on for so long
    heartbeat: float = 60.0  # a process that gives no sign of life for so long is replaced


@dataclass(frozen=True)
class Running:
    """A request that is being answered."""

    id: str
    path: str
    began: float  # time.monotonic
    allowed: float  # seconds


class Turnstile:
    """The WSGI application around another one."""

    def __init__(self, app: Callable, meters: Meters, program: str = "", limits: Limits | None = None):
        self.limits = limits or Limits()
        self.meters = meters
        self._app, self._program = app, program
        # Always the same few threads compute: what a thread has once taken of the memory it keeps for itself.
        self._working = ThreadPoolExecutor(self.limits.working, "working")
        self._seats = threading.BoundedSemaphore(self.limits.working + self.limits.waiting)
        self._running: dict[int, Running] = {}  # by thread

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        began = time.monotonic()
        number = environ[ID] = journal.request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
        status = "500"

        def start(given: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            nonlocal status
            status = given[:3]
            return start_response(given, [*headers, ("X-Request-Id", number), (PROGRAM, self._program)], exc_info)

        self.meters.in_flight.inc()
        with journal.about(number):
            try:
                if path.startswith(PASS_BY):
                    return self._run(environ, start, path)
                if AHEAD in environ and self._running:
                    start("204 No Content", [("Cache-Control", "no-store")])
                    return []
                answer = self._computed(environ, start, path)
                if answer is None:
                    environ[BUSY] = True
                    answer = self._app(environ, start)
                return answer
            finally:
                self.meters.in_flight.dec()
                seconds, method = time.monotonic() - began, environ.get("REQUEST_METHOD", "")
                self.meters.count(environ.get(ROUTE, "none"), method, status, seconds, environ.get(BUSY, False))
                role = {"role": environ[ROLE]} if environ.get(ROLE) else {}
                journal.record(method=method, path=path, status=int(status), ms=round(1000 * seconds), **role)

    def overdue(self) -> dict[int, Running]:
        """The requests that should have been answered long ago, by thread."""
        now = time.monotonic()
        return {thread: one for thread, one in self._running.copy().items() if now - one.began > one.allowed}

    def _allowed(self, environ: dict[str, Any]) -> float:
        given = environ.get("CONTENT_LENGTH") or ""
        return self.limits.longest + (int(given) / SLOWEST_SENDER if given.isdecimal() else 0)

    def _computed(self, environ: dict[str, Any], start: Callable, path: str) -> Iterable[bytes] | None:
        """The answer, in its turn; None where too many others wait or the turn does not come."""
        if not self._seats.acquire(blocking=False):
            return None
        turn = self._working.submit(copy_context().run, self._run, environ, start, path)
        turn.add_done_callback(lambda _turn: self._seats.release())
        try:
            return turn.result(self.limits.patience)
        except TimeoutError:
            return None if turn.cancel() else turn.result()

    def _run(self, environ: dict[str, Any], start: Callable, path: str) -> Iterable[bytes]:
        allowed, thread = self._allowed(environ), threading.get_ident()
        self._running[thread] = Running(environ[ID], path, time.monotonic(), allowed)
        try:
            return self._app(environ, start)
        finally:
            del self._running[thread]
