"""The people of a course: list, import, add, change and remove them."""

from __future__ import annotations

import uuid
from datetime import timedelta

from flask import Blueprint, Response, flash, make_response, redirect, render_template
from pydantic import Field
from werkzeug.wrappers import Response as BaseResponse

from service.courses import invitations, join_codes, roster
from service.courses.access import is_teacher, require_teacher
from service.courses.invitations import may_give_link
from service.courses.models import Course, Role
from service.courses.roster_file import decode_roster, read_csv
from service.courses.roster_import import Imported, Outcome, add_person, import_roster
from service.errors import Invalid, ServiceError, TooLarge
from service.people.models import Account
from service.store.base import now
from service.web.bodies import EMAILS, MAX_FORM_FIELDS, ROSTER, accept_body
from service.web.forms import Form, FormState, UploadedFile, read_form, rejected
from service.web.found import course_of_page
from service.web.request import db_session, require_account, services, site_url

blueprint = Blueprint("people", __name__)

MAX_NOTES = 10  # that fit into the cookie which carries them to the next page
ROLES = [(role.value, role.value.capitalize()) for role in Role]


class PersonForm(Form):
    """One person of a course."""

    email: str = ""
    name: str = ""
    student_number: str = ""
    role: Role = Role.STUDENT


class RosterForm(Form):
    """A roster as a file or as pasted text. `apply` is sent by the preview."""

    file: UploadedFile | None = None
    roster: str = ""
    apply: bool = False

    @property
    def content(self) -> bytes:
        """The file, or else the pasted text."""
        if self.file is not None and self.file.filename:
            return self.file.content
        return self.roster.encode("utf-8", "replace")


class InviteForm(Form):
    """E-mails as somebody pasted them, or everybody in the course who has no password."""

    emails: str = ""
    all_without_password: bool = False


class NewCodeForm(Form):
    """For how many days a join code is valid."""

    days: int = Field(14, ge=1, le=365)


class RoleForm(Form):
    """Another role for a person."""

    role: Role


@blueprint.get("/courses/<slug>/people")
def show_people(slug: str) -> BaseResponse:
    """Everybody in the course; teachers can change it."""
    account = require_account()
    return _page(course_of_page(account, slug), account)


@blueprint.post("/courses/<slug>/people/add")
def add(slug: str) -> BaseResponse:
    """Add one person."""
    account = require_account()
    course = None
    try:
        form = read_form(PersonForm)
        course = course_of_page(account, slug)
        result = add_person(
            db_session(),
            account,
            course,
            email=form.email,
            name=form.name,
            student_number=form.student_number,
            role=form.role,
        )
    except ServiceError as error:
        course = course or course_of_page(account, slug)
        state = FormState.rejected(PersonForm, error)
        return rejected(_page(course, account, person=state), error)
    _say_result(result)
    return redirect(f"/courses/{course.slug}/people", 303)


@blueprint.post("/courses/<slug>/people/import")
@accept_body(ROSTER)
def import_people(slug: str) -> BaseResponse:
    """Show what an import would do; then do it."""
    account = require_account()
    try:
        form = read_form(RosterForm, content="roster")
    except TooLarge as error:
        course = course_of_page(account, slug)
        return rejected(_page(course, account, roster_form=FormState(errors=error.fields)), error)
    course = course_of_page(account, slug)
    try:
        if not form.content.strip():
            raise Invalid("Paste a list or choose a file first.", fields={"roster": ""})
        given = read_csv(form.content)
        result = import_roster(db_session(), account, course, given, dry_run=not form.apply)
    except ServiceError as error:
        state = FormState(
            values={"roster": form.roster},
            errors={"roster": error.message} if isinstance(error, Invalid) else {},
            message="" if isinstance(error, Invalid) else error.message,
        )
        return rejected(_page(course, account, roster_form=state), error)
    if not result.applied:
        return _preview(course, result, form)
    _say_result(result)
    return redirect(f"/courses/{course.slug}/people", 303)


@blueprint.get("/courses/<slug>/people/<email>")
def show_person(slug: str, email: str) -> BaseResponse:
    """One person, and what a teacher can change."""
    account = require_account()
    return _person_page(course_of_page(account, slug), account, email)


@blueprint.post("/courses/<slug>/people/<email>/role")
def change_role(slug: str, email: str) -> BaseResponse:
    """Give a person another role."""
    account = require_account()
    form = read_form(RoleForm)
    course = course_of_page(account, slug)
    try:
        roster.set_role(db_session(), account, course, email, form.role)
    except ServiceError as error:
        state = FormState.rejected(RoleForm, error)
        return rejected(_person_page(course, account, email, state), error)
    flash(f"{email} is {form.role} now.")
    return redirect(f"/courses/{course.slug}/people", 303)


@blueprint.get("/courses/<slug>/people/<email>/remove")
def ask_remove(slug: str, email: str) -> BaseResponse:
    """Ask whether to remove a person."""
    account = require_account()
    course = course_of_page(account, slug)
    require_teacher(db_session(), account, course.id)
    return _removal_page(course, account, email)


