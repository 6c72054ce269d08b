"""An office that imports: its data folder, its files, and what is stored afterwards."""

import shutil
from pathlib import Path

import duckdb
import pyarrow.parquet as parquet
import pytest

from dashboard import building
from dashboard.importing import ImportRefused, ImportResult, Options, Problem, load_mapping, run_import
from dashboard.schema import CORRECTIONS, STATED_TOTALS, TABLES
from dashboard.settings import Settings
from dashboard.snapshots import DATABASE, SnapshotFolder

DEPARTMENTS = """department_id,name,short_name,category
d01,县财政局,财政局,政府
d02,县公安局,公安局,政法
d03,城关镇人民政府,城关镇,乡镇
"""


class Office:
    """Files are written with `write`, imported with `load` or `refused`, and looked at with `stored`."""

    def __init__(self, base: Path):
        self.files, self.folder, self._base = base / "files", base / "data", base
        self.files.mkdir()
        self.settings = Settings.load(self.folder)
        self.snapshots = SnapshotFolder(self.folder)

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def mapping(self, toml: str) -> dict:
        path = self._base / "mapping.toml"
        path.write_text(toml, encoding="utf-8")
        return {"mapping": load_mapping(path)}

    def load(self, *paths: Path, **options) -> ImportResult:
        return run_import(list(paths), self.folder, self.settings, Options(**options))

    def refused(self, *paths: Path, **options) -> list[Problem]:
        before = self.everything()
        with pytest.raises(ImportRefused) as refusal:
            self.load(*paths, **options)
        assert self.everything() == before, "a refused import changed the data folder"
        return refusal.value.problems.kept

    def stored(self, name: str) -> list[dict]:
        """The rows of a table in the snapshot that is shown, without empty cells."""
        manifest = self.snapshots.current()
        if manifest is None:
            return []
        order = (
            TABLES[name].arrow if name in TABLES else {"corrections": CORRECTIONS, "stated_totals": STATED_TOTALS}[name]
        ).names
        rows = []
        for key in sorted(manifest.partitions.get(name, {})):
            part = parquet.read_table(self.snapshots.raw / manifest.partitions[name][key]["file"])
            rows += part.select(order).to_pylist()
        return [{key: value for key, value in row.items() if value is not None} for row in rows]

    def column(self, table: str, name: str) -> list:
        return [row.get(name) for row in self.stored(table)]

    def everything(self) -> dict[str, bytes]:
        """Every file of the data folder and its content; but for the lock file and the trace, which say who tried."""
        said = (".lock", "store.sqlite")
        files = (path for path in self.folder.rglob("*") if path.is_file() and path.name not in said)
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "empty.duckdb"
    duckdb.connect(str(path)).close()
    return path


@pytest.fixture
def office(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office with three departments. Its snapshots hold raw files only: tables and marts are tested elsewhere."""

    def built_region(
        order: building.Order, folder: SnapshotFolder, settings: Settings, scratch: Path, *_, **__
    ) -> Path:
        scratch.mkdir()
        return shutil.copy(empty_database, scratch / DATABASE)

    monkeypatch.setattr(building, "built_region", built_region)
    monkeypatch.setattr(building, "_across", lambda _, path, *__: shutil.copy(empty_database, path))
    made = Office(tmp_path)
    made.load(made.write("departments.csv", DEPARTMENTS))
    return made
