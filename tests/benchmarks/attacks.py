"""What comes of hostile requests: every parameter of every address and callback with what attackers send.

    python -m tests.benchmarks.attacks [--requests 20000] [--data DIR]

A table: kind of attack, requests, answers by their class, and the slowest. “busy” (503) is meant where much is asked at
once; no other answer of the server's own failure (5xx) is expected anywhere, and each one that comes is printed with
what caused it. Nothing is asserted: tests/access does that.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dash

from dashboard import api
from dashboard.__main__ import main as run_command
from dashboard.access.actors import ALONE, Actor, roles
from dashboard.access.gate import UPDATE
from dashboard.app import create_app
from dashboard.filters import READERS
from dashboard.settings import Settings
from dashboard.warehouse import Warehouse

SEED = 20261129
STRANGE = (
    *(
        "' or 1=1 --",
        "'; drop table gaps; --",
        "1) union select * from read_csv('/etc/passwd') --",
        "$region",
        "{{7*7}}",
    ),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "\tjava\nscript:alert(1)"),
    *("../../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "/etc/passwd", "file:///etc/passwd", "//host/x", "C:\\x"),
    *(
        "=cmd|' /C calc'!A0",
        "+1+1",
        "@SUM(1)",
        "\x00",
        "\x1b[31m",
        "\r\nSet-Cookie: a=b",
        "\ud83d\ude00",
        "\u202e",
        "\uffff",
    ),
    *(
        "NaN",
        "-1",
        "1e309",
        "99999999999999999999",
        "0x10",
        "",
        " ",
        "*",
        "~0000000000",
        "null",
        "[]",
        "{}",
        "%",
        "%s%n",
    ),
    *("2026Q0", "2026Q5", "9999Q4", "0000Q1", "2026-13-99", "a" * 5000, "部" * 2000, "(" * 500, "a,b" * 100, ":" * 300),
)
# Values that an address takes, so that one bad value stands among good ones.
GOOD = {
    "quarter": ("2026Q3", "2024Q1", "all"),
    "region": ("tinglan",),
    "department": ("D09", "D10"),
    "category": ("party", "government"),
    "scope": ("peers", "region"),
    "window": ("1", "4"),
    "indicator": ("complaint_rate", "composite_score"),
    "rule": ("one_pen", "supervision_vacuum"),
    "group": ("coverage", "powers"),
    "status": ("watch", "alert,watch"),
    "format": ("json", "csv"),
    "limit": ("1", "100"),
    "offset": ("0", "50"),
    "lang": ("zh", "en"),
    "weights": ("service:50",),
}
JUNK: tuple[Any, ...] = (*STRANGE, None, True, 0, -1, 1.5, [], {}, [[]], {"a": {"b": []}}, ["x"] * 50)


def hostile(app: dash.Dash, requests: int, rng: random.Random) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(kind, address, what is sent) of so many requests."""
    routes = api.routes(api.catalog.load_catalog())
    names = [*READERS, "snapshot", "format", "limit", "offset", "drawn", "scale", "next"]
    callbacks = [(output, entry) for output, entry in app.callback_map.items() if entry.get("callback")]
    pages = sorted(page["path"] for page in dash.page_registry.values())
    rules = [rule.rule for rule in app.server.url_map.iter_rules()]
    shares = {"API": 0.5, "callback": 0.12, "page by its router": 0.005, "path": 0.335, "download": 0.04}
    for kind, share in shares.items():
        for _ in range(round(requests * share)):
            pairs = "&".join(
                f"{rng.choice(names)}={quote(rng.choice(STRANGE), errors='replace')}" for _ in range(rng.randint(1, 4))
            )
            match kind:
                case "API":
                    route = rng.choice(routes)
                    name = rng.choice((*route.names, *STRANGE[:8])) if route.names else ""
                    if rng.random() < 0.7:  # names that it knows, and values that are mostly good: so it goes deeper
                        pairs = "&".join(
                            f"{name}={quote(_nearly(name, rng), errors='replace')}"
                            for name in rng.sample(route.allowed, rng.randint(1, min(4, len(route.allowed))))
                        )
                    path = route.path.replace("{name}", quote(name, safe=""))
                    yield kind, f"{api.ROOT}/{path}?{pairs}", {"method": rng.choice(("GET",) * 9 + ("POST",))}
                case "callback":
                    yield kind, UPDATE, {"method": "POST", "json": _body(*rng.choice(callbacks), pairs, rng)}
                case "page by its router":
                    yield kind, UPDATE, {"method": "POST", "json": _router(rng.choice((*pages, *STRANGE[:5])), pairs)}
                case "path":
                    rule = rng.choice(rules)
                    for part in ("<page>", "<chart>", "<ending>", "<name>", "<job>", "<path:path>", "<path:filename>"):
                        rule = rule.replace(part, quote(rng.choice(STRANGE), errors="replace"))
                    yield kind, f"{rule}?{pairs}", {"method": rng.choice(("GET", "POST", "PUT", "OPTIONS"))}
                case _:
                    ending = rng.choice(("csv", "xlsx", "svg", "pdf", "exe", "..%2f"))
                    page = rng.choice(pages).strip("/") or "overview"
                    yield kind, f"/download/{page}.{ending}?{pairs}", {"method": "GET"}


