"""The command line: data on standard output alone, everything said on standard error, no traceback for anybody."""

import csv
import datetime
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import __main__ as command_line
from dashboard.__main__ import _prepare
from dashboard.settings import Settings
from tests.support import PROJECT, answer, answered, mingjing, run

RANK_COLUMNS = [
    "quarter",
    "department_id",
    "name",
    "category",
    "n_raters",
    "n_ballots",
    "raw_mean",
    "raw_rank",
    "raw_se",
    "raw_rank_low",
    "raw_rank_high",
    "adjusted_mean",
    "se",
    "low",
    "high",
    "eb_mean",
    "rank",
    "rank_low",
    "rank_high",
    "set_low",
    "set_high",
    "weight_low",
    "weight_high",
    "band",
    "difference",
    "difference_low",
    "difference_high",
    "chance_bottom",
    "note",
]
TODAY = datetime.date.today().isoformat()


def refused(*arguments: object) -> str:
    """What is said where a command refuses: status not 0, nothing on standard output, no traceback."""
    result = run(*arguments)
    assert result.exit_code != 0
    assert result.stdout == ""
    assert isinstance(result.exception, SystemExit)
    return result.stderr


@pytest.fixture(scope="session")
def county(demo_folder: Path) -> Path:
    return demo_folder


@pytest.fixture(scope="session")
def office(tmp_path_factory) -> Path:
    """Two regions; an import of one figure, and then a restatement of it."""
    folder, files = tmp_path_factory.mktemp("office"), tmp_path_factory.mktemp("files")
    (files / "部门.csv").write_text(
        "region_id,department_id,name,category\neast,d01,水务局,government\nwest,d01,供电公司,utility\n",
        encoding="utf-8",
    )
    for received in (3, 5):
        (files / "投诉.csv").write_text(
            "region_id,quarter,department_id,channel,category,received\n"
            f"east,2026Q3,d01,来信,办理超时,{received}\nwest,2026Q3,d01,来信,办理超时,7\n",
            encoding="utf-8",
        )
        done = run("--data", folder, "import", files, "--by", "tester", "--note", f"{received} complaints")
        assert done.exit_code == 0, done.stderr
    scores = [
        f"{region},2026Q3,d01,r{rater},{dimension},{60 + rater}"
        for region in ("east", "west")
        for rater in range(20)
        for dimension in ("service", "conduct")
    ]
    header = "region_id,quarter,department_id,rater_id,dimension,score"
    (files / "测评.csv").write_text("\n".join([header, *scores]) + "\n", encoding="utf-8")
    assert run("--data", folder, "import", files / "测评.csv").exit_code == 0
    return folder


# --- help ------------------------------------------------------------------------------------------------------
def commands(group: click.Group, *above: str) -> list[tuple[str, ...]]:
    found = [above]
    for name, command in group.commands.items():
        found += commands(command, *above, name) if isinstance(command, click.Group) else [(*above, name)]
    return found


@pytest.mark.parametrize("command", commands(command_line.main), ids=" ".join)
def test_every_command_explains_itself_with_an_example(command):
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert re.search(rf"python -m dashboard( --data \w+)?( {' '.join(command)})?\b", result.stdout)
    assert "cli." not in result.stdout


@pytest.mark.parametrize(("lang", "word"), [("en", "Examples:"), ("zh", "例：")])
def test_help_is_in_the_language_that_is_asked_for(lang, word):
    assert word in answered("rank", "--help", lang=lang)


# --- formats ---------------------------------------------------------------------------------------------------
READING = {
    "rank": ("rank",),
    "rank of a peer group": ("rank", "--quarter", "2026Q3", "--category", "government"),
    "rank of all quarters": ("rank", "--quarter", "all", "--dimension", "pooled", "--scale", "source"),
    "rank by own weights": ("rank", "--weights", "service=2,conduct=0.5"),
    "indicators": ("indicator",),
    "indicator": ("indicator", "complaint_rate", "--quarter", "2026Q3"),
    "indicator of all quarters": ("indicator", "on_time_share", "--quarter", "all"),
    "queries": ("query",),
    "query": ("query", "loaded"),
    "query with parameters": ("query", "pages/indicator", "-p", "indicator=composite_score", "-p", "quarter=2026Q3"),
    "query of an indicator": ("query", "cases_filed"),
    "audit": ("sums", "--counts"),
    "snapshots": ("snapshots", "list"),
}
reading = pytest.mark.parametrize("command", READING.values(), ids=READING)


