"""What several tests need: a snapshot of rows that stand in the test, and the command line."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
from click.testing import CliRunner, Result
from plotly.io.json import to_json_plotly

from dashboard import catalog, warehouse
from dashboard.__main__ import main
from dashboard.gaps.sentences import sentence
from dashboard.i18n.text import translator
from dashboard.schema import CORRECTIONS, STATED_TOTALS, TABLES
from dashboard.settings import Settings

PROJECT = Path(__file__).parent.parent
FILES = {name: table.arrow for name, table in TABLES.items()} | {
    "corrections": CORRECTIONS,
    "stated_totals": STATED_TOTALS,
}
# What stands on the indicators: most rules and checks read the office's tables alone.
JUDGED = re.compile(r"\b(judgements|funnels|control_points|concentrations|complaint_signals|known_regions)\b")
REGION = "county"
# what pages/indicator is asked for the complaints of every department and quarter
RECEIVED = {"indicator": "complaints_received", "quarter": None, "region": None, "scope": "region", "window": 1}


class Given:
    """A snapshot in memory, made of rows that stand in the test; a column that is not given is empty."""

    def __init__(
        self,
        settings: Settings | None = None,
        queries: Path = catalog.FOLDER,
        absent: tuple[str, ...] = (),  # columns that the office's files do not have, …
        absent_in: tuple[str, str] | None = None,  # … or those of one region and period only ('' for a register)
        rules: tuple[str, ...] = (),  # gap rules to evaluate; every one takes its time
        checks: tuple[str, ...] = (),  # of the arithmetic audit, likewise
        **tables: list[dict],
    ):
        every = catalog.load_catalog(queries)
        left_out = {q.name for name, q in catalog.gaps(every).items() if name not in rules}
        left_out |= {q.name for name, q in catalog.audits(every).items() if name not in checks}
        self.queries = {name: query for name, query in every.items() if name not in left_out}
        filled, settings = self.queries, settings or Settings.load(Path("nowhere"))
        asked = [f"gaps/{name}" for name in rules] + [f"audit/{name}" for name in checks]
        if asked and not any(JUDGED.search(every[name].sql) for name in asked):
            filled = {name: query for name, query in filled.items() if not name.startswith("indicators/")}
            settings = replace(settings, targets={})
        self.connection = duckdb.connect()
        with tempfile.TemporaryDirectory(prefix="mingjing-test-") as scratch:
            given = _given(tables, absent, absent_in)
            files = {name: [_parquet(Path(scratch), name, tables.pop(name, []))] for name in FILES}
            assert not tables, f"no such table: {', '.join(tables)}"
            warehouse.fill(self.connection, filled, files, settings, given)

    def run(self, name: str, **values: object) -> pd.DataFrame:
        query = self.queries[name]
        return warehouse.run(self.connection, query, **dict.fromkeys(query.parameters) | values)

    def indicator(self, name: str) -> dict[tuple[str, str], tuple]:
        """(department, quarter) → (value, numerator, denominator, n, note)."""
        rows = self.run(f"indicators/{name}")
        columns = rows[["value", "numerator", "denominator", "n", "note"]].astype(object)
        plain = [tuple(None if pd.isna(v) else v for v in row) for row in columns.itertuples(index=False)]
        return dict(zip(zip(rows["department_id"], rows["quarter"]), plain))

    def levels(self, rule: str, quarter: str = "2026Q3") -> dict[str, str]:
        """What the rule says of each department: 'alert', 'watch', 'ok', or 'no_data' with what is missing or why."""
        rows = self.run("pages/gaps", rule=rule, quarter=quarter)
        why = rows["missing"].fillna(rows["note"])  # where one region lacks what another has
        return {
            department: f"no_data: {reason}" if status == "no_data" else status
            for department, status, reason in zip(rows["department_id"], rows["status"], why)
        }

    def gap(self, rule: str, department: str, quarter: str = "2026Q3") -> dict[str, Any]:
        """One row of the gaps with its evidence among the columns."""
        [row] = self.run("pages/gaps", rule=rule, quarter=quarter, department=department).to_dict("records")
        return row | json.loads(row["evidence"])

    def sentences(self, rule: str, department: str, quarter: str = "2026Q3") -> tuple[str, str]:
        """What is said of the department, in Chinese and in English."""
        row, found = self.gap(rule, department, quarter), self.run("pages/words")
        query = self.queries[f"gaps/{rule}"]
        zh, en = (
            sentence(
                translator(lang),
                lang,
                query,
                row,
                department,
                dict(zip(zip(found["vocabulary"], found["code"]), found[lang])),
            )
            for lang in ("zh", "en")
        )
        return zh, en

    @property
    def snapshot(self) -> warehouse.Snapshot:
        """The same as pages and commands see it."""
        return warehouse.Snapshot(None, self.connection)

    def standing(self, department: str, variant: str = "composite", scope: str = "region", **place: str) -> dict:
        """All that the standings say of one department, by column; None where there is nothing."""
        asked = {"region_id": REGION, "quarter": "2026Q3", "department_id": department, "variant": variant}
        return self._one("standings", asked | {"scope": scope} | place)

    def judgement(self, indicator: str, department: str, **place: object) -> dict:
        """All that is said of one value, by column."""
        asked = {"region_id": REGION, "period": "2026Q3", "department_id": department, "variant": ""}
        return self._one(
            "judgements", asked | {"indicator": indicator, "scope": "region", "window_quarters": 1} | place
        )

    def _one(self, table: str, key: dict[str, object]) -> dict:
        frame = self.connection.table(table).df()
        for name, value in key.items():
            frame = frame[frame[name] == value]
        assert len(frame) == 1, f"{len(frame)} rows of {table}: {key}"
        return {name: None if pd.isna(value) else value for name, value in frame.iloc[0].items()}

    def rows(self, table: str, *columns: str) -> list[tuple]:
        """The named columns of a table of the snapshot, in the order that its file gives."""
        frame = self.connection.table(table).df()[list(columns)].astype(object)
        return [tuple(None if pd.isna(v) else v for v in row) for row in frame.itertuples(index=False)]


def _given(tables: dict[str, list[dict]], absent: tuple[str, ...], absent_in: tuple[str, str] | None) -> pd.DataFrame:
    """As an import would note it: every partition of rows has every column but those that are absent."""
    rows = []
    for name, table in TABLES.items():
        partitions = {
            (row.get("region_id", REGION) if table.by_region else "", str(row.get(table.partition, "")))
            for row in tables.get(name, [])
        }
        for place in partitions:
            lacks = absent if absent_in in (None, place) else ()
            rows += [(place[0], name, place[1], column) for column in table.names if column not in lacks]
    return pd.DataFrame(rows, columns=warehouse.GIVEN, dtype="str")


def _parquet(folder: Path, name: str, rows: list[dict[str, Any]]) -> str:
    schema = FILES[name]
    defaults = dict.fromkeys(schema.names) | {"region_id": REGION, "rank_band": "all"}
    if name in TABLES and TABLES[name].flows:
        defaults |= {"basis": "period"}
    if name == "evaluations":
        defaults |= {"scale_min": 0.0, "scale_max": 100.0}
    for row in rows:
        assert not row.keys() - set(schema.names), f"{name} has no column {row.keys() - set(schema.names)}"
    columns = {column: [{**defaults, **row}[column] for row in rows] for column in schema.names}
    path = folder / f"{name}.parquet"
    parquet.write_table(pa.table(columns, schema=schema), path)
    return str(path)


def sent(drawn: Any) -> str:
    """What the browser is sent of a page or a part of one, as JSON without its escapes."""
    return json.dumps(json.loads(to_json_plotly(drawn)), ensure_ascii=False)


@contextmanager
def without_rules() -> Iterator[None]:
    """Rules and audits take half of an import of a few rows and write no file of their own: where it is tried how a
    snapshot is published and found again, nobody misses them."""
    queries = catalog.load_catalog()
    whole = dict(queries)
    for name in whole:
        if name.startswith(("gaps/", "audit/")):
            del queries[name]
    try:
        yield
    finally:
        queries.clear()
        queries.update(whole)


def departments(*ids: str, **common: object) -> list[dict]:
    return [{"department_id": name, "name": name, "category": "government", **common} for name in ids]


# --- the command line ------------------------------------------------------------------------------------------
def mingjing(*arguments: object, lang: str = "en", cwd: Path | None = None) -> subprocess.CompletedProcess:
    """`python -m dashboard …` in a process of its own, run anywhere."""
    environment = os.environ | {"MINGJING_LANG": lang, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8"}
    environment.pop("MINGJING_DATA", None)
    command = [sys.executable, "-m", "dashboard", *map(str, arguments)]
    return subprocess.run(command, env=environment, cwd=cwd or tempfile.gettempdir(), capture_output=True, text=True)


def answered(*arguments: object, lang: str = "en") -> str:
    """Standard output of a command that must succeed."""
    done = mingjing(*arguments, lang=lang)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run(*arguments: object) -> Result:
    """A command in this process, which is sooner than to start one; in the language that the tests run in."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="mingjing")


def answer(*arguments: object) -> list[dict[str, Any]]:
    """The JSON that a command prints."""
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)
