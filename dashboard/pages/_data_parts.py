"""The parts of the data page that `view` in the address names: each answers one question, and has its own file."""

import io
from dataclasses import replace
from typing import Any

import flask
from dash import Dash

from dashboard import audit
from dashboard.access.gate import needs
from dashboard.components import html
from dashboard.components.controls import select
from dashboard.components.light import Light
from dashboard.components.links import address, department_address, department_link, view_link
from dashboard.components.sheet import TYPES
from dashboard.filters import Filters
from dashboard.i18n.text import LANGUAGES, MISSING, known, number, preferred, quarter_name, signed
from dashboard.importing import templates
from dashboard.pages._data import (
    BEHIND,
    CHANGES,
    PATH,
    QUALITY,
    QUARTERS_SHOWN,
    REPORTED,
    Data,
    columns_lines,
    moment,
)
from dashboard.rows import rows_of
from dashboard.schema import TABLES

MOST_IMPORTS, MOST_BEHIND, MOST_CELLS, MOST_REMINDERS = 30, 60, 40, 80


# --- what is loaded ---------------------------------------------------------------------------------------------
def imports_card(view: Data) -> html.Section:
    """Every import with its files and their hashes, who did it and why, newest first."""
    t, imports = view.t, list(reversed(view.now.snapshot.manifest.imports))
    lines = []
    for one in imports[:MOST_IMPORTS]:
        files = [
            html.Div(
                [
                    html.Span(str(source["name"]), title=source["name"]),
                    " ",
                    html.Code(source["sha256"][:12], title=source["sha256"]),
                ]
            )
            for source in one["sources"]
        ]
        nothing = "shared" if one.get("is_shared") else "rebuilt"
        done = {
            name: sum(table.get(name, 0) for table in one["tables"].values())
            for name in ("added", "changed", "removed")
        }
        said = t("import.separator").join(t(f"import.count.{name}", n=number(n, 0)) for name, n in done.items() if n)
        lines.append(
            html.Tr(
                [
                    html.Td(moment(one["at"])),
                    html.Td(one["who"], className="words"),
                    html.Td(one["note"] or MISSING, className="words"),
                    html.Td(files or t(f"data.imports.{nothing}"), className="words"),
                    html.Td(said or MISSING, className="words"),
                ]
            )
        )
    names = ("at", "who", "note", "file", "change_rows")
    head = html.Thead(html.Tr([html.Th(t(f"data.table.{name}"), scope="col", className="words") for name in names]))
    table = html.Table([head, html.Tbody(lines)], className="data-table")
    more = len(imports) - MOST_IMPORTS
    return card(
        t("data.imports.title", n=len(imports)),
        t("data.imports.what"),
        scrolled(table, t("data.imports.what")),
        html.P(t("data.more.lines", n=more), className="quiet") if more > 0 else None,
    )


def grid_card(view: Data) -> html.Section:
    """Department × table with a strip of quarters: what is blank was not reported."""
    t, grid = view.t, view.grid
    if grid.empty:
        return card(t("data.reported.none"), t("data.reported.remedy"))
    tables = list(dict.fromkeys(grid["table"]))
    cells: dict[tuple[str, str], dict[str, bool]] = {}
    for row in rows_of(grid):
        cells.setdefault((row.department_id, row.table), {})[row.quarter] = bool(row.is_reported)
    order = [code for code in view.now.departments["department_id"] if any((code, table) in cells for table in tables)]
    order += [code for code in dict.fromkeys(grid["department_id"]) if code not in set(order)]
    head = [["th", {"scope": "col"}, [t("data.table.whose")]]]
    head += [["th", {"scope": "col"}, [t(f"table.{table}")]] for table in tables]
    body = []
    for code in order:
        way = {"href": department_address(view.now.filters, code), "data-page": ""}
        row = [["th", {"scope": "row"}, [["a", way, [view.labels.get(code, code)]]]]]
        row += [_strip(view, cells.get((code, table))) for table in tables]
        body.append(["tr", {}, row])
    about = t(
        "data.grid.what",
        first=quarter_name(t, view.columns[0]),
        last=quarter_name(t, view.columns[-1]),
        n=len(view.columns),
    )
    blank = sum(not reported for strip in cells.values() for reported in strip.values())
    table = ["table", {"className": "data-table data-strips"}, [["thead", {}, [["tr", {}, head]]], ["tbody", {}, body]]]
    region = ["div", {"className": "data-rows whole", "tabIndex": 0, "role": "region", "aria-label": about}, [table]]
    return card(t("data.grid.title", n=number(blank, 0)), about, Light([region]))


