"""The page that teaches the API, and the search button that every page has."""

import io
import json
import re

import pytest

from dashboard import api
from dashboard.access.actors import ALONE, Actor
from dashboard.catalog import load_catalog


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_offers_the_search_with_what_a_result_takes_over(demo_app, drawn, lang):
    page = drawn(demo_app, "/ranking", lang=lang, quarter="2026Q2", department="D09", sort="name")
    assert f'"value": "?quarter=2026Q2&lang={lang}"' in page
    config = demo_app.server.config
    address = config["SEARCH"].address(config["WAREHOUSE"].current(), Actor("", ALONE))
    assert f'"data-index": "{address}"' in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_address_parameter_and_refusal_stands_on_the_page(demo_app, drawn, lang):
    page = drawn(demo_app, "/api", lang=lang)
    for route in api.routes(load_catalog()):
        assert f"{api.ROOT}/{route.path}" in page
        for name in route.allowed:
            assert f'"{name}"' in page
    for code in api.PROBLEMS:
        assert f'"id": "{code}"' in page
    assert "Json.Document(Web.Contents(" in page and "urlopen" in page


def test_the_script_on_the_page_runs(demo_app, drawn, monkeypatch, capsys):
    """Against the test client in place of a network."""
    program = json.loads(re.search(r'"(import json(?:[^"\\]|\\.)*)"', drawn(demo_app, "/api", lang="en"))[0])
    client = demo_app.server.test_client()
    answers = lambda address: io.BytesIO(client.get("/" + address.split("/", 3)[3]).data)  # noqa: E731
    monkeypatch.setattr("urllib.request.urlopen", answers)
    exec(program, {})
    said = capsys.readouterr().out.splitlines()
    assert len(said) == len(client.get("/api/v1/gaps?status=alert").json["rows"]) > 10
    assert "please check" in said[0]
