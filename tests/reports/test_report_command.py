"""The command that a nightly job calls: files on the disk, paths on standard output, errors in words."""

import io

import pytest
from docx import Document as open_document
from docx.oxml.ns import qn

from dashboard.__main__ import Refused, main
from dashboard.reports.bulletin import bulletin
from dashboard.reports.files import Drawings, written


@pytest.fixture
def report(demo_folder, tmp_path, capsys):
    """Run it; the answer is what stood on standard output, line by line, and what was said."""

    def run(*arguments: str):
        try:
            main(["--data", str(demo_folder), "report", *arguments], standalone_mode=False)
        finally:
            said = capsys.readouterr()
        return said.out.splitlines(), said.err

    return run


def test_files_are_written_and_named_on_standard_output_and_progress_is_said(report, tmp_path):
    out = tmp_path / "deep" / "folder"
    printed, said = report("--quarter", "2026Q3", "--format", "xlsx,pptx", "--out", str(out))
    assert sorted(path.suffix for path in out.iterdir()) == [".pptx", ".xlsx"]
    assert [line.rpartition(".")[2] for line in printed] == ["xlsx", "pptx"]
    assert "50% xlsx" in said


def test_an_edited_file_is_checked_with_an_exit_status_and_written_again(report, tmp_path, make_facts, how):
    path = tmp_path / "edited.docx"
    basics = make_facts(quarter="2026Q3", sections=("basics",))  # how many days something is late is of a day
    word = written(bulletin(basics), how, "docx", Drawings())
    path.write_bytes(word)
    assert report("check", str(path))[0] == []
    opened = open_document(io.BytesIO(word))
    controls = opened.element.body.iter(qn("w:sdt"))
    marks = ((one, one.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val"))) for one in controls)
    figure = next(one for one, mark in marks if mark.startswith("f_"))
    next(figure.iter(qn("w:t"))).text = "999"
    opened.save(path)
    with pytest.raises(SystemExit) as left:
        report("check", str(path), "--format", "csv")
    assert left.value.code == 1
    _, said = report("--from", str(path), "--format", "xlsx", "--out", str(tmp_path))
    assert "999" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--format", "doc"), "docx, pdf, pptx, xlsx"),
        (("--sections", "gossip"), "basics"),
        (("--quarter", "1999Q1"), "1999Q1"),
        (("--departments", "D09,XX"), "XX"),
        (("letters", "--format", "xlsx"), "docx, pdf"),
    ],
)
def test_what_cannot_be_written_is_refused_in_words(report, tmp_path, arguments, words):
    with pytest.raises(Refused) as refused:
        report(*arguments, *(() if "--out" in arguments else ("--out", str(tmp_path))))
    assert words in refused.value.message
    assert not list(tmp_path.iterdir())


def test_a_file_of_somebody_else_is_refused(report, tmp_path):
    path = tmp_path / "other.docx"
    open_document().save(path)
    with pytest.raises(Refused) as refused:
        report("check", str(path))
    assert "other.docx" in refused.value.message


def test_letters_come_in_one_zip(report, tmp_path):
    printed, _ = report("letters", "--departments", "D09,D31", "--format", "docx", "--out", str(tmp_path))
    assert len(printed) == 1
    assert printed[0].endswith(".zip")


def test_a_file_of_one_edition_is_not_carried_into_the_other(report, tmp_path, word):
    path = tmp_path / "internal.docx"
    path.write_bytes(word)
    with pytest.raises(Refused) as refused:
        report("--from", str(path), "--edition", "public", "--format", "xlsx", "--out", str(tmp_path / "out"))
    assert "内部版" in refused.value.message and "公开版" in refused.value.message
    assert not (tmp_path / "out").exists()
