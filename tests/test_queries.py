"""What every SQL file under queries/ keeps to (queries/README.md), read from the files themselves."""

import math
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from dashboard import audit, catalog, gaps, judgements, store, warehouse
from dashboard.schema import BASIS, TABLES
from dashboard.settings import Settings
from tests.support import PROJECT, Given

CATALOG = catalog.load_catalog()
INDICATORS = catalog.indicators(CATALOG)
GAPS = catalog.gaps(CATALOG)
AUDIT = catalog.audits(CATALOG)
READ_BY_PAGES = [name for name in CATALOG if name.startswith(("pages/", "rows/"))]
DEFAULTS = Settings.load(Path("nowhere"))

# What a transpiler cannot carry to a distributed engine, or what each engine answers in its own way.
DUCKDB_ONLY = (
    *(
        "qualify",
        "asof",
        "pivot",
        "unpivot",
        "positional",
        "quantile",
        "quantile_cont",
        "quantile_disc",
        "median",
        "mode",
    ),
    *("any_value", "arg_max", "arg_min", "max_by", "min_by", "first", "last", "list", "unnest", "struct_pack", "map"),
    *("columns", "exclude", "replace", "summarize", "sample", "tablesample", "macro", "lambda", "glob", "similar"),
)

# What a page would ask of the demonstration county.
ASKED = {
    "region": "tinglan",
    "quarter": "2026Q3",
    "previous": "2026Q2",
    "last_day": "2026-09-30",
    "category": "government",
    "department": "d01",
    "indicator": "composite_score",
    "variant": "composite",
    "dimension": "composite",
    "scale": "stored",
    "ascending": False,
    "scope": "peers",
    "window": 1,
    "dimensions": ["service", "conduct"],
    "weights": [2.0, 1.0],
    "departments": ["d01", "d02"],
    "indicators": ["complaint_rate"],
    "tables": ["complaints"],
    "imports": [],
    "rule": "supervision_vacuum",
    "statuses": ["alert", "watch"],
    "rules": ["top_down_only"],
    "methods": ["inspection"],
    "step": 3,
    "periods": 12,
    "first_day": "2026-07-01",
    "check": "decision_rows",
    "verdicts": ["disagrees"],
    "quarters": ["2026Q2", "2026Q3"],
    "table": "powers",
    "item": "staff_carried",
    "within": "lanjiang",
    "places": ["yanchuan"],
    "regions": ["yanchuan"],
    "figure": "complaint_rate",
    "fewest": 8,
}


def body(query: catalog.Query) -> str:
    """The statement without comments and texts."""
    return re.sub(r"--[^\n]*|/\*.*?\*/|'[^']*'", " ", query.sql, flags=re.DOTALL).lower()


@pytest.fixture(scope="module")
def empty() -> Given:
    return Given()


@pytest.fixture(scope="module")
def county(demo_folder) -> warehouse.Snapshot:
    return warehouse.Warehouse(demo_folder).current()


# --- every file ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", CATALOG)
def test_every_file_says_what_it_answers_and_names_its_parameters(name):
    query = CATALOG[name]
    assert catalog.CONTRACT[name.split("/")[0]].keys() <= query.header.keys()
    assert not [parameter for parameter in query.parameters if parameter.isdigit()], "a parameter by position"
    assert "?" not in body(query)


@pytest.mark.parametrize("name", CATALOG)
def test_no_file_holds_an_address_or_a_path_of_a_machine(name):
    text = CATALOG[name].path.read_text(encoding="utf-8")
    assert not re.search(r"https?://|/home/|/work/|/tmp/|[a-z]:\\", text, re.IGNORECASE)


