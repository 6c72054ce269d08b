"""Supervision activities and the notices that came of them.

Each department has a yearly programme: the same cards every year, each in a fixed quarter of the year. Any
four consecutive quarters therefore hold the whole programme, and the shares by which a department is judged
are those of its programme. A planted gap rewrites the cards from the quarter in which it starts.
"""

import numpy as np
import pandas as pd

from dashboard.demo import quarters
from dashboard.demo.names import DEPARTMENTS, REGION, Department
from dashboard.demo.plan import level, planted

_COLUMNS = [
    "method",
    "stage",
    "power_stage",
    "direction",
    "object",
    "sphere",
    "focus",
    "level",
    "trigger",
    "domain",
    "form",
    "scope",
    "notice",
]
# The order matters: the first eight cards alone cover every stage, sphere and domain, the outside, and talks
# two quarters apart; any longer prefix keeps each share well on the safe side of its threshold.
_CARDS = """
inspection before grant top_down organisation process staff_enforcement micro proactive authority open single 1
reminder_talk before exercise top_down individual individual leader_conduct micro proactive people open single 0
audit after result top_down organisation process leader_conduct macro proactive money open general 1
warning_talk during exercise top_down individual individual staff_enforcement micro reactive authority open single 0
staff_congress before grant bottom_up organisation process leader_conduct macro proactive people open general 0
outside_visit after result external organisation society staff_enforcement macro proactive authority open topic 0
inspection during exercise top_down organisation process staff_enforcement micro proactive assets open topic 1
sit_in before grant top_down organisation process leader_conduct macro proactive people open single 0
inspection after result top_down organisation process leader_conduct macro proactive money open general 1
inspection during exercise external individual process staff_enforcement micro reactive assets covert topic 0
spot_check during exercise bottom_up individual society staff_enforcement micro reactive authority covert single 0
inspection during exercise bottom_up organisation process staff_enforcement macro proactive people open topic 1
staff_congress during exercise bottom_up organisation process leader_conduct micro proactive money open topic 0
inspection during exercise top_down individual process staff_enforcement micro reactive authority covert single 1
deputies_meeting during result external organisation society leader_conduct macro proactive authority open general 0
return_visit after result bottom_up individual society staff_enforcement micro proactive authority open single 0
home_visit during exercise top_down individual individual leader_conduct micro proactive people open single 0
file_check after result top_down organisation process staff_enforcement micro proactive assets open topic 0
sit_in before grant peer organisation process leader_conduct micro proactive money open single 0
case_follow after exercise external individual individual staff_enforcement micro reactive authority open single 0
"""
_DECK = pd.DataFrame([line.split() for line in _CARDS.strip().splitlines()], columns=_COLUMNS)
_TALKS = ("reminder_talk", "warning_talk", "admonition_talk")

# Activities a year where the plan needs another number than the department's weight gives.
_PROGRAMME = {
    "公安局": 84,
    "交警大队": 84,
    "检察院": 50,
    "水利局": 44,
    "教育局": 44,
    "宣传部": 16,
    "住建局": 40,
    "发改局": 38,
    "税务局": 38,
    "财政局": 38,
    "交通运输局": 36,
    "市场监管局": 40,
    "农业农村局": 38,
    "卫健局": 38,
    "医保局": 15,
    "枫林乡": 8,
    "自来水公司": 8,
    "自然资源局": 8,
    "档案局": 8,
}
# No activity from this quarter on.
_STOPPED = {"档案局": "2025Q2", "燃气公司": "2025Q4"}

_FINDING_TYPES = (
    "late_handling",
    "incomplete_file",
    "fee_not_posted",
    "approval_skipped",
    "duty_absence",
    "window_attitude",
    "public_notice_missing",
    "account_mismatch",
    "asset_unregistered",
    "vehicle_misuse",
    "contract_unsigned",
    "tender_split",
    "minutes_missing",
    "allowance_error",
    "reception_over_standard",
    "training_missing",
    "complaint_unanswered",
    "archive_disorder",
    "delegation_unclear",
    "budget_overrun",
    "stock_difference",
    "inspection_record_missing",
    "declaration_late",
    "hiring_procedure",
)


