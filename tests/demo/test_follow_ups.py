"""The follow-ups of the demonstration county: alive, marked as what they are, and never in anybody's way."""

import datetime

import pytest

from dashboard.agenda import hit_rates
from dashboard.demo import follow_ups
from dashboard.demo.names import BY_NAME
from dashboard.store import STATES, Basis, Flag, Step, Store

FLAG = Flag("money_unaudited", "county", BY_NAME["大坪乡"].department_id, "2024Q3", "2026Q2", "alert")
FLAGS = {(FLAG.rule, FLAG.department_id, FLAG.until): FLAG}


@pytest.fixture(scope="module")
def book(demo_folder):
    return Store(demo_folder).read()


def test_every_state_some_owners_and_some_overdue_dates_are_there(book):
    states = {event.step.state for one in book.follow_ups for event in one.events}
    assert states == set(STATES)
    assert len({one.owner for one in book.follow_ups}) >= 5
    day = datetime.date(2026, 11, 28)
    late = [one for one in book.follow_ups if one.is_open and one.days_overdue(day)]
    assert len(late) == 3
    assert any(one.is_open and one.due and one.due > day for one in book.follow_ups)
    assert any(one.is_resumed for one in book.follow_ups)
    assert len(book.replies) == 4


def test_two_rules_have_a_hit_rate_with_its_interval_and_they_differ(book):
    hits = hit_rates(book)
    right, wrong = hits["score_and_complaints_disagree"], hits["top_down_only"]
    assert right.is_share
    assert wrong.is_share
    assert (right.confirmed, right.resolved) == (4, 5)
    assert (wrong.confirmed, wrong.resolved) == (2, 6)


def test_each_line_says_that_it_is_a_demonstration(book):
    events = [event for one in book.follow_ups for event in one.events]
    assert {event.step.who for event in events} | {reply.who for reply in book.replies} == {follow_ups.WHO}
    assert all(event.step.note.startswith(follow_ups.MARK) for event in events if event.step.note)
    assert all(reply.text.startswith(follow_ups.MARK) for reply in book.replies)


def test_the_same_flags_give_the_same_records(tmp_path):
    books, notes = [], []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        assert follow_ups.record(tmp_path / name, FLAGS, "000001-x") == 7  # four notes, one withdrawal
        books.append(Store(tmp_path / name).read())
        notes.append(Store(tmp_path / name).read_notes())
    assert books[0] == books[1]
    assert notes[0] == notes[1]
    assert [event.basis for one in books[0].follow_ups for event in one.events] == [Basis("000001-x", "2026Q2")]


def test_a_store_that_is_there_stays_as_it_is(tmp_path):
    Store(tmp_path).record(FLAG, Step("draft", "办公室"), Basis("000001-x", "2026Q2"))
    before = Store(tmp_path).path.read_bytes()
    assert follow_ups.record(tmp_path, FLAGS, "000002-x") is None
    assert Store(tmp_path).path.read_bytes() == before


def test_three_notes_are_pinned_one_is_withdrawn_and_none_puts_the_snapshot_out_of_date(demo_folder):
    notes = Store(demo_folder).read_notes()
    assert [(note.pin.department_id, note.pin.quarter) for note in notes.kept] == [
        (BY_NAME["数据局"].department_id, "2025Q1"),
        ("*", "2025Q2"),
        (BY_NAME["人社局"].department_id, "2025Q3"),
    ]
    assert len(notes.withdrawals) == 1
    assert {note.pin.kind for note in notes.pinned} == {"note"}
    assert all(event.pin.text.startswith(follow_ups.MARK) for event in notes.events)
    assert {event.pin.who for event in notes.events} == {follow_ups.WHO}
