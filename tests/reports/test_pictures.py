"""A chart's card as a file: what it says is inside, nothing is fetched from elsewhere, every character has a glyph."""

import base64
import io
import struct
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont

from dashboard.charts.figure import Figure, bar
from dashboard.reports import fonts
from dashboard.reports.pictures import (
    ACROSS,
    SCALES,
    SVG,
    WIDTH,
    PictureError,
    Renderer,
    Words,
    checked,
    composed,
    pdf,
    png,
    svg_file,
    texts,
)

DRAWING = f'<svg xmlns="{SVG}" width="{ACROSS}" height="200"><text x="9" y="20">㙟镇</text></svg>'
WORDS = Words(
    "三个部门的投诉率高于同类组上限，其余部门的差别可由偶然解释" * 2, "投诉率", ("来源：甲", "n = 60"), "演示数据"
)


def size(picture: bytes) -> tuple[int, int]:
    """Of a PNG, as its header says."""
    return struct.unpack(">II", picture[16:24])


def test_a_card_says_its_title_in_lines_its_topic_its_source_and_that_it_is_a_demonstration():
    root = ElementTree.fromstring(composed(WORDS, DRAWING))
    said = [text for text, _ in texts(root)]
    assert "".join(said).count(WORDS.title) == 1 and WORDS.title not in said
    assert [text for text, bold in texts(root) if not bold] == ["演示数据", "投诉率", "㙟镇", "来源：甲", "n = 60"]


@pytest.mark.parametrize("scale", SCALES)
def test_a_picture_has_its_size_times_the_scale_asked_for(scale):
    card = composed(WORDS, DRAWING)
    height = int(ElementTree.fromstring(card).get("height"))
    assert size(png(card, scale)) == (WIDTH * scale, height * scale)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn():
    card = composed(WORDS, DRAWING.replace('height="200"', 'height="9000"'))
    assert size(png(card))[1] > 9000
    with pytest.raises(PictureError, match="large"):
        png(card, 4)


def test_a_drawing_of_another_size_than_its_chart_asks_for_is_refused():
    assert composed(WORDS, DRAWING, height=180)
    for other in (DRAWING.replace(f'"{ACROSS}"', '"4000"'), DRAWING.replace('"200"', '"4000"')):
        assert composed(WORDS, other)
        with pytest.raises(PictureError, match="size"):
            composed(WORDS, other, height=180)


def test_a_pdf_carries_our_fonts_and_its_text():
    made = pdf(composed(WORDS, DRAWING))
    assert made.startswith(b"%PDF") and b"NotoSansSC" in made


def test_an_svg_carries_a_glyph_for_each_of_its_characters_rare_ones_and_bold_ones_too():
    rare = Words("㙟镇三个部门")  # the page's bold knows no such character
    found = {}
    for rule in svg_file(composed(rare, DRAWING)).decode().split("@font-face")[1:]:
        weight = int(rule.split("font-weight:")[1].split(";")[0])
        packed = base64.b64decode(rule.split("base64,")[1].split('"')[0].split("&")[0])
        found[weight] = set(TTFont(io.BytesIO(packed)).getBestCmap())
    assert {ord(character) for character in "㙟镇"} <= found[400]
    assert {ord(character) for character in "镇三个部门"} <= found[700]
    assert ord("㙟") not in fonts.glyphs(bold=True)


@pytest.mark.parametrize(
    "inside",
    [
        '<image href="http://elsewhere.example/a.png"/>',
        '<image href="file:///etc/passwd"/>',
        '<image href="../settings.toml"/>',
        '<image xmlns:x="http://www.w3.org/1999/xlink" x:href="//elsewhere.example/a.png"/>',
        '<rect style="fill:url(http://elsewhere.example/a.svg#b)"/>',
        "<style>@import 'http://elsewhere.example/a.css';</style>",
        "<script>1</script>",
        '<rect onclick="1"/>',
        "<foreignObject/>",
    ],
)
def test_a_drawing_that_would_fetch_something_or_run_something_is_refused(inside):
    with pytest.raises(PictureError, match="drawing"):
        checked(f'<svg xmlns="{SVG}" width="10" height="10">{inside}</svg>')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<p/>",
        f'<svg xmlns="{SVG}"/>',
        f'<svg xmlns="{SVG}" width="10" height="1e9"/>',
        f'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="{SVG}" width="10" height="10">&a;</svg>',
    ],
)
def test_what_is_no_drawing_is_refused(text):
    with pytest.raises(PictureError, match="drawing"):
        checked(text)


def test_own_parts_and_pictures_inside_a_drawing_are_let_through():
    inside = '<g clip-path="url(#a)"/><use href="#b"/><image href="data:image/png;base64,AA"/>'
    assert checked(f'<svg xmlns="{SVG}" width="10" height="10">{inside}</svg>') is not None


def test_one_browser_draws_figures_with_our_colours():
    with Renderer() as draw:
        drawn = draw(Figure([bar(x=["市住建局"], y=[1], marker={"color": "var(--brand)"})]), height=120)
    assert "市住建局" in drawn and "rgb(14, 74, 87)" in drawn
    assert (checked(drawn).get("width"), checked(drawn).get("height")) == (str(ACROSS), "120")


def test_without_a_browser_it_says_so(monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chrome")
    with pytest.raises(PictureError, match="browser"), Renderer():
        pass
