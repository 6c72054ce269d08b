"""Read one cell: text in, value out, or `Rejected` with what was expected.

Each reader takes the text of a cell that is not empty. The same few texts fill most columns, so `check` calls a
reader once for each distinct text of a column and not once a row.
"""

import datetime
import difflib
import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dashboard.schema import Kind

# A cell that says that there is no figure. Never zero, never the mean.
NOTHING = frozenset(
    {"", "-", "--", "—", "——", "–", "/", "\\", "na", "n/a", "null", "none", "无数据", "未报", "缺", "空"}
)
DO_NOT_KNOW = frozenset({"不了解", "不适用", "不清楚", "弃权", "未评", "不评价", "don't know", "not applicable"})
LARGEST_COUNT = 10**12

YES = frozenset({"1", "true", "yes", "y", "t", "是", "有", "对", "√", "✓", "已公开", "公开", "已列入"})
NO = frozenset({"0", "false", "no", "n", "f", "否", "无", "没有", "×", "✗", "未公开", "不公开", "未列入"})

CHINESE_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4}
# Digits are 0 to 9 (full-width ones are made so before); those of other scripts are no digits here.
# A year outside these centuries is a slip of the finger.
YEAR = r"((?:19|20|21)\d{2})"
QUARTER = re.compile(YEAR + r"\s*[-年/.]?\s*(?:[Qq]|第)?\s*([1-4一二三四])\s*(?:季度?)?", re.ASCII)
QUARTER_FORM = re.compile(r"[Qq季]")
TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
DAY = re.compile(YEAR + r"\s*[-年/.]\s*(\d{1,2})(?:\s*[-月/.]\s*(?:(\d{1,2})\s*日?" + TIME + ")?)?", re.ASCII)
COMPACT_DAY = re.compile(YEAR + r"(\d{2})(\d{2})", re.ASCII)
COMPACT_MONTH = re.compile(YEAR + r"(\d{2})", re.ASCII)
LOST_ZERO = re.compile(r"\d{4}\.1")  # January, or October that a spreadsheet took for the number 2026.10
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", re.ASCII)  # 0,123 is a decimal comma
PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
# Text that is none: control characters, what a failed decoding leaves, a failed formula, an id that became a number.
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff]")
SHEET_ERROR = re.compile(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|CALC!|SPILL!)")
SHORTENED = re.compile(r"\d(\.\d+)?[eE]\+\d{2}")
FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: " "} | dict.fromkeys(map(ord, "\ufeff\u200b"))
INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060"))


class Rejected(Exception):
    """A cell that cannot be read: a problem code, what was expected, and the nearest known value."""

    def __init__(self, code: str, expected: str = "", nearest: str = ""):
        super().__init__(code)
        self.code, self.expected, self.nearest = code, expected, nearest


def tidy(raw: str) -> str:
    """Full-width digits and letters as people type them, without invisible characters and surrounding space."""
    return unicodedata.normalize("NFKC", raw).translate(INVISIBLE).strip()


def ascii_digits(raw: str) -> str:
    """Full-width digits and signs as plain ones. A footnote's ² stays what it is: 1204² is not 12042."""
    return raw.translate(FULL_WIDTH).strip()


def is_nothing(raw: str) -> bool:
    return tidy(raw).casefold() in NOTHING


def read_number(raw: str, low: float = 0.0, high: float = math.inf) -> float:
    """A finite number from `low` to `high`; 1,204 and １２０４ are read, 79,5 and 5% are not."""
    text = ascii_digits(raw)
    if THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    value = float(text) if PLAIN_NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(value):
        raise Rejected("not_a_number")
    if not low <= value <= high:
        raise Rejected("out_of_range", expected=f"{low:g}–{high:g}" if math.isfinite(high) else f"≥ {low:g}")
    return value


def read_signed(raw: str) -> float:
    return read_number(raw, low=-math.inf)


def read_count(raw: str) -> int:
    """A whole number from 0 to 10¹²; 14.0, as spreadsheets write it, is 14."""
    try:
        value = read_number(raw)
    except Rejected as reason:
        raise Rejected("not_a_count" if reason.code == "not_a_number" else "negative_count") from None
    if value != int(value) or value > LARGEST_COUNT:
        raise Rejected("not_a_count")
    return int(value)


def read_score(raw: str, low: float = 0.0, high: float = 100.0) -> float | None:
    """A score inside the declared scale; “不了解” is no score."""
    if tidy(raw).casefold() in DO_NOT_KNOW:
        return None
    try:
        return read_number(raw, low, high)
    except Rejected as reason:
        code = "out_of_scale" if reason.code == "out_of_range" else "not_a_score"
        raise Rejected(code, expected=f"{low:g}–{high:g}") from None


def read_bool(raw: str) -> bool:
    text = tidy(raw).casefold()
    if text in YES:
        return True
    if text in NO:
        return False
    raise Rejected("not_yes_or_no")


