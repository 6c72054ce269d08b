"""data/README.md is true: its tables, keys and worked example are those of the code."""

import re
import tomllib

from dashboard.__main__ import main
from dashboard.importing import load_mapping
from dashboard.schema import TABLES
from dashboard.settings import BASELINE, DEFAULTS
from tests.support import PROJECT, answer

README = (PROJECT / "data" / "README.md").read_text(encoding="utf-8")
PROSE = re.sub(r"```.*?```", "", README, flags=re.DOTALL)
(EXAMPLE,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)


def test_every_table_is_listed_with_its_columns_in_order():
    for table in TABLES.values():
        columns = [f"{c.name}{'' if c.required else '?'}" for c in table.columns if c.name != "region_id" or c.required]
        listed = re.search(rf"^\| `{table.name}` \({table.headers[0]}\) \| (.*) \|$", README, re.MULTILINE)
        assert listed, table.name
        assert re.findall(r"`([^`]+)`", listed[1]) == columns


def test_every_key_of_a_mapping_is_explained():
    source = (PROJECT / "dashboard" / "importing" / "mapping.py").read_text(encoding="utf-8")
    (top,) = re.findall(r"_only\(content, \(([^)]*)\)", source)
    (in_tables,) = re.findall(r'keys = "([^"]*)"', source)
    (in_columns,) = re.findall(r"_only\(given, \(([^)]*)\)", source)
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", PROSE))))
    assert set(re.findall(r"\w+", f"{top} {in_tables} {in_columns}")) <= words


def test_every_setting_is_explained():
    def keys(values: dict, above: str = ""):
        for key, value in values.items():
            whole = f"{above}{key}"
            open_tables = ("office.name", "composite.weights", "targets", "thresholds", "access.sessions")
            deeper = isinstance(value, dict) and whole not in open_tables
            yield from keys(value, f"{whole}.") if deeper else [whole]

    settings = tomllib.loads((DEFAULTS / "settings.toml").read_text(encoding="utf-8"))
    assert {key for key in keys(settings) if f"| `{key}` |" not in README} == set()


def test_every_field_of_a_baseline_is_explained():
    (row,) = re.findall(r"^\| `baselines` \| (.*) \|$", README, re.MULTILINE)
    assert set(BASELINE) <= set(re.findall(r"`(\w+)`", row))


def test_the_worked_example_imports_the_file_that_it_describes(tmp_path):
    (tmp_path / "hotline.toml").write_text(EXAMPLE, encoding="utf-8")
    assert load_mapping(tmp_path / "hotline.toml").name == "hotline"
    (tmp_path / "热线7月.csv").write_text(
        "时间,单位,类型,件数,状态\n"
        "2026-07-31 24:00,水务局,超期,3,有效\n"
        "2026-07-31 24:00,水务局,推诿,2,有效\n"
        "2026-07-31 24:00,水务局,合计,5,有效\n"
        "2026-07-31 24:00,水务局,推诿,9,作废\n"
        ",水务局,推诿,9,有效\n",
        encoding="utf-8",
    )
    office, file, mapping = map(str, (tmp_path / "office", tmp_path / "热线7月.csv", tmp_path / "hotline.toml"))
    main(["--data", office, "import", file, "--mapping", mapping], standalone_mode=False)
    (row,) = answer("--data", office, "indicator", "complaints_received")
    assert (row["department_id"], row["quarter"], row["value"]) == ("水务局", "2026Q3", 5)
