"""Who may sign in, who is signed in, and who has to wait because it failed too often.

Of passwords only their Argon2id hash is kept, of tokens only their SHA-256: who reads the file can sign in by neither.
What somebody does to an account is in the trace by the same transaction.
"""

import datetime
import hashlib
import ipaddress
import json
import re
import secrets
import sqlite3
import unicodedata
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dashboard.settings import Access
from dashboard.store import trace
from dashboard.store.file import StoreError, moment_of, moment_or_none, whole
from dashboard.store.passwords import Hashes, made_up, require_good
from dashboard.store.texts import PERSONAL
from dashboard.store.trace import DONE, REFUSED, Doer, TracedFile

ACCOUNTS_SINCE = 4  # the version of the file that brought them
SCREEN, DEPARTMENT = "screen", "department"  # the roles that are special here: it signs in by a link; it has a place
PASSWORD, OIDC, LINK, TOKEN = "password", "oidc", "link", "token"  # how a session began

NAME = re.compile(r"[\w.@-]{1,60}")
TOKEN_BYTES = 32
LINK_HOURS = 24  # a device link can be opened for so long
TOKEN_DAYS = 365  # a script may ask for so long
SEEN_EVERY = datetime.timedelta(minutes=1)  # a session's last use is kept no finer
SHORTEST_WAIT, LONGEST_WAIT = 60, 3600  # seconds
ADDRESS_TRIES = 5  # times as many failures as a name: several people may sign in from one address
FORGOTTEN_AFTER = datetime.timedelta(days=1)
UNUSED_DAYS = 90


@dataclass(frozen=True)
class Account:
    """Who may sign in. `regions`: () for all. `must_change`: somebody else chose the password."""

    name: str
    role: str
    regions: tuple[str, ...]
    department: str
    is_active: bool
    must_change: bool
    made_at: datetime.datetime
    password_at: datetime.datetime
    signed_in_at: datetime.datetime | None


@dataclass(frozen=True)
class Session:
    """A browser that is signed in."""

    name: str
    how: str
    address: str
    made_at: datetime.datetime
    seen_at: datetime.datetime
    is_own: bool = False  # the one that asks


@dataclass(frozen=True)
class SignedIn:
    """What a token stands for. `must_change`: it opens nothing but the form that changes the password."""

    account: Account
    session: Session
    must_change: bool


