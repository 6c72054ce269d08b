"""Data: does it add up, who reported, what was restated, what is loaded by whom, and how more of it comes in."""

from dataclasses import replace
from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, ctx, dcc, no_update

from dashboard import audit
from dashboard.components import html
from dashboard.components.controls import select
from dashboard.components.light import light
from dashboard.components.links import department_link, joined, view_link
from dashboard.components.sheet import Sheet
from dashboard.filters import Filters
from dashboard.i18n.text import MISSING, known, number, quarter_name, signed
from dashboard.importing.uploads import PUBLISHED
from dashboard.pages._data import (
    ALL_QUARTERS,
    CHANGES,
    COLUMNS,
    LOADED,
    MISSING_REPORTS,
    PATH,
    QUALITY,
    REPORTED,
    RESTATED,
    SECTIONS,
    TEMPLATES,
    UPLOAD,
    Data,
    sheet_of,
)
from dashboard.pages._data_parts import (
    behind_card,
    between_card,
    card,
    changes_controls,
    columns_cards,
    download,
    grid_card,
    how_card,
    imports_card,
    item_link,
    name_link,
    reminders_card,
    scrolled,
    sums_line,
    templates_card,
    values_card,
)
from dashboard.pages._scene import EVERY, Scene, current_id, page, scene, title
from dashboard.pages._upload import MOVED, current_upload, upload_section
from dashboard.rows import rows_of

POLL = 1_000  # milliseconds between two looks at an upload that is at work
MOST_ROWS = 30  # of the audit on the page; the file has them all
MOST_RESTATED, MOST_NAMED = 12, 8
SAME_SHOWN = 5e-4  # what rounding may hide
MARKS = {"disagrees": "≠", "look": "?", "unread": "⁄"}
OF_WORDS = ("whose", "column", "file", "who", "hash")  # columns of words, which begin at the left
RELATIONS = {"=": "=", "<=": "≤"}


def sheet(filters: Filters, pin: str | None = None) -> Sheet | None:
    """The audit's rows, or what `view` names in their place; None before the first import."""
    now = scene(filters, pin, undated=True)
    return None if now.snapshot is None else sheet_of(Data(now))


dash.register_page(
    __name__,
    path=PATH,
    name="nav.data",
    title=lambda: title("nav.data"),
    icon="data",
    order=85,
    sheet=sheet,
    action="data",
)


def layout(snapshot: str | None = None, **query: Any) -> html.Div:
    now = scene(Filters.from_query(query), snapshot, undated=True)
    if now.snapshot is None:  # the first figures of an office may come in by this page
        return page(now, PATH, "nav.data", (), None if now.then else _frame(_before_first(now), now))
    view, t = Data(now), now.t
    controls = []
    if now.quarter:
        departments = [(EVERY, t("sheet.all")), *now.departments[["department_id", "label"]].itertuples(index=False)]
        controls.append(select(t("sheet.name"), "department", view.department or EVERY, departments, default=EVERY))
        if view.section is None:
            windows = [(window, t(f"data.window.{window}")) for window in (ALL_QUARTERS, "4", "1")]
            controls.append(select(t("data.window"), "window", view.window, windows, default=ALL_QUARTERS))
    return page(now, PATH, "nav.data", controls, _frame(body_of(view), now))


def _frame(body: list[Any], now: Scene) -> html.Div:
    """The body, and what follows an upload: the page asks how far it is only while it is at work."""
    found = current_upload(now) if now.filters.view == UPLOAD else None
    return html.Div(
        [
            html.Div(body, id="data-body", className="data"),
            dcc.Interval(id="upload-poll", interval=POLL, disabled=not (found and found.is_at_work)),
            dcc.Store(id=MOVED),
            dcc.Store(id="upload-shown"),
        ]
    )


@callback(
    Output("data-body", "children"),
    Output("upload-poll", "disabled"),
    Output("upload-shown", "data"),
    Input("url", "search"),
    Input("upload-poll", "n_intervals"),
    Input(MOVED, "data"),
    State("snapshot", "data"),
    prevent_initial_call=True,
)
def update(search: str, _looks: int | None, _moved: str | None, snapshot: str) -> tuple[Any, Any, Any]:
    now = scene(Filters.from_search(search), snapshot, undated=True)
    found = current_upload(now) if now.filters.view == UPLOAD else None
    is_at_work = found is not None and found.is_at_work
    if now.snapshot is None:
        body = no_update if now.then else light(_before_first(now))
    elif ctx.triggered_id == "upload-poll" and now.filters.view != UPLOAD:
        body = no_update
    else:
        body = light(body_of(Data(now)))
    # what was published is shown: the page is loaded anew on the new snapshot, as a whole
    is_new = found is not None and found.phase == PUBLISHED and current_id() != snapshot
    return body, not is_at_work, current_id() if is_new else no_update


