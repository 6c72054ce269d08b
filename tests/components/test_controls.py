"""What the controls hold, and what they must show."""

from dashboard.components.controls import chosen, control_id, shown
from dashboard.filters import Filters

IDS = [control_id("quarter", "2026Q3"), control_id("category", "*"), control_id("q")]
SLIDERS = [control_id("weights.service", "60"), control_id("weights.conduct", "40")]


def test_a_control_at_its_default_leaves_nothing_in_the_address():
    assert Filters().changed(chosen(IDS + SLIDERS, ["2026Q3", "*", "", 60, 40])) == Filters()


def test_one_moved_slider_brings_all_weights():
    assert Filters().changed(chosen(SLIDERS, [70, "40"])).weights == (("service", 70), ("conduct", 40))


def test_a_slider_moved_back_leaves_the_office_s_weights():
    moved = Filters(weights=(("service", 70), ("conduct", 40)))
    assert moved.changed(chosen(SLIDERS, [60, 40])).weights == ()


def test_back_shows_what_the_address_says():
    filters = Filters(category="township", weights=(("service", 1), ("conduct", 2)))
    assert shown(IDS + SLIDERS, filters) == ["2026Q3", "township", "", 1, 2]
    assert shown(IDS + SLIDERS, Filters()) == ["2026Q3", "*", "", 60, 40]
