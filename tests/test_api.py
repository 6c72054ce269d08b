"""The API answers what pages and commands answer, refuses what it does not understand, and shows no ballot."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator

from dashboard import api, catalog
from dashboard.__main__ import main
from dashboard.filters import READERS
from dashboard.warehouse import Warehouse

BALLOT, RESTATED = 61.37, 62.49  # of the only rater of a department


@pytest.fixture(scope="module")
def demo_api(demo_folder: Path) -> api.Api:
    return api.Api(Warehouse(demo_folder))


@pytest.fixture(scope="module")
def small_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two departments with thirty raters, one with a single rater, whose ballot was restated; a formula as a name."""
    folder = tmp_path_factory.mktemp("office")
    names = [("A", "甲局"), ("B", "=1+1局"), ("C", "丙局")]
    for ballot in (BALLOT, RESTATED):
        source = tmp_path_factory.mktemp("files")
        _write(
            source / "departments.csv", [("department_id", "name", "category"), *((*n, "government") for n in names)]
        )
        scores = [("quarter", "department_id", "rater_id", "dimension", "score")]
        for dimension in ("service", "conduct", "efficiency"):
            scores += [("2026Q3", "A", f"r{i}", dimension, 80 + i % 7) for i in range(30)]
            scores += [("2026Q3", "B", f"r{i}", dimension, 60 + i % 7) for i in range(30)]
            scores += [("2026Q3", "C", "r1", dimension, ballot)]
        _write(source / "evaluations.csv", scores)
        main(["--data", str(folder), "import", str(source)], standalone_mode=False)
    return folder


