"""The pages on which teachers create, change and delete an assignment."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from service.courses import assignments
from service.courses.assignments import ChangedMeanwhile
from service.courses.models import Assignment, Course
from service.courses.options import AssignmentOptions
from service.courses.slugs import choose_slug
from service.courses.time_zones import zone_of
from service.errors import ServiceError, TooLarge
from service.marks.deletion import delete_assignment
from service.web.addresses import LONG, address_of
from service.web.assignment_form import (
    FIELDS,
    LABELS,
    LATE_KINDS,
    POINTS,
    fill_form,
    list_suites,
    read_options,
    typed_form,
)
from service.web.bodies import ASSIGNMENT_FORM, accept_body
from service.web.forms import FormState, rejected
from service.web.found import assignment_of_page, course_of_page
from service.web.request import db_session, require_account
from service.web.view.changed_options import list_differences
from service.web.view.requirements import list_requirements, suite_outline
from service.web.view.task_text import render_task

blueprint = Blueprint("assignment_forms", __name__)


@blueprint.get("/courses/<course>/new-assignment")
def show_new(course: str) -> BaseResponse:
    """The form with usual options."""
    account = require_account()
    found = course_of_page(account, course)
    options = assignments.new_options(db_session(), account, found)
    return _page(found, None, fill_form(options, zone_of(found)))


@blueprint.post("/courses/<course>/new-assignment")
@accept_body(ASSIGNMENT_FORM)
def create(course: str) -> BaseResponse:
    """Create an assignment, or show its text as students will see it."""
    account = require_account()
    _read_whole_form()
    found = course_of_page(account, course)
    assignments.new_options(db_session(), account, found)
    if "preview" in request.form:
        return _page(found, None, typed_form())
    try:
        options = AssignmentOptions.read(**read_options(zone_of(found)))
        slug = choose_slug(request.form.get("slug", ""), options.title)
        made = assignments.create_assignment(db_session(), account, found, slug, options)
    except ServiceError as error:
        return rejected(_page(_again(course), None, typed_form(error)), error)
    flash("The assignment was created.")
    return redirect(address_of(made), 303)


@blueprint.get(f"{LONG}/edit")
def show_edit(course: str, slug: str) -> BaseResponse:
    """The form with the assignment's options."""
    account = require_account()
    found = assignment_of_page(account, course, slug)
    options = assignments.editable_options(db_session(), account, found)
    form = fill_form(options, zone_of(found.course), slug=found.slug)
    return _page(found.course, found, form)


@blueprint.post(f"{LONG}/edit")
@accept_body(ASSIGNMENT_FORM)
def change(course: str, slug: str) -> BaseResponse:
    """Change the assignment. If somebody else did meanwhile, show the difference first."""
    account = require_account()
    _read_whole_form()
    found = assignment_of_page(account, course, slug)
    options = assignments.editable_options(db_session(), account, found)
    if "preview" in request.form:
        return _page(found.course, found, typed_form(), version=request.form.get("version"))
    version = request.form.get("version", "")
    try:
        changes = read_options(zone_of(found.course))
        if changes["suites"] == options.suites:  # one of them may have left the catalogue
            del changes["suites"]
        assignments.change_assignment(
            db_session(),
            account,
            found,
            changes,
            slug=request.form.get("slug", "").strip(),
            version=int(version) if re.fullmatch("[0-9]{1,9}", version) else None,
        )
    except ChangedMeanwhile as error:
        if not error.differences:
            flash("Somebody else saved the same values meanwhile.")
            return redirect(address_of(found), 303)
        differences = list_differences(error.differences, LABELS)
        return rejected(_page(found.course, found, typed_form(), differences=differences), error)
    except ServiceError as error:
        found = assignment_of_page(account, course, slug)
        page = _page(found.course, found, typed_form(error), version=version)
        return rejected(page, error)
    flash("The assignment was saved.")
    return redirect(address_of(found), 303)


@blueprint.get(f"{LONG}/delete")
def ask_delete(course: str, slug: str) -> str:
    """Ask whether to delete the assignment."""
    account = require_account()
    found = assignment_of_page(account, course, slug)
    assignments.editable_options(db_session(), account, found)
    return render_template("delete_assignment.html", assignment=found, course=found.course)


@blueprint.post(f"{LONG}/delete")
def delete(course: str, slug: str) -> BaseResponse:
    """Delete an assignment to which nobody has submitted."""
    account = require_account()
    found = assignment_of_page(account, course, slug)
    delete_assignment(db_session(), account, found)
    flash("The assignment was deleted.")
    return redirect(f"/courses/{course}", 303)


def _read_whole_form() -> None:
    """Read it before the database is asked for anything; see `read_form`."""
    try:
        _ = request.form
    except RequestEntityTooLarge:
        raise TooLarge(ASSIGNMENT_FORM.message) from None


def _again(course: str) -> Course:
    """The course after a failed change, of which the session remembers nothing."""
    return course_of_page(require_account(), course)


def _page(
    course: Course,
    assignment: Assignment | None,
    form: FormState,
    *,
    version: str | None = None,
    differences: Any = (),
) -> Response:
    points = {name: form.values.get(POINTS + name, "") for name in list_suites(form.values)}
    suites = [
        {"name": name, "outline": suite_outline(name), "points": typed}
        for name, typed in points.items()
    ]
    counting = {name: 1.0 for name, typed in points.items() if typed.strip(" 0.,")}
    return make_response(
        render_template(
            "assignment_form.html",
            course=course,
            assignment=assignment,
            form=form,
            version=version or (assignment.version if assignment else ""),
            differences=differences,
            fields=FIELDS,
            late_kinds=LATE_KINDS,
            suites=suites,
            asked=list_requirements(counting),
            preview=render_task(form.values.get("description", "")),
        )
    )
