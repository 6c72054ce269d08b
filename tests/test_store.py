"""What people record: kept whole or not at all, never changed, found again after corrections, by several at once."""

import datetime
import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from dashboard import store
from dashboard.i18n.text import translator
from dashboard.settings import Settings
from dashboard.store import (
    BASELINE,
    EVERYBODY,
    FINISHED,
    NEXT,
    STATES,
    Basis,
    Book,
    Flag,
    FollowUp,
    Notes,
    Pin,
    Reply,
    Step,
    Store,
    StoreError,
    complaint,
    marked,
    next_states,
    with_baselines,
)
from tests.support import PROJECT

FLAG = Flag("one_pen", "county", "D09", "2026Q1", "2026Q3")
BASIS = Basis("000001-20261015T080000Z-abcdef", "2026Q3")
TO_THE_END = ("draft", "active", "addressed", "completed", "closed")
FRESH = multiprocessing.get_context("forkserver")
FRESH.set_forkserver_preload(["tests.test_store"])


def step(state: str, **said) -> Step:
    needed = {"note": "理由"} if state == "stopped" else {"outcome": "confirmed"} if state == "closed" else {}
    return Step(state, **({"who": "办公室"} | needed | said))


def spell(since: str, until: str) -> Flag:
    return Flag(FLAG.rule, FLAG.region_id, FLAG.department_id, since, until)


def recorded(kept: Store, *states: str, flag: Flag = FLAG, **said) -> FollowUp:
    for state in states:
        kept.record(flag, step(state, **said), BASIS)
    return kept.read().of(flag)


@pytest.fixture
def kept(tmp_path: Path) -> Store:
    return Store(tmp_path)


def refusal(kept: Store, *given, **said) -> str:
    """The code of the refusal; what was recorded before stays as it was."""
    before = kept.read()
    with pytest.raises(StoreError) as error:
        kept.record(FLAG, *given, **said)
    assert kept.read() == before
    return error.value.code


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


# --- two people at once ----------------------------------------------------------------------------------------
def test_who_did_not_see_the_last_step_is_told_whose_it_was(kept):
    first = kept.record(FLAG, step("draft"), BASIS, follows=0)
    kept.record(FLAG, step("active", who="党风政风监督室"), BASIS, follows=first.number)
    with pytest.raises(StoreError) as error:
        kept.record(FLAG, step("stopped"), BASIS, follows=first.number)
    assert error.value.code == "stale"
    said = complaint(translator("en"), error.value)
    assert "somebody changed it meanwhile: 党风政风监督室 set it to “active”" in said
    assert refusal(kept, step("draft", who="别人"), BASIS, follows=0) == "stale"


def _write(folder: Path, who: str, times: int, answer) -> None:
    kept, done = Store(folder), 0
    for number in range(times):
        flag = Flag("one_pen", "county", f"{who}{number}", "2026Q1", "2026Q3")
        kept.record(flag, step("draft", who=who), BASIS)
        done += 1
    answer.send(done)


def test_two_processes_that_write_at_once_lose_nothing(tmp_path):
    ends = []
    for who in ("甲", "乙"):
        answer, sender = FRESH.Pipe(duplex=False)
        process = FRESH.Process(target=_write, args=(tmp_path, who, 12, sender))
        process.start()
        sender.close()
        ends.append((process, answer))
    assert [answer.recv() for _, answer in ends] == [12, 12]
    for process, _ in ends:
        process.join()
    events = [one.last for one in Store(tmp_path).read().follow_ups]
    assert len(events) == 24
    assert sorted(event.number for event in events) == list(range(1, 25))


def _race(folder: Path, who: str, answer) -> None:
    try:
        Store(folder).record(FLAG, step("active", who=who), BASIS, follows=1)
        answer.send("kept")
    except StoreError as error:
        answer.send(error.code)


def test_of_two_answers_to_the_same_step_one_is_kept(tmp_path):
    recorded(Store(tmp_path), "draft")
    ends = []
    for who in ("甲", "乙", "丙"):
        answer, sender = FRESH.Pipe(duplex=False)
        FRESH.Process(target=_race, args=(tmp_path, who, sender)).start()
        sender.close()
        ends.append(answer)
    assert sorted(answer.recv() for answer in ends) == ["kept", "stale", "stale"]
    assert len(Store(tmp_path).read().of(FLAG).events) == 2


