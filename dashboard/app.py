"""The shell: one Dash app around a warehouse. Navigation comes from the registered pages, the view from the address."""

import io
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

import dash
import flask
from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.exceptions import DependencyException

from dashboard import api, catalog, exports
from dashboard.access.actors import ForbiddenError, require
from dashboard.access.administration import register_administration
from dashboard.access.gate import SIGNED_IN, Identify, actor, can, needs, register_gate
from dashboard.access.guard import Guard
from dashboard.access.identity import is_secure
from dashboard.access.sign_in import home, register_sign_in
from dashboard.access.traced import register_traced, trace_refusal
from dashboard.components.chart_card import register_charts
from dashboard.components.controls import WEIGHT, chosen, shown
from dashboard.components.frame import SEARCH, chip, crumb, footer, frame, inherited, notices
from dashboard.components.light import light
from dashboard.components.links import MEETING_PATH, WORKER, address
from dashboard.components.sheet import TYPES
from dashboard.components.states import page_forbidden
from dashboard.filters import Filters
from dashboard.i18n.text import LANGUAGES, preferred, translator
from dashboard.operation.errors import register_errors
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
from dashboard.store import Store, StoreError
from dashboard.warehouse import Warehouse

ROOT = Path(__file__).parent
AN_HOUR, A_YEAR = 3600, 365 * 24 * 3600
PULSE = 60_000  # milliseconds between two looks for a newer snapshot

INDEX = """<!DOCTYPE html>
<html lang="{language}"{theme} data-program="{program}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="{favicon}" type="image/svg+xml">
<script src="{theme_script}"></script>
{css}
</head>
<body>
<div id="react-entry-point"><div class="waiting"><b>{name}</b><span>{loading}</span></div></div>
<noscript><p class="notice">{noscript}</p></noscript>
{config}
{scripts}
{renderer}
</body>
</html>"""


class Shell(Dash):
    """Dash with a served page that has the right language and theme before any script runs."""

    def interpolate_index(self, **parts: str) -> str:
        filters = Filters.from_query(flask.request.args.to_dict())
        lang = filters.lang or preferred(list(flask.request.accept_languages.values()))
        t = translator(lang)
        path = flask.request.path
        page = next((p for p in dash.page_registry.values() if p["path"] == path), None)
        return INDEX.format(
            title=page["title"]() if page else t("nav.unknown"),
            favicon=self.get_asset_url("favicon.svg"),
            language=LANGUAGES[lang],
            theme=f' data-bs-theme="{filters.theme}"' if filters.theme else "",
            program=program(),
            theme_script=self.get_asset_url("script/theme.js"),
            name=t("app.name"),
            loading=t("app.loading"),
            noscript=t("app.noscript"),
            **{name: parts[name] for name in ("css", "config", "scripts", "renderer")},
        )


def create_app(warehouse: Warehouse, settings: Settings, identify: Identify, limits: Limits | None = None) -> Dash:
    """The app, warmed up: its first concurrent callbacks find everything in place. `identify` tells who asks; from
    here on every query is behind the guard."""
    known = catalog.load_catalog()
    fine = frozenset(name for name, query in catalog.indicators(known).items() if query.header.get("fine"))
    warehouse = warehouse.behind(Guard(actor, fine, catalog.gaps(known)))
    app = Shell(
        "dashboard",
        assets_folder=str(ROOT.parent / "assets"),
        # one in <head>, before anything is painted; one on a page that nobody could draw; one is no script of a page
        assets_ignore=r"^(theme|busy|meeting-worker)\.js$",
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
    register_gate(app.server, identify, _action_of_module)
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
    _serve_downloads(app.server)
    _serve_exports(app.server)
    _serve_api(app.server, api.Api(warehouse))
    _serve_search(app.server, found, warehouse)
    register_sign_in(app.server, app.server.config["STORE"], settings)
    register_administration(app.server)
    register_traced(app.server)
    _protect(app.server)
    app.server.test_client().get("/_dash-dependencies")
    app.server.config["CONTENT_POLICY"] = _content_policy(app)
    app.server.wsgi_app = app.server.config["TURNSTILE"] = Turnstile(app.server.wsgi_app, meters, program(), limits)
    return app


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
    """The address is the state: a moved control writes it, and Back or a link sets the controls."""

    @app.callback(
        Output("url", "search"),
        Output({"filter": ALL, "default": ALL}, "value"),
        Input("url", "search"),
        Input({"filter": ALL, "default": ALL}, "value"),
        State({"filter": ALL, "default": ALL}, "id"),
        prevent_initial_call=True,
    )
    @needs(SIGNED_IN)
    def keep_address(search: str, values: list[Any], ids: list[dict[str, str]]) -> tuple[Any, list[Any]]:
        filters = Filters.from_search(search)
        if ctx.triggered_id == "url":
            return no_update, shown(ids, filters)
        still = [no_update] * len(ids)
        if len(ctx.triggered) != 1:  # a page was drawn with all its controls; nobody chose anything
            return no_update, still
        moved = filters.changed(chosen(ids, values))
        if moved != filters:
            return moved.to_search(), still
        # refused, as weights that are all zero: the sliders go back to what the figures follow
        back = [value if i["filter"].startswith(WEIGHT) else no_update for i, value in zip(ids, shown(ids, filters))]
        return no_update, back


def _keep_frame(app: Dash) -> None:
    """Links, notices and footer follow the address."""

    @app.callback(
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
        choice = light(chip(now.t, path, now.filters, facts))
        return links, choice, notices(facts), footer(now.t, facts), light(crumb(facts)), inherited(now.filters)


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
            if actor().without:  # the page has the chart, and a file of this account may not hold it
                raise ForbiddenError(actor(), "export_small_counts", request.path)
            return flask.Response(t("export.nothing"), 404, mimetype="text/plain")
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
        if not request.path.startswith(("/assets/", "/_dash-component-suites/")):
            response.vary.add("Cookie")  # the same address is another page for somebody else
            response.headers.setdefault("Cache-Control", "private, no-store")
        if request.path == MEETING_PATH and response.status_code == 200 and actor() and not can("agenda"):
            response.status_code = 403  # the page says so by itself; the worker learns that its copy must go
        if request.path.startswith("/assets/") and response.status_code == 200:
            # A fingerprint changes with the file; fonts change with a release only.
            is_fixed = "m" in request.args or request.path.endswith(".woff2")
            response.cache_control.no_cache = None
            response.cache_control.public = True
            response.cache_control.max_age = A_YEAR if is_fixed else AN_HOUR
        is_page = request.path in {page["path"] for page in dash.page_registry.values()}
        if request.endpoint == "/<path:path>" and response.status_code == 200 and not is_page:
            response.status_code = 404
        return response
