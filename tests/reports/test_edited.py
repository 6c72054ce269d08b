"""A file that came back from a person: its figures are compared, what was written by hand stays and is marked."""

import io
from copy import deepcopy

import pytest
from docx import Document as open_document
from docx.oxml.ns import qn

from dashboard.reports.edited import CHANGED, EQUAL, LOST, EditedError, check, marked, merged, read
from dashboard.reports.files import Drawings, written
from dashboard.reports.model import Number

BEGIN = "本季度有112名测评人"


class Desk:
    """Word as a person uses it, on the paragraph about how the appraisal was held."""

    def __init__(self, content: bytes):
        self.file = open_document(io.BytesIO(content))
        self.paragraph = next(p for p in self.file.paragraphs if _text(p._p).startswith(BEGIN))

    def type_into_figure(self, words: str) -> None:
        control = self.paragraph._p.find(qn("w:sdt"))
        next(control.iter(qn("w:t"))).text = words

    def type_over_figure(self, words: str) -> None:
        """The control goes with what was in it, as when a person selects the whole and types."""
        control = self.paragraph._p.find(qn("w:sdt"))
        run = deepcopy(self.paragraph.runs[0]._r)
        next(run.iter(qn("w:t"))).text = words
        control.addprevious(run)
        control.getparent().remove(control)

    def append(self, words: str) -> None:
        next(self.paragraph.runs[-1]._r.iter(qn("w:t"))).text += words

    def new_paragraph_below(self, words: str) -> None:
        new = deepcopy(self.paragraph._p)
        for part in list(new):
            if part.tag != qn("w:pPr"):
                new.remove(part)
        self.paragraph._p.addnext(new)
        added = next(p for p in self.file.paragraphs if p._p is new)
        added.add_run(words)

    def delete_last_sentence(self) -> None:
        self.paragraph._p.remove(self.paragraph.runs[-1]._r)

    def fill_in(self, label: str, words: str) -> None:
        for control in self.file.element.body.iter(qn("w:sdt")):
            alias = control.find(f"{qn('w:sdtPr')}/{qn('w:alias')}")
            if alias.get(qn("w:val")) == label:
                next(control.iter(qn("w:t"))).text = words

    def saved(self) -> bytes:
        out = io.BytesIO()
        self.file.save(out)
        return out.getvalue()


def _text(paragraph) -> str:
    return "".join(part.text or "" for part in paragraph.iter(qn("w:t")))


@pytest.fixture
def desk(word):
    return Desk(word)


def organised(document) -> str:
    return next(p.text for p in document.paragraphs if p.key == "organised")


def test_an_untouched_file_equals_the_snapshot_in_every_figure(word, documents):
    checked = check(read(io.BytesIO(word)), documents["zh"])
    assert len(checked) > 500
    assert {one.state for one in checked} == {EQUAL}


def test_a_figure_that_was_typed_over_is_changed_and_one_whose_mark_is_gone_is_lost(desk, documents):
    desk.type_into_figure("113")
    [one] = [one for one in check(read(io.BytesIO(desk.saved())), documents["zh"]) if one.state != EQUAL]
    assert (one.state, one.written, one.stands, one.now) == (CHANGED, "112", "113", "112")
    desk.type_over_figure("113")
    [one] = [one for one in check(read(io.BytesIO(desk.saved())), documents["zh"]) if one.state != EQUAL]
    assert (one.state, one.stands, one.now) == (LOST, "", "112")


def test_what_a_person_wrote_stays_and_a_figure_that_has_changed_since_is_marked(desk, documents, how):
    desk.type_into_figure("113")
    desk.append("各乡镇已核对。")
    desk.new_paragraph_below("测评于九月下旬进行。")
    desk.fill_in("期号", "3")
    own = merged(read(io.BytesIO(desk.saved())), documents["zh"])
    assert organised(own).startswith("本季度有113名测评人")
    assert organised(own).endswith("没有部门被排除在外。各乡镇已核对。")
    keys = [paragraph.key for paragraph in own.paragraphs]
    assert keys[keys.index("organised") + 1] == "organised.added.0"
    assert own.head.number[1].words == "3"
    [(key, figure)] = marked(own)
    assert (key.split("|")[0], figure.was, figure.written) == ("bulletin.organised", "113", "112")
    again = written(own, how, "docx", Drawings())
    assert "w:highlight" in open_document(io.BytesIO(again)).element.xml
    assert "快照里现为 112" in next(iter(open_document(io.BytesIO(again)).comments)).text


def test_edits_stay_also_the_second_time_and_untouched_sentences_are_written_anew(desk, documents, how, make_facts):
    desk.append("各乡镇已核对。")
    desk.new_paragraph_below("测评于九月下旬进行。")
    once = written(merged(read(io.BytesIO(desk.saved())), documents["zh"]), how, "docx", Drawings())
    twice = merged(read(io.BytesIO(once)), documents["zh"])
    assert organised(twice).endswith("各乡镇已核对。")
    assert "测评于九月下旬进行。" in [paragraph.text for paragraph in twice.paragraphs]
    lead = next(p for p in twice.paragraphs if p.key == "lead")
    assert not any(sentence.is_kept for sentence in lead.sentences)
    assert any(isinstance(run, Number) for sentence in lead.sentences for run in sentence.runs)


def test_a_sentence_that_a_person_deleted_stays_deleted(desk, documents):
    desk.delete_last_sentence()
    own = organised(merged(read(io.BytesIO(desk.saved())), documents["zh"]))
    assert own.endswith("不计算回收率。")


def test_the_marks_survive_another_office(desk, documents, office_pdf):
    desk.append("各乡镇已核对。")
    path = office_pdf(desk.saved(), "docx", "docx")
    edited = read(str(path))
    assert {one.state for one in check(edited, documents["zh"])} == {EQUAL}
    assert organised(merged(edited, documents["zh"])).endswith("各乡镇已核对。")


def test_a_file_that_is_not_ours_is_refused():
    with pytest.raises(EditedError) as refused:
        read(io.BytesIO(b"no word file"))
    assert refused.value.code == "not_word"
    other = io.BytesIO()
    open_document().save(other)
    with pytest.raises(EditedError) as refused:
        read(io.BytesIO(other.getvalue()))
    assert refused.value.code == "not_ours"
