"""Accounts and the trace on the command line; and a server that does not start where anybody could see everything."""

import json
import sqlite3

import pytest
from click.testing import CliRunner, Result

from dashboard import __main__ as command_line
from dashboard.access.office import accounts_of
from dashboard.settings import Settings
from dashboard.store import StoreError
from dashboard.store.trace import Trace
from tests.store.people import GOOD, HERE


@pytest.fixture(scope="module")
def office(make_office):
    """A folder with a snapshot, so that regions and departments are known."""
    return make_office({"D01": ("甲局", 90, 25), "D02": ("乙局", 80, 25)})


def run(folder, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(command_line.main, ["--data", str(folder), *arguments], input=typed)


def of(folder):
    return accounts_of(folder, Settings.load(folder))


def test_an_account_is_added_with_a_password_from_standard_input_and_listed(office):
    done = run(office, "users", "add", "Li", "--role", "leader", typed=f"{GOOD}\n")
    assert (done.exit_code, done.stdout) == (0, "")
    assert of(office).signed_in(of(office).sign_in("li", GOOD, HERE)).must_change
    [row] = json.loads(run(office, "users", "list", "--format", "json").stdout)
    assert (row["name"], row["role"], row["state"], row["sessions"]) == ("li", "leader", "must_change", 1)
    assert run(office, "users").stdout.splitlines()[1].split()[:2] == ["li", "leader"]


def test_a_made_up_password_is_the_only_thing_that_is_printed(office):
    done = run(office, "users", "add", "wang", "--role", "department", "--department", "D01", "--make-up")
    [password] = done.stdout.split()
    assert of(office).sign_in("wang", password, HERE)
    again = run(office, "users", "password", "wang", "--make-up").stdout.strip()
    assert again != password
    with pytest.raises(StoreError):
        of(office).sign_in("wang", password, HERE)
    assert of(office).sign_in("wang", again, HERE)
    [one] = [account for account in of(office).read() if account.name == "wang"]
    assert (one.regions, one.department) == (("county",), "D01"), "the one region is meant"


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("users", "add", "x1", "--role", "leader"), "short\n", "密码太短"),
        (("users", "add", "x1", "--role", "leader"), "", "密码太短"),
        (("users", "add", "x 1", "--role", "leader"), GOOD, "账号名只能用"),
        (("users", "add", "x1", "--role", "leader", "--region", "nowhere"), GOOD, "数据里没有“nowhere”"),
        (("users", "add", "x1", "--role", "department", "--department", "D99"), GOOD, "数据里没有“D99”"),
        (("users", "add", "x1", "--role", "department"), GOOD, "要写明一个地区和一个部门"),
        (("users", "role", "x1", "--role", "leader"), "", "没有“x1”这个账号"),
        (("users", "disable", "x1"), "", "没有“x1”这个账号"),
        (("users", "screen", "x1"), "", "没有“x1”这个账号"),
        (("audit", "verify", "--expect", "1:x"), "", "不是“条数:哈希”"),
        (("audit", "verify", "--expect", f"1:{'0' * 64}"), "", "已不是上次核对时的那一条"),
    ],
)
def test_what_is_refused_is_said_on_one_line_and_nothing_is_kept(office, arguments, typed, said):
    before = Trace(office).verify()
    done = run(office, *arguments, typed=typed)
    assert (done.exit_code, done.stdout) == (1, "")
    assert said in done.stderr
    assert Trace(office).verify() == before


def test_no_password_is_an_argument():
    for command in (command_line.users.commands["add"], command_line.users.commands["password"]):
        assert {parameter.name for parameter in command.params} <= {"name", "role", "regions", "department", "make_up"}


def test_a_screen_signs_in_by_the_printed_link(office):
    run(office, "users", "add", "hall", "--role", "screen")
    link = run(office, "users", "screen", "hall", "--address", "https://mingjing/").stdout.strip()
    assert link.startswith("https://mingjing/sign-in/screen?link=")
    assert of(office).sign_in_by_link(link.partition("=")[2], HERE)


def test_what_the_console_does_is_in_the_trace_and_verify_prints_what_to_write_down(office):
    run(office, "users", "add", "zhao", "--role", "writer", typed=GOOD)
    for deed in ("disable", "enable", "sign-out"):
        assert run(office, "users", deed, "zhao").exit_code == 0
    assert run(office, "users", "role", "zhao", "--role", "analyst").exit_code == 0
    rows = json.loads(run(office, "audit", "list", "--last", "4", "--format", "json").stdout)
    assert [row["action"] for row in rows] == [
        *("account_disable", "account_enable", "account_sign_out", "account_role"),
    ]
    assert {(row["role"], row["what"]) for row in rows} == {("console", "zhao")}
    known = run(office, "audit", "verify").stdout.strip()
    assert known == f"{rows[-1]['number']}:{rows[-1]['hash']}"
    run(office, "users", "disable", "zhao")
    assert run(office, "audit", "verify", "--expect", known).exit_code == 0