@blueprint.post("/courses/<slug>/people/<email>/remove")
def remove(slug: str, email: str) -> BaseResponse:
    """Remove a person; the next page offers a way back."""
    account = require_account()
    course = course_of_page(account, slug)
    person = roster.find_person(db_session(), account, course, email).account
    try:
        role = roster.unenrol(db_session(), account, course, email)
    except ServiceError as error:
        return rejected(_removal_page(course, account, email, error.message), error)
    removed = {"email": person.email, "name": person.name, "role": role.value}
    flash(removed, "removed")  # type: ignore[arg-type]  # any JSON value may be flashed
    return redirect(f"/courses/{course.slug}/people", 303)


@blueprint.post("/courses/<slug>/people/invite")
@accept_body(EMAILS)
def invite(slug: str) -> BaseResponse:
    """Make links for these e-mails, or for all who have no password; show them once."""
    account, form = require_account(), read_form(InviteForm)
    course = course_of_page(account, slug)
    try:
        typed = form.emails.replace(",", " ").replace(";", " ").split()
        emails = None if form.all_without_password else typed
        invited = invitations.invite(db_session(), account, course, emails)
    except ServiceError as error:
        state = FormState.rejected(InviteForm, error)
        return rejected(_page(course, account, invite_form=state), error)
    mailer = services().mailer
    sent = mailer.send(invitations.write_mails(course, invited, site_url()))
    return make_response(
        render_template(
            "invitations.html",
            course=course,
            invited=invited,
            site=site_url(),
            mails=mailer.enabled,
            sent=sent,
        )
    )


@blueprint.post("/courses/<slug>/people/codes")
def create_code(slug: str) -> BaseResponse:
    """Create a join code."""
    account, form = require_account(), read_form(NewCodeForm)
    course = course_of_page(account, slug)
    expires_at = now() + timedelta(days=form.days)
    join_codes.create_join_code(db_session(), account, course, expires_at=expires_at)
    flash("The join code was created.")
    return redirect(f"/courses/{course.slug}/people#codes", 303)


@blueprint.post("/courses/<slug>/people/codes/<uuid:code_id>/revoke")
def revoke_code(slug: str, code_id: uuid.UUID) -> BaseResponse:
    """End a join code."""
    account = require_account()
    course = course_of_page(account, slug)
    join_codes.revoke_join_code(db_session(), account, course, code_id)
    flash("The code was revoked. Nobody can join with it any more.")
    return redirect(f"/courses/{course.slug}/people", 303)


@blueprint.post("/courses/<slug>/people/<email>/link")
def give_link(slug: str, email: str) -> BaseResponse:
    """Make a one-time link for one person, and show it once."""
    account = require_account()
    course = course_of_page(account, slug)
    link = invitations.give_link_to_person(db_session(), account, course, email)
    person = roster.find_person(db_session(), account, course, email).account
    home = f"/courses/{course.slug}"
    return make_response(
        render_template(
            "one_time_link.html",
            account=person,
            link=link,
            url=site_url() + link.path,
            crumbs_to=[("Courses", "/courses"), (course.title, home), ("People", f"{home}/people")],
            back=f"{home}/people",
        )
    )


def _page(
    course: Course,
    account: Account,
    *,
    person: FormState | None = None,
    roster_form: FormState | None = None,
    invite_form: FormState | None = None,
) -> Response:
    people = roster.list_people(db_session(), account, course)
    teaches = is_teacher(db_session(), account, course.id)
    return make_response(
        render_template(
            "people.html",
            course=course,
            people=people,
            waiting=sum(each.account.password_hash is None for each in people),
            codes=join_codes.list_join_codes(db_session(), account, course) if teaches else [],
            site=site_url(),
            mails=services().mailer.enabled,
            invite_form=invite_form or FormState(),
            code_form=FormState(),
            roles=ROLES,
            person=person or FormState(),
            roster_form=roster_form or FormState(),
        )
    )


def _preview(course: Course, result: Imported, form: RosterForm) -> BaseResponse:
    """The changes that an import would make. The form holds the roster itself."""
    text = decode_roster(form.content)
    if len(text.encode()) > MAX_FORM_FIELDS * 9 // 10:
        error = TooLarge("This roster is too long for a page. Split it.")
        state = FormState(errors={"roster": error.message})
        return rejected(_page(course, require_account(), roster_form=state), error)
    page = make_response(
        render_template("roster_preview.html", course=course, result=result, text=text)
    )
    page.status_code = 422 if result.errors else 200
    return page


def _person_page(
    course: Course, account: Account, email: str, form: FormState | None = None
) -> Response:
    enrolment = roster.find_person(db_session(), account, course, email)
    teaches = is_teacher(db_session(), account, course.id)
    return make_response(
        render_template(
            "person.html",
            course=course,
            enrolment=enrolment,
            may_give_link=teaches and may_give_link(db_session(), account, course, email),
            roles=ROLES,
            form=form or FormState(),
        )
    )


def _removal_page(course: Course, account: Account, email: str, message: str = "") -> Response:
    enrolment = roster.find_person(db_session(), account, course, email)
    return make_response(
        render_template("unenrol.html", course=course, enrolment=enrolment, message=message)
    )


def _say_result(result: Imported) -> None:
    """Show on the next page what an import did."""
    counts = (
        f"{result.count(Outcome.ADDED)} added, {result.count(Outcome.CHANGED)} changed, "
        f"{result.count(Outcome.UNCHANGED)} unchanged."
    )
    flash(counts.capitalize())
    for note in result.notes[:MAX_NOTES]:
        flash(note.message)
