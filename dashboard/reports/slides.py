"""A document as slides: one message each, the finding as its title, charts that PowerPoint itself can edit."""

import io
import math
from collections.abc import Sequence

from lxml import etree
from pptx import Presentation
from pptx.chart.chart import Chart as NativeChart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide as DeckSlide
from pptx.text.text import TextFrame
from pptx.util import Emu, Pt

from dashboard.charts import theme
from dashboard.charts.axis import axis_for
from dashboard.i18n.text import Text, translator
from dashboard.reports import layout
from dashboard.reports.model import Chart, Document, Native, Number, Series, Slide, Table
from dashboard.spreadsheet import safe_cell

WIDE, HIGH = Emu(12192000), Emu(6858000)  # 13.33 × 7.5 inches
MARGIN = Emu(560000)
TITLE_SIZE, BODY_SIZE, TABLE_SIZE, FOOT_SIZE = Pt(28), Pt(20), Pt(14), Pt(12)
FACE = "Microsoft YaHei"  # on every machine that shows slides; its stand-ins have the same shapes
LARGER_TABLE_SIZE = Pt(18)
MOST_ROWS, FEW_ROWS = 12, 8  # of a table that is read from the back of the room
TITLE_ONLY = 5  # of the layouts in the template
MANY = 14  # bars from which on their names are small


def to_slides(document: Document) -> bytes:
    return _Slides(document).written()


