"""The files: layout measured on the rendered page, the same figures in each format, charts that can be edited."""

import datetime
import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace

import pytest
from docx import Document as open_document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from pptx import Presentation
from pptx.oxml.ns import qn as qualified
from python_calamine import CalamineWorkbook

from dashboard.reports import files
from dashboard.reports.files import Drawings, all_written, written
from dashboard.reports.letters import all_letters
from dashboard.reports.model import Number, Paragraph, Sentence
from dashboard.reports.pdf import replaced
from dashboard.reports.pictures import PictureError

FOOT = (297 - 35) / 25.4 * 72 + 1  # points from the paper's upper edge to the end of the text
FILLER = "监督情况通报应当实事求是准确反映各单位工作情况数字以快照为准"  # Chinese only, no mark to be squeezed


@pytest.fixture(scope="module")
def opened(word):
    return open_document(io.BytesIO(word))


@pytest.fixture(scope="module")
def page_of_text(documents):
    """A document of nothing but text, so that lines and characters can be counted."""
    text = Paragraph("filler", (Sentence("filler", (FILLER * 80,)),))
    return replace(documents["zh"], head=None, close=None, annexes=(), blocks=(text,))


def of_word(content: bytes, part: str) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read(part).decode("utf-8")


# --- layout ------------------------------------------------------------------------------------------------------
def test_paper_margins_and_pitch_are_those_of_the_standard(opened):
    section = opened.sections[0]
    edges = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert (section.page_width, section.page_height) == pytest.approx((Mm(210), Mm(297)), abs=Mm(0.1))
    for edge, millimetres in zip(edges, (37, 35, 28, 26)):
        assert edge == pytest.approx(Mm(millimetres), abs=Mm(0.1))
    body = opened.styles["Body Text"]
    assert (body.font.size, body.paragraph_format.line_spacing) == (Pt(16), Pt(28.95))
    assert body.paragraph_format.first_line_indent == Pt(32)
    assert body.element.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert "docGrid" not in opened.element.xml


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_a_page_of_text_has_22_lines_of_28_characters(form, page_of_text, how, office_pdf, pdf_text, tmp_path):
    content = written(page_of_text, how, form, Drawings())
    path = tmp_path / "own.pdf"
    if form == "docx":
        path = office_pdf(content, "docx")
    else:
        path.write_bytes(content)
    lines = [line.strip() for line in pdf_text(path, "-layout", "-f", "2", "-l", "2").splitlines() if line.strip()]
    text = [line for line in lines if not line.startswith("—")]
    assert len(text) == 22
    assert {len(line) for line in text} == {28}


def test_page_numbers_stand_at_the_outer_side_and_their_face_is_not_latin(opened):
    section = opened.sections[0]
    assert opened.settings.odd_and_even_pages_header_footer
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.alignment, odd.paragraph_format.right_indent) == (2, Pt(14))
    assert (even.alignment, even.paragraph_format.left_indent) == (0, Pt(14))
    for footer in (odd, even):
        assert "".join(t.text or "" for t in footer._p.iter(qn("w:t"))) == "—  —"
        assert footer.runs[0].font.size == Pt(14)


def test_in_the_pdf_odd_pages_have_their_number_right_and_even_ones_left(pdf, pdf_text, tmp_path):
    path = tmp_path / "own.pdf"
    path.write_bytes(pdf)
    for page, side in ((1, "right"), (2, "left")):
        number = [
            line for line in pdf_text(path, "-layout", "-f", str(page), "-l", str(page)).splitlines() if "—" in line
        ]
        before = len(number[-1]) - len(number[-1].lstrip())
        assert (before > 20) == (side == "right")


def test_headings_and_title_are_real_and_no_title_face_is_made_bold(opened, word):
    styles = [paragraph.style.name for paragraph in opened.paragraphs]
    assert styles.count("Title") == 5  # the document's, and one an annex
    assert {"Heading 1", "Heading 2", "Caption"} <= set(styles)
    for name in ("Title", "Heading 1", "Heading 2"):
        assert opened.styles[name].font.bold is False
    assert not re.search(r"<w:b(?: w:val=\"(?:1|true)\")?/>", of_word(word, "word/document.xml"))
    assert opened.core_properties.title == "关于2026年第三季度民主测评和督查情况的通报"


