"""All accounts, for operators: search, create and change them."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from pydantic import BeforeValidator
from werkzeug.wrappers import Response as BaseResponse

from service.errors import ServiceError
from service.people import accounts
from service.people.links import IssuedLink
from service.people.models import Account
from service.web.forms import Form, FormState, read_form, rejected
from service.web.request import db_session, require_account, site_url

blueprint = Blueprint("accounts", __name__)


class AccountForm(Form):
    """An account as operators see it."""

    email: str = ""
    name: str = ""
    student_number: str = ""
    operator: bool = False
    may_create_courses: Annotated[bool | None, BeforeValidator(lambda text: text or None)] = None


@blueprint.get("/accounts")
def show_accounts() -> BaseResponse:
    """Accounts by e-mail, some at a time."""
    return _list_page(require_account(), FormState())


@blueprint.post("/accounts/add")
def add() -> BaseResponse:
    """Create an account, and show its one-time link."""
    actor = require_account()
    try:
        form = read_form(AccountForm)
        account, link = accounts.name_account(db_session(), actor, **form.model_dump())
    except ServiceError as error:
        return rejected(_list_page(actor, FormState.rejected(AccountForm, error)), error)
    return _link_page(account, link)


@blueprint.get("/accounts/<email>")
def show_account(email: str) -> BaseResponse:
    """One account, and what an operator can change."""
    actor = require_account()
    return _page(accounts.find_account(db_session(), actor, email), FormState())


@blueprint.post("/accounts/<email>/change")
def change(email: str) -> BaseResponse:
    """Change name, number and rights."""
    actor, form = require_account(), read_form(AccountForm)
    account = accounts.find_account(db_session(), actor, email)
    becomes_operator = form.operator and not account.operator
    try:
        values = form.model_dump(exclude={"email"})
        accounts.change_account(db_session(), actor, account, **values)
    except ServiceError as error:
        db_session().rollback()
        return rejected(_page(account, FormState.rejected(AccountForm, error)), error)
    if becomes_operator:
        return _link_page(account, accounts.give_link(db_session(), actor, account))
    flash(f"{account.email} was changed.")
    return redirect("/accounts", 303)


@blueprint.post("/accounts/<email>/link")
def give_link(email: str) -> BaseResponse:
    """Make a one-time link, and show it once."""
    actor = require_account()
    account = accounts.find_account(db_session(), actor, email)
    return _link_page(account, accounts.give_link(db_session(), actor, account))


def _list_page(actor: Account, form: FormState) -> Response:
    search = request.args.get("search", "")
    found = accounts.list_accounts(
        db_session(), actor, search=search, after=request.args.get("after", "")
    )
    return make_response(
        render_template(
            "accounts.html",
            found=found,
            search=search,
            search_form=FormState(values={"search": search}),
            form=form,
        )
    )


def _page(account: Account, form: FormState) -> Response:
    return make_response(render_template("one_account.html", account=account, form=form))


def _link_page(account: Account, link: IssuedLink) -> Response:
    return make_response(
        render_template(
            "one_time_link.html",
            account=account,
            link=link,
            url=site_url() + link.path,
            crumbs_to=[("Accounts", "/accounts")],
            back="/accounts",
        )
    )
