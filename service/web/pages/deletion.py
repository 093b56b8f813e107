"""Delete a course or an account. Each has its own page, where one types its address to confirm."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from service.courses.models import Course
from service.errors import Invalid, ServiceError
from service.marks.deletion import (
    delete_account,
    delete_course,
    extent_of_account,
    extent_of_course,
)
from service.people.accounts import find_account
from service.people.models import Account
from service.people.personal import normalise_email
from service.web.forms import ConfirmForm, FormState, read_form, rejected
from service.web.found import course_of_page
from service.web.request import db_session, forget, require_account, services

blueprint = Blueprint("deletion", __name__)


@blueprint.get("/courses/<slug>/delete")
def ask_about_course(slug: str) -> BaseResponse:
    """What deleting the course removes, and the form."""
    actor = require_account()
    return _course_page(actor, course_of_page(actor, slug), FormState())


@blueprint.post("/courses/<slug>/delete")
def confirm_course(slug: str) -> BaseResponse:
    """Delete the course, if its address was typed."""
    actor, form = require_account(), read_form(ConfirmForm)
    course = course_of_page(actor, slug)
    try:
        _require_typed(form.confirm.strip(), course.slug)
    except Invalid as error:
        return rejected(_course_page(actor, course, _state(error)), error)
    delete_course(db_session(), actor, course, services().settings)
    flash("The course was deleted.")
    return redirect("/courses", 303)


@blueprint.get("/account/delete")
def ask_about_own() -> BaseResponse:
    """What deleting one's own account removes, and the form."""
    actor = require_account()
    return _account_page(actor, actor, FormState())


@blueprint.post("/account/delete")
def confirm_own() -> BaseResponse:
    """Delete one's own account, if its e-mail was typed, and sign out."""
    actor = require_account()
    answer = _delete_account(actor, actor, read_form(ConfirmForm), "/sign-in")
    if answer.status_code == 303:
        forget()
    return answer


@blueprint.get("/accounts/<email>/delete")
def ask_about_account(email: str) -> BaseResponse:
    """The same about somebody's account, for operators."""
    actor = require_account()
    return _account_page(actor, find_account(db_session(), actor, email), FormState())


@blueprint.post("/accounts/<email>/delete")
def confirm_account(email: str) -> BaseResponse:
    """Delete somebody's account, if its e-mail was typed."""
    actor, form = require_account(), read_form(ConfirmForm)
    account = find_account(db_session(), actor, email)
    return _delete_account(actor, account, form, "/accounts")


def _delete_account(
    actor: Account, account: Account, form: ConfirmForm, onward: str
) -> BaseResponse:
    try:
        _require_typed(normalise_email(form.confirm), account.email)
        delete_account(db_session(), actor, account, services().settings)
    except ServiceError as error:
        return rejected(_account_page(actor, account, _state(error)), error)
    return redirect(onward, 303)


def _require_typed(typed: str, expected: str) -> None:
    if typed != expected:
        message = f"Type {expected} to confirm."
        raise Invalid(message, fields={"confirm": message})


def _state(error: ServiceError) -> FormState:
    return FormState.rejected(ConfirmForm, error)


def _course_page(actor: Account, course: Course, form: FormState) -> Response:
    extent = extent_of_course(db_session(), actor, course)
    return make_response(
        render_template("delete_course.html", course=course, extent=extent, form=form)
    )


def _account_page(actor: Account, account: Account, form: FormState) -> Response:
    extent = extent_of_account(db_session(), actor, account)
    own = account.id == actor.id
    return make_response(
        render_template("delete_account.html", account=account, own=own, extent=extent, form=form)
    )