clientside_callback(ClientsideFunction("mingjing", "reload"), Input("upload-shown", "data"), prevent_initial_call=True)


def body_of(view: Data) -> list[Any]:
    """Everything on the page that depends on the filters."""
    parts = {
        LOADED: lambda: [loaded_card(view), imports_card(view), grid_card(view)],
        QUALITY: lambda: [_two([quality_card(view)], [behind_card(view)])],
        REPORTED: lambda: [_two([completeness_card(view)], [reminders_card(view)])],
        CHANGES: lambda: [
            html.Div(changes_controls(view), className="data-choose"),
            _two([between_card(view), restated_card(view)], [one for one in [values_card(view)] if one is not None]),
        ],
        COLUMNS: lambda: columns_cards(view),
        TEMPLATES: lambda: [_two([templates_card(view.now.lang, view.t)], [how_card(view.t)])],
        UPLOAD: lambda: upload_section(view.now),
    }
    return [_tabs(view.now), *(parts[view.section]() if view.section else overview(view))]


def _two(left: list[Any], right: list[Any]) -> html.Div:
    if not right:
        return html.Div(left, className="data-column")
    return html.Div([html.Div(part, className="data-column") for part in (left, right)], className="data-two")


def _before_first(now: Scene) -> list[Any]:
    t = now.t
    if now.filters.view == TEMPLATES:
        return [_tabs(now, (UPLOAD, TEMPLATES)), _two([templates_card(now.lang, t)], [how_card(t)])]
    return [_tabs(now, (UPLOAD, TEMPLATES)), *upload_section(now)]


def _tabs(now: Scene, shown: tuple[str | None, ...] = (None, *SECTIONS)) -> html.Div:
    here = now.filters.view if now.filters.view in shown else shown[0]
    tabs = [
        view_link(
            now.t(f"data.view.{section or 'overview'}"),
            PATH,
            replace(now.filters, view=section, kind=None, against=None, upload=None),
            className="tab here" if section == here else "tab",
            **({"aria-current": "page"} if section == here else {}),
        )
        for section in shown
    ]
    return html.Div(html.Div(tabs, className="tabs"), className="tab-bar")


