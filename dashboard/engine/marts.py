"""What the cluster is asked, in its own words, and what is said where it does not answer."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet

from dashboard.catalog import Query, QueryFileError
from dashboard.snapshots import FolderError

# Spark's client needs a pandas older than ours: it has an environment of its own inside ours (`make spark`).
PYTHON = Path(sys.prefix) / "spark" / "bin" / "python"
CLIENT = Path(__file__).with_name("client.py")
FILES = "ballot_files"  # the table that a cluster knows the Parquet files by; no part of a mart is called so
OLDEST = 4  # of Spark: its answers are those of SQL's standard (ANSI) from this version on
PATIENCE = 20.0  # seconds for the cluster to say that it is there; what it computes may take as long as it takes


def made_by_cluster(marts: Iterable[Query], files: list[str], address: str, scratch: Path) -> dict[str, Path]:
    """Each mart's rows as a Parquet file in `scratch`, by the mart's name; none where the files hold no ballot.

    `files` are the Parquet files that `read_parquet($files)` stands for, the first with every column; `address` is the
    setting `engine.spark`. The cluster reads them by the paths that they have here. `FolderError` (engine_…) where it
    does not do so.
    """
    rows = {file: parquet.read_metadata(file).num_rows for file in files}
    filled = [seen_by_cluster(file) for file, number in rows.items() if number]
    if not filled:
        return {}
    made = {mart.short_name: scratch / f"mart-{mart.short_name}.parquet" for mart in marts}
    spoken = [
        {"name": mart.short_name, "statement": in_spark(mart), "file": str(made[mart.short_name])} for mart in marts
    ]
    job = {"address": address, "patience": PATIENCE, "oldest": OLDEST, "table": FILES, "marts": spoken}
    _ask(job | {"files": filled, "columns": files[0], "rows": sum(rows.values())})
    return made


def seen_by_cluster(file: str) -> str:
    """A file of a disk that all its machines mount, whatever file system the cluster otherwise stands on."""
    return f"file://{Path(file).resolve()}"


def in_spark(mart: Query) -> str:
    """The rows of the mart's table as a statement of Spark's dialect that reads them from FILES.

    The one statement that is not run as its file has it. It is no text that was put together: sqlglot reads the whole
    file as a tree, and writes the tree. `QueryFileError` where it cannot.
    """
    import sqlglot  # takes a fifth of a second, and most offices need it never
    from sqlglot import expressions

    try:
        tree = sqlglot.parse_one(mart.sql, read="duckdb").expression
        for files in list(tree.find_all(expressions.ReadParquet)):
            files.parent.replace(expressions.to_table(FILES))
        for part in tree.find_all(expressions.CTE):
            part.set("materialized", None)  # advice to DuckDB about its memory
        return sqlglot.Dialect.get_or_raise("spark").generate(
            tree, comments=False, unsupported_level=sqlglot.ErrorLevel.RAISE
        )
    except sqlglot.errors.SqlglotError as error:
        reason = str(error).splitlines()[0]
        raise QueryFileError(f"{mart.path}:{mart.line}: cannot be carried to Spark: {reason}") from None


def _ask(job: dict[str, Any]) -> None:
    """Have the client do the job, and raise what it says."""
    shown = job["address"].partition("/;")[0]  # what follows may hold a token
    try:
        done = subprocess.run(
            [PYTHON, "-I", CLIENT], input=json.dumps(job), capture_output=True, encoding="utf-8", errors="replace"
        )
    except FileNotFoundError:
        raise FolderError("engine_missing", address=shown, python=str(PYTHON)) from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        raise FolderError("engine_failed", address=shown, reason=last)
    if complaint := json.loads(done.stdout):
        raise FolderError(complaint.pop("code"), address=shown, **complaint)
