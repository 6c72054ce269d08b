"""The data page's view: what is loaded, who reported, what adds up, what was restated, each asked for once."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import flask
import pandas as pd

from dashboard import audit
from dashboard.catalog import Query, audits
from dashboard.components.sheet import Sheet
from dashboard.i18n.text import Text, known, quarter_name
from dashboard.importing.templates import needed
from dashboard.pages._evidence import NEVER_LISTED
from dashboard.pages._scene import Scene, before
from dashboard.pages._upload import PROBLEM_COLUMNS, current_upload, problem_line, problems, restated_lines
from dashboard.rows import rows_of
from dashboard.schema import TABLES
from dashboard.snapshots import Manifest

PATH = "/data"
ALL_QUARTERS = "all"  # the window that the address does not name
WHOLE_REGION = "*"
RESTATED, MISSING_REPORTS = "restated", "missing"  # values of `view` that choose another file than the audit's
LOADED, QUALITY, REPORTED, CHANGES, COLUMNS, TEMPLATES, UPLOAD = SECTIONS = (
    *("loaded", "quality", "reported", "changes", "columns", "templates", "upload"),
)
# item of the quality card → the query of the rows behind it
BEHIND = {
    "ballots": "quality_ballots",
    "raters": "quality_raters",
    "no_staff": "quality_staff",
    "staff_carried": "quality_staff",
    "no_category": "quality_no_category",
    "to_come": "quality_to_come",
    "cumulative": "quality_cumulative",
    "late": "quality_late",
}
QUARTERS_SHOWN = 8


@dataclass(frozen=True)
class Data:
    """The scene with what this page needs of it."""

    now: Scene

    @property
    def t(self) -> Text:
        return self.now.t

    # --- what was asked for ------------------------------------------------------------------------------------
    @property
    def window(self) -> str:
        return self.now.filters.window or ALL_QUARTERS

    @property
    def quarters(self) -> list[str] | None:
        """The quarters whose figures are audited; None for all, and for figures of no quarter."""
        if self.window == ALL_QUARTERS or self.now.quarter is None:
            return None
        found = [self.now.quarter]
        while len(found) < int(self.window):
            found.append(before(found[-1]))
        return found

    @cached_property
    def selected(self) -> Any:
        """The row of the department that the page is narrowed to; None for all."""
        rows = self.now.departments if self.now.quarter else pd.DataFrame(columns=["department_id"])
        return next(rows_of(rows[rows["department_id"] == self.now.filters.department]), None)

    @property
    def department(self) -> str | None:
        return self.selected.department_id if self.selected is not None else None

    @property
    def section(self) -> str | None:
        """The part of the page that the address names; None for the overview."""
        return self.now.filters.view if self.now.filters.view in SECTIONS else None

    @property
    def item(self) -> str:
        """The check of quality whose rows are shown."""
        return self.now.filters.kind if self.now.filters.kind in BEHIND else next(iter(BEHIND))

    @property
    def check(self) -> str | None:
        """The check that the list is narrowed to; None for all."""
        return self.now.filters.view if self.now.filters.view in self.checks else None

    def _asked(self, query: str, **more: Any) -> pd.DataFrame:
        return self.now.run(query, department=self.department, quarters=self.quarters, **more)

    # --- the audit ---------------------------------------------------------------------------------------------
    @cached_property
    def checks(self) -> dict[str, Query]:
        return audits(self.now.snapshot.queries)

    @cached_property
    def counts(self) -> pd.DataFrame:
        """check → compared, disagrees, look, unread; 0 compared where there was nothing to compare."""
        found = self._asked("audit_checks").set_index("check").reindex(list(self.checks))
        return found.fillna(0).astype(int)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The comparisons that do not agree, are worth a look or could not be made."""
        return self._asked("audit_rows", check=self.check, verdicts=None)

    @cached_property
    def words(self) -> dict[tuple[str, str], str]:
        found = self.now.run("words")
        return dict(zip(zip(found["vocabulary"], found["code"]), found[self.now.lang]))

    def item_words(self, row: Any) -> str:
        return audit.item_words(self.checks[row.check], row.table, row.item, self.now.lang)

    def detail(self, row: Any) -> str:
        return audit.detail_words(row.detail, self.words)

    def whose(self, row: Any) -> str:
        """A department by its name, a region as a whole by its own."""
        if known(row.department_id) and row.department_id != WHOLE_REGION:
            return self.name(row)
        place = getattr(row, f"region_{self.now.lang}", None)
        if place in (None, row.region_id) and row.region_id not in dict(self.now.regions):
            return self.t("data.audit.nowhere") if row.table == "stated_figures" else str(row.region_id)
        return str(place)

    def name(self, row: Any) -> str:
        names = (row.name_en, row.short_name, row.name) if self.now.lang == "en" else (row.short_name, row.name)
        return next((str(name) for name in names if known(name) and name), str(row.department_id))

    # --- who reported ------------------------------------------------------------------------------------------
    @cached_property
    def completeness(self) -> pd.DataFrame:
        """table, quarter, standing, reported, of the last quarters up to the one shown."""
        if self.now.quarter is None:
            return pd.DataFrame(columns=["table", "quarter", "standing", "reported"])
        found = self._asked("completeness")
        return found[found["quarter"].isin(self.columns)]

    @cached_property
    def columns(self) -> list[str]:
        """The quarters of the grid, oldest first."""
        return [quarter for quarter in self.now.quarters if quarter <= self.now.quarter][-QUARTERS_SHOWN:]

    @cached_property
    def missing(self) -> pd.DataFrame:
        """table, department and the last quarter that it reported, of the quarter shown."""
        if self.now.quarter is None:
            return pd.DataFrame(columns=["table", "department_id", "last_quarter"])
        return self._asked("missing_reports")

    # --- what was restated, what is loaded ---------------------------------------------------------------------
    @cached_property
    def restated(self) -> pd.DataFrame:
        found = self._asked("restated")
        is_ballot = found["table"] == NEVER_LISTED
        found = found.assign(**{name: found[name].mask(is_ballot, self.t("data.withheld")) for name in ("old", "new")})
        imports = {one["id"]: one for one in self.now.snapshot.manifest.imports}
        return found.assign(
            at=[moment(imports.get(one, {}).get("at")) for one in found["import_id"]],
            who=[imports.get(one, {}).get("who", "") for one in found["import_id"]],
            note=[imports.get(one, {}).get("note", "") for one in found["import_id"]],
        )

    def restated_row(self, row: Any) -> str:
        """Which row of the table it was, without its department and its period."""
        key = {name: value for name, value in json.loads(row.key).items() if name not in ("department_id", "quarter")}
        by_code = {code: word for (_, code), word in self.words.items()}
        return " · ".join(by_code.get(value, value) for value in key.values() if value and value != "all")

    @cached_property
    def quality(self) -> pd.DataFrame:
        """item, n, total and the departments or rows that it is about."""
        if self.now.quarter is None:
            return pd.DataFrame(columns=["item", "n", "total", "examples"])
        return self._asked("quality")

    @cached_property
    def behind(self) -> pd.DataFrame:
        """table, department_id, detail, n, total: the rows behind the check of quality that is shown."""
        if self.now.quarter is None:
            return pd.DataFrame(columns=["table", "department_id", "detail", "n", "total"])
        return self._asked(BEHIND[self.item], item=self.item)

    @cached_property
    def labels(self) -> dict[str, str]:
        """Every department that was ever named, in the viewer's language."""
        rows = self.now.run("known_departments")
        rows = rows[rows["region_id"] == self.now.region] if self.now.region else rows
        return {row.department_id: self.name(row) for row in rows_of(rows)}

    @cached_property
    def grid(self) -> pd.DataFrame:
        """table, department_id, quarter, is_reported, of the last quarters up to the one shown."""
        if self.now.quarter is None:
            return pd.DataFrame(columns=["table", "department_id", "quarter", "is_reported"])
        found = self._asked("report_grid")
        return found[found["quarter"].isin(self.columns)]

    @cached_property
    def reminders(self) -> list[tuple[str, str, list[tuple[str, str | None]]]]:
        """(department_id, name, [(table, quarter of the last report)]) of each department that owes a report."""
        found: dict[str, tuple[str, list[tuple[str, str | None]]]] = {}
        for row in rows_of(self.missing):
            last = row.last_quarter if known(row.last_quarter) else None
            formal = row.name_en if self.now.lang == "en" and known(row.name_en) and row.name_en else row.name
            found.setdefault(row.department_id, (str(formal), []))[1].append((row.table, last))
        return [(code, name, tables) for code, (name, tables) in found.items()]

    def reminder(self, name: str, tables: list[tuple[str, str | None]]) -> str:
        """A text to send to a department; what a person decides, such as the day, is left blank."""
        t, quarter = self.t, quarter_name(self.t, self.now.quarter)
        lines = [
            t(
                "data.remind.line" if last else "data.remind.line.never",
                number=number,
                table=t(f"table.{table}"),
                last=quarter_name(t, last) if last else "",
            )
            for number, (table, last) in enumerate(tables, start=1)
        ]
        office = flask.current_app.config["SETTINGS"].name[self.now.lang]
        created = self.now.snapshot.created.astimezone()
        day = t("data.remind.day", year=created.year, month=created.month, day=created.day)
        return t("data.remind.text", name=name, quarter=quarter, tables="\n".join(lines), office=office, day=day)

    # --- between two snapshots ---------------------------------------------------------------------------------
    @cached_property
    def manifests(self) -> dict[int, Manifest]:
        """Every snapshot by its number, newest first."""
        return {m.number: m for m in reversed(flask.current_app.config["WAREHOUSE"].manifests())}

    @property
    def newer(self) -> int:
        asked = self.now.filters.kind or ""
        return int(asked) if asked.isdecimal() and int(asked) in self.manifests else self.now.snapshot.number

    @property
    def older(self) -> int | None:
        """The snapshot that the newer one is compared with; None where there is no other."""
        asked = int(self.now.filters.against) if self.now.filters.against else None
        return asked if asked in self.manifests and asked != self.newer else self.before_newer

    @property
    def before_newer(self) -> int | None:
        return next((number for number in self.manifests if number < self.newer), None)

    @cached_property
    def counts_differ(self) -> list[tuple[str, str, int, int]]:
        """(table, period, rows in the older, rows in the newer) wherever a part of a table differs."""
        old, new = (self.manifests[number].partitions for number in (self.older, self.newer))
        found: dict[tuple[str, str], list[int]] = {}
        for table in TABLES:
            both = old.get(table, {}), new.get(table, {})
            for key in sorted({*both[0], *both[1]}):
                first, second = (part.get(key, {}) for part in both)
                if first.get("file") == second.get("file"):
                    continue
                sums = found.setdefault((table, key.partition("|")[2]), [0, 0])
                sums[0] += first.get("rows", 0)
                sums[1] += second.get("rows", 0)
        return [(table, period, *sums) for (table, period), sums in found.items()]

    @cached_property
    def values_differ(self) -> pd.DataFrame:
        """The cells that imports between the two snapshots restated, as `restated`."""
        before = {one["id"] for one in self.manifests[self.older].imports}
        imports = [one["id"] for one in self.manifests[self.newer].imports if one["id"] not in before]
        return self.restated[self.restated["import_id"].isin(imports)]

    @cached_property
    def loaded(self) -> pd.DataFrame:
        """table, rows, first_quarter, last_quarter, and file, hash, at, who of the last import that changed it."""
        last: dict[str, Mapping[str, Any]] = {}
        for one in self.now.snapshot.manifest.imports:
            for table, done in one["tables"].items():
                if any(done.get(name) for name in ("added", "changed", "removed")):
                    hashes = dict.fromkeys(hash_of(one["sources"], file) for file in done["files"])
                    last[table] = {
                        "file": ", ".join(dict.fromkeys(done["files"])),
                        "hash": ", ".join(hashes),
                        "at": moment(one["at"]),
                        "who": one["who"],
                    }
        found = self.now.run("loaded")
        more = [last.get(table, {}) for table in found["table"]]
        return found.assign(**{name: [one.get(name, "") for one in more] for name in ("file", "hash", "at", "who")})


