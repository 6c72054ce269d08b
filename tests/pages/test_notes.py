"""Notes of a department: written, refused, withdrawn, flagged on charts with their texts below, and in force or not."""

import csv
import datetime
import io
import json
import shutil
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.__main__ import main
from dashboard.filters import Filters
from dashboard.gaps import FLAGS
from dashboard.gaps.changes import Comparison
from dashboard.i18n.text import translator
from dashboard.importing import Options, rebuild
from dashboard.pages._notes import FIELDS, Pinned, flagged, quarter_of
from dashboard.pages._scene import scene
from dashboard.settings import Settings
from dashboard.snapshots import FolderError
from dashboard.store import BASELINE, EVERYBODY, Basis, Notes, Pin, Store
from dashboard.warehouse import Snapshot, Warehouse
from tests.pages.office import LAST, QUARTERS

BASIS = Basis("000001-x", LAST)
TEXT = "与原规划局合并"
MERGED = Pin("county", "A", "2026Q1", TEXT, "办公室")


@pytest.fixture
def folder(nine_departments, tmp_path):
    return shutil.copytree(nine_departments, tmp_path / "office")


@pytest.fixture
def app(folder, make_app):
    return make_app(folder)


@pytest.fixture
def region(folder) -> str:
    return Warehouse(folder).current().regions[0]


@pytest.fixture
def pin(folder, region):
    """Writes a note into the office's store."""
    return lambda **said: Store(folder).pin(replace(MERGED, **({"region_id": region} | said)), BASIS)


@pytest.fixture
def press(app, region):
    """Sends a form as the browser does; the answer is what was kept, or what is said."""

    def send(part: str = "pin", key: str | None = None, search: str = "", snapshot=None, headers=None, **values):
        key = key or json.dumps([region, "A", LAST])
        output = next(name for name in app.callback_map if '"pin_said"' in name)
        wild = lambda name, prop, value: [  # noqa: E731
            {"id": {"notes": key, "part": name}, "property": prop, "value": value}
        ]
        given = {"quarter": "2026Q1", "kind": "note", "indicator": "none", "text": TEXT, "who": "办公室"} | values
        own = json.dumps({"notes": key, "part": part}, separators=(",", ":"), sort_keys=True)
        places = ("pin_said", "withdraw_said")
        body = {
            "output": output,
            "outputs": [
                {"id": "noted", "property": "data"},
                *([{"id": {"notes": key, "part": name}, "property": "children"}] for name in places),
            ],
            "inputs": [wild(name, "n_clicks", 1 if name == part else None) for name in ("pin", "withdraw")],
            "changedPropIds": [f"{own}.n_clicks"],
            "state": [
                *(wild(name, "value", given.get(name, "")) for name in FIELDS),
                {"id": "url", "property": "search", "value": search},
                {"id": "snapshot", "property": "data", "value": snapshot},
            ],
        }
        answer = app.server.test_client().post("/_dash-update-component", json=body, headers=headers or {})
        assert answer.status_code == 200, answer.text
        found = answer.get_json()["response"]
        if "noted" in found:
            return found["noted"]["data"]
        [said] = [value["children"] for value in found.values()]
        return said

    return send


def flags(page: str) -> list[str]:
    """The numbers of the notes, wherever the page names one beside its text."""
    return [part.split('"')[0] for part in page.split('"note-flag"}, ["')[1:]]


# --- writing ---------------------------------------------------------------------------------------------------
def test_a_note_is_kept_and_shown_with_who_and_on_what(app, folder, press, drawn):
    assert "这个部门还没有备注。" in drawn(app, "/department", department="A")
    assert press() == "pin 1"
    [note] = Store(folder).read_notes().kept
    assert (note.pin.department_id, note.pin.quarter, note.basis.quarter) == ("A", "2026Q1", LAST)
    page = drawn(app, "/department", department="A")
    for words in ("备注 1 条", "2026年第一季度", TEXT, "办公室 · ", "快照 1"):
        assert words in page
    assert TEXT not in drawn(app, "/department", department="B")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"text": " "}, "请填写备注内容"),
        ({"who": ""}, "请填写登记人"),
        ({"text": "电话 13912345678"}, "手机号"),
        ({"text": "合" * 201}, "最多 200 个字"),
        ({"quarter": "2031Q1"}, "没有“2031Q1”这一季"),
        ({"quarter": ["2026Q1"]}, "这一季"),
        ({"kind": "baseline"}, "要选定一项指标"),
        ({"kind": "baseline", "indicator": "nonsense"}, "要选定一项指标"),
        ({"kind": "baseline", "indicator": "all", "text": ""}, "请填写理由"),
    ],
)
def test_what_cannot_be_kept_says_why_and_changes_nothing(folder, press, values, said):
    assert said in press(**values)
    assert Store(folder).read_notes() == Notes()


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("x", "对不上"),
        ('["county", "A"]', "对不上"),
        ('["elsewhere", "A", "2026Q3"]', "对不上"),
        ('["county", "Z", "2026Q3"]', "对不上"),
        ('["county", "A", "2026Q2"]', "表单是对着2026年第二季度填的"),
    ],
)
@pytest.mark.parametrize("part", ["pin", "withdraw"])
def test_a_form_that_does_not_fit_what_is_shown_keeps_nothing(folder, press, part, key, said):
    assert said in press(part, key=key, which="1", reason="误记", by="办公室")
    assert Store(folder).read_notes() == Notes()