class Accounts(TracedFile):
    """The accounts of one data folder."""

    def __init__(
        self,
        folder: Path,
        rules: Access,
        roles: Collection[str],
        clock: Callable[[], datetime.datetime] | None = None,
        doer: Doer | None = None,
        hashes: Hashes | None = None,
    ):
        """`roles`: those that an account may have. `doer`: who changes accounts. `hashes`: made when first needed."""
        super().__init__(folder, clock, doer)
        self._rules, self._roles = rules, roles
        self.__hashes = hashes

    @property
    def _hashes(self) -> Hashes:
        self.__hashes = self.__hashes or Hashes()
        return self.__hashes

    # --- reading -----------------------------------------------------------------------------------------------
    def is_empty(self) -> bool:
        """Whether there is no account at all. `StoreError` where that cannot be known."""
        if not self.path.exists():
            return True
        with self._connected("rw") as connection:
            if self._version_to_read(connection) < ACCOUNTS_SINCE:
                return True
            return not self._run(connection, "account_count")[0]["n"]

    def read(self) -> list[Account]:
        """Every account, by name."""
        if self.is_empty():
            return []
        with self._connected("rw") as connection:
            return list(map(_account, self._run(connection, "accounts")))

    def of(self, name: str) -> Account:
        """The account of that name. `StoreError` where there is none."""
        if self.is_empty():
            raise StoreError("no_account", name=name)
        with self._connected("rw") as connection:
            return _account(self._row(connection, name))

    def sessions(self, name: str | None = None, token: str = "") -> list[Session]:
        """Those of an account, or all, which have not ended; the one used last first. `token`: of the one that asks."""
        if self.is_empty():
            return []
        with self._connected("rw") as connection:
            accounts = {row["name"]: _account(row) for row in self._run(connection, "accounts")}
            rows = self._run(connection, "sessions", name=name)
        found = ((row["name"], _session(row, _hashed(token))) for row in rows)
        return [session for name, session in found if not self._is_over(session, accounts[name])]

    def is_unused(self, account: Account) -> bool:
        """Nobody used it for UNUSED_DAYS."""
        return self._is_past(account.signed_in_at or account.made_at, 24 * UNUSED_DAYS)

    # --- changing accounts -------------------------------------------------------------------------------------
    def add(
        self, name: str, role: str, regions: Collection[str] = (), department: str = "", password: str | None = None
    ) -> Account:
        """`password` must be changed when it is first used; None: nobody signs in with one."""
        name = _fit_name(name)
        self._require_place(role, regions, department)
        hashed = self._hashed_if_good(name, password)
        with self._writing() as connection:
            if self._run(connection, "account", name=name):
                raise StoreError("account_there", name=name)
            self._run(
                connection,
                "add_account",
                name=name,
                role=role,
                regions=json.dumps(sorted(regions)),
                department=department,
                password=hashed,
                must_change=int(password is not None),
                at=self._clock().isoformat(),
            )
            self._traced(connection, trace.ADDED, name, detail=_place_words(role, regions, department))
            return _account(self._row(connection, name))

    def set_role(self, name: str, role: str, regions: Collection[str] = (), department: str = "") -> None:
        """Whoever is signed in with the account has to sign in again."""
        self._require_place(role, regions, department)
        with self._writing() as connection:
            before = _account(self._row(connection, name))
            self._run(
                connection,
                "set_role",
                name=before.name,
                role=role,
                regions=json.dumps(sorted(regions)),
                department=department,
            )
            self._end_all(connection, before.name)
            was = _place_words(before.role, before.regions, before.department)
            words = f"{was} → {_place_words(role, regions, department)}"
            self._traced(connection, trace.ROLE_CHANGED, before.name, detail=words)

    def disable(self, name: str) -> None:
        """Nobody signs in with it any more, and whoever is signed in no longer is."""
        self._set_active(name, False, trace.DISABLED)

    def enable(self, name: str) -> None:
        """It can be used again, also if failed attempts had made it wait."""
        self._set_active(name, True, trace.ENABLED)

    def _set_active(self, name: str, is_active: bool, action: str) -> None:
        with self._writing() as connection:
            name = self._row(connection, name)["name"]
            self._run(connection, "set_active", name=name, active=int(is_active))
            self._end_all(connection, name)
            self._run(connection, "end_attempt", key=_of_name(name))
            self._traced(connection, action, name)

    def set_password(self, name: str, password: str) -> None:
        """One that somebody else chose: it must be changed when it is first used. Sessions end."""
        hashed = self._hashed_if_good(normal_name(name), password)
        with self._writing() as connection:
            name = self._row(connection, name)["name"]
            at = self._clock().isoformat()
            self._run(connection, "set_password", name=name, password=hashed, must_change=1, at=at)
            self._end_all(connection, name)
            self._run(connection, "end_attempt", key=_of_name(name))
            self._traced(connection, trace.PASSWORD_CHANGED, name, detail="first")

    def made_up(self, name: str) -> str:
        """A password for an account that nobody has chosen; to be shown once."""
        return made_up(normal_name(name), self._rules)

    def set_made_up_password(self, name: str) -> str:
        """As `set_password`, with a made-up one."""
        password = self.made_up(name)
        self.set_password(name, password)
        return password

    def sign_out_everywhere(self, name: str) -> None:
        """Ends every session of the account, and device links that nobody has opened."""
        with self._writing() as connection:
            name = self._row(connection, name)["name"]
            self._end_all(connection, name)
            self._traced(connection, trace.SESSIONS_ENDED, name)

    def make_link(self, name: str) -> str:
        """The token of a device link for a wall screen: it signs in once; an earlier one no longer does."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with self._writing() as connection:
            account = _account(self._row(connection, name))
            if account.role != SCREEN:
                raise StoreError("no_screen", name=account.name)
            self._run(connection, "end_links", name=account.name)
            at = self._clock().isoformat()
            self._run(connection, "add_link", token=_hashed(token), name=account.name, at=at)
            self._traced(connection, trace.LINKED, account.name)
        return token

    def make_token(self, name: str) -> str:
        """By which a script asks the API for the account, for TOKEN_DAYS or until its sessions are ended; an earlier
        one no longer does. Shown once."""
        with self._writing() as connection:
            account = _account(self._row(connection, name))
            if account.role == SCREEN:
                raise StoreError("screen_no_token", name=account.name)
            self._run(connection, "end_tokens", name=account.name)
            self._traced(connection, trace.TOKEN_MADE, account.name)
            return self._added_session(connection, account, TOKEN, "")

    # --- signing in and out ------------------------------------------------------------------------------------
    def sign_in(self, name: str, password: str, address: str, before: str = "") -> str:
        """The token of a new session; the one of the token `before` ends. `StoreError` 'not_signed_in' whatever was
        wrong, 'wait' where it failed too often, 'password_expired' where a first password came too late."""
        name = normal_name(name)
        row = self._claimed(name, address)
        is_right = self._hashes.is_right(row["password"] if row else "", password)
        account = _account(row) if row else None
        if account is None or not is_right or not account.is_active:
            why = "unknown" if account is None else "disabled" if is_right else "wrong"
            self._refuse(account, name, address, why)
            raise StoreError("not_signed_in")
        if account.must_change and self._is_past(account.password_at, self._rules.first_password_hours):
            self._refuse(account, name, address, "expired")
            raise StoreError("password_expired")
        with self._writing() as connection:
            now = self._row(connection, name)
            if (now["password"], now["active"]) != (row["password"], 1):  # changed while it was verified
                raise StoreError("not_signed_in")
            if self._hashes.is_outdated(row["password"]):
                self._run(connection, "set_hash", name=name, password=self._hashes.made(password))
            self._run(connection, "end_attempt", key=_of_name(name))
            self._take_back(connection, _of_address(address))
            return self._began(connection, account, PASSWORD, address, before)

    def sign_in_known(self, name: str, address: str, before: str = "") -> str:
        """As `sign_in`, for a name that the identity provider vouches for."""
        given, name = name, _vouched_name(name)
        with self._writing() as connection:
            found = self._run(connection, "account", name=name)
            account = _account(found[0]) if found else None
            if account is not None and account.is_active:
                return self._began(connection, account, OIDC, address, before)
        self._refuse(account, name, address, "unknown" if account is None else "disabled")
        raise StoreError("no_access", name=normal_name(given))

    def sign_in_by_link(self, link: str, address: str, before: str = "") -> str:
        """As `sign_in`, once, for the screen that opens a device link."""
        with self._writing() as connection:
            found = self._run(connection, "link", token=_hashed(link))
            account = _account(self._row(connection, found[0]["name"])) if found else None
            if account and account.is_active and not self._is_past(moment_of(found[0], "made_at"), LINK_HOURS):
                self._run(connection, "end_links", name=account.name)
                return self._began(connection, account, LINK, address, before)
        self._claim(_of_address(address))  # a stranger who tries many fills the trace no faster than by passwords
        self._refuse(account, "", address, LINK)
        raise StoreError("no_link")

    def signed_in(self, token: str, is_alive: bool = True) -> SignedIn | None:
        """What the token stands for; None where it stands for nothing, or no longer. `is_alive`: a person did
        something, which begins the idle time anew."""
        if not token or self.is_empty():
            return None
        with self._connected("rw") as connection:
            rows = self._run(connection, "session", token=_hashed(token))
            if not rows:
                return None
            session = _session(rows[0], rows[0]["token"])
            account = _account(self._row(connection, session.name))
            if not account.is_active or not self._is_way(session.how) or self._is_over(session, account):
                return None
            if is_alive and self._clock() - session.seen_at >= SEEN_EVERY:
                # A full disk ends the session in time, and nobody's at once.
                with suppress(sqlite3.OperationalError):
                    self._run(connection, "set_seen", token=rows[0]["token"], at=self._clock().isoformat())
        return SignedIn(account, session, session.how == PASSWORD and self._must_change(account))

    def known(self, name: str, address: str) -> Account | None:
        """The active account of this name, for a request of which the proxy says whose it is; once in the time that a
        session would last the trace says that it was used."""
        name = _vouched_name(name)
        if self.is_empty():
            return None
        with self._connected("rw") as connection:
            found = self._run(connection, "account", name=name)
            if not found or not found[0]["active"]:
                return None
            account = _account(found[0])
            last, hours = account.signed_in_at, self._rules.limits(account.role).absolute_hours
            if last is None or self._is_past(last, hours):
                with whole(connection):
                    self._run(connection, "set_signed_in", name=name, at=self._clock().isoformat())
                    doer = Doer(account.name, account.role, address)
                    self._traced(connection, trace.SIGNED_IN, account.name, detail="proxy", doer=doer)
            return account

    def change_password(self, token: str, old: str, new: str, address: str) -> str:
        """By whoever is signed in. Every session of the account ends; the answer is the token of a new one."""
        signed = self.signed_in(token)
        if signed is None or signed.session.how != PASSWORD:
            raise StoreError("not_signed_in")
        account = signed.account
        row = self._claimed(account.name, address)
        if row is None or not self._hashes.is_right(row["password"], old):
            self._refuse(account, account.name, address, "wrong", trace.PASSWORD_CHANGED)
            raise StoreError("password_wrong")
        if old == new:
            raise StoreError("password_same")
        hashed = self._hashed_if_good(account.name, new)
        with self._writing() as connection:
            at = self._clock().isoformat()
            self._run(connection, "set_password", name=account.name, password=hashed, must_change=0, at=at)
            self._end_all(connection, account.name)
            self._run(connection, "end_attempt", key=_of_name(account.name))
            self._take_back(connection, _of_address(address))
            doer = Doer(account.name, account.role, address)
            self._traced(connection, trace.PASSWORD_CHANGED, account.name, doer=doer)
            return self._added_session(connection, account, PASSWORD, address)

    def sign_out(self, token: str, address: str) -> None:
        """The token stands for nothing any more."""
        signed = self.signed_in(token)
        if signed is None:
            return
        account = signed.account
        with self._writing() as connection:
            self._run(connection, "end_session", token=_hashed(token))
            doer = Doer(account.name, account.role, address)
            self._traced(connection, trace.SIGNED_OUT, account.name, doer=doer)

    # --- sessions ----------------------------------------------------------------------------------------------
    def _began(self, connection: sqlite3.Connection, account: Account, how: str, address: str, before: str) -> str:
        """A new session with a token of its own, never one that a browser brought along."""
        if before:
            self._run(connection, "end_session", token=_hashed(before))
        now = self._clock()
        longest = max(24 * TOKEN_DAYS, *(limits.absolute_hours for limits in self._rules.sessions.values()))
        self._run(connection, "end_old_sessions", before=(now - datetime.timedelta(hours=longest)).isoformat())
        self._run(connection, "set_signed_in", name=account.name, at=now.isoformat())
        doer = Doer(account.name, account.role, address)
        self._traced(connection, trace.SIGNED_IN, account.name, DONE, how, doer)
        return self._added_session(connection, account, how, address)

    def _added_session(self, connection: sqlite3.Connection, account: Account, how: str, address: str) -> str:
        token, at = secrets.token_urlsafe(TOKEN_BYTES), self._clock().isoformat()
        self._run(connection, "add_session", token=_hashed(token), name=account.name, how=how, address=address, at=at)
        return token

    def _end_all(self, connection: sqlite3.Connection, name: str) -> None:
        self._run(connection, "end_sessions", name=name)
        self._run(connection, "end_links", name=name)

    def _is_way(self, how: str) -> bool:
        """Whether people may still be signed in like that: there is one way in at a time, and links for screens."""
        return how in (self._rules.way, TOKEN) or (how == LINK and self._rules.way in (PASSWORD, OIDC))

    def _is_over(self, session: Session, account: Account) -> bool:
        if session.how == TOKEN:
            # who was let go at the provider or proxy signs in no more, and only that tells it here
            is_let_go = self._rules.way != PASSWORD and self.is_unused(account)
            return is_let_go or self._is_past(session.made_at, 24 * TOKEN_DAYS)
        limits = self._rules.limits(account.role)
        is_idle = limits.idle_minutes and self._is_past(session.seen_at, limits.idle_minutes / 60)
        return bool(is_idle) or self._is_past(session.made_at, limits.absolute_hours)

    def _must_change(self, account: Account) -> bool:
        days = self._rules.password_days
        return account.must_change or (days > 0 and self._is_past(account.password_at, 24 * days))

    def _is_past(self, moment: datetime.datetime, hours: float) -> bool:
        """Also where the clock was set back by more than that: nothing lasts longer because of it."""
        return abs(self._clock() - moment) >= datetime.timedelta(hours=hours)

    # --- failed attempts ---------------------------------------------------------------------------------------
    def _claimed(self, name: str, address: str) -> sqlite3.Row | None:
        """The account of the name, if any. The attempt counts as failed from the start and is taken back where it
        succeeds: many at once are no way round the count. `StoreError` 'wait' where it is too early."""
        self._claim(_of_name(name), _of_address(address))
        with self._connected("rw") as connection:
            accounts = self._run(connection, "account", name=name)
        return accounts[0] if accounts else None

    def _claim(self, *keys: str) -> None:
        with self._writing() as connection:
            now = self._clock()
            self._run(connection, "end_old_attempts", before=(now - FORGOTTEN_AFTER).isoformat())
            found = {key: self._run(connection, "attempt", key=key) for key in keys}
            waits = [moment_or_none(rows[0]["until"]) for rows in found.values() if rows]
            latest = max((until for until in waits if until), default=now)
            if latest > now:
                minutes = -(-(latest - now).total_seconds() // 60)
                raise StoreError("wait", minutes=int(minutes))
            for key, rows in found.items():
                failures = (rows[0]["failures"] if rows else 0) + 1
                self._keep_attempt(connection, key, failures)

    def _keep_attempt(self, connection: sqlite3.Connection, key: str, failures: int) -> None:
        now, over = self._clock(), failures - self._tries(key)
        wait = min(SHORTEST_WAIT * 2.0 ** min(over, 30), LONGEST_WAIT)
        until = (now + datetime.timedelta(seconds=wait)).isoformat() if over >= 0 else ""
        self._run(connection, "set_attempt", key=key, failures=failures, at=now.isoformat(), until=until)

    def _take_back(self, connection: sqlite3.Connection, key: str) -> None:
        """The attempt succeeded: it was no failure. Those before it still count, or an account of one's own would be
        a way to try others without end."""
        [row] = self._run(connection, "attempt", key=key) or [None]
        if row:
            self._keep_attempt(connection, key, row["failures"] - 1)

    def _tries(self, key: str) -> int:
        return self._rules.tries * (ADDRESS_TRIES if key.startswith("address:") else 1)

    def _refuse(
        self, account: Account | None, name: str, address: str, why: str, action: str = trace.SIGNED_IN
    ) -> None:
        """Keep that it failed. A name that is no account is not kept: it may be a password in the wrong field."""
        known = account.name if account else ""
        with self._writing() as connection:
            doer = Doer(known, account.role if account else "", address)
            self._traced(connection, action, known, REFUSED, why, doer)
            for key in (_of_name(name), _of_address(address)):
                rows = self._run(connection, "attempt", key=key)
                if rows and rows[0]["until"]:
                    what = known if key == _of_name(name) else address
                    self._traced(connection, trace.LOCKED, what, detail=f"{rows[0]['failures']}", doer=doer)

    # --- what an account must be -------------------------------------------------------------------------------
    def _row(self, connection: sqlite3.Connection, name: str) -> sqlite3.Row:
        found = self._run(connection, "account", name=normal_name(name))
        if not found:
            raise StoreError("no_account", name=name)
        return found[0]

    def _require_place(self, role: str, regions: Collection[str], department: str) -> None:
        if role not in self._roles:
            raise StoreError("no_role", given=role, known=", ".join(self._roles))
        if role == DEPARTMENT and (len(regions) != 1 or not department):
            raise StoreError("no_place")
        if role != DEPARTMENT and department:
            raise StoreError("place_too_many", role=role)

    def _hashed_if_good(self, name: str, password: str | None) -> str:
        if password is None:
            return ""
        require_good(password, name, self._rules)
        return self._hashes.made(password)


def normal_name(name: str) -> str:
    """The same name however it is typed; cut, because what is typed may be anything."""
    return unicodedata.normalize("NFKC", name).strip().casefold()[:100]


def _vouched_name(name: str) -> str:
    """The name of the account; '' where the name that somebody else vouches for is only read as that one by us: who is
    'ａdmin' elsewhere, or has a long name that begins with it, may be another person."""
    found = normal_name(name)
    return found if found == unicodedata.normalize("NFC", name).strip().lower() else ""


def _fit_name(name: str) -> str:
    name = normal_name(name)
    if not NAME.fullmatch(name):
        raise StoreError("bad_name")
    if PERSONAL.search(name):
        raise StoreError("personal_name")
    return name


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _of_name(name: str) -> str:
    """By its hash: what is typed as a name may be a password."""
    return f"account:{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()}"


def _of_address(address: str) -> str:
    """Of IPv6 the network that one line is given: it has more addresses than anybody could try."""
    with suppress(ValueError):
        found = ipaddress.ip_address(address)
        if found.version == 6:
            mapped = found.ipv4_mapped
            address = str(mapped or ipaddress.ip_network(f"{address}/64", strict=False))
    return f"address:{address}"


def _place_words(role: str, regions: Collection[str], department: str) -> str:
    """What the trace says of a role: 'department county D09'."""
    return " ".join((role, *sorted(regions), *([department] if department else [])))


def _account(row: sqlite3.Row) -> Account:
    return Account(
        row["name"],
        row["role"],
        tuple(json.loads(row["regions"])),
        row["department"],
        bool(row["active"]),
        bool(row["must_change"]),
        moment_of(row, "made_at"),
        moment_of(row, "password_at"),
        moment_or_none(row["signed_in_at"]),
    )


def _session(row: sqlite3.Row, own: str) -> Session:
    moments = moment_of(row, "made_at"), moment_of(row, "seen_at")
    return Session(row["name"], row["how"], row["address"], *moments, row["token"] == own)
