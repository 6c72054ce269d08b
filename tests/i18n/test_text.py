"""Words: the same keys in both languages, none missing, none left over; numbers as the style guide writes them."""

import re
import string
from pathlib import Path

import pytest

from dashboard.i18n.text import LANGUAGES, number, preferred, quarter_name, signed, texts, translator

ROOT = Path(__file__).parents[2] / "dashboard"
SOURCES = {path: path.read_text("utf-8") for ending in ("py", "html") for path in ROOT.rglob(f"*.{ending}")}
# t("key"), and a key kept in a constant or an argument: any dotted literal whose first part is known
FIRST_PARTS = {key.split(".")[0] for key in texts("zh")}
LITERAL = re.compile(rf'"((?:{"|".join(FIRST_PARTS)})(?:\.[a-z0-9_]+)+)"')
CALL = re.compile(r'\bt\(\s*"([^"{}]+)"')
BUILT = re.compile(r'\bt\(\s*f"([^"]*?)\{')


def test_both_languages_have_the_same_keys():
    assert texts("zh").keys() == texts("en").keys()


def test_both_languages_fill_in_the_same_values():
    def names(lang: str, key: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(texts(lang)[key]) if name}

    assert [key for key in texts("zh") if names("zh", key) != names("en", key)] == []


def test_no_key_used_in_the_code_is_missing():
    used = {(path.name, key) for path, source in SOURCES.items() for key in CALL.findall(source)}
    assert used
    assert not {(name, key) for name, key in used if key not in texts("zh")}


def test_every_key_of_the_pages_is_used():
    theirs = ("cli", "import", "problem", "folder", "table", "reason", "quarter")  # looked up by a computed name
    used = {key for source in SOURCES.values() for key in LITERAL.findall(source)}
    built = tuple(start for source in SOURCES.values() for start in BUILT.findall(source))
    left_over = [
        key
        for key in texts("zh")
        if key.split(".")[0] not in theirs and key not in used and not (built and key.startswith(built))
    ]
    assert left_over == []


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (1204, 0, "1,204"),
        (83.14, 1, "83.1"),
        (-0.04, 1, "0.0"),
        (-2.5, 1, "−2.5"),
        (float("nan"), 1, "—"),
        (None, 0, "—"),
    ],
)
def test_numbers_are_written_with_a_real_minus_and_a_dash_for_no_data(value, decimals, written):
    assert number(value, decimals) == written


def test_a_difference_shows_which_way_it_points():
    assert [signed(value) for value in (0.3, -0.3, 0.0, 0.01)] == ["+0.3", "−0.3", "0.0", "0.0"]


def test_a_quarter_is_named_in_words():
    assert quarter_name(translator("zh"), "2026Q3") == "2026年第三季度"
    assert quarter_name(translator("en"), "2026Q3") == "2026 Q3"


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [(["en-GB", "zh"], "en"), (["fr", "zh-CN", "en"], "zh"), (["fr"], "zh"), ([], "zh")],
)
def test_the_browser_s_language_is_taken_where_we_speak_it_and_chinese_otherwise(accepted, lang):
    assert preferred(accepted) == lang
    assert lang in LANGUAGES