def test_each_face_of_the_office_has_a_stand_in_and_tables_repeat_their_heads(word):
    fonts = of_word(word, "word/fontTable.xml")
    for face in ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"):
        assert re.search(rf'<w:font w:name="{face}"><w:altName w:val="[^"]*Noto', fonts)
    text = of_word(word, "word/document.xml")
    assert text.count("<w:tblHeader/>") == text.count("<w:tblGrid>") - 1  # the end matter is no table to read


def test_the_end_matter_stands_at_the_foot_of_the_last_page(word, pdf, pdf_text, tmp_path):
    assert re.search(
        r'<w:tblpPr [^>]*w:vertAnchor="margin"[^>]*w:tblpYSpec="bottom"', of_word(word, "word/document.xml")
    )
    path = tmp_path / "own.pdf"
    path.write_bytes(pdf)
    boxes = re.findall(r'yMax="([\d.]+)">(抄送[^<]*|印发|[^<]*印发)<', pdf_text(path, "-bbox"))
    assert boxes
    assert 700 < float(boxes[-1][0]) < FOOT


def test_the_office_s_settings_change_masthead_numbers_and_even_page(documents, how):
    other = replace(how, page_number="middle", end_matter_even=True, pitch=28.0, red="#C8102E", bold=[2])
    opened = open_document(io.BytesIO(written(documents["zh"], other, "docx", Drawings())))
    assert not opened.settings.odd_and_even_pages_header_footer
    assert opened.sections[0].footer.paragraphs[0].alignment == 1
    assert opened.styles["Body Text"].paragraph_format.line_spacing == Pt(28)
    assert len(opened.sections) == 2
    assert [opened.styles[f"Heading {level}"].font.bold for level in (1, 2)] == [False, True]
    xml = opened.element.xml
    assert (xml.count('w:val="C8102E"'), xml.count('w:color="C8102E"'), xml.count("FF0000")) == (1, 1, 0)
    assert written(documents["zh"], other, "pdf", Drawings()).startswith(b"%PDF")


def test_fonts_are_embedded_and_what_stands_in_for_what_is_said(pdf, how, pdf_text, tmp_path):
    path = tmp_path / "own.pdf"
    path.write_bytes(pdf)
    if not shutil.which("pdffonts"):
        pytest.skip("no pdffonts on this machine (apt install poppler-utils)")
    listed = subprocess.run(["pdffonts", str(path)], check=True, capture_output=True).stdout.decode().splitlines()[2:]
    assert listed
    assert all(" yes " in line.split("Identity-H")[-1] or " yes yes " in line for line in listed)
    said = pdf_text(path)
    for _, wanted, used in replaced(how):
        assert f"“{wanted}”" in said
        assert f"“{used}”" in said


# --- the same figures everywhere -----------------------------------------------------------------------------------
def test_word_and_pdf_have_every_sentence_and_every_figure(documents, word, pdf, pdf_text, tmp_path):
    path = tmp_path / "own.pdf"
    path.write_bytes(pdf)
    own = "".join(pdf_text(path, "-raw").split())
    own = re.sub(r"—\d+—", "", own.replace("\f", ""))
    body = open_document(io.BytesIO(word)).element.body
    in_word = "".join(part.text or "" for part in body.iter(qn("w:t"))).replace(" ", "")
    for paragraph in documents["zh"].paragraphs:
        said = paragraph.text.replace(" ", "").replace("　", "")
        assert said in in_word.replace("　", "")
        # a page may end within the paragraph, where its number stands between
        for part in re.split("[。；：]", said):
            assert part[:12] in own.replace("　", "")
    for table in documents["zh"].tables:
        for row in table.rows:
            assert all(cell.written in in_word for cell in row if isinstance(cell, Number))


def test_the_workbook_has_a_sheet_a_table_and_figures_as_numbers(documents, how):
    book = CalamineWorkbook.from_filelike(io.BytesIO(written(documents["zh"], how, "xlsx", Drawings())))
    tables = list(documents["zh"].tables)
    assert book.sheet_names[0] == "说明"
    assert len(book.sheet_names) == len(tables) + 1
    about = dict(row[:2] for row in book.get_sheet_by_name("说明").to_python())
    assert about["季度"] == "2026年第三季度"
    assert "快照" in about
    scores = next(table for table in tables if table.key == "standings")
    rows = book.get_sheet_by_index(1 + tables.index(scores)).to_python()
    assert rows[0] == [column.words for column in scores.columns]
    assert rows[1][3] == pytest.approx(scores.rows[0][3].value)