@reading
def test_json_is_one_list_of_objects_with_the_same_keys(county, command):
    result = run("--data", county, *command, "--format", "json")
    assert result.exit_code == 0, result.stderr
    rows = json.loads(result.stdout)
    assert rows
    assert {tuple(row) for row in rows} == {tuple(rows[0])}
    assert "NaN" not in result.stdout


@reading
def test_csv_parses_to_the_rows_of_json(county, command):
    rows = answer("--data", county, *command)
    parsed = list(csv.DictReader(io.StringIO(run("--data", county, *command, "--format", "csv").stdout)))
    assert len(parsed) == len(rows)
    for cells, row in zip(parsed, rows):
        for name, value in row.items():
            assert cells[name] == "" if value is None else cells[name].lstrip("'") == str(value)


@reading
def test_a_table_lines_up_below_its_heading(county, command):
    result = run("--data", county, *command)
    heading, *rows = result.stdout.splitlines()
    assert rows
    assert heading.split()
    assert not re.search(r"\bnan\b|<NA>|None|NaT", result.stdout)


def test_wide_characters_take_two_columns_of_a_terminal(county):
    lines = run("--data", county, "rank").stdout.splitlines()
    at = lines[0].index("category")
    width = command_line._width
    assert {width(re.match(r"(\S+\s+){3}", line)[0]) for line in lines} == {at}


def test_whole_numbers_are_printed_whole_also_beside_missing_ones(tmp_path):
    (tmp_path / "测评.csv").write_text(
        "quarter,department_id,rater_id,dimension,score\n"
        + "".join(f"2026Q3,d01,r{i},service,60\n" for i in range(20))
        + "2026Q3,d02,r1,service,70\n",
        encoding="utf-8",
    )
    (tmp_path / "部门.csv").write_text(
        "department_id,name,category\nd01,甲,government\nd02,乙,government\n", encoding="utf-8"
    )
    assert run("--data", tmp_path / "office", "import", tmp_path / "测评.csv", tmp_path / "部门.csv").exit_code == 0
    rows = answer("--data", tmp_path / "office", "rank")
    assert [(row["department_id"], row["rank"], row["raw_mean"], row["note"]) for row in rows] == [
        ("d01", 1, 60, None),
        ("d02", None, None, "coverage"),
    ]
    assert {rows[1][name] for name in CLAIMS} == {None}, "of who is not ranked nothing is claimed"
    assert '"rank": 1,' in run("--data", tmp_path / "office", "rank", "--format", "json").stdout


@pytest.mark.parametrize(("lang", "word"), [("en", "demonstration data"), ("zh", "演示数据")])
def test_that_data_are_for_demonstration_is_said_beside_them_not_among_them(county, lang, word):
    done = mingjing("--data", county, "rank", "--format", "json", lang=lang)
    assert word in done.stderr
    assert json.loads(done.stdout)


def test_a_cell_that_a_spreadsheet_would_run_is_disarmed():
    import pandas as pd

    printed = command_line._printed(pd.DataFrame({"name": ["=1+1", "水务局"], "change": [-1.5, 2]}), "csv")
    assert printed.splitlines() == ["name,change", "'=1+1,-1.5", "水务局,2.0"]


# --- rank ------------------------------------------------------------------------------------------------------
def test_a_ranking_of_one_region_has_these_columns(county):
    rows = answer("--data", county, "rank")
    assert list(rows[0]) == RANK_COLUMNS
    assert {row["quarter"] for row in rows} == {"2026Q3"}
    ranks = [row["rank"] for row in rows if row["rank"] is not None]
    assert ranks == sorted(ranks)
    assert len(ranks) > 1


