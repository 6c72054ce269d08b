"""The demonstration county, generated once for all tests of this folder."""

import pandas as pd
import pytest


@pytest.fixture(scope="session")
def county(county_folder) -> dict[str, pd.DataFrame]:
    """Every table by name, and the list of planted gaps."""
    tables = {path.stem: pd.read_csv(path, dtype={"phase": str}) for path in county_folder.glob("*.csv")}
    return tables | {"planted": pd.read_json(county_folder / "planted.json")}
