"""The catalogue of powers with their risk points, and the decisions on major matters."""

import numpy as np
import pandas as pd

from dashboard.demo import quarters
from dashboard.demo.names import DEPARTMENTS, REGION, RENAMED, RENAMED_ON, Department
from dashboard.demo.plan import planted

VALID_FROM = "2023-01-01"  # of the catalogue
_DOMAINS = ("authority", "money", "assets", "people")
_LINKS = ("decision", "execution", "supervision")
# Posts, not persons; each link of a domain has its own.
_HOLDERS = {"decision": "主要负责人", "execution": "业务股股长", "supervision": "派驻纪检监察组组长"}
_SUBJECTS = {
    "authority": (
        ("行政许可审批", "permits"),
        ("行政处罚裁量", "penalties"),
        ("资格认定", "qualification"),
        ("日常检查执法", "inspection"),
    ),
    "money": (
        ("专项资金分配", "special_funds"),
        ("大额资金支付", "large_payment"),
        ("收费与减免", "fees"),
        ("工程款结算", "works_budget"),
    ),
    "assets": (
        ("资产处置", "asset_disposal"),
        ("物资采购", "materials"),
        ("房屋出租", "letting"),
        ("车辆管理", "vehicles"),
    ),
    "people": (
        ("干部选拔任用", "appointments"),
        ("人员招聘", "recruitment"),
        ("工资与津贴核定", "wages"),
        ("评优评先", "honours"),
    ),
}
_KINDS = {
    # kind: decisions a quarter, for the least and for the most powerful department
    "major_decision": (3, 5),
    "appointment": (1, 3),
    "project": (1, 4),
    "purchase": (2, 5),
    "large_payment": (2, 6),
}
# So few decisions that no share can be judged.
_FEW_DECISIONS = ("国调队", "妇联", "档案局")


