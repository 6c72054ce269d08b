"""A server of sign-in pages alone, over an office whose clock and passwords are a test's."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import flask
import pytest

from dashboard.access.identity import identify
from dashboard.access.sign_in import register_sign_in
from dashboard.settings import Settings
from dashboard.store import Store
from tests.store.people import CHEAP, Clock, accounts_in

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
