"""Asks a cluster for marts through Spark Connect; run by the environment that requirements-spark.txt makes.

Nothing of the product is here but this file. A job in JSON comes by standard input; each mart's rows become a Parquet
file; `{}` on standard output says that all is done, and `{"code": …}` with its values what stood in the way.
"""

import json
import socket
import sys
from typing import Any

import grpc
import pyarrow as pa
import pyarrow.parquet as parquet
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql.connect.client import DefaultChannelBuilder
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema


class Complaint(Exception):
    """What stood in the way: a code of i18n (`folder.<code>`) and its values."""

    def __init__(self, code: str, **values: object):
        super().__init__(code)
        self.content = {"code": code, **values}


def answered(job: dict[str, Any]) -> dict[str, Any]:
    try:
        _require_there(job["address"], job["patience"])
        _make(SparkSession.builder.remote(job["address"]).getOrCreate(), job)
    except Complaint as complaint:
        return complaint.content
    except (PySparkException, grpc.RpcError) as error:
        return {"code": "engine_failed", "reason": _first_line(error)}
    return {}


def _require_there(address: str, patience: float) -> None:
    """The client itself would try again for ten minutes."""
    channel = DefaultChannelBuilder(address)
    host, _, port = channel.endpoint.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), patience).close()
        with channel.toChannel() as opened:
            grpc.channel_ready_future(opened).result(patience)
    except OSError as error:
        raise Complaint("engine_unreachable", reason=error.strerror or str(error)) from None
    except grpc.FutureTimeoutError:
        raise Complaint("engine_unreachable", reason=f"no Spark Connect within {patience:.0f} s") from None


def _make(session: SparkSession, job: dict[str, Any]) -> None:
    if int(session.version.partition(".")[0]) < job["oldest"]:
        raise Complaint("engine_version", found=session.version, expected=f"{job['oldest']}.0")
    # given the columns, files that lack some are read with nulls there, and no file is opened to find them out
    columns = from_arrow_schema(parquet.read_schema(job["columns"]))
    ballots = session.read.schema(columns).parquet(*job["files"])
    try:
        ballots.createOrReplaceTempView(job["table"])
        found = ballots.count()
    except PySparkException as error:
        raise Complaint("engine_blind", file=job["files"][0], reason=_first_line(error)) from None
    if found != job["rows"]:  # some engines take a file that is not there for an empty one
        raise Complaint("engine_blind", file=job["files"][0], reason=f"{found} of {job['rows']} rows")
    for mart in job["marts"]:
        try:
            _write(session, mart["statement"], mart["file"])
        except PySparkException as error:
            raise Complaint("engine_refused", mart=mart["name"], reason=_first_line(error)) from None
    session.stop()


def _write(session: SparkSession, statement: str, file: str) -> None:
    """As `toArrow` does, but a part at a time: a country's mart is more than this machine should hold at once."""
    answer = session.sql(statement)
    schema = to_arrow_schema(answer.schema)
    parts = session.client.to_table_as_iterator(answer._plan.to_proto(session.client), {})
    with parquet.ParquetWriter(file, schema) as writer:
        for part in parts:
            if isinstance(part, pa.Table):  # before them comes the schema
                writer.write_table(part.cast(schema))


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


if __name__ == "__main__":
    json.dump(answered(json.load(sys.stdin)), sys.stdout)
