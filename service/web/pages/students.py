"""The page of one student of a course: their marks, and a form to set one by hand."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from service.courses.models import Assignment, Course
from service.courses.students import find_student
from service.errors import Invalid, NotFound
from service.marks.gradebook import marks_of
from service.marks.overrides import overrides_of, set_mark
from service.people.models import Account
from service.web.bodies import REASON, accept_body
from service.web.forms import FormState, MarkForm, read_form, rejected
from service.web.found import course_of_page
from service.web.request import db_session, require_account

blueprint = Blueprint("students", __name__, url_prefix="/courses/<slug>/students/<email>")


@blueprint.get("")
def show_student(slug: str, email: str) -> BaseResponse:
    """A student's marks. `?assignment=` opens the form for one of them."""
    course, student = _find(slug, email)
    wanted = request.args.get("assignment")
    chosen = None if wanted is None else _choose(course, wanted)
    return _page(course, student, chosen, FormState())


@blueprint.post("/marks/<assignment>")
@accept_body(REASON)
def set_one(slug: str, email: str, assignment: str) -> BaseResponse:
    """Set a mark by hand, or remove it. The student may have submitted nothing."""
    account = require_account()
    try:
        form = read_form(MarkForm)
        course, student = _find(slug, email)
        chosen = _choose(course, assignment)
        set_mark(db_session(), account, chosen, student, score=form.score, reason=form.reason)
    except Invalid as error:
        course, student = _find(slug, email)
        state = FormState.rejected(MarkForm, error)
        return rejected(_page(course, student, _choose(course, assignment), state), error)
    flash(form.done)
    return redirect(f"/courses/{course.slug}/students/{quote(student.email)}", 303)


def _find(slug: str, email: str) -> tuple[Course, Account]:
    account = require_account()
    course = course_of_page(account, slug)
    return course, find_student(db_session(), account, course.id, email)


def _choose(course: Course, slug: str) -> Assignment:
    for assignment in course.assignments:
        if assignment.slug == slug:
            return assignment
    raise NotFound("There is no such assignment in this course.")


def _page(course: Course, student: Account, chosen: Assignment | None, form: FormState) -> Response:
    account = require_account()
    found = marks_of(db_session(), account, course, student)
    return make_response(
        render_template(
            "student.html",
            course=course,
            student=student,
            marks=[found[each.id] for each in course.assignments],
            chosen=None if chosen is None else found[chosen.id],
            overrides=[]
            if chosen is None
            else overrides_of(db_session(), account, chosen, student),
            form=form,
        )
    )
