"""Commands that a page has run: each in a process of its own, with a folder under a name that nobody can guess.

    ROOT/<id>/lock     held by the process that is at work, until it ends, however it ends
    ROOT/<id>/regions  whose data they are, as JSON; [] for all

What stands on the disk is all there is: every server process sees the same, and the server may be restarted meanwhile.
"""

import fcntl
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

KEPT_SECONDS = 24 * 3600
PROJECT = Path(__file__).parents[1]
_ID = re.compile(r"[0-9a-f]{32}")


class Homes:
    """The folders of one kind of work, as they are there for somebody of these regions; () for all."""

    def __init__(self, root: Path, most_kept: int, regions: Sequence[str] = ()):
        self._root, self._most_kept, self._regions = root, most_kept, tuple(regions)

    def new(self) -> Path:
        """One whose name is its id; who knows it and is of its regions may take what is in it."""
        home = self._root / secrets.token_hex(16)
        home.mkdir(parents=True, mode=0o700)
        (home / "regions").write_text(json.dumps(self._regions), encoding="utf-8")
        return home

    def find(self, name: str) -> Path | None:
        """None where there is none (any more), where the name is no id, or where it is of other regions."""
        home = self._root / name
        return home if _ID.fullmatch(name) and home.is_dir() and self._is_open(home) else None

    def _is_open(self, home: Path) -> bool:
        """What does not say of which regions it is, is of all."""
        try:
            of = json.loads((home / "regions").read_text(encoding="utf-8"))
        except FileNotFoundError:
            of = []
        return not self._regions or (bool(of) and set(of) <= set(self._regions))

    def all(self) -> list[Path]:
        return [home for home in self._root.iterdir() if home.is_dir()] if self._root.is_dir() else []

    def sweep(self) -> None:
        """Remove what nobody came back for; figures of an office do not lie about."""
        homes = sorted(self.all(), key=lambda home: home.stat().st_mtime, reverse=True)
        for number, home in enumerate(homes):
            is_old = time.time() - home.stat().st_mtime > KEPT_SECONDS
            if (is_old or number >= self._most_kept) and not is_at_work(home):
                shutil.rmtree(home, ignore_errors=True)


def open_lock(home: Path) -> int:
    """The lock, not held yet. FileNotFoundError where the folder is gone."""
    return os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)


def is_at_work(home: Path) -> bool:
    try:
        with (home / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def start(
    arguments: Sequence[str],
    lock: int,
    out: IO[Any] | int,
    errors: IO[Any],
    env: Mapping[str, str],
    afterwards: Callable[[], None] = lambda: None,
) -> None:
    """`python -m dashboard ARGUMENTS`, which goes on where the server is restarted. `lock`: that it holds."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard", *arguments],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=errors,
        env=os.environ | env,
        start_new_session=True,
        pass_fds=(lock,),
    )

    def follow() -> None:
        process.wait()
        afterwards()

    threading.Thread(target=follow, daemon=True).start()
