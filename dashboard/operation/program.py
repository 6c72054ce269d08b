"""Which version of the program this is: another one for any change of its code, queries, words, styles or scripts."""

import hashlib
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PARTS = ("dashboard/**/*.py", "dashboard/**/*.toml", "queries/**/*.sql", "assets/s*/**/*", "assets/*.svg")


@cache
def program() -> str:
    """The same in every process of a server."""
    digest = hashlib.sha256()
    for path in sorted(path for part in PARTS for path in PROJECT.glob(part) if path.is_file()):
        digest.update(str(path.relative_to(PROJECT)).encode("utf-8"))
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
