"""An office that shows something, and one that shows nothing yet."""

import shutil
from pathlib import Path

import pytest

from tests.faults.office import Office


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Office(tmp_path_factory.mktemp("loaded"))
    made.put(1)
    assert made.load() == "published"
    return made.base


@pytest.fixture
def office(loaded: Path, tmp_path: Path) -> Office:
    """An office that shows snapshot 1, in which every figure is 1."""
    shutil.copytree(loaded, tmp_path, dirs_exist_ok=True)
    return Office(tmp_path)


@pytest.fixture
def new_office(tmp_path: Path) -> Office:
    return Office(tmp_path)