def hash_of(sources: list[dict[str, Any]], file: str) -> str:
    """The content hash of the file that a table came from: its own, or that of the archive or folder it was in."""
    for source in sources:
        if source["name"] == file or file.startswith(f"{source['name']}/"):
            return str(source["sha256"])
        if file in source.get("contents", {}):
            return str(source["contents"][file])
    return str(sources[0]["sha256"]) if len(sources) == 1 else ""


def moment(at: str | None) -> str:
    return f"{datetime.datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M}" if at else ""


# --- the file --------------------------------------------------------------------------------------------------
def sheet_of(view: Data) -> Sheet:
    """What `view` in the address names: the audit's rows (of one check), the restated cells, or the missing reports."""
    now, t = view.now, view.t
    asked = now.filters.view
    own = {RESTATED: _restated, MISSING_REPORTS: _missing, REPORTED: _reminders, LOADED: _loaded, QUALITY: _quality}
    own |= {CHANGES: _changes, COLUMNS: _columns, UPLOAD: _upload}
    columns, lines = own.get(asked, _audited)(view)
    kind = t("sheet.kind.demonstration" if now.snapshot.demonstration else "sheet.kind.office")
    about = t(f"data.sheet.{asked if asked in own else 'audit'}")
    name = "_".join([t("app.name"), about, *([t("app.demonstration")] if now.snapshot.demonstration else [])])
    compared = view.counts.sum()
    notes = (
        (t("sheet.title"), f"{t('app.name')} · {about}"),
        (t("sheet.kind"), kind),
        *([(t("sheet.quarter"), quarter_name(t, now.quarter))] if now.quarter else []),
        (t("filter.window"), t(f"data.window.{view.window}")),
        *([(t("sheet.region"), dict(now.regions)[now.region])] if now.region else []),
        (t("sheet.name"), view.selected.full_name if view.selected is not None else t("sheet.all")),
        (t("sheet.content"), t("data.sheet.listed", n=len(lines))),
        (t("data.sheet.compared"), t("data.sheet.compared.body", **compared.astype(int))),
        (t("sheet.snapshot"), f"{now.snapshot.number} · {now.snapshot.id}"),
        *([(t("sheet.known"), f"{now.filters.known}")] if now.filters.known else []),
        (t("sheet.time"), f"{datetime.datetime.now().astimezone():%Y-%m-%d %H:%M %z}"),
        (t("sheet.page"), f"{PATH}{now.filters.to_search()}"),
        (t("sheet.principle"), t("foot.principle")),
    )
    ends = (now.snapshot.id, kind)
    heads = (*columns, t("sheet.snapshot"), t("sheet.kind"))
    return Sheet(name, heads, tuple((*line, *ends) for line in lines), notes)


