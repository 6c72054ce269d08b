"""The file: kept whole or not at all, by several at once, through crashes, damage and older versions."""

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

import pytest

from dashboard.i18n.text import translator
from dashboard.store import (
    Book,
    Flag,
    Store,
    StoreError,
    complaint,
    file,
)
from tests.store.flags import BASIS, FLAG, recorded, refusal, step
from tests.support import PROJECT

FRESH = multiprocessing.get_context("forkserver")
FRESH.set_forkserver_preload(["tests.store.test_file"])


def test_nobody_but_its_owner_may_read_the_file(tmp_path):
    Store(tmp_path).record(FLAG, step("draft"), BASIS)
    assert (tmp_path / file.FILE).stat().st_mode & 0o777 == 0o600


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
    added = file.Query("store/more", Path("more.sql"), "create table more (number integer)", 1, {}, frozenset())
    now = file.Query("store/version_5", Path("version_5.sql"), "pragma user_version = 5", 1, {}, frozenset())
    monkeypatch.setattr(file, "MIGRATIONS", (*file.MIGRATIONS, ("more", "version_5")))
    newer = Store(kept.path.parent)
    newer._queries |= {"more": added, "version_5": now}
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
    made = [name for name in file.MIGRATIONS[0] if name in old]
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
    monkeypatch.setattr(file, "PATIENCE_SECONDS", 0.1)
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
        "import sys; from pathlib import Path; from tests.store.test_file import *; kept = Store(Path(sys.argv[1]));"
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
