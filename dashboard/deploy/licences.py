"""Prints the licences of all that requirements.lock installs, as CSV: `make licences` keeps it in LICENCES.csv."""

import csv
import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

from dashboard.spreadsheet import safe_cell

LOCK = Path(__file__).parents[2] / "requirements.lock"
LINE = re.compile(r"^([\w.-]+==[^\\\n]+)", re.MULTILINE)
COLUMNS = ("package", "version", "licence")
KNOWN = {  # what texts of licences begin with, where a package gives its text for its name
    "Permission is hereby granted": "MIT",
    "MIT License": "MIT",
    "Apache License": "Apache-2.0",
    "SIL OPEN FONT LICENSE": "OFL-1.1",
}


def locked() -> dict[str, str]:
    """Package → version that the lock has for this system; some are for others."""
    found = [Requirement(line) for line in LINE.findall(LOCK.read_text(encoding="utf-8"))]
    return {one.name: str(one.specifier).removeprefix("==") for one in found if not one.marker or one.marker.evaluate()}


def rows() -> Iterator[tuple[str, str, str]]:
    """Of each of these packages, which must be installed."""
    for name, version in locked().items():
        yield name, version, licence(distribution(name))


def licence(found: Distribution) -> str:
    """As the package's own metadata name it."""
    about = found.metadata
    if named := about.get("License-Expression"):
        return named
    classes = [value.split(" :: ")[-1] for value in about.get_all("Classifier", []) if value.startswith("License ::")]
    if named := "; ".join(one for one in classes if one != "OSI Approved"):
        return named
    text = (about.get("License") or "").strip()
    words = next((name for start, name in KNOWN.items() if start in text), text.partition("\n")[0][:60])
    return words or "?"


if __name__ == "__main__":
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerows([safe_cell(cell) for cell in row] for row in (COLUMNS, *rows()))
