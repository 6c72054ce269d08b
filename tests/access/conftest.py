"""One app in which a header says who asks: every role may be tried on it."""

from collections.abc import Callable
from pathlib import Path

import dash
import flask
import pytest
from flask.testing import FlaskClient

from dashboard.access.actors import Actor, roles
from dashboard.app import create_app
from dashboard.settings import Settings
from dashboard.warehouse import Warehouse

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
