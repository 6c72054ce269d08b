"""The icons differ by shape alone: a black-and-white copy still reads."""

from xml.etree import ElementTree

import pytest

from dashboard.charts.icons import assurance_icon, mask, shapes, tone, variation_icon, variation_picture

VARIATIONS = [variation_icon("common"), variation_icon("high"), variation_icon("low"), variation_icon("")]
ASSURANCES = [assurance_icon(code) for code in ("pass", "hit_or_miss", "fail")]


@pytest.mark.parametrize("svg", VARIATIONS + ASSURANCES)
def test_an_icon_is_a_picture(svg):
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert mask(svg).startswith('url("data:image/svg+xml,')
    assert "<" not in mask(svg)


def test_each_meaning_has_a_shape_of_its_own():
    assert len(set(VARIATIONS + ASSURANCES)) == len(VARIATIONS + ASSURANCES)


def test_an_improvement_may_be_a_rise_or_a_fall():
    assert variation_icon("improvement", is_above=True) == variation_icon("high")
    assert variation_icon("improvement", is_above=False) == variation_icon("low")
    assert variation_icon("concern", is_above=False) == variation_icon("low")


def test_only_a_judged_change_has_a_judging_colour():
    assert [tone(code) for code in ("improvement", "concern", "high", "low", "common", "")] == [
        "better",
        "worse",
        "brand",
        "brand",
        "quiet",
        "quiet",
    ]


def test_an_unknown_code_is_an_error():
    with pytest.raises(ValueError):
        variation_icon("sideways")


def test_the_same_picture_stands_in_a_drawing_upright_and_whole():
    drawn = shapes(variation_picture("high"), 0.5, 1.0, 10, "var(--ink)", 28)
    [ring, line, dot] = drawn
    assert (ring["x0"], ring["x1"]) == (11.4, 36.6)
    points = [tuple(map(float, pair.split(","))) for pair in line["path"][1:].split("L")]
    assert points[0][1] < points[-1][1], "a rise goes up, whichever way a format counts its lines"
    assert dot["y0"] > 14