def test_slides_have_native_charts_a_finding_as_title_and_notes(documents, how):
    deck = Presentation(io.BytesIO(written(documents["zh"], how, "pptx", Drawings())))
    slides = list(deck.slides)
    assert len(slides) == len(documents["zh"].slides) + 1
    charts = [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 3
    apart = charts[0]
    assert list(apart.plots[0].categories) == list(documents["zh"].slides[0].show.native.categories)
    assert apart._chartSpace.xpath(".//c:errBars/c:plus/c:numLit/c:pt")
    for slide, given in zip(slides[1:], documents["zh"].slides):
        assert slide.shapes.title.text_frame.text == given.title
        assert slide.notes_slide.notes_text_frame.text
        runs = slide.element.xpath(".//a:r/a:rPr")
        assert runs
        assert all(run.find(qualified("a:ea")) is not None for run in runs)


def test_without_a_browser_charts_stand_as_their_tables(documents, how, monkeypatch):
    class Nothing:
        def __enter__(self):
            raise PictureError("browser", "none")

        def __exit__(self, *_):
            return None

    monkeypatch.setattr(files, "Renderer", Nothing)
    made, is_drawn = all_written(documents["zh"], how, ("docx",), lambda *_: None)
    assert not is_drawn
    opened = open_document(io.BytesIO(made["docx"]))
    assert not opened.inline_shapes
    captions = [paragraph.text for paragraph in opened.paragraphs if paragraph.style.name == "Caption"]
    assert any(caption.startswith("图1") for caption in captions)


def test_word_and_slides_open_in_another_office(documents, how, word, office_pdf, pdf_text):
    path = office_pdf(word, "docx")
    assert path.stat().st_size > 10_000
    *_, last = pdf_text(path, "-bbox").split("<page ")
    ends = [float(y) for y in re.findall(r'yMax="([\d.]+)">(?:抄送|印发)', last)]
    assert len(ends) == 2 and 700 < min(ends) < max(ends) < FOOT
    assert office_pdf(written(documents["zh"], how, "pptx", Drawings()), "pptx").stat().st_size > 10_000


def test_no_word_of_the_english_standings_runs_into_the_next_column(documents, how, pdf_text, tmp_path):
    path = tmp_path / "standings.pdf"
    own = replace(documents["en"], blocks=(), annexes=documents["en"].annexes[:1], close=None)
    path.write_bytes(written(own, how, "pdf", Drawings()))
    words = re.findall(r'xMin="([\d.]+)".* xMax="([\d.]+)".*>(.*)</word>', pdf_text(path, "-bbox"))
    ends = [float(right) for _, right, word in words if word in ("organisations", "government", "vertically")]
    starts = [float(left) for left, _, word in words if word in ("Archives", "Staffing", "Publicity")]
    assert len(starts) == 3 and len(ends) > 10
    assert max(ends) + 4 < min(starts)


# --- letters ---------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def letters(make_facts, how):
    content = all_letters(
        make_facts(quarter="2026Q3", departments=("D09", "D31", "D01")), how, ("pdf",), lambda *_: None
    )
    return zipfile.ZipFile(io.BytesIO(content))


def test_a_letter_is_one_page_about_one_department_and_names_no_other(letters, make_facts, pdf_text, tmp_path):
    names = [name for name in letters.namelist() if name.endswith(".pdf")]
    assert len(names) == 3
    others = make_facts(quarter="2026Q3").full_names
    for name in names:
        path = tmp_path / "letter.pdf"
        path.write_bytes(letters.read(name))
        said = pdf_text(path)
        assert said.count("\f") == 1
        own = others[name.split("-")[1]]
        assert f"{own}：" in said
        assert not [other for other in others.values() if other != own and other in said and other not in own]


def test_the_properties_of_word_and_slides_are_the_offices_and_of_now(word, documents, how):
    slides = written(documents["zh"], how, "pptx", Drawings())
    for content, opened in ((word, open_document), (slides, Presentation)):
        core = opened(io.BytesIO(content)).core_properties
        assert core.author == core.last_modified_by == documents["zh"].close.office != ""
        age = datetime.datetime.now(datetime.UTC) - core.created.replace(tzinfo=datetime.UTC)
        assert age < datetime.timedelta(hours=1)
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            assert not [name for name in file.namelist() if "thumbnail" in name]
            said = file.read("docProps/core.xml").decode("utf-8")
        assert "Canny" not in said and "python-" not in said
