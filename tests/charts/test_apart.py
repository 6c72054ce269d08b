"""Those apart from the average: the side is told by shape and place, the interval by its line."""

import pandas as pd

from dashboard.charts.apart import ApartWords, apart
from tests.charts.checked import checked

apart = checked(apart)

WORDS = ApartWords("average", "points", "no data")
ROWS = pd.DataFrame(
    {
        "label": ["A", "B"],
        "band": ["above", "below"],
        "difference": [3.0, -2.0],
        "low": [1.0, -3.5],
        "high": [5.0, -0.5],
    }
)


def test_each_side_has_its_own_shape_so_that_a_grey_copy_reads():
    above, below = apart(ROWS, WORDS).data
    assert (above.marker.symbol, below.marker.symbol) == ("triangle-up", "triangle-down")
    assert (above.x, below.x) == ((3.0,), (-2.0,))
    assert (above.y, below.y) == ((0,), (1,))


def test_the_interval_reaches_to_its_ends():
    above, below = apart(ROWS, WORDS).data
    assert (above.error_x.arrayminus, above.error_x.array) == ((2.0,), (2.0,))
    assert (below.error_x.arrayminus, below.error_x.array) == ((1.5,), (1.5,))


def test_zero_is_on_the_axis_and_nobody_means_no_chart():
    low, high = apart(ROWS[:1], WORDS).layout.xaxis.range
    assert low < 0 < high
    assert apart(ROWS[:0], WORDS).layout.annotations[0].text == "no data"
