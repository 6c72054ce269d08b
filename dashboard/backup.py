"""An office's data folder as one archive, and back: settings, mappings, snapshots with their raw files, and the store.

The archive is a zip whose `manifest.json` names every file with its size and SHA-256, and whose comment is the SHA-256
of all before it. It is written whole or not at all, while imports and people go on; a damaged one is refused before
anything is written. (To show an *earlier snapshot*
of a folder that is sound is another thing: `SnapshotFolder.restore`.)
"""

import datetime
import hashlib
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from dashboard.settings import DEFAULTS
from dashboard.snapshots import LOG, POINTER, FolderError, Manifest, SnapshotFolder, flush, now
from dashboard.store import FILE as STORE
from dashboard.store import Store

FORMAT = 1
MANIFEST = "manifest.json"
ISSUES = "issues/*.json"  # what was published, which no restore can call back
OWN = ("settings.toml", "mappings/*.toml", "planted.json", ISSUES)  # beside snapshots, raw files and store
PARTS = {"settings.toml", "mappings", "planted.json", "issues", "snapshots", "raw", "regions", STORE}
BLOCK = 1 << 20
SEAL = 64  # characters of a SHA-256, at the very end
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class Contents:
    """What an archive holds."""

    made: datetime.datetime
    snapshots: tuple[int, ...]  # their numbers
    shown: int | None  # the one that is shown
    files: int
    bytes: int
    left_out: tuple[str, ...] = ()  # snapshots that were damaged already

    @classmethod
    def of(cls, manifest: dict[str, Any]) -> "Contents":
        made = datetime.datetime.fromisoformat(manifest["made"])
        total = sum(file["bytes"] for file in manifest["files"].values())
        numbers = tuple(manifest["snapshots"]), manifest["shown"]
        return cls(made, *numbers, len(manifest["files"]), total, tuple(manifest["left_out"]))


# --- there -----------------------------------------------------------------------------------------------------
def back_up(folder: Path, archive: Path) -> Contents:
    """Write the archive of a data folder. `FolderError` or `StoreError` where there is nothing, or the snapshot that is
    shown or the store is damaged; an older damaged snapshot is left out and named."""
    found = SnapshotFolder(folder)
    if archive.exists():
        raise FolderError("archive_there", file=str(archive))
    # In this order: what is published meanwhile adds to the later ones only.
    log = _read(found.snapshots / LOG)
    pointer = _read(found.snapshots / POINTER)
    if pointer is None and not (folder / STORE).exists():
        raise FolderError("nothing_to_back_up", folder=str(folder))
    whole, damaged = _whole(found)
    shown = found.pointer() if pointer is not None else None
    current = next((one for one in whole if shown and one.id == shown.get("id")), None)
    if pointer is not None and current is None:
        raise FolderError("damaged_snapshot", snapshot=(shown or {}).get("id", "?"), file=str(found.snapshots))
    given = {name: content for name, content in ((LOG, log), (POINTER, pointer)) if content is not None}
    try:
        with _written_whole(archive) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            files = {
                f"snapshots/{name}": _pack(packed, f"snapshots/{name}", content) for name, content in given.items()
            }
            for name, path in _files(folder, whole):
                files[name] = _pack(packed, name, path)
            with tempfile.TemporaryDirectory(prefix="mingjing-", dir=archive.parent) as aside:
                if Store(folder).copy_to(Path(aside) / STORE):
                    files[STORE] = _pack(packed, STORE, Path(aside) / STORE)
            manifest = {
                "format": FORMAT,
                "made": now().isoformat(),
                "snapshots": [one.number for one in whole],
                "shown": current.number if current else None,
                "left_out": damaged,
                "files": files,
            }
            packed.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
            packed.comment = b"0" * SEAL
    except OSError as error:
        raise FolderError("archive_not_written", file=str(archive), reason=error.strerror or str(error)) from error
    return Contents.of(manifest)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _whole(found: SnapshotFolder) -> tuple[list[Manifest], list[str]]:
    """The snapshots whose every byte is right, and the ids of the others; what they share is read once."""
    whole, damaged, sound = [], [], set()
    for snapshot_id in found.ids():
        try:
            manifest = found.verify_own(snapshot_id)
            for names, require in (
                (manifest.raw_files, found.require_sound_raw),
                (manifest.region_files, found.require_sound_region),
            ):
                for name in names - sound:
                    require(name, snapshot_id)
                sound |= names
            whole.append(manifest)
        except FolderError:
            damaged.append(snapshot_id)
    return whole, damaged


def _files(folder: Path, whole: Iterable[Manifest]) -> Iterator[tuple[str, Path]]:
    for pattern in OWN:
        for path in sorted(folder.glob(pattern)):
            yield path.relative_to(folder).as_posix(), path
    shared: set[str] = set()
    for manifest in whole:
        shared |= {f"raw/{name}" for name in manifest.raw_files} | {f"regions/{name}" for name in manifest.region_files}
        for path in sorted((folder / "snapshots" / manifest.id).iterdir()):
            yield path.relative_to(folder).as_posix(), path
    yield from ((name, folder / name) for name in sorted(shared))


