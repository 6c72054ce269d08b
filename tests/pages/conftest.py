"""Pages are called as Dash calls them: inside a request, with the query's values as keywords."""

import re
from collections.abc import Callable
from pathlib import Path

import dash
import pytest

from dashboard.__main__ import main
from tests.support import sent


@pytest.fixture
def drawn() -> Callable[..., str]:
    """What a page draws for a query, as the JSON that is sent to the browser."""

    def draw(app: dash.Dash, path: str, **query) -> str:
        page = next(page for page in app_pages() if page["path"] == path)
        headers = {"Accept-Language": query.pop("accept", "zh-CN")}
        with app.server.test_request_context("/", headers=headers):
            return sent(page["layout"](**query))

    return draw


def app_pages() -> list[dict]:
    return list(dash.page_registry.values())


@pytest.fixture
def rows() -> Callable[[str], list[str]]:
    """The departments of a drawn ranking, from the first row to the last."""
    return lambda page: re.findall(r'"data-row": "([^"]+)"', page)


@pytest.fixture(scope="session")
def office_without_ballots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three departments whose complaints are known and who were never appraised."""
    source, folder = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("office")
    (source / "departments.csv").write_text(
        "department_id,name,category\nA,甲局,government\nB,乙局,government\nC,丙局,government\n", "utf-8"
    )
    (source / "complaints.csv").write_text(
        "quarter,department_id,channel,category,received\n2026Q1,A,letter,shirking,9\n"
        "2026Q3,A,letter,shirking,2\n2026Q3,B,letter,shirking,1\n2026Q3,C,letter,shirking,1\n",
        "utf-8",
    )
    (source / "department_facts.csv").write_text("quarter,department_id,staff\n2026Q1,A,20\n2026Q3,B,10\n", "utf-8")
    main(["--data", str(folder), "import", str(source)], standalone_mode=False)
    return folder
