"""The shell: one Dash app around a warehouse. Navigation comes from the registered pages, the view from the address."""

import datetime
import hashlib
import io
import json
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

import dash
import flask
import pandas as pd
from dash import ALL, ClientsideFunction, Dash, Input, Output, State, dcc, no_update
from dash.exceptions import DependencyException

from dashboard import api, catalog, exports
from dashboard.access.actors import Actor, ForbiddenError, require
from dashboard.access.administration import register_administration
from dashboard.access.gate import SIGNED_IN, UPDATE, Identify, actor, can, needs, passing, register_gate
from dashboard.access.guard import Guard
from dashboard.access.identity import is_secure
from dashboard.access.sign_in import home, register_sign_in
from dashboard.access.traced import register_traced, trace_refusal
from dashboard.components import html
from dashboard.components.chart_card import register_charts
from dashboard.components.controls import chosen
from dashboard.components.frame import SEARCH, chip, crumb, footer, frame, inherited, notices, rail
from dashboard.components.light import light
from dashboard.components.links import MEETING_PATH, WORKER, address
from dashboard.components.sheet import TYPES
from dashboard.components.states import page_forbidden
from dashboard.filters import READERS, RESETS, Filters
from dashboard.i18n.text import preferred, translator
from dashboard.operation.errors import register_errors
from dashboard.operation.kept import STATIC, Kept, keep_answers, kept_name
from dashboard.operation.meters import Meters
from dashboard.operation.probes import register_probes
from dashboard.operation.program import program
from dashboard.operation.turnstile import Limits, Turnstile
from dashboard.pages._data_parts import register_templates
from dashboard.pages._follow_up import RECORDED, register_follow_up
from dashboard.pages._meeting import register_decisions
from dashboard.pages._notes import NOTED, register_notes
from dashboard.pages._report import register_reports
from dashboard.pages._scene import current_id, scene
from dashboard.pages._upload import register_uploads
from dashboard.reports.pictures import LARGEST, SCALES, PictureError
from dashboard.search import Page, Search
from dashboard.settings import Settings
from dashboard.shell import Shell, serve_joined
from dashboard.store import Store, StoreError
from dashboard.warehouse import Warehouse

ROOT = Path(__file__).parent
AN_HOUR, A_YEAR = 3600, 365 * 24 * 3600
READER = "mingjing-reader"  # the cookie that a page may read
PULSE = 60_000  # milliseconds between two looks for a newer snapshot


def create_app(warehouse: Warehouse, settings: Settings, identify: Identify, limits: Limits | None = None) -> Dash:
    """The app, warmed up: its first concurrent callbacks find everything in place. `identify` tells who asks; from
    here on every query is behind the guard."""
    # Pages read the few rows that they show one by one: a column of Arrow's would make each text anew each time.
    pd.set_option("mode.string_storage", "python")
    known = catalog.load_catalog()
    fine = frozenset(name for name, query in catalog.indicators(known).items() if query.header.get("fine"))
    warehouse = warehouse.behind(Guard(actor, fine, catalog.gaps(known)))
    kept = Kept()
    server = flask.Flask("dashboard")
    server.config.update(COMPRESS_CACHE_BACKEND=lambda: kept, COMPRESS_CACHE_KEY=kept_name)
    app = Shell(
        "dashboard",
        server=server,
        assets_folder=str(ROOT.parent / "assets"),
        assets_ignore=r"\.(css|js)$",  # the shell names what a page needs
        use_pages=True,
        pages_folder=str(ROOT / "pages"),
        suppress_callback_exceptions=True,  # each page brings its own components
        update_title=None,
        compress=True,
        serve_locally=True,
        routing_callback_inputs={"snapshot": State("snapshot", "data")},
    )
    store, meters = Store(warehouse.folder.folder), Meters()
    app.server.config.update(WAREHOUSE=warehouse, SETTINGS=settings, STORE=store)
    register_errors(app.server, api.ROOT)
    register_probes(app.server, warehouse, store, meters, settings.metrics_from)
    found = Search(
        [Page(p["path"], p["name"], p.get("action", "")) for p in dash.page_registry.values() if p.get("icon")]
    )
    app.server.config["SEARCH"] = found
    app.layout = _layout(warehouse)
    for page in dash.page_registry.values():
        page["layout"] = _guarded(page)
    app.server.config["CALLBACKS"] = lambda: app.callback_map
    register_gate(app.server, _with_those_below(identify, warehouse), _action_of_module)
    _lead_home(app.server)
    _keep_address(app)
    _keep_frame(app)
    _keep_current(app)
    register_charts(app)
    register_follow_up(app)
    register_decisions(app.server)
    register_notes(app)
    register_uploads(app)
    register_templates(app)
    register_reports(app)
    serve_joined(app.server)
    _serve_downloads(app.server)
    _serve_exports(app.server)
    _serve_api(app.server, api.Api(warehouse))
    _serve_search(app.server, found, warehouse)
    register_sign_in(app.server, app.server.config["STORE"], settings)
    register_administration(app.server)
    register_traced(app.server)
    _mark_reader(app.server)
    _protect(app.server)
    app.server.test_client().get("/_dash-dependencies")
    _keep_answers(app, warehouse, store, kept)
    app.server.config["CONTENT_POLICY"] = _content_policy(app)
    app.server.wsgi_app = app.server.config["TURNSTILE"] = Turnstile(app.server.wsgi_app, meters, program(), limits)
    return app


