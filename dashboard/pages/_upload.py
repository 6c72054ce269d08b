"""Files sent through the page: the route that takes them, what is shown while they are checked, and the confirmation.

The work is done by `importing.uploads`. Here a request is looked at before anything is kept: whether it comes from our
page, whether it is too large; and what came of an upload is put into words.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import flask
from dash import ALL, Dash, Input, Output, State, ctx, no_update
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from dashboard.access.gate import actor, needs
from dashboard.access.identity import doer_now
from dashboard.components import html
from dashboard.components.field import Field
from dashboard.components.light import Light
from dashboard.components.links import address, view_link
from dashboard.filters import Filters
from dashboard.i18n.text import MISSING, Text, known, number, preferred, translator
from dashboard.importing import uploads
from dashboard.importing.events import periods_of, problems_of
from dashboard.importing.problems import Problem
from dashboard.importing.run import STAGES
from dashboard.importing.uploads import LONGEST_NOTE, LONGEST_WHO, MOST_FILES, Upload, UploadError, Uploads
from dashboard.pages._form import signature_field, signed
from dashboard.pages._scene import Scene
from dashboard.schema import TABLES

MOVED = "upload-moved"  # the page's Store: which button was pressed last
MOST_PROBLEMS, MOST_PERIODS, MOST_CELLS = 200, 120, 40  # on the page; the file has them all
MIB = 1 << 20
TYPES = ".csv,.txt,.tsv,.xlsx,.xls,.zip"
PATH = "/data"


def _uploads() -> Uploads:
    return Uploads(flask.current_app.config["WAREHOUSE"].folder.folder, doer_now(), actor().regions)


def current_upload(now: Scene) -> Upload | None:
    """The upload that the address names; None where it names none, or it is gone."""
    return _uploads().read(now.filters.upload) if now.filters.upload else None


# --- receiving -------------------------------------------------------------------------------------------------
def register_uploads(app: Dash) -> None:
    """Once for the app: the route that takes files, and what the buttons do."""

    @app.server.post("/upload")
    @needs("import")
    def receive() -> Any:
        filters = Filters.from_search(flask.request.query_string.decode("utf-8", "replace"))
        t = translator(filters.lang or preferred(list(flask.request.accept_languages.values())))
        try:
            return {"upload": _received()}
        except UploadError as error:
            return {"error": complaint(t, error)}, 413 if error.code == "too_large" else 400

    @app.callback(
        Output(MOVED, "data"),
        Output({"upload_said": ALL}, "children"),
        Input({"upload_do": ALL}, "n_clicks"),
        State({"upload_field": ALL}, "value"),
        State({"upload_field": ALL}, "id"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @needs("import")
    def press(_clicks: Any, values: list[Any], ids: list[dict[str, str]], search: str) -> tuple[Any, list[Any]]:
        places = len(ctx.outputs_list[1])
        if not ctx.triggered_id or not ctx.triggered[0]["value"]:  # buttons were drawn; nobody pressed one
            return no_update, [no_update] * places
        filters = Filters.from_search(search)
        given = {i["upload_field"]: str(value or "") for i, value in zip(ids, values)}
        done = str(ctx.triggered_id["upload_do"])
        try:
            _do(done, filters.upload or "", given)
        except UploadError as error:
            t = translator(filters.lang or preferred(list(flask.request.accept_languages.values())))
            return no_update, [complaint(t, error)] * places
        return f"{done} {ctx.triggered[0]['value']}", [""] * places


def _do(done: str, upload: str, given: dict[str, str]) -> None:
    match done:
        case "confirm":
            _uploads().confirm(upload, signed(given.get("who", "")), given.get("note", ""))
        case "again":
            _uploads().check_again(upload)
        case "discard":
            _uploads().discard(upload)


def _received() -> str:
    """The id of an upload whose files are on the disk and whose dry run has begun."""
    request, most = flask.request, flask.current_app.config["SETTINGS"].largest_upload
    if not most:
        raise UploadError("off")
    too_large = UploadError("too_large", most=most)
    if request.content_length is None:
        raise UploadError("no_file")
    if request.content_length > most * MIB:
        raise too_large
    found = _uploads()
    upload = found.begin(request.content_length)

    # Straight into the upload's own folder: a large file fills neither the memory nor the system's disk.
    parser = FormDataParser(
        lambda filename, **_: found.open(upload, filename or ""),
        max_form_memory_size=MIB,  # also of what is read at once: less than the parser's 64 KiB takes no file at all
        max_content_length=most * MIB,
        max_form_parts=MOST_FILES,
    )
    try:
        _, _, sent = parser.parse_from_environ(request.environ)
        for _, file in sent.items(multi=True):
            file.stream.close()
        found.check(upload)
    except BaseException as error:
        found.discard(upload)
        if isinstance(error, RequestEntityTooLarge):
            raise too_large from None
        if isinstance(error, OSError | ValueError):  # cut off on the way, or the disk is full
            raise UploadError("not_whole") from None
        raise
    return upload


def complaint(t: Text, error: UploadError) -> str:
    return t(f"data.upload.error.{error.code}", **error.values)


# --- the section -----------------------------------------------------------------------------------------------
def upload_section(now: Scene) -> list[Any]:
    """What the page shows of `upload` in the address: the form, or how far the files are."""
    found = current_upload(now)
    gone = [html.P(now.t("data.upload.gone"), className="notice")] if now.filters.upload and found is None else []
    if found is None:
        return [*gone, *_demonstration(now), html.Div([_form(now), _steps(now.t)], className="data-two")]
    parts = {
        uploads.CHECKING: _at_work,
        uploads.IMPORTING: _at_work,
        uploads.FAULTY: _faulty,
        uploads.CHECKED: _checked,
        uploads.PUBLISHED: _published,
        uploads.UNCHANGED: _unchanged,
        uploads.BROKEN: _broken,
        uploads.CUT_SHORT: _cut_short,
    }
    return [*_demonstration(now), *parts[found.phase](now, found), _files(now, found)]


def _card(heading: str, what: str, *children: Any) -> html.Section:
    shown = [child for child in children if child is not None]
    return html.Section(
        [html.H2(heading), *([html.P(what, className="chart-what")] if what else []), *shown],
        className="card-box data-card",
    )


def _demonstration(now: Scene) -> list[Any]:
    if now.snapshot is None or not now.snapshot.demonstration:
        return []
    regions = now.t("list.separator").join(now.snapshot.regions)
    return [html.P(now.t("data.upload.demonstration", regions=regions), className="notice")]


def _form(now: Scene) -> html.Section:
    t, most = now.t, flask.current_app.config["SETTINGS"].largest_upload
    if not most:
        return _card(t("data.upload.title"), t("data.upload.off"))
    field = {
        "type": "file",
        "name": "file",
        "multiple": True,
        "required": True,
        "accept": TYPES,
        "aria-label": t("data.upload.choose"),
        "className": "visually-hidden",  # it would speak the browser's language, not the page's
    }
    words = {
        "data-upload": f"/upload?lang={now.lang}",
        "data-then": PATH + replace(now.filters, view="upload", upload=None).to_search(),
        "data-largest": most * MIB,
        "data-too-large": t("data.upload.error.too_large", most=most),
        "data-sending": t("data.upload.sending"),
        "data-failed": t("data.upload.error.not_whole"),
    }
    form = [
        "form",
        {"className": "upload-form", **words},
        [
            [
                "label",
                {"className": "upload-drop"},
                [
                    ["b", {}, [t("data.upload.choose")]],
                    ["span", {}, [t("data.upload.types", most=most)]],
                    ["span", {"className": "chosen"}, [t("data.upload.none_chosen")]],
                    ["input", field, []],
                ],
            ],
            ["button", {"type": "submit", "className": "button primary"}, [t("data.upload.check")]],
            ["p", {"className": "upload-said", "role": "status", "aria-live": "polite"}, []],
        ],
    ]
    return _card(t("data.upload.title"), t("data.upload.what"), Light([form]))


def _steps(t: Text) -> html.Section:
    steps = [html.Li(t(f"data.upload.step.{step}")) for step in ("choose", "mend", "confirm", "shown")]
    return _card(
        t("data.upload.steps"),
        "",
        html.Ol(steps, className="upload-steps"),
        html.P(t("data.upload.never"), className="quiet"),
    )


def _files(now: Scene, found: Upload) -> html.Section:
    t = now.t
    head = [
        html.Th(t(f"data.table.{name}"), scope="col", className="words" if name == "hash" else None)
        for name in ("file", "size", "hash")
    ]
    lines = [
        html.Tr(
            [
                html.Th(file["name"], scope="row", className="words"),
                html.Td(size_words(file["bytes"])),
                html.Td(html.Code(file["sha256"][:16], title=file["sha256"]), className="words"),
            ]
        )
        for file in found.files
    ]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(lines)], className="data-table")
    other = view_link(t("data.upload.other"), PATH, replace(now.filters, view="upload", upload=None))
    return _card(t("data.upload.files", n=len(found.files)), "", table, html.P(other, className="quiet data-download"))


def size_words(size: int) -> str:
    return f"{number(size / MIB, 1)} MiB" if size >= MIB else f"{number(size / 1024, 1)} KiB"


def _at_work(now: Scene, found: Upload) -> list[Any]:
    """The stages that the importer really is in; their share of the whole is the importer's own reckoning."""
    t, last = now.t, found.last or {}
    stage, doing, share = last.get("stage", ""), last.get("doing", ""), last.get("share", 0.0)
    stages = STAGES if found.phase == uploads.IMPORTING else STAGES[:2]
    at = stages.index(stage) if stage in stages else -1
    lines = [
        html.Li(
            t(f"data.upload.stage.{name}"),
            className=f"{'done' if place < at else 'here' if place == at else 'ahead'}",
            **({"aria-current": "step"} if place == at else {}),
        )
        for place, name in enumerate(stages)
    ]
    bar = Light(
        [["progress", {"max": 1, "value": share if stages is STAGES else share * 2, "className": "upload-bar"}, []]]
    )
    heading = t(f"data.upload.{found.phase}")
    return [
        _card(
            heading,
            t("data.upload.wait"),
            bar,
            html.Ol(lines, className="upload-stages"),
            html.P(_doing(t, stage, doing), className="quiet"),
        )
    ]


