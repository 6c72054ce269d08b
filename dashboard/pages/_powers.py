"""The powers page's view of the data: the catalogue of the quarter, what is missing in it, and the sentences of it."""

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard.catalog import Query
from dashboard.components.sheet import Sheet
from dashboard.gaps import FLAGS
from dashboard.i18n.text import MISSING, Text, known, number, quarter_name
from dashboard.pages._gaps import Gaps, flags_of
from dashboard.pages._ranking import found
from dashboard.pages._scene import Scene
from dashboard.rows import rows_of

PATH = "/powers"
EVERY = "all"  # of a control at its default
GRADES = ("A", "B", "C")
GRAVE = ("A", "B")  # the grades that need a measure, a checking step and a way to complain
DOMAINS = ("people", "money", "assets", "authority")
LINKS = ("decision", "execution", "supervision")
LEVELS = ("top", "deputy", "division")
TOP = "top"
SCALE = (1, 2, 3, 4, 5)  # of likelihood and of harm
QUADRANT_RULE = "power_without_responsibility"
# What a power may lack → the column that would say so, where not every office has it.
LACKS = {
    "measure": "measure",
    "top": None,
    "check": None,
    "basis": "basis",
    "published": None,
    "rotation": "rotation_due",
}
OPTIONAL = ("likelihood", "harm", "measure", "basis", "rotation_due", "subdomain")
MOST_NAMED = 4