def _with_those_below(identify: Identify, warehouse: Warehouse) -> Identify:
    """Whoever is of a place is of all regions that lie in it, as the snapshot shown now has them: a right follows what
    one answers for today, also where an earlier snapshot is looked at. What lay in what then is that snapshot's own to
    say, and the sum of a place is for those alone who are of all regions that it is made of (pages/place_figures)."""

    def who(request: flask.Request) -> Actor | None:
        known, now = identify(request), warehouse.current()
        return known.with_those_below(now.regions_below) if known and now else known

    return who


def _keep_answers(app: Dash, warehouse: Warehouse, store: Store, kept: Kept) -> None:
    """What a steady page shows is drawn once for all who see the same: it follows from the address, the snapshot and
    what was recorded, on this day."""

    def state() -> Any:
        now = warehouse.current()
        try:
            return [now and (now.id, now.fell_back), store.state(), datetime.date.today()]
        except StoreError:  # the page says what is wrong
            return None

    def page(request: flask.Request) -> Any:
        return None if _is_past(request.full_path) or not _is_steady(path=request.path) else request.full_path

    def update(request: flask.Request) -> Any:
        body = request.get_json()
        registered = app.callback_map[body["output"]]
        asked = [body["output"], body["inputs"], body.get("state")]
        return None if _is_past(json.dumps(asked)) or not _is_steady_update(registered, body) else asked

    for endpoint, question in {"/": page, "/<path:path>": page, UPDATE: update}.items():
        keep_answers(app.server, endpoint, kept, question, state)


def _is_past(asked: str) -> bool:
    """What was known on a day may change while the snapshot shown does not: where an import was taken back."""
    return "known=" in asked


def _is_steady(**about: str) -> bool:
    return any(page.get("steady") and about.items() <= page.items() for page in dash.page_registry.values())


def _is_steady_update(registered: dict[str, Any], body: dict[str, Any]) -> bool:
    """Whether the callback draws a page anew because its address changed; what somebody recorded is none."""
    listens = {f"{one['id']}.{one['property']}": one.get("value") for one in body["inputs"] if isinstance(one, dict)}
    if "_pages_location.pathname" in listens:
        return _is_steady(path=listens["_pages_location.pathname"])
    function = registered["callback"]
    return "url.search" in listens and (getattr(function, "is_steady", False) or _is_steady(module=function.__module__))


def _lead_home(server: flask.Flask) -> None:
    """Who opens the bare address and may not see the overview begins where the role lets one in."""

    @server.before_request
    def lead() -> flask.typing.ResponseReturnValue | None:
        overview = next(page for page in dash.page_registry.values() if page["path"] == "/")
        if flask.request.endpoint != "/" or can(overview.get("action", "")):
            return None
        return flask.redirect(home(actor()), 303)


