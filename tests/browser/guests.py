"""People with browsers, and the errors that their browsers report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request

from tests.browser.site import Site

REFUSED = "Failed to load resource: the server responded with a status of 4"


class Browsers:
    """Browsers of visitors, without cookies and without pages.

    One that was used is used again: a new one needs a process of its own, which costs Chromium
    most of a second.
    """

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self._free: dict[str, list[BrowserContext]] = {}

    def take(self, options: dict[str, Any]) -> BrowserContext:
        """A browser with these options."""
        free = self._free.setdefault(repr(options), [])
        if free:
            return free.pop()
        context = self._chromium.new_context(**options)
        context.new_page()  # stays open, and with it the process
        return context

    def give_back(self, context: BrowserContext, options: dict[str, Any]) -> None:
        """Close what was opened in a browser, and forget who was signed in."""
        for page in context.pages[1:]:
            page.close()
        context.clear_cookies()
        self._free[repr(options)].append(context)


@dataclass  # no slots: Playwright notes its listeners on the object
class Guests:
    """Opens pages for people; `complaints` must stay empty."""

    browsers: Browsers
    site: Site
    complaints: list[str] = field(default_factory=list)
    taken: list[tuple[BrowserContext, dict[str, Any]]] = field(default_factory=list)

    def come(self, email: str | None = None, path: str = "/", **options: Any) -> Page:
        """A new browser window at a path, signed in if there is an e-mail."""
        options["base_url"] = self.site.url
        context = self.browsers.take(options)
        self.taken.append((context, options))
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", self._hear_console)
        page.on("pageerror", self._hear_error)
        page.on("request", self._hear_request)
        if email is not None:
            name, value = self.site.cookie_of(email)
            context.add_cookies([{"name": name, "value": value, "url": self.site.url}])
        page.goto(path)
        return page

    def leave(self) -> None:
        """Close all windows."""
        for context, options in self.taken:
            self.browsers.give_back(context, options)

    def _hear_console(self, message: ConsoleMessage) -> None:
        # A browser notes every 4xx answer; the test decides whether it is right.
        if message.type in {"error", "warning"} and not message.text.startswith(REFUSED):
            self.complaints.append(f"console: {message.text}")

    def _hear_error(self, error: Error) -> None:
        self.complaints.append(f"script: {error}")

    def _hear_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.site.url}/", "data:", "blob:")):
            self.complaints.append(f"request to another host: {request.url}")


def unfold(page: Page) -> None:
    """Open the parts of a report that are folded at first: suites, notes, causes and source."""
    parts = ".suite, #found, #for-information, #lost-by-cause, #source"
    for part in page.locator(parts).all():
        part.evaluate("part => { part.open = true }")


def fill_in(page: Page, email: str, password: str) -> None:
    """Fill in and send the sign-in form."""
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
