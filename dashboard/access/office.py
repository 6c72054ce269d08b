"""The accounts of one office, and what is known without a request: used by the server and by commands."""

import ipaddress
from collections.abc import Collection
from pathlib import Path
from typing import Any

from dashboard.access.actors import roles
from dashboard.settings import Settings, SettingsError
from dashboard.store.accounts import Accounts
from dashboard.store.passwords import Hashes
from dashboard.store.trace import Doer

LINK_PATH = "/sign-in/screen"


def accounts_of(folder: Path, settings: Settings, doer: Doer | None = None, hashes: Hashes | None = None) -> Accounts:
    """The accounts of a data folder, by its settings. `SettingsError` where they name a role that there is not."""
    unknown = set(settings.access.sessions) - set(roles()) - {"default"}
    if unknown:
        known = ", ".join(roles())
        raise SettingsError(f"access.sessions: {', '.join(sorted(unknown))} is no role. Known are {known}.")
    return Accounts(folder, settings.access, list(roles()), doer=doer, hashes=hashes)


def is_loopback(host: str) -> bool:
    """Whether an address, or the name localhost, is this machine's own and nobody else's."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def unknown_place(snapshot: Any, regions: Collection[str], department: str) -> str:
    """What of an account's place is not in the data; '' where all is, and where there are no data yet."""
    if snapshot is None:
        return ""
    known = set(snapshot.run("pages/places")["region_id"])
    places = snapshot.run("pages/known_departments")
    there = set(zip(places["region_id"], places["department_id"]))
    wrong = [region for region in regions if region not in known]
    if department and not any((region, department) in there for region in regions):
        wrong.append(department)
    return wrong[0] if wrong else ""
