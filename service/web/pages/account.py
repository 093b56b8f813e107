"""One's own account: name, password, sessions and API tokens."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, make_response, redirect, render_template
from pydantic import SecretStr
from werkzeug.wrappers import Response as BaseResponse

from service.errors import ServiceError
from service.people import tokens
from service.people.models import Account
from service.people.own import change_own_name, change_own_password
from service.people.sessions import end_all_sessions
from service.web.forms import Form, FormState, read_form, rejected
from service.web.request import db_session, forget, remember, require_account, services

blueprint = Blueprint("account", __name__)


class NameForm(Form):
    """Another name."""

    name: str = ""


class NewPasswordForm(Form):
    """The password now, and the new one."""

    current: SecretStr = SecretStr("")
    password: SecretStr = SecretStr("")


class TokenForm(Form):
    """What a new token is for."""

    token_name: str = ""


@blueprint.get("/account")
def show_account() -> BaseResponse:
    """The account of the person who is signed in."""
    return _page(require_account())


@blueprint.post("/account/name")
def change_name() -> BaseResponse:
    """Change the name."""
    account, form = require_account(), read_form(NameForm)
    try:
        change_own_name(db_session(), account, form.name)
    except ServiceError as error:
        return rejected(_page(account, name=FormState.rejected(NameForm, error)), error)
    flash("Your name was changed.")
    return redirect("/account", 303)


@blueprint.post("/account/password")
def change_password() -> BaseResponse:
    """Change the password; this browser stays signed in."""
    account, form = require_account(), read_form(NewPasswordForm)
    try:
        change_own_password(
            db_session(),
            account,
            services().throttle,
            current=form.current.get_secret_value(),
            password=form.password.get_secret_value(),
        )
    except ServiceError as error:
        state = FormState.rejected(NewPasswordForm, error)
        return rejected(_page(account, password=state), error)
    remember(account)
    flash("Your password was changed. You are signed out everywhere else.")
    return redirect("/account", 303)


@blueprint.post("/account/sign-out-everywhere")
def sign_out_everywhere() -> BaseResponse:
    """End all sessions, this one too."""
    account = require_account()
    end_all_sessions(db_session(), account, account)
    forget()
    return redirect("/sign-in", 303)


@blueprint.post("/account/tokens")
def create_token() -> BaseResponse:
    """Create a token, and show its text once."""
    account, form = require_account(), read_form(TokenForm)
    try:
        made = tokens.add_token(db_session(), account, account, form.token_name)
    except ServiceError as error:
        state = FormState.rejected(TokenForm, error, shown_at={"name": "token_name"})
        return rejected(_page(account, token=state), error)
    return _page(account, made=made)


@blueprint.post("/account/tokens/<uuid:token_id>/revoke")
def revoke_token(token_id: uuid.UUID) -> BaseResponse:
    """Revoke one of one's own tokens."""
    tokens.revoke_own_token(db_session(), require_account(), token_id)
    flash("The token was revoked.")
    return redirect("/account", 303)


def _page(
    account: Account,
    *,
    name: FormState | None = None,
    password: FormState | None = None,
    token: FormState | None = None,
    made: tokens.NewToken | None = None,
) -> Response:
    return make_response(
        render_template(
            "account.html",
            account=account,
            tokens=tokens.list_tokens(db_session(), account, account),
            made=made,
            name=name or FormState(),
            password=password or FormState(),
            token=token or FormState(),
        )
    )
