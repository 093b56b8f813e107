"""Pages that a link or a code leads to: set a password, make the first operator, join a course."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect, render_template
from pydantic import SecretStr
from werkzeug.wrappers import Response as BaseResponse

from service.courses import join_codes
from service.errors import NotFound, ServiceError
from service.people.links import find_link, use_link
from service.people.models import LinkPurpose
from service.people.setup import find_setup_link, set_up
from service.web.forms import Form, FormState, read_form, rejected
from service.web.request import (
    address_of_visitor,
    current_account,
    db_session,
    remember,
    require_account,
    services,
)

blueprint = Blueprint("links", __name__)


class PasswordForm(Form):
    """A new password; an invitation asks for the name too."""

    name: str | None = None
    password: SecretStr = SecretStr("")


class NewAccountForm(Form):
    """A new account, which its person makes."""

    email: str = ""
    name: str = ""
    student_number: str = ""
    password: SecretStr = SecretStr("")


class CodeForm(Form):
    """A join code that somebody types."""

    code: str = ""


@blueprint.get("/link/<secret>")
def show_link(secret: str) -> BaseResponse:
    """The form with which a person sets their password."""
    return _or_not_valid(lambda: _link_page(secret, FormState()))


@blueprint.post("/link/<secret>")
def open_link(secret: str) -> BaseResponse:
    """Set the password, and sign in."""

    def answer() -> BaseResponse:
        form = read_form(PasswordForm)
        try:
            account = use_link(
                db_session(),
                secret,
                services().throttle,
                address=address_of_visitor(),
                password=form.password.get_secret_value(),
                name=form.name,
            )
        except NotFound:
            raise
        except ServiceError as error:
            return rejected(_link_page(secret, _rejected(PasswordForm, error)), error)
        remember(account)
        return redirect("/", 303)

    return _or_not_valid(answer)


@blueprint.get("/setup/<secret>")
def show_setup(secret: str) -> BaseResponse:
    """The form that makes the first operator."""
    return _or_not_valid(lambda: _setup_page(secret, FormState()))


@blueprint.post("/setup/<secret>")
def set_up_installation(secret: str) -> BaseResponse:
    """Make the first operator, and sign in."""

    def answer() -> BaseResponse:
        form = read_form(NewAccountForm)
        try:
            account = set_up(
                db_session(),
                secret,
                services().throttle,
                address=address_of_visitor(),
                email=form.email,
                name=form.name,
                password=form.password.get_secret_value(),
            )
        except NotFound:
            raise
        except ServiceError as error:
            return rejected(_setup_page(secret, _rejected(NewAccountForm, error)), error)
        remember(account)
        return redirect("/courses", 303)

    return _or_not_valid(answer)


@blueprint.get("/join")
def ask_for_code() -> str:
    """Where somebody types a code that was written on a board."""
    return render_template("join_code.html", form=FormState())


@blueprint.post("/join")
def read_code() -> BaseResponse:
    """Go to the page of the code."""
    form = read_form(CodeForm)
    try:
        join_codes.find_course_by_code(
            db_session(), form.code, services().throttle, address_of_visitor()
        )
    except ServiceError as error:
        state = FormState(values={"code": form.code}, errors={"code": error.message})
        return rejected(make_response(render_template("join_code.html", form=state)), error)
    letters = "".join(each for each in form.code.upper() if each in join_codes.LETTERS)
    return redirect(f"/join/{letters}", 303)


@blueprint.get("/join/<code>")
def show_join(code: str) -> BaseResponse:
    """Join as the account that is signed in, or by making an account."""
    return _or_not_valid(lambda: _join_page(code, FormState()))


@blueprint.post("/join/<code>")
def join(code: str) -> BaseResponse:
    """Join a course as the account that is signed in."""

    def answer() -> BaseResponse:
        course = join_codes.join(
            db_session(), require_account(), code, services().throttle, address_of_visitor()
        )
        return redirect(f"/courses/{course.slug}", 303)

    return _or_not_valid(answer)


@blueprint.post("/join/<code>/account")
def join_with_new_account(code: str) -> BaseResponse:
    """Make an account, sign in, and join a course."""

    def answer() -> BaseResponse:
        form = read_form(NewAccountForm)
        try:
            account = join_codes.join_with_new_account(
                db_session(),
                code,
                services().throttle,
                address=address_of_visitor(),
                email=form.email,
                name=form.name,
                student_number=form.student_number,
                password=form.password.get_secret_value(),
            )
        except NotFound:
            raise
        except ServiceError as error:
            return rejected(_join_page(code, _rejected(NewAccountForm, error)), error)
        remember(account)
        return redirect("/", 303)

    return _or_not_valid(answer)


def _or_not_valid(answer: Callable[[], BaseResponse]) -> BaseResponse:
    """The answer, or one page for every link and code that isn't valid."""
    try:
        return answer()
    except NotFound as error:
        page = make_response(render_template("link_not_valid.html", message=error.message))
        return rejected(page, error)


def _link_page(secret: str, form: FormState) -> Response:
    link = find_link(db_session(), secret, services().throttle, address_of_visitor())
    return make_response(
        render_template(
            "link.html",
            account=link.account,
            invited=link.purpose is LinkPurpose.INVITATION,
            action=f"/link/{secret}",
            form=form,
        )
    )


def _setup_page(secret: str, form: FormState) -> Response:
    find_setup_link(db_session(), secret, services().throttle, address_of_visitor())
    return make_response(render_template("setup.html", action=f"/setup/{secret}", form=form))


def _join_page(code: str, form: FormState) -> Response:
    course = join_codes.find_course_by_code(
        db_session(), code, services().throttle, address_of_visitor()
    )
    return make_response(
        render_template("join.html", course=course, code=code, account=current_account(), form=form)
    )


def _rejected(model: type[Form], error: ServiceError) -> FormState:
    return FormState.rejected(model, error)
