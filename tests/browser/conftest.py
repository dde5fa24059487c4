"""A real browser on a real installation: web server, worker, beat, Postgres and Valkey."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.seeing import DESK
from tests.browser.site import Site, running_site
from tests.browser.walking import Walker

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for each test process."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    with running_site(tmp_path_factory.mktemp("site"), int(worker) + 1) as site:
        yield site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one module only: while Playwright runs, this process may not use Django's database."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
        )
        yield browser
        browser.close()


class Watch:
    """What must never happen on a page: a console error, a breach of the policy, a 5xx."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.expected: list[str] = []

    def look_at(self, page: Page) -> Page:
        page.set_default_timeout(30_000)
        page.on("console", lambda message: self.heard(page, message))
        page.on("pageerror", lambda error: self.note(f"{page.url}: {error}"))
        page.on("response", self.answered)
        return page

    def heard(self, page: Page, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.note(f"{page.url}: {message.text} ({message.location.get('url', '')})")

    def answered(self, response: Any) -> None:
        if response.status >= 500:
            self.note(f"{response.status} {response.url}")

    def note(self, fault: str) -> None:
        if not any(words in fault for words in self.expected):
            self.faults.append(fault)


@pytest.fixture
def watch(site: Site) -> Iterator[Watch]:
    watch = Watch()
    before = {name: len(site.log(name)) for name in ("web", "worker")}
    yield watch
    logs = "".join(site.log(name)[before[name] :] for name in before)
    assert not watch.faults, "\n".join([*watch.faults, logs[-4000:]])
    assert " ERROR " not in logs and "[ERROR" not in logs, logs[-8000:]


@pytest.fixture
def new_page(site: Site, browser: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Opens a browser window of a width, as somebody who has not been here before."""
    contexts: list[BrowserContext] = []

    def opened(width: int = DESK, **options: Any) -> Page:
        contexts.append(
            browser.new_context(
                base_url=site.url,
                viewport={"width": width, "height": 844 if width < 600 else 800},
                locale="en-US",
                timezone_id="America/Chicago",
                **options,
            )
        )
        return watch.look_at(contexts[-1].new_page())

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def new_walker(site: Site, new_page: Callable[..., Page], watch: Watch) -> Callable[..., Walker]:
    """Somebody with a browser window of their own."""

    def made(width: int = DESK, **options: Any) -> Walker:
        return Walker(site, new_page(width, **options), watch.faults)

    return made
