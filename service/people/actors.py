"""The actor of a use case: an account, or somebody at the server's own command line.

Every use case takes an actor and checks what that actor may do.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from service.errors import Conflict, Forbidden
from service.people.models import Account

UNCONFIRMED = (
    "This person made the account with a join code, so nobody has checked the e-mail address. Send "
    "a one-time link to that address, and give the role or right after the person has used it."
)


@dataclass(frozen=True, slots=True)
class LocalOperator:
    """A person who runs commands on the server's own machine, and may do everything.

    Only `service.cli` and `service.embedded` create one: a request never acts as one.
    """


Actor = Account | LocalOperator


def is_operator(actor: Actor) -> bool:
    """Whether the actor runs this installation."""
    return isinstance(actor, LocalOperator) or actor.operator


def id_of(actor: Actor) -> uuid.UUID | None:
    """The account's id, for the audit; None for a command on the server."""
    return actor.id if isinstance(actor, Account) else None


def is_self(actor: Actor, account: Account) -> bool:
    """Whether it is the actor's own account."""
    return isinstance(actor, Account) and actor.id == account.id


def require_operator(actor: Actor) -> None:
    """Raise Forbidden unless the actor runs this installation."""
    if not is_operator(actor):
        raise Forbidden("Only an operator of this installation may do this.")


def require_local(actor: Actor) -> None:
    """Raise Forbidden unless it is a command on the server."""
    if not isinstance(actor, LocalOperator):
        raise Forbidden("Only a command on the server may do this.")


def require_self_or_local(actor: Actor, account: Account) -> None:
    """Raise Forbidden unless it is the actor's own account, or a command on the server.

    An operator's account must not be able to act as somebody else.
    """
    if not isinstance(actor, LocalOperator) and not is_self(actor, account):
        raise Forbidden("Only the owner of the account may do this.")


def require_self_or_operator(actor: Actor, account: Account) -> None:
    """Raise Forbidden unless it is the actor's own account, or the actor is an operator."""
    if not is_operator(actor) and not is_self(actor, account):
        raise Forbidden("Only the owner of the account or an operator may do this.")


def lacks_confirmation(actor: Actor, account: Account) -> bool:
    """Whether the actor can't give rights to the account: somebody else may have made it.

    A command on the server may give rights to anybody.
    """
    return account.unconfirmed and not isinstance(actor, LocalOperator)


def require_confirmed(actor: Actor, account: Account) -> None:
    """Raise Conflict if the account can't be given rights before a one-time link is used."""
    if lacks_confirmation(actor, account):
        raise Conflict(UNCONFIRMED, code="unconfirmed_account")
