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


def test_a_file_that_is_no_text_is_said_to_be_none(tmp_path):
    (tmp_path / "settings.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="settings.toml"):
        Settings.load(tmp_path)