@dataclass(frozen=True)
class Powers:
    """The scene with what this page needs of it, each asked for once."""

    now: Scene

    # --- what was asked for ------------------------------------------------------------------------------------
    @property
    def t(self) -> Text:
        return self.now.t

    @cached_property
    def gaps(self) -> Gaps:
        return Gaps(self.now)

    @cached_property
    def rules(self) -> dict[str, Query]:
        """The rules that look at the catalogue: those of the group, and those of openness that read this table."""
        return {
            name: rule
            for name, rule in self.gaps.rules.items()
            if rule.header["group"] == "powers" or (rule.header["group"] == "decisions" and _reads_powers(rule))
        }

    def word(self, vocabulary: str, code: Any) -> str:
        return self.gaps.words.get((vocabulary, str(code)), str(code)) if known(code) else MISSING

    @property
    def domain(self) -> str | None:
        return self.now.filters.domain if self.now.filters.domain in set(self.every["domain"]) else None

    @property
    def grade(self) -> str | None:
        return self.now.filters.kind if self.now.filters.kind in GRADES else None

    @property
    def lack(self) -> str | None:
        """What the listed powers must lack."""
        return self.now.filters.view if self.now.filters.view in LACKS else None

    @cached_property
    def selected(self) -> Any:
        """The row of the department that the page is narrowed to; None for all."""
        rows = self.now.departments
        return next(rows_of(rows[rows["department_id"] == self.now.filters.department]), None)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.domain or self.grade or self.lack or self.now.filters.q or self.selected is not None)

    @property
    def place(self) -> str:
        """Whose powers these are."""
        if self.selected is not None:
            return self.selected.full_name
        if self.now.category:
            return dict(self.now.groups)[self.now.category]
        return dict(self.now.regions).get(self.now.region, "")

    @cached_property
    def notices(self) -> list[str]:
        """What was asked for and is not there, and what the catalogue cannot tell."""
        t, filters, said = self.t, self.now.filters, []
        if filters.domain and not self.domain:
            said.append(t("powers.notice.domain", asked=filters.domain))
        if filters.department and self.selected is None:
            said.append(t("powers.notice.department"))
        if len(self.every) and not self.history.has_dates:
            said.append(t("powers.notice.undated"))
        absent = [self.t(f"powers.column.{name}") for name in OPTIONAL if name not in self.columns]
        if absent and len(self.every):
            said.append(t("powers.notice.columns", names=t("list.separator").join(absent)))
        return said

    @cached_property
    def history(self) -> Any:
        """`listed`: how many powers the region's catalogue has in all; `has_dates`."""
        return next(rows_of(self.now.run("power_history")))

    @cached_property
    def columns(self) -> frozenset[str]:
        """Those that the office's files have."""
        return frozenset(self.now.run("table_columns", table="powers")["column"])

    def is_known(self, lack: str) -> bool:
        """Whether the office's files could say that a power lacks it."""
        return LACKS[lack] is None or LACKS[lack] in self.columns

    # --- powers ------------------------------------------------------------------------------------------------
    @cached_property
    def every(self) -> pd.DataFrame:
        """Every power of the view's departments in the quarter, with `label` and one column `no_…` for each lack."""
        rows = self.now.run("powers").merge(self.now.departments[["department_id", "label", "name_order"]])
        grave, is_a = rows["risk_level"].isin(GRAVE), rows["risk_level"] == "A"
        lacks = {
            "measure": grave & _is_empty(rows["measure"]),
            "top": is_a & (rows["managed_by_level"] != TOP),
            "check": grave & (rows["has_check_step"].eq(False) | rows["has_complaint_route"].eq(False)),
            "basis": _is_empty(rows["basis"]),
            "published": rows["published"].eq(False),
            "rotation": rows["days_overdue"].fillna(0) > 0,
        }
        marks = {f"no_{name}": lacks[name] & self.is_known(name) for name in LACKS}
        return rows.assign(**marks).sort_values(["name_order", "risk_level", "power_id"], ignore_index=True)

    @cached_property
    def counted(self) -> pd.DataFrame:
        """Those of the department, the domain and the grade that the page is narrowed to."""
        rows = self.every
        if self.selected is not None:
            rows = rows[rows["department_id"] == self.selected.department_id]
        if self.domain:
            rows = rows[rows["domain"] == self.domain]
        return rows[rows["risk_level"] == self.grade] if self.grade else rows

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The powers that are listed: those counted that lack what was asked for and hold the typed words."""
        rows = self.counted
        if self.lack:
            rows = rows[rows[f"no_{self.lack}"]]
        if words := (self.now.filters.q or "").casefold():
            is_theirs = rows["department_id"].isin(self.hits["department_id"])
            text = rows["name"].fillna("") + "\n" + rows["holder"].fillna("")
            rows = rows[is_theirs | text.str.casefold().str.contains(words, regex=False)]
        return rows

    @cached_property
    def hits(self) -> pd.DataFrame:
        """The departments that the typed words find."""
        return found(self.now.departments, self.now.filters.q)

    @cached_property
    def joined(self) -> pd.DataFrame:
        """Posts that hold two or three links of a domain, of the departments and domains shown."""
        rows = self.now.run("power_separation").merge(self.now.departments[["department_id", "label"]])
        if self.selected is not None:
            rows = rows[rows["department_id"] == self.selected.department_id]
        return rows[rows["domain"] == self.domain] if self.domain else rows

    @cached_property
    def bare(self) -> pd.DataFrame:
        """The departments without any power in the catalogue."""
        rows = self.now.departments
        if self.selected is not None:
            rows = rows[rows["department_id"] == self.selected.department_id]
        return rows[~rows["department_id"].isin(self.every["department_id"])]

    def count(self, lack: str, grade: str | None = None) -> int:
        grades = Counter(self.counted.loc[self.counted[f"no_{lack}"], "risk_level"])
        return grades.total() if grade is None else grades[grade]

    # --- departments -------------------------------------------------------------------------------------------
    @cached_property
    def statuses(self) -> pd.DataFrame:
        """What the rules say, of the departments of the view."""
        return self.gaps.rows[self.gaps.rows["rule"].isin(self.rules)]

    @cached_property
    def flags(self) -> dict[str, list[dict[str, Any]]]:
        return flags_of(self.statuses, self.rules)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """A row a department of the view: counts of its powers, what they lack, its flags; the most flagged first."""
        rows, listed = self.counted, self.now.departments
        if self.lack or self.now.filters.q or self.domain or self.grade:
            listed = listed[listed["department_id"].isin(set(self.rows["department_id"]))]
        lacks, who = [f"no_{name}" for name in LACKS], rows["department_id"].tolist()
        found = Counter(who)
        sums: dict[str, Counter[Any]] = {"powers": found}
        for column, codes in (("domain", DOMAINS), ("risk_level", GRADES), ("managed_by_level", LEVELS)):
            pairs = Counter(zip(who, rows[column]))
            sums |= {code: Counter({one: pairs[one, code] for one in found}) for code in codes}
        sums |= {lack: Counter(one for one, lacks_it in zip(who, rows[lack]) if lacks_it) for lack in lacks}
        flags = Counter(zip(self.statuses["department_id"], self.statuses["status"]))
        sums |= {status: Counter({one: n for (one, of), n in flags.items() if of == status}) for status in FLAGS}
        sums["joined"], bare = Counter(self.joined["department_id"]), set(self.bare["department_id"])
        ids = listed["department_id"].tolist()
        table = listed.assign(
            **{name: [counts[one] for one in ids] for name, counts in sums.items()},
            is_bare=[one in bare for one in ids],
            lacking=[sum(sums[name][one] for name in (*lacks, "joined")) + (one in bare) for one in ids],
        )
        keys = ["alert", "watch", "lacking", "powers", "name_order"]
        return table.sort_values(keys, ascending=[False] * 4 + [True], ignore_index=True)

    # --- both indexes ------------------------------------------------------------------------------------------
    @cached_property
    def indexes(self) -> pd.DataFrame:
        """Both indexes of each department of the view with their parts, `label`, and what the rule says of them."""
        listed = self.now.departments[["department_id", "label", "full_name", "name_order"]]
        rows = listed.merge(self.now.run("power_indexes"), how="left", on="department_id")
        own = self.statuses[self.statuses["rule"] == QUADRANT_RULE].set_index("department_id")["status"]
        status = rows["department_id"].map(own).fillna("ok") if len(own) else "ok"
        return rows.assign(power=rows["power_index"], answer=rows["answerability_index"], status=status)

    @property
    def lines(self) -> dict[str, float]:
        """Level → by how much power must exceed answerability, as the rule was decided; {} without the rule."""
        found = self.gaps.thresholds.get(QUADRANT_RULE, {})
        return {level: found[level] for level in ("watch", "alert") if level in found}


def _reads_powers(rule: Query) -> bool:
    return any(table.split(".")[0] == "powers" for table in rule.header["tables"])


def _is_empty(texts: pd.Series) -> pd.Series:
    return texts.isna() | (texts.astype("str").str.strip() == "")


# --- sentences -------------------------------------------------------------------------------------------------
def headline(view: Powers) -> tuple[str, str]:
    """The finding with its numbers, and the other findings beneath it."""
    t, said = view.t, list(_said(view))
    if not len(view.counted):
        return t("powers.title.none", place=view.place), ""
    of = t("powers.title.of", n=number(len(view.counted), 0), place=view.place)
    if not said:
        return t("powers.title.whole", n=number(len(view.counted), 0)), of
    title, rest = t("powers.semicolon").join(said[:2]), said[2:]
    body = t("powers.title.also", rest=t("powers.semicolon").join(rest), of=of) if rest else of
    return capital(title), body


def _said(view: Powers) -> Iterator[str]:
    """What is lacking, the gravest first; what cannot be known is said in its place."""
    t = view.t
    if not view.is_known("measure"):
        yield t("powers.said.unknown")
    for key, lack, grade in (
        ("measure_a", "measure", "A"),
        ("top", "top", "A"),
        ("check_a", "check", "A"),
        ("measure_b", "measure", "B"),
        ("check_b", "check", "B"),
        ("basis", "basis", None),
        ("rotation", "rotation", None),
        ("published", "published", None),
    ):
        if n := view.count(lack, grade):
            yield t(f"powers.said.{key}", n=number(n, 0))
    if len(view.joined):
        yield t("powers.said.joined", n=number(len(view.joined), 0))
    if len(view.bare):
        yield t("powers.said.bare", n=number(len(view.bare), 0))


def named(view: Powers, labels: list[str]) -> str:
    """'甲局、乙局等 7 个部门', at most four names."""
    t = view.t
    words = t("list.separator").join(labels[:MOST_NAMED])
    return words if len(labels) <= MOST_NAMED else t("powers.named.more", names=words, n=len(labels))


def lacks_of(view: Powers, row: Any) -> list[str]:
    """What a power lacks, in words."""
    t, said = view.t, []
    for lack in LACKS:
        if not getattr(row, f"no_{lack}"):
            continue
        if lack == "check":
            parts = (("step", row.has_check_step), ("route", row.has_complaint_route))
            said += [t(f"powers.row.no_{name}") for name, has in parts if known(has) and not has]
        elif lack == "rotation":
            said.append(t("powers.row.overdue", days=number(row.days_overdue, 0)))
        else:
            said.append(t(f"powers.row.no_{lack}"))
    return said


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- the file --------------------------------------------------------------------------------------------------
def sheet_of(view: Powers) -> Sheet:
    """The powers that are listed, with all that the catalogue says of them and what is missing."""
    now, t = view.now, view.t
    kind = t("sheet.kind.demonstration" if now.snapshot.demonstration else "sheet.kind.office")
    names = ("power_id", "name", "domain", "subdomain", "link", "risk_level", "likelihood", "harm", "holder")
    names += ("managed_by", "managed_by_level", "measure", "basis", "has_check_step", "has_complaint_route")
    names += ("published", "annual_uses", "annual_amount_10k", "rotation_due", "days_overdue", "valid_from", "valid_to")
    columns = (
        *(t(f"sheet.{name}") for name in ("quarter", "id", "name", "category")),
        *(t(f"powers.column.{name}") for name in names),
        t("powers.column.lacks"),
        *(t(f"sheet.{name}") for name in ("snapshot", "kind")),
    )
    groups = dict(now.groups)
    full_names = now.departments.set_index("department_id")["full_name"]
    lines = tuple(
        (
            now.quarter,
            row.department_id,
            full_names[row.department_id],
            groups.get(row.category, ""),
            *(_cell(view, name, getattr(row, name)) for name in names),
            t("list.separator").join(lacks_of(view, row)),
            now.snapshot.id,
            kind,
        )
        for row in rows_of(view.rows)
    )
    name = "_".join(
        [t("app.name"), t("nav.powers"), quarter_name(t, now.quarter)]
        + ([t("app.demonstration")] if now.snapshot.demonstration else [])
    )
    return Sheet(name, columns, lines, _notes(view, len(lines), kind))


def _cell(view: Powers, name: str, value: Any) -> Any:
    if not known(value):
        return None
    if name in ("domain", "subdomain", "link", "managed_by_level"):
        return view.word(name, value)
    if name in ("has_check_step", "has_complaint_route", "published"):
        return view.t(f"powers.flag.{'yes' if value else 'no'}")
    if name in ("rotation_due", "valid_from", "valid_to"):
        return f"{value:%Y-%m-%d}"
    return value.item() if hasattr(value, "item") else value


def _notes(view: Powers, listed: int, kind: str) -> tuple[tuple[str, str], ...]:
    now, t = view.now, view.t
    return (
        (t("sheet.title"), f"{t('app.name')} · {t('nav.powers')} · {quarter_name(t, now.quarter)}"),
        (t("sheet.kind"), kind),
        (t("sheet.quarter"), quarter_name(t, now.quarter)),
        (t("sheet.region"), dict(now.regions)[now.region]),
        (t("sheet.category"), dict(now.groups)[now.category] if now.category else t("sheet.all")),
        (t("sheet.name"), view.selected.full_name if view.selected is not None else t("sheet.all")),
        (t("powers.filter.domain"), view.word("domain", view.domain) if view.domain else t("sheet.all")),
        (t("powers.filter.grade"), view.grade or t("sheet.all")),
        *([(t("powers.column.lacks"), t(f"powers.lack.{view.lack}"))] if view.lack else []),
        *([(t("sheet.search"), now.filters.q)] if now.filters.q else []),
        (t("sheet.content"), t("powers.sheet.listed", n=listed)),
        (t("sheet.method"), t("powers.sheet.method")),
        *((t("sheet.note"), notice) for notice in view.notices),
        (t("sheet.source"), "powers · D5 §3, §4.1.2, §4.1.3, §4.2, §4.3.2"),
        (t("sheet.snapshot"), f"{now.snapshot.number} · {now.snapshot.id}"),
        *([(t("sheet.known"), f"{now.filters.known}")] if now.filters.known else []),
        (t("sheet.time"), f"{datetime.datetime.now().astimezone():%Y-%m-%d %H:%M %z}"),
        (t("sheet.page"), f"{PATH}{now.filters.to_search()}"),
        (t("sheet.principle"), t("foot.principle")),
    )
