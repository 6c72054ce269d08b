"""The agenda page and the card of a flag: what is read, what may be recorded, by whom and when, and what files hold."""

import csv
import datetime
import json
import shutil
import time
from dataclasses import replace

import pytest
from click.testing import CliRunner

from dashboard.__main__ import main
from dashboard.agenda import flag_of
from dashboard.store import Basis, Book, Flag, Step, Store
from dashboard.warehouse import NOTICE_SECONDS, Warehouse
from tests.pages.office import LAST

FIELDS = ("state", "owner", "due", "note", "outcome", "who", "text", "received", "replied_by")
TODAY = datetime.date.today()


@pytest.fixture
def folder(nine_departments, tmp_path):
    return shutil.copytree(nine_departments, tmp_path / "office")


@pytest.fixture
def app(folder, make_app):
    return make_app(folder)


@pytest.fixture
def flag(folder) -> Flag:
    rows = (
        Warehouse(folder)
        .current()
        .run("pages/gaps", region=None, quarter=LAST, department="A", rule="tasks_overdue", statuses=None)
    )
    return flag_of(rows.to_dict("records")[0])


def drawn_for(flag: Flag, quarter: str = LAST, seen: int = 0, **other: str) -> str:
    """What the ids of a form hold."""
    of = {name: getattr(flag, name) for name in ("rule", "region_id", "department_id", "since")} | other
    parts = [of["region_id"], of["department_id"], quarter, of["rule"], of["since"], seen]
    return json.dumps(parts, ensure_ascii=False)


@pytest.fixture
def press(app, flag):
    """Sends a form as the browser does; the answer is the number of what was recorded, or what is said."""

    def send(part: str = "record", key: str | None = None, search: str = "", snapshot=None, headers=None, **values):
        key = key or drawn_for(flag, seen=values.pop("seen", 0))
        output = next(name for name in app.callback_map if '"said"' in name)
        wild = lambda name, prop, value: [  # noqa: E731
            {"id": {"follow_up": key, "part": name}, "property": prop, "value": value}
        ]
        own = {"follow_up": key, "part": part}
        body = {
            "output": output,
            "outputs": [
                {"id": "recorded", "property": "data"},
                *([{"id": {"follow_up": key, "part": name}, "property": "children"}] for name in ("said", "told")),
            ],
            "inputs": [wild(name, "n_clicks", 1 if name == part else None) for name in ("record", "answer")],
            "changedPropIds": [f"{json.dumps(own, separators=(',', ':'), sort_keys=True)}.n_clicks"],
            "state": [
                *(wild(name, "value", values.get(name, "")) for name in FIELDS),
                {"id": "url", "property": "search", "value": search},
                {"id": "snapshot", "property": "data", "value": snapshot},
            ],
        }
        answer = app.server.test_client().post("/_dash-update-component", json=body, headers=headers or {})
        assert answer.status_code == 200, answer.text
        given = answer.get_json()["response"]
        if "recorded" in given:
            return given["recorded"]["data"]["kept"]
        [said] = [value["children"] for value in given.values()]
        return said

    return send


def sheet(app, search: str = "") -> list[dict[str, str]]:
    answer = app.server.test_client().get(f"/download/agenda.csv?lang=zh{search}")
    assert answer.status_code == 200
    return list(csv.DictReader(answer.data.decode("utf-8-sig").splitlines()))


def recorded(folder, flag: Flag, *steps: Step, quarter: str = LAST) -> None:
    for step in steps:
        Store(folder).record(flag, step, Basis("000001-x", quarter))


# --- reading ---------------------------------------------------------------------------------------------------
def test_the_agenda_says_why_each_gap_stands_there_and_the_points_add_up(app, drawn):
    page = drawn(app, "/agenda")
    assert "建议会议讨论 1 项，涉及 1 个部门，其中预警 1 项" in page
    [line] = [row for row in sheet(app) if row["序号"]]
    assert (line["部门"], line["规则"], line["提示"]) == ("甲局", "督办逾期", "预警")
    parts, _, total = line["得分来由"].partition(" = ")
    assert parts == "预警 40 + 已触发 7 季 20 + 40 人 1 + 未处理 10"
    assert sum(int(part.split()[-1]) for part in parts.split(" + ")) == int(total) == int(line["得分"])
    assert "未结督办 1 件，逾期 1 件" in line["说明"]