def _doing(t: Text, stage: str, doing: str) -> str:
    if stage == "build" and doing:
        done, _, regions = doing.partition("/")
        return t("data.upload.build.regions", done=done, of=regions) if regions else t(f"data.upload.build.{doing}")
    return t(f"table.{doing}") if stage == "merge" and doing in TABLES else doing


# --- problems --------------------------------------------------------------------------------------------------
def problems(found: Upload) -> list[Problem]:
    """Every problem of the upload, as one goes through the files."""
    return problems_of(found.last).in_order if found.phase == uploads.FAULTY else []


PROBLEM_COLUMNS = ("file", "sheet", "row", "header", "found", "remedy")


def problem_line(t: Text, problem: Problem) -> tuple[Any, ...]:
    # what is only seen when rows meet those that are there is a problem of the table
    file = t(f"table.{problem.file}") if problem.file in TABLES else problem.file
    return (file, problem.sheet, problem.row, problem.column, problem.found, problem.sentence(t))


def _faulty(now: Scene, found: Upload) -> list[Any]:
    t, listed, total = now.t, problems(found), found.last["total"]
    head = html.Thead(
        html.Tr([html.Th(t(f"data.table.{name}"), scope="col", className="words") for name in PROBLEM_COLUMNS])
    )
    lines = [
        html.Tr(
            [
                html.Td(str(cell) if known(cell) and cell != "" else MISSING, className="words")
                for cell in problem_line(t, problem)
            ]
        )
        for problem in listed[:MOST_PROBLEMS]
    ]
    more = len(listed) - MOST_PROBLEMS
    heading = t("data.upload.faulty", n=number(total, 0))
    table = html.Table([head, html.Tbody(lines)], className="data-table problems")
    return [
        _card(
            heading,
            t("data.upload.faulty.what"),
            html.Div(table, className="data-rows tall", tabIndex=0, role="region", **{"aria-label": heading}),
            html.P(t("data.more", n=number(more, 0)), className="quiet") if more > 0 else None,
            html.P([t("data.download"), *_links(now)], className="quiet data-download"),
            _buttons(t, "discard"),
        )
    ]


