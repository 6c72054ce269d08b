"""The door of the server: whoever asks is known before anything is done, and may do only what is declared.

A route and a callback say by `needs` which action they are; a page does where it is registered. What declares nothing
is closed to everybody, so that it cannot be forgotten. What each query answers is `guard`'s.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import flask

from dashboard.access.actors import ALONE, Actor, ForbiddenError, may, require
from dashboard.access.body import is_sound

Identify = Callable[[flask.Request], Actor | None]

SIGN_IN = "/sign-in"
UPDATE = "/_dash-update-component"
SIGNED_IN = "words"  # the action that every role has
# What anybody may fetch of Dash's own: the files that the page for signing in is made of.
OPEN = frozenset({"/_favicon.ico", "_dash_assets.static"})
# Dash's own: the frame, the scripts, what the app is made of. No figure is in any of them; callbacks have their own.
DASH = frozenset(
    {
        *("/", "/<path:path>", "/_dash-layout", "/_dash-dependencies", "/_reload-hash", UPDATE),
        "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
    }
)
EXPORT = "export"  # the answer leaves the screen
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


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
        return outside_a_request()
    if "actor" not in flask.g:
        flask.g.actor = flask.current_app.config["IDENTIFY"](flask.request)
    return flask.g.actor


def outside_a_request() -> Actor | None:
    """Nobody asks, so nobody is answered; tests put somebody in its place."""
    return None


def own_name() -> str:
    """What whoever asks is called, '' where nobody need sign in: what is drawn with it is for them alone."""
    _note("is_personal")
    who = actor()
    return who.name if who else ""


def passing() -> None:
    """What is being drawn tells of a refusal or a fault: it holds at this moment alone, and is not kept."""
    _note("is_passing")


def _note(about: str) -> None:
    if flask.has_request_context():
        setattr(flask.g, about, True)


def can(action: str) -> bool:
    """Whether whoever asks may do this: for what a page offers; what comes of it is decided again where it is done."""
    return may(actor(), action)


def register_gate(server: flask.Flask, identify: Identify, page_of: Callable[[str], str | None]) -> None:
    """Once for the app, before any route is asked. `page_of`: the module of a page → its action."""
    server.config["IDENTIFY"] = identify

    @server.before_request
    def admit() -> flask.typing.ResponseReturnValue | None:
        endpoint = flask.request.endpoint
        action = _action(server, endpoint)
        if endpoint in OPEN or action == "":
            return None
        if actor() is None:
            return _sign_in()
        if flask.request.method in UNSAFE and not is_from_here():
            raise ForbiddenError(actor(), "foreign", flask.request.path)
        if endpoint is not None:  # else no such address: said by the router
            require(actor(), action or "", what=flask.request.path)
        if action == EXPORT and not can("export_small_counts"):
            flask.g.actor = replace(actor(), without=frozenset({"small_counts"}))
        if endpoint == UPDATE:
            _admit_callback(server, page_of)
        return None


def _action(server: flask.Flask, endpoint: str | None) -> str | None:
    if endpoint in DASH:
        return SIGNED_IN
    return getattr(server.view_functions.get(endpoint), "action", None)


def _admit_callback(server: flask.Flask, page_of: Callable[[str], str | None]) -> None:
    """One address runs every callback, with whatever the browser sent: each is looked at as if it were a route."""
    body = sent_json(flask.request)
    output = body.get("output") if isinstance(body, dict) else None
    known = server.config["CALLBACKS"]()
    if not isinstance(output, str) or output not in known:
        flask.abort(400)
    require(actor(), callback_action(known[output], page_of) or "", what=output)
    if not is_sound(known[output], body):
        flask.abort(400)


def sent_json(request: flask.Request) -> Any:
    """The body as data; None where it is none, or nested deeper than anything that a page sends."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def callback_action(registered: Mapping[str, Any], page_of: Callable[[str], str | None]) -> str | None:
    """The action of an entry of Dash's callback map: its own, or that of the page whose module it stands in."""
    function = registered.get("callback")
    module = getattr(function, "__module__", "")
    if module == "dash.dash":  # the router: each page is asked about when it is drawn
        return SIGNED_IN
    return getattr(function, "action", None) or page_of(module)


def is_from_here() -> bool:
    """Whether the page that sends this was ours: browsers tell from where a request comes, and scripts cannot lie."""
    headers = flask.request.headers
    if headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("Origin")
    return origin is None or origin.partition("://")[2] == flask.request.host


def _sign_in() -> flask.typing.ResponseReturnValue:
    """A page leads to where one signs in and back; for a script it is an error, in words."""
    request = flask.request
    wants_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
    if wants_page:
        return flask.redirect(f"{SIGN_IN}?{urlencode({'next': request.full_path.rstrip('?')})}", 303)
    flask.abort(401)


def alone(_request: flask.Request) -> Actor:
    """One person at the machine itself, where nobody has an account."""
    return Actor("", ALONE)
