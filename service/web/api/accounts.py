"""All accounts, for operators."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response
from pydantic import Field
from sqlalchemy.orm import Session

from service.marks.deletion import delete_account
from service.people import accounts
from service.people.links import IssuedLink
from service.people.models import Account
from service.web.api.operation import Answer, Body, Query, operation
from service.web.request import services, site_url

blueprint = Blueprint("api_accounts", __name__)


class AccountAnswer(Answer):
    """An account. `may_create_courses` is null if nobody said so: teachers of a course may.

    `link` is a new one-time link to set its password, if there is one.
    """

    email: str
    name: str
    student_number: str
    operator: bool
    may_create_courses: bool | None
    has_password: bool
    created_at: datetime
    link: str | None = None
    link_expires_at: datetime | None = None


class Accounts(Answer):
    """Some accounts by e-mail. `next` is what to give as `after` for the next ones."""

    accounts: list[AccountAnswer]
    next: str | None


class AccountsQuery(Query):
    """Which accounts."""

    search: str = Field("", description="Part of an e-mail, a name or a student number.")
    after: str = Field("", description="`next` of the answer before.")
    limit: int = Field(50, ge=1, le=500, description="At most this many accounts.")


class NewAccount(Body):
    """A new account. `may_create_courses`: null lets it create courses if it teaches one."""

    email: str
    name: str
    student_number: str = ""
    operator: bool = False
    may_create_courses: bool | None = None


class AccountChange(Body):
    """What to change. `may_create_courses`: null lets it create courses if it teaches one.

    With `link`, the answer has a new one-time link; earlier ones end.
    """

    name: str | None = None
    student_number: str | None = None
    operator: bool | None = None
    may_create_courses: bool | None = None
    link: bool = False


@blueprint.get("/accounts")
@operation("List accounts (operators)", errors=(403,))
def list_accounts(actor: Account, session: Session, query: AccountsQuery) -> Accounts:
    """List or search accounts."""
    found = accounts.list_accounts(
        session, actor, search=query.search, after=query.after, limit=query.limit
    )
    return Accounts(accounts=[_to_answer(each) for each in found.accounts], next=found.after)


@blueprint.post("/accounts")
@operation("Create an account (operators)", status=201, errors=(403, 409))
def create(actor: Account, session: Session, body: NewAccount) -> AccountAnswer:
    """Create an account, and a link to set its password."""
    account, link = accounts.name_account(session, actor, **body.model_dump())
    return _to_answer(account, link)


@blueprint.patch("/accounts/<email>")
@operation("Change an account (operators)", errors=(403, 409))
def change(actor: Account, session: Session, email: str, body: AccountChange) -> AccountAnswer:
    """Change an account. Somebody who becomes an operator sets a new password."""
    account = accounts.find_account(session, actor, email)
    accounts.change_account(
        session, actor, account, **body.model_dump(exclude={"link"}, exclude_unset=True)
    )
    link = accounts.give_link(session, actor, account) if body.link else None
    return _to_answer(account, link)


@blueprint.delete("/accounts/<email>")
@operation("Delete an account for good (operators)", status=204, errors=(403, 409))
def delete(actor: Account, session: Session, email: str) -> Response:
    """Delete an account; its scores stay, without a name."""
    account = accounts.find_account(session, actor, email)
    delete_account(session, actor, account, services().settings)
    return Response(status=204)


def _to_answer(account: Account, link: IssuedLink | None = None) -> AccountAnswer:
    return AccountAnswer(
        email=account.email,
        name=account.name,
        student_number=account.student_number,
        operator=account.operator,
        may_create_courses=account.may_create_courses,
        has_password=account.password_hash is not None,
        created_at=account.created_at,
        link=None if link is None else site_url() + link.path,
        link_expires_at=None if link is None else link.expires_at,
    )