CLAIMS = RANK_COLUMNS[RANK_COLUMNS.index("adjusted_mean") : -1]


def test_every_figure_of_who_is_ranked_is_printed(county):
    rows = answer("--data", county, "rank", "--quarter", "2026Q3")
    assert rows and not [(row["name"], name) for row in rows for name in (*CLAIMS, "raw_se") if row[name] is None]


def test_peers_are_ranked_among_themselves_and_the_region_as_a_whole(county):
    townships = ("rank", "--quarter", "2026Q3", "--category", "township")
    in_region, among_peers = (answer("--data", county, *townships, "--scope", scope) for scope in ("region", "peers"))
    places = [row["rank"] for row in among_peers if row["rank"]]
    assert places == list(range(1, len(places) + 1))
    assert [row["department_id"] for row in among_peers] == [row["department_id"] for row in in_region]
    assert any(row["rank"] > len(places) for row in in_region if row["rank"])
    assert any(row["raw_rank"] > len(places) for row in in_region), "counted among all of the region, as the rank is"
    for row, other in zip(in_region, among_peers):
        assert row["adjusted_mean"] == other["adjusted_mean"]
    assert answer("--data", county, *townships) == in_region


def test_a_ranking_of_several_regions_begins_with_the_region(office):
    rows = answer("--data", office, "rank")
    assert list(rows[0]) == ["region_id", *RANK_COLUMNS]
    assert [(row["region_id"], row["name"], row["rank"], row["raw_rank"]) for row in rows] == [
        ("east", "水务局", 1, 1),
        ("west", "供电公司", 1, 1),
    ]
    assert answer("--data", office, "rank", "--region", "west") == rows[1:]


def test_weights_go_by_name_whatever_their_order(county):
    one = run("--data", county, "rank", "--weights", "service=3,conduct=0.5").stdout
    assert one == run("--data", county, "rank", "--weights", "conduct=0.5, service=3").stdout
    assert one != run("--data", county, "rank").stdout


def test_all_weight_on_one_dimension_ranks_by_that_dimension(county):
    others = ["lawfulness", "efficiency", "conduct", "policy_delivery", "integrity"]
    alone = "service=1," + ",".join(f"{name}=0" for name in others)
    means = {
        asked: {row["department_id"]: row["raw_mean"] for row in answer("--data", county, "rank", *asked)}
        for asked in (("--weights", alone), ("--dimension", "service"))
    }
    by_weight, by_dimension = means.values()
    for department, mean in by_weight.items():
        assert mean is None or mean == pytest.approx(by_dimension[department])


def test_equal_weights_are_the_offices_own_by_default(county):
    assert run("--data", county, "rank", "--weights", "service=1").stdout == run("--data", county, "rank").stdout


def test_own_weights_claim_nothing_of_raw_means(county):
    """The draws that are kept are of adjusted means: an error of the raw ones would be another's."""
    rows = answer("--data", county, "rank", "--weights", "service=2")
    for name in ("raw_se", "raw_rank_low", "raw_rank_high", "eb_mean"):
        assert {row[name] for row in rows} == {None}
    assert all(row["raw_mean"] is not None and row["raw_rank"] is not None for row in rows)


def test_own_weights_are_tried_on_one_quarter(county):
    assert "--quarter" in refused("--data", county, "rank", "--quarter", "all", "--weights", "service=2")


