"""Data: does it add up, who reported, what was restated, what stands in the way, and what is loaded by whom."""

from dataclasses import replace
from typing import Any

import dash
from dash import Input, Output, State, callback, html, no_update

from dashboard import audit
from dashboard.components.controls import select
from dashboard.components.light import light
from dashboard.components.links import address, view_link
from dashboard.components.sheet import Sheet
from dashboard.filters import Filters
from dashboard.i18n.text import MISSING, known, number, quarter_name, signed
from dashboard.pages._data import (
    ALL_QUARTERS,
    MISSING_REPORTS,
    PATH,
    RESTATED,
    Data,
    sheet_of,
)
from dashboard.pages._scene import EVERY, page, scene, title

MOST_ROWS = 30  # of the audit on the page; the file has them all
MOST_RESTATED, MOST_NAMED = 12, 8
SAME_SHOWN = 5e-4  # what rounding may hide
MARKS = {"disagrees": "≠", "look": "?", "unread": "⁄"}
OF_WORDS = ("whose", "column", "file", "who")  # columns of words, which begin at the left
RELATIONS = {"=": "=", "<=": "≤"}


def sheet(filters: Filters, pin: str | None = None) -> Sheet | None:
    """The audit's rows, or what `view` names in their place; None before the first import."""
    now = scene(filters, pin, undated=True)
    return None if now.snapshot is None else sheet_of(Data(now))


dash.register_page(
    __name__, path=PATH, name="nav.data", title=lambda: title("nav.data"), icon="data", order=85, sheet=sheet
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot, undated=True)
    if now.snapshot is None:
        return page(now, PATH, "nav.data", (), None)
    view, t = Data(now), now.t
    controls = []
    if now.quarter:
        departments = [(EVERY, t("sheet.all")), *now.departments[["department_id", "label"]].itertuples(index=False)]
        windows = [(window, t(f"data.window.{window}")) for window in (ALL_QUARTERS, "4", "1")]
        controls = [
            select(t("sheet.name"), "department", view.department or EVERY, departments, default=EVERY),
            select(t("data.window"), "window", view.window, windows, default=ALL_QUARTERS),
        ]
    return page(now, PATH, "nav.data", controls, html.Div(body_of(view), id="data-body", className="data"))


@callback(
    Output("data-body", "children"),
    Input("url", "search"),
    State("snapshot", "data"),
    prevent_initial_call=True,
)
def update(search: str, snapshot: str) -> Any:
    now = scene(Filters.from_search(search), snapshot, undated=True)
    return light(body_of(Data(now))) if now.snapshot else no_update


def body_of(view: Data) -> list[Any]:
    """Everything on the page that depends on the filters."""
    if view.rows.empty and view.check is None:  # nothing to list: who reported stands in its place
        top = [checks_card(view), completeness_card(view)]
        below = [[quality_card(view), restated_card(view)], [loaded_card(view)]]
    else:
        top = [checks_card(view), rows_card(view)]
        below = [[completeness_card(view), quality_card(view)], [loaded_card(view), restated_card(view)]]
    columns = [html.Div(cards, className="data-column") for cards in below]
    return [html.Div(top, className="data-two"), html.Div(columns, className="data-two")]


# --- the audit -------------------------------------------------------------------------------------------------
def checks_card(view: Data) -> html.Section:
    """Each check with how much it compared: nothing found and nothing compared must not look alike."""
    t, total = view.t, view.counts.sum()
    other = int(total["look"] + total["unread"])
    ok = "data.audit.look" if other else "data.audit.ok"
    heading = "data.audit.none" if not total["compared"] else "data.audit.found" if total["disagrees"] else ok
    head = [html.Th(t("data.table.check"), scope="col")]
    head += [html.Th(t(f"data.count.{name}"), scope="col") for name in ("compared", *audit.FOUND)]
    lines = [_check_line(view, name) for name in view.checks]
    return _card(
        t(heading, n=number(total["disagrees"], 0), other=number(other, 0), compared=number(total["compared"], 0)),
        t("data.audit.what"),
        html.Table([html.Thead(html.Tr(head)), html.Tbody(lines)], className="data-table counts"),
        html.P(t("data.audit.explained"), className="quiet"),
    )


def _check_line(view: Data, name: str) -> html.Tr:
    header, counts = view.checks[name].header, view.counts.loc[name]
    is_chosen = view.check == name
    link = replace(view.now.filters, view=None if is_chosen else name)
    words = view_link(header["title"][view.now.lang], PATH, link, title=header["why"][view.now.lang])
    if not counts["compared"] and not counts["unread"]:
        tables = view.t("list.separator").join(view.t(f"table.{table}") for table in header["tables"])
        cells = [html.Td(view.t("data.audit.nothing", tables=tables), colSpan=4, className="none")]
    else:
        cells = [
            html.Td(number(counts[key], 0), className=f"found {key}" if counts[key] and key in MARKS else None)
            for key in ("compared", *audit.FOUND)
        ]
    return html.Tr([html.Th(words, scope="row"), *cells], className="here" if is_chosen else None)


