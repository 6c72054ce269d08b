"""The folder of snapshots: what is damaged is named and not shown, what was shown can be shown again."""

import datetime
import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.importing import Options, run_import
from dashboard.settings import Settings
from dashboard.snapshots import DATABASE, LOG, MANIFEST, PARTITIONS, POINTER, FolderError, Manifest, SnapshotFolder
from dashboard.warehouse import Warehouse
from tests.support import RECEIVED, without_rules

DEPARTMENTS = "department_id,name,category\nd01,财政局,政府\n"
HEADER = "quarter,department_id,channel,category,received\n"


def load(folder: Path, received: int, **options):
    """Publish a snapshot in which department d01 received so many complaints in 2026Q3."""
    files = folder.parent / "files"
    files.mkdir(exist_ok=True)
    files.joinpath("d.csv").write_text(DEPARTMENTS, encoding="utf-8")
    files.joinpath("c.csv").write_text(f"{HEADER}2026Q3,d01,letter,delay,{received}\n", encoding="utf-8")
    return run_import([files], folder, Settings.load(folder), Options(who="clerk", **options)).manifest


def shown(folder: Path, snapshot=None) -> tuple[int, int, bool]:
    """(number, received, fell back to an earlier one) as readers see it who come now."""
    snapshot = snapshot or Warehouse(folder).current()
    rows = snapshot.run("pages/indicator", **RECEIVED)
    return snapshot.number, int(rows["value"].sum()), snapshot.fell_back


def test_of_an_import_that_brought_others_data_too_only_that_it_was_is_seen():
    done = {"at": "2026-10-01", "who": "li", "note": "…", "sources": [{"name": "a.csv"}], "tables": {"complaints": {}}}
    imports = [done | {"id": id, "regions": regions} for id, regions in (("1", ["a"]), ("2", ["a", "b"]), ("3", ["b"]))]
    imports.append(done | {"id": "4"})  # of a program that did not keep whose it was
    tables = {"complaints": {"a|2026Q3": {"rows": 1}, "b|2026Q3": {"rows": 2}}}
    manifest = Manifest({"imports": imports, "tables": tables})
    seen = manifest.seen_by(["a"])
    assert [(one["id"], len(one["sources"]), one["note"]) for one in seen.imports] == [("1", 1, "…"), ("2", 0, "")]
    assert seen.partitions == {"complaints": {"a|2026Q3": {"rows": 1}}}
    assert manifest.seen_by([]) is manifest


@pytest.fixture(scope="module", autouse=True)
def figures_alone() -> Iterator[None]:
    with without_rules():
        yield


@pytest.fixture(scope="module")
def three_snapshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office") / "data"
    for received in (1, 2, 3):
        load(folder, received)
    return folder


@pytest.fixture
def folder(three_snapshots: Path, tmp_path: Path) -> Path:
    return shutil.copytree(three_snapshots, tmp_path / "data")


def damaged(folder: Path, snapshot_id: str) -> str:
    """The file that `verify` names."""
    with pytest.raises(FolderError) as error:
        SnapshotFolder(folder).verify(snapshot_id)
    assert error.value.code == "damaged_snapshot"
    return Path(error.value.values["file"]).name


def flip(path: Path, rng: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(data)


@pytest.mark.parametrize("name", [DATABASE, MANIFEST, PARTITIONS, "a region's"])
@pytest.mark.parametrize("seed", range(5))
def test_a_flipped_byte_is_found_and_the_newest_whole_snapshot_is_shown(folder, name, seed):
    newest = SnapshotFolder(folder).current()
    [of_region] = newest.region_files
    file = folder / "regions" / of_region if name == "a region's" else folder / "snapshots" / newest.id / name
    flip(file, random.Random(seed))
    assert shown(folder) == (2, 2, True)
    if name != MANIFEST:
        assert damaged(folder, newest.id) == file.name


def test_a_flipped_byte_in_any_manifest_is_found_by_itself(folder):
    """The pointer vouches for one manifest only; each of them seals itself, so that figures cannot change in it."""
    oldest = SnapshotFolder(folder).ids()[0]
    manifest = folder / "snapshots" / oldest / MANIFEST
    text = manifest.read_text("utf-8")
    manifest.write_text(text.replace('"rows": 1', '"rows": 2', 1), "utf-8")
    assert damaged(folder, oldest) == MANIFEST
    assert [found.number for found in SnapshotFolder(folder).all()] == [2, 3]


def test_a_flipped_byte_in_a_raw_file_is_found(folder):
    newest = SnapshotFolder(folder).ids()[-1]
    raw = next((folder / "raw" / "departments").glob("*.parquet"))
    flip(raw, random.Random(1))
    assert damaged(folder, newest) == raw.name


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"5",
        b'"x"',
        b"[]",
        b"\xff\xfe",
        b"{}",
        b'{"id": 7}',
        b'{"id": "../..", "manifest_sha256": "", "at": "2026-01-01"}',
    ]
    + [b'{"id": "000009-20260101T000000Z-abcdef", "manifest_sha256": "", "at": "2026-01-01T00:00:00+00:00"}'],
)
def test_a_pointer_that_says_nothing_sensible_shows_the_newest_whole_snapshot(folder, content):
    (folder / "snapshots" / POINTER).write_bytes(content)
    store = SnapshotFolder(folder)
    assert shown(folder)[:2] == (3, 3)
    assert store.current().number == 3
    store.events()
    assert load(folder, 4).number == 4
    assert shown(folder) == (4, 4, False)


