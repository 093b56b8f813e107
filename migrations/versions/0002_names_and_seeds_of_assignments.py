"""An assignment may fix the names of an engine's parts, and keeps the seed of its random graphs."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NAMES = ("class_name", "data_name", "grad_name", "backward_name")


def upgrade() -> None:
    """Add the columns; every assignment that is there draws a seed."""
    for name in NAMES:
        op.add_column("assignments", sa.Column(name, sa.Text()))
    op.add_column(
        "assignments", sa.Column("seed", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "assignments",
        sa.Column("draw_per_student", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    assignments = sa.table("assignments", sa.column("id", sa.Uuid()), sa.column("seed"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(assignments.c.id)).all():
        drawn = assignments.update().where(assignments.c.id == row.id)
        connection.execute(drawn.values(seed=1 + secrets.randbelow(2_147_483_647)))


def downgrade() -> None:
    """Drop them again."""
    for name in ("draw_per_student", "seed", *reversed(NAMES)):
        op.drop_column("assignments", name)
