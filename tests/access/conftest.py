"""One app in which a header says who asks, so that every role may be tried on it; and a server of sign-in alone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import dash
import flask
import pytest
from flask.testing import FlaskClient

from dashboard.access.actors import Actor, roles
from dashboard.access.identity import identify
from dashboard.access.sign_in import register_sign_in
from dashboard.app import create_app
from dashboard.settings import Settings
from dashboard.store import Store
from dashboard.warehouse import Warehouse
from tests.store.people import CHEAP, Clock, accounts_in

OWN = "D09"
ACTORS = {role: Actor(role, role, (), OWN if role == "department" else "") for role in roles()}


def who(request: flask.Request) -> Actor | None:
    return ACTORS.get(request.headers.get("X-Role", ""))


@pytest.fixture(scope="session")
def guarded_app(demo_folder: Path) -> dash.Dash:
    return create_app(Warehouse(demo_folder), Settings.load(demo_folder), who)


@pytest.fixture
def client(guarded_app: dash.Dash) -> FlaskClient:
    return guarded_app.server.test_client()


@pytest.fixture
def as_role() -> Callable[[str | None], dict[str, str]]:
    """The headers of a request of a role; of nobody for None."""
    return lambda role: {"X-Role": role} if role else {}


# --- signing in ------------------------------------------------------------------------------------------------
SETTINGS = Settings.load(Path("nowhere"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_server(tmp_path: Path, clock: Clock) -> Callable[..., flask.Flask]:
    """The server by rules that the test changes; `/who` says whom it takes the request for."""

    def make(**changed: Any) -> flask.Flask:
        settings = replace(SETTINGS, access=replace(SETTINGS.access, **changed))
        server = flask.Flask("server")
        register_sign_in(server, Store(tmp_path), settings, CHEAP)
        server.config["ACCOUNTS"] = accounts_in(tmp_path, clock, **changed)
        server.config["IDENTIFY"] = identify

        @server.route("/who", methods=["GET", "POST"])
        def who() -> str:
            actor = identify(flask.request)
            return f"{actor.name} {actor.role}" if actor else "nobody"

        return server

    return make
