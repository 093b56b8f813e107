"""One-time links and join codes, with which people get into a course."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask import Blueprint, Response
from pydantic import AwareDatetime
from sqlalchemy.orm import Session

from service.courses import invitations, join_codes
from service.courses.courses import find_course
from service.courses.models import JoinCode
from service.errors import Invalid
from service.people.models import Account
from service.web.api.operation import Answer, Body, operation
from service.web.bodies import EMAILS
from service.web.request import address_of_visitor, services, site_url

blueprint = Blueprint("api_invitations", __name__)


class InvitationsBody(Body):
    """Give `emails`, or `join_code` and `expires_at`."""

    emails: list[str] | None = None
    join_code: bool = False
    expires_at: AwareDatetime | None = None


class LinkAnswer(Answer):
    """A one-time link. It is shown only here. Null for a person who signs in as usual.

    `mailed` says whether the mail server accepted a message with it.
    """

    email: str
    url: str | None
    expires_at: datetime | None
    mailed: bool


class InvitationsAnswer(Answer):
    """One-time links, or a join code and the address that has it."""

    links: list[LinkAnswer]
    id: uuid.UUID | None = None
    code: str | None = None
    url: str | None = None
    expires_at: datetime | None = None


class CodeAnswer(Answer):
    """A join code that is valid."""

    id: uuid.UUID
    code: str
    url: str
    expires_at: datetime


class Codes(Answer):
    """The valid join codes of a course."""

    join_codes: list[CodeAnswer]


class JoinBody(Body):
    """The code that a teacher gave out."""

    code: str


class Joined(Answer):
    """The course that was joined."""

    course: str


@blueprint.post("/courses/<course>/invitations")
@operation(
    "Make one-time links or a join code (teachers)", status=201, errors=(403, 409), limit=EMAILS
)
def invite(
    actor: Account, session: Session, course: str, body: InvitationsBody
) -> InvitationsAnswer:
    """Invite people by e-mail, or everybody who has a code."""
    found = find_course(session, actor, course)
    if body.join_code == (body.emails is not None):
        message = "Give either `emails`, or `join_code` and `expires_at`."
        raise Invalid(message, fields={"emails": message})
    if body.emails is None:
        if body.expires_at is None:
            message = "Give `expires_at`, when the code ends."
            raise Invalid(message, fields={"expires_at": message})
        code = join_codes.create_join_code(session, actor, found, expires_at=body.expires_at)
        return InvitationsAnswer(links=[], **_describe(code))
    invited = invitations.invite(session, actor, found, body.emails)
    mailed = services().mailer.send(invitations.write_mails(found, invited, site_url()))
    return InvitationsAnswer(
        links=[
            LinkAnswer(
                email=each.account.email,
                url=None if each.link is None else site_url() + each.link.path,
                expires_at=None if each.link is None else each.link.expires_at,
                mailed=each.account.email in mailed,
            )
            for each in invited
        ]
    )


@blueprint.get("/courses/<course>/invitations")
@operation("List the valid join codes of a course (teachers)", errors=(403,))
def list_codes(actor: Account, session: Session, course: str) -> Codes:
    """List the join codes that are valid."""
    found = find_course(session, actor, course)
    codes = join_codes.list_join_codes(session, actor, found)
    return Codes(join_codes=[CodeAnswer(**_describe(code)) for code in codes])


@blueprint.delete("/courses/<course>/invitations/<uuid:code_id>")
@operation("Revoke a join code (teachers)", status=204, errors=(403,))
def revoke_code(actor: Account, session: Session, course: str, code_id: uuid.UUID) -> Response:
    """End a join code."""
    found = find_course(session, actor, course)
    join_codes.revoke_join_code(session, actor, found, code_id)
    return Response(status=204)


@blueprint.post("/courses/<course>/roster/<email>/link")
@operation("Make a one-time link to set somebody's password (teachers)", status=201, errors=(403,))
def give_link(actor: Account, session: Session, course: str, email: str) -> LinkAnswer:
    """Make a link for somebody whose account was made in the course."""
    found = find_course(session, actor, course)
    link = invitations.give_link_to_person(session, actor, found, email)
    return LinkAnswer(
        email=email, url=site_url() + link.path, expires_at=link.expires_at, mailed=False
    )


@blueprint.post("/join")
@operation("Join a course with a code", errors=(404, 429))
def join(actor: Account, session: Session, body: JoinBody) -> Joined:
    """Join a course as a student."""
    course = join_codes.join(session, actor, body.code, services().throttle, address_of_visitor())
    return Joined(course=course.slug)


def _describe(code: JoinCode) -> dict[str, Any]:
    return {
        "id": code.id,
        "code": code.code,
        "url": f"{site_url()}/join/{code.code}",
        "expires_at": code.expires_at,
    }
