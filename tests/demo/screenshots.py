"""`make screenshots`: every page of the demo class, light and dark, on a laptop and on a phone."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Literal

from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

from service.embedded.processes import running
from service.people.actors import LocalOperator
from service.people.setup import issue_setup_link
from service.settings import Settings
from service.store.database import make_engine, make_sessions
from tests.browser.conftest import FLAGS
from tests.browser.site import running_site
from tests.demo.__main__ import FOLDER, ensure_class
from tests.demo.pages import CURRENT, HERE, STATUS, list_pages
from tests.demo.programs import RIGHT, source_of
from tests.support.ports import free_port

WINDOWS: tuple[tuple[str, int, int], ...] = (("laptop", 1280, 800), ("phone", 360, 740))
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SHOTS = Path("screenshots")


def main() -> None:
    """Make the class if needed, run the service on a free port, and write the pictures."""
    environ = {**os.environ, "CHAINRULE_DATA_DIR": FOLDER, "CHAINRULE_PORT": str(free_port())}
    settings = ensure_class(environ)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("The pictures need Chromium: apt-get install chromium")
    known = json.loads((settings.data_dir / "demo.json").read_text(encoding="utf-8"))
    student = known["students"][0]
    engine = make_engine(settings)
    with make_sessions(engine)() as session:
        pages = list_pages(session, student["email"])
    engine.dispose()
    SHOTS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        with _service(environ, settings) as url:
            _take(browser, url, known["teacher"], pages.teacher, STEPS)
            _take(browser, url, student, pages.student)
            _take(browser, url, None, pages.nobody)
        with TemporaryDirectory() as folder, running_site(Path(folder) / "var") as empty:
            with empty.sessions() as session:
                link = issue_setup_link(session, LocalOperator())
            assert link is not None
            _take(browser, empty.url, None, {"setup": link.path})
        browser.close()


@contextmanager
def _service(environ: Mapping[str, str], settings: Settings) -> Iterator[str]:
    os.environ.update(environ)  # for the processes that are started
    with running(settings, print):
        yield settings.url


def _take(
    browser: Browser,
    url: str,
    person: Mapping[str, str] | None,
    pages: Mapping[str, str],
    steps: Mapping[str, tuple[str, Callable[[Page], None]]] = MappingProxyType({}),
) -> None:
    """Write pictures of pages as one person sees them, in every window and scheme."""
    for kind, width, height in WINDOWS:
        for scheme in SCHEMES:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme
            )
            page = context.new_page()
            if person is not None:
                page.goto(f"{url}/sign-in")
                page.get_by_label("E-mail").fill(person["email"])
                page.get_by_label("Password").fill(person["password"])
                page.get_by_role("button", name="Sign in").click()
                page.wait_for_load_state()
            for name, address in pages.items():
                answer = page.goto(url + address)
                if answer is None or answer.status != STATUS.get(name, 200):
                    print(f"{name}: {address} answers {answer and answer.status}")
                _shoot(page, f"{name}-{kind}-{scheme}")
            for name, (address, step) in steps.items():
                page.goto(url + address)
                step(page)
                _shoot(page, f"{name}-{kind}-{scheme}")
            context.close()


def _shoot(page: Page, name: str) -> None:
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def _preview_roster(page: Page) -> None:
    lines = ("name,email", "Ada Student,ada@example.edu", "Noor Vega,noor@example.edu", "Nobody,?")
    page.get_by_label("Paste a list").fill("\n".join(lines))
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="Line by line").wait_for()


def _preview_upload(page: Page) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as files:
        for name in ("ada@example.edu", "blaise@example.edu", "somebody@example.edu"):
            files.writestr(f"{name}/value.py", source_of(RIGHT[1]))
    page.get_by_label("ZIP", exact=True).set_input_files(
        FilePayload(name="class.zip", mimeType="application/zip", buffer=content.getvalue())
    )
    page.get_by_role("button", name="Show what would be submitted").click()
    page.get_by_role("heading", name="Files with a problem").wait_for()


# What a person does on a page to see the next one, which has no address.
STEPS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "roster-preview": (f"{HERE}/people", _preview_roster),
    "upload-preview": (f"{CURRENT}/upload", _preview_upload),
}


if __name__ == "__main__":
    main()
