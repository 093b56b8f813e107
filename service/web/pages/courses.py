"""The list of courses, a course, and its gradebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from service.courses.access import is_staff
from service.courses.courses import list_enrolments, may_create_courses
from service.courses.deadlines import Terms, extensions_of
from service.courses.models import Assignment, Course, Enrolment
from service.courses.students import Person
from service.marks.comments import Unread, count_unread
from service.marks.export import grades_csv
from service.marks.gradebook import Mark, count_students, count_submitters, marks_of
from service.marks.listing import list_gradebook
from service.marks.regraded import Regraded, changed_by_regrades
from service.people.models import Account
from service.store.base import now
from service.web.download import csv_file, csv_format
from service.web.found import course_of_page
from service.web.request import db_session, require_account
from service.web.view.due_dates import Due, due
from service.web.view.listed import Links, read_view

blueprint = Blueprint("courses", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An assignment in a course's list: with `mark` for a student, with numbers for staff."""

    assignment: Assignment
    due: Due
    mark: Mark | None = None
    regraded: Regraded | None = None
    unread: Unread | None = None
    submitters: int = 0
    students: int = 0


@blueprint.get("/")
def show_front() -> BaseResponse | str:
    """Go to the only course, or list them all."""
    account = require_account()
    enrolments = list_enrolments(db_session(), account)
    if len(enrolments) == 1:
        return redirect(f"/courses/{enrolments[0].course.slug}", 303)
    return _show_list(account, enrolments)


@blueprint.get("/courses")
def show_courses() -> str:
    """The person's courses."""
    account = require_account()
    return _show_list(account, list_enrolments(db_session(), account))


@blueprint.get("/courses/<slug>")
def show_course(slug: str) -> str:
    """A course's assignments."""
    account = require_account()
    course = course_of_page(account, slug)
    staff = is_staff(db_session(), account, course.id)
    list_entries = _staff_entries if staff else _student_entries
    entries = list_entries(db_session(), account, course)
    return render_template("course.html", course=course, staff=staff, entries=entries)


def _show_list(account: Account, enrolments: list[Enrolment]) -> str:
    may_create = may_create_courses(db_session(), account)
    return render_template("courses.html", enrolments=enrolments, may_create=may_create)


@blueprint.get("/courses/<slug>/gradebook")
def show_gradebook(slug: str) -> str:
    """Students by assignments."""
    account = require_account()
    course = course_of_page(account, slug)
    view = read_view(request.args)
    book = list_gradebook(db_session(), account, course, view)
    return render_template(
        "gradebook.html",
        course=course,
        book=book,
        view=view,
        links=Links(f"/courses/{course.slug}/gradebook", view),
        namesakes=_namesakes(book.matching),
    )


@blueprint.get("/courses/<slug>/grades.csv")
def download_gradebook(slug: str) -> BaseResponse:
    """The gradebook for a spreadsheet."""
    account = require_account()
    course = course_of_page(account, slug)
    text = grades_csv(db_session(), account, course, csv_format())
    return csv_file(text, f"{course.slug}-grades.csv")


def _namesakes(students: Sequence[Person]) -> set[str]:
    """Names that several students have: only an address tells them apart."""
    return {name for name, count in Counter(each.name for each in students).items() if count > 1}


def _student_entries(session: Session, account: Account, course: Course) -> list[Entry]:
    marks, moment = marks_of(session, account, course, account), now()
    regraded = changed_by_regrades(session, account, course, account, marks.values())
    unread = count_unread(session, account, course)
    extensions = extensions_of(session, [each.id for each in course.assignments], account)
    return [
        Entry(
            assignment=each,
            due=due(Terms.of(each, extensions.get(each.id)), moment),
            mark=marks[each.id],
            regraded=regraded.get(each.id),
            unread=unread.get(each.id),
        )
        for each in course.assignments
    ]


def _staff_entries(session: Session, account: Account, course: Course) -> list[Entry]:
    submitters = count_submitters(session, account, course)
    students = count_students(session, account, course)
    moment = now()
    return [
        Entry(
            assignment=each,
            due=due(Terms.of(each), moment),
            submitters=submitters.get(each.id, 0),
            students=students,
        )
        for each in course.assignments
    ]
