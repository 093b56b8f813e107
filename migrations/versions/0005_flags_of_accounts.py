"""Two flags of an account: whether it runs the installation, and whether it may create courses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FLAGS = ("operator", "may_create_courses")


def upgrade() -> None:
    """Add the columns; no existing account has a flag."""
    for name in FLAGS:
        op.add_column(
            "accounts", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    """Drop the columns again."""
    for name in reversed(FLAGS):
        op.drop_column("accounts", name)
