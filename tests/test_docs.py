"""The README is true: its commands run and print what it shows, and it names every command."""

import re
import shlex
from pathlib import Path

import pytest

from dashboard.__main__ import main
from tests.support import PROJECT, mingjing

README = (PROJECT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
RUNS = [
    (command.strip(), [line for line in shown.splitlines() if line.strip()])
    for block in BLOCKS
    for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
]
# Shown by the first-run test of the whole product, or in need of an office's own files.
ELSEWHERE = tuple(f"python -m dashboard {start}" for start in ("demo", "serve", "--data office", "restore"))


@pytest.mark.parametrize(("command", "shown"), RUNS, ids=[command for command, _ in RUNS])
def test_a_command_of_the_readme_prints_what_the_readme_shows(command: str, shown: list[str], demo_folder: Path):
    if command.startswith(ELSEWHERE):
        pytest.skip("runs for long, or on an office's own files")
    done = mingjing("--data", demo_folder, *shlex.split(command)[3:])
    assert done.returncode == 0, done.stderr
    printed = iter([*done.stderr.splitlines(), *done.stdout.splitlines()])
    for line in shown:
        assert line == "…" or any(_same(line, found) for found in printed), f"{line!r} is not printed"


def _same(shown: str, printed: str) -> bool:
    """Alike but for what differs from run to run: times and ids."""
    moments = re.compile(r"\d{4}-\d\d-\d\dT\S+|\d{6}-\d{8}T\d{6}Z-\w+")
    return moments.sub("·", shown).split() == moments.sub("·", printed).split()


def test_the_readme_names_every_command():
    assert [name for name in main.commands if f" {name}" not in README] == []


def test_every_file_that_the_readme_links_is_there():
    links = re.findall(r"\]\((?!http)([^)]+)\)", README)
    assert [link for link in links if not (PROJECT / link).exists()] == []