def _links(now: Scene) -> list[Any]:
    links = [
        html.A(
            kind.upper(),
            href=address(f"download:{kind}", PATH, now.filters, None, now.snapshot.id if now.snapshot else ""),
        )
        for kind in ("csv", "xlsx")
    ]
    return [links[0], " · ", links[1]]


# --- the summary -----------------------------------------------------------------------------------------------
def _checked(now: Scene, found: Upload) -> list[Any]:
    t, result = now.t, found.last
    if not result["changes"]:
        return [_card(t("data.upload.same"), t("data.upload.same.what"), _summary(now, result), _buttons(t, "discard"))]
    top = _card(
        t("data.upload.checked", n=number(result["changes"], 0)),
        t("data.upload.checked.what"),
        _summary(now, result),
        *_remarks(t, result),
    )
    return [
        html.Div(
            [top, html.Div([_confirmation(now), *_replaced(now, result)], className="data-column")],
            className="data-two",
        )
    ]


def _summary(now: Scene, result: dict[str, Any]) -> html.Div:
    t, rows = now.t, periods_of(result)
    names = ("added", "changed", "unchanged", "removed")
    head = [html.Th(t(f"data.table.{name}"), scope="col") for name in ("table", "quarter", *names)]
    lines = [
        html.Tr(
            [
                html.Th(t(f"table.{row.table}"), scope="row"),
                html.Td(row.period or MISSING),
                *(
                    html.Td(
                        number(getattr(row, name), 0) if getattr(row, name) else "·",
                        className="found" if getattr(row, name) and name != "unchanged" else None,
                    )
                    for name in names
                ),
            ]
        )
        for row in rows[:MOST_PERIODS]
    ]
    more = len(rows) - MOST_PERIODS
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(lines)], className="data-table upload-periods")
    words = [html.P(t("data.more.lines", n=more), className="quiet")] if more > 0 else []
    return html.Div(
        [table, *words],
        className="data-rows tall",
        tabIndex=0,
        role="region",
        **{"aria-label": t("data.upload.summary")},
    )


