"""Folders of work that a page has done: for whoever knows the id, and is of its regions."""

import pytest

from dashboard.jobs import Homes


@pytest.mark.parametrize(
    ("of", "viewer", "is_open"),
    [
        ((), (), True),
        (("a",), (), True),
        (("a",), ("a",), True),
        (("a",), ("a", "b"), True),
        (("a", "b"), ("a",), False),
        ((), ("a",), False),
    ],
)
def test_what_is_of_other_regions_is_not_there(tmp_path, of, viewer, is_open):
    home = Homes(tmp_path, 5, of).new()
    assert Homes(tmp_path, 5, viewer).find(home.name) == (home if is_open else None)
