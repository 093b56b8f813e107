"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from service.errors import TooManyRequests, Unauthorized
from service.people.devices import LIFETIME_SECONDS
from service.people.models import Account
from service.people.sign_in import sign_in as check_password
from service.web.request import current_account, db_session, forget, remember, services

blueprint = Blueprint("sign_in", __name__)

MARK = "chainrule-device"  # the cookie


@blueprint.get("/sign-in")
def show_sign_in() -> BaseResponse:
    """The form; those who are signed in go straight on."""
    wanted = safe_next(request.args.get("next", ""))
    if current_account() is not None:
        return redirect(wanted, 303)
    return _form(wanted)


@blueprint.post("/sign-in")
def sign_in() -> BaseResponse:
    """Sign in and go on to where the person wanted to be."""
    wanted = safe_next(request.form.get("next", ""))
    email = request.form.get("email", "")
    try:
        account = check_password(
            db_session(),
            email,
            request.form.get("password", ""),
            services().throttle,
            address=request.remote_addr or "",
            mark=request.cookies.get(MARK, ""),
        )
    except (Unauthorized, TooManyRequests) as error:
        answer = _form(wanted, email=email, message=error.message)
        answer.status_code = error.status
        answer.headers.extend(error.headers if isinstance(error, TooManyRequests) else {})
        return answer
    remember(account)
    return _marked(redirect(wanted, 303), account)


@blueprint.post("/sign-out")
def sign_out() -> BaseResponse:
    """Sign out on this browser, which is still known by its mark."""
    forget()
    return redirect("/sign-in", 303)


def safe_next(address: str) -> str:
    """The address if it is a plain path here, else the front page: never another site."""
    plain = address.isprintable() and address.isascii() and "\\" not in address
    return address if plain and address.startswith("/") and address[1:2] != "/" else "/"


def _marked(answer: BaseResponse, account: Account) -> BaseResponse:
    """The answer, by which the browser is known when the account signs in again."""
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


def _form(wanted: str, *, email: str = "", message: str = "") -> Response:
    return make_response(render_template("sign_in.html", next=wanted, email=email, message=message))
