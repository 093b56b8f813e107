"""Tables of people: accounts, API tokens, one-time links, and sessions that have ended."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Text,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.store.base import Base, now, stored_by_value


class Account(Base):
    """A person. `email` is in lower case. Without a password, only an API token signs them in.

    An `operator` runs the installation, and `may_create_courses` says who creates courses. A new
    `session_epoch` ends all sessions. A deleted account has `deleted_at`, and neither name nor
    address any more. An `unconfirmed` one was made with a join code, and no one-time link has shown
    yet that the address is the person's.
    """

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower_case"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    email: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    student_number: Mapped[str] = mapped_column(Text, default="")
    password_hash: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    operator: Mapped[bool] = mapped_column(default=False, server_default=false())
    courses_allowed: Mapped[bool] = mapped_column(
        "may_create_courses", default=False, server_default=false()
    )
    session_epoch: Mapped[int] = mapped_column(default=0, server_default="0")
    deleted_at: Mapped[datetime | None]
    unconfirmed: Mapped[bool] = mapped_column(default=False, server_default=false())
    courses_refused: Mapped[bool] = mapped_column(
        "may_not_create_courses", default=False, server_default=false()
    )

    @property
    def may_create_courses(self) -> bool | None:
        """What an operator said about creating courses. None: teachers of a course may."""
        if self.courses_allowed:
            return True
        return False if self.courses_refused else None

    @may_create_courses.setter
    def may_create_courses(self, right: bool | None) -> None:
        self.courses_allowed, self.courses_refused = right is True, right is False


class Token(Base):
    """An API token; only its SHA-256 is kept."""

    __tablename__ = "tokens"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    SETUP = "setup"
    INVITATION = "invitation"
    RESET = "reset"


class OneTimeLink(Base):
    """A link with which a person sets a password once; only its SHA-256 is kept.

    The link for setting up the installation has no account yet.
    """

    __tablename__ = "one_time_links"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    purpose: Mapped[LinkPurpose] = mapped_column(stored_by_value(LinkPurpose))
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])


class EndedSession(Base):
    """A browser's session that was signed out, kept until its cookie would have expired."""

    __tablename__ = "ended_sessions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    expires_at: Mapped[datetime] = mapped_column(index=True)