def rows_card(view: Data) -> html.Section:
    t, rows = view.t, view.rows
    what = view.checks[view.check].header["title"][view.now.lang] if view.check else t("data.rows.every")
    why = view.checks[view.check].header["why"][view.now.lang] if view.check else t("data.rows.why")
    back = [_chip(view, what)] if view.check else []
    if rows.empty:
        counts = view.counts.loc[[view.check]] if view.check else view.counts
        compared = int(counts["compared"].sum())
        said = t("data.rows.none", compared=number(compared, 0)) if compared else t("data.rows.unknown")
        return _card(t("data.rows.nothing", what=what), why, *back, html.P(said, className="data-nothing"))
    head = _head(view, "item", "whose", "stated", "computed", "difference", "tolerance")
    lines = [_row(view, row) for row in rows.head(MOST_ROWS).itertuples()]
    table = html.Table([head, html.Tbody(lines)], className="data-table audit")
    more = [html.P(t("data.more", n=len(rows) - MOST_ROWS), className="quiet")] if len(rows) > MOST_ROWS else []
    return _card(t("data.rows.title", what=what), why, *back, _scrolled(table, what), *more)


def _chip(view: Data, what: str) -> html.Div:
    link = replace(view.now.filters, view=None)
    return html.Div(
        view_link([what, html.Span("×", className="out")], PATH, link, className="chip", title=view.t("cases.leave")),
        className="chips",
    )


def _row(view: Data, row: Any) -> html.Tr:
    t = view.t
    mark = html.Span(MARKS[row.verdict], className=f"verdict {row.verdict}", title=t(f"data.verdict.{row.verdict}"))
    place = t(f"table.{row.table}") if row.table != "stated_figures" else ""
    below = " · ".join(part for part in (place, view.detail(row), row.quarter if known(row.quarter) else "") if part)
    item = [mark, view.item(row), html.Span(below, className="quiet")]
    computed = f"{RELATIONS[row.relation]} {_plain(row.computed)}" if known(row.computed) else t("data.verdict.unread")
    return html.Tr(
        [
            html.Th(item, scope="row"),
            html.Td(view.whose(row), className="words"),
            html.Td(_plain(row.stated)),
            html.Td(computed),
            html.Td(signed(row.difference, _decimals(row.difference))),
            html.Td(f"± {_plain(row.tolerance)}" if row.tolerance else "0"),
        ]
    )


def _plain(value: float) -> str:
    return number(value, _decimals(value))


def _decimals(value: float) -> int:
    """As many as tell a figure from its tolerance, three at most: counts are whole, shares are not."""
    if not known(value):
        return 0
    return next((places for places in range(3) if abs(value - round(value, places)) < SAME_SHOWN), 3)


# --- who reported ----------------------------------------------------------------------------------------------
def completeness_card(view: Data) -> html.Section:
    t, grid = view.t, view.completeness
    if grid.empty:
        return _card(t("data.reported.none"), t("data.reported.remedy"))
    tables = list(dict.fromkeys(grid["table"]))
    cells = {(row.table, row.quarter): row for row in grid.itertuples()}
    head = [html.Th(t("data.table.table"), scope="col")]
    head += [html.Th(f"{q[2:4]}{q[4:]}", scope="col", title=quarter_name(t, q)) for q in view.columns]
    lines = [
        html.Tr(
            [
                html.Th(t(f"table.{table}"), scope="row"),
                *(_cell(view, cells.get((table, quarter))) for quarter in view.columns),
            ]
        )
        for table in tables
    ]
    short = view.missing["table"].nunique()
    period = quarter_name(t, view.now.quarter)
    heading = (
        t("data.reported.short", n=short, of=len(tables), period=period)
        if short
        else t("data.reported.ok", period=period)
    )
    return _card(
        heading,
        t("data.reported.what"),
        html.Table([html.Thead(html.Tr(head)), html.Tbody(lines)], className="data-table grid"),
        *(_missing_of(view, table) for table in dict.fromkeys(view.missing["table"])),
        _download(view, MISSING_REPORTS) if short else None,
    )


def _cell(view: Data, row: Any) -> html.Td:
    if row is None:
        return html.Td("⁄", className="none", title=view.t("data.reported.before"))
    css = "full" if row.reported == row.standing else "short" if row.reported else "empty"
    words = view.t("data.reported.cell", reported=row.reported, standing=row.standing)
    return html.Td(f"{row.reported}/{row.standing}", className=css, title=words)


def _missing_of(view: Data, table: str) -> html.P:
    t, rows = view.t, view.missing[view.missing["table"] == table]
    names = [
        t("data.reported.since", name=view.name(row), last=row.last_quarter)
        if known(row.last_quarter)
        else t("data.reported.never", name=view.name(row))
        for row in rows.head(MOST_NAMED).itertuples()
    ]
    more = [t("data.reported.more", n=len(rows) - MOST_NAMED)] if len(rows) > MOST_NAMED else []
    listed = t("list.separator").join(names + more)
    return html.P(
        [html.B(t("data.reported.missing", table=t(f"table.{table}"), n=len(rows))), listed], className="data-named"
    )


