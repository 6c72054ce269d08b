"""Rows of the ranking."""

import pytest

from dashboard.components.ranking_rows import change_in_place
from dashboard.i18n.text import translator


@pytest.mark.parametrize(
    ("place", "previous", "words"),
    [(3, 7, "升4"), (7, 3, "降4"), (3, 3, "平"), (3, float("nan"), "—"), (float("nan"), 3, "—")],
)
def test_a_change_of_rank_is_told_in_plain_words(place, previous, words):
    assert change_in_place(translator("zh"), place, previous) == words