def test_the_page_opens_with_what_became_of_last_quarter_s(app, folder, flag, drawn):
    assert "2026年第二季度的 1 项：持续 1 项" in drawn(app, "/agenda")
    assert "其中没有任何跟踪记录的：1 项" in drawn(app, "/agenda")
    late = TODAY - datetime.timedelta(12)
    recorded(folder, flag, Step("active", "办公室", "督查室", late), quarter="2026Q2")
    page = drawn(app, "/agenda")
    assert "其中没有任何跟踪记录的：0 项" in page
    assert f"{late}（逾期 12 天）" in page
    assert "督查室" in page
    assert "这是第一个有数据的季度" in drawn(app, "/agenda", quarter="2025Q1")


def test_a_gap_that_somebody_handles_stands_below_and_an_overdue_one_comes_back(app, folder, flag, drawn):
    due = TODAY + datetime.timedelta(30)
    recorded(folder, flag, Step("active", "办公室", "督查室", due))
    page = drawn(app, "/agenda")
    assert "2026年第三季度没有需要上会的提示" in page
    assert "不占名额：正在办理 1 项，已有结论 0 项" in page
    assert f"{due}（还有 30 天）" in page
    recorded(folder, flag, Step("active", "办公室", due=TODAY - datetime.timedelta(1)))
    page = drawn(app, "/agenda")
    assert "建议会议讨论 1 项" in page
    assert "逾期 1 天" in page
    assert "未了结的跟踪 1 项，逾期 1 项" in page


def test_hit_rates_are_counts_below_five_and_shares_with_their_interval_from_then_on(app, folder, drawn):
    for number in range(6):
        old = Flag("tasks_overdue", "county", f"x{number}", "2025Q1", "2025Q1")
        steps = [Step(state, "办公室") for state in ("active", "addressed", "completed")]
        recorded(folder, old, *steps, Step("closed", "办公室", outcome="confirmed" if number < 4 else "not_confirmed"))
        page = drawn(app, "/agenda")
        assert ("不算比例" in page) == (number < 4)
    assert "4/6 属实，95% 区间 30%–90%" in page
    assert "核查过 6 项提示，属实 4 项" in page


def test_the_card_offers_exactly_the_next_states_and_chooses_none(app, folder, flag, drawn):
    first = drawn(app, "/agenda")
    assert "生效：交办，定责任人和期限（建议）" in first
    assert "拟提：列入备办，待会议决定" in first
    assert "已处理：责任人报告已处理" not in first
    recorded(folder, flag, Step("active", "办公室"))
    page = drawn(app, "/agenda")
    for words in ("已处理：责任人报告已处理", "不予处理：查看后", "中止：不再跟踪", "仍为“生效”"):
        assert words in page
    assert "销号：记录核查结论" not in page
    for given in held(page):
        assert given in (None, "")


def held(page: str) -> list:
    """What the fields of the form hold."""
    found = []

    def walk(node):
        if isinstance(node, dict):
            props = node.get("props", {})
            identity = props.get("id")
            if isinstance(identity, dict) and identity.get("part") in FIELDS:
                found.append(props.get("value"))
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(json.loads(page))
    assert found
    return found


def test_a_gap_that_was_never_flagged_has_no_form(app, drawn):
    page = drawn(app, "/agenda", rule="tasks_overdue", department="B")
    assert "本季没有触发这条规则，也没有跟踪记录。" in page
    assert '"part": "record"' not in page


