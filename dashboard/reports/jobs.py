"""Documents that the page asked for, written by the command line in a process of its own.

    DIR/.reports/<id>/making/…  the files, all there once the process has ended
    DIR/.reports/<id>/said.txt   what the command said: how far it is, or why it stopped
    DIR/.reports/<id>/lock       held by the process that is at work

A page does exactly what the command line does; what stands on the disk is all there is, so every server process sees
the same.
"""

import contextlib
import fcntl
import os
import re
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

AT_WORK, WRITTEN, FAILED = ("at_work", "written", "failed")
ID = re.compile(r"[0-9a-f]{32}")
MOST_AT_WORK, MOST_KEPT, KEPT_SECONDS = 2, 20, 24 * 3600
PROJECT = Path(__file__).parents[2]
_SAID = re.compile(r"(\d{1,3})% (.*)")


class BusyError(Exception):
    """As many documents are being written as the machine can bear."""


@dataclass(frozen=True)
class Job:
    """One request as it stands; `percent` and `doing` while it is at work."""

    id: str
    state: str
    percent: int
    doing: str
    files: tuple[tuple[str, int], ...]  # name, bytes
    said: tuple[str, ...]  # what the command said besides how far it is


class Jobs:
    """Those of one data folder."""

    def __init__(self, folder: Path):
        self._data, self._root = folder, folder / ".reports"

    def start(self, arguments: Sequence[str], lang: str) -> str:
        """The id of a new one: `python -m dashboard ARGUMENTS --out …`."""
        self._sweep()
        if sum(map(self._is_locked, self._homes())) >= MOST_AT_WORK:
            raise BusyError
        name = secrets.token_hex(16)  # not to be guessed: who knows it may take the files
        home = self._root / name
        home.mkdir(parents=True, mode=0o700)
        lock = os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "dashboard", "--data", str(self._data.resolve()), *arguments]
        with (home / "said.txt").open("wb") as said:
            process = subprocess.Popen(
                [*command, "--out", str((home / "making").resolve())],
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                env=os.environ | {"MINGJING_LANG": lang},
                start_new_session=True,  # it goes on where the server is restarted
                pass_fds=(lock,),  # held until the process ends, however it ends
            )
        os.close(lock)
        threading.Thread(target=process.wait, daemon=True).start()
        return name

    def read(self, job: str) -> Job | None:
        """How it stands; None where there is none (any more)."""
        home = self._root / job
        if not ID.fullmatch(job) or not home.is_dir():
            return None
        is_running = self._is_locked(home)  # looked at first: what is not running has written all it has
        lines = self._said(home)
        steps = [found for line in lines if (found := _SAID.fullmatch(line))]
        percent, doing = (int(steps[-1][1]), steps[-1][2]) if steps else (0, "")
        said = tuple(line for line in lines if line and not _SAID.fullmatch(line))
        files = self._files(home)
        state = AT_WORK if is_running else WRITTEN if files else FAILED
        return Job(job, state, percent, doing, () if is_running else files, said)

    def path(self, job: str, name: str) -> Path | None:
        """A file of one that is written."""
        found = self.read(job)
        is_there = found is not None and name in dict(found.files)
        return self._root / job / "making" / name if is_there else None

    def _files(self, home: Path) -> tuple[tuple[str, int], ...]:
        folder = home / "making"
        return tuple((f.name, f.stat().st_size) for f in sorted(folder.iterdir())) if folder.is_dir() else ()

    def _said(self, home: Path) -> list[str]:
        with contextlib.suppress(OSError):
            return (home / "said.txt").read_text(encoding="utf-8", errors="replace").splitlines()
        return []

    def _is_locked(self, home: Path) -> bool:
        try:
            with (home / "lock").open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def _homes(self) -> list[Path]:
        return [home for home in self._root.iterdir() if home.is_dir()] if self._root.is_dir() else []

    def _sweep(self) -> None:
        """Remove what nobody came back for; figures of an office do not lie about."""
        homes = sorted(self._homes(), key=lambda home: home.stat().st_mtime, reverse=True)
        for number, home in enumerate(homes):
            is_old = time.time() - home.stat().st_mtime > KEPT_SECONDS
            if (is_old or number >= MOST_KEPT) and not self._is_locked(home):
                shutil.rmtree(home, ignore_errors=True)
