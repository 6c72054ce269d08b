"""Each region is built by itself: only where something changed, and what it says does not depend on its neighbours."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dashboard import building, catalog, snapshots
from dashboard.importing import Options, rebuild, run_import
from dashboard.settings import Settings
from dashboard.snapshots import DATABASE, MANIFEST, PARTITIONS, FolderError, SnapshotFolder
from dashboard.warehouse import Snapshot, Warehouse
from tests.engine.comparison import by_duckdb
from tests.support import RECEIVED, Given

COUNTIES = ("east", "west")


def files(folder: Path, region: str, received: int = 5) -> Path:
    """A county of three departments: complaints and ballots of two quarters."""
    folder.mkdir(parents=True, exist_ok=True)
    quarters, departments = ("2026Q1", "2026Q2"), ("d01", "d02", "d03")
    tables = {
        "departments": ["department_id,name,category", *(f"{d},部门{d},government" for d in departments)],
        "complaints": ["quarter,department_id,channel,category,received"]
        + [f"{q},{d},letter,delay,{received + i}" for q in quarters for i, d in enumerate(departments)],
        "evaluations": ["quarter,department_id,rater_id,dimension,score"]
        + [
            f"{q},{d},r{r},{dimension},{60 + (7 * r + 5 * i + len(region) + len(dimension)) % 40}"
            for q in quarters
            for i, d in enumerate(departments)
            for r in range(9)
            for dimension in ("service", "conduct")
        ],
    }
    for name, lines in tables.items():
        head, *rows = lines
        text = "\n".join([f"region_id,{head}", *(f"{region},{row}" for row in rows)])
        folder.joinpath(f"{name}.csv").write_text(text + "\n", encoding="utf-8")
    return folder


def load(folder: Path, *paths: Path):
    return run_import(list(paths), folder, Settings.load(folder), Options(who="clerk"))


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office of both counties, each imported by itself."""
    base = tmp_path_factory.mktemp("country")
    for region in COUNTIES:
        load(base / "data", files(base / region, region))
    return base


