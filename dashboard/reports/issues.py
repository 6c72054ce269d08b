"""Which public figures were issued, so that what is issued later can be kept safe beside them.

    DIR/issues/0001.json …  one file an issue, whole or not there at all, and never changed
    DIR/issues/lock         held from the look at earlier issues until the new one is recorded

Every public edition that is written counts as issued: nobody can call back a file. A record holds what was published
and also the counts behind it, which tell small ones; it is the office's own, as its snapshots are.
"""

import datetime
import fcntl
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

FOLDER = "issues"
FORMAT = 1
FILE = re.compile(r"(\d{4,})\.json")


class IssueError(Exception):
    """What was issued cannot be told, so nothing may be issued; `code` and `values` are worded by i18n."""

    def __init__(self, code: str, **values: object):
        super().__init__(f"{code}: {values}")
        self.code, self.values = code, values


@dataclass(frozen=True)
class Issue:
    """A public edition as it was issued. Cells are named as `PublicFacts.released` names them."""

    region: str
    quarter: str
    edition: int  # of the quarter: the same figures issued again, in another language, are the same edition
    replaces: str  # the day on which another edition of the quarter was issued before it, '' of the first
    snapshot: str
    snapshot_number: int
    released: Mapping[str, float]
    complaints: Mapping[str, Mapping[str, float]] = field(repr=False)  # department → category → count, all of them
    ballots: Mapping[str, float] = field(repr=False)  # department → count, all of them
    withheld: Mapping[str, tuple[str, ...]]  # 'departments', 'categories', 'whole', 'ballots' → what was not published
    files: Mapping[str, str] = field(default_factory=dict)  # name → SHA-256
    at: str = ""  # ISO, UTC

    @property
    def day(self) -> str:
        """By the clock of this machine, as ISO."""
        return datetime.datetime.fromisoformat(self.at).astimezone().date().isoformat()


class Issues:
    """Those of one data folder."""

    def __init__(self, folder: Path):
        self._folder = folder / FOLDER

    def read(self, region: str | None = None) -> tuple[Issue, ...]:
        """Of a region or of all, in their order. `IssueError` where a record cannot be read."""
        found = []
        for _, path in self._files():
            try:
                values = json.loads(path.read_text(encoding="utf-8"))
                if values.pop("format") != FORMAT:
                    raise ValueError
                values["withheld"] = {name: tuple(names) for name, names in values["withheld"].items()}
                found.append(Issue(**values))
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                raise IssueError("issue_broken", file=str(path)) from None
        return tuple(one for one in found if region in (None, one.region))

    @contextmanager
    def held(self) -> Iterator[None]:
        """While one issue is being made no other is: each must know what was issued before it."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def record(self, issue: Issue, files: Mapping[str, bytes]) -> None:
        """Before the files leave: an issue that is recorded and never came out does no harm."""
        digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        at = datetime.datetime.now(datetime.UTC).replace(microsecond=0).isoformat()
        values = {"format": FORMAT, **asdict(issue), "files": digests, "at": at}
        number = max((number for number, _ in self._files()), default=0) + 1
        with tempfile.NamedTemporaryFile("w", dir=self._folder, delete=False, encoding="utf-8") as half:
            json.dump(values, half, ensure_ascii=False)
            half.flush()
            os.fsync(half.fileno())
        try:
            os.link(half.name, self._folder / f"{number:04}.json")  # never over another one
        finally:
            os.unlink(half.name)
        folder = os.open(self._folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def _files(self) -> list[tuple[int, Path]]:
        if not self._folder.is_dir():
            return []
        return sorted((int(name[1]), path) for path in self._folder.iterdir() if (name := FILE.fullmatch(path.name)))
