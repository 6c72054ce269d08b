"""Documents that the page asked for, written by the command line in a process of its own.

    DIR/.reports/<id>/making/…  the files, all there once the process has ended
    DIR/.reports/<id>/said.txt   what the command said: how far it is, or why it stopped
    DIR/.reports/<id>/lock       (`dashboard.jobs`)

A page does exactly what the command line does.
"""

import contextlib
import fcntl
import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dashboard.jobs import Homes, is_at_work, open_lock, start

AT_WORK, WRITTEN, FAILED = ("at_work", "written", "failed")
MOST_AT_WORK, MOST_KEPT = 2, 20
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
    """Those of one data folder, as they are there for somebody of these regions; () for all."""

    def __init__(self, folder: Path, regions: Sequence[str] = ()):
        self._data, self._homes = folder, Homes(folder / ".reports", MOST_KEPT, regions)

    def start(self, arguments: Sequence[str], lang: str) -> str:
        """The id of a new one: `python -m dashboard ARGUMENTS --out …`."""
        self._homes.sweep()
        if sum(map(is_at_work, self._homes.all())) >= MOST_AT_WORK:
            raise BusyError
        home = self._homes.new()
        lock = open_lock(home)
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = ["--data", str(self._data.resolve()), *arguments, "--out", str((home / "making").resolve())]
        with (home / "said.txt").open("wb") as said:
            start(command, lock, subprocess.DEVNULL, said, {"MINGJING_LANG": lang})
        os.close(lock)
        return home.name

    def read(self, job: str) -> Job | None:
        """How it stands; None where there is none (any more)."""
        home = self._homes.find(job)
        if home is None:
            return None
        is_running = is_at_work(home)  # looked at first: what is not running has written all it has
        lines = self._said(home)
        steps = [found for line in lines if (found := _SAID.fullmatch(line))]
        percent, doing = (int(steps[-1][1]), steps[-1][2]) if steps else (0, "")
        said = tuple(line for line in lines if line and not _SAID.fullmatch(line))
        files = self._files(home)
        state = AT_WORK if is_running else WRITTEN if files else FAILED
        return Job(job, state, percent, doing, () if is_running else files, said)

    def path(self, job: str, name: str) -> Path | None:
        """A file of one that is written."""
        found, home = self.read(job), self._homes.find(job)
        return home / "making" / name if home and found and name in dict(found.files) else None

    def _files(self, home: Path) -> tuple[tuple[str, int], ...]:
        folder = home / "making"
        return tuple((f.name, f.stat().st_size) for f in sorted(folder.iterdir())) if folder.is_dir() else ()

    def _said(self, home: Path) -> list[str]:
        with contextlib.suppress(OSError):
            return (home / "said.txt").read_text(encoding="utf-8", errors="replace").splitlines()
        return []
