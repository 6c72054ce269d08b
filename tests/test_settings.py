"""Settings are the project's defaults, overridden key by key, and every mistake names file and key."""

import pytest

from dashboard.settings import Settings, SettingsError


@pytest.fixture
def office(tmp_path):
    """Loads the settings of an office whose settings.toml holds the text."""

    def load(text: str) -> Settings:
        (tmp_path / "settings.toml").write_text(text, encoding="utf-8")
        return Settings.load(tmp_path)

    return load


def test_without_a_file_of_its_own_an_office_has_the_defaults(tmp_path):
    settings = Settings.load(tmp_path)
    assert settings.fewest_ballots == 20
    assert 4 / 6 >= settings.fewest_dimensions > 3 / 6
    assert set(settings.weights.values()) == {1.0}


def test_one_line_overrides_one_value_and_nothing_else(office, tmp_path):
    settings = office("[composite.weights]\nservice = 2\n")
    assert settings.weights["service"] == 2
    assert settings.weights["conduct"] == 1
    assert settings.name == Settings.load(tmp_path / "elsewhere").name


def test_an_office_may_set_targets_of_its_own_beside_ours(office, tmp_path):
    settings = office("[targets]\non_time_share = 95\nunheard_of_share = 12.5\n")
    assert settings.targets["on_time_share"] == 95
    assert settings.targets["unheard_of_share"] == 12.5
    assert settings.targets["attended_share"] == Settings.load(tmp_path / "elsewhere").targets["attended_share"]


def test_who_is_compared_with_whom_and_where_the_red_line_is_can_be_changed(office, tmp_path):
    settings, default = office("[peers]\nfewest = 5\n[composite]\nred_line = 55.5\n"), Settings.load(tmp_path / "else")
    assert (settings.fewest_peers, settings.red_line) == (5, 55.5)
    assert (default.fewest_peers, default.red_line) == (8, 60)


def test_an_office_may_weigh_dimensions_and_set_thresholds_that_we_do_not_know(office):
    settings = office("[composite.weights]\npunctuality = 0.5\n[thresholds.one_pen]\nwatch = 0.1\n")
    assert settings.weights["punctuality"] == 0.5
    assert settings.thresholds == {"one_pen": {"watch": 0.1}}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[ofice]\nregion = 'x'\n", "'ofice' is not a setting. Did you mean 'office'?"),
        (
            "[composite]\nfewest_balots = 5\n",
            "'composite.fewest_balots' is not a setting. Did you mean 'fewest_ballots'?",
        ),
        ("[composite]\nzzz = 5\n", "'composite.zzz' is not a setting. Known are fewest_dimensions"),
        ("[office]\nregion = 5\n", "office.region = 5; expected something like 'county'"),
        ("[office]\nregion = ['a']\n", "office.region = ['a']; expected something like 'county'"),
        ("office = 'x'\n", "office = 'x'; expected something like {"),
        ("[composite]\nfewest_ballots = 'ten'\n", "composite.fewest_ballots = 'ten'; expected something like 20"),
        ("[composite]\nfewest_ballots = true\n", "composite.fewest_ballots = True; expected something like 20"),
        ("[composite]\nfewest_ballots = 2.5\n", "composite.fewest_ballots = 2.5; expected a whole number"),
        ("[composite]\nfewest_ballots = -1\n", "composite.fewest_ballots = -1; expected a whole number"),
        ("[composite]\nfewest_dimensions = 4\n", "composite.fewest_dimensions = 4; expected a share from 0 to 1"),
        ("[composite.weights]\nservice = -1\n", "composite.weights.service = -1; expected a number of at least 0"),
        ("[composite.weights]\nservice = nan\n", "composite.weights.service = nan; expected a number of at least 0"),
        ("[composite.weights]\nservice = inf\n", "composite.weights.service = inf; expected a number of at least 0"),
        (
            "[composite.weights]\npunctuality = 'x'\n",
            "composite.weights.punctuality = 'x'; expected something like 1.0",
        ),
        ("[composite]\nred_line = 'deep'\n", "composite.red_line = 'deep'; expected something like 60"),
        ("[peers]\nfewest = 2.5\n", "peers.fewest = 2.5; expected a whole number of at least 0"),
        ("[peers]\nfewst = 5\n", "'peers.fewst' is not a setting. Did you mean 'fewest'?"),
        ("[targets]\non_time_share = 'all'\n", "targets.on_time_share = 'all'; expected something like 90"),
        ("[targets]\npunctuality = 'all'\n", "targets.punctuality = 'all'; expected something like 1.0"),
        ("baselines = 3\n", "baselines = 3; expected something like []"),
        ("[thresholds]\none_pen = 3\n", "thresholds.one_pen = 3; expected something like {}"),
        ("[thresholds.one_pen]\nwatch = 'high'\n", "thresholds.one_pen.watch = 'high'; expected something like 1.0"),
        ("[office\n", "(at line 1"),
    ],
)
def test_a_mistake_names_the_file_the_key_and_what_was_expected(office, tmp_path, text, complaint):
    with pytest.raises(SettingsError) as error:
        office(text)
    assert str(error.value).startswith(f"{tmp_path / 'settings.toml'}: ")
    assert complaint in str(error.value)


