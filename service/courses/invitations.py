"""Invitations and resets: teachers hand out one-time links, with which people set passwords."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from service.courses.access import STAFF, require_teacher
from service.courses.models import Course, Enrolment, Role
from service.courses.roster import find_person, lock_people
from service.courses.roster_file import Roster, Row
from service.courses.roster_import import import_roster
from service.courses.time_zones import by_clock
from service.errors import Forbidden, Invalid
from service.people.actors import Actor, LocalOperator, id_of
from service.people.links import IssuedLink, issue_links, lock_accounts
from service.people.mail import Mail
from service.people.models import Account
from service.people.personal import check_email
from service.store.database import in_chunks

MAX_EMAILS = 500
NOT_YOURS = (
    "You can't make a link for this account. It wasn't made in your course, it has or had rights "
    "of its own, or it is in a course of other teachers. The person can sign in as usual, or an "
    "operator can make a link."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invited person. Without a link, they sign in as usual, or another course invited them."""

    account: Account
    link: IssuedLink | None


def invite(
    session: Session, actor: Actor, course: Course, emails: Sequence[str] | None
) -> list[Invitation]:
    """Add people to a course as students, with a link for each who can't sign in yet; commits.

    Without `emails`, all in the course who have no password. People who are in the course keep
    their role. Raises Invalid for an e-mail that can't be used.
    """
    if emails is None:
        wanted = without_password(session, actor, course)
    else:
        require_teacher(session, actor, course.id)
        wanted = _check_emails(emails)
    lock_people(session, course)
    present = {each.account.email for each in _read_enrolments(session, course, wanted)}
    rows = tuple(
        # The person says their name when they open the link.
        Row(line=line, email=email, name=email.partition("@")[0])
        for line, email in enumerate(wanted, 1)
        if email not in present
    )
    if rows:
        import_roster(session, actor, course, Roster(rows=rows, errors=()))
        lock_people(session, course)
    enrolments = _read_enrolments(session, course, wanted)
    lock_accounts(session, [each.account_id for each in enrolments])
    ours = _in_care(session, actor, enrolments)
    needing = [
        each.account
        for each in enrolments
        if each.account_id in ours and each.account.password_hash is None
    ]
    links = issue_links(session, id_of(actor), needing)
    session.commit()
    by_email = {each.account.email: each.account for each in enrolments}
    return [
        Invitation(account=by_email[email], link=links.get(by_email[email].id))
        for email in wanted
        if email in by_email
    ]


def give_link_to_person(session: Session, actor: Actor, course: Course, email: str) -> IssuedLink:
    """A one-time link with which somebody in a course sets a new password; commits.

    Only for accounts that were made in the course. An account that has a password must be a
    student here, staff nowhere and in no course of other teachers, or a teacher could take over
    somebody else's. Raises NotFound, or Forbidden.
    """
    require_teacher(session, actor, course.id)
    lock_people(session, course)
    enrolment = find_person(session, actor, course, email)
    lock_accounts(session, [enrolment.account_id])
    if enrolment.account_id not in _in_care(session, actor, [enrolment]):
        raise Forbidden(NOT_YOURS, code="not_your_account")
    links = issue_links(session, id_of(actor), [enrolment.account])
    session.commit()
    return links[enrolment.account_id]


def may_give_link(session: Session, actor: Actor, course: Course, email: str) -> bool:
    """Whether `give_link_to_person` would make a link."""
    require_teacher(session, actor, course.id)
    enrolment = find_person(session, actor, course, email)
    return enrolment.account_id in _in_care(session, actor, [enrolment])


def without_password(session: Session, actor: Actor, course: Course) -> list[str]:
    """The e-mails of those in a course who can't sign in on pages yet."""
    require_teacher(session, actor, course.id)
    query = select(Account.email).join(Enrolment, Enrolment.account_id == Account.id)
    query = query.where(Enrolment.course_id == course.id, Account.password_hash.is_(None))
    return list(session.scalars(query.order_by(Account.email)))


def write_mails(course: Course, invitations: Sequence[Invitation], site: str) -> list[Mail]:
    """A message for each person who has a link; `site` is the address of this site."""
    return [
        Mail(
            to=each.account.email,
            subject=f"Your account for {course.title}",
            text=(
                f"{course.title} uses Chainrule. To choose your password, open this address:\n\n"
                f"{site}{each.link.path}\n\n"
                f"It works once, until {by_clock(each.link.expires_at, course)}.\n"
            ),
        )
        for each in invitations
        if each.link is not None
    ]


def _check_emails(emails: Sequence[str]) -> list[str]:
    if not 0 < len(emails) <= MAX_EMAILS:
        message = f"Give 1 to {MAX_EMAILS} e-mails."
        raise Invalid(message, fields={"emails": message})
    try:
        return list(dict.fromkeys(check_email(each) for each in emails))
    except Invalid as error:
        raise Invalid(error.message, fields={"emails": error.message}) from None


def _read_enrolments(session: Session, course: Course, emails: Sequence[str]) -> list[Enrolment]:
    query = select(Enrolment).join(Enrolment.account).where(Enrolment.course_id == course.id)
    query = query.options(contains_eager(Enrolment.account))
    return [
        enrolment
        for some in in_chunks(emails)
        for enrolment in session.scalars(query.where(Account.email.in_(some)))
    ]


def _in_care(session: Session, actor: Actor, enrolments: Collection[Enrolment]) -> set[uuid.UUID]:
    """The accounts of these enrolments whose passwords the actor may let people set."""
    if isinstance(actor, LocalOperator):
        return {each.account_id for each in enrolments}
    made_here = [
        each
        for each in enrolments
        if each.may_reset
        and not (each.account.operator or each.account.may_create_courses)
        and (each.account.password_hash is None or each.role is Role.STUDENT)
    ]
    taught = select(Enrolment.course_id).where(
        Enrolment.account_id == actor.id, Enrolment.role == Role.TEACHER
    )
    has_password = {each.account_id for each in made_here if each.account.password_hash}
    care = {each.account_id for each in made_here}
    everywhere = select(Enrolment.account_id, Enrolment.role, Enrolment.course_id.in_(taught))
    for some in in_chunks(sorted(care)):
        for account_id, role, is_own_course in session.execute(
            everywhere.where(Enrolment.account_id.in_(some))
        ):
            is_staff = role in STAFF
            if account_id in has_password and (is_staff or not is_own_course):
                care.discard(account_id)
            if is_staff and not is_own_course:
                care.discard(account_id)
    return care
