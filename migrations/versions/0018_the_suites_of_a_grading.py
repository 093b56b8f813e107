"""A grading says which versions of suites, and which points, it was graded with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and indexes with which a course is deleted quickly.

    Gradings that are there have no digest: nobody knows their versions without their reports.
    """
    op.add_column("gradings", sa.Column("suites_digest", sa.Text(), nullable=True))
    op.create_index(op.f("ix_overrides_submission_id"), "overrides", ["submission_id"])
    op.create_index(op.f("ix_regrade_entries_before_id"), "regrade_entries", ["before_id"])


def downgrade() -> None:
    """Drop them again."""
    op.drop_index(op.f("ix_regrade_entries_before_id"), "regrade_entries")
    op.drop_index(op.f("ix_overrides_submission_id"), "overrides")
    op.drop_column("gradings", "suites_digest")
