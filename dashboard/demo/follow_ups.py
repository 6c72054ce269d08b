"""What an invented office recorded in the demonstration county: follow-ups in every state, some overdue, and notes.

Every step, reply and note is marked as a demonstration in who recorded it and in its text.
"""

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path

from dashboard.demo.names import BY_NAME, REGION
from dashboard.demo.quarters import QUARTERS, index, last_day
from dashboard.store import (
    ACTIVE,
    ADDRESSED,
    CLOSED,
    COMPLETED,
    CONFIRMED,
    DECLINED,
    DRAFT,
    EVERYBODY,
    NOT_CONFIRMED,
    STOPPED,
    Basis,
    Flag,
    Pin,
    Step,
    Store,
)
from dashboard.store.trace import Doer

WHO = "办公室（演示 · demonstration）"
MARK = "【演示 · demonstration】"
_FIRST_HOUR = datetime.time(1, 30, tzinfo=datetime.UTC)  # half past nine in China

Said = tuple[str, Step]  # the quarter that was looked at, and what was recorded
Flags = Mapping[tuple[str, str, str], Flag]  # (rule, department_id, quarter) → the flag as it stood then

# All of whose flags were looked into to the end, and every which of them was confirmed: one rule that is mostly right,
# one that is mostly wrong and asks for another threshold.
_RESOLVED = {"score_and_complaints_disagree": (True, True, False, True), "top_down_only": (False, True, False)}
_LAST_TAKEN_UP = "2026Q1"


def _step(state: str, note: str = "", owner: str = "", due: str = "", outcome: str = "") -> Step:
    day = datetime.date.fromisoformat(due) if due else None
    return Step(state, WHO, owner, day, MARK + note if note else "", outcome)


def _closed(first: str, then: str, outcome: str) -> tuple[Said, ...]:
    """A whole life: decided in one quarter, ended when the next one was looked at."""
    due = str(last_day(index(then)))
    words = "查阅台账，与提示相符。" if outcome == CONFIRMED else "逐项核对，数字另有原因，提示不属实。"
    return (
        (first, _step(ACTIVE, "会议决定核查。", "党风政风监督室", due)),
        (then, _step(ADDRESSED, "部门报告已整改。")),
        (then, _step(COMPLETED)),
        (then, _step(CLOSED, words, outcome=outcome)),
    )


_CASES: tuple[tuple[str, str, tuple[Said, ...]], ...] = (
    ("money_unaudited", "大坪乡", (("2026Q2", _step(ACTIVE, "列入审计计划。", "审计联络组", "2026-10-31")),)),
    (
        "findings_not_rectified",
        "城管局",
        (
            ("2026Q1", _step(DRAFT, "建议上会。")),
            ("2026Q1", _step(ACTIVE, "限期整改，逐条销号。", "督查室", "2026-09-30")),
        ),
    ),
    ("weak_deterrence", "教育局", (("2026Q2", _step(ACTIVE, "约谈分管负责人。", "案件监督管理室", "2027-01-31")),)),
    ("supervision_vacuum", "自来水公司", (("2026Q2", _step(ACTIVE, "先摸底，责任人待定。")),)),
    ("one_pen", "龙湾镇", (("2026Q3", _step(DRAFT, "建议列入下次会议。")),)),
    ("tasks_overdue", "住建局", (("2026Q2", _step(DRAFT, "建议上会。", "督查室", "2026-10-20")),)),
    (
        "no_return_visit",
        "法院",
        (
            ("2026Q1", _step(ACTIVE, "补做回访。", "信访室", "2026-08-31")),
            ("2026Q2", _step(ADDRESSED, "报告已补访 12 件。")),
        ),
    ),
    (
        "leaders_not_accountable",
        "农业农村局",
        (
            ("2025Q4", _step(ACTIVE, "补交述责报告。", "党风政风监督室", "2026-03-31")),
            ("2026Q1", _step(ADDRESSED, "已补交。")),
            ("2026Q2", _step(COMPLETED, "办公室核过。")),
        ),
    ),
    (
        "after_the_fact",
        "农业农村局",
        (
            ("2026Q1", _step(ACTIVE, "了解情况。", "督查室", "2026-06-30")),
            ("2026Q2", _step(DECLINED, "事中检查由上级统一安排，不在本级。")),
        ),
    ),
    (
        "rotation_overdue",
        "统战部",
        (
            ("2026Q2", _step(ACTIVE, "催办。", "组织联络组", "2026-09-30")),
            ("2026Q3", _step(STOPPED, "岗位拟撤并，待机构调整后再定。")),
        ),
    ),
    # settled, and still there: taken up again
    ("micro_over_macro", "公安局", (*_closed("2025Q3", "2025Q4", CONFIRMED), ("2026Q3", _step(DRAFT, "仍未改变。")))),
    ("key_domain_unwatched", "人社局", _closed("2025Q4", "2026Q1", NOT_CONFIRMED)),
    ("leaders_unsupervised", "水利局", _closed("2025Q4", "2026Q1", CONFIRMED)),
)

