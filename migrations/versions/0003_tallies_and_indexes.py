"""A grading keeps a tally of its cases; what is asked for often is found by an index."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BATCH = 20  # reports in memory at once, some megabytes each

gradings = sa.table(
    "gradings",
    sa.column("id", sa.Uuid()),
    sa.column("report", sa.JSON(none_as_null=True)),
    sa.column("tally", sa.JSON(none_as_null=True)),
)


def upgrade() -> None:
    """Add the column and fill it from the reports that are there; add the indexes."""
    op.add_column("gradings", sa.Column("tally", sa.JSON(none_as_null=True)))
    reports = sa.select(gradings.c.id, gradings.c.report).where(gradings.c.report.is_not(None))
    batch = reports.order_by(gradings.c.id).limit(BATCH)
    rows = op.get_bind().execute(batch).all()
    while rows:
        _fill(rows)
        rows = op.get_bind().execute(batch.where(gradings.c.id > rows[-1].id)).all()
    op.create_index(
        op.f("ix_gradings_started_at_enqueued_at"), "gradings", ["started_at", "enqueued_at"]
    )
    for column in ("student_id", "assignment_id"):
        name = op.f(f"ix_submissions_{column}_submitted_at")
        op.create_index(name, "submissions", [column, "submitted_at"])
    op.drop_index(op.f("ix_submissions_student_id"))  # the new one begins with the same column


def downgrade() -> None:
    """Drop them again."""
    op.create_index(op.f("ix_submissions_student_id"), "submissions", ["student_id"])
    for column in ("assignment_id", "student_id"):
        op.drop_index(op.f(f"ix_submissions_{column}_submitted_at"))
    op.drop_index(op.f("ix_gradings_started_at_enqueued_at"))
    op.drop_column("gradings", "tally")


def _fill(rows: Sequence[sa.Row[uuid.UUID, dict[str, Any]]]) -> None:
    for row in rows:
        tallied = gradings.update().where(gradings.c.id == row.id)
        op.get_bind().execute(tallied.values(tally=make_tally(row.report)))


def make_tally(report: dict[str, Any]) -> dict[str, dict[str, str | None]]:
    """The tally as it was when this migration was written: later changes must not change it."""
    return {
        suite["name"]: {
            case["id"]: None if case["verdict"] == "passed" else case["title"]
            for case in suite["cases"]
            if case.get("counts", not case.get("blocked_by"))
        }
        for suite in report["suites"]
        if suite["max_score"] > 0
    }
