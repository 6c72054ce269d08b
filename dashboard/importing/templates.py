"""Workbooks to fill in: a sheet a table, with what each column may hold, drop-down lists and a row as an example.

Everything comes from `schema.TABLES` and the office's own words. What is filled in below the example is imported as it
is: the example is recognised by its mark and left out, and so are the sheets whose name begins with an underscore.
"""

import datetime
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from dashboard.i18n.text import Text, translator
from dashboard.importing.cells import Known, Rejected
from dashboard.importing.reading import EXAMPLE_MARK, NO_TABLE
from dashboard.schema import TABLES, Column, Kind, Table
from dashboard.warehouse import Snapshot, default_vocabulary

LAST_ROW = 5_000  # of a sheet that has its lists and formats; rows below it are read all the same
ROWS_ABOVE = 2  # the header and the example
MOST_WORDS_NAMED = 12  # in a note; the list itself has them all
TOTAL = "all"
CHOICES = f"{NO_TABLE}choices"
# An empty cell of these says that there is none, which rules count; an absent column says that nothing is known.
EMPTY_MEANS_NONE = {("powers", "basis"), ("powers", "measure")}
EXAMPLE_WHOLES = {"total", "received", "closed", "rated", "transactions", "leads"}
EXAMPLE_DAYS = {"due_on": 40, "rectified_on": 30, "closed_on": 30, "valid_to": 1000, "rotation_due": 365}
TEXT_FORMAT, DAY_FORMAT = "@", "yyyy-mm-dd"
AS_TEXT = (Kind.TEXT, Kind.CODE, Kind.DEPARTMENT, Kind.QUARTER, Kind.MONTH, Kind.BOOL)


@dataclass(frozen=True)
class Choices:
    """The words that an office's cells may hold, in one language."""

    words: Mapping[str, Sequence[str]]  # vocabulary → its words
    departments: Sequence[str] = ()
    regions: Sequence[str] = ()  # more than one, or one that must be named: then every table asks for it
    quarter: str = ""  # of the example; "": the calendar's last one


def choices(
    lang: str,
    vocabulary: Iterable[Mapping[str, Any]],
    departments: Iterable[Mapping[str, Any]] = (),
    regions: Sequence[str] = (),
    quarter: str = "",
) -> Choices:
    """From rows with vocabulary, code, zh, en, and with department_id, name, name_en; a name of two is given as its id.

    `regions` are named where rows must say theirs.
    """
    pairs: dict[str, list[tuple[str, str]]] = {}
    for row in vocabulary:
        pairs.setdefault(row["vocabulary"], []).append((str(row[lang] or row["code"]), str(row["code"])))
    # “合计” stands beside its parts in no file, so it is the last that a list offers
    words = {name: _clear(sorted(found, key=lambda pair: pair[1] == TOTAL)) for name, found in pairs.items()}
    named = [
        (str((row["name_en"] if lang == "en" else "") or row["name"]), str(row["department_id"])) for row in departments
    ]
    return Choices(words, _clear(named), tuple(regions), quarter)


def choices_of(snapshot: Snapshot | None, lang: str) -> Choices:
    """What the office's own data know; before the first import the project's words alone."""
    if snapshot is None:
        return choices(lang, default_vocabulary())
    words, known = (snapshot.run(f"pages/{name}").astype(object) for name in ("words", "known_departments"))
    known = known.where(known.notna(), "")
    # rows beside the demonstration county must say that they belong to it
    named = snapshot.regions if len(snapshot.regions) > 1 or snapshot.demonstration else ()
    last = snapshot.quarters[-1] if snapshot.quarters else ""
    return choices(lang, words.to_dict("records"), known.to_dict("records"), named, last)


def _clear(pairs: Sequence[tuple[str, str]]) -> list[str]:
    known = Known.of([name for pair in pairs for name in (pair, (pair[1], pair[1]))], "unknown_value")
    return list(dict.fromkeys(name if _reads(known, name) == code else code for name, code in pairs))


def _reads(known: Known, name: str) -> str:
    try:
        return known.read(name)
    except Rejected:
        return ""


def columns_of(table: Table, given: Choices) -> list[Column]:
    """The columns that a person fills in: the region only where it must be named, nothing that an import computes."""
    hidden = {"region_id"} if table.by_region and not given.regions else set()
    return [column for column in table.columns if column.headers and column.name not in hidden]