# --- recording -------------------------------------------------------------------------------------------------
def test_a_decision_is_recorded_and_shown_with_who_and_on_what(app, folder, flag, press, drawn):
    due = (TODAY + datetime.timedelta(9)).isoformat()
    assert press(state="active", owner="督查室", due=due, note="限期办结", who="办公室") == "record 1"
    one = Store(folder).read().of(flag)
    assert (one.state, one.owner, one.due.isoformat()) == ("active", "督查室", due)
    assert one.last.basis == Basis(Warehouse(folder).current().id, LAST)
    page = drawn(app, "/agenda", rule="tasks_overdue", department="A")
    for words in ("处理记录（1）", "限期办结", "办公室 · ", "快照 1", f"{due}（还有 9 天）"):
        assert words in page


def test_a_reply_is_recorded_and_shown(app, folder, flag, press, drawn):
    assert press("answer", text="<b>已办结</b>", received="2026-10-03", replied_by="信访室") == "answer 1"
    page = drawn(app, "/agenda", rule="tasks_overdue", department="A")
    assert "部门答复（1）" in page
    assert "<b>已办结</b>" in page  # as text, in a plain element
    assert "收到日期 2026-10-03" in page


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"who": "办"}, "请先选择下一步"),
        ({"state": "active"}, "请填写登记人"),
        ({"state": "closed", "who": "办"}, "必须选择核查结论"),
        ({"state": "addressed", "who": "办"}, "现为“未处理”，不能改为“已处理”。可以改为：拟提、生效。"),
        ({"state": "active", "who": "办", "due": "soon"}, "“soon”不是日期"),
        ({"state": "active", "who": "办", "due": "0001-01-01"}, "不是日期"),
        ({"state": "active", "who": "13912345678"}, "手机号"),
        ({"state": "active", "who": "办", "seen": 7}, "对不上"),
        ({"state": ["active"], "who": "办"}, "没有"),
    ],
)
def test_what_cannot_be_recorded_says_why_and_changes_nothing(folder, press, values, said):
    assert said in press(**values)
    assert Store(folder).read().follow_ups == ()


def test_who_comes_second_is_told(folder, flag, press):
    recorded(folder, flag, Step("draft", "党风室"))
    assert "已被别人更新（党风室 于" in press(state="draft", who="办公室", seen=0)
    assert press(state="active", who="办公室", seen=1) == "record 2"


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"department_id": "B"}, "没有触发这条规则"),
        ({"region_id": "other"}, "没有触发这条规则"),
        ({"rule": "nonsense"}, "没有触发这条规则"),
        ({"seen": True}, "对不上"),
        ({"seen": None}, "对不上"),
        # a correction has moved the beginning; a new quarter has come in; both say what to do
        ({"since": "2024Q4"}, "起始季度由2024年第四季度变为2025年第一季度。请刷新页面"),
        ({"quarter": "2026Q2"}, "表单是对着2026年第二季度填的，现在页面所看的是2026年第三季度。请刷新页面"),
    ],
)
@pytest.mark.parametrize("part", ["record", "answer"])
def test_a_form_that_does_not_fit_what_is_shown_records_nothing_and_says_what_to_do(
    folder, flag, press, other, said, part
):
    key = drawn_for(flag, **other)
    assert said in press(part, key=key, state="active", who="办", text="已办", replied_by="办")
    assert Store(folder).read() == Book()


@pytest.mark.parametrize("key", ["x", "[]", "{}", "null", '["tasks_overdue", "county", "A"]'])
def test_a_form_that_is_none_of_ours_records_nothing(folder, press, key):
    assert "对不上" in press(key=key, state="active", who="办")
    assert Store(folder).read() == Book()