# What a statistic takes its rows from is answered and not kept: ballots by rater are too many, months stand elsewhere.
TAKEN_BY_STATISTICS = ("build/rater_scores", "build/monthly_complaints")
READING = [name for name in CATALOG if name.startswith(("pages/", "rows/", "indicators/", "gaps/", "audit/"))]
STORE = [name for name in CATALOG if name.startswith("store/")]  # the other database: see below
KEPT = ("events", "replies", "notes", "trace")  # of its tables those in which nothing is ever changed, …
PRESENT = ("accounts", "sessions", "links", "attempts")  # … and those that say how it is now


@pytest.mark.parametrize("name", [name for name in CATALOG if name not in (*READING, *TAKEN_BY_STATISTICS, *STORE)])
def test_a_building_file_makes_one_thing_named_like_the_file(name):
    query = CATALOG[name]
    made = re.match(r"\s*create (table|macro|view) (\w+)", body(query))
    assert made
    assert made[2] == ("office_words" if name == "tables/vocabulary" else query.short_name)


WRITES = "create|insert|update|delete|drop|alter|copy|attach|pragma"


@pytest.mark.parametrize("name", READING)
def test_a_reading_file_only_reads(name):
    assert re.match(r"\s*(select|with)\b", body(CATALOG[name]))
    assert not re.search(rf"\b({WRITES}|read_\w+)\b", body(CATALOG[name]))


@pytest.mark.parametrize("name", TAKEN_BY_STATISTICS)
def test_a_file_whose_rows_a_statistic_takes_makes_nothing(name):
    assert re.match(r"\s*(select|with)\b", body(CATALOG[name]))
    assert not re.search(rf"\b({WRITES})\b", body(CATALOG[name]))
    assert f"`{name.split('/')[1]}`" in README, "the page that describes all this names it"


ONE_ROW = (
    "pages/raters",
    "pages/power_history",
    "pages/appraisal",
    "pages/indicator_base",
    "pages/rules",
    "build/rules",
)


@pytest.mark.parametrize("name", [name for name in CATALOG if not name.startswith(("indicators/", "store/"))])
def test_the_order_of_rows_is_given(name):
    """Indicators are ordered once, with all judgements; everything else orders itself."""
    sql, inner = body(CATALOG[name]), ""
    if "create macro" in sql or name in ONE_ROW:
        return
    while sql != inner:  # what stands in brackets is not the outermost
        sql, inner = re.sub(r"\([^()]*\)", " ", sql), sql
    assert "order by" in sql


@pytest.mark.parametrize("name", READ_BY_PAGES)
def test_ties_end_in_the_key_of_a_department(name):
    final = re.split(r"\border by\b", body(CATALOG[name]))[-1]
    outermost = re.split(r"\bselect\b", body(CATALOG[name]))[-1]
    if re.search(r"^\s*(\w+\.)?department_id,$", outermost, re.MULTILINE):
        assert "department_id" in final


# evaluations are millions of ballots: the mart reads the files themselves
@pytest.mark.parametrize("table", [table for table in TABLES if table != "evaluations"])
def test_every_table_of_the_schema_is_there_with_its_columns(empty, table):
    made = "office_words" if table == "vocabulary" else table
    assert empty.connection.table(made).columns == list(TABLES[table].names)


# --- the store -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", STORE)
def test_a_file_of_the_store_makes_one_thing_adds_one_row_or_reads(name):
    sql, own = body(CATALOG[name]), CATALOG[name].short_name
    made = re.match(r"\s*create (?:table|trigger) (\w+)", sql)
    if made:
        assert made[1] == own.removeprefix("make_")
        assert made[0].split()[1] == ("table" if own.startswith("make_") else "trigger")
    elif own.startswith("add_"):
        assert re.match(rf"\s*(insert into ({'|'.join((*KEPT, *PRESENT))})|alter table events add column)\b", sql)
    elif own.startswith("set_"):
        assert re.match(rf"\s*(update|insert into) ({'|'.join(PRESENT)})\b", sql)
    elif own.startswith("end_"):
        assert re.match(rf"\s*delete from ({'|'.join(PRESENT)})\b", sql)
    elif own.startswith("version_"):
        assert sql.split() == ["pragma", "user_version", "=", own.removeprefix("version_")]
    else:
        assert re.match(r"\s*select\b", sql)
        assert "order by" in sql or own == "version"


