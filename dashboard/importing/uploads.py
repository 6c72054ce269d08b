"""Files that came in through the page: kept aside, checked by a dry run, imported when somebody confirms.

    DIR/.uploads/<id>/files/…       as they were sent, under names of their own folder
    DIR/.uploads/<id>/state.json    what was sent and, once confirmed, by whom
    DIR/.uploads/<id>/check.jsonl   the events of the dry run (`events`)
    DIR/.uploads/<id>/import.jsonl  … and of the import
    DIR/.uploads/<id>/lock          held by the process that is at work (`dashboard.jobs`)

Both runs are `python -m dashboard import` in a process of their own, so a page does exactly what the command line does
and no server process opens a database for writing.
"""

import contextlib
import datetime
import fcntl
import json
import os
import re
import shutil
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from dashboard.importing.events import DONE, FAILED, LAST, REFUSED, read_events
from dashboard.importing.reading import CSV_SUFFIXES, WORKBOOK_SUFFIXES
from dashboard.importing.run import NO_SNAPSHOT
from dashboard.jobs import Homes, is_at_work, open_lock, start
from dashboard.snapshots import SPARE_BYTES, SnapshotFolder, sha256_of
from dashboard.store.trace import Doer

CHECKING, FAULTY, CHECKED, IMPORTING, PUBLISHED, UNCHANGED, BROKEN, CUT_SHORT = PHASES = (
    *("checking", "faulty", "checked", "importing"),
    *("published", "unchanged", "broken", "cut_short"),
)
AT_WORK = (CHECKING, IMPORTING)
SUFFIXES = CSV_SUFFIXES | WORKBOOK_SUFFIXES | {".zip", ".xlsm"}  # the last to be told that macros are refused
LONGEST_NAME, LONGEST_WHO, LONGEST_NOTE = 80, 40, 300
MOST_FILES, MOST_AT_WORK, MOST_KEPT = 200, 2, 50
RECEIVING_SECONDS = 600.0  # without a byte for so long, an upload is not coming in any more
ENDING_SECONDS = 10.0  # from the last line of a process to its end


class UploadError(Exception):
    """Why an upload is not taken; `code` and `values` are worded by i18n (`data.upload.error.<code>`)."""

    def __init__(self, code: str, **values: object):
        super().__init__(f"{code}: {values}")
        self.code, self.values = code, values


@dataclass(frozen=True)
class Upload:
    """One upload as it stands."""

    id: str
    phase: str
    files: tuple[dict[str, Any], ...]  # name, bytes, sha256
    base: str  # the snapshot that the dry run was made against; "" before the first import
    who: str = ""
    note: str = ""
    last: dict[str, Any] | None = None  # the last event of the run that the phase is about
    checked: dict[str, Any] | None = None  # the last event of the dry run, where that is over

    @property
    def is_at_work(self) -> bool:
        return self.phase in AT_WORK


