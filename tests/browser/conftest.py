"""Fixtures: a real Chromium and the real application."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.guests import Browsers, Guests
from tests.browser.site import Site, running_site

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
    "--renderer-process-limit=1",  # or each page would wait for a process of its own
)


@pytest.fixture(scope="session")
def browsers() -> Iterator[Browsers]:
    """One Chromium for all tests."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    assert found, "The tests of the pages need Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield Browsers(browser)
        browser.close()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One running application for all tests."""
    with running_site(tmp_path_factory.mktemp("site") / "var") as running:
        yield running


@pytest.fixture
def site(house: Site) -> Site:
    """The application with an empty database and a course."""
    house.start_anew()
    return house


@pytest.fixture
def guests(browsers: Browsers, site: Site) -> Iterator[Guests]:
    """Visitors of the site. Fails if a browser reported an error."""
    coming = Guests(browsers, site)
    yield coming
    coming.leave()
    assert coming.complaints == []