def _remarks(t: Text, result: dict[str, Any]) -> list[Any]:
    said = []
    if result["examples"]:
        said.append(t("import.examples", n=result["examples"]))
    said += [
        t("import.unused", file=file, headers=t("list.separator").join(names))
        for file, names in result["unused"].items()
    ]
    if result["skipped"]:
        said.append(t("import.skipped", files=t("list.separator").join(result["skipped"][:10])))
    for name, table in result["tables"].items():
        counts = [
            t(f"import.count.{key}", n=table[key]) for key in ("not_cast", "filtered", "repeated") if table.get(key)
        ]
        if counts:
            said.append(t("data.upload.remark", table=t(f"table.{name}"), counts=t("import.separator").join(counts)))
    return [html.P(words, className="quiet") for words in said]


def _replaced(now: Scene, result: dict[str, Any]) -> list[Any]:
    t, cells = now.t, result["restated"]
    if not result["n_restated"]:
        return [_card(t("data.upload.replaces.none"), t("data.upload.replaces.none.what"))]
    names = ("table", "quarter", "detail", "column", "change")
    head = [html.Th(t(f"data.table.{name}"), scope="col", className="words") for name in names]
    lines = []
    for table, _region, period, key, column, old, new in cells[:MOST_CELLS]:
        words = " · ".join(str(value) for name, value in json.loads(key).items() if value and name != "quarter")
        before, after = (value if value not in (None, "") else t("data.empty") for value in (old, new))
        lines.append(
            html.Tr(
                [
                    html.Th(t(f"table.{table}"), scope="row"),
                    html.Td(period or MISSING),
                    html.Td(words, className="words"),
                    html.Td(column, className="words"),
                    html.Td([html.Span(before, className="old"), " → ", html.B(after)], className="words"),
                ]
            )
        )
    heading = t("data.upload.replaces", n=number(result["n_restated"], 0))
    more = result["n_restated"] - len(lines)
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(lines)], className="data-table")
    return [
        _card(
            heading,
            t("data.upload.replaces.what"),
            html.Div(table, className="data-rows", tabIndex=0, role="region", **{"aria-label": heading})
            if lines
            else None,
            html.P(t("data.upload.more", n=number(more, 0)), className="quiet") if more > 0 else None,
            html.P([t("data.download"), *_links(now)], className="quiet data-download") if lines else None,
        )
    ]


