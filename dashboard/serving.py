"""Serve the dashboard with gunicorn: a few processes that all read the same snapshot, replaced where they fail."""

import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import scipy.stats  # noqa: F401  # else read when it is first needed: here before processes are forked
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from dashboard.access.identity import identify
from dashboard.app import create_app
from dashboard.operation import journal
from dashboard.operation.meters import SHARED
from dashboard.operation.turnstile import Limits, Turnstile
from dashboard.settings import Settings
from dashboard.snapshots import FolderError
from dashboard.warehouse import Warehouse

# Beside those that compute or wait, threads that send files, answer probes and refuse.
SPARE_THREADS = 14
QUEUE = 128  # connections that the system keeps for processes that do not take them
_SAID = logging.getLogger("dashboard.server")


class _Server(BaseApplication):
    def __init__(self, build: Callable[[], Turnstile], options: dict[str, object]):
        self._build, self._options = build, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Turnstile:
        # In the worker, after the fork: an open database must not be shared between processes.
        turnstile = self._build()
        threading.Thread(target=_watch, args=(turnstile,), daemon=True).start()
        return turnstile


class _Journal(Logger):
    """What gunicorn says goes where everything else goes."""

    def setup(self, cfg: Any) -> None:
        self._access_log_enabled = False  # the turnstile writes a line a request
        self.error_log.propagate = True
        self.error_log.setLevel(logging.WARNING)


def serve(
    warehouse: Warehouse,
    settings: Settings,
    host: str,
    port: int,
    processes: int,
    said: Callable[[str], None],
    log: Path | None = None,
) -> None:
    """Serve until interrupted; `said` is told the address once it is open. `log`: the file of the journal, standard
    error if not given."""
    limits = Limits()
    run(
        lambda: create_app(warehouse, settings, identify, limits=limits).server.config["TURNSTILE"],
        limits,
        host,
        port,
        processes,
        said,
        log,
    )


def run(
    build: Callable[[], Turnstile],
    limits: Limits,
    host: str,
    port: int,
    processes: int,
    said: Callable[[str], None],
    log: Path | None,
) -> None:
    """Serve what `build` makes in each process."""
    if port == 0:
        with socket.create_server((host, 0)) as probe:
            port = probe.getsockname()[1]
    else:
        try:
            socket.create_server((host, port)).close()
        except OSError as error:
            raise FolderError("port_taken", host=host, port=port, reason=error.strerror) from None
    try:
        journal.keep(log)
    except OSError as error:
        raise FolderError("no_log", file=str(log), reason=error.strerror) from None
    figures = os.environ[SHARED] = tempfile.mkdtemp(prefix="mingjing-figures-")
    _Server(
        build,
        {
            "bind": f"{host}:{port}",
            "workers": processes,
            "threads": limits.working + limits.waiting + SPARE_THREADS,
            "worker_class": "gthread",
            "backlog": QUEUE,
            "logger_class": _Journal,
            "timeout": max(1, round(limits.heartbeat)),
            "graceful_timeout": max(1, round(limits.grace)),
            "worker_tmp_dir": None,
            "control_socket_disable": True,
            "when_ready": lambda _server: said(f"http://{host}:{port}"),
            "child_exit": _forget,
            "worker_exit": _leave,
            "on_exit": lambda _server: shutil.rmtree(figures, ignore_errors=True),
        },
    ).run()


def _forget(_server: Any, worker: Any) -> None:
    """What a process that is gone says of its present state no longer counts."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def _leave(_server: Any, _worker: Any) -> None:
    """All requests are answered. Python's own way out would wait half a minute, until it is killed: DuckDB joins the
    threads that the process had before the fork, and a child has none of them."""
    logging.shutdown()
    os._exit(0)


def _watch(turnstile: Turnstile) -> None:
    """gunicorn sees only whether a process lives: one with a request that never ends is ended here, and replaced."""
    while not (hung := turnstile.overdue()):
        turnstile.meters.weigh()
        time.sleep(min(1.0, turnstile.limits.longest))
    stacks = sys._current_frames()
    for thread, one in hung.items():
        stack = "".join(traceback.format_stack(stacks[thread])) if thread in stacks else ""
        path = journal.SECRET_NAME.sub(r"\1…", one.path)[: journal.LONGEST_PATH]
        fields = {"id": one.id, "path": path, "stack": stack[-journal.LONGEST_STACK :]}
        _SAID.critical("hung", extra={"fields": fields})
    os.kill(os.getpid(), signal.SIGTERM)  # takes no more; what else runs is answered
    time.sleep(turnstile.limits.grace)
    os._exit(1)  # not sys.exit, which waits for every thread
