"""An office whose import is killed, starved and corrupted: in processes of their own, as it happens."""

import multiprocessing
import os
import signal
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from dashboard.importing import Options, run_import
from dashboard.settings import Settings
from dashboard.snapshots import FolderError, SnapshotFolder
from dashboard.warehouse import Warehouse
from tests.support import RECEIVED, without_rules

PROJECT = Path(__file__).parents[2]
DEPARTMENTS = "department_id,name,category\nd01,财政局,政府\nd02,公安局,政法\n"
# A fresh process that starts in a tenth of a second: forked from a server that has loaded the modules, and used none.
FRESH = multiprocessing.get_context("forkserver")
FRESH.set_forkserver_preload(["tests.faults.office", "scipy.stats"])


def _import(folder: Path, files: list[Path], failing: str, answer: Connection) -> None:
    os.environ["MINGJING_FAILPOINT"] = failing
    try:
        with without_rules():
            run_import(files, folder, Settings.load(folder), Options(who="clerk"))
        answer.send("published")
    except FolderError as error:
        answer.send(error.code)


def _restore(folder: Path, number: int, failing: str) -> None:
    os.environ["MINGJING_FAILPOINT"] = failing
    SnapshotFolder(folder).restore(number, "clerk", "")


def _look(folder: Path, answer: Connection) -> None:
    shown = Warehouse(folder).current()
    if shown is None:
        answer.send((None, None))
        return
    rows = shown.run("pages/indicator", **RECEIVED)
    figures = set(rows["value"])
    assert len(figures) == 1 and len(rows) == Office.ROWS, f"a torn snapshot is shown: {figures}, {len(rows)} rows"
    answer.send((shown.number, int(figures.pop())))


class Office:
    """`put(n)` writes a file in which every complaint figure is n: a reader that sees two different ones saw half."""

    ROWS = 16  # one a department and quarter

    def __init__(self, base: Path):
        self.base, self.folder, self.file = base, base / "data", base / "complaints.csv"
        base.joinpath("departments.csv").write_text(DEPARTMENTS, encoding="utf-8")
        self.snapshots = SnapshotFolder(self.folder)

    def put(self, figure: int) -> None:
        rows = [f"20{20 + i // 8}Q{i // 2 % 4 + 1},d0{i % 2 + 1},letter,delay,{figure}\n" for i in range(self.ROWS)]
        header = "quarter,department_id,channel,category,received\n"
        self.file.write_text(header + "".join(rows), encoding="utf-8")

    def start(self, failing: str = "") -> tuple[multiprocessing.Process, Connection]:
        """An import in a process of its own, which may be killed or told where to fail (`failpoint`)."""
        answer, sender = FRESH.Pipe(duplex=False)
        files = [self.base / "departments.csv", self.file]
        process = FRESH.Process(target=_import, args=(self.folder, files, failing, sender))
        process.start()
        sender.close()
        return process, answer

    def load(self, failing: str = "") -> str:
        """“published”, the code of the folder's error, or “killed”."""
        process, answer = self.start(failing)
        process.join()
        return "killed" if process.exitcode == -signal.SIGKILL else answer.recv()

    def restore(self, number: int, failing: str = "") -> None:
        process = FRESH.Process(target=_restore, args=(self.folder, number, failing))
        process.start()
        process.join()

    def shown(self) -> tuple[int | None, int | None]:
        """(snapshot number, the figure that every row has) as a fresh process sees them."""
        answer, sender = FRESH.Pipe(duplex=False)
        process = FRESH.Process(target=_look, args=(self.folder, sender))
        process.start()
        sender.close()
        process.join()
        return answer.recv()

    def command(self, *arguments: str, **options) -> subprocess.CompletedProcess:
        """The command line, as a clerk runs it."""
        environment = {**os.environ, "MINGJING_LANG": "en"}
        line = [sys.executable, "-m", "dashboard", "--data", str(self.folder), *arguments]
        return subprocess.run(
            line, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120, **options
        )

    def leftovers(self) -> list[str]:
        """What no snapshot needs: unfinished folders, temporary files, files that no manifest names."""
        whole = self.snapshots.all()
        used = {name for one in whole for name in (*one.raw_files, *one.region_files)}
        published = {event["id"] for event in self.snapshots.events()}
        left = [
            path.name
            for pattern in (".building-*", ".scratch-*", "*.tmp", "*.wal", ".publishing")
            for path in self.folder.rglob(pattern)
        ]
        for kept in (self.snapshots.raw, self.snapshots.regions):
            files = (path for path in kept.rglob("*") if path.is_file())
            left += [str(path) for path in files if str(path.relative_to(kept)) not in used]
        return left + [manifest.id for manifest in whole if manifest.id not in published]
