"""The trace: only ever added to, and any change of what is there is found."""

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.i18n.text import texts
from dashboard.store import Store
from dashboard.store.trace import ACTIONS, EXPORTED, NOTHING_BEFORE, RESULTS, Chain, Doer, Trace
from tests.store.flags import BASIS, FLAG, recorded

COLUMNS = ("at", "actor", "role", "address", "action", "what", "result", "detail", "hash")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Trace:
    """Six rows that a test copies before it does anything to them."""
    trace = Trace(tmp_path_factory.mktemp("trace"), doer=Doer("li", "analyst", "10.0.0.7"))
    for number in range(6):
        trace.record(EXPORTED, f"/ranking {number}")
    return trace


def after(whole: Trace, *statements: str, values: tuple = ()) -> Chain:
    """What is found where somebody with the file in hand took the triggers away and ran this."""
    with TemporaryDirectory() as folder:
        copy = Trace(Path(folder))
        copy.path.write_bytes(whole.path.read_bytes())
        connection = sqlite3.connect(copy.path)
        for trigger in ("trace_without_update", "trace_without_delete"):
            connection.execute(f"drop trigger {trigger}")
        for statement in statements:
            connection.execute(statement, values)
        connection.commit()
        connection.close()
        return copy.verify()


def test_a_row_says_who_what_when_and_where(whole):
    entry = whole.read(1)[0]
    assert (entry.number, entry.actor, entry.role, entry.address) == (6, "li", "analyst", "10.0.0.7")
    assert (entry.action, entry.what, entry.result) == ("export", "/ranking 5", "done")
    assert entry.at.isoformat().endswith("+00:00")
    assert [one.number for one in whole.read(2, before=4)] == [3, 2]


def test_a_whole_chain_answers_with_its_end(whole):
    last = whole.read(1)[0]
    assert whole.verify() == Chain(6, last.hash)
    assert whole.verify().is_whole
    assert whole.has(6, last.hash)
    assert whole.has(3, whole.read(1, 4)[0].hash)
    assert not whole.has(3, last.hash)
    assert not whole.has(7, last.hash)


def test_a_folder_without_a_trace_has_an_empty_one(tmp_path):
    assert Trace(tmp_path).read() == []
    assert Trace(tmp_path).verify() == Chain(0, NOTHING_BEFORE)


@given(
    row=st.integers(1, 6),
    column=st.sampled_from(COLUMNS),
    at=st.integers(0, 200),
    sign=st.characters(codec="utf-8", exclude_characters="\0"),
)
@example(row=1, column="at", at=0, sign="x")
@example(row=6, column="hash", at=63, sign="g")
def test_any_changed_character_is_found_in_its_row(whole, row, column, at, sign):
    entry = next(one for one in whole.read() if one.number == row)
    value = entry.at.isoformat() if column == "at" else getattr(entry, column)
    changed = value[: at % (len(value) + 1)] + sign + value[at % (len(value) + 1) + 1 :]
    if changed == value or (column == "result" and changed not in RESULTS) or not changed and column == "action":
        return
    if column == "hash" and len(changed) != 64:
        changed = changed[:64].ljust(64, "0")
    assert after(whole, f"update trace set {column} = ? where number = {row}", values=(changed,)).broken == row


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("delete from trace where number = 1", 1),
        ("delete from trace where number = 4", 4),
        ("update trace set number = 9 where number = 6", 6),
        ("update trace set number = -1 where number = 1", 1),
        (f"insert into trace select 9, {', '.join(COLUMNS)} from trace limit 1", 7),
    ],
)
def test_a_row_taken_out_moved_or_put_in_breaks_the_chain_there(whole, statement, broken):
    found = after(whole, statement)
    assert (found.broken, found.is_whole) == (broken, False)
    assert found.number == broken - 1


def test_rows_cut_off_at_the_end_are_missed(whole):
    found = after(whole, "delete from trace where number > 4")
    assert (found.number, found.broken, found.missing, found.is_whole) == (4, None, 2, False)
    # who also sets the count back is found out by whoever wrote down number and hash
    found = after(
        whole, "delete from trace where number > 4", "update sqlite_sequence set seq = 4 where name = 'trace'"
    )
    assert found.is_whole
    assert found.number == 4


def test_what_comes_after_rows_that_were_cut_off_does_not_hide_it(whole, tmp_path):
    copy = Trace(tmp_path)
    copy.path.write_bytes(whole.path.read_bytes())
    connection = sqlite3.connect(copy.path)
    connection.executescript("drop trigger trace_without_delete; delete from trace where number > 4")
    connection.close()
    copy.record(EXPORTED)
    assert copy.verify().broken == 5


def test_no_row_can_be_changed_or_deleted_by_hand(whole):
    connection = sqlite3.connect(whole.path)
    for statement in ("update trace set actor = 'x'", "delete from trace"):
        with pytest.raises(sqlite3.IntegrityError, match="stays as it is"):
            connection.execute(statement)
    connection.close()


def test_what_is_typed_breaks_no_line_and_fills_no_disk(tmp_path):
    trace = Trace(tmp_path, doer=Doer("li\r\nroot", "", "x" * 10_000))
    entry = trace.record(EXPORTED, "a\nb\u2028c\x1b[31m", detail="\x00")
    assert (entry.actor, entry.what, entry.detail) == ("li root", "a b c [31m", "")
    assert len(entry.address) == 300
    assert trace.verify().is_whole


def test_decisions_replies_and_notes_leave_a_row_with_what_was_recorded(tmp_path):
    kept = Store(tmp_path, doer=Doer("li", "leader", "10.0.0.7"))
    recorded(kept, "draft", note="只有跟踪里有这句话")
    kept.reply(FLAG, "已整改", "办公室", BASIS)
    found = [(one.actor, one.action, one.what, one.detail) for one in reversed(Trace(tmp_path).read())]
    assert found == [
        ("li", "decide", "one_pen county D09 2026Q1", "draft"),
        ("li", "reply", "one_pen county D09 2026Q1", ""),
    ], "the words themselves are not repeated"


def test_every_action_and_result_has_words():
    assert {f"trace.action.{action}" for action in ACTIONS} <= texts("zh").keys()
    assert {f"trace.result.{result}" for result in RESULTS} <= texts("zh").keys()
    with pytest.raises(ValueError, match="dance"):
        Trace(Path("nowhere"))._traced(None, "dance")