@pytest.mark.parametrize("name", STORE)
def test_no_file_of_the_store_changes_or_removes_what_was_recorded(name):
    if name.startswith(("store/set_", "store/end_")):  # what they change is the present, see above
        assert not re.search(rf"\b({'|'.join(KEPT)})\b", body(CATALOG[name]))
    elif not re.search(r"_without_(update|delete)$", name):  # the triggers that forbid it
        forbidden = re.findall(r"\b(update|delete|drop|alter|replace|attach)\b", body(CATALOG[name]))
        assert forbidden == (["alter"] if name == "store/add_level" else [])  # a new column leaves the rest as it is


def test_every_file_of_the_store_is_understood_by_sqlite():
    store.check_queries()


@pytest.mark.parametrize(
    ("sql", "complaint"),
    [("select colour\nfrom events\norder by 1", "no such column: colour"), ("select 1;\nselect 2", "You can only")],
)
def test_a_broken_file_of_the_store_is_named_by_file_and_line(broken_store, sql, complaint):
    assert broken_store(sql).startswith(f"store/new.sql:4: {complaint}")


# --- marts -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", [name for name in CATALOG if name.startswith("marts/")])
def test_marts_can_be_carried_to_another_engine(name):
    words = set(re.findall(r"[a-z_]+", body(CATALOG[name])))
    assert not words & set(DUCKDB_ONLY)
    assert not re.search(r"\blist_|\barray_|\bstruct_|\{|\[|->", body(CATALOG[name]))


def test_the_mart_of_scores_scans_the_files_instead_of_copying_every_ballot():
    assert "as not materialized (" in body(CATALOG["marts/scores"])


# --- rows behind a gap -----------------------------------------------------------------------------------------
ROWS = {query.short_name: query for name, query in CATALOG.items() if name.startswith("rows/")}


@pytest.mark.parametrize("table", ROWS)
def test_rows_of_a_table_are_asked_by_department_and_window_and_have_its_own_columns(empty, table):
    assert ROWS[table].parameters == {"region", "quarter", "department", "window"}
    own = [column.name for column in TABLES[table].columns if column.name != "region_id" and column is not BASIS]
    listed = empty.run(f"rows/{table}").columns.tolist()
    if table in SUMMED:
        assert listed == [name for name in own if name in listed]
    else:
        assert listed == own


# finer counts would show who complained, and whom a case concerns
SUMMED = {"complaints": {"month", "channel"}, "cases": {"domain", "found_at", "rank_band"}}


@pytest.mark.parametrize("table", SUMMED)
def test_counts_are_listed_no_finer_than_a_department_and_a_category_of_a_quarter(empty, table):
    assert not SUMMED[table] & set(empty.run(f"rows/{table}").columns)


def test_no_ballot_is_ever_listed():
    assert not {"evaluations", "corrections", "vocabulary"} & ROWS.keys()
    assert not any(re.search(r"\b(scores|rater\w*|ballot\w*)\b", body(query)) for query in ROWS.values())


# --- running ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", READ_BY_PAGES)
def test_every_page_query_answers_where_nothing_was_imported(empty, name):
    empty.run(name)
    empty.run(name, **{key: value for key, value in ASKED.items() if key in CATALOG[name].parameters})


@pytest.mark.parametrize("name", READ_BY_PAGES)
def test_every_page_query_answers_on_the_demonstration_county_twice_alike(county, name):
    assert not CATALOG[name].parameters - ASKED.keys(), "say in ASKED what a page would ask"
    first, second = county.run(name, **ASKED), county.run(name, **ASKED)
    pd.testing.assert_frame_equal(first, second)
    for column in first.select_dtypes("number"):
        assert not any(map(math.isinf, first[column].dropna())), column


