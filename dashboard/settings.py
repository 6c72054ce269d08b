"""The office's settings, read once: the project's `data/settings.toml`, overridden by the one in the data folder.

An unknown key, or a value of another type than the default's, is an error that names the file and the key.
"""

import datetime
import difflib
import ipaddress
import math
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

DEFAULTS = Path(__file__).parent.parent / "data"


class SettingsError(Exception):
    """A settings file that cannot be used; the message says where and what to write."""


MASTHEADS, PAGE_NUMBERS = ("periodical", "document"), ("sides", "middle")
HEADING_LEVELS = (1, 2, 3, 4)
FONT_ROLES = ("title", "body", "kai", "hei", "song")


@dataclass(frozen=True)
class Bulletin:
    """How the office sets its documents; the defaults are those of GB/T 9704-2012."""

    masthead: str  # one of MASTHEADS
    pitch: float  # points from line to line: 28.95 gives 22 lines a page
    page_number: str  # one of PAGE_NUMBERS: outer side, or the middle
    end_matter_even: bool  # the end matter stands on an even page, after an empty one if need be
    red: str  # of masthead and red line, as #RRGGBB
    bold: list[int]  # the levels of headings that are bold; none in the standard
    addressees: dict[str, str]  # by language
    fonts: dict[str, str]  # role → the face that the office has


@dataclass(frozen=True)
class Limits:
    """How long a session lasts."""

    idle_minutes: float  # without a request of the person; 0: no limit
    absolute_hours: float  # from signing in


@dataclass(frozen=True)
class Oidc:
    """Where people sign in who are known to the office's own identity provider; no issuer: nowhere."""

    issuer: str
    client_id: str
    secret_file: str  # in the data folder, or an absolute path
    claim: str  # whose value is the name of the account


@dataclass(frozen=True)
class Access:
    """How people sign in, and for how long. There is one way in: a proxy's word, an identity provider, or passwords."""

    sessions: dict[str, Limits]  # role → its limits; 'default' for the others
    shortest_password: int
    password_kinds: int  # of lower-case letters, capitals, digits and all else, so many must occur
    password_days: int  # after which it must be changed; 0: never
    first_password_hours: float  # how long a password that somebody else chose can be used to sign in
    tries: int  # failures in a row before a name has to wait, and ADDRESS_TRIES times as many for an address
    https: bool  # browsers reach the server by https, whatever a proxy says of it
    proxies: tuple[str, ...]  # addresses or networks that a reverse proxy sends from
    user_header: str  # in which that proxy names who has signed in; '': it does not
    oidc: Oidc

    @property
    def way(self) -> str:
        """'proxy', 'oidc' or 'password'."""
        return "proxy" if self.user_header else "oidc" if self.oidc.issuer else "password"

    def limits(self, role: str) -> Limits:
        return self.sessions.get(role, self.sessions["default"])


@dataclass(frozen=True)
class Settings:
    name: dict[str, str]  # the office's own name, by language
    region: str  # region_id of rows that name no region
    weights: dict[str, float]  # of the dimensions in the composite score; a dimension not named has weight 1
    fewest_dimensions: float  # share of the dimensions that a composite needs
    fewest_ballots: int  # ballots that a composite needs
    red_line: float  # a dimension's score below it is shown beside the composite
    fewest_peers: int  # departments of a kind that are compared among themselves
    targets: dict[str, float]  # indicator → what should be reached; judged by its control chart
    # where a person decided that a series begins anew; `store.with_baselines` adds those among the notes
    baselines: tuple[dict[str, Any], ...]
    thresholds: dict[str, dict[str, float]]  # gap rule → named threshold
    largest_upload: int = field(repr=False)  # MiB sent to the page at once; 0: nothing. No figure depends on it
    bulletin: Bulletin = field(repr=False)  # nor on how it is printed
    metrics_from: tuple[str, ...] = field(repr=False)  # addresses and networks that may read /metrics; nor on this, …
    spark: str = field(repr=False)  # … nor on the cluster that makes the marts, whose marts are the same; '': none …
    access: Access = field(repr=False)  # … nor on who may see it

    @classmethod
    def load(cls, folder: Path) -> "Settings":
        """Defaults, overridden key by key by `folder`/settings.toml where that exists."""
        default = DEFAULTS / "settings.toml"
        values = _read(default)
        own = folder / "settings.toml"
        if own.exists() and own.resolve() != default.resolve():
            values = _overridden(values, _read(own), own)
        composite = values["composite"]
        _check(composite, own)
        _whole_number(values["peers"]["fewest"], "peers.fewest", own)
        _whole_number(values["upload"]["largest_mb"], "upload.largest_mb", own)
        return cls(
            name=values["office"]["name"],
            region=values["office"]["region"],
            weights={name: float(weight) for name, weight in composite["weights"].items()},
            fewest_dimensions=float(composite["fewest_dimensions"]),
            fewest_ballots=int(composite["fewest_ballots"]),
            red_line=float(composite["red_line"]),
            fewest_peers=int(values["peers"]["fewest"]),
            targets={name: float(target) for name, target in values["targets"].items()},
            baselines=_baselines(values["baselines"], own),
            thresholds=values["thresholds"],
            largest_upload=int(values["upload"]["largest_mb"]),
            bulletin=_bulletin(values["bulletin"], own),
            metrics_from=_networks(values["serve"]["metrics_from"], "serve.metrics_from", own),
            spark=_spark(values["engine"]["spark"], own),
            access=_access(values["access"], own),
        )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None