def test_imports_and_restores_are_in_the_trace_with_what_they_published(office):
    rows = [(one.action, one.what, one.result) for one in reversed(Trace(office).read())]
    assert rows[0][0] == "import"
    assert rows[0][1].startswith("1 departments.csv")
    run(office, "snapshots", "rebuild")
    run(office, "snapshots", "restore", "1", "--by", "办公室")
    restored, rebuilt = Trace(office).read(2)
    assert (rebuilt.action, rebuilt.what) == ("rebuild", "2")
    assert (restored.action, restored.what, restored.role) == ("restore", "1", "console")
    assert restored.detail.endswith("办公室")


def test_a_backup_and_what_is_brought_back_are_in_the_trace_which_goes_on_where_it_was(office, tmp_path):
    before = Trace(office).verify().number
    assert run(office, "backup", str(tmp_path / "all.zip")).exit_code == 0
    assert run(office, "restore", str(tmp_path / "all.zip"), "--into", str(tmp_path / "again")).exit_code == 0
    assert [(one.action, one.what) for one in Trace(office).read(1)] == [("backup", "all.zip")]
    again = Trace(tmp_path / "again")
    assert [(one.number, one.action, one.what) for one in again.read(1)] == [(before + 1, "bring_back", "all.zip")]
    assert again.verify().is_whole


def test_an_import_that_is_refused_is_in_the_trace_and_a_dry_run_is_not(office, tmp_path):
    (tmp_path / "bad.csv").write_text("department_id,quarter,received\nD01,nonsense,x\n", "utf-8")
    before = Trace(office).verify().number
    for arguments in (("--dry-run",), ()):
        problems = ("--problems", str(tmp_path / "problems.csv"))
        assert run(office, "import", str(tmp_path / "bad.csv"), *problems, *arguments).exit_code == 1
    assert Trace(office).verify().number == before + 1
    assert [(one.action, one.what, one.result) for one in Trace(office).read(1)] == [("import", "bad.csv", "refused")]


def test_check_and_verify_name_the_first_row_that_was_changed(make_office, tmp_path):
    for _ in range(3):
        Trace(tmp_path).record("export")
    connection = sqlite3.connect(Trace(tmp_path).path)
    connection.executescript("drop trigger trace_without_update; update trace set what = 'x' where number = 2")
    connection.close()
    for command in (("audit", "verify"), ("check",)):
        done = run(tmp_path, *command)
        assert done.exit_code == 1
        assert "从第 2 条起" in done.stderr


# --- serving ---------------------------------------------------------------------------------------------------
def _nothing_to_say(*_given) -> str:
    """In place of looking at the snapshot, in a process of its own."""
    return ""


@pytest.fixture
def started(monkeypatch):
    """Where the server would have been started."""
    found = []
    monkeypatch.setattr("dashboard.serving.serve", lambda *given: found.append(given[2]))
    monkeypatch.setattr(command_line, "_prepare", _nothing_to_say)
    return found


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_on_this_machine_alone_it_starts_without_accounts_and_traces_nothing(tmp_path, started, host):
    assert run(tmp_path, "serve", "--host", host).exit_code == 0
    assert started == [host]
    assert Trace(tmp_path).read() == []


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "mingjing.example", ""])
def test_where_others_reach_it_it_says_how_to_make_an_account_and_does_not_start(tmp_path, started, host):
    done = run(tmp_path, "serve", "--host", host)
    assert (done.exit_code, started) == (1, [])
    for remedy in ("users add", "[access.oidc]", "[access.proxy]", "--host 127.0.0.1"):
        assert remedy in done.stderr


@pytest.mark.parametrize(
    "settings",
    [
        '[access.proxy]\naddresses = ["10.0.0.1"]\nuser_header = "X-Remote-User"\n',
        '[access.oidc]\nissuer = "https://id.example"\nclient_id = "m"\nsecret_file = "s"\n',
        "",
    ],
)
def test_with_accounts_a_provider_or_a_proxy_it_starts_and_that_is_in_the_trace(tmp_path, started, settings):
    (tmp_path / "settings.toml").write_text(settings, "utf-8")
    if "oidc" in settings:
        assert "access.oidc.secret_file" in run(tmp_path, "serve", "--host", "10.0.0.5").stderr
        (tmp_path / "s").write_text("s3cret", "utf-8")
    if not settings:
        of(tmp_path).add("hall", "screen")
    assert run(tmp_path, "serve", "--host", "10.0.0.5").exit_code == 0
    assert started == ["10.0.0.5"]
    assert Trace(tmp_path).read(1)[0].action == "serve"
