"""The pages on which teachers create, change and copy a course."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from service.courses import courses
from service.courses.copying import copy_course
from service.courses.models import Course
from service.courses.slugs import choose_slug
from service.courses.time_zones import list_time_zones
from service.errors import ServiceError
from service.web.forms import Form, FormState, read_form, rejected
from service.web.request import db_session, require_account
from service.web.view.times import use_times_of

blueprint = Blueprint("course_forms", __name__)


class CourseForm(Form):
    """A course."""

    slug: str = ""
    title: str = ""
    time_zone: str = ""


class CopyForm(Form):
    """A copy of a course; its dates are `shift_days` later."""

    copy_slug: str = ""
    copy_title: str = ""
    shift_days: int = 0


COPY_FIELDS = {"slug": "copy_slug", "title": "copy_title"}


@blueprint.get("/new-course")
def show_new() -> BaseResponse:
    """The form of a new course."""
    return _new_page(FormState())


@blueprint.post("/new-course")
def create() -> BaseResponse:
    """Create a course, and become its teacher."""
    account = require_account()
    form = read_form(CourseForm)
    try:
        made = courses.create_course(
            db_session(),
            account,
            slug=choose_slug(form.slug, form.title),
            title=form.title,
            time_zone=form.time_zone or "UTC",
        )
    except ServiceError as error:
        return rejected(_new_page(FormState.rejected(CourseForm, error)), error)
    return redirect(f"/courses/{made.slug}", 303)


@blueprint.get("/courses/<course>/settings")
def show_settings(course: str) -> BaseResponse:
    """A course's title, address and time zone, with a form to copy it."""
    return _settings_page(course, FormState(), FormState())


@blueprint.post("/courses/<course>/settings")
def change(course: str) -> BaseResponse:
    """Change a course."""
    account = require_account()
    form = read_form(CourseForm)
    try:
        found = _find(course)
        courses.change_course(
            db_session(),
            account,
            found,
            slug=form.slug.strip(),
            title=form.title,
            time_zone=form.time_zone,
        )
    except ServiceError as error:
        state = FormState.rejected(CourseForm, error)
        return rejected(_settings_page(course, state, FormState()), error)
    flash("The settings were saved.")
    return redirect(f"/courses/{found.slug}", 303)


@blueprint.post("/courses/<course>/settings/copy")
def copy(course: str) -> BaseResponse:
    """Create a course with the same assignments."""
    account = require_account()
    try:
        form = read_form(CopyForm)
        made = copy_course(
            db_session(),
            account,
            _find(course),
            slug=form.copy_slug.strip(),
            title=form.copy_title,
            days=form.shift_days,
        )
    except ServiceError as error:
        state = FormState.rejected(CopyForm, error, shown_at=COPY_FIELDS)
        return rejected(_settings_page(course, FormState(), state), error)
    return redirect(f"/courses/{made.slug}", 303)


def _find(slug: str) -> Course:
    course = courses.find_taught_course(db_session(), require_account(), slug)
    use_times_of(course)
    return course


def _new_page(form: FormState) -> Response:
    may = courses.may_create_courses(db_session(), require_account())
    zones = list_time_zones()
    return make_response(render_template("new_course.html", form=form, may=may, zones=zones))


def _settings_page(slug: str, form: FormState, copied: FormState) -> Response:
    return make_response(
        render_template(
            "course_settings.html",
            course=_find(slug),
            may_copy=courses.may_create_courses(db_session(), require_account()),
            form=form,
            copied=copied,
            zones=list_time_zones(),
        )
    )
