"""Accounts: who gets in, for how long, and who has to wait."""

import sqlite3

import pytest
from argon2 import PasswordHasher

from dashboard.i18n.text import translator
from dashboard.store import StoreError, complaint
from dashboard.store.accounts import Accounts
from dashboard.store.passwords import Hashes, made_up, require_good
from dashboard.store.trace import Trace
from tests.store.people import BETTER, CHEAP, GOOD, HERE, RULES, Clock, accounts_in


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path, clock) -> Accounts:
    """One leader, whose password is her own."""
    found = accounts_in(tmp_path, clock)
    found.add("li", "leader", password=GOOD)
    token = found.sign_in("li", GOOD, HERE)
    found.sign_out(found.change_password(token, GOOD, BETTER, HERE), HERE)
    return found


def refusal(do, *given, **said) -> str:
    with pytest.raises(StoreError) as error:
        do(*given, **said)
    assert "{" not in complaint(translator("zh"), error.value) + complaint(translator("en"), error.value)
    return error.value.code


def rows(accounts: Accounts, table: str) -> list[tuple]:
    connection = sqlite3.connect(accounts.path)
    found = connection.execute(f"select * from {table}").fetchall()
    connection.close()
    return found


# --- accounts --------------------------------------------------------------------------------------------------
def test_a_new_folder_has_no_account_and_gets_no_file_by_looking(tmp_path, clock):
    accounts = accounts_in(tmp_path, clock)
    assert (accounts.is_empty(), accounts.read(), accounts.sessions()) == (True, [], [])
    assert accounts.signed_in("x") is None
    assert not accounts.path.exists()


def test_an_account_is_found_however_its_name_is_typed(accounts):
    accounts.add(" ＷＡＮＧ.wei ", "analyst", ["tinglan"], password=GOOD)
    [one] = [account for account in accounts.read() if account.name == "wang.wei"]
    assert (one.role, one.regions, one.is_active, one.must_change, one.signed_in_at) == (
        *("analyst", ("tinglan",)),
        *(True, True, None),
    )
    assert accounts.sign_in("Wang.Wei", GOOD, HERE)
    assert refusal(accounts.add, "WANG.WEI", "leader") == "account_there"


@pytest.mark.parametrize(
    ("name", "role", "place", "code"),
    [
        ("", "leader", {}, "bad_name"),
        ("a b", "leader", {}, "bad_name"),
        ("a\nb", "leader", {}, "bad_name"),
        ("x" * 61, "leader", {}, "bad_name"),
        ("13912345678", "leader", {}, "personal_name"),
        ("li2", "boss", {}, "no_role"),
        ("li2", "alone", {}, "no_role"),
        ("li2", "department", {}, "no_place"),
        ("li2", "department", {"regions": ["a", "b"], "department": "D01"}, "no_place"),
        ("li2", "leader", {"regions": ["a"], "department": "D01"}, "place_too_many"),
    ],
)
def test_an_account_that_is_unfit_is_refused_in_words(accounts, name, role, place, code):
    assert refusal(accounts.add, name, role, **place) == code
    assert [account.name for account in accounts.read()] == ["li"]


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Kx7-rain-tO", "password_short"),
        ("Kx7-" * 33, "password_long"),
        ("kxrainktower", "password_kinds"),
        ("Li-Zhang-rain-7", "password_name"),
        ("Password2026!!", "password_common"),
        ("1qaz2wsx3edc", "password_common"),
        ("Aa1!Aa1!Aa1!", "password_common"),
        ("Ｐassword２０２６", "password_common"),
    ],
)
def test_a_bad_password_is_refused_with_what_it_lacks(password, code):
    assert refusal(require_good, password, "li-zhang", RULES) == code


def test_a_long_sentence_and_chinese_characters_are_good_passwords():
    require_good("明镜高悬 不如 Lantern 在手 7 盏", "li", RULES)
    require_good("x-Y" + "abcdefgh" * 15, "li", RULES)


def test_made_up_passwords_are_good_and_never_the_same():
    found = {made_up("li", RULES) for _ in range(50)}
    assert len(found) == 50
    for password in found:
        require_good(password, "li", RULES)


def test_the_file_holds_neither_password_nor_token(accounts):
    token = accounts.sign_in("li", BETTER, HERE)
    link = accounts.add("wall", "screen") and accounts.make_link("wall")
    content = accounts.path.read_bytes()
    for secret in (GOOD, BETTER, token, link):
        assert secret.encode() not in content
    assert b"$argon2id$" in content


