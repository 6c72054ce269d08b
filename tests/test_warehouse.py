"""A snapshot answers from any thread, is noticed when published, and is never shown by half."""

import datetime
import shutil
import threading
import time
from dataclasses import replace

import duckdb
import pytest

from dashboard import catalog, warehouse
from dashboard.catalog import QueryFileError
from dashboard.importing import Options, run_import
from dashboard.settings import Settings
from dashboard.snapshots import DATABASE, FolderError, SnapshotFolder
from dashboard.warehouse import Warehouse
from tests.support import RECEIVED, Given

LONG_AGO = datetime.date(2000, 1, 1)
TODAY = datetime.date.today()


@pytest.fixture(scope="module")
def imported_twice(tmp_path_factory):
    """A data folder into which complaints were imported twice: 3 of them, then 5."""
    folder, files = tmp_path_factory.mktemp("office"), tmp_path_factory.mktemp("files")
    departments, complaints = files / "departments.csv", files / "complaints.csv"
    departments.write_text("department_id,name,category\nd01,水务局,government\n", encoding="utf-8")
    for number in (3, 5):
        row = f"2026Q3,d01,hotline_12345,delay,{number}"
        complaints.write_text(f"quarter,department_id,channel,category,received\n{row}\n", encoding="utf-8")
        run_import([departments, complaints], folder, Settings.load(folder), Options(who="tests"))
    return folder


@pytest.fixture
def office(imported_twice, tmp_path):
    """A copy of it, which a test may damage."""
    return shutil.copytree(imported_twice, tmp_path / "office")


def restore(folder, number: int) -> None:
    SnapshotFolder(folder).restore(number, "tests", "")


def received(snapshot) -> float:
    return snapshot.run("pages/indicator", **RECEIVED)["value"][0]


def databases(snapshot) -> list[duckdb.DuckDBPyConnection]:
    """What a page can reach: the database of what is asked across regions, and a region's."""
    return [snapshot._connection, *snapshot._of_regions("county")]


def damage(folder, number: int) -> None:
    (database,) = (folder / "snapshots").glob(f"{number:06d}-*/{DATABASE}")
    with database.open("r+b") as file:
        file.seek(5000)
        file.write(b"damaged")


def test_a_folder_without_data_has_no_snapshot(tmp_path):
    assert Warehouse(tmp_path).current() is None
    assert Warehouse(tmp_path / "nowhere").known_on(TODAY) is None


def test_the_current_snapshot_is_the_last_one_published(office):
    snapshot = Warehouse(office).current()
    assert (snapshot.number, received(snapshot)) == (2, 5)
    assert (snapshot.quarters, snapshot.regions, snapshot.demonstration) == (("2026Q3",), ("county",), False)


def test_a_restored_snapshot_is_noticed_without_a_restart(office, monkeypatch):
    monkeypatch.setattr(warehouse, "NOTICE_SECONDS", 0)
    open_before = Warehouse(office)
    assert open_before.current().number == 2
    restore(office, 1)
    assert received(open_before.current()) == 3


def test_a_folder_is_looked_at_only_now_and_then(office, monkeypatch):
    monkeypatch.setattr(warehouse, "NOTICE_SECONDS", 3600)
    looked_once = Warehouse(office)
    looked_once.current()
    monkeypatch.setattr(looked_once.folder, "pointer", lambda: pytest.fail("looked again"))
    assert looked_once.current().number == 2


def test_what_was_known_on_a_day(office):
    assert Warehouse(office).known_on(LONG_AGO) is None
    assert Warehouse(office).known_on(TODAY).number == 2


def test_a_damaged_snapshot_is_never_shown_and_the_one_before_stands_in(office):
    damage(office, 2)
    snapshot = Warehouse(office).current()
    assert (snapshot.number, snapshot.fell_back) == (1, True)


def test_a_server_that_already_shows_the_older_snapshot_says_so_when_it_falls_back(office, monkeypatch):
    monkeypatch.setattr(warehouse, "NOTICE_SECONDS", 0)
    restore(office, 1)
    server = Warehouse(office)
    assert not server.current().fell_back
    restore(office, 2)
    damage(office, 2)
    assert (server.current().number, server.current().fell_back) == (1, True)


def test_a_day_whose_snapshot_is_damaged_is_an_error_that_names_the_file(office):
    damage(office, 2)
    with pytest.raises(FolderError) as error:
        Warehouse(office).known_on(TODAY)
    assert error.value.code == "damaged_snapshot"


def test_where_every_snapshot_is_damaged_there_is_none_to_show(office):
    damage(office, 1)
    damage(office, 2)
    assert Warehouse(office).current() is None