def _strip(view: Data, strip: dict[str, bool] | None) -> list[Any]:
    """One cell: a bar for each quarter that was reported, nothing where it was not, a dot before there was a table."""
    t = view.t
    if strip is None:
        return ["td", {"className": "none", "title": t("data.reported.before")}, ["⁄"]]
    missing = [quarter for quarter in view.columns if strip.get(quarter) is False]
    names = t("list.separator").join(missing)
    said = t("data.grid.missing", quarters=names) if missing else t("data.grid.whole")
    bars = [
        ["i", {"className": "none" if quarter not in strip else "full" if strip[quarter] else "blank"}, []]
        for quarter in view.columns
    ]
    if not missing and len(strip) == len(view.columns) == QUARTERS_SHOWN:
        bars = [["i", {"className": "whole"}, []]]
    words = [["span", {"className": "visually-hidden"}, [said]]]
    is_now = view.columns[-1] in missing
    return [
        "td",
        {"title": said, "className": "short" if is_now else ""},
        [["span", {"className": "reported-strip", "aria-hidden": "true"}, bars], *words],
    ]


# --- quality ----------------------------------------------------------------------------------------------------
def behind_card(view: Data) -> html.Section:
    t, rows = view.t, view.behind
    what = t(f"data.quality.{view.item}")
    if rows.empty:
        return card(t("data.behind.none", what=what), t("data.behind.what"))
    names = ("rater", "n") if view.item == "raters" else ("whose", "table", "detail", "n")
    head = html.Thead(
        html.Tr(
            [
                html.Th(t(f"data.table.{name}"), scope="col", className=None if name == "n" else "words")
                for name in names
            ]
        )
    )
    lines = [_behind_line(view, row) for row in rows_of(rows.head(MOST_BEHIND))]
    more = len(rows) - MOST_BEHIND
    return card(
        t("data.behind.title", what=what, n=number(len(rows), 0)),
        t("data.behind.raters" if view.item == "raters" else "data.behind.what"),
        scrolled(html.Table([head, html.Tbody(lines)], className="data-table"), what, "tall"),
        html.P(t("data.more", n=number(more, 0)), className="quiet") if more > 0 else None,
        download(view, QUALITY),
    )


def _behind_line(view: Data, row: Any) -> html.Tr:
    t, detail = view.t, view.detail(row) if known(row.detail) else MISSING
    counted = ""
    if known(row.total) and view.item in ("ballots", "raters"):
        counted = t("data.quality.count", n=number(row.n, 0), total=number(row.total, 0))
    if view.item == "late":
        counted = t("data.behind.days", n=number(row.n, 0))
    if view.item == "raters":  # nobody's department: who rates is a code
        return html.Tr([html.Th(detail, scope="row"), html.Td(counted)])
    name: Any = MISSING
    if known(row.department_id):
        name = department_link(
            view.now.filters, row.department_id, view.labels.get(row.department_id, row.department_id)
        )
    return html.Tr(
        [
            html.Th(name, scope="row"),
            html.Td(t(f"table.{row.table}"), className="words"),
            html.Td(detail, className="words"),
            html.Td(counted),
        ]
    )


def name_link(view: Data, row: Any) -> Any:
    """The name of the row's department, which leads to its page."""
    if not known(row.department_id):
        return MISSING
    return department_link(view.now.filters, row.department_id, view.name(row))


def item_link(view: Data, item: str) -> Any:
    """The name of a check of quality, which leads to the rows behind it."""
    if item not in BEHIND:
        return view.t(f"data.quality.{item}")
    return view_link(view.t(f"data.quality.{item}"), PATH, replace(view.now.filters, view=QUALITY, kind=item))


def sums_line(view: Data) -> html.Tr:
    """The arithmetic audit as one more check of quality; its rows stand on the overview."""
    t, total = view.t, view.counts.sum()
    link = view_link(t("data.quality.sums"), PATH, replace(view.now.filters, view=None, kind=None))
    counted = t("data.quality.count", n=number(total["disagrees"], 0), total=number(total["compared"], 0))
    return html.Tr(
        [
            html.Th([link, html.Span(t("data.quality.sums.note"), className="quiet")], scope="row"),
            html.Td(counted, className="found" if total["disagrees"] else None),
        ]
    )


