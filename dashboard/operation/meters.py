"""Figures about the server in the Prometheus format; those of all its processes are read from any of them.

Nothing of the office's data is among them, and no label comes from what is asked: routes are the program's own.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dashboard.warehouse import Snapshot

METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.4, 0.6, 1.0, 2.0, 5.0, 10.0, 30.0)
SHARED = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name for the folder through which processes share figures


class Meters:
    """Those of one process."""

    def __init__(self) -> None:
        # When it is imported the library looks whether processes share their figures: not before the server says so.
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self._own = CollectorRegistry()
        labels = ["route", "method", "status"]
        self._requests = Counter("mingjing_requests", "Requests answered", labels, registry=self._own)
        self._seconds = Histogram(
            "mingjing_request_seconds",
            "From the arrival of a request in a thread until its answer is made",
            ["route"],
            buckets=BUCKETS,
            registry=self._own,
        )
        self._busy = Counter("mingjing_busy", "Requests refused because too many others wait", registry=self._own)
        self.in_flight = Gauge(
            *("mingjing_in_flight", "Requests that run or wait"), registry=self._own, multiprocess_mode="livesum"
        )
        self._memory = Gauge(
            *("mingjing_worker_resident_bytes", "Memory of a server process"),
            registry=self._own,
            multiprocess_mode="liveall",
        )

    def count(self, route: str, method: str, status: str, seconds: float, is_refused: bool) -> None:
        """One request that was answered."""
        self._requests.labels(route, method if method in METHODS else "other", status).inc()
        if is_refused:
            self._busy.inc()
        else:
            self._seconds.labels(route).observe(seconds)

    def weigh(self) -> None:
        """Note how much memory this process has."""
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        self._memory.set(pages * os.sysconf("SC_PAGE_SIZE"))

    def text(self, snapshot: Snapshot | None) -> bytes:
        """All figures of all processes, and which snapshot is shown."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        self.weigh()
        registry = self._own
        if os.environ.get(SHARED):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)
        shown = CollectorRegistry()
        shown.register(_Shown(snapshot))
        return generate_latest(registry) + generate_latest(shown)


class _Shown:
    """The snapshot as figures: they are read when somebody asks, not kept."""

    def __init__(self, snapshot: Snapshot | None):
        self._snapshot = snapshot

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        if self._snapshot is not None:
            age = time.time() - self._snapshot.created.timestamp()
            yield GaugeMetricFamily("mingjing_snapshot_number", "Number of the snapshot shown", self._snapshot.number)
            yield GaugeMetricFamily("mingjing_snapshot_age_seconds", "Since the snapshot shown was built", age)