@pytest.fixture
def office(country: Path, tmp_path: Path) -> Path:
    return shutil.copytree(country, tmp_path / "country") / "data"


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The regions that are built, in their order."""
    plain, regions = building.built_region, []
    monkeypatch.setattr(
        building, "built_region", lambda order, *a, **k: (regions.append(order.region), plain(order, *a, **k))[1]
    )
    return regions


def said(snapshot: Snapshot, region: str | None, name: str = "pages/gaps", **values: object) -> pd.DataFrame:
    query = catalog.load_catalog()[name]
    return snapshot.run(name, **dict.fromkeys(query.parameters) | {"region": region} | values)


def test_an_import_builds_the_regions_that_it_changes_and_no_others(office, built):
    before = SnapshotFolder(office).current()
    load(office, files(office.parent / "files", "west", received=9))
    after = SnapshotFolder(office).current()
    assert built == ["west"]
    assert after.regions["east"] == before.regions["east"]
    assert after.regions["west"] != before.regions["west"]
    asked = RECEIVED | {"region": "west"}
    assert Warehouse(office).current().run("pages/indicator", **asked)["value"].max() == 11


def test_a_setting_or_a_word_of_all_regions_changes_what_each_of_them_is_made_of(office):
    shown = SnapshotFolder(office).current()
    orders = building.orders(shown.partitions)
    assert [order.made_of(shown.recipe) for order in orders] == [one["made_of"] for one in shown.regions.values()]
    assert all(order.made_of("another recipe") != order.made_of(shown.recipe) for order in orders)
    word = {"file": "vocabulary/other.parquet", "rows": 1, "columns": ["code"]}
    after = building.orders(shown.partitions | {"vocabulary": {"|": word}})
    assert all(a.made_of(shown.recipe) != b.made_of(shown.recipe) for a, b in zip(orders, after))


def test_a_baseline_of_one_county_has_that_county_built_and_not_the_country(office, built):
    east = {"indicator": "complaints_received", "department": "", "start": "2026Q2", "region": "east"}
    decided = {"on": "2026-07-01", "by": "clerk", "reason": "新设窗口"}
    settings = replace(Settings.load(office), baselines=(east | decided,))
    rebuild(office, settings, Options(who="clerk"), anew=False)
    assert built == ["east"]
    assert SnapshotFolder(office).current().baselines == [east | decided]


def test_two_regions_together_say_what_each_says_alone(country, office, tmp_path):
    together = Warehouse(office).current()
    alone = {}
    for region in COUNTIES:
        load(tmp_path / region, country / region)
        alone[region] = Warehouse(tmp_path / region).current()
    assert together.regions == COUNTIES
    of_all = ("pages/corrections", "pages/restated", "pages/loaded", "pages/place_figures")
    for name, query in catalog.load_catalog().items():
        if name.startswith("pages/") and name not in of_all:
            # what is put in order by a number that is the same in both may come in either order
            parts = [said(one, None if "region" in query.parameters else region, name) for region, one in alone.items()]
            whole = said(together, None, name)
            if "region_id" in whole.columns:
                expected = pd.concat(parts, ignore_index=True)
                whole, expected = (frame.map(repr).sort_values(list(whole)) for frame in (whole, expected))
                whole, expected = (frame.reset_index(drop=True) for frame in (whole, expected))
                pd.testing.assert_frame_equal(whole, expected, obj=name)
    for region, one in alone.items():
        for name in ("pages/gaps", "pages/indicator", "pages/departments"):
            values = {"indicator": "complaints_received", "quarter": "2026Q2", "scope": "region"}
            values = {key: value for key, value in values.items() if key in catalog.load_catalog()[name].parameters}
            pd.testing.assert_frame_equal(said(together, region, name, **values), said(one, region, name, **values))
        standings = [
            s.standings(region, "2026Q2", "composite", "region", {"service": 2, "conduct": 1}) for s in (one, together)
        ]
        pd.testing.assert_frame_equal(*standings)


def test_loaded_rows_are_counted_over_all_regions(office):
    rows = Warehouse(office).current().run("pages/loaded").set_index("table")
    assert rows["rows"].to_dict() == {"departments": 6, "complaints": 12, "evaluations": 216}
    assert set(rows["last_quarter"].dropna()) == {"2026Q2"}


def test_of_a_region_that_is_not_there_nothing_is_said(office):
    snapshot = Warehouse(office).current()
    assert said(snapshot, "north").empty
    assert snapshot.tried("no_return_visit", {"watch": 30.0, "alert": 60.0, "fewest": 5.0}, "north").empty


def test_a_rule_is_tried_on_one_region_or_on_all(office):
    snapshot = Warehouse(office).current()
    thresholds = snapshot.run("pages/thresholds")
    own = thresholds[thresholds["rule"] == "conduct_complaints_rising"].set_index("name")["value"].to_dict()
    assert set(snapshot.tried("conduct_complaints_rising", own, "east")["region_id"]) == {"east"}
    assert set(snapshot.tried("conduct_complaints_rising", own, None)["region_id"]) == set(COUNTIES)


def test_a_region_that_is_only_named_is_there_without_figures(office, built):
    path = office.parent / "regions.csv"
    path.write_text("region_id,name,parent_id\nprovince,某省,\neast,东县,province\n", encoding="utf-8")
    load(office, path)
    assert built == []  # a name is no figure
    snapshot = Warehouse(office).current()
    assert snapshot.regions == COUNTIES
    assert dict(snapshot.run("pages/regions")[["region_id", "zh"]].itertuples(index=False)) == {
        "east": "东县",
        "west": "west",
    }
    assert said(snapshot, "province").empty
    assert snapshot.run("pages/loaded").set_index("table")["rows"]["regions"] == 2


def test_before_any_region_there_are_words_and_every_question_has_an_answer(tmp_path):
    path = tmp_path / "vocabulary.csv"
    path.write_text("vocabulary,code,zh,en\ncategory,college,学院,colleges\n", encoding="utf-8")
    load(tmp_path / "data", path)
    snapshot = Warehouse(tmp_path / "data").current()
    assert "college" in set(snapshot.run("pages/words")["code"])
    assert said(snapshot, "east").empty and said(snapshot, None).empty
    path.write_text("vocabulary,code,zh,en\ncategory,college,高校,colleges\n", encoding="utf-8")
    load(tmp_path / "data", path)
    snapshot = Warehouse(tmp_path / "data").current()
    assert snapshot.run("pages/corrections")[["table", "old", "new"]].values.tolist() == [
        ["vocabulary", "学院", "高校"]
    ]


# --- processes -------------------------------------------------------------------------------------------------
def test_regions_are_built_in_processes_of_their_own_and_say_the_same(office, monkeypatch):
    before = said(Warehouse(office).current(), None)
    monkeypatch.setattr(building, "ROWS_OF_A_PROCESS", 1)
    monkeypatch.setattr(building.os, "cpu_count", lambda: 2)
    steps, files = [], SnapshotFolder(office).current().region_files
    rebuild(office, Settings.load(office), Options(who="clerk"), lambda stage, doing, share: steps.append(doing))
    assert [step for step in steps if "/" in step] == ["0/2", "1/2", "2/2"]
    assert (
        not files & SnapshotFolder(office).current().region_files
    )  # all are built anew: what is due counts from today
    pd.testing.assert_frame_equal(said(Warehouse(office).current(), None), before)


def test_a_process_that_dies_publishes_nothing(office, monkeypatch):
    monkeypatch.setattr(building, "ROWS_OF_A_PROCESS", 1)
    monkeypatch.setattr(building.os, "cpu_count", lambda: 2)
    monkeypatch.setenv("MINGJING_FAILPOINT", "in_region:kill")
    with pytest.raises(FolderError) as error:
        rebuild(office, Settings.load(office), Options(who="clerk"))
    assert error.value.code == "worker_died"
    folder = SnapshotFolder(office)
    assert folder.current().number == 2
    named = set().union(*(one.region_files for one in folder.all()), (one["file"] for one in folder.begun()))
    assert {path.name for path in folder.regions.iterdir()} - {"begun.jsonl"} == named


def test_what_a_cut_short_import_had_built_is_not_built_again(tmp_path, built, monkeypatch):
    office = tmp_path / "data"
    both = [files(tmp_path / region, region) for region in COUNTIES]

    def cut(name):
        if name == "between_regions":
            raise KeyboardInterrupt  # not an error: as a kill, it leaves no time to tidy up

    with monkeypatch.context() as patch:
        patch.setattr(building, "failpoint", cut)
        with pytest.raises(KeyboardInterrupt):
            load(office, *both)
    assert built == ["east"]
    load(office, *both)
    assert built == ["east", "west"]
    folder = SnapshotFolder(office)
    assert {path.name for path in folder.regions.iterdir()} == set().union(*(one.region_files for one in folder.all()))
    assert folder.begun() == []


def test_what_a_cut_short_import_had_built_goes_where_the_next_one_does_not_need_it(office):
    folder = SnapshotFolder(office)
    with folder.locked():
        (left := office / "left.duckdb").write_bytes(b"of an import")
        folder.keep_region(left, "what nobody asks for again")
    load(office, files(office.parent / "new", "west", received=8))
    assert {path.name for path in folder.regions.iterdir()} == set().union(*(one.region_files for one in folder.all()))


def test_of_a_country_what_is_taken_over_is_not_read_again(office, built, monkeypatch):
    monkeypatch.setattr(building.warehouse, "CHECKED_AT_ONCE", 0)
    read = []
    monkeypatch.setattr(SnapshotFolder, "require_sound_region", lambda _, name, __: read.append(name))
    load(office, files(office.parent / "new", "west", received=8))
    assert (built, read) == (["west"], [])


def test_a_cluster_is_asked_once_and_each_region_takes_its_own_rows(office, monkeypatch):
    """In processes of their own, too. `tests/engine` asks a real server."""
    before, asked = said(Warehouse(office).current(), None), []

    def made_by_cluster(marts, files, address, scratch):
        asked.append((address, len(files)))
        for name, rows in by_duckdb(files).items():
            rows.write_parquet(str(scratch / name))
        return {mart.short_name: scratch / mart.short_name for mart in marts}

    monkeypatch.setattr(building.engine, "made_by_cluster", made_by_cluster)
    monkeypatch.setattr(building, "ROWS_OF_A_PROCESS", 1)
    monkeypatch.setattr(building.os, "cpu_count", lambda: 2)
    rebuild(office, replace(Settings.load(office), spark="sc://spark:15002"), Options(who="clerk"))
    assert asked == [("sc://spark:15002", 5)], "two quarters of two regions, and a file that has every column"
    pd.testing.assert_frame_equal(said(Warehouse(office).current(), None), before)


# --- what an earlier version left --------------------------------------------------------------------------------
def test_a_snapshot_of_one_file_can_be_read_and_is_built_upon(office, built):
    """As it was before regions had databases of their own: one file of all, and what imports restated in one file."""
    load(office, files(office.parent / "files", "west", received=9))
    folder = SnapshotFolder(office)
    shown = folder.current()
    content = json.loads((folder.snapshots / shown.id / MANIFEST).read_text("utf-8"))
    one = Warehouse(office).current()
    gaps, corrections = said(one, "west"), one.run("pages/corrections")
    del one
    west = folder.regions / content.pop("regions")["west"]["file"]
    (folder.snapshots / shown.id / DATABASE).unlink()  # nobody's open file is written over
    shutil.copy(west, folder.snapshots / shown.id / DATABASE)
    content["files"][DATABASE]["sha256"] = snapshots.sha256_of(west)
    del content["files"][PARTITIONS]
    together = {key.partition("|")[2]: part for key, part in shown.partitions["corrections"].items()}
    content["tables"] = shown.partitions | {"corrections": together}
    content["seal"] = snapshots._seal(content)
    path = folder.snapshots / shown.id / MANIFEST
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    folder._point_at(shown.id, path, shown.created)
    earlier = Warehouse(office).current()
    assert earlier.number == 3 and not earlier.fell_back
    pd.testing.assert_frame_equal(said(earlier, "west"), gaps)
    assert len(corrections) == 6
    load(office, files(office.parent / "files", "east", received=4))
    later = Warehouse(office).current()
    assert all("|" in key for key in later.manifest.partitions["corrections"])
    assert set(later.run("pages/corrections")["region_id"]) == set(COUNTIES)
    assert len(later.run("pages/corrections")) == 12


# --- the contract ------------------------------------------------------------------------------------------------
def test_what_is_asked_across_regions_reads_only_tables_that_hold_all_of_them():
    """Any other table is empty in that database: a page would say “none” of what is there."""
    empty = Given()
    for query in catalog.load_catalog().values():
        if query.is_across_regions:
            sql = re.sub(r"\$\w+", "null", query.sql)
            tables = {name.strip('"') for name in empty.connection.get_table_names(sql)}
            assert tables <= {*building.SHARED, *building.FROM_ALL, *building.SAME, *building.BY_OWN_FILES}, query.name


def test_a_table_that_is_asked_across_regions_has_the_same_columns_whatever_a_region_lacks():
    figure = {"region_id": "east", "figure_id": "f1", "check": "sum", "parts": "1;2", "stated": 4.0}
    figures = Given(checks=tuple(catalog.audits(catalog.load_catalog())), stated_figures=[figure])
    nothing = Given()
    for name in building.SHARED:
        ours, others = (one.connection.table(name) for one in (figures, nothing))
        assert (ours.columns, ours.types) == (others.columns, others.types), name
