"""One cell: what is read, what is refused, and that nothing in between happens."""

import datetime
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.importing import cells
from dashboard.importing.cells import Known, Rejected
from dashboard.schema import Kind

SCRAPS = st.text(
    alphabet=st.one_of(
        st.sampled_from("0123456789０１２３qQ季度年月日第一二三四-/.,+%eE Tt:（）²①\ufeff\x00"), st.characters()
    )
)


def code_of(read, raw: str) -> str:
    with pytest.raises(Rejected) as rejected:
        read(raw)
    return rejected.value.code


@pytest.mark.parametrize(
    ("raw", "quarter"),
    [
        *(("2026Q3", "2026Q3"), ("2026q3", "2026Q3"), ("2026-Q3", "2026Q3"), ("2026 Q3", "2026Q3")),
        *(
            ("2026年第三季度", "2026Q3"),
            ("2026年3季度", "2026Q3"),
            ("２０２６年第３季度", "2026Q3"),
            ("2026第四季度", "2026Q4"),
        ),
        *(("2026-07-15", "2026Q3"), ("2026年7月", "2026Q3"), ("202607", "2026Q3"), ("2026/9/30", "2026Q3")),
        ("2026-07-15 00:00:00", "2026Q3"),
    ],
)
def test_a_quarter_is_read_in_every_way_that_offices_write_it(raw, quarter):
    assert cells.read_quarter(raw) == quarter


@pytest.mark.parametrize(
    "raw",
    [
        *(
            "2026",
            "2026Q5",
            "Q3",
            "2026年上半年",
            "2026年前三季度",
            "2026年1-3季度",
            "第三季度",
            "2026-13",
            "2026-02-31",
            "20262",
        ),
        *("0206Q3", "3026Q1", "٢٠٢٦Q3", "2026Q²", "2026.1", "2026-07-15 10:00 oder so", "46218"),
    ],
)
def test_what_names_no_single_quarter_is_refused(raw):
    """2026.1 is January, or October that a spreadsheet took for a number: not guessed."""
    assert code_of(cells.read_quarter, raw) == "not_a_quarter"


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("1204", 1204),
        ("1,204", 1204),
        ("１２０４", 1204),
        ("12.5", 12.5),
        (" 7 ", 7),
        ("1e3", 1000),
        ("1,234,567.5", 1234567.5),
    ],
)
def test_numbers_are_read_with_thousands_and_full_width_digits(raw, number):
    assert cells.read_number(raw) == number


@pytest.mark.parametrize(
    "raw",
    ["79,5", "0,123", "1,23", "12,3456", "5%", "1e999", "nan", "inf", "1_000", "1204²", "①", "1 204", "٣", "0x1F"],
)
def test_what_could_be_another_number_is_no_number(raw):
    assert code_of(cells.read_number, raw) == "not_a_number"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("-1", "negative_count"),
        ("1.5", "not_a_count"),
        ("1e308", "not_a_count"),
        ("三", "not_a_count"),
        ("10000000000001", "not_a_count"),
    ],
)
def test_a_count_is_a_whole_number_from_zero(raw, code):
    assert code_of(cells.read_count, raw) == code


def test_do_not_know_is_no_score_and_never_zero():
    assert cells.read_score("不了解") is None
    assert cells.read_score("0") == 0
    assert code_of(lambda raw: cells.read_score(raw, 1, 5), "0") == "out_of_scale"


@pytest.mark.parametrize("raw", ["2026-02-30", "2026-07", "15.7.2026", "2026-7-15x", "20260732", "7/15/2026"])
def test_an_impossible_or_foreign_date_is_refused(raw):
    assert code_of(cells.read_date, raw) == "not_a_date"


@pytest.mark.parametrize("raw", ["财\ufffd局", "a\x00b", "æµ\x8bè¯\x95", "#DIV/0!", "#N/A", "1.23457E+11"])
def test_broken_text_is_refused(raw):
    assert code_of(cells.read_text, raw) == "not_text"


@pytest.mark.parametrize(
    "raw",
    ["13800138000", "+86 138-0013-8000", "电话13800138000（张）", "11010519491231002X", "证号11010519491231002X。"],
)
def test_personal_numbers_are_seen_inside_text(raw):
    assert cells.looks_personal(raw)


@pytest.mark.parametrize("raw", ["110105194912310021", "a13800138000f", "2026138001380001", "12800138000", "财政局"])
def test_codes_are_not_taken_for_personal_numbers(raw):
    assert not cells.looks_personal(raw)


@given(SCRAPS)
def test_no_reader_ever_raises_anything_but_rejected(raw):
    known = Known.of([("d01", "d01"), ("财政局", "d01")], "unknown_department")
    for read in (*cells.READERS.values(), cells.read_score, known.read):
        try:
            read(raw)
        except Rejected:
            continue
    cells.looks_personal(raw)
    cells.is_nothing(raw)


@given(SCRAPS)
def test_a_count_that_is_read_is_the_number_that_stands_there(raw):
    try:
        value = cells.read_count(raw)
    except Rejected:
        return
    digits = "".join(character for character in raw.translate(cells.FULL_WIDTH) if character in "0123456789.eE+-")
    assert value == float(digits) and 0 <= value <= cells.LARGEST_COUNT


@given(
    st.integers(1900, 2199),
    st.integers(1, 4),
    st.sampled_from(["{y}Q{q}", "{y}-Q{q}", "{y}年第{c}季度", "{y}年{q}季度", "{y}年第{q}季"]),
)
def test_quarters_survive_being_written_and_read(year, quarter, form):
    raw = form.format(y=year, q=quarter, c="一二三四"[quarter - 1])
    assert cells.read_quarter(raw) == f"{year}Q{quarter}"


@given(
    st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%Y.%m.%d"]),
)
def test_dates_survive_being_written_and_read(date, form):
    raw = date.strftime(form)
    assert cells.read_date(raw) == date
    assert cells.read_month(raw) == f"{date:%Y-%m}"
    assert cells.read_quarter(raw) == f"{date.year}Q{(date.month + 2) // 3}"


@given(st.integers(0, cells.LARGEST_COUNT), st.sampled_from(["{}", "{:,}", "{}.0", " {} "]))
def test_counts_survive_being_written_and_read(count, form):
    assert cells.read_count(form.format(count)) == count


@given(st.floats(0, 1e15, allow_nan=False))
def test_numbers_survive_being_written_and_read(number):
    assert math.isclose(cells.read_number(repr(number)), number, rel_tol=0, abs_tol=0)


def test_a_close_miss_names_the_nearest_known_value():
    known = Known.of([("d01", "d01"), ("财政局", "d01"), ("公安局", "d02")], "unknown_department")
    with pytest.raises(Rejected) as rejected:
        known.read("财证局")
    assert (rejected.value.code, rejected.value.nearest) == ("unknown_department", "财政局")


def test_a_name_of_two_departments_is_refused_and_an_id_is_always_itself():
    known = Known.of([("d01", "d01"), ("办公室", "d01"), ("d02", "d02"), ("办公室", "d02"), ("d01", "d02")], "x")
    assert code_of(known.read, "办公室") == "ambiguous_name"
    assert (known.read("d01"), known.read("D 02")) == ("d01", "d02")


def test_every_kind_of_column_has_a_reader():
    assert set(cells.READERS) | {Kind.CODE, Kind.DEPARTMENT, Kind.SCORE} == set(Kind)