Lines = list[tuple[Any, ...]]


def _audited(view: Data) -> tuple[tuple[str, ...], Lines]:
    t = view.t
    names = ("check", "verdict", "whose", "quarter", "table", "item", "detail", "stated", "relation", "computed")
    heads = tuple(t(f"data.table.{name}") for name in (*names, "difference", "tolerance", "source"))
    lines = [
        (
            view.checks[row.check].header["title"][view.now.lang],
            t(f"data.verdict.{row.verdict}"),
            view.whose(row),
            row.quarter if known(row.quarter) else "",
            t(f"table.{row.table}"),
            view.item_words(row),
            view.detail(row),
            row.stated,
            row.relation,
            *(value if known(value) else None for value in (row.computed, row.difference)),
            row.tolerance,
            row.source if known(row.source) else "",
        )
        for row in rows_of(view.rows)
    ]
    return heads, lines


def _restated(view: Data) -> tuple[tuple[str, ...], Lines]:
    t = view.t
    names = ("at", "who", "note", "table", "quarter", "whose", "detail", "column", "old", "new")
    lines = [
        (
            row.at,
            row.who,
            row.note,
            t(f"table.{row.table}"),
            row.period,
            view.name(row) if known(row.department_id) else "",
            view.restated_row(row),
            audit.column_words(row.table, row.column, view.now.lang),
            row.old,
            row.new,
        )
        for row in rows_of(view.restated)
    ]
    return tuple(t(f"data.table.{name}") for name in names), lines


