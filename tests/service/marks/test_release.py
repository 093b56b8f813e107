"""Marks that are held back: who sees them, and when."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.audit.models import AuditEntry
from service.errors import Conflict
from service.marks.release import is_held, release_marks
from tests.service.conftest import Class


def test_marks_are_held_until_the_release(session: Session, members: Class) -> None:
    assert not is_held(members.assignment)
    members.assignment.hold_marks = True
    assert is_held(members.assignment)
    release_marks(session, members.teacher, members.assignment)
    assert not is_held(members.assignment)


def test_a_second_release_changes_nothing(session: Session, members: Class) -> None:
    members.assignment.hold_marks = True
    release_marks(session, members.teacher, members.assignment)
    first = members.assignment.released_at
    release_marks(session, members.teacher, members.assignment)
    assert members.assignment.released_at == first
    (entry,) = session.scalars(
        select(AuditEntry).where(AuditEntry.course_id == members.course.id)
    ).all()
    assert (entry.action, entry.actor_id) == ("marks.released", members.teacher.id)


def test_there_is_nothing_to_release_unless_marks_are_held(
    session: Session, members: Class
) -> None:
    with pytest.raises(Conflict, match="aren't held back"):
        release_marks(session, members.teacher, members.assignment)
