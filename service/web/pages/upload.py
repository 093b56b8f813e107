"""Submit for students: one file for one of them, or a ZIP of a class's files with a preview."""

from __future__ import annotations

import base64
import binascii

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from service.courses.access import require_teacher
from service.courses.models import Assignment
from service.courses.students import find_student, list_students
from service.errors import Invalid, ServiceError, TooLarge
from service.people.models import Account
from service.submissions.class_files import MAX_ZIP
from service.submissions.on_behalf import (
    ClassUpload,
    read_class_upload,
    submit_for,
    submit_for_class,
)
from service.web.addresses import LONG, address_of
from service.web.bodies import CLASS_FILES, SOURCE, accept_body
from service.web.forms import Form, FormState, UploadedFile, no_file, read_form, rejected
from service.web.found import assignment_of_page
from service.web.request import arrived_at, db_session, only_read, queue, require_account
from service.web.view.local_time import from_field

blueprint = Blueprint("upload", __name__, url_prefix=f"{LONG}/upload")


class FileForm(Form):
    """A student's file, and when it was received by the course's clock."""

    email: str = ""
    file: UploadedFile | None = None
    received_at: str = ""


class ZipForm(Form):
    """A ZIP of a class's files. The preview sends it back as base64 in `content`.

    `leave_out` says that files with a problem are left out.
    """

    archive: UploadedFile | None = None
    content: str = ""
    class_received_at: str = ""
    leave_out: bool = False

    @property
    def data(self) -> bytes:
        """The ZIP; raises Invalid."""
        if self.archive is not None and self.archive.filename:
            return self.archive.content
        try:
            data = base64.b64decode(self.content, validate=True)
        except (binascii.Error, ValueError):
            data = b""
        if not data:
            raise no_file("archive")
        return data


@blueprint.get("")
def show_upload(course: str, slug: str) -> BaseResponse:
    """Two forms: for one student, and for a class."""
    account, assignment = _find(course, slug)
    return _page(account, assignment, FormState(values={"email": request.args.get("student", "")}))


@blueprint.post("")
@accept_body(SOURCE)
def upload_one(course: str, slug: str) -> BaseResponse:
    """Submit one file for a student."""
    try:
        form = read_form(FileForm, content="file")
    except TooLarge as error:
        return _too_large(course, slug, error)
    account, assignment = _find(course, slug)
    try:
        student = find_student(db_session(), account, assignment.course_id, form.email)
        if form.file is None or not form.file.filename:
            raise no_file("file")
        submission = submit_for(
            db_session(),
            account,
            assignment,
            student,
            queue().enqueue,
            filename=form.file.filename,
            content=form.file.content,
            received_at=from_field(form.received_at, assignment.course, "received_at")
            or arrived_at(),
        )
    except ServiceError as error:
        state = FormState.rejected(FileForm, error)
        return rejected(_page(account, assignment, state), error)
    return redirect(f"/submissions/{submission.id}/review", 303)


@blueprint.post("/class")
@accept_body(CLASS_FILES)
def upload_class(course: str, slug: str) -> BaseResponse:
    """Show what a ZIP would do."""
    only_read()
    return _take_zip(course, slug, apply=False)


@blueprint.post("/class/apply")
@accept_body(CLASS_FILES)
def apply_class(course: str, slug: str) -> BaseResponse:
    """Submit the files of a ZIP, all or none."""
    return _take_zip(course, slug, apply=True)


def _take_zip(course: str, slug: str, *, apply: bool) -> BaseResponse:
    request.max_form_memory_size = CLASS_FILES.size  # the preview sends the ZIP back in a field
    try:
        form = read_form(ZipForm, content="archive")
    except TooLarge as error:
        return _too_large(course, slug, error)
    account, assignment = _find(course, slug)
    try:
        data = form.data
        received_at = from_field(form.class_received_at, assignment.course, "class_received_at")
        if not apply:
            found = read_class_upload(db_session(), account, assignment, data)
            return _preview(assignment, found, form, data, FormState())
        try:
            done = submit_for_class(
                db_session(),
                account,
                assignment,
                queue().enqueue,
                content=data,
                received_at=received_at or arrived_at(),
                leave_out_problems=form.leave_out,
            )
        except Invalid as error:
            if "leave_out" not in error.fields:
                raise
            found = read_class_upload(db_session(), account, assignment, data)
            state = FormState.rejected(ZipForm, error)
            return rejected(_preview(assignment, found, form, data, state), error)
    except ServiceError as error:
        moved = {"received_at": "class_received_at"}
        state = FormState.rejected(ZipForm, error, shown_at=moved)
        return rejected(_page(account, assignment, FormState(), state), error)
    count = len(done.submissions)
    flash("1 file was submitted." if count == 1 else f"{count} files were submitted.")
    return redirect(address_of(assignment), 303)


def _too_large(course: str, slug: str, error: TooLarge) -> BaseResponse:
    account, assignment = _find(course, slug)
    state = FormState(errors=error.fields)
    return rejected(_page(account, assignment, state, state), error)


def _find(course: str, slug: str) -> tuple[Account, Assignment]:
    account = require_account()
    assignment = assignment_of_page(account, course, slug)
    require_teacher(db_session(), account, assignment.course_id)  # a page of forms alone
    return account, assignment


def _page(
    account: Account,
    assignment: Assignment,
    form: FormState,
    class_form: FormState | None = None,
) -> Response:
    return make_response(
        render_template(
            "upload.html",
            assignment=assignment,
            students=list_students(db_session(), account, assignment.course_id),
            form=form,
            class_form=class_form or FormState(),
            megabytes=MAX_ZIP // 1_000_000,
        )
    )


def _preview(
    assignment: Assignment, found: ClassUpload, form: ZipForm, data: bytes, state: FormState
) -> Response:
    return make_response(
        render_template(
            "upload_preview.html",
            assignment=assignment,
            found=found,
            content=base64.b64encode(data).decode("ascii"),
            received_at=form.class_received_at,
            form=state,
        )
    )