def test_nothing_is_recorded_on_older_data_and_the_page_says_so(app, folder, press, drawn):
    pinned = Warehouse(folder).current().id
    main(["--data", str(folder), "snapshots", "rebuild"], standalone_mode=False)
    time.sleep(1.1 * NOTICE_SECONDS)
    page = drawn(app, "/agenda", snapshot=pinned)
    assert "这一页不是当前快照，只能查看，不能登记" in page
    assert '"part": "record"' not in page
    assert "只能在当前快照上登记" in press(state="active", who="办", snapshot=pinned)
    known = TODAY.isoformat()
    assert f"现在看的是 {known} 的数据" in drawn(app, "/agenda", known=known)
    assert "只能在当前快照上登记" in press(state="active", who="办", search=f"?known={known}")
    assert Store(folder).read().follow_ups == ()


# --- taken up again, and what is gone ----------------------------------------------------------------------------
def test_a_closed_flag_that_goes_on_is_taken_up_again_and_the_earlier_round_stays_in_sight(
    app, folder, flag, press, drawn
):
    then = replace(flag, until="2026Q2", level="alert")
    whole = [
        *(Step(state, "办公室") for state in ("active", "addressed", "completed")),
        Step("closed", "办公室", outcome="confirmed"),
    ]
    recorded(folder, then, *whole, quarter="2026Q2")
    page = drawn(app, "/agenda")
    assert "有过结论，仍在触发" in page
    assert "上一轮已“销号，属实”，当时看到2026年第二季度，为预警。" in page
    assert press(state="active", owner="督查室", who="办公室", seen=4) == "record 5"
    page = drawn(app, "/agenda", rule="tasks_overdue", department="A")
    for words in ("上一轮跟踪：销号，属实", "处理记录（1）", "未了结的跟踪 1 项"):
        assert words in page
    assert "已被别人更新" in press(state="draft", who="办公室", seen=4)


def test_a_follow_up_of_a_rule_or_a_department_that_is_gone_is_listed_and_can_be_stopped(
    app, folder, press, drawn, capsys
):
    lost = Flag("no_such_rule", "county", "A", "2025Q4", "2026Q1", "watch")
    merged = Flag("tasks_overdue", "county", "old|1", "2025Q4", "2026Q1", "watch")
    for number, one in enumerate((lost, merged), start=1):
        recorded(folder, one, Step("active", "办公室", f"第{number}科"), quarter="2026Q1")
    page = drawn(app, "/agenda")
    for words in ("未了结的跟踪 2 项", "规则已撤下", "no_such_rule", "部门本季不在列", "old|1"):
        assert words in page
    page = drawn(app, "/agenda", rule="no_such_rule", department="A")
    assert "规则 no_such_rule 已经撤下" in page
    assert "中止：不再跟踪，须写明理由" in page
    assert "中止：不再跟踪，须写明理由" in drawn(app, "/agenda", rule="tasks_overdue", department="old|1")
    assert "必须写明理由" in press(key=drawn_for(merged, seen=2), state="stopped", who="办公室")
    assert press(key=drawn_for(merged, seen=2), state="stopped", note="部门已并入", who="办公室") == "record 3"
    place = ["--data", str(folder), "follow-up", "record", "no_such_rule", "A", "--by", "办公室"]
    main([*place, "--state", "stopped", "--note", "规则已撤下"], standalone_mode=False)
    assert "没有未了结的跟踪" in drawn(app, "/agenda")
    capsys.readouterr()
    main(["--data", str(folder), "follow-up", "--department", "old|1", "--format", "json"], standalone_mode=False)
    [row] = json.loads(capsys.readouterr().out)
    assert (row["rule"], row["name"], row["state"], row["flag"]) == ("tasks_overdue", None, "stopped", "gone")


def test_of_two_spells_that_are_open_each_has_its_form_and_both_can_be_ended(app, folder, flag, press, drawn):
    old = Flag(*flag.place, "2023Q1", "2023Q2", "watch")
    recorded(folder, old, Step("active", "办公室"), quarter="2025Q1")
    Store(folder).record(replace(flag, clear="2024Q4"), Step("active", "办公室"), Basis("000001-x", LAST))
    page = drawn(app, "/agenda", rule="tasks_overdue", department="A")
    assert "另一次触发（2023年第一季度至2023年第二季度）的跟踪还没有了结：生效" in page
    assert press(key=drawn_for(old, seen=1), state="stopped", note="已并案", who="办公室") == "record 3"
    place = ["--data", str(folder), "follow-up", "record", "tasks_overdue", "A", "--by", "办公室"]
    main([*place, "--state", "stopped", "--note", "并案", "--since", flag.since], standalone_mode=False)
    assert [one.state for one in Store(folder).read().follow_ups] == ["stopped", "stopped"]