@pytest.mark.parametrize("name", INDICATORS)
def test_an_indicator_of_nothing_is_empty(empty, name):
    assert empty.run(f"indicators/{name}").empty


@pytest.mark.parametrize("name", INDICATORS)
def test_an_indicator_keeps_the_contract_on_the_demonstration_county(county, name):
    header, rows = INDICATORS[name].header, county.run(f"indicators/{name}")
    assert set(rows.columns) == judgements.INDICATOR_COLUMNS
    assert len(rows), "the demonstration county shows every indicator"
    key = ["region_id", "department_id", "quarter", "variant"]
    assert rows[key].notna().all(axis=None)
    assert not rows.duplicated(key).any()
    assert rows["quarter"].str.fullmatch(r"\d{4}Q[1-4]").all()
    for column in ("value", "numerator", "denominator"):
        assert rows[column].dtype == "float64"
        assert not any(map(math.isinf, rows[column].dropna())), column
    assert (rows["n"].dropna() >= 0).all()
    whole = rows.dropna(subset=["value", "numerator", "denominator"])
    if header["kind"] in ("share", "rate"):
        assert rows["denominator"].notna().any()
        assert whole["value"].tolist() == pytest.approx((100 * whole["numerator"] / whole["denominator"]).tolist())
        assert rows.loc[rows["denominator"] == 0, "value"].isna().all()
    if header["kind"] == "mean":
        assert whole["value"].tolist() == pytest.approx((whole["numerator"] / whole["denominator"]).tolist())
    if header["kind"] == "count":
        assert (rows["value"] == rows["numerator"]).all()


@pytest.mark.parametrize("name", INDICATORS)
def test_an_indicator_is_described_in_both_languages(name):
    header = INDICATORS[name].header
    for key in ("title", "label", "unit", "why"):
        assert header[key].keys() == {"zh", "en"}
    assert re.search("[\u4e00-\u9fff]", header["title"]["zh"])
    assert not re.search("[\u4e00-\u9fff]", header["title"]["en"])
    assert set(header["tables"]) <= TABLES.keys()


# --- gap rules -------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def every_rule() -> Given:
    return Given(rules=tuple(GAPS))


@pytest.mark.parametrize("name", GAPS)
def test_a_rule_of_nothing_says_nothing(every_rule, name):
    rule = GAPS[name]
    assert every_rule.run(rule.name, **gaps.in_force(rule, {})).empty


@pytest.mark.parametrize("name", GAPS)
def test_a_rule_keeps_the_contract_on_the_demonstration_county(county, name):
    rule = GAPS[name]
    assert rule.parameters == set(rule.header.get("thresholds", {})), "each $parameter is a threshold with its words"
    rows = county.run(rule.name, **gaps.in_force(rule, {}))
    assert len(rows), "the demonstration county shows every rule"
    assert not rows.duplicated(["region_id", "department_id", "quarter"]).any()
    assert set(rows["level"].dropna()) <= {"ok", "watch", "alert"}
    flagged = rows[rows["level"].isin(["watch", "alert"])]
    assert len(flagged), "each rule is planted"
    assert flagged["value"].notna().all()
    for column in ("value", "threshold"):
        assert not any(map(math.isinf, rows[column].dropna())), column
    notes = {"few", "no_staff", "not_reported", "coverage", "not_connected", *rule.header.get("notes", {})}
    assert set(rows["note"].dropna()) <= notes
    assert not (rows["note"].notna() & rows["level"].notna()).any()


@pytest.mark.parametrize("name", GAPS)
def test_the_sentence_of_a_rule_names_columns_that_its_query_has(county, name):
    header, rows = GAPS[name].header, county.run(GAPS[name].name, **gaps.in_force(GAPS[name], {}))
    given = header["sentence"]
    texts = [given] if "zh" in given else list(given.values())
    if "zh" not in given:
        assert set(rows.loc[rows["level"].isin(["watch", "alert"]), "reason"]) <= given.keys()
    for text in texts:
        named = {lang: set(re.findall(r"\{(\w+)", text[lang])) for lang in ("zh", "en")}
        assert named["zh"] <= {"name", "period", "line", *rows.columns}
        assert named["en"] <= {"name", "period", "line", *rows.columns}
        assert "name" in named["zh"] & named["en"]


