"""The folder of snapshots: manifests, the pointer to the current one, and the publish recipe.

    DIR/raw/<table>/<content hash>.parquet    immutable, shared by snapshots
    DIR/regions/<content hash>.duckdb         the database of one region, as immutable and as shared
    DIR/regions/begun.jsonl                   those that an import built but did not publish: the next one goes on
    DIR/snapshots/<number>-<time>-<id>/       manifest.json, partitions.json which is long and seldom asked for, and the
                                              database of what is asked across regions
    DIR/snapshots/CURRENT                     which one is shown; replaced atomically
    DIR/snapshots/log.jsonl                   what was published and restored, when, by whom; appended only

Everything is written and flushed before the pointer names it, so a kill at any moment leaves the old or the new.
"""

import contextlib
import datetime
import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import time
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

FORMAT = 1
DATABASE, MANIFEST, POINTER, LOG = "mingjing.duckdb", "manifest.json", "CURRENT", "log.jsonl"
PARTITIONS = "partitions.json"
BEGUN = "begun.jsonl"
GOES_ON = ("worker_died",)  # what stops an import whose finished regions the next one need not build again
PUBLISHING = ".publishing"  # holds the id of a snapshot while it is renamed and pointed at
SPARE_BYTES = 32 << 20
SNAPSHOT_ID = re.compile(r"\d{6}-\d{8}T\d{6}Z-[0-9a-f]{6}")


class FolderError(Exception):
    """The data folder cannot be used; `code` and `values` are worded by i18n (`folder.<code>`)."""

    def __init__(self, code: str, **values: object):
        super().__init__(f"{code}: {values}")
        self.code, self.values = code, values

    def __reduce__(self) -> tuple[Any, ...]:  # it comes whole from a process that builds a region
        return partial(FolderError, self.code, **self.values), ()


def failpoint(name: str) -> None:
    """For tests of crash safety: MINGJING_FAILPOINT=<name>:kill|raise|sleep makes this moment fail."""
    wanted, _, action = os.environ.get("MINGJING_FAILPOINT", "").partition(":")
    if wanted != name:
        return
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if action == "sleep":
        time.sleep(3)
    if action == "raise":
        raise OSError(errno.EIO, os.strerror(errno.EIO), name)


@dataclass(frozen=True)
class Manifest:
    """What a snapshot is made of. `content` is the JSON; the rest are its parts that code asks for."""

    content: dict[str, Any]
    folder: Path | None = None  # the snapshot's own
    only: tuple[str, ...] = ()  # the regions of whoever asks, () for all

    @property
    def id(self) -> str:
        return self.content["id"]

    @property
    def number(self) -> int:
        return self.content["number"]

    @property
    def created(self) -> datetime.datetime:
        return datetime.datetime.fromisoformat(self.content["created"])

    @property
    def demonstration(self) -> bool:
        return self.content["demonstration"]

    @property
    def recipe(self) -> str:
        """The settings and queries that it was built by (`warehouse.recipe`)."""
        return self.content.get("recipe", "")

    @property
    def method(self) -> str:
        """The recipe without the office's settings (`warehouse.method`); "" in a snapshot that did not keep it."""
        return self.content.get("method", "")

    @property
    def baselines(self) -> list[dict[str, Any]]:
        """Where series begin anew in it by a person's decision; those with `note` by that note of the store."""
        return self.content.get("baselines", [])

    @property
    def imports(self) -> list[dict[str, Any]]:
        return self.content["imports"]

    @cached_property
    def partitions(self) -> dict[str, dict[str, dict[str, Any]]]:
        """table → "region|period" → {file, rows}. `FolderError` where the file is damaged that holds them."""
        tables = self.content["tables"] if "tables" in self.content else self._read_partitions()
        if not self.only:
            return tables
        return {
            table: {key: part for key, part in parts.items() if split_partition_key(key)[0] in self.only}
            for table, parts in tables.items()
        }

    def _read_partitions(self) -> dict[str, dict[str, dict[str, Any]]]:
        file = self.folder / PARTITIONS
        try:
            text = file.read_bytes()
        except OSError:
            text = b""
        if hashlib.sha256(text).hexdigest() != self.content["files"][PARTITIONS]["sha256"]:
            raise FolderError("damaged_snapshot", snapshot=self.id, file=str(file))
        return json.loads(text)

    @property
    def regions(self) -> dict[str, dict[str, Any]]:
        """region → {file, bytes, made_of}: its database. Empty in a snapshot of an earlier version, which is one file.

        `made_of` is a hash of all that decides what stands in it (`building`).
        """
        return self.content.get("regions", {})

    @property
    def raw_files(self) -> set[str]:
        return {part["file"] for parts in self.partitions.values() for part in parts.values()}

    @property
    def region_files(self) -> set[str]:
        return {region["file"] for region in self.regions.values()}

    def seen_by(self, regions: Sequence[str]) -> "Manifest":
        """As somebody of these regions sees it (() for all): their partitions, and the imports that brought these; of
        one that brought others' data too, no more than that it was, when and by whom."""
        if not regions:
            return self
        known = set(regions)
        imports = [
            one if set(one["regions"]) <= known else {**one, "sources": [], "tables": {}, "note": "", "is_shared": True}
            for one in self.imports
            if known & set(one.get("regions", ()))
        ]
        own = {name: region for name, region in self.regions.items() if name in known}
        return Manifest({**self.content, "imports": imports, "regions": own}, self.folder, tuple(regions))


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


