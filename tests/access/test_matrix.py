"""Every role × every page, callback, route and export: allowed or refused as roles.toml says.

What is tried comes from the app's own registries: a page, callback or route that is added is tried without being named
here, and one that declares no action is closed to everybody.
"""

import json
import re

import dash
import flask
import pytest

from dashboard.access import gate
from dashboard.access.actors import ALONE, Actor, actions, may, roles
from tests.access.conftest import ACTORS, OWN
from tests.support import sent

REFUSED = {"zh": "当前账号不能看这个页面", "en": "Your account may not see this page"}
PAGES = sorted(page["path"] for page in dash.page_registry.values())
SAMPLES = {"page": "ranking", "ending": "csv", "chart": "ranking", "name": "all", "job": "0" * 32, "path": "rules"}


def page_at(path: str) -> dict:
    return next(page for page in dash.page_registry.values() if page["path"] == path)


def drawn(app: dash.Dash, role: str, path: str, **query: str) -> str:
    with app.server.test_request_context("/", headers={"X-Role": role, "Accept-Language": "zh-CN"}):
        return sent(page_at(path)["layout"](**query))


def address_of(rule) -> str:
    """A plausible address of a route."""
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", lambda found: SAMPLES.get(found[1], "x"), rule.rule)


def method_of(rule) -> str:
    return "GET" if "GET" in rule.methods else "POST"


def rules(app: dash.Dash) -> list:
    return list(app.server.url_map.iter_rules())


def declared(app: dash.Dash, endpoint: str) -> str | None:
    return gate._action(app.server, endpoint)


def in_callbacks(app: dash.Dash) -> dict[str, str | None]:
    """Each callback of the server → its action."""
    from dashboard.app import _action_of_module

    return {
        output: gate.callback_action(entry, _action_of_module)
        for output, entry in app.callback_map.items()
        if entry.get("callback")
    }


def test_every_page_route_and_callback_declares_an_action_of_the_table(guarded_app):
    assert {
        page["path"]: page.get("action") for page in dash.page_registry.values() if page.get("action") not in actions()
    } == {}
    routes = {rule.endpoint: declared(guarded_app, rule.endpoint) for rule in rules(guarded_app)}
    closed = {name for name, action in routes.items() if action not in actions() and action != ""}
    assert closed - gate.OPEN == {"static"}  # Flask's own folder, which there is not
    assert {output: action for output, action in in_callbacks(guarded_app).items() if action not in actions()} == {}


def test_what_is_open_to_everybody_is_listed_and_holds_no_figure(guarded_app, client):
    is_open = {
        rule.endpoint
        for rule in rules(guarded_app)
        if client.open(address_of(rule), method=method_of(rule)).status_code not in (401, 303)
    }
    signing_in = {name for name in is_open if name.startswith("access.")}  # each of these decides itself
    assert {declared(guarded_app, name) for name in signing_in} == {""}
    files = {"_dash_assets.static", "/_favicon.ico", "styles", "scripts"}
    assert is_open - signing_in == {"health", "ready", "metrics"} | files


@pytest.mark.parametrize("role", [None, *roles()])
def test_a_route_is_open_only_to_whom_its_action_belongs(guarded_app, client, as_role, role):
    wrong = []
    for rule in rules(guarded_app):
        action = declared(guarded_app, rule.endpoint)
        if rule.endpoint in gate.OPEN or action == "" or rule.endpoint == gate.UPDATE:
            continue
        status = client.open(address_of(rule), method=method_of(rule), headers=as_role(role)).status_code
        # a route may be open, and the page of which it gives a file not
        needed = [action or "", *([page_at("/ranking")["action"]] if rule.arguments & {"page", "chart"} else [])]
        expected = (401, 303) if role is None else () if all(may(ACTORS[role], one) for one in needed) else (403,)
        if (status not in expected) if expected else (status in (401, 403) or status >= 500):
            wrong.append((rule.rule, action, status))
    assert wrong == []


