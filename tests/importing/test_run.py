"""A whole import: dry runs, rows set aside, restatements, and quarters that come in any order."""

import csv
import io

import pytest

from dashboard.i18n.text import translator
from dashboard.importing import ImportRefused
from dashboard.snapshots import FolderError
from tests.importing.conftest import DEPARTMENTS, Office
from tests.importing.test_reading import workbook

HEADER = "季度,部门,渠道,类别,受理,办结\n"


def quarter(number: int, received: int, closed: int = 1) -> str:
    return f"2026Q{number},d01,来信,办理超时,{received},{closed}\n2026Q{number},d02,来信,办理超时,3,2\n"


def figures(office) -> list[tuple]:
    return [
        (row["quarter"], row["department_id"], row["received"], row["closed"]) for row in office.stored("complaints")
    ]


def test_a_dry_run_says_what_would_change_and_writes_nothing(office):
    before = {path: path.stat().st_mtime_ns for path in (office.folder, *office.folder.rglob("*"))}
    result = office.load(office.write("a.csv", HEADER + quarter(3, 5)), dry_run=True)
    assert (result.changes, result.manifest) == (2, None)
    assert {path: path.stat().st_mtime_ns for path in (office.folder, *office.folder.rglob("*"))} == before


def test_a_dry_run_of_a_first_import_makes_no_folder(office):
    office.folder = office.folder.with_name("new")
    with pytest.raises(ImportRefused):
        office.load(office.write("a.csv", HEADER + quarter(3, 5)), dry_run=True)
    assert not office.folder.exists()


def test_the_same_file_twice_changes_nothing(office):
    path = office.write("a.csv", HEADER + quarter(3, 5))
    office.load(path)
    before = office.everything()
    assert office.load(path).manifest is None
    assert office.everything() == before


def test_accept_valid_sets_exactly_the_bad_rows_aside(office):
    """Rows with a bad cell, shifted rows, repeated keys, a row at which the file ends: as they stand in the file."""
    lines = [
        "2026Q3,d01,来信,办理超时,5,1",
        "2026Q3,d09,来信,办理超时,5,1",
        "2026Q3,d01,来访,办理超时,5",
        "2026Q3,d02,来信,办理超时,6,1",
        "2026Q3,d02,来信,办理超时,7,1",
        "2026Q3,d03,来信,办理超时,x,y",
        "2026Q3,d03,来访,办理超时,8,1",
        "2026Q3,d03,来电,办理超时,8,1",
    ]
    path = office.write("a.csv", HEADER + "\n".join(lines))
    assert len(office.refused(path)) == 6
    result = office.load(path, accept_valid=True)
    aside = {row: cells for _, _, rows in result.set_aside for row, cells, _ in rows}
    assert {row: ",".join(cells) for row, cells in aside.items()} == {row: lines[row - 2] for row in (3, 4, 5, 6, 7, 9)}
    assert figures(office) == [("2026Q3", "d01", 5, 1), ("2026Q3", "d03", 8, 1)]
    counted = result.tables["complaints"]
    assert (counted.rows, counted.loaded, counted.refused) == (8, 2, 6)


def test_accept_valid_of_a_workbook_leaves_shifted_rows_out(office):
    rows = [row.split(",") for row in (HEADER + quarter(3, 5)).splitlines()]
    rows[1].insert(4, "5")
    result = office.load(office.write("a.xlsx", workbook(("a", rows))), accept_valid=True)
    assert figures(office) == [("2026Q3", "d02", 3, 2)]
    assert [row[:2] for row in result.set_aside[0][2]] == [(2, rows[1])]


def test_accept_valid_never_loads_a_negative_quarter(office):
    mapping = '[[tables]]\nfile = "*.csv"\nto = "complaints"\nbasis = "ytd"\n[tables.columns]\n' + "".join(
        f'{name} = "{name}"\n' for name in ("quarter", "department_id", "channel", "category", "received")
    )
    text = "quarter,department_id,channel,category,received\n2026Q1,d01,来信,办理超时,9\n2026Q2,d01,来信,办理超时,7\n"
    result = office.load(office.write("a.csv", text), accept_valid=True, **office.mapping(mapping))
    assert office.column("complaints", "received") == [9]
    assert [row[0] for row in result.set_aside[0][2]] == [3]


