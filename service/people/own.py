"""What everybody may change about their own account."""

from __future__ import annotations

from sqlalchemy.orm import Session

from service.audit.log import record
from service.errors import Invalid
from service.people.links import void_links
from service.people.models import Account
from service.people.passwords import check_password, decoy_hash, hash_password, verify_password
from service.people.personal import check_name
from service.people.throttle import Attempt, Throttle


def change_own_name(session: Session, actor: Account, name: str) -> None:
    """Change the actor's name; commits. Raises Invalid."""
    actor.name = check_name(name)
    session.commit()


def change_own_password(
    session: Session, actor: Account, throttle: Throttle, *, current: str, password: str
) -> None:
    """Change the actor's password; commits. All sessions of the account end.

    Raises Invalid if the current password is wrong or the new one too weak, TooManyRequests after
    too many wrong ones: somebody at an open computer must not find out the password.
    """
    check_password(password, actor.email)
    attempt = Attempt(actor.email, "", device=f"own account {actor.id}")
    throttle.begin(attempt)
    known = actor.password_hash
    session.commit()  # hashing is slow, and must not keep a transaction open
    if not verify_password(known or decoy_hash(), current) or known is None:
        message = "This isn't your current password."
        raise Invalid(message, code="wrong_password", fields={"current": message})
    throttle.forgive(attempt)
    password_hash = hash_password(password)
    session.refresh(actor)
    actor.password_hash = password_hash
    void_links(session, [actor.id])
    record(session, actor.id, "password.self_changed", account_id=actor.id)
    session.commit()
