"""A share stands on an axis from 0 to 100 with its interval and the lines of its rule."""

from dashboard.components.share_axis import Mark, share_axis


def parts(cell) -> dict:
    return {part.className: part.style for part in cell.children[1].children}


def test_dot_interval_and_lines_stand_at_their_numbers():
    drawn = parts(share_axis("12/31", "", 38.7, (23.7, 56.2), [Mark(95, "watch"), Mark(80, "alert")]))
    assert drawn["dot"] == {"left": "38.7%"}
    assert drawn["interval"] == {"left": "23.7%", "width": "32.5%"}
    assert drawn["line-watch"] == {"left": "95.0%"}
    assert drawn["line-alert"] == {"left": "80.0%"}


def test_what_is_not_known_is_not_drawn():
    nan = float("nan")
    assert parts(share_axis("", "", nan, (nan, nan))) == {}


def test_the_counts_stand_beside_a_percentage():
    words = share_axis("97.2%", "455/468", 97.2, (95, 98), about="集体决策：455/468").children[0].children
    assert [word.children for word in words] == ["97.2%", "455/468"]