def test_what_was_recorded_outlives_an_import(app, folder, flag, press, drawn):
    press(state="active", owner="督查室", who="办公室")
    before = Store(folder).read()
    main(["--data", str(folder), "snapshots", "rebuild"], standalone_mode=False)
    assert Store(folder).read() == before


def test_a_damaged_file_of_follow_ups_is_named_and_the_figures_stay(app, folder, press, drawn):
    Store(folder).path.write_bytes(b"not a database" * 300)
    page = drawn(app, "/agenda")
    assert "记录文件损坏" in page
    assert "建议会议讨论 1 项" in page
    assert "记录文件损坏" in press(state="active", who="办")


# --- files and commands ----------------------------------------------------------------------------------------
def test_the_file_of_follow_ups_holds_every_event_and_reply_in_their_order(app, folder, flag):
    recorded(folder, flag, Step("draft", "办公室", note="=1+1"), Step("active", "办公室", "督查室"))
    Store(folder).reply(flag, "已办结", "信访室", Basis("000001-x", LAST))
    rows = sheet(app, "&view=follow_ups")
    assert [(row["类别"], row["处理状态"]) for row in rows] == [("处理", "拟提"), ("处理", "生效"), ("部门答复", "")]
    assert rows[0]["内容"] == "'=1+1"
    assert {row["部门"] for row in rows} == {"甲局"}


def test_the_command_line_records_and_lists_while_a_server_runs(app, folder, drawn, capsys):
    place = ["--data", str(folder), "follow-up"]
    main(
        [*place, "record", "tasks_overdue", "A", "--state", "active", "--by", "办公室", "--owner", "督查室"],
        standalone_mode=False,
    )
    main([*place, "reply", "tasks_overdue", "A", "--text", "已办结", "--by", "信访室"], standalone_mode=False)
    assert "处理记录（1）" in drawn(app, "/agenda", rule="tasks_overdue", department="A")
    capsys.readouterr()
    main([*place, "--state", "open", "--format", "json"], standalone_mode=False)
    [row] = json.loads(capsys.readouterr().out)
    expected = {
        "rule": "tasks_overdue",
        "department_id": "A",
        "state": "active",
        "owner": "督查室",
        "flag": "persisting",
    }
    assert expected.items() <= row.items()
    assert (row["replies"], row["event"]) == (1, 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("record", "tasks_overdue", "B", "--state", "active", "--by", "办"), "没有触发这条规则"),
        (("record", "tasks_overdu", "A", "--state", "active", "--by", "办"), "没有这个规则：tasks_overdu"),
        (("record", "tasks_overdue", "Z", "--state", "active", "--by", "办"), "没有这个部门：Z"),
        (("record", "tasks_overdue", "A", "--state", "done", "--by", "办"), "没有这个状态：done"),
        (("record", "tasks_overdue", "A", "--state", "closed", "--by", "办"), "必须选择核查结论"),
        (("record", "tasks_overdue", "A", "--state", "active"), "--by"),
        (("record", "tasks_overdue", "A", "--state", "active", "--by", "办", "--quarter", "1999Q1"), "没有这个季度"),
        (("--state", "done"), "没有这个状态：done"),
    ],
)
def test_the_command_line_refuses_with_one_clear_text(folder, arguments, said):
    result = CliRunner().invoke(main, ["--data", str(folder), "follow-up", *arguments])
    assert result.exit_code != 0
    assert said in result.stderr
    assert isinstance(result.exception, SystemExit)
    assert Store(folder).read().follow_ups == ()