def test_the_scale_of_the_source_and_the_stored_one(tmp_path):
    ballots = [
        f"2026Q3,{unit},r{i},service,{3 + (i + better) % 2 + better * (i % 4 > 0)}"
        for unit, better in (("d01", 0), ("d02", 1))
        for i in range(20)
    ]
    (tmp_path / "ballots.csv").write_text("\n".join(["quarter,unit,rater,dim,mark", *ballots]) + "\n", encoding="utf-8")
    (tmp_path / "mapping.toml").write_text(
        'derive_departments = "units"\n[[tables]]\nto = "evaluations"\nscale = [1, 5]\n[tables.columns]\n'
        'quarter = "quarter"\ndepartment_id = "unit"\nrater_id = "rater"\ndimension = "dim"\nscore = "mark"\n',
        encoding="utf-8",
    )
    office = tmp_path / "office"
    done = run("--data", office, "import", tmp_path / "ballots.csv", "--mapping", tmp_path / "mapping.toml")
    assert done.exit_code == 0, done.stderr
    stored, source = (answer("--data", office, "rank", "--scale", scale)[1] for scale in ("stored", "source"))
    assert (stored["department_id"], stored["raw_mean"], source["raw_mean"]) == ("d01", 62.5, 3.5)
    # means move with the scale's lower end, differences and standard errors do not
    for name in ("adjusted_mean", "low", "high", "eb_mean"):
        assert source[name] == pytest.approx(1 + stored[name] / 25), name
    for name in ("se", "raw_se", "difference", "difference_low", "difference_high"):
        assert source[name] == pytest.approx(stored[name] / 25), name
    assert source["difference"] == pytest.approx((3.5 - 4.25) / 2)


# --- indicator -------------------------------------------------------------------------------------------------
def test_an_indicator_is_printed_with_its_limits_and_what_is_said_of_it(county):
    rows = answer("--data", county, "indicator", "complaint_rate", "--quarter", "2026Q3")
    for row in rows:
        if row["outcome"]:
            assert row["limit_low_998"] <= row["limit_low_95"] <= row["benchmark"] <= row["limit_high_95"]
            assert row["low"] <= row["value"] <= row["high"]
    assert {"in", "high_998"} <= {row["outcome"] for row in rows}
    assert {row["method"] for row in rows} == {"funnel_counts"}


def test_an_indicator_is_printed_among_peers_and_over_a_year(county):
    asked = ("--data", county, "indicator", "complaint_rate", "--quarter", "2026Q3")
    (region, peers), (quarter, year) = (
        [{row["department_id"]: row for row in answer(*asked, *more)} for more in options]
        for options in (((), ("--scope", "peers")), ((), ("--window", "4")))
    )
    assert {row["peer_set"] for row in region.values()} == {"*"}
    assert len({row["peer_set"] for row in peers.values()}) > 1
    assert any(peers[name]["benchmark"] != region[name]["benchmark"] for name in region)
    assert all(year[name]["numerator"] >= quarter[name]["numerator"] for name in quarter)
    assert any(year[name]["numerator"] > quarter[name]["numerator"] for name in quarter)


# --- refusals --------------------------------------------------------------------------------------------------
def test_gaps_are_printed_with_their_sentence_in_both_languages_and_their_evidence(county):
    [first, *_] = answer("--data", county, "gaps", "--rule", "one_pen", "--quarter", "2026Q3")
    assert list(first)[:7] == ["rule", "department_id", "name", "quarter", "status", "value", "threshold"]
    assert (first["department_id"], first["status"], first["threshold"]) == ("D55", "alert", 25)
    assert f"一人签批 {first['single_signature']} 项" in first["sentence_zh"]
    assert f"settled {first['single_signature']} of {first['n']} major matters" in first["sentence_en"]
    assert first["value"] == pytest.approx(100 * first["single_signature"] / first["n"])


def test_gaps_are_narrowed_by_department_and_state(county):
    every = answer("--data", county, "gaps", "--department", "D09", "--status", "all")
    assert len(every) == 41
    flagged = answer("--data", county, "gaps", "--department", "D09")
    assert [row for row in every if row["status"] in ("alert", "watch")] == flagged
    assert "supervision_vacuum" in [row["rule"] for row in flagged]
    assert all(row["evidence"] for row in flagged)


