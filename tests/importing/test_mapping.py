"""Foreign files, declared in TOML, and files that are recognised by their headers."""

import pytest

from dashboard.importing import reading
from dashboard.importing.mapping import MappingError, TableMapping, load_mapping, recognise
from dashboard.importing.reading import Sheet
from dashboard.schema import TABLES

HEAD = '[[tables]]\nfile = "*.csv"\n'
KEYS = 'quarter = "quarter"\ndepartment_id = "unit"\nchannel = "channel"\ncategory = { value = "delay" }\n'


def complaints(options: str = "", columns: str = 'received = "n"\n') -> str:
    return HEAD + f'to = "complaints"\n{options}\n[tables.columns]\n' + KEYS + columns


def received(office) -> list[tuple]:
    return [(row["department_id"], row["channel"], row.get("received")) for row in office.stored("complaints")]


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
@pytest.mark.parametrize("chinese", [False, True], ids=["english", "chinese"])
def test_every_table_is_known_by_its_headers_whatever_the_file_is_called(table, chinese):
    columns = [column for column in table.columns if not chinese or column.headers or column.name == "region_id"]
    header = tuple(column.headers[0] if chinese and column.headers else column.name for column in columns)
    found = recognise(Sheet("scan0001.csv", "", header, lambda: iter(())))
    assert isinstance(found, TableMapping), found
    assert found.table.name == table.name
    assert set(found.columns) == {column.name for column in columns}


def test_a_missing_column_is_named_with_both_its_names(office):
    (problem,) = office.refused(office.write("a.csv", "季度,部门,渠道,受理\n2026Q3,d01,来信,1\n"))
    assert (problem.code, problem.expected) == ("missing_columns", "类别 (category)")


def test_of_two_headers_for_one_column_none_is_guessed(office):
    """Received (收到) and taken on (受理) are two figures."""
    (problem,) = office.refused(office.write("a.csv", "季度,部门,渠道,类别,收到,受理\n2026Q3,d01,来信,办理超时,9,7\n"))
    assert (problem.code, problem.column, problem.found) == ("ambiguous_column", "受理", "收到")


def test_a_department_may_have_its_id_and_its_name_in_a_file(office):
    office.load(office.write("a.csv", "季度,部门编号,部门名称,渠道,类别,受理\n2026Q3,d01,财政局,来信,办理超时,9\n"))
    assert received(office) == [("d01", "letter", 9)]


def test_values_codes_and_patterns_make_foreign_columns_ours(office):
    columns = 'received = { from = "n", codes = { "没有" = "0" }, pattern = "^约?([^件]+)件?$" }\n'
    text = "quarter,unit,channel,n\n2026Q3,d01,来信,约12件\n2026Q3,d02,来信,没有\n"
    office.load(office.write("a.csv", text), **office.mapping(complaints(columns=columns)))
    assert received(office) == [("d01", "letter", 12), ("d02", "letter", 0)]
    assert office.column("complaints", "category") == ["delay", "delay"]


def test_where_keeps_rows_and_counts_the_rest(office):
    columns = 'received = "n"\n[tables.where]\nkind = ["投诉", "举报"]\n'
    text = "quarter,unit,channel,n,kind\n2026Q3,d01,来信,1,投诉\n2026Q3,d02,来信,2,表扬\n2026Q3,d03,来信,3,举报\n"
    result = office.load(office.write("a.csv", text), **office.mapping(complaints(columns=columns)))
    assert received(office) == [("d01", "letter", 1), ("d03", "letter", 3)]
    assert result.tables["complaints"].filtered == 1


PIVOT = complaints(columns="") + (
    '[tables.pivot]\nvalue = "n"\nreceived = { stage = "in" }\nclosed = { stage = "out" }\n'
)


def test_a_long_file_becomes_columns_and_its_rows_are_added(office):
    rows = ["d01,in,3", "d01,in,4", "d01,in,", "d01,out,5", "d02,in,1", "d02,seen,9"]
    text = "quarter,unit,channel,stage,n\n" + "".join(
        f"2026Q3,{r.split(',', 1)[0]},来信,{r.split(',', 1)[1]}\n" for r in rows
    )
    result = office.load(office.write("a.csv", text), **office.mapping(PIVOT))
    stored = [(row["department_id"], row["received"], row.get("closed")) for row in office.stored("complaints")]
    assert stored == [("d01", 7, 5), ("d02", 1, None)]
    assert result.tables["complaints"].filtered == 1


