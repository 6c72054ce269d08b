"""A gap's row in words: its sentence with the numbers, or why there is no judgement."""

import functools
import json
from collections.abc import Callable, Mapping
from typing import Any

from dashboard.catalog import Query
from dashboard.gaps.evaluation import FLAGS, NO_DATA, NO_ROW
from dashboard.i18n.text import FALLBACK, MISSING, Text, known, number
from dashboard.schema import TABLES

Words = Mapping[tuple[str, str], str]  # (vocabulary, code) → word


def _plain(_value: Any, written: str) -> str:
    return written


class _Shown:
    """A value of the row inside a sentence: `{value}` as the header says, `{value:1}` with one decimal."""

    def __init__(
        self, value: Any, decimals: int, word: Callable[[Any], str], separator: str, mark: Callable[[Any, str], str]
    ):
        self.value, self.decimals, self.word, self.separator, self.mark = value, decimals, word, separator, mark

    def __format__(self, decimals: str) -> str:
        if isinstance(self.value, list):
            return self.separator.join(map(self.word, self.value)) or MISSING
        if isinstance(self.value, str):
            return self.word(self.value)
        if not known(self.value):
            return MISSING
        whole = isinstance(self.value, int) and not decimals
        return self.mark(self.value, number(self.value, 0 if whole else int(decimals or self.decimals)))


def sentence(
    t: Text,
    lang: str,
    rule: Query,
    row: Mapping[str, Any],
    name: str,
    words: Words,
    marked: Callable[[str, Any, str], str] | None = None,
) -> str:
    """What the rule says of one row of the gaps table; `name`: the department's, `words`: of codes in `lang`.

    `marked`: gets each figure's column, value and text, and gives back what stands in its place.
    """
    if row["status"] == NO_DATA:
        return t("gaps.no_data", name=name, reason=no_data_reason(t, lang, rule, row))
    if row["status"] not in FLAGS:
        return t("gaps.ok", name=name, rule=rule.header["title"][lang])
    header, evidence = rule.header, json.loads(row["evidence"])
    texts = header["sentence"]
    text = texts[lang] if lang in texts else texts[evidence["reason"]][lang]
    vocabularies, separator = header.get("vocabularies", {}), t("list.separator")

    def shown(column: str, value: Any) -> _Shown:
        vocabulary = vocabularies.get(column, "")
        mark = functools.partial(marked, column) if marked else _plain
        return _Shown(value, header["decimals"], lambda code: words.get((vocabulary, code), str(code)), separator, mark)

    own = {column: row[column] for column in ("value", "threshold", "n") if column not in evidence}
    if known(own.get("n")):
        own["n"] = int(own["n"])
    values = {column: shown(column, value) for column, value in (evidence | own).items()}
    said = text.format(
        name=name,
        period=period(t, header["window"], row["covered_quarters"]),
        line=t(f"gaps.line.{row['status']}"),
        **values,
    )
    return t("gaps.flag", sentence=said, ask=t(f"gaps.ask.{row['status']}"))


def period(t: Text, window: int, covered: int) -> str:
    """'近四季', or how many quarters there are where the figures do not reach so far back."""
    if covered < window:
        return t("gaps.period.short", covered=number(covered, 0), window=number(window, 0))
    return t(f"gaps.period.{window}")


def no_data_reason(t: Text, lang: str, rule: Query, row: Mapping[str, Any]) -> str:
    """What is missing: tables and columns by their names, or why what is there cannot be judged."""
    if known(row["missing"]) and row["missing"]:
        names = [needed_name(t, lang, need) for need in row["missing"].split(",")]
        return t("gaps.missing", names=t("list.separator").join(names))
    note = row["note"] if known(row["note"]) else NO_ROW
    own = rule.header.get("notes", {})
    return own[note][lang] if note in own else t(f"gaps.note.{note}")


def needed_name(t: Text, lang: str, need: str) -> str:
    """What a rule needs, in words: 'tasks' → '督办事项', 'tasks.closed_on' → '督办事项的“办结日期”一列'."""
    table, _, column = need.partition(".")
    if not column:
        return t(f"table.{table}")
    return t("gaps.missing.column", table=t(f"table.{table}"), column=column_name(lang, table, column))


def column_name(lang: str, table: str, name: str) -> str:
    """What a column of an imported table is called."""
    column = TABLES[table].column(name)
    return column.headers[0] if lang == FALLBACK and column.headers else name.replace("_", " ")
