"""Every page with who opens it, and what the site needs for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from service.audit.log import record
from service.courses.models import Course, Feedback, JoinCode, Role
from service.marks.models import Comment, RegradeStatus
from service.people.actors import LocalOperator
from service.people.links import issue_links
from service.people.models import Account
from service.people.setup import issue_setup_link
from service.store.base import now
from service.submissions.models import Status, Submission
from service.submissions.slots import note_slot
from tests.browser.reports import (
    broken_report,
    faulty_report,
    perfect_report,
    scored_report,
    unreadable_report,
)
from tests.browser.site import ADA, ASSIGNMENT, BLAISE, CARL, COURSE, TEACHER, Site
from tests.support import factories
from tests.support.factories import make_counterexample, make_diagnosis
from tests.support.shipped_cases import report_on
from worker.report.model import Quantity

NOTEBOOK = Path(__file__).parents[1] / "students" / "right" / "notebook.ipynb"
PAGE = f"/courses/{COURSE}/assignments/{ASSIGNMENT}"
ASSISTANT, OPERATOR = "alan@example.edu", "margaret@example.edu"
OVERVIEW = f"/courses/{COURSE}/assignments/{ASSIGNMENT}"


def _submission(**fields: Any) -> Callable[[Site], str]:
    return lambda site: f"/submissions/{site.add_submission(ADA, **fields)}"


def review(site: Site) -> str:
    """A second attempt with comments."""
    site.add_submission(ADA, report=perfect_report(), source="import math\n" * 9)
    return f"{_commented(site)}/review"


def _commented(site: Site) -> str:
    submission = site.add_submission(ADA, report=faulty_report(stdout="x" * 400))
    with site.sessions.begin() as session:
        author = session.query(Account).filter_by(email=TEACHER).one()
        for line, text in ((None, "Nearly there"), (4, "What does a Value remember? " * 20)):
            session.add(Comment(submission_id=submission, line=line, text=text, author=author))
    return f"/submissions/{submission}"


def _delete_comment(site: Site) -> str:
    address = _commented(site)
    with site.sessions() as session:
        comment = session.query(Comment).first()
    assert comment is not None
    return f"{address}/comments/{comment.id}/delete"


def _case(site: Site) -> str:
    return f"/submissions/{site.add_submission(ADA, report=faulty_report())}/cases/rules/reuse"


def _drawn(site: Site) -> str:
    report = report_on("worked-example", "leaves", {("x1", Quantity.GRAD): 7.0})
    return f"/submissions/{site.add_submission(ADA, report=report)}/cases/worked-example/leaves"


def _folded(site: Site) -> str:
    report = report_on("composite", "long-chain", {})
    return f"/submissions/{site.add_submission(ADA, report=report)}/cases/composite/long-chain"


def _again(site: Site) -> str:
    submission = site.add_submission(ADA, report=faulty_report())
    return f"{PAGE}/submissions/{submission}/again?filename={'value' * 19}"


def _regraded_in_vain(site: Site) -> str:
    submission = site.add_submission(ADA, report=faulty_report())
    with site.sessions.begin() as session:
        factories.regrade(session, session.get_one(Submission, submission), Status.ERRORED)
    return f"/submissions/{submission}"


def _after_closing(site: Site) -> str:
    site.change_assignment(closed_at=now() - timedelta(days=1))
    return PAGE


def _with_names(path: str) -> Callable[[Site], str]:
    def prepare(site: Site) -> str:
        site.change_assignment(class_name="Scalar" * 16, backward_name="backprop")
        return path

    return prepare


def _with_mistakes(path: str) -> Callable[[Site], str]:
    def prepare(site: Site) -> str:
        for student in (ADA, BLAISE):
            site.add_submission(
                student,
                report=replace(
                    faulty_report(),
                    diagnoses=(
                        make_diagnosis(),
                        make_diagnosis(misconception="another", title="Another mistake"),
                    ),
                    counterexample=make_counterexample(),
                ),
                submitted_at=now() - timedelta(days=3 if student == ADA else 0),
            )
        site.add_submission(CARL, report=replace(faulty_report(), signature="abc"))
        site.change_assignment(deadline=now() - timedelta(days=1))
        return path

    return prepare


def _with_marks(path: str) -> Callable[[Site], str]:
    def prepare(site: Site) -> str:
        site.add_assignment("tensors", "Tensors and all that broadcasts", attempt_limit=2)
        site.add_submission(ADA, report=faulty_report())
        site.add_submission(ADA, status=Status.ERRORED, assignment="tensors")
        return path

    return prepare


def _extended(path: str) -> Callable[[Site], str]:
    def prepare(site: Site) -> str:
        site.change_assignment(deadline=now() - timedelta(days=1), attempt_limit=3)
        site.give_extension(ADA, deadline=now() + timedelta(days=3), reason="Ill" * 40)
        return PAGE + path

    return prepare


def _held(path: str) -> Callable[[Site], str]:
    def prepare(site: Site) -> str:
        site.change_assignment(hold_marks=True)
        site.add_submission(ADA, report=faulty_report())
        return PAGE + path

    return prepare


def _limited(feedback: Feedback, path: str = "") -> Callable[[Site], str]:
    def prepare(site: Site) -> str:
        site.change_assignment(feedback=feedback, deadline=now() + timedelta(days=1))
        submission = site.add_submission(ADA, report=faulty_report(stdout="loaded"))
        return f"/submissions/{submission}{path}"

    return prepare


def _regraded(status: RegradeStatus) -> Callable[[Site], str]:
    def prepare(site: Site) -> str:
        submission = site.add_submission(ADA, report=faulty_report())
        with site.sessions.begin() as session:
            made = session.get_one(Submission, submission)
            report = None if status is RegradeStatus.RUNNING else perfect_report()
            regrade = factories.make_regrade(session, made, report, status=status)
            return f"/courses/{COURSE}/assignments/{ASSIGNMENT}/regrades/{regrade.id}"

    return prepare


def _graded_again(site: Site) -> str:
    submission = site.add_submission(ADA, report=faulty_report())
    with site.sessions.begin() as session:
        made = session.get_one(Submission, submission)
        factories.make_regrade(session, made, perfect_report(), status=RegradeStatus.APPLIED)
    return f"/submissions/{submission}"


def _explained(site: Site) -> str:
    """A report with a diagnosis, a counterexample and its drawing."""
    report = replace(
        faulty_report(),
        diagnoses=(
            make_diagnosis(),
            make_diagnosis(misconception="another", title="Another mistake"),
        ),
        counterexample=make_counterexample(),
    )
    return f"/submissions/{site.add_submission(ADA, report=report)}"


def _as_assistant(prepare: Callable[[Site], str]) -> tuple[str, Callable[[Site], str]]:
    """A page as an assistant of the course sees it."""

    def prepare_for_assistant(site: Site) -> str:
        site.add_person(ASSISTANT, "Alan Turing")
        with site.sessions.begin() as session:
            account = session.query(Account).filter_by(email=ASSISTANT).one()
            course = session.query(Course).filter_by(slug=COURSE).one()
            factories.enrol(session, course, account, Role.ASSISTANT)
        return prepare(site)

    return ASSISTANT, prepare_for_assistant


def _as_mere_operator(path: str) -> tuple[str, Callable[[Site], str]]:
    """A page as an operator sees it who teaches nothing."""

    def prepare(site: Site) -> str:
        _operator(site)
        site.add_person(OPERATOR, "Margaret Hamilton")
        with site.sessions.begin() as session:
            session.query(Account).filter_by(email=OPERATOR).one().operator = True
        return path

    return OPERATOR, prepare


def _audit(site: Site) -> str:
    submission = site.add_submission(ADA, report=faulty_report())
    with site.sessions.begin() as session:
        made = session.get_one(Submission, submission)
        course_id = made.assignment.course_id
        after = {"title": {"characters": 12}, "suites": {"rules": 80.0, "random": 20.0}}
        record(session, made.student_id, "course.changed", after=after, course_id=course_id)
        record(session, None, "override.set", submission_id=made.id, course_id=course_id)
    return f"/courses/{COURSE}/audit?days=7"


def _with_task(site: Site) -> str:
    text = (
        "# Part one\n\nWrite `Value`.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\n"
        + "x" * 200
        + "\n```"
    )
    site.change_assignment(description=text, attempt_limit=3, late_percent=10.0)
    return PAGE


def _operator(site: Site) -> str:
    _submission(status=Status.ERRORED)(site)
    with site.sessions.begin() as session:
        session.scalars(select(Account).where(Account.email == TEACHER)).one().operator = True
        note_slot(session, "machine 1", "seccomp landlock rlimits")
    return "/operator?disk=1"


def _code(site: Site) -> str:
    """A join code of the course."""
    with site.sessions.begin() as session:
        course = session.query(Course).filter_by(slug=COURSE).one()
        expires_at = now() + timedelta(days=7)
        session.add(JoinCode(course=course, code="K7QF3MXD9T", expires_at=expires_at))
    return "K7QF3MXD9T"


def _with_code(site: Site) -> str:
    _code(site)
    return f"/courses/{COURSE}/people"


def _as_operator(path: str) -> Callable[[Site], str]:
    def prepare(site: Site) -> str:
        with site.sessions.begin() as session:
            session.query(Account).filter_by(email=TEACHER).one().operator = True
        return path

    return prepare


def _link(site: Site) -> str:
    with site.sessions.begin() as session:
        account = session.query(Account).filter_by(email=ADA).one()
        account.password_hash = None
        return issue_links(session, None, [account])[account.id].path


def _setup(site: Site) -> str:
    with site.sessions() as session:
        link = issue_setup_link(session, LocalOperator())
    assert link is not None
    return link.path


# Who opens the page, and what the site needs for it.
PAGES: dict[str, tuple[str | None, Callable[[Site], str]]] = {
    "sign-in": (None, lambda _: "/sign-in"),
    "guide for teachers": (None, lambda _: "/help/teachers"),
    "lessons": (None, lambda _: "/learn"),
    "lesson": (ADA, lambda _: "/learn/order"),
    "lesson on numbers": (None, lambda _: "/learn/numbers"),
    "table of rules": (None, lambda _: "/learn/rules?x=-2&y=many"),
    "worked example": (None, lambda _: "/learn/worked-example?step=3"),
    "reference engine": (None, lambda _: "/learn/reference"),
    "no such page": (ADA, lambda _: "/nowhere"),
    "courses": (ADA, lambda _: "/courses"),
    "new course": (TEACHER, lambda _: "/new-course"),
    "settings of a course": (TEACHER, lambda _: f"/courses/{COURSE}/settings"),
    "new assignment": (TEACHER, lambda _: f"/courses/{COURSE}/new-assignment"),
    "edit": (TEACHER, _with_names(f"{PAGE}/edit")),
    "delete an assignment": (TEACHER, lambda _: f"{PAGE}/delete"),
    "assignment with a task": (ADA, _with_task),
    "course": (ADA, _with_marks(f"/courses/{COURSE}")),
    "course of a teacher": (TEACHER, _with_marks(f"/courses/{COURSE}")),
    "assignment": (ADA, _with_marks(PAGE)),
    "assignment with names": (ADA, _with_names(PAGE)),
    "overview with names": (TEACHER, _with_names(PAGE)),
    "closed assignment": (ADA, _after_closing),
    "overview": (TEACHER, _with_marks(PAGE)),
    "class at a glance": (TEACHER, _with_mistakes(OVERVIEW)),
    "lecture": (TEACHER, _with_mistakes(f"{OVERVIEW}/lecture")),
    "lecture without mistakes": (TEACHER, lambda _: f"{OVERVIEW}/lecture"),
    "extended assignment": (ADA, _extended("")),
    "extensions": (TEACHER, _extended("/extensions")),
    "student": (TEACHER, _with_marks(f"/courses/{COURSE}/students/{ADA}?assignment={ASSIGNMENT}")),
    "release": (TEACHER, _held("/release")),
    "held assignment": (ADA, _held("")),
    "overview of held marks": (TEACHER, _held("")),
    "submit for students": (TEACHER, lambda _: f"{PAGE}/upload"),
    "remove an extension": (TEACHER, _extended(f"/extensions/remove?student={ADA}")),
    "gradebook": (TEACHER, _with_marks(f"/courses/{COURSE}/gradebook")),
    "filtered gradebook": (
        TEACHER,
        _with_marks(f"/courses/{COURSE}/gradebook?show=below&below=90&sort=-total"),
    ),
    "archive": (TEACHER, _with_marks(f"/courses/{COURSE}/archive")),
    "deletion of a course": (TEACHER, lambda _: f"/courses/{COURSE}/delete"),
    "deletion of one's own account": (ADA, lambda _: "/account/delete"),
    "the same file again": (ADA, _again),
    "queued": (ADA, _submission()),
    "errored": (ADA, _submission(status=Status.ERRORED)),
    "regraded in vain": (ADA, _regraded_in_vain),
    "all passed": (ADA, _submission(report=perfect_report())),
    "half passed": (ADA, _submission(report=faulty_report(stdout="\x1b[31m" + "x" * 400))),
    "broken rule": (ADA, _submission(report=broken_report())),
    "ledger": (ADA, _submission(report=scored_report())),
    "case": (ADA, _case),
    "drawn case": (ADA, _drawn),
    "folded case": (ADA, _folded),
    "syntax error": (ADA, _submission(report=unreadable_report())),
    "long file name": (ADA, _submission(filename="value" * 20, source="x = '" + "y" * 3000 + "'")),
    "notebook": (ADA, _submission(source=NOTEBOOK.read_text(encoding="utf-8"))),
    "people": (TEACHER, _with_code),
    "person": (TEACHER, lambda _: f"/courses/{COURSE}/people/{ADA}"),
    "remove somebody": (TEACHER, lambda _: f"/courses/{COURSE}/people/{ADA}/remove"),
    "own account": (ADA, lambda _: "/account"),
    "accounts": (TEACHER, _as_operator("/accounts")),
    "one account": (TEACHER, _as_operator(f"/accounts/{ADA}")),
    "join code": (None, lambda _: "/join"),
    "join": (None, lambda site: f"/join/{_code(site)}"),
    "join as oneself": (ADA, lambda site: f"/join/{_code(site)}"),
    "link": (None, _link),
    "link that is not valid": (None, lambda _: "/link/unknown"),
    "setup": (None, _setup),
    "review": (TEACHER, review),
    "comments": (ADA, _commented),
    "delete a comment": (TEACHER, _delete_comment),
    "regrade that runs": (TEACHER, _regraded(RegradeStatus.RUNNING)),
    "regrade that is ready": (TEACHER, _regraded(RegradeStatus.READY)),
    "graded again": (ADA, _graded_again),
    "audit": (TEACHER, _audit),
    "limited to tests": (ADA, _limited(Feedback.TESTS)),
    "test with one's own numbers": (ADA, _limited(Feedback.TESTS, "/cases/rules/reuse")),
    "limited to the score": (ADA, _limited(Feedback.SCORE)),
    "hidden result": (ADA, _limited(Feedback.NOTHING_UNTIL_DEADLINE)),
    "hidden test": (ADA, _limited(Feedback.NOTHING_UNTIL_DEADLINE, "/cases/rules/reuse")),
    "report that students see in part": (TEACHER, _limited(Feedback.TESTS)),
    "operator": (TEACHER, _operator),
    "explained mistake": (ADA, _explained),
    "course of an assistant": _as_assistant(_with_marks(f"/courses/{COURSE}")),
    "overview of an assistant": _as_assistant(_with_mistakes(OVERVIEW)),
    "review of an assistant": _as_assistant(review),
    "student for an assistant": _as_assistant(_with_marks(f"/courses/{COURSE}/students/{ADA}")),
    "courses of a mere operator": _as_mere_operator("/courses"),
    "operator who teaches nothing": _as_mere_operator("/operator"),
    "audit of the installation": (TEACHER, _as_operator("/audit")),
}
