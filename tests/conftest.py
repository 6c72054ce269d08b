"""Data folders, apps and a served dashboard that tests of several folders share."""

import csv
import gc
import os
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import dash
import hypothesis
import pytest
from filelock import FileLock
from werkzeug.serving import make_server

from dashboard.__main__ import main
from dashboard.access import gate
from dashboard.app import create_app
from dashboard.demo import generate
from dashboard.operation.turnstile import Limits
from dashboard.settings import Settings
from dashboard.store import passwords
from dashboard.warehouse import Warehouse
from tests.pages import office as nine

Once = Callable[[str, Callable[[Path], object]], Path]

# No clock decides whether a test passes, and the same examples are tried on every machine.
hypothesis.settings.register_profile(
    "mingjing", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("mingjing")

# The files that take longest: they are begun first, and no process is left with one of them at the end.
LONGEST = (
    *("gaps/test_county.py", "browser/test_whole_pages.py", "faults/test_kills.py", "browser/test_meeting.py"),
    *("test_exports.py", "test_real_data.py", "importing/test_mutations.py", "test_cli.py", "engine/test_engine.py"),
    *("browser/test_one_snapshot.py", "faults/test_disk.py", "test_building.py", "browser/test_address.py"),
    *("pages/test_changes.py", "test_docs.py", "test_snapshots.py", "importing/test_uploads.py", "pages/test_cases.py"),
)
DIMENSIONS = ("lawfulness", "service", "efficiency", "conduct", "policy_delivery", "integrity")
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",  # the pages of this machine are drawn by one process, which has compiled their scripts before
]


def chromium() -> str:
    """The system's own: nothing is downloaded for a test."""
    names = (os.environ.get("MINGJING_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next(found for name in names if name and (found := shutil.which(name)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files in the order in which they are begun where several processes share them; within a file nothing moves."""
    place = {Path(__file__).parent / name: at for at, name in enumerate(LONGEST)}
    size = Counter(item.path for item in items)
    items.sort(key=lambda item: (place.get(item.path, len(LONGEST)), -size[item.path], item.path))


def pytest_collection_finish() -> None:
    """What is there now stays: each full collection would go through all modules and six thousand tests again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def asked_alone() -> Iterator[None]:
    """What a test asks of a view after its request was answered is asked by one person at the machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "outside_a_request", lambda: gate.alone(None))
        yield


@pytest.fixture(scope="session", autouse=True)
def passwords_are_kept_cheaply() -> Iterator[None]:
    """Each app and each account makes such a hash, which is meant to be dear: a third of the time of making an app."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = partial(passwords.PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "PasswordHasher", cheap)
        yield


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Once:
    """A folder of this name, filled once for all processes that run tests; nobody writes into it."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent

    def made(name: str, fill: Callable[[Path], object]) -> Path:
        folder, building = shared / name, shared / f"{name}.building"
        with FileLock(f"{folder}.lock"):
            if not folder.exists():
                shutil.rmtree(building, ignore_errors=True)  # of a run that was cut off
                building.mkdir()
                fill(building)
                building.rename(folder)
        return folder

    return made


@pytest.fixture(scope="session")
def demo_folder(once: Once) -> Path:
    """A data folder with the demonstration county."""
    return once("demonstration", lambda folder: main(["--data", str(folder), "demo"], standalone_mode=False))


@pytest.fixture(scope="session")
def county_folder(once: Once) -> Path:
    """The files of the demonstration county."""
    return once("county", generate)


@pytest.fixture(scope="session")
def other_county_folder(once: Once) -> Callable[[int], Path]:
    """The files of a county that is made with another seed."""
    return lambda seed: once(f"county-{seed}", lambda folder: generate(folder, seed))


@pytest.fixture(scope="session")
def nine_departments(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the office of `tests/pages/office.py`: one task of A is overdue since 2025."""
    return once("nine", lambda folder: nine.imported(tmp_path_factory.mktemp("files"), folder))


@pytest.fixture(scope="session")
def make_app() -> Callable[[Path], dash.Dash]:
    def make(folder: Path) -> dash.Dash:
        patient = Limits(patience=120.0)  # a busy machine turns no test away
        return create_app(Warehouse(folder), Settings.load(folder), gate.alone, patient)

    return make


@pytest.fixture(scope="session")
def demo_app(demo_folder: Path, make_app: Callable[[Path], dash.Dash]) -> dash.Dash:
    return make_app(demo_folder)


@pytest.fixture(scope="session")
def empty_app(tmp_path_factory: pytest.TempPathFactory, make_app: Callable[[Path], dash.Dash]) -> dash.Dash:
    """An app over a folder into which nothing was imported yet."""
    return make_app(tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="session")
def make_office(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Import an office of a few departments: id → (name, score, raters), the same score in each dimension."""

    @cache
    def imported(departments: tuple[tuple[str, tuple[str, float, int]], ...], quarter: str) -> Path:
        source, folder = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("office")
        names = [(key, name, "government") for key, (name, _, _) in departments]
        scores = [
            (quarter, key, f"r{rater}", dimension, score)
            for key, (_, score, raters) in departments
            for rater in range(raters)
            for dimension in DIMENSIONS
        ]
        _write(source / "departments.csv", ("department_id", "name", "category"), names)
        _write(source / "evaluations.csv", ("quarter", "department_id", "rater_id", "dimension", "score"), scores)
        files = [str(source / "departments.csv"), str(source / "evaluations.csv")]
        main(["--data", str(folder), "import", *files], standalone_mode=False)
        return folder

    def make(departments: dict[str, tuple[str, float, int]], quarter: str = "2026Q3") -> Path:
        whole = imported(tuple(departments.items()), quarter)
        return shutil.copytree(whole, tmp_path_factory.mktemp("office"), dirs_exist_ok=True)

    return make


def _write(path: Path, header: tuple[str, ...], rows: list[tuple]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])


@pytest.fixture(scope="session")
def served() -> Iterator[Callable[[dash.Dash], str]]:
    """Serve an app on a free port of this machine; the answer is its address."""
    servers = []

    def serve(app: dash.Dash) -> str:
        server = make_server("127.0.0.1", 0, app.server, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()


@pytest.fixture(scope="session")
def demo_url(demo_app: dash.Dash, served: Callable[[dash.Dash], str]) -> str:
    return served(demo_app)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {**browser_type_launch_args, "executable_path": chromium(), "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return {**browser_context_args, "locale": "zh-CN", "viewport": {"width": 1366, "height": 768}}
