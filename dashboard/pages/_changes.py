"""What became of the flags between two snapshots, and by what: rows, words and the file."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import flask
import pandas as pd

from dashboard.components.sheet import Sheet
from dashboard.gaps.changes import CAUSES, DATA, THRESHOLD, UNKNOWN, Comparison, needs
from dashboard.i18n.text import MISSING, known, number, quarter_name
from dashboard.pages._gaps import Gaps
from dashboard.pages._rule import closing, plain_number
from dashboard.pages._scene import Scene, before
from dashboard.rows import rows_of
from dashboard.schema import TABLES
from dashboard.snapshots import Manifest

PATH = "/changes"
EVERY = "*"
MOST_CELLS = 4  # restated cells that are shown of one flag


@dataclass(frozen=True)
class View:
    """The scene's snapshot and another of the same folder, and what differs."""

    now: Scene

    @cached_property
    def gaps(self) -> Gaps:
        return Gaps(self.now)

    @cached_property
    def manifests(self) -> dict[int, Manifest]:
        """Every other snapshot by its number, newest first."""
        found = flask.current_app.config["WAREHOUSE"].manifests()
        return {m.number: m for m in reversed(found) if m.number != self.now.snapshot.number}

    @cached_property
    def previous(self) -> int | None:
        """The snapshot before the one shown; where there is none, whatever other there is."""
        earlier = [number for number in self.manifests if number < self.now.snapshot.number]
        return next(iter([*earlier, *self.manifests]), None)

    @property
    def asked(self) -> int | None:
        return int(self.now.filters.against) if self.now.filters.against else None

    @cached_property
    def other(self) -> Any:
        """The snapshot that this one is compared with; None where there is none or it is damaged."""
        number = self.asked if self.asked in self.manifests else self.previous
        return flask.current_app.config["WAREHOUSE"].numbered(number) if number is not None else None

    @cached_property
    def compared(self) -> Comparison:
        """What differs between the two; only where there is another snapshot."""
        return Comparison(self.other, self.now.snapshot, self.now.region, self.now.quarter, self.gaps.rules)

    @cached_property
    def flags(self) -> pd.DataFrame:
        """Each flag that differs, of the peer group where the view is narrowed to one."""
        found = self.compared.flags
        return found[found["department_id"].isin(self.now.departments["department_id"])] if self.now.category else found

    @cached_property
    def listed(self) -> pd.DataFrame:
        """The flags of the rule that the page is narrowed to, or all."""
        rule = self.now.filters.rule
        return self.flags[self.flags["rule"] == rule] if rule in self.gaps.rules else self.flags

    @cached_property
    def names(self) -> dict[str, str]:
        """department → how it is called; also those that stand in one of the snapshots only."""
        found = {}
        for row in (row for rows in self._rows for row in rows.values()):
            own = row["name_en"] if self.now.lang == "en" else row["short_name"]
            found[row["department_id"]] = own if known(own) and own else row["name"]
        return found | dict(zip(self.now.departments["department_id"], self.now.departments["label"]))

    def sentences(self, flag: Any) -> tuple[str, str]:
        """What the other snapshot said and what this one says."""
        found = [self._sentence(self._rows[side].get((flag.rule, flag.department_id, flag.quarter))) for side in (0, 1)]
        return found[0], found[1]

    @cached_property
    def _rows(self) -> tuple[dict[tuple[str, str, str], dict[str, Any]], ...]:
        """The whole rows of the rules whose flags are listed, of both snapshots, by rule, department and quarter."""
        asked = {"region": self.now.region, "quarter": None, "department": None, "statuses": None}
        found: list[dict[tuple[str, str, str], dict[str, Any]]] = []
        for snapshot in (self.other, self.now.snapshot):
            found.append({})
            for rule, flags in self.listed.groupby("rule"):
                wanted = set(zip(flags["department_id"], flags["quarter"]))
                for row in snapshot.run("pages/gaps", rule=rule, **asked).to_dict("records"):
                    if (row["department_id"], row["quarter"]) in wanted:
                        found[-1][(rule, row["department_id"], row["quarter"])] = row
        return tuple(found)

    def _sentence(self, row: dict[str, Any] | None) -> str:
        if row is None:
            return self.now.t("changes.absent")
        try:
            return self.gaps.sentence(row, self.names[row["department_id"]])
        except (KeyError, IndexError):  # a rule of another method kept other evidence
            header = self.gaps.rules[row["rule"]].header
            value, line = (number(row[name], header["decimals"]) for name in ("value", "threshold"))
            return self.now.t("changes.figures", value=value, line=line, unit=header["unit"][self.now.lang])

    def baseline_words(self) -> list[str]:
        """Where series begin anew in one of the two snapshots and not in the other."""
        found, t = [], self.now.t
        for one in (one for side in self.compared.baselines for one in side):
            query = self.now.snapshot.indicators.get(one["indicator"])
            indicator = (
                query.header["title"][self.now.lang] if query else one["indicator"] or t("notes.every_indicator")
            )
            whom = self.names.get(one["department"], one["department"]) or t("methods.settings.baseline.all")
            found.append(t("changes.baseline", indicator=indicator, department=whom, start=one["start"]))
        return found

    # --- data ---
    @cached_property
    def restated(self) -> pd.DataFrame:
        """Restated cells of the imports that one snapshot has and the other has not."""
        old, new = self.other.manifest, self.now.snapshot.manifest
        newer, older = (new, old) if new.number > old.number else (old, new)
        known_imports = {record["id"] for record in older.imports}
        imports = [record["id"] for record in newer.imports if record["id"] not in known_imports]
        snapshot = self.now.snapshot if newer is new else self.other
        return snapshot.run("pages/restated_by_imports", imports=imports, region=self.now.region)

    def cells(self, flag: Any) -> list[str]:
        """The restated cells of the flag's department in the tables and quarters that the rule looks at."""
        header = self.gaps.rules[flag.rule].header
        tables = needs(header["tables"])
        periods = {"", flag.quarter, flag.quarter[:4]}
        quarter = flag.quarter
        for _ in range(header["window"] - 1):
            quarter = before(quarter)
            periods.add(quarter)
        rows = self.restated
        rows = rows[
            (rows["department_id"] == flag.department_id) & rows["table"].isin(tables) & rows["period"].isin(periods)
        ]
        said = [self._cell(row) for row in rows_of(rows.head(MOST_CELLS))]
        if len(rows) > len(said):
            said.append(self.now.t("changes.cells.more", n=len(rows) - len(said)))
        return said

    def _cell(self, row: Any) -> str:
        t = self.now.t
        key = {name: code for name, code in json.loads(row.key).items() if name != "department_id" and code}
        place = [self._word(row.table, name, code) for name, code in key.items() if name not in ("quarter", "year")]
        column = TABLES[row.table].column(row.column)
        name = column.headers[0] if self.now.lang == "zh" and column.headers else row.column.replace("_", " ")
        where = [t(f"table.{row.table}"), period_name(t, row.period), t("list.separator").join(place)]
        return t(
            "changes.cell",
            where=" ".join(part for part in where if part),
            column=name,
            old=self._word(row.table, row.column, row.old) or MISSING,
            new=self._word(row.table, row.column, row.new) or MISSING,
        )

    def _word(self, table: str, column: str, code: str) -> str:
        vocabulary = TABLES[table].column(column).vocabulary
        return self.gaps.words.get((vocabulary, code), code) if vocabulary else code

    def tables_of(self, rule: str) -> str:
        """The changed tables that the rule stands on, with their periods."""
        tables = needs(self.gaps.rules[rule].header["tables"])
        named = [partition_words(self.now.t, name, p) for name, p in self.compared.partitions.items() if name in tables]
        return self.now.t("changes.separator").join(named)

    def threshold_words(self, rule: str) -> str:
        t, lang = self.now.t, self.now.lang
        header = self.gaps.rules[rule].header.get("thresholds", {})
        return t("changes.separator").join(
            t(
                "changes.threshold",
                what=header[row.name][lang] if row.name in header else row.name,
                old=plain_number(row.old) if known(row.old) else MISSING,
                new=plain_number(row.new) if known(row.new) else MISSING,
            )
            for row in rows_of(self.compared.thresholds[self.compared.thresholds["rule"] == rule])
        )

    def tells_data(self, flag: Any) -> bool:
        """Whether restated figures stand beside the flag: as its cause, or as what may be."""
        return DATA in flag.causes or UNKNOWN in flag.causes

    def because(self, flag: Any) -> str:
        """The causes of one flag in a sentence, with what proves them."""
        t = self.now.t
        words = {
            "thresholds": self.threshold_words(flag.rule) if THRESHOLD in flag.causes else "",
            "tables": self.tables_of(flag.rule) if self.tells_data(flag) else "",
        }
        if UNKNOWN in flag.causes:
            parts = [t(f"changes.because.unknown.{name}", **words) for name in ("thresholds", "tables") if words[name]]
            return t("sentence.space").join([t("changes.because.unknown"), *parts])
        if len(flag.causes) == 1:
            untried = ".untried" if THRESHOLD in flag.causes and not flag.is_tried else ""
            return t(f"changes.because.{flag.causes[0]}{untried}", **words)
        names = t("changes.and").join(t(f"changes.cause.{cause}") for cause in flag.causes)
        parts = [part for part in words.values() if part]
        return t("changes.because.several", names=names, parts=t("changes.separator").join(parts))


