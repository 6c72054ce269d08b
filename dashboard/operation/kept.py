"""Answers that were drawn once: the same question about the same data need not be drawn again for who sees the same.

They are in the memory of one process, compressed and not, and the longest unused goes where there are too many bytes.
"""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any

import flask

from dashboard.access.gate import actor

MOST_BYTES = 64 << 20  # of one process
STATIC = ("/assets/", "/_dash-component-suites/")
STATE = "X-State"  # the same as long as an answer holds: pages that hold some forget them with it (answers.js)


class Kept:
    """Bytes by a text; Flask-Compress keeps in it what it compressed, by its own way and `flask.g.kept`."""

    def __init__(self, most: int = MOST_BYTES):
        self._most, self._bytes = most, 0
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def set(self, key: str, value: bytes) -> None:
        """Keep it; what was asked for without a name, or is too large, is not kept."""
        if key.endswith(";") or len(value) > self._most:
            return
        with self._lock:
            self._bytes += len(value) - len(self._held.pop(key, b""))
            self._held[key] = value
            while self._bytes > self._most:
                self._bytes -= len(self._held.popitem(last=False)[1])


def kept_name(request: flask.Request) -> str:
    """By what Flask-Compress keeps the answer that it compresses: a file is its address, which changes with it."""
    if request.path.startswith(STATIC):
        return request.full_path
    return flask.g.get("kept", "")


def keep_answers(
    server: flask.Flask, endpoint: str, kept: Kept, question: Callable[[flask.Request], Any], state: Callable[[], Any]
) -> None:
    """Once for an endpoint of the app. `question`: what is asked for, as far as an answer to it may be kept, None where
    it may not; `state`: all else that the answer depends on but who asks, None where that cannot be told.

    Who asks is known by then and may ask. An answer in which they are named is theirs alone (`gate.own_name`).
    """
    draw = server.view_functions[endpoint]

    def names(now: Any) -> tuple[str, str] | None:
        asked, who = question(flask.request), actor()
        if asked is None or now is None or who is None:
            return None
        accepted = flask.request.headers.get("Accept-Language", "")
        common = json.dumps([endpoint, asked, now, who.sight, accepted], default=str)
        return tuple(hashlib.sha256(f"{who}{common}".encode()).hexdigest() for who in ("", f"{who.name}\n"))

    @wraps(draw)
    def answer(*args: Any, **values: Any) -> flask.Response:
        before = state()
        its_names = names(before)
        for name in its_names or ():
            if found := kept.get(name):
                flask.g.kept = name
                kind = "application/json" if flask.request.method == "POST" else "text/html; charset=utf-8"
                return _marked(flask.Response(found, content_type=kind), before)
        response, now = flask.make_response(draw(*args, **values)), state()
        # nor where something changed while it was drawn
        if its_names and response.status_code == 200 and not flask.g.get("is_passing") and now == before:
            flask.g.kept = its_names[1 if flask.g.get("is_personal") else 0]
            kept.set(flask.g.kept, response.get_data())
        return _marked(response, now)

    server.view_functions[endpoint] = answer


def _marked(response: flask.Response, state: Any) -> flask.Response:
    if state is not None:
        response.headers[STATE] = hashlib.sha256(json.dumps(state, default=str).encode()).hexdigest()[:16]
    return response
