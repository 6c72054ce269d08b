"""Published numbers to reproduce; vectors/README.md describes the files."""

import json
from pathlib import Path

FOLDER = Path(__file__).parent / "vectors"


def load(name: str) -> dict:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
