"""Words and numbers in the viewer's language; the words themselves are in zh.toml and en.toml."""

import functools
import math
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

FOLDER = Path(__file__).parent
LANGUAGES = {"zh": "zh-CN", "en": "en"}
FALLBACK = "zh"
MISSING = "—"

Text = Callable[..., str]


@functools.cache
def texts(lang: str) -> dict[str, str]:
    """Every key of a language with its sentence."""
    return tomllib.loads((FOLDER / f"{lang}.toml").read_text("utf-8"))


def text(lang: str, key: str, /, **values: Any) -> str:
    """The sentence of `key`, its {braces} filled. An unknown key is an error: a test looks for them."""
    return texts(lang)[key].format(**values)


@functools.cache
def translator(lang: str) -> Text:
    """`text` with the language filled in; pages call it `t`."""
    words = texts(lang)
    return lambda key, /, **values: words[key].format(**values)


def preferred(accepted: list[str]) -> str:
    """The first language of the browser's list that we speak; Chinese when there is none."""
    spoken = (tag.split("-")[0].lower() for tag in accepted)
    return next((lang for lang in spoken if lang in LANGUAGES), FALLBACK)


def known(value: object) -> bool:
    """False for None, NaN, NaT and pandas' NA: no data is not a number."""
    return value is not None and value is not pd.NA and bool(value == value)


def number(value: float | None, decimals: int = 1) -> str:
    """'1,204' or '83.1'; a real minus sign; a dash where there is no value."""
    try:
        if value is None or not math.isfinite(value):
            return MISSING
    except TypeError:
        if known(value):
            raise
        return MISSING
    written = f"{value:,.{decimals}f}"
    if written[0] != "-":
        return written
    return f"−{written[1:]}" if written.strip("-0.,") else written[1:]


def signed(value: float | None, decimals: int = 1) -> str:
    """'+0.3', '−2.0', '0.0': a difference that shows which way it points."""
    written = number(value, decimals)
    return f"+{written}" if known(value) and float(value) > 0 and written.strip("0.,") else written


def quarter_name(t: Text, quarter: str) -> str:
    """'2026年第三季度', '2026 Q3'."""
    year, _, ordinal = quarter.partition("Q")
    return t("quarter.name", year=year, ordinal=t(f"quarter.{ordinal}"))
