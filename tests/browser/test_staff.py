"""What teachers and assistants do on the pages."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from service.courses.models import Course, Enrolment, Role
from service.people.models import Account
from service.store.base import now
from service.submissions.models import Status
from tests.browser.guests import Guests
from tests.browser.reports import faulty_report, perfect_report
from tests.browser.site import ADA, ASSIGNMENT, BLAISE, CARL, COURSE, TEACHER, Site
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Verdict

BOOK = f"/courses/{COURSE}/gradebook"
OVERVIEW = f"/courses/{COURSE}/assignments/{ASSIGNMENT}"


def override(page: Page, mark: str, reason: str, button: str = "Set the mark") -> None:
    """Fill in and send the form for a mark."""
    page.get_by_label("Set another mark").fill(mark)
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name=button).click()


def download(page: Page, folder: Path) -> list[list[str]]:
    """The rows of the CSV that the page offers."""
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download grades.csv").click()
    coming.value.save_as(folder / "grades.csv")
    text = (folder / "grades.csv").read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_gradebook_has_students_by_assignments(guests: Guests, site: Site) -> None:
    site.add_assignment("tensors", "Tensors", deadline=now() - timedelta(hours=3))
    site.add_submission(ADA, report=faulty_report())
    site.add_submission(ADA, report=perfect_report())
    site.add_submission(BLAISE, report=faulty_report(), assignment="tensors")
    site.add_submission(CARL, status=Status.RUNNING)
    page = guests.come(TEACHER, f"/courses/{COURSE}")
    page.get_by_role("navigation", name="Course").get_by_role("link", name="Gradebook").click()
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows.nth(0)).to_contain_text("Autograd from scratch")
    expect(rows.nth(1).get_by_role("cell").nth(0)).to_have_text("not graded")
    expect(rows.nth(2).get_by_role("cell")).to_have_text(
        ["100.00", "\u2013nothing submitted", "100.00"]
    )
    expect(rows.nth(3).get_by_role("cell").nth(1)).to_contain_text("late 46.67")
    rows.nth(2).get_by_role("link", name="100.00").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Lovelace, attempt 2")


def test_the_gradebook_downloads_as_csv(guests: Guests, site: Site, tmp_path: Path) -> None:
    site.add_submission(ADA, report=perfect_report())
    rows = download(guests.come(TEACHER, BOOK), tmp_path)
    assert [row[0] for row in rows] == ["e-mail", CARL, ADA, BLAISE]
    assert float(rows[2][3]) == 100.0


def test_an_assignments_marks_download_as_csv(guests: Guests, site: Site, tmp_path: Path) -> None:
    site.add_submission(BLAISE, report=faulty_report())
    rows = download(guests.come(TEACHER, OVERVIEW), tmp_path)
    assert round(float(rows[3][3]), 2) == 46.67


def test_an_empty_course_says_what_to_do_next(guests: Guests, site: Site) -> None:
    site.add_course("empty", "Nothing yet", (TEACHER, Role.TEACHER))
    page = guests.come(TEACHER, "/courses/empty/gradebook")
    expect(page.get_by_role("link", name="Add students")).to_be_visible()
    page.goto("/courses/empty")
    expect(page.get_by_role("link", name="New assignment")).to_be_visible()
    site.add_course("lone", "No assignments", (TEACHER, Role.TEACHER), (ADA, Role.STUDENT))
    page.goto("/courses/lone/gradebook")
    expect(page.get_by_text("No assignments yet")).to_be_visible()


def test_an_assignment_without_students_says_how_to_enrol_them(guests: Guests, site: Site) -> None:
    with site.sessions.begin() as session:
        course = session.query(Course).filter_by(slug=COURSE).one()
        for place in session.query(Enrolment).filter_by(course_id=course.id, role=Role.STUDENT):
            session.delete(place)
    page = guests.come(TEACHER, OVERVIEW)
    expect(page.get_by_text("No students yet")).to_be_visible()


def test_the_overview_shows_scores_and_the_tests_that_fail_most(guests: Guests, site: Site) -> None:
    site.add_submission(ADA, report=faulty_report())
    site.add_submission(BLAISE, report=perfect_report())
    page = guests.come(TEACHER, OVERVIEW)
    scores = page.get_by_role("table", name="Students by percent of the points.")
    expect(scores.get_by_role("row").nth(5)).to_contain_text("40\u201350 1")
    expect(scores.get_by_role("row").nth(10)).to_contain_text("90\u2013100 1")
    failures = page.get_by_role("region", name="Tests that fail most").get_by_role("row")
    expect(failures).to_have_count(5)
    expect(failures.nth(1)).to_contain_text("A value that is used twice")
    expect(failures.nth(1)).to_contain_text("1 of 2")
    headings = page.get_by_role("heading", level=2).all_inner_texts()
    assert headings.index("Tests that fail most") < headings.index("Students")
    page.get_by_role("region", name="Students").get_by_role("link", name="Ada Lovelace").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Lovelace, attempt 1")


def test_on_a_phone_a_student_is_a_short_entry(guests: Guests, site: Site) -> None:
    site.add_submission(ADA, report=faulty_report())
    page = guests.come(TEACHER, OVERVIEW, viewport={"width": 390, "height": 844})
    row = page.get_by_role("row", name="Ada Lovelace").bounding_box()
    assert row is not None
    assert row["height"] <= 66


def test_if_many_tests_fail_the_first_are_listed_and_the_others_folded(
    guests: Guests, site: Site
) -> None:
    cases = [make_case(f"case{n}", Verdict.ERROR, title=f"Graph{n}") for n in range(17)]
    site.add_submission(ADA, report=make_report(make_suite("rules", *cases)))
    page = guests.come(TEACHER, OVERVIEW)
    failures = page.get_by_role("region", name="Tests that fail most").get_by_role("row")
    expect(failures).to_have_count(1 + 15)
    page.get_by_text("2 more tests fail").click()
    expect(failures).to_have_count(1 + 15 + 1 + 2)


def test_the_overview_says_whether_students_share_random_graphs(guests: Guests, site: Site) -> None:
    page = guests.come(TEACHER, f"/courses/{COURSE}/assignments/{ASSIGNMENT}")
    expect(page.get_by_text("The same for all")).to_be_visible()
    site.change_assignment(draw_per_student=True)
    page.reload()
    expect(page.get_by_text("Different for each student")).to_be_visible()


def test_required_precision_is_on_the_pages_of_teachers_and_students(
    guests: Guests, site: Site
) -> None:
    address = f"/courses/{COURSE}/assignments/{ASSIGNMENT}"
    page, student = guests.come(TEACHER, address), guests.come(ADA, address)
    expect(page.get_by_text("Single or double")).to_be_visible()
    expect(student.get_by_text("double precision")).to_have_count(0)
    site.change_assignment(require_double=True)
    page.reload()
    student.reload()
    expect(page.get_by_text("Double", exact=True)).to_be_visible()
    expect(student.get_by_text("must compute in double precision")).to_be_visible()


def test_the_overview_says_so_when_nothing_fails(guests: Guests, site: Site) -> None:
    site.add_submission(ADA, report=perfect_report())
    page = guests.come(TEACHER, OVERVIEW)
    expect(page.get_by_text("None. Every test passes")).to_be_visible()


def test_a_teachers_own_submission_is_not_in_the_gradebook(guests: Guests) -> None:
    page = guests.come(TEACHER, OVERVIEW)
    page.get_by_text("Submit an engine").click()
    page.get_by_label("Paste your code").fill("class Value: pass")
    page.get_by_role("button", name="Submit the code").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("attempt 1")
    page.goto(OVERVIEW)
    expect(page.get_by_role("table", name="Your submissions")).to_be_visible()
    expect(page.get_by_text("0 of 3")).to_be_visible()


def test_a_teacher_may_try_a_closed_assignment(guests: Guests, site: Site) -> None:
    site.change_assignment(closed_at=now() - timedelta(minutes=1))
    page = guests.come(TEACHER, OVERVIEW)
    expect(page.get_by_role("button", name="Open again")).to_be_visible()
    page.get_by_text("Submit an engine").click()
    expect(page.get_by_label("Upload a file")).to_be_visible()


def test_a_mark_is_overridden_with_a_reason_and_the_history_says_who_and_when(
    guests: Guests, site: Site
) -> None:
    submission = site.add_submission(ADA, report=faulty_report())
    page = guests.come(TEACHER, f"/submissions/{submission}/review")
    override(page, "72,5", "Explained <b>well</b> in class.")
    panel = page.get_by_role("region", name="Mark for the assignment")
    expect(panel.get_by_role("definition").first).to_have_text("72.5 of 100")
    entry = panel.get_by_role("listitem").first
    expect(entry).to_contain_text("72.5 of 100 by Grace Hopper")
    expect(entry).to_contain_text("Explained <b>well</b> in class.")
    expect(entry.locator("time")).to_contain_text(f"{now():%b %Y}")
    page.goto(BOOK)
    expect(page.get_by_role("row", name="Ada Lovelace")).to_contain_text("set 72.50")
    student = guests.come(ADA, OVERVIEW)
    expect(student.get_by_text("Your teacher set this mark, and it counts.")).to_be_visible()
    expect(student.get_by_text("Explained <b>well</b> in class.")).to_be_visible()
    student.goto(f"/submissions/{submission}")
    notice = "Your mark for the assignment is 72.5 of 100: your teacher set it."
    expect(student.get_by_text(notice)).to_be_visible()
    student.goto(f"/courses/{COURSE}")
    expect(student.get_by_text("set by your teacher")).to_be_visible()


def test_a_removed_override_stays_in_the_history(guests: Guests, site: Site) -> None:
    submission = site.add_submission(ADA, report=faulty_report())
    page = guests.come(TEACHER, f"/submissions/{submission}/review")
    override(page, "90", "For the explanation.")
    override(page, "", "Meant for somebody else.", "Remove the mark")
    panel = page.get_by_role("region", name="Mark for the assignment")
    expect(panel.get_by_role("definition").first).to_have_text("46.67 of 100")
    entries = panel.get_by_role("listitem")
    expect(entries.nth(0)).to_contain_text("Removed")
    expect(entries.nth(1)).to_contain_text("90 of 100")
    expect(page.get_by_role("button", name="Remove the mark")).to_have_count(0)


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        ("many", "Give a number"),
        ("101", "from 0 to 100"),
        ("nan", "from 0 to 100"),
        ("-1", "from 0"),
    ],
)
def test_an_invalid_mark_comes_back_with_a_message_next_to_it(
    guests: Guests, site: Site, mark: str, message: str
) -> None:
    submission = site.add_submission(ADA, report=faulty_report())
    page = guests.come(TEACHER, f"/submissions/{submission}/review")
    override(page, mark, "Kept.")
    field = page.get_by_label("Set another mark")
    expect(field).to_have_value(mark)
    expect(page.locator("#score-wrong")).to_contain_text(message)
    expect(page.get_by_label("Reason")).to_have_value("Kept.")


def test_a_submission_is_graded_again_and_the_new_report_appears(
    guests: Guests, site: Site
) -> None:
    submission = site.add_submission(ADA, status=Status.ERRORED)
    page = guests.come(TEACHER, f"/submissions/{submission}/review")
    expect(page.get_by_text("the worker vanished while grading")).to_be_visible()
    page.get_by_role("button", name="Grade again").click()
    expect(page.get_by_role("heading", name="Next in the queue.")).to_be_visible()
    expect(page.get_by_role("button", name="Grade again")).to_have_count(0)
    site.grade(submission, perfect_report())
    expect(page.locator("#announcement")).to_have_text("100 of 100 points. All 8 tests passed.")


def test_a_submission_that_is_being_graded_cannot_be_graded_again(
    guests: Guests, site: Site
) -> None:
    submission = site.add_submission(ADA)
    page = guests.come(TEACHER)
    answer = page.request.post(f"/submissions/{submission}/regrade")
    assert answer.status == 409
    assert "is being graded at the moment" in answer.text()


def test_the_review_links_to_the_other_attempts(guests: Guests, site: Site) -> None:
    first = site.add_submission(ADA, report=faulty_report())
    site.add_submission(ADA, report=perfect_report())
    page = guests.come(TEACHER, f"/submissions/{first}/review")
    attempts = page.get_by_role("navigation", name="Attempts of this student")
    expect(attempts.locator("[aria-current]")).to_contain_text("Attempt 1")
    panel = page.get_by_role("region", name="Mark for the assignment")
    expect(panel.get_by_text("100 of 100 (attempt 2)")).to_be_visible()
    panel.get_by_role("link", name="attempt 2").click()
    expect(attempts.locator("[aria-current]")).to_contain_text("Attempt 2")
    page.go_back()
    attempts.get_by_role("link", name="Attempt 2").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Lovelace, attempt 2")


@pytest.mark.parametrize(
    "path", [BOOK, f"/courses/{COURSE}/grades.csv", f"{OVERVIEW}/grades.csv", "{submission}/review"]
)
def test_students_cannot_open_the_teachers_pages(guests: Guests, site: Site, path: str) -> None:
    submission = site.add_submission(ADA, report=perfect_report())
    page = guests.come(ADA, path.format(submission=f"/submissions/{submission}"))
    expect(page.get_by_role("heading", level=1)).to_have_text("You don't have access to this")


def test_students_cannot_set_marks(guests: Guests, site: Site) -> None:
    submission = site.add_submission(ADA, report=faulty_report())
    page = guests.come(ADA)
    for action in ("override", "regrade"):
        answer = page.request.post(f"/submissions/{submission}/{action}", form={"score": "100"})
        assert answer.status == 403


def test_a_name_with_markup_is_text_in_the_gradebook(guests: Guests, site: Site) -> None:
    with site.sessions.begin() as session:
        session.query(Account).filter_by(email=ADA).one().name = "<b>Ada</b>"
    page = guests.come(TEACHER, BOOK)
    expect(page.get_by_role("rowheader", name="<b>Ada</b>")).to_be_visible()


def test_a_teacher_closes_an_assignment_and_opens_it_again(guests: Guests) -> None:
    page = guests.come(TEACHER, OVERVIEW)
    student = guests.come(ADA, OVERVIEW)
    page.get_by_role("button", name="Close now").click()
    expect(page.get_by_role("button", name="Open again")).to_be_visible()
    student.reload()
    expect(student.get_by_text("This assignment closed on")).to_be_visible()
    page.get_by_role("button", name="Open again").click()
    expect(page.get_by_role("button", name="Close now")).to_be_visible()
    student.reload()
    expect(student.get_by_role("heading", name="Submit")).to_be_visible()
