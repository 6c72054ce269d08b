"""A file that came back from a person: its figures are compared, what was written by hand stays and is marked."""

import datetime
import io
from copy import deepcopy
from dataclasses import replace

import pytest
from docx import Document as open_document
from docx.oxml.ns import qn

from dashboard.reports.bulletin import bulletin
from dashboard.reports.edited import (
    CHANGED,
    EDITED,
    EQUAL,
    LOST,
    EditedError,
    check,
    differing,
    edited_cells,
    marked,
    merged,
    read,
)
from dashboard.reports.files import Drawings, written
from dashboard.reports.model import Chart, Document, Number, Paragraph, Sentence, Table, place_of
from dashboard.reports.pdf import _data
from tests.reports.conftest import DAY

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
        [run for run in self.paragraph.runs if run.text][-1].text += words

    def new_paragraph_below(self, words: str) -> None:
        new = deepcopy(self.paragraph._p)
        for part in list(new):
            if part.tag != qn("w:pPr"):
                new.remove(part)
        self.paragraph._p.addnext(new)
        added = next(p for p in self.file.paragraphs if p._p is new)
        added.add_run(words)

    def type_below_heading(self, words: str, heading: str) -> None:
        """Word gives the new paragraph the style that follows the heading's."""
        found = next(p for p in self.file.paragraphs if _text(p._p) == heading)
        found._p.addnext(self.file.add_paragraph(words, style="Normal")._p)

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


def test_a_paragraph_typed_below_a_heading_stays_there_also_the_second_time(desk, documents, how):
    desk.type_below_heading("按县委要求，本期增加说明。", "一、基本情况")
    [below] = [block.words for block in documents["zh"].blocks if place_of(block) == "heading:organised"]
    desk.type_below_heading("各表口径一致。", below)
    content = desk.saved()
    for _ in range(2):
        own = merged(read(io.BytesIO(content)), documents["zh"])
        keys = [block.key for block in own.blocks]
        at = keys.index("basics")
        assert own.blocks[at + 1].text == "按县委要求，本期增加说明。"
        assert keys[at + 2] == "organised"
        assert len(own.blocks) == len(documents["zh"].blocks) + 2
        content = written(own, how, "docx", Drawings())


@pytest.mark.parametrize("style", ["Normal", "List Paragraph", "Caption", "Title"])
def test_a_paragraph_in_another_style_is_not_deleted(desk, documents, style):
    desk.paragraph.style = style
    own = merged(read(io.BytesIO(desk.saved())), documents["zh"])
    assert organised(own) == organised(documents["zh"])
    assert len(own.blocks) == len(documents["zh"].blocks)


def test_a_heading_that_a_person_worded_stays_also_the_second_time(desk, documents, how):
    heading = next(p for p in desk.file.paragraphs if _text(p._p) == "一、基本情况")
    heading.runs[0].text = "一、总体情况"
    content = desk.saved()
    for _ in range(2):
        own = merged(read(io.BytesIO(content)), documents["zh"])
        assert next(block.words for block in own.blocks if block.key == "basics") == "一、总体情况"
        content = written(own, how, "docx", Drawings())


def without(document: Document, key: str) -> Document:
    return replace(document, blocks=tuple(one for one in document.blocks if one.key != key))


def test_what_a_person_wrote_stays_where_its_paragraph_is_no_longer_written(desk, documents):
    desk.append("各乡镇已核对。")
    own = merged(read(io.BytesIO(desk.saved())), without(documents["zh"], "organised"))
    assert [p.text for p in own.paragraphs if "各乡镇已核对。" in p.text] != []


def reworded(document: Document, key: str, at: int, words: str) -> Document:
    """As if the snapshot said something else there that is no figure: a name, an interval."""

    def block(one):
        if isinstance(one, Paragraph) and one.key == key:
            said = list(one.sentences)
            said[at] = Sentence(said[at].key, (words,))
            return replace(one, sentences=tuple(said))
        return one

    return replace(document, blocks=tuple(map(block, document.blocks)))


def test_a_kept_sentence_is_marked_once_the_program_would_write_it_otherwise(desk, documents, how):
    desk.append("各乡镇已核对。")
    content = desk.saved()
    assert merged(read(io.BytesIO(content)), documents["zh"]).stale == []
    fresh = reworded(documents["zh"], "organised", -1, "交通局被排除在外。")
    for _ in range(2):  # nobody has looked at it yet
        own = merged(read(io.BytesIO(content)), fresh)
        [one] = own.stale
        assert one.text.endswith("各乡镇已核对。") and one.now == "交通局被排除在外。"
        content = written(own, how, "docx", Drawings())
        opened = open_document(io.BytesIO(content))
        assert "交通局被排除在外。" in next(iter(opened.comments)).text
        assert "w:highlight" in opened.element.xml
        assert any("交通局被排除在外。" in note for note in _data(own, how, {})["notes"])
    again = Desk(content)
    again.append("已阅。")  # who edits it again has read what would be written
    assert merged(read(io.BytesIO(again.saved())), fresh).stale == []


