"""Follow-ups and replies: possible steps only, never changed, found again after corrections."""

import datetime
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from dashboard.i18n.text import translator
from dashboard.store import (
    FINISHED,
    NEXT,
    STATES,
    Basis,
    Book,
    Flag,
    Reply,
    Step,
    Store,
    StoreError,
    complaint,
    marked,
    next_states,
)
from tests.store.flags import BASIS, FLAG, TO_THE_END, recorded, refusal, spell, step


# --- the life of a follow-up -----------------------------------------------------------------------------------
def test_the_whole_life_is_kept_event_by_event(kept):
    one = recorded(kept, *TO_THE_END)
    assert [event.step.state for event in one.events] == list(TO_THE_END)
    assert [event.follows for event in one.events] == [0, *(event.number for event in one.events[:-1])]
    assert (one.state, one.outcome, one.is_open) == ("closed", "confirmed", False)


@pytest.mark.parametrize("before", [None, *STATES])
@pytest.mark.parametrize("wanted", STATES)
def test_exactly_the_transitions_of_the_life_are_possible(kept, before, wanted):
    way = {
        None: (),
        "declined": ("draft", "active", "declined"),
        "stopped": ("draft", "stopped"),
    }.get(before, TO_THE_END[: TO_THE_END.index(before) + 1] if before in TO_THE_END else ())
    if way:
        recorded(kept, *way)
    stays = before == wanted and before in ("draft", "active", "addressed")
    if wanted in NEXT[before] or stays:
        kept.record(FLAG, step(wanted, note="新的说明"), BASIS)
        assert kept.read().of(FLAG).state == wanted
    else:
        assert refusal(kept, step(wanted), BASIS) == "not_next"


def test_the_life_is_the_one_that_was_decided():
    assert {state: set(after) for state, after in NEXT.items()} == {
        None: {"draft", "active"},
        "draft": {"active", "stopped"},
        "active": {"addressed", "declined", "stopped"},
        "addressed": {"completed", "stopped"},
        "completed": {"closed", "stopped"},
        "declined": {"closed", "stopped"},
        "closed": set(),
        "stopped": set(),
    }


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (step("draft", who="  "), "empty"),
        (step("draft", who="x" * 61), "too_long"),
        (step("draft", who="办公\n室"), "unreadable"),
        (step("draft", note="电话 13912345678"), "personal"),
        (step("draft", note="身份证 11010519491231002X"), "personal"),
        (step("draft", outcome="confirmed"), "outcome_too_early"),
        (step("closed", outcome=""), "no_outcome"),
        (step("closed", outcome="perhaps"), "no_outcome"),
        (step("stopped", note=" "), "no_reason"),
        (step("finished"), "no_state"),
    ],
)
def test_what_is_incomplete_or_does_not_belong_here_is_refused(kept, given, code):
    assert refusal(kept, given, BASIS) == code


def test_staying_in_a_state_needs_something_new(kept):
    recorded(kept, "active")
    assert refusal(kept, step("active"), BASIS) == "nothing_new"
    later = datetime.date(2026, 12, 31)
    kept.record(FLAG, step("active", due=later), BASIS)
    assert kept.read().of(FLAG).due == later


def test_owner_and_date_hold_until_somebody_says_another(kept):
    kept.record(FLAG, step("active", owner="机关纪委", due=datetime.date(2026, 11, 15)), BASIS)
    one = recorded(kept, "addressed")
    assert (one.owner, one.due) == ("机关纪委", datetime.date(2026, 11, 15))


def test_only_what_waits_to_be_done_is_overdue(kept):
    day = datetime.date(2026, 11, 20)
    kept.record(FLAG, step("active", due=datetime.date(2026, 11, 15)), BASIS)
    assert kept.read().of(FLAG).days_overdue(day) == 5
    assert kept.read().of(FLAG).days_overdue(datetime.date(2026, 11, 15)) == 0
    assert recorded(kept, "addressed").days_overdue(day) == 0


