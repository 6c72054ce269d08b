"""Texts on a drawing never lie on each other and never leave it, whatever the crowd and the size of the screen."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.charts.labels import Field, Spot, beside, distance, overlaps, spot_boxes

AREAS = ((600, 400), (740, 540), (1100, 800))
SHARES = st.floats(0.0, 1.0)


def arranged(points: list[tuple[float, float]], width: float = 90, height: float = 34) -> list[Spot]:
    candidates = [beside(x, y, width, height, 9) for x, y in points]
    return Field(AREAS, [(x, y, 8.0) for x, y in points]).arrange(candidates)


def table(spots: list[Spot]) -> np.ndarray:
    return np.array(spots)


def lie_apart(spots: list[Spot]) -> bool:
    boxes = spot_boxes(table(spots), np.array(AREAS))
    over = overlaps(boxes, boxes, 0).any(axis=0)
    return not any(over[i, j] for i, j in itertools.combinations(range(len(spots)), 2))


def stay_inside(spots: list[Spot]) -> bool:
    for (width, height), sides in zip(AREAS, spot_boxes(table(spots), np.array(AREAS)).swapaxes(0, 1)):
        left, top, right, bottom = sides
        if left.min() < 0 or top.min() < 0 or right.max() > width or bottom.max() > height + 2:
            return False
    return True


CROWD = [(0.40 + 0.02 * (i % 4), 0.40 + 0.03 * (i // 4)) for i in range(12)]


def test_twelve_names_in_a_crowd_lie_apart_and_inside():
    spots = arranged(CROWD)
    assert lie_apart(spots)
    assert stay_inside(spots)


@pytest.mark.parametrize("corner", list(itertools.product((0.0, 1.0), repeat=2)))
def test_a_name_in_a_corner_is_not_cut_off(corner):
    assert stay_inside(arranged([corner]))


@settings(max_examples=25)
@given(st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=8))
def test_names_of_any_points_lie_apart_and_inside(points):
    spots = arranged(points)
    assert lie_apart(spots)
    assert stay_inside(spots)


def test_the_same_points_give_the_same_places():
    assert arranged(CROWD) == arranged(CROWD)


def test_a_lone_name_stands_right_beside_its_mark():
    [spot] = arranged([(0.5, 0.5)])
    assert spot.left == 9
    assert distance(spot) == 9


def test_a_text_keeps_clear_of_a_line_s_name():
    field = Field(AREAS, [])
    line = field.place([Spot(0.5, 0.5, 9, -17, 90, 34)])
    [name] = field.arrange([beside(0.5, 0.5, 90, 34, 9)])
    assert lie_apart([line, name])
