"""Full disks, folders that cannot be written, two writers, many readers."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading

import pytest

from dashboard.warehouse import Warehouse
from tests.faults.office import PROJECT
from tests.support import RECEIVED


def own_mounts() -> bool:
    """Whether this machine lets us mount a small disk (Linux, user namespaces or root)."""
    if not shutil.which("unshare"):
        return False
    return subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode == 0


def in_own_mounts(script: str, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", *arguments],
        cwd=PROJECT,
        env={**os.environ, "MINGJING_LANG": "en", "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=120,
    )


needs_mounts = pytest.mark.skipif(not own_mounts(), reason="no mounts of our own here")


def limited_to(size: int):
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@pytest.mark.parametrize("size", [0, 30_000, 300_000])
def test_a_write_that_comes_up_short_changes_nothing(office, size):
    """The limit on a file's size stands for a disk that fills while it is written."""
    office.put(2)
    failed = office.command("import", str(office.file), preexec_fn=limited_to(size))
    assert failed.returncode == 1
    assert "are as they were" in failed.stderr and "Traceback" not in failed.stderr
    assert office.shown() == (1, 1)
    assert office.load() == "published"
    assert office.shown() == (2, 2)
    assert office.leftovers() == []


@needs_mounts
@pytest.mark.parametrize(("room", "said"), [("20m", "MiB left"), ("full", "full. The unfinished part was removed")])
def test_a_full_disk_is_named_and_what_was_shown_stays(office, room, said):
    """“full”: there was room when the import looked, and none when it wrote."""
    office.put(2)
    script = """
        mount -t tmpfs -o size=${ROOM} tmpfs "$3" && cp -r "$1/." "$3" || exit 99
        if [ "$4" = full ]; then
            "$PYTHON" -c 'if True:
                import sys
                from dashboard import snapshots
                from dashboard.__main__ import main
                def fill(name):
                    if name == "before_raw":
                        with open(sys.argv[1] + "/ballast", "wb", buffering=0) as file:
                            try:
                                while file.write(bytes(4096)): pass
                            except OSError: pass
                snapshots.failpoint = fill
                import dashboard.importing.run as run
                run.failpoint = fill
                main(["--data", sys.argv[1], "import", sys.argv[2]])' "$3" "$2"
        else "$PYTHON" -m dashboard --data "$3" import "$2"; fi
        echo "status $?"
        rm -f "$3/ballast"
        "$PYTHON" -m dashboard --data "$3" query corrections --format csv | wc -l
        "$PYTHON" -m dashboard --data "$3" snapshots list --format csv
        find "$3" -name '.building-*' -o -name '.scratch-*' -o -name '*.tmp'
    """
    disk = office.base / "disk"
    disk.mkdir()
    script = script.replace("${ROOM}", "80m" if room == "full" else room)
    done = in_own_mounts(script, str(office.folder), str(office.file), str(disk), room)
    assert done.returncode == 0, done.stderr
    assert said in done.stderr
    assert "status 1" in done.stdout
    assert done.stdout.count("\n1,True,") == 1 and "\n2," not in done.stdout
    assert ".building" not in done.stdout and ".scratch" not in done.stdout and ".tmp" not in done.stdout


@needs_mounts
def test_a_folder_that_cannot_be_written_still_shows_its_figures(office):
    """A read-only mount, not modes: an administrator may write in spite of those."""
    office.put(2)
    script = """
        mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 99
        "$PYTHON" -m dashboard --data "$1" import "$2"; echo "status $?"
        "$PYTHON" -m dashboard --data "$1" import --dry-run "$2"; echo "status $?"
        "$PYTHON" -m dashboard --data "$1" snapshots restore 1; echo "status $?"
        "$PYTHON" -m dashboard --data "$1" indicator complaints_received --quarter 2021Q4 --format json
    """
    done = in_own_mounts(script, str(office.folder), str(office.file))
    lines = done.stdout.splitlines()
    assert lines[:3] == ["status 1", "status 0", "status 1"], done.stderr
    assert done.stderr.count("Cannot write to") == 2 and "Traceback" not in done.stderr
    assert {row["value"] for row in json.loads("\n".join(lines[3:]))} == {1}


def test_of_two_imports_at_once_one_is_refused_and_told_by_whom(office):
    office.put(2)
    first, answer = office.start("before_raw:sleep")
    lock = office.folder / ".lock"
    while lock.read_text() != str(first.pid) and first.is_alive():
        pass
    second = office.command("import", str(office.file))
    first.join()
    assert (second.returncode, answer.recv()) == (1, "published")
    assert f"process {first.pid}" in second.stderr
    assert office.shown() == (2, 2)
    assert office.leftovers() == []


def test_twenty_readers_see_whole_snapshots_while_an_import_publishes(office):
    warehouse, torn, seen, stop = Warehouse(office.folder), [], set(), threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                rows = warehouse.current().run("pages/indicator", **RECEIVED)
                values = set(rows["value"])
                seen.update(values)
                if len(values) != 1 or len(rows) != office.ROWS:
                    torn.append((values, len(rows)))
            except Exception as error:  # a thread's own failure must fail the test
                torn.append(error)

    readers = [threading.Thread(target=read) for _ in range(20)]
    for reader in readers:
        reader.start()
    for figure in (2, 3):
        office.put(figure)
        assert office.load() == "published"
    while 3 not in seen and not torn:
        pass
    stop.set()
    for reader in readers:
        reader.join()
    assert torn == []
    assert seen <= {1, 2, 3}