def header_words(column: Column, lang: str) -> str:
    """How a template heads the column, in a form that an import recognises."""
    return column.headers[0] if lang == "zh" else column.name


def sheet_words(table: Table, lang: str) -> str:
    return table.headers[0] if lang == "zh" else table.name


def file_words(names: Sequence[str], lang: str) -> str:
    """The file's name without its ending."""
    t = translator(lang)
    about = sheet_words(TABLES[names[0]], lang) if len(names) == 1 else t("data.template.every")
    return f"{t('data.template.file')}_{about}"


def workbook(names: Sequence[str], lang: str, given: Choices) -> bytes:
    """An XLSX with a sheet for each of the tables."""
    out, t = io.BytesIO(), translator(lang)
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    formats = {
        "required": book.add_format({"bold": True, "bottom": 2, "bg_color": "silver"}),
        "optional": book.add_format({"bottom": 2}),
        "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
        "bold": book.add_format({"bold": True}),
        **{name: book.add_format({"num_format": name}) for name in (TEXT_FORMAT, DAY_FORMAT)},
        **{
            f"example {name}": book.add_format({"num_format": name, "italic": True, "font_color": "gray"})
            for name in (TEXT_FORMAT, DAY_FORMAT, "General")
        },
    }
    lists = _lists(names, given, t)
    sheets = {name: book.add_worksheet(sheet_words(TABLES[name], lang)) for name in names}
    for name, sheet in sheets.items():
        _fill(sheet, TABLES[name], lang, given, lists, formats)
    _about(book.add_worksheet(f"{NO_TABLE}{t('data.template.about')}"), names, lang, formats)
    hidden = book.add_worksheet(CHOICES)
    hidden.hide()
    for number, words in enumerate(lists.values()):
        hidden.write_column(0, number, words)
    book.close()
    return out.getvalue()


def _lists(names: Sequence[str], given: Choices, t: Text) -> dict[str, list[str]]:
    """What the drop-down lists hold, by vocabulary or kind."""
    used = [column for name in names for column in columns_of(TABLES[name], given)]
    lists = {column.vocabulary: list(given.words.get(column.vocabulary, ())) for column in used if column.vocabulary}
    lists[Kind.BOOL] = [t("data.template.yes"), t("data.template.no")]
    lists[Kind.DEPARTMENT] = list(given.departments)
    lists["region_id"] = list(given.regions)
    return {name: words for name, words in lists.items() if words}


def _list_of(column: Column) -> str:
    return column.vocabulary or ("region_id" if column.name == "region_id" else column.kind)


def _fill(
    sheet: Any, table: Table, lang: str, given: Choices, lists: dict[str, list[str]], formats: dict[str, Any]
) -> None:
    columns = columns_of(table, given)
    for place, column in enumerate(columns):
        look = DAY_FORMAT if column.kind is Kind.DATE else TEXT_FORMAT if column.kind in AS_TEXT else "General"
        head = header_words(column, lang)
        sheet.set_column(
            place, place, max(11, 2.2 * len(head) + 2 if lang == "zh" else len(head) + 3), formats.get(look)
        )
        sheet.write_string(0, place, head, formats["required" if column.required else "optional"])
        note = "\n".join(notes(table, column, lang, given))
        sheet.write_comment(0, place, note, {"x_scale": 2.2, "y_scale": 0.35 * (note.count("\n") + 3)})
        value = example(column, lang, given)
        if place == 0:
            value = f"{EXAMPLE_MARK[lang]}{value}"
        if isinstance(value, datetime.date):
            sheet.write_datetime(
                1, place, datetime.datetime.combine(value, datetime.time()), formats[f"example {look}"]
            )
        else:
            sheet.write(1, place, value, formats[f"example {look}"])
        if rule := _validation(column, lists, lang):
            sheet.data_validation(ROWS_ABOVE, place, LAST_ROW, place, rule)
    sheet.freeze_panes(1, 0)


