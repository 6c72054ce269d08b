"""Pages are called as Dash calls them: inside a request, with the query's values as keywords."""

import json
import re
from collections.abc import Callable

import dash
import pytest


@pytest.fixture
def drawn() -> Callable[..., str]:
    """What a page draws for a query, as the JSON that is sent to the browser."""

    def draw(app: dash.Dash, path: str, **query) -> str:
        page = next(page for page in app_pages() if page["path"] == path)
        headers = {"Accept-Language": query.pop("accept", "zh-CN")}
        with app.server.test_request_context("/", headers=headers):
            return json.dumps(page["layout"](**query).to_plotly_json(), cls=_Encoder, ensure_ascii=False)

    return draw


def app_pages() -> list[dict]:
    return list(dash.page_registry.values())


class _Encoder(json.JSONEncoder):
    def default(self, value):
        return value.to_plotly_json()


@pytest.fixture
def rows() -> Callable[[str], list[str]]:
    """The departments of a drawn ranking, from the first row to the last."""
    return lambda page: re.findall(r'"data-row": "([^"]+)"', page)
