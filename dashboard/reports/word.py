"""A document as Word: the layout of GB/T 9704-2012, real headings, and every figure in a control of its own.

What the file must say of itself (its snapshot, its figures, its sentences as they were written) lies in a part of its
own, so that an edited file can be compared with the snapshot and keep what a person wrote.
"""

import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any
from xml.sax.saxutils import escape

from docx import Document as new_document
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_COLOR_INDEX, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run as WordRun

from dashboard.charts import theme
from dashboard.i18n.text import Text, translator
from dashboard.reports import layout
from dashboard.reports.model import (
    Annex,
    Blank,
    Block,
    Chart,
    Document,
    Heading,
    Number,
    Paragraph,
    Run,
    Sentence,
    Table,
    around,
    cells,
    figure_key,
    place_of,
)
from dashboard.settings import Bulletin

PAGE = (Mm(210), Mm(297))
TOP, BOTTOM, LEFT, RIGHT = Mm(37), Mm(35), Mm(28), Mm(26)
TEXT_WIDTH = Mm(156)
TITLE, FOLIO, CAPTION = Pt(22), Pt(14), Pt(layout.CAPTION_SIZE)
TIGHTER = -5  # twentieths of a point: 28 characters of 16 points need 158 mm, and there are 156
TITLE_PITCH = Pt(layout.TITLE_PITCH)
SHORT, ROWS_BEFORE_NOTE = 14, 3  # rows: of a table that is not parted, that a note is not parted from
MASTHEAD_PITCH = Pt(70)
HEAD_TOP = Pt(61)  # what is left of the 35 mm above the masthead, below the line of the draft note
LATIN = "Times New Roman"
LINE = "Report Line"  # of what is no text: head, signature, empty lines
# What a reader's machine may use instead, where it does not have the office's face.
STAND_INS = {
    "title": "Noto Serif SC,Source Han Serif SC,SimSun",
    "body": "FangSong,STFangsong,Zhuque Fangsong,Noto Serif SC",
    "kai": "KaiTi,STKaiti,LXGW WenKai,Noto Serif SC",
    "hei": "SimHei,Heiti SC,Noto Sans SC",
    "song": "SimSun,Songti SC,Noto Serif SC",
}
CUSTOM_PART = PackURI("/customXml/item9.xml")  # the template has a first one
NAMESPACE = "urn:mingjing:report"


def to_word(document: Document, how: Bulletin, pictures: Mapping[str, bytes]) -> bytes:
    """`pictures`: of a chart's key its PNG; a chart without one stands as its table."""
    return _Word(document, how, pictures).written()


def tag(key: str, kind: str) -> str:
    """A short name, for Word takes 40 characters; `kind`: 'f' of a figure, 's' of a sentence, 'b' of a blank, 'p' of
    the place of a heading or a caption."""
    return f"{kind}_{hashlib.sha256(key.encode('utf-8')).hexdigest()[:16]}"