@pytest.mark.parametrize("name", GAPS)
def test_the_words_of_the_evidence_are_of_columns_that_the_query_has(county, name):
    rows = county.run(GAPS[name].name, **gaps.in_force(GAPS[name], {}))
    named = GAPS[name].header.get("evidence", {})
    assert named.keys() <= set(rows.columns)
    for words in named.values():
        assert re.search("[\u4e00-\u9fff]", words["zh"]) and not re.search("[\u4e00-\u9fff]", words["en"])


@pytest.mark.parametrize("name", GAPS)
def test_a_rule_is_described_in_both_languages(name):
    header = GAPS[name].header
    for key in ("title", "label", "why", "formula", "example", "exclusions", "assumptions", "remedy"):
        assert re.search("[\u4e00-\u9fff]", header[key]["zh"]), key
        assert not re.search("[\u4e00-\u9fff]", header[key]["en"]), key
    assert len(header["label"]["zh"]) <= 6 and len(header["label"]["en"]) <= 20
    assert re.fullmatch(r"D[1-6]( §\d[\d.]*)?(, D[1-6]( §\d[\d.]*)?)*", header["source"]), header["source"]
    tables = {one.partition(".")[::2] for one in header["tables"]}
    assert all(table in TABLES and (not column or column in TABLES[table].names) for table, column in tables)
    for word in ("违纪", "问题单位", "异常单位"):
        assert word not in "".join(str(header[key]) for key in header), "a flag is a question, not a verdict"


# --- the arithmetic audit --------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def every_check() -> Given:
    return Given(checks=tuple(AUDIT))


@pytest.mark.parametrize("name", AUDIT)
def test_a_check_of_nothing_compares_nothing(every_check, name):
    assert every_check.run(AUDIT[name].name).empty


@pytest.mark.parametrize("name", AUDIT)
def test_a_check_keeps_the_contract_on_the_demonstration_county(county, name):
    check = AUDIT[name]
    rows = county.run(check.name)
    assert not check.parameters and len(name) <= 20, "the address names the check"
    assert list(rows.columns) == list(audit.RETURNED)
    assert set(rows["table"]) <= set(check.header["tables"]) <= TABLES.keys()
    for (table, item), _ in rows.groupby(["table", "item"]):
        assert re.search("[\u4e00-\u9fff]", audit.item_words(check, table, item, "zh"))
        assert not re.search("[\u4e00-\u9fff]", audit.item_words(check, table, item, "en"))
    assert audit.judged(check, rows)["verdict"].eq("agrees").all(), "the demonstration county adds up"


@pytest.mark.parametrize("name", AUDIT)
def test_a_check_is_described_in_both_languages(name):
    header = AUDIT[name].header
    for key in ("title", "why"):
        assert re.search("[\u4e00-\u9fff]", header[key]["zh"]), key
        assert not re.search("[\u4e00-\u9fff]", header[key]["en"]), key


def test_no_two_checks_share_a_place_or_a_title():
    headers = [query.header for query in AUDIT.values()]
    for key in ("order", "title"):
        assert len({str(header[key]) for header in headers}) == len(headers), key


def test_no_two_rules_share_a_number_a_title_or_a_label():
    headers = [query.header for query in GAPS.values()]
    for key in ("order", "title", "label"):
        assert len({str(header[key]) for header in headers}) == len(headers), key


def test_no_two_indicators_share_a_place_or_a_title():
    headers = [query.header for query in INDICATORS.values()]
    assert len({header["order"] for header in headers}) == len(headers)
    assert len({header["title"]["zh"] for header in headers}) == len(headers)