class Life(RuleBasedStateMachine):
    """Whatever is tried, what is kept is a way through the life, and nothing kept before ever changes."""

    def __init__(self):
        super().__init__()
        self.folder = TemporaryDirectory(prefix="mingjing-life-")
        self.kept, self.seen = Store(Path(self.folder.name)), ()

    def teardown(self):
        self.folder.cleanup()

    @rule(
        state=st.sampled_from(STATES),
        outcome=st.sampled_from(["", "confirmed", "not_confirmed"]),
        note=st.sampled_from(["", "理由"]),
        follows=st.none() | st.integers(0, 9),
    )
    def try_to_record(self, state, outcome, note, follows):
        before = self.kept.read().of(FLAG)
        last = before.last.number if before else 0
        sound = (state == "closed") == bool(outcome) and (state != "stopped" or note)
        new = not before or state != before.state or note
        possible = sound and state in next_states(before, FLAG) and follows in (None, last) and new
        wanted = Step(state, "办公室", note=note, outcome=outcome)
        again = [event for event in self.seen if (event.follows, event.step) == (follows, wanted)]
        try:
            event = self.kept.record(FLAG, wanted, BASIS, follows)
        except StoreError:
            assert not possible and not again
            return
        if again:  # sent twice
            assert [event] == again
        else:
            assert possible
            assert event.follows == last
            self.seen = (*self.seen, event)

    @invariant()
    def nothing_changes(self):
        one = self.kept.read().of(FLAG)
        assert (one.events if one else ()) == self.seen

    @invariant()
    def what_has_ended_stays_ended(self):
        assert all(event.step.state not in FINISHED for event in self.seen[:-1])


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=15, stateful_step_count=15)


# --- spells after a correction ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("2026Q1", "2026Q3", True),
        ("2025Q4", "2026Q3", True),  # begins earlier
        ("2026Q3", "2026Q4", True),  # begins later
        ("2025Q1", "2026Q1", True),  # ended earlier
        ("2026Q2", "2026Q2", True),
        ("2025Q1", "2025Q4", False),
    ],
)
def test_a_follow_up_is_found_by_any_quarter_that_its_spell_shares(kept, since, until, found):
    recorded(kept, "draft")
    kept.reply(FLAG, "已整改", "办公室", BASIS)
    book = kept.read()
    assert (book.of(spell(since, until)) is not None) == found
    assert bool(book.replies_to(spell(since, until))) == found


@pytest.mark.parametrize(
    ("since", "clear", "found"),
    [
        ("2026Q4", "2026Q3", True),  # a correction has taken the flag out of the last quarter that was seen
        ("2026Q4", "2025Q4", True),
        ("2027Q2", "", True),  # nothing was judged meanwhile
        ("2027Q2", "2026Q3", True),
        ("2027Q2", "2026Q4", False),  # judged, and not flagged: what comes then is another spell
        ("2027Q2", "2027Q1", False),
    ],
)
def test_a_follow_up_stays_with_a_spell_that_now_begins_later_unless_a_clear_quarter_lies_between(
    kept, since, clear, found
):
    recorded(kept, "active")
    kept.reply(FLAG, "已整改", "办公室", BASIS)
    moved = replace(spell(since, "2027Q2"), clear=clear)
    assert (kept.read().of(moved) is not None) == found
    assert bool(kept.read().replies_to(moved)) == found
    assert len(recorded(kept, "addressed" if found else "draft", flag=moved).events) == (2 if found else 1)


@pytest.mark.parametrize("other", ["rule", "region_id", "department_id"])
def test_another_rule_region_or_department_is_another_follow_up(kept, other):
    recorded(kept, "draft")
    assert kept.read().of(Flag(**(vars(FLAG) | {other: "else"}))) is None


def test_the_next_step_joins_the_follow_up_of_the_corrected_spell(kept):
    recorded(kept, "draft")
    moved = spell("2025Q3", "2026Q4")
    one = recorded(kept, "active", flag=moved)
    assert [event.step.state for event in one.events] == ["draft", "active"]
    assert (one.flag.since, one.flag.until) == ("2026Q1", "2026Q4")


