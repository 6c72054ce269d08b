"""The slides say what the desk pages say; what is decided today stays; what is sent is kept once or refused."""

import datetime
import json
import shutil
from dataclasses import replace

import pytest

from dashboard.filters import Filters
from dashboard.i18n.text import quarter_name
from dashboard.pages._cases import Cases
from dashboard.pages._meeting import Wall
from dashboard.pages._meeting_slides import _glance_title, slides
from dashboard.pages._overview import Quarter
from dashboard.pages._scene import scene
from dashboard.pages._tasks import Tasks
from dashboard.store import Basis, Flag, Step, Store
from tests.pages.office import LAST, QUARTERS

LAST_BUT_ONE = QUARTERS[-2]
FLAG = Flag("tasks_overdue", "county", "A", "2025Q1", LAST, "alert")


@pytest.fixture
def folder(nine_departments, tmp_path):
    return shutil.copytree(nine_departments, tmp_path / "office")


@pytest.fixture
def app(folder, make_app):
    return make_app(folder)


@pytest.fixture(scope="module")
def county(demo_app):
    """The slides of the demonstration county, with the view that they were made of."""
    with demo_app.server.test_request_context("/", headers={"Accept-Language": "zh-CN"}):
        wall = Wall(scene(Filters()))
        made, left_out = slides(wall)
        assert left_out == []
        assert wall.meeting.agenda == wall.agenda  # nothing was decided today
    return wall, made


def on(folder_app, **filters):
    """The slides of an office, by their topic."""
    with folder_app.server.test_request_context("/", headers={"Accept-Language": "zh-CN"}):
        wall = Wall(scene(Filters(**filters)))
        return wall, slides(wall)[0]


def text(part) -> str:
    """All that can be read of a part of a page, one after the other."""
    if part is None or isinstance(part, str | int | float):
        return "" if part is None else str(part)
    if isinstance(part, list | tuple):
        return " ".join(map(text, part))
    return text(getattr(part, "children", None))


# --- what the slides say ---------------------------------------------------------------------------------------
def test_the_agenda_of_the_meeting_is_in_its_order_and_as_long_as_its_decisions(county):
    wall, made = county
    topics = [slide.topic.split(" · ")[0] for slide in made]
    departments = len({item.flag.department_id for item in wall.meeting.agenda.items})
    assert topics == [
        *("上季决定的落实", "本季概况", "民主测评排名", "投诉举报", "监督的平衡", "监督缺口", "案件", "督办逾期"),
        *["请会议决定"] * departments,
        "会上决定",
    ]


def test_figures_and_findings_are_those_of_the_first_page(county, demo_app, drawn):
    wall, made = county
    first = drawn(demo_app, "/")
    said = text(made[1].body)
    for finding in wall.quarter.findings:
        assert finding.title in said and finding.title in first
    for figure in Quarter(wall.gaps).figures:
        assert f'"{figure.value:,.{figure.header["decimals"]}f}"' in first
        assert f"{figure.value:,.{figure.header['decimals']}f}" in said


def test_the_bands_name_whom_the_ranking_calls_different_and_nobody_else(county):
    wall, made = county
    bands = wall.quarter.ranking.groupby("outcome")["label"].apply(set)
    panels = made[2].body[0].children
    for panel, band in ((panels[0], "above"), (panels[2], "below")):
        names = {link.children for item in panel.children[2].children for link in [item.children]}
        assert names == bands[band]
    assert str(len(bands["above"]) + len(bands["below"])) in made[2].title
    assert text(panels[1].children[1]) == f"{len(wall.quarter.ranking[wall.quarter.ranking['outcome'] == 'none'])} 个"


def test_complaints_show_everybody_outside_the_limits_with_what_they_are_counted_from(county):
    wall, made = county
    rows = wall.rates[wall.rates["outcome"].isin(["high_998", "high_95", "low_998", "low_95"])]
    said = text(made[3].body)
    for row in rows.itertuples():
        assert f"{row.label}" in said and f"{row.numerator:,.0f} 件/{row.denominator:,.0f} 人" in said


def test_the_matrix_counts_what_the_gaps_count(county):
    wall, made = county
    lines = made[5].body[0].children[1].children
    status = wall.gaps.rows.groupby("label")["status"].value_counts()
    for line in lines:
        name, alerts, watches = (text(line.children[at]) for at in (0, -2, -1))
        assert status.get((name, "alert"), 0) == (0 if alerts == "·" else int(alerts))
        assert status.get((name, "watch"), 0) == (0 if watches == "·" else int(watches))


def test_cases_and_tasks_say_what_their_pages_say(county):
    wall, made = county
    cases, tasks = Cases(wall.now), Tasks(wall.now)
    said = text(made[6].body)
    for step in ("leads", "filed", "closed", "cases_sanctioned", "revisited"):
        assert f"{cases.total(step):,.0f}" in said
    revisited, due = cases.total("revisited"), cases.total("revisit_due")
    assert f"应回访 {due:,.0f} 件的 {100 * revisited / due:.1f}%" in said  # of those due, not of the step before
    assert made[7].title.startswith(f"{len(tasks.overdue)} 件督办事项逾期")
    assert len(made[7].body[0].children) == min(len(tasks.overdue), 10)