@pytest.mark.parametrize("order", [["x3", "4"], ["4", "x3"], ["4", "x3", "5"], ["4", "-3"], ["4", "1.5"]])
def test_a_bad_number_among_pivoted_rows_is_never_added_away(office, order):
    text = "quarter,unit,channel,stage,n\n" + "".join(f"2026Q3,d01,来信,in,{n}\n" for n in order)
    (problem,) = office.refused(office.write("a.csv", text), **office.mapping(PIVOT))
    assert problem.code in ("not_a_count", "negative_count")


def test_pivoted_rows_may_stand_far_apart_in_a_large_file(office, monkeypatch):
    monkeypatch.setattr(reading, "BLOCK_BYTES", 2_000)
    stages = [f"2026Q3,d0{d},来信,{stage},1\n" for stage in ("in", "out", "in") for d in (1, 2, 3) for _ in range(50)]
    office.load(office.write("a.csv", "quarter,unit,channel,stage,n\n" + "".join(stages)), **office.mapping(PIVOT))
    assert [(row["received"], row["closed"]) for row in office.stored("complaints")] == [(100, 50)] * 3


def test_total_rows_are_audited_and_never_added(office):
    text = "quarter,unit,channel,n\n2026Q3,d01,来信,3\n2026Q3,d02,来信,4\n2026Q3,合计,来信,8\n"
    mapping = office.mapping(complaints('totals = { department_id = "合计" }'))
    result = office.load(office.write("a.csv", text), **mapping)
    assert received(office) == [("d01", "letter", 3), ("d02", "letter", 4)]
    assert [row[2:] for row in result.audit] == [("received", 8, 7)]


def kept_totals(office) -> list[tuple]:
    rows = office.stored("stated_totals")
    return [
        (row["import_id"] is not None, row["quarter"], row.get("department_id"), row["column"], row["stated"])
        for row in rows
    ]


def test_what_total_rows_state_is_kept_once_for_the_audit(office):
    text = "quarter,unit,channel,n\n2026Q3,d01,来信,3\n2026Q3,合计,来信,8\n"
    mapping = office.mapping(complaints('totals = { department_id = "合计" }'))
    office.load(office.write("a.csv", text), **mapping)
    assert kept_totals(office) == [(True, "2026Q3", None, "received", 8)]
    assert office.load(office.write("a.csv", text), **mapping).manifest is None, "the same total is no news"
    restated = office.load(office.write("a.csv", text.replace("来信,8", "来信,3")), **mapping)
    assert (restated.totals, restated.changes) == (1, 1), "a total alone can be restated"
    assert [row[-1] for row in kept_totals(office)] == [8, 3]


def test_a_row_is_a_total_only_of_the_columns_that_hold_its_mark(office):
    text = "quarter,unit,channel,n\n2026Q3,d01,来信,3\n2026Q3,d01,来访,2\n2026Q3,d01,合计,5\n2026Q3,合计,来信,3\n"
    mapping = office.mapping(complaints('totals = { department_id = "合计", channel = "合计" }'))
    assert office.load(office.write("a.csv", text), **mapping).audit == []
    assert {row[2:] for row in kept_totals(office)} == {("d01", "received", 5), (None, "received", 3)}


def test_undeclared_totals_beside_their_parts_are_refused(office):
    text = (
        "季度,部门,渠道,类别,受理\n2026Q3,d01,来信,办理超时,3\n2026Q3,d01,合计,办理超时,3\n2026Q3,d02,合计,办理超时,1\n"
    )
    (problem,) = office.refused(office.write("a.csv", text))
    assert (problem.code, problem.found, problem.column) == ("mixed_totals", "2026Q3 · d01", "channel")


BALLOTS = "quarter,unit,who,dim,mark\n2026Q3,d01,r1,service,4\n2026Q3,d01,r1,service,2\n2026Q3,d02,r1,service,5\n"
EVALUATIONS = (
    HEAD
    + 'to = "evaluations"\nscale = [1, 5]\nrepeated = "{}"\n{}\n[tables.columns]\nquarter = "quarter"\n'
    + ('department_id = "unit"\nrater_id = "who"\ndimension = "dim"\nscore = "mark"\n')
)


