"""What the controls hold."""

from dashboard.components.controls import chosen, control_id, refused
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


FIELDS = [control_id("trial.watch", "15"), control_id("trial.alert", "5")]


def test_one_moved_threshold_brings_all_of_the_rule_and_back_leaves_none():
    moved = Filters(rule="one_pen").changed(chosen(FIELDS, [20, 5]))
    assert moved.trial == (("watch", 20.0), ("alert", 5.0))
    assert moved.to_search() == "?rule=one_pen&trial=watch:20,alert:5"
    assert moved.changed(chosen(FIELDS, [15, "5"])).trial == ()


def test_a_field_without_a_number_keeps_what_was_tried_before_and_is_named():
    tried = Filters(rule="one_pen", trial=(("watch", 20.0), ("alert", 5.0)))
    assert tried.changed(chosen(FIELDS, [None, 5])) == tried
    assert refused(FIELDS, [None, 5]) == ["watch"]
    assert refused(FIELDS + IDS, [20, 5, "2026Q3", "*", ""]) == []


def test_another_rule_drops_the_thresholds_that_were_tried():
    tried = Filters(rule="one_pen", trial=(("watch", 20.0),))
    assert tried.changed({"rule": "tasks_overdue"}) == Filters(rule="tasks_overdue")