def overview(view: Data) -> list[Any]:
    """What a reader should see first: does it add up, who reported, what stands in the way, what is loaded."""
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
    return card(
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
        return card(t("data.rows.nothing", what=what), why, *back, html.P(said, className="data-nothing"))
    head = _head(view, "item", "whose", "stated", "computed", "difference", "tolerance")
    lines = [_row(view, row) for row in rows_of(rows.head(MOST_ROWS))]
    table = html.Table([head, html.Tbody(lines)], className="data-table audit")
    more = [html.P(t("data.more", n=len(rows) - MOST_ROWS), className="quiet")] if len(rows) > MOST_ROWS else []
    return card(t("data.rows.title", what=what), why, *back, scrolled(table, what), *more)


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
    item = [mark, view.item_words(row), html.Span(below, className="quiet")]
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
        return card(t("data.reported.none"), t("data.reported.remedy"))
    tables = list(dict.fromkeys(grid["table"]))
    cells = {(row.table, row.quarter): row for row in rows_of(grid)}
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
    return card(
        heading,
        t("data.reported.what"),
        html.Table([html.Thead(html.Tr(head)), html.Tbody(lines)], className="data-table grid"),
        *(_missing_of(view, table) for table in dict.fromkeys(view.missing["table"])),
        download(view, MISSING_REPORTS) if short else None,
    )


def _cell(view: Data, row: Any) -> html.Td:
    if row is None:
        return html.Td("⁄", className="none", title=view.t("data.reported.before"))
    css = "full" if row.reported == row.standing else "short" if row.reported else "empty"
    words = view.t("data.reported.cell", reported=row.reported, standing=row.standing)
    return html.Td(f"{row.reported}/{row.standing}", className=css, title=words)


def _missing_of(view: Data, table: str) -> html.P:
    t, rows = view.t, view.missing[view.missing["table"] == table]
    names: list[Any] = [
        department_link(
            view.now.filters,
            row.department_id,
            t("data.reported.since", name=view.name(row), last=row.last_quarter)
            if known(row.last_quarter)
            else t("data.reported.never", name=view.name(row)),
        )
        for row in rows_of(rows.head(MOST_NAMED))
    ]
    more = [t("data.reported.more", n=len(rows) - MOST_NAMED)] if len(rows) > MOST_NAMED else []
    heading = html.B(t("data.reported.missing", table=t(f"table.{table}"), n=len(rows)))
    return html.P([heading, *joined(names + more, t("list.separator"))], className="data-named")


# --- what was restated -----------------------------------------------------------------------------------------
def restated_card(view: Data) -> html.Section:
    t, rows = view.t, view.restated
    if rows.empty:
        return card(t("data.restated.none"), t("data.restated.what"))
    head = _head(view, "at", "whose", "quarter", "column", "change")
    lines = [_restated_line(view, row) for row in rows_of(rows.head(MOST_RESTATED))]
    heading = t("data.restated.title", n=number(len(rows), 0), imports=rows["import_id"].nunique())
    return card(
        heading,
        t("data.restated.what"),
        scrolled(html.Table([head, html.Tbody(lines)], className="data-table restated"), heading),
        html.P(t("data.more", n=len(rows) - MOST_RESTATED), className="quiet") if len(rows) > MOST_RESTATED else None,
        download(view, RESTATED),
    )


def _restated_line(view: Data, row: Any) -> html.Tr:
    old, new = (value if known(value) and value != "" else view.t("data.empty") for value in (row.old, row.new))
    below = " · ".join(part for part in (view.t(f"table.{row.table}"), view.restated_row(row)) if part)
    at = html.Td(row.at, title=" · ".join(part for part in (row.who, row.note) if part))
    return html.Tr(
        [
            at,
            html.Td(name_link(view, row), className="words"),
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
        return card(t("data.quality.unknown"), t("data.quality.what"))
    found = int((rows["n"] > 0).sum())
    lines = [
        html.Tr(
            [
                html.Th([item_link(view, row.item), html.Span(_examples(view, row), className="quiet")], scope="row"),
                html.Td(
                    t("data.quality.count", n=number(row.n, 0), total=number(row.total, 0)),
                    className="found" if row.n else None,
                ),
            ],
            className="here" if view.section == QUALITY and row.item == view.item else None,
        )
        for row in rows_of(rows)
    ]
    if view.section == QUALITY:
        lines.append(sums_line(view))
    heading = t("data.quality.title" if found else "data.quality.ok", n=found, of=len(rows))
    return card(heading, t("data.quality.what"), html.Table(html.Tbody(lines), className="data-table"))


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
    head = _head(view, "table", "rows", "quarters", "file", "hash", "at", "who")
    lines = [
        html.Tr(
            [
                html.Th(t(f"table.{row.table}"), scope="row"),
                html.Td(number(row.rows, 0)),
                html.Td(_span(row.first_quarter, row.last_quarter)),
                html.Td(row.file, className="words file", title=row.file),
                html.Td(html.Code(row.hash[:8], title=row.hash) if row.hash else MISSING, className="words"),
                html.Td(row.at),
                html.Td(row.who, className="words"),
            ]
        )
        for row in rows_of(rows)
    ]
    heading = t("data.loaded.title", n=len(rows), rows=number(rows["rows"].sum(), 0))
    return card(
        heading,
        t("data.loaded.what", number=view.now.snapshot.number),
        scrolled(html.Table([head, html.Tbody(lines)], className="data-table loaded"), heading),
        download(view, LOADED) if view.section == LOADED else None,
    )


def _span(first: str | None, last: str | None) -> str:
    if not known(first):
        return MISSING
    return first if first == last else f"{first}–{last}"


# --- shared ----------------------------------------------------------------------------------------------------
def _head(view: Data, *names: str) -> html.Thead:
    cells = [
        html.Th(view.t(f"data.table.{name}"), scope="col", className="words" if name in OF_WORDS else None)
        for name in names
    ]
    return html.Thead(html.Tr(cells))