def _nearly(name: str, rng: random.Random) -> str:
    return rng.choice(GOOD[name]) if name in GOOD and rng.random() < 0.8 else rng.choice(STRANGE)


def _body(output: str, entry: dict[str, Any], pairs: str, rng: random.Random) -> Any:
    """Anything from noise to a body that is right in all but its values."""
    if rng.random() < 0.3:
        return rng.choice(JUNK)
    body: dict[str, Any] = {"output": output, "changedPropIds": rng.choice(([], ["url.search"], "x"))}
    outputs = entry["output"] if isinstance(entry["output"], list) else [entry["output"]]
    given = [_part(*str(one).rpartition(".")[::2], None, rng) for one in outputs]
    body["outputs"] = given if isinstance(entry["output"], list) else given[0]
    for name in ("inputs", "state"):
        body[name] = [_part(one["id"], one["property"], f"?{pairs}", rng) for one in entry[name]]
    if rng.random() < 0.3:
        body[rng.choice(list(body))] = rng.choice(JUNK)
    return body


def _part(name: str, prop: str, search: Any, rng: random.Random) -> Any:
    if name.startswith("{"):
        pattern = {key: rng.choice(STRANGE) if isinstance(one, list) else one for key, one in json.loads(name).items()}
        part = {"id": pattern, "property": prop, "value": pattern if prop == "id" else rng.choice(JUNK)}
        return [part] * rng.randint(0, 2) if "ALL" in name else part
    return {"id": name, "property": prop, "value": search if prop == "search" else rng.choice(JUNK)}


def _router(path: str, pairs: str) -> dict[str, Any]:
    own = "_pages_location"
    return {
        "output": ".._pages_content.children..._pages_store.data..",
        "outputs": [{"id": "_pages_content", "property": "children"}, {"id": "_pages_store", "property": "data"}],
        "inputs": [
            {"id": own, "property": "pathname", "value": path},
            {"id": own, "property": "search", "value": f"?{pairs}"},
        ],
        "state": [{"id": "snapshot", "property": "data", "value": ""}],
        "changedPropIds": [f"{own}.pathname"],
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--requests", type=int, default=20_000)
    arguments.add_argument("--data", type=Path, help="an office's folder; none: the demonstration county is built")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.data or Path(scratch) / "office"
        if given.data is None:
            run_command(["--data", str(folder), "demo"], standalone_mode=False)
        rng = random.Random(SEED)
        actors = [None, Actor("", ALONE), *(Actor(role, role, (), "D09") for role in roles())]
        who = {"now": actors[1]}
        app = create_app(Warehouse(folder), Settings.load(folder), lambda _request: who["now"])
        app.server.config["PROPAGATE_EXCEPTIONS"] = False
        client = app.server.test_client()
        found, slowest, failures = defaultdict(Counter), Counter(), Counter()
        with suppress(KeyboardInterrupt):  # Ctrl-C: the table of what was sent until then
            for number, (kind, address, sent) in enumerate(hostile(app, given.requests, rng)):
                who["now"] = rng.choice(actors) if rng.random() < 0.3 else actors[1]
                started = time.perf_counter()
                status = client.open(address, **sent).status_code
                slowest[kind] = max(slowest[kind], time.perf_counter() - started)
                found[kind]["busy" if status == 503 else status // 100] += 1
                if status >= 500 and status != 503:
                    failures[f"{status} {kind} {address[:200]} {json.dumps(sent, default=str)[:600]}"] += 1
                if number % 1000 == 0:
                    print(f"{number} of {given.requests}", file=sys.stderr)
    print(f"{'attack':<20}{'requests':>9}{'2xx':>8}{'3xx':>8}{'4xx':>8}{'busy':>8}{'5xx':>8}{'slowest s':>11}")
    for kind, counts in found.items():
        numbers = "".join(f"{counts[one]:>8}" for one in (2, 3, 4, "busy", 5))
        print(f"{kind:<20}{sum(counts.values()):>9}{numbers}{slowest[kind]:>11.2f}")
    for failure in failures:
        print(failure)


if __name__ == "__main__":
    main()
