"""The address ⇄ what the viewer chose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.filters import EARLIEST, LATEST, Filters

WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)
NAMES = WORDS.filter(lambda name: "," not in name and ":" not in name)
PAIRS = st.dictionaries(NAMES, st.integers(0, 100), min_size=1, max_size=8)
WEIGHTS = PAIRS.filter(lambda pairs: any(pairs.values())).map(lambda pairs: tuple(pairs.items()))
FILTERS = st.builds(
    Filters,
    quarter=st.none() | st.from_regex(r"[0-9]{4}Q[1-4]", fullmatch=True),
    region=st.none() | WORDS,
    category=st.none() | WORDS,
    within=st.none() | WORDS,
    domain=st.none() | WORDS,
    rank_band=st.none() | WORDS,
    departments=st.just(()) | st.sampled_from([("D01",), ("D02", "税务局", "a:b&c")]),
    indicator=st.sampled_from(["composite_score", "complaint_rate", "dimension_score.service"]),
    weights=st.just(()) | WEIGHTS,
    rule=st.none() | st.sampled_from(["one_pen", "supervision_vacuum"]),
    group=st.none() | st.sampled_from(["coverage", "balance"]),
    status=st.none() | st.sampled_from(["flagged", "no_data", "new", "lost", "concern", "behind"]),
    view=st.none() | st.sampled_from(["icons", "months"]),
    kind=st.none() | WORDS,
    method=st.none() | WORDS,
    period=st.none() | st.sampled_from(["2026Q3", "2026-07"]),
    trial=st.just(()) | st.sampled_from([(("watch", 20.0),), (("watch", 12.5), ("fewest_quarters", 2.0))]),
    against=st.none() | st.sampled_from(["1", "42"]),
    q=st.none() | WORDS,
    sort=st.none() | st.sampled_from(["name", "value", "service"]),
    order=st.none() | st.sampled_from(["asc", "desc"]),
    department=st.none() | WORDS,
    compared=st.lists(NAMES, max_size=6, unique=True).map(tuple),
    known=st.none() | st.dates(EARLIEST, LATEST),
    job=st.none() | st.just("0123456789abcdef" * 2),
    sections=st.just(()) | st.sampled_from([("basics",), ("problems", "annexes")]),
    written=st.none() | st.sampled_from(["zh", "en"]),
    edition=st.none() | st.just("public"),
    slide=st.none() | st.sampled_from(["1", "14"]),
    rotate=st.none() | st.sampled_from(["20", "300"]),
    lang=st.none() | st.sampled_from(["zh", "en"]),
    theme=st.none() | st.sampled_from(["light", "dark"]),
)


@given(FILTERS)
def test_whatever_can_be_chosen_survives_the_address(filters):
    assert Filters.from_search(filters.to_search()) == filters


@given(st.text())
def test_no_address_is_an_error(search):
    assert isinstance(Filters.from_search(search), Filters)


@given(st.dictionaries(st.sampled_from([*Filters.__dataclass_fields__, "colour"]), st.text() | st.lists(st.text())))
def test_no_query_is_an_error(query):
    assert isinstance(Filters.from_query(query), Filters)


def test_defaults_are_not_written():
    assert Filters().to_search() == ""
    assert Filters(quarter="2026Q2").to_search() == "?quarter=2026Q2"


def test_a_quarter_that_never_was_is_kept_for_the_page_to_speak_of():
    assert Filters.from_search("?quarter=1999Q9").quarter == "1999Q9"


@pytest.mark.parametrize(
    "search",
    [
        "?colour=red",
        "?quarter=2026Q2&quarter=2026Q1",
        "?quarter=last",
        "?lang=fr",
        "?theme=javascript:alert(1)",
        "?order=sideways",
        "?known=2026-13-45",
        "?known=0001-01-01",
        "?known=9999-12-31",
        "?q=" + "x" * 500,
        "?q=%00",
        "?department=a%0ab",
        "?slide=0",
        "?rotate=5",
        "?departments=D01,,D02",
        "?departments=D01,a%0ab",
        "?departments=" + ",".join(f"D{i}" for i in range(65)),
        "?weights=service",
        "?weights=service:-1",
        "?weights=service:101",
        "?weights=service:1,service:2",
        "?weights=service:0,conduct:0",
        "?indicator=../../etc/passwd",
        "?" + "&".join(f"a{i}=1" for i in range(500)),
    ],
)
def test_unknown_repeated_and_absurd_values_are_left_out(search):
    assert Filters.from_search(search) == Filters()


def test_an_emptied_control_means_the_default():
    filters = Filters(quarter="2026Q2", q="税", weights=(("service", 10),))
    assert filters.changed({"q": "", "quarter": None, "weights": None}) == Filters()
    assert filters.changed({"q": " 局 "}).q == "局"


@pytest.mark.parametrize("held", [{"weights": "service:0,conduct:0"}, {"weights": "service:nan"}, {"colour": "red"}])
def test_what_cannot_be_read_from_a_control_changes_nothing(held):
    filters = Filters(weights=(("service", 1), ("conduct", 2)))
    assert filters.changed(held) == filters


def test_another_indicator_drops_the_column_of_the_last_one():
    filters = Filters(sort="service", order="asc", q="局")
    assert filters.changed({"indicator": "complaint_rate"}) == Filters(indicator="complaint_rate", q="局")
    assert filters.changed({"indicator": None}) == filters


def test_another_region_drops_the_departments_of_the_last_one():
    filters = Filters(region="a", department="D01", departments=("D01", "D02"), compared=("D01", "D02"), q="局")
    assert filters.changed({"region": "b", "department": "D01", "compared": "D01,D02"}) == Filters(region="b", q="局")
    assert filters.changed({"region": "a"}) == filters


@pytest.mark.parametrize("search", [None, 5, ["?q=a"]])
def test_no_kind_of_address_is_an_error(search):
    assert Filters.from_search(search) == Filters()


def test_departments_side_by_side_are_named_once_and_stay_chosen_on_the_way_through_other_pages():
    filters = Filters.from_search("?compared=D01,D02,D01")
    assert filters.compared == ("D01", "D02")
    assert filters.without_row().to_search() == "?compared=D01,D02"
    assert filters.changed({"compared": ""}) == Filters()
    assert Filters.from_search("?compared=D01,,D02") == Filters()


def test_another_page_inherits_the_data_chosen_but_not_the_row():
    filters = Filters(quarter="2026Q2", lang="en", departments=("D01", "D02"), department="D01", sort="name", q="a")
    assert filters.without_row() == Filters(quarter="2026Q2", lang="en", departments=("D01", "D02"))


def test_the_meeting_takes_over_nothing_that_would_narrow_its_figures_without_a_word():
    filters = Filters(quarter="2026Q2", category="township", domain="money", rank_band="leader", window="1")
    assert filters.unnarrowed() == Filters(quarter="2026Q2", category="township")


def test_a_set_of_departments_is_written_plainly_and_each_counts_once():
    assert Filters(departments=("D01", "D02")).to_search() == "?departments=D01,D02"
    assert Filters.from_search("?departments=D02,D01,D02").departments == ("D02", "D01")
    assert len(Filters.from_search("?departments=" + ",".join(f"D{i}" for i in range(64))).departments) == 64