@pytest.mark.parametrize("role", [None, *roles()])
def test_a_forged_call_of_a_callback_is_refused_to_whom_its_page_is_closed(guarded_app, client, as_role, role):
    wrong = []
    for output, action in in_callbacks(guarded_app).items():
        if role and may(ACTORS[role], action or ""):
            continue
        body = {"output": output, "inputs": [], "state": [], "changedPropIds": []}
        status = client.post(gate.UPDATE, json=body, headers=as_role(role)).status_code
        if status != (403 if role else 401):
            wrong.append((output, action, status))
    assert wrong == []


@pytest.mark.parametrize("role", roles())
@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_that_it_is_closed_to_whom_it_is_closed(guarded_app, role, path):
    if not may(ACTORS[role], page_at(path)["action"]):
        page = drawn(guarded_app, role, path)
        assert REFUSED["zh"] in page and len(page) < 20_000


@pytest.mark.parametrize(
    ("role", "path"),
    [
        *(("leader", path) for path in PAGES),
        *(("screen", path) for path in PAGES),
        *(("department", path) for path in PAGES),
        *(("importer", path) for path in PAGES),
    ],
)
def test_a_page_that_a_role_may_see_is_drawn_from_what_the_role_may_ask(guarded_app, role, path):
    if may(ACTORS[role], page_at(path)["action"]):
        assert REFUSED["zh"] not in drawn(guarded_app, role, path)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
def test_nothing_that_another_site_sends_is_run(guarded_app, client, headers):
    wrong = []
    for rule in rules(guarded_app):
        if "POST" in rule.methods and (action := declared(guarded_app, rule.endpoint)):
            role = next(role for role in roles() if may(ACTORS[role], action))
            status = client.post(address_of(rule), headers={"X-Role": role, **headers}).status_code
            if status != 403:
                wrong.append((rule.rule, role, status))
    assert wrong == []


def test_the_router_does_not_lead_round_the_pages_own_door(client, as_role):
    body = {
        "output": ".._pages_content.children..._pages_store.data..",
        "outputs": [{"id": "_pages_content", "property": "children"}, {"id": "_pages_store", "property": "data"}],
        "inputs": [
            {"id": "_pages_location", "property": "pathname", "value": "/ranking"},
            {"id": "_pages_location", "property": "search", "value": ""},
        ],
        "state": [{"id": "snapshot", "property": "data", "value": ""}],
        "changedPropIds": ["_pages_location.pathname"],
    }
    headers = {**as_role("screen"), "Accept-Language": "zh-CN"}
    answer = client.post(gate.UPDATE, json=body, headers=headers).get_data(as_text=True)
    assert REFUSED["zh"] in json.dumps(json.loads(answer), ensure_ascii=False)
    assert "rank-rows" not in answer


def test_who_imported_what_and_why_is_for_whom_the_data_page_is_open(client, as_role):
    for role, shown in (("analyst", True), ("writer", False)):
        [row] = client.get("/api/v1/snapshots?limit=1", headers=as_role(role)).get_json()["rows"]
        assert ("by" in row and "note" in row) == shown


@pytest.mark.parametrize(
    ("path", "shown", "fine"),
    [
        ("complaints", ("complaints-funnel", "complaints-time"), ("complaints-channels", "complaints-heat")),
        ("cases", ("cases-filing_share", "cases-change"), ("cases-flow", "cases-sources")),
    ],
)
def test_a_writer_s_file_holds_the_charts_that_show_no_small_counts(client, as_role, path, shown, fine):
    def status(role: str) -> dict[str, int]:
        return {
            chart: client.get(f"/export/{path}/{chart}.csv", headers=as_role(role)).status_code
            for chart in (*shown, *fine)
        }

    assert status("analyst") == dict.fromkeys((*shown, *fine), 200)
    assert status("writer") == dict.fromkeys(shown, 200) | dict.fromkeys(fine, 404)


