"""The marts that a cluster makes are those that DuckDB makes, cell by cell; and what is said where it makes none.

Sail stands in for the cluster: it speaks Spark Connect as Spark does. `tests/benchmarks/engine.py` asks a real Spark.
"""

import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dashboard import catalog
from dashboard.engine import made_by_cluster, marts
from dashboard.i18n.text import LANGUAGES, texts
from dashboard.importing import Options, rebuild
from dashboard.schema import TABLES
from dashboard.settings import Settings
from dashboard.snapshots import FolderError, SnapshotFolder
from dashboard.warehouse import Warehouse
from tests.engine import servers
from tests.engine.comparison import MARTS, by_duckdb, require_same_marts

BALLOTS = TABLES["evaluations"].arrow


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a server that speaks Spark Connect."""
    assert servers.PYTHON.exists(), "run: make sail"
    with pytest.MonkeyPatch.context() as patch, servers.sail() as address:
        patch.setattr(marts, "PYTHON", servers.PYTHON)
        yield address


# --- the same marts --------------------------------------------------------------------------------------------
def test_every_mart_of_the_demonstration_county_is_the_same_cell_by_cell(cluster, demo_folder, tmp_path):
    manifest = SnapshotFolder(demo_folder).current()
    parts = manifest.partitions["evaluations"].values()
    files = [str(demo_folder / "raw" / part["file"]) for part in parts]
    assert require_same_marts(made_by_cluster(MARTS.values(), files, cluster, tmp_path), by_duckdb(files)) > 10_000


PLACES = st.fixed_dictionaries(
    {
        "region_id": st.sampled_from(["county", "县", "*"]),
        "quarter": st.sampled_from(["2026Q2", "2026Q3"]),
        "department_id": st.sampled_from(["d1", "d2", "部门", "*"]),
        "rater_id": st.sampled_from(["r1", "r2", "r3", "r4"]),
        "rater_group": st.sampled_from(["public", "superior", None]),
        "dimension": st.sampled_from(["service", "conduct", "all"]),
        "score": st.one_of(st.none(), st.integers(0, 200).map(lambda half: half / 2)),
        "ballot_id": st.sampled_from(["1", "2", None, None]),
        "scale_min": st.sampled_from([0.0, 1.0, None]),
        "scale_max": st.sampled_from([5.0, 100.0, None]),
    }
)


@settings(max_examples=4, phases=[Phase.generate])  # each asks the cluster: a smaller counterexample takes minutes
@given(ballots=st.lists(PLACES, min_size=1, max_size=200), repeated=st.integers(0, 50), lacking=st.booleans())
def test_every_mart_is_the_same_with_nulls_and_repeated_ballots_in_several_regions(
    cluster, tmp_path_factory, ballots, repeated, lacking
):
    folder = tmp_path_factory.mktemp("县 的 票")  # an office's folder may be called so
    rows = pa.Table.from_pylist(ballots + ballots[:repeated], schema=BALLOTS)
    half = len(rows) // 2
    first, second = rows.slice(0, half), rows.slice(half)
    if lacking:  # older files have fewer columns
        second = second.drop_columns(["ballot_id", "rater_group", "scale_min"])
    files = []
    for name, part in (("empty", rows.slice(0, 0)), ("first", first), ("second", second)):
        parquet.write_table(part, folder / name)
        files.append(str(folder / name))
    require_same_marts(made_by_cluster(MARTS.values(), files, cluster, folder), by_duckdb(files))


def test_where_there_are_no_ballots_no_cluster_is_asked(tmp_path):
    parquet.write_table(BALLOTS.empty_table(), tmp_path / "empty")
    assert made_by_cluster(MARTS.values(), [str(tmp_path / "empty")], "sc://nowhere:1", tmp_path) == {}


@pytest.fixture(scope="module")
def office(demo_folder, tmp_path_factory) -> Path:
    """A copy of the demonstration county, which a test may rebuild."""
    return shutil.copytree(demo_folder, tmp_path_factory.mktemp("copy") / "office")


def test_the_judgements_are_the_same_with_a_cluster_as_without(cluster, office):
    before = Warehouse(office).current()
    rebuilt = rebuild(office, replace(Settings.load(office), spark=cluster), Options(who="tests"))
    after = Warehouse(office).numbered(rebuilt.number)
    assert after.number > before.number
    for indicator in before.indicators:
        asked = {"indicator": indicator, "quarter": None, "region": None, "scope": "region", "window": 1}
        require_same(after.run("pages/indicator", **asked), before.run("pages/indicator", **asked))
    nothing = dict.fromkeys(catalog.load_catalog()["pages/gaps"].parameters)
    require_same(after.run("pages/gaps", **nothing), before.run("pages/gaps", **nothing))
    assert rebuilt.recipe == SnapshotFolder(office).manifest(before.id).recipe, "the cluster decides no figure"


def require_same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    assert len(expected)
    pd.testing.assert_frame_equal(found, expected, rtol=1e-9, atol=1e-9)


# --- each in its own words -------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", MARTS)
def test_every_mart_is_carried_to_spark_whole(name):
    statement = marts.in_spark(MARTS[name])
    assert statement.lower().startswith(("select ", "with "))
    assert f"from {marts.FILES}" in statement.lower()
    assert not [word for word in ("read_parquet", "$", "materialized", "/*") if word in statement.lower()]


def test_a_mart_that_cannot_be_carried_is_named_by_file_and_line(tmp_path):
    mart = replace(MARTS["marts/turnout"], path=tmp_path / "m.sql", line=4, sql="create table m as select (1")
    with pytest.raises(catalog.QueryFileError) as error:
        marts.in_spark(mart)
    assert str(error.value).startswith(f"{tmp_path / 'm.sql'}:4: cannot be carried to Spark: ")


# --- what is said ----------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def ballots(tmp_path_factory) -> list[str]:
    row = dict.fromkeys(BALLOTS.names) | {"region_id": "county", "quarter": "2026Q3", "department_id": "d1"}
    rows = [row | {"rater_id": f"r{number}", "dimension": "service", "score": 80.0} for number in range(3)]
    path = tmp_path_factory.mktemp("ballots") / "ballots.parquet"
    parquet.write_table(pa.Table.from_pylist(rows, schema=BALLOTS), path)
    return [str(path)]


def refusal(address: str, files: list[str], scratch: Path, queries: list = ()) -> FolderError:
    with pytest.raises(FolderError) as error:
        made_by_cluster(queries or MARTS.values(), files, address, scratch)
    return error.value


def test_without_its_environment_the_command_that_makes_it_is_named(ballots, tmp_path, monkeypatch):
    monkeypatch.setattr(marts, "PYTHON", tmp_path / "python")
    said = refusal("sc://spark:15002/;token=secret", ballots, tmp_path)
    assert (said.code, said.values) == (
        "engine_missing",
        {"address": "sc://spark:15002", "python": str(tmp_path / "python")},
    )


def test_a_server_that_is_no_spark_is_not_waited_for(cluster, ballots, tmp_path, monkeypatch):
    monkeypatch.setattr(marts, "PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        said = refusal(f"sc://127.0.0.1:{silent.getsockname()[1]}", ballots, tmp_path)
    assert (said.code, said.values["reason"]) == ("engine_unreachable", "no Spark Connect within 0 s")


def test_an_older_spark_is_refused_by_its_version(cluster, ballots, tmp_path, monkeypatch):
    monkeypatch.setattr(marts, "OLDEST", 9)
    said = refusal(cluster, ballots, tmp_path)
    assert (said.code, said.values["expected"]) == ("engine_version", "9.0")
    assert said.values["found"].startswith("4.")


def test_a_cluster_that_does_not_see_the_files_is_not_believed(cluster, ballots, tmp_path, monkeypatch):
    """A missing file is an error of Spark's; others read it as one without rows."""
    monkeypatch.setattr(marts, "seen_by_cluster", lambda file: f"file:///elsewhere/{Path(file).name}")
    said = refusal(cluster, ballots, tmp_path)
    assert (said.code, said.values["file"]) == ("engine_blind", "file:///elsewhere/ballots.parquet")


