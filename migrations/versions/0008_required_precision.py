"""An assignment may require double precision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; every assignment that is there accepts single precision."""
    op.add_column(
        "assignments",
        sa.Column("require_double", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_column("assignments", "require_double")
