"""Sessions that were ended by signing out, and an account's epoch, which ends all of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the column; no session has ended yet."""
    op.add_column(
        "accounts",
        sa.Column("session_epoch", sa.Integer(), nullable=False, server_default="0"),
    )
    op.create_table(
        "ended_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_ended_sessions_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ended_sessions")),
    )
    for column in ("account_id", "expires_at"):
        op.create_index(op.f(f"ix_ended_sessions_{column}"), "ended_sessions", [column])


def downgrade() -> None:
    """Drop both again; every session that had ended is valid again until its cookie expires."""
    op.drop_table("ended_sessions")
    op.drop_column("accounts", "session_epoch")
