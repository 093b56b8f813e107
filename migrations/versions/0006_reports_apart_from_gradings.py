"""Reports are stored in their own table, compressed, with a summary for pages.

A grading that is done needs no `gradings.report` any more. Old reports stay where they are:
the application reads both forms and converts the old ones in the background.
"""

from __future__ import annotations

import json
import sys

import sqlalchemy as sa
from alembic import op

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CHECK = "ck_gradings_done_has_report"
INDEX = "ix_gradings_with_report"
BATCH = 50  # reports in memory at once

gradings = sa.table(
    "gradings",
    sa.column("id", sa.Uuid()),
    sa.column("report", sa.JSON(none_as_null=True)),
    sa.column("tally", sa.JSON(none_as_null=True)),
)
reports = sa.table(
    "reports", sa.column("grading_id", sa.Uuid()), sa.column("report", sa.LargeBinary())
)


def upgrade() -> None:
    """Add the table, and let a grading be done without a report in its own row."""
    op.create_table(
        "reports",
        sa.Column("grading_id", sa.Uuid(), nullable=False),
        sa.Column("summary", sa.LargeBinary(), nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["grading_id"], ["gradings.id"], name=op.f("fk_reports_grading_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("grading_id", name=op.f("pk_reports")),
    )
    _replace_check("report IS NULL OR status = 'done'")
    op.create_index(
        INDEX,
        "gradings",
        ["id"],
        sqlite_where=sa.text("report IS NOT NULL"),
        postgresql_where=sa.text("report IS NOT NULL"),
    )


def downgrade() -> None:
    """Put every report back into its grading's row, and drop the table.

    The earlier version cannot read tallies with a version, and makes them again from the reports.
    """
    op.drop_index(INDEX, "gradings")
    connection = op.get_bind()
    ids = connection.execute(sa.select(reports.c.grading_id)).scalars().all()
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        for row in connection.execute(sa.select(reports).where(reports.c.grading_id.in_(batch))):
            report = json.loads(zstd.decompress(row.report))
            connection.execute(
                gradings.update().where(gradings.c.id == row.grading_id).values(report=report)
            )
    op.drop_table("reports")
    versioned = gradings.c.tally["version"].as_string().is_not(None)
    connection.execute(gradings.update().where(versioned).values(tally=None))
    _replace_check("(status = 'done') = (report IS NOT NULL)")


def _replace_check(condition: str) -> None:
    with op.batch_alter_table("gradings") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.create_check_constraint(op.f(CHECK), condition)