# (rule, department, the quarter looked at, what the department wrote, on which day the office had it)
_REPLIES = (
    ("money_unaudited", "大坪乡", "2026Q2", "已与审计局商定补审时间。", "2026-07-28"),
    ("findings_not_rectified", "城管局", "2026Q1", "三项正在整改，一项需要追加经费。", "2026-05-12"),
    ("after_the_fact", "农业农村局", "2026Q1", "专项检查由市里统一安排，时间不由本局决定。", "2026-05-20"),
    ("key_domain_unwatched", "人社局", "2025Q4", "该领域去年由省里专项审计，材料随附。", "2026-02-09"),
)

# (department or the whole region, the quarter it is pinned to, the quarter looked at, text); none begins a series anew:
# the snapshot would be out of date as soon as it is there
_NOTES = (
    ("数据局", "2025Q1", "2025Q1", "由大数据中心改建，职责和人员整体划入，此前数字承接原单位。"),
    (EVERYBODY, "2025Q2", "2025Q2", "12345 热线与各部门投诉电话并线，统一登记口径。"),
    ("人社局", "2025Q3", "2025Q3", "社保经办窗口并入政务服务大厅，受理量增加。"),
    ("人社局", "2025Q2", "2025Q3", "窗口并入大厅。"),
)
_WITHDRAWN = "窗口并入大厅。", "季度写错，改记在第三季度。"


def record(folder: Path, flags: Flags, snapshot: str) -> int | None:
    """How many steps, replies and notes were recorded in `folder`; None where there is any: it stays."""
    if Store(folder).read().follow_ups or Store(folder).read_notes().events:
        return None
    said = [*_every_case(flags), *_replies(flags)]
    # in the order of the days, as an office records them
    for at, flag, what, quarter in sorted(said, key=lambda one: one[0]):
        kept, basis = Store(folder, lambda at=at: at, Doer(WHO)), Basis(snapshot, quarter)
        if isinstance(what, Step):
            kept.record(flag, what, basis)
        else:
            kept.reply(flag, MARK + what[0], WHO, basis, what[1])
    return len(said) + (_pin_notes(folder, snapshot) if said else 0)


def _pin_notes(folder: Path, snapshot: str) -> int:
    for order, (name, quarter, seen, text) in enumerate(_NOTES):
        at, basis = _moment(seen, 30 + order), Basis(snapshot, seen)
        department = name if name == EVERYBODY else BY_NAME[name].department_id
        kept = Store(folder, lambda at=at: at, Doer(WHO))
        note = kept.pin(Pin(REGION, department, quarter, MARK + text, WHO), basis)
        if text == _WITHDRAWN[0]:
            kept.withdraw(REGION, note.number, MARK + _WITHDRAWN[1], WHO, basis)
    return len(_NOTES) + 1


def _every_case(flags: Flags) -> list[tuple[datetime.datetime, Flag, Step, str]]:
    cases = [(rule, BY_NAME[name].department_id, steps) for rule, name, steps in _CASES]
    for rule, outcomes in _RESOLVED.items():
        began = sorted(
            (flag.since, flag.department_id)
            for flag in flags.values()
            if flag.rule == rule and flag.until == flag.since <= _LAST_TAKEN_UP
        )
        for at, (since, department) in enumerate(began):
            outcome = CONFIRMED if outcomes[at % len(outcomes)] else NOT_CONFIRMED
            cases.append((rule, department, _closed(since, QUARTERS[index(since) + 1], outcome)))
    found = []
    for at, (rule, department, steps) in enumerate(cases):
        found += _of_case(flags, rule, department, steps, at)
    return found


def _of_case(
    flags: Flags, rule: str, department: str, steps: Sequence[Said], order: int
) -> list[tuple[datetime.datetime, Flag, Step, str]]:
    """The steps of one case while its flag stands; nothing where it does not stand when the case begins."""
    flag, found = flags.get((rule, department, steps[0][0])), []
    for at, (quarter, step) in enumerate(steps):
        if flag is None:
            return []
        flag = flags.get((rule, department, quarter), flag)
        found.append((_moment(quarter, 60 * at + order), flag, step, quarter))
    return found


def _replies(flags: Flags) -> list[tuple[datetime.datetime, Flag, tuple[str, datetime.date], str]]:
    found = []
    for rule, name, quarter, text, day in _REPLIES:
        flag = flags.get((rule, BY_NAME[name].department_id, quarter))
        if flag is not None:
            received = datetime.date.fromisoformat(day)
            moment = datetime.datetime.combine(received, _FIRST_HOUR)
            found.append((moment, flag, (text, received), quarter))
    return found


def _moment(quarter: str, minutes: int) -> datetime.datetime:
    """Some weeks after the quarter's end, when its figures are there."""
    day = last_day(index(quarter)).astype(datetime.date) + datetime.timedelta(18)
    return datetime.datetime.combine(day, _FIRST_HOUR) + datetime.timedelta(minutes=minutes)
