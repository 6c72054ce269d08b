"""Every mechanism of the documents is answered: by a page, and by a query, rule or method, all of which are there."""

import dash
import pytest

from dashboard import methods
from dashboard.catalog import gaps, load_catalog
from dashboard.mechanisms import mechanisms

CATALOG = load_catalog()
FOLDERS = {"gaps", "indicators", "pages", "methods"}
each = pytest.mark.parametrize("one", mechanisms(), ids=lambda one: one.id)


def test_all_forty_eight_are_there_in_order():
    assert [one.id for one in mechanisms()] == [f"M{number:02}" for number in range(1, 49)]


@each
def test_a_mechanism_is_told_in_both_languages_with_its_source(one):
    assert one.zh.strip() and one.en.strip()
    assert one.cited.startswith("D") and all(part.strip()[0] in "D§" for part in one.cited.split(","))


@each
def test_its_page_is_there(one, empty_app):
    assert one.page in {page["path"] for page in dash.page_registry.values()}


@each
def test_a_query_a_rule_or_a_method_answers_it(one):
    assert one.answers
    codes = {f"methods/{method.code}" for method in methods.METHODS}
    for answer in one.answers:
        assert answer.partition("/")[0] in FOLDERS
        assert answer in CATALOG or answer in codes


def test_every_rule_answers_a_mechanism():
    answered = {name for one in mechanisms() for name in one.named("gaps")}
    assert set(gaps(CATALOG)) <= answered
