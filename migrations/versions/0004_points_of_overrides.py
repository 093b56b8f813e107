"""An override keeps the points that it was given of: those of an assignment can change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of what is there nobody knows, so it is of the mark's own points."""
    op.add_column("overrides", sa.Column("max_score", sa.Double()))


def downgrade() -> None:
    """Drop it again."""
    op.drop_column("overrides", "max_score")