def test_on_data_of_the_past_notes_are_read_and_not_written(folder, press, app, drawn, pin):
    pin()
    today = datetime.date.today().isoformat()
    page = drawn(app, "/department", department="A", known=today)
    assert TEXT in page
    assert '"part": "pin"' not in page
    assert "只能在当前快照上登记" in press(search=f"?known={today}")


def test_notes_are_those_that_were_known_on_the_day(app, pin):
    pin()
    with app.server.test_request_context("/"):
        now = scene(Filters.from_query({"department": "A"}))
        for days, n in ((0, 1), (1, 0)):
            day = datetime.date.today() - datetime.timedelta(days)
            assert len(Pinned(replace(now, filters=replace(now.filters, known=day))).of("A")) == n


def test_a_withdrawn_note_is_not_drawn_and_stays_in_the_history(app, press, drawn, pin):
    pin()
    assert "没有第 7 条备注" in press("withdraw", which="7", reason="误记", by="督查室")
    assert press("withdraw", which="1", reason="季度写错", by="督查室") == "withdraw 2"
    page = drawn(app, "/department", department="A")
    assert "已撤回 1 条" in page
    assert "撤回理由：季度写错" in page
    assert flags(page) == ["1"], "in the history alone"
    assert "chart-notes" not in drawn(app, "/complaints", department="A")
    assert "已由督查室于" in press("withdraw", which="1", reason="季度写错", by="办公室")


def test_a_note_of_another_department_cannot_be_withdrawn_here(folder, press, pin):
    pin(department_id="B")
    assert "没有第 1 条备注" in press("withdraw", which="1", reason="误记", by="办公室")
    assert len(Store(folder).read_notes().kept) == 1


def test_a_store_that_cannot_be_read_is_said_and_the_figures_stay(app, folder, drawn):
    Store(folder).path.write_bytes(b"x" * 4096)
    page = drawn(app, "/department", department="A")
    assert "记录文件损坏" in page
    assert "甲局" in page


# --- on charts -------------------------------------------------------------------------------------------------
def test_a_note_is_flagged_on_the_charts_of_its_department_and_its_text_stands_below(app, drawn, pin):
    number = pin().number
    for path, query in (("/department", {}), ("/complaints", {}), ("/indicator", {"indicator": "complaints_received"})):
        page = drawn(app, path, department="A", **query)
        assert str(number) in flags(page), path
        assert f"2026年第一季度 · {TEXT}" in page, path
    framed = drawn(app, "/indicator", department="A", indicator="complaints_received")
    assert f'"text": "<b>{number}</b>"' in framed
    for path in ("/complaints", "/indicator"):
        page = drawn(app, path, indicator="complaints_received")
        assert flags(page) == [], "the region's own chart bears the region's own notes"


def test_a_note_of_the_region_is_flagged_on_the_region_s_charts_and_on_every_department_s(app, drawn, pin):
    pin(department_id=EVERYBODY)
    for query in ({}, {"department": "A"}, {"department": "B"}):
        page = drawn(app, "/complaints", **query)
        assert flags(page) == ["1"]
        assert f"2026年第一季度 · 全地区 · {TEXT}" in page


def test_a_baseline_is_flagged_on_the_charts_of_its_indicator_alone(app, pin):
    pin(kind=BASELINE, indicator="complaint_rate")
    every = pin(kind=BASELINE, indicator="").number
    with app.server.test_request_context("/"):
        pinned = Pinned(scene(Filters.from_query({})))
        assert [note.number for note in pinned.on("A", "complaint_rate")] == [1, every]
        assert [note.number for note in pinned.on("A", "filing_share")] == [every]
        assert [note.number for note in pinned.on("A")] == [1, every]
        assert pinned.on("*government", "complaint_rate") == []


