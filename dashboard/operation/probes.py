"""Whether the server is there, whether it is ready, and its figures: three addresses for machines."""

import ipaddress
from collections.abc import Sequence

import flask

from dashboard.access.gate import open_to_all
from dashboard.operation.meters import Meters
from dashboard.store import Store, StoreError
from dashboard.warehouse import Warehouse

FIGURES = "text/plain; version=0.0.4; charset=utf-8"


def register_probes(
    server: flask.Flask, warehouse: Warehouse, store: Store, meters: Meters, metrics_from: Sequence[str]
) -> None:
    """/health, /ready and /metrics."""
    networks = [ipaddress.ip_network(address, strict=False) for address in metrics_from]

    @server.get("/health")
    @open_to_all
    def health() -> flask.Response:
        return _plain("ok")

    @server.get("/ready")
    @open_to_all
    def ready() -> flask.Response:
        if trouble := _trouble(warehouse, store):
            return _plain(trouble, 503)
        return _plain("ready")

    @server.get("/metrics")
    @open_to_all
    def metrics() -> flask.Response:
        asks = _asks(flask.request)
        if asks is None or not (asks.is_loopback or any(asks in network for network in networks)):
            flask.abort(403)
        return flask.Response(meters.text(warehouse.current()), content_type=FIGURES)


def _plain(word: str, status: int = 200) -> flask.Response:
    return flask.Response(word, status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


def _trouble(warehouse: Warehouse, store: Store) -> str:
    """A code word for what keeps the server from showing what it should; '' where nothing does."""
    snapshot = warehouse.current()
    if snapshot is None:
        return "no_snapshot"
    if snapshot.fell_back:
        return "fell_back"
    try:
        store.require_sound()
    except StoreError:
        return "store"
    return ""


def _asks(request: flask.Request) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Who asks: the other end of the line or, where that is a proxy on this machine, whom it names; None where it
    names nobody."""
    try:
        found = ipaddress.ip_address(request.remote_addr or "")
        if found.is_loopback and {"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} & set(request.headers.keys()):
            found = ipaddress.ip_address(request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip())
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
