"""An operator may say that an account creates no courses, even if it teaches one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. Without either flag, teachers may create courses, as they could before."""
    op.add_column(
        "accounts",
        sa.Column(
            "may_not_create_courses", sa.Boolean(), nullable=False, server_default=sa.false()
        ),
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_column("accounts", "may_not_create_courses")
