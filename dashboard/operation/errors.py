"""What a person or a program is told when something went wrong: a sentence and the number under which the journal has
the rest; never a traceback, a statement or a path."""

import html
import json
import random
from typing import Any

import flask
from werkzeug.exceptions import Forbidden, HTTPException, ServiceUnavailable

from dashboard.access.actors import ForbiddenError
from dashboard.access.traced import trace_refusal
from dashboard.filters import Filters
from dashboard.i18n.text import LANGUAGES, Text, preferred, translator
from dashboard.operation.turnstile import BUSY, ID, ROLE, ROUTE
from dashboard.store import StoreError

WORDED = (400, 401, 403, 404, 405, 413, 500, 503)  # other codes are told like the first of their kind
RETRY_AFTER = (1, 4)  # seconds, at random: not all come again at once

PAGE = """<!DOCTYPE html>
<html lang="{language}"{theme}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<script src="/assets/script/theme.js"></script>
{again}<link rel="stylesheet" href="/assets/style/0-fonts.css">
<link rel="stylesheet" href="/assets/style/1-tokens.css">
<link rel="stylesheet" href="/assets/style/26-trouble.css">
</head>
<body class="trouble">
<main>
<h1>{title}</h1>
<p>{sentence}</p>
<p class="quiet">{incident}</p>
<p><a href="/">{home}</a></p>
</main>
</body>
</html>"""
# A page that nobody could draw yet asks again by itself.
AGAIN = """<script src="/assets/script/busy.js" defer></script>
<noscript><meta http-equiv="refresh" content="20"></noscript>
"""


def register_errors(server: flask.Flask, problem_root: str) -> None:
    """Errors in words, and the refusal where the turnstile had no place; below `problem_root` they are RFC 9457."""

    def note() -> None:
        environ = flask.request.environ
        environ[ROUTE] = flask.request.url_rule.rule if flask.request.url_rule else "none"
        if environ.get(BUSY):
            raise ServiceUnavailable(retry_after=random.randint(*RETRY_AFTER))

    # before whatever asks who this is: a refusal must cost nothing
    server.before_request_funcs.setdefault(None, []).insert(0, note)

    @server.teardown_request
    def note_role(_error: BaseException | None) -> None:
        flask.request.environ[ROLE] = getattr(flask.g.get("actor"), "role", None)

    @server.errorhandler(ForbiddenError)
    def refuse(error: ForbiddenError) -> Any:
        """Which rule it was is for the trace; whoever asked learns only that it is so."""
        trace_refusal(error)
        return tell(Forbidden())

    @server.errorhandler(StoreError)
    def shut(error: StoreError) -> Any:
        """Who asks cannot be read, so nobody is answered."""
        server.logger.error("store: %s", error)
        return tell(ServiceUnavailable())

    @server.errorhandler(HTTPException)
    def tell(error: HTTPException) -> Any:
        if error.response is not None:
            return error.response
        request, status = flask.request, error.code or 500
        search = request.query_string.decode("utf-8", "replace")
        filters = Filters.from_search(search)
        lang = filters.lang or preferred(list(request.accept_languages.values()))
        incident = request.environ.get(ID, "")
        sentence = translator(lang)(f"trouble.{_worded(status)}")
        if request.path.startswith(f"{problem_root}/"):
            kind = "application/problem+json"
            body = json.dumps(
                {"type": "about:blank", "title": sentence, "status": status, "incident": incident}, ensure_ascii=False
            )
        elif request.accept_mimetypes.best_match(("application/json", "text/html")) == "text/html":
            kind, body = "text/html; charset=utf-8", _page(translator(lang), lang, filters.theme, status, incident)
        else:
            kind, body = "application/json", json.dumps({"error": sentence, "incident": incident}, ensure_ascii=False)
        kept = [(name, value) for name, value in error.get_headers() if name in ("Retry-After", "Allow")]
        headers = [*kept, ("Cache-Control", "no-store"), ("Content-Language", lang)]
        return flask.Response(body, status, headers, content_type=kind)


def _worded(status: int) -> int:
    return status if status in WORDED else 500 if status >= 500 else 400


def _page(t: Text, lang: str, theme: str | None, status: int, incident: str) -> str:
    return PAGE.format(
        language=LANGUAGES[lang],
        theme=f' data-bs-theme="{theme}"' if theme else "",
        title=html.escape(t("trouble.title", status=status)),
        again=AGAIN if status == 503 else "",
        sentence=html.escape(t(f"trouble.{_worded(status)}")),
        incident=html.escape(t("trouble.incident", id=incident)),
        home=html.escape(t("trouble.home")),
    )