@pytest.mark.parametrize(("rule", "scores"), [("keep", [75, 25, 100]), ("last", [25, 100]), ("average", [50, 100])])
def test_repeated_keys_follow_the_declared_rule(office, rule, scores):
    path = office.write("a.csv", BALLOTS)
    result = office.load(path, **office.mapping(EVALUATIONS.format(rule, "")))
    assert office.column("evaluations", "score") == scores
    assert result.tables["evaluations"].repeated == 1
    assert office.load(path, **office.mapping(EVALUATIONS.format(rule, ""))).manifest is None


def test_repeated_keys_are_refused_where_nothing_is_declared(office):
    problems = office.refused(office.write("a.csv", BALLOTS), **office.mapping(EVALUATIONS.format("refuse", "")))
    assert [(p.code, p.row, p.expected) for p in problems] == [("repeated_key", 3, "2")]


def test_ballots_that_were_kept_twice_are_replaced_by_a_plain_file(office):
    """Else the same rater would count once as a ballot and once without."""
    office.load(office.write("a.csv", BALLOTS), **office.mapping(EVALUATIONS.format("keep", "")))
    plain = BALLOTS.replace("2026Q3,d01,r1,service,2\n", "")
    result = office.load(office.write("a.csv", plain), **office.mapping(EVALUATIONS.format("refuse", "")))
    assert office.column("evaluations", "score") == [75, 100]
    assert result.tables["evaluations"].removed == 3


def test_rows_out_of_scale_and_undated_are_set_aside_where_declared(office):
    text = BALLOTS.replace("2026Q3,d01,r1,service,2", "2026Q3,d01,r1,efficiency,9").replace("2026Q3,d02", ",d02")
    aside = 'out_of_scale = "set_aside"\nundated = "set_aside"'
    result = office.load(office.write("a.csv", text), **office.mapping(EVALUATIONS.format("refuse", aside)))
    assert office.column("evaluations", "score") == [75]
    assert result.tables["evaluations"].set_aside == {"out_of_scale": 1, "empty": 1}
    assert [row[0] for row in result.set_aside[0][2]] == [3, 4]


def test_a_scale_is_declared_and_never_guessed(office):
    rows = "".join(f"2026Q3,d01,r{i},service,{i % 5 + 1}\n" for i in range(30))
    (problem,) = office.refused(office.write("a.csv", "quarter,department_id,rater_id,dimension,score\n" + rows))
    assert (problem.code, problem.found) == ("other_scale", "5")


def test_assessments_too_are_stored_on_a_hundred(office):
    mapping = (
        HEAD
        + 'to = "assessments"\nscale = [0, 10]\n[tables.columns]\n'
        + "".join(f'{c} = "{c}"\n' for c in ("year", "department_id", "kind", "dimension", "score", "pass_mark"))
    )
    text = "year,department_id,kind,dimension,score,pass_mark\n2026,d01,comprehensive,duty,8,6\n"
    office.load(office.write("a.csv", text), **office.mapping(mapping))
    assert [(row["score"], row["pass_mark"]) for row in office.stored("assessments")] == [(80, 60)]


def test_a_column_says_which_rows_are_cumulative(office):
    text = (
        "quarter,unit,channel,n,window\n2026Q1,d01,来信,5,一季度\n2026Q2,d01,来信,12,上半年\n2026Q2,d02,来信,9,上半年\n"
    )
    mapping = complaints('basis = { column = "window", ytd = ["上半年"] }')
    result = office.load(office.write("a.csv", text), **office.mapping(mapping))
    assert received(office) == [("d01", "letter", 5), ("d01", "letter", 7), ("d02", "letter", 9)]
    assert office.column("complaints", "basis") == ["period", "differenced", "ytd"]
    assert (result.tables["complaints"].differenced, result.tables["complaints"].year_to_date) == (1, 1)


