"""`make screenshots`: every page of the demo class, light and dark, on a laptop and on a phone."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import select

from service.embedded.processes import running
from service.people.models import Account
from service.settings import Settings
from service.store.database import make_engine, make_readers
from service.submissions.models import Grading, Submission
from tests.browser.conftest import FLAGS
from tests.demo.__main__ import FOLDER, ensure_class
from tests.demo.term import COURSE, PLANS
from tests.support.ports import free_port

WINDOWS: tuple[tuple[str, int, int], ...] = (("laptop", 1280, 800), ("phone", 360, 740))
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SHOTS = Path("screenshots")

HERE = f"/courses/{COURSE}"
CURRENT = f"{HERE}/assignments/{PLANS[2].slug}"
LATE = f"{HERE}/assignments/{PLANS[1].slug}"
TEACHER = {
    "courses": "/courses",
    "course": HERE,
    "assignment-staff": CURRENT,
    "assignment-late-staff": LATE,
    "assignment-edit": f"{CURRENT}/edit",
    "assignment-new": f"{HERE}/new-assignment",
    "extensions": f"{CURRENT}/extensions",
    "upload": f"{CURRENT}/upload",
    "lecture": f"{CURRENT}/lecture",
    "gradebook": f"{HERE}/gradebook",
    "people": f"{HERE}/people",
    "settings": f"{HERE}/settings",
    "audit": f"{HERE}/audit",
    "operator": "/operator",
    "accounts": "/accounts",
    "account": "/account",
    "review": "/submissions/{wrong}/review",
    "new-course": "/new-course",
    "help-teachers": "/help/teachers",
}
STUDENT = {
    "course-student": HERE,
    "assignment-student": CURRENT,
    "report": "/submissions/{own}",
    "test": "/submissions/{own}/cases/{case}",
    "learn": "/learn",
    "learn-rules": "/learn/rules",
    "learn-worked-example": "/learn/worked-example",
    "help-students": "/help/students",
}
NOBODY = {"sign-in": "/sign-in"}


def main() -> None:
    """Make the class if needed, run the service on a free port, and write the pictures."""
    environ = {**os.environ, "CHAINRULE_DATA_DIR": FOLDER, "CHAINRULE_PORT": str(free_port())}
    settings = ensure_class(environ)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("The pictures need Chromium: apt-get install chromium")
    known = json.loads((settings.data_dir / "demo.json").read_text(encoding="utf-8"))
    ids = _find_submissions(settings, known["students"][0]["email"])
    SHOTS.mkdir(exist_ok=True)
    with _service(environ, settings) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for person, pages in (
            (known["teacher"], TEACHER),
            (known["students"][0], STUDENT),
            (None, NOBODY),
        ):
            _take(browser, url, person, pages, ids)
        browser.close()


@contextmanager
def _service(environ: Mapping[str, str], settings: Settings) -> Iterator[str]:
    os.environ.update(environ)  # for the processes that are started
    with running(settings, print):
        yield settings.url


def _find_submissions(settings: Settings, student: str) -> dict[str, str]:
    """What the addresses of pages need."""
    engine = make_engine(settings)
    with make_readers(engine)() as session:
        wrong = (
            select(Submission)
            .join(Grading)
            .join(Account, Account.id == Submission.student_id)
            .where(Grading.problem.is_(None), Grading.score < Grading.max_score)
            .order_by(Submission.submitted_at.desc(), Submission.id)
            .limit(1)
        )
        found = session.scalars(wrong.where(Submission.attempt > 1)).one()
        mine = session.scalars(wrong.where(Account.email == student)).one()
        tally = mine.counting.tally or {}
    engine.dispose()
    failing = next(
        (f"{suite}/{case}")
        for suite, cases in tally["suites"].items()
        for case, failure in cases.items()
        if failure is not None
    )
    return {"wrong": str(found.id), "own": str(mine.id), "case": failing}


def _take(
    browser: Browser,
    url: str,
    person: Mapping[str, str] | None,
    pages: Mapping[str, str],
    ids: Mapping[str, str],
) -> None:
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
                answer = page.goto(url + address.format(**ids))
                if answer is None or answer.status != 200:
                    print(f"{name}: {address} answers {answer and answer.status}")
                page.screenshot(path=SHOTS / f"{name}-{kind}-{scheme}.png", full_page=True)
            context.close()


if __name__ == "__main__":
    main()