class Uploads:
    """The uploads of one data folder."""

    def __init__(self, folder: Path, doer: Doer | None = None, regions: Sequence[str] = ()):
        """`doer`: who asks for what is imported, for the trace; `regions`: whose data those are, () for all."""
        self._regions = tuple(regions)
        self._data, self._doer = folder, doer or Doer()
        self._homes = Homes(folder / ".uploads", MOST_KEPT, self._regions)

    # --- receiving ---------------------------------------------------------------------------------------------
    def begin(self, length: int) -> str:
        """The id of a new upload of `length` bytes. What is too old is removed first."""
        self._homes.sweep()
        homes = self._homes.all()
        to_come = [self._to_come(home) for home in homes if self._is_received(home)]
        if sum(map(is_at_work, homes)) + len(to_come) >= MOST_AT_WORK:
            raise UploadError("at_work")
        self._data.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self._data).free < SPARE_BYTES + 3 * (length + sum(to_come)):
            raise UploadError("no_space")
        home = self._homes.new()
        (home / "files").mkdir(mode=0o700)
        (home / "length").write_text(str(length), encoding="utf-8")
        return home.name

    def open(self, upload: str, name: str) -> BinaryIO:
        """A new file of the upload, to be written. Its place is ours; what remains of `name` is for messages."""
        folder = self._home(upload) / "files"
        if len(list(folder.iterdir())) >= MOST_FILES:
            raise UploadError("too_many_files", most=MOST_FILES)
        plain = _safe_name(name)
        path, number = folder / plain, 2
        while path.exists():
            path, number = folder / f"{Path(plain).stem} ({number}){Path(plain).suffix}", number + 1
        return path.open("xb+")

    def check(self, upload: str) -> None:
        """Begin the dry run of what was received."""
        home = self._home(upload)
        with self._held(home) as lock:
            self._check(home, lock)

    def _check(self, home: Path, lock: int) -> None:
        files = self._files(home)
        if not files:
            raise UploadError("no_file")
        sent = [{"name": f.name, "bytes": f.stat().st_size, "sha256": sha256_of(f)} for f in files]
        current = SnapshotFolder(self._data).current()
        self._write(home, {"at": _now(), "files": sent, "base": current.id if current else ""})
        self._start(home, lock, "check", "--dry-run")

    # --- what comes of it --------------------------------------------------------------------------------------
    def confirm(self, upload: str, who: str, note: str) -> None:
        """Import what was checked. `UploadError` where it is not ready, or nobody says who they are."""
        home, who, note = self._home(upload), _line(who, LONGEST_WHO), _line(note, LONGEST_NOTE)
        with self._held(home) as lock:  # of two who confirm at once, the second finds that it is no longer to be done
            found = self._as_it_stands(home, is_running=False)
            if found is None or found.phase != CHECKED:
                raise UploadError("not_ready")
            if not who:
                raise UploadError("no_name")
            state = self._state(home)
            self._write(home, {**state, "who": who, "note": note, "confirmed": _now()})
            options = (f"--by={who}", f"--note={note}", f"--base={found.base or NO_SNAPSHOT}")
            self._start(home, lock, "import", *options)

    def check_again(self, upload: str) -> None:
        """A new dry run of the same files, after the data they were held against have moved on."""
        home = self._home(upload)
        with self._held(home) as lock:
            if not self._state(home) or not self._files(home):
                raise UploadError("not_ready")
            for run in ("check", "import"):  # what they said no longer holds
                (home / f"{run}.jsonl").unlink(missing_ok=True)
            self._check(home, lock)

    def discard(self, upload: str) -> None:
        """Remove what was sent. What is being imported is not stopped."""
        home = self._home(upload)
        with self._held(home):
            shutil.rmtree(home, ignore_errors=True)

    def read(self, upload: str) -> Upload | None:
        """How it stands; None where there is no such upload (any more)."""
        home = self._homes.find(upload)
        # looked at first: what is not running has written its last line
        return self._as_it_stands(home, is_at_work(home)) if home else None

    def _as_it_stands(self, home: Path, is_running: bool) -> Upload | None:
        if not (state := self._state(home)):
            return None
        checks = read_events(home / "check.jsonl")
        checked = checks[-1] if checks and checks[-1]["event"] in LAST else None
        confirmed = "confirmed" in state
        events = read_events(home / "import.jsonl") if confirmed else checks
        last = events[-1] if events else None
        phase = self._phase(last, confirmed, is_running, state)
        who, note = state.get("who", ""), state.get("note", "")
        return Upload(home.name, phase, tuple(state["files"]), state["base"], who, note, last, checked)

    def _phase(self, last: dict[str, Any] | None, confirmed: bool, is_running: bool, state: dict[str, Any]) -> str:
        event = last["event"] if last else ""
        if event == REFUSED:
            return FAULTY
        if event == FAILED:
            return BROKEN
        if event == DONE and confirmed:
            return PUBLISHED if last["snapshot"] else UNCHANGED
        if event == DONE:
            return CHECKED
        if is_running:
            return IMPORTING if confirmed else CHECKING
        return PUBLISHED if confirmed and self._came_in(state) else CUT_SHORT

    def _came_in(self, state: dict[str, Any]) -> bool:
        """Whether the import was published and only its last line is missing: killed between the two."""
        current = SnapshotFolder(self._data).current()
        sent = sorted(file["sha256"] for file in state["files"])
        since = datetime.datetime.fromisoformat(state["confirmed"])
        return any(
            sorted(source["sha256"] for source in one["sources"]) == sent
            and datetime.datetime.fromisoformat(one["at"]) >= since
            for one in (current.imports if current else [])
        )

    # --- processes ---------------------------------------------------------------------------------------------
    def _start(self, home: Path, lock: int, run: str, *options: str) -> None:
        command = ["--data", str(self._data.resolve()), "import", *options]
        command += [f"--region={region}" for region in self._regions]
        command += ["--format", "json", "--", *(str(file.resolve()) for file in self._files(home))]
        # archives are unpacked here too; and the trace says for whom it is done
        env = {"TMPDIR": str(home.resolve()), **self._doer.environment()}
        with (home / f"{run}.jsonl").open("wb") as out, (home / f"{run}.err").open("wb") as errors:
            start(command, lock, out, errors, env, lambda: _tidy(home, run))

    @contextlib.contextmanager
    def _held(self, home: Path) -> Iterator[int]:
        """Nobody else works on the upload meanwhile; a process that was started goes on holding it."""
        lock = self._locked(home)
        try:
            yield lock
        finally:
            os.close(lock)

    def _locked(self, home: Path) -> int:
        try:
            lock = open_lock(home)
        except FileNotFoundError:  # discarded meanwhile
            raise UploadError("gone") from None
        until = time.monotonic() + ENDING_SECONDS
        while time.monotonic() < until:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return lock
            time.sleep(0.05)
        os.close(lock)
        raise UploadError("not_ready")

    # --- the folder --------------------------------------------------------------------------------------------
    def _home(self, upload: str) -> Path:
        if (home := self._homes.find(upload)) is None:
            raise UploadError("gone")
        return home

    def _is_received(self, home: Path) -> bool:
        """Whether its files are still coming in; what was cut off without a word counts for a while only."""
        if (home / "state.json").exists():
            return False
        with contextlib.suppress(OSError):  # removed while we look
            last = max(path.stat().st_mtime for path in (home, home / "files", *self._files(home)))
            return time.time() - last < RECEIVING_SECONDS
        return False

    def _to_come(self, home: Path) -> int:
        """The bytes that were announced, 0 where that is not written yet."""
        try:
            return int((home / "length").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return 0

    def _files(self, home: Path) -> list[Path]:
        return sorted((home / "files").iterdir()) if (home / "files").is_dir() else []

    def _state(self, home: Path) -> dict[str, Any]:
        try:
            return json.loads((home / "state.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}

    def _write(self, home: Path, state: dict[str, Any]) -> None:
        temporary = home / "state.tmp"
        temporary.write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
        os.replace(temporary, home / "state.json")


def _tidy(home: Path, run: str) -> None:
    """What was published is kept as Parquet, so the files that were sent can go."""
    events = read_events(home / f"{run}.jsonl")
    if run == "import" and events and events[-1]["event"] == DONE:
        shutil.rmtree(home / "files", ignore_errors=True)


def _safe_name(name: str) -> str:
    """What remains of a file's name: no folder, no control characters, not hidden, not long."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    plain = re.sub(r'[\x00-\x1f\x7f<>:"|?*]', "", plain).strip(" .~$")
    suffix = Path(plain).suffix.lower()
    if suffix not in SUFFIXES:
        raise UploadError("file_type", name=plain[:LONGEST_NAME])
    return f"{Path(plain).stem[:LONGEST_NAME]}{suffix}"


def _line(text: str, longest: int) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", str(text)).split())[:longest]


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0).isoformat()