def test_vocabularies_and_departments_grow_only_where_declared(office):
    text = "quarter,unit,channel,n\n2026Q3,新单位,微博,3\n"
    path = office.write("a.csv", text)
    assert {p.code for p in office.refused(path, **office.mapping(complaints()))} == {
        "unknown_value",
        "unknown_department",
    }
    office.load(path, **office.mapping('derive_departments = "units"\n' + complaints('new_values = ["channel"]')))
    assert received(office) == [("新单位", "微博", 3)]
    assert ("新单位", "units") in [(row["department_id"], row["category"]) for row in office.stored("departments")]


def test_a_unit_of_one_region_becomes_no_department_of_another(office):
    text = "quarter,place,unit,channel,n\n2026Q3,east,新单位,来信,3\n2026Q3,west,别的单位,来信,4\n"
    columns = complaints().replace('department_id = "unit"', 'region_id = "place"\ndepartment_id = "unit"')
    office.load(office.write("a.csv", text), **office.mapping('derive_departments = "units"\n' + columns))
    derived = [(row["region_id"], row["name"]) for row in office.stored("departments") if row["category"] == "units"]
    assert sorted(derived) == [("east", "新单位"), ("west", "别的单位")]


def test_one_file_feeds_two_tables(office):
    facts = HEAD + 'to = "department_facts"\nrepeated = "last"\n[tables.columns]\nquarter = "quarter"\n'
    facts += 'department_id = "unit"\nstaff = "staff"\n'
    text = "quarter,unit,channel,n,staff\n2026Q3,d01,来信,1,40\n2026Q3,d01,来访,2,41\n"
    office.load(office.write("a.csv", text), **office.mapping(facts + complaints()))
    assert received(office) == [("d01", "letter", 1), ("d01", "visit", 2)]
    assert office.column("department_facts", "staff") == [41]


def test_words_of_a_vocabulary_file_are_known_to_the_tables_beside_it(office):
    office.write("q/vocabulary.csv", "vocabulary,code,zh,en\nchannel,weibo,微博,Weibo\n")
    office.write("q/complaints.csv", "季度,部门,渠道,类别,受理\n2026Q3,d01,微博,办理超时,3\n")
    office.load(office.files / "q")
    assert received(office) == [("d01", "weibo", 3)]


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[[tables]]\nto = "complaint"', "Did you mean 'complaints'?"),
        (HEAD + 'to = "complaints"\n[tables.columns]\nrecieved = "n"', "Did you mean 'received'?"),
        (HEAD + 'to = "complaints"\nscal = [1, 5]', "Did you mean 'scale'?"),
        (HEAD + 'to = "evaluations"\nscale = [5, 1]', "expected [lowest, highest]"),
        (HEAD + 'to = "evaluations"\nscale = "1-5"', "expected [lowest, highest]"),
        (HEAD + 'to = "complaints"\nrepeated = "keep"', "only ballots can be kept twice"),
        (HEAD + 'to = "complaints"\nrepeated = "average"', "counts cannot be averaged"),
        (HEAD + 'to = "complaints"\nrepeated = "first"', "expected one of"),
        (HEAD + 'to = "notices"\nbasis = "ytd"', "no figures that add up"),
        (HEAD + 'to = "complaints"\ntotals = { unit = "合计" }', "'unit' is not known"),
        (HEAD + 'to = "complaints"\n[tables.columns]\nquarter = { from = "q", pattern = "\\\\d+" }', "in brackets"),
        (HEAD + 'to = "complaints"\n[tables.columns]\nquarter = { from = "q", pattern = "(" }', "pattern"),
        ("[[tables]", "expected"),
    ],
)
def test_a_mapping_that_cannot_be_meant_says_what_to_write(tmp_path, toml, said):
    path = tmp_path / "m.toml"
    path.write_text(toml.replace("\\\\\\\\", "\\\\"), encoding="utf-8")
    with pytest.raises(MappingError) as error:
        load_mapping(path)
    assert str(path) in str(error.value)
    assert said.lower() in str(error.value).lower()


def test_a_mapping_for_a_column_that_the_file_lacks_names_the_nearest(office):
    text = "quarter,unit,chanel,n\n2026Q3,d01,来信,1\n"
    (problem,) = office.refused(office.write("a.csv", text), **office.mapping(complaints()))
    assert (problem.code, problem.column, problem.nearest) == ("no_such_column", "channel", "chanel")
