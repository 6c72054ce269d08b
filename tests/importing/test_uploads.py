"""Uploads: checked, confirmed and imported by the command line's own functions; whatever fails, the data stay."""

import hashlib
import json
import time

import pytest

from dashboard import jobs
from dashboard.importing import uploads
from dashboard.importing.events import DONE, PROGRESS, REFUSED, problems_of, read_events, tell_import
from dashboard.importing.run import Options
from dashboard.importing.uploads import UploadError, Uploads
from dashboard.snapshots import SnapshotFolder
from dashboard.store.trace import Trace

DEPARTMENTS = "department_id,name,category\nd01,县财政局,政府\nd02,县公安局,政法\n"
HEADER = "季度,部门,渠道,类别,受理,办结\n"
GOOD = HEADER + "2026Q3,d01,来信,办理超时,5,1\n2026Q3,d02,来信,办理超时,3,2\n"


def sent(office: Uploads, files: dict[str, str]) -> str:
    upload = office.begin(1000)
    for name, text in files.items():
        with office.open(upload, name) as file:
            file.write(text.encode())
    office.check(upload)
    return upload


def settled(office: Uploads, upload: str):
    for _ in range(1200):
        found = office.read(upload)
        if not found.is_at_work:
            return found
        time.sleep(0.05)
    raise AssertionError("still at work")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("upload") / "office"
    office = Uploads(folder)
    upload = sent(office, {"departments.csv": DEPARTMENTS, "complaints.csv": GOOD})
    assert settled(office, upload).phase == uploads.CHECKED
    office.confirm(upload, " 张\n三 ", "三季度")
    found = settled(office, upload)
    assert found.phase == uploads.PUBLISHED, found
    return folder


@pytest.fixture
def office(folder) -> Uploads:
    return Uploads(folder)


def everything(folder) -> dict:
    kept = (path for path in folder.rglob("*") if path.is_file() and ".uploads" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept if path.name != ".lock"}


def test_a_confirmed_upload_is_published_with_who_why_and_the_hash_of_each_file(folder, office):
    manifest = SnapshotFolder(folder).current()
    (record,) = manifest.imports
    assert (record["who"], record["note"]) == ("张 三", "三季度")
    assert [source["name"] for source in record["sources"]] == ["complaints.csv", "departments.csv"]
    assert record["sources"][0]["sha256"] == hashlib.sha256(GOOD.encode()).hexdigest()


def test_the_files_are_gone_once_they_are_imported(folder):
    for _ in range(100):
        if not list((folder / ".uploads").glob("*/files")):
            return
        time.sleep(0.05)
    raise AssertionError("files were left")


def test_a_bad_file_is_refused_with_every_problem_and_the_data_stay(folder, office):
    before = everything(folder)
    found = settled(office, sent(office, {"坏.csv": GOOD.replace("d02", "d09").replace(",5,", ",x,")}))
    assert found.phase == uploads.FAULTY
    problems = problems_of(found.last).in_order
    assert [(p.file, p.row, p.code) for p in problems] == [
        ("坏.csv", 2, "not_a_count"),
        ("坏.csv", 3, "unknown_department"),
    ]
    with pytest.raises(UploadError, match="not_ready"):
        office.confirm(found.id, "张三", "")
    assert everything(folder) == before


def test_the_dry_run_says_by_table_and_quarter_what_is_new_restated_and_unchanged(folder, office):
    before = everything(folder)
    more = GOOD.replace(",5,1", ",6,1") + "2026Q2,d01,来信,办理超时,1,1\n"
    found = settled(office, sent(office, {"more.csv": more}))
    assert found.phase == uploads.CHECKED
    assert found.last["periods"] == [
        ["complaints", "county", "2026Q2", 1, 0, 0, 0],
        ["complaints", "county", "2026Q3", 0, 1, 1, 0],
    ]
    ((table, _, period, key, column, old, new),) = found.last["restated"]
    assert (table, period, json.loads(key)["department_id"], column, old, new) == (
        *("complaints", "2026Q3", "d01", "received"),
        *("5", "6"),
    )
    with pytest.raises(UploadError, match="no_name"):
        office.confirm(found.id, "  ", "")
    office.discard(found.id)
    assert office.read(found.id) is None
    assert everything(folder) == before