def test_a_damaged_manifest_loses_no_raw_file_and_no_number(folder):
    """It may be mended from a backup: then all that it names must still be there."""
    store = SnapshotFolder(folder)
    newest = folder / "snapshots" / store.ids()[-1] / MANIFEST
    whole = newest.read_bytes()
    newest.write_bytes(b"{" + whole[:-9])
    assert load(folder, 9).number == 4
    newest.write_bytes(whole)
    assert store.verify(store.ids()[2]).number == 3
    assert [found.number for found in store.all()] == [1, 2, 3, 4]


def test_restore_shows_an_earlier_snapshot_and_the_next_import_builds_on_it(folder):
    store = SnapshotFolder(folder)
    store.restore(1, "clerk", "wrong file")
    assert shown(folder) == (1, 1, False)
    assert load(folder, 1) is None  # the figures are those of snapshot 1 again
    assert load(folder, 7).number == 4
    assert shown(folder) == (4, 7, False)
    said = [(event["event"], event.get("number"), event["note"]) for event in store.events()]
    assert said[3:] == [("restored", 1, "wrong file"), ("published", 4, "")]
    with pytest.raises(FolderError) as error:
        store.restore(12, "clerk", "")
    assert error.value.values == {"number": 12, "known": "1, 2, 3, 4"}


def test_a_damaged_snapshot_is_not_restored(folder):
    store = SnapshotFolder(folder)
    flip(folder / "snapshots" / store.ids()[0] / DATABASE, random.Random(3))
    with pytest.raises(FolderError):
        store.restore(1, "clerk", "")
    assert shown(folder) == (3, 3, False)


def test_any_earlier_day_can_be_looked_at_again(folder, monkeypatch):
    """Imported on 1 July (4), restored to snapshot 1 on 3 July, imported on 5 July (6)."""
    store = SnapshotFolder(folder)
    for day, step in (
        (1, lambda: load(folder, 4)),
        (3, lambda: store.restore(1, "clerk", "")),
        (5, lambda: load(folder, 6)),
    ):
        noon = datetime.datetime(2030, 7, day, 12).astimezone()
        monkeypatch.setattr("dashboard.snapshots.now", lambda noon=noon: noon)
        step()
    warehouse = Warehouse(folder)
    known = {day: shown(folder, warehouse.known_on(datetime.date(2030, 7, day)))[1] for day in range(1, 8)}
    assert known == {1: 4, 2: 4, 3: 1, 4: 1, 5: 6, 6: 6, 7: 6}
    assert warehouse.known_on(datetime.date(2020, 1, 1)) is None


def test_a_torn_line_of_the_log_takes_no_other_with_it(folder):
    log = folder / "snapshots" / LOG
    log.write_bytes(log.read_bytes() + b'{"at": "2026-07-1')
    store = SnapshotFolder(folder)
    assert len(store.events()) == 3
    load(folder, 4)
    assert [event["number"] for event in store.events()] == [1, 2, 3, 4]
    log.write_bytes(b'\xff\xfe\n5\n{"at": "x", "id": 3}\n' + log.read_bytes())
    assert [event["number"] for event in store.events()] == [1, 2, 3, 4]


def test_a_copy_of_the_folder_is_a_backup(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "elsewhere")
    shutil.rmtree(folder)
    assert shown(copy) == (3, 3, False)
    assert load(copy, 4).number == 4


def test_the_clock_may_go_back_and_numbers_still_go_on(folder, monkeypatch):
    before = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
    monkeypatch.setattr("dashboard.snapshots.now", lambda: before)
    assert load(folder, 4).number == 4
    assert shown(folder) == (4, 4, False)
    assert SnapshotFolder(folder).ids()[-1].startswith("000004-20010101")


def test_the_manifest_names_sources_and_sizes(folder):
    manifest = SnapshotFolder(folder).current()
    content = json.loads((folder / "snapshots" / manifest.id / MANIFEST).read_text("utf-8"))
    assert content["files"].keys() == {DATABASE, PARTITIONS}
    assert content["imports"][-1]["sources"][0] | {"sha256": "", "bytes": 0, "contents": {}} == {
        "name": "files",
        "files": 2,
        "sha256": "",
        "bytes": 0,
        "contents": {},  # the hash of each file in the folder
    }
    assert content["parent"] == SnapshotFolder(folder).ids()[-2]
