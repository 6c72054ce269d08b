"""What a password must be, how one is made up, and how it is kept: Argon2id, never the password itself."""

import re
import secrets
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dashboard.settings import Access
from dashboard.store.file import StoreError

LONGEST_PASSWORD = 128
FEWEST_SIGNS = 5  # different ones
COMMON = Path(__file__).with_name("common_passwords.txt")
# Without those that look alike: whoever types it reads it from paper.
SIGNS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@cache
def _common() -> frozenset[str]:
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def normal(password: str) -> str:
    """The same characters however a keyboard or an input method sends them."""
    return unicodedata.normalize("NFKC", password)


def require_good(password: str, name: str, rules: Access) -> None:
    """`StoreError` says what the password lacks."""
    password = normal(password)
    if len(password) < rules.shortest_password:
        raise StoreError("password_short", least=rules.shortest_password)
    if len(password) > LONGEST_PASSWORD:
        raise StoreError("password_long", most=LONGEST_PASSWORD)
    low = password.casefold()
    if len(name) > 2 and name in low:
        raise StoreError("password_name")
    letters = "".join(sign for sign in low if sign.isalpha())
    if low in _common() or letters in _common() or len(set(low)) < FEWEST_SIGNS:
        raise StoreError("password_common")
    if _kinds(password) < rules.password_kinds:
        raise StoreError("password_kinds", least=rules.password_kinds)


def _kinds(password: str) -> int:
    lower, upper, digits = (re.search(pattern, password) for pattern in ("[a-z]", "[A-Z]", "[0-9]"))
    return sum(map(bool, (lower, upper, digits, re.search("[^a-zA-Z0-9]", password))))


def made_up(name: str, rules: Access) -> str:
    """A password that nobody has chosen, good by the rules, in groups that can be read out: 'hT4k-9wQe-…'."""
    groups = max(4, -(-rules.shortest_password // 5) + 1)
    while True:
        password = "-".join("".join(secrets.choice(SIGNS) for _ in range(4)) for _ in range(groups))
        try:
            require_good(password, name, rules)
        except StoreError:
            continue
        return password


class Hashes:
    """Hashes and verifies; verifying takes as long where there is no account."""

    def __init__(self, hasher: PasswordHasher | None = None):
        self._hasher = hasher or PasswordHasher()  # the library's defaults are those of RFC 9106 for servers
        self._nobody = self._hasher.hash(secrets.token_hex())

    def made(self, password: str) -> str:
        return self._hasher.hash(normal(password))

    def is_right(self, kept: str, password: str) -> bool:
        """`kept`: the hash; '' where there is none, and then it is never right."""
        try:
            self._hasher.verify(kept or self._nobody, normal(password[: 2 * LONGEST_PASSWORD]))
        except (VerificationError, InvalidHashError):
            return False
        return bool(kept)

    def is_outdated(self, kept: str) -> bool:
        """Whether it was made less costly than it is done now."""
        return self._hasher.check_needs_rehash(kept)
