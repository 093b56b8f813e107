"""HTML forms: each is a model, one reader fills it, and one state shows it again.

A form of one page is in the file of that page; these are the others.

A view reads the form, calls a use case, and shows the form again if it was rejected:

    try:
        form = read_form(MarkForm)
        set_override(session, account, submission, score=form.score, reason=form.reason)
    except Invalid as error:
        return rejected(_page(FormState.rejected(MarkForm, error)), error)
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, TypeVar, get_args

from flask import Response, request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationInfo
from werkzeug.exceptions import RequestEntityTooLarge

from service.errors import Invalid, ServiceError, TooLarge
from service.errors.validation import validate
from service.marks.models import Which
from service.web.bodies import current_limit
from service.web.request import arrived_at


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedFile:
    """A file that came in a field of a form."""

    filename: str
    content: bytes


class Form(BaseModel):
    """The fields of a form; fields that it doesn't have are ignored."""

    model_config = ConfigDict(frozen=True)


class SignInForm(Form):
    """Sign in, then go to the page `next`."""

    email: str = ""
    password: SecretStr = SecretStr("")
    next: str = ""


class RegradeForm(Form):
    """Which submissions to grade again."""

    which: Which = Which.COUNTING


class SubmissionForm(Form):
    """A file, or the code that was pasted into `source`.

    `form` is a random text, new each time the form is shown, so a double click submits once.
    `again` is a submission whose file is submitted once more.
    """

    form: str = ""
    again: uuid.UUID | None = None
    file: UploadedFile | None = None
    source: str | None = None
    filename: str = ""

    @property
    def field(self) -> str:
        """The field that has the content; a message about the content is shown there."""
        return "file" if self.source is None else "source"

    @property
    def upload(self) -> UploadedFile:
        """The file, or the code as a file. Its name is empty if no file was chosen."""
        if self.source is not None:
            text = self.source.replace("\r\n", "\n")  # browsers send line ends as \r\n
            content = text.encode("utf-8", "replace")
            return UploadedFile(filename=self.filename or "value.py", content=content)
        return self.file or UploadedFile(filename="", content=b"")

    @property
    def idempotency_key(self) -> str | None:
        """A key made of `form` and the content: changed code is always a new submission."""
        if not self.form:
            return None
        content = self.upload.content if self.again is None else self.again.bytes
        digest = hashlib.sha256(self.form.encode() + b"\0" + content).hexdigest()
        return f"form-{digest}"


def _read_score(text: str, info: ValidationInfo) -> float | None:
    if info.data["action"] == "remove":
        return None
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise ValueError("Give a number, such as 85 or 85.5.") from None


class MarkForm(Form):
    """Set a mark by hand. The action `remove` removes it: then `score` is None."""

    action: str = "set"
    score: Annotated[float | None, BeforeValidator(_read_score)] = Field("", validate_default=True)
    reason: str = ""

    @property
    def done(self) -> str:
        """The message after it."""
        return (
            "The mark was set." if self.score is not None else "The mark set by hand was removed."
        )


class ConfirmForm(Form):
    """Confirm by typing what is deleted: an address."""

    confirm: str = ""


def _read_line(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return int(text)
    except ValueError:
        raise ValueError("Give the number of a line, such as 12, or leave it empty.") from None


class CommentForm(Form):
    """Comment on a line of a submission; without a line on the whole."""

    line: Annotated[int | None, BeforeValidator(_read_line)] = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormState:
    """What a template shows of a form: the values as typed, and what is wrong with them.

    `errors` are messages by field; `message` is about the whole form.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    message: str = ""

    @classmethod
    def rejected(
        cls,
        model: type[Form],
        error: ServiceError,
        *,
        shown_at: Mapping[str, str] | None = None,
    ) -> FormState:
        """The form of this request with an error. Passwords aren't shown again.

        `shown_at` says at which field to show the errors of another field.
        """
        typed = {
            name
            for name, each in model.model_fields.items()
            if each.annotation is not SecretStr and not _is_file(model, name)
        }
        moved = {(shown_at or {}).get(name, name): text for name, text in error.fields.items()}
        errors = {name: text for name, text in moved.items() if name in model.model_fields}
        return cls(
            values={name: text for name, text in request.form.items() if name in typed},
            errors=errors,
            message="" if errors else error.message,
        )


F = TypeVar("F", bound=Form)


def no_file(field: str) -> Invalid:
    """The error of a form whose field has no file."""
    message = "Choose a file first."
    return Invalid(message, fields={field: message})


def read_form(model: type[F], *, content: str = "") -> F:
    """Read the form of this request; raises Invalid.

    `content` is the field with a file or a long text. If the request is too large, raises TooLarge,
    whose message belongs to that field.

    Call it before the database is asked for anything. A slow client sends its form for a long
    time, and SQLite has a single writer.
    """
    try:
        sent = request.form
    except RequestEntityTooLarge:
        message = current_limit().message
        raise TooLarge(message, fields={content: message} if content else {}) from None
    values: dict[str, object] = {
        name: text for name, text in sent.items() if not _is_file(model, name)
    }
    for name, upload in request.files.items():
        if _is_file(model, name):
            values[name] = UploadedFile(filename=upload.filename or "", content=upload.read())
        upload.close()  # a large one is a temporary file
    arrived_at()
    return validate(model, values)


def rejected(page: Response, error: ServiceError) -> Response:
    """The page with the form again, as the answer to a form that was rejected."""
    page.status_code = error.status
    for name, value in error.headers.items():
        if name != "WWW-Authenticate":  # the form itself asks for the password
            page.headers[name] = value
    return page


def _is_file(model: type[Form], name: str) -> bool:
    found = model.model_fields.get(name)
    return found is not None and UploadedFile in get_args(found.annotation)