UNKNOWN = {
    "quarter": (("rank", "--quarter", "1999Q9"), "2026Q3"),
    "category": (("rank", "--category", "navy"), "government"),
    "dimension": (("rank", "--dimension", "charm"), "service"),
    "weight": (("rank", "--weights", "charm=2"), "service"),
    "region": (("rank", "--region", "atlantis"), "tinglan"),
    "indicator": (("indicator", "charm"), "complaint_rate"),
    "quarter of an indicator": (("indicator", "complaint_rate", "--quarter", "1999Q9"), "2026Q3"),
    "region of an indicator": (("indicator", "complaint_rate", "--region", "atlantis"), "tinglan"),
    "query": (("query", "charm"), "pages/indicator"),
    "parameter": (("query", "pages/indicator", "-p", "charm=1"), "quarter"),
    "region of a query": (("query", "cases_filed", "--region", "atlantis"), "tinglan"),
}


@pytest.mark.parametrize(("command", "known"), UNKNOWN.values(), ids=UNKNOWN)
def test_an_unknown_name_is_refused_and_the_known_ones_are_listed(county, command, known):
    said = refused("--data", county, *command)
    assert known in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("weights", ["service", "service=", "service=much", "service=-1", "service=nan", "service=inf"])
def test_a_weight_is_a_number_of_at_least_nothing(county, weights):
    assert "service=2" in refused("--data", county, "rank", "--weights", weights)


def test_weights_that_are_all_zero_rank_nobody(county):
    names = ["lawfulness", "service", "efficiency", "conduct", "policy_delivery", "integrity"]
    refused("--data", county, "rank", "--weights", ",".join(f"{name}=0" for name in names))


@pytest.mark.parametrize(
    ("lang", "sentence"), [("en", "There is no quarter '1999Q9'. Known:"), ("zh", "没有这个季度：1999Q9。已有：")]
)
def test_refusals_are_worded_in_both_languages(county, lang, sentence):
    done = mingjing("--data", county, "rank", "--quarter", "1999Q9", lang=lang)
    assert (done.returncode, done.stdout) == (1, "")
    assert sentence in done.stderr


@pytest.mark.parametrize("command", [("rank",), ("indicator", "complaint_rate"), ("query", "loaded")], ids=" ".join)
def test_without_data_the_next_step_is_said(tmp_path, command):
    said = refused("--data", tmp_path / "nothing", *command)
    assert f"--data {tmp_path / 'nothing'} import" in said
    assert "python -m dashboard demo" in said
    assert not (tmp_path / "nothing").exists()


def test_indicators_and_queries_are_listed_also_without_data(tmp_path):
    assert len(answer("--data", tmp_path, "indicator")) == len(command_line.indicators(command_line.load_catalog()))
    assert "pages/loaded" in {row["query"] for row in answer("--data", tmp_path, "query")}


def test_a_ranking_without_ballots_names_the_table_that_is_missing(tmp_path):
    (tmp_path / "部门.csv").write_text("department_id,name,category\nd01,甲,government\n", encoding="utf-8")
    assert run("--data", tmp_path / "office", "import", tmp_path / "部门.csv").exit_code == 0
    assert command_line.t("table.evaluations") in refused("--data", tmp_path / "office", "rank")


def test_the_demonstration_county_is_not_put_among_real_figures(office):
    before = sorted(path.name for path in office.rglob("*"))
    assert str(office) in refused("--data", office, "demo")
    assert sorted(path.name for path in office.rglob("*")) == before


def test_a_value_that_a_query_cannot_read_is_refused_by_file_and_line(county):
    said = refused("--data", county, "query", "ranking", "-p", "ascending=perhaps")
    assert re.search(r"ranking\.sql:\d+: Conversion Error", said)


def test_settings_and_mappings_are_refused_by_file_and_key(tmp_path):
    (tmp_path / "settings.toml").write_text("[composite]\nfewest_balots = 3\n", encoding="utf-8")
    assert "settings.toml: 'composite.fewest_balots'" in refused("--data", tmp_path, "check")
    (tmp_path / "mapping.toml").write_text('[[tables]]\nto = "complaint"\n', encoding="utf-8")
    (tmp_path / "settings.toml").unlink()
    said = refused("--data", tmp_path, "import", tmp_path / "mapping.toml", "--mapping", tmp_path / "mapping.toml")
    assert "mapping.toml, [[tables]] 1: to = 'complaint' is no table. Did you mean 'complaints'?" in said