def _action_of_module(module: str) -> str | None:
    """What one must be allowed for a callback of this module: what its page declares."""
    return next((page.get("action") for page in dash.page_registry.values() if page["module"] == module), None)


def _guarded(page: dict[str, Any]) -> Callable[..., html.Div]:
    """The page's layout for those who may see the page, and for others that they may not."""
    layout = getattr(page["layout"], "unguarded", page["layout"])

    @wraps(layout)
    def drawn(snapshot: str | None = None, **query: Any) -> html.Div:
        try:
            require(actor(), page.get("action", ""), what=page["path"])
            return layout(snapshot=snapshot, **query)
        except ForbiddenError as error:  # the page, or something that it is made of
            passing()
            with suppress(StoreError):  # it is refused in any case
                trace_refusal(error)
        now = scene(Filters.from_query(query), snapshot, undated=True)
        title = now.t(page["name"])
        return frame(now.t, now.lang, page["path"], title, now.filters, now.facts, (), page_forbidden(now.t))

    drawn.unguarded = layout
    return drawn


def _layout(warehouse: Warehouse) -> Callable[[], html.Div]:
    """What a browser loads once. `snapshot` pins all that it asks for afterwards to one state of the data."""

    def layout() -> html.Div:
        now = warehouse.current()
        return html.Div(
            [
                dcc.Location(id="url", refresh=False),
                dcc.Store(id="snapshot", data=now.id if now else ""),
                dcc.Store(id="shape", data={"order": list(READERS), "resets": RESETS}),
                dcc.Store(id="moved"),
                dcc.Store(id="told"),
                dcc.Store(id="newest"),
                dcc.Store(id=RECORDED),
                dcc.Store(id=NOTED),
                dcc.Interval(id="pulse", interval=PULSE),
                dash.page_container,
            ]
        )

    return layout


def _keep_current(app: Dash) -> None:
    """A page that stays open follows an import: it is loaded anew as a whole, never in parts."""

    @app.callback(
        Output("newest", "data"),
        Input("pulse", "n_intervals"),
        State("snapshot", "data"),
        prevent_initial_call=True,
    )
    @needs(SIGNED_IN)
    def look(_pulse: int, snapshot: str) -> Any:
        newest = current_id()
        return no_update if newest in ("", snapshot) else newest

    app.clientside_callback(
        ClientsideFunction("mingjing", "reload"), Input("newest", "data"), prevent_initial_call=True
    )


def _keep_address(app: Dash) -> None:
    """The address is the state: a moved control writes it, and Back or a link sets the controls (address.js). Only
    controls of which several are one filter are read here."""
    values, ids = {"filter": ALL, "default": ALL}, State({"filter": ALL, "default": ALL}, "id")
    app.clientside_callback(
        ClientsideFunction("mingjing", "keepAddress"),
        Output("url", "search"),
        Input("url", "search"),
        Input(values, "value"),
        Input("told", "data"),
        ids,
        prevent_initial_call=True,
    )

    @app.callback(
        Output("told", "data"),
        Input("moved", "data"),
        State("url", "search"),
        State(values, "value"),
        ids,
        prevent_initial_call=True,
    )
    @needs(SIGNED_IN)
    def tell(_moved: Any, search: str, values: list[Any], ids: list[dict[str, str]]) -> dict[str, str | None]:
        """`search`: the address that the controls ask for; None where it is refused, as weights that are all zero."""
        filters = Filters.from_search(search)
        moved = filters.changed(chosen(ids, values))
        return {"of": search, "search": None if moved == filters else moved.to_search()}


