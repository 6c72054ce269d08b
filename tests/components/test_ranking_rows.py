"""Rows of the ranking."""

import pytest

from dashboard.components.ranking_rows import change_in_place
from dashboard.i18n.text import translator


@pytest.mark.parametrize(
    ("change", "words"),
    [(4, "升4"), (-4, "降4"), (0, "平"), (float("nan"), "—")],
)
def test_a_change_of_rank_is_told_in_plain_words(change, words):
    assert change_in_place(translator("zh"), change) == words
