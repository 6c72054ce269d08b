"""Documents as files: which formats there are, the pictures that they share, and how far the work is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from dashboard.reports.model import Chart, Document
from dashboard.reports.pdf import to_pdf
from dashboard.reports.pictures import PictureError, Renderer, in_latin, png
from dashboard.reports.sheets import to_workbook
from dashboard.reports.slides import to_slides
from dashboard.reports.word import to_word
from dashboard.settings import Bulletin

FORMATS = ("docx", "pdf", "pptx", "xlsx")
ACROSS = 510  # pixels of a drawing, so that 12 of them are 10.5 points on 156 mm of paper
SHARPNESS = 4  # pixels of a picture in Word for one of the drawing: 330 an inch
Tell = Callable[[str, float], None]  # what is being done, and the share of the work before it


@dataclass(frozen=True)
class Drawings:
    """By the key of a chart: its SVG, and its PNG for those who read none. Both are empty where nothing can draw."""

    svg: Mapping[str, str] = field(default_factory=dict)
    png: Mapping[str, bytes] = field(default_factory=dict)


def drawn(document: Document, formats: Iterable[str], tell: Tell) -> tuple[Drawings, bool]:
    """The document's charts as pictures, and whether there was a browser to draw them."""
    charts = [block for block in document.every_block if isinstance(block, Chart)]
    if not charts or not {"docx", "pdf"} & set(formats):
        return Drawings(), True
    svg, pictures = {}, {}
    try:
        with Renderer() as draw:
            for at, chart in enumerate(charts):
                tell(chart.number, 0.5 * at / len(charts))
                made = draw(chart.figure, width=ACROSS)
                svg[chart.key] = in_latin(made) if document.origin.lang == "en" else made
                if "docx" in formats:
                    pictures[chart.key] = png(svg[chart.key], SHARPNESS)
    except PictureError:
        return Drawings(), False
    return Drawings(svg, pictures), True


def written(document: Document, how: Bulletin, form: str, drawings: Drawings) -> bytes:
    """The document as a file of one of FORMATS."""
    match form:
        case "docx":
            return to_word(document, how, drawings.png)
        case "pdf":
            return to_pdf(document, how, drawings.svg)
        case "pptx":
            return to_slides(document)
        case "xlsx":
            return to_workbook(document)
    raise ValueError(form)


def all_written(document: Document, how: Bulletin, formats: Iterable[str], tell: Tell) -> tuple[dict[str, bytes], bool]:
    """Format → file; and whether charts could be drawn: without a browser they stand as their tables."""
    formats = tuple(formats)
    drawings, is_drawn = drawn(document, formats, tell)
    files = {}
    for at, form in enumerate(formats):
        tell(form, 0.5 + 0.5 * at / len(formats))
        files[form] = written(document, how, form, drawings)
    return files, is_drawn