def _write(path: Path, rows: list[tuple]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


@pytest.fixture(scope="module")
def small_api(small_office: Path) -> api.Api:
    return api.Api(Warehouse(small_office))


def asked(answers: api.Api, path: str, query: str = "", **headers: str) -> tuple[int, dict]:
    answer = answers.answer("GET", path, query, {name.replace("_", "-"): text for name, text in headers.items()})
    return answer.status, json.loads(answer.body) if answer.body else {}


def printed(folder: Path, *command: str) -> list[dict]:
    done = CliRunner().invoke(main, ["--data", str(folder), *command, "--format", "json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


# --- the same numbers ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "query", "command"),
    [
        ("ranking", "scope=region&quarter=2026Q2&category=township", "rank --quarter 2026Q2 --category township"),
        ("ranking", "scope=peers&indicator=dimension_score.service", "rank --dimension service --scope peers"),
        ("gaps", "rule=one_pen", "gaps --rule one_pen"),
        ("gaps", "quarter=2026Q1&status=all&department=D09", "gaps --quarter 2026Q1 --status all --department D09"),
        ("indicators/complaint_rate", "scope=region&window=4", "indicator complaint_rate --window 4 --quarter 2026Q3"),
        ("indicators/overdue_tasks", "scope=region&window=1&quarter=all", "indicator overdue_tasks"),
        ("query/thresholds", "", "query thresholds"),
        ("query/powers", "quarter=2026Q1", "query powers -p quarter=2026Q1 --region tinglan"),
    ],
)
def test_an_answer_has_the_command_line_s_numbers(demo_api, demo_folder, path, query, command):
    status, answer = asked(demo_api, path, query)
    assert status == 200
    theirs = printed(demo_folder, *command.split())
    assert theirs
    own = [{name: row[name] for name in theirs[0]} for row in answer["rows"]]  # the command leaves out the only region
    assert own == theirs
    assert answer["total"] == len(theirs)


def test_an_answer_has_the_numbers_of_the_page_s_file(demo_app, demo_api):
    text = demo_app.server.test_client().get("/download/ranking.csv?quarter=2026Q2&scope=region&lang=en").text
    _, *lines = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    file = {department: (int(place), float(value)) for _, place, department, _, _, value, *_ in lines}
    _, answer = asked(demo_api, "ranking", "quarter=2026Q2&scope=region")
    assert len(file) == len(answer["rows"]) == 64
    for row in answer["rows"]:
        place, value = file[row["department_id"]]
        assert (place, value) == (row["rank"], pytest.approx(row["adjusted_mean"], abs=0.051))


def test_weights_of_one_s_own_rank_as_on_the_command_line(demo_api, demo_folder):
    _, answer = asked(
        demo_api,
        "ranking",
        "scope=region&weights=service:60,conduct:0,integrity:10,efficiency:10,lawfulness:10,policy_delivery:10",
    )
    weights = "service=60,conduct=0,integrity=10,efficiency=10,lawfulness=10,policy_delivery=10"
    assert [row["rank"] for row in answer["rows"]] == [
        row["rank"] for row in printed(demo_folder, "rank", "--weights", weights)
    ]
    status, problem = asked(demo_api, "ranking", "weights=service:60")
    assert (status, problem["parameter"]) == (400, "weights")


def test_what_is_left_out_is_as_the_page_opens_and_the_answer_says_so(demo_api):
    _, answer = asked(demo_api, "ranking")
    assert answer["filters"] == {
        "indicator": "composite_score",
        "region": "tinglan",
        "quarter": "2026Q3",
        "scope": "peers",
    }
    assert answer["snapshot"]["number"] == 1 and answer["snapshot"]["demonstration"]
    assert "演示数据" in answer["snapshot"]["notices"][0]


def test_every_query_of_the_pages_is_answered_or_its_reason_is_listed(demo_api):
    queries = [q.short_name for name, q in catalog.load_catalog().items() if name.startswith("pages/")]
    _, listed = asked(demo_api, "query")
    assert [row["query"] for row in listed["rows"]] == sorted(queries)
    for row in listed["rows"]:
        status, answer = asked(demo_api, f"query/{row['query']}")
        if row["not_served"]:
            assert (status, answer["type"]) == (404, f"/api#not_served.{row['not_served']}")
        else:
            assert status == 200 or answer["type"] == "/api#too_many_rows", row["query"]


def test_every_parameter_of_every_served_query_is_decided_by_something():
    served = [
        q for name, q in catalog.load_catalog().items() if name.startswith("pages/") and name not in api.NOT_SERVED
    ]
    assert {p for query in served for p in query.parameters} <= set(api.DECIDED_BY)


# --- parts, files, freshness -----------------------------------------------------------------------------------
def test_parts_follow_one_another_and_nothing_is_cut_off_in_silence(demo_api):
    _, whole = asked(demo_api, "gaps", "status=all&rule=one_pen")
    found, address = [], "gaps?status=all&rule=one_pen&limit=30"
    while address:
        path, _, query = address.removeprefix(f"{api.ROOT}/").partition("?")
        _, part = asked(demo_api, path, query)
        assert part["total"] == whole["total"]
        found, address = found + part["rows"], part["next"]
    assert [row["department_id"] for row in found] == [row["department_id"] for row in whole["rows"]]
    status, problem = asked(demo_api, "query/gap_states", "lang=en")
    assert (status, problem["type"]) == (400, "/api#too_many_rows")
    assert "at most 10000 at a time" in problem["title"]
    assert asked(demo_api, "query/gap_states", "limit=10000&offset=30000")[0] == 200


def test_csv_is_as_every_csv_of_the_product(small_api, demo_api):
    answer = small_api.answer("GET", "departments", "format=csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))
    assert {row["name"] for row in rows} == {"甲局", "'=1+1局", "丙局"}
    assert {(row["snapshot"], row["data"]) for row in rows} == {("2", "office")}
    demo = demo_api.answer("GET", "departments", "format=csv&limit=1")
    assert demo.body.decode("utf-8-sig").splitlines()[1].endswith(",1,demonstration")
    assert "demonstration" in demo.headers["Content-Disposition"]
    assert 'rel="next"' in demo.headers["Link"]


def test_an_unchanged_answer_is_304_and_another_question_or_snapshot_is_not(small_api):
    first = small_api.answer("GET", "ranking")
    known = {"If-None-Match": first.headers["ETag"]}
    assert small_api.answer("GET", "ranking", "", known).status == 304
    assert small_api.answer("GET", "ranking", "", known).body == b""
    compressed = first.headers["ETag"][:-1] + ':gzip"'
    assert small_api.answer("GET", "ranking", "", {"If-None-Match": f'"other", W/{compressed}'}).status == 304
    for path, query in (("ranking", "snapshot=1"), ("ranking", "format=csv"), ("departments", "")):
        assert small_api.answer("GET", path, query, known).status == 200
    day = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert small_api.answer("GET", "ranking", "", day).status == 200, "a date knows nothing of the program's version"
    anything = {"If-None-Match": "*"}
    assert small_api.answer("GET", "ranking", "", anything).status == 304
    for query in ("region=nowhere", "quarter=1999Q9", "indicator=composite_score.none", "weights=service:1"):
        assert small_api.answer("GET", "ranking", query, anything | day).status == 400, query
    assert small_api.answer("GET", "openapi.json", "", {"If-None-Match": "*"}).status == 304


def test_whoever_sees_something_else_is_not_told_that_an_answer_still_holds(small_api):
    first = small_api.answer("GET", "ranking", sight="of one region")
    known = {"If-None-Match": first.headers["ETag"]}
    assert small_api.answer("GET", "ranking", "", known, sight="of one region").status == 304
    assert small_api.answer("GET", "ranking", "", known, sight="of another").status == 200


def test_an_older_snapshot_is_asked_for_by_number_or_id(small_api):
    _, listed = asked(small_api, "snapshots")
    assert [(row["number"], row["shown"]) for row in listed["rows"]] == [(1, False), (2, True)]
    for pin in ("1", listed["rows"][0]["id"]):
        assert asked(small_api, "ranking", f"snapshot={pin}")[1]["snapshot"]["number"] == 1
    assert asked(small_api, "ranking", "snapshot=99")[1]["type"] == "/api#no_snapshot"
    assert asked(small_api, "ranking", "known=2001-01-01")[1]["type"] == "/api#not_known"
    assert asked(small_api, "ranking", "known=2001-01-01&snapshot=1")[1]["type"] == "/api#two_snapshots"


# --- refusals --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "query", "status", "code", "parameter", "value"),
    [
        ("ranking", "colour=red", 400, "unknown_parameter", "colour", "red"),
        ("ranking", "theme=dark", 400, "unknown_parameter", "theme", "dark"),
        ("ranking", "quarter=2026Q2&quarter=2026Q3", 400, "repeated_parameter", "quarter", "2026Q3"),
        ("ranking", "quarter=", 400, "unreadable", "quarter", ""),
        ("ranking", "quarter=lately", 400, "unreadable", "quarter", "lately"),
        ("ranking", "quarter=1999Q9", 400, "unknown_value", "quarter", "1999Q9"),
        ("ranking", "quarter=all", 400, "one_quarter", "quarter", "all"),
        ("ranking", "region=gone", 400, "unknown_value", "region", "gone"),
        ("ranking", "department=D99", 400, "unknown_value", "department", "D99"),
        ("ranking", "category=gone", 400, "unknown_value", "category", "gone"),
        ("ranking", "indicator=gone", 400, "unknown_value", "indicator", "gone"),
        ("ranking", "indicator=dimension_score", 400, "variant", "indicator", "dimension_score"),
        ("ranking", "limit=0", 400, "unreadable", "limit", "0"),
        ("ranking", "limit=10001", 400, "unreadable", "limit", "10001"),
        ("ranking", "offset=-1", 400, "unreadable", "offset", "-1"),
        ("ranking", "format=xml", 400, "unreadable", "format", "xml"),
        ("gaps", "rule=one_pem", 400, "unknown_value", "rule", "one_pem"),
        ("gaps", "status=bad", 400, "unreadable", "status", "bad"),
        ("rules/one_pem", "", 404, "unknown_name", "name", "one_pem"),
        ("rules/{name}", "", 404, "unknown_name", "name", "{name}"),
        ("query/draws", "", 404, "not_served.ballots", "name", "draws"),
        ("query/same_kind", "", 404, "not_served.kin", "name", "same_kind"),
        ("query/calendar", "method=gone", 400, "unknown_value", "method", "gone"),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_not_understood_is_refused_by_name(demo_api, path, query, status, code, parameter, value, lang):
    answer = demo_api.answer("GET", path, query, accepted=["en-GB"] if lang == "en" else [])
    problem = json.loads(answer.body)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status, problem["status"]) == (status, status)
    assert (problem["type"], problem["parameter"], problem["value"]) == (f"/api#{code}", parameter, value)
    assert problem["title"] and problem["detail"] and "{" not in problem["detail"].replace("{name}", "")
    assert (re.search("[\u4e00-\u9fff]", problem["title"]) is None) == (lang == "en")


def test_a_near_miss_is_suggested(demo_api):
    assert asked(demo_api, "gaps", "rule=one_pem")[1]["expected"] == ["one_pen"]
    assert asked(demo_api, "ranking", "quater=2026Q3")[1]["expected"][0] == "quarter"
    assert f"{api.ROOT}/ranking" in asked(demo_api, "rankin")[1]["expected"]


def test_before_the_first_import_the_answer_says_what_to_do(tmp_path):
    empty = api.Api(Warehouse(tmp_path))
    status, problem = asked(empty, "ranking", "lang=en")
    assert (status, problem["type"]) == (404, "/api#no_data")
    assert "import" in problem["detail"]
    assert asked(empty, "openapi.json")[0] == 200


def test_nothing_but_reading_is_taken(demo_app):
    client = demo_app.server.test_client()
    for verb in ("post", "put", "patch", "delete", "options"):
        answer = getattr(client, verb)(f"{api.ROOT}/ranking")
        assert (answer.status_code, answer.headers["Allow"], answer.mimetype) == (405, "GET, HEAD", api.PROBLEM)
    whole = client.get(f"{api.ROOT}/ranking?limit=2")
    head = client.head(f"{api.ROOT}/ranking?limit=2")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]
    assert (
        client.get(f"{api.ROOT}/ranking?colour=red", headers={"Accept-Language": "en"})
        .json["title"]
        .startswith("Unknown parameter colour")
    )
    assert client.get(f"{api.ROOT}/nope").mimetype == api.PROBLEM
    assert client.get(api.ROOT, follow_redirects=True).json["total"] > 50


WORDS = st.one_of(
    st.sampled_from(["all", "2026Q3", "A", "", "1", "*", "2026-01-01", "service:1", "\x00", "'--"]), st.text(max_size=8)
)
NAMES = st.one_of(st.sampled_from([*READERS, *api.COMMON]), st.text(max_size=8))


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.one_of(
        st.sampled_from(
            ["", "ranking", "gaps", "departments", "indicators/complaint_rate", "query/standings", "query/axes"]
        ),
        st.text(max_size=12),
    ),
    pairs=st.lists(st.tuples(NAMES, WORDS), max_size=5),
)
def test_no_question_is_the_server_s_mistake(small_api, path, pairs):
    query = "&".join(f"{api.quote(name)}={api.quote(text)}" for name, text in pairs)
    answer = small_api.answer("GET", path, query)
    assert answer.status in (200, 400, 404)
    answered = {name for name, _ in pairs}
    content = json.loads(answer.body) if answer.headers["Content-Type"] != api.FORMATS["csv"] else None
    if answer.status == 200 and content and "paths" not in content:
        route = next(
            r for r in small_api.routes if r.path == path or r.names and path.startswith(r.path.partition("{")[0])
        )
        assert answered <= set(route.allowed)  # nothing was left out in silence
    elif answer.status != 200:
        assert {"type", "title", "status", "detail"} <= set(content)


@given(st.text(max_size=200))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_after_the_question_mark_is_the_server_s_mistake(small_api, text):
    assert small_api.answer("GET", "quarters", text).status in (200, 400, 404)


# --- what must not get out -------------------------------------------------------------------------------------
def test_no_address_shows_the_ballot_of_a_single_rater(small_api):
    """Whatever is asked, in whatever form: neither the score nor a mean that equals it, restated or not."""
    queries = ("quarter=all&snapshot=1", "format=csv", "scope=region&indicator=dimension_score.service")
    for route in small_api.routes:
        for name in [one for one in route.names if one in api.SCORES or one == "weak_self_awareness"] or ("",):
            allowed = [
                q for q in ("", *queries) if all(p.partition("=")[0] in route.allowed for p in q.split("&") if p)
            ]
            for query in allowed:
                answer = small_api.answer("GET", route.path.replace("{name}", name), query)
                text = answer.body.decode("utf-8-sig")
                assert not re.search(r"6[12]\.(37|49)\d{0,15}\b|61\.3699|62\.4899|\br1\b", text), (route.path, query)
    _, standings = asked(small_api, "query/standings", "scope=region")
    [few] = [row for row in standings["rows"] if row["department_id"] == "C"]
    assert (few["raw_mean"], few["n_raters"], few["note"]) == (None, 1, "coverage")
    _, restated = asked(small_api, "query/restated")
    assert {(row["table"], row["old"], row["new"]) for row in restated["rows"]} == {("evaluations", None, None)}


@pytest.mark.parametrize("fewest", [0, 2])
def test_two_raters_have_no_score_whatever_the_office_asks(tmp_path, fewest):
    """An office may ask for fewer ballots than tell anything; with two raters each would know the other's."""
    names = [("A", "甲局", "government"), ("B", "乙局", "government"), ("C", "丙局", "government")]
    _write(tmp_path / "departments.csv", [("department_id", "name", "category"), *names])
    scores = [("quarter", "department_id", "rater_id", "dimension", "score")]
    for dimension in ("service", "conduct"):
        scores += [("2026Q3", name, f"r{i}", dimension, 70 + i % 7) for name in "AB" for i in range(30)]
        scores += [("2026Q3", "C", f"r{i}", dimension, 61.37) for i in range(2)]
    _write(tmp_path / "evaluations.csv", scores)
    folder = tmp_path / "office"
    folder.mkdir()
    (folder / "settings.toml").write_text(f"[composite]\nfewest_ballots = {fewest}\n", encoding="utf-8")
    files = [str(tmp_path / f"{name}.csv") for name in ("departments", "evaluations")]
    main(["--data", str(folder), "import", *files], standalone_mode=False)
    answers = api.Api(Warehouse(folder))
    for path in (*(f"indicators/{name}" for name in api.SCORES), *_READ_OF_SCORES):
        answer = answers.answer("GET", path, "indicator=dimension_score.service" if path.endswith("chart") else "")
        rows = [row for row in json.loads(answer.body)["rows"] if row.get("department_id", "C") == "C"]
        assert not any(re.search(r"61\.3", json.dumps(row)) for row in rows), path
    _, of_all = asked(answers, "indicators/dimension_score")
    assert {row["department_id"]: row["value"] is None for row in of_all["rows"]} == {"A": False, "B": False, "C": True}


_READ_OF_SCORES = ("query/department_judgements", "query/summary", "query/dimension_scores", "query/control_points")


def test_the_page_s_file_does_not_show_it_either(small_office, make_app):
    client = make_app(small_office).server.test_client()
    text = client.get("/download/ranking.csv?scope=region&lang=en").text
    assert "C," in text and "62.49" not in text and "62.5" not in text
    for view in ("restated", "changes", "quality", "loaded"):
        text = client.get(f"/download/data.csv?view={view}&lang=en").text
        assert not re.search(r"\br1\b|6[12]\.(37|49)", text), view
    assert "not shown" in client.get("/download/data.csv?view=restated&lang=en").text


# --- the description -------------------------------------------------------------------------------------------
def test_the_description_is_openapi_and_names_every_route_with_its_filters(demo_api):
    _, found = asked(demo_api, "openapi.json")
    OpenAPIV31SpecValidator(found).validate()
    assert set(found["paths"]) == {f"/{route.path}" for route in demo_api.routes}
    for route in demo_api.routes:
        parameters = found["paths"][f"/{route.path}"]["get"]["parameters"]
        named = {one["$ref"].rpartition("/")[2] for one in parameters if "$ref" in one}
        assert named == set(route.allowed)
    assert found["components"]["parameters"]["scope"]["schema"]["enum"] == ["peers", "region"]
    rules = found["paths"]["/rules/{name}"]["get"]["parameters"][0]["schema"]["enum"]
    assert rules == list(catalog.gaps(catalog.load_catalog()))


def test_every_refusal_has_its_words(demo_api):
    source = Path(api.__file__).read_text(encoding="utf-8")
    used = set(re.findall(r'Refused\(\s*\d+,\s*"(\w+)"', source))
    assert used <= set(api.PROBLEMS)
    assert set(api.PROBLEMS) - used == {f"not_served.{why}" for why in api.NOT_SERVED.values()}
