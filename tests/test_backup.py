"""A backup brings everything back: the store and the snapshots are destroyed, and every figure is as before."""

import hashlib
import os
import re
import shutil
import zipfile

import pytest

from dashboard import backup
from dashboard.settings import DEFAULTS
from dashboard.snapshots import FolderError, SnapshotFolder
from dashboard.store import Basis, Pin, Store
from dashboard.warehouse import Warehouse
from tests.support import PROJECT

README = (PROJECT / "data" / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def office(make_office):
    """Two departments, a setting, a mapping, and a note that somebody pinned."""
    folder = make_office({"A": ("甲局", 90, 25), "B": ("乙局", 80, 25)})
    (folder / "settings.toml").write_text("[composite]\nred_line = 70\n", encoding="utf-8")
    (folder / "mappings").mkdir()
    (folder / "mappings" / "hotline.toml").write_text('name = "hotline"\n', encoding="utf-8")
    (folder / "issues").mkdir()
    (folder / "issues" / "0001.json").write_text("published", encoding="utf-8")
    (folder / ".uploads").mkdir()
    (folder / ".uploads" / "left").write_text("not of the office", encoding="utf-8")
    Store(folder).pin(Pin("county", "A", "2026Q3", "新设窗口", "办公室"), Basis("s", "2026Q3"))
    return folder


@pytest.fixture(scope="module")
def archive(office, tmp_path_factory):
    path = tmp_path_factory.mktemp("backups") / "office.zip"
    made = backup.back_up(office, path)
    assert (made.snapshots, made.shown, made.left_out) == ((1,), 1, ())
    assert os.stat(path).st_mode & 0o077 == 0  # its owner's alone
    assert [one.name for one in path.parent.iterdir()] == ["office.zip"]
    return path


def figures(folder) -> str:
    shown = Warehouse(folder).current()
    region, quarter = shown.regions[0], shown.quarters[-1]
    return shown.standings(region, quarter, "composite", "region").to_json()


def everything(folder) -> dict[str, bytes]:
    found = (
        path for path in folder.rglob("*") if path.is_file() and not path.relative_to(folder).parts[0].startswith(".")
    )
    return {str(path.relative_to(folder)): path.read_bytes() for path in found if path.name != "store.sqlite"}


def test_what_was_destroyed_is_back_with_every_figure_and_record(office, archive, tmp_path):
    before, files, notes = figures(office), everything(office), Store(office).read_notes()
    own = tmp_path / "office"
    shutil.copytree(office, own)
    (own / "store.sqlite").write_bytes(os.urandom(5000))
    (own / "issues" / "0002.json").write_text("published since", encoding="utf-8")  # no restore can call it back
    for file in own.glob("snapshots/*/mingjing.duckdb"):
        file.write_bytes(b"")
    assert Warehouse(own).current() is None
    with pytest.raises(FolderError, match="not_empty"):
        backup.restore(archive, own)
    held, aside = backup.restore(archive, own, replace=True)
    assert (held.shown, figures(own), everything(own)) == (1, before, files | {"issues/0002.json": b"published since"})
    assert Store(own).read_notes() == notes
    assert (aside / "store.sqlite").stat().st_size == 5000  # nothing was thrown away
    assert not (own / ".uploads").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["office", aside.name])


def test_whatever_the_manual_says_stands_in_the_folder_is_in_a_backup():
    """But for what is hidden: that is passing by, or a secret."""
    listed = re.findall(r"^\| `([^.][^`/]*)[^`]*` \| .* \| .* \|$", README.split("## Files without")[0], re.MULTILINE)
    assert len(listed) >= 6
    assert set(listed) <= backup.PARTS


def test_a_folder_that_is_not_there_yet_is_made(office, archive, tmp_path):
    assert backup.restore(archive, tmp_path / "new" / "office")[1] is None
    assert figures(tmp_path / "new" / "office") == figures(office)


@pytest.mark.parametrize("place", [0.01, 0.2, 0.5, 0.8, 0.99, 0.9999])
def test_one_flipped_byte_is_found_before_anything_is_written(archive, tmp_path, place):
    content = bytearray(archive.read_bytes())
    content[int(place * len(content))] ^= 0x20
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(content)
    for act in (backup.check, lambda file: backup.restore(file, tmp_path / "office")):
        with pytest.raises(FolderError, match="damaged_archive"):
            act(damaged)
    assert [path.name for path in tmp_path.iterdir()] == ["damaged.zip"]


def test_an_archive_that_is_cut_off_or_is_none_is_refused(archive, tmp_path):
    for content in (archive.read_bytes()[:-2000], b"", b"no archive"):
        (tmp_path / "file.zip").write_bytes(content)
        with pytest.raises(FolderError, match="damaged_archive"):
            backup.check(tmp_path / "file.zip")


@pytest.mark.parametrize("name", ["../escaped", "/etc/escaped", "snapshots/../../escaped", "other/file", ".secret"])
def test_an_archive_writes_nowhere_but_into_the_folder(archive, tmp_path, name):
    forged = tmp_path / "forged.zip"
    with zipfile.ZipFile(archive) as whole, zipfile.ZipFile(forged, "w") as out:
        manifest = whole.read("manifest.json").decode().replace('"settings.toml"', f'"{name}"')
        for entry in whole.namelist():
            content = manifest.encode() if entry == "manifest.json" else whole.read(entry)
            out.writestr(name if entry == "settings.toml" else entry, content)
        out.comment = b"0" * backup.SEAL
    content = forged.read_bytes()[: -backup.SEAL]
    forged.write_bytes(content + hashlib.sha256(content).hexdigest().encode())
    with pytest.raises(FolderError, match="damaged_archive"):
        backup.restore(forged, tmp_path / "office")
    assert [path.name for path in tmp_path.iterdir()] == ["forged.zip"]


def test_an_older_damaged_snapshot_is_left_out_and_the_one_that_is_shown_must_be_sound(office, tmp_path):
    own = tmp_path / "office"
    shutil.copytree(office, own)
    shown = SnapshotFolder(own).current().id
    older = own / "snapshots" / "000000-20260101T000000Z-abcdef"
    older.mkdir()
    (older / "manifest.json").write_text("{", encoding="utf-8")
    assert backup.back_up(own, tmp_path / "a.zip").left_out == (older.name,)
    with pytest.raises(FolderError, match="archive_there"):
        backup.back_up(own, tmp_path / "a.zip")
    (own / "snapshots" / shown / "mingjing.duckdb").write_bytes(b"")
    with pytest.raises(FolderError, match="damaged_snapshot"):
        backup.back_up(own, tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()


def test_nothing_is_restored_over_the_program_and_nothing_is_backed_up_of_nothing(archive, tmp_path):
    with pytest.raises(FolderError, match="own_data_folder"):
        backup.restore(archive, DEFAULTS, replace=True)
    with pytest.raises(FolderError, match="nothing_to_back_up"):
        backup.back_up(tmp_path, tmp_path / "a.zip")


def test_a_disk_that_runs_full_leaves_no_half_backup(office, tmp_path, monkeypatch):
    def full(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup.os, "fsync", full)
    with pytest.raises(FolderError, match="archive_not_written"):
        backup.back_up(office, tmp_path / "a.zip")
    assert list(tmp_path.iterdir()) == []