# --- baselines -------------------------------------------------------------------------------------------------
DECISION = {
    "indicator": '"leads_received"',
    "department": '"D12"',
    "start": '"2026Q1"',
    "on": "2026-01-31",
    "by": '"监督室"',
    "reason": '"合并受理"',
}


def decided(*decisions: dict[str, str]) -> str:
    tables = (", ".join(f"{name} = {value}" for name, value in decision.items()) for decision in decisions)
    return "baselines = [" + ", ".join(f"{{ {table} }}" for table in tables) + "]\n"


def test_without_a_decision_no_series_begins_anew(tmp_path):
    assert Settings.load(tmp_path).baselines == ()


def test_a_decision_is_kept_with_its_date_its_author_and_its_reason(office):
    for day in ("2026-01-31", '"2026-01-31"'):  # a date of TOML, or a text
        (found,) = office(decided(DECISION | {"on": day})).baselines
        assert found == {
            "indicator": "leads_received",
            "department": "D12",
            "start": "2026Q1",
            "on": "2026-01-31",
            "by": "监督室",
            "reason": "合并受理",
        }


def test_without_a_department_a_decision_holds_for_all(office):
    (found,) = office(decided({name: value for name, value in DECISION.items() if name != "department"})).baselines
    assert found["department"] == ""


def refusal(office, text: str) -> str:
    with pytest.raises(SettingsError) as error:
        office(text)
    return str(error.value)


@pytest.mark.parametrize("given", ["absent", "empty"])
@pytest.mark.parametrize("name", ["indicator", "start", "on", "by", "reason"])
def test_a_decision_that_lacks_something_is_refused_by_file_and_place(office, tmp_path, name, given):
    lacking = {key: value for key, value in DECISION.items() if key != name} | (
        {} if given == "absent" else {name: '" "'}
    )
    said = refusal(office, decided(DECISION, lacking))
    assert said.startswith(f"{tmp_path / 'settings.toml'}: baselines, number 2: {name} is missing")


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"start": '"2026"'}, "start = '2026'; expected a quarter such as '2026Q1'"),
        ({"start": '"2026Q5"'}, "start = '2026Q5'; expected a quarter"),
        ({"on": '"yesterday"'}, "on = 'yesterday'; expected a day such as 2026-01-31"),
        ({"since": '"2026Q1"'}, "expected indicator, department, start, on, by, reason"),
    ],
)
def test_a_decision_that_cannot_be_read_is_refused_by_file_and_place(office, tmp_path, wrong, complaint):
    said = refusal(office, decided(DECISION | wrong))
    assert said.startswith(f"{tmp_path / 'settings.toml'}: baselines, number 1: ")
    assert complaint in said


def test_a_decision_that_is_no_table_is_refused(office):
    assert "baselines, number 1: 'D12'; expected indicator" in refusal(office, "baselines = ['D12']\n")