def _validation(column: Column, lists: dict[str, list[str]], lang: str) -> dict[str, Any] | None:
    """What a spreadsheet checks while a person types. Words may be others, which the import then names."""
    t = translator(lang)
    asked = {
        "input_title": header_words(column, lang)[:32],
        "input_message": t(f"data.template.kind.{column.kind}")[:255],
    }
    name = _list_of(column)
    if name in lists:
        letter = xlsxwriter.utility.xl_col_to_name(list(lists).index(name), col_abs=True)
        source = f"='{CHOICES}'!{letter}$1:{letter}${len(lists[name])}"
        return {
            "validate": "list",
            "source": source,
            "error_type": "warning",
            "error_message": t("data.template.other"),
            **asked,
        }
    if column.kind is Kind.COUNT:
        return {"validate": "integer", "criteria": ">=", "value": 0, **asked}
    if column.kind is Kind.YEAR:
        return {"validate": "integer", "criteria": "between", "minimum": 1900, "maximum": 2199, **asked}
    if column.kind is Kind.SCORE:  # another scale is declared in a mapping
        return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100, **asked}
    if column.kind is Kind.NUMBER:
        return {"validate": "decimal", "criteria": ">=", "value": 0, **asked}
    if column.kind is Kind.DATE:
        first = datetime.date(1900, 1, 1)
        return {"validate": "date", "criteria": ">=", "value": first, **asked}
    return None


def notes(table: Table, column: Column, lang: str, given: Choices) -> list[str]:
    """What a person must know to fill in the column, a line each."""
    t = translator(lang)
    other = column.name if lang == "zh" else "、".join(column.headers[:1])
    lines = [f"{header_words(column, lang)} · {other}", t(f"data.template.kind.{column.kind}")]
    if column.unit:
        lines.append(t("data.template.unit", unit=t(f"data.unit.{column.unit}")))
    words = given.words.get(column.vocabulary, ())
    if words:
        shown = t("list.separator").join(words[:MOST_WORDS_NAMED])
        key = "data.template.words" if len(words) <= MOST_WORDS_NAMED else "data.template.words.more"
        lines.append(t(key, words=shown, n=len(words)))
    whole = [whole for part, whole in table.at_most if part == column.name]
    lines += [t("data.template.at_most", column=header_words(table.column(name), lang)) for name in whole]
    if column.name in table.whole_key:
        lines.append(t("data.template.key"))
    lines.append(t(f"data.template.{needed(table, column)}"))
    return lines


def needed(table: Table, column: Column) -> str:
    """'filled', 'empty_allowed', 'optional', or 'empty_is_none' where rules count an empty cell."""
    if (table.name, column.name) in EMPTY_MEANS_NONE:
        return "empty_is_none"
    if not column.required:
        return "optional"
    return "filled" if column.filled else "empty_allowed"


def example(column: Column, lang: str, given: Choices) -> Any:
    """A value that an import would read, as a person would type it."""
    t = translator(lang)
    quarter = given.quarter or last_quarter(datetime.date.today())
    first = datetime.date(int(quarter[:4]), 3 * int(quarter[-1]) - 2, 1)
    match column.kind:
        case Kind.QUARTER:
            return quarter
        case Kind.MONTH:
            return f"{first:%Y-%m}"
        case Kind.YEAR:
            return first.year
        case Kind.DATE:
            return first + datetime.timedelta(EXAMPLE_DAYS.get(column.name, 9))
        case Kind.COUNT:
            return 10 if column.name in EXAMPLE_WHOLES else 3
        case Kind.NUMBER | Kind.SIGNED:
            return 12.5
        case Kind.SCORE:
            return 60 if column.name == "pass_mark" else 85
        case Kind.BOOL:
            return t("data.template.yes")
        case Kind.CODE:
            return next(iter(given.words.get(column.vocabulary, ())), "")
        case Kind.DEPARTMENT:
            return next(iter(given.departments), t("data.template.department"))
    if column.name == "region_id" and given.regions:
        return given.regions[0]
    return "A-001" if column.name.endswith("_id") or column.name == "code" else header_words(column, lang)


def last_quarter(day: datetime.date) -> str:
    """The calendar's last quarter that is over."""
    ended = (day.month - 1) // 3
    return f"{day.year}Q{ended}" if ended else f"{day.year - 1}Q4"


def _about(sheet: Any, names: Sequence[str], lang: str, formats: dict[str, Any]) -> None:
    t = translator(lang)
    sheet.set_column(0, 0, 96, formats["wrapped"])
    sheet.write_string(0, 0, t("data.template.how"), formats["bold"])
    steps = [t(f"data.template.how.{number}") for number in range(1, 7)]
    for row, line in enumerate(steps, start=1):
        sheet.write_string(row, 0, line)
    listed = t("list.separator").join(sheet_words(TABLES[name], lang) for name in names)
    sheet.write_string(len(steps) + 2, 0, t("data.template.sheets", tables=listed))