def test_a_later_spell_has_a_follow_up_of_its_own(kept):
    recorded(kept, *TO_THE_END, flag=spell("2025Q1", "2025Q2"))
    assert recorded(kept, "draft", flag=replace(spell("2025Q4", "2025Q4"), clear="2025Q3")).state == "draft"
    assert len(kept.read().follow_ups) == 2
    joined = kept.read().of(spell("2025Q1", "2025Q4"))  # a correction flags the quarter between them
    assert joined.state == "draft"


def test_a_chain_is_cut_at_its_first_later_event(kept):
    kept.record(FLAG, step("draft"), Basis("s", "2026Q1"))
    kept.record(FLAG, step("active"), Basis("s", "2026Q3"))
    kept.record(FLAG, step("addressed"), Basis("s", "2026Q2"))  # by somebody who looked back
    kept.record(FLAG, step("completed"), Basis("s", "2026Q4"))
    assert [event.step.state for event in kept.read().before("2026Q3").of(FLAG).events] == ["draft"]


# --- taken up again --------------------------------------------------------------------------------------------
WATCHED = replace(FLAG, level="watch")


@pytest.mark.parametrize(
    ("states", "outcome", "until", "level", "again"),
    [
        (TO_THE_END, "confirmed", "2026Q3", "watch", False),
        (TO_THE_END, "confirmed", "2026Q3", "alert", True),  # an import has made it worse
        (TO_THE_END, "confirmed", "2026Q4", "watch", True),
        (TO_THE_END, "confirmed", "2026Q2", "watch", False),
        (("draft", "stopped"), "", "2026Q3", "watch", False),
        (("draft", "stopped"), "", "2026Q4", "watch", True),
        (("draft", "stopped"), "", "2026Q3", "alert", True),
        (TO_THE_END, "not_confirmed", "2026Q4", "watch", False),
        (TO_THE_END, "not_confirmed", "2027Q3", "watch", False),
        (TO_THE_END, "not_confirmed", "2027Q4", "watch", True),
        (TO_THE_END, "not_confirmed", "2026Q4", "alert", True),
        (("active", "declined"), "", "2027Q3", "watch", False),
        (("active", "declined"), "", "2027Q4", "watch", True),
        (("active", "declined"), "", "2026Q4", "alert", True),
        (("active",), "", "2028Q4", "alert", False),
    ],
)
def test_what_was_decided_holds_up_to_its_quarter_and_level_and_then_a_new_round_begins(
    kept, states, outcome, until, level, again
):
    for state in states:
        kept.record(WATCHED, step(state, **({"outcome": outcome} if state == "closed" else {})), BASIS)
    now = replace(WATCHED, until=until, level=level)
    before = kept.read().of(now)
    assert before.can_be_resumed(now) == again
    assert marked([now], kept.read()) == ({("one_pen", "D09")} if before.is_set_aside and not again else set())
    if not again:
        assert "draft" not in next_states(before, now)[1:]
        return
    assert next_states(before, now)[:2] == ("draft", "active")
    kept.record(now, step("active", owner="督查室"), BASIS, follows=before.last.number)
    first, second = kept.read().rounds(now)
    assert (first.events, first.is_open, second.is_open) == (before.events, False, True)
    assert ([event.step.state for event in second.events], second.owner) == (["active"], "督查室")
    assert second.last.follows == before.last.number


def test_of_two_who_take_a_flag_up_again_the_second_is_told(kept):
    before = recorded(kept, "draft", "stopped", flag=WATCHED)
    later = replace(WATCHED, until="2026Q4")
    kept.record(later, step("active"), BASIS, follows=before.last.number)
    with pytest.raises(StoreError) as error:
        kept.record(later, step("draft"), BASIS, follows=before.last.number)
    assert error.value.code == "stale"


def test_of_two_follow_ups_that_are_open_the_one_that_was_seen_is_ended(kept):
    """A correction may join two spells: both follow-ups can be brought to an end."""
    old = recorded(kept, "active", flag=spell("2025Q1", "2025Q2"))
    kept.record(replace(FLAG, clear="2025Q4"), step("active"), BASIS)
    joined = spell("2025Q1", "2026Q3")
    assert kept.read().of(joined).flag.since == "2026Q1"
    kept.record(joined, step("stopped"), BASIS, follows=old.last.number)
    assert [one.state for one in kept.read().rounds(joined)] == ["stopped", "active"]