def test_a_list_of_problems_that_cannot_be_written_is_no_traceback(tmp_path):
    (tmp_path / "部门.csv").write_text("department_id,name,category\nd01,甲,government\nd02,乙,\n", encoding="utf-8")
    arguments = (
        "--data",
        tmp_path / "office",
        "import",
        tmp_path / "部门.csv",
        "--problems",
        tmp_path / "no" / "such.csv",
    )
    assert "--problems" in refused(*arguments)
    assert "--problems" in refused(*arguments, "--accept-valid")


# --- days, snapshots, damage -----------------------------------------------------------------------------------
def test_figures_as_they_were_known(office):
    known = {
        row["department_id"]: row["value"]
        for row in answer(
            "--data", office, "indicator", "complaints_received", "--region", "east", "--as-known-on", TODAY
        )
    }
    assert known == {"d01": 5}
    refused("--data", office, "rank", "--as-known-on", "2000-01-01")
    refused("--data", office, "rank", "--as-known-on", "yesterday")


def test_a_query_is_narrowed_to_a_region_whatever_its_parameters(office):
    assert {row["region_id"] for row in answer("--data", office, "query", "complaints_received")} == {"east", "west"}
    narrowed = answer("--data", office, "query", "complaints_received", "--region", "west")
    assert [row["value"] for row in narrowed] == [7]


def test_snapshots_are_listed_and_an_earlier_one_is_shown_again(office, tmp_path):
    folder = shutil.copytree(office, tmp_path / "office")
    listed = answer("--data", folder, "snapshots", "list")
    assert [(row["number"], row["shown"]) for row in listed] == [(1, False), (2, False), (3, True)]
    assert [(row["by"], row["note"]) for row in listed[:2]] == [("tester", "3 complaints"), ("tester", "5 complaints")]
    assert "3" in refused("--data", folder, "snapshots", "restore", 9)
    done = run("--data", folder, "snapshots", "restore", 1)
    assert (done.exit_code, done.stdout) == (0, "")
    (row,) = answer("--data", folder, "indicator", "complaints_received", "--region", "east")
    assert row["value"] == 3
    assert [row["shown"] for row in answer("--data", folder, "snapshots", "list")] == [True, False, False]
    assert "1" in run("--data", folder, "snapshots").stdout


def test_a_restatement_is_kept_with_both_values(office):
    (row,) = answer("--data", office, "query", "corrections")
    assert (row["table"], row["column"], row["old"], row["new"]) == ("complaints", "received", "3", "5")


def test_checking_names_the_file_that_is_damaged(office, tmp_path):
    folder = shutil.copytree(office, tmp_path / "office")
    assert run("--data", folder, "check").exit_code == 0
    (manifest,) = folder.glob("snapshots/000001-*/manifest.json")
    manifest.write_text("{", encoding="utf-8")
    assert str(manifest) in refused("--data", folder, "check")


def test_a_folder_whose_snapshots_are_all_damaged_is_not_called_empty(office, tmp_path):
    folder = shutil.copytree(office, tmp_path / "office")
    for database in folder.glob("snapshots/*/*.duckdb"):
        database.write_bytes(b"damaged")
    assert "damaged" in refused("--data", folder, "rank") or "损坏" in refused("--data", folder, "rank")


def test_snapshots_are_listed_also_where_the_pointer_is_lost(office, tmp_path):
    folder = shutil.copytree(office, tmp_path / "office")
    (folder / "snapshots" / "CURRENT").unlink()
    assert [row["shown"] for row in answer("--data", folder, "snapshots", "list")] == [False, False, False]


