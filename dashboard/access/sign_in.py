"""Signing in and out, and one's own account: plain pages without a script, so that nothing else need be open before.

Each of these routes decides itself whom it lets in, and whether one of our pages sends what it is sent.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import flask

from dashboard.access.actors import Actor, may, roles
from dashboard.access.gate import actor, is_from_here, open_to_all
from dashboard.access.identity import (
    actor_of,
    client_address,
    forget_token,
    is_secure,
    keep_token,
    rules,
    signed_in,
    token_of,
)
from dashboard.access.office import LINK_PATH, accounts_of
from dashboard.i18n.text import LANGUAGES, preferred, translator
from dashboard.settings import Settings
from dashboard.store import Store, StoreError, complaint
from dashboard.store.accounts import PASSWORD, SCREEN
from dashboard.store.passwords import Hashes

PATH, OUT_PATH, ACCOUNT_PATH, BACK_PATH = "/sign-in", "/sign-out", "/account", "/sign-in/oidc/back"
# Where one begins who may do that: the first that fits.
HOMES = (
    ("agenda", "/"),
    ("department", "/department"),
    ("import", "/data"),
    ("trace", "/trace"),
    ("accounts", "/accounts"),
)
OTHER = {"zh": "en", "en": "zh"}
LARGEST_FORM = 8192
SIGNING = ("sign_in.html", "screen.html")
STATUS = {"wait": 429, "foreign": 403}
STYLES = ("0-fonts.css", "1-tokens.css", "2-frame.css", "26-sign-in.css")


def register_sign_in(server: flask.Flask, store: Store, settings: Settings, hashes: Hashes | None = None) -> None:
    """Once for the app. `hashes`: cheaper ones, for tests."""
    folder = store.path.parent
    server.config.setdefault("SETTINGS", settings)
    server.config["ACCOUNTS"] = accounts_of(folder, settings, hashes=hashes or Hashes())
    pages = flask.Blueprint("access", __name__, template_folder="templates")
    _serve_sign_in(pages)
    _serve_account(pages)
    if settings.access.way == PASSWORD:
        _serve_passwords(pages)
    if settings.access.oidc.issuer:
        from dashboard.access.oidc import Provider  # loads Authlib: most offices have no provider

        _serve_provider(pages, Provider(server, settings.access.oidc, folder))
    pages.register_error_handler(StoreError, _unreadable)
    server.register_blueprint(pages)


def local(address: str) -> str:
    """The address where it is one of our own pages, '' where a browser might read it as anything else."""
    if not address.startswith("/") or address[1:2] in ("/", "\\") or not address.isprintable() or "\\" in address:
        return ""
    parts = urlsplit(address)
    is_own = parts.scheme == parts.netloc == "" and not parts.path.startswith((PATH, OUT_PATH, ACCOUNT_PATH + "/"))
    return address if is_own else ""


def home(actor: Actor) -> str:
    """Where one begins."""
    return next((path for action, path in HOMES if may(actor, action)), ACCOUNT_PATH)


# --- routes ----------------------------------------------------------------------------------------------------
def _serve_sign_in(pages: flask.Blueprint) -> None:
    @pages.get(PATH)
    @open_to_all
    def ask() -> flask.Response:
        signed = signed_in(flask.request) if rules().way != "proxy" else None
        if signed and signed.must_change:
            return gone_to(with_view(ACCOUNT_PATH))
        if (who := actor()) is not None:
            return gone_to(local(flask.request.args.get("next", "")) or home(who))
        return page("sign_in.html")

    @pages.post(OUT_PATH)
    @open_to_all
    def leave() -> flask.Response:
        if not is_from_here():
            return page("sign_in.html", StoreError("foreign"))
        kept = flask.current_app.config["ACCOUNTS"]
        kept.sign_out(token_of(flask.request), client_address(flask.request))
        response = forget_token(gone_to(with_view(PATH)))
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    @pages.get(LINK_PATH)
    @open_to_all
    def screen() -> flask.Response:
        """Opening a link changes nothing: a browser may open it beforehand. The button on the page signs in."""
        return page("screen.html")

    @pages.post(LINK_PATH)
    @open_to_all
    def open() -> flask.Response:
        def opened() -> flask.Response:
            request, kept = flask.request, flask.current_app.config["ACCOUNTS"]
            token = kept.sign_in_by_link(request.form.get("link", "")[:200], client_address(request), token_of(request))
            return keep_token(gone_to(with_view("/meeting")), token, rules().limits(SCREEN).absolute_hours)

        return tried("screen.html", opened) if rules().way != "proxy" else flask.abort(404)


def _serve_passwords(pages: flask.Blueprint) -> None:
    @pages.post(PATH)
    @open_to_all
    def enter() -> flask.Response:
        def entered() -> flask.Response:
            request, kept = flask.request, flask.current_app.config["ACCOUNTS"]
            name, password = request.form.get("name", ""), request.form.get("password", "")
            token = kept.sign_in(name, password, client_address(request), token_of(request))
            return keep_token(_entered(token, request.args.get("next", "")), token)

        return tried("sign_in.html", entered)


def _serve_provider(pages: flask.Blueprint, provider: Any) -> None:
    from dashboard.access.oidc import ProviderError

    @pages.get("/sign-in/oidc")
    @open_to_all
    def ask_provider() -> flask.Response:
        request = flask.request
        root = f"{'https' if is_secure(request) else 'http'}://{request.host}"
        try:
            return uncached(provider.asked(root + BACK_PATH, local(request.args.get("next", ""))))
        except ProviderError as error:
            return page("sign_in.html", StoreError("no_provider", reason=error))

    @pages.get(BACK_PATH)
    @open_to_all
    def back() -> flask.Response:
        request, kept = flask.request, flask.current_app.config["ACCOUNTS"]
        try:
            name, following = provider.answered()
            token = kept.sign_in_known(name, client_address(request), token_of(request))
        except ProviderError as error:
            return page("sign_in.html", StoreError("no_provider", reason=error))
        except StoreError as error:
            return page("sign_in.html", error)
        return keep_token(_entered(token, following), token)


def _serve_account(pages: flask.Blueprint) -> None:
    @pages.get(ACCOUNT_PATH)
    @open_to_all
    def account() -> flask.Response:
        if signed_in(flask.request) is None and actor() is None:
            return gone_to(with_view(PATH, next=ACCOUNT_PATH))
        return page("account.html")

    @pages.post(ACCOUNT_PATH)
    @open_to_all
    def change() -> flask.Response:
        def changed() -> flask.Response:
            request, kept = flask.request, flask.current_app.config["ACCOUNTS"]
            signed = signed_in(request)
            if signed is None:
                return forget_token(gone_to(with_view(PATH)))
            if request.form.get("do") == "everywhere":
                kept.sign_out_everywhere(signed.account.name)
                return forget_token(gone_to(with_view(PATH)))
            old, new = request.form.get("old", ""), request.form.get("new", "")
            if new != request.form.get("again", ""):
                raise StoreError("password_twice")
            token = kept.change_password(token_of(request), old, new, client_address(request))
            return keep_token(gone_to(with_view(ACCOUNT_PATH, changed="1")), token)

        return tried("account.html", changed)


# --- what they share -------------------------------------------------------------------------------------------
def tried(template: str, do: Any) -> flask.Response:
    """What came of a form; where it was refused, the form again with the reason."""
    request = flask.request
    request.max_content_length = request.max_form_memory_size = LARGEST_FORM
    try:
        if not is_from_here():
            raise StoreError("foreign")
        return do()
    except StoreError as error:
        return page(template, error)


def _entered(token: str, following: str) -> flask.Response:
    signed = flask.current_app.config["ACCOUNTS"].signed_in(token)
    if signed is None or signed.must_change:
        return gone_to(with_view(ACCOUNT_PATH))
    return gone_to(local(following) or with_view(home(actor_of(signed.account))))


def gone_to(address: str) -> flask.Response:
    """Where the browser goes after a form: loading that again sends nothing twice."""
    return uncached(flask.redirect(address, 303))


def with_view(path: str, **more: str) -> str:
    """The path in the language and theme of this page, where its address names them."""
    kept = {name: flask.request.args.get(name, "") for name in ("lang", "theme")} | more
    given = {name: value for name, value in kept.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def page(template: str, error: StoreError | None = None, **more: Any) -> flask.Response:
    """One of the plain pages; with the reason where something was refused."""
    request = flask.request
    lang = request.args.get("lang", "")
    if lang not in LANGUAGES:
        lang = preferred(list(request.accept_languages.values()))
    t, theme = translator(lang), request.args.get("theme", "")
    signed = signed_in(request) if rules().way != "proxy" else None
    kept = flask.current_app.config["ACCOUNTS"]
    who = actor_of(signed.account) if signed else actor()
    name, role = (who.name, roles().get(who.role)) if who else ("", None)
    words = {
        "t": t,
        "lang": lang,
        "language": LANGUAGES[lang],
        "other": OTHER[lang],
        "theme": theme if theme in ("light", "dark") else "",
        "styles": [f"/assets/style/{style}?m={_changed(style)}" for style in STYLES],
        "error": complaint(t, error) if error else "",
        "way": rules().way,
        "is_empty": rules().way == PASSWORD and kept.is_empty(),
        "rules": rules(),
        "name": name,
        "role": role.name[lang] if role else "",
        "signed": signed,
        "sessions": kept.sessions(name, token_of(request)) if signed else [],
        "here": with_view,
        "in_other": f"{request.path}?{urlencode(request.args.to_dict() | {'lang': OTHER[lang]})}",
        "following": local(request.args.get("next", "")),
        "home": home(who) if who else "/",
        "moment": lambda moment: f"{moment.astimezone():%Y-%m-%d %H:%M}",
        **more,
    }
    response = uncached(flask.make_response(flask.render_template(template, **words)))
    response.status_code = STATUS.get(error.code, 401 if template in SIGNING else 400) if error else 200
    if error and error.code == "wait":
        response.headers["Retry-After"] = str(60 * error.values["minutes"])
    return response


def _unreadable(error: StoreError) -> flask.Response:
    """Who may come in cannot be read, so nobody does."""
    t = translator(preferred(list(flask.request.accept_languages.values())))
    return uncached(flask.Response(complaint(t, error), 503, mimetype="text/plain"))


def _changed(style: str) -> int:
    """A fingerprint, so that browsers keep the file until it changes."""
    return int((Path(__file__).parents[2] / "assets" / "style" / style).stat().st_mtime)


def uncached(response: Any) -> flask.Response:
    response.headers["Cache-Control"] = "no-store"
    return response
