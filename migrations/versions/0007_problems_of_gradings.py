"""A grading keeps what stopped the whole file, so that such a file spends no attempt."""

from __future__ import annotations

import json
import sys
import uuid
from typing import Any

import sqlalchemy as sa
from alembic import op

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BATCH = 50  # reports in memory at once

gradings = sa.table(
    "gradings",
    sa.column("id", sa.Uuid()),
    sa.column("score", sa.Float()),
    sa.column("report", sa.JSON(none_as_null=True)),
    sa.column("problem", sa.Text()),
)
reports = sa.table(
    "reports", sa.column("grading_id", sa.Uuid()), sa.column("summary", sa.LargeBinary())
)


def upgrade() -> None:
    """Add the column, and fill it from the reports of gradings without a point.

    A file that could not be graded has no point, so the other reports need not be read.
    """
    op.add_column("gradings", sa.Column("problem", sa.Text(), nullable=True))
    batch = (
        sa.select(gradings.c.id, gradings.c.report, reports.c.summary)
        .select_from(gradings.outerjoin(reports, reports.c.grading_id == gradings.c.id))
        .where(gradings.c.score == 0)
        .order_by(gradings.c.id)
        .limit(BATCH)
    )
    rows = op.get_bind().execute(batch).all()
    while rows:
        for row in rows:
            _fill(row.id, row.report if row.summary is None else _unpack(row.summary))
        rows = op.get_bind().execute(batch.where(gradings.c.id > rows[-1].id)).all()


def downgrade() -> None:
    """Drop the column again."""
    op.drop_column("gradings", "problem")


def _fill(grading_id: uuid.UUID, report: dict[str, Any] | None) -> None:
    problem = (report or {}).get("problem")
    if problem is not None:
        found = gradings.update().where(gradings.c.id == grading_id)
        op.get_bind().execute(found.values(problem=problem["kind"]))


def _unpack(packed: bytes) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(zstd.decompress(packed))
    return stored
