"""A slot says which layers its sandbox has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. A slot of the version before says nothing about its layers."""
    op.add_column("slots", sa.Column("layers", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop it again."""
    op.drop_column("slots", "layers")