class _Word:
    def __init__(self, document: Document, how: Bulletin, pictures: Mapping[str, bytes]):
        self.document, self.how, self.pictures = document, how, pictures
        self.t: Text = translator(document.origin.lang)
        type_ = layout.text_of(document, how.pitch)
        self.size, self.pitch, self.small = Pt(type_.size), Pt(type_.pitch), Pt(type_.small)
        self.file: WordDocument = new_document()
        self._ids = iter(range(1, 10**9))
        self._tags: set[str] = set()  # of the controls in the file: a figure of a picture is not in the text
        self._places: dict[str, dict[str, Any]] = {}
        self._page_of(self.file.sections[0])
        self._styles()

    def written(self) -> bytes:
        document = self.document
        if document.head:
            self._head()
        else:
            self._title()
        if document.addressees:
            self._line(document.addressees, WD_ALIGN_PARAGRAPH.LEFT)
        self._blocks(document.blocks)
        if document.close:
            self._close()
        for annex in document.annexes:
            self._annex(annex)
        if document.close and document.close.copies:
            self._end_matter()
        self._about()
        layout.sign(self.file.core_properties, document)
        rels = self.file.part.package.rels
        for name in [name for name, one in rels.items() if one.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
            del rels[name]  # a picture of the template
        out = io.BytesIO()
        self.file.save(out)
        return out.getvalue()

    # --- page and styles ---------------------------------------------------------------------------------------
    def _page_of(self, section: Section) -> None:
        section.page_width, section.page_height = PAGE
        section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = TOP, BOTTOM, LEFT, RIGHT
        section.header_distance, section.footer_distance = Mm(15), Mm(22.4)
        for grid in section._sectPr.findall(qn("w:docGrid")):  # no grid: it halves the characters in some programs
            section._sectPr.remove(grid)
        sides = self.how.page_number == "sides"
        self.file.settings.odd_and_even_pages_header_footer = sides
        right, left, middle = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
        self._folio(section.footer.paragraphs[0], right if sides else middle)
        if sides:
            self._folio(section.even_page_footer.paragraphs[0], left)

    def _folio(self, paragraph: WordParagraph, side: WD_ALIGN_PARAGRAPH) -> None:
        paragraph.alignment = side
        form = paragraph.paragraph_format
        form.line_spacing, form.space_after = Pt(16), Pt(0)
        form.first_line_indent = Pt(0)
        form.right_indent = FOLIO if side == WD_ALIGN_PARAGRAPH.RIGHT else None
        form.left_indent = FOLIO if side == WD_ALIGN_PARAGRAPH.LEFT else None
        for part in ("— ", "begin", "PAGE", "end", " —"):
            run = paragraph.add_run()
            self._face(run, "song", FOLIO, latin=self.how.fonts["song"])
            if part in ("begin", "end"):
                mark = OxmlElement("w:fldChar")
                mark.set(qn("w:fldCharType"), part)
                run._r.append(mark)
            elif part == "PAGE":
                code = OxmlElement("w:instrText")
                code.text = part
                run._r.append(code)
            else:
                run.text = part

    def _styles(self) -> None:
        defaults = self.file.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
        for old in defaults.findall(qn("w:lang")):
            defaults.remove(old)
        lang = OxmlElement("w:lang")
        lang.set(qn("w:val"), "en-US")
        lang.set(qn("w:eastAsia"), "zh-CN")
        defaults.append(lang)
        self._style("Normal", "body", self.size, self.pitch, justified=True)
        self._style("Body Text", "body", self.size, self.pitch, justified=True, indent=2)
        self._style("Title", "title", TITLE, TITLE_PITCH, centred=True)
        for level, role in ((1, "hei"), (2, "kai"), (3, "body"), (4, "body")):
            style = self._style(f"Heading {level}", role, self.size, self.pitch, indent=2)
            style.paragraph_format.keep_with_next = True
            style.font.bold = level in self.how.bold
        self._style("Caption", "hei", CAPTION, None, centred=True)
        self._own_style(LINE)
        for name, role in (("Table", "song"), ("Table Head", "hei"), ("Note", "body")):
            style = self._own_style(f"Report {name}")
            self._style(style.name, role, self.small, None)
        for name in ("Table", "Table Head"):
            form = self.file.styles[f"Report {name}"].paragraph_format
            form.space_before = form.space_after = Pt(2.5)
        self._font_table()

    def _own_style(self, name: str) -> ParagraphStyle:
        style = self.file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = self.file.styles["Normal"]
        return style

    def _style(
        self,
        name: str,
        role: str,
        size: Length,
        pitch: Length | None,
        justified: bool = False,
        centred: bool = False,
        indent: int = 0,
    ) -> ParagraphStyle:
        style: ParagraphStyle = self.file.styles[name]
        properties = style.element.get_or_add_rPr()
        for old in list(properties):
            properties.remove(old)
        for old in style.element.xpath("./w:pPr/w:pBdr | ./w:pPr/w:contextualSpacing"):
            old.getparent().remove(old)
        style.font.size, style.font.bold, style.font.italic = size, False, False
        style.font.color.rgb = RGBColor(0, 0, 0)
        self._fonts(properties, role)
        form = style.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.widow_control = self.document.origin.lang == "en"  # the Chinese grid has 22 lines on every page
        if pitch is None:
            form.line_spacing_rule = WD_LINE_SPACING.SINGLE
        else:
            form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, pitch
            if size == self.size:
                tight = OxmlElement("w:spacing")
                tight.set(qn("w:val"), str(TIGHTER))
                properties.append(tight)
        form.alignment = (
            WD_ALIGN_PARAGRAPH.CENTER
            if centred
            else WD_ALIGN_PARAGRAPH.JUSTIFY
            if justified
            else WD_ALIGN_PARAGRAPH.LEFT
        )
        paragraph = style.element.get_or_add_pPr()
        for name in ("w:autoSpaceDE", "w:autoSpaceDN", "w:snapToGrid"):  # no grid, no space around figures
            _off(paragraph, name)
        if indent:
            form.first_line_indent = self.size * indent
            paragraph.find(qn("w:ind")).set(qn("w:firstLineChars"), str(100 * indent))
        else:
            form.first_line_indent = Pt(0)
        _in_order(properties)
        return style

    def _fonts(self, properties, role: str, latin: str = LATIN) -> None:
        fonts = properties.find(qn("w:rFonts"))
        if fonts is None:
            fonts = OxmlElement("w:rFonts")
            properties.insert(0, fonts)
        for name in list(fonts.attrib):
            del fonts.attrib[name]
        for name, face in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", self.how.fonts[role])):
            fonts.set(qn(f"w:{name}"), face)
        if self.document.origin.lang != "en":  # whose quotation marks are the Latin face's
            fonts.set(qn("w:hint"), "eastAsia")

    def _face(
        self, run: WordRun, role: str, size: Length | None = None, colour: RGBColor | None = None, latin: str = LATIN
    ) -> None:
        self._fonts(run._r.get_or_add_rPr(), role, latin)
        if size:
            run.font.size = size
        if colour:
            run.font.color.rgb = colour

    def _font_table(self) -> None:
        """Which face may stand in for which: the reader's machine chooses by it, and we cannot know what it has."""
        fonts = "".join(
            f'<w:font w:name="{escape(face)}"><w:altName w:val="{STAND_INS[role]}"/><w:charset w:val="86"/>'
            f'<w:family w:val="auto"/></w:font>'
            for role, face in self.how.fonts.items()
        )
        latin = f'<w:font w:name="{LATIN}"><w:charset w:val="00"/><w:family w:val="roman"/></w:font>'
        table = (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {nsdecls("w")}>{fonts}{latin}</w:fonts>'
        )
        part = next(part for part in self.file.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
        part._blob = table.encode("utf-8")

    # --- lines -------------------------------------------------------------------------------------------------
    def _line(self, words: str | tuple[str | Blank, ...], side: WD_ALIGN_PARAGRAPH) -> WordParagraph:
        paragraph = self.file.add_paragraph(style=LINE)
        paragraph.alignment = side
        self._fill(paragraph, words)
        return paragraph

    def _fill(self, paragraph: WordParagraph, words: str | tuple[str | Blank, ...]) -> None:
        for part in (words,) if isinstance(words, str) else words:
            if isinstance(part, Blank):
                self._control(paragraph, part.words or layout.GAP, tag(part.key, "b"), part.label)
            else:
                paragraph.add_run(part)

    def _control(self, paragraph: WordParagraph, words: str, name: str, label: str) -> WordRun:
        """A run in a control that keeps its name while a person edits it, and in a bookmark for programs without."""
        self._tags.add(name)
        run = paragraph.add_run(words)
        control, properties, content = (OxmlElement(f"w:{part}") for part in ("sdt", "sdtPr", "sdtContent"))
        for part, value in (("alias", label[:60]), ("tag", name), ("id", str(next(self._ids)))):
            element = OxmlElement(f"w:{part}")
            element.set(qn("w:val"), value)
            properties.append(element)
        paragraph._p.replace(run._r, control)
        start, end = self._bookmark(name)
        content.extend((start, run._r, end))
        control.append(properties)
        control.append(content)
        return run

    def _bookmark(self, name: str) -> tuple[Any, Any]:
        number, start, end = str(next(self._ids)), OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for mark in (start, end):
            mark.set(qn("w:id"), number)
        start.set(qn("w:name"), name)
        return start, end

    def _runs(self, paragraph: WordParagraph, place: str, runs: Iterable[Run]) -> list[WordRun]:
        made = []
        for part in runs:
            if not isinstance(part, Number):
                made.append(paragraph.add_run(part))
                continue
            name = tag(figure_key(place, part.source), "f")
            run = self._control(paragraph, part.was or part.written, name, part.source.column or part.source.query)
            if part.was:
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW
                self.file.add_comment(run, self.t("bulletin.changed", now=part.written), self.t("app.name"), "")
            made.append(run)
        return made

    def _sentence(self, paragraph: WordParagraph, sentence: Sentence) -> None:
        if not sentence.key:
            self._runs(paragraph, "", sentence.runs)
            return
        start, end = self._bookmark(tag(sentence.key, "s"))
        paragraph._p.append(start)
        runs = self._runs(paragraph, sentence.key, sentence.runs)
        paragraph._p.append(end)
        if sentence.is_stale:
            for run in runs:
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW
            words = self.t("bulletin.stale.now" if sentence.now else "bulletin.stale.gone", now=sentence.now)
            self.file.add_comment(runs, words, self.t("app.name"), "")

    def _empty(self, lines: int = 1, height: Length | None = None) -> WordParagraph:
        """Empty lines are paragraphs: some programs drop a space above or below a paragraph."""
        for _ in range(lines):
            paragraph = self.file.add_paragraph(style=LINE)
            if height:
                paragraph.paragraph_format.line_spacing = height
        return paragraph

    # --- head --------------------------------------------------------------------------------------------------
    def _head(self) -> None:
        head = self.document.head
        red = self.how.red.lstrip("#").upper()
        draft = self._line("", side=WD_ALIGN_PARAGRAPH.LEFT)
        self._face(draft.add_run(head.draft), "hei")
        self._empty(height=HEAD_TOP)
        line = self._line("", side=WD_ALIGN_PARAGRAPH.CENTER)
        line.paragraph_format.line_spacing = MASTHEAD_PITCH
        run = line.add_run(head.masthead)
        size, spread = layout.masthead(head.masthead)
        self._face(run, "title", Pt(size), RGBColor.from_string(red))
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(round(20 * spread)))
        run._r.get_or_add_rPr().append(spacing)
        _in_order(run._r.rPr)
        self._empty(2 if head.kind == "document" else 1)
        self._line(head.number, side=WD_ALIGN_PARAGRAPH.CENTER)
        if head.kind == "periodical":
            line = self._line((head.office, "\t", *head.date), side=WD_ALIGN_PARAGRAPH.LEFT)
            line.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        self._border(self._empty(height=Mm(4)), {"bottom": 12}, red)
        self._empty(2)
        self._title()

    def _title(self) -> None:
        last = len(self.document.title) - 1
        paragraph = self.file.add_paragraph(style="Title")
        for at, line in enumerate(self.document.title):
            run = paragraph.add_run(line)
            if at < last:
                run.add_break(WD_BREAK.LINE)
        self._empty()

    def _border(self, paragraph: WordParagraph, sides: Mapping[str, int], colour: str) -> None:
        """`sides`: 'top' or 'bottom' → its width in eighths of a point."""
        borders = OxmlElement("w:pBdr")
        for side, size in sides.items():
            line = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", str(size)), ("space", "0"), ("color", colour)):
                line.set(qn(f"w:{name}"), value)
            borders.append(line)
        after = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:snapToGrid", "w:spacing", "w:ind", "w:jc")
        paragraph._p.get_or_add_pPr().insert_element_before(borders, *after)

    # --- blocks ------------------------------------------------------------------------------------------------
    def _blocks(self, blocks: Iterable[object]) -> None:
        for block in blocks:
            match block:
                case Heading():
                    heading = self.file.add_paragraph(block.words, style=f"Heading {block.level}")
                    self._placed(heading, block, text=None if block.is_kept else block.words)
                case Paragraph():
                    paragraph = self.file.add_paragraph(style="Body Text")
                    for sentence in block.sentences:
                        self._sentence(paragraph, sentence)
                case Table():
                    self._table(block, block)
                case Chart():
                    self._chart(block)

    def _chart(self, chart: Chart) -> None:
        picture = self.pictures.get(chart.key)
        if picture is None:
            self._table(chart.table, chart)
            return
        paragraph = self.file.add_paragraph(style="Report Table")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(io.BytesIO(picture), width=TEXT_WIDTH)
        about = shape._inline.docPr
        about.set("descr", f"{chart.title}。{chart.about}")
        about.set("title", chart.title)
        caption = self._caption(chart)
        self._placed(caption, chart)
        caption.paragraph_format.keep_with_next = True
        self._note("", around(chart).get("note"))

    def _caption(self, block: Table | Chart) -> WordParagraph:
        paragraph = self.file.add_paragraph(f"{block.number}　", style="Caption")
        self._sentence(paragraph, around(block)["title"])
        return paragraph

    def _note(self, before: str, note: Sentence | None) -> None:
        paragraph = self.file.add_paragraph(before, style="Report Note")
        if note:
            self._sentence(paragraph, note)
        paragraph.paragraph_format.space_after = Pt(8)
        paragraph.paragraph_format.keep_together = True

    def _placed(self, paragraph: WordParagraph, block: Block, **about: Any) -> None:
        """A bookmark that stays with the paragraph whatever a person makes of its words and style."""
        name = tag(place_of(block), "p")
        start, end = self._bookmark(name)
        paragraph.runs[0]._r.addprevious(start)
        paragraph._p.append(end)
        self._places[name] = {"place": place_of(block), **about}

    def _table(self, table: Table, where: Table | Chart) -> None:
        """`where`: itself, or the chart in whose place it stands."""
        caption = self._caption(where)
        self._placed(caption, where, cells=cells(table))
        caption.paragraph_format.keep_with_next = True
        caption.paragraph_format.space_before = caption.paragraph_format.space_after = Pt(4)
        made = self.file.add_table(rows=0, cols=len(table.columns))
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        made.autofit = False
        _rules(made)
        widths = [int(Pt(width)) for width in layout.widths(table, self.small.pt, layout.TEXT_WIDTH)]
        for column, width in zip(made.columns, widths):
            column.width = width
        self._row(made, [column.words for column in table.columns], table, widths, is_head=True)
        for row in table.rows:
            self._row(made, row, table, widths)
        note = around(where).get("note")
        # a short table stays whole, and the note of any goes with the last rows
        kept = len(table.rows) + 1 if len(table.rows) <= SHORT else ROWS_BEFORE_NOTE
        ends = "" if note else " and position() < last()"
        for properties in made._tbl.xpath(f"./w:tr[position() > last() - {kept}{ends}]//w:pPr"):
            properties.get_or_add_keepNext()
        self._note(self.t("bulletin.note", note="") if note and where is table else "", note)

    def _row(
        self, made: WordTable, contents: Iterable[Run], table: Table, widths: list[int], is_head: bool = False
    ) -> None:
        row = made._tbl.add_tr()  # `add_row` counts all cells anew for each row
        properties = row.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if is_head:
            properties.append(OxmlElement("w:tblHeader"))
        style = self.file.styles["Report Table Head" if is_head else "Report Table"].style_id
        for content, column, width in zip(contents, table.columns, widths):
            cell = row.add_tc()
            cell.width = Length(width)
            paragraph = _Cell(cell, made).paragraphs[0]
            paragraph._p.style = style  # python-docx would look for the default style each time
            if column.is_number:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            self._runs(paragraph, table.key, [content])

    # --- close and annexes -------------------------------------------------------------------------------------
    def _close(self) -> None:
        document, close, text = self.document, self.document.close, len(self.file.paragraphs)
        if document.annexes:
            self._empty()
            width = theme.text_width(close.annexes, self.size.pt)
            for at, annex in enumerate(document.annexes):
                words = self.t("bulletin.annexes.one", n=at + 1, title=annex.title)
                line = self._line(f"{close.annexes if at == 0 else ''}{words}", side=WD_ALIGN_PARAGRAPH.LEFT)
                line.paragraph_format.left_indent = 2 * self.size + (Pt(width) if at else 0)
        self._empty()
        for words in (close.office, close.date):
            self._line(words, side=WD_ALIGN_PARAGRAPH.RIGHT).paragraph_format.right_indent = 2 * self.size
        for paragraph in self.file.paragraphs[text - 1 : -1]:  # a signature alone on a page signs nothing
            paragraph.paragraph_format.keep_with_next = True

    def _annex(self, annex: Annex) -> None:
        number = self._line("", side=WD_ALIGN_PARAGRAPH.LEFT)
        number.paragraph_format.page_break_before = True
        number.paragraph_format.keep_with_next = True
        self._face(number.add_run(annex.number), "hei")
        self._empty()
        title = self.file.add_paragraph(annex.title, style="Title")
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), "0")
        title._p.get_or_add_pPr().append(level)
        self._empty()
        self._blocks(annex.blocks)

    def _end_matter(self) -> None:
        """At the foot of the last page; by the office's setting on an even page of its own, without a number."""
        if self.how.end_matter_even:
            section = self.file.add_section(WD_SECTION.EVEN_PAGE)
            for footer in (section.footer, section.even_page_footer):
                footer.is_linked_to_previous = False
        close = self.document.close
        made = self.file.add_table(rows=2, cols=2)
        made.autofit = False
        for column in made.columns:
            column.width = Length(TEXT_WIDTH // 2)
            for cell in column.cells:
                cell.width = Length(TEXT_WIDTH // 2)
        self._foot(made.cell(0, 0).merge(made.cell(0, 1)), close.copies, WD_ALIGN_PARAGRAPH.LEFT)
        self._foot(made.cell(1, 0), close.office, WD_ALIGN_PARAGRAPH.LEFT)
        self._foot(made.cell(1, 1), close.printed, WD_ALIGN_PARAGRAPH.RIGHT)
        width, position = made._tbl.tblPr.find(qn("w:tblW")), OxmlElement("w:tblpPr")
        width.set(qn("w:type"), "dxa")
        width.set(qn("w:w"), str(round(TEXT_WIDTH.twips)))
        # counted from the paper's edge: as wide as the text and counted from its margin, LibreOffice lets it not float
        anchors = {"leftFromText": "0", "rightFromText": "0", "vertAnchor": "margin", "horzAnchor": "page"}
        for name, value in (anchors | {"tblpX": str(round(LEFT.twips)), "tblpYSpec": "bottom"}).items():
            position.set(qn(f"w:{name}"), value)
        width.addprevious(position)
        _borders(made, {"top": 8, "bottom": 8, "insideH": 6})
        _cell_margins(made, 0)
        self._empty(height=Pt(1))  # a table cannot end a file

    def _foot(self, cell: _Cell, words: str | tuple[str | Blank, ...], side: WD_ALIGN_PARAGRAPH) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.alignment = side
        form = paragraph.paragraph_format
        form.left_indent = form.right_indent = FOLIO
        self._fill(paragraph, words)
        for run in paragraph._p.iter(qn("w:r")):
            self._face(WordRun(run, paragraph), "body", FOLIO)

    # --- what the file says of itself --------------------------------------------------------------------------
    def _about(self) -> None:
        about = {
            "origin": asdict(self.document.origin),
            "figures": {
                tag(key, "f"): {"key": key, "value": one.value, "written": one.written}
                for key, one in self.document.figures.items()
                if tag(key, "f") in self._tags
            },
            "sentences": {
                tag(sentence.key, "s"): {"key": sentence.key, "place": place, **_as_written(sentence)}
                for place, sentence in self.document.sentences
                if sentence.key
            },
            "places": self._places,
        }
        words = escape(json.dumps(about, ensure_ascii=False))
        blob = f'<?xml version="1.0" encoding="UTF-8"?><report xmlns="{NAMESPACE}">{words}</report>'.encode()
        package = self.file.part.package
        part = Part(CUSTOM_PART, "application/xml", blob, package)
        self.file.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def _as_written(sentence: Sentence) -> dict[str, str | None]:
    """`text`, which is None of what a person wrote, for it is theirs also the next time: then with what they `kept`,
    on which `basis`, and what would be written `now`."""
    if not sentence.is_kept:
        return {"text": sentence.text}
    return {"text": None, "kept": sentence.text, "basis": sentence.basis, "now": sentence.now}


# the order that the schema gives to what a run may say; some programs refuse another
_ORDER = (
    "rStyle",
    "rFonts",
    "b",
    "bCs",
    "i",
    "iCs",
    "color",
    "spacing",
    "w",
    "kern",
    "sz",
    "szCs",
    "highlight",
    "lang",
)


def _in_order(properties) -> None:
    rank = {qn(f"w:{name}"): at for at, name in enumerate(_ORDER)}
    for element in sorted(properties, key=lambda one: rank.get(one.tag, len(rank))):
        properties.append(element)


def _off(properties, name: str) -> None:
    for old in properties.findall(qn(name)):
        properties.remove(old)
    element = OxmlElement(name)
    element.set(qn("w:val"), "0")
    after = ("w:bidi", "w:adjustRightInd", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")
    properties.insert_element_before(element, *after)


def _rules(table: WordTable) -> None:
    """Ruled across only, as the office's tables are."""
    _borders(table, {"top": 8, "bottom": 8, "insideH": 4})
    _cell_margins(table, layout.CELL_MARGIN)


def _cell_margins(table: WordTable, points: float) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(20 * points)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    _before(table._tbl.tblPr, margins, "w:tblLook")


def _borders(table: WordTable, lines: Mapping[str, int]) -> None:
    properties = table._tbl.tblPr
    for old in properties.findall(qn("w:tblBorders")):
        properties.remove(old)
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        line.set(qn("w:val"), "single" if side in lines else "nil")
        if side in lines:
            line.set(qn("w:sz"), str(lines[side]))
            line.set(qn("w:space"), "0")
            line.set(qn("w:color"), "000000")
        borders.append(line)
    _before(properties, borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def _before(properties, element, *names: str) -> None:
    """Put it before the first of these that there is, else last: the schema gives an order."""
    following = next((one for one in properties if one.tag in {qn(name) for name in names}), None)
    if following is None:
        properties.append(element)
    else:
        following.addprevious(element)
