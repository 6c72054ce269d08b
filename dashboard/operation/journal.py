"""What happened, as one line of JSON each: every request, every error, and what the server says of itself.

A line break of a request stands escaped inside a JSON string, so nobody can write a line of their own.
"""

import datetime
import json
import logging
import re
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any

SOUND_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
# Who knows the name of an upload or a document may take it: the journal keeps only its beginning.
SECRET_NAME = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{24}\b")
LONGEST_PATH, LONGEST_MESSAGE, LONGEST_STACK = 200, 1000, 20_000
REQUESTS = logging.getLogger("dashboard.requests")

_request: ContextVar[str] = ContextVar("request", default="")


def request_id(given: str) -> str:
    """What the proxy calls the request, if that can be a name; else a new one."""
    return given if SOUND_ID.fullmatch(given) else uuid.uuid4().hex


@contextmanager
def about(number: str) -> Iterator[None]:
    """Every line that is written meanwhile carries the request's id."""
    token = _request.set(number)
    try:
        yield
    finally:
        _request.reset(token)


def record(**fields: Any) -> None:
    """The line of one request."""
    fields["path"] = SECRET_NAME.sub(r"\1…", fields["path"])[:LONGEST_PATH]
    REQUESTS.info("request", extra={"fields": fields})


class Line(logging.Formatter):
    """A record as a line of JSON: time in UTC, level, worker, the request's id, and what it says."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "worker": record.process,
            **({"id": _request.get()} if _request.get() else {}),
            "event": record.name.rpartition(".")[2] if not hasattr(record, "fields") else record.getMessage(),
        }
        if hasattr(record, "fields"):
            line |= record.fields
        else:
            line["message"] = record.getMessage()[:LONGEST_MESSAGE]
        if record.exc_info:
            line["stack"] = self.formatException(record.exc_info)[-LONGEST_STACK:]
        return json.dumps(line, ensure_ascii=False, default=str)


def keep(path: Path | None) -> None:
    """Write to the file, which may be moved away at any time (logrotate), or to standard error. `OSError` where the
    file cannot be written."""
    handler = logging.StreamHandler(sys.stderr) if path is None else WatchedFileHandler(path, encoding="utf-8")
    handler.setFormatter(Line())
    root = logging.getLogger()
    for earlier in root.handlers:
        earlier.close()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("dashboard").setLevel(logging.INFO)
