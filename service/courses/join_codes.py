"""Join codes: anyone who has one may join a course as a student until it expires."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from service.audit.log import describe, record
from service.courses.access import require_teacher, role_in
from service.courses.models import Course, JoinCode, Role
from service.courses.roster import add_enrolment, lock_people
from service.errors import Conflict, Invalid, NotFound
from service.people.accounts import account_by_email
from service.people.actors import Actor, id_of
from service.people.links import lock_accounts
from service.people.models import Account
from service.people.passwords import check_password, hash_password
from service.people.personal import check_email, check_name, check_student_number
from service.people.throttle import Throttle
from service.store.base import now
from service.store.database import commit_unique

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none looks like another
LENGTH = 10  # letters: 50 random bits
LONGEST = timedelta(days=366)
NOT_VALID = "This code isn't valid. Check it, or ask your teacher for a new one."
HAS_ACCOUNT = (
    "No account can be made with this e-mail. If you have an account, sign in first. If you were "
    "given a link, open it. Otherwise ask your teacher."
)


def create_join_code(
    session: Session, actor: Actor, course: Course, *, expires_at: datetime
) -> JoinCode:
    """A new code for a course; commits. Raises Invalid for an expiry that can't be."""
    require_teacher(session, actor, course.id)
    moment = now()
    if not moment < expires_at <= moment + LONGEST:
        message = "The code must expire in the future, and within a year."
        raise Invalid(message, fields={"expires_at": message})
    code = JoinCode(
        course_id=course.id,
        code="".join(secrets.choice(LETTERS) for _ in range(LENGTH)),
        expires_at=expires_at,
        created_by_id=id_of(actor),
    )
    session.add(code)
    record(
        session,
        id_of(actor),
        "join_code.created",
        course_id=course.id,
        after=describe({"expires_at": expires_at}),
    )
    session.commit()
    return code


def list_join_codes(session: Session, actor: Actor, course: Course) -> list[JoinCode]:
    """The valid codes of a course, the newest first. Only its teachers may see them."""
    require_teacher(session, actor, course.id)
    query = select(JoinCode).where(JoinCode.course_id == course.id, JoinCode.revoked_at.is_(None))
    query = query.where(JoinCode.expires_at > now())
    return list(session.scalars(query.order_by(JoinCode.created_at.desc(), JoinCode.id)))


def revoke_join_code(session: Session, actor: Actor, course: Course, code_id: uuid.UUID) -> None:
    """End a code; commits. Raises NotFound."""
    for code in list_join_codes(session, actor, course):
        if code.id == code_id:
            code.revoked_at = now()
            record(session, id_of(actor), "join_code.revoked", course_id=course.id)
            session.commit()
            return
    raise NotFound("This course has no such code. It may have expired.")


def find_course_by_code(session: Session, text: str, throttle: Throttle, address: str) -> Course:
    """The course of a valid code; raises NotFound or TooManyRequests.

    `address` is the IP address that asks. Upper and lower case are the same, hyphens are ignored.
    """
    throttle.require_guesses_left(address)
    code = "".join(each for each in text.upper() if each in LETTERS)[: LENGTH + 1]
    query = select(JoinCode).where(JoinCode.code == code, JoinCode.revoked_at.is_(None))
    found = session.scalar(query.options(joinedload(JoinCode.course)))
    if found is None or found.expires_at <= now():
        throttle.count_guess(address)
        raise NotFound(NOT_VALID)
    return found.course


def join(session: Session, actor: Account, text: str, throttle: Throttle, address: str) -> Course:
    """Join the course of a code as a student, unless the actor is in it already; commits.

    Raises NotFound or TooManyRequests.
    """
    course = find_course_by_code(session, text, throttle, address)
    lock_people(session, course)
    lock_accounts(session, [actor.id])
    if role_in(session, actor, course.id) is None:
        add_enrolment(session, actor, course, actor, Role.STUDENT, may_reset=False)
    session.commit()
    return course


def join_with_new_account(
    session: Session,
    text: str,
    throttle: Throttle,
    *,
    address: str,
    email: str,
    name: str,
    student_number: str,
    password: str,
) -> Account:
    """Make an account and join the course of a code; commits.

    Nobody has checked the address: the account is `unconfirmed`. Raises NotFound, Invalid,
    TooManyRequests, or Conflict for an e-mail that has an account, whether or not it has a
    password. That counts as a wrong guess, so that nobody can try a list.
    """
    course = find_course_by_code(session, text, throttle, address)
    account = Account(
        id=uuid.uuid4(),
        email=check_email(email),
        name=check_name(name),
        student_number=check_student_number(student_number),
        unconfirmed=True,
    )
    check_password(password, account.email)
    if account_by_email(session, account.email) is not None:
        throttle.count_guess(address)
        raise Conflict(HAS_ACCOUNT, fields={"email": HAS_ACCOUNT})
    session.commit()  # hashing is slow, and must not keep a transaction open
    account.password_hash = hash_password(password)
    session.add(account)
    add_enrolment(session, account, course, account, Role.STUDENT, may_reset=True)
    commit_unique(session, "email", HAS_ACCOUNT)
    return account