def cause_name(t: Any, found: tuple[str, ...]) -> str:
    return t("changes.and").join(t(f"changes.cause.{cause}") for cause in found)


def cause_counts(flags: pd.DataFrame) -> list[tuple[tuple[str, ...], int]]:
    """How many flags each cause, or several together, changed; single causes first, in their order."""
    counts = flags["causes"].value_counts()
    return sorted(counts.items(), key=lambda item: (len(item[0]), [CAUSES.index(cause) for cause in item[0]]))


def period_name(t: Any, period: str) -> str:
    if "Q" in period:
        return quarter_name(t, period)
    return t("indicator.year", year=period) if period else ""


def partition_words(t: Any, table: str, periods: list[str]) -> str:
    """'投诉举报（2026年第一季度、2026年第二季度）'; of many periods the first and the last."""
    named = [period_name(t, period) for period in periods if period]
    if not named:
        return t(f"table.{table}")
    words = (
        t("list.separator").join(named)
        if len(named) <= 3
        else t("changes.periods", first=named[0], last=named[-1], n=len(named))
    )
    return t("changes.partition", table=t(f"table.{table}"), periods=words)


def sheet_of(view: View) -> Sheet:
    """Each flag that differs with both sentences and the causes."""
    now, t = view.now, view.now.t
    keys = ("rule", "was", "becomes", "causes", "because", "cells", "before", "after")
    columns = (t("sheet.quarter"), t("sheet.id"), t("sheet.name"), *(t(f"changes.column.{name}") for name in keys))
    lines = []
    for flag in rows_of(view.listed):
        old, new = view.sentences(flag)
        states = [t(f"gaps.status.{state}") if state else t("changes.absent") for state in (flag.was, flag.becomes)]
        lines.append(
            (
                flag.quarter,
                flag.department_id,
                view.names.get(flag.department_id, flag.department_id),
                view.gaps.rules[flag.rule].header["title"][now.lang],
                *states,
                cause_name(t, flag.causes),
                view.because(flag),
                t("changes.separator").join(view.cells(flag)) if view.tells_data(flag) else "",
                old,
                new,
            )
        )
    name = "_".join([t("app.name"), t("nav.changes"), f"{view.other.number}-{now.snapshot.number}"])
    title = t("changes.title", against=view.other.number, n=len(view.listed))
    return Sheet(name, columns, tuple(lines), ((t("sheet.title"), title), *closing(now, PATH)))