# --- what was restated -----------------------------------------------------------------------------------------
def restated_card(view: Data) -> html.Section:
    t, rows = view.t, view.restated
    if rows.empty:
        return _card(t("data.restated.none"), t("data.restated.what"))
    head = _head(view, "at", "whose", "quarter", "column", "change")
    lines = [_restated_line(view, row) for row in rows.head(MOST_RESTATED).itertuples()]
    heading = t("data.restated.title", n=number(len(rows), 0), imports=rows["import_id"].nunique())
    return _card(
        heading,
        t("data.restated.what"),
        _scrolled(html.Table([head, html.Tbody(lines)], className="data-table restated"), heading),
        html.P(t("data.more", n=len(rows) - MOST_RESTATED), className="quiet") if len(rows) > MOST_RESTATED else None,
        _download(view, RESTATED),
    )


def _restated_line(view: Data, row: Any) -> html.Tr:
    old, new = (value if known(value) and value != "" else view.t("data.empty") for value in (row.old, row.new))
    below = " · ".join(part for part in (view.t(f"table.{row.table}"), view.restated_row(row)) if part)
    at = html.Td(row.at, title=" · ".join(part for part in (row.who, row.note) if part))
    return html.Tr(
        [
            at,
            html.Td(view.name(row) if known(row.department_id) else MISSING, className="words"),
            html.Td(row.period or MISSING),
            html.Td(
                [audit.column_words(row.table, row.column, view.now.lang), html.Span(below, className="quiet")],
                className="words",
            ),
            html.Td([html.Span(old, className="old"), " → ", html.B(new)]),
        ]
    )


# --- what stands in the way, what is loaded ----------------------------------------------------------------------
def quality_card(view: Data) -> html.Section:
    t, rows = view.t, view.quality
    if rows.empty:
        return _card(t("data.quality.unknown"), t("data.quality.what"))
    found = int((rows["n"] > 0).sum())
    lines = [
        html.Tr(
            [
                html.Th(
                    [t(f"data.quality.{row.item}"), html.Span(_examples(view, row), className="quiet")], scope="row"
                ),
                html.Td(
                    t("data.quality.count", n=number(row.n, 0), total=number(row.total, 0)),
                    className="found" if row.n else None,
                ),
            ]
        )
        for row in rows.itertuples()
    ]
    heading = t("data.quality.title" if found else "data.quality.ok", n=found, of=len(rows))
    return _card(heading, t("data.quality.what"), html.Table(html.Tbody(lines), className="data-table"))


def _examples(view: Data, row: Any) -> str:
    if not row.n or not known(row.examples):
        return view.t(f"data.quality.{row.item}.note")
    labels = view.now.departments.set_index("department_id")["label"]
    ids = row.examples.split(",")
    names = [str(labels.get(one, one)) for one in ids[:MOST_NAMED]]
    listed = view.t("list.separator").join([*names, *(["…"] if len(ids) > MOST_NAMED else [])])
    return view.t(f"data.quality.{row.item}.of", names=listed)


def loaded_card(view: Data) -> html.Section:
    t, rows = view.t, view.loaded
    head = _head(view, "table", "rows", "quarters", "file", "at", "who")
    lines = [
        html.Tr(
            [
                html.Th(t(f"table.{row.table}"), scope="row"),
                html.Td(number(row.rows, 0)),
                html.Td(_span(row.first_quarter, row.last_quarter)),
                html.Td(row.file, className="words file", title=row.file),
                html.Td(row.at),
                html.Td(row.who, className="words"),
            ]
        )
        for row in rows.itertuples()
    ]
    heading = t("data.loaded.title", n=len(rows), rows=number(rows["rows"].sum(), 0))
    return _card(
        heading,
        t("data.loaded.what", number=view.now.snapshot.number),
        _scrolled(html.Table([head, html.Tbody(lines)], className="data-table loaded"), heading),
    )


def _span(first: str | None, last: str | None) -> str:
    if not known(first):
        return MISSING
    return first if first == last else f"{first}–{last}"


# --- shared ----------------------------------------------------------------------------------------------------
def _card(heading: str, what: str, *children: Any) -> html.Section:
    shown = [child for child in children if child is not None]
    return html.Section(
        [html.H2(heading), html.P(what, className="chart-what"), *shown], className="card-box data-card"
    )


def _head(view: Data, *names: str) -> html.Thead:
    cells = [
        html.Th(view.t(f"data.table.{name}"), scope="col", className="words" if name in OF_WORDS else None)
        for name in names
    ]
    return html.Thead(html.Tr(cells))


def _scrolled(table: html.Table, about: str) -> html.Div:
    return html.Div(table, className="data-rows", tabIndex=0, role="region", **{"aria-label": about})


def _download(view: Data, what: str) -> html.P:
    """The file of another list than the audit's."""
    filters = replace(view.now.filters, view=what)
    links = [
        html.A(kind.upper(), href=address(f"download:{kind}", PATH, filters, view.now.quarter, view.now.snapshot.id))
        for kind in ("xlsx", "csv")
    ]
    return html.P([view.t("data.download"), links[0], " · ", links[1]], className="quiet data-download")
