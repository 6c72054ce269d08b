"""What an administrator does to accounts on the page /accounts; each of it is in the trace with his name.

The first account is made on the server's console: a page that makes one for whoever comes first would be a way in.
"""

from collections.abc import Collection

import flask

from dashboard.access.actors import ForbiddenError, require
from dashboard.access.gate import actor, needs
from dashboard.access.identity import accounts
from dashboard.access.office import LINK_PATH, unknown_place
from dashboard.access.sign_in import gone_to, page, tried, with_view
from dashboard.store import StoreError
from dashboard.store.accounts import DEPARTMENT, PASSWORD, SCREEN, normal_name

PATH, ACTION = "/accounts", "accounts"
DEEDS = ("add", "role", "disable", "enable", "sign-out", "password", "link")
NOT_TO_ONESELF = ("role", "disable")  # whoever does it by mistake could not undo it


def register_administration(server: flask.Flask) -> None:
    """Once for the app: `POST /accounts/<deed>`, with the account's `name` among the fields."""

    @server.post(f"{PATH}/<deed>")
    @needs(ACTION)
    def administer(deed: str) -> flask.Response:
        who = actor()
        require(who, ACTION)
        if not who.name:  # nobody has signed in: there are no accounts
            raise ForbiddenError(who, ACTION, deed)
        if deed not in DEEDS:
            flask.abort(404)
        return tried("administered.html", lambda: _done(deed))


def _done(deed: str) -> flask.Response:
    form, kept = flask.request.form, accounts()
    name = form.get("name", "")
    if deed in NOT_TO_ONESELF and normal_name(name) == actor().name:
        raise StoreError("own_account")
    if deed != "add":
        _require_own(kept.of(name).regions)
    secret, link = "", ""
    match deed:
        case "add":
            secret = _added(name)
        case "role":
            kept.set_role(name, form.get("role", ""), *_place())
        case "disable":
            kept.disable(name)
        case "enable":
            kept.enable(name)
        case "sign-out":
            kept.sign_out_everywhere(name)
        case "password":
            secret = kept.set_made_up_password(name)
        case "link":
            link = f"{flask.request.host_url.rstrip('/')}{LINK_PATH}?link={kept.make_link(name)}"
    if secret or link:
        return page("administered.html", secret=secret, link=link, whose=name)
    return gone_to(with_view(PATH))


def _added(name: str) -> str:
    """The first password of a new account; '' where it needs none."""
    kept, role = accounts(), flask.request.form.get("role", "")
    regions, department = _place()
    has_password = role != SCREEN and flask.current_app.config["SETTINGS"].access.way == PASSWORD
    secret = kept.made_up(name) if has_password else ""
    kept.add(name, role, regions, department, secret or None)
    return secret


def _place() -> tuple[list[str], str]:
    """Regions and department of the form; of a department alone the one region is meant."""
    form = flask.request.form
    regions, department = [one for one in form.getlist("region") if one], form.get("department", "").strip()
    snapshot = flask.current_app.config["WAREHOUSE"].current()
    if form.get("role") == DEPARTMENT and not regions and snapshot is not None:
        regions = list(snapshot.regions[:1])
    if form.get("role") != DEPARTMENT:
        department = ""
    if wrong := unknown_place(snapshot, regions, department):
        raise StoreError("unknown_place", given=wrong)
    _require_own(regions)
    return regions, department


def _require_own(regions: Collection[str]) -> None:
    """An administrator of some regions gives nobody more than those, and changes nobody who has more."""
    who = actor()
    if not who.covers(regions):
        raise ForbiddenError(who, ACTION, ", ".join(regions) or "*")