def _missing(view: Data) -> tuple[tuple[str, ...], Lines]:
    t = view.t
    lines = [
        (
            view.now.quarter,
            t(f"table.{row.table}"),
            row.department_id,
            view.name(row),
            row.last_quarter if known(row.last_quarter) else t("data.never"),
        )
        for row in rows_of(view.missing)
    ]
    return tuple(t(f"data.table.{name}") for name in ("quarter", "table", "id", "whose", "last_quarter")), lines


def _reminders(view: Data) -> tuple[tuple[str, ...], Lines]:
    t = view.t
    lines = [
        (
            view.now.quarter,
            code,
            name,
            len(tables),
            t("list.separator").join(t(f"table.{table}") for table, _ in tables),
            view.reminder(name, tables),
        )
        for code, name, tables in view.reminders
    ]
    return tuple(t(f"data.table.{name}") for name in ("quarter", "id", "whose", "owed", "table", "reminder")), lines


def _loaded(view: Data) -> tuple[tuple[str, ...], Lines]:
    t = view.t
    lines = [
        (
            t(f"table.{row.table}"),
            row.rows,
            *(value if known(value) else "" for value in (row.first_quarter, row.last_quarter)),
            row.file,
            row.hash,
            row.at,
            row.who,
        )
        for row in rows_of(view.loaded)
    ]
    names = ("table", "rows", "first_quarter", "last_quarter", "file", "hash", "at", "who")
    return tuple(t(f"data.table.{name}") for name in names), lines


