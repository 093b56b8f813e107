"""Deleting a person removes what is personal, deleting a course everything, and workers go on."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service.audit.log import record
from service.audit.models import AuditEntry
from service.courses.models import Extension, JoinCode, Role
from service.errors import Conflict, NotFound
from service.marks.deletion import delete_account, delete_course
from service.marks.gradebook import marks
from service.marks.models import Comment, Override, Regrade, RegradeEntry, Which
from service.marks.overrides import set_override
from service.marks.regrades import regrade
from service.people.accounts import account_by_email
from service.people.actors import LocalOperator
from service.people.models import Account, EndedSession, LinkPurpose, OneTimeLink, Token
from service.people.sessions import find_signed_in, new_session
from service.people.tokens import authenticate
from service.settings import Settings
from service.store.base import now
from service.store.database import make_engine, make_sessions
from service.store.tables import load_metadata
from service.submissions import gradings
from service.submissions.models import Grading, Status, StoredReport, Submission
from service.submissions.previews import queue_previews
from service.submissions.submit import submit
from service.upkeep.status import run_again
from tests.service.conftest import Class, make_class
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite

REPORT = make_report(make_suite("rules", make_case("sum")))


def fill(session: Session, members: Class) -> Submission:
    """Give Ada a graded submission, and one row in every table that may refer to her or it."""
    assignment, ada, teacher = members.assignment, members.ada, members.teacher
    secret = {"source": "# by Ada Lovelace", "filename": "ada_lovelace.py"}
    submission = factories.make_graded(session, assignment, ada, REPORT, **secret)
    set_override(session, teacher, submission, score=9, reason="Ada was ill.")
    preview = factories.regrade(session, submission)
    factories.finish(preview, REPORT)
    preview.preview = True
    regrade = Regrade(assignment_id=assignment.id, which=Which.ALL, created_by_id=teacher.id)
    regrade.entries = [RegradeEntry(grading_id=preview.id, before_id=submission.gradings[0].id)]
    session.add_all(
        [
            Comment(submission_id=submission.id, text="Well done, Ada.", author=teacher),
            Extension(
                assignment_id=assignment.id, account_id=ada.id, attempt_limit=3, reason="Ada is ill"
            ),
            JoinCode(course_id=members.course.id, code="code", expires_at=now()),
            OneTimeLink(
                purpose=LinkPurpose.RESET, account_id=ada.id, token_hash="h", expires_at=now()
            ),
            EndedSession(id=ada.id, account_id=ada.id, expires_at=now()),
            regrade,
        ]
    )
    ada.name, ada.student_number = "Ada Lovelace", "S-1815"
    record(session, teacher.id, "override.set", account_id=ada.id, course_id=members.course.id)
    session.commit()
    return submission


def rows(session: Session) -> dict[str, int]:
    """How many rows each table has."""
    tables = load_metadata().sorted_tables
    return {
        each.name: session.scalars(select(func.count()).select_from(each)).one() for each in tables
    }


def test_a_deleted_account_leaves_nothing_personal_anywhere(
    session: Session, members: Class, settings: Settings
) -> None:
    fill(session, members)
    delete_account(session, members.ada, members.ada, settings)
    connection: Any = session.connection().connection.driver_connection
    everything = "\n".join(connection.iterdump()).lower()
    assert not [
        word for word in ("lovelace", "ada@", "is ill", "was ill", "s-1815") if word in everything
    ]
    assert session.scalar(select(StoredReport)) is None
    assert session.scalar(select(Grading.tally).where(Grading.tally.is_not(None))) is None


def test_marks_of_a_deleted_account_stay_with_ids_only(
    session: Session, members: Class, settings: Settings
) -> None:
    submission = fill(session, members)
    members.ada.email = "ada@example.edu"
    delete_account(session, LocalOperator(), members.ada, settings)
    session.expire_all()
    kept = session.get_one(Submission, submission.id)
    assert (kept.source, kept.student_id, kept.attempt) == ("", members.ada.id, 1)
    assert (kept.grading.score, kept.grading.status) == (80.0, Status.DONE)
    override = session.scalars(select(Override)).one()
    assert (override.score, override.student_id) == (9.0, members.ada.id)
    assert [mark.student.name for mark in marks(session, members.teacher, members.assignment)] == [
        "Blaise"
    ]


def test_a_submission_that_was_never_graded_goes_with_the_account(
    session: Session, members: Class, settings: Settings
) -> None:
    submission = factories.make_submission(session, members.assignment, members.ada)
    factories.give_up(submission.grading)
    preview = factories.regrade(session, submission)
    factories.finish(preview, REPORT)
    preview.preview = True
    session.commit()
    delete_account(session, members.ada, members.ada, settings)
    assert session.scalar(select(func.count(Submission.id))) == 0
    assert session.scalar(select(func.count(Grading.id))) == 0
    assert session.scalar(select(StoredReport)) is None


def test_nothing_of_a_deleted_account_is_graded_again(
    session: Session, members: Class, settings: Settings
) -> None:
    submission = fill(session, members)
    failed = factories.regrade(session, submission)
    factories.give_up(failed)
    session.commit()
    delete_account(session, members.ada, members.ada, settings)
    session.expire_all()
    with pytest.raises(Conflict, match="account was deleted"):
        regrade(session, members.teacher, submission, lambda _: None)
    assert queue_previews(session, members.assignment, [submission.id]) == []
    members.teacher.operator = True
    with pytest.raises(Conflict, match="Nothing failed"):
        run_again(session, members.teacher, lambda _: None)


def test_nobody_signs_in_to_a_deleted_account(
    session: Session, members: Class, settings: Settings
) -> None:
    token, email = members.tokens[members.ada.email], members.ada.email
    cookie = new_session(members.ada)
    delete_account(session, members.ada, members.ada, settings)
    assert authenticate(session, token) is None
    assert find_signed_in(session, cookie) is None
    assert account_by_email(session, email) is None
    assert members.ada.deleted_at is not None
    assert session.scalars(select(Token).where(Token.account_id == members.ada.id)).all() == []
    with pytest.raises(NotFound, match="deleted before"):
        delete_account(session, LocalOperator(), members.ada, settings)


def test_the_same_address_may_come_back_as_another_person(
    session: Session, members: Class, settings: Settings
) -> None:
    email = members.ada.email
    delete_account(session, members.ada, members.ada, settings)
    assert factories.make_account(session, "Ada", email).id != members.ada.id


def test_what_a_deleted_teacher_did_stays(
    session: Session, members: Class, settings: Settings
) -> None:
    submission = fill(session, members)
    second = factories.make_account(session)
    factories.enrol(session, members.course, second, Role.TEACHER)
    delete_account(session, members.teacher, members.teacher, settings)
    comment = session.scalars(select(Comment)).one()
    assert (comment.text, comment.author.name) == ("Well done, Ada.", "Deleted account")
    session.expire_all()
    assert session.get_one(Submission, submission.id).source == "# by Ada Lovelace"


def test_the_only_teacher_of_a_course_stays_and_so_does_the_only_operator(
    session: Session, members: Class, settings: Settings
) -> None:
    with pytest.raises(Conflict, match="only teacher of Backpropagation"):
        delete_account(session, members.teacher, members.teacher, settings)
    members.stranger.operator = True
    session.commit()
    with pytest.raises(Conflict, match="only operator"):
        delete_account(session, members.stranger, members.stranger, settings)
    factories.make_account(session).operator = True
    delete_account(session, members.stranger, members.stranger, settings)


def test_a_deletion_is_in_the_audit_of_each_course_and_old_entries_stay(
    session: Session, members: Class, settings: Settings
) -> None:
    fill(session, members)
    ada = members.ada.id
    delete_account(session, members.ada, members.ada, settings)
    delete_course(session, members.teacher, members.course, settings)
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.happened_at)).all()
    found = [(each.action, each.actor_id, each.account_id, each.after) for each in entries]
    assert found[-2:] == [
        ("account.deleted", ada, ada, {"submissions": 1}),
        ("course.deleted", members.teacher.id, None, {"assignments": 1, "submissions": 1}),
    ]
    assert ("override.set", members.teacher.id, ada, None) in found
    assert {each.course_id for each in entries[-2:]} == {members.course.id}
    assert (entries[-3].action, entries[-3].course_id) == ("account.deleted", None)


def test_a_deleted_course_leaves_people_and_the_audit_and_nothing_else(
    session: Session, members: Class, settings: Settings
) -> None:
    fill(session, members)
    folder = settings.data_dir / "archives"
    folder.mkdir(mode=0o700)
    other = folder / f"{members.ada.id}-another-courses.zip"
    for path in (
        other,
        folder / f"{members.course.id}-1.zip",
        folder / f"{members.course.id}-2.part",
    ):
        path.touch()
    delete_course(session, members.teacher, members.course, settings)
    assert list(folder.iterdir()) == [other]
    left = {name for name, count in rows(session).items() if count}
    assert left == {"accounts", "tokens", "audit_entries", "one_time_links", "ended_sessions"}


def test_archives_with_a_deleted_person_go_too(
    session: Session, members: Class, settings: Settings
) -> None:
    worked, named, stranger = (factories.make_course(session) for _ in range(3))
    factories.make_graded(session, factories.make_assignment(session, worked), members.ada, REPORT)
    record(session, None, "enrolment.removed", course_id=named.id, account_id=members.ada.id)
    session.commit()
    folder = settings.data_dir / "archives"
    folder.mkdir(mode=0o700)
    for course in (members.course, worked, named, stranger):
        (folder / f"{course.id}-1.zip").touch()
        (folder / f"{course.id}-2.part").touch()
    delete_account(session, members.ada, members.ada, settings)
    left = {path.name for path in folder.iterdir()}
    assert left == {f"{stranger.id}-1.zip", f"{stranger.id}-2.part"}


def test_a_course_is_deleted_without_touching_another(
    session: Session, members: Class, settings: Settings
) -> None:
    other = factories.make_course(session)
    factories.enrol(session, other, members.teacher, Role.TEACHER)
    student = factories.enrol(session, other, members.ada)
    assignment = factories.make_assignment(session, other)
    factories.make_graded(session, assignment, student, REPORT)
    session.commit()
    before = rows(session)
    fill(session, members)
    delete_course(session, members.teacher, members.course, settings)
    after = rows(session)
    tables = [name for name in before if name not in {"one_time_links", "ended_sessions"}]
    missing = {"enrolments": 4, "courses": 1, "assignments": 1, "assignment_suites": 2}
    for name in tables:
        if name != "audit_entries":
            assert after[name] == before[name] - missing.get(name, 0), name


@pytest.mark.parametrize("what", ["account", "course"])
def test_a_worker_goes_on_when_its_grading_is_deleted(
    database_settings: Settings, what: str
) -> None:
    engine = make_engine(database_settings)
    sessions = make_sessions(engine)
    with sessions() as session:
        members = make_class(session)
        graded = factories.make_graded(session, members.assignment, members.ada, REPORT)
        factories.make_submission(session, members.assignment, members.ada, attempt=2)
        factories.regrade(session, graded)
        session.commit()
        jobs = [
            gradings.claim_next(sessions, database_settings, f"slot {number}") for number in (1, 2)
        ]
        session.rollback()
        if what == "account":
            delete_account(session, members.ada, members.ada, database_settings)
        else:
            delete_course(session, members.teacher, members.course, database_settings)
        first, second = jobs
        assert first is not None
        gradings.record(sessions, first, REPORT)
        if second is not None:
            assert gradings.release(sessions, database_settings, second, "broken") is False
        assert gradings.give_back(sessions, first) is False
        assert gradings.claim_next(sessions, database_settings, "slot 3") is None
        session.rollback()
        session.expire_all()
        left = session.scalars(select(Grading)).all()
        assert [each.status for each in left] == ([Status.DONE] if what == "account" else [])
        assert session.scalar(select(StoredReport)) is None
    engine.dispose()


def test_nothing_is_submitted_after_the_account_was_deleted(
    session: Session, members: Class
) -> None:
    """As if it was deleted while the submission waited for its turn."""
    values = {"deleted_at": now()}
    gone = update(Account).where(Account.id == members.ada.id).values(values)
    session.execute(gone, execution_options={"synchronize_session": False})
    with pytest.raises(NotFound, match="deleted a moment ago"):
        submit(
            session,
            members.ada,
            members.assignment,
            lambda _: None,
            filename="value.py",
            content=b"class Value: pass",
            idempotency_key=None,
            per_minute=20,
            accept_same=True,
        )
    session.rollback()
    assert session.scalar(select(Submission)) is None
