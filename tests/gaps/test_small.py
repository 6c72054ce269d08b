"""Counts of one category below five: withheld in the numbers and in the sentence, and nothing else is."""

import json

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dashboard.catalog import gaps, load_catalog
from dashboard.gaps import without_small
from dashboard.gaps.sentences import sentence
from dashboard.gaps.small import SMALL, WITHHELD
from dashboard.i18n.text import translator

RULES = gaps(load_catalog())
CONDUCT = "conduct_complaints_rising"
EVIDENCE = {"reason": "astronomical_month", "at": "2026-08", "mean": 0.5, "upper": 2.5, "n_points": 24}


def row(count: int | None, rule: str = CONDUCT) -> dict:
    given = {"rule": rule, "value": count, "n": count, "threshold": 2.5, "status": "alert", "covered_quarters": 1}
    return given | {"evidence": json.dumps(EVIDENCE)}


def test_the_sentence_says_that_they_were_fewer_than_five():
    for count, said in ((3, "作风投诉 <5 件"), (12, "作风投诉 12 件")):
        [seen] = without_small(pd.DataFrame([row(count)]), RULES).to_dict("records")
        assert said in sentence(translator("zh"), "zh", RULES[CONDUCT], seen, "甲局", {})


@given(st.lists(st.tuples(st.sampled_from([CONDUCT, "silent_power"]), st.none() | st.integers(0, 9)), min_size=1))
def test_only_small_counts_of_such_rules_are_withheld(given):
    rows = pd.DataFrame([row(count, rule) for rule, count in given])
    seen = without_small(rows, RULES)
    for (rule, count), before, after in zip(given, rows.to_dict("records"), seen.to_dict("records")):
        is_small = rule == CONDUCT and count is not None and 0 < count < SMALL
        assert pd.isna(after["value"]) == (is_small or count is None)
        assert (json.loads(after["evidence"]).get("value") == WITHHELD) == is_small
        if not is_small:
            assert after["evidence"] == before["evidence"] or rule == CONDUCT
    assert rows.equals(pd.DataFrame([row(count, rule) for rule, count in given])), "the rows given stay as they were"
