"""From an office's files to raw tables: read · map · check · stage. Every problem at once, nothing half-loaded.

`reading` opens files, `mapping` says what foreign columns mean, `cells` reads one cell, `check` a sheet, `stage` merges
a partition, `run` does the whole and publishes.
"""

from dashboard.importing.mapping import Mapping, MappingError, load_mapping
from dashboard.importing.problems import ImportRefused, Problem, Problems
from dashboard.importing.run import ImportResult, Options, rebuild, run_import

__all__ = [
    "ImportRefused",
    "ImportResult",
    "Mapping",
    "MappingError",
    "Options",
    "Problem",
    "Problems",
    "load_mapping",
    "rebuild",
    "run_import",
]
