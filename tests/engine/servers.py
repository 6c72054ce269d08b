"""Servers that speak Spark Connect: Sail, which stands in for a cluster, and a real Spark with workers of its own."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SAIL, CLUSTER = (Path(sys.prefix) / name / "bin" for name in ("sail", "cluster"))
PYTHON = SAIL / "python"  # the client is there too


@contextmanager
def sail() -> Iterator[str]:
    """The address of one process, ready."""
    port = _free()
    with _running([SAIL / "sail", "spark", "server", "--ip", "127.0.0.1", "--port", port], port) as address:
        yield address


@contextmanager
def spark(scratch: Path) -> Iterator[str]:
    """The address of a driver with two workers of a core and a gibibyte each, which are processes of their own."""
    port = _free()
    scratch.mkdir(exist_ok=True)
    (home,) = CLUSTER.parent.glob("lib/python*/site-packages/pyspark")
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": port,
        "spark.local.dir": scratch,
        "spark.sql.shuffle.partitions": "4",  # the default is that of a hundred cores
        "spark.ui.enabled": "false",
    }
    command = [home / "bin" / "spark-submit", "--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]
    command += ["--master", "local-cluster[2,1,1024]"]
    command += [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    own = {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_WORKER_DIR": str(scratch)}
    with _running([*command, "spark-internal"], port, **own) as address:
        yield address


def _free() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return str(free.getsockname()[1])


@contextmanager
def _running(command: list[str | Path], port: str, **environment: str) -> Iterator[str]:
    with tempfile.TemporaryFile("w+") as said:
        server = subprocess.Popen(command, env=os.environ | environment, stdout=said, stderr=said)
        try:
            while not _answers(int(port)):
                if server.poll() is not None:
                    said.seek(0)
                    raise RuntimeError(f"{Path(command[0]).name} ended: {said.read()[-2000:]}")
                time.sleep(0.05)
            yield f"sc://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True
