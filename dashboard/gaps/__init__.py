"""Gap rules: what each of queries/gaps/ says of every department and quarter, and for how long it has said so.

A rule's query says what level it reaches; here that becomes one row for each department that stood in each quarter.
Where a table or enough events are missing, the row says so: `no_data`, never `ok`. `sentences` puts a row into words.
"""

from dashboard.gaps.evaluation import (
    COLUMNS,
    FLAGS,
    STATUSES,
    THRESHOLD_COLUMNS,
    Contradiction,
    Ground,
    contradiction,
    evaluated,
    in_force,
    require_known,
    thresholds_table,
)
from dashboard.gaps.small import without_small

__all__ = [
    "COLUMNS",
    "FLAGS",
    "STATUSES",
    "THRESHOLD_COLUMNS",
    "Contradiction",
    "Ground",
    "contradiction",
    "evaluated",
    "in_force",
    "require_known",
    "thresholds_table",
    "without_small",
]
