"""From the set-up link to a graded submission, as somebody would who has read nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import FilePayload, Page, expect

from service.people.actors import LocalOperator
from service.people.setup import issue_setup_link
from service.submissions.models import Submission
from tests.browser.guests import Guests
from tests.browser.reports import perfect_report
from tests.browser.site import SOURCE, Site

PASSWORD = "long enough to keep"


@dataclass
class Hand:
    """Acts on pages by what is visible, and counts what a person does."""

    clicks: int = 0
    fields: list[str] = field(default_factory=list)

    def click(self, page: Page, name: str) -> None:
        button = page.get_by_role("button", name=name, exact=True)
        page.get_by_role("link", name=name, exact=True).or_(button).click()
        self.clicks += 1

    def fill(self, page: Page, label: str, text: str) -> None:
        page.get_by_label(label, exact=True).fill(text)
        self.fields.append(label)


@pytest.mark.parametrize("script", [True, False])
def test_a_new_teacher_gets_to_a_graded_submission_in_twelve_clicks(
    guests: Guests, site: Site, script: bool
) -> None:
    with site.sessions() as session:
        link = issue_setup_link(session, LocalOperator())
    assert link is not None
    hand = Hand()
    teacher = guests.come(path=link.path, java_script_enabled=script, timezone_id="Europe/Berlin")
    hand.fill(teacher, "Your e-mail", "mara@example.edu")
    hand.fill(teacher, "Your name", "Mara Lind")
    hand.fill(teacher, "Password", PASSWORD)
    hand.click(teacher, "Create the account")
    hand.click(teacher, "Create a course")
    expect(teacher.get_by_label("Time zone")).to_have_value("Europe/Berlin" if script else "UTC")
    hand.fill(teacher, "Title", "Deep learning, spring 2027")
    hand.click(teacher, "Create the course")
    hand.click(teacher, "New assignment")
    hand.fill(teacher, "Title", "Build an engine")
    hand.click(teacher, "Create the assignment")
    hand.click(teacher, "Add students")
    hand.click(teacher, "invite students by e-mail")
    hand.fill(teacher, "Invite by e-mail", "noor@example.edu")
    hand.click(teacher, "Invite")
    invitation = teacher.locator("td", has_text="/link/").inner_text()

    student = guests.come(path=invitation, java_script_enabled=script)
    hand.fill(student, "New password", PASSWORD)
    hand.click(student, "Save and sign in")
    hand.click(student, "Build an engine")
    payload = FilePayload(name="value.py", mimeType="text/x-python", buffer=SOURCE.encode())
    student.get_by_label("Upload a file").set_input_files(payload)
    hand.clicks += 1
    hand.click(student, "Submit the file")
    expect(student.get_by_role("heading", level=1)).to_have_text("Build an engine, attempt 1")
    with site.sessions() as session:
        submission = session.query(Submission).one()
    site.grade(submission.id, perfect_report())
    student.reload()
    expect(student.get_by_text("tests passed").first).to_be_visible()

    assert (hand.clicks, len(hand.fields)) == (12, 7)
