"""Indicator values as the one table of judgements that screen, export, API and bulletin read.

Each row is one value with all that is said of it. The statistics (limits, outcome, variation, …) belong to
`dashboard.statistics`; where none is computed yet, the column is null and nothing is claimed.
"""

import pandas as pd

from dashboard.catalog import Query

# What the SQL file of an indicator returns.
INDICATOR_COLUMNS = frozenset(
    ("region_id", "department_id", "quarter", "variant", "value", "numerator", "denominator", "n", "note")
)
TEXT, NUMBER = "str", "float64"
COLUMNS: dict[str, str] = {
    "indicator": TEXT,
    "variant": TEXT,
    "region_id": TEXT,
    "department_id": TEXT,
    "period": TEXT,
    "scope": TEXT,
    "window_quarters": "int64",
    "value": NUMBER,
    "numerator": NUMBER,
    "denominator": NUMBER,
    "n": "Int64",
    "unit": TEXT,
    "low": NUMBER,
    "high": NUMBER,
    "benchmark": NUMBER,
    "limit_low_95": NUMBER,
    "limit_high_95": NUMBER,
    "limit_low_998": NUMBER,
    "limit_high_998": NUMBER,
    "z_adjusted": NUMBER,
    "outcome": TEXT,
    "variation": TEXT,
    "assurance": TEXT,
    "trend": TEXT,
    "method": TEXT,
    "method_version": TEXT,
    "note": TEXT,
}


def judged(found: dict[str, tuple[Query, pd.DataFrame]]) -> pd.DataFrame:
    """The values of all indicators (name → its query and that query's rows) in the judgement table's columns."""
    parts = [
        values.rename(columns={"quarter": "period"}).assign(
            indicator=name, scope="region", window_quarters=1, unit=query.header["kind"]
        )
        for name, (query, values) in found.items()
        if len(values)
    ]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return rows.reindex(columns=list(COLUMNS)).astype(COLUMNS)
