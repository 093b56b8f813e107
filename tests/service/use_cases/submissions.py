"""Use cases about submissions."""

from __future__ import annotations

import io
import zipfile

from service.people.models import Account
from service.store.base import now
from service.submissions import (
    attempts,
    find,
    on_behalf,
)
from service.submissions.submit import submit as submit_file
from tests.service.use_cases.case import ENROLLED, STAFF, World, of_course, own_or_student
from tests.support import factories


def submit(world: World, actor: Account) -> object:
    return submit_file(
        world.session,
        actor,
        world.members.assignment,
        lambda _: None,
        filename="value.py",
        content=factories.SOURCE.encode(),
        idempotency_key=None,
        per_minute=20,
        accept_same=True,
    )


def class_files(student: Account) -> bytes:
    """A ZIP of one file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(f"{student.email}/value.py", "class Value:\n    data = 0\n")
    return content.getvalue()


SUBMISSIONS = [
    of_course(submit_file, ENROLLED, submit),
    of_course(
        on_behalf.submit_for,
        {"teacher"},
        lambda w, a: on_behalf.submit_for(
            w.session,
            a,
            w.members.assignment,
            w.student,
            lambda _: None,
            filename="value.py",
            content=b"class Value: ...",
            received_at=now(),
        ),
    ),
    of_course(
        on_behalf.read_class_upload,
        {"teacher"},
        lambda w, a: on_behalf.read_class_upload(
            w.session, a, w.members.assignment, class_files(w.student)
        ),
    ),
    of_course(
        on_behalf.submit_for_class,
        {"teacher"},
        lambda w, a: on_behalf.submit_for_class(
            w.session,
            a,
            w.members.assignment,
            lambda _: None,
            content=class_files(w.student),
            received_at=now(),
        ),
    ),
    of_course(
        find.find_submission,
        STAFF | {"student"},
        lambda w, a: find.find_submission(w.session, a, w.submission.id),
    ),
    of_course(
        find.list_submissions,
        STAFF | {"student"},
        lambda w, a: find.list_submissions(w.session, a, w.members.assignment, w.student),
    ),
    of_course(
        find.list_submissions,
        ENROLLED | {"local"},
        lambda w, a: find.list_submissions(
            w.session, a, w.members.assignment, own_or_student(w, a)
        ),
    ),
    of_course(
        find.list_submissions,
        STAFF,
        lambda w, a: find.list_submissions(w.session, a, w.members.assignment, None),
    ),
    of_course(
        find.find_own,
        {"student"},
        lambda w, a: find.find_own(w.session, a, w.members.assignment, w.submission.id),
    ),
    of_course(
        find.attempts_left,
        STAFF | {"student"},
        lambda w, a: find.attempts_left(w.session, a, w.members.assignment, w.student),
    ),
    of_course(
        find.standing,
        STAFF | {"student"},
        lambda w, a: find.standing(w.session, a, w.members.assignment, w.student, now()),
    ),
    of_course(
        find.queue_position,
        STAFF | {"student"},
        lambda w, a: find.queue_position(w.session, a, w.submission.grading),
    ),
    of_course(
        attempts.find_attempt_before,
        STAFF | {"student"},
        lambda w, a: attempts.find_attempt_before(w.session, a, w.submission),
    ),
]
