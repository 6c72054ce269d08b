"""Notes pinned to a quarter: one line, once, never changed; a baseline among them counts like one of the settings."""

import datetime
import sqlite3
from dataclasses import replace

import pytest

from dashboard.i18n.text import translator
from dashboard.settings import Settings
from dashboard.store import (
    BASELINE,
    EVERYBODY,
    Book,
    Notes,
    Pin,
    Store,
    StoreError,
    complaint,
    file,
    with_baselines,
)
from tests.store.flags import BASIS

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
    for names in file.MIGRATIONS[:2]:
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
