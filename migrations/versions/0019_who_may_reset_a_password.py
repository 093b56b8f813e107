"""Who may reset the password of somebody in a course."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column. All enrolments from before were made by commands on the server."""
    op.add_column(
        "enrolments",
        sa.Column("may_reset", sa.Boolean(), nullable=False, server_default=sa.true()),
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_column("enrolments", "may_reset")