def _keep_frame(app: Dash) -> None:
    """Links, notices and footer follow the address."""

    @app.callback(
        Output("rail", "children"),
        Output({"link": ALL}, "href"),
        Output("chosen", "children"),
        Output("notices", "children"),
        Output("foot", "children"),
        Output("crumb", "children"),
        Output(SEARCH, "value"),
        Input("url", "search"),
        State("url", "pathname"),
        State({"link": ALL}, "id"),
        State("snapshot", "data"),
        prevent_initial_call=True,
    )
    @needs(SIGNED_IN)
    def keep_frame(search: str, path: str, ids: list[dict[str, str]], snapshot: str) -> tuple[Any, ...]:
        now = scene(Filters.from_search(search), snapshot, path=path)
        facts = now.facts_at(path)
        links = [address(i["link"], path, now.filters, now.quarter, facts.snapshot) for i in ids]
        ways = light(rail(now.t, now.lang, path, now.filters, facts))
        choice = light(chip(now.t, path, now.filters, facts))
        words = light(notices(facts)), light(footer(now.t, facts)), light(crumb(facts))
        return ways, links, choice, *words, inherited(now.filters)

    keep_frame.is_steady = True


def _serve_downloads(server: flask.Flask) -> None:
    """/download/ranking.csv?… holds what /ranking?… shows; a page offers it by registering `sheet`."""

    @server.get("/download/<page>.<ending>")
    @needs("export")
    def download(page: str, ending: str) -> flask.Response:
        registered = next((p for p in dash.page_registry.values() if p["path"] == f"/{page}"), {})
        if ending not in TYPES or "sheet" not in registered:
            flask.abort(404)
        require(actor(), registered.get("action", ""), what=f"/{page}")
        filters = Filters.from_search(flask.request.query_string.decode("utf-8", "replace"))
        t = translator(filters.lang or preferred(list(flask.request.accept_languages.values())))
        sheet = registered["sheet"](filters, flask.request.args.get("snapshot"))
        if sheet is None:
            sentence = t("download.then", date=filters.known) if filters.known else t("download.nothing")
            return flask.Response(sentence, 404, mimetype="text/plain")
        content = io.BytesIO(sheet.written(ending, t))
        name = f"{sheet.name}.{ending}"
        return flask.send_file(content, TYPES[ending], as_attachment=True, download_name=name, max_age=0)


def _serve_exports(server: flask.Flask) -> None:
    """/export/cases/cases-flow.pdf?… is that chart of /cases?… as a file; the drawing of a figure is sent along."""

    @server.route("/export/<chart>.<ending>", defaults={"page": ""}, methods=["GET", "POST"])
    @server.route("/export/<page>/<chart>.<ending>", methods=["GET", "POST"])
    @needs("export")
    def export(page: str, chart: str, ending: str) -> flask.Response:
        request = flask.request
        scale = request.args.get("scale", "1")
        if ending not in exports.TYPES or scale not in map(str, SCALES):
            flask.abort(404)
        search = request.query_string.decode("utf-8", "replace")
        found = exports.charts(f"/{page}", search, request.args.get("snapshot")).get(chart)
        t = translator(Filters.from_search(search).lang or preferred(list(request.accept_languages.values())))
        if found is None:
            word = "export.finer" if actor().without else "export.nothing"
            return flask.Response(t(word), 404, mimetype="text/plain")
        if found.needs_drawing(ending) and request.args.get("drawn") != found.stamp:
            return flask.Response(t("export.stale"), 409, mimetype="text/plain")
        try:
            content = found.file(ending, lambda *_: _sent(request), int(scale))
        except PictureError as error:
            return flask.Response(t(f"export.{error.code}"), 400, mimetype="text/plain")
        name = f"{found.file_name}.{ending}"
        return flask.send_file(
            io.BytesIO(content), exports.TYPES[ending], as_attachment=True, download_name=name, max_age=0
        )


def _sent(request: flask.Request) -> str:
    if request.content_length is None or request.content_length > LARGEST:
        raise PictureError("drawing", "size")
    return request.get_data().decode("utf-8", "replace")