# --- who has not reported ---------------------------------------------------------------------------------------
def reminders_card(view: Data) -> html.Section:
    """A text for each department that owes a report, to be copied and sent by a person."""
    t, owed = view.t, view.reminders
    if view.now.quarter is None or not owed:
        return card(t("data.remind.none"), t("data.remind.none.what"))
    parts = []
    for code, name, tables in owed[:MOST_REMINDERS]:
        listed = t("list.separator").join(t(f"table.{table}") for table, _ in tables)
        text = ["pre", {"className": "remind-text"}, [view.reminder(name, tables)]]
        button = [
            "button",
            {
                "type": "button",
                "className": "button",
                "data-copies": ".remind-text",
                "data-done": t("data.remind.copied"),
            },
            [t("data.remind.copy")],
        ]
        summary = ["summary", {}, [["b", {}, [name]], ["span", {}, [listed]]]]
        parts.append(["details", {"className": "remind", "key": code}, [summary, text, button]])
    return card(
        t("data.remind.title", n=len(owed), period=quarter_name(t, view.now.quarter)),
        t("data.remind.what"),
        Light([["div", {"className": "reminds"}, parts]]),
        download(view, REPORTED),
    )


# --- between two snapshots --------------------------------------------------------------------------------------
def changes_controls(view: Data) -> list[Any]:
    if view.older is None:
        return []
    t = view.t
    options = [
        (str(one), t("changes.snapshot", number=one, created=f"{manifest.created.astimezone():%m-%d %H:%M}"))
        for one, manifest in view.manifests.items()
    ]
    own = str(view.now.snapshot.number)
    return [
        select(t("data.changes.newer"), "kind", str(view.newer), options, default=own),
        select(t("data.changes.older"), "against", str(view.older), options, default=str(view.before_newer or "")),
    ]


def between_card(view: Data) -> html.Section:
    t = view.t
    if view.older is None:
        return card(t("data.changes.alone"), t("data.changes.alone.what"))
    rows = view.counts_differ
    words = {"older": view.older, "newer": view.newer}
    flags = html.A(
        t("data.changes.flags"),
        href="/changes" + replace(view.now.filters.without_row(), against=str(view.older)).to_search(),
    )
    if not rows:
        return card(t("data.changes.same", **words), t("data.changes.same.what"), html.P(flags, className="quiet"))
    head = html.Thead(
        html.Tr(
            [
                html.Th(t(f"data.table.{name}"), scope="col")
                for name in ("table", "quarter", "rows_old", "rows_new", "difference")
            ]
        )
    )
    lines = [
        html.Tr(
            [
                html.Th(t(f"table.{table}"), scope="row"),
                html.Td(period or MISSING),
                html.Td(number(old, 0)),
                html.Td(number(new, 0)),
                html.Td(signed(new - old, 0) if new != old else t("data.changes.values_only")),
            ]
        )
        for table, period, old, new in rows
    ]
    heading = t("data.changes.title", n=len(rows), **words)
    table = html.Table([head, html.Tbody(lines)], className="data-table")
    return card(
        heading, t("data.changes.what"), scrolled(table, heading, "tall"), html.P(flags, className="data-download")
    )


def values_card(view: Data) -> html.Section | None:
    if view.older is None:
        return None
    t, rows = view.t, view.values_differ
    if rows.empty:
        return card(t("data.changes.no_values"), t("data.restated.what"))
    names = ("whose", "quarter", "column", "change")
    head = html.Thead(html.Tr([html.Th(t(f"data.table.{name}"), scope="col", className="words") for name in names]))
    lines = []
    for row in rows_of(rows.head(MOST_CELLS)):
        old, new = (value if known(value) and value != "" else t("data.empty") for value in (row.old, row.new))
        below = " · ".join(part for part in (t(f"table.{row.table}"), view.restated_row(row)) if part)
        words = [audit.column_words(row.table, row.column, view.now.lang), html.Span(below, className="quiet")]
        lines.append(
            html.Tr(
                [
                    html.Th(name_link(view, row), scope="row"),
                    html.Td(row.period or MISSING, className="words"),
                    html.Td(words, className="words"),
                    html.Td([html.Span(old, className="old"), " → ", html.B(new)], className="words"),
                ]
            )
        )
    heading = t("data.changes.values.title", n=number(len(rows), 0))
    more = len(rows) - MOST_CELLS
    return card(
        heading,
        t("data.restated.what"),
        scrolled(html.Table([head, html.Tbody(lines)], className="data-table"), heading, "tall"),
        html.P(t("data.more", n=number(more, 0)), className="quiet") if more > 0 else None,
        download(view, CHANGES),
    )