# --- crashes, damage, folders that cannot be written -----------------------------------------------------------
def _die_before_the_commit(folder: Path) -> None:
    class Dying(sqlite3.Connection):
        def commit(self):
            os.kill(os.getpid(), signal.SIGKILL)

    connect = sqlite3.connect
    sqlite3.connect = lambda *given, **said: connect(*given, factory=Dying, **said)
    Store(folder).record(FLAG, step("active"), BASIS)


def test_a_write_that_is_killed_before_it_is_complete_leaves_nothing(tmp_path, kept):
    before = recorded(kept, "draft")
    process = FRESH.Process(target=_die_before_the_commit, args=(tmp_path,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert Store(tmp_path).read().of(FLAG) == before
    assert recorded(Store(tmp_path), "active").state == "active"
    kept.require_sound()


def test_a_first_write_that_is_killed_leaves_a_file_that_works(tmp_path):
    process = FRESH.Process(target=_die_before_the_commit, args=(tmp_path,))
    process.start()
    process.join()
    assert Store(tmp_path).read() == Book()
    assert recorded(Store(tmp_path), "draft").state == "draft"


def _write_for_ever(folder: Path, answer) -> None:
    number = 0
    while True:
        number += 1
        kept = Store(folder)
        kept.record(Flag("one_pen", "county", f"d{os.getpid()}-{number}", "2026Q1", "2026Q3"), step("draft"), BASIS)
        if number == 1:
            answer.send("begun")


def test_writers_killed_at_random_moments_never_tear_the_file(tmp_path):
    rng, before = random.Random(2026), 0
    for _ in range(6):
        answer, sender = FRESH.Pipe(duplex=False)
        process = FRESH.Process(target=_write_for_ever, args=(tmp_path, sender))
        process.start()
        answer.recv()
        time.sleep(0.1 * rng.random())
        process.kill()
        process.join()
        kept = Store(tmp_path)
        kept.require_sound()
        now = len(kept.read().follow_ups)
        assert now > before
        before = now


def test_what_was_recorded_cannot_be_changed_or_removed_by_hand(kept):
    recorded(kept, "draft")
    kept.reply(FLAG, "已整改", "办公室", BASIS)
    connection = sqlite3.connect(kept.path)
    for statement in ("update events set who = 'x'", "delete from events", "update replies set text = 'x'"):
        with pytest.raises(sqlite3.IntegrityError, match="stays as it is"):
            connection.execute(statement)
    connection.close()


def test_a_damaged_file_is_named_with_the_remedy(kept):
    recorded(kept, "draft")
    whole = kept.path.read_bytes()
    for damaged in (b"not a database" * 400, whole[: len(whole) // 2]):
        kept.path.write_bytes(damaged)
        with pytest.raises(StoreError) as error:
            kept.require_sound()
            kept.read()
        assert error.value.code == "damaged"
        assert "store.sqlite" in complaint(translator("zh"), error.value)
        assert "备份" in complaint(translator("zh"), error.value)
    kept.path.write_bytes(whole)
    assert kept.read().of(FLAG).state == "draft"


def test_a_file_of_a_newer_version_is_left_alone(kept):
    recorded(kept, "draft")
    connection = sqlite3.connect(kept.path)
    connection.execute("pragma user_version = 99")
    connection.close()
    for attempt in (kept.read, lambda: kept.record(FLAG, step("active"), BASIS)):
        with pytest.raises(StoreError) as error:
            attempt()
        assert error.value.code == "newer"


def test_a_file_of_an_older_version_is_brought_up_to_date_by_whoever_opens_it(kept, monkeypatch):
    recorded(kept, "draft")
    added = store.Query("store/more", Path("more.sql"), "create table more (number integer)", 1, {}, frozenset())
    now = store.Query("store/version_4", Path("version_4.sql"), "pragma user_version = 4", 1, {}, frozenset())
    monkeypatch.setattr(store, "MIGRATIONS", (*store.MIGRATIONS, ("more", "version_4")))
    newer = Store(kept.path.parent)
    newer._queries |= {"more": added, "version_4": now}
    assert newer.read().of(FLAG).state == "draft"
    connection = sqlite3.connect(kept.path)
    assert connection.execute("select count(*) from more").fetchone() == (0,)
    connection.close()
    assert recorded(newer, "active").state == "active"


def test_a_file_of_the_first_version_opens_and_keeps_what_it_holds(kept):
    _first_version(kept)
    one = kept.read().of(FLAG)
    assert (one.state, one.owner, one.flag.level) == ("stopped", "督查室", "")
    kept.record(replace(FLAG, until="2026Q4", level="alert"), step("active"), BASIS)
    assert kept.read().of(FLAG).flag.level == "alert"


def test_an_older_file_that_cannot_be_written_is_read_as_it_is(kept, monkeypatch):
    _first_version(kept)
    before = kept.path.read_bytes()
    connected = kept._connected
    monkeypatch.setattr(kept, "_connected", lambda _mode: connected("ro"))
    one = kept.read().of(FLAG)
    assert (one.state, one.owner, one.flag.level) == ("stopped", "督查室", "")
    assert kept.path.read_bytes() == before


def _first_version(kept: Store) -> None:
    old = {name: query for name, query in kept._queries.items() if name != "add_level"}
    made = [name for name in store.MIGRATIONS[0] if name in old]
    connection = sqlite3.connect(kept.path)
    for name in made:
        connection.execute(old[name].sql)
    row = ("one_pen", "county", "D09", "2026Q1", "2026Q3", 0, "stopped", "督查室", "", "不再需要", "", "办公室")
    names = "rule, region_id, department_id, since, until, follows, state, owner, due, note, outcome, who"
    moment = "2026-10-15T08:00:00+00:00"
    connection.execute(
        f"insert into events ({names}, at, snapshot, quarter) values ({', '.join('?' * 15)})",
        (*row, moment, BASIS.snapshot, BASIS.quarter),
    )
    connection.commit()
    connection.close()


def test_a_file_that_another_program_holds_is_waited_for_and_then_named(kept, monkeypatch):
    recorded(kept, "draft")
    monkeypatch.setattr(store, "PATIENCE_SECONDS", 0.1)
    other = sqlite3.connect(kept.path, isolation_level=None)
    other.execute("begin exclusive")
    with pytest.raises(StoreError) as error:
        kept.record(FLAG, step("active"), BASIS)
    assert error.value.code == "busy"
    other.close()
    assert recorded(kept, "active").state == "active"


def test_a_read_only_folder_can_be_read_and_says_why_it_cannot_be_written(kept):
    """A read-only mount where this machine lets us, not modes: an administrator may write in spite of those."""
    recorded(kept, "draft")
    script = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 99; "$2" -c "$3" "$1"'
    code = (
        "import sys; from pathlib import Path; from tests.test_store import *; kept = Store(Path(sys.argv[1]));"
        "print(kept.read().of(FLAG).state);\n"
        "try: kept.record(FLAG, step('active'), BASIS)\n"
        "except StoreError as error: print(error.code)"
    )
    command = ["unshare", "-rm", "sh", "-c", script, "sh", str(kept.path.parent), sys.executable, code]
    try:
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60)
    except FileNotFoundError:
        pytest.skip("no mounts of our own here")
    if done.returncode in (1, 99) and not done.stdout:
        pytest.skip("no mounts of our own here")
    assert done.stdout.split() == ["draft", "not_kept"], done.stderr


def test_a_folder_without_a_file_has_nothing_recorded_and_gets_none_by_reading(kept):
    assert kept.read() == Book()
    kept.require_sound()
    assert not kept.path.exists()


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


# --- notes pinned to a quarter -----------------------------------------------------------------------------------
MERGED = Pin("county", "D09", "2026Q1", "与原规划局合并", "办公室")
ANEW = replace(MERGED, kind=BASELINE, indicator="complaint_rate", text="新设受理窗口")


def test_a_note_is_kept_with_who_when_and_on_what(kept):
    note = kept.pin(replace(MERGED, text=" 与原规划局\n合并 "), BASIS)
    assert kept.read_notes("county") == Notes((note,))
    assert (note.number, note.pin.text, note.basis) == (1, "与原规划局 合并", BASIS), (
        "one line, as it stands under a chart"
    )
    assert kept.read_notes("other") == Notes()
    assert kept.read() == Book(), "a note is no follow-up"


def test_a_note_that_is_sent_twice_is_one(kept):
    assert kept.pin(MERGED, BASIS) == kept.pin(MERGED, BASIS)
    assert kept.pin(replace(MERGED, quarter="2026Q2"), BASIS).number == 2


@pytest.mark.parametrize(
    ("pin", "code"),
    [
        (replace(MERGED, text=" "), "empty"),
        (replace(MERGED, who=""), "empty"),
        (replace(ANEW, text=""), "empty"),
        (replace(MERGED, text="合" * 201), "too_long"),
        (replace(MERGED, text="电话 13912345678"), "personal"),
        (replace(MERGED, who="110101199003078515"), "personal"),
        (replace(MERGED, quarter="2026Q5"), "not_there"),
        (replace(MERGED, kind="withdrawal"), "not_there"),
    ],
)
def test_a_note_that_is_unfit_is_refused_in_words_and_nothing_is_kept(kept, pin, code):
    with pytest.raises(StoreError) as error:
        kept.pin(pin, BASIS)
    assert error.value.code == code
    assert "没有登记" in complaint(translator("zh"), error.value)
    assert kept.read_notes() == Notes()


def test_a_withdrawn_note_stays_in_the_history_and_holds_no_more(kept):
    note = kept.pin(MERGED, BASIS)
    gone = kept.withdraw("county", note.number, "季度写错", "督查室", BASIS)
    notes = kept.read_notes()
    assert (notes.pinned, notes.kept) == ((note,), ())
    assert notes.withdrawals == {note.number: gone}
    assert (gone.pin.text, gone.pin.who, gone.withdraws) == ("季度写错", "督查室", 1)
    for number, code in ((note.number, "withdrawn"), (gone.number, "no_note"), (9, "no_note")):
        with pytest.raises(StoreError) as error:
            kept.withdraw("county", number, "再来一次", "办公室", BASIS)
        assert error.value.code == code
    assert kept.pin(MERGED, BASIS).number == 3, "what was withdrawn can be written anew"


def test_no_note_can_be_changed_or_deleted_by_hand(kept):
    kept.pin(MERGED, BASIS)
    connection = sqlite3.connect(kept.path)
    for statement in ("update notes set text = 'x'", "delete from notes"):
        with pytest.raises(sqlite3.IntegrityError, match="stays as it is"):
            connection.execute(statement)
    connection.close()


def test_notes_as_known_on_a_day_are_those_written_by_its_end(tmp_path):
    days = [datetime.datetime(2026, 10, day, 4, tzinfo=datetime.UTC) for day in (1, 2)]
    first, _ = (Store(tmp_path, clock=lambda at=at: at).pin(replace(MERGED, text=f"{at.day}"), BASIS) for at in days)
    Store(tmp_path, clock=lambda: days[1]).withdraw("county", first.number, "误记", "办公室", BASIS)
    then = Store(tmp_path).read_notes().known_on(datetime.date(2026, 10, 1))
    assert then.kept == (first,), "withdrawn the day after"


def test_a_file_without_notes_has_none_and_takes_them(kept):
    connection = sqlite3.connect(kept.path)
    for names in store.MIGRATIONS[:2]:
        for name in names:
            connection.execute(kept._queries[name].sql)
    connection.close()
    assert kept.read_notes() == Notes()
    assert kept.pin(MERGED, BASIS).number == 1


def test_baselines_among_the_notes_count_like_those_of_the_settings(kept):
    settings = Settings.load(kept.path.parent)
    assert with_baselines(settings, kept.path.parent) == settings
    kept.pin(MERGED, BASIS)
    assert with_baselines(settings, kept.path.parent) == settings, "a note begins nothing anew"
    one = kept.pin(ANEW, BASIS)
    kept.pin(replace(ANEW, department_id=EVERYBODY, indicator=""), BASIS)
    own, every = with_baselines(settings, kept.path.parent).baselines
    named = ("indicator", "department", "start", "by", "reason", "region", "note")
    values = ("complaint_rate", "D09", "2026Q1", "办公室", "新设受理窗口", "county", one.number)
    assert tuple(own[name] for name in named) == values
    assert (every["indicator"], every["department"]) == ("", "")
    kept.withdraw("county", one.number, "误记", "办公室", BASIS)
    assert [one["note"] for one in with_baselines(settings, kept.path.parent).baselines] == [every["note"]]


def test_a_step_that_is_sent_twice_is_one(kept):
    once = kept.record(FLAG, step("draft", owner="督查室"), BASIS, follows=0)
    assert kept.record(FLAG, step("draft", owner="督查室"), BASIS, follows=0) == once
    then = kept.record(FLAG, step("active"), BASIS, follows=once.number)
    # also when others came after it; another step after the same one is none of it
    assert kept.record(FLAG, step("draft", owner="督查室"), BASIS, follows=0) == once
    assert kept.record(FLAG, step("active"), BASIS, follows=once.number) == then
    assert refusal(kept, step("draft", owner="别人"), BASIS, follows=0) == "stale"
    assert len(kept.read().of(FLAG).events) == 2
