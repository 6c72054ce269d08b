"""Who sends a request, from where, and by which cookie: what is believed of its headers."""

import ipaddress
from urllib.parse import urlsplit

import flask

from dashboard.access.actors import ALONE, Actor
from dashboard.access.gate import actor, sent_json
from dashboard.access.office import is_loopback
from dashboard.settings import Access
from dashboard.store import StoreError
from dashboard.store.accounts import PASSWORD, TOKEN, Account, Accounts, SignedIn
from dashboard.store.trace import DONE, Doer, Trace

COOKIE, SECURE_COOKIE = "mingjing", "__Host-mingjing"
FORWARDED = ("Forwarded", "Via", "X-Real-Ip", "X-Forwarded-")  # how headers begin that only a proxy sends
OLD_PROTOCOL = "HTTP/1.0"  # no browser speaks it any more, and a proxy does that was not told otherwise
PULSE = "newest.data"  # the callback by which an open page looks for a newer snapshot: nobody need be there
LONGEST_PULSE = 4096  # bytes
API = "/api/v1"
MEETING = "/meeting"  # whose page stands open before people who look at it


def accounts() -> Accounts:
    """Of the office that this server shows; with whoever asks as the one who changes them."""
    return flask.current_app.config["ACCOUNTS"].on_behalf_of(doer_now())


def rules() -> Access:
    return flask.current_app.config["SETTINGS"].access


# --- who -------------------------------------------------------------------------------------------------------
def identify(request: flask.Request) -> Actor | None:
    """Who sends it; None for nobody known. Asked anew on each request: what an administrator changes holds at once.

    Without accounts one person at this very machine may do everything. `StoreError` where nobody can tell, and then
    the answer to whatever was asked is no.
    """
    kept = flask.current_app.config["ACCOUNTS"]
    if request.path.startswith(f"{API}/") and request.authorization and request.authorization.type == "bearer":
        return _by_token(request.authorization.token)
    if rules().way == "proxy":
        name = _vouched(request.headers.get(rules().user_header, ""))
        account = kept.known(name, client_address(request)) if name and is_from_proxy(request) else None
        return actor_of(account) if account else None
    if rules().way == PASSWORD and kept.is_empty():
        return Actor("", ALONE) if _is_alone(request) else None
    signed = signed_in(request)
    return actor_of(signed.account) if signed and not signed.must_change else None


def _vouched(name: str) -> str:
    """A name as proxies send it, UTF-8 (WSGI reads every header as Latin-1)."""
    try:
        return name.encode("latin-1").decode("utf-8")
    except ValueError:
        return name


def _by_token(given: str | None) -> Actor | None:
    """A script at the API, by the token that was made for it: what stands in a request's header no page can send."""
    signed = flask.current_app.config["ACCOUNTS"].signed_in(given or "")
    return actor_of(signed.account) if signed and signed.session.how == TOKEN else None


def signed_in(request: flask.Request) -> SignedIn | None:
    """The session that the request's cookie stands for, also where the password must be changed first."""
    kept = flask.current_app.config["ACCOUNTS"]
    signed = kept.signed_in(token_of(request), is_alive=not _is_pulse(request))
    return signed if signed and signed.session.how != TOKEN else None


def doer_now() -> Doer:
    """Who sends the request that is being answered, for the trace."""
    address = client_address(flask.request)
    try:
        who = actor()
    except StoreError:  # the trace is in the file that cannot be read: nothing will be added to it either
        who = None
    return Doer(who.name, who.role, address) if who else Doer(address=address)


def record(action: str, what: str = "", result: str = DONE, detail: str = "") -> None:
    """Add to the trace what is done by the request that is being answered."""
    folder = flask.current_app.config["ACCOUNTS"].path.parent
    Trace(folder, doer=doer_now()).record(action, what, result, detail)


def actor_of(account: Account) -> Actor:
    return Actor(account.name, account.role, account.regions, account.department)


def _is_alone(request: flask.Request) -> bool:
    """Whether it comes from this machine and was made for it: no proxy passed it on, and no name of another site leads
    here, by which a foreign page in the same browser could ask."""
    host = urlsplit(f"//{request.host}").hostname or ""
    is_passed_on = request.environ.get("SERVER_PROTOCOL") == OLD_PROTOCOL or any(
        name.title().startswith(FORWARDED) for name, _ in request.headers
    )
    return is_loopback(request.remote_addr or "") and is_loopback(host) and not is_passed_on


def _is_pulse(request: flask.Request) -> bool:
    if request.path != "/_dash-update-component" or request.method != "POST":
        return False
    if not (request.content_length and request.content_length <= LONGEST_PULSE):  # anybody may send more, or no length
        return False
    body = sent_json(request)
    is_at_meeting = urlsplit(request.referrer or "").path == MEETING
    return isinstance(body, dict) and body.get("output") == PULSE and not is_at_meeting


# --- cookies ---------------------------------------------------------------------------------------------------
def token_of(request: flask.Request) -> str:
    return request.cookies.get(_cookie(request), "")


def keep_token(response: flask.Response, token: str, hours: float | None = None) -> flask.Response:
    """Give the browser the token; for so many hours, or until it is closed."""
    secure = is_secure(flask.request)
    age = int(hours * 3600) if hours else None
    response.set_cookie(
        _cookie(flask.request), token, max_age=age, path="/", secure=secure, httponly=True, samesite="Lax"
    )
    return response


def forget_token(response: flask.Response) -> flask.Response:
    secure = is_secure(flask.request)
    response.delete_cookie(_cookie(flask.request), path="/", secure=secure, httponly=True, samesite="Lax")
    return response


def _cookie(request: flask.Request) -> str:
    """By https the name that only this server can have set; browsers refuse that name without https."""
    return SECURE_COOKIE if is_secure(request) else COOKIE


# --- what is believed of headers -------------------------------------------------------------------------------
def is_from_proxy(request: flask.Request) -> bool:
    """Whether it comes from an address that the office declared as its proxy's."""
    return _is_in(request.remote_addr or "", rules().proxies)


def is_secure(request: flask.Request) -> bool:
    """Whether the browser uses https: by the settings, or as the declared proxy says."""
    said = request.headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip()
    return rules().https or request.is_secure or (said == "https" and is_from_proxy(request))


def client_address(request: flask.Request) -> str:
    """The address of whoever asks: behind the declared proxy the last one that it passed on and that is not its own."""
    address = request.remote_addr or ""
    passed = request.headers.get("X-Forwarded-For", "").split(",")
    while _is_in(address, rules().proxies) and passed:
        last = passed.pop().strip()
        if not _is_address(last):
            break
        address = last
    return address


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_in(address: str, networks: tuple[str, ...]) -> bool:
    if not _is_address(address):
        return False
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(one, strict=False) for one in networks)
