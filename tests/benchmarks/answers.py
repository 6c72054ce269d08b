"""What a page costs the server beside its bare queries: drawn for the first reader, and for all after. Asserts nothing.

    python -m tests.benchmarks.answers                     every page of the demonstration county
    python -m tests.benchmarks.answers --folder data       of a data folder that stands ready

The callback of each page that follows its address is asked as a browser asks it, for other quarters in turn, in this
process, through everything but the network. Its bare queries are those that it asked, asked again right after with the
same values and nothing done with the answer; both are medians of the same rounds. “Again” is the same question once
more: what was drawn is kept.
"""

import argparse
import contextlib
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dash

from dashboard.access import gate
from dashboard.app import create_app
from dashboard.settings import Settings
from dashboard.warehouse import Snapshot, Warehouse
from tests.support import answered

UPDATE = "/_dash-update-component"
QUARTERS = tuple(f"{year}Q{quarter}" for year in (2025, 2024) for quarter in (4, 3, 2, 1))
CHOSEN = {  # what a page needs to have something to show
    "/department": "&department=D09",
    "/rule": "&rule=supervision_vacuum",
    "/indicator": "&indicator=complaint_rate",
    "/compare": "&compared=D01,D09,D12",
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--folder", type=Path, help="a data folder that stands ready")
    options.add_argument("--only", default="", help="pages whose path holds this")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="mingjing-benchmark-") as scratch:
        folder = given.folder or Path(scratch) / "county"
        if given.folder is None:
            answered("--data", str(folder), "demo")
        app = create_app(Warehouse(folder), Settings.load(folder), gate.alone)
        print(f"{'milliseconds of the server':28}{'drawn':>8}{'queries':>9}{'ratio':>7}{'again':>7}", flush=True)
        ratios = []
        for path, name, entry in updates(app):
            if given.only in path:
                drawn, queries, again = measured(app, path, name, entry)
                ratios.append(drawn / queries)
                print(f"{path:28}{drawn:8.1f}{queries:9.1f}{drawn / queries:7.2f}{again:7.1f}", flush=True)
        if ratios:
            print(f"{'median of the pages':44} {statistics.median(ratios):7.2f}")


def updates(app: dash.Dash) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Of each steady page its path, and the callback that draws it anew: its name and its entry."""
    for page in dash.page_registry.values():
        for name, entry in app.callback_map.items():
            listens = [f"{one['id']}.{one['property']}" for one in entry["inputs"]]
            module = getattr(entry.get("callback"), "__module__", "")
            if page.get("steady") and module == page["module"] and "url.search" in listens:
                yield page["path"], name, entry


def measured(app: dash.Dash, path: str, name: str, entry: dict[str, Any]) -> tuple[float, float, float]:
    """Milliseconds, medians: drawn, its bare queries, asked again."""
    client, drawn, bare, again = app.server.test_client(), [], [], []
    for quarter in QUARTERS:
        body = asked(name, entry, f"?quarter={quarter}{CHOSEN.get(path, '')}")
        with listening() as queries:
            drawn.append(taken(lambda body=body: client.post(UPDATE, json=body)))
        bare.append(taken(lambda queries=queries: [answer(*one, **values) for *one, values in queries]))
        again.append(taken(lambda body=body: client.post(UPDATE, json=body)))
    return tuple(statistics.median(part[1:]) for part in (drawn, bare, again))  # the first one warms


def asked(name: str, entry: dict[str, Any], search: str) -> dict[str, Any]:
    """The body that the browser sends; of parts of which a page may have many it has none."""
    given = {"url": search, "snapshot": ""}

    def value(one: dict[str, Any]) -> Any:
        many = one["id"].startswith("{")
        return [] if many else {"id": one["id"], "property": one["property"], "value": given.get(one["id"])}

    def place(one: Any) -> Any:
        of, _, prop = str(one).rpartition(".")
        many = of.startswith("{")
        if many and "ALL" in of:
            return []
        return {"id": json.loads(of) if many else of, "property": prop}

    outputs = entry["output"]
    return {
        "output": name,
        "outputs": list(map(place, outputs)) if isinstance(outputs, list) else place(outputs),
        "inputs": list(map(value, entry["inputs"])),
        "state": list(map(value, entry["state"])),
        "changedPropIds": ["url.search"],
    }


answer = Snapshot._answer


@contextlib.contextmanager
def listening() -> Iterator[list[tuple[Any, ...]]]:
    """Every query that is asked meanwhile: snapshot, query, values."""
    queries: list[tuple[Any, ...]] = []

    def noted(snapshot: Snapshot, query: Any, **values: Any) -> Any:
        queries.append((snapshot, query, values))
        return answer(snapshot, query, **values)

    Snapshot._answer = noted
    try:
        yield queries
    finally:
        Snapshot._answer = answer


def taken(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
