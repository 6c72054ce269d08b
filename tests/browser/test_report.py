"""The page of the bulletin in a browser: from the button to the file."""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from dashboard.reports import jobs


def test_the_button_tells_how_far_it_is_and_then_offers_the_files(watched, monkeypatch):
    at_work = []

    def started(command: list[str], lock: int, _nothing: int, said: Any, _words: dict[str, str]) -> None:
        """As if the command line were at work: it holds the lock and says how far it is."""
        said.write("40% 图 3\n".encode())
        at_work.append((command, os.dup(lock)))

    monkeypatch.setattr(jobs, "start", started)
    page = watched.open("/report?quarter=2026Q2")
    page.locator("button[value=bulletin]").click()
    expect(page.locator("#report-work").get_by_role("status")).to_contain_text("40%")
    expect(page.locator("button[value=bulletin]")).to_have_count(0)
    [(command, lock)] = at_work
    given = dict(zip(command, command[1:]))
    assert given["--quarter"] == "2026Q2"
    making = Path(given["--out"])
    making.mkdir()
    (making / "督查通报.docx").write_bytes(b"PK")
    os.close(lock)
    file = page.locator(".report-file")
    expect(file).to_have_text("督查通报.docx")
    with page.expect_download() as found:
        file.click()
    assert found.value.suggested_filename == "督查通报.docx"
    assert found.value.path().read_bytes() == b"PK"