# --- definitions and templates ----------------------------------------------------------------------------------
def columns_cards(view: Data) -> list[Any]:
    """Each table's columns, folded: a reader looks for one of them."""
    t = view.t
    names = ("name", "headers", "kind", "unit", "need", "words")
    head = [
        "thead",
        {},
        [["tr", {}, [["th", {"scope": "col", "className": "words"}, [t(f"data.table.{name}")]] for name in names]]],
    ]
    every = columns_lines(view)
    parts = []
    for table in TABLES.values():
        rows = [line[1:] for line in every if line[0] == table.name]
        body = [
            [
                "tr",
                {},
                [
                    ["th", {"scope": "row"}, [["code", {}, [name]]]],
                    *(["td", {"className": "words"}, [cell or MISSING]] for cell in rest),
                ],
            ]
            for name, *rest in rows
        ]
        summary = [
            "summary",
            {},
            [
                ["b", {}, [t(f"table.{table.name}")]],
                ["code", {}, [table.name]],
                ["span", {}, [t("data.columns.n", n=len(rows))]],
            ],
        ]
        inside = ["table", {"className": "data-table data-columns"}, [head, ["tbody", {}, body]]]
        parts.append(["details", {"className": "remind", "open": table.name == "complaints"}, [summary, inside]])
    return [
        card(
            t("data.columns.title", tables=len(TABLES), n=len(every)),
            t("data.columns.what"),
            Light([["div", {"className": "reminds"}, parts]]),
            download(view, "columns"),
        )
    ]


def templates_card(lang: str, t: Any) -> html.Section:
    lines = []
    for name, table in {"all": None, **TABLES}.items():
        about = t("data.template.every") if table is None else t(f"table.{name}")
        columns = sum(bool(column.headers) for column in table.columns) if table else None
        links = []
        for code in LANGUAGES:
            links += [
                html.A(
                    t(f"data.template.lang.{code}"), href=f"/template/{name}.xlsx?lang={code}", className="button small"
                ),
                " ",
            ]
        lines.append(
            html.Tr(
                [
                    html.Th(html.B(about) if table is None else about, scope="row"),
                    html.Td(
                        t("data.template.sheets.n", n=len(TABLES))
                        if columns is None
                        else t("data.columns.n", n=columns),
                        className="words",
                    ),
                    html.Td(links, className="words"),
                ]
            )
        )
    return card(
        t("data.template.title"),
        t("data.template.what"),
        html.Table(html.Tbody(lines), className="data-table templates"),
    )


def how_card(t: Any) -> html.Section:
    steps = [html.Li(t(f"data.template.how.{number}")) for number in range(1, 7)]
    command = "python -m dashboard --data office template complaints --out complaints.xlsx"
    return card(
        t("data.template.how"),
        "",
        html.Ol(steps, className="upload-steps"),
        html.P(t("data.template.command"), className="quiet"),
        html.Pre(command, className="upload-command"),
    )


def register_templates(app: Dash) -> None:
    """Once for the app: /template/complaints.xlsx?lang=zh, and /template/all.xlsx."""

    @app.server.get("/template/<name>.xlsx")
    @needs("data")
    def template(name: str) -> flask.Response:
        if name != "all" and name not in TABLES:
            flask.abort(404)
        filters = Filters.from_search(flask.request.query_string.decode("utf-8", "replace"))
        lang = filters.lang or preferred(list(flask.request.accept_languages.values()))
        names = list(TABLES) if name == "all" else [name]
        snapshot = flask.current_app.config["WAREHOUSE"].current()
        content = io.BytesIO(templates.workbook(names, lang, templates.choices_of(snapshot, lang)))
        name = f"{templates.file_words(names, lang)}.xlsx"
        return flask.send_file(content, TYPES["xlsx"], as_attachment=True, download_name=name, max_age=0)


# --- shared -----------------------------------------------------------------------------------------------------
def card(heading: str, what: str, *children: Any) -> html.Section:
    shown = [child for child in children if child is not None]
    about = [html.P(what, className="chart-what")] if what else []
    return html.Section([html.H2(heading), *about, *shown], className="card-box data-card")


def scrolled(table: html.Table, about: str, size: str = "") -> html.Div:
    css = f"data-rows {size}".strip()
    return html.Div(table, className=css, tabIndex=0, role="region", **{"aria-label": about})


def download(view: Data, what: str) -> html.P:
    """The file of what `view` in the address would name."""
    filters = replace(view.now.filters, view=what)
    links = [
        html.A(kind.upper(), href=address(f"download:{kind}", PATH, filters, view.now.quarter, view.now.snapshot.id))
        for kind in ("xlsx", "csv")
    ]
    return html.P([view.t("data.download"), links[0], " · ", links[1]], className="quiet data-download")