def test_a_restated_quarter_is_recorded_with_who_when_why_and_both_values(office):
    office.load(office.write("a.csv", HEADER + quarter(3, 5) + quarter(2, 4)))
    result = office.load(office.write("b.csv", HEADER + quarter(3, 9)), who="王", note="重新核对")
    (correction,) = office.stored("corrections")
    assert (correction["table"], correction["period"], correction["column"]) == ("complaints", "2026Q3", "received")
    assert (correction["old"], correction["new"]) == ("5", "9")
    assert '"department_id": "d01"' in correction["key"]
    assert [entry["regions"] for entry in result.manifest.imports] == [["county"]] * len(result.manifest.imports)
    record = next(entry for entry in result.manifest.imports if entry["id"] == correction["import_id"])
    assert (record["who"], record["note"], record["at"][:10]) == (
        "王",
        "重新核对",
        f"{result.manifest.created:%Y-%m-%d}",
    )
    assert record["sources"][0]["name"] == "b.csv"
    assert figures(office)[2:] == [("2026Q3", "d01", 9, 1), ("2026Q3", "d02", 3, 2)]


def test_a_late_quarter_finds_its_place(office):
    for number in (4, 1, 3, 2):
        office.load(office.write(f"{number}.csv", HEADER + quarter(number, number * 10)))
    assert [row[0] for row in figures(office)][::2] == ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]
    assert [row[2] for row in figures(office)][::2] == [10, 20, 30, 40]


def test_only_the_partitions_that_change_are_written_again(office):
    office.load(office.write("a.csv", HEADER + quarter(1, 1) + quarter(2, 1)))
    before = office.snapshots.current().partitions["complaints"]
    office.load(office.write("b.csv", HEADER + quarter(2, 2)))
    after = office.snapshots.current().partitions["complaints"]
    changed = [key for key in after if after[key]["file"] != before[key]["file"]]
    assert [key.split("|")[1] for key in changed] == ["2026Q2"]


def test_a_damaged_raw_file_is_not_built_into_a_new_snapshot(office):
    office.load(office.write("a.csv", HEADER + quarter(1, 1)))
    (part,) = office.snapshots.current().partitions["complaints"].values()
    raw = office.snapshots.raw / part["file"]
    data = bytearray(raw.read_bytes())
    data[len(data) // 2] ^= 1
    raw.write_bytes(data)
    for number in (1, 2):  # whether the import touches that partition or another
        with pytest.raises(FolderError) as error:
            office.load(office.write("b.csv", HEADER + quarter(number, 7)))
        assert error.value.code == "damaged_snapshot" and part["file"] in error.value.values["file"]


def test_problems_are_written_as_a_table_that_cannot_run(office, tmp_path):
    text = HEADER + "2026Q3,=1+1,来信,办理超时,5,1\n"
    with pytest.raises(ImportRefused) as refusal:
        office.load(office.write("a.csv", text))
    path = tmp_path / "problems.csv"
    refusal.value.problems.write_csv(path, translator("zh"))
    (row,) = csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))
    assert list(row.values())[:5] == ["a.csv", "", "2", "部门", "'=1+1"]


def test_a_file_that_names_no_region_belongs_to_the_only_one_that_the_office_has(tmp_path):
    office = Office(tmp_path)
    office.load(office.write("d.csv", "region_id,department_id,name,category\nnanxi,d01,财政局,政府\n"))
    office.load(office.write("a.csv", HEADER + "2026Q3,财政局,来信,办理超时,5,1\n"))
    assert [row["region_id"] for row in office.stored("complaints")] == ["nanxi"]
    # with two regions nothing tells which one is meant
    office.load(office.write("e.csv", "region_id,department_id,name,category\nbeixi,d02,财政局,政府\n"))
    [problem] = office.refused(office.write("b.csv", HEADER + "2026Q2,财政局,来信,办理超时,5,1\n"))
    assert (problem.code, problem.row) == ("unknown_department", 2)


def test_the_legal_basis_of_a_power_is_kept_as_it_is_written(office):
    """`basis` is a period of time in tables of flows, and the law in the catalogue of powers."""
    office.load(office.write("departments.csv", DEPARTMENTS))
    header = "职权编号,部门,职权名称,领域,环节,依据,岗位,风险等级,管理人,管理层级,有制约环节,有投诉渠道,公开"
    rows = [
        "P1,d01,资金分配,财,决策,预算法,局长,A,局长,主要领导,是,是,是",
        "P2,d01,收费,财,执行,,科长,C,科长,中层,是,是,否",
    ]
    office.load(office.write("powers.csv", "\n".join([header, *rows]) + "\n"))
    assert [row.get("basis") for row in office.stored("powers")] == ["预算法", None]