def generate(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """The tables `supervision` and `notices`."""
    activities = pd.concat([_activities(department, rng) for department in DEPARTMENTS], ignore_index=True)
    activities = activities.sort_values(["day", "department_id"], kind="stable", ignore_index=True)
    activities["activity_id"] = [f"S{n:05}" for n in range(1, len(activities) + 1)]
    activities["date"] = quarters.written(_days(activities["day"]))
    activities["region_id"] = REGION
    notices = pd.concat([_notices(department, activities, rng) for department in DEPARTMENTS], ignore_index=True)
    notices = notices.sort_values("activity_id", kind="stable", ignore_index=True)
    notices.insert(1, "notice_id", [f"N{n:05}" for n in range(1, len(notices) + 1)])
    activities["notices"] = activities["activity_id"].isin(notices["activity_id"]).astype(int)
    columns = (
        "region_id activity_id date department_id method arrangement form scope stage power_stage direction "
        "object sphere focus level trigger domain findings notices"
    )
    return {"supervision": activities[columns.split()], "notices": notices}


def _activities(department: Department, rng: np.random.Generator) -> pd.DataFrame:
    name = department.short_name
    size = _PROGRAMME.get(name, 13 + round(21 * department.power))
    if level("form_over_substance", name) == "watch" or level("one_form_of_inspection", name):
        size = max(size, 22)  # smaller programmes cannot pass the 80 % interval, or lack inspections
    position = np.arange(size)
    programme = _DECK.iloc[position % len(_DECK)].reset_index(drop=True)
    programme["notice"] = (programme["notice"] == "1") & (position < len(_DECK))
    again = (position >= len(_DECK)) & (programme["method"] == "warning_talk")
    programme.loc[again, "method"] = "admonition_talk"
    season = (position + rng.integers(4)) % 4

    rows = pd.concat(
        [
            _rewrite(programme, name, quarter)[season == quarter % 4].assign(quarter=quarter)
            for quarter in range(len(quarters.QUARTERS))
        ],
        ignore_index=True,
    )
    if name in _STOPPED:
        rows = rows[rows["quarter"] < quarters.index(_STOPPED[name])].reset_index(drop=True)
    plant = planted("listed_but_unsupervised", name)
    if plant and plant.level == "watch":
        # The year's programme was carried out early and then nothing more happened for two quarters.
        early = rows["quarter"] >= plant.start(2)
        rows.loc[early, "quarter"] -= 2

    count = len(rows)
    # Notices go out early enough in a quarter to be rectified within it.
    length = np.where(rows["notice"], 55, 90)
    rows["day"] = quarters.first_day(rows["quarter"].to_numpy()) + (rng.random(count) * length).astype(int)
    rows["arrangement"] = rng.choice(["regular", "joint", "surprise"], count, p=[0.6, 0.25, 0.15])
    found = rows["notice"] | (~rows["method"].isin(_TALKS) & (np.arange(count) % 3 == 0))
    rows["findings"] = np.where(found, rng.integers(1, 3, count), 0)
    if plant := planted("form_over_substance", name):
        fruitless = rows["quarter"] >= plant.start()
        rows.loc[fruitless, "findings"] = 0
        rows.loc[fruitless, "notice"] = False
    if level("power_without_responsibility", name):
        rows["findings"] = rows["notice"].astype(int)  # little is found where little is looked at
    return rows.assign(department_id=department.department_id)


def _rewrite(programme: pd.DataFrame, name: str, quarter: int) -> pd.DataFrame:
    """The programme as the planted gaps leave it in this quarter."""
    cards = programme.copy()

    def active(rule: str, window: int = 4) -> str | None:
        plant = planted(rule, name)
        return plant.level if plant and quarter >= plant.start(window) else None

    def replace(column: str, values: tuple[str, ...], by: str, keep: int = 0) -> None:
        """Turn all but the first `keep` cards that hold one of the values into `by`."""
        hit = np.flatnonzero(cards[column].isin(values))[keep:]
        cards.loc[hit, column] = by

    third = round(len(cards) / 3)
    if active("top_down_only"):
        replace("direction", ("bottom_up",), "top_down")
    if active("leaders_unsupervised"):
        replace("focus", ("leader_conduct",), "staff_enforcement")
    if active("micro_over_macro"):
        replace("level", ("macro",), "micro")
    if active("individual_over_organisation"):
        replace("object", ("organisation",), "individual")
    if reached := active("reactive_over_proactive"):
        replace("trigger", ("proactive",), "reactive", keep=1 if reached == "alert" else third)
    if reached := active("after_the_fact"):
        replace("stage", ("before", "during"), "after", keep=1 if reached == "alert" else third)
    if reached := active("key_domain_unwatched"):
        unwatched = ("people", "money") if reached == "alert" else ("assets",)
        replace("domain", unwatched, "authority")
    if active("money_unaudited", 8 if level("money_unaudited", name) == "alert" else 4):
        replace("method", ("audit",), "file_check")
    if reached := active("stage_unwatched"):
        replace("power_stage", ("grant", "result") if reached == "alert" else ("grant",), "exercise")
    if active("early_signs_without_talk", 2):
        replace("method", _TALKS, "file_check")
    if reached := active("no_outside_eyes"):
        replace("direction", ("external",), "peer", keep=0 if reached == "alert" else 1)
    if reached := active("one_form_of_inspection"):
        replace("form", ("covert",), "open")
        replace("scope", ("topic", "general"), "single", keep=0 if reached == "alert" else 6)
        replace("scope", ("general",), "topic")
    if reached := active("point_line_area"):
        replace("sphere", ("individual", "society") if reached == "alert" else ("society",), "process")
    return cards


def _notices(department: Department, activities: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One notice for each activity of the programme that leads to one, with its rectification."""
    name = department.short_name
    rows = activities[activities["notice"] & (activities["department_id"] == department.department_id)]
    count = len(rows)
    order = np.arange(count)
    # In turn, so that no type of finding comes back within four quarters of its rectification.
    types = np.array(_FINDING_TYPES)[rng.permutation(len(_FINDING_TYPES))[order % len(_FINDING_TYPES)]]
    if (plant := planted("findings_not_rectified", name)) and plant.department == "民政局":
        since = quarters.index(plant.since)
        returns = [np.flatnonzero(rows["quarter"] == quarter)[0] for quarter in range(since - 1, since + 2)]
        types[returns] = types[returns[0]]
        plant = None  # rectified on time, each of them

    issued = _days(rows["day"]) + rng.integers(1, 8, count)
    due = issued + 25
    rectified = issued + rng.integers(5, 24, count)
    if plant:
        year = rows["quarter"].to_numpy() - plant.start()
        # Of every six notices in a row, one year's worth, five or two are late.
        late = (year >= 0) & np.isin(order % 6, (0, 1, 2, 3, 4) if plant.level == "alert" else (1, 4))
        rectified = np.where(late, due + rng.integers(20, 120, count), rectified)
    # What lies after the last day of the data is not known yet.
    rectified = np.where(rectified > quarters.last_day(quarters.LAST), np.datetime64("NaT"), rectified)
    return pd.DataFrame(
        {
            "region_id": REGION,
            "activity_id": rows["activity_id"].to_numpy(),
            "department_id": department.department_id,
            "domain": rows["domain"].to_numpy(),
            "finding_type": types,
            "issued_on": quarters.written(issued),
            "due_on": quarters.written(due),
            "rectified_on": quarters.written(rectified),
        }
    )


def _days(column: pd.Series) -> np.ndarray:
    """pandas keeps seconds at the least; sums with whole numbers must mean days."""
    return column.to_numpy().astype("datetime64[D]")
