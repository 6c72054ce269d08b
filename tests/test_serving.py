"""The server stays up: a process that dies, hangs or stands still is replaced, and nothing is cut off when it ends."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import PROJECT

# A server of two processes that answers with its process; its limits are seconds, so that nobody waits long.
OFFICE = """
import os, sys, threading, time
from pathlib import Path
import flask
from dashboard import serving
from dashboard.operation.errors import register_errors
from dashboard.operation.turnstile import Limits, Turnstile
from dashboard.operation.meters import Meters

limits = Limits(longest=1.5, grace=3, heartbeat=2)

def build():
    server, meters = flask.Flask("office"), Meters()
    register_errors(server, "/api")

    @server.get("/")
    def process():
        return str(os.getpid())

    @server.get("/slow")
    def slow():
        print("begun", flush=True)
        time.sleep(1)
        return "done"

    @server.get("/hang")
    def hang():
        threading.Event().wait()

    @server.get("/metrics")
    def metrics():
        return meters.text(None)

    return Turnstile(server.wsgi_app, meters, "v1", limits)

serving.run(build, limits, "127.0.0.1", 0, 2, lambda address: print(address, flush=True), Path(sys.argv[1]))
"""


class Server:
    def __init__(self, log: Path):
        self.log = log
        command = [sys.executable, "-c", OFFICE, str(log)]
        self.process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()

    def ask(self, path: str = "/") -> str:
        with urllib.request.urlopen(self.address + path, timeout=30) as answer:
            return answer.read().decode()

    def workers(self) -> set[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(child) for child in children.read_text(encoding="ascii").split()}

    def replaced(self, gone: int) -> None:
        """Wait until another process has come for one that is gone, and answer all the time."""
        until = time.monotonic() + 60
        while gone in self.workers() or len(self.workers()) < 2:
            assert time.monotonic() < until, "nothing came for it"
            time.sleep(0.05)
        assert int(self.ask()) in self.workers()

    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("journal") / "journal")
    yield started
    started.process.terminate()
    assert started.process.wait(60) == 0


def test_a_process_that_is_killed_comes_back(server):
    gone = int(server.ask())
    os.kill(gone, signal.SIGKILL)
    server.replaced(gone)


def test_a_process_that_stands_still_is_replaced(server):
    gone = int(server.ask())
    os.kill(gone, signal.SIGSTOP)
    server.replaced(gone)


def test_a_process_with_a_request_that_never_ends_is_replaced_and_the_journal_says_where_it_hung(server):
    before = server.workers()
    with pytest.raises((urllib.error.URLError, OSError)):
        server.ask("/hang")
    (hung,) = [line for line in server.lines() if line["event"] == "hung"]
    assert (hung["level"], hung["path"]) == ("critical", "/hang") and "in hang" in hung["stack"]
    assert hung["worker"] in before
    server.replaced(hung["worker"])


def test_figures_are_those_of_all_processes_and_every_request_has_its_line(server):
    for _ in range(20):
        server.ask()
    count = sum(line.get("path") == "/" for line in server.lines())
    assert f'mingjing_requests_total{{method="GET",route="/",status="200"}} {count}.0' in server.ask("/metrics")


def test_who_is_being_answered_when_the_server_ends_gets_the_whole_answer(server):
    answers = []
    asking = threading.Thread(target=lambda: answers.append(server.ask("/slow")))
    asking.start()
    assert server.process.stdout.readline() == "begun\n"
    server.process.terminate()
    asking.join(30)
    assert answers == ["done"]
    assert server.process.wait(30) == 0
    with pytest.raises(urllib.error.URLError):
        server.ask()


def test_a_process_ends_also_where_the_database_was_used_before_it_was_forked():
    """Python's own way out would wait for the database's threads, which a child does not have."""
    program = (
        "import os, duckdb\n"
        "from dashboard import serving\n"
        "duckdb.connect().execute('select sum(i) from range(3000000) t(i)').fetchall()\n"
        "if os.fork() == 0:\n"
        "    serving._leave(None, None)\n"
        "print(os.wait()[1])\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert ended.stdout == "0\n", ended.stderr
