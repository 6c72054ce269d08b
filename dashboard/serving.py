"""Serve the dashboard with gunicorn: a few processes that all read the same snapshot."""

import socket
from collections.abc import Callable

import flask
from gunicorn.app.base import BaseApplication

from dashboard.access.identity import identify
from dashboard.app import create_app
from dashboard.settings import Settings
from dashboard.snapshots import FolderError
from dashboard.warehouse import Warehouse

THREADS = 2  # a process: two processes of two threads served 20 readers as fast as two of eight, with shorter tails


class _Server(BaseApplication):
    def __init__(self, build: Callable[[], flask.Flask], options: dict[str, object]):
        self._build, self._options = build, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> flask.Flask:
        # In the worker, after the fork: an open database must not be shared between processes.
        return self._build()


def serve(
    warehouse: Warehouse, settings: Settings, host: str, port: int, processes: int, said: Callable[[str], None]
) -> None:
    """Serve until interrupted; `said` is told the address once it is open."""
    if port == 0:
        with socket.create_server((host, 0)) as probe:
            port = probe.getsockname()[1]
    else:
        try:
            socket.create_server((host, port)).close()
        except OSError as error:
            raise FolderError("port_taken", host=host, port=port, reason=error.strerror) from None
    _Server(
        lambda: create_app(warehouse, settings, identify).server,
        {
            "bind": f"{host}:{port}",
            "workers": processes,
            "threads": THREADS,
            "worker_class": "gthread",
            "loglevel": "warning",
            "timeout": 60,
            "graceful_timeout": 10,
            "worker_tmp_dir": None,
            "control_socket_disable": True,
            "when_ready": lambda _server: said(f"http://{host}:{port}"),
        },
    ).run()