def test_an_upload_that_was_checked_against_older_data_is_not_imported(folder, office):
    old = settled(office, sent(office, {"a.csv": HEADER + "2025Q1,d01,来信,办理超时,5,1\n"}))
    state = folder / ".uploads" / old.id / "state.json"
    other = json.loads(state.read_text()) | {"base": "000001-20200101T000000Z-abcdef"}
    state.write_text(json.dumps(other))
    before = everything(folder)
    office.confirm(old.id, "张三", "")
    found = settled(office, old.id)
    assert (found.phase, found.last["code"]) == (uploads.BROKEN, "moved_on")
    assert everything(folder) == before
    office.check_again(old.id)
    assert settled(office, old.id).phase == uploads.CHECKED


def test_an_import_that_is_killed_leaves_the_data_and_says_so(folder, office, monkeypatch):
    upload = settled(office, sent(office, {"a.csv": HEADER + "2025Q2,d01,来信,办理超时,5,1\n"})).id
    before = everything(folder)
    monkeypatch.setenv("MINGJING_FAILPOINT", "after_build:kill")
    office.confirm(upload, "张三", "")
    assert settled(office, upload).phase == uploads.CUT_SHORT
    kept = {name: content for name, content in everything(folder).items() if ".building" not in name}
    assert {name: kept[name] for name in before} == before
    monkeypatch.setenv("MINGJING_FAILPOINT", "after_log:kill")  # published, and killed before it could say so
    office.check_again(upload)
    assert settled(office, upload).phase == uploads.CHECKED
    office.confirm(upload, "张三", "")
    assert settled(office, upload).phase == uploads.PUBLISHED


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\用户\\三季度.xlsx", "三季度.xlsx"),
        (".hidden.csv", "hidden.csv"),
        ("~$a.xlsx", "a.xlsx"),
        ("a\x00b\n.csv", "ab.csv"),
    ],
)
def test_what_a_browser_calls_a_file_does_not_choose_its_place(office, given, kept):
    upload = office.begin(1)
    with office.open(upload, given) as file:
        assert file.name.endswith(f"{upload}/files/{kept}")
    with office.open(upload, given) as second:
        assert " (2)." in second.name
    office.discard(upload)


def test_what_is_no_table_is_not_taken(office):
    upload = office.begin(1)
    for name in ("a.exe", "a", "报表.pdf", ".csv"):
        with pytest.raises(UploadError, match="file_type"):
            office.open(upload, name)
    with pytest.raises(UploadError, match="no_file"):
        office.check(upload)
    office.discard(upload)


@pytest.mark.parametrize("upload", ["", "..", "0" * 31, "0" * 32, "../" + "0" * 29])
def test_an_id_that_nobody_was_given_leads_nowhere(office, upload):
    assert office.read(upload) is None
    with pytest.raises(UploadError, match="gone"):
        office.confirm(upload, "张三", "")


def test_what_nobody_came_back_for_is_removed(office, monkeypatch):
    old = office.begin(1)
    monkeypatch.setattr(jobs, "KEPT_SECONDS", -1)
    new = office.begin(1)
    with pytest.raises(UploadError, match="gone"):
        office.open(old, "a.csv")
    office.discard(new)


def test_of_two_who_confirm_at_once_one_imports(folder, office, monkeypatch):
    """The second tab saw it as checked, too, before the first one's import began."""
    upload = settled(office, sent(office, {"a.csv": HEADER + "2025Q3,d01,来信,办理超时,5,1\n"})).id
    started = []
    monkeypatch.setattr(office, "_start", lambda home, lock, run, *options: started.append(options))
    held = office._held

    def late(home):
        monkeypatch.setattr(office, "_held", held)
        office.confirm(upload, "李四", "")
        return held(home)

    monkeypatch.setattr(office, "_held", late)
    with pytest.raises(UploadError, match="not_ready"):
        office.confirm(upload, "张三", "")
    assert [options[0] for options in started] == ["--by=李四"]
    assert office.read(upload).who == "李四"
    office.discard(upload)