def test_every_sentence_and_cell_is_compared_and_who_changed_it_is_told(desk, documents, word):
    assert differing(read(io.BytesIO(word)), documents["zh"]) == []
    desk.append("各乡镇已核对。")
    cell = desk.file.tables[0].cell(1, 0)
    next(cell._tc.iter(qn("w:t"))).text = "别的组"
    edited = read(io.BytesIO(desk.saved()))
    fresh = reworded(documents["zh"], "lead", 0, "现将有关情况另行通报。")
    found = {one.place: one for one in differing(edited, fresh)}
    assert sorted(one.state for one in found.values()) == [CHANGED, EDITED, EDITED]
    assert found["table:groups[1,1]"].stands == "别的组"
    table = next(one for one in documents["zh"].blocks if isinstance(one, Table) and one.key == "groups")
    assert found["table:groups[1,1]"].now == str(table.rows[0][0])
    assert edited_cells(edited) == ["table:groups[1,1]"]


def test_a_row_that_a_person_put_in_leaves_the_rows_below_it_as_they_are(desk, documents):
    rows = desk.file.tables[0].rows
    inserted = deepcopy(rows[2]._tr)
    for cell in inserted.iter(qn("w:tc")):
        texts = list(cell.iter(qn("w:t")))
        texts[0].text = "合计"
        for more in texts[1:]:
            more.text = ""
    rows[2]._tr.addnext(inserted)
    next(rows[4].cells[1]._tc.iter(qn("w:t"))).text = "999"
    found = {one.place for one in differing(read(io.BytesIO(desk.saved())), documents["zh"])}
    put_in = {f"table:groups[2+1,{n + 1}]" for n in range(len(rows[0].cells))}
    assert found == {*put_in, "table:groups[3,2]"}  # the fifth row now, the fourth when the file was written


def test_a_caption_and_a_note_that_a_person_edited_stay_also_the_second_time_and_are_marked_once_stale(
    desk, documents, how
):
    def edit(style: str, old: str, new: str) -> None:
        paragraph = next(p for p in desk.file.paragraphs if p.style.name == style and old in _text(p._p))
        part = next(part for part in paragraph._p.iter(qn("w:t")) if old in (part.text or ""))
        part.text = part.text.replace(old, new)

    edit("Caption", "各类单位综合得分", "各类单位测评得分")
    edit("Report Note", "与平均的比较只在同类单位之间进行", "只和同类单位比较")
    edit("Report Note", "截至2026年第三季度", "截至九月底")  # of the first chart, which stands as a table here
    content = desk.saved()
    assert {one.state for one in differing(read(io.BytesIO(content)), documents["zh"])} == {EDITED}
    for _ in range(2):
        own = merged(read(io.BytesIO(content)), documents["zh"])
        table = next(block for block in own.blocks if place_of(block) == "table:groups")
        chart = next(block for block in own.blocks if isinstance(block, Chart))
        assert (table.number, table.title) == ("表1", "各类单位测评得分")
        assert table.note.startswith("只和同类单位比较")
        assert "截至九月底" in chart.source
        assert own.stale == []
        content = written(own, how, "docx", Drawings())
        assert _text(open_document(io.BytesIO(content)).element.body).count("注：只和同类单位比较") == 1
    blocks = tuple(
        replace(block, note="另一个说明。") if place_of(block) == "table:groups" else block
        for block in documents["zh"].blocks
    )
    [stale] = merged(read(io.BytesIO(content)), replace(documents["zh"], blocks=blocks)).stale
    assert stale.now == "另一个说明。"


def test_days_overdue_are_compared_as_of_the_day_on_which_the_file_was_written(word, documents, make_facts):
    edited = read(io.BytesIO(word))
    assert edited.day == DAY
    facts = make_facts(quarter="2026Q3")
    facts.today = DAY + datetime.timedelta(days=40)
    [one, *_] = differing(edited, bulletin(facts))
    assert one.place.startswith("bulletin.requests.overdue")
    facts = make_facts(quarter="2026Q3")
    facts.today = edited.day
    assert differing(edited, bulletin(facts)) == []