class _Slides:
    def __init__(self, document: Document):
        self.document = document
        self.t: Text = translator(document.origin.lang)
        self.deck: Deck = Presentation()
        self.deck.slide_width, self.deck.slide_height = WIDE, HIGH
        palette = theme.palette("light")
        self.colours = {
            name: RGBColor.from_string(palette[token].lstrip("#").upper())
            for name, token in {
                "ink": "--ink",
                "quiet": "--ink3",
                "plain": "--n5",
                "line": "--line",
                "band": "--s2",
                "better": "--better",
                "worse": "--worse",
            }.items()
        }

    def written(self) -> bytes:
        document = self.document
        self._cover()
        for slide in document.slides:
            self._slide(slide)
        layout.sign(self.deck.core_properties, document)
        package = self.deck.part.package
        for one in list(package.iter_rels()):
            if one.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
                package.drop_rel(one.rId)  # a picture of the template
        out = io.BytesIO()
        self.deck.save(out)
        return out.getvalue()

    def _new(self, title: str) -> DeckSlide:
        """A slide with a real title, so that outline and screen readers have it."""
        slide = self.deck.slides.add_slide(self.deck.slide_layouts[TITLE_ONLY])
        place = slide.shapes.title
        place.left, place.top, place.width, place.height = MARGIN, Emu(340000), WIDE - 2 * MARGIN, Emu(1000000)
        self._put(place.text_frame, [title], TITLE_SIZE, bold=True)
        place.text_frame.vertical_anchor = MSO_ANCHOR.TOP
        return slide

    def _cover(self) -> None:
        document = self.document
        slide = self._new(self.t("bulletin.sep").join(document.title))
        slide.shapes.title.top = Emu(2200000)
        said = [document.close.office if document.close else "", document.head.draft if document.head else ""]
        self._box(slide, Emu(3500000), Emu(1200000), [line for line in said if line], BODY_SIZE)
        self._notes(slide, "\n".join(f"{item}：{content}" for item, content in document.facts))

    def _slide(self, given: Slide) -> None:
        slide = self._new(given.title)
        top, high = Emu(1450000), HIGH - Emu(1450000) - Emu(620000)
        if given.body:
            self._box(slide, top, high, given.body, BODY_SIZE)
        if isinstance(given.show, Chart):
            self._chart(slide, given.show, top, high)
        elif isinstance(given.show, Table):
            self._table(slide, given.show, top)
        left = len(given.show.rows) - MOST_ROWS if isinstance(given.show, Table) else 0
        more = self.t("bulletin.slide.more", n=left) if left > 0 else ""
        self._box(slide, HIGH - Emu(480000), Emu(320000), [f"{more}{given.source}"], FOOT_SIZE, "quiet")
        chart = given.show.about if isinstance(given.show, Chart) else ""
        self._notes(slide, "\n".join(line for line in (given.notes, chart, given.source) if line))

    def _notes(self, slide: DeckSlide, words: str) -> None:
        self._put(slide.notes_slide.notes_text_frame, words.split("\n"), FOOT_SIZE)

    def _box(self, slide: DeckSlide, top: int, high: int, lines: Sequence[str], size: Pt, colour: str = "ink") -> None:
        box = slide.shapes.add_textbox(MARGIN, top, WIDE - 2 * MARGIN, high)
        self._put(box.text_frame, lines, size, colour)

    def _put(
        self,
        frame: TextFrame,
        lines: Sequence[str],
        size: Pt,
        colour: str = "ink",
        bold: bool = False,
        side: PP_ALIGN = PP_ALIGN.LEFT,
    ) -> None:
        frame.word_wrap = True
        for at, words in enumerate(lines):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            paragraph.alignment = side
            run = paragraph.add_run()
            run.text = words
            run.font.size, run.font.bold = size, bold
            run.font.color.rgb = self.colours[colour]
            self._face(run._r.get_or_add_rPr())
            if at:
                paragraph.space_before = Pt(10)

    def _face(self, properties: etree._Element) -> None:
        """Latin and east-asian: python-pptx sets the first only, and Chinese would fall to whatever there is."""
        properties.set("lang", "zh-CN" if self.document.origin.lang == "zh" else "en-US")
        for name in ("latin", "ea"):
            for old in properties.findall(qn(f"a:{name}")):
                properties.remove(old)
            properties.append(parse_xml(f'<a:{name} {nsdecls("a")} typeface="{FACE}"/>'))

    # --- charts and tables ---------------------------------------------------------------------------------------
    def _chart(self, slide: DeckSlide, chart: Chart, top: int, high: int) -> None:
        native = chart.native
        data = CategoryChartData(number_format=native.format)
        # PowerPoint keeps them as a workbook, in which a name must be no formula
        data.categories = [safe_cell(name) for name in native.categories]
        for series in native.series:
            data.add_series(safe_cell(series.name), series.values)
        kind = XL_CHART_TYPE.BAR_CLUSTERED if native.kind == "bar" else XL_CHART_TYPE.LINE_MARKERS
        frame = slide.shapes.add_chart(kind, MARGIN, top, WIDE - 2 * MARGIN, high, data)
        frame.name = chart.title
        frame._element.nvGraphicFramePr.cNvPr.set("descr", f"{chart.title}。{chart.about}")
        made: NativeChart = frame.chart
        made.font.size, made.font.color.rgb = Pt(12), self.colours["ink"]
        self._face(made.font._rPr)
        made.has_title = False
        made.has_legend = len(native.series) > 1
        if made.has_legend:
            made.legend.position, made.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        made.value_axis.major_gridlines.format.line.color.rgb = self.colours["line"]
        made.value_axis.tick_labels.number_format = native.format
        made.value_axis.tick_labels.number_format_is_linked = False
        made.category_axis.format.line.color.rgb = self.colours["line"]
        if native.kind == "bar":
            self._bars(made, native)
        else:
            self._lines(made)

    def _bars(self, made: NativeChart, native: Native) -> None:
        plot, series = made.plots[0], native.series[0]
        plot.gap_width = 45
        small = len(native.categories) > MANY
        made.font.size = Pt(10) if small else Pt(12)
        for tag in ("c:tickLblSkip", "c:noMultiLvlLbl"):  # every name stands on the axis
            for old in made.category_axis._element.findall(qn(tag)):
                made.category_axis._element.remove(old)
        made.category_axis._element.append(parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="1"/>'))
        made.category_axis._element.append(parse_xml(f'<c:noMultiLvlLbl {nsdecls("c")} val="0"/>'))
        made.category_axis.reverse_order = True
        made.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        made.value_axis.visible = bool(series.minus)
        drawn = plot.series[0]
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = self.colours["plain"]
        drawn.invert_if_negative = False
        for at, tone in enumerate(native.tones):
            point = drawn.points[at].format.fill
            point.solid()
            point.fore_color.rgb = self.colours[tone]
        if series.minus:
            self._intervals(drawn._element, series)
            axis = axis_for(
                [v - m for v, m in zip(series.values, series.minus)]
                + [v + p for v, p in zip(series.values, series.plus)]
            )
            made.value_axis.minimum_scale, made.value_axis.maximum_scale = math.floor(axis.low), math.ceil(axis.high)
            return
        plot.has_data_labels = True
        labels = plot.data_labels
        labels.number_format, labels.number_format_is_linked = native.format, False
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
        made.value_axis.has_major_gridlines = False

    def _intervals(self, series: etree._Element, given: Series) -> None:
        """Error bars of the chart itself: they move with its data."""

        def ends(name: str, values: Sequence[float]) -> str:
            points = "".join(f'<c:pt idx="{at}"><c:v>{value:g}</c:v></c:pt>' for at, value in enumerate(values))
            return f'<c:{name}><c:numLit><c:ptCount val="{len(values)}"/>{points}</c:numLit></c:{name}>'

        ink = self.colours["ink"]
        bars = parse_xml(
            f'<c:errBars {nsdecls("c", "a")}><c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
            f"{ends('plus', given.plus)}{ends('minus', given.minus)}"
            f'<c:spPr><a:ln w="15875"><a:solidFill><a:srgbClr val="{ink}"/></a:solidFill></a:ln></c:spPr></c:errBars>'
        )
        series.find(qn("c:cat")).addprevious(bars)

    def _lines(self, made: NativeChart) -> None:
        main, *limits = made.plots[0].series
        main.format.line.color.rgb, main.format.line.width = self.colours["ink"], Pt(2)
        main.marker.style, main.marker.size = XL_MARKER_STYLE.CIRCLE, 7
        main.marker.format.fill.solid()
        main.marker.format.fill.fore_color.rgb = self.colours["ink"]
        main.smooth = False
        for limit in limits:
            limit.format.line.color.rgb, limit.format.line.width = self.colours["quiet"], Pt(1)
            limit.marker.style, limit.smooth = XL_MARKER_STYLE.NONE, False

    def _table(self, slide: DeckSlide, table: Table, top: int) -> None:
        rows = table.rows[:MOST_ROWS]
        size = TABLE_SIZE if len(rows) > FEW_ROWS else LARGER_TABLE_SIZE
        width = WIDE - 2 * MARGIN
        frame = slide.shapes.add_table(len(rows) + 1, len(table.columns), MARGIN, top, width, Emu(340000))
        frame.name = table.title
        made, widths = frame.table, layout.widths(table, size.pt, Emu(width).pt)
        for at, column in enumerate(table.columns):
            made.columns[at].width = int(Pt(widths[at]))
            side = PP_ALIGN.RIGHT if column.is_number else PP_ALIGN.LEFT
            self._cell(made.cell(0, at), column.words, side, size, bold=True)
            for r, row in enumerate(rows, start=1):
                cell = row[at]
                self._cell(made.cell(r, at), cell.written if isinstance(cell, Number) else cell, side, size)

    def _cell(self, cell: object, words: str, side: PP_ALIGN, size: Pt, bold: bool = False) -> None:
        self._put(cell.text_frame, [words], size, "ink", bold, side)
        cell.fill.solid()
        cell.fill.fore_color.rgb = self.colours["band"] if bold else RGBColor(0xFF, 0xFF, 0xFF)
        cell.margin_top = cell.margin_bottom = Emu(30000)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