def read_date(raw: str) -> datetime.date:
    text = ascii_digits(raw)
    found = COMPACT_DAY.fullmatch(text) or DAY.fullmatch(text)
    try:
        return datetime.date(int(found[1]), int(found[2]), int(found[3]))
    except (TypeError, ValueError):
        raise Rejected("not_a_date") from None


def read_month(raw: str) -> str:
    """2026-07, from 2026-07, 2026年7月, 202607 or any date inside it."""
    text = ascii_digits(raw)
    found = COMPACT_MONTH.fullmatch(text) or COMPACT_DAY.fullmatch(text) or DAY.fullmatch(text)
    if not found or LOST_ZERO.fullmatch(text):
        raise Rejected("not_a_month")
    day = found[3] if found.re.groups > 2 else None
    try:
        return f"{datetime.date(int(found[1]), int(found[2]), int(day or 1)):%Y-%m}"
    except ValueError:
        raise Rejected("not_a_month") from None


def quarter_of_month(month: str) -> str:
    """2026-07 → 2026Q3."""
    return f"{month[:4]}Q{(int(month[5:7]) + 2) // 3}"


def read_quarter(raw: str) -> str:
    """2026Q3, from 2026Q3, 2026-Q3, 2026年第三季度, 2026年3季度, a month or a date inside it."""
    text = ascii_digits(raw)
    found = QUARTER.fullmatch(text)
    if found and QUARTER_FORM.search(text):
        return f"{found[1]}Q{CHINESE_DIGITS.get(found[2]) or found[2]}"
    try:
        return quarter_of_month(read_month(text))
    except Rejected:
        raise Rejected("not_a_quarter") from None


def read_year(raw: str) -> int:
    found = re.fullmatch(YEAR + r"(?:\.0)?\s*年?度?", ascii_digits(raw), re.ASCII)
    if not found:
        raise Rejected("not_a_year")
    return int(found[1])


def read_text(raw: str) -> str:
    text = raw.translate(INVISIBLE).strip()
    if NO_TEXT.search(text) or SHEET_ERROR.fullmatch(text) or SHORTENED.fullmatch(text):
        raise Rejected("not_text")
    return text


@dataclass(frozen=True)
class Known:
    """Names that a cell may hold, each with what it stands for; close misses are offered back."""

    exact: frozenset[str]  # the stored values themselves, which are never ambiguous
    meanings: dict[str, str]  # folded name → stored value; "" where the name stands for several
    shown: tuple[str, ...]  # names as people write them, for the nearest-match hint
    code: str  # the problem when nothing matches
    among: str = ""  # whose names they are, for the problem's words

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]], code: str, among: str = "") -> "Known":
        pairs = [(name, stored) for name, stored in pairs if name]
        meanings: dict[str, str] = {}
        for name, stored in pairs:
            if meanings.setdefault(fold(name), stored) != stored:
                meanings[fold(name)] = ""
        return cls(
            frozenset(stored for _, stored in pairs),
            meanings,
            tuple(dict.fromkeys(name for name, _ in pairs)),
            code,
            among,
        )

    def read(self, raw: str) -> str:
        if raw.strip() in self.exact:
            return raw.strip()
        stored = self.meanings.get(fold(raw))
        if stored:
            return stored
        if stored == "":
            raise Rejected("ambiguous_name")
        close = difflib.get_close_matches(tidy(raw), self.shown, n=1, cutoff=0.5)
        raise Rejected(self.code, expected=self.among, nearest=close[0] if close else "")


def fold(name: str) -> str:
    return re.sub(r"[\s_\-·]+", "", tidy(name)).casefold()


READERS: dict[Kind, Callable[[str], object]] = {
    Kind.TEXT: read_text,
    Kind.QUARTER: read_quarter,
    Kind.MONTH: read_month,
    Kind.YEAR: read_year,
    Kind.DATE: read_date,
    Kind.COUNT: read_count,
    Kind.NUMBER: read_number,
    Kind.SIGNED: read_signed,
    Kind.BOOL: read_bool,
}

# --- personal data ---------------------------------------------------------------------------------------------
PERSONAL_HEADERS = re.compile(
    r"姓名|身份证|证件号|手机|电话|联系方式|住址|家庭地址|通讯地址|邮箱|微信|举报人|投诉人|当事人|出生"
    r"|idcard|idnumber|identitycard|phone|mobile|telephone|homeaddress|fullname|personname|email|birthday"
)
# Not inside longer runs of digits and letters, which are codes.
MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z])", re.ASCII)
ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])", re.ASCII)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def looks_personal(raw: str) -> bool:
    """Holds a mainland mobile number, or an 18-digit identity number whose check digit holds (GB 11643-1999)."""
    if len(raw) < 11:
        return False
    text = tidy(raw)
    return bool(MOBILE.search(text)) or any(_checks(found[0]) for found in ID_NUMBER.finditer(text))


def _checks(number: str) -> bool:
    remainder = sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, number)) % 11
    return "10X98765432"[remainder] == number[-1].upper()