def _quality(view: Data) -> tuple[tuple[str, ...], Lines]:
    t = view.t
    lines = [
        (
            t(f"data.quality.{view.item}"),
            view.now.quarter,
            t(f"table.{row.table}"),
            row.department_id if known(row.department_id) else "",
            view.labels.get(row.department_id, "") if known(row.department_id) else "",
            view.detail(row) if known(row.detail) else "",
            row.n,
            row.total if known(row.total) else None,
        )
        for row in rows_of(view.behind)
    ]
    names = ("check", "quarter", "table", "id", "whose", "detail", "n", "total")
    return tuple(t(f"data.table.{name}") for name in names), lines


def _changes(view: Data) -> tuple[tuple[str, ...], Lines]:
    """Between the two snapshots, what differs in number and in value; where there is one alone, what was restated."""
    if view.older is None:
        return _restated(view)
    t = view.t
    lines = [
        (t("data.changes.counts"), t(f"table.{table}"), period, "", "", "", old, new, "", "")
        for table, period, old, new in view.counts_differ
    ]
    lines += [
        (
            t("data.changes.values"),
            t(f"table.{row.table}"),
            row.period,
            view.name(row) if known(row.department_id) else "",
            view.restated_row(row),
            audit.column_words(row.table, row.column, view.now.lang),
            row.old,
            row.new,
            row.at,
            row.who,
        )
        for row in rows_of(view.values_differ)
    ]
    names = ("what", "table", "quarter", "whose", "detail", "column", "old", "new", "at", "who")
    return tuple(t(f"data.table.{name}") for name in names), lines


def columns_lines(view: Data) -> Lines:
    """table, column, headers, kind, unit, need, words, of every column that a file may have."""
    t = view.t
    words: dict[str, list[str]] = {}
    for (vocabulary, _), word in view.words.items():
        words.setdefault(vocabulary, []).append(str(word))
    return [
        (
            table.name,
            column.name,
            t("list.separator").join(column.headers),
            t(f"data.template.kind.{column.kind}"),
            t(f"data.unit.{column.unit}") if column.unit else "",
            t(f"data.need.{needed(table, column)}") + (t("data.need.key") if column.name in table.whole_key else ""),
            t("list.separator").join(words.get(column.vocabulary, [])),
        )
        for table in TABLES.values()
        for column in table.columns
        if column.headers
    ]


def _columns(view: Data) -> tuple[tuple[str, ...], Lines]:
    t = view.t
    names = ("table", "name", "headers", "kind", "unit", "need", "words")
    lines = [(t(f"table.{table}"), *rest) for table, *rest in columns_lines(view)]
    return tuple(t(f"data.table.{name}") for name in names), lines


def _upload(view: Data) -> tuple[tuple[str, ...], Lines]:
    """The problems of the upload, or what a confirmation would replace."""
    t, found = view.t, current_upload(view.now)
    cells = restated_lines(found) if found else ()
    if cells:
        lines = [
            (t(f"table.{table}"), region, period, key, column, old, new)
            for table, region, period, key, column, old, new in cells
        ]
        names = ("table", "region", "quarter", "detail", "column", "old", "new")
        return tuple(t(f"data.table.{name}") for name in names), lines
    return (
        tuple(t(f"data.table.{name}") for name in PROBLEM_COLUMNS),
        [problem_line(t, problem) for problem in (problems(found) if found else [])],
    )
