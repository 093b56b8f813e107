"""Use cases about marks and what leads to them."""

from __future__ import annotations

import contextlib
import io
import uuid
from pathlib import Path
from typing import Any

from sqlalchemy import select

from service.courses import (
    students,
)
from service.errors import Conflict
from service.marks import (
    archive,
    archive_builds,
    class_map,
    comments,
    deletion,
    export,
    extensions,
    gradebook,
    listing,
    overrides,
    own_data,
    regrade_changes,
    regraded,
    regrades,
    release,
    results,
    review_order,
    since,
)
from service.marks.models import Comment, Regrade, Which
from service.settings import Settings
from service.store.database import make_readers
from tests.service.conftest import make_settings
from tests.service.use_cases.case import (
    ENROLLED,
    OPERATORS,
    STAFF,
    TEACHER,
    World,
    of_course,
    of_installation,
    own_or_student,
)


def release_marks(world: World, actor: Any) -> None:
    with contextlib.suppress(Conflict):  # nothing is held back
        release.release_marks(world.session, actor, world.members.assignment)


def find_regrade(world: World, status: str) -> Regrade:
    """The world's only regrade with this status."""
    return world.session.scalars(select(Regrade).where(Regrade.status == status)).one()


def settings_of(world: World) -> Settings:
    """Settings of the installation whose database it is."""
    return make_settings(Path(str(world.session.get_bind().engine.url.database)).parent)


def start_build(world: World, actor: Any) -> object:
    readers = make_readers(world.session.get_bind().engine)
    settings = settings_of(world)
    return archive_builds.start_build(
        world.session, actor, world.course, settings, readers, run=lambda work: work()
    )


def find_build(world: World, actor: Any) -> object:
    build = archive_builds.start_build(
        world.session,
        world.members.teacher,
        world.course,
        settings_of(world),
        make_readers(world.session.get_bind().engine),
        run=lambda work: work(),
    )
    return archive_builds.find_build(world.session, actor, world.course, settings_of(world), build)


def comment_of_teacher(world: World) -> uuid.UUID:
    """The world's only comment."""
    return world.session.scalars(select(Comment.id)).one()


