"""The page of an assignment's extensions."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from pydantic import BeforeValidator
from werkzeug.wrappers import Response as BaseResponse

from service.courses.access import require_teacher
from service.courses.deadlines import Terms
from service.courses.models import Assignment, Extension
from service.courses.students import find_student, list_students
from service.errors import NotFound, ServiceError
from service.marks.extensions import Grant, list_extensions, remove_extension, set_extension
from service.people.models import Account
from service.web.addresses import LONG, address_of
from service.web.bodies import REASON, accept_body
from service.web.forms import Form, FormState, read_form, rejected
from service.web.found import assignment_of_page
from service.web.request import db_session, require_account
from service.web.view.local_time import from_field, to_field

blueprint = Blueprint("extensions", __name__, url_prefix=f"{LONG}/extensions")


def _read_limit(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return int(text)
    except ValueError:
        raise ValueError("Give a whole number, such as 5.") from None


class ExtensionForm(Form):
    """Another deadline, by the course's clock, and another attempt limit."""

    email: str = ""
    deadline: str = ""
    attempt_limit: Annotated[int | None, BeforeValidator(_read_limit)] = None
    reason: str = ""


class StudentForm(Form):
    """The student whose extension is removed."""

    email: str = ""


@blueprint.get("")
def show_extensions(course: str, slug: str) -> BaseResponse:
    """Students with an extension, and a form to give one. `?student=` fills the form in."""
    account, assignment = _find(course, slug)
    found = list_extensions(db_session(), account, assignment)
    email = request.args.get("student", "")
    known = next((each for each in found if each.student.email == email), None)
    form = FormState(values={"email": email})
    if known is not None:
        form = FormState(values=_as_typed(known, assignment))
    return _page(account, assignment, found, form)


@blueprint.post("")
@accept_body(REASON)
def set_one(course: str, slug: str) -> BaseResponse:
    """Give a student an extension, or replace it."""
    try:
        form = read_form(ExtensionForm)
        account, assignment = _find(course, slug)
        student = find_student(db_session(), account, assignment.course_id, form.email)
        deadline = from_field(form.deadline, assignment.course, "deadline")
        grant = Grant(deadline=deadline, attempt_limit=form.attempt_limit, reason=form.reason)
        set_extension(db_session(), account, assignment, student, grant)
    except ServiceError as error:
        if not error.fields:
            raise
        account, assignment = _find(course, slug)
        found = list_extensions(db_session(), account, assignment)
        state = FormState.rejected(ExtensionForm, error)
        return rejected(_page(account, assignment, found, state), error)
    flash(f"The extension of {student.name} was saved.")
    return redirect(f"{address_of(assignment)}/extensions", 303)


@blueprint.get("/remove")
def ask_to_remove(course: str, slug: str) -> str:
    """Ask whether to remove an extension."""
    account, assignment = _find(course, slug)
    require_teacher(db_session(), account, assignment.course_id)
    email = request.args.get("student", "")
    for extension in list_extensions(db_session(), account, assignment):
        if extension.student.email == email:
            return render_template(
                "remove_extension.html", assignment=assignment, extension=extension
            )
    raise NotFound("This student has no extension for this assignment.")


@blueprint.post("/remove")
def remove(course: str, slug: str) -> BaseResponse:
    """Remove an extension."""
    form = read_form(StudentForm)
    account, assignment = _find(course, slug)
    student = find_student(db_session(), account, assignment.course_id, form.email)
    remove_extension(db_session(), account, assignment, student)
    flash(f"The extension of {student.name} was removed.")
    return redirect(f"{address_of(assignment)}/extensions", 303)


def _find(course: str, slug: str) -> tuple[Account, Assignment]:
    account = require_account()
    return account, assignment_of_page(account, course, slug)


def _as_typed(extension: Extension, assignment: Assignment) -> dict[str, str]:
    limit = extension.attempt_limit
    return {
        "email": extension.student.email,
        "deadline": to_field(extension.deadline, assignment.course),
        "attempt_limit": "" if limit is None else str(limit),
        "reason": extension.reason,
    }


def _page(
    account: Account, assignment: Assignment, found: list[Extension], form: FormState
) -> Response:
    return make_response(
        render_template(
            "extensions.html",
            assignment=assignment,
            students=list_students(db_session(), account, assignment.course_id),
            extensions=[(each, Terms.of(assignment, each)) for each in found],
            form=form,
        )
    )