def test_as_known_on_a_day_and_before_a_quarter(kept):
    kept.record(FLAG, step("draft"), Basis("s", "2026Q2"))
    kept.record(FLAG, step("active"), Basis("s", "2026Q3"))
    book = kept.read()
    assert book.before("2026Q3").of(FLAG).state == "draft"
    assert book.before("2026Q2").of(FLAG) is None
    today = datetime.date.today()
    assert book.known_on(today) == book
    assert book.known_on(today - datetime.timedelta(1)) == Book()


# --- set aside, replies ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("states", "outcome", "aside"),
    [
        (("draft", "active", "declined"), "", True),
        (("draft", "active", "declined", "closed"), "not_confirmed", True),
        (TO_THE_END, "not_confirmed", True),
        (TO_THE_END, "confirmed", False),
        (("draft", "active"), "", False),
        (("draft", "stopped"), "", False),
    ],
)
def test_declined_and_not_confirmed_flags_are_marked_in_the_same_spell(kept, states, outcome, aside):
    for state in states:
        kept.record(FLAG, step(state, **({"outcome": outcome} if state == "closed" else {})), BASIS)
    book = kept.read()
    assert marked([FLAG], book) == ({("one_pen", "D09")} if aside else set())
    assert marked([replace(spell("2027Q1", "2027Q1"), clear="2026Q4")], book) == set()


def test_a_reply_is_kept_beside_the_one_that_it_corrects(kept):
    kept.reply(FLAG, "数字有误", "信访室", BASIS, datetime.date(2026, 11, 3))
    kept.reply(FLAG, "更正：数字无误", "信访室", BASIS)
    first, second = kept.read().replies_to(FLAG)
    assert isinstance(first, Reply)
    assert (first.text, first.received) == ("数字有误", datetime.date(2026, 11, 3))
    assert (second.text, second.received) == ("更正：数字无误", None)


def test_the_same_words_on_another_day_or_of_another_quarter_are_another_reply(kept):
    day = datetime.date(2026, 11, 3)
    said = [(BASIS, day), (BASIS, day), (BASIS, datetime.date(2026, 12, 1)), (replace(BASIS, quarter="2026Q4"), None)]
    numbers = [kept.reply(FLAG, "已说明", "信访室", basis, received).number for basis, received in said]
    assert numbers == [1, 1, 2, 3]


@pytest.mark.parametrize(("text", "who"), [("", "办"), ("已改", ""), ("x" * 4001, "办"), ("13912345678", "办")])
def test_a_reply_needs_a_text_and_who_recorded_it(kept, text, who):
    with pytest.raises(StoreError):
        kept.reply(FLAG, text, who, BASIS)
    assert kept.read() == Book()


def test_every_refusal_has_words_in_both_languages(kept):
    recorded(kept, "draft")
    for given in (step("closed"), step("draft", who=""), step("stopped", note=""), step("x")):
        with pytest.raises(StoreError) as error:
            kept.record(FLAG, given, BASIS)
        for lang in ("zh", "en"):
            assert complaint(translator(lang), error.value)


def test_a_step_that_is_sent_twice_is_one(kept):
    once = kept.record(FLAG, step("draft", owner="督查室"), BASIS, follows=0)
    assert kept.record(FLAG, step("draft", owner="督查室"), BASIS, follows=0) == once
    then = kept.record(FLAG, step("active"), BASIS, follows=once.number)
    # also when others came after it; another step after the same one is none of it
    assert kept.record(FLAG, step("draft", owner="督查室"), BASIS, follows=0) == once
    assert kept.record(FLAG, step("active"), BASIS, follows=once.number) == then
    assert refusal(kept, step("draft", owner="别人"), BASIS, follows=0) == "stale"
    assert len(kept.read().of(FLAG).events) == 2
