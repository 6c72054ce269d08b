"""The page that is served: its view stands there before any script runs, and what Dash asks first comes along."""

import re
from functools import cache
from typing import Any

import dash
import flask
from dash import Dash
from plotly.io.json import to_json_plotly

from dashboard.access.gate import open_to_all
from dashboard.components.first_view import first_view
from dashboard.filters import Filters
from dashboard.i18n.text import LANGUAGES, preferred, translator
from dashboard.operation.program import program
from dashboard.styles import ASSETS, style_sheet

STYLES, SCRIPTS = "style/all.css", "script/all.js"
APART = (  # scripts that are not among `SCRIPTS`
    "theme.js",  # in <head>, before anything is painted
    "busy.js",  # on a page that nobody could draw
    "meeting.js",  # where there is a meeting: assets/script/page.js
    "meeting-worker.js",  # no script of a page
)
FILES = {
    "favicon": "favicon.svg",
    "styles": STYLES,
    "scripts_of_ours": SCRIPTS,
    "theme_script": "script/theme.js",
    "meeting_script": "script/meeting.js",
}
PLOTLY = "plotly/plotly-bars-and-points-4.1.1.min.js"  # read by the browser when it draws the first chart, not before
# What Dash sends along and nothing here asks for: no page has its DataTable, and what the polyfill of 2020 brings, each
# browser that shows these pages has by itself, but for the little that assets/script/charts.js has instead.
UNUSED = re.compile(r'<script src="[^"]*/(?:deps/polyfill@|dash_table/)[^"]*"></script>\n?')

INDEX = """<!DOCTYPE html>
<html lang="{language}"{theme} data-program="{program}" data-plotly="{plotly}" data-meeting="{meeting_script}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="{favicon}" type="image/svg+xml">
<script src="{theme_script}"></script>
<link rel="stylesheet" href="{styles}">
</head>
<body>
<div id="first-view">{view}</div>
<div id="react-entry-point"></div>
<noscript><p class="notice">{noscript}</p></noscript>
{given}
{config}
<script src="{scripts_of_ours}"></script>
{scripts}
{renderer}
</body>
</html>"""

WAITING = '<div class="waiting"><b>{name}</b><span>{loading}</span></div>'
GIVEN = '<script type="application/json" id="given-{name}">{text}</script>'  # data, which no browser runs


class Shell(Dash):
    """Dash with a served page that shows its view before any script runs, in the right language and theme."""

    def interpolate_index(self, **parts: str) -> str:
        filters = Filters.from_query(flask.request.args.to_dict())
        lang = filters.lang or preferred(list(flask.request.accept_languages.values()))
        t = translator(lang)
        path = flask.request.path
        page = next((p for p in dash.page_registry.values() if p["path"] == path), None)
        title = page["title"]() if page else t("nav.unknown")
        view, given = (
            self._drawn(page, title) if page else (WAITING.format(name=t("app.name"), loading=t("app.loading")), {})
        )
        return INDEX.format(
            title=title,
            **{name: f"{self.get_asset_url(path)}?m={program()}" for name, path in FILES.items()},
            plotly=self.get_asset_url(PLOTLY),
            language=LANGUAGES[lang],
            theme=f' data-bs-theme="{filters.theme}"' if filters.theme else "",
            program=program(),
            view=view,
            given="\n".join(GIVEN.format(name=name, text=text.replace("<", "\\u003c")) for name, text in given.items()),
            noscript=t("app.noscript"),
            scripts=UNUSED.sub("", parts["scripts"]),
            **{name: parts[name] for name in ("config", "renderer")},
        )

    def _drawn(self, page: dict[str, Any], title: str) -> tuple[str, dict[str, str]]:
        """The page's view as HTML, and the answers to what Dash asks first, by what assets/script/answers.js calls
        them: its layout, who listens to what, and the same view for itself."""
        shell = self.get_layout()
        query = {
            name: text[0] if len(text) == 1 else text for name, text in flask.request.args.to_dict(flat=False).items()
        }
        view = page["layout"](**{**query, "snapshot": shell["snapshot"].data})
        routed = {"_pages_content": {"children": view}, "_pages_store": {"data": {"title": title}}}
        given = {"layout": shell, "dependencies": self._callback_list, "view": {"multi": True, "response": routed}}
        return first_view(view), {name: to_json_plotly(one) for name, one in given.items()}


@cache
def _scripts() -> str:
    """All scripts that every page has, by their names."""
    files = sorted(file for file in (ASSETS / "script").glob("*.js") if file.name not in APART)
    return "\n".join(file.read_text("utf-8") for file in files)


def serve_joined(server: flask.Flask) -> None:
    """Once for the app."""

    @server.get(f"/assets/{STYLES}")
    @open_to_all
    def styles() -> flask.Response:
        return flask.Response(style_sheet(), mimetype="text/css")

    @server.get(f"/assets/{SCRIPTS}")
    @open_to_all
    def scripts() -> flask.Response:
        return flask.Response(_scripts(), mimetype="text/javascript")