def test_the_first_month_of_a_quarter_bears_the_flag_and_several_notes_share_one(app, pin):
    notes = [pin(text=text) for text in "甲乙丙"]
    months = ["2025-12", "2026-01", "2026-02", "2026-03"]
    points = pd.DataFrame({"period": months})
    assert flagged(points, list(map(quarter_of, months)), notes[:2])["mark"].tolist() == [None, "1·2", None, None]
    drawn = flagged(points, list(map(quarter_of, months)), notes)
    assert (drawn["mark"][1], drawn["note"][1]) == ("1…3", "甲 · 乙 · 丙")
    assert flagged(points, QUARTERS[:4], [])["mark"].isna().all()


def test_the_file_of_the_department_holds_its_notes(app, press, pin):
    pin()
    press("withdraw", which="1", reason="季度写错", by="督查室")
    pin(text="另设窗口")
    answer = app.server.test_client().get("/download/department.csv?lang=zh&department=A")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    found = [(row[1], row[-2], row[-1].split()[0]) for row in rows if row[0] == "备注"]
    assert found == [
        ("3 · 2026年第一季度", "有效", "另设窗口"),
        ("1 · 2026年第一季度", "已撤回", TEXT),
    ]


# --- in force --------------------------------------------------------------------------------------------------
def test_a_baseline_waits_for_the_next_build_breaks_the_chart_there_and_counts_as_method(
    app, folder, region, press, drawn, make_app
):
    assert press(kind="baseline", indicator="complaints_received", text="新设窗口") == "pin 1"
    page = drawn(app, "/department", department="A")
    assert "重新起算：受理投诉举报" in page
    assert "尚未生效：从下一次导入、snapshots rebuild 或重新启动服务起生效" in page
    before = Warehouse(folder).current()
    main(["--data", str(folder), "snapshots", "rebuild"], standalone_mode=False)
    after = Warehouse(folder).current()
    asked = {"region": region, "quarter": LAST, "indicator": "complaints_received", "variant": "", "department": "A"}
    segments = [one.run("pages/chart", **asked).set_index("period")["segment"].to_dict() for one in (before, after)]
    assert len(set(segments[0].values())) == 1
    assert [segments[1][quarter] - segments[1]["2025Q1"] for quarter in ("2025Q4", "2026Q1", LAST)] == [0, 1, 1]
    compared = Comparison(before, after, region, LAST, {})
    assert (compared.method, compared._is_set_otherwise) == ("same", True)
    newer = make_app(folder)
    assert "本快照已从这一季重新起算" in drawn(newer, "/department", department="A")
    assert "重新起算不同：受理投诉举报（甲局，2026Q1）。" in drawn(newer, "/changes")
    assert "complaints_received，A，从 2026Q1 起；" in drawn(newer, "/methods")
    Store(folder).withdraw(region, 1, "误记", "办公室", BASIS)
    page = drawn(newer, "/complaints", department="A")
    assert "已撤回；本快照仍从这一季起算" in page, "the break is drawn, so its reason is, too"


@pytest.mark.parametrize(
    ("rule", "quarter", "is_refused"),
    [
        ("conduct_complaints_rising", "2026Q1", True),
        ("conduct_complaints_rising", "2025Q1", False),  # the chart has its points since
        ("tasks_overdue", "2026Q1", False),  # stands on no chart
    ],
)
def test_a_baseline_that_would_hide_a_flag_of_a_chart_is_refused_in_words(
    folder, press, monkeypatch, rule, quarter, is_refused
):
    run = Snapshot.run

    def flagged(snapshot, name, **values):
        if name == "pages/gaps" and values["statuses"] == list(FLAGS):
            assert (values["department"], values["quarter"]) == ("A", LAST)
            return pd.DataFrame({"rule": [rule]})
        return run(snapshot, name, **values)

    monkeypatch.setattr(Snapshot, "run", flagged)
    said = press(kind="baseline", indicator="complaints_received", text="新设窗口", quarter=quarter)
    assert ("请先在跟踪里处理这些提示" in said, said == "pin 1") == (is_refused, not is_refused)
    assert bool(Store(folder).read_notes().kept) != is_refused


def test_without_the_notes_nothing_is_built_and_the_reason_is_said(folder):
    Store(folder).path.write_bytes(b"x" * 4096)
    with pytest.raises(FolderError) as error:
        rebuild(folder, Settings.load(folder), Options())
    assert error.value.code == "notes_unreadable"
    assert str(Store(folder).path) in translator("zh")(f"folder.{error.value.code}", **error.value.values)
    assert Warehouse(folder).current().number == 1