def test_a_hash_that_was_made_cheaper_is_made_anew_at_signing_in(accounts, tmp_path, clock):
    before = rows(accounts, "accounts")
    dearer = Hashes(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    Accounts(tmp_path, RULES, ["leader"], clock, None, dearer).sign_in("li", BETTER, HERE)
    assert rows(accounts, "accounts") != before
    assert accounts.sign_in("li", BETTER, HERE)


# --- signing in ------------------------------------------------------------------------------------------------
def test_what_was_wrong_is_not_told(accounts):
    accounts.add("gone", "leader", password=GOOD)
    accounts.disable("gone")
    accounts.add("wall", "screen")
    tried = [
        ("li", GOOD),
        ("nobody", BETTER),
        ("gone", GOOD),
        ("wall", ""),
        ("", ""),
        ("li\x00", BETTER),
        ("李" * 999, ""),
    ]
    assert {refusal(accounts.sign_in, name, password, HERE) for name, password in tried} == {"not_signed_in"}


def test_without_an_account_a_password_is_hashed_all_the_same(accounts, monkeypatch):
    hashed = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(
        PasswordHasher, "verify", lambda self, kept, given: hashed.append(kept) or verify(self, kept, given)
    )
    for name in ("li", "nobody"):
        refusal(accounts.sign_in, name, "wrong", HERE)
    assert len(hashed) == 2
    assert len({kept.rsplit("$", 2)[0] for kept in hashed}) == 1, "as costly"


def test_a_first_password_opens_nothing_until_it_is_changed(accounts):
    accounts.add("wang", "analyst", password=GOOD)
    token = accounts.sign_in("wang", GOOD, HERE)
    assert accounts.signed_in(token).must_change
    assert refusal(accounts.change_password, token, GOOD, GOOD, HERE) == "password_same"
    new = accounts.change_password(token, GOOD, BETTER, HERE)
    assert accounts.signed_in(token) is None
    assert not accounts.signed_in(new).must_change
    assert refusal(accounts.sign_in, "wang", GOOD, HERE) == "not_signed_in"


def test_a_first_password_that_comes_too_late_opens_nothing(accounts, clock):
    accounts.add("wang", "analyst", password=GOOD)
    clock.move(hours=RULES.first_password_hours)
    assert refusal(accounts.sign_in, "wang", GOOD, HERE) == "password_expired"
    assert refusal(accounts.sign_in, "wang", "wrong", HERE) == "not_signed_in"


def test_an_old_password_must_be_changed_where_the_office_wants_it(accounts, tmp_path, clock):
    clock.move(days=RULES.password_days)
    token = accounts.sign_in("li", BETTER, HERE)
    assert accounts.signed_in(token).must_change
    assert not accounts_in(tmp_path, clock, password_days=0).signed_in(token).must_change


# --- sessions --------------------------------------------------------------------------------------------------
def test_a_session_ends_when_nobody_does_anything_and_after_its_time(accounts, clock):
    token = accounts.sign_in("li", BETTER, HERE)
    for _ in range(12):
        clock.move(minutes=29)
        assert accounts.signed_in(token)
    clock.move(minutes=30)
    assert accounts.signed_in(token) is None
    token = accounts.sign_in("li", BETTER, HERE)
    for _ in range(24):
        assert accounts.signed_in(token)
        clock.move(minutes=29)
    clock.move(minutes=24)
    assert accounts.signed_in(token) is None, "twelve hours"


def test_a_page_that_only_stands_open_keeps_nobody_signed_in(accounts, clock):
    token = accounts.sign_in("li", BETTER, HERE)
    for _ in range(29):
        clock.move(minutes=1)
        assert accounts.signed_in(token, is_alive=False)
    clock.move(minutes=1)
    assert accounts.signed_in(token, is_alive=False) is None


def test_a_clock_that_is_set_back_prolongs_nothing(accounts, clock):
    token = accounts.sign_in("li", BETTER, HERE)
    clock.move(days=-1)
    assert accounts.signed_in(token) is None


def test_a_new_token_at_each_signing_in_ends_the_one_that_the_browser_had(accounts):
    first = accounts.sign_in("li", BETTER, HERE)
    second = accounts.sign_in("li", BETTER, HERE, before=first)
    assert first != second
    assert (accounts.signed_in(first), accounts.signed_in(second).account.name) == (None, "li")
    assert len(first) >= 43, "256 bits"


@pytest.mark.parametrize(
    "end",
    [
        lambda accounts: accounts.sign_out_everywhere("li"),
        lambda accounts: accounts.disable("li"),
        lambda accounts: accounts.set_role("li", "analyst"),
        lambda accounts: accounts.set_password("li", GOOD),
    ],
)
def test_what_ends_every_session(accounts, end):
    tokens = [accounts.sign_in("li", BETTER, HERE) for _ in range(3)]
    assert len(accounts.sessions("li", tokens[0])) == 3
    assert [one.is_own for one in accounts.sessions("li", tokens[0])].count(True) == 1
    end(accounts)
    assert [accounts.signed_in(token) for token in tokens] == [None] * 3
    assert accounts.sessions() == []


def test_signing_out_ends_one_session_on_the_server(accounts):
    one, other = (accounts.sign_in("li", BETTER, HERE) for _ in range(2))
    accounts.sign_out(one, HERE)
    assert (accounts.signed_in(one), accounts.signed_in(other) is None) == (None, False)


def test_with_an_identity_provider_nobody_stays_signed_in_with_a_password(accounts, tmp_path, clock):
    token = accounts.sign_in("li", BETTER, HERE)
    oidc = accounts_in(tmp_path, clock, oidc=RULES.oidc.__class__("https://i", "c", "s", "sub"))
    assert oidc.signed_in(token) is None
    known = oidc.sign_in_known("LI", HERE)
    assert oidc.signed_in(known).account.name == "li"
    assert refusal(oidc.sign_in_known, "stranger", HERE) == "no_access"
    assert accounts.signed_in(known) is None, "nor the other way round"


def test_whoever_tries_links_waits_and_the_trace_does_not_grow_meanwhile(accounts, clock):
    accounts.add("hall", "screen")
    for _ in range(60):
        with pytest.raises(StoreError, match="no_link|wait"):
            accounts.sign_in_by_link("x" * 43, HERE)
    assert len(Trace(accounts.path.parent).read()) < 40
    assert accounts.sign_in_by_link(accounts.make_link("hall"), HERE), "who has the right one does not wait"


@pytest.mark.parametrize("name", ["ａdmin", "ªdmin", "admin" + " " * 100 + "x"])
def test_another_name_that_reads_like_an_account_s_is_not_its(accounts, name):
    accounts.add("admin", "administrator")
    assert accounts.known("Admin", HERE).name == "admin"
    assert accounts.known(name, HERE) is None
    with pytest.raises(StoreError, match="no_access"):
        accounts.sign_in_known(name, HERE)


def test_a_screen_signs_in_once_by_its_link_and_stays(accounts, clock):
    accounts.add("wall", "screen", ["tinglan"])
    old, link = accounts.make_link("wall"), accounts.make_link("wall")
    assert refusal(accounts.sign_in_by_link, old, HERE) == "no_link"
    token = accounts.sign_in_by_link(link, HERE)
    assert refusal(accounts.sign_in_by_link, link, HERE) == "no_link"
    clock.move(days=89)
    assert accounts.signed_in(token, is_alive=False).account.name == "wall"
    clock.move(days=1)
    assert accounts.signed_in(token) is None
    late = accounts.make_link("wall")
    clock.move(days=1)
    assert refusal(accounts.sign_in_by_link, late, HERE) == "no_link"
    assert refusal(accounts.make_link, "li") == "no_screen"


def test_a_script_asks_by_a_token_for_a_year_and_only_by_the_newest(accounts, clock):
    old, token = accounts.make_token("li"), accounts.make_token("LI")
    assert accounts.signed_in(old) is None
    clock.move(days=100)
    accounts.sign_in("li", BETTER, HERE)  # which sweeps what is over
    clock.move(days=264)
    assert accounts.signed_in(token).session.how == "token"
    clock.move(days=1)
    assert accounts.signed_in(token) is None
    token = accounts.make_token("li")
    accounts.sign_out_everywhere("li")
    assert accounts.signed_in(token) is None
    accounts.add("wall", "screen")
    assert refusal(accounts.make_token, "wall") == "screen_no_token"


def test_a_token_ends_when_nobody_comes_in_by_the_provider_any_more(tmp_path, clock):
    """Whom the provider has let go is disabled there, and not here."""
    accounts = accounts_in(tmp_path, clock, user_header="X-User", proxies=("10.0.0.1",))
    accounts.add("li", "analyst")
    token = accounts.make_token("li")
    clock.move(days=89)
    assert accounts.signed_in(token).account.name == "li"
    clock.move(days=1)
    assert accounts.signed_in(token) is None


def test_a_full_disk_signs_nobody_out_at_once(accounts, clock, monkeypatch):
    token = accounts.sign_in("li", BETTER, HERE)
    clock.move(minutes=5)
    run = accounts._run

    def full(connection, name, /, **values):
        if name == "set_seen":
            raise sqlite3.OperationalError("database or disk is full")
        return run(connection, name, **values)

    monkeypatch.setattr(accounts, "_run", full)
    assert accounts.signed_in(token).account.name == "li"


# --- failed attempts -------------------------------------------------------------------------------------------
def test_after_five_failures_a_name_waits_longer_and_longer(accounts, clock):
    """Also the right password is not looked at, and a name that is no account waits alike."""
    for name in ("li", "nobody"):
        assert [refusal(accounts.sign_in, name, "wrong", HERE) for _ in range(5)] == ["not_signed_in"] * 5
        assert refusal(accounts.sign_in, name, BETTER, "10.9.9.9") == "wait"
    waited = []
    for _ in range(8):
        with pytest.raises(StoreError) as error:
            accounts.sign_in("li", "wrong", "10.9.9.9")
        waited.append(error.value.values["minutes"])
        clock.move(minutes=waited[-1])
        assert refusal(accounts.sign_in, "li", "wrong", "10.9.9.9") == "not_signed_in"
    assert waited == [1, 2, 4, 8, 16, 32, 60, 60]


def test_signing_in_makes_a_name_s_failures_forgotten_and_not_an_address_s(accounts, clock):
    """Else whoever has an account could try others without end."""
    tried = 0
    while (code := refusal(accounts.sign_in, f"other{tried}", "wrong", HERE)) == "not_signed_in":
        tried += 1
        if tried % 4 == 0 and tried < 25:
            accounts.sign_in("li", BETTER, HERE)
    assert (code, tried) == ("wait", 25)
    assert refusal(accounts.sign_in, "li", BETTER, HERE) == "wait"
    assert accounts.sign_in("li", BETTER, "10.0.0.8"), "from elsewhere she gets in"
    clock.move(days=1, minutes=1)
    assert accounts.sign_in("li", BETTER, HERE)


def test_the_addresses_of_one_ipv6_line_are_one_and_those_of_ipv4_many(accounts):
    for number in range(25):
        assert refusal(accounts.sign_in, f"other{number}", "wrong", f"2001:db8:1:2::{number:x}") == "not_signed_in"
        assert refusal(accounts.sign_in, f"more{number}", "wrong", f"::ffff:10.1.1.{number}") == "not_signed_in"
    assert refusal(accounts.sign_in, "li", BETTER, "2001:db8:1:2:ffff::1") == "wait"
    assert accounts.sign_in("li", BETTER, "2001:db8:1:3::1")
    assert accounts.sign_in("li", BETTER, "::ffff:10.1.1.200")


def test_an_administrator_can_end_the_waiting(accounts):
    for _ in range(5):
        refusal(accounts.sign_in, "li", "wrong", HERE)
    accounts.enable("li")
    assert accounts.sign_in("li", BETTER, HERE)


def test_guessing_the_old_password_in_the_form_counts_too(accounts):
    token = accounts.sign_in("li", BETTER, HERE)
    codes = [refusal(accounts.change_password, token, "wrong", GOOD, HERE) for _ in range(6)]
    assert codes == ["password_wrong"] * 5 + ["wait"]


# --- the trace of it -------------------------------------------------------------------------------------------
def test_everything_that_happens_to_an_account_is_in_the_trace(accounts, tmp_path):
    accounts.set_role("li", "department", ["tinglan"], "D09")
    accounts.disable("li")
    refusal(accounts.sign_in, "li", BETTER, HERE)
    found = [(one.actor, one.action, one.what, one.result, one.detail) for one in reversed(Trace(tmp_path).read())]
    assert found == [
        ("root", "account_add", "li", "done", "leader"),
        ("li", "sign_in", "li", "done", "password"),
        ("li", "account_password", "li", "done", ""),
        ("li", "sign_out", "li", "done", ""),
        ("root", "account_role", "li", "done", "leader → department tinglan D09"),
        ("root", "account_disable", "li", "done", ""),
        ("li", "sign_in", "li", "refused", "disabled"),
    ]


def test_a_name_that_is_no_account_is_not_kept_for_it_may_be_a_password(accounts):
    for _ in range(6):
        refusal(accounts.sign_in, BETTER, "li", HERE)
    assert BETTER.casefold().encode() not in accounts.path.read_bytes()
    last = Trace(accounts.path.parent).read(2)
    assert [(one.action, one.what, one.address, one.result) for one in last] == [
        ("locked", "", HERE, "done"),
        ("sign_in", "", HERE, "refused"),
    ]
    assert CHEAP  # nothing is traced of an attempt that is not looked at: the file cannot be filled that way