@contextmanager
def _written_whole(path: Path) -> Iterator[BinaryIO]:
    """A file that has its name only once all of it is on the disk; nobody but its owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            seal = _seal(temporary)
            file.seek(-SEAL, os.SEEK_END)
            file.write(seal)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        flush(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _seal(archive: Path) -> bytes:
    """Over every byte of an archive before its own place."""
    digest, left = hashlib.sha256(), archive.stat().st_size - SEAL
    for block in _blocks(archive):
        digest.update(block[: max(left, 0)])
        left -= len(block)
    return digest.hexdigest().encode("ascii")


def _pack(packed: zipfile.ZipFile, name: str, content: bytes | Path) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with packed.open(name, "w", force_zip64=True) as out:
        for block in [content] if isinstance(content, bytes) else _blocks(content):
            digest.update(block)
            size += len(block)
            out.write(block)
    return {"bytes": size, "sha256": digest.hexdigest()}


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


# --- and back --------------------------------------------------------------------------------------------------
def check(archive: Path) -> Contents:
    """What the archive holds, after every byte of it was compared. `FolderError` where it is damaged."""
    with _opened(archive) as (packed, manifest):
        for name, expected in manifest["files"].items():
            _unpack(packed, name, expected, None, archive)
    return Contents.of(manifest)


def restore(archive: Path, into: Path, replace: bool = False) -> tuple[Contents, Path | None]:
    """Make a data folder of the archive. One that is there and not empty is refused or, with `replace`, moved aside:
    the second of the answer; what it had published since stays on record. `FolderError` where the archive is damaged;
    then nothing has changed."""
    if into.exists() and into.resolve() == DEFAULTS.resolve():
        raise FolderError("own_data_folder", folder=str(into))
    is_there = into.exists() and any(into.iterdir())
    if is_there and not replace:
        raise FolderError("not_empty", folder=str(into))
    into.parent.mkdir(parents=True, exist_ok=True)
    aside = None
    with _opened(archive) as (packed, manifest):
        needed = sum(file["bytes"] for file in manifest["files"].values())
        free = shutil.disk_usage(into.parent).free
        if free < needed:
            raise FolderError("no_space", folder=str(into.parent), needed=needed >> 20, free=free >> 20)
        building = Path(tempfile.mkdtemp(prefix=f".{into.name}-", dir=into.parent))
        try:
            for name, expected in manifest["files"].items():
                _unpack(packed, name, expected, building / name, archive)
            _require_sound(building, archive)
            if is_there:
                _keep_issues(into, building)
            for path in (*(one for one in building.rglob("*") if one.is_dir()), building):
                flush(path)
            if is_there:
                with SnapshotFolder(into).locked():  # no import is under way
                    aside = into.with_name(f"{into.name}.before-{now():%Y%m%dT%H%M%SZ}")
                    into.rename(aside)
            elif into.exists():
                into.rmdir()
            building.chmod(0o755)
            building.rename(into)
            flush(into.parent)
        except OSError as error:
            raise FolderError("write_failed", folder=str(into), reason=error.strerror or str(error)) from error
        finally:
            shutil.rmtree(building, ignore_errors=True)
    return Contents.of(manifest), aside


def _keep_issues(there: Path, building: Path) -> None:
    """What the folder published and the archive does not know, after what it knows."""
    known = {path.read_bytes() for path in building.glob(ISSUES)}
    last = max((int(path.stem) for path in building.glob(ISSUES)), default=0)
    since = [path for path in sorted(there.glob(ISSUES)) if path.read_bytes() not in known]
    for number, path in enumerate(since, start=last + 1):
        (building / "issues").mkdir(mode=0o700, exist_ok=True)
        shutil.copyfile(path, building / "issues" / f"{number:04}.json")


def _require_sound(folder: Path, archive: Path) -> None:
    """What was unpacked opens: the snapshot that is shown, and the store."""
    found = SnapshotFolder(folder)
    pointer = found.pointer()
    if pointer == {}:
        raise FolderError("damaged_archive", file=str(archive), what=POINTER)
    if pointer:
        found.verify(pointer["id"], pointer["manifest_sha256"])
    Store(folder).require_sound()


@contextmanager
def _opened(archive: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    try:
        packed = zipfile.ZipFile(archive)
    except (*BROKEN, OSError) as error:
        raise FolderError("damaged_archive", file=str(archive), what=str(error)) from None
    with packed:
        if packed.comment != _seal(archive):
            raise FolderError("damaged_archive", file=str(archive), what="SHA-256")
        try:
            manifest = json.loads(packed.read(MANIFEST))
            names, entries = set(manifest["files"]), [entry.filename for entry in packed.infolist()]
            is_whole = manifest["format"] == FORMAT and sorted(entries) == sorted([*names, MANIFEST])
            is_whole = is_whole and all(map(_is_ours, names)) and Contents.of(manifest).made is not None
        except BROKEN:
            is_whole = False
        if not is_whole:
            raise FolderError("damaged_archive", file=str(archive), what=MANIFEST)
        yield packed, manifest


def _is_ours(name: str) -> bool:
    """Whether a file of this name may be written: a path below the folder, to one of its parts."""
    parts = PurePosixPath(name).parts
    return bool(parts) and parts[0] in PARTS and "\\" not in name and not {"..", ".", "/"} & set(parts)


def _unpack(packed: zipfile.ZipFile, name: str, expected: dict[str, Any], to: Path | None, archive: Path) -> None:
    """Compare a file of the archive with its manifest, and write it where `to` is given."""
    digest, size = hashlib.sha256(), 0
    try:
        if to is not None:
            to.parent.mkdir(parents=True, exist_ok=True)
        with packed.open(name) as file, (to or Path(os.devnull)).open("wb") as out:
            while block := file.read(BLOCK):
                digest.update(block)
                size += len(block)
                if size > expected["bytes"]:
                    break
                out.write(block)
            out.flush()
            if to is not None:
                os.fsync(out.fileno())
    except BROKEN:
        raise FolderError("damaged_archive", file=str(archive), what=name) from None
    if (size, digest.hexdigest()) != (expected["bytes"], expected["sha256"]):
        raise FolderError("damaged_archive", file=str(archive), what=name)