def generate(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """The tables `powers` and `decisions`."""
    powers = pd.concat([_powers(department, rng) for department in DEPARTMENTS], ignore_index=True)
    powers.insert(1, "power_id", [f"P{n:04}" for n in range(1, len(powers) + 1)])
    decisions = pd.concat([_decisions(department, rng) for department in DEPARTMENTS], ignore_index=True)
    decisions = decisions.sort_values(["quarter", "department_id"], kind="stable", ignore_index=True)
    return {"powers": powers, "decisions": decisions}


def _powers(department: Department, rng: np.random.Generator) -> pd.DataFrame:
    name, weight = department.short_name, department.power
    count = 4 + round(10 * weight)
    if plant := planted("no_power_catalogue", name):
        count = 0 if plant.level == "alert" else 2
    n = np.arange(count)
    domain = np.array(_DOMAINS)[n % 4]
    link = np.array(_LINKS)[(n // 4) % 3]
    # The first powers, one a domain, carry the highest risk; the weakest departments have none of grade A.
    high = 0 if weight < 0.2 else 1 + round(3 * weight)
    grade = np.where(n < high, "A", np.where(n < high + count // 3, "B", "C"))
    if planted("key_domain_unwatched", name):
        grade[: 2 if name == "燃气公司" else 4] = "A"
    if name == "燃气公司":
        grade[:] = np.where(domain == "money", "A", np.where(n < 4, "B", "C"))
    if name == "邮政管理站":
        grade[0] = "A"
    subject = [_SUBJECTS[d][(i // 4) % 4] for i, d in enumerate(domain)]
    rows = pd.DataFrame(
        {
            "region_id": REGION,
            "department_id": department.department_id,
            "name": [title for title, _ in subject],
            "domain": domain,
            "subdomain": [code for _, code in subject],
            "link": link,
            "basis": [f"《{department.short_name}职责规定》第{i + 3}条" for i in n],
            "holder": [_HOLDERS[step] for step in link],
            "risk_level": grade,
            "likelihood": np.select([grade == "A", grade == "B"], [4, 3], 2),
            "harm": np.select([grade == "A", grade == "B"], [5, 3], 2),
            "managed_by": np.select([grade == "A", grade == "B"], ["主要负责人", "分管负责人"], "股室负责人"),
            "managed_by_level": np.select([grade == "A", grade == "B"], ["top", "deputy"], "division"),
            "measure": "双人经办、集体审议、定期公开",
            "has_check_step": True,
            "has_complaint_route": True,
            "published": True,
            # Both grow with the department's weight, so that the parts of the power index agree.
            "annual_uses": np.round(10 ** (0.6 + 2.0 * weight) * rng.uniform(0.9, 1.1, count)).astype(int),
            "annual_amount_10k": np.round(
                np.isin(domain, ("money", "assets")) * 10 ** (1.2 + 2.4 * weight) * rng.uniform(0.9, 1.1, count),
                1,
            ),
            "rotation_due": quarters.written(np.datetime64("2026-12-31") + rng.integers(0, 900, count)),
            "valid_from": RENAMED_ON if department.department_id == RENAMED else VALID_FROM,
            "valid_to": "",
        }
    )
    return _plant(rows, name)


def _plant(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Rewrite single powers. A catalogue states how things are today and since 2023: `since` is not used."""
    a, b, c = (rows.index[rows["risk_level"] == grade] for grade in "ABC")
    if plant := planted("powers_not_published", name):
        hidden = 1 if plant.level == "watch" else round(0.35 * len(rows))
        rows.loc[rows.index[-hidden:], "published"] = False
    if plant := planted("power_without_basis", name):
        rows.loc[a[0] if plant.level == "alert" else c[0], "basis"] = ""
    if plant := planted("a_risk_without_measure", name):
        rows.loc[a[0] if plant.level == "alert" else b[0], "measure"] = ""
    if plant := planted("a_risk_not_led_from_top", name):
        some = a[:3] if plant.level == "alert" else a[:1]
        division = plant.level == "alert"
        rows.loc[some, "managed_by_level"] = "division" if division else "deputy"
        rows.loc[some, "managed_by"] = "股室负责人" if division else "分管负责人"
    if plant := planted("flow_without_check", name):
        if plant.level == "alert":
            rows.loc[a[0], "has_check_step"] = False
        else:
            rows.loc[b[0], "has_complaint_route"] = False
    if plant := planted("rotation_overdue", name):
        overdue = a[0] if plant.level == "alert" else c[0]
        rows.loc[overdue, "rotation_due"] = str(quarters.last_day(quarters.index(plant.since)) - 20)
    if plant := planted("powers_not_separated", name):
        # Rows of one domain are four apart and walk through the links.
        money = rows.index[rows["domain"] == "money"][: 3 if plant.level == "alert" else 2]
        rows.loc[money, "holder"] = "财务股股长"
    return rows


def _decisions(department: Department, rng: np.random.Generator) -> pd.DataFrame:
    name = department.short_name
    frames = []
    for kind, (least, most) in _KINDS.items():
        if name in _FEW_DECISIONS and kind != "major_decision":
            continue
        quarter = np.arange(len(quarters.QUARTERS))
        usual = 1 if name in _FEW_DECISIONS else round(least + (most - least) * department.power)
        total = np.full(len(quarter), usual)
        if usual > 2:
            total += rng.integers(-1, 2, len(quarter))
        rows = pd.DataFrame({"quarter": quarter, "kind": kind, "total": total})
        rows["missed"] = rng.random(len(quarter)) < 0.03  # a single exception now and then
        frames.append(rows)
    rows = pd.concat(frames, ignore_index=True)
    rows = rows.sort_values(["quarter", "kind"], kind="stable", ignore_index=True)

    def share(column: str, usual: float, rule: str = "", watch: float = 0, alert: float = 0) -> None:
        part = np.full(len(rows), usual)
        if plant := planted(rule, name):
            part[rows["quarter"] >= plant.start()] = watch if plant.level == "watch" else alert
        # Cumulated and then rounded, so that any stretch holds its share.
        cumulated = np.floor((rows["total"] * part).cumsum() + 0.5)
        rows[column] = np.minimum(np.diff(cumulated, prepend=0), rows["total"]).astype(int)

    share("collective", 1.0, "decisions_not_collective", watch=0.84, alert=1.0)
    share("voted", 0.96, "decisions_not_collective", watch=0.96, alert=0.24)
    share("single_signature", 0.02, "one_pen", watch=0.23, alert=0.5)
    share("attended", 0.97, "decisions_unattended", watch=0.6, alert=0.2)
    for column in ("asked_in_writing", "open_tender", "risk_assessed", "published"):
        rows[column] = rows["total"] - (rows["missed"] & (rows["total"] > 1))
    rows["asked_in_writing"] = rows["asked_in_writing"].where(rows["kind"] == "appointment").astype("Int64")
    tendered = rows["kind"].isin(["project", "purchase"])
    rows["open_tender"] = rows["open_tender"].where(tendered).astype("Int64")

    rows["quarter"] = np.array(quarters.QUARTERS)[rows["quarter"]]
    rows.insert(0, "region_id", REGION)
    rows.insert(2, "department_id", department.department_id)
    return rows.drop(columns="missed")