def data_of(files: dict[str, bytes]) -> dict[str, bytes]:
    """What a folder shows: nothing of work that was never finished, nor what people recorded."""
    shown = ("settings.toml", "snapshots/CURRENT", "snapshots/0")
    return {name: content for name, content in files.items() if name.startswith(shown)}


def test_an_account_of_some_regions_imports_for_those_alone(folder):
    before = everything(folder)
    own = (HEADER + "2026Q3,d01,来信,办理超时,9,1\n").replace("季度", "地区,季度").replace("2026Q3", "a,2026Q3")
    for files in ({"a.csv": own, "b.csv": GOOD}, {"words.csv": "region_id,name\na,甲区\n"}):
        found = settled(mine := Uploads(folder, regions=["a"]), sent(mine, files))
        assert (found.phase, found.last["code"], found.last["values"]["regions"]) == (
            *(uploads.BROKEN, "others_region"),
            "a",
        ), found
        mine.discard(found.id)
    upload = sent(anyone := Uploads(folder), {"b.csv": GOOD.replace(",5,1", ",6,1")})
    assert settled(anyone, upload).phase == uploads.CHECKED
    assert mine.read(upload) is None, "it is not there for somebody of other regions"
    (folder / ".uploads" / upload / "regions").write_text('["a"]')
    mine.confirm(upload, "张三", "")
    assert settled(mine, upload).last["code"] == "others_region"
    mine.discard(upload)
    last = Trace(folder).read(1)[0]
    assert (last.action, last.result, last.detail) == ("import", "refused", "county")
    # what an earlier test's killed import left is cleared away, and the refusal is in the trace
    assert data_of(everything(folder)) == data_of(before)


def test_a_first_import_is_refused_where_another_came_in_meanwhile(folder, office):
    first = settled(office, sent(office, {"a.csv": HEADER + "2025Q4,d01,来信,办理超时,5,1\n"}))
    state = folder / ".uploads" / first.id / "state.json"
    state.write_text(json.dumps(json.loads(state.read_text()) | {"base": ""}))
    before = SnapshotFolder(folder).current().id
    office.confirm(first.id, "张三", "")
    found = settled(office, first.id)
    assert (found.phase, found.last["code"]) == (uploads.BROKEN, "moved_on")
    assert SnapshotFolder(folder).current().id == before
    office.discard(first.id)


def test_what_is_still_coming_in_counts_among_those_at_work_and_for_the_disk(tmp_path, monkeypatch):
    office = Uploads(tmp_path)
    free = uploads.shutil.disk_usage(tmp_path).free
    first = office.begin((free - uploads.SPARE_BYTES) // 4)
    with pytest.raises(UploadError, match="no_space"):
        office.begin((free - uploads.SPARE_BYTES) // 4)
    office.begin(1)
    with pytest.raises(UploadError, match="at_work"):
        office.begin(1)
    office.discard(first)
    office.begin(1)
    monkeypatch.setattr(uploads, "RECEIVING_SECONDS", -1)  # cut off long ago
    office.begin(1)


def test_no_upload_is_begun_where_the_disk_has_no_room(office):
    with pytest.raises(UploadError, match="no_space"):
        office.begin(1 << 60)


def test_an_import_can_be_followed_line_by_line(folder, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(GOOD.replace(",5,", ",7,"), encoding="utf-8")
    with (tmp_path / "events").open("w") as out:
        assert tell_import([path], folder, Options(dry_run=True), out) == 0
    events = read_events(tmp_path / "events")
    assert [event["event"] for event in events[:-1]] == [PROGRESS] * (len(events) - 1)
    assert [event["stage"] for event in events[:-1]][:1] == ["read"]
    assert (events[-1]["event"], events[-1]["changes"]) == (DONE, 1)
    with (tmp_path / "events").open("w") as out:
        assert tell_import([tmp_path / "gone.csv"], folder, Options(dry_run=True), out) == 1
    assert read_events(tmp_path / "events")[-1]["event"] == REFUSED
