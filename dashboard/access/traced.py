"""What leaves the screen and what was refused is in the trace, by the action that a route declares.

Only of people who signed in: without accounts there is nobody to name, and a stranger could fill the disk.
"""

import flask

from dashboard.access.actors import ForbiddenError
from dashboard.access.gate import actor
from dashboard.access.identity import record
from dashboard.i18n.text import preferred, translator
from dashboard.store import StoreError, complaint
from dashboard.store.trace import EXPORTED, PUBLISHED, REFUSED, REFUSED_ACTION

LEAVING = {"export": EXPORTED, "publish": PUBLISHED}


def register_traced(server: flask.Flask) -> None:
    """Once for the app, before any route is asked."""

    @server.after_request
    def keep(response: flask.Response) -> flask.Response:
        """An export that cannot be kept in the trace is not given out."""
        request = flask.request
        action = getattr(server.view_functions.get(request.endpoint), "action", None)
        if action not in LEAVING or response.status_code >= 400 or not _is_named():
            return response
        try:
            record(LEAVING[action], request.full_path.rstrip("?"))
        except StoreError as error:
            t = translator(preferred(list(request.accept_languages.values())))
            return flask.Response(complaint(t, error), 503, mimetype="text/plain")
        return response


def trace_refusal(error: ForbiddenError) -> None:
    """Keep who was refused what. It stays refused where that cannot be kept: `StoreError`."""
    if _is_named():
        record(REFUSED_ACTION, error.what or flask.request.path, REFUSED, error.action)


def _is_named() -> bool:
    who = actor()
    return who is not None and bool(who.name)
