"""Between two snapshots: which flags differ, and whether data, a threshold or the method made it so."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import click
import pandas as pd
import pytest

from dashboard import warehouse
from dashboard.__main__ import _gone, main
from dashboard.gaps.changes import Basis, causes, changed_flags, changed_partitions, changed_thresholds, moved
from dashboard.snapshots import Manifest

QUARTERS = ("2026Q2", "2026Q3")
RULE = "[thresholds.tasks_overdue]\ndays = {days}\n"
WEIGHT = "[composite.weights]\nservice = {weight}\n"


# --- what the comparison says of rows --------------------------------------------------------------------------
def rows(*states: tuple[str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(states, columns=["rule", "department_id", "quarter", "status"])


def test_only_flags_in_quarters_that_both_know_are_changes():
    old = rows(("a", "A", "2026Q2", "watch"), ("a", "B", "2026Q2", "ok"), ("a", "C", "2026Q2", "alert"))
    new = rows(
        ("a", "A", "2026Q2", "ok"),
        ("a", "B", "2026Q2", "no_data"),  # no flag on either side
        ("a", "C", "2026Q2", "alert"),
        ("a", "D", "2026Q2", "watch"),  # did not stand before
        ("a", "*", "2026Q2", "alert"),  # the region as a whole
        ("a", "A", "2026Q3", "alert"),  # a new quarter
    )
    found = changed_flags(old, new)
    assert found.to_dict("records") == [
        {"rule": "a", "department_id": "A", "quarter": "2026Q2", "was": "watch", "becomes": "ok"},
        {"rule": "a", "department_id": "D", "quarter": "2026Q2", "was": None, "becomes": "watch"},
    ]


@pytest.mark.parametrize(
    ("tried", "basis", "because"),
    [
        ("ok", Basis(threshold=True), ("threshold",)),
        # the old thresholds give the old state: they were needed, and what else differs may have been, too
        ("ok", Basis(threshold=True, data=True, method=True), ("threshold", "data", "method")),
        ("watch", Basis(threshold=True, data=True), ("data",)),  # with either thresholds the new state
        ("alert", Basis(threshold=True, data=True), ("threshold", "data")),
        (None, Basis(threshold=True, data=True), ("threshold", "data")),  # nothing could be tried
        ("watch", Basis(threshold=True), ("day",)),
        (None, Basis(data=True), ("data",)),
        (None, Basis(method=True), ("method",)),
        (None, Basis(data=True, method=True), ("data", "method")),
        (None, Basis(), ("day",)),
        (None, Basis(other_data=True), ("data",)),
        # the old thresholds do not give the old state either: something more took part
        ("alert", Basis(threshold=True), ("threshold", "day")),
        ("alert", Basis(threshold=True, other_data=True), ("threshold", "data")),
        (None, Basis(threshold=True), ("threshold",)),
        # where the method may be another, neither data nor the day is ever named in its place
        (None, Basis(method_unknown=True), ("unknown",)),
        (None, Basis(data=True, method_unknown=True), ("unknown",)),
        (None, Basis(other_data=True, method_unknown=True), ("unknown",)),
        ("watch", Basis(threshold=True, data=True, method_unknown=True), ("unknown",)),
        (None, Basis(threshold=True, method_unknown=True), ("unknown",)),
        ("ok", Basis(threshold=True, data=True, method_unknown=True), ("threshold", "unknown")),
    ],
)
def test_a_cause_is_named_as_far_as_it_can_be_proven(tried, basis, because):
    assert causes("ok", "watch", tried, basis) == because


def test_partitions_differ_by_content_within_the_region():
    old = {"complaints": {"a|2026Q1": {"file": "1"}, "a|2026Q2": {"file": "2"}, "b|2026Q2": {"file": "3"}}}
    new = {
        "complaints": {"a|2026Q1": {"file": "1"}, "a|2026Q2": {"file": "9"}, "b|2026Q2": {"file": "8"}},
        "tasks": {"a|": {"file": "5"}},
    }
    assert changed_partitions(old, new, "a") == {"complaints": ["2026Q2"], "tasks": [""]}
    assert changed_partitions(old, old, "a") == {}


def test_thresholds_that_only_one_side_has_differ_too():
    old = pd.DataFrame({"rule": ["a", "a"], "name": ["watch", "alert"], "value": [10.0, 25.0]})
    new = pd.DataFrame({"rule": ["a", "a"], "name": ["watch", "fewest"], "value": [15.0, 8.0]})
    found = changed_thresholds(old, new).astype(object)
    found = found.where(found.notna(), None).values.tolist()
    assert found == [["a", "alert", 25.0, None], ["a", "fewest", None, 8.0], ["a", "watch", 10.0, 15.0]]


# --- the page --------------------------------------------------------------------------------------------------
@pytest.fixture
def said(drawn) -> Callable[..., list[str]]:
    def read(app, **query) -> list[str]:
        found = re.findall(r'"((?:[^"\\]|\\.)*)"', drawn(app, "/changes", **query))
        return [re.sub(r"<[^>]*>", "", json.loads(f'"{text}"')) for text in found]

    return read


def _written(path: Path, head: tuple, lines: list[tuple]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *lines])
    return path


TASK = ("task_id", "department_id", "kind", "title", "issued_on", "due_on", "closed_on", "published")


def tasks(*closed: str) -> list[tuple]:
    """One task of each of A, B, C, due in 2026Q2; the dates on which they were closed."""
    return [
        (f"t{key}", key, "task", f"{key}的事", "2026-04-01", "2026-05-20", date, "true")
        for key, date in zip("ABC", closed)
    ]


def imported(folder: Path, *closed: str, settings: str = "") -> Path:
    source, office = folder / "files", folder / "office"
    source.mkdir()
    office.mkdir()
    (office / "settings.toml").write_text(settings, "utf-8")
    names = [(key, f"{key}局", "government") for key in "ABC"]
    _written(source / "departments.csv", ("department_id", "name", "category"), names)
    _written(source / "tasks.csv", TASK, tasks(*closed))
    facts = [(quarter, key, 20) for quarter in QUARTERS for key in "ABC"]
    _written(source / "department_facts.csv", ("quarter", "department_id", "staff"), facts)
    run(office, "import", str(source))
    return office


def run(office: Path, *arguments: str) -> None:
    main(["--data", str(office), *arguments], standalone_mode=False)


def set_settings(office: Path, settings: str) -> None:
    (office / "settings.toml").write_text(settings, "utf-8")
    run(office, "snapshots", "rebuild")


LATE = RULE.format(days=300) + "share = 100\n"  # however late: watch


def test_with_one_snapshot_the_page_says_that_there_is_nothing_to_compare(tmp_path, make_app, said):
    app = make_app(imported(tmp_path, "", "2026-05-10", ""))
    assert "只有一个快照" in said(app)
    assert app.server.test_client().get("/download/changes.csv").status_code == 404


def test_a_changed_threshold_is_named_with_both_values_and_both_sentences(tmp_path, make_app, said):
    office = imported(tmp_path, "", "2026-05-10", "", settings=LATE)
    set_settings(office, RULE.format(days=30) + "share = 100\n")
    app = make_app(office)
    page = said(app)
    assert "与第 1 号快照相比，4 条提示不同" in page  # A and C in both quarters
    assert "阈值 4 条" in page
    assert "因阈值而变：最长逾期超过此天数：预警 300 → 30。用原阈值重算本快照，结果与原来相同。" in page
    assert any(text.startswith("第 1 号：A局：未结督办 1 件") and text.endswith("建议关注。") for text in page)
    assert any(text.startswith("第 2 号：A局：未结督办 1 件") and text.endswith("建议核查。") for text in page)
    assert "数据" not in [text for text in page if text.endswith(" 条")]
    lines = app.server.test_client().get("/download/changes.csv?lang=zh").text.splitlines()
    assert len(lines) == 5
    assert "2026Q3,A,A局,督办逾期,关注,预警,阈值" in lines[1]


def test_restated_figures_stand_beside_the_flag_that_they_changed(tmp_path, make_app, said):
    office = imported(tmp_path, "", "2026-05-10", "", settings=LATE)
    run(office, "import", str(_written(tmp_path / "tasks.csv", TASK, tasks("2026-05-19", "2026-05-10", "")[:1])))
    app = make_app(office)
    page = said(app)
    assert "与第 1 号快照相比，2 条提示不同" in page
    assert "数据 2 条" in page
    assert "因数据而变：督办事项有更正或增删。" in page
    assert page.count("督办事项 tA · 办结日期：— → 2026-05-19") == 2  # of A, in both quarters
    assert not any("C局" in text for text in page)  # its figures are as they were
    assert said(app, against="7").count("没有第 7 号快照，改与第 1 号对照。") == 1


def test_where_threshold_and_data_both_changed_the_page_divides_only_what_it_can(tmp_path, make_app, said):
    office = imported(tmp_path, "", "2026-05-10", "", settings=LATE)
    set_settings(office, RULE.format(days=30) + "share = 100\n")
    run(office, "import", str(_written(tmp_path / "tasks.csv", TASK, tasks("2026-05-19", "", "")[:2])))
    page = said(make_app(office), against="1")
    # A is closed now and would be by either threshold; B is late now, and very late by the new one; C is as it was
    assert {"数据 2 条", "阈值和数据 4 条"} <= set(page)
    assert any(text.startswith("阈值和数据都变了，各占多少无法分开。") for text in page)


def test_another_method_is_named_where_tables_and_thresholds_are_the_same(tmp_path, make_app, said, monkeypatch):
    office = imported(tmp_path, "", "2026-05-10", "")
    run(office, "snapshots", "rebuild")
    app = make_app(office)
    assert "没有不同的提示" in said(app)
    monkeypatch.setattr(warehouse, "method", lambda: "another")
    run(office, "snapshots", "rebuild")
    page = said(make_app(office))
    assert "不同：规则、查询或程序有更新。" in page
    assert "没有不同的提示" in page


def test_where_the_older_snapshot_kept_no_method_no_cause_is_made_up(tmp_path, make_app, said, monkeypatch):
    office = imported(tmp_path, "", "2026-05-10", "", settings=LATE)
    set_settings(office, RULE.format(days=299) + "share = 100\n")
    run(office, "import", str(_written(tmp_path / "tasks.csv", TASK, tasks("2026-05-19", "2026-05-10", "")[:1])))
    monkeypatch.setattr(Manifest, "method", "")
    page = said(make_app(office), against="1")
    assert any(text.startswith("无法确定：对照快照没有单独记录方法") for text in page)
    assert "原因无法确定 2 条" in page or "阈值和原因无法确定 2 条" in page
    assert not any(text.startswith(("数据 ", "日期 ", "因数据而变", "数据、阈值、方法都没有变")) for text in page)
    assert any("对照快照没有记录方法，不能断定是什么造成的。" in text and "督办事项" in text for text in page)


def test_weights_count_as_method(tmp_path, make_app, said):
    office = imported(tmp_path, "", "2026-05-10", "", settings=RULE.format(days=90))
    set_settings(office, RULE.format(days=90) + "[peers]\nfewest = 5\n")
    assert any("权重、同类或样本要求的设置不同，归入方法。" in text for text in said(make_app(office)))


def test_the_page_is_narrowed_to_a_rule(tmp_path, make_app, said):
    office = imported(tmp_path, "", "2026-05-10", "", settings=LATE)
    set_settings(office, RULE.format(days=30) + "share = 100\n")
    app = make_app(office)
    assert "与第 1 号快照相比，0 条提示不同" in said(app, rule="top_down_only")
    assert "与第 1 号快照相比，4 条提示不同" in said(app, rule="tasks_overdue")
    assert "Flags that differ from snapshot 1: 4" in said(app, rule="gone", lang="en")


@pytest.mark.parametrize(
    ("was", "becomes", "said_of_it"),
    [
        ("ok", "watch", "new"),
        (None, "alert", "new"),
        ("no_data", "alert", "new"),
        ("watch", "alert", "worse"),
        ("alert", "watch", "better"),
        ("alert", "ok", "closed"),
        ("alert", "no_data", "no_data"),  # what cannot be judged any more is not closed
        ("watch", None, "no_data"),
    ],
)
def test_what_became_of_a_flag(was, becomes, said_of_it):
    assert moved(was, becomes) == said_of_it


def test_the_command_prints_the_same_changes_with_their_causes(tmp_path, capsys):
    office = imported(tmp_path, "", "2026-05-10", "", settings=LATE)
    set_settings(office, RULE.format(days=30) + "share = 100\n")
    run(office, "import", str(_written(tmp_path / "tasks.csv", TASK, tasks("2026-05-19", "", "")[:2])))
    capsys.readouterr()
    run(office, "gaps", "--against", "1", "--quarter", "2026Q3", "--rule", "tasks_overdue", "--format", "json")
    found = json.loads(capsys.readouterr().out)
    assert [(row["department_id"], row["change"], row["was"], row["becomes"], row["causes"]) for row in found] == [
        ("A", "closed", "watch", "ok", "data"),
        ("B", "new", "ok", "alert", "threshold,data"),
        ("C", "worse", "watch", "alert", "threshold,data"),
    ]
    assert found[2]["sentence_en"].startswith("C局: 1 of 1 open tasks overdue")
    run(office, "gaps", "--against", "1", "--status", "flagged", "--format", "json")
    assert {row["becomes"] for row in json.loads(capsys.readouterr().out)} == {"alert"}
    with pytest.raises(click.ClickException, match="9.*1, 2"):
        run(office, "gaps", "--against", "9")


def test_the_command_also_prints_the_flags_of_a_department_that_is_gone(tmp_path, capsys):
    office = imported(tmp_path, "", "2026-05-10", "", settings=LATE)
    head = ("department_id", "name", "category", "valid_to")
    names = [(key, f"{key}局", "government", "2026-03-31" if key == "A" else "") for key in "ABC"]
    run(office, "import", str(_written(tmp_path / "departments.csv", head, names)))
    capsys.readouterr()
    run(office, "gaps", "--against", "1", "--rule", "tasks_overdue", "--format", "json")
    found = json.loads(capsys.readouterr().out)
    lost = ("A", "A局", "no_data", "watch", None, "data", "")
    columns = ("department_id", "name", "change", "was", "becomes", "causes", "sentence_zh")
    assert {tuple(row[name] for name in columns) for row in found} == {lost}
    assert sorted(row["quarter"] for row in found) == list(QUARTERS)
    run(office, "gaps", "--against", "1", "--status", "flagged", "--format", "json")
    assert json.loads(capsys.readouterr().out) == []


def test_a_region_that_is_gone_takes_no_flag_away_in_silence():
    rules = dict.fromkeys(["tasks_overdue"])
    before = pd.DataFrame(
        [("tasks_overdue", "town", "A", "2026Q2", "A局", "watch"), ("dropped", "town", "A", "2026Q2", "A局", "alert")],
        columns=["rule", "region_id", "department_id", "quarter", "name", "status"],
    )
    nothing = pd.DataFrame(columns=["rule", "region_id", "department_id", "quarter", "causes"])
    gone = _gone(nothing, nothing, before, (), rules)
    assert list(zip(gone["rule"], gone["was"], gone["causes"])) == [
        ("tasks_overdue", "watch", ("data",)),
        ("dropped", "alert", ("method",)),
    ]