MARKS = [
    of_course(
        review_order.find_neighbours,
        STAFF,
        lambda w, a: review_order.find_neighbours(
            w.session,
            a,
            w.members.assignment,
            w.student,
            listing.View(),
            review_order.ReviewFilter(),
        ),
    ),
    of_course(
        since.read_since,
        STAFF | {"student"},
        lambda w, a: since.read_since(w.session, a, w.submission),
    ),
    of_course(
        comments.list_comments,
        STAFF | {"student"},
        lambda w, a: comments.list_comments(w.session, a, w.submission),
    ),
    of_course(
        comments.find_comment,
        STAFF | {"student"},
        lambda w, a: comments.find_comment(w.session, a, w.submission, comment_of_teacher(w)),
    ),
    of_course(
        comments.add_comment,
        {"assistant", "teacher"},
        lambda w, a: comments.add_comment(w.session, a, w.submission, line=1, text="Why?"),
    ),
    of_course(
        comments.delete_comment,
        {"teacher"},
        lambda w, a: comments.delete_comment(w.session, a, w.submission, comment_of_teacher(w)),
    ),
    of_course(
        comments.note_read,
        STAFF | {"student"},
        lambda w, a: comments.note_read(w.session, a, w.submission),
    ),
    of_course(
        comments.count_unread,
        ENROLLED,
        lambda w, a: comments.count_unread(w.session, a, w.course),
    ),
    of_course(
        gradebook.marks, STAFF, lambda w, a: gradebook.marks(w.session, a, w.members.assignment)
    ),
    of_course(
        gradebook.mark_of,
        STAFF | {"student"},
        lambda w, a: gradebook.mark_of(w.session, a, w.members.assignment, w.student),
    ),
    of_course(
        gradebook.marks_of,
        STAFF | {"student"},
        lambda w, a: gradebook.marks_of(w.session, a, w.course, w.student),
    ),
    of_course(
        gradebook.marks_of,
        ENROLLED | {"local"},
        lambda w, a: gradebook.marks_of(w.session, a, w.course, own_or_student(w, a)),
    ),
    of_course(gradebook.gradebook, STAFF, lambda w, a: gradebook.gradebook(w.session, a, w.course)),
    of_course(
        gradebook.count_students,
        STAFF,
        lambda w, a: gradebook.count_students(w.session, a, w.course),
    ),
    of_course(
        gradebook.count_submitters,
        STAFF,
        lambda w, a: gradebook.count_submitters(w.session, a, w.course),
    ),
    of_course(
        class_map.read_insights,
        STAFF,
        lambda w, a: class_map.read_insights(w.session, a, w.members.assignment),
    ),
    of_course(
        class_map.read_development,
        STAFF,
        lambda w, a: class_map.read_development(w.session, a, w.members.assignment, [w.student]),
    ),
    of_course(
        export.grades_csv,
        STAFF,
        lambda w, a: export.grades_csv(w.session, a, w.members.assignment),
    ),
    of_course(export.grades_csv, STAFF, lambda w, a: export.grades_csv(w.session, a, w.course)),
    of_course(release.release_marks, TEACHER, release_marks),
    of_course(
        students.find_student,
        STAFF,
        lambda w, a: students.find_student(w.session, a, w.course.id, w.student.email),
    ),
    of_course(
        students.list_students,
        STAFF,
        lambda w, a: students.list_students(w.session, a, w.course.id),
    ),
    of_course(
        extensions.set_extension,
        TEACHER,
        lambda w, a: extensions.set_extension(
            w.session, a, w.members.assignment, w.student, extensions.Grant(attempt_limit=4)
        ),
    ),
    of_course(
        extensions.remove_extension,
        TEACHER,
        lambda w, a: extensions.remove_extension(w.session, a, w.members.assignment, w.student),
    ),
    of_course(
        extensions.list_extensions,
        STAFF,
        lambda w, a: extensions.list_extensions(w.session, a, w.members.assignment),
    ),
    of_course(
        overrides.set_override,
        {"assistant", "teacher"},
        lambda w, a: overrides.set_override(w.session, a, w.submission, score=9, reason="Oral"),
    ),
    of_course(
        overrides.set_mark,
        {"assistant", "teacher"},
        lambda w, a: overrides.set_mark(
            w.session, a, w.members.assignment, w.student, score=9, reason="Oral"
        ),
    ),
    of_course(
        overrides.overrides_of,
        STAFF,
        lambda w, a: overrides.overrides_of(w.session, a, w.members.assignment, w.student),
    ),
    of_course(
        regraded.changed_by_regrades,
        STAFF | {"student"},
        lambda w, a: regraded.changed_by_regrades(w.session, a, w.course, w.student, []),
    ),
    of_course(
        regrades.regrade,
        TEACHER,
        lambda w, a: regrades.regrade(w.session, a, w.submission, lambda _: None),
    ),
    of_course(
        regrades.start_regrade,
        TEACHER,
        lambda w, a: regrades.start_regrade(
            w.session, a, w.members.assignment, Which.ALL, lambda _: None
        ),
    ),
    of_course(
        regrades.find_regrade,
        STAFF,
        lambda w, a: regrades.find_regrade(w.session, a, find_regrade(w, "running").id),
    ),
    of_course(
        regrades.find_open,
        STAFF,
        lambda w, a: regrades.find_open(w.session, a, w.members.assignment),
    ),
    of_course(
        regrades.list_regrades,
        STAFF,
        lambda w, a: regrades.list_regrades(w.session, a, w.members.assignment),
    ),
    of_course(
        regrades.apply_regrade,
        TEACHER,
        lambda w, a: regrades.apply_regrade(w.session, a, find_regrade(w, "running").id),
    ),
    of_course(
        regrades.cancel_regrade,
        TEACHER,
        lambda w, a: regrades.cancel_regrade(w.session, a, find_regrade(w, "running").id),
    ),
    of_course(
        regrades.undo_regrade,
        TEACHER,
        lambda w, a: regrades.undo_regrade(w.session, a, find_regrade(w, "applied").id),
    ),
    of_course(
        regrade_changes.find_changes,
        STAFF,
        lambda w, a: regrade_changes.find_changes(
            w.session, a, w.members.assignment, find_regrade(w, "running")
        ),
    ),
    of_course(
        archive.count_archived,
        TEACHER,
        lambda w, a: archive.count_archived(w.session, a, w.course),
    ),
    of_course(
        archive.write_archive,
        TEACHER,
        lambda w, a: archive.write_archive(w.session, a, w.course, io.BytesIO()),
    ),
    of_course(archive_builds.start_build, {"teacher"}, start_build),
    of_course(archive_builds.find_build, TEACHER, find_build),
    of_installation(
        own_data.write_own_data,
        {"local", "student"},
        lambda w, a: own_data.write_own_data(w.session, a, w.student, io.BytesIO()),
    ),
    of_course(
        listing.list_gradebook,
        STAFF,
        lambda w, a: listing.list_gradebook(w.session, a, w.course, listing.View()),
    ),
    of_installation(
        deletion.extent_of_account,
        OPERATORS | {"student"},
        lambda w, a: deletion.extent_of_account(w.session, a, w.student),
    ),
    of_installation(
        deletion.delete_account,
        OPERATORS | {"student"},
        lambda w, a: deletion.delete_account(w.session, a, w.student, settings_of(w)),
    ),
    of_course(
        deletion.extent_of_course,
        TEACHER | OPERATORS,
        lambda w, a: deletion.extent_of_course(w.session, a, w.course),
    ),
    of_course(
        deletion.delete_course,
        TEACHER | OPERATORS,
        lambda w, a: deletion.delete_course(w.session, a, w.course, settings_of(w)),
    ),
    of_course(
        results.read_result,
        STAFF | {"student"},
        lambda w, a: results.read_result(w.session, a, w.submission.grading),
    ),
    of_course(
        results.read_result_json,
        STAFF | {"student"},
        lambda w, a: results.read_result_json(w.session, a, w.submission.grading),
    ),
    of_course(
        results.read_results_json,
        STAFF | {"student"},
        lambda w, a: results.read_results_json(w.session, a, [w.submission.grading]),
    ),
    of_course(
        results.read_counterexample,
        STAFF | {"student"},
        lambda w, a: results.read_counterexample(w.session, a, w.submission),
    ),
]
