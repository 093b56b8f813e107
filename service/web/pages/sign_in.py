"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from service.errors import TooManyRequests, Unauthorized
from service.people.devices import LIFETIME_SECONDS
from service.people.models import Account
from service.people.sign_in import sign_in as check_password
from service.web.forms import FormState, SignInForm, read_form, rejected
from service.web.request import (
    current_account,
    db_session,
    forget,
    only_read,
    remember,
    services,
)

blueprint = Blueprint("sign_in", __name__)

MARK = "chainrule-device"  # the cookie


@blueprint.get("/sign-in")
def show_sign_in() -> BaseResponse:
    """The form. Someone who is signed in goes on to the page that they wanted."""
    wanted = safe_next(request.args.get("next", ""))
    if current_account() is not None:
        return redirect(wanted, 303)
    return _page(wanted, FormState())


@blueprint.post("/sign-in")
def sign_in() -> BaseResponse:
    """Sign in, and go to the page that the person wanted."""
    only_read()
    form = read_form(SignInForm)
    wanted = safe_next(form.next)
    try:
        account = check_password(
            db_session(),
            form.email,
            form.password.get_secret_value(),
            services().throttle,
            address=request.remote_addr or "",
            mark=request.cookies.get(MARK, ""),
        )
    except (Unauthorized, TooManyRequests) as error:
        return rejected(_page(wanted, FormState.rejected(SignInForm, error)), error)
    remember(account)
    return _marked(redirect(wanted, 303), account)


@blueprint.post("/sign-out")
def sign_out() -> BaseResponse:
    """Sign out on this browser. Its device cookie stays."""
    forget()
    return redirect("/sign-in", 303)


def safe_next(address: str) -> str:
    """The address if it is a path on this site, or else the front page."""
    plain = address.isprintable() and address.isascii() and "\\" not in address
    return address if plain and address.startswith("/") and address[1:2] != "/" else "/"


def _marked(answer: BaseResponse, account: Account) -> BaseResponse:
    """The answer with the device cookie; see `service.people.devices`."""
    answer.set_cookie(
        MARK,
        services().throttle.devices.mark(account.email),
        max_age=LIFETIME_SECONDS,
        path="/sign-in",
        secure=services().settings.secure_cookies,
        httponly=True,
        samesite="Strict",
    )
    return answer


def _page(wanted: str, form: FormState) -> Response:
    return make_response(render_template("sign_in.html", next=wanted, form=form))