def of_indicator(county, name: str, scope: str, window: int) -> pd.DataFrame:
    asked = {"indicator": name, "scope": scope, "window": window}
    return county.run("pages/indicator", quarter=None, region=None, **asked)


@pytest.mark.parametrize("scope", ["region", "peers"])
@pytest.mark.parametrize("name", INDICATORS)
def test_judgements_are_all_indicators_once_a_scope_and_a_window(county, name, scope):
    values = county.run(f"indicators/{name}")
    judged = values[values["department_id"] != "*"] if scope == "peers" else values
    key = ["region_id", "department_id", "variant", "quarter"]
    quarters, years = (of_indicator(county, name, scope, window) for window in (1, 4))
    expected = set(judged[key].itertuples(index=False, name=None))
    assert list(quarters[key].itertuples(index=False, name=None)) == sorted(expected)
    header = INDICATORS[name].header
    if header["kind"] == "mean" or header.get("stock"):  # neither can be added up over quarters
        assert years.empty
        return
    # who reported nothing in the last quarter has a year all the same
    assert expected <= set(years[key].itertuples(index=False, name=None))
    assert not years.duplicated(key).any()


# --- broken files ----------------------------------------------------------------------------------------------
INDICATOR = (PROJECT / "queries" / "indicators" / "leads_received.sql").read_text(encoding="utf-8")


@pytest.fixture
def broken(tmp_path):
    """Writes one file into a queries folder of its own, and returns the complaint of loading and preparing it."""

    def complaint(name: str, text: str | bytes) -> str:
        folder = tmp_path / "queries"
        for query in CATALOG.values():
            path = folder / query.path.relative_to(catalog.FOLDER)
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(query.path, path)
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        with pytest.raises(catalog.QueryFileError) as error:
            given = Given(queries=folder)
            given.run(name.removesuffix(".sql"))
        return str(error.value).removeprefix(f"{folder}/")

    return complaint


@pytest.fixture
def broken_store(tmp_path, monkeypatch):
    """Writes one more file of the store, and returns the complaint of checking them all."""

    def complaint(sql: str) -> str:
        shutil.copytree(catalog.FOLDER, tmp_path / "queries", dirs_exist_ok=True)
        (tmp_path / "queries" / "store" / "new.sql").write_text(of_the_store(sql), "utf-8")
        found = catalog.load_catalog(tmp_path / "queries")
        monkeypatch.setattr(catalog, "load_catalog", lambda: found)
        with pytest.raises(catalog.QueryFileError) as error:
            store.check_queries()
        return str(error.value).removeprefix(f"{tmp_path}/queries/")

    return complaint


def of_the_store(sql: str) -> str:
    return f'/* +++\nanswers = "a question"\n+++ */\n{sql}\n'


def page(sql: str) -> str:
    return f'/* +++\nanswers = "a question"\nneeds = "words"\n+++ */\n{sql}\n'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("select 1\n", r"pages/new.sql:1: no header; begin the file with a line '/\* \+\+\+'"),
        ("/* +++\nanswers = a question\n+++ */\nselect 1\n", r"pages/new.sql:2: Invalid value"),
        ('/* +++\nasks = "what"\n+++ */\nselect 1\n', r"pages/new.sql:1: the header lacks answers; add a line such as"),
        ("/* +++\nanswers = 3\n+++ */\nselect 1\n", r"pages/new.sql:2: answers = 3; expected a str"),
        ('/* +++\nanswers = ""\n+++ */\nselect 1\n', r"pages/new.sql:2: answers = ''; expected a str"),
        (page("select\n    1,\nfrom where"), r"pages/new.sql:7: Parser Error"),
        (page("select 1;\nselect 2"), r"pages/new.sql:1: 2 statements; one question a file"),
        (page(""), r"pages/new.sql:1: 0 statements"),
        (page("select region_id,\nfrom scores\nwhere color = 'red'"), r'pages/new.sql:7: Binder Error: .*"color"'),
        (
            page("-- a comment\n\nselect 1,\nfrom scores,\nwhere colour = 1"),
            r'pages/new.sql:9: Binder Error: .*"colour"',
        ),
        (page("select 1,\nfrom scoers"), r"pages/new.sql:6: Catalog Error: .*scoers"),
        (page("select\n    'a'::int as number"), r"pages/new.sql:[56]: Conversion Error"),
        (page("select 'a").encode("gbk") + "分'".encode("gbk"), r"pages/new.sql:6: not UTF-8 text"),
    ],
    ids=lambda value: None if isinstance(value, bytes | str) and len(value) > 60 else str(value),
)
def test_a_broken_page_query_is_named_by_file_and_line(broken, text, complaint):
    assert re.match(complaint, broken("pages/new.sql", text))


