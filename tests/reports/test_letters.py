"""A letter asks its department for what the bulletin asks of it, and for nothing else."""

import pytest

from dashboard.reports.letters import letter
from dashboard.store import NOT_CONFIRMED


def texts(document):
    return {paragraph.key: paragraph.text for paragraph in document.paragraphs}


@pytest.fixture(scope="module")
def facts(make_facts):
    return make_facts(quarter="2026Q3")


def test_a_letter_asks_for_all_that_the_bulletin_asks_of_the_department_first_and_the_rest_is_to_know(facts):
    agenda = facts.rows("agenda")
    for department in facts.departments["department_id"]:
        own, rules = letter(facts, department), agenda.loc[agenda["department_id"] == department, "rule"]
        rows = [row for table in own.tables for row in table.rows]
        titles = {facts.rule_title(rule) for rule in rules}
        assert {row[0] for row in rows[: len(titles)]} == titles
        assert [row[3] for row in rows] == ["请反馈"] * len(titles) + ["供参考"] * (len(rows) - len(titles))
        asked = texts(own)["asked"]
        assert ("书面报" in asked) == bool(titles)
        assert f"“请反馈”的{len(titles)}项" in asked or not titles


def test_what_was_checked_and_not_confirmed_is_not_listed_again(facts):
    aside = next(one for one in facts.agenda.aside if one.follow_up.outcome == NOT_CONFIRMED)
    own = letter(facts, aside.flag.department_id)
    listed = [row[0] for table in own.tables for row in table.rows]
    assert facts.rule_title(aside.flag.rule) not in listed
    assert "此前已核查、不属实，不再列出" in texts(own)["gaps"]


def test_where_a_kind_has_too_few_departments_the_letter_says_that_the_whole_region_is_compared(make_facts):
    facts = make_facts(quarter="2026Q3")
    assert "全地区" not in texts(letter(facts, "D31"))["position"]
    facts.ranking = facts.ranking.assign(peer_set="*")
    facts.rows("complaint_rates")["peer_set"] = "*"
    said = texts(letter(facts, "D31"))["position"]
    assert "单位太少，与全地区" in said
    assert "全地区" in said.partition("每百名")[2] and "同类" not in said