OPEN_TABLES = ("composite.weights", "thresholds", "targets", "access.sessions")  # their keys are the office's own words
OF_TABLES = ("thresholds", "access.sessions")  # each of their keys is a table of numbers


def _overridden(default: dict[str, Any], own: dict[str, Any], path: Path, where: str = "") -> dict[str, Any]:
    result = dict(default)
    for key, value in own.items():
        place = f"{where}.{key}".lstrip(".")
        if key not in default and not where.startswith(OPEN_TABLES):
            near = difflib.get_close_matches(key, default, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else f" Known are {', '.join(default)}."
            raise SettingsError(f"{path}: {place!r} is not a setting.{hint}")
        known = default.get(key, {} if where in OF_TABLES else 1.0)
        if _kind(known) != _kind(value):
            raise SettingsError(f"{path}: {place} = {value!r}; expected something like {known!r}.")
        result[key] = _overridden(known, value, path, place) if isinstance(value, dict) else value
    return result


def _bulletin(given: dict[str, Any], path: Path) -> Bulletin:
    for name, known in (("masthead", MASTHEADS), ("page_number", PAGE_NUMBERS)):
        if given[name] not in known:
            raise SettingsError(f"{path}: bulletin.{name} = {given[name]!r}; expected {' or '.join(known)}.")
    if not 20 <= given["pitch"] <= 40:
        raise SettingsError(f"{path}: bulletin.pitch = {given['pitch']}; expected points from 20 to 40.")
    if not re.fullmatch("#[0-9A-Fa-f]{6}", given["red"]):
        raise SettingsError(f"{path}: bulletin.red = {given['red']!r}; expected # and six digits from 0 to F.")
    if not all(level in HEADING_LEVELS for level in given["bold"]):
        raise SettingsError(f"{path}: bulletin.bold = {given['bold']!r}; expected levels from 1 to 4, such as [1, 2].")
    return Bulletin(**given)


def _networks(given: list[Any], key: str, path: Path) -> tuple[str, ...]:
    for address in given:
        try:
            ipaddress.ip_network(address, strict=False)
        except ValueError:
            expected = "an address such as '10.1.2.3' or a network such as '10.1.2.0/24'"
            raise SettingsError(f"{path}: {key}: {address!r}; expected {expected}.") from None
    return tuple(given)


def _spark(address: str, path: Path) -> str:
    if not re.fullmatch(r"(sc://[^\s/:]+:\d+(/;\S*)?)?", address):
        shown, expected = (
            address.partition(";")[0],
            "an address such as 'sc://spark:15002', or '' where there is no cluster",
        )
        raise SettingsError(f"{path}: engine.spark = {shown!r}; expected {expected}.")
    return address


def _access(given: dict[str, Any], path: Path) -> Access:
    for key in ("shortest_password", "password_kinds", "password_days", "tries"):
        _whole_number(given[key], f"access.{key}", path)
    for key, least, most in (("shortest_password", 8, 64), ("password_kinds", 1, 4), ("tries", 1, 100)):
        if not least <= given[key] <= most:
            raise SettingsError(f"{path}: access.{key} = {given[key]}; expected a number from {least} to {most}.")
    sessions = {}
    for role, limits in given["sessions"].items():
        whole = given["sessions"]["default"] | limits
        place = f"{path}: access.sessions.{role}"
        if set(whole) != {"idle_minutes", "absolute_hours"}:
            raise SettingsError(f"{place}; expected idle_minutes and absolute_hours.")
        if not (whole["idle_minutes"] >= 0 and whole["absolute_hours"] > 0):
            raise SettingsError(f"{place} = {whole}; expected idle_minutes of at least 0, absolute_hours above 0.")
        sessions[role] = Limits(**whole)
    proxy, oidc = given["proxy"], Oidc(**given["oidc"])
    if proxy["user_header"] and not proxy["addresses"]:
        raise SettingsError(f"{path}: access.proxy.user_header needs access.proxy.addresses: who may send that header.")
    if proxy["user_header"] and oidc.issuer:
        raise SettingsError(f"{path}: access.proxy.user_header and access.oidc.issuer are two ways in; keep one.")
    if oidc.issuer:
        for key in ("client_id", "secret_file", "claim"):
            if not getattr(oidc, key):
                raise SettingsError(f"{path}: access.oidc.{key} is missing, which access.oidc.issuer needs.")
        where = urlsplit(oidc.issuer)
        if where.scheme != "https" and where.hostname not in ("127.0.0.1", "localhost"):
            raise SettingsError(f"{path}: access.oidc.issuer = {oidc.issuer!r}; expected an address with https.")
    own = ("shortest_password", "password_kinds", "password_days", "first_password_hours", "tries", "https")
    named = {key: given[key] for key in own}
    proxies = _networks(proxy["addresses"], "access.proxy.addresses", path)
    return Access(sessions, **named, proxies=proxies, user_header=proxy["user_header"], oidc=oidc)


def _kind(value: object) -> type:
    return float if isinstance(value, int) and not isinstance(value, bool) else type(value)


BASELINE = ("indicator", "department", "start", "on", "by", "reason")


def _baselines(given: list[dict[str, Any]], path: Path) -> tuple[dict[str, str], ...]:
    """Each with its date, its author and its reason: a chart begins anew by a person's decision only."""
    found = []
    for number, baseline in enumerate(given, start=1):
        place = f"{path}: baselines, number {number}"
        if not isinstance(baseline, dict) or not set(baseline) <= set(BASELINE):
            raise SettingsError(f"{place}: {baseline!r}; expected {', '.join(BASELINE)}.")
        entry = {name: str(baseline.get(name, "")).strip() for name in BASELINE}
        for name in BASELINE:
            if not entry[name] and name != "department":
                raise SettingsError(
                    f"{place}: {name} is missing; a series begins anew with a date, a name and a reason."
                )
        if not re.fullmatch(r"\d{4}Q[1-4]", entry["start"]):
            raise SettingsError(f"{place}: start = {entry['start']!r}; expected a quarter such as '2026Q1'.")
        try:
            datetime.date.fromisoformat(entry["on"])
        except ValueError:
            raise SettingsError(f"{place}: on = {entry['on']!r}; expected a day such as 2026-01-31.") from None
        found.append(entry)
    return tuple(found)


def _check(composite: dict[str, Any], path: Path) -> None:
    for name, weight in composite["weights"].items():
        if not 0 <= weight < math.inf:
            raise SettingsError(f"{path}: composite.weights.{name} = {weight}; expected a number of at least 0.")
    if not any(composite["weights"].values()):
        raise SettingsError(f"{path}: composite.weights are all 0; at least one dimension must count.")
    if not 0 <= composite["fewest_dimensions"] <= 1:
        given = composite["fewest_dimensions"]
        raise SettingsError(f"{path}: composite.fewest_dimensions = {given}; expected a share from 0 to 1.")
    _whole_number(composite["fewest_ballots"], "composite.fewest_ballots", path)


def _whole_number(value: float, key: str, path: Path) -> None:
    if not (isinstance(value, int) and value >= 0):
        raise SettingsError(f"{path}: {key} = {value}; expected a whole number of at least 0.")
