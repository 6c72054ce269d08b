"""An empty data folder, and what is recorded in it."""

from pathlib import Path

import pytest

from dashboard.store import Store


@pytest.fixture
def kept(tmp_path: Path) -> Store:
    return Store(tmp_path)
