"""What /regions costs the server as a country grows around a county. Prints ratios, asserts nothing.

    python -m tests.benchmarks.country                      28, 280 and 2,800 counties
    python -m tests.benchmarks.country --counties 500

The demonstration's county is copied with all that the page reads of it, each copy a little off; ten counties lie in a
city, ten cities in a province, the provinces in one country. The page is asked for the country's provinces, for a
province's cities, and for all counties side by side, of a quarter and of the year. “again” is the same question once
more; the ratio is that of the first answer to the fewest counties.
"""

import argparse
import shutil
import statistics
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dash
import duckdb

from dashboard.access import gate
from dashboard.app import create_app
from dashboard.settings import Settings
from dashboard.warehouse import DATABASE, Snapshot, Warehouse, connected
from tests.benchmarks.answers import QUARTERS, UPDATE, asked, taken, updates
from tests.support import answered

COUNTY, COUNTRY = "tinglan", "country"
VIEWS = {
    "provinces, a quarter": f"within={COUNTRY}&window=1",
    "provinces, a year": f"within={COUNTRY}&window=4",
    "cities of a province": "within=province000&window=4",
    "all counties, a quarter": f"within={COUNTRY}&view=counties&window=1",
    "all counties, a year": f"within={COUNTRY}&view=counties&window=4",
}
# the county once more under every number, and what it lies in; `jitter` keeps two of them from being equal
COPIES = """
create or replace temp table copies as
select
    i,
    printf('county%04d', i) as region_id,
    printf('city%03d', i // 10) as city,
    printf('province%03d', i // 100) as province,
    0.8 + 0.4 * hash(i) / 18446744073709551615.0 as jitter
from range($counties::bigint) as numbers (i);
"""
FILLED = (
    "delete from regions",
    "insert into regions select region_id, region_id, region_id, city from copies",
    "insert into regions select distinct city, city, city, province from copies",
    "insert into regions select distinct province, province, province, $country from copies",
    "insert into regions values ($country, $country, $country, null)",
    "delete from places",
    "insert into places select region_id, region_id, 0 from regions",
    "insert into places select city, region_id, 1 from copies",
    "insert into places select province, region_id, 2 from copies",
    "insert into places select $country, region_id, 3 from copies",
    "insert into places select distinct province, city, 1 from copies",
    "insert into places select distinct $country, city, 2 from copies",
    "insert into places select distinct $country, province, 1 from copies",
    "delete from levels",
    "insert into levels select region_id, if(region_id like 'county%', 'county', 'above') from regions",
    *(
        f"insert into {table} select copies.region_id, own.* exclude (region_id) from {table} as own, copies "
        "where own.region_id = $county"
        for table in ("quarters", "departments", "known_regions")
    ),
    "insert into region_figures by name select copies.region_id, own.* exclude (region_id) "
    "replace (numerator * jitter as numerator, denominator * jitter as denominator) "
    "from region_figures as own, copies where own.region_id = $county",
    *(
        f"delete from {table} where region_id = $county"
        for table in ("quarters", "departments", "known_regions", "region_figures")
    ),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--counties", type=int, nargs="+", default=[28, 280, 2800])
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="mingjing-benchmark-") as scratch:
        folder = Path(scratch) / "county"
        answered("--data", str(folder), "demo")
        warehouse = Warehouse(folder)
        app = create_app(warehouse, Settings.load(folder), gate.alone)
        (page,) = [(name, entry) for path, name, entry in updates(app) if path == "/regions"]
        fewest: dict[str, float] = {}
        print(f"{'milliseconds of /regions':28}{'counties':>9}{'drawn':>9}{'again':>8}{'ratio':>7}", flush=True)
        for run, counties in enumerate(given.counties, 1):
            connection = country_of(warehouse, Path(scratch) / f"{run}.duckdb", counties)
            snapshot = Snapshot(warehouse.current().manifest, connection)
            app.server.config["WAREHOUSE"] = SimpleNamespace(current=lambda one=snapshot: one)
            for view, search in VIEWS.items():
                # what was drawn of a smaller country is kept under its address
                drawn, again = measured(app, page, f"{search}&slide={run}")
                ratio = drawn / fewest.setdefault(view, drawn)
                print(f"{view:28}{counties:9,}{drawn:9.1f}{again:8.1f}{ratio:7.2f}", flush=True)
            connection.close()


def country_of(warehouse: Warehouse, path: Path, counties: int) -> duckdb.DuckDBPyConnection:
    """The database that is asked across regions, with so many counties in the place of one."""
    snapshot = warehouse.current()
    shutil.copy(warehouse.folder.snapshots / snapshot.id / DATABASE, path)
    connection = connected(path)
    for statement in (COPIES, *FILLED):
        values = {"counties": counties, "county": COUNTY, "country": COUNTRY}
        connection.execute(statement, {name: value for name, value in values.items() if f"${name}" in statement})
    return connection


def measured(app: dash.Dash, page: tuple[str, dict[str, Any]], search: str) -> tuple[float, float]:
    """Milliseconds, medians over the quarters: drawn for the first reader, and asked again."""
    client, drawn, again = app.server.test_client(), [], []
    for quarter in QUARTERS:
        body = asked(*page, f"?quarter={quarter}&{search}")
        for into in (drawn, again):
            into.append(taken(lambda body=body: _ok(client.post(UPDATE, json=body))))
    return statistics.median(drawn[1:]), statistics.median(again[1:])  # the first one warms


def _ok(response: Any) -> None:
    assert response.status_code == 200, response.get_data(as_text=True)


if __name__ == "__main__":
    main()