def test_many_threads_ask_at_once_and_none_is_told_that_there_are_no_data(office, monkeypatch):
    slow = Warehouse(office)
    verify = slow.folder.verify
    monkeypatch.setattr(slow.folder, "verify", lambda *given: (time.sleep(0.2), verify(*given))[1])
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(received(slow.current()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [5.0] * 8


def test_a_reader_keeps_its_snapshot_while_others_are_opened_and_closed(office):
    many = Warehouse(office)
    first = many.current()
    for number in range(6):
        many._open[str(number), False] = first
    assert received(first) == 5


def test_a_snapshot_reads_nothing_but_itself(office):
    snapshot = Warehouse(office).current()
    for connection in databases(snapshot):
        with connection.cursor() as cursor, pytest.raises(duckdb.Error):
            cursor.execute("select * from read_csv('/etc/hostname')")
        with connection.cursor() as cursor, pytest.raises(duckdb.Error):
            cursor.execute("delete from judgements")


# --- run -------------------------------------------------------------------------------------------------------
@pytest.fixture
def asked(tmp_path):
    """The answer of a statement written in the test."""

    def answer(sql: str, **values: object):
        path = tmp_path / "question.sql"
        path.write_text(f'/* +++\nanswers = "a question"\nneeds = "words"\n+++ */\n{sql}\n', encoding="utf-8")
        return warehouse.run(duckdb.connect(), catalog.load_query(path, "pages/question"), **values)

    return answer


def test_a_query_gets_the_values_that_it_names_and_no_others(asked):
    assert asked("select $quarter as quarter", quarter="2026Q3", region="county").values.tolist() == [["2026Q3"]]
    with pytest.raises(KeyError, match="quarter"):
        asked("select $quarter as quarter")


def test_a_value_is_never_part_of_the_statement(asked):
    text = "'; drop table judgements; --"
    assert asked("select $region as region", region=text).values.tolist() == [[text]]


def test_whole_numbers_stay_whole_beside_missing_ones(asked):
    frame = asked("select unnest([1, null]::bigint[]) as place, sum(1) as total group by place order by place")
    assert [str(kind) for kind in frame.dtypes] == ["Int64", "Int64"]
    assert frame["place"].tolist()[0] == 1


def test_a_question_that_cannot_be_answered_names_file_and_line(asked):
    with pytest.raises(QueryFileError, match=r"question\.sql:5: Conversion Error"):
        asked("select $day::date as day", day="no day")


def test_every_word_of_the_project_is_in_every_snapshot():
    assert len(Given().rows("vocabulary", "code")) == len(warehouse.default_vocabulary())


# --- the method --------------------------------------------------------------------------------------------------
def test_another_default_window_or_table_of_a_rule_is_another_method(monkeypatch):
    """A header decides as much as its statement: flags that it changed must not be blamed on the data."""
    queries, before = catalog.load_catalog(), warehouse.method()
    rule = queries["gaps/one_pen"]
    for part, value in (("window", 8), ("decimals", 3), ("tables", ["cases"]), ("thresholds", {})):
        changed = queries | {rule.name: replace(rule, header={**rule.header, part: value})}
        monkeypatch.setattr(catalog, "load_catalog", lambda given=changed: given)
        assert warehouse.method() != before, part
    monkeypatch.setattr(catalog, "load_catalog", lambda: queries)
    assert warehouse.method() == before


# --- a snapshot that is shown is shut --------------------------------------------------------------------------
@pytest.mark.parametrize(
    "statement",
    [
        *("select * from read_csv('/etc/passwd')", "select * from read_text('/etc/passwd')", "from '/etc/passwd'"),
        *("select * from glob('/*')", "select * from read_parquet('http://127.0.0.1/a.parquet')"),
        *("copy (select 1) to '/dev/null'", "export database '/dev/null'", "attach ':memory:' as other"),
        *("attach '/dev/null' as other", "install httpfs", "load httpfs", "load '/dev/null'"),
        *("set enable_external_access = true", "set lock_configuration = false", "set threads = 1", "reset threads"),
        *("set allowed_directories = ['/']", "pragma memory_limit = '1TB'", "create table other as select 1"),
        "create persistent secret (type s3)",
    ],
)
def test_a_snapshot_that_is_shown_reaches_no_file_no_network_and_no_setting(shut, statement):
    """Also from a second connection of the same process, whatever a query could be made to say."""
    for connection in shut:
        with connection.cursor() as cursor, pytest.raises(duckdb.Error):
            cursor.execute(statement)


@pytest.fixture(scope="module")
def shut(imported_twice):
    return [database for _ in range(2) for database in databases(Warehouse(imported_twice).current())]
