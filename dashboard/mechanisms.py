"""The mechanisms that the documents describe, each with the page and the queries that answer it: mechanisms.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TEXTS = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class Mechanism:
    id: str  # M01 …
    cited: str  # where the documents speak of it
    zh: str
    en: str
    page: str  # the path on which it is seen
    answers: tuple[str, ...]  # 'gaps/…', 'indicators/…', 'pages/…' by the names of queries; 'methods/…'

    def said(self, lang: str) -> str:
        return {"zh": self.zh, "en": self.en}[lang]

    def named(self, folder: str) -> list[str]:
        """What answers it from one folder, by short names."""
        return [answer.partition("/")[2] for answer in self.answers if answer.startswith(f"{folder}/")]


@cache
def mechanisms() -> tuple[Mechanism, ...]:
    """In the order of their numbers."""
    rows = tomllib.loads(TEXTS.read_text(encoding="utf-8"))["mechanisms"]
    return tuple(Mechanism(**(row | {"answers": tuple(row["answers"])})) for row in rows)