def test_the_frame_of_the_meeting_says_to_the_worker_that_its_copy_must_go(client, as_role):
    for role, status in (("screen", 200), ("leader", 200), ("department", 403), ("auditor", 403)):
        assert client.get("/meeting", headers=as_role(role)).status_code == status
    assert client.get("/meeting", headers=as_role("screen")).headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_topic_that_the_wall_may_not_show_is_not_said_to_lack_data(guarded_app):
    page = drawn(guarded_app, "screen", "/meeting")
    assert "不在这个账号权限内、未列的议题：案件" in page and "没有数据、未列的议题" not in page
    assert "未列的议题" not in drawn(guarded_app, "leader", "/meeting")


def test_the_bare_address_leads_to_where_the_role_lets_one_in(client, as_role):
    for role, where in (("department", "/department"), ("importer", "/data"), ("auditor", "/trace")):
        assert client.get("/", headers=as_role(role)).location == where
    assert client.get("/", headers=as_role("screen")).status_code == 200


def test_the_rail_lists_only_what_may_be_opened(guarded_app):
    rail = drawn(guarded_app, "importer", "/data")
    ways = {way.partition("?")[0] for way in re.findall(r'"href": ?"([^"]+)"', rail)}
    assert "/data" in ways and not ways & {"/ranking", "/agenda"}


def test_a_page_and_a_route_that_declare_nothing_are_closed_to_everybody(demo_folder, guarded_app):
    assert not may(Actor("", ALONE), "")
    page = dict(page_at("/ranking"), action=None)
    from dashboard.app import _guarded

    with guarded_app.server.test_request_context("/", headers={"X-Role": "analyst", "Accept-Language": "zh-CN"}):
        text = sent(_guarded(page)())
    assert REFUSED["zh"] in text


# --- a department ------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def others(guarded_app) -> list[str]:
    """Ids and names by which other departments would be recognised."""
    with guarded_app.server.test_request_context("/", headers={"X-Role": "analyst"}):
        rows = flask.current_app.config["WAREHOUSE"].current().run("pages/known_departments")
    rows = rows[~rows["department_id"].isin([OWN, "*"])]
    return sorted(
        {name for column in ("department_id", "name", "name_en", "short_name") for name in rows[column].dropna()} - {""}
    )


@pytest.mark.parametrize(
    "query", [{}, {"department": "D10"}, {"scope": "region"}, {"weights": "service:50"}, {"lang": "en"}]
)
def test_the_page_of_a_department_names_no_other(guarded_app, others, query):
    page = drawn(guarded_app, "department", "/department", **query)
    assert "部门" in page or "department" in page
    assert [name for name in others if re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", page)] == []


def test_no_answer_of_any_query_names_another_department_to_a_department(guarded_app, others):
    leaks = []
    with guarded_app.server.test_request_context("/", headers={"X-Role": "department"}):
        snapshot = flask.current_app.config["WAREHOUSE"].current()
        for name, query in snapshot.queries.items():
            if not name.startswith(("pages/", "rows/")):
                continue
            asked = dict.fromkeys(query.parameters) | {
                "region": snapshot.regions[0],
                "quarter": snapshot.quarters[-1],
                "previous": snapshot.quarters[-2],
                "scope": "peers",
                "variant": "composite" if name == "pages/standings" else "",
                "indicator": "complaint_rate",
                "department": OWN,
                "window": 4,
                "periods": 4,
                "step": 3,
            }
            asked |= {
                one: []
                for one in ("indicators", "rules", "statuses", "tables", "methods", "imports")
                if one in query.parameters
            }
            asked |= {one: [*others, OWN] for one in ("departments",) if one in query.parameters}
            cells = snapshot.run(name, **asked).astype(str).to_numpy().ravel()
            named = set(cells) & set(others)
            if named:
                leaks.append((name, sorted(named)[:3]))
    assert leaks == []
