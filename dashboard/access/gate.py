"""The door of the server: whoever asks is known before anything is done, and may do only what is declared."""

from collections.abc import Callable
from urllib.parse import urlsplit

import flask

from dashboard.access.actors import ALONE, Actor

Identify = Callable[[flask.Request], Actor | None]


def needs(action: str) -> Callable[[Callable], Callable]:
    """Declares what a route or a callback does; stands under its registration."""

    def declare(function: Callable) -> Callable:
        function.action = action
        return function

    return declare


def open_to_all(function: Callable) -> Callable:
    """Declares a route that nobody need sign in for."""
    return needs("")(function)


def actor() -> Actor | None:
    """Whose request this is; None outside a request, and where nobody signed in."""
    if not flask.has_request_context():
        return None
    if "actor" not in flask.g:
        flask.g.actor = flask.current_app.config.get("IDENTIFY", alone)(flask.request)
    return flask.g.actor


def is_from_here() -> bool:
    """Whether the page that sends this was ours: browsers tell from where a request comes, and scripts cannot lie."""
    headers = flask.request.headers
    if headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == flask.request.host


def alone(_request: flask.Request) -> Actor:
    """One person at the machine itself, where nobody has an account."""
    return Actor("", ALONE)
