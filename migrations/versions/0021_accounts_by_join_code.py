"""An account says whether anybody has checked its e-mail address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. The version before had no join codes, so it made no such account."""
    op.add_column(
        "accounts",
        sa.Column("unconfirmed", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_column("accounts", "unconfirmed")
