"""Forms are read into models, and shown again with what was typed and what is wrong."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask

from service.errors import Conflict, Invalid, TooManyRequests, Unauthorized
from service.web.forms import (
    FormState,
    MarkForm,
    SignInForm,
    SubmissionForm,
    UploadedFile,
    read_form,
    rejected,
)


def sent(app: Flask, data: dict[str, Any]) -> Any:
    return app.test_request_context("/", method="POST", data=data)


def test_fields_that_a_form_does_not_have_are_ignored(app: Flask) -> None:
    with sent(app, {"email": "ada@example.edu", "color": "red"}):
        form = read_form(SignInForm)
    assert (form.email, form.next) == ("ada@example.edu", "")


def test_a_password_is_neither_printed_nor_shown_again(app: Flask) -> None:
    with sent(app, {"email": "ada@example.edu", "password": "hush"}):
        form = read_form(SignInForm)
        state = FormState.rejected(SignInForm, Unauthorized("Wrong e-mail or password."))
    assert form.password.get_secret_value() == "hush"
    assert "hush" not in repr(form)
    assert state.values == {"email": "ada@example.edu"}
    assert state.message == "Wrong e-mail or password."


def test_a_file_is_read_only_from_its_own_field(app: Flask) -> None:
    with sent(app, {"file": (io.BytesIO(b"a = 1"), "value.py")}):
        form = read_form(SubmissionForm)
    assert form.upload == UploadedFile(filename="value.py", content=b"a = 1")
    assert form.field == "file"
    with sent(app, {"file": "a text"}):
        assert read_form(SubmissionForm).upload == UploadedFile(filename="", content=b"")


def test_pasted_code_is_a_file_with_plain_line_ends(app: Flask) -> None:
    with sent(app, {"source": "a = 1\r\nb = 2\r\n"}):
        form = read_form(SubmissionForm)
    assert form.upload == UploadedFile(filename="value.py", content=b"a = 1\nb = 2\n")
    assert form.field == "source"


def test_the_same_form_and_code_have_the_same_key(app: Flask) -> None:
    keys = []
    for form, source in (("f", "a = 1"), ("f", "a = 1"), ("f", "a = 2"), ("g", "a = 1")):
        with sent(app, {"form": form, "source": source}):
            keys.append(read_form(SubmissionForm).idempotency_key)
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    with sent(app, {"source": "a = 1"}):
        assert read_form(SubmissionForm).idempotency_key is None


@pytest.mark.parametrize(
    ("data", "score"),
    [
        ({"score": " 85,5 "}, 85.5),
        ({"score": "85"}, 85.0),
        ({"score": "nonsense", "action": "remove"}, None),
        ({"action": "remove"}, None),
    ],
)
def test_a_mark_may_have_a_comma_and_is_not_read_when_it_is_removed(
    app: Flask, data: dict[str, str], score: float | None
) -> None:
    with sent(app, data):
        assert read_form(MarkForm).score == score


@pytest.mark.parametrize("data", [{"score": "many"}, {"score": ""}, {}])
def test_a_mark_that_is_not_a_number_is_rejected_at_its_field(
    app: Flask, data: dict[str, str]
) -> None:
    with sent(app, data | {"reason": "Oral exam"}):
        with pytest.raises(Invalid) as error:
            read_form(MarkForm)
        state = FormState.rejected(MarkForm, error.value)
    assert state.errors == {"score": "Give a number, such as 85 or 85.5."}
    assert state.message == ""
    assert state.values == data | {"reason": "Oral exam"}


def test_an_error_is_shown_at_another_field_or_above_the_form(app: Flask) -> None:
    empty = Invalid("The file is empty.", fields={"file": "The file is empty."})
    key = Invalid("Use a new key.", fields={"Idempotency-Key": "Use a new key."})
    with sent(app, {"source": "a = 1"}):
        at_source = FormState.rejected(SubmissionForm, empty, shown_at={"file": "source"})
        above = FormState.rejected(SubmissionForm, key)
        closed = FormState.rejected(SubmissionForm, Conflict("It is closed."))
    assert at_source == FormState(
        values={"source": "a = 1"}, errors={"source": "The file is empty."}
    )
    assert (above.errors, above.message) == ({}, "Use a new key.")
    assert closed.message == "It is closed."


def test_a_rejected_form_has_the_errors_status_and_headers(app: Flask) -> None:
    answer = rejected(app.response_class("page"), TooManyRequests("Wait.", retry_after=7))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    asked = rejected(app.response_class("page"), Unauthorized("Wrong password."))
    assert asked.status_code == 401
    assert "WWW-Authenticate" not in asked.headers  # or the browser would ask in its own window