def _serve_api(server: flask.Flask, answers: api.Api) -> None:
    """Every verb comes in, so that a wrong one is refused in the API's own words."""
    verbs = [*api.METHODS, "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]

    @server.route(f"{api.ROOT}/", defaults={"path": ""}, methods=verbs, provide_automatic_options=False)
    @server.route(f"{api.ROOT}/<path:path>", methods=verbs, provide_automatic_options=False)
    @needs("export")
    def answer(path: str) -> flask.Response:
        request = flask.request
        query = request.query_string.decode("utf-8", "replace")
        accepted = list(request.accept_languages.values())
        found = answers.answer(request.method, path, query, request.headers, accepted, actor().sight)
        if found.forbidden:
            trace_refusal(found.forbidden)
        return flask.Response(found.body, found.status, found.headers)


def _serve_search(server: flask.Flask, found: Search, warehouse: Warehouse) -> None:
    """What the search panel looks in; the address changes with snapshot and program, so a browser keeps it."""

    @server.get("/search/<name>.json")
    @needs(SIGNED_IN)
    def index(name: str) -> flask.Response:
        snapshot = warehouse.pinned(name)
        if snapshot is None and name != "none":
            flask.abort(404)
        response = flask.Response(found.index(snapshot, actor()), mimetype="application/json")
        if flask.request.args.get("v") == found.version(actor()):
            response.cache_control.private = True
            response.cache_control.max_age = A_YEAR
            response.cache_control.immutable = True
        return response


def _content_policy(app: Dash) -> str:
    """Nothing from outside, no inline script but Dash's own; the warm-up has registered the last of those."""
    scripts = " ".join(app.csp_hashes())
    rules = {
        "default-src": "'self'",
        "script-src": f"'self' {scripts}",
        "style-src": "'self' 'unsafe-inline'",  # Dash's and Plotly's own components write style rules
        "img-src": "'self' data: blob:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def _mark_reader(server: flask.Flask) -> None:
    """A page holds answers that it fetched ahead (assets/script/answers.js): it must know at once that somebody else
    signed in, or nobody is any more, in whichever tab. The mark says who in no other way than by being another one."""

    @server.after_request
    def mark(response: flask.Response) -> flask.Response:
        request, wanted = flask.request, ""
        if request.path.startswith(STATIC) or response.status_code >= 400:
            return response
        with suppress(StoreError):  # then nobody is answered
            if (who := actor()) and who.name:
                wanted = hashlib.sha256(f"{who.name}\n{who.sight}".encode()).hexdigest()[:16]
        if request.cookies.get(READER, "") == wanted or request.path.startswith(f"{api.ROOT}/"):
            return response
        if wanted:
            response.set_cookie(READER, wanted, secure=is_secure(request), samesite="Lax")
        else:
            response.delete_cookie(READER, secure=is_secure(request), samesite="Lax")
        return response


def _protect(server: flask.Flask) -> None:
    """What is said to who may not, and the headers of every answer: what a browser may load, for how long; 404s."""

    @server.errorhandler(DependencyException)
    def no_such_script(_error: DependencyException) -> flask.typing.ResponseReturnValue:
        """Dash says so by an exception; it is a wrong address like any other."""
        return "", 404

    @server.after_request
    def headers(response: flask.Response) -> flask.Response:
        request = flask.request
        response.headers["Content-Security-Policy"] = server.config.get("CONTENT_POLICY", "default-src 'none'")
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        if request.path == f"/assets/{WORKER}":  # else it might only stand before what is beside it
            response.headers["Service-Worker-Allowed"] = MEETING_PATH
        if is_secure(request):
            response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = (
            "same-origin"  # no page from elsewhere shows a chart as its own
        )
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        if not request.path.startswith(STATIC):
            response.vary.add("Cookie")  # the same address is another page for somebody else
            response.headers.setdefault("Cache-Control", "private, no-store")
        if request.path == MEETING_PATH and response.status_code == 200 and actor() and not can("agenda"):
            response.status_code = 403  # the page says so by itself; the worker learns that its copy must go
        if request.path.startswith("/assets/") and response.status_code == 200:
            response.direct_passthrough = False
            response.set_data(response.get_data())  # as a whole: it is compressed once and not with each request
            # A fingerprint changes with the file; fonts change with a release only.
            is_fixed = "m" in request.args or request.path.startswith(("/assets/fonts/", "/assets/plotly/"))
            response.cache_control.no_cache = None
            response.cache_control.public = True
            response.cache_control.max_age = A_YEAR if is_fixed else AN_HOUR
        is_page = request.path in {page["path"] for page in dash.page_registry.values()}
        if request.endpoint == "/<path:path>" and response.status_code == 200 and not is_page:
            response.status_code = 404
        return response
