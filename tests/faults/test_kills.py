"""An import that is killed or fails at any moment leaves the old figures or the new; the next one cleans up."""

import os
import random
import re
import signal
import time

import pytest

from tests.faults.office import PROJECT

POINTS = (
    *("before_raw", "between_raw", "after_raw", "in_region", "between_regions", "after_build", "before_flush"),
    *("before_rename", "after_rename", "before_pointer", "after_pointer", "after_log"),
)
PUBLISHED = ("after_pointer", "after_log")  # the pointer is what readers follow: from here on the new is shown
KILLS = int(os.environ.get("MINGJING_KILLS", "10"))


def test_every_fail_point_of_the_code_is_tried():
    code = "".join(path.read_text("utf-8") for path in (PROJECT / "dashboard").rglob("*.py"))
    assert set(re.findall(r'failpoint\("(\w+)"\)', code)) == set(POINTS)


@pytest.mark.parametrize("action", ["kill", "raise"])
@pytest.mark.parametrize("point", POINTS)
def test_a_failing_import_leaves_the_old_or_the_new(office, point, action):
    office.put(2)
    new = point in PUBLISHED
    expected = "killed" if action == "kill" else "published_unsure" if new else "write_failed"
    assert office.load(f"{point}:{action}") == expected
    assert office.shown() == ((2, 2) if new else (1, 1))
    if action == "raise":
        assert office.leftovers() == []  # who fails can still clean up
    office.put(3)
    assert office.load() == "published"
    assert office.shown() == ((3, 3) if new else (2, 3))
    assert office.leftovers() == []
    events = office.snapshots.events()
    assert [(event["event"], event["who"]) for event in events] == [("published", "clerk")] * (3 if new else 2)


def test_a_first_import_that_is_killed_leaves_nothing_to_show(new_office):
    new_office.put(1)
    assert new_office.load("before_pointer:kill") == "killed"
    assert new_office.shown() == (None, None)
    assert new_office.load() == "published"
    assert new_office.shown() == (1, 1)
    assert new_office.leftovers() == []


def test_a_restore_that_is_killed_shows_one_of_the_two(office):
    office.put(2)
    assert office.load() == "published"
    for point, expected in (("before_pointer", (2, 2)), ("after_pointer", (1, 1))):
        office.restore(1, f"{point}:kill")
        assert office.shown() == expected
    office.put(3)
    assert office.load() == "published"
    assert office.shown() == (3, 3)
    events = [event["event"] for event in office.snapshots.events()]
    assert events == ["published", "published", "restored", "published"]
    assert office.leftovers() == []


def test_imports_killed_at_random_moments_never_tear(office):
    """MINGJING_KILLS says how often. Where in an import a kill falls is up to the machine: no kill needs to hit."""
    rng = random.Random(2026)
    number, figure = 2, 2
    office.put(figure)
    began = time.monotonic()
    assert office.load() == "published"
    whole = time.monotonic() - began
    killed = published = 0
    for _ in range(KILLS):
        office.put(figure + 1)
        process, _ = office.start()
        time.sleep(rng.uniform(0.1, 1.05) * whole)
        process.kill()
        process.join()
        killed += process.exitcode == -signal.SIGKILL
        after = office.shown()
        assert after in ((number, figure), (number + 1, figure + 1))
        published += after[0] > number
        number, figure = after
    office.put(figure + 1)
    assert office.load() == "published"
    assert office.shown() == (number + 1, figure + 1)
    assert office.leftovers() == []
    print(f"{KILLS} imports: {killed} killed, {published} published before that, none torn, none lost")