def test_a_file_that_is_no_text_is_said_to_be_none(tmp_path):
    (tmp_path / "settings.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="settings.toml"):
        Settings.load(tmp_path)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ('masthead = "banner"', "bulletin.masthead = 'banner'; expected periodical or document"),
        ('page_number = "left"', "bulletin.page_number = 'left'; expected sides or middle"),
        ("pitch = 2.0", "bulletin.pitch = 2.0; expected points from 20 to 40"),
        ('red = "red"', "bulletin.red = 'red'; expected # and six digits"),
        ("bold = [5]", "bulletin.bold = [5]; expected levels from 1 to 4"),
    ],
)
def test_a_layout_that_no_paper_has_is_refused(office, given, complaint):
    assert complaint in refusal(office, f"[bulletin]\n{given}\n")


def test_how_the_bulletin_is_set_changes_no_figure(office, tmp_path):
    plain = Settings.load(tmp_path / "nowhere")
    (tmp_path / "settings.toml").write_text('[bulletin]\nmasthead = "document"\npitch = 28\n', "utf-8")
    other = Settings.load(tmp_path)
    assert other.bulletin.masthead == "document"
    assert repr(other) == repr(plain)  # what a snapshot's recipe is made of


@pytest.mark.parametrize(
    "address", ["spark:15002", "sc://spark", "http://spark:15002", "sc://spark:15002/path", "sc://"]
)
def test_a_cluster_is_named_by_an_address_of_spark_connect(office, address):
    assert f"engine.spark = {address!r}; expected an address such as 'sc://spark:15002'" in refusal(
        office, f'[engine]\nspark = "{address}"\n'
    )


def test_a_token_in_a_wrong_address_is_not_shown(office):
    assert "secret" not in refusal(office, '[engine]\nspark = "spark:15002/;token=secret"\n')


def test_which_machines_compute_changes_no_figure(office, tmp_path):
    address = "sc://spark:15002/;use_ssl=true"
    other = office(f'[engine]\nspark = "{address}"\n')
    assert other.spark == address
    assert repr(other) == repr(Settings.load(tmp_path / "nowhere"))


# --- access ----------------------------------------------------------------------------------------------------
def test_an_office_changes_how_long_a_role_stays_signed_in(office):
    access = office("[access.sessions]\nleader = { idle_minutes = 120 }\n").access
    assert (access.limits("leader").idle_minutes, access.limits("leader").absolute_hours) == (120, 12)
    assert access.limits("screen") == access.sessions["screen"]
    assert access.limits("analyst") == access.sessions["default"]
    assert access.way == "password"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[access]\nshortest_password = 6\n", "access.shortest_password = 6"),
        ("[access]\npassword_kinds = 5\n", "access.password_kinds = 5"),
        ("[access]\ntries = 0\n", "access.tries = 0"),
        (
            "[access.sessions]\nleader = { idle = 3 }\n",
            "access.sessions.leader; expected idle_minutes and absolute_hours",
        ),
        ("[access.sessions]\nleader = { absolute_hours = 0 }\n", "absolute_hours above 0"),
        ('[access.proxy]\naddresses = ["proxy"]\n', "access.proxy.addresses: 'proxy'"),
        ('[access.proxy]\nuser_header = "X-User"\n', "needs access.proxy.addresses"),
        ('[access.oidc]\nissuer = "https://id.example"\n', "access.oidc.client_id is missing"),
        (
            '[access.oidc]\nissuer = "http://id.example"\nclient_id = "m"\nsecret_file = "s"\n',
            "expected an address with https",
        ),
        (
            '[access.proxy]\nuser_header = "X"\naddresses = ["10.0.0.1"]\n[access.oidc]\nissuer = "https://id.example"\n',
            "two ways in; keep one",
        ),
    ],
)
def test_a_way_in_that_would_let_too_many_in_or_nobody_is_refused(office, text, said):
    with pytest.raises(SettingsError) as error:
        office(text)
    assert said in str(error.value)