def test_a_cluster_that_reads_other_rows_than_are_here_is_not_believed(cluster, ballots, tmp_path, monkeypatch):
    other = tmp_path / "other.parquet"
    parquet.write_table(parquet.read_table(ballots[0]).slice(1), other)
    monkeypatch.setattr(marts, "seen_by_cluster", lambda file: f"file://{other}")
    said = refusal(cluster, ballots, tmp_path)
    assert (said.code, said.values["reason"]) == ("engine_blind", "2 of 3 rows")


def test_a_statement_that_the_cluster_refuses_is_named(cluster, ballots, tmp_path):
    mart = replace(
        MARTS["marts/turnout"], sql="create table turnout as select no_such_column from read_parquet($files)"
    )
    said = refusal(cluster, ballots, tmp_path, [mart])
    assert (said.code, said.values["mart"]) == ("engine_refused", "turnout")
    assert "no_such_column" in said.values["reason"]


def test_a_client_that_breaks_down_is_quoted(ballots, tmp_path, monkeypatch):
    broken = tmp_path / "client.py"
    broken.write_text("raise MemoryError('too much')", encoding="utf-8")
    monkeypatch.setattr(marts, "PYTHON", sys.executable)
    monkeypatch.setattr(marts, "CLIENT", broken)
    said = refusal("sc://spark:1", ballots, tmp_path)
    assert (said.code, said.values["reason"]) == ("engine_failed", "MemoryError: too much")


@pytest.fixture
def closed() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"sc://127.0.0.1:{free.getsockname()[1]}"


def test_without_its_cluster_nothing_is_published_and_the_setting_is_named(cluster, closed, office):
    def kept() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in office.rglob("*") if path.suffix in (".duckdb", ".parquet")}

    before, number = kept(), SnapshotFolder(office).current().number
    with pytest.raises(FolderError) as error:
        rebuild(office, replace(Settings.load(office), spark=closed), Options(who="tests"))
    assert (error.value.code, error.value.values) == (
        "engine_unreachable",
        {"address": closed, "reason": "Connection refused"},
    )
    assert kept() == before
    assert SnapshotFolder(office).current().number == number


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", [key for key in texts("en") if key.startswith("folder.engine_")])
def test_whatever_stands_in_the_way_the_setting_its_value_and_the_way_out_are_said(code, lang):
    said = texts(lang)[code]
    assert said.count("engine.spark = {address}") == 1, "the setting and its value"
    assert said.count("engine.spark") == 2, "and that it may be left empty"
    assert said.endswith({"zh": "现有数据未变。", "en": "The data are as they were."}[lang])