def partition_key(partition: tuple[str, str]) -> str:
    return "|".join(part.replace("|", "%7C") for part in partition)


def split_partition_key(key: str) -> tuple[str, str]:
    """Region and period of a partition, as `partition_key` joined them; what no period parts has ''."""
    region, _, period = key.partition("|")
    return region.replace("%7C", "|"), period.replace("%7C", "|")


class SnapshotFolder:
    """Reads and publishes the snapshots of one data folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.raw = folder / "raw"
        self.regions = folder / "regions"
        self.snapshots = folder / "snapshots"

    # --- reading ---
    def pointer(self) -> dict[str, str] | None:
        """What CURRENT says: id, manifest_sha256, at. None where nothing was published, {} where it is damaged."""
        try:
            pointer = json.loads((self.snapshots / POINTER).read_text(encoding="utf-8"))
            datetime.datetime.fromisoformat(pointer["at"])
            return pointer if {"id", "manifest_sha256"} <= set(pointer) and SNAPSHOT_ID.fullmatch(pointer["id"]) else {}
        except FileNotFoundError:
            return None
        except (ValueError, OSError, TypeError, KeyError):
            return {}

    def manifest(self, snapshot_id: str) -> Manifest:
        """The manifest of a snapshot; `FolderError` where it is missing or damaged."""
        path = self.snapshots / snapshot_id / MANIFEST
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            whole = content["id"] == snapshot_id and content.get("seal") in (None, _seal(content))
        except (OSError, ValueError, TypeError, KeyError):
            whole = False
        if whole and content["format"] != FORMAT:
            raise FolderError("other_format", snapshot=snapshot_id, found=content["format"], expected=FORMAT)
        if whole:
            return Manifest(content, path.parent)
        raise FolderError("damaged_snapshot", snapshot=snapshot_id, file=str(path))

    def verify(self, snapshot_id: str, manifest_hash: str = "") -> Manifest:
        """The manifest, after every byte of the snapshot's files and of its raw files was checked against it."""
        manifest = self.verify_own(snapshot_id, manifest_hash)
        for name in sorted(manifest.raw_files):
            self.require_sound_raw(name, snapshot_id)
        for name in sorted(manifest.region_files):
            self.require_sound_region(name, snapshot_id)
        return manifest

    def verify_own(self, snapshot_id: str, manifest_hash: str = "") -> Manifest:
        """The manifest, after the files in the snapshot's own folder were checked against it."""
        manifest = self.manifest(snapshot_id)
        path = self.snapshots / snapshot_id / MANIFEST
        if manifest_hash and sha256_of(path) != manifest_hash:
            raise FolderError("damaged_snapshot", snapshot=snapshot_id, file=str(path))
        for name, expected in manifest.content["files"].items():
            file = self.snapshots / snapshot_id / name
            if not file.exists() or sha256_of(file) != expected["sha256"]:
                raise FolderError("damaged_snapshot", snapshot=snapshot_id, file=str(file))
        return manifest

    def require_sound_raw(self, name: str, snapshot_id: str) -> None:
        """`FolderError` where a raw file is not what its name says. Parquet itself would read some flipped bytes."""
        self._require_sound(self.raw / name, snapshot_id)

    def require_sound_region(self, name: str, snapshot_id: str) -> None:
        """`FolderError` where a region's database is not what its name says."""
        self._require_sound(self.regions / name, snapshot_id)

    def _require_sound(self, file: Path, snapshot_id: str) -> None:
        if not file.exists() or _content_name(file) != file.name:
            raise FolderError("damaged_snapshot", snapshot=snapshot_id, file=str(file))

    def built_on(self, region_file: str) -> datetime.date | None:
        """The day on which a region's database was written; None where it is not there."""
        try:
            return datetime.date.fromtimestamp((self.regions / region_file).stat().st_mtime)
        except FileNotFoundError:
            return None

    def ids(self) -> list[str]:
        """Every published snapshot, whole or not, oldest first."""
        if not self.snapshots.is_dir():
            return []
        names = {path.name for path in self.snapshots.iterdir() if path.is_dir() and SNAPSHOT_ID.fullmatch(path.name)}
        return sorted(names - {self._unpublished()})

    def all(self) -> list[Manifest]:
        """Every snapshot whose manifest is whole, oldest first; `check` names the others."""
        found = []
        for snapshot_id in self.ids():
            with contextlib.suppress(FolderError):
                found.append(self.manifest(snapshot_id))
        return found

    def _unpublished(self) -> str:
        """The snapshot of a publication that was cut short before the pointer named it; "" where there is none."""
        try:
            begun = (self.snapshots / PUBLISHING).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return ""
        pointer = self.pointer()
        return "" if pointer == {} or (pointer and pointer["id"] == begun) else begun

    def current(self) -> Manifest | None:
        """The snapshot that the pointer names; the newest whole one where the pointer is damaged."""
        pointer = self.pointer()
        if pointer is None:
            return None
        with contextlib.suppress(KeyError, OSError, FolderError):
            if sha256_of(self.snapshots / pointer["id"] / MANIFEST) == pointer["manifest_sha256"]:
                return self.manifest(pointer["id"])
        return next(reversed(self.all()), None)

    def events(self) -> list[dict[str, str]]:
        """What was shown since when. A torn last line is left out; a pointer newer than the log counts."""
        events = self._logged()
        pointer = self.pointer()
        if pointer and (not events or events[-1]["id"] != pointer["id"]):
            events.append({"at": pointer["at"], "event": "published", "id": pointer["id"], "who": "", "note": ""})
        return events

    def _logged(self) -> list[dict[str, str]]:
        try:
            lines = (self.snapshots / LOG).read_text(encoding="utf-8", errors="replace").split("\n")
        except FileNotFoundError:
            return []
        events = []
        for line in lines:
            with contextlib.suppress(ValueError, TypeError, KeyError):
                event = json.loads(line)
                datetime.datetime.fromisoformat(event["at"])
                if SNAPSHOT_ID.fullmatch(event["id"]):
                    events.append(event)
        return events

    def known_on(self, date: datetime.date) -> str | None:
        """The id of the snapshot that was shown at the end of that day (local time)."""
        try:
            end = datetime.datetime.combine(date, datetime.time.max).astimezone()
        except (OverflowError, ValueError):  # a year that no clock of this machine knows
            return None
        shown = [e["id"] for e in self.events() if datetime.datetime.fromisoformat(e["at"]) <= end]
        return shown[-1] if shown else None

    # --- writing ---
    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """The writer's lock. Refused at once where another process holds it; leftovers of the dead are swept."""
        try:
            for folder in (self.snapshots, self.raw, self.regions):
                if not folder.is_dir():
                    folder.mkdir(parents=True, exist_ok=True)
                    flush(self.folder)
            file = (self.folder / ".lock").open("a+")
        except OSError as error:
            raise FolderError("cannot_write", folder=str(self.folder), reason=error.strerror) from None
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                raise FolderError("busy", folder=str(self.folder), process=file.read().strip() or "?") from None
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            try:
                self._sweep()
            except OSError as error:
                raise FolderError("cannot_write", folder=str(self.folder), reason=error.strerror) from None
            try:
                yield
            except Exception as error:
                with contextlib.suppress(OSError):  # else the next import does it
                    if getattr(error, "code", "") not in GOES_ON:
                        (self.regions / BEGUN).unlink(missing_ok=True)
                    self._sweep()
                raise

    def _sweep(self) -> None:
        for pattern in (".building-*", ".scratch-*"):
            for left in (*self.folder.glob(pattern), *self.snapshots.glob(pattern)):
                shutil.rmtree(left, ignore_errors=True)
        for left in (*self.raw.rglob("*.tmp"), *self.snapshots.glob("*.tmp")):
            left.unlink(missing_ok=True)
        self._finish_publication()
        whole = self.all()
        if len(whole) < len(self.ids()):
            return  # a damaged manifest may be mended from a backup: what it names must still be there then
        try:
            raw = set().union(*(self.manifest(one.id).raw_files for one in whole))  # one after the other in memory
        except FolderError:
            return
        for file in self.raw.rglob("*.parquet"):
            if str(file.relative_to(self.raw)) not in raw:
                file.unlink()
        self._sweep_regions({*(one["file"] for one in self.begun()), BEGUN})

    def _sweep_regions(self, kept: Collection[str] = ()) -> None:
        """Away with what neither a snapshot names nor `kept`."""
        used = set().union(kept, *(one.region_files for one in self.all()))
        for file in self.regions.iterdir():
            if file.name not in used:
                file.unlink()

    def _finish_publication(self) -> None:
        """What a kill between the rename and the log left undone: take the snapshot back, or write the line."""
        if unpublished := self._unpublished():
            shutil.rmtree(self.snapshots / unpublished, ignore_errors=True)
        (self.snapshots / PUBLISHING).unlink(missing_ok=True)
        pointer, logged = self.pointer(), self._logged()
        if pointer and (not logged or logged[-1]["id"] != pointer["id"]):
            event = "restored" if any(line["id"] == pointer["id"] for line in logged) else "published"
            record = next((m.imports[-1] for m in self.all() if m.id == pointer["id"] and m.imports), {})
            who, note = (record.get("who", ""), record.get("note", "")) if event == "published" else ("", "")
            at = datetime.datetime.fromisoformat(pointer["at"])
            self._log(event, pointer["id"], int(pointer["id"].split("-")[0]), at, who, note)

    def require_space(self, incoming: int, building: int = 0) -> None:
        """Refuse before anything is written where the disk would run full.

        `building`: bytes that the databases of the regions had which are built anew.
        """
        current = self.current()
        own = sum(file["bytes"] for file in current.content["files"].values()) if current else 0
        largest = max((one["bytes"] for one in current.regions.values()), default=0) if current else 0
        needed = SPARE_BYTES + 3 * (own + largest) + building + 2 * incoming
        free = shutil.disk_usage(self.folder).free
        if free < needed:
            raise FolderError("no_space", folder=str(self.folder), needed=needed >> 20, free=free >> 20)

    @contextlib.contextmanager
    def building(self) -> Iterator[Path]:
        """A folder for a snapshot under construction, gone again unless it is published."""
        folder = self.snapshots / f".building-{uuid.uuid4().hex[:8]}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def keep_raw(self, table: str, written: Path) -> tuple[str, int]:
        """Move a finished Parquet file to its place, named by its content; (name, bytes)."""
        name, size = _kept(written, self.raw / table)
        return f"{table}/{name}", size

    def keep_region(self, written: Path, made_of: str) -> dict[str, Any]:
        """Move a region's finished database to its place, named by its content; what a manifest says of it."""
        name, size = _kept(written, self.regions)
        region = {"file": name, "bytes": size, "made_of": made_of}
        with (self.regions / BEGUN).open("a", encoding="utf-8") as begun:
            begun.write(json.dumps(region) + "\n")
        return region

    def begun(self) -> list[dict[str, Any]]:
        """What an import that was cut short had built, as manifests name it. A torn line is left out."""
        try:
            lines = (self.regions / BEGUN).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        found = []
        for line in lines:
            with contextlib.suppress(ValueError, TypeError):
                region = json.loads(line)
                if set(region) == {"file", "bytes", "made_of"}:
                    found.append(region)
        return found

    def publish(self, building: Path, content: dict[str, Any], who: str, note: str) -> Manifest:
        """Make the snapshot in `building` the current one (trust in this order, not in luck)."""
        number = 1 + max((int(snapshot_id.split("-")[0]) for snapshot_id in self.ids()), default=0)
        created = now()
        content = {"format": FORMAT, "number": number, "created": created.isoformat(), **content}
        content["id"] = f"{number:06d}-{created:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:6]}"
        (building / PARTITIONS).write_text(json.dumps(content.pop("tables"), ensure_ascii=False), encoding="utf-8")
        content["files"] = {
            path.name: {"bytes": path.stat().st_size, "sha256": sha256_of(path)} for path in sorted(building.iterdir())
        }
        content["seal"] = _seal(content)
        manifest_path = building / MANIFEST
        manifest_path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        failpoint("before_flush")
        for path in building.iterdir():
            flush(path)
        flush(building)
        failpoint("before_rename")
        final = self.snapshots / content["id"]
        begun = self.snapshots / PUBLISHING
        begun.write_text(content["id"], encoding="utf-8")
        flush(begun)
        os.rename(building, final)
        failpoint("after_rename")
        flush(self.snapshots)
        self._point_at(content["id"], final / MANIFEST, created)
        self._shown("published", content["id"], number, created, who, note)
        manifest = Manifest(content, final)
        self._end_begun(manifest)
        return manifest

    def _end_begun(self, published: Manifest) -> None:
        others = {one["file"] for one in self.begun()} - published.region_files
        (self.regions / BEGUN).unlink(missing_ok=True)
        if others and len(self.all()) == len(self.ids()):
            self._sweep_regions()

    def _shown(self, event: str, snapshot_id: str, number: int, at: datetime.datetime, who: str, note: str) -> None:
        """The last steps, after the pointer: an error in one of them no longer undoes what readers see."""
        try:
            flush(self.snapshots)
            failpoint("after_pointer")
            self._log(event, snapshot_id, number, at, who, note)
            failpoint("after_log")
            (self.snapshots / PUBLISHING).unlink(missing_ok=True)
        except OSError as error:
            raise FolderError("published_unsure", number=number, reason=error.strerror) from error

    def restore(self, number: int, who: str, note: str) -> Manifest:
        """Show an earlier snapshot again."""
        with self.locked():
            wanted = next((m for m in self.all() if m.number == number), None)
            if wanted is None:
                known = ", ".join(str(m.number) for m in self.all()) or "–"
                raise FolderError("no_such_snapshot", number=number, known=known)
            self.verify(wanted.id)
            at = now()
            try:
                self._point_at(wanted.id, self.snapshots / wanted.id / MANIFEST, at)
            except OSError as error:
                raise FolderError("write_failed", folder=str(self.folder), reason=error.strerror) from error
            self._shown("restored", wanted.id, number, at, who, note)
            return wanted

    def _point_at(self, snapshot_id: str, manifest: Path, at: datetime.datetime) -> None:
        pointer = {"id": snapshot_id, "manifest_sha256": sha256_of(manifest), "at": at.isoformat()}
        temporary = self.snapshots / f"{POINTER}.tmp"
        temporary.write_text(json.dumps(pointer), encoding="utf-8")
        flush(temporary)
        failpoint("before_pointer")
        os.replace(temporary, self.snapshots / POINTER)

    def _log(self, event: str, snapshot_id: str, number: int, at: datetime.datetime, who: str, note: str) -> None:
        line = {
            "at": at.isoformat(),
            "event": event,
            "id": snapshot_id,
            "number": number,
            "who": who,
            "note": note,
        }
        descriptor = os.open(self.snapshots / LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            # A line that a kill tore stays torn; the next one must not be lost with it.
            torn = (self.snapshots / LOG).read_bytes()[-1:] not in (b"", b"\n")
            whole = ("\n" * torn + json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8")
            if os.write(descriptor, whole) < len(whole):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _seal(content: dict[str, Any]) -> str:
    """Over everything in a manifest but the seal itself: one flipped byte in it does not pass for a whole one."""
    rest = {key: value for key, value in content.items() if key != "seal"}
    return hashlib.sha256(json.dumps(rest, ensure_ascii=False, sort_keys=True).encode("utf-8")).hexdigest()


def _content_name(file: Path) -> str:
    return f"{sha256_of(file)[:32]}{file.suffix}"


def _kept(written: Path, folder: Path) -> tuple[str, int]:
    """Move a finished file into the folder, named by its content; (name, bytes)."""
    size = written.stat().st_size
    place = folder / _content_name(written)
    if not folder.is_dir():
        folder.mkdir()
        flush(folder.parent)
    if not place.exists() or _content_name(place) != place.name:
        flush(written)
        os.replace(written, place)
        flush(folder)
    return place.name, size


def flush(path: Path) -> None:
    """The file's (or folder's) content is on the disk when this returns; an error here is never retried."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
