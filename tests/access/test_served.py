"""What stands in the served page before any script runs is what the role may see, also where another one was there
first and what it saw is kept."""

import html
import json
import re

from tests.access.conftest import OWN

OTHER = "D10"


def view(page: str) -> str:
    """What is seen before any script runs."""
    return html.unescape(page.partition('<div id="react-entry-point"')[0])


def given(page: str) -> dict:
    """What Dash will draw."""
    return json.loads(re.search(r'id="given-view">(.*?)</script>', page, re.DOTALL)[1])["response"]


def test_the_served_page_holds_the_figures_of_its_first_view(client, as_role):
    page = client.get("/ranking?quarter=2026Q2", headers=as_role("analyst")).text
    assert len(re.findall(r'data-row="D\d\d"', view(page))) == 64
    assert re.search(r'class="value" role="cell">\d\d\.\d\d?<', view(page))
    assert json.dumps(given(page)).count('"data-row"') == 64


def test_a_page_that_is_closed_is_served_without_a_figure_whoever_saw_it_before(client, as_role):
    for _ in range(2):
        assert f'data-row="{OTHER}"' in view(client.get("/ranking", headers=as_role("analyst")).text)
        page = client.get("/ranking", headers=as_role("department")).text
        assert "当前账号不能看这个页面" in view(page)
        assert "data-row" not in page


def test_a_department_is_served_its_own_figures_and_no_other_s_name(client, as_role):
    address = f"/department?department={OTHER}"
    desk = view(client.get(address, headers=as_role("analyst")).text)
    ranking = view(client.get("/ranking", headers=as_role("analyst")).text)
    name = re.search(rf'title="([^"]+)"[^>]*data-row="{OTHER}"', ranking)[1]
    own = client.get(address, headers=as_role("department")).text
    assert name in desk
    assert name not in html.unescape(own)
    assert OWN in json.dumps(given(own))


def test_a_reader_is_marked_by_a_cookie_that_changes_with_the_account(client, as_role):
    def mark(role: str) -> str:
        client.get("/methods", headers=as_role(role))
        cookie = client.get_cookie("mingjing-reader")
        return cookie.value if cookie else ""

    analyst, leader = mark("analyst"), mark("leader")
    assert analyst and leader and analyst != leader
    assert mark("analyst") == analyst
