"""What is installed is what was looked at: every package pinned with its hashes, and its licence known."""

import csv
import re
from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dashboard.deploy.licences import COLUMNS, LOCK, locked
from tests.support import PROJECT

LOCKED = LOCK.read_text(encoding="utf-8")


def asked(name: str) -> list[Requirement]:
    lines = (PROJECT / name).read_text(encoding="utf-8").splitlines()
    return [Requirement(line.partition("#")[0]) for line in lines if re.match(r"\w", line)]


def test_the_lock_has_what_is_asked_for_and_all_that_this_needs_in_turn():
    versions = {canonicalize_name(name): version for name, version in locked().items()}
    to_do, seen = [(one, frozenset(one.extras)) for one in asked("requirements.txt")], set()
    for one, _ in to_do:
        assert one.specifier.contains(versions[canonicalize_name(one.name)]), f"make lock: {one}"
    while to_do:
        one, extras = to_do.pop()
        if (one.name, extras) in seen:
            continue
        seen.add((one.name, extras))
        assert canonicalize_name(one.name) in versions, f"make lock: {one.name}"
        for line in requires(one.name) or []:
            more = Requirement(line)
            if not more.marker or any(more.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
                to_do.append((more, frozenset(more.extras)))
    assert {canonicalize_name(name) for name, _ in seen} == set(versions), "make lock: some are not needed"


@pytest.mark.parametrize(
    "path",
    [*sorted(PROJECT.glob("requirements*.txt")), PROJECT / "tests" / "benchmarks" / "peers" / "requirements.txt"],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_every_requirement_is_pinned_and_says_why_it_is_there(path):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if re.match(r"\w", line)]
    assert [line for line in lines if not re.fullmatch(r"[\w-]+(\[\w+\])?==[\w.]+ +# \S.*", line)] == []


def test_every_package_of_the_lock_has_its_hashes_and_comes_from_no_place_of_its_own():
    blocks = re.split(r"\n(?=\w)", LOCKED)
    assert [block.split()[0] for block in blocks if not re.search(r"--hash=sha256:[0-9a-f]{64}", block)] == []
    assert not re.search(r"https?:|--index-url|--find-links| @ ", LOCKED)


def test_the_licences_are_those_of_the_lock_and_all_are_known():
    with (PROJECT / "dashboard" / "deploy" / "LICENCES.csv").open(encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert (tuple(header), {name: version for name, version, _ in rows}) == (COLUMNS, locked()), "make licences"
    assert [name for name, _, licence in rows if "?" in licence or "GPL" in licence] == []
