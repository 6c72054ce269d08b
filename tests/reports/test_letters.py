"""A letter asks its department for what the bulletin asks of it, and for nothing else."""

import datetime

import pytest

from dashboard.reports.files import Drawings, written
from dashboard.reports.layout import text_of
from dashboard.reports.letters import letter
from dashboard.store import NOT_CONFIRMED, Basis, Book, Event, Flag, FollowUp, Step


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


def follow_up(facts, rule, state, due, department="D31", number=1):
    flag = Flag(rule, facts.region, department, "2026Q1", "2026Q2", "alert")
    step = Step(state, "办公室", "党风政风监督室", due)
    at = datetime.datetime(2026, 7, 1, tzinfo=datetime.UTC)
    return FollowUp((Event(number, flag, 0, step, at, Basis("s", "2026Q2")),))


def test_a_letter_reminds_once_of_what_is_agreed_and_open_with_its_date_and_of_nothing_else(make_facts):
    facts, [rule, other, *more] = make_facts(quarter="2026Q3"), list(make_facts(quarter="2026Q3").rules)
    ahead, past = datetime.date(2026, 12, 1), datetime.date(2026, 10, 22)
    silent = ("draft", "addressed", "declined", "completed", "closed", "stopped")
    book = Book(
        (
            follow_up(facts, rule, "active", ahead),
            follow_up(facts, rule, "active", datetime.date(2027, 3, 1), number=2),
            follow_up(facts, other, "active", past),
            follow_up(facts, more[0], "active", None),
            follow_up(facts, more[1], "active", past, department="D09"),
            *(follow_up(facts, one, state, past) for one, state in zip(more[2:], silent)),
        )
    )
    facts.book = book
    said = texts(letter(facts, "D31"))["asked"]
    titles = [facts.rule_title(one) for one in facts.rules]
    assert f"“{titles[0]}”一项已约定于2026年12月1日前办结，请按期办理。" in said
    assert f"“{titles[1]}”一项约定于2026年10月22日前办结，已逾期10天，请说明原因并重新约定时限。" in said
    assert said.count("一项") == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_busiest_and_the_emptiest_letter_have_one_page_in_word_and_in_pdf(
    make_facts, how, lang, office_pdf, pdf_text, tmp_path
):
    facts = make_facts(quarter="2026Q3", lang=lang)
    flags = facts.flags["department_id"].value_counts()
    without = next(one for one in facts.departments["department_id"] if one not in flags)
    busiest, emptiest = letter(facts, flags.index[0]), letter(facts, without)
    # more than any department was ever asked: an agenda has ten places
    flagged = facts.flags.drop_duplicates("rule").head(10).assign(department_id="D31")
    facts._rows |= {"gaps": flagged, "agenda": flagged}
    del facts.flags
    due = datetime.date(2026, 10, 1)
    facts.book = Book(tuple(follow_up(facts, one, "active", due, number=n) for n, one in enumerate(facts.rules)))
    fullest = letter(facts, "D31")
    assert [len(table.rows) for table in fullest.tables] == [10]
    own = tmp_path / "own.pdf"
    for document in (emptiest, busiest, fullest):
        own.write_bytes(written(document, how, "pdf", Drawings()))
        assert pdf_text(own).count("\f") == 1
    for document in (busiest, fullest) if lang == "en" else (fullest,):  # the English is the longer one
        assert pdf_text(office_pdf(written(document, how, "docx", Drawings()), "docx")).count("\f") == 1
    assert text_of(emptiest, how.pitch).size == 14