def _confirmation(now: Scene) -> html.Section:
    t = now.t
    fields = [
        html.Label(
            [html.Span(t("data.upload.who")), signature_field({"upload_field": "who"}, LONGEST_WHO)],
            className="upload-field",
        ),
        html.Label(
            [
                html.Span(t("data.upload.note")),
                Field("input", {"upload_field": "note"}, "", maxLength=LONGEST_NOTE),
            ],
            className="upload-field",
        ),
    ]
    return _card(t("data.upload.ask"), t("data.upload.ask.what"), *fields, _buttons(t, "confirm", "discard"))


def _buttons(t: Text, *done: str) -> html.Div:
    buttons = [
        html.Button(
            t(f"data.upload.do.{name}"),
            id={"upload_do": name},
            className="button primary" if name in ("confirm", "again") else "button",
            type="button",
        )
        for name in done
    ]
    return html.Div(
        [*buttons, html.P(id={"upload_said": "it"}, className="follow-said", role="alert")], className="follow-send"
    )


# --- the end ---------------------------------------------------------------------------------------------------
def _published(now: Scene, found: Upload) -> list[Any]:
    t, snapshot = now.t, now.snapshot
    manifest = snapshot.manifest if snapshot else None
    result = found.last if found.last and found.last.get("periods") is not None else found.checked
    links = [
        view_link(t("data.view.loaded"), PATH, replace(now.filters, view="loaded", upload=None)),
        *(
            [html.A(t("data.upload.flags"), href="/changes" + now.filters.without_row().to_search())]
            if manifest and manifest.content.get("parent")
            else []
        ),
        html.A(t("nav.overview"), href="/" + now.filters.without_row().to_search()),
    ]
    said = t(
        "data.upload.published", number=(found.last or {}).get("number") or (manifest.number if manifest else MISSING)
    )
    who = t("data.upload.signed", who=found.who, note=found.note or MISSING)
    return [_card(said, who, html.Div(links, className="upload-links"), _summary(now, result) if result else None)]


def _unchanged(now: Scene, found: Upload) -> list[Any]:
    return [_card(now.t("data.upload.same"), now.t("data.upload.same.what"), _buttons(now.t, "discard"))]


def _broken(now: Scene, found: Upload) -> list[Any]:
    t, last = now.t, found.last
    if last["code"] == "demonstration":
        return [
            _card(
                t("data.upload.not_here"),
                t("data.upload.not_here.what", regions=last["values"]["regions"]),
                html.Pre(t("data.upload.not_here.command"), className="upload-command"),
                _buttons(t, "discard"),
            )
        ]
    values = last.get("values", {})
    words = t(f"folder.{last['code']}", **values) if last["code"] else last.get("message", "")
    return [_card(t("data.upload.broken"), words, _buttons(t, "again", "discard"))]


def _cut_short(now: Scene, found: Upload) -> list[Any]:
    t = now.t
    return [_card(t("data.upload.cut_short"), t("data.upload.cut_short.what"), _buttons(t, "again", "discard"))]


def restated_lines(found: Upload) -> Sequence[Sequence[Any]]:
    """What a confirmation would replace, a cell a line."""
    return found.last["restated"] if found.phase == uploads.CHECKED else ()