def test_a_reader_that_stops_reading_is_no_error(county):
    shell = f'"{sys.executable}" -m dashboard --data "{county}" indicator composite_score --format json | head -n 1'
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {shell}"], cwd=PROJECT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "[\n")
    assert "Traceback" not in done.stderr
    assert "Broken pipe" not in done.stderr


# --- nonsense --------------------------------------------------------------------------------------------------
NONSENSE = [
    ("fly",),
    ("--data",),
    ("--data", "pyproject.toml", "rank"),
    ("--wings", "rank"),
    ("rank", "extra"),
    ("rank", "--format", "xml"),
    ("rank", "--scale", "decibel"),
    ("rank", "--quarter", ""),
    ("rank", "--quarter", "2026Q3; drop table scores"),
    ("rank", "--dimension", "'"),
    ("rank", "--category", "%"),
    ("rank", "--region", ""),
    ("rank", "--weights", ","),
    ("rank", "--weights", "=1"),
    ("rank", "--weights", "service=1e999"),
    ("rank", "--as-known-on", "2026-13-45"),
    ("indicator", "../../etc/passwd"),
    ("indicator", "composite_score", "--quarter", "Q"),
    ("query", "build/judgements"),
    ("query", "tables/cases"),
    ("query", "marts/scores"),
    ("query", "build/rater_scores"),
    ("query", "pages/indicator", "-p", "indicator=complaint_rate", "-p", "window=year"),
    ("rank", "--scope", "world"),
    ("indicator", "complaint_rate", "--scope", "world"),
    ("indicator", "complaint_rate", "--window", "3"),
    ("query", "pages/indicator", "-p", "="),
    ("query", "pages/indicator", "-p", ""),
    ("query", "pages/ranking", "-p", "ascending=perhaps"),
    ("import",),
    ("import", "no/such/file.csv"),
    ("import", "queries", "--mapping", "no-such-mapping"),
    ("import", "queries", "--mapping", "tests"),
    ("import", "README.md", "--problems", "tests"),
    ("demo", "--seed", "x"),
    ("demo", "--files", "pyproject.toml"),
    ("sums", "--check", "everything"),
    ("sums", "--verdict", "fine"),
    ("serve", "--port", "99999"),
    ("serve", "--port", "-1"),
    ("serve", "--processes", "0"),
    ("snapshots", "restore"),
    ("snapshots", "restore", "first"),
    ("snapshots", "restore", "99"),
    ("snapshots", "burn"),
    ("check", "everything"),
    ("\x00",),
    ("indicator", "\ud800"),
]


@pytest.mark.parametrize("arguments", NONSENSE, ids=lambda arguments: ascii(" ".join(arguments)))
def test_nonsense_is_refused_without_a_traceback(county, arguments, monkeypatch):
    monkeypatch.chdir(PROJECT)
    where = () if "--data" in arguments else ("--data", county)
    said = refused(*where, *arguments)
    assert said.strip()
    assert "Traceback" not in said


WORDS = st.one_of(
    st.sampled_from(
        ["rank", "indicator", "query", "snapshots", "list", "--format", "json", "--weights", "-p", "all", "--"]
    ),
    st.sampled_from(
        ["pages/ranking", "composite_score", "service=2", "region=county", "--quarter", "2026Q3", "--region"]
    ),
    st.text(max_size=12),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, max_size=6))
def test_any_words_are_answered_or_refused(county, words):
    result = run("--data", county, *(["rank", *words] if words[:1] == ["--"] else words))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert (result.exit_code == 0) or not result.stdout


