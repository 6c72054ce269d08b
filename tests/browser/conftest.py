"""A page that reports what it asks for and what goes wrong on it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

expect.set_options(timeout=30_000)  # as Playwright waits for all else: a busy machine is no fault of the page


@dataclass
class Watched:
    """A browser page with its requests, its console and its broken content rules."""

    page: Page
    url: str
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.url + path)
        expect(self.page.locator("h1")).to_be_visible()
        return self.page

    def address(self) -> str:
        return self.page.evaluate("location.pathname + decodeURIComponent(location.search)")

    def until(self, condition: Callable[[], bool], seconds: float = 30) -> None:
        """Playwright's own waiting evaluates text in the page, which our content rules forbid."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"waited {seconds} s at {self.address()}"
            self.page.wait_for_timeout(20)  # unlike a sleep, lets Playwright hear of what happens

    def barriers(self) -> dict[str, list[str]]:
        """What keeps somebody from using the page as it stands: rule → the first elements that break it."""
        looked_at = {"include": [["html"]], "exclude": [[many] for many in LIKE_THOSE_ABOVE]}
        found = Axe().run(self.page, context=looked_at, options={"resultTypes": ["violations"]}).response["violations"]
        found = [one for one in found if one["impact"] in ("serious", "critical")]
        return {one["id"]: [node["html"][:120] for node in one["nodes"]][:3] for one in found}

    def wrong(self) -> dict[str, list[str]]:
        """The barriers, and what reaches beyond the screen."""
        width = self.page.evaluate("document.documentElement.scrollWidth")
        return self.barriers() | ({"wide": [f"{width} px"]} if width > self.page.viewport_size["width"] else {})

    def until_all_is_drawn(self) -> None:
        """Charts below the fold are drawn later."""
        self.until(lambda: self.page.evaluate(ALL_DRAWN))


# The rows of a long list are made alike, and two thousand cells take ten seconds to look at.
LIKE_THOSE_ABOVE = ("tbody tr:nth-child(n+12)", ".rank-row:nth-child(n+16)")
ALL_DRAWN = """[...document.querySelectorAll(".chart-graph")].every((graph) => {
    const plot = graph.querySelector(".js-plotly-plot");
    return plot && plot.layout && plot.layout.meta;
})"""


@pytest.fixture(scope="module")  # and no longer: Chromium does not give back all memory of the pages it has closed
def warm(browser: Browser, browser_context_args: dict) -> Iterator[BrowserContext]:
    """One context for all tests of a file, in which our scripts and Plotly's are read and compiled once."""
    context = browser.new_context(**browser_context_args)
    stays = context.new_page()  # with it the process that draws the pages of this machine
    stays.route("http://127.0.0.1/", lambda route: route.fulfill(body=""))
    stays.goto("http://127.0.0.1/")
    yield context
    context.close()


@pytest.fixture
def context(request: pytest.FixtureRequest, warm: BrowserContext) -> Iterator[BrowserContext]:
    """What one test leaves behind the next does not find, but for what is read again from the network anyway."""
    if request.node.get_closest_marker("browser_context_args"):
        yield request.getfixturevalue("new_context")()
        return
    yield warm
    stays, *opened = warm.pages
    for page in opened:
        page.close()
    warm.set_offline(False)
    warm.clear_cookies()
    warm.clear_permissions()
    session = warm.new_cdp_session(stays)
    session.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
    session.detach()


@pytest.fixture
def page(page: Page) -> Page:
    """Goes on where Dash has drawn what was served: before, nothing can be pressed."""

    def arrive(way: Callable[..., Any], *given: Any, **more: Any) -> Any:
        answer = way(*given, **more)
        page.locator("#first-view").wait_for(state="detached", timeout=30_000)
        return answer

    page.goto, page.reload = partial(arrive, page.goto), partial(arrive, page.reload)
    return page


@pytest.fixture
def watched(page: Page, demo_url: str) -> Iterator[Watched]:
    """Fails the test at its end if the console was not clean or a request left this machine."""
    seen = Watched(page, demo_url)
    page.on("request", lambda request: seen.hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: message.type in ("error", "warning") and seen.complaints.append(message.text))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    yield seen
    assert seen.hosts == {urlsplit(demo_url).netloc}
    assert seen.complaints == []
