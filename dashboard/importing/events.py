"""An import told line by line in JSON: its stages while it runs, then one event that says what came of it.

`python -m dashboard import --format json` writes them; the upload page reads them. Codes and values, no words: whoever
shows them has a language.
"""

import dataclasses
import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from dashboard.catalog import QueryFileError
from dashboard.importing.mapping import MappingError
from dashboard.importing.problems import ImportRefused, Problem, Problems
from dashboard.importing.run import ImportResult, Options, PeriodResult, run_import
from dashboard.settings import Settings, SettingsError
from dashboard.snapshots import FolderError

PROGRESS, REFUSED, FAILED, DONE = "progress", "refused", "failed", "done"
LAST = (REFUSED, FAILED, DONE)  # after one of these nothing comes
PAUSE_SECONDS = 0.2  # between two lines of the same stage


def tell_import(paths: list[Path], folder: Path, options: Options, out: TextIO) -> int:
    """Import as `run_import` does and write its events to `out`; the process's exit status, 0 where it succeeded."""
    told = _Told(out)
    try:
        result = run_import(paths, folder, Settings.load(folder), options, told.progress)
    except ImportRefused as refused:
        told.tell(REFUSED, only_rows=refused.only_rows, **_problems(refused.problems))
    except FolderError as error:
        told.tell(FAILED, code=error.code, values={name: str(value) for name, value in error.values.items()})
    except (MappingError, QueryFileError, SettingsError) as error:
        told.tell(FAILED, code="", message=str(error))
    except Exception as error:  # a fault of ours: whoever waits for the last line must not wait for ever
        told.tell(FAILED, code="", message=type(error).__name__)
        raise
    else:
        told.tell(DONE, **_result(result))
        return 0
    return 1


class _Told:
    def __init__(self, out: TextIO):
        self._out, self._stage, self._at = out, "", 0.0

    def progress(self, stage: str, doing: str, share: float) -> None:
        if (stage, doing) == self._stage and time.monotonic() - self._at < PAUSE_SECONDS:
            return
        self._stage, self._at = (stage, doing), time.monotonic()
        self.tell(PROGRESS, stage=stage, doing=doing, share=round(share, 3))

    def tell(self, event: str, **values: Any) -> None:
        self._out.write(json.dumps({"event": event, **values}, ensure_ascii=False) + "\n")
        self._out.flush()


def _problems(problems: Problems) -> dict[str, Any]:
    counts = [[code, file, n] for (code, file), n in problems.counts.items()]
    return {"total": problems.total, "counts": counts, "problems": [vars(problem) for problem in problems.in_order]}


def _result(result: ImportResult) -> dict[str, Any]:
    return {
        "changes": result.changes,
        "tables": {name: vars(table) for name, table in result.tables.items()},
        "periods": [dataclasses.astuple(period) for period in result.periods],
        "restated": [[_text(value) for value in cell] for cell in result.restated],
        "n_restated": result.n_restated,
        "examples": result.examples,
        "totals": result.totals,
        "skipped": sorted(set(result.skipped)),
        "unused": result.unused,
        "snapshot": result.manifest.id if result.manifest else "",
        "number": result.manifest.number if result.manifest else 0,
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


# --- reading them back -----------------------------------------------------------------------------------------
def read_events(path: Path) -> list[dict[str, Any]]:
    """The events so far; a line that is still being written is left out."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]
    except OSError:
        return []
    found = []
    for line in lines:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return [event for event in found if isinstance(event, dict) and "event" in event]


def problems_of(event: dict[str, Any]) -> Problems:
    """The problems of a `refused` event, as the importer knows them."""
    found = Problems(kept=[Problem(**one) for one in event["problems"]])
    found.counts.update({(code, file): n for code, file, n in event["counts"]})
    return found


def periods_of(event: dict[str, Any]) -> Iterable[PeriodResult]:
    return [PeriodResult(*one) for one in event["periods"]]