def test_a_department_s_slide_has_every_flag_of_it_on_the_agenda_with_its_sentence(county):
    wall, made = county
    of_departments = iter(made[8:-1])
    for department, items in wall.by_department.items():
        slide = next(of_departments)
        said = text(slide.body)
        assert slide.desk.startswith(f"/department?department={department}")
        for item in items:
            assert wall.gaps.sentence(item.row) in said


def test_every_slide_says_quarter_and_snapshot_and_leads_to_its_desk_page_and_back(county):
    wall, made = county
    for at, slide in enumerate(made, start=1):
        assert f"快照 {wall.now.snapshot.number}" in " · ".join(slide.source)
        assert f"slide={at}" in slide.desk.replace("?", "&").split("&")


def test_what_the_files_do_not_have_is_left_out_and_named(app, drawn):
    wall, made = on(app)
    assert [slide.topic.split(" · ")[0] for slide in made] == [
        *("上季决定的落实", "本季概况", "投诉举报", "监督缺口", "督办逾期", "请会议决定", "会上决定")
    ]
    assert "没有数据、未列的议题：民主测评排名、监督的平衡、案件" in drawn(app, "/meeting")


def test_the_demonstration_is_marked_and_the_frame_shows_the_way_in_and_back(demo_app, drawn):
    page = drawn(demo_app, "/meeting")
    assert "演示数据" in page
    assert '"data-key": "m"' not in page
    desk = drawn(demo_app, "/gaps", slide="6")
    assert "← 回到会议第 6 页" in desk
    assert '"data-key": "m"' in desk
    assert '"href": "/meeting?slide=6"' in desk
    assert "回到会议" not in drawn(demo_app, "/gaps")


def test_what_chance_alone_explains_is_said_beside_the_names(county):
    wall, made = county
    judged = int(wall.quarter.ranking["variation"].notna().sum())
    assert f"单凭偶然也会出现约 {judged * 0.015:.0f} 个" in text(made[2].body)
    judged = int(wall.rates["outcome"].notna().sum())
    assert f"没有异常时，{judged} 个部门里高于、低于 95% 限的也各会有至多约 {0.05 * judged:.1f} 个" in text(
        made[3].body
    )
    assert "偏了" not in text(made[4].body)


def test_the_title_of_the_quarter_denies_no_change_where_nothing_could_be_judged(county):
    wall, made = county
    figures = wall.quarter.figures
    unknown = [replace(one, direction="") for one in figures]
    calm = [replace(one, direction="common") for one in figures]
    moved = [replace(one, direction="high") for one in figures]
    titles = [
        _glance_title(wall, some)
        for some in (calm, unknown, [*calm[:3], unknown[3]], [moved[0], calm[1], *unknown[2:]])
    ]
    assert titles[:3] == [
        "主要数字都没有真实变化",
        "主要数字都不够判断有没有真实变化",
        "3 项主要数字没有真实变化，另有 1 项不够判断",
    ]
    assert titles[3].endswith("，其余 1 项是正常波动，另有 2 项不够判断")


def test_what_narrows_a_desk_page_does_not_narrow_the_meeting(demo_app, drawn):
    whole = drawn(demo_app, "/meeting")
    assert drawn(demo_app, "/meeting", domain="money", rank_band="leader", window="1") == whole
    desk = drawn(demo_app, "/cases", domain="money", window="1", quarter="2026Q1")
    assert '"href": "/meeting?quarter=2026Q1"' in desk


def test_quarters_are_named_as_far_as_the_data_reach(demo_app, county):
    first = county[0].now.quarters[0]
    wall, made = on(demo_app, quarter=first)
    said = " ".join([*(part for slide in made for part in slide.source), text([slide.body for slide in made])])
    assert wall.period == quarter_name(wall.t, first)
    assert f"{wall.period}，漏斗控制图" in said
    assert "近四季，" not in said


# --- what is decided -------------------------------------------------------------------------------------------
def stored(folder, day: datetime.date) -> Store:
    at = datetime.datetime.combine(day, datetime.time(12), datetime.UTC)
    return Store(folder, lambda: at)


ASSIGNED = Step("active", "办公室", "督查室", datetime.date(2099, 12, 31))


def test_what_is_decided_today_stays_on_the_agenda_and_what_was_decided_before_is_not_asked_again(app, folder):
    today = datetime.date.today()
    stored(folder, today).record(FLAG, ASSIGNED, Basis("000001-x", LAST))
    wall, made = on(app)
    assert [one.is_today for one in wall.decisions] == [True]
    assert made[-1].title == "会上决定 1 项，0 项待定"
    assert "督查室" in text(made[-1].body)
    assert wall.meeting.agenda.items == ()  # on the desk it is in hand


