"""A grading names the request that queued it, for the worker's log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. Nobody knows the requests of the gradings that are there."""
    op.add_column("gradings", sa.Column("request_id", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop it again."""
    op.drop_column("gradings", "request_id")
