"""The address of every page of the demo class, for whoever may open it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

import service.web
from service.courses.models import Assignment, Extension, JoinCode
from service.marks.models import Comment, Regrade
from service.people.links import issue_links
from service.people.models import Account
from service.submissions.models import Grading, Status, Submission
from tests.demo.term import COURSE, PLANS

Found = TypeVar("Found")
HERE = f"/courses/{COURSE}"
FIRST, LATE, CURRENT, UPCOMING = (f"{HERE}/assignments/{plan.slug}" for plan in PLANS)
LESSONS = sorted(each.stem for each in (Path(service.web.__file__).parent / "lessons").glob("*.md"))
STATUS = {"link-not-valid": 404}  # of pages that don't answer 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPages:
    """Names and addresses of pages for the teacher, who runs the installation, and the others."""

    teacher: Mapping[str, str]
    student: Mapping[str, str]
    nobody: Mapping[str, str]


def list_pages(session: Session, student: str) -> DemoPages:
    """The pages of the class; one student has this address. Makes a one-time link, and commits."""
    return DemoPages(
        teacher=_of_teacher(session), student=_of_student(session, student), nobody=_open(session)
    )


def _of_teacher(session: Session) -> dict[str, str]:
    wrong = _first(session, _wrong().where(Submission.attempt > 1))
    failed = _first(session, select(Submission).join(Grading).where(Grading.status == "errored"))
    comment = _first(session, select(Comment))
    regrade = _first(session, select(Regrade))
    extended = _first(
        session,
        select(Account.email)
        .join(Extension, Extension.account_id == Account.id)
        .join(Assignment)
        .where(Assignment.slug == PLANS[2].slug),
    )
    person = wrong.student.email
    return {
        "courses": "/courses",
        "course": HERE,
        "assignment-staff": CURRENT,
        "assignment-late-staff": LATE,
        "assignment-limited-staff": FIRST,
        "assignment-upcoming-staff": UPCOMING,
        "assignment-edit": f"{CURRENT}/edit",
        "assignment-new": f"{HERE}/new-assignment",
        "assignment-delete": f"{CURRENT}/delete",
        "extensions": f"{CURRENT}/extensions",
        "extension-remove": f"{CURRENT}/extensions/remove?student={extended}",
        "upload": f"{CURRENT}/upload",
        "lecture": f"{CURRENT}/lecture",
        "release": f"{LATE}/release",
        "regrade": f"{FIRST}/regrades/{regrade.id}",
        "gradebook": f"{HERE}/gradebook",
        "gradebook-by-total": f"{HERE}/gradebook?sort=-total",
        "gradebook-older": f"{HERE}/gradebook?show=older",
        "student": f"{HERE}/students/{person}?assignment={PLANS[2].slug}",
        "people": f"{HERE}/people",
        "person": f"{HERE}/people/{person}",
        "person-remove": f"{HERE}/people/{person}/remove",
        "settings": f"{HERE}/settings",
        "archive": f"{HERE}/archive",
        "course-delete": f"{HERE}/delete",
        "audit": f"{HERE}/audit",
        "audit-installation": "/audit",
        "operator": "/operator",
        "accounts": "/accounts",
        "account-one": f"/accounts/{person}",
        "account-delete": f"/accounts/{person}/delete",
        "account": "/account",
        "review": f"/submissions/{wrong.id}/review",
        "review-failed": f"/submissions/{failed.id}/review",
        "comment-delete": f"/submissions/{comment.submission_id}/comments/{comment.id}/delete",
        "new-course": "/new-course",
        "help-teachers": "/help/teachers",
    }


def _of_student(session: Session, student: str) -> dict[str, str]:
    mine = _wrong().where(Account.email == student)
    own = _first(session, mine)
    limited = _first(session, mine.join(Assignment).where(Assignment.slug == PLANS[0].slug))
    return {
        "course-student": HERE,
        "assignment-student": CURRENT,
        "assignment-held-student": LATE,
        "assignment-limited-student": FIRST,
        "report": f"/submissions/{own.id}",
        "test": f"/submissions/{own.id}/cases/{_failing_case(own)}",
        "again": f"{CURRENT}/submissions/{own.id}/again?filename=value.py",
        "report-limited": f"/submissions/{limited.id}",
        "test-limited": f"/submissions/{limited.id}/cases/{_failing_case(limited)}",
        "own-account-delete": "/account/delete",
        "learn": "/learn",
        **{f"learn-{name}": f"/learn/{name}" for name in LESSONS},
        "learn-rules": "/learn/rules",
        "learn-worked-example": "/learn/worked-example",
        "learn-reference": "/learn/reference",
        "help-students": "/help/students",
    }


def _open(session: Session) -> dict[str, str]:
    code = _first(session, select(JoinCode.code))
    invited = _first(session, select(Account).order_by(Account.student_number.desc()))
    link = issue_links(session, None, [invited])[invited.id].path
    session.commit()
    return {
        "sign-in": "/sign-in",
        "join": "/join",
        "join-code": f"/join/{code}",
        "link": link,
        "link-not-valid": "/link/unknown",
    }


def _wrong() -> Select[Submission]:
    """Graded submissions with lost points, the newest first."""
    return (
        select(Submission)
        .join(Grading)
        .join(Account, Account.id == Submission.student_id)
        .where(
            Grading.status == Status.DONE,
            Grading.preview.is_(False),
            Grading.problem.is_(None),
            Grading.score < Grading.max_score,
        )
        .order_by(Submission.submitted_at.desc(), Submission.id)
    )


def _failing_case(submission: Submission) -> str:
    return next(
        f"{suite}/{case}"
        for suite, cases in (submission.counting.tally or {})["suites"].items()
        for case, failure in cases.items()
        if failure is not None
    )


def _first(session: Session, query: Select[Found]) -> Found:
    found = session.scalars(query.limit(1)).first()
    assert found is not None, "The class is of an earlier version: delete var-demo/."
    return found