# --- settings that change ----------------------------------------------------------------------------------------
def test_changed_weights_take_effect_when_the_snapshot_is_rebuilt(tmp_path):
    office = tmp_path / "office"
    (tmp_path / "departments.csv").write_text(
        "department_id,name,category\nd01,甲局,government\nd02,乙局,government\n", encoding="utf-8"
    )
    scores = {("d01", "service"): 90, ("d01", "conduct"): 60, ("d02", "service"): 70, ("d02", "conduct"): 75}
    rows = [f"2026Q3,{who},r{i},{of},{score + i % 5}" for (who, of), score in scores.items() for i in range(30)]
    header = "quarter,department_id,rater_id,dimension,score"
    (tmp_path / "evaluations.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    assert run("--data", office, "import", tmp_path / "departments.csv", tmp_path / "evaluations.csv").exit_code == 0
    before = answer("--data", office, "rank")
    by_hand = answer("--data", office, "rank", "--weights", "service=0")
    (office / "settings.toml").write_text("[composite.weights]\nservice = 0\n", encoding="utf-8")
    assert answer("--data", office, "rank") == before
    said = mingjing("--data", office, "snapshots", "rebuild")
    assert (said.returncode, "rebuilt" in said.stderr) == (0, True)
    after = answer("--data", office, "rank")
    assert [row["raw_mean"] for row in after] == pytest.approx([row["raw_mean"] for row in by_hand])
    assert [row["department_id"] for row in before] == ["d01", "d02"]
    assert [row["department_id"] for row in after] == ["d02", "d01"]


def test_a_server_that_starts_brings_the_snapshot_of_an_older_version_up_to_date(make_office):
    office = make_office({"d01": ("甲局", 80, 30), "d02": ("乙局", 70, 30)})
    assert _prepare(office, Settings.load(office)) == ""
    (office / "settings.toml").write_text("[composite.weights]\nservice = 2\n", encoding="utf-8")
    assert "2" in _prepare(office, Settings.load(office))
    assert _prepare(office, Settings.load(office)) == ""


# --- notes -------------------------------------------------------------------------------------------------------
def test_notes_are_written_listed_and_withdrawn_and_a_baseline_is_in_force_after_a_rebuild(make_office):
    office = make_office({"d01": ("甲局", 80, 30), "d02": ("乙局", 70, 30)})
    pinned = ("--quarter", "2026Q3", "--by", "office")
    run("--data", office, "notes", "add", "d01", *pinned, "--text", "merged")
    run("--data", office, "notes", "add", "*", *pinned, "--text", "new form")
    anew = ("--indicator", "dimension_score", "--reason", "new form")
    assert "rebuild" in mingjing("--data", office, "notes", "baseline", "d02", *pinned, *anew).stderr
    listed = answer("--data", office, "notes")
    named = ("number", "department_id", "kind", "indicator", "state")
    assert [tuple(row[name] for name in named) for row in listed] == [
        (3, "d02", "baseline", "dimension_score", "waiting"),
        (2, "*", "note", None, "kept"),
        (1, "d01", "note", None, "kept"),
    ]
    assert [row["number"] for row in answer("--data", office, "notes", "--department", "d01")] == [1]
    assert _prepare(office, Settings.load(office)), "a server that starts builds by it"
    assert _prepare(office, Settings.load(office)) == ""
    assert answer("--data", office, "notes", "--department", "d02")[0]["state"] == "in force"
    run("--data", office, "notes", "withdraw", "3", "--reason", "wrong", "--by", "office")
    row = answer("--data", office, "notes", "--department", "d02")[0]
    assert (row["state"], row["withdrawn_by"], row["reason"]) == ("withdrawn", "office", "wrong")


def test_a_note_that_cannot_be_kept_is_refused_in_one_sentence(county):
    pinned = ("--quarter", "2026Q3", "--by", "办公室")
    for arguments, said in (
        (("add", "d09", *pinned, "--text", "x"), "没有这个部门：d09"),
        (("add", "D09", "--quarter", "2031Q1", "--by", "办公室", "--text", "x"), "没有这个季度：2031Q1"),
        (("add", "D09", *pinned, "--text", "13912345678"), "手机号"),
        (("baseline", "D09", *pinned, "--indicator", "n", "--reason", "x"), "没有这个指标：n"),
        # a concern that stands on the chart's latest points would be gone
        (("baseline", "*", *pinned, "--indicator", "all", "--reason", "x"), "请先在跟踪里处理这些提示"),
        (("withdraw", "999", "--reason", "x", "--by", "办公室"), "没有第 999 条备注"),
    ):
        assert said in refused("--data", county, "notes", *arguments)
