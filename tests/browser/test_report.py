"""The page of the bulletin in a browser: from the button to the file."""

import fcntl

from playwright.sync_api import expect

from dashboard.reports.jobs import Jobs


def test_the_button_tells_how_far_it_is_and_then_offers_the_files(watched, monkeypatch):
    at_work = []

    def start(jobs: Jobs, arguments: list[str], _lang: str) -> str:
        """As if the command line had been started: a lock, what it says, and a folder for what it writes."""
        home = jobs._root / ("b" * 32)
        (home / "making").mkdir(parents=True)
        (home / "said.txt").write_text("40% 图 3\n", "utf-8")
        lock = (home / "lock").open("w")
        fcntl.flock(lock, fcntl.LOCK_EX)
        at_work.append((home, lock, arguments))
        return home.name

    monkeypatch.setattr(Jobs, "start", start)
    page = watched.open("/report?quarter=2026Q2")
    page.locator("button[value=bulletin]").click()
    expect(page.locator("#report-work").get_by_role("status")).to_contain_text("40%")
    expect(page.locator("button[value=bulletin]")).to_have_count(0)
    [(home, lock, arguments)] = at_work
    assert arguments[arguments.index("--quarter") + 1] == "2026Q2"
    (home / "making" / "督查通报.docx").write_bytes(b"PK")
    lock.close()
    file = page.locator(".report-file")
    expect(file).to_have_text("督查通报.docx")
    with page.expect_download() as found:
        file.click()
    assert found.value.suggested_filename == "督查通报.docx"
    assert found.value.path().read_bytes() == b"PK"