def test_a_flag_that_was_in_hand_before_today_takes_no_slide(app, folder):
    stored(folder, datetime.date.today() - datetime.timedelta(2)).record(FLAG, ASSIGNED, Basis("000001-x", LAST))
    _, made = on(app)
    assert "请会议决定" not in [slide.topic for slide in made]
    assert made[-1].title == "2026年第三季度没有需要上会的提示"


def test_a_decision_today_changes_nothing_of_what_the_first_slide_says_of_last_quarter(app, folder):
    today = datetime.date.today()
    _, made = on(app)
    assert made[0].title == "上季没有跟踪的提示"
    stored(folder, today).record(FLAG, ASSIGNED, Basis("000001-x", LAST))
    _, decided = on(app)
    assert (decided[0].title, text(decided[0].body)) == (made[0].title, text(made[0].body))


def test_what_was_followed_up_last_quarter_stands_on_the_first_slide_as_it_did_this_morning(app, folder):
    today = datetime.date.today()
    past = stored(folder, today - datetime.timedelta(40))
    past.record(replace(FLAG, until=LAST_BUT_ONE), ASSIGNED, Basis("000001-x", LAST_BUT_ONE))
    _, made = on(app)
    assert made[0].title.startswith("上季跟踪的 1 项")
    assert "生效" in text(made[0].body)
    stored(folder, today).record(FLAG, Step("addressed", "办公室"), Basis("000001-x", LAST))
    _, decided = on(app)
    assert (decided[0].title, text(decided[0].body)) == (made[0].title, text(made[0].body))


def test_nothing_can_be_decided_on_what_was_known_on_an_earlier_day(demo_app, drawn):
    assert "只能查看，不能登记" in drawn(demo_app, "/meeting", known=datetime.date.today().isoformat())
    assert '"data-form"' not in drawn(demo_app, "/meeting", known=datetime.date.today().isoformat())


@pytest.fixture
def send(app):
    wall, _ = on(app)
    own = json.dumps(["county", "A", LAST, "tasks_overdue", "2025Q1", 0])

    def post(form=own, headers=None, **values):
        values = {"state": "active", "owner": "督查室", "due": "2099-12-31", "who": "办公室"} | values
        body = {"form": form, "search": "", "values": values}
        return app.server.test_client().post("/meeting/decisions", json=body, headers=headers or {})

    assert wall.decisions[0].flag.since == "2025Q1"
    return post


def events(folder) -> list:
    return [event for one in Store(folder).read().follow_ups for event in one.events]


def test_a_decision_is_kept_once_however_often_it_is_sent_and_the_answer_says_what_may_follow(send, folder):
    answers = [send() for _ in range(3)]
    assert [(answer.status_code, answer.get_json()["number"]) for answer in answers] == [(200, 1)] * 3
    [event] = events(folder)
    assert (event.step.state, event.step.owner, event.basis.quarter) == ("active", "督查室", LAST)
    told = answers[0].get_json()
    assert told["taken"] == {"state": "生效", "owner": "督查室", "due": "2099-12-31"}
    assert [option["value"] for option in told["form"]["options"]] == ["addressed", "declined", "stopped", "active"]
    assert send(told["form"]["key"], state="addressed").get_json()["number"] == 2
    assert len(events(folder)) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": ""}, "请先选择下一步"),
        ({"who": ""}, "登记人"),
        ({"due": "2099-13-01"}, "2099-13-01"),
        ({"note": "电话 13812345678"}, "身份证号"),
        ({"form": "[]"}, ""),
        ({"form": "[" * 10_000}, ""),
        ({"form": json.dumps(["county", "B", LAST, "tasks_overdue", "2025Q1", 0])}, ""),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(send, folder, change, said):
    answer = send(**change)
    assert answer.status_code == 409
    assert said in answer.get_json()["said"]
    assert events(folder) == []


def test_somebody_else_s_step_is_not_overwritten(send, folder):
    Store(folder).record(FLAG, Step("draft", "别人"), Basis("000001-x", LAST))
    answer = send()
    assert answer.status_code == 409
    assert "别人" in answer.get_json()["said"]
    assert [option["value"] for option in answer.get_json()["form"]["options"]] == ["active", "stopped", "draft"]
    assert len(events(folder)) == 1


def test_a_store_that_is_busy_asks_to_be_asked_again(send, folder, monkeypatch):
    import dashboard.pages._meeting as meeting
    from dashboard.store import StoreError

    def busy(*_given):
        raise StoreError("busy", file="store.sqlite")

    monkeypatch.setattr(meeting, "record_step", busy)
    assert send().status_code == 503


@pytest.mark.parametrize("body", [b"", b"[]", b'{"values": 5}', b'{"form": {}, "search": 7}', b"[" * 30_000])
def test_a_body_that_is_no_decision_changes_nothing(app, folder, body):
    answer = app.server.test_client().post("/meeting/decisions", data=body, content_type="application/json")
    assert answer.status_code == 409
    assert events(folder) == []


def test_more_than_a_decision_can_hold_is_not_read(send, folder):
    assert send(note="字" * 50_000).status_code == 413
    assert events(folder) == []