@pytest.mark.parametrize(
    ("find", "put", "complaint"),
    [
        ('better = "neither"', 'better = "up"', r"indicators/new.sql:11: better = 'up'; expected one of higher, lower"),
        ('kind = "count"', 'kind = "sum"', r"indicators/new.sql:12: kind = 'sum'; expected one of mean, share"),
        ("order = 200", "order = true", r"indicators/new.sql:10: order = True; expected an int"),
        ('zh = "线索", en = "Leads"', 'zh = "线索"', r"indicators/new.sql:3: label = .*one text for zh and one for en"),
        (
            'unit = { zh = "件", en = "leads" }\n',
            "",
            r"indicators/new.sql:1: the header lacks unit; add .*unit = \{ zh",
        ),
        ("    null::varchar as note,\n", "", r"indicators/new.sql:1: an indicator returns .*note.*; this one returns"),
        ("sum(leads)::bigint as n", "sum(lead)::bigint as n", r'indicators/new.sql:24: Binder Error: .*"lead"'),
    ],
    ids=["better", "kind", "order", "one language", "no unit", "a column short", "unknown column"],
)
def test_a_broken_indicator_is_named_by_file_and_line(broken, find, put, complaint):
    assert INDICATOR.count(find) == 1
    assert re.match(complaint, broken("indicators/new.sql", INDICATOR.replace(find, put)))


def test_a_file_in_a_folder_that_nothing_reads_is_an_error(broken):
    assert broken("pagse/new.sql", page("select 1")).startswith("pagse/new.sql:1: 'pagse' is no folder of queries")


def test_checking_prepares_every_statement():
    warehouse.check_queries(DEFAULTS)


# --- the page that describes all this --------------------------------------------------------------------------
README = (PROJECT / "queries" / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_every_folder_header_key_and_column():
    assert re.findall(r"^\| `(\w+)/` \|", README, re.MULTILINE) == [
        *("tables", "marts", "build", "macros", "indicators", "gaps", "audit", "rows", "pages", "store")
    ]
    described = set(re.findall(r"`(\w+)`", README))
    for keys in catalog.CONTRACT.values():
        assert keys.keys() <= described
    for keys in catalog.OPTIONAL.values():
        assert keys.keys() <= described
    for keys in catalog.ALLOWED.values():
        assert {word for words in keys.values() for word in words if isinstance(word, str)} <= described
    assert described >= judgements.INDICATOR_COLUMNS
    assert described >= audit.RETURNED.keys()


def test_the_readme_names_every_note(county):
    every = [of_indicator(county, name, "region", window) for name in INDICATORS for window in (1, 4)]
    notes = {note for rows in every for note in rows["note"].dropna()}
    written = re.findall(r"'(no_staff|staff_carried|partial_quarter)'", " ".join(q.sql for q in INDICATORS.values()))
    judged = {judgements.FEW, "short_window", judgements.scores.COVERAGE, judgements.scores.NOT_CONNECTED}
    assert notes | set(written) | judged <= set(re.findall(r"`(\w+)`", README))
